"""The clip of the page in front: its play mark, and its pictures in their place, always marked.

It lies over the page view at the clip's place. Until somebody plays it, it is no larger than the play mark,
and the page is read and turned around it. What a touch means is the engine's affair.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPen, QRegion
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.ui import drawing, icons, words
from app.ui.held import HeldPicture
from app.ui.marked import MarkedCanvas
from app.ui.tongue import said
from app.ui.touch_button import TouchButton

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QPainter, QPaintEvent

    from app.kiosk.view import ClipSeen, Painting, Session
    from app.ui.theme import Theme

MARK_SHARE = 1.15
"""How much larger than a touch target the play mark is: it is looked for from afar."""


class ClipPanel(QAbstractButton):
    """``clicked``: play it, let it stand still, or go on; ``left``: the page itself again."""

    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._canvas = MarkedCanvas()
        self._clip: ClipSeen | None = None
        self._state = ""
        self._held: HeldPicture | None = None
        self._box = QRectF()
        self._close = TouchButton(theme, "close", words.CLOSE_CLIP, self)
        self._close.clicked.connect(self.left.emit)
        self._close.hide()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self._theme = theme
        self._close.restyle(theme)

    # -- what there is ------------------------------------------------------------------------------------

    def tell(self, session: Session, shown: int | None) -> None:
        """How the clip of the leaf in front stands, whose pixels are those of ``shown``."""
        leaf = session.leaves[session.current] if session.current < len(session.leaves) else None
        self._clip = leaf.clip if leaf is not None and shown == session.current else None
        self._state = session.clip if self._clip is not None else ""
        if not self._state:
            self._let_go()
        self._close.setVisible(self._state == "paused")
        self._name()
        self.update()

    def take(self, painting: Painting) -> None:
        """The picture that is due."""
        held, before = HeldPicture(painting), self._held
        if not self._state:
            held.drop()
            return
        self._held = held
        if before is not None:
            before.drop()
        self.update()

    def leave(self) -> None:
        """Nothing of it stays."""
        self._clip, self._state, self._canvas = None, "", MarkedCanvas()
        self._let_go()
        self.hide()

    @property
    def playable(self) -> bool:
        """Whether there is something to play or to stop."""
        return self._clip is not None

    @property
    def playing(self) -> bool:
        """Whether it plays, or stands still in its middle."""
        return bool(self._state)

    @property
    def size_px(self) -> tuple[int, int]:
        """The size in which its pictures are painted."""
        ratio = self.devicePixelRatioF()
        return max(2, round(self._box.width() * ratio)), max(2, round(self._box.height() * ratio))

    def _let_go(self) -> None:
        if self._held is not None:
            self._held.drop()
            self._held = None

    def _name(self) -> None:
        text = {"": words.PLAY_CLIP, "paused": words.GO_ON_CLIP}.get(self._state, words.PAUSE_CLIP)
        self.setAccessibleName(said(text))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 (Qt's name)
        """Another language may be spoken from now on."""
        super().changeEvent(event)
        if event.type() is event.Type.LanguageChange:
            self._name()

    # -- where it is --------------------------------------------------------------------------------------

    def place(self, page: QRectF | None, room: QRect) -> None:
        """The page lies at ``page`` (None: none does), of which ``room`` is seen; both in the parent."""
        clip = self._clip
        if clip is None or page is None:
            self.hide()
            return
        self._box = _fitted(clip, page)
        area = (self._box if self._state else self._mark_box()).toAlignedRect() & room
        if area.isEmpty():
            self.hide()
            return
        if self.geometry() != area:
            self.setGeometry(area)
        if self._state:
            self.clearMask()
            side = self._theme.px("target")
            self._close.setGeometry(self.width() - side, 0, side, side)
        else:  # beside the disc the page is touched
            self.setMask(QRegion(self.rect(), QRegion.RegionType.Ellipse))
        self.show()

    def _mark_box(self) -> QRectF:
        side = self._theme.px("target") * MARK_SHARE
        box = QRectF(0, 0, side, side)
        box.moveCenter(self._box.center())
        return box

    # -- painting -----------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint."""
        with drawing.painting(self) as painter:
            here = self._box.translated(-self.pos())
            if self._held is not None:
                self._paint_picture(painter, here, self._held)
            elif self._state:
                painter.fillRect(self.rect(), self._theme.colour("bar"))
            if self._state:  # a white clip on a white page has an edge, too
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(self._theme.colour("line"), self._theme.length(2)))
                painter.drawRect(here)
            if self._state != "playing" or self._held is None:
                self._paint_mark(painter, self._mark_box().translated(-self.pos()))

    def _paint_picture(self, painter: QPainter, here: QRectF, held: HeldPicture) -> None:
        painter.save()
        self._canvas.paint(
            painter, held.image(), here.toRect(), held.mark, device_pixel_ratio=self.devicePixelRatioF()
        )
        painter.restore()

    def _paint_mark(self, painter: QPainter, box: QRectF) -> None:
        """A disc in two tones, so that it stands out on any page."""
        theme, edge = self._theme, self._theme.length(5)
        lit = self.isDown()
        painter.setBrush(theme.colour("bar_pressed" if lit else "bar"))
        painter.setPen(QPen(theme.colour("bar_ink"), edge))
        painter.drawEllipse(box.adjusted(edge / 2, edge / 2, -edge / 2, -edge / 2))
        inner = box.width() * 0.24
        spot = box.adjusted(inner, inner, -inner, -inner)
        name = "waiting" if self._state == "playing" else "play"
        icons.draw(painter, name, spot, theme.style.colours["on_pressed" if lit else "bar_ink"])


def _fitted(clip: ClipSeen, page: QRectF) -> QRectF:
    """Where the clip lies: in its own shape, in the middle of its place."""
    left, top, right, bottom = clip.place
    wide, high = (right - left) * page.width(), (bottom - top) * page.height()
    scale = min(wide / clip.width, high / clip.height)
    box = QRectF(0, 0, clip.width * scale, clip.height * scale)
    box.moveCenter(page.topLeft() + QRectF(left * page.width(), top * page.height(), wide, high).center())
    return QRectF(box.toRect())
