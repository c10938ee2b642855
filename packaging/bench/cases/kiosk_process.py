"""The kiosk as a process, seen from outside: how soon it stands there, and what it holds after a shift."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from kit.processes import Process, stationleaf, wait_for

from bench import Result, Samples, bench
from bench.pixel import Pixel
from bench.rig import rig

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.rig import Place

ROUNDS = 9
_EMPTY = """
import sys
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication([])
window = QWidget()
window.setWindowFlag(Qt.WindowType.FramelessWindowHint)
window.setGeometry(0, 0, 1920, 1080)
window.show()
app.exec()
"""
EARLY, LATE = 30, 300


@bench("kiosk-start", against="an empty PySide6 window, median", to_reach=2.5)
def kiosk_start() -> Result:
    """From the start of the process until the badge screen is on the X screen."""
    place = rig().place("demo")
    pixel = Pixel(place.kiosk.env["DISPLAY"], 960, 1000)
    kiosk = stationleaf("kiosk", "--home", str(place.kiosk.home))
    empty: list[float] = []
    taken: list[float] = []
    try:
        for turn in range(ROUNDS + 1):
            for words, times in ((_window(), empty), (kiosk, taken)):
                seconds = _shown(place, words, pixel)
                if turn:  # the first round fills the disk cache
                    times.append(seconds)
    finally:
        pixel.close()
    yardstick, samples = Samples(tuple(empty)), Samples(tuple(taken))
    return Result(samples.median * 1e3, against=yardstick.median * 1e3, samples=samples)


@bench("memory-after-300-pages", against="after 30 pages", to_reach=1.1, unit="MB")
def memory_after_300_pages() -> Result:
    """Resident memory of the kiosk and its render worker, as the kernel counts it (VmRSS)."""
    return _memory(rig().place("demo"))


@bench("memory-after-300-pages-open", against="after 30 pages", to_reach=1.1, unit="MB")
def memory_after_300_pages_open() -> Result:
    """The same with a real manual."""
    return _memory(rig().place("open"))


def _window() -> list[str]:
    return [sys.executable, "-c", _EMPTY]


def _shown(place: Place, words: Sequence[str], pixel: Pixel) -> float:
    pixel.until(black=True)
    began = time.perf_counter()
    with Process(words, rig().folder / "shown.log", place.kiosk.env):
        return pixel.until(black=False) - began


def _memory(place: Place) -> Result:
    pages = len(place.cast.pages_at(place.cast.home))
    process = place.kiosk.start(rig().folder / "memory.log")
    try:
        pixel = Pixel(place.kiosk.env["DISPLAY"], 960, 1000)
        pixel.until(black=False)
        wait_for("the engine", lambda: len(_family(process.pid)) > 1, 30)
        time.sleep(3)
        place.display.badge(place.badge)
        time.sleep(3)
        _walk(place, pages, EARLY)
        early = _resident(process.pid)
        _walk(place, pages, LATE - EARLY)
        late = _resident(process.pid)
        pixel.close()
    finally:
        process.stop()
    return Result(late, against=early)


def _walk(place: Place, pages: int, count: int) -> None:
    """Turn on to the last page and back again, until ``count`` pages were turned."""
    ahead = True
    while count > 0:
        steps = min(count, pages - 1)
        place.display.key(*(["Right" if ahead else "Left"] * steps))
        ahead, count = not ahead, count - steps
    time.sleep(1)


def _resident(pid: int) -> float:
    """Megabytes of a process and its children."""
    total = 0
    for member in _family(pid):
        for line in Path(f"/proc/{member}/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmRSS:"):
                total += int(line.split()[1])
    return total / 1024


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    found = [pid]
    if not children.exists():  # a kernel without that file: look at every process's parent
        return [pid, *(other for other in _pids() if _parent(other) == pid)]
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(FileNotFoundError):  # a thread that has ended meanwhile
            for child in (task / "children").read_text(encoding="utf-8").split():
                found += _family(int(child))
    return found


def _pids() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]  # noqa: PTH208 (names are enough)


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
    except OSError:
        return 0
