"""What a kiosk may ask of the transparency log: the site's checkpoint, and proofs of its own events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.hub import log_heads
from app.hub.api.pages import require_approved
from app.hub.logs import SITE
from app.hub.schema import EventRow
from app.model.errors import NotFound
from app.wire.messages import LogReply

if TYPE_CHECKING:
    from app.hub.api.gate import Caller


def head(caller: Caller, have: int) -> LogReply:
    """Sign the site's checkpoint, and prove that it continues the tree of ``have`` entries."""
    require_approved(caller)
    with caller.hub.store.read() as session:
        now = log_heads.head(session, caller.hub.home)
        proof = log_heads.consistency(session, SITE, have, now.checkpoint.size)
    return LogReply(checkpoint=now.note.decode(), proof=proof)


def entry(caller: Caller, epoch: int, seq: int) -> bytes:
    """Prove that the site's log holds an event of this kiosk.

    Raises:
        NotFound: the hub does not hold it.
    """
    require_approved(caller)
    wanted = (EventRow.kiosk == caller.kiosk, EventRow.epoch == epoch, EventRow.seq == seq)
    with caller.hub.store.read() as session:
        event = session.scalars(select(EventRow).where(*wanted)).first()
        if event is None:
            raise NotFound("The hub does not hold this event.", code="not_found")
        return log_heads.entry_proof(session, caller.hub.home, event).exact()
