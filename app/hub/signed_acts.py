"""Electronic signatures on steps, as they come in and as they are looked up later (21 CFR part 11).

Failure policy: whatever is wrong with a signature, the event is kept, for it happened; quality is told once,
and whoever looks at the record is told each time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.hub.schema import AlarmRow, Badge, PersonRow, RevisionRow
from app.hub.schema_steps import FormerKey, SignatureRow, StepRow
from app.model.errors import Untrusted
from app.seal.encoding import canonical, sha256
from app.wire.acts import check_act, is_signed
from app.wire.messages import EventKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.wire.messages import Event

ACTS = frozenset({EventKind.STEP_CONFIRMED, EventKind.STEP_WITHDRAWN})
BAD_SIGNATURE, UNSIGNED = "bad_signature", "unsigned_step"

FAULTS = {
    "bad_signature": "the signature does not hold",
    "no_act": "the event does not tell what was signed",
    "encoding": "the signature does not hold",
    "other_key": "the key is not the person's",
    "used_twice": "the same signature is on another event",
}
"""What may be wrong with a signature, in words."""


@dataclass(frozen=True)
class Signed:
    """A signature as it is shown: by whom (the printed name when it came in), its meaning, and its fault.

    ``fault`` is a word of ``FAULTS``, "" where the signature holds.
    """

    name: str
    meaning: str
    fault: str


def take(session: Session, events: Iterable[Event], now: datetime) -> None:
    """Look at the steps among events that were just taken; tell quality what is wrong."""
    for event in events:
        if event.kind not in ACTS:
            continue
        if is_signed(event):
            _keep(session, event)
            fault = _fault(session, event)
            if fault:
                _alarm(session, event, BAD_SIGNATURE, fault, now)
        elif _must_be_signed(session, event):
            _alarm(session, event, UNSIGNED, "", now)


def signed(session: Session, event: Event) -> Signed | None:
    """The signature of an event, checked anew; None where it has none."""
    if not is_signed(event):
        return None
    row = session.get(SignatureRow, _digest(event))
    person = session.get(PersonRow, event.person)
    name = row.name if row is not None and row.name else person.name if person is not None else event.person
    return Signed(name, str(event.body.get("meaning", "")), _fault(session, event))


def _digest(event: Event) -> str:
    return sha256(canonical(event.body.get("signature")))


def _keep(session: Session, event: Event) -> None:
    digest = _digest(event)
    if session.get(SignatureRow, digest) is not None:
        return
    person = session.get(PersonRow, event.person)
    session.add(
        SignatureRow(
            digest=digest, kiosk=event.kiosk, epoch=event.epoch, seq=event.seq, person=event.person,
            name=person.name if person is not None else "",
        )
    )  # fmt: skip
    session.flush()


def _fault(session: Session, event: Event) -> str:
    try:
        public = check_act(event)
    except Untrusted as error:
        return error.code if error.code in FAULTS else BAD_SIGNATURE
    if public not in keys_of(session, event.person):
        return "other_key"
    row = session.get(SignatureRow, _digest(event))
    here = (event.kiosk, event.epoch, event.seq)
    return "" if row is None or (row.kiosk, row.epoch, row.seq) == here else "used_twice"


def keys_of(session: Session, person: str) -> frozenset[bytes]:
    """The keys that are or were in a slot of this person."""
    now = session.scalars(select(Badge.sign_public).where(Badge.person == person))
    before = session.scalars(select(FormerKey.sign_public).where(FormerKey.person == person))
    return frozenset(now).union(before)


def _must_be_signed(session: Session, event: Event) -> bool:
    """Whether the published step asks for it. (A client's rule may be younger than the kiosk's lease.)"""
    document, _, label = event.revision.rpartition("/")
    wanted = (
        select(StepRow.sign)
        .join(RevisionRow, StepRow.revision == RevisionRow.id)
        .where(
            RevisionRow.document == document,
            RevisionRow.label == label,
            StepRow.code == str(event.body.get("step", "")),
        )
    )
    return bool(session.scalars(wanted).first())


def _alarm(session: Session, event: Event, kind: str, fault: str, now: datetime) -> None:
    detail = {
        "epoch": event.epoch, "number": event.seq, "person": event.person, "revision": event.revision,
        "step": str(event.body.get("step", ""))[:16], "says": FAULTS.get(fault, ""),
    }  # fmt: skip
    session.add(AlarmRow(at=now, kiosk=event.kiosk, kind=kind, detail=detail))
