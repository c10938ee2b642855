"""Agreements signed at kiosks: from the journal's event to the signature that counts.

The event is a record and is kept whatever comes of it. A signature that does not hold - by a key that the
hub never gave that person, under a text that it does not have - does not count, and quality is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.hub.agreements import said_of
from app.hub.schema import AlarmRow, ChangeRow, PersonRow
from app.hub.schema_agreements import Agreement, AgreementVersion
from app.hub.signed_acts import BAD_SIGNATURE, keys_of
from app.model.errors import Expected, Untrusted
from app.wire.agreement import AgreementSignature
from app.wire.messages import EventKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.wire.messages import Event


def count_signatures(session: Session, events: Iterable[Event], now: datetime) -> None:
    """Let the signatures among these events count, in the transaction that keeps the events."""
    for event in events:
        if event.kind is EventKind.AGREEMENT_SIGNED:
            try:
                _count(session, event, now)
            except Expected as error:
                detail = {
                    "epoch": event.epoch,
                    "number": event.seq,
                    "person": event.person,
                    "says": str(error),
                }
                session.add(AlarmRow(at=now, kiosk=event.kiosk, kind=BAD_SIGNATURE, detail=detail))


def _count(session: Session, event: Event, now: datetime) -> None:
    """Steps: 1 the envelope is signed by a key of that person; 2 it says what the event says; 3 the text is
    the one that is kept under that version; 4 no signature after it was withdrawn at the hub: what was taken
    back there is not given again at a kiosk.
    """
    envelope = str(event.body.get("envelope", ""))
    signed = AgreementSignature.opened(envelope.encode(), keys_of(session, event.person))  # 1
    if (signed.kiosk, signed.person, signed.client) != (event.kiosk, event.person, event.client):  # 2
        raise Untrusted("The signature is another person's, client's or kiosk's than its event.")
    known = session.get(AgreementVersion, (signed.client, signed.version))
    if known is None or known.sha256 != signed.sha256:  # 3
        raise Untrusted("The signature is under a text that this hub does not keep.")
    if session.get(PersonRow, signed.person) is None:
        raise Untrusted("Nobody here has this code.")
    before = session.get(Agreement, (signed.person, signed.client, signed.version))
    if before is not None and (before.withdrawn is not None or before.signed >= signed.signed):  # 4
        return
    earlier = None if before is None else said_of(before)
    fresh = Agreement(
        person=signed.person, client=signed.client, version=signed.version, signed=min(signed.signed, now),
        until=signed.until, name=signed.name, sha256=signed.sha256, meaning=signed.meaning[:200],
        by=signed.person, withdrawn=None, withdrawn_by="", kiosk=event.kiosk, envelope=envelope,
    )  # fmt: skip
    session.merge(fresh)
    session.flush()
    session.add(
        ChangeRow(
            at=now, by=signed.person, act="agreement.sign", subject=signed.person, before=earlier,
            after={**said_of(fresh), "kiosk": event.kiosk}, reason="",
        )
    )  # fmt: skip
