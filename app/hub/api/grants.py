"""Break-glass that two people at a kiosk ask for: only an active kiosk may pass it on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.hub.api.gate import require_active
from app.hub.glass import break_glass
from app.hub.schema import KioskRow
from app.model.errors import Refused

if TYPE_CHECKING:
    from app.hub.api.gate import Caller
    from app.wire.grants import GrantReply, SignedGrant


def grant(caller: Caller, asked: SignedGrant) -> GrantReply:
    """Decide on it.

    Raises:
        Refused: ``kiosk_pending``, ``kiosk_blocked``, or as ``glass.break_glass``; it is on record then.
    """
    with caller.hub.store.write() as session:
        kiosk = session.get_one(KioskRow, caller.kiosk)
        require_active(kiosk)
        answer = break_glass(session, caller.hub.home, kiosk, asked, caller.now)
    if isinstance(answer, Refused):
        raise answer
    return answer
