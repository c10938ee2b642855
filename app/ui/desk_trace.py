"""The screen for leaked pictures: a place to drop them, how far reading is, whose view it was, a report."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QImage, QPen, QPixmap
from PySide6.QtWidgets import (
    QFileDialog,
    QLabel,
    QListWidget,
    QProgressBar,
    QPushButton,
    QTextBrowser,
    QWidget,
)

from app.desk.trace_report import said
from app.desk.tracing import SaveTrace, StopTrace, TracePictures
from app.ui import desk_trace_words as words
from app.ui import drawing
from app.ui.desk_sheets import SayingSheet
from app.wire.desk_trace import MOST_PICTURES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QMouseEvent, QPaintEvent

    from app.desk.tracing import TraceDone, TraceProgress, TraceSaved
    from app.ui.theme import Theme


_BOTTOM = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom


class DropZone(QWidget):
    """Where pictures are dropped; a press chooses them. ``dropped`` carries their paths."""

    dropped = Signal(object)
    pressed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme, self._over = theme, False
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"{words.DROP}, {words.OR}")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 (Qt's name)
        """Files may be let go here."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
            self._lit(over=True)

    def dragLeaveEvent(self, _event: object) -> None:  # noqa: N802 (Qt's name)
        """They go elsewhere."""
        self._lit(over=False)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 (Qt's name)
        """Files were let go here."""
        self._lit(over=False)
        event.acceptProposedAction()
        urls = event.mimeData().urls()
        self.dropped.emit([Path(url.toLocalFile()) for url in urls if url.isLocalFile()])

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802 (Qt's name)
        """Choose."""
        self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Choose by keyboard."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.pressed.emit()
        else:
            super().keyPressEvent(event)

    def _lit(self, *, over: bool) -> None:
        self._over = over
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """A dashed frame, and what to do."""
        theme, box = self.theme, QRectF(self.rect()).adjusted(3, 3, -3, -3)
        lit = self._over or self.hasFocus()
        with drawing.painting(self) as painter:
            painter.setBrush(theme.colour("lane" if self._over else "surface"))
            pen = QPen(theme.colour("accent" if lit else "line"), 3)
            pen.setStyle(Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.drawRoundedRect(box, theme.px("radius"), theme.px("radius"))
            upper, lower = QRectF(box), QRectF(box)
            upper.setBottom(box.center().y() + theme.length(4))
            lower.setTop(upper.bottom())
            font = theme.font("title", bold=True)
            drawing.paragraph(painter, upper, words.DROP, font, theme.colour("ink"), _BOTTOM)
            soft = theme.colour("ink_soft")
            drawing.paragraph(painter, lower, words.OR, theme.font("label"), soft, drawing.TOP_CENTRE)


class TraceSheet(SayingSheet):
    """See the module. ``asked`` carries questions. It may be left while a picture is read."""

    title = words.TITLE
    asked = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget, now: Callable[[], datetime]) -> None:
        super().__init__(theme, parent)
        self._say(words.HOW)
        self._now = now
        self._paths: list[Path] = []
        self._done: TraceDone | None = None
        self._audits = self._busy = False
        self._image = QImage()
        self.zone = DropZone(theme, self)
        self.list = QListWidget(self)
        self.list.setAccessibleName(words.PICTURES)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.progress = QProgressBar(self)
        self.progress.setAccessibleName(words.PROGRESS)
        self.progress.setTextVisible(False)
        self.progress.setRange(0, 100)
        self.shown = QLabel(self)
        self.shown.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.found = QTextBrowser(self)
        self.found.setAccessibleName(words.FOUND)
        self.found.setOpenLinks(False)
        self.again = QPushButton(words.AGAIN, self)
        self.save = QPushButton(words.SAVE, self)
        self.leave = QPushButton(words.LEAVE, self)
        self.zone.dropped.connect(self.add)
        self.zone.pressed.connect(lambda: self.add(self.choose()))
        self.again.clicked.connect(self._start_over)
        self.save.clicked.connect(self._save)
        self.leave.clicked.connect(self.cancelled)
        self.cancelled.connect(self.hide)
        self._label()
        self.hide()

    def open_up(self, *, audits: bool) -> None:
        """Show it, as it was left; ``audits``: to an auditor."""
        self._audits = audits
        self.show()
        self.raise_()
        self.zone.setFocus()

    def close_up(self) -> None:
        """Hide it, and let go of all that it shows."""
        self._let_go()
        self.hide()

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self.zone.theme = theme
        super().restyle(theme)

    def choose(self) -> list[Path]:
        """Ask for files."""
        chosen, _ = QFileDialog.getOpenFileNames(self, words.CHOOSE, str(Path.home()), words.KINDS)
        return [Path(name) for name in chosen]

    def choose_report(self, name: str) -> Path | None:
        """Ask where to save the report."""
        chosen, _ = QFileDialog.getSaveFileName(self, words.WHERE, str(Path.home() / name), "PDF (*.pdf)")
        return Path(chosen) if chosen else None

    def add(self, paths: Iterable[Path]) -> None:
        """Read these, with those that are there already, as pictures of one leak."""
        fresh = [path for path in paths if path not in self._paths]
        if not fresh:
            return
        if len(self._paths) + len(fresh) > MOST_PICTURES:
            self.say(words.too_many(MOST_PICTURES))
            return
        self._paths += fresh
        self._done, self._busy = None, True
        self.list.clear()
        self.list.addItems([path.name for path in self._paths])
        self.found.clear()
        self._picture(None)
        self.progress.setValue(0)
        self.asked.emit(TracePictures(tuple(self._paths)))
        self._label()

    # -- what is told -------------------------------------------------------------------------------------

    def tell_progress(self, asked: TracePictures, progress: TraceProgress) -> None:
        """So far it is."""
        if self._awaits(asked):
            self.progress.setValue(round(100 * progress.done))
            self._say(words.reading(progress))

    def tell_done(self, asked: TracePictures, done: TraceDone) -> bool:
        """Whose view it was; returns whether anybody waits for it."""
        if not self._awaits(asked):
            return False
        self._done, self._busy = done, False
        headline = words.headline(done.reply)
        self._say(headline)
        lines = said(done.reply, audits=self._audits)
        rows = "".join(
            f"<tr><td style='padding-right: 16px'>{escape(name)}</td><td><b>{escape(value)}</b></td></tr>"
            for name, value in lines
        )
        self.found.setHtml(f"<h3>{escape(headline)}</h3><table cellpadding='3'>{rows}</table>")
        apart = done.apart
        self._picture(apart.flat if apart.flat is not None else apart.shown[0].grey)
        self._label()
        (self.save if done.reply.found else self.zone).setFocus()
        return True

    def tell_saved(self, saved: TraceSaved) -> None:
        """The report lies there."""
        self._say(words.saved(saved.path))

    def say(self, trouble: str) -> None:
        """Why nothing was done: pictures that cannot be read are taken off the list."""
        if self._busy:
            self._busy = False
            self._paths.clear()
            self.list.clear()
        super().say(trouble)
        self._label()

    def _awaits(self, asked: TracePictures) -> bool:
        return self._busy and asked.paths == tuple(self._paths)

    # -- doing --------------------------------------------------------------------------------------------

    def _start_over(self) -> None:
        self.asked.emit(StopTrace())
        self._let_go()
        self.zone.setFocus()

    def _let_go(self) -> None:
        self._paths.clear()
        self.list.clear()
        self.found.clear()
        self._picture(None)
        self._done, self._busy = None, False
        self._say(words.HOW)
        self._label()

    def _save(self) -> None:
        done = self._done
        if done is None:
            return
        name = Path(done.apart.shown[0].name).stem
        path = self.choose_report(f"trace-{name}.pdf")
        if path is not None:
            self.asked.emit(SaveTrace(path, done, self._now(), self._audits))

    def _picture(self, grey: NDArray[np.uint8] | None) -> None:
        """Show grey pixels, fitted; None: nothing."""
        if grey is None:
            self._image = QImage()
        else:
            high, wide = grey.shape
            kind = QImage.Format.Format_Grayscale8
            self._image = QImage(grey.tobytes(), wide, high, wide, kind).copy()
        self._fit()

    def _fit(self) -> None:
        if self._image.isNull():
            self.shown.clear()
            return
        keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        self.shown.setPixmap(QPixmap.fromImage(self._image.scaled(self.shown.size(), keep, smooth)))

    def _label(self) -> None:
        self.progress.setVisible(self._busy)
        self.again.setEnabled(bool(self._paths) or self._done is not None)
        self.save.setEnabled(self._done is not None)
        self.found.setVisible(self._done is not None)
        self.update()

    # -- layout and painting ------------------------------------------------------------------------------

    def place(self) -> None:
        """Lay out: left where pictures are dropped and which there are, right what they show."""
        theme, box = self.theme, self.panel
        edge, gap, high = theme.length(40), theme.length(16), theme.length(84)
        left, wide = round(box.left() + edge), round(box.width() - 2 * edge)
        top, bottom = round(box.top() + theme.length(170)), round(box.bottom() - edge)
        narrow = round(wide * 0.36)
        right, room = left + narrow + 2 * gap, wide - narrow - 2 * gap
        foot = bottom - high
        rows = theme.length(250)
        bar = theme.length(20)
        self.zone.setGeometry(left, top, narrow, foot - rows - bar - 3 * gap - top)
        self.progress.setGeometry(left, foot - rows - bar - 2 * gap, narrow, bar)
        self.list.setGeometry(left, foot - rows - gap, narrow, rows)
        self.again.setGeometry(left, foot, narrow, high)
        middle = top + round((foot - gap - top) * 0.46)
        self.shown.setGeometry(right, top, room, middle - top)
        self.found.setGeometry(right, middle + gap, room, foot - 2 * gap - middle)
        half = (room - gap) // 2
        self.save.setGeometry(right, foot, half, high)
        self.leave.setGeometry(right + half + gap, foot, room - half - gap, high)
        self._fit()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint."""
        self.paint_says()
