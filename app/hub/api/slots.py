"""Slots that people make with a PIN at a kiosk: only an active kiosk may hand one in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.hub import pins
from app.hub.api.gate import require_active
from app.hub.schema import KioskRow
from app.model.errors import Refused

if TYPE_CHECKING:
    from app.hub.api.gate import Caller
    from app.wire.messages import SlotReply, SlotRequest


def take(caller: Caller, request: SlotRequest) -> SlotReply:
    """Put the slot in force.

    Raises:
        Refused: ``kiosk_pending``, ``kiosk_blocked``, or as ``pins.take_slot``; the try is on record then.
    """
    with caller.hub.store.write() as session:
        require_active(session.get_one(KioskRow, caller.kiosk))
        handed = pins.Handed(caller.kiosk, request)
        answer = pins.take_slot(session, caller.hub.home.keys.badge, handed, caller.now)
    if isinstance(answer, Refused):
        raise answer
    return answer
