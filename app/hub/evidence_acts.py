"""What supervisors and administrators did about a client's pages: assignments, grants, rules, revisions.

No log has these: they are the plant's word, sealed. A checker sees by them which views nothing explains.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from app.hub.schema import AssignmentRow, ChangeRow, Document, KioskRow, Part, StationPart
from app.hub.schema_grants import GrantRow
from app.model.terms import GrantKind
from app.wire.base import time_text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from datetime import datetime, timedelta

    from sqlalchemy.orm import Session

RULES = ("client.add", "client.change", "setting.set", "agreement.in_force")
"""Acts of which before and after are told: they name nobody."""


@dataclass(frozen=True)
class Asked:
    """Whose acts are told: of a client, at stations and kiosks that showed its pages, in a period.

    What ended less than ``grace`` before it explains views, too. ``settings`` are those that are policy.
    """

    client: str
    stations: Collection[str]
    kiosks: Collection[str]
    begin: datetime
    end: datetime
    settings: Collection[str]
    grace: timedelta


def acts(session: Session, asked: Asked, name: Callable[[str], str]) -> dict[str, Any]:
    """Return the acts. ``name`` is how the bundle names persons; reasons are left out, as they may too."""
    parts = select(Part.code).where(Part.client == asked.client)
    runs = set(session.scalars(select(StationPart.station).where(StationPart.part.in_(parts))))
    stations = sorted(runs | set(asked.stations))
    return {
        "stations": stations,
        "assignments": list(_assignments(session, asked, stations, name)),
        "grants": list(_grants(session, asked, stations, name)),
        "changes": list(_changes(session, asked, name)),
    }


def _assignments(
    session: Session, asked: Asked, stations: Collection[str], name: Callable[[str], str]
) -> Iterator[dict[str, Any]]:
    query = select(AssignmentRow).where(
        AssignmentRow.station.in_(stations),
        AssignmentRow.start <= asked.end,
        or_(AssignmentRow.end.is_(None), AssignmentRow.end >= asked.begin - asked.grace),
    )
    for row in session.scalars(query.order_by(AssignmentRow.start, AssignmentRow.id)):
        yield {
            "person": name(row.person), "station": row.station, "kind": row.kind, "from": _moment(row.start),
            "until": _moment(row.end), "by": name(row.by), "made": _moment(row.made),
        }  # fmt: skip


def _grants(
    session: Session, asked: Asked, stations: Collection[str], name: Callable[[str], str]
) -> Iterator[dict[str, Any]]:
    query = (
        select(GrantRow, KioskRow.station)
        .join(KioskRow, KioskRow.code == GrantRow.kiosk)
        .where(
            GrantRow.kiosk.in_(asked.kiosks) | GrantRow.station.in_(stations),
            GrantRow.start <= asked.end,
            GrantRow.end >= asked.begin - asked.grace,
        )
    )
    for row, bound in session.execute(query.order_by(GrantRow.start, GrantRow.id)):
        glass = row.kind == GrantKind.BREAK_GLASS.value
        yield {
            "person": name(row.person), "station": bound if glass else row.station, "kiosk": row.kiosk,
            "pages_of": row.station if row.station in stations else "", "kind": row.kind,
            "from": _moment(row.start), "until": _moment(row.end), "by": name(row.by),
            "found_wanted": bool(row.wanted),
        }  # fmt: skip


def _changes(session: Session, asked: Asked, name: Callable[[str], str]) -> Iterator[dict[str, Any]]:
    """What was changed of the client, its revisions and the policies, and by whom."""
    own = select(Document.code).join(Part, Document.part == Part.code).where(Part.client == asked.client)
    documents = set(session.scalars(own))
    query = select(ChangeRow).where(
        ChangeRow.act.in_(RULES) | ChangeRow.act.startswith("revision.") | ChangeRow.act.startswith("client.")
    )
    for row in session.scalars(query.order_by(ChangeRow.id)):
        noun = row.act.partition(".")[0]
        subject = row.subject.partition("/")[0] if noun == "revision" else row.subject
        if subject not in {"revision": documents, "setting": asked.settings}.get(noun, {asked.client}):
            continue
        told = {"before": _text(row.before), "after": _text(row.after)} if row.act in RULES else {}
        yield {"at": _moment(row.at), "by": name(row.by), "act": row.act, "subject": row.subject, **told}


def _text(value: Any) -> Any:
    """A value without floats, which have no canonical form."""
    if isinstance(value, dict):
        return {str(name): _text(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_text(item) for item in value]
    return str(value) if isinstance(value, float) else value


def _moment(time: datetime | None) -> str:
    """A time as entries have it; "" for none."""
    return "" if time is None else time_text(time)
