"""Which view a forensic mark names, its proof in the log, and the record that somebody asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.hub import log_heads
from app.hub.acting import Task
from app.hub.events import Seen, told
from app.hub.schema import EventRow, KioskRow
from app.mark.keys import EPOCHS, Place, tag_of
from app.model.errors import NotFound
from app.wire.messages import LOOKS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from sqlalchemy.orm import Session

    from app.hub.acting import Acting
    from app.hub.home import Home
    from app.seal.log_proof import LogProof

MOST_TRIED = 100_000
"""Views that a picture joined by several people is compared with."""


@dataclass(frozen=True)
class Traced:
    """A view that a mark names. ``proof`` holds (it was verified); None where no log has the event yet.

    ``chance``: where it is one of several that were joined, the bound on the probability that anybody is
    named who is not in the picture.
    """

    seen: Seen
    proof: LogProof | None
    log_size: int = 0
    chance: float | None = None


def trace(acting: Acting, home: Home, token: int | None, about: dict[str, Any]) -> list[Traced]:
    """The views that ``token`` names: one, unless two kiosks share a tag; None was read: none.

    Writes down who asked, ``about`` which pictures, whatever comes of it.

    Raises:
        Refused: the role does not allow it.
        Damaged: the log is not as its size says.
        Untrusted: the log does not hold the event as it is kept.
    """
    acting.require(Task.TRACE)
    rows = [] if token is None else _views(acting.session, home, Place.of(token))
    if acting.by.only_audits:
        rows = [row for row in rows if row.client in acting.by.audits]
    subject = "nothing found" if token is None else f"{token:016x}"
    return _on_record(acting, home, subject, [(row, None) for row in rows], about)


def trace_joined(
    acting: Acting, home: Home, soft: NDArray[np.float64], about: dict[str, Any], document: str = ""
) -> list[Traced]:
    """The views that several people's pictures were joined from, as far as certain (``mark.collusion``).

    ``soft``: what the pictures say of each bit. Tried are the newest ``MOST_TRIED`` views on record, of
    ``document`` if one is named. Writes down and raises as ``trace``.
    """
    from app.mark.collusion import suspects

    acting.require(Task.TRACE)
    places = select(EventRow.id, EventRow.kiosk, EventRow.epoch, EventRow.seq).where(
        EventRow.kind.in_([kind.value for kind in LOOKS])
    )
    if acting.by.only_audits:
        places = places.where(EventRow.client.in_(acting.by.audits))
    if document:
        places = places.where(EventRow.revision.startswith(f"{document}/", autoescape=True))
    tags: dict[str, int] = {}
    tried: dict[int, list[int]] = {}
    for number, kiosk, epoch, seq in acting.session.execute(
        places.order_by(EventRow.wall.desc()).limit(MOST_TRIED)
    ):
        if kiosk not in tags:
            tags[kiosk] = tag_of(home.mark_key, kiosk)
        tried.setdefault(Place(tags[kiosk], epoch, seq).token, []).append(number)
    found = suspects(soft, list(tried), home.mark_key)
    rows: list[tuple[EventRow, float | None]] = [
        (acting.session.get_one(EventRow, number), one.chance) for one in found for number in tried[one.token]
    ]
    subject = "joined: " + " ".join(f"{one.token:016x}" for one in found) if found else "nothing found"
    return _on_record(acting, home, subject, rows, {**about, "tried": len(tried), "document": document})


def _on_record(
    acting: Acting, home: Home, subject: str, rows: list[tuple[EventRow, float | None]], about: dict[str, Any]
) -> list[Traced]:
    named = [f"{row.kiosk}/{row.epoch}/{row.seq}" for row, _ in rows]
    acting.record("mark.trace", subject, None, {**about, "views": named})
    seen = told(acting.session, [row for row, _ in rows])
    return [
        Traced(event, *_proven(acting.session, home, row), chance=chance)
        for event, (row, chance) in zip(seen, rows, strict=True)
    ]


def _views(session: Session, home: Home, place: Place) -> list[EventRow]:
    """The recorded views at a place, by the unique key of events."""
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
    return found


def _proven(session: Session, home: Home, row: EventRow) -> tuple[LogProof | None, int]:
    try:
        proof = log_heads.entry_proof(session, home, row)
    except NotFound:
        return None, 0
    checkpoint = proof.verify(row.data, log_heads.origin(session, home), [home.keys.log.public])
    return proof, checkpoint.size
