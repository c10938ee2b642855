"""The page in the middle: paints what the engine handed over, marked, and nothing else of a page.

Usual case: one image of the page's pixels in shared memory, one blend of the watermark. While a finger moves
or a sharper picture is on its way, what is here is stretched meanwhile.
"""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QRegion
from PySide6.QtWidgets import QWidget

from app.kiosk.view import Framing
from app.ui import drawing, words
from app.ui.beside import Beside
from app.ui.framing import Look, covers, lay_out, most_zoom, panned, wanted, zoomed
from app.ui.marked import MarkedCanvas, say_the_same

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPaintEvent, QResizeEvent

    from app.kiosk.foretold import Foretold
    from app.kiosk.view import Leaf, Painting
    from app.ui.framing import Layout
    from app.ui.held import HeldPicture
    from app.ui.theme import Theme

PATIENCE_MS = 250
"""How long the page before stays up while the next one is drawn; then its place says that it is coming."""
ASK_MS = 60
"""Pause in a movement after which the sharp picture is asked for."""
RED_EDGE = 14.0
"""The red edge of the desk around the page while glass is broken, at unit 1."""
READY_MS = 30
"""How long after they came pages are made ready ahead of their turn: what is told meanwhile comes first."""

RECORD_S = 0.03
"""How long the screen waits for the record of a look whose page it has painted already.

With the painting it is less than anybody sees; on a slower disk the page comes when it is handed over.
"""


