"""A kiosk that plays its part by script: the records of ``app.kiosk.view`` with real pixels, and no hub.

It stands where the engine stands, behind the same Protocol, on a thread of its own. What it shows is drawn by
the real renderer in its real worker process, ahead of need as the engine does it.
"""

from __future__ import annotations

import hashlib
import queue
import threading
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from app.kiosk.foretold import Foretold
from app.kiosk.view import (
    Changes,
    ClipSeen,
    Framing,
    Leaf,
    MarkText,
    Notice,
    PageChange,
    Painting,
    PinAsk,
    Said,
    Screen,
    Session,
    Stage,
    Status,
)
from app.mark.keys import Place, kiosk_keys
from app.mark.tile import make_band
from app.pages.picture import Pixels, RenderRequest
from app.pages.renderer import Renderer
from app.pages.shared import Slots

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


NOW = datetime(2026, 3, 3, 14, 7, 31, tzinfo=UTC)
MARK_KEY = bytes(range(32))
STATUS = Status(
    kiosk="K-07",
    station="ST-040",
    station_name="Battery attach",
    online=True,
    readable_until=NOW + timedelta(hours=71),
    waiting=0,
)


@dataclass(frozen=True)
class Sheet:
    """A page's bytes and what is known of it."""

    data: bytes
    width_pt: float
    height_pt: float
    title: str = "Battery attach, left side"
    document: str = "WI-100"
    revision: str = "B"
    label: str = ""

    @property
    def page(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass
class Held:
    """Pixels with a count of who holds them, and a record of how they ended."""

    pixels: Pixels
    holders: int = 1
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.width, self.height, self.stride = self.pixels.width, self.pixels.height, self.pixels.stride
        self.page_width_px, self.page_height_px = self.pixels.page_width_px, self.pixels.page_height_px
        self.buffer = self.pixels.buffer

    def hold(self) -> Held:
        with self.lock:
            self.holders += 1
        return self

    def release(self) -> None:
        with self.lock:
            self.holders -= 1
            assert self.holders >= 0, "released once too often"
            last = self.holders == 0
        if last:
            self.pixels.release()


class Player:
    """Implements ``view.Kiosk``. ``people`` maps badge to name; other badges are unknown."""

    def __init__(
        self, sheets: Sequence[Sheet], people: dict[str, str], renderer: Renderer | None = None
    ) -> None:
        self.sheets, self.people = tuple(sheets), people
        self.status = STATUS
        self.asked: list[tuple[object, ...]] = []
        self.given: list[Held] = []
        self.pins: dict[str, str] = {}
        self.text_sizes: dict[str, int] = {}
        self.clips: dict[int, ClipSeen] = {}
        self.keys, self._pending, self._wrong = "1234567890", "", 0
        self.closed = False
        self.delay: float = 0.0
        self.first_screen: Screen | None = None
        self._renderer, self._owns_renderer = renderer or Renderer(slots=16), renderer is None
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="player", daemon=True)
        self._screen = Screen(Stage.BADGE, STATUS)
        self._session: Session | None = None
        self._notice: Notice | None = None
        self._badge = ""
        self._base: Framing | None = None
        self._strip: Framing | None = None
        self._ready: dict[tuple[int, Framing], Held] = {}

    # -- the protocol -------------------------------------------------------------------------------------

    def listen(
        self,
        on_screen: Callable[[Screen], None],
        on_painting: Callable[[Painting], None],
        on_foretold: Callable[[Foretold], None] = lambda _foretold: None,
    ) -> None:
        self._on_screen, self._on_painting, self._on_foretold = on_screen, on_painting, on_foretold
        self._renderer.start()
        self._thread.start()
        self.do(lambda: self._on_screen(self.first_screen or self._screen))

    def tap(self, badge: str) -> None:
        self._ask("tap", badge)
        self.do(lambda: self._tapped(badge))

    def enter_pin(self, pin: str) -> None:
        self._ask("enter_pin", pin)
        self.do(lambda: self._entered(pin))

    def set_pin(self) -> None:
        self._ask("set_pin")

    def begin_grant(self) -> None:
        self._ask("begin_grant")

    def choose(self, index: int) -> None:
        self._ask("choose", index)

    def cancel(self) -> None:
        self._ask("cancel")
        self.do(self._tell)

    def painted(self) -> None:
        """Nothing here waits for it."""

    def turn_to(self, index: int) -> None:
        self._ask("turn_to", index)
        self.do(lambda: self._turn(index))

    def confirm_step(self, key: str) -> None:
        self._ask("confirm_step", key)

    def withdraw_step(self, key: str, reason: str) -> None:
        self._ask("withdraw_step", key, reason)

    def read_changes(self) -> None:
        self._ask("read_changes")

    def confirm_changes(self) -> None:
        self._ask("confirm_changes")

    def postpone_changes(self) -> None:
        self._ask("postpone_changes")

    def open_board(self) -> None:
        self._ask("open_board")

    def call_for_help(self) -> None:
        self._ask("call_for_help")

    def take_call_back(self) -> None:
        self._ask("take_call_back")

    def remark(self, said: Said) -> None:
        self._ask("remark", said)

    def take_remark_back(self) -> None:
        self._ask("take_remark_back")

    def play_clip(self, width_px: int, height_px: int) -> None:
        self._ask("play_clip", width_px, height_px)
        self.do(lambda: self._play(Framing(width_px, height_px)))

    def stop_clip(self) -> None:
        self._ask("stop_clip")
        self.set_session(clip="")

    def frame(self, framing: Framing) -> None:
        self._ask("frame", framing)
        self.do(lambda: self._frame(framing))

    def show_strip(self, width_px: int, height_px: int) -> None:
        self._ask("show_strip", width_px, height_px)
        self.do(lambda: self._thumbs(Framing(width_px, height_px)))

    def touch(self) -> None:
        self._ask("touch")

    def lock(self) -> None:
        self._ask("lock")
        self.do(self._lock)

    def close(self) -> None:
        self.closed = True
        self._work.put(None)
        if self._thread.is_alive():
            self._thread.join()

    # -- the script ---------------------------------------------------------------------------------------

    def do(self, act: Callable[[], None]) -> None:
        """Have something done on the player's thread, after what was asked before."""
        self._work.put(act)

    def settle(self) -> None:
        """Return when everything asked so far is done."""
        done = threading.Event()
        self.do(done.set)
        assert done.wait(20)

    def say(self, notice: Notice | None) -> None:
        def act() -> None:
            self._notice = notice
            self._tell()

        self.do(act)

    def set_status(self, **changes: object) -> None:
        def act() -> None:
            self.status = replace(self.status, **changes)  # type: ignore[arg-type]
            self._tell()

        self.do(act)

    def set_session(self, **changes: object) -> None:
        def act() -> None:
            if self._session is not None:
                self._session = replace(self._session, **changes)  # type: ignore[arg-type]
                self._tell()

        self.do(act)

    def compare(self, *changes: PageChange, left: int = 0, more: bool = True) -> None:
        """What changed is to be read; indices are those of the sheets."""

        def act() -> None:
            assert self._session is not None
            leaves = self._leaves()
            told = Changes("WI-100", leaves[0].title, "B", "A", leaves, changes, left, more)
            self._session = replace(self._session, leaves=(), current=0, changes=told)
            self._tell()
            self._pair()

        self.do(act)

    def put_up(self, stage: Stage, notice: Notice | None = None) -> None:
        self.show(Screen(stage, self.status, None, notice))

    def show(self, screen: Screen) -> None:
        self.do(lambda: self._on_screen(screen))

    def count(self, what: str) -> int:
        return sum(1 for asked in self.asked if asked[0] == what)

    # -- the thread ---------------------------------------------------------------------------------------

    def _ask(self, *what: object) -> None:
        assert not self.closed
        self.asked.append(what)

    def _run(self) -> None:
        while (act := self._work.get()) is not None:
            act()
        self._forget()
        if self._owns_renderer:
            self._renderer.close()

    def _tell(self) -> None:
        stage = Stage.STATION if self._session is not None else Stage.BADGE
        if self._session is not None and self._session.changes is not None:
            stage = Stage.CHANGES
        self._screen = Screen(stage, self.status, self._session, self._notice)
        self._on_screen(self._screen)

    def _tapped(self, badge: str) -> None:
        same = badge == self._badge
        if self._session is not None:
            self._lock()
            if same:
                return
        self._on_screen(Screen(Stage.IDENTIFYING, self.status))
        if badge in self.pins:
            self._pending, self._wrong = badge, 0
            self._ask_pin()
            return
        self._admit(badge)

    def _ask_pin(self, notice: Notice | None = None) -> None:
        left = 5 - self._wrong if self._wrong else None
        ask = PinAsk("Enter your PIN", "6 to 12 digits, then OK", self.keys, left=left)
        self._on_screen(Screen(Stage.PIN, self.status, None, notice, ask))

    def _entered(self, pin: str) -> None:
        self._on_screen(Screen(Stage.IDENTIFYING, self.status))
        if self.pins.get(self._pending) == pin:
            self._admit(self._pending)
            return
        self._wrong += 1
        wrong = Notice("wrong_pin", "Badge and PIN do not match.", "Enter your PIN again.", "warning", 8.0)
        self._ask_pin(wrong)

    def _admit(self, badge: str) -> None:
        name = self.people.get(badge)
        if name is None:
            self._notice = Notice(
                "badge_unknown",
                "This badge is not known at this line.",
                "Ask your supervisor to assign you here, or go to the badge office.",
                "warning",
                8.0,
            )
            self._tell()
            return
        self._notice, self._badge = None, badge
        mark = MarkText(name, "…" + badge[-4:], "ST-040", "", NOW, *marked(1))
        leaves = self._leaves()
        self._session = Session(name, name, leaves, 0, mark, text_size=self.text_sizes.get(badge, 100))
        if self._base is not None:
            self._want(self._base)
        self._tell()

    def _leaves(self) -> tuple[Leaf, ...]:
        return tuple(
            Leaf(
                s.page,
                s.document,
                s.title,
                s.revision,
                n,
                len(self.sheets),
                s.label,
                s.width_pt,
                s.height_pt,
                clip=self.clips.get(n - 1),
            )
            for n, s in enumerate(self.sheets, 1)
        )

    def _pair(self) -> None:
        """The page before and the page now, in the frame that was asked for last."""
        session, framing = self._session, self._base
        if session is None or session.changes is None or framing is None:
            return
        change = session.changes.changes[session.current]
        for index in (change.new, change.old):
            if index is not None:
                held = Held(self._render(index, framing))
                self.given.append(held)
                token, tile = marked(index + 1)
                self._on_painting(
                    Painting(index, framing, held, replace(session.mark, token=token, tile=tile))
                )

    def _turn(self, index: int) -> None:
        if self._session is None:
            return
        if self._session.changes is not None:
            self._session = replace(self._session, current=index)
            self._tell()
            self._pair()
            return
        index = min(max(0, index), len(self.sheets) - 1)
        if index != self._session.current:
            before, (token, tile) = self._session.mark, marked(index + 1)
            mark = replace(before, at=before.at + timedelta(seconds=7), token=token, tile=tile)
            with Foretold(index, mark) as foretold:
                self._on_foretold(foretold)
                foretold.recorded(tile)
            self._session = replace(self._session, current=index, mark=mark, clip="")
            if self._base is not None:
                self._want(self._base)
            self._tell()

    def _frame(self, framing: Framing) -> None:
        if framing.clip is None and framing.zoom == 1.0:
            self._base = framing
        if self._session is not None and self._session.changes is not None:
            self._pair()
        elif self._session is not None:
            self._want(framing)

    def _want(self, framing: Framing) -> None:
        assert self._session is not None
        assert self._base is not None
        current = self._session.current
        near = {(n, self._base) for n in (current, current + 1, current - 1) if 0 <= n < len(self.sheets)}
        wanted = near | {(current, framing)}
        for key in [key for key in self._ready if key not in wanted]:
            self._ready.pop(key).release()
        held = self._ready.get((current, framing)) or self._draw(current, framing)
        self._on_painting(Painting(current, framing, held.hold(), self._session.mark))
        self.do(lambda: self._ahead(near))

    def _ahead(self, near: set[tuple[int, Framing]]) -> None:
        for index, framing in sorted(near, key=lambda key: key[0]):
            if self._session is None or framing != self._base:
                return
            held = self._ready.get((index, framing)) or self._draw(index, framing)
            if index != self._session.current:
                token, tile = marked(index + 1)
                mark = replace(self._session.mark, token=token, tile=tile)
                self._on_painting(Painting(index, framing, held.hold(), mark, ahead=True))

    def _draw(self, index: int, framing: Framing) -> Held:
        if self.delay:
            threading.Event().wait(self.delay)
        held = self._ready[index, framing] = Held(self._render(index, framing))
        self.given.append(held)
        return held

    def _render(self, index: int, framing: Framing) -> Pixels:
        sheet = self.sheets[index]
        if not self._renderer.holds(sheet.page):
            self._renderer.put(sheet.page, sheet.data)
        return self._renderer.render(
            RenderRequest(
                sheet.page, framing.width_px, framing.height_px, framing.zoom, framing.fit, framing.clip
            )
        )

    def _play(self, framing: Framing) -> None:
        """Play or pause; the film is one grey picture."""
        session = self._session
        if session is None:
            return
        self._session = replace(session, clip="paused" if session.clip == "playing" else "playing")
        self._tell()
        if session.clip:
            return
        held = Held(_grey(framing.width_px, framing.height_px))
        self.given.append(held)
        self._on_painting(Painting(session.current, framing, held, session.mark, clip=True))

    def _thumbs(self, framing: Framing) -> None:
        for index in range(len(self.sheets)):
            if self._session is not None:
                held = Held(self._render(index, framing))
                self.given.append(held)
                self._on_painting(Painting(index, framing, held, self._session.mark, thumbnail=True))

    def _lock(self) -> None:
        self._forget()
        self._session, self._badge = None, ""
        self._tell()

    def _forget(self) -> None:
        for held in self._ready.values():
            held.release()
        self._ready.clear()
        self._renderer.forget()


def _grey(width: int, height: int) -> Pixels:
    """A picture of one tone."""
    slots = Slots(1, 4 * width * height + 4096)
    start, _ = slots.take(4 * width * height)
    pixels = memoryview(bytes([128]) * (4 * width * height))
    return Pixels(width, height, 4 * width, pixels, width, height, 0.0, slots, start)


def marked(seq: int) -> tuple[str, bytes]:
    """A look's token and forensic mark, by the keys of a kiosk."""
    keys = kiosk_keys(MARK_KEY, "K-12")
    token = Place(keys.tag, 1, seq).token
    return f"{token:016x}", make_band(token, keys)
