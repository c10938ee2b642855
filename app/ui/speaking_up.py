"""What a worker can say from the station screen: that help is needed, or something wrong on this page.

Owns the panels that it takes and leads from one to the next; the station screen gives it the room.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRectF

from app.kiosk.view import Said
from app.model.remarks import WHATS
from app.ui import words
from app.ui.question_panel import Answer, QuestionPanel
from app.ui.region_marker import RegionMarker
from app.ui.slip_bar import SlipBar
from app.ui.tongue import said
from app.ui.words_panel import WordsPanel

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from PySide6.QtWidgets import QWidget

    from app.kiosk.view import CallSeen, Region, Session
    from app.ui.bridge import Bridge
    from app.ui.theme import Theme

OTHER = "other"


class SpeakingUp(QObject):
    """``page_box`` answers where the page in front lies in its view; None: there is none."""

    def __init__(
        self, theme: Theme, engine: Bridge, parent: QWidget, page_box: Callable[[], QRectF | None]
    ) -> None:
        super().__init__(parent)
        self._engine, self._page_box = engine, page_box
        self._room = QRectF()
        self._page = ""
        self._region: Region | None = None
        self._held = False
        asks = Answer("call", "help", words.CALL), Answer("remark", "remark", words.WRONG_HERE)
        self.help = QuestionPanel(theme, asks, parent)
        self._call: CallSeen | None = None
        self.marker = RegionMarker(theme, parent)
        whats = (Answer(what, "other" if what == OTHER else "remark", text) for what, text in WHATS.items())
        self.whats = QuestionPanel(theme, whats, parent)
        self.own = WordsPanel(theme, parent)
        self.slip = SlipBar(theme, parent)
        self.help.chosen.connect(self._on_help)
        self.marker.marked.connect(self._on_marked)
        self.whats.chosen.connect(self._on_what)
        self.own.entered.connect(lambda text: self._say(OTHER, text))
        for part in (self.marker, self.whats, self.own):
            part.left.connect(self.close_up)
        self.slip.taken_back.connect(self._on_slip)

    # -- what the engine says -----------------------------------------------------------------------------

    def tell(self, session: Session, call: CallSeen | None, now: datetime) -> None:
        """This is in front; another page than the one that is spoken of ends it. ``call``: as it stands."""
        if self._page and self._page != _page_of(session):
            self.close_up()
        held, self._call = session.remark, call
        self.help.rename(0, words.CALL if call is None else words.END_CALL)
        if held is not None:
            self.slip.tell(words.remark_goes(held.left))
        else:
            self.slip.tell(words.call(call, now)[0] if call is not None and call.fresh else "")
        self._held = held is not None
        if self.slip.isVisible():
            self.slip.place(self._room)

    # -- what the person does -----------------------------------------------------------------------------

    def begin(self, session: Session) -> None:
        """The person wants to say something."""
        self.close_up()
        self._page = _page_of(session)
        self.help.ask(said(words.HELP_ASKS))
        self.help.place(self._room)

    @property
    def open(self) -> bool:
        """Whether the person is saying something."""
        return any(part.isVisible() for part in (self.help, self.marker, self.whats, self.own))

    def do(self, command: str) -> bool:
        """Take a key while something is said; returns whether it was one for this."""
        if not self.open:
            return False
        if command == "fit page":
            self.close_up()
        elif self.marker.marking:
            self.marker.do(command)
        return True

    def type(self, text: str) -> bool:
        """Take what was typed while something is said; returns whether it was for this."""
        if not self.open:
            return False
        for letter in text:
            if self.own.isVisible():
                _type(self.own, letter)
            elif self.marker.marking:
                if letter == "\r":
                    self.marker.confirm()
                elif letter in "+=-":
                    self.marker.do("smaller" if letter == "-" else "larger")
            elif letter.isascii() and letter.isdigit():
                (self.help if self.help.isVisible() else self.whats).choose(int(letter) - 1)
        return True

    def page_moved(self) -> None:
        """The page lies elsewhere in its view now: a place marked on it would be another."""
        if self.marker.isVisible():
            self.close_up()

    def close_up(self) -> None:
        """Nothing is being said any more."""
        self._page, self._region = "", None
        for panel in (self.help, self.whats, self.own):
            panel.close_up()
        self.marker.hide()

    def _on_slip(self) -> None:
        if self._held:
            self._engine.take_remark_back()
        else:
            self._engine.take_call_back()

    def _on_help(self, wanted: str) -> None:
        if wanted == "call":
            if self._call is None:
                self._engine.call_for_help()
            else:
                self._engine.take_call_back()
            return
        page = self._page_box()
        if page is not None:
            self.marker.begin(page.translated(-self._room.topLeft()))

    def _on_marked(self, region: Region) -> None:
        self._region = region
        self.marker.hold()
        self.whats.ask(said(words.WHAT_IS_WRONG))
        self.whats.place(self._room, above=self.marker.low)

    def _on_what(self, what: str) -> None:
        if what == OTHER:
            self.own.open_up()
            self.own.place(self._room)
        else:
            self._say(what, "")

    def _say(self, what: str, text: str) -> None:
        if self._region is not None:
            self._engine.remark(Said(self._page, self._region, what, text))
        self.close_up()

    # -- lay-out ------------------------------------------------------------------------------------------

    def restyle(self, theme: Theme) -> None:
        """Another scale: what is being marked is marked again."""
        self.close_up()
        for part in (self.help, self.marker, self.whats, self.own, self.slip):
            part.restyle(theme)

    def place(self, room: QRectF) -> None:
        """The page's view is here."""
        if room != self._room:
            self._room = room
            self.marker.setGeometry(room.toAlignedRect())
            self.page_moved()
        self.slip.place(room)
        for panel in (self.help, self.whats, self.own):
            if panel.isVisible():
                panel.place(room)


def _page_of(session: Session) -> str:
    return session.leaves[session.current].page if session.current < len(session.leaves) else ""


def _type(own: WordsPanel, letter: str) -> None:
    if letter == "\r":
        own.confirm()
    elif letter in "\b\x7f":
        own.delete()
    else:
        own.type(letter)
