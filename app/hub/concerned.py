"""Whom a change concerns: the kiosks whose next lease may say something else because of it.

Too many is harmless, they ask in vain; too few would leave a kiosk with what it has until it asks by itself.
So what is not known here concerns everybody.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, or_, select

from app.hub.schema import (
    AssignmentRow,
    Document,
    KioskRow,
    PageRow,
    PageStation,
    Part,
    RevisionRow,
    StationPart,
    StationRow,
    SupervisedLine,
)
from app.hub.schema_agreements import Agreement
from app.hub.schema_grants import GrantRow
from app.hub.settings import setting
from app.model.terms import ALL_STATIONS

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from app.hub.store import Acts

JOURNAL = "journal"
"""The act of a kiosk whose journal told something that a board shows."""

MANY = 50
"""More different acts than this in one transaction (an import) concern everybody, without a look at each.
Assignments, of which a plan has many, are looked at together.
"""

_PLACING = frozenset({"assign", "unassign"})
"""Acts on assignments. They concern the station's whole line: its kiosks can identify each other's people."""

_AT_STATIONS = select(KioskRow.code).outerjoin(StationRow, KioskRow.station == StationRow.code)


def kiosks_concerned(session: Session, acts: Acts) -> frozenset[str] | None:
    """Return the kiosks that should ask for their lease after these acts, None for all of them."""
    if nobody_concerned(acts):
        return frozenset()
    stations = _stations(acts)
    telling = [
        (act, subject)
        for act, subject in acts
        if act not in _NOBODY and act.partition(".")[0] not in _PLACING
    ]
    if not acts or len(telling) > MANY:
        return None
    lines = select(StationRow.line).where(StationRow.code.in_(stations))
    found = set(session.scalars(_AT_STATIONS.where(StationRow.line.in_(lines)))) if stations else set()
    for act, subject in telling:
        where = _WHERE.get(act) or _WHERE.get(act.partition(".")[0])
        chosen = None if where is None else where(subject)
        if chosen is None:
            return None
        found.update(session.scalars(_AT_STATIONS.where(chosen)))
    return frozenset(found)


def _stations(acts: Acts) -> set[str]:
    """Where somebody begins or ends to work by these acts."""
    return {subject.rpartition(" ")[2] for act, subject in acts if act.partition(".")[0] in _PLACING}


def first_concerned(session: Session, acts: Acts) -> frozenset[str]:
    """Return the kiosks at the very stations where somebody begins or ends to work.

    The rest of their lines is concerned too, but only learns of it who can be identified there.
    """
    stations = _stations(acts)
    if not stations or len(stations) > MANY:
        return frozenset()
    return frozenset(session.scalars(select(KioskRow.code).where(KioskRow.station.in_(stations))))


def nobody_concerned(acts: Acts) -> bool:
    """Whether these are acts that change no lease, as most are: they only show on boards."""
    return bool(acts) and all(act in _NOBODY for act, _ in acts)


def due(session: Session, since: datetime, now: datetime) -> Acts:
    """Return, as acts, what changes by itself after ``since`` until ``now``: revisions that begin or cease to
    be effective, signatures that lapse, grants that end, and the grace after an assignment. Nobody acts then:
    it was decided before.
    """
    grace = timedelta(seconds=setting(session, "grace_seconds"))
    begins, ends = RevisionRow.effective_from, RevisionRow.effective_until
    query = select(RevisionRow.document, RevisionRow.label).where(
        or_(and_(begins > since, begins <= now), and_(ends > since, ends <= now))
    )
    found = {("revision.due", f"{document}/{label}") for document, label in session.execute(query)}
    lapsed = select(Agreement.person).where(Agreement.until > since, Agreement.until <= now)
    found |= {("agreement.lapse", person) for person in session.scalars(lapsed)}
    ended = select(GrantRow.kiosk).where(GrantRow.end > since, GrantRow.end <= now)
    found |= {("grant.end", kiosk) for kiosk in session.scalars(ended)}
    if grace:
        left = select(AssignmentRow.person, AssignmentRow.station).where(
            AssignmentRow.end > since - grace, AssignmentRow.end <= now - grace
        )
        found |= {("unassign", f"{person} {station}") for person, station in session.execute(left)}
    return frozenset(found)


def _of_person(person: str) -> ColumnElement[bool]:
    """The lines where the person was ever assigned, so that an assignment taken a moment ago counts too."""
    works = (
        select(StationRow.line)
        .join(AssignmentRow, AssignmentRow.station == StationRow.code)
        .where(AssignmentRow.person == person)
    )
    supervises = select(SupervisedLine.line).where(SupervisedLine.person == person)
    return or_(StationRow.line.in_(works), StationRow.line.in_(supervises))


def _of_revision(subject: str) -> ColumnElement[bool]:
    return _of_documents(select(Document.code).where(Document.code == subject.partition("/")[0]))


def _of_part(part: str) -> ColumnElement[bool]:
    runs = select(StationPart.station).where(StationPart.part == part)
    return or_(StationRow.code.in_(runs), _of_documents(select(Document.code).where(Document.part == part)))


def _of_client(client: str) -> ColumnElement[bool]:
    parts = select(Part.code).where(Part.client == client)
    runs = select(StationPart.station).where(StationPart.part.in_(parts))
    documents = select(Document.code).where(Document.part.in_(parts))
    return or_(StationRow.code.in_(runs), _of_documents(documents))


def _of_documents(documents: Select[Any]) -> ColumnElement[bool]:
    """Wherever pages of any of their revisions are needed."""
    needed = (
        select(PageStation.station)
        .join(PageRow, PageStation.page == PageRow.id)
        .join(RevisionRow, PageRow.revision == RevisionRow.id)
        .where(RevisionRow.document.in_(documents))
    )
    everywhere = select(PageStation.page).where(
        PageStation.station == ALL_STATIONS,
        PageStation.page.in_(select(PageRow.id).join(RevisionRow).where(RevisionRow.document.in_(documents))),
    )
    return or_(StationRow.code.in_(needed), everywhere.exists())


_WHERE: dict[str, Callable[[str], ColumnElement[bool]]] = {
    "agreement.in_force": _of_client,
    "agreement.lapse": _of_person,
    "agreement.sign": _of_person,
    "agreement.withdraw": _of_person,
    "badge": _of_person,
    "call": lambda subject: KioskRow.code == subject.partition(" ")[0],
    "change.read": _of_person,
    "client": _of_client,
    "grant": lambda kiosk: KioskRow.code == kiosk,
    "kiosk": lambda kiosk: KioskRow.code == kiosk,
    "line": lambda line: StationRow.line == line,
    "part": _of_part,
    "person.add": _of_person,
    "person.deactivate": _of_person,
    "person.restore": _of_person,
    "remark.answer": lambda subject: _of_person(subject.partition(" ")[0]),
    "revision": _of_revision,
    "station": lambda station: StationRow.code == station,
    "training": _of_person,
}
"""By an act or its noun, the kiosks concerned. Not here, and so everybody: settings, sites and keys;
``person.change`` and ``role.take``, by which lines can be taken away that are then nowhere else."""

_NOBODY = frozenset(
    {
        "auditor.set", "badge.pin_code", "badge.refused", "desk.sign_in", "evidence.bundle",
        "evidence.key", JOURNAL, "kiosk.code", "lock.refused", "log.cosigned", "mark.trace", "move",
        "move.refused", "move.undo", "move.undo.refused", "plan.refused", "remark.new", "review.confirm",
        "review.decide",
    }
)  # fmt: skip
"""Acts that change no lease; a move is recorded beside the assignments that it ends and begins."""
