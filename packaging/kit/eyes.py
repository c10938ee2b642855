"""Looks at a screenshot and says which instruction page it shows, and whether the page carries a watermark.

It knows nothing of the program's layout: a page is found by normalised cross-correlation over size and place
(J. P. Lewis, "Fast normalized cross-correlation", 1995), so it sees what a person would see.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Grey = NDArray[np.float32]

COARSE = 4
SHARES = tuple(np.linspace(0.55, 1.0, 19))
"""Shares of the screen that a page may fill, relative to the largest that fits."""


@dataclass(frozen=True)
class Known:
    """A page that may be seen: its name, and a clean grey picture of it, 0 to 1, at least 2000 px high."""

    name: str
    picture: Grey


@dataclass(frozen=True)
class Seen:
    """The page that fits best: ``score`` 1.0 is identical; ``box`` is left, top, width, height in pixels."""

    name: str
    score: float
    box: tuple[int, int, int, int]


def known_pages(pdf: Path, numbers: Iterable[int], prefix: str) -> list[Known]:
    """Render pages (1-based) of a PDF as they were before publishing."""
    import pymupdf

    open_pdf: Any = pymupdf.open
    matrix: Any = pymupdf.Matrix
    known = []
    with open_pdf(pdf) as document:
        for number in numbers:
            page = document[number - 1]
            zoom = 2000 / page.rect.height
            pixels = page.get_pixmap(matrix=matrix(zoom, zoom), colorspace=pymupdf.csGRAY)
            grey = np.frombuffer(pixels.samples, np.uint8).reshape(pixels.height, pixels.stride)
            picture = _share(grey[:, : pixels.width])
            known.append(Known(f"{prefix}:{number}", picture))
    return known


def look(screenshot: Path, known: Sequence[Known]) -> Seen:
    """Return the known page that the screenshot shows best, whatever the score."""
    screen = _grey(screenshot)
    small = _resized(screen, screen.shape[1] // COARSE, screen.shape[0] // COARSE)
    found = max((_best(small, page) for page in known), key=lambda seen: seen.score)
    return Seen(found.name, found.score, tuple(COARSE * edge for edge in found.box))  # type: ignore[arg-type]


def watermark_in(screenshot: Path, seen: Seen, known: Sequence[Known]) -> tuple[float, float, float, float]:
    """Return, for each quarter of the page, the share of its plain white ground that is not white."""
    picture = next(page.picture for page in known if page.name == seen.name)
    left, top, width, height = seen.box
    clean = _resized(picture, width, height)
    shown = _grey(screenshot)[top : top + height, left : left + width]
    clean = clean[: shown.shape[0], : shown.shape[1]]
    ground = _eroded(clean > 0.985, 3 * COARSE)
    marked = ground & (shown < 0.985)
    half_y, half_x = shown.shape[0] // 2, shown.shape[1] // 2
    quarters = [
        (slice(None, half_y), slice(None, half_x)),
        (slice(None, half_y), slice(half_x, None)),
        (slice(half_y, None), slice(None, half_x)),
        (slice(half_y, None), slice(half_x, None)),
    ]
    shares = [float(marked[q].sum() / max(1, ground[q].sum())) for q in quarters]
    return shares[0], shares[1], shares[2], shares[3]


def _grey(path: Path) -> Grey:
    with Image.open(path) as image:
        return _share(np.asarray(image.convert("L")))


def _share(levels: NDArray[np.uint8]) -> Grey:
    return np.asarray(levels, np.float32) / np.float32(255)


def _resized(picture: Grey, width: int, height: int) -> Grey:
    image = Image.fromarray((picture * 255).astype(np.uint8)).resize((width, height), Image.Resampling.BOX)
    return _share(np.asarray(image))


def _best(screen: Grey, page: Known) -> Seen:
    ratio = page.picture.shape[1] / page.picture.shape[0]
    largest = min(screen.shape[0], screen.shape[1] / ratio)
    best = Seen(page.name, -1.0, (0, 0, 1, 1))
    for share in SHARES:
        height = int(largest * share)
        width = max(1, min(int(height * ratio), screen.shape[1]))
        score, left, top = _correlate(screen, _resized(page.picture, width, height))
        if score > best.score:
            best = Seen(page.name, score, (left, top, width, height))
    return best


def _correlate(screen: Grey, template: Grey) -> tuple[float, int, int]:
    """Return the best normalised correlation of ``template`` in ``screen``, and its place (left, top)."""
    shape = screen.shape
    height, width = template.shape
    centred = template - template.mean()
    norm = float(np.sqrt((centred**2).sum()))
    if norm < 1e-6:
        return -1.0, 0, 0
    spectrum = np.fft.rfft2(screen) * np.conj(np.fft.rfft2(centred, shape))
    product = np.fft.irfft2(spectrum, shape)[: shape[0] - height + 1, : shape[1] - width + 1]
    total, squares = _box_sums(screen, height, width), _box_sums(screen**2, height, width)
    spread = np.sqrt(np.maximum(squares - total**2 / (height * width), 1e-6))
    scores = product / (spread * norm)
    top, left = np.unravel_index(int(np.argmax(scores)), scores.shape)
    return float(scores[top, left]), int(left), int(top)


def _box_sums(picture: Grey, height: int, width: int) -> NDArray[np.float64]:
    sums = np.zeros((picture.shape[0] + 1, picture.shape[1] + 1))
    sums[1:, 1:] = picture.astype(np.float64).cumsum(0).cumsum(1)
    return sums[height:, width:] - sums[:-height, width:] - sums[height:, :-width] + sums[:-height, :-width]


def _eroded(mask: NDArray[np.bool_], reach: int) -> NDArray[np.bool_]:
    sums = _box_sums(np.pad(~mask, reach, mode="edge").astype(np.float32), 2 * reach + 1, 2 * reach + 1)
    return np.asarray(sums == 0, np.bool_)
