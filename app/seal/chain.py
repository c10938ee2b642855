"""The event chain: each event's exact bytes name the hash of the one before; the head is signed.

Design, section 6. What an event says is the wire's business; here it is bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.model.errors import Untrusted
from app.seal.boxes import hpke_open, hpke_seal
from app.seal.encoding import sha256
from app.seal.keys import SealKey, SigningKey, verify

if TYPE_CHECKING:
    from collections.abc import Sequence

GENESIS = "0" * 64
"""What the first event of an epoch names as the one before it."""

EVENT_INFO = b"stationleaf event v1"


def event_hash(event: bytes) -> str:
    """Return the hash that the next event names."""
    return sha256(event)


def sign_event(kiosk: str, epoch: int, seq: int, digest: str, key: SigningKey) -> bytes:
    """Sign an event's hash, bound to its place in the chain. The signature of a head covers the chain."""
    return key.sign(_place(kiosk, epoch, seq, digest))


def verify_event(kiosk: str, epoch: int, seq: int, digest: str, signature: bytes, public: bytes) -> None:
    """Check ``sign_event``.

    Raises:
        Untrusted: the signature does not hold.
    """
    verify(public, signature, _place(kiosk, epoch, seq, digest))


def _place(kiosk: str, epoch: int, seq: int, digest: str) -> bytes:
    return b"stationleaf event v1\0%s\0%d\0%d\0%s" % (kiosk.encode(), epoch, seq, digest.encode())


def seal_event(event: bytes, hub_public: bytes) -> bytes:
    """Seal an event's exact bytes to the hub, for the kiosk's plain outbox and for the wire."""
    return hpke_seal(event, hub_public, EVENT_INFO)


def open_event(box: bytes, key: SealKey, *older: SealKey) -> bytes:
    """Open ``seal_event``; ``older`` are keys that the hub had before.

    Raises:
        Untrusted: not sealed to this hub, or changed.
    """
    for each in (key, *older[:-1]) if older else ():
        try:
            return hpke_open(box, each, EVENT_INFO)
        except Untrusted:
            continue
    return hpke_open(box, older[-1] if older else key, EVENT_INFO)


def check_links(previous: str, hashes: Sequence[str], named: Sequence[str]) -> None:
    """Check that event *i* names event *i - 1*: ``named[0] == previous``, ``named[i] == hashes[i-1]``.

    Raises:
        Untrusted: a link is broken (``code`` ``chain_broken``).
    """
    if [previous, *hashes[:-1]] != list(named):
        raise Untrusted(
            "The journal's chain is broken: an event does not follow the one before.", code="chain_broken"
        )
