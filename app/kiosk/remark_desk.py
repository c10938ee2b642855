"""What people say of pages: held for a few seconds, in which it can be taken back, then on record.

The conductor's part that has to do with it, and with the answers that come back; runs on the engine's thread.
A remark is an event like any other: sealed to the hub, sent with the journal, with or without a network now.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from app.kiosk.view import Notice, RemarkHeld
from app.model.errors import Expected
from app.model.remarks import HELD_SECONDS, MOST_WORDS, VERDICTS, WHATS
from app.seal.boxes import hpke_open
from app.wire.lease import REGION_SCALE
from app.wire.messages import EventKind
from app.wire.remarks import RemarkAnswers, RemarkBody, ToldBody, answers_info

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.kiosk.access import Holding, Opened
    from app.kiosk.bench import Bench
    from app.kiosk.outbox import Draft
    from app.kiosk.recorder import Recorder
    from app.kiosk.view import Region, Said
    from app.wire.lease import Box
    from app.wire.remarks import RemarkAnswer

SECONDS = 8.0
ANSWERED_SECONDS = 30.0


class Host(Protocol):
    """The conductor, as this desk sees it."""

    @property
    def holding(self) -> Holding | None:
        """The lease in force."""

    @property
    def online(self) -> bool:
        """Whether the hub answers."""

    @property
    def now_ms(self) -> int:
        """A clock that does not go back."""

    @property
    def bench(self) -> Bench:
        """The work in front."""

    def recording(self, write: Callable[[], object]) -> bool:
        """Commit an event; False: it does not stand, and the session is over."""

    def tell(self, notice: Notice | None) -> None:
        """Show a message."""

    def publish(self) -> None:
        """Tell the screen."""


@dataclass(frozen=True)
class _Held:
    draft: Draft
    until_ms: int


class RemarkDesk:
    """See the module.

    Failure policy: a remark goes on record when its time is over or the session ends, whichever is first; one
    that cannot be committed ends the session, as a look does. A kiosk that is killed within those seconds has
    not said anything, and its screen never said that it had. An answer is told once this kiosk has recorded
    that it was; where that record is lost, it is told again.
    """

    def __init__(self, host: Host, recorder: Recorder) -> None:
        self._host, self._recorder = host, recorder
        self._held: _Held | None = None
        self._told: set[str] = set()
        self._looked = "", 0

    def say(self, said: Said) -> None:
        """Something is wrong on the page in front: where, what, and in own words."""
        view = self._recorder.view
        if view is None or view.kind is not EventKind.VIEW_BEGIN or said.what not in WHATS:
            return
        if view.page.page != said.page:
            self._host.tell(TURNED)
            return
        if not self.send():
            return
        work = self._host.bench.seen()
        step = work.step(work.now)
        body = RemarkBody.model_validate(
            {
                "region": _box(said.region), "what": said.what, "words": said.words.strip()[:MOST_WORDS],
                "token": view.token, "step": step.code if step is not None else "",
            }
        )  # fmt: skip
        draft = self._recorder.draft(EventKind.PAGE_REMARK, body.model_dump(mode="json"), view.page)
        self._held = _Held(draft, self._host.now_ms + HELD_SECONDS * 1000)
        self._host.publish()

    def take_back(self) -> None:
        """It was a slip: nothing was said."""
        if self._held is not None:
            self._held = None
            self._host.tell(TAKEN_BACK)

    def tick(self) -> None:
        """Time has passed."""
        if self._held is not None and self._host.now_ms >= self._held.until_ms and self.send():
            self._host.tell(SENT if self._host.online else KEPT)

    def send(self) -> bool:
        """Put on record what is held. Returns whether that stands (or there was nothing)."""
        held, self._held = self._held, None
        return held is None or self._host.recording(lambda: self._recorder.keep(held.draft))

    def forget(self) -> None:
        """The session broke off, because nothing can be recorded."""
        self._held = None

    def seen(self) -> RemarkHeld | None:
        """What can be taken back, as the screen shows it."""
        if self._held is None:
            return None
        return RemarkHeld(max(0, -(-(self._held.until_ms - self._host.now_ms) // 1000)))

    # -- answers ------------------------------------------------------------------------------------------

    def answered(self, opened: Opened) -> Notice | None:
        """What somebody who has signed in is to be told of their remarks, once: on record first."""
        holding = self._host.holding
        looked = (opened.operator.person, holding.lease.number if holding is not None else 0)
        if looked == self._looked:
            return None
        self._looked = looked
        answers = [each for each in self._answers(opened) if each.code not in self._told]
        if not answers:
            return None
        bodies = [ToldBody(code=each.code).model_dump() for each in answers]
        told = [self._recorder.draft(EventKind.REMARK_TOLD, body) for body in bodies]
        if not self._host.recording(lambda: self._recorder.keep(*told)):
            self._looked = "", 0
            return None
        self._told.update(each.code for each in answers)
        return notice_of(answers)

    def _answers(self, opened: Opened) -> tuple[RemarkAnswer, ...]:
        holding, person = self._host.holding, opened.operator.person
        box = holding.lease.answers.get(person) if holding is not None else None
        if holding is None or box is None:
            return ()
        info = answers_info(holding.lease.kiosk, holding.lease.number, person)
        try:
            return RemarkAnswers.read(hpke_open(box, opened.keys.seal, info)).answers
        except Expected:  # no page depends on it: whoever signed in works on
            return ()


def _box(region: Region) -> Box:
    left, top, right, bottom = (round(min(max(side, 0.0), 1.0) * REGION_SCALE) for side in region)
    return min(left, right), min(top, bottom), max(left, right), max(top, bottom)


def notice_of(answers: list[RemarkAnswer]) -> Notice:
    """What somebody reads of the answers to their remarks."""
    lines = [
        f"{each.document}, page {each.number}: {VERDICTS[each.verdict]} {each.answer}" for each in answers
    ]
    count = len(answers)
    says = "Your remark was answered." if count == 1 else f"{count} of your remarks were answered."
    return Notice("remark_answered", says, "\n".join(lines), "info", ANSWERED_SECONDS)


TURNED = Notice(
    "remark_turned",
    "The page changed, so nothing was sent.",
    "Mark the place again on the page that you mean.",
    "warning",
    SECONDS,
)
TAKEN_BACK = Notice("remark_taken_back", "Taken back: nothing was sent.", "", "info", SECONDS)
SENT = Notice(
    "remark_sent",
    "Your remark is on its way to quality.",
    "You see the answer when you tap your badge.",
    "info",
    SECONDS,
)
KEPT = Notice(
    "remark_kept",
    "Your remark is kept on this kiosk.",
    "It goes to quality by itself when the hub is back.",
    "info",
    SECONDS,
)
