"""The screen of a signed-in person: status line, page, strip, toolbar, and what commands do."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from app.kiosk.view import Notice, Work
from app.model.steps import REASONS
from app.ui import words
from app.ui.clip_panel import ClipPanel
from app.ui.folded import FoldedBars
from app.ui.framing import ZOOM_STEP, lay_out
from app.ui.gestures import Hands
from app.ui.notice_card import NoticeCard
from app.ui.page_view import PageView
from app.ui.question_panel import Answer, QuestionPanel
from app.ui.speaking_up import SpeakingUp
from app.ui.status_line import StatusLine, standing
from app.ui.strip import Strip
from app.ui.tongue import said
from app.ui.toolbar import Toolbar

if TYPE_CHECKING:
    from datetime import datetime

    from PySide6.QtCore import QSize
    from PySide6.QtGui import QResizeEvent

    from app.kiosk.foretold import Foretold
    from app.kiosk.view import Painting, Screen, Session
    from app.ui.bridge import Bridge
    from app.ui.theme import Theme

SCROLL_SHARE = 0.2
"""How far an arrow key moves a page that is larger than the view, as a share of the view."""
RUSH_S = 1.5
"""Presses within this time count from the page that the last press asked for, not from the one shown."""
HANDS = frozenset({"previous", "next", "up", "down", "larger", "smaller", "fit page"})
"""Commands that go to what is being said, while something is."""
_HIDES_PAGE = frozenset({"page_absent", "page_damaged", "page_refused", "page_unreadable", "page_too_large"})


class StationScreen(QWidget):
    """Owns the widgets; the engine's answers come by ``tell`` and ``take_painting``."""

    def __init__(self, theme: Theme, engine: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._engine = theme, engine
        self._session: Session | None = None
        self._goal, self._goal_at = 0, 0.0
        self._notice: Notice | None = None
        self._explaining = False
        self._standing: tuple[str, ...] = ()
        self._asked_standing = False
        self._status = StatusLine(theme, self)
        self._view = PageView(theme, engine.frame, self)
        self._clip = ClipPanel(theme, self)
        self._strip = Strip(theme, self)
        self._strip.hide()
        self._toolbar = Toolbar(theme, self)
        self._folded = FoldedBars(theme, self._status, self._toolbar, self)
        self._card = NoticeCard(theme, self)
        reasons = (Answer(reason, "undo", text) for reason, text in REASONS.items())
        self._reasons = QuestionPanel(theme, reasons, self)
        self._taking_back = ""
        self.speaking = SpeakingUp(theme, engine, self, self._page_box)
        self._hands = Hands(self._view, self)
        self._view.look_changed.connect(self._tell_look)
        self._view.look_changed.connect(self.speaking.page_moved)
        self._view.moved.connect(self._place_clip)
        self._clip.clicked.connect(lambda: self.do("play"))
        self._clip.left.connect(engine.stop_clip)
        self._toolbar.asked.connect(self.do)
        self._status.asked.connect(lambda: self.do("standing"))
        self._folded.asked.connect(lambda: self.do("menu"))
        self._strip.chosen.connect(self.go)
        self._reasons.chosen.connect(lambda reason: engine.withdraw_step(self._taking_back, reason))
        self._commands = {
            "previous": lambda: self.turn(-1),
            "next": lambda: self.turn(1),
            "first": lambda: self.go(0),
            "last": lambda: self.go(10**9),
            "larger": lambda: self.zoom(ZOOM_STEP),
            "smaller": lambda: self.zoom(1 / ZOOM_STEP),
            "fit page": self._escape,
            "fit": self._switch_fit,
            "pages": self.toggle_strip,
            "menu": self._open_menu,
            "withheld": self._explain,
            "standing": self._tell_standing,
            "up": lambda: self._scroll(1),
            "down": lambda: self._scroll(-1),
            "lock": engine.lock,
            "confirm": self._confirm,
            "undo": self._take_back,
            "help": self._speak_up,
            "play": self._play,
            "board": engine.open_board,
            "postpone": engine.cancel,
        }

    # -- what the engine says -----------------------------------------------------------------------------

    def tell(self, screen: Screen, now: datetime) -> None:
        """Show this; ``now`` is aware local time."""
        session = screen.session
        if session is None:
            return
        if self._session is None or self._session.person != session.person:
            self._goal_at = 0.0
        self._session = session
        self._tell_agreement(session)
        self.setAccessibleName(
            words.at_station(session.name, screen.status.station, screen.status.station_name)
        )
        notice = screen.notice
        unit = session.work.unit or session.work.order
        told = session.exceptional
        self._status.tell(screen.status, now, session.name, session.lock_in, unit=unit, exceptional=told)
        self._standing = standing(screen.status, now, told)
        self._view.frame_red(serious=told is not None and told.kind == "glass")
        self._view.tell(
            session.leaves, session.current, withheld=notice is not None and notice.code in _HIDES_PAGE
        )
        self._strip.tell(session.leaves, session.current, session.mark, session.work)
        self._toolbar.tell_work(session.work)
        if session.work.last != self._taking_back:
            self._reasons.close_up()
        leaf = session.leaves[session.current] if session.current < len(session.leaves) else None
        self._toolbar.tell(
            leaf, session.current, len(session.leaves), beyond=session.finishing, language=session.language
        )
        self._folded.tell(session)
        if self._theme.large:  # what the bars would say, had they the room
            self._standing = (*self._toolbar.place_said(), session.name, words.clock(now), *self._standing)
        self._explaining = self._explaining and bool(session.withheld)
        self._tell_look()
        self.speaking.tell(session, screen.status.call, now)
        self._tell_clip()
        self._notice = notice
        self._tell_card()

    def _tell_agreement(self, session: Session) -> None:
        """An agreement has no strip: it is read from first to last."""
        self._toolbar.tell_agreement(session.paper)
        if session.paper is not None and not self._strip.isHidden():
            self._strip.hide()
            self._place()

    def take_painting(self, painting: Painting) -> None:
        """Pixels of a page."""
        if painting.thumbnail:
            self._strip.take(painting)
        elif painting.ahead:
            self._view.make_ready(painting)
        elif painting.clip:
            self._clip.take(painting)
        else:
            self._view.take(painting)
            self._tell_clip()
            self._tell_card()

    def take_foretold(self, foretold: Foretold) -> None:
        """The next page: painted by the time its look is on record. No clip lies over it."""
        self._clip.leave()
        self._view.foretell(foretold)

    def ask_frame(self) -> None:
        """Tell the engine in which size a page is wanted."""
        self._place()
        self._view.ask_frame()

    def leave(self) -> None:
        """The session is over: nothing of it stays in these widgets."""
        self._session = None
        self._clip.leave()
        self._view.leave()
        self._strip.leave()
        self._strip.hide()
        self._toolbar.tell(None, 0, 0)
        self._toolbar.tell_work(Work())
        self._reasons.close_up()
        self.speaking.close_up()
        self.speaking.slip.tell("")
        self._toolbar.tell_session(None, withheld=False, explained=False)
        self._toolbar.tell_agreement(None)
        self._folded.set_open(is_open=False)
        self._notice, self._explaining, self._asked_standing = None, False, False
        self._card.tell(None)
        self._place()

    # -- how it stands ------------------------------------------------------------------------------------

    @property
    def shown(self) -> int | None:
        """The leaf whose pixels are on the screen."""
        return self._view.shown

    @property
    def page_room(self) -> QSize:
        """What the page has of the screen."""
        return self._view.size()

    @property
    def menu_open(self) -> bool:
        """Whether the toolbar is over the page."""
        return self._folded.is_open

    @property
    def pages_open(self) -> bool:
        """Whether the strip of all pages is open."""
        return not self._strip.isHidden()

    # -- what the person does -----------------------------------------------------------------------------

    def do(self, command: str) -> None:
        """Carry out a command of a button or key. Whatever it is, a menu that is open has served."""
        act = self._commands.get(command)
        if self._folded.is_open and command != "menu":
            self._folded.set_open(is_open=False)
            act = None if command == "fit page" else act
        if command in {"up", "down"} and self._card.turn(1 if command == "down" else -1):
            act = None
        if act is not None and not (command in HANDS and self.speaking.do(command)):
            act()
        self._engine.touch()

    def _open_menu(self) -> None:
        """The toolbar over the page, where letters are too large for it to stand there; or away with it."""
        self._folded.set_open(is_open=not self._folded.is_open)

    def type(self, text: str) -> bool:
        """Take letters that a person typed, if something is being said; returns whether it is."""
        return self.speaking.type(text)

    def turn(self, step: int) -> None:
        """So many pages on or back."""
        if self._session is not None:
            hurried = time.monotonic() - self._goal_at < RUSH_S
            self.go((self._goal if hurried else self._session.current) + step)

    def go(self, index: int) -> None:
        """To leaf ``index``, clamped."""
        session = self._session
        if session is None or not session.leaves:
            return
        if session.finishing and index != session.current:
            self._engine.read_changes()
            return
        self._goal = min(max(0, index), len(session.leaves) - 1)
        self._goal_at = time.monotonic()
        self._asked_standing = False
        self._engine.turn_to(self._goal)

    def zoom(self, factor: float, at: tuple[float, float] | None = None) -> None:
        """Larger or smaller."""
        self._view.zoom(factor, at)

    def pan(self, dx: float, dy: float) -> bool:
        """Move the page."""
        return self._view.pan(dx, dy)

    def is_fitted(self) -> bool:
        """Whether the page is not zoomed."""
        return self._view.look.zoom == 1.0

    def fit_again(self) -> None:
        """Back to the fit."""
        self._view.fit(self._view.look.fit)

    def toggle_strip(self) -> None:
        """Open or close the strip of all pages."""
        self._strip.setVisible(self._strip.isHidden())
        self._place()
        self._tell_look()
        if not self._strip.isHidden():
            self._engine.show_strip(*self._strip.thumb_size())

    def _confirm(self) -> None:
        """The step that is offered is done: exactly the one that the screen names."""
        if self._session is not None and self._session.work.now:
            self._engine.confirm_step(self._session.work.now)

    def _take_back(self) -> None:
        """Ask why the last confirmation does not hold."""
        work = self._session.work if self._session is not None else Work()
        step = work.step(work.last)
        if step is not None:
            self.speaking.close_up()
            self._taking_back = step.key
            self._reasons.ask(words.why_taken_back(step.code))
            self._reasons.place(QRectF(self._view.geometry()))

    def _speak_up(self) -> None:
        """Ask what the person wants to say; a second press ends that."""
        if self.speaking.open:
            self.speaking.close_up()
        elif self._session is not None and self._session.paper is None:
            self._reasons.close_up()
            self.speaking.begin(self._session)

    def _page_box(self) -> QRectF | None:
        """Where the page in front lies in this screen; parts of it may lie outside its view."""
        session, view, ratio = self._session, self._view, self.devicePixelRatioF()
        if session is None or view.shown != session.current or view.shown >= len(session.leaves):
            return None
        size = round(view.width() * ratio), round(view.height() * ratio)
        left, top, right, bottom = lay_out(view.look, session.leaves[view.shown], size).page_box
        box = QRectF(left / ratio, top / ratio, (right - left) / ratio, (bottom - top) / ratio)
        return box.translated(view.pos())

    def _play(self) -> None:
        """Play what the page in front has, let it stand still, or go on."""
        if self._clip.playable:
            self._engine.play_clip(*self._clip.size_px)

    def _tell_clip(self) -> None:
        if self._session is not None:
            self._clip.tell(self._session, self._view.shown)
            self._place_clip()

    def _place_clip(self) -> None:
        self._clip.place(self._page_box(), self._view.geometry())

    def _escape(self) -> None:
        """Away with a question or a clip; without one, the whole page."""
        if self._reasons.isVisible():
            self._reasons.close_up()
        elif self._clip.playing:
            self._engine.stop_clip()
        else:
            self._view.fit("page")

    def _scroll(self, direction: int) -> None:
        self._view.pan(0, direction * self._view.height() * SCROLL_SHARE)

    def _explain(self) -> None:
        """Tell which pages are withheld and why, or stop telling; what changed is shown instead."""
        if self._session is not None and self._session.unread:
            self._engine.read_changes()
            return
        self._explaining, self._asked_standing = not self._explaining, False
        self._tell_card()

    def _tell_standing(self) -> None:
        """Tell in full what the status line has no room for, or stop telling."""
        self._asked_standing, self._explaining = not self._asked_standing, False
        self._tell_card()

    def _tell_card(self) -> None:
        notice, session = self._notice, self._session
        if self._explaining and session is not None:
            notice = Notice(
                "withheld", words.WITHHELD, words.listed([said(sentence) for sentence in session.withheld])
            )
        elif self._asked_standing:
            notice = Notice("standing", words.STANDING, words.listed(self._standing))
        if session is not None:
            self._toolbar.tell_session(
                session.lock_in,
                withheld=bool(session.withheld),
                explained=self._explaining,
                unread=session.unread,
                leads=session.leads,
            )
        self._card.set_large(self._view.shown is None)
        self._card.tell(notice)
        self._view.speechless = notice is not None
        self._place_card()

    def _switch_fit(self) -> None:
        fitted_page = self.is_fitted() and self._view.look.fit == "page"
        self._view.fit("width" if fitted_page else "page")

    def _tell_look(self) -> None:
        self._toolbar.tell_look(
            self._view.look.fit,
            fitted=self.is_fitted(),
            at_most=self._view.at_most_zoom,
            pages=not self._strip.isHidden(),
        )

    # -- lay-out ------------------------------------------------------------------------------------------

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self._theme = theme
        self._hands.unit = theme.unit
        parts = (
            self._status, self._view, self._clip, self._strip, self._toolbar, self._card, self._reasons,
            self.speaking,
        )  # fmt: skip
        for part in parts:
            part.restyle(theme)
        self._folded.restyle(theme)
        self.ask_frame()

    def resizeEvent(self, _event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Lay out."""
        self._place()

    def _place(self) -> None:
        theme, width, height = self._theme, self.width(), self.height()
        left = self._strip.wide() if not self._strip.isHidden() else 0
        if theme.large:
            top, bottom = 0, self._folded.place(width, height)
        else:
            top, bottom = theme.status, height - theme.px("toolbar")
            self._status.setGeometry(0, 0, width, top)
            self._toolbar.setGeometry(0, bottom, width, height - bottom)
        self._strip.setGeometry(0, top, self._strip.wide(), bottom - top)
        self._view.setGeometry(left, top, width - left, bottom - top)
        self.speaking.place(QRectF(self._view.geometry()))
        self._place_clip()
        self._place_card()

    def _place_card(self) -> None:
        view = self._view.geometry()
        edge = self._theme.length(20)
        width = min(view.width() - 2 * self._theme.length(24), self._theme.letters(960))
        height = self._card.fit(width, view.height() - 2 * edge)
        # Over a page it keeps to the edge; where there is no page it takes the page's place.
        middle = self._view.shown is None
        top = view.center().y() - height // 2 if middle else view.bottom() - edge - height
        self._card.setGeometry(view.left() + (view.width() - width) // 2, top, width, height)
        self._card.raise_()
        if self._reasons.isVisible():
            self._reasons.place(QRectF(view))
            self._reasons.raise_()
