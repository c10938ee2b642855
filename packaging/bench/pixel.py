"""Watches one pixel of an X screen, through Xlib: when a window has come to the screen, seen from outside."""

from __future__ import annotations

import ctypes
import ctypes.util
import time

from bench.registry import Skipped

_ZPIXMAP, _ALL_PLANES = 2, ctypes.c_ulong(-1)


class Pixel:
    """The pixel at (x, y) of a display such as ``:99``."""

    def __init__(self, display: str, x: int, y: int) -> None:
        found = ctypes.util.find_library("X11")
        if found is None:
            raise Skipped("libX11 is missing")
        self._x11 = ctypes.CDLL(found)
        self._x11.XOpenDisplay.restype = ctypes.c_void_p
        self._x11.XDefaultRootWindow.restype = ctypes.c_ulong
        self._x11.XDefaultRootWindow.argtypes = [ctypes.c_void_p]
        self._x11.XGetImage.restype = ctypes.c_void_p
        self._x11.XGetImage.argtypes = [
            *(ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.c_int, ctypes.c_uint, ctypes.c_uint),
            *(ctypes.c_ulong, ctypes.c_int),
        ]
        self._x11.XGetPixel.restype = ctypes.c_ulong
        self._x11.XGetPixel.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_int]
        self._x11.XDestroyImage.argtypes = [ctypes.c_void_p]
        self._x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
        self._display = self._x11.XOpenDisplay(display.encode())
        if not self._display:
            raise Skipped(f"the display {display} cannot be opened")
        self._root = self._x11.XDefaultRootWindow(self._display)
        self._at = x, y

    def colour(self) -> int:
        """Its value now."""
        image = self._x11.XGetImage(self._display, self._root, *self._at, 1, 1, _ALL_PLANES, _ZPIXMAP)
        value = int(self._x11.XGetPixel(image, 0, 0)) & 0xFFFFFF
        self._x11.XDestroyImage(image)
        return value

    def until(self, black: bool, seconds: float = 30.0) -> float:
        """Wait until it is black, or is not; returns that moment (``time.perf_counter``)."""
        end = time.perf_counter() + seconds
        while (self.colour() == 0) is not black:
            if time.perf_counter() > end:
                raise RuntimeError("the screen did not change")
            time.sleep(0.0005)
        return time.perf_counter()

    def close(self) -> None:
        """Let go of the display."""
        self._x11.XCloseDisplay(self._display)
