"""The number by which a contactless badge names itself (PC/SC part 3, ``FF CA 00 00 00``), as text.

Such a number is a name, not a proof: anybody who was once near the badge can make another badge say it.
"""

from __future__ import annotations

from enum import StrEnum

from app.kiosk.readers.apdu import Transmit, command, exchange, garbled
from app.model.errors import Refused

_GET_UID = command("ffca0000")
# ISO/IEC 14443-3 (4, 7, 10), ISO/IEC 15693 and FeliCa (8).
_LENGTHS = frozenset({4, 7, 8, 10})
_RANDOM_FIRST_BYTE = 0x08


class NumberForm(StrEnum):
    """How a badge's bytes become its number; so that it is the one that the plant's other readers type."""

    HEX = "hex"
    DECIMAL = "decimal"
    DECIMAL_REVERSED = "decimal-reversed"


def read_uid(transmit: Transmit) -> bytes:
    """Ask the reader for the badge's number.

    Raises:
        Refused: this badge has none (``no_uid``), or a new one at each tap (``random_uid``).
        Damaged: what came is not a number of any standard (``card_garbled``).
    """
    answer = exchange(transmit, _GET_UID)
    if not answer.ok:
        raise Refused(
            "This card has no badge number that the reader can read.",
            advice="Tap your plant badge, alone: not with other cards in the same holder.",
            code="no_uid",
        )
    uid = answer.data
    if len(uid) not in _LENGTHS or not any(uid):
        raise garbled(f"a number of {len(uid)} bytes")
    if len(uid) == 4 and uid[0] == _RANDOM_FIRST_BYTE:  # ISO/IEC 14443-3, 6.5.4: a random number
        raise Refused(
            "This card or phone gives a new number at each tap, so it cannot be a badge.",
            advice="Tap your plant badge, alone: not with a phone or other cards.",
            code="random_uid",
        )
    return uid


def written(uid: bytes, form: NumberForm) -> str:
    """The number as text: upper-case hex, or decimal of the bytes first to last or last to first."""
    if form is NumberForm.HEX:
        return uid.hex().upper()
    return str(int.from_bytes(uid, "big" if form is NumberForm.DECIMAL else "little"))
