"""Pictures of all screens that somebody has looked at, and whether a screen still looks like its own.

They are kept small and grey: what is compared is where things stand and how dark they are. Letters that are
smoothed in another way stay below the tolerance; a button that moved by 2 mm does not (a test holds that).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from kit.processes import ROOT
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from tour.guide import GLASSES

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from app.ui.theme import Mode
    from tour.guide import Glass

FOLDER = ROOT / "tests" / "ui" / "reviewed"
LOOKS: tuple[tuple[Glass, Mode], ...] = (
    (GLASSES[0], "light"), (GLASSES[1], "dark"), (GLASSES[2], "light"),
)  # fmt: skip
"""On which screens they were taken, in English and usual letters."""
PAGES = 5
SMOOTHED = 24.0
"""Grey levels by which a letter's edge may differ from one painting to the next."""
FEW = 20
"""So many pixels may differ by more: fewer than the smallest thing that could move, a caret."""
WIDE = 480
"""Their width in pixels; the height follows."""
LEVELS = 64
"""Grey levels that are kept."""
BLOCK = 6
"""Side of the squares that are compared, in pixels of the small picture."""
TOLERANCE = 5.0
"""How far the mean grey of a square may be from the reviewed one, of 255."""


def place(scene: str, glass: Glass) -> Path:
    """Where the reviewed picture of a scene is."""
    return FOLDER / f"{scene}-{glass.name}.png"


def keep(scene: str, glass: Glass, picture: QImage) -> None:
    """This is how it is to look from now on."""
    FOLDER.mkdir(exist_ok=True)
    levels = _small(picture) * (LEVELS - 1) / 255
    flat = np.ascontiguousarray((levels.round() * 255 / (LEVELS - 1)).round().astype(np.uint8))
    high, wide = flat.shape
    QImage(flat.tobytes(), wide, high, wide, QImage.Format.Format_Grayscale8).save(str(place(scene, glass)))


def strays(scene: str, glass: Glass, picture: QImage) -> str:
    """Where a screen looks other than its reviewed picture does, and by how much; "" where it does not."""
    path = place(scene, glass)
    known = QImage(str(path))
    if known.isNull():
        return f"no reviewed picture {path.name}: look at it, then packaging/dev tour --review"
    now, then = _small(picture), _grey(known)
    if now.shape != then.shape:
        return f"another size than {path.name}"
    apart = np.abs(_blocks(now - then))
    row, column = np.unravel_index(int(apart.argmax()), apart.shape)
    most = float(apart[row, column])
    if most <= TOLERANCE:
        return ""
    step = BLOCK // 2
    at = f"{column * step / WIDE:.0%} across, {row * step / now.shape[0]:.0%} down"
    return f"other than {path.name} by {most:.0f} of 255 at {at}: if it is meant, packaging/dev tour --review"


def moved(before: QImage, after: QImage) -> bool:
    """Whether two pictures of one screen differ by more than how letters are smoothed the second time."""
    return bool((np.abs(_grey(after) - _grey(before)) > SMOOTHED).sum() > FEW)


def _small(picture: QImage) -> NDArray[np.float32]:
    return _grey(picture.scaledToWidth(WIDE, Qt.TransformationMode.SmoothTransformation))


def _grey(picture: QImage) -> NDArray[np.float32]:
    flat = picture.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(bytes(flat.constBits()), np.uint8).reshape(flat.height(), flat.bytesPerLine())
    return rows[:, : flat.width()].astype(np.float32)


def _blocks(apart: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean of each square, half overlapping the next, so that no edge lies between two."""
    step = BLOCK // 2
    high, wide = apart.shape[0] // step * step, apart.shape[1] // step * step
    cells = apart[:high, :wide].reshape(high // step, step, wide // step, step).mean(axis=(1, 3))
    joined = cells[:-1, :-1] + cells[1:, :-1] + cells[:-1, 1:] + cells[1:, 1:]
    return np.asarray(joined / 4, np.float32)
