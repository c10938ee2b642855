"""What a kiosk may ask of the transparency logs: the site's checkpoint, those of the clients whose pages it
holds, and proofs of its own events.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.hub import kiosk_witness, log_heads
from app.hub.api.gate import require_active
from app.hub.api.pages import require_approved
from app.hub.logs import SITE
from app.hub.schema import EventRow, KioskRow
from app.model.errors import NotFound
from app.wire.log_witness import CosignedReply, LogsReply
from app.wire.messages import LogReply

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.hub.api.gate import Caller
    from app.wire.log_witness import LogsAsk, LogsCosigned


def head(caller: Caller, have: int) -> LogReply:
    """Sign the site's checkpoint, and prove that it continues the tree of ``have`` entries.

    Raises:
        Damaged: events are not those that a log holds (``log_damaged``).
    """
    require_approved(caller)
    caller.hub.round.require_sound()
    with caller.hub.store.read() as session:
        now = log_heads.head(session, caller.hub.home)
        proof = log_heads.consistency(session, SITE, have, now.checkpoint.size)
    return LogReply(checkpoint=now.note.decode(), proof=proof)


def clients(caller: Caller, asked: LogsAsk) -> LogsReply:
    """Show the logs asked for, of clients whose pages the kiosk holds.

    Raises:
        Refused: ``kiosk_pending`` or ``kiosk_blocked``.
    """
    hub = caller.hub
    with hub.store.read() as session:
        require_active(session.get_one(KioskRow, caller.kiosk))
        told = kiosk_witness.shown(session, hub.home, hub.heads, caller.kiosk, asked.logs, caller.now)
        return LogsReply(logs=tuple(told))


def cosigned(caller: Caller, handed: LogsCosigned) -> CosignedReply:
    """Keep what the kiosk cosigned.

    Raises:
        Refused: ``kiosk_pending`` or ``kiosk_blocked``.
    """
    hub = caller.hub

    def keep(session: Session) -> int:
        require_active(session.get_one(KioskRow, caller.kiosk))
        return kiosk_witness.take(session, hub.home, caller.kiosk, handed.cosigned, caller.now)

    return CosignedReply(kept=hub.store.together(keep))


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
