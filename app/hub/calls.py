"""Calls for help: taken from kiosks' journals, shown on boards, taken and ended by supervisors.

A call comes with the journal and is told back in the kiosk's lease; the push makes both fast, and neither is
lost without it. Nobody need end one: boards drop it ``STANDS`` after it came, its kiosk ``STANDS`` after it
was made. So one that arrives late, because the hub was away, is on the boards as long as any other.

Failure policy: a call is taken whatever its event says. One from no station of this plant is shown where its
kiosk is, so that help goes somewhere and no board or lease has to tell what it cannot.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from pydantic import ValidationError
from sqlalchemy import select

from app.hub.acting import Task
from app.hub.lookup import Outcome
from app.hub.remembered import day_of, remembered
from app.hub.schema import KioskRow, PersonRow, StationRow
from app.hub.schema_calls import CallRow
from app.hub.store import note_act
from app.model.errors import NotFound, Refused
from app.wire.calls import STANDS, BoardCall, CallInfo, CallStep, TakenBack
from app.wire.messages import EventKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.hub.acting import Acting
    from app.wire.messages import Event

CHANGED = "call.changed"
"""The act of a call that a kiosk made or took back: its lease and the boards say something else."""


def take(session: Session, events: Iterable[Event], now: datetime) -> None:
    """Keep the calls among these events, and which were taken back, in the events' transaction."""
    for event in events:
        if event.kind is EventKind.CALL_MADE:
            session.add(
                CallRow(
                    code=f"{event.kiosk}/{event.epoch}/{event.seq}", kiosk=event.kiosk,
                    station=_place(session, event), person=event.person, unit=event.unit,
                    work_order=event.order, at=event.wall, received=now,
                )
            )  # fmt: skip
        elif event.kind is EventKind.CALL_WITHDRAWN:
            session.flush()
            row = session.get(CallRow, _named(event))
            if row is None or row.kiosk != event.kiosk or row.withdrawn is not None:
                continue
            row.withdrawn = event.wall
        else:
            continue
        note_act(session, CHANGED, event.kiosk)


def _place(session: Session, event: Event) -> str:
    """The station that the event names, if there is one; where its kiosk is, if not."""
    there = session.scalar(select(StationRow.code).where(StationRow.code == event.station))
    return there or session.scalars(select(KioskRow.station).where(KioskRow.code == event.kiosk)).one()


def _named(event: Event) -> str:
    try:
        return TakenBack.model_validate(event.body).code
    except ValidationError:
        return ""


@dataclass(frozen=True)
class _Standing:
    """A call that stands, with the words of ``BoardCall``; not yet held to its form."""

    code: str
    kiosk: str
    station: str
    name: str
    at: datetime
    by: str
    taken: datetime | None


@remembered("help_call", "person", most=2)
def _standing(session: Session, day: datetime) -> tuple[tuple[datetime, _Standing], ...]:
    """Every call that may stand on this day (``day_of``), oldest first, with when it came."""
    query = select(CallRow).where(
        CallRow.ended.is_(None), CallRow.withdrawn.is_(None), CallRow.received >= day - STANDS
    )
    rows = session.scalars(query.order_by(CallRow.at)).all()
    wanted = {row.person for row in rows} | {row.taken_by for row in rows}
    people = select(PersonRow.code, PersonRow.name).where(PersonRow.code.in_(wanted))
    names = dict(session.execute(people).all())
    return tuple(
        (row.received, _Standing(
            code=row.code, kiosk=row.kiosk, station=row.station, name=names.get(row.person, row.person),
            at=row.at, by=names.get(row.taken_by, row.taken_by), taken=row.taken,
        ))
        for row in rows
    )  # fmt: skip


def standing(session: Session, now: datetime) -> tuple[BoardCall, ...]:
    """The calls that stand, oldest first."""
    return tuple(
        BoardCall(**asdict(call))
        for received, call in _standing(session, day_of(now))
        if now - received < STANDS
    )


def of_kiosk(session: Session, kiosk: str, now: datetime) -> tuple[CallInfo, ...]:
    """Those of one kiosk, as its lease tells them."""
    return tuple(
        CallInfo(code=call.code, at=call.at, by=call.by)
        for _, call in _standing(session, day_of(now))
        if call.kiosk == kiosk and now - call.at < STANDS
    )


def step(acting: Acting, code: str, what: CallStep) -> Outcome:
    """Take a call (the kiosk says who is coming), or end it. Taking what another took passes it on.

    Raises:
        Refused: the actor may not, or the call is over.
        NotFound: there is no such call.
    """
    acting.require(Task.CALLS)
    row = acting.session.get(CallRow, code)
    if row is None:
        raise NotFound(f"There is no call {code}.", advice="See: stationleaf admin calls list")
    if row.ended is not None or row.withdrawn is not None:
        raise Refused("This call is over already.", code="call_over")
    before = {"taken_by": row.taken_by}
    if what is CallStep.END:
        row.ended_by, row.ended = acting.by.person, acting.now
    elif row.taken_by == acting.by.person:
        return Outcome.SAME
    else:
        row.taken_by, row.taken = acting.by.person, acting.now
    acting.record(f"call.{what.value}", f"{row.kiosk} {code}", before, {"station": row.station})
    return Outcome.CHANGED


@dataclass(frozen=True)
class Call:
    """A call with the name of who made it."""

    row: CallRow
    name: str


def listed(session: Session, *, since: datetime | None = None, standing_only: bool = False) -> list[Call]:
    """Calls, oldest first."""
    query = (
        select(CallRow, PersonRow.name)
        .outerjoin(PersonRow, PersonRow.code == CallRow.person)
        .order_by(CallRow.at, CallRow.code)
    )
    if since is not None:
        query = query.where(CallRow.at >= since)
    if standing_only:
        query = query.where(CallRow.ended.is_(None), CallRow.withdrawn.is_(None))
    return [Call(row, name or row.person) for row, name in session.execute(query)]
