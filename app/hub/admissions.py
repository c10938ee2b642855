"""Judging what kiosks admitted while the hub was away: each offline admission is confirmed or found wanted.

Failure policy: the event is taken before, and whatever comes of it here is never lost. What is judged is on
record with the event it is about, once; what breaks off is judged with the next batch of any kiosk. Nothing
that a kiosk says is believed: two people's signatures are, and what the hub knows now.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.hub.audiences import Asked
from app.hub.floor import read_floor
from app.hub.grants import CONFIRMED, WANTED
from app.hub.holders import body_of
from app.hub.revocations import locked_down
from app.hub.schema import AlarmRow, ChangeRow, EventRow, KioskRow, LeaseRow
from app.hub.schema_grants import GrantRow
from app.hub.settings import read_settings
from app.model.decide import Denied, Reason, decide
from app.model.errors import Expected, NotFound, Untrusted
from app.model.plant import Grant, Span
from app.model.terms import Classification, GrantKind, KioskStatus
from app.seal.dsse import unverified_payload
from app.seal.encoding import canonical, sha256
from app.wire.grants import SignedGrant, grant_most
from app.wire.lease import Lease
from app.wire.messages import LEASE_TYPE, EventKind

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.hub.home import Home
    from app.hub.store import Store
    from app.wire.lease import SlotInfo

ALARM = "admission_wanted"
"""The incident of an admission that should not have been made."""

LOOK_AGAIN = timedelta(minutes=1)
"""How long another process's admission may wait unseen."""

NOT_SIGNED = "NOT_SIGNED"
"""The finding that it was not signed by both people, or does not say what its event says."""

RULES = frozenset(
    {
        Reason.PERSON_REVOKED,
        Reason.SELF_ADMISSION,
        Reason.NOT_SUPERVISOR,
        Reason.GRANT_NOT_ALLOWED,
        Reason.ROLE,
    }
)
"""What is asked of an admission whatever it opened."""

ABOUT_PEOPLE = RULES | {
    Reason.NOT_ASSIGNED,
    Reason.CLASS_CEILING,
    Reason.NO_AGREEMENT,
    Reason.TRAINING_STALE,
    Reason.EXPOSURE_LIMIT,
    Reason.LOCKED_DOWN,
}
"""What an admission is found wanted for. A revision that ended meanwhile is no fault of who admitted."""

_log = logging.getLogger("stationleaf.hub")


class Docket:
    """Whether an admission may wait to be judged, so that not every batch of events asks the database.

    Failure policy: what another process took or left unjudged is looked for at the start, and every minute
    in which something comes in.
    """

    def __init__(self) -> None:
        self._open = True
        self._looked = datetime.min.replace(tzinfo=UTC)

    def note(self, kinds: frozenset[EventKind]) -> None:
        """Events of these kinds were taken."""
        if EventKind.GRANT_BEGIN in kinds:
            self._open = True

    def settle(self, store: Store, home: Home, now: datetime) -> None:
        """Judge what may wait. Raises nothing."""
        if self._open or abs(now - self._looked) > LOOK_AGAIN:
            self._open, self._looked = False, now
            if not settle(store, home, now):
                self._open = True


def settle(store: Store, home: Home, now: datetime) -> bool:
    """Judge every offline admission that has not been judged yet; returns whether it could. Raises nothing.

    A fault in it must not keep a kiosk's journal from being taken: it is logged, and tried again.
    """
    try:
        with store.read() as session:
            waiting = session.scalars(_waiting().limit(1)).first()
        if waiting is not None:
            with store.write() as session:
                for row in session.scalars(_waiting()).all():
                    _judge(session, home, row, now)
    except Expected as error:
        _log.warning("offline admissions were not judged: %s", error.sentence)
    except Exception:
        _log.exception("a fault while offline admissions were judged")
    else:
        return True
    return False


def _waiting() -> Any:
    judged = select(GrantRow.event).where(GrantRow.event.is_not(None))
    return (
        select(EventRow)
        .where(EventRow.kind == EventKind.GRANT_BEGIN.value, EventRow.id.not_in(judged))
        .order_by(EventRow.id)
    )


@dataclass(frozen=True)
class _Case:
    """An event ``grant.begin`` and what it says; ``signed`` None: not what was agreed."""

    event: EventRow
    signed: SignedGrant | None
    revisions: frozenset[str]

    @classmethod
    def read(cls, event: EventRow) -> _Case:
        body = body_of(event.data)
        revisions = body.pop("revisions", [])
        try:
            signed = SignedGrant.read(canonical(body))
        except Untrusted:
            return cls(event, None, frozenset())
        listed = revisions if isinstance(revisions, list) else []
        return cls(event, signed, frozenset(str(name) for name in listed))

    @property
    def consistent(self) -> bool:
        """Whether statement and event are about the same person and kiosk."""
        if self.signed is None:
            return False
        said = self.signed.statement
        return (said.kiosk, said.person) == (self.event.kiosk, self.event.person)


