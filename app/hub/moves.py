"""Moving a person from one station to another, guarded against a board that is out of date, and undoing it.

A move ends the assignment that it moves from and begins another. It is refused where the person could read
nothing at the new station, in words. Whoever moves must be allowed to on the lines of both stations.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from app.hub import work
from app.hub.board import MOVED, UNDONE, running, version
from app.hub.foresee import foresee
from app.hub.lookup import need
from app.hub.schema import AssignmentRow, ChangeRow, PersonRow, StationRow
from app.hub.settings import setting
from app.model.errors import NotFound, Refused
from app.model.terms import AssignmentKind
from app.wire.desk import UNDO_SECONDS, MoveReply, Noted, UndoReply, Verdict

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.hub.acting import Acting
    from app.wire.desk import DeclinedAsk, MoveAsk

UNDO = timedelta(seconds=UNDO_SECONDS)
ON_THE_WAY = timedelta(seconds=5)
"""A touch in the last moment still arrives."""

REFUSED, AT_DESK = "move.refused", "at_desk"


def declined(acting: Acting, ask: DeclinedAsk) -> Noted:
    """Put on record that a desk refused a drop, and why.

    Raises:
        NotFound: there is no such person or station.
    """
    person = need(acting.session, PersonRow, ask.person, "person")
    need(acting.session, StationRow, ask.target, "station")
    (outlook,) = foresee(acting.session, acting.by, person, acting.now, only=(ask.target,))
    says = outlook.barred or outlook.says
    wish = {"station": ask.target, "code": AT_DESK, "says": says}
    acting.record(REFUSED, person.code, {"station": ask.source}, wish)
    return Noted()


def move(acting: Acting, ask: MoveAsk) -> MoveReply:
    """Move a person now; ``acting`` carries the reason.

    Raises:
        Refused: not allowed; ``changed_meanwhile``; ``cannot_read``; ``needs_reason``; ``bad_span``.
        NotFound: there is no such person or station.
    """
    session, now = acting.session, acting.now
    person = need(session, PersonRow, ask.person, "person")
    for code in filter(None, (ask.source, ask.target)):
        work.require_line(acting, need(session, StationRow, code, "station"))
    before = running(session, now, person.code)
    if version(before) != ask.version:
        raise _changed(session, person)
    if ask.source == ask.target:
        raise Refused(f"{person.name} is there already.", code="bad_span")
    if ask.target:
        _require_sense(acting, person, ask.target)
    moved_from = [row for row in before if _at(row, ask.source, now)]
    until = moved_from[0].end if moved_from else None
    if moved_from:
        work.end_now(acting, person=person.code, station=ask.source)
    comes = bool(ask.target) and not any(_at(row, ask.target, now) for row in before)
    if comes:
        # A span that is planned there for later stays, and goes on with what this begins.
        planned = [
            row.start
            for row in before
            if row.station == ask.target and row.kind == AssignmentKind.ASSIGNED.value and row.start > now
        ]
        ends = [*planned, *filter(None, (ask.until,))]
        work.assign(acting, person=person.code, station=ask.target, end=min(ends, default=None))
    left = ask.source if moved_from else ""
    after = version(running(session, now, person.code))
    row = acting.record(
        MOVED,
        person.code,
        {"station": left, "until": None if until is None else until.isoformat()},
        {"station": ask.target if comes else "", "version": after},
    )
    session.flush()
    return MoveReply(move=row.id, version=after, undo_until=now + UNDO)


def undo(acting: Acting, number: int) -> UndoReply:
    """Take a move back: what it ended begins anew, what it began ends. Both stay on record.

    Raises:
        Refused: another's move or not allowed (``not_allowed``); too late, or something changed since
            (``undo_over``).
        NotFound: there is no such move.
    """
    session, now = acting.session, acting.now
    row = session.get(ChangeRow, number)
    if row is None or row.act != MOVED:
        raise NotFound("There is no such move.")
    if row.by != acting.by.person:
        raise Refused("Only who made a move can undo it.", code="not_allowed")
    person, came_from, went_to = row.subject, row.before["station"], row.after["station"]
    if now > row.at + UNDO + ON_THE_WAY:
        raise _too_late(f"A move can be undone for {UNDO_SECONDS} seconds.")
    if version(running(session, now, person)) != row.after["version"]:
        raise _too_late("Somebody has changed this person's assignments since.")
    if went_to:
        work.end_now(acting, person=person, station=went_to)
    until = None if row.before["until"] is None else datetime.fromisoformat(row.before["until"])
    if came_from and (until is None or until > now):
        work.assign(acting, person=person, station=came_from, end=until)
    acting.record(UNDONE, person, {"station": went_to}, {"station": came_from, "move": number})
    session.flush()
    return UndoReply(version=version(running(session, now, person)))


def _at(row: AssignmentRow, station: str, now: datetime) -> bool:
    return row.station == station and row.kind == AssignmentKind.ASSIGNED.value and row.start <= now


def _require_sense(acting: Acting, person: PersonRow, target: str) -> None:
    """Raise if the person could read nothing there, or a reason is missing where policy asks for one."""
    (outlook,) = foresee(acting.session, acting.by, person, acting.now, only=(target,))
    if outlook.verdict is Verdict.SHUT:
        raise Refused(
            f"{person.name} could read nothing at {target}: {outlook.says}",
            advice=outlook.do,
            code="cannot_read",
        )
    policy = setting(acting.session, "move_reason")
    wanted = policy == "always" or (
        policy == "withheld" and (outlook.verdict is Verdict.PART or bool(outlook.breaks))
    )
    if wanted and not acting.reason.strip():
        raise Refused("This move needs a reason.", advice="Say why.", code="needs_reason")


def _changed(session: Session, person: PersonRow) -> Refused:
    """The words for a board that was out of date: who has changed what, and when."""
    newest = session.scalars(
        select(ChangeRow)
        .where(or_(ChangeRow.subject == person.code, ChangeRow.subject.startswith(f"{person.code} ")))
        .where(or_(ChangeRow.act.startswith("assign"), ChangeRow.act.in_(("unassign", MOVED, UNDONE))))
        .order_by(ChangeRow.id.desc())
    ).first()
    by = "" if newest is None else session.get(PersonRow, newest.by)
    who = by.name if isinstance(by, PersonRow) else "Somebody"
    return Refused(
        f"{who} has moved {person.name} meanwhile; nothing was changed now.",
        advice="Look at the board again.",
        code="changed_meanwhile",
    )


def _too_late(why: str) -> Refused:
    return Refused(why, advice="Move the person back instead.", code="undo_over")
