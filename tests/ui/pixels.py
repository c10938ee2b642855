"""Pictures as numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QImage

if TYPE_CHECKING:
    from numpy.typing import NDArray


def as_array(image: QImage) -> NDArray[np.uint8]:
    """Height × width × (blue, green, red)."""
    flat = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(bytes(flat.constBits()), np.uint8).reshape(
        flat.height(), flat.bytesPerLine() // 4, 4
    )
    return pixels[:, : flat.width(), :3].copy()


def trace_of(picture: NDArray[np.uint8], page: NDArray[np.uint8]) -> float:
    """Share of the page's own bright pixels that stand in the picture at the same place."""
    return float((picture == page).all(axis=2).mean())
