"""Which view a leaked picture shows, its proof in the log, and the record that somebody asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.hub import auditors, log_heads
from app.hub.acting import Task
from app.hub.events import told
from app.hub.logs import SITE
from app.hub.schema import EventRow, KioskRow
from app.mark.keys import EPOCHS, Place, tag_of
from app.model.errors import NotFound
from app.wire.desk_trace import TracedView, TraceReply
from app.wire.messages import LOOKS, EventKind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from sqlalchemy.orm import Session

    from app.hub.acting import Acting
    from app.hub.events import Seen
    from app.hub.home import Home
    from app.mark.read import Looked

MOST_TRIED = 100_000
"""Views that pictures without a token are compared with."""


@dataclass(frozen=True)
class Found:
    """What is answered, and how it goes on record."""

    reply: TraceReply
    subject: str
    about: dict[str, Any]


def trace(
    acting: Acting, home: Home, looked: Looked, about: dict[str, Any], document: str = ""
) -> TraceReply:
    """``find``, and ``note`` at once."""
    return note(acting, find(acting, home, looked, document), about)


def note(acting: Acting, found: Found, about: dict[str, Any]) -> TraceReply:
    """Write down who asked, ``about`` which pictures, whatever came of it: before anybody is told."""
    acting.require(Task.TRACE)
    acting.record("mark.trace", found.subject, None, {**about, **found.about})
    return found.reply


def find(acting: Acting, home: Home, looked: Looked, document: str = "") -> Found:
    """The views that the pictures name; auditors are told of their own clients' only, and nothing is written.

    One view, unless two kiosks share a tag. Where no token can be read, the newest ``MOST_TRIED`` views on
    record, of ``document`` if one is named, are compared with the pictures (``mark.collusion``): several
    people may have joined theirs, or they are poor. Named are those that are in them for certain.

    Raises:
        Refused: the role does not allow it.
        Damaged: the log is not as its size says.
        Untrusted: the log does not hold the event as it is kept.
    """
    acting.require(Task.TRACE)
    if looked.reading is not None:
        reading = looked.reading
        rows = _views(acting, home, Place.of(reading.token))
        return _found(acting, home, rows, TraceReply.of(reading), f"{reading.token:016x}", {})
    if looked.soft is None:
        return _found(acting, home, [], TraceReply(), "nothing found", {})
    return _compared(acting, home, looked.soft, document)


def _compared(acting: Acting, home: Home, soft: NDArray[np.float64], document: str) -> Found:
    from app.mark.collusion import suspects

    tried = _tokens(acting, home, document)
    found = suspects(soft, list(tried), home.mark_key)
    rows = [acting.session.get_one(EventRow, number) for one in found for number in tried[one.token]]
    chance = max((one.chance for one in found), default=0.0)
    reply = TraceReply(tried=len(tried), odds=int(1 / max(chance, 1e-15)) if found else None)
    subject = "compared: " + " ".join(f"{one.token:016x}" for one in found) if found else "nothing found"
    return _found(acting, home, rows, reply, subject, {"tried": len(tried), "document": document})


def _tokens(acting: Acting, home: Home, document: str) -> dict[int, list[int]]:
    """Row numbers of the newest views, by the token that each carries."""
    places = select(EventRow.id, EventRow.kiosk, EventRow.epoch, EventRow.seq).where(
        EventRow.kind.in_([kind.value for kind in LOOKS])
    )
    if document:
        places = places.where(EventRow.revision.startswith(f"{document}/", autoescape=True))
    mine = auditors.own(acting)
    if mine is not None:
        places = places.where(EventRow.client.in_(mine))
    tags: dict[str, int] = {}
    tried: dict[int, list[int]] = {}
    for number, kiosk, epoch, seq in acting.session.execute(
        places.order_by(EventRow.wall.desc()).limit(MOST_TRIED)
    ):
        if kiosk not in tags:
            tags[kiosk] = tag_of(home.mark_key, kiosk)
        tried.setdefault(Place(tags[kiosk], epoch, seq).token, []).append(number)
    return tried


def _views(acting: Acting, home: Home, place: Place) -> list[EventRow]:
    """The recorded views at a place, by the unique key of events."""
    session, mine = acting.session, auditors.own(acting)
    found: list[EventRow] = []
    for kiosk, epoch in session.execute(select(KioskRow.code, KioskRow.epoch).order_by(KioskRow.code)):
        if tag_of(home.mark_key, kiosk) == place.tag:
            at = (
                EventRow.kiosk == kiosk,
                EventRow.epoch.in_(range(place.epoch, epoch + 1, EPOCHS)),
                EventRow.seq == place.seq,
                EventRow.kind.in_([kind.value for kind in LOOKS]),
            )
            found += session.scalars(select(EventRow).where(*at))
    return [row for row in found if mine is None or row.client in mine]


def _found(
    acting: Acting,
    home: Home,
    rows: list[EventRow],
    reply: TraceReply,
    subject: str,
    about: dict[str, Any],
) -> Found:
    named = [f"{row.kiosk}/{row.epoch}/{row.seq}" for row in rows]
    views = tuple(
        _view(acting, home, row, seen) for row, seen in zip(rows, told(acting.session, rows), strict=True)
    )
    return Found(reply.model_copy(update={"views": views}), subject, {**about, "views": named})


def _view(acting: Acting, home: Home, row: EventRow, seen: Seen) -> TracedView:
    person = auditors.namer(acting, home, row.client)(row.person)
    return TracedView(
        document=seen.document, revision=seen.revision, page=seen.page, client=row.client, person=person,
        name=seen.name if person == row.person else "", station=seen.station,
        station_name=seen.station_name, kiosk=seen.kiosk, when=seen.when, epoch=seen.epoch, seq=seen.seq,
        announced=row.kind == EventKind.VIEW_ANNOUNCED,
        **_proven(acting, home, row),
    )  # fmt: skip


def _proven(acting: Acting, home: Home, row: EventRow) -> dict[str, Any]:
    """The event's place in the site's log; for an auditor in the client's, as the site's is not theirs."""
    session: Session = acting.session
    code = SITE if auditors.own(acting) is None else row.client
    try:
        proof = log_heads.entry_proof(session, home, row, code)
    except NotFound:
        return {}
    origin = log_heads.origin(session, home, code)
    checkpoint = proof.verify(row.data, origin, [home.keys.log.public])
    return {"log": origin, "entry": proof.index, "size": checkpoint.size, "root": checkpoint.root.hex()}