class PageView(QWidget):
    """Shows one leaf. ``ask`` is called with each framing that is wanted.

    ``speechless``: something else says why there is no page. ``moved``: the page may lie elsewhere now.
    """

    look_changed = Signal()
    moved = Signal()

    def __init__(self, theme: Theme, ask: Callable[[Framing], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._ask = theme, ask
        self._canvas = MarkedCanvas()
        self._leaves: tuple[Leaf, ...] = ()
        self._expected = 0
        self._look = Look()
        self._beside = Beside()
        self._base: HeldPicture | None = None
        self._sharp: HeldPicture | None = None
        self._composed: tuple[Layout, int, QImage] | None = None
        self._asked: Framing | None = None
        self._foretold: Foretold | None = None
        self._withheld = False
        self.speechless = self._serious = False
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self._blank)
        self._asking = QTimer(self)
        self._asking.setSingleShot(True)
        self._asking.setInterval(ASK_MS)
        self._asking.timeout.connect(self.ask_frame)
        self._readying = QTimer(self)
        self._readying.setSingleShot(True)
        self._readying.setInterval(READY_MS)
        self._readying.timeout.connect(self._make_ready)

    def restyle(self, theme: Theme) -> None:
        """Another scale."""
        self._theme = theme
        self.update()

    # -- what is shown ------------------------------------------------------------------------------------

    def tell(self, leaves: tuple[Leaf, ...], current: int, *, withheld: bool) -> None:
        """These leaves, this one in front. ``withheld``: it cannot be shown; the one before must not stay."""
        if leaves != self._leaves:
            self._leaves = leaves
            self._drop_ready()
        self._expected = current
        shown = self.shown
        if shown is not None and shown != current:
            if withheld:
                self._blank()
            elif not self._patience.isActive():
                self._patience.start()
        else:  # its pixels came before this was told
            self._patience.stop()

    @property
    def shown(self) -> int | None:
        """The leaf whose pixels are here."""
        return self._base.index if self._base is not None else None

    @property
    def sharp(self) -> bool:
        """Whether what is zoomed into has pixels of its own."""
        return self._sharp is not None

    @property
    def look(self) -> Look:
        """How it is looked at."""
        return self._look

    def foretell(self, foretold: Foretold) -> None:
        """A leaf whose look is being written down: painted meanwhile, if it is here, and seen after it."""
        held = self._beside.pick(foretold.index, foretold.mark.tile) if self.isVisible() else None
        if held is not None:
            held.mark = foretold.mark
            changed = self._put_in_front(held)
            self._foretold = foretold
            self.repaint(changed)

    def _put_in_front(self, held: HeldPicture) -> QRect:
        """Make this the page in front; returns what is to be painted."""
        before, place = self._base, self._pixels(whole=False)
        self._base, self._foretold, self._withheld = held, None, False
        turned = before is None or before.index != held.index
        if before is not None and turned:
            self._beside.put(before)
        elif before is not None:
            before.drop()
        if turned:
            self._replace_sharp(None)
            self._turned()
        self._wipe_composed()
        return place.united(self._pixels(whole=False)) if before is not None else self.rect()

    def _came_true(self, painting: Painting, base: HeldPicture) -> None:
        painting.pixels.release()  # one holder fewer: ``base`` is another
        seen = not self._withheld and say_the_same(base.mark, painting.mark)
        base.mark, self._foretold, self._withheld = painting.mark, None, False
        if base.index == self._expected:
            self._patience.stop()
        if not seen:
            self.repaint()

    def take(self, painting: Painting) -> None:
        """Pixels of the leaf in front."""
        if self._foretold is not None and self._base is not None and self._base.is_of(painting):
            self._came_true(painting, self._base)
            return
        held, turned, changed = self._beside.take(painting), False, self.rect()
        if held.framing.zoom == 1.0 and held.framing.clip is None:
            turned = held.index != self.shown
            changed = self._put_in_front(held)
        elif self._base is not None and held.index == self._base.index and held.framing == self._asked:
            self._replace_sharp(held)
        else:
            held.drop()
            return
        if held.index == self._expected:
            self._patience.stop()
        if turned and self.isVisible():
            self.repaint(changed)  # at once: what else there is to tell can wait for the page's pixels
        else:
            self.update()

    def frame_red(self, *, serious: bool) -> None:
        """Whether the desk around the page has a red edge: glass is broken."""
        if serious is not self._serious:
            self._serious = serious
            self.update()

    def make_ready(self, painting: Painting) -> None:
        """A page beside the one in front: it gets its marks out of sight, as soon as nobody waits."""
        self._beside.add(painting)
        self._readying.start()

    def _make_ready(self) -> None:
        for held in self._beside:
            layout = self._lay_out(Look(self._look.fit), held.index)
            if layout is not None and held.page == layout.page and covers(held.box, layout.seen):
                image, ratio = held.image(layout.seen), self.devicePixelRatioF()
                corner = self._on_device(layout)
                if self._canvas.prepare(image, held.mark, corner, device_pixel_ratio=ratio):
                    self._readying.start()  # one at a time: somebody may turn the page meanwhile
                    return

    def leave(self) -> None:
        """Nothing of a page stays: pixels let go, copies overwritten."""
        for timer in (self._patience, self._asking, self._readying):
            timer.stop()
        self._let_go()
        self._leaves, self._expected, self._look, self._asked = (), 0, Look(), None
        self._canvas, self._serious = MarkedCanvas(), False

    def _turned(self) -> None:
        """Another page: its fit as before, from its top, not zoomed."""
        self._look = Look(self._look.fit)
        self._asking.stop()
        self.look_changed.emit()

    def _blank(self) -> None:
        self._let_go()
        self.update()

    def _let_go(self) -> None:
        self._replace_sharp(None)
        self._drop_ready()
        if self._base is not None:
            self._base.drop()
            self._base = None
        self._foretold, self._withheld = None, False

    def _drop_ready(self) -> None:
        self._beside.drop()
        self._canvas.wipe()

    def _replace_sharp(self, held: HeldPicture | None) -> None:
        self._wipe_composed()
        if self._sharp is not None:
            self._sharp.drop()
        self._sharp = held

    def _wipe_composed(self) -> None:
        if self._composed is not None:
            self._composed[2].fill(0)
            self._composed = None

    # -- how it is looked at ------------------------------------------------------------------------------

    def fit(self, kind: str) -> None:
        """Fit the ``"page"`` or its ``"width"``."""
        self._set_look(Look("width" if kind == "width" else "page"))

    def zoom(self, factor: float, at: tuple[float, float] | None = None) -> None:
        """Larger or smaller around ``at`` (device-independent pixels) or the middle."""
        layout, leaf = self._layout(), self._leaf()
        if layout is not None and leaf is not None:
            ratio = self.devicePixelRatioF()
            place = (at[0] * ratio, at[1] * ratio) if at is not None else None
            self._set_look(zoomed(layout, leaf, factor, place))

    def pan(self, dx: float, dy: float) -> bool:
        """Move the page with the finger; returns whether it could move."""
        layout = self._layout()
        if layout is None or not layout.movable:
            return False
        ratio = self.devicePixelRatioF()
        look = panned(layout, dx * ratio, dy * ratio)
        moved = (look.x, look.y) != (self._look.x, self._look.y)
        self._set_look(look)
        return moved

    @property
    def movable(self) -> bool:
        """Whether the page is larger than the view."""
        layout = self._layout()
        return layout is not None and layout.movable

    @property
    def at_most_zoom(self) -> bool:
        """Whether it cannot be larger."""
        layout = self._layout()
        return layout is not None and self._look.zoom >= most_zoom(layout) - 0.001

    def ask_frame(self) -> None:
        """Ask the engine for the pixels that this look needs."""
        ratio = self.devicePixelRatioF()
        width, height = round(self.width() * ratio), round(self.height() * ratio)
        layout = self._layout()
        framing = wanted(layout) if layout is not None else Framing(width, height, self._look.fit)
        if layout is not None and self._sharp is not None and self._sharp.framing.zoom == framing.zoom:
            clip = self._sharp.framing.clip
            if self._sharp.framing.width_px == width and covers(clip, layout.seen):
                return
        self._asked = framing
        if width > 1 and height > 1:
            self._ask(framing)

    def _set_look(self, look: Look) -> None:
        if look == self._look:
            return
        refit = (look.fit, look.zoom) != (self._look.fit, self._look.zoom)
        if look.fit != self._look.fit or look.zoom == 1.0:
            self._replace_sharp(None)
        new_fit = look.fit != self._look.fit
        self._look = look
        if new_fit:
            self.ask_frame()
        elif look.zoom != 1.0:
            self._asking.start()
        if refit:
            self.look_changed.emit()
        self.moved.emit()
        self.update()

    def _leaf(self) -> Leaf | None:
        index = self.shown if self.shown is not None else self._expected
        return self._leaves[index] if index < len(self._leaves) else None

    def _layout(self) -> Layout | None:
        return self._lay_out(self._look, self.shown if self.shown is not None else self._expected)

    def _lay_out(self, look: Look, index: int) -> Layout | None:
        if index >= len(self._leaves):
            return None
        ratio = self.devicePixelRatioF()
        return lay_out(look, self._leaves[index], (round(self.width() * ratio), round(self.height() * ratio)))

    # -- Qt -----------------------------------------------------------------------------------------------

    def resizeEvent(self, _event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Another size needs other pixels."""
        if self.isVisible():
            self.ask_frame()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Paint."""
        with drawing.painting(self) as painter:
            layout = self._layout()
            shown = self._base is not None and layout is not None and not self._withheld
            desk = event.region() - QRegion(self._pixels(whole=True)) if shown else event.region()
            painter.setClipRegion(desk)
            painter.fillRect(self.rect(), self._theme.colour("alarm" if self._serious else "desk"))
            if self._serious:  # under the page, which keeps all of its room
                edge = self._theme.length(RED_EDGE)
                inner = self.rect().adjusted(edge, edge, -edge, -edge)
                painter.fillRect(inner, self._theme.colour("desk"))
            painter.setClipRegion(event.region())
            if shown and layout is not None:
                self._paint_page(painter, layout)
                if not self._on_record():
                    painter.resetTransform()
                    painter.fillRect(self.rect(), self._theme.colour("desk"))
            elif self._leaves and not self.speechless:
                text = words.preparing(self._expected)
                box = QRectF(self.rect())
                drawing.line(
                    painter, box, text, self._theme.font("title"), self._theme.colour("ink"), drawing.CENTRE
                )

    def _on_record(self) -> bool:
        """Whether what is painted may be seen: a look that is being written down is waited for.

        What a paint event leaves on its canvas reaches the screen after the event.
        """
        if self._foretold is not None and not self._foretold.stands(RECORD_S):
            self._withheld = True  # until it is handed over, or the session ends
            self.update()
        return not self._withheld

    def _paint_page(self, painter: QPainter, layout: Layout) -> None:
        ratio = self.devicePixelRatioF()
        painter.scale(1 / ratio, 1 / ratio)
        left, top, right, bottom = layout.seen_in_view
        target = QRect(left, top, right - left, bottom - top)
        image, mark = self._image(layout), self._base.mark if self._base is not None else None
        if mark is not None:
            self._canvas.paint(painter, image, target, mark, device_pixel_ratio=ratio)

    def _on_device(self, layout: Layout) -> tuple[int, int]:
        """Where the visible part begins, in pixels of the window, which the forensic mark repeats from."""
        own, ratio = self.mapTo(self.window(), QPoint(0, 0)), self.devicePixelRatioF()
        left, top = layout.seen_in_view[:2]
        return round(own.x() * ratio + left), round(own.y() * ratio + top)

    def _pixels(self, *, whole: bool) -> QRect:
        """The pixels of this widget that the page has wholly, or (not ``whole``) has any part in."""
        layout, ratio = self._layout(), self.devicePixelRatioF()
        if layout is None:
            return QRect() if whole else self.rect()
        left, top, right, bottom = (side / ratio for side in layout.seen_in_view)
        first, last = (ceil, floor) if whole else (floor, ceil)
        return QRect(QPoint(first(left), first(top)), QPoint(last(right) - 1, last(bottom) - 1))

    def _image(self, layout: Layout) -> QImage:
        """The pixels of the visible part, at best without a copy."""
        for held in (self._sharp, self._base):
            if held is not None and held.page == layout.page and covers(held.box, layout.seen):
                return held.image(layout.seen)
        return self._compose(layout)

    def _compose(self, layout: Layout) -> QImage:
        """What is here, stretched to the visible part; kept until the look changes."""
        if self._composed is not None and self._composed[0] == layout:
            return self._composed[2]
        self._wipe_composed()
        left, top, right, bottom = layout.seen
        image = QImage(right - left, bottom - top, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        with drawing.painting(image) as painter:
            # While a finger moves, being in time matters more than smooth edges; sharp pixels follow.
            smooth = not self._asking.isActive()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
            for held in (self._base, self._sharp):
                if held is not None:
                    across, down = layout.page[0] / held.page[0], layout.page[1] / held.page[1]
                    own = held.box
                    place = QRectF(
                        own[0] * across - left,
                        own[1] * down - top,
                        (own[2] - own[0]) * across,
                        (own[3] - own[1]) * down,
                    )
                    painter.drawImage(place, held.image())
        self._composed = (layout, 0, image)
        return image
