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
    from sqlalchemy.orm import Session

    from app.hub.acting import Acting
    from app.hub.home import Home
    from app.seal.log_proof import LogProof


@dataclass(frozen=True)
class Traced:
    """A view that a mark names. ``proof`` holds (it was verified); None where no log has the event yet."""

    seen: Seen
    proof: LogProof | None
    log_size: int = 0


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
    named = [f"{row.kiosk}/{row.epoch}/{row.seq}" for row in rows]
    subject = "nothing found" if token is None else f"{token:016x}"
    acting.record("mark.trace", subject, None, {**about, "views": named})
    proven = [_proven(acting.session, home, row) for row in rows]
    seen = told(acting.session, rows)
    return [Traced(event, *proof) for event, proof in zip(seen, proven, strict=True)]


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
