"""Handing the journal over to the hub, batch by batch, until nothing waits."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Protocol

from app.model.errors import Refused
from app.wire.client import HubRefused, Rubbish
from app.wire.messages import MAX_BATCH, EventBatch, EventKind, EventReply

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.kiosk.outbox import Outbox
    from app.kiosk.state import State

DISPUTES = {
    "fork": "The hub has another record of this kiosk than the kiosk itself.",
    "hole": "The hub misses earlier records of this kiosk.",
    "bad_event": "The hub cannot take a record of this kiosk.",
}
"""What the hub may say of a journal that cannot be settled by sending it again."""

_log = logging.getLogger("app.kiosk.sync")


class Ear(Protocol):
    """The hub, as far as the journal goes."""

    def send(self, batch: EventBatch) -> EventReply:
        """Deliver a batch."""


def deliver(
    hub: Ear,
    outbox: Outbox,
    state: State,
    on_confirmed: Callable[[], None],
    note: Callable[..., Any],
) -> None:
    """Send batches until the outbox is empty.

    Failure policy: rows leave the outbox only on the hub's receipt, so a contact that breaks off anywhere is
    sent again and the hub takes each event once. A batch that is too long for the hub is halved. Where the
    hub disputes the journal (``DISPUTES``) delivery stops, the incident is recorded once, and nothing is
    deleted: it is evidence.

    Raises:
        Refused: the hub disputes the journal; the code is the hub's.
        Expected: what the client and the outbox raise.
    """
    most = MAX_BATCH
    while (batch := outbox.pending(most)) is not None:
        try:
            reply = hub.send(batch)
        except HubRefused as refusal:
            if refusal.code == "too_large" and len(batch.events) > 1:
                most = len(batch.events) // 2
                continue
            if refusal.code not in DISPUTES:
                raise
            _dispute(refusal, state, note)
            raise disputed(refusal.code) from refusal
        if reply.epoch != batch.epoch or reply.held < batch.events[0].seq:
            raise Rubbish("it confirms other events than were sent", code="wrong_receipt")
        outbox.confirm(reply.epoch, reply.held, reply.hash)
        state.stop_delivery("")
        _log.info("confirmed %d", reply.held)
        on_confirmed()


def disputed(code: str) -> Refused:
    """In words: delivery has stopped."""
    return Refused(
        DISPUTES[code],
        advice="Nothing is lost: the records stay here. Tell the hub's administrator now.",
        code=code,
    )


def _dispute(refusal: HubRefused, state: State, note: Callable[..., Any]) -> None:
    if state.delivery_stopped == refusal.code:
        return
    state.stop_delivery(refusal.code)
    _log.error("delivery stopped: %s at %s", refusal.code, refusal.number)
    note(EventKind.INCIDENT, what=f"journal {refusal.code}", number=refusal.number or 0)
