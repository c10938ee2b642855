"""The desk's smaller widgets: the bar above, the bar that tells and undoes, the question why, signing in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from app.ui import desk_badge_words, desk_quality_words, desk_words, drawing, icons
from app.ui.tongue import joined, said
from app.ui.touch_button import TouchButton
from app.wire.desk import UNDO_SECONDS

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent

    from app.ui.theme import Theme

BUTTON_MOST = 0.38
"""Share of the message's width that its button takes at most, where letters are large."""

TELL_MS = 8000
"""How long a message stays."""


def sheet(theme: Theme) -> str:
    """Qt's own widgets in the theme's colours."""
    c, size = theme.style.colours, theme.style.type_px
    radius, pad = theme.px("radius") // 2, theme.length(14)
    label = max(11, round(size["label"] * theme.unit))
    return f"""
        QLineEdit {{ background: {c["surface"]}; color: {c["ink"]}; border: 1px solid {c["line"]};
            border-radius: {radius}px; padding: {pad}px; font: {label}px "{theme.style.family}"; }}
        QLineEdit:focus {{ border: 2px solid {c["accent"]}; }}
        QPushButton {{ background: {c["surface"]}; color: {c["ink"]}; border: 1px solid {c["line"]};
            border-radius: {radius}px; padding: {pad}px; font: {label}px "{theme.style.family}"; }}
        QPushButton:focus {{ border: 2px solid {c["accent"]}; }}
        QPushButton:pressed, QPushButton:default {{ background: {c["accent"]}; color: {c["on_accent"]}; }}
        QPushButton[danger="true"] {{ background: {c["error_mark"]}; color: {c["ground"]}; }}
        QListWidget, QTextBrowser {{ background: {c["surface"]}; color: {c["ink"]};
            border: 1px solid {c["line"]}; border-radius: {radius}px;
            font: {label}px "{theme.style.family}"; }}
        QProgressBar {{ background: {c["lane"]}; border: none; border-radius: {radius}px; }}
        QProgressBar::chunk {{ background: {c["accent"]}; border-radius: {radius}px; }}
        QListWidget::item {{ padding: {pad}px; }}
        QListWidget::item:selected {{ background: {c["accent"]}; color: {c["on_accent"]}; }}
        QComboBox, QDateEdit, QTimeEdit {{ background: {c["surface"]}; color: {c["ink"]};
            border: 1px solid {c["line"]}; border-radius: {radius}px; padding: {pad}px;
            font: {label}px "{theme.style.family}"; }}
        QComboBox:focus, QDateEdit:focus, QTimeEdit:focus {{ border: 2px solid {c["accent"]}; }}
        QComboBox QAbstractItemView, QCalendarWidget QWidget {{ background: {c["surface"]}; color: {c["ink"]};
            selection-background-color: {c["accent"]}; selection-color: {c["on_accent"]}; }}
        QTableView {{ background: {c["surface"]}; color: {c["ink"]}; border: 1px solid {c["line"]};
            gridline-color: {c["lane"]}; font: {label}px "{theme.style.family}";
            selection-background-color: {c["accent"]}; selection-color: {c["on_accent"]}; }}
        QHeaderView::section {{ background: {c["lane"]}; color: {c["ink"]}; border: none;
            padding: {pad}px; font: {label}px "{theme.style.family}"; }}
        QPushButton:disabled {{ background: {c["lane"]}; color: {c["ink_soft"]}; }}
    """


