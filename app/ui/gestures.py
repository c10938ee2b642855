"""What fingers and mouse mean on a page: drag to pan, swipe or tap at the side to turn, pinch to zoom.

A double tap in the middle switches between the fit and a closer look. Distances are millimetres of the style,
so that a glove's tremble is neither a drag nor a turn.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QEventPoint, QMouseEvent, QTouchEvent, QWheelEvent

from app.ui.framing import ZOOM_STEP

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

STILL = 16.0
"""Movement below this (at unit 1) is a tap."""
SWIPE = 90.0
"""A sideways movement of this length turns the page, if the page itself cannot move that way."""
SIDE_SHARE = 0.22
"""Share of the view's width at each side in which a tap turns the page."""
CLOSER = 2.2
"""How much closer a double tap looks."""
DOUBLE_S = 0.4
DOUBLE = 60.0
"""Two taps within this time and (at unit 1) distance are a double tap: gloves are not precise."""


class Page(Protocol):
    """What hands can do with a page. Places and distances are device-independent pixels of the view."""

    def turn(self, step: int) -> None:
        """One page on or back."""

    def zoom(self, factor: float, at: tuple[float, float] | None = None) -> None:
        """Larger or smaller around a place."""

    def pan(self, dx: float, dy: float) -> bool:
        """Move the page; returns whether it moved."""

    def is_fitted(self) -> bool:
        """Whether the page is shown in its fit, not zoomed."""

    def fit_again(self) -> None:
        """Back to the fit."""


class Hands(QObject):
    """Watches a widget's mouse, touch and wheel events, and moves ``page``."""

    def __init__(self, widget: QWidget, page: Page) -> None:
        super().__init__(widget)
        self._widget, self._page = widget, page
        self.unit = 1.0
        self._began: QPointF | None = None
        self._last = QPointF()
        self._moved = False
        self._panned = False
        self._spread: float | None = None
        self._fingers: dict[int, QPointF] = {}
        self._pinched = False
        self._tapped, self._tapped_at = QPointF(), 0.0
        self._wheel = 0.0
        widget.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Take what is ours."""
        if isinstance(event, QTouchEvent):
            return self._touch(event)
        if isinstance(event, QWheelEvent):
            return self._wheeled(event)
        if isinstance(event, QMouseEvent) and event.button() in {
            Qt.MouseButton.LeftButton,
            Qt.MouseButton.NoButton,
        }:
            return self._mouse(event)
        return False

    # -- one finger or the mouse --------------------------------------------------------------------------

    def _mouse(self, event: QMouseEvent) -> bool:
        match event.type():
            case QEvent.Type.MouseButtonPress:
                self._begin(event.position())
            case QEvent.Type.MouseMove if self._began is not None:
                self._move(event.position())
            case QEvent.Type.MouseButtonRelease if self._began is not None:
                self._end(event.position())
            case QEvent.Type.MouseButtonDblClick:
                self._double(event.position())
            case _:
                return False
        return True

    def _begin(self, at: QPointF) -> None:
        self._began, self._last, self._moved, self._panned = at, at, False, False

    def _move(self, at: QPointF) -> None:
        if self._began is None:
            return
        if not self._moved and (at - self._began).manhattanLength() < STILL * self.unit:
            return
        self._moved = True
        step = at - self._last
        self._last = at
        self._panned = self._page.pan(step.x(), step.y()) or self._panned

    def _end(self, at: QPointF) -> None:
        began, self._began = self._began, None
        if began is None:
            return
        if not self._moved:
            self._tap(at)
            return
        way = at - began
        if not self._panned and abs(way.x()) > SWIPE * self.unit and abs(way.x()) > 1.5 * abs(way.y()):
            self._page.turn(-1 if way.x() > 0 else 1)

    def _tap(self, at: QPointF) -> None:
        side = self._side(at)
        if side and self._page.is_fitted():
            self._page.turn(side)

    def _double(self, at: QPointF) -> None:
        if self._side(at) and self._page.is_fitted():
            self._begin(at)  # two quick taps at the side are two turns
        elif self._page.is_fitted():
            self._page.zoom(CLOSER, (at.x(), at.y()))
        else:
            self._page.fit_again()

    def _side(self, at: QPointF) -> int:
        width = self._widget.width()
        if at.x() < width * SIDE_SHARE:
            return -1
        return 1 if at.x() > width * (1 - SIDE_SHARE) else 0

    # -- fingers ------------------------------------------------------------------------------------------

    def _touch(self, event: QTouchEvent) -> bool:
        """Taken whole: Qt would make a mouse of one finger, and then never tell of the second."""
        kind = event.type()
        if kind is QEvent.Type.TouchBegin:
            self._fingers.clear()
            self._pinched = False
        lifted = self._follow(event)
        if kind is QEvent.Type.TouchCancel:
            self._fingers.clear()
            self._began = None
        elif len(self._fingers) >= 2:
            self._began, self._pinched = None, True
            first, second = list(self._fingers.values())[:2]
            self._pinch(first, second)
        elif not self._pinched:
            self._one_finger(kind, lifted)
        if len(self._fingers) - len(lifted) < 2:
            self._spread = None
        for number in lifted:
            del self._fingers[number]
        event.accept()
        return True

    def _follow(self, event: QTouchEvent) -> list[int]:
        """Note where the fingers are; returns those that are lifted now. One that rests keeps its place."""
        lifted = []
        for point in event.points():
            if point.state() is not QEventPoint.State.Stationary:
                self._fingers[point.id()] = point.position()
            if point.state() is QEventPoint.State.Released:
                lifted.append(point.id())
        return lifted

    def _one_finger(self, kind: QEvent.Type, lifted: list[int]) -> None:
        for number, at in self._fingers.items():
            if kind is QEvent.Type.TouchBegin:
                self._begin(at)
            elif number in lifted:
                self._lifted(at)
            else:
                self._move(at)

    def _pinch(self, first: QPointF, second: QPointF) -> None:
        way = second - first
        spread = max(1.0, math.hypot(way.x(), way.y()))
        middle = (first + second) / 2
        if self._spread is not None:
            self._page.pan(middle.x() - self._last.x(), middle.y() - self._last.y())
            self._page.zoom(spread / self._spread, (middle.x(), middle.y()))
        self._spread, self._last = spread, middle

    def _lifted(self, at: QPointF) -> None:
        """A finger is gone: the second tap at one place within a moment is a double tap."""
        moved, now = self._moved, time.monotonic()
        again = (
            now - self._tapped_at < DOUBLE_S and (at - self._tapped).manhattanLength() < DOUBLE * self.unit
        )
        if again and not moved and not (self._side(at) and self._page.is_fitted()):
            self._began, self._tapped_at = None, 0.0
            self._double(at)
            return
        if not moved:
            self._tapped, self._tapped_at = at, now
        self._end(at)

    # -- wheel --------------------------------------------------------------------------------------------

    def _wheeled(self, event: QWheelEvent) -> bool:
        turns = event.angleDelta().y() / 120
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._page.zoom(ZOOM_STEP**turns, (event.position().x(), event.position().y()))
        elif not self._page.pan(event.angleDelta().x() / 2, event.angleDelta().y() / 2):
            self._wheel += turns
            if abs(self._wheel) >= 1:
                self._page.turn(-1 if self._wheel > 0 else 1)
                self._wheel = 0.0
        return True
