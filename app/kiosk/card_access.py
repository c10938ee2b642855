"""From a card that proved itself to its operator: which slot of the lease is the card's, and opening it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.kiosk.access import Opened
from app.model.terms import CredentialKind
from app.seal.card_slot import card_tag, open_card_slot

if TYPE_CHECKING:
    from app.kiosk.readers import Presented
    from app.wire.lease import Lease, OperatorInfo, SlotInfo


def point_for(lease: Lease, fingerprint: str) -> bytes | None:
    """What the card is to compute its secret from; None: the card has no slot here. Quick: the card waits."""
    found = _slot(lease, card_tag(fingerprint, lease.site_salt))
    return None if found is None else found[1].salt


def find_card(lease: Lease, presented: Presented) -> tuple[Opened | None, bytes]:
    """Like ``access.find``, for a card: the opened slot or None, and the card's tag (for the event).

    Raises:
        Expected: the slot is the card's but does not open.
    """
    tag = card_tag(presented.text, lease.site_salt)
    found = _slot(lease, tag)
    # Without a secret the lease has come since the tap, or the card's key only signs: nothing opens.
    if found is None or presented.card is None or not presented.card.secret:
        return None, tag
    operator, info = found
    keys = open_card_slot(info.slot(), presented.text, presented.card.secret)
    return Opened(operator, info, keys), tag


def _slot(lease: Lease, tag: bytes) -> tuple[OperatorInfo, SlotInfo] | None:
    for operator in lease.operators:
        for info in operator.slots:
            if info.tag == tag and info.kind is CredentialKind.CARD:
                return operator, info
    return None
