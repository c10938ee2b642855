"""What stands around the board of a kiosk: its bar at the foot, the question why, the watermarks over all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtWidgets import QWidget

from app.mark.visible import Ground
from app.ui import desk_words, drawing, icons, words
from app.ui.marked import MarkedCanvas
from app.ui.question_panel import Answer, QuestionPanel
from app.ui.theme import Theme, contrast
from app.ui.tongue import joined, said
from app.ui.touch_button import TouchButton

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QResizeEvent

    from app.kiosk.view import MarkText

DARK_FROM = 4.5
"""A ground with this contrast to white is a dark one."""
TALL_LARGE = 84
"""Height of the bar at unit 1 and usual letters, where letters are large: two lines of them."""
BUTTON_MOST = 0.4
"""Share of the bar that its button takes at most there."""
LEAST = 0.7
"""How small the countdown becomes before it is said in short."""


class WhyPanel(QuestionPanel):
    """Asks why somebody is moved. ``answered`` carries the reason; ``asked``: it is up and wants a place."""

    asked = Signal()
    answered = Signal(object)
    cancelled = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, (Answer(reason, "", reason) for reason in desk_words.REASONS), parent)
        self.chosen.connect(self.answered)
        self.left.connect(self.cancelled)

    def ask_why(self, how: str) -> None:
        """Show the question; ``how`` says what about."""
        self.ask(said(desk_words.REASON_TITLE), joined(how, said(desk_words.REASON_HOW)))
        self.asked.emit()


class BoardBar(QWidget):
    """The dark bar at the foot: how the floor stands, or what is in the way; the countdown; the way out."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._told, self._trouble = "", ""
        self._lock_in: int | None = None
        self.close_button = TouchButton(theme, "lock", words.CLOSE_BOARD, self, wordy=True)

    @property
    def says(self) -> str:
        """What it says beside the countdown."""
        return self._trouble or self._told

    @property
    def tall(self) -> int:
        """How high it is."""
        theme = self._theme
        return max(theme.px("toolbar"), theme.letters(TALL_LARGE)) if theme.large else theme.px("toolbar")

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self._theme = theme
        self.close_button.restyle(theme)
        self._place()

    def tell(self, told: str, trouble: str) -> None:
        """``trouble`` takes the place of how the floor stands."""
        self._told, self._trouble = told, trouble
        self.setAccessibleName(self.says)
        self.update()

    def tell_lock(self, lock_in: int | None) -> None:
        """Seconds to the lock, while it is near."""
        if lock_in != self._lock_in:
            self._lock_in = lock_in
            self.update()

    def resizeEvent(self, _event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Lay out."""
        self._place()

    def _place(self) -> None:
        wide, edge = self._theme.length(340), self._theme.px("edge")
        if self._theme.large:
            wide = min(self.close_button.width_wanted(), round(self.width() * BUTTON_MOST))
        self.close_button.setGeometry(self.width() - wide - edge, edge, wide, self.height() - 2 * edge)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint."""
        theme, high = self._theme, float(self.height())
        gap = theme.length(20)
        room = QRectF(gap, 0, self.close_button.x() - 2 * gap, high)
        with drawing.painting(self) as painter:
            painter.fillRect(self.rect(), theme.colour("bar"))
            if self._lock_in is not None:
                drawing.panel(painter, room.adjusted(0, 2, 0, -2), theme.colour("warn"), theme.px("radius"))
                texts, font = words.locks_in(self._lock_in), theme.font("body", bold=True)
                text = texts[drawing.width_of(texts[0], font) * LEAST > room.width() - gap]
                font = drawing.fitted(font, text, room.width() - gap)
                drawing.line(painter, room, text, font, theme.colour("on_warn"), drawing.CENTRE)
                return
            if self._trouble:
                side = high * 0.5
                spot = QRectF(room.left(), (high - side) / 2, side, side)
                icons.draw(painter, "warning", spot, theme.style.colours["warn"])
                room.setLeft(spot.right() + gap)
            font = drawing.shrunk(theme.font("small"), self.says, room.width(), high - theme.length(8))
            tall = min(high, drawing.height_of(self.says, font, room.width()))
            room.setTop((high - tall) / 2)
            colour = theme.colour("warn" if self._trouble else "bar_ink")
            drawing.paragraph(painter, room, self.says, font, colour, drawing.TOP_LEFT)


class Veil(QWidget):
    """Both watermarks over the whole screen: a picture of people's names and places tells who took it."""

    def __init__(self, theme: Theme, mark: MarkText, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._mark, self._canvas = theme, mark, MarkedCanvas()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self._theme = theme
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint."""
        ratio = self.devicePixelRatioF()
        light = contrast(self._theme.style.colours["ground"], "#ffffff") < DARK_FROM
        ground = Ground.LIGHT if light else Ground.DARK
        with drawing.painting(self) as painter:
            self._canvas.cover(painter, self.rect(), self._mark, ground, device_pixel_ratio=ratio)
