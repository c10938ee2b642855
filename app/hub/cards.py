"""Cryptographic cards as badges: a card is issued by its certificate, and its slot is sealed to its key.

Nothing secret of the card is needed here, and nothing of it is kept but the HMAC of its fingerprint. Whether
the certificate is one of the site's card CA is for the kiosks to check, each time the card is tapped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography import x509

from app.hub.acting import Acting, Task
from app.hub.badges import BadgeOffice, active_person, hand_over
from app.model.errors import Refused
from app.seal.card_slot import UNREADABLE, card_fingerprint, card_key, make_card_slot
from app.seal.slot import OperatorKey

if TYPE_CHECKING:
    from datetime import datetime

    from cryptography.hazmat.primitives.asymmetric import ec

    from app.hub.home import HubKeys
    from app.hub.lookup import Outcome


@dataclass(frozen=True)
class NewCard:
    """What a card's certificate says; ``holder`` and ``issuer`` are for a person to compare."""

    key: ec.EllipticCurvePublicKey
    holder: str
    issuer: str
    until: datetime


def read_card(pem: bytes) -> NewCard:
    """Read the certificate of a card's authentication key (PEM).

    Raises:
        Refused: it is none (``bad_certificate``), or its key is of a kind that is not used (``card_key``).
    """
    try:
        certificate = x509.load_pem_x509_certificate(pem)
        key = certificate.public_key()
        holder, issuer = certificate.subject.rfc4514_string(), certificate.issuer.rfc4514_string()
    except UNREADABLE:
        raise Refused(
            "This file holds no certificate.",
            advice="Export it from the card as PEM: ykman piv certificates export 9e card.pem",
            code="bad_certificate",
        ) from None
    return NewCard(card_key(key), holder, issuer, certificate.not_valid_after_utc)


def issue_card(acting: Acting, keys: HubKeys, site_salt: bytes, *, person: str, card: NewCard) -> Outcome:
    """Give a person a card as the badge; the person's former badge is revoked by it.

    Raises:
        Refused: the actor may not, the card has run out, or it is or was somebody else's.
        NotFound: there is no such person.
    """
    acting.require(Task.BADGES)
    active_person(acting, person)
    if card.until <= acting.now:
        raise Refused(f"This card's certificate ran out on {card.until:%Y-%m-%d}.", code="card_expired")
    sealing = BadgeOffice(
        keys.badge, lambda _text: make_card_slot(card.key, site_salt, OperatorKey.generate())
    )
    return hand_over(acting, sealing, person=person, text=card_fingerprint(card.key))
