"""A look at the page of a remark, from a desk: on record at the hub first, then drawn in memory, marked.

The desk is a device with a journal like a kiosk's. The look is an event of it, so that the mark on the screen
names whoever sits here, and an investigator finds them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.kiosk.deliver import deliver
from app.kiosk.outbox import Draft
from app.kiosk.view import Leaf, MarkText, Painting
from app.mark.keys import KioskKeys, Place
from app.mark.tile import make_band
from app.model.errors import Refused
from app.pages.picture import RenderRequest
from app.pages.renderer import Renderer
from app.seal.boxes import hpke_open, open_page
from app.wire.desk_remarks import MAX_PAGE_REPLY, RemarkPageAsk, RemarkPageReply
from app.wire.messages import ROUTES, EventKind
from app.wire.remarks import LookBody, look_info

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from app.kiosk.outbox import Outbox, Recorded
    from app.kiosk.state import State
    from app.kiosk.view import Framing
    from app.seal.keys import SealKey
    from app.wire.client import HubClient
    from app.wire.clock import Clock
    from app.wire.desk import DeskPass
    from app.wire.desk_remarks import DeskRemark


@dataclass(frozen=True)
class RemarkPicture:
    """The page of a remark, allowed on the screen; whoever gets it releases its pixels."""

    code: str
    leaf: Leaf
    painting: Painting


class Looking:
    """See the module. Belongs to the office's thread.

    Failure policy: a look that cannot be committed here, or not be delivered, shows nothing. The journal is
    opened by ``open_journal`` (an ``Outbox`` without ``at_least``) at the first look: where it cannot be,
    or is an older copy, looks are refused and all else at the desk goes on. ``forget`` ends the drawing
    process and blackens what it drew.
    """

    def __init__(
        self,
        open_journal: Callable[..., Outbox],
        epoch: int,
        state: State,
        seal: SealKey,
        device: str,
        station: str,
        clock: Clock,
    ) -> None:
        self._open_journal, self._epoch, self._state, self._seal = open_journal, epoch, state, seal
        self._device, self._station, self._clock = device, station, clock
        self._outbox: Outbox | None = None
        self._renderer: Renderer | None = None

    def look(
        self, hub: HubClient, seat: DeskPass, name: str, remark: DeskRemark, framing: Framing
    ) -> RemarkPicture:
        """Put the look on record, ask for the page, draw it. About half a second.

        Raises:
            Expected: the look cannot be recorded or delivered, the hub refuses, or the page cannot be drawn.
        """
        at = self._clock.now()
        recorded = self._record(hub, seat.person, remark)
        ask = RemarkPageAsk(desk=seat, code=remark.code, epoch=recorded.epoch, seq=recorded.seq)
        reply = hub.call(
            RemarkPageReply, "POST", ROUTES["desk_remark_page"], ask.exact(), MAX_PAGE_REPLY
        )  # fmt: skip
        info = look_info(self._device, recorded.epoch, recorded.seq)
        plain = open_page(reply.sealed, hpke_open(reply.key, self._seal, info), reply.page, reply.revision)
        marks = KioskKeys.unpack(hpke_open(reply.mark, self._seal, info))
        renderer = self._drawing()
        renderer.put(reply.page, plain)
        pixels = renderer.render(RenderRequest(reply.page, framing.width_px, framing.height_px))
        mark = _mark(marks, recorded, name, reply, at)
        return RemarkPicture(remark.code, _leaf(remark, reply), Painting(0, framing, pixels, mark))

    def _record(self, hub: HubClient, person: str, remark: DeskRemark) -> Recorded:
        body = LookBody(code=remark.code, number=remark.number or 0).model_dump()
        draft = Draft(
            kind=EventKind.REMARK_VIEWED, client=remark.client, person=person, station=self._station,
            page=remark.page, revision=remark.revision, body=body,
        )  # fmt: skip
        outbox = self._journal()
        (recorded,) = outbox.append([draft], self._clock.moment())
        self._state.set_journal_head(self._epoch, outbox.head)
        deliver(hub, outbox, self._state, lambda: None, lambda *_, **__: False)
        if not outbox.delivered(recorded.epoch, recorded.seq):
            raise Refused("The hub does not hold this look yet.", advice="Try again.", code="not_on_record")
        return recorded

    def _journal(self) -> Outbox:
        if self._outbox is None:
            self._outbox = self._open_journal(at_least=self._state.journal_head(self._epoch))
        return self._outbox

    def _drawing(self) -> Renderer:
        if self._renderer is None:
            self._renderer = Renderer(slots=8)
            self._renderer.start()
        return self._renderer

    def opened(self, box: bytes, info: bytes) -> bytes:
        """What is sealed to this device.

        Raises:
            Untrusted: it is not.
        """
        return hpke_open(box, self._seal, info)

    def forget(self) -> None:
        """Nobody sits here: nothing of a page stays."""
        if self._renderer is not None:
            self._renderer.forget()

    def close(self) -> None:
        """End the drawing, and close the journal."""
        if self._renderer is not None:
            self._renderer.close()
        if self._outbox is not None:
            self._outbox.close()


def _mark(marks: KioskKeys, look: Recorded, name: str, reply: RemarkPageReply, at: datetime) -> MarkText:
    token = Place(marks.tag, look.epoch, look.seq).token
    return MarkText(name, reply.badge_tail, reply.station, "", at, f"{token:016x}", make_band(token, marks))


def _leaf(remark: DeskRemark, reply: RemarkPageReply) -> Leaf:
    document, _, label = remark.revision.partition("/")
    number = remark.number or 1
    return Leaf(
        reply.page, document, "", label, number, number, "", reply.width_mpt / 1000, reply.height_mpt / 1000
    )