def _judge(session: Session, home: Home, event: EventRow, now: datetime) -> None:
    case = _Case.read(event)
    if case.signed is not None and case.consistent:
        said = case.signed.statement
        known = session.get(GrantRow, said.grant)
        if known is not None and known.event is None:  # break-glass, which the hub made itself
            known.event = event.id
            return
        if known is None:
            found, ceiling = _findings(session, home, case, now)
            _keep(session, case, said.grant, found, ceiling, now)
            return
    _keep(session, case, sha256(event.data)[:32], (NOT_SIGNED,), Classification.PUBLIC, now)


def _keep(
    session: Session,
    case: _Case,
    name: str,
    found: tuple[str, ...],
    ceiling: Classification,
    now: datetime,
) -> None:
    event, said = case.event, case.signed.statement if case.signed is not None else None
    row = GrantRow(
        id=name,
        kind=GrantKind.OFFLINE_ADMISSION.value,
        kiosk=event.kiosk,
        station=event.station if said is None else said.station,
        person=event.person,
        by="" if said is None else said.by,
        reason="" if said is None else said.reason,
        ceiling=ceiling.word,
        start=event.wall if said is None else said.start,
        end=event.wall if said is None else said.end,
        made=now,
        wanted=list(found),
        event=event.id,
    )
    session.add(row)
    span = {"person": row.person, "station": row.station, "until": row.end.isoformat(), "why": list(found)}
    act = WANTED if found else CONFIRMED
    session.add(
        ChangeRow(
            at=now, by=row.by or "hub", act=act, subject=row.kiosk, before=None, after=span, reason=row.reason
        )
    )
    if found:
        detail = {**span, "grant": name, "by": row.by, "reason": row.reason}
        session.add(AlarmRow(at=now, kiosk=event.kiosk, kind=ALARM, detail=detail))
    session.flush()


def _findings(
    session: Session, home: Home, case: _Case, now: datetime
) -> tuple[tuple[str, ...], Classification]:
    """What is wrong with it, in the order of the checks; and what the supervisor's credential was worth.

    Steps: 1 both people signed it, with the keys that the kiosk's lease named then; 2 it is an offline
    admission; 3 the one function that decides grants every page that it opened, by what is known now, at the
    moment when it began.
    """
    assert case.signed is not None
    said = case.signed.statement
    slots = _slots(session, said.kiosk, said.lease)
    by, person = slots.get(said.by, []), slots.get(said.person, [])
    worth = max((slot.kind.ceiling for slot in by), default=Classification.PUBLIC)
    if not case.signed.signed_by((slot.sign_public for slot in by), (slot.sign_public for slot in person)):
        return (NOT_SIGNED,), worth  # 1
    if said.kind is not GrantKind.OFFLINE_ADMISSION or said.start > now + timedelta(minutes=5):
        return (Reason.GRANT_NOT_ALLOWED.value,), worth  # 2
    grant = Grant(
        said.person, said.station, Span(said.start, said.end), said.kind, said.by, said.reason, worth
    )
    found = _decided(session, home, case, grant, now)  # 3
    return tuple(reason.value for reason in Reason if reason in found), worth


def _decided(session: Session, home: Home, case: _Case, grant: Grant, now: datetime) -> set[Reason]:
    kiosk = session.get_one(KioskRow, case.event.kiosk)
    try:
        floor = read_floor(session, kiosk.code, grant.station, now, also=frozenset({grant.person}))
    except NotFound:
        return {Reason.NOT_THIS_STATION}
    person = floor.person(grant.person)
    if person is None:
        return {Reason.PERSON_REVOKED}
    settings = read_settings(session)
    asked = Asked(
        floor,
        home.site,
        grant.station,
        KioskStatus.ACTIVE,
        Classification.parse(settings["site_ceiling"]),
        locked_down(session, grant.station),
        grant_most(settings["admission_minutes"], settings["glass_minutes"]),
        now,
    )
    opened = [p for p in floor.pages if f"{p.record.document}/{p.record.revision}" in case.revisions]
    counting = ABOUT_PEOPLE if opened else RULES
    found: set[Reason] = set()
    for page in opened or floor.pages:
        facts = asked.facts(page, person, grant)
        answer = decide(person.record, floor.station, page.record, facts, grant.span.start)
        if isinstance(answer, Denied):
            found |= counting.intersection(answer.reasons)
    return found


def _slots(session: Session, kiosk: str, number: int) -> dict[str, list[SlotInfo]]:
    """The slots of a lease that this kiosk was given, by person; none where it is no longer kept."""
    row = session.get(LeaseRow, (kiosk, number))
    if row is None or not row.envelope:
        return {}
    try:
        lease = Lease.read(unverified_payload(row.envelope, LEASE_TYPE))
    except Untrusted:
        return {}
    return {operator.person: list(operator.slots) for operator in lease.operators}
