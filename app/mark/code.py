"""The forensic mark's code: a 64-bit view token as 360 signs, and what a site's layout key determines.

No numpy and no Qt here: a kiosk makes tiles without importing either. Reading is ``app.mark.read``.

Convolutional code: rate 1/3, constraint length 9, generators 557, 663, 711 octal (3GPP TS 25.212, 4.2.3.1),
ended by eight zeros. The check is the first 24 bits of HMAC-SHA-256 (RFC 2104) over the token, under its
kiosk's check key: without that key nobody makes a token that a reader reports. Keys: ``app.mark.keys``.
The token is sent under a mask, an HMAC of the check: views one after the other have words that are not
alike. The signature, 72 more bits of HMAC-SHA-256 under the check key, is not decoded. Both tell the views on
record apart in a picture that several people joined (``app.mark.collusion``).
"""

from __future__ import annotations

import hashlib
import hmac
import math
from dataclasses import dataclass
from functools import lru_cache

from app.mark.keys import KEY_BYTES

TOKEN_BITS, CHECK_BITS, TAIL_BITS = 64, 24, 8
CODE_BITS = 3 * (TOKEN_BITS + CHECK_BITS + TAIL_BITS)
GENERATORS = (0o557, 0o663, 0o711)
SIGNATURE_BITS = 72
SENT_BITS = CODE_BITS + SIGNATURE_BITS

CHIPS = 32
"""Chips of a tile, across and down."""
DATA_CHIPS = 720
"""Chips that carry bits, two each; the rest carry the pilot."""
PILOT_TONES = 8


@dataclass(frozen=True, repr=False)
class Layout:
    """What a layout key determines, by chip (row by row).

    ``bit_of``: the bit of ``sent`` that a chip carries, −1 for a pilot chip. ``sign_of``: the sign that
    multiplies it, or the pilot's own. ``tones``: the pilot's frequencies, (across, down) in cycles per tile.
    """

    bit_of: tuple[int, ...]
    sign_of: tuple[int, ...]
    tones: tuple[tuple[int, int], ...]


def check_of(token: int, key: bytes) -> int:
    """The token's 24-bit check.

    Raises:
        ValueError: the key or the token has another size.
    """
    if len(key) != KEY_BYTES or not 0 <= token < 1 << TOKEN_BITS:
        raise ValueError("a mark needs a token of 64 bits and a key of 32 bytes")
    made = hmac.new(key, b"stationleaf mark check v1\0" + token.to_bytes(8, "big"), hashlib.sha256).digest()
    return int.from_bytes(made[: CHECK_BITS // 8], "big")


def signature_of(token: int, key: bytes) -> tuple[int, ...]:
    """The token's 72 signature bits, 0 or 1."""
    made = hmac.new(key, b"stationleaf mark signature v1\0" + token.to_bytes(8, "big"), hashlib.sha256)
    word = int.from_bytes(made.digest()[: SIGNATURE_BITS // 8], "big")
    return tuple(word >> place & 1 for place in range(SIGNATURE_BITS - 1, -1, -1))


def masked(token: int, key: bytes, layout_key: bytes) -> int:
    """The 88 bits that are encoded: the token under its mask, then the check that makes the mask.

    As in a synthetic initialization vector (RFC 5297) the mask depends on all that it hides.
    """
    check = check_of(token, key)
    return (token ^ _mask(check, layout_key)) << CHECK_BITS | check


def unmasked(word: int, layout_key: bytes) -> tuple[int, int]:
    """Token and check of 88 bits; whether they belong together, ``check_of`` tells."""
    check = word & ((1 << CHECK_BITS) - 1)
    return word >> CHECK_BITS ^ _mask(check, layout_key), check


def _mask(check: int, layout_key: bytes) -> int:
    about = b"stationleaf mark mask v1\0" + check.to_bytes(CHECK_BITS // 8, "big")
    return int.from_bytes(hmac.new(layout_key, about, hashlib.sha256).digest()[: TOKEN_BITS // 8], "big")


def sent(token: int, key: bytes, layout_key: bytes) -> tuple[int, ...]:
    """All that a tile carries of a token: its code bits, then its signature, 0 or 1."""
    return encode(masked(token, key, layout_key)) + signature_of(token, key)


def encode(bits: int) -> tuple[int, ...]:
    """The 288 code bits, 0 or 1, of the 88 bits that ``masked`` makes."""
    word = bits << TAIL_BITS
    length = CODE_BITS // 3
    coded, state = [], 0
    for place in range(length - 1, -1, -1):
        state = (state << 1 | (word >> place & 1)) & 0x1FF
        coded += [(state & generator).bit_count() & 1 for generator in GENERATORS]
    return tuple(coded)


@lru_cache(maxsize=4)
def layout(key: bytes) -> Layout:
    """Lay out the tile of a site, from its layout key."""
    count = CHIPS * CHIPS
    draw = _Draws(key)
    chips = list(range(count))
    for last in range(count - 1, 0, -1):  # Fisher–Yates
        other = draw.below(last + 1)
        chips[last], chips[other] = chips[other], chips[last]
    bit_of, sign_of = [-1] * count, [0] * count
    for place, chip in enumerate(chips[:DATA_CHIPS]):
        # Two chips of opposite signs for each bit: half of all chips are black whatever the token, so that
        # every page is darkened alike.
        bit_of[chip] = place // 2
        sign_of[chip] = -sign_of[chips[place - 1]] if place % 2 else 1 - 2 * draw.below(2)
    tones = _tones(draw)
    phases = [draw.below(360) * math.pi / 180 for _ in tones]

    def wave(chip: int) -> float:
        row, column = divmod(chip, CHIPS)
        return sum(
            math.cos(2 * math.pi * (u * column + v * row) / CHIPS + phase)
            for (u, v), phase in zip(tones, phases, strict=True)
        )

    pilot = sorted(chips[DATA_CHIPS:], key=wave)
    for place, chip in enumerate(pilot):
        sign_of[chip] = -1 if place < len(pilot) // 2 else 1
    return Layout(tuple(bit_of), tuple(sign_of), tones)


def _tones(draw: _Draws) -> tuple[tuple[int, int], ...]:
    """Eight frequencies of 5 to 11 cycles a tile, in eight sectors of the half plane: no two are alike."""
    tones = []
    for sector in range(PILOT_TONES):
        angle = math.pi * (sector + 0.15 + 0.7 * draw.below(1000) / 1000) / PILOT_TONES
        radius = 5 + 6 * draw.below(1000) / 1000
        tones.append((round(radius * math.cos(angle)), round(radius * math.sin(angle))))
    return tuple(tones)


class _Draws:
    """Numbers from a key: HMAC-SHA-256 in counter mode (SP 800-108)."""

    def __init__(self, key: bytes) -> None:
        self._key, self._block, self._rest = key, 0, b""

    def below(self, bound: int) -> int:
        """A number from 0 to ``bound`` − 1; the bias of a 32-bit draw does not matter here."""
        if len(self._rest) < 4:
            about = b"stationleaf mark layout v1\0" + self._block.to_bytes(4, "big")
            self._rest = hmac.new(self._key, about, hashlib.sha256).digest()
            self._block += 1
        word, self._rest = self._rest[:4], self._rest[4:]
        return int.from_bytes(word, "big") * bound >> 32