class DeskBar(QWidget):
    """The dark bar above: what this is, how the floor stands, who is signed in. ``left``: signing out."""

    left = Signal()
    lockdown_asked = Signal()
    plan_asked = Signal()
    exposure_asked = Signal()
    review_asked = Signal()
    remarks_asked = Signal()
    badges_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.lockdown = TouchButton(theme, "withheld", desk_words.LOCK, self, wordy=True)
        self.lockdown.clicked.connect(self.lockdown_asked)
        self.plan = TouchButton(theme, "pages", desk_words.PLAN, self, wordy=True)
        self.plan.clicked.connect(self.plan_asked)
        self.exposure = TouchButton(theme, "person", desk_words.EXPOSURE, self, wordy=True)
        self.exposure.clicked.connect(self.exposure_asked)
        self.review = TouchButton(theme, "warning", desk_quality_words.REVIEW, self, wordy=True)
        self.review.clicked.connect(self.review_asked)
        self.remarks = TouchButton(theme, "remark", desk_quality_words.REMARKS, self, wordy=True)
        self.remarks.clicked.connect(self.remarks_asked)
        self.badges = TouchButton(theme, "badge", desk_badge_words.BADGES, self, wordy=True)
        self.badges.clicked.connect(self.badges_asked)
        self._told, self._who, self._trouble = "", "", ""
        self.out = TouchButton(theme, "lock", desk_words.SIGN_OUT, self, wordy=True)
        self.out.clicked.connect(self.left)

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self._theme = theme
        self.out.restyle(theme)
        self.lockdown.restyle(theme)
        self.plan.restyle(theme)
        self.exposure.restyle(theme)
        self.review.restyle(theme)
        self.remarks.restyle(theme)
        self.badges.restyle(theme)
        self._place()

    def tell(self, told: str, who: str, trouble: str) -> None:
        """``trouble`` takes the place of how the floor stands."""
        if (told, who, trouble) != (self._told, self._who, self._trouble):
            self._told, self._who, self._trouble = told, who, trouble
            self.update()

    def resizeEvent(self, _event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Lay out."""
        self._place()

    def _place(self) -> None:
        wide, edge = self._theme.length(218), self._theme.length(10)
        high = self.height() - 2 * edge
        self.out.setGeometry(self.width() - wide - edge, edge, wide, high)
        self.lockdown.setGeometry(self.width() - 2 * wide - 2 * edge, edge, wide, high)
        self.plan.setGeometry(self.width() - 3 * wide - 3 * edge, edge, wide, high)
        self.exposure.setGeometry(self.width() - 4 * wide - 4 * edge, edge, wide, high)
        self.review.setGeometry(self.width() - 5 * wide - 5 * edge, edge, wide, high)
        self.remarks.setGeometry(self.width() - 6 * wide - 6 * edge, edge, wide, high)
        self.badges.setGeometry(self.width() - 7 * wide - 7 * edge, edge, wide, high)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint."""
        theme, box = self._theme, QRectF(self.rect())
        with drawing.painting(self) as painter:
            painter.fillRect(box, theme.colour("bar"))
            edge = theme.length(24)
            font = theme.font("body", bold=True)
            wide = drawing.width_of(desk_words.BOARD, font) + 2
            left = QRectF(edge, 0, wide, box.height())
            drawing.line(painter, left, desk_words.BOARD, font, theme.colour("bar_ink"), drawing.LEFT)
            soft = theme.font("label")
            who_wide = min(drawing.width_of(self._who, soft) + 2, box.width() * 0.3)
            who = QRectF(self.badges.x() - who_wide - edge, 0, who_wide, box.height())
            drawing.line(painter, who, self._who, soft, theme.colour("bar_soft"), drawing.RIGHT)
            begin = left.right() + theme.length(32)
            if self._trouble:
                side = box.height() * 0.5
                spot = QRectF(begin, (box.height() - side) / 2, side, side)
                icons.draw(painter, "warning", spot, theme.style.colours["warn"])
                begin += side + theme.length(10)
            text = QRectF(begin, 0, who.left() - begin - edge, box.height())
            colour = theme.colour("warn" if self._trouble else "bar_soft")
            drawing.line(painter, text, self._trouble or self._told, soft, colour, drawing.LEFT)


class TellBar(QWidget):
    """A message at the foot; after a move with a button that takes it back while it counts down."""

    undone = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text, self._bad, self._move, self._left = "", False, 0, 0
        self.button = TouchButton(theme, "previous", desk_words.UNDO, self, wordy=True)
        self.button.clicked.connect(self.undo)
        self._tick = QTimer(self)
        self._tick.setInterval(1000)
        self._tick.timeout.connect(self._count)
        self._gone = QTimer(self)
        self._gone.setSingleShot(True)
        self._gone.timeout.connect(self.hide)
        self.hide()

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self._theme = theme
        self.button.restyle(theme)

    @property
    def text(self) -> str:
        """What it says."""
        return self._text if self.isVisible() else ""

    @property
    def offers(self) -> bool:
        """Whether a move can be taken back now."""
        return self.isVisible() and self._move > 0

    def say(self, text: str, *, bad: bool = False) -> None:
        """A message that goes away by itself."""
        self._show(text, bad=bad, move=0)
        self._gone.start(TELL_MS)

    def offer(self, text: str, move: int) -> None:
        """A move is done and can be taken back."""
        self._show(text, bad=False, move=move)
        self._left = UNDO_SECONDS
        self._label()
        self._tick.start()

    def dismiss(self) -> None:
        """Nothing more to say."""
        self._tick.stop()
        self.hide()

    def _show(self, text: str, *, bad: bool, move: int) -> None:
        self._text, self._bad, self._move = text, bad, move
        self._tick.stop()
        self._gone.stop()
        self.button.setVisible(move > 0)
        self.setAccessibleName(text)
        self.show()
        self.raise_()
        self.update()

    def _count(self) -> None:
        self._left -= 1
        if self._left <= 0:
            self.dismiss()
        else:
            self._label()

    def _label(self) -> None:
        self.button.become("previous", f"{said(desk_words.UNDO)}  {self._left}")

    def undo(self) -> None:
        """Take the move back that can be taken back now, if there is one."""
        if self.offers:
            self.dismiss()
            self.undone.emit(self._move)

    def resizeEvent(self, _event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Lay out."""
        wide, edge = self._theme.length(220), self._theme.length(10)
        if self._theme.large:
            wide = max(wide, min(self.button.width_wanted(), round(self.width() * BUTTON_MOST)))
        self.button.setGeometry(self.width() - wide - edge, edge, wide, self.height() - 2 * edge)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint."""
        theme, box = self._theme, QRectF(self.rect())
        with drawing.painting(self) as painter:
            drawing.panel(painter, box, theme.colour("bar"), theme.px("radius"))
            side = theme.length(44)
            spot = QRectF(theme.length(20), (box.height() - side) / 2, side, side)
            ink = "warn" if self._bad else "good"
            icons.draw(painter, "error" if self._bad else "recorded", spot, theme.style.colours[ink],
                       ground=theme.style.colours["bar"])  # fmt: skip
            left = spot.right() + theme.length(16)
            right = self.button.x() if self.button.isVisible() else box.right()
            place = QRectF(left, 0, right - left - theme.length(16), box.height())
            font = theme.font("label")
            if theme.large:
                font = drawing.shrunk(font, self._text, place.width(), box.height() - theme.length(16))
            if drawing.width_of(self._text, font) > place.width():
                font = font if theme.large else theme.font("small")
                high = drawing.height_of(self._text, font, place.width())
                place.setTop(max(0.0, (box.height() - high) / 2))
                drawing.paragraph(painter, place, self._text, font, theme.colour("bar_ink"), drawing.TOP_LEFT)
            else:
                drawing.line(painter, place, self._text, font, theme.colour("bar_ink"), drawing.LEFT)


class Sheet(QWidget):
    """A panel in the middle over a dimmed board; Escape cancels."""

    cancelled = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setStyleSheet(sheet(theme))

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self.theme = theme
        self.setStyleSheet(sheet(theme))
        self.place()

    @property
    def panel(self) -> QRectF:
        """The panel's box."""
        theme = self.theme
        wide = min(self.width() - theme.length(40), theme.length(900))
        high = min(self.height() - theme.length(40), theme.length(self.tall()))
        return QRectF((self.width() - wide) / 2, (self.height() - high) / 2.4, wide, high)

    def tall(self) -> float:
        """The panel's height at unit 1."""
        return 560

    def place(self) -> None:
        """Lay out."""

    def resizeEvent(self, _event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Lay out."""
        self.place()

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802 (Qt's)
        """Tab goes round within the sheet, never to what it covers."""
        stops = [
            child
            for child in self.findChildren(QWidget)
            if child.isVisible()
            and child.isEnabled()
            and child.focusPolicy() & Qt.FocusPolicy.TabFocus
            and child.focusProxy() is None  # as the field within a date has
        ]
        if not stops:
            return False
        here = self.window().focusWidget()
        at = stops.index(here) if here in stops else -1
        stops[(at + (1 if forward else -1)) % len(stops)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Escape cancels; Enter presses the button that has the focus."""
        focused = self.window().focusWidget()
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and isinstance(focused, QPushButton):
            focused.click()
        else:
            super().keyPressEvent(event)

    def paint_panel(self, title: str, how: str, *, dim: bool = True, colour: str = "ink_soft") -> None:
        """The panel with its title, and below it what to do."""
        theme, box = self.theme, self.panel
        with drawing.painting(self) as painter:
            shade = theme.colour("bar" if dim else "ground")
            if dim:
                shade.setAlphaF(0.55)
            painter.fillRect(self.rect(), shade)
            painter.setPen(QPen(theme.colour("card_edge"), 1))
            painter.setBrush(theme.colour("ground" if dim else "surface"))
            painter.drawRoundedRect(box, theme.px("radius"), theme.px("radius"))
            edge = theme.length(40)
            inside = box.adjusted(edge, edge * 0.8, -edge, -edge)
            used = drawing.paragraph(
                painter, inside, title, theme.font("title", bold=True), theme.colour("ink"), drawing.TOP_LEFT
            )
            inside.setTop(inside.top() + used + theme.length(10))
            font = theme.font("label")
            drawing.paragraph(painter, inside, how, font, theme.colour(colour), drawing.TOP_LEFT)


class WhySheet(Sheet):
    """Asks why somebody is moved. ``answered`` carries the reason: one of a few, or own words."""

    answered = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._how = ""
        self.quick = [QPushButton(said(reason), self) for reason in desk_words.REASONS]
        for button, reason in zip(self.quick, desk_words.REASONS, strict=True):
            button.setAccessibleName(button.text())
            button.clicked.connect(lambda _=False, reason=reason: self.answered.emit(reason))
        self.own = QLineEdit(self)
        self.own.setMaxLength(400)
        self.own.setPlaceholderText(desk_words.REASON_OTHER)
        self.own.setAccessibleName(said(desk_words.REASON_TITLE))
        self.own.textChanged.connect(self._typed)
        self.own.returnPressed.connect(self._own)
        self.move_button = QPushButton(desk_words.MOVE, self)
        self.move_button.clicked.connect(self._own)
        self.cancel = QPushButton(said(desk_words.CANCEL), self)
        self.cancel.setAccessibleName(self.cancel.text())
        self.cancel.clicked.connect(self.cancelled)
        self.hide()

    def ask_why(self, how: str) -> None:
        """Show the question; ``how`` says what about."""
        self._how = how
        self.own.clear()
        self._typed("")
        self.show()
        self.raise_()
        self.quick[0].setFocus()

    def tall(self) -> float:
        """The panel's height at unit 1."""
        return 690

    def place(self) -> None:
        """Lay out: two by two reasons, own words, the buttons."""
        theme, box = self.theme, self.panel
        edge, gap, high = theme.length(40), theme.length(16), theme.length(84)
        wide = (box.width() - 2 * edge - gap) / 2
        top = box.bottom() - edge - 4 * high - 3 * gap
        for index, button in enumerate(self.quick):
            x = box.left() + edge + (index % 2) * (wide + gap)
            button.setGeometry(round(x), round(top + (index // 2) * (high + gap)), round(wide), high)
        top += 2 * (high + gap)
        left = round(box.left() + edge)
        self.own.setGeometry(left, round(top), round(box.width() - 2 * edge), high)
        top += high + gap
        self.cancel.setGeometry(left, round(top), round(wide), high)
        self.move_button.setGeometry(round(left + wide + gap), round(top), round(wide), high)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint."""
        self.paint_panel(said(desk_words.REASON_TITLE), joined(self._how, said(desk_words.REASON_HOW)))

    def _typed(self, text: str) -> None:
        self.move_button.setEnabled(bool(text.strip()))

    def _own(self) -> None:
        if self.own.text().strip():
            self.answered.emit(self.own.text().strip())


class SignInSheet(Sheet):
    """Badge, then PIN where the badge has one. ``tried`` carries both."""

    tried = Signal(str, str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._badge, self._how, self._bad = "", desk_words.BADGE_HOW, False
        self.field = QLineEdit(self)
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setMaxLength(128)
        self.field.returnPressed.connect(self._enter)
        self.ask_badge()

    @property
    def says(self) -> str:
        """The line below the title."""
        return self._how

    def ask_badge(self, how: str = desk_words.BADGE_HOW, *, bad: bool = False) -> None:
        """Begin anew."""
        self._badge = ""
        self._ask(desk_words.BADGE, how, bad=bad)

    def ask_pin(self, how: str = desk_words.PIN_HOW, *, bad: bool = False) -> None:
        """The badge in hand needs its PIN."""
        self._ask(desk_words.PIN, how, bad=bad)

    def _ask(self, title: str, how: str, *, bad: bool) -> None:
        self._title, self._how, self._bad = title, how, bad
        self.field.setEnabled(True)
        self.field.clear()
        self.field.setAccessibleName(title)
        self.field.setFocus()
        self.update()

    def _enter(self) -> None:
        text = self.field.text().strip()
        if not text:
            return
        self.field.setEnabled(False)
        self._how, self._bad = desk_words.CHECKING, False
        self.update()
        if self._title == desk_words.BADGE:
            self._badge = text
            self.tried.emit(text, "")
        else:
            self.tried.emit(self._badge, text)

    def tall(self) -> float:
        """The panel's height at unit 1."""
        return 340

    def place(self) -> None:
        """Lay out."""
        theme, box = self.theme, self.panel
        edge, high = theme.length(40), theme.length(92)
        self.field.setGeometry(
            round(box.left() + edge), round(box.bottom() - edge - high), round(box.width() - 2 * edge), high
        )

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint."""
        self.paint_panel(self._title, self._how, dim=False, colour="error_mark" if self._bad else "ink_soft")
