"""Looks at a screenshot: which instruction page it shows, how large, and whether it carries a watermark.

It knows nothing of the program's layout: a page is found by normalised cross-correlation over size and place
(J. P. Lewis, "Fast normalized cross-correlation", 1995), so it sees what a person would see.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Grey = NDArray[np.float32]

COARSE, FINE = 8, 4
"""The screen is looked at reduced by these factors: first everything coarsely, then the best few finely."""
SHARES = tuple(float(share) for share in np.linspace(0.55, 1.0, 19))
"""Shares of the screen that a page may fill, relative to the largest that fits."""
RECOGNISED = 0.6
"""A correlation above this is the page; other pages of the same document stay below it."""


@dataclass(frozen=True)
class Known:
    """A page that may be seen: its name, and a clean grey picture of it, 0 to 1, 2000 px high."""

    name: str
    picture: Grey


@dataclass(frozen=True)
class Seen:
    """The page that fits best: ``score`` 1.0 is identical; ``box`` is left, top, width, height in pixels."""

    name: str
    score: float
    box: tuple[int, int, int, int]

    @property
    def recognised(self) -> bool:
        """Whether it is there at all."""
        return self.score >= RECOGNISED


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
            known.append(Known(f"{prefix}:{number}", _share(grey[:, : pixels.width])))
    return known


class Eyes:
    """Knows some pages and finds them on screenshots; remembers at which size the last one was shown."""

    def __init__(self, known: Sequence[Known]) -> None:
        self.known = {page.name: page for page in known}
        self._small = [Known(page.name, _reduced(page.picture, 4)) for page in known]
        self._share = 0.0

    def look(self, shot: Path | Image.Image, *, thorough: bool = True) -> Seen:
        """Return the known page that the screenshot shows best, whatever the score.

        Not ``thorough``: only at the size at which a page was seen before.
        """
        screen = _grey(shot)
        found = self._search(screen, (self._share,)) if self._share else None
        if found is None or (thorough and not found[0].recognised):
            found = self._search(screen, SHARES)
        seen, share = found
        self._share = share if seen.recognised else self._share
        return seen

    def _search(self, screen: Grey, shares: Sequence[float]) -> tuple[Seen, float]:
        coarse = _Ground(screen, COARSE)
        tried = [(coarse.find(page, share), share, page) for page in self._small for share in shares]
        best: dict[str, tuple[Seen, float, Known]] = {}
        for seen, share, page in tried:
            if page.name not in best or seen.score > best[page.name][0].score:
                best[page.name] = seen, share, page
        leading = sorted(best.values(), key=lambda each: -each[0].score)[:6]
        fine = _Ground(screen, FINE)
        near = (0.0,) if len(shares) == 1 else (-0.0125, 0.0, 0.0125)
        sharp = [(fine.find(page, share + step), share + step) for _, share, page in leading for step in near]
        return max(sharp, key=lambda each: each[0].score)

    def watermark(self, shot: Path | Image.Image, seen: Seen) -> tuple[float, float, float, float]:
        """Return, for each quarter of the page, the share of its plain white ground that is not white."""
        left, top, width, height = seen.box
        clean = _resized(self.known[seen.name].picture, width, height)
        shown = _grey(shot)[top : top + height, left : left + width]
        clean = clean[: shown.shape[0], : shown.shape[1]]
        ground = _eroded(clean > 0.985, 3 * FINE)
        marked = ground & (shown < 0.985)
        half_y, half_x = shown.shape[0] // 2, shown.shape[1] // 2
        rows, columns = (slice(None, half_y), slice(half_y, None)), (slice(None, half_x), slice(half_x, None))
        shares = [float(marked[y, x].sum() / max(1, ground[y, x].sum())) for y in rows for x in columns]
        return shares[0], shares[1], shares[2], shares[3]

    def magnified(self, shot: Path | Image.Image, seen: Seen) -> tuple[float, float]:
        """Return how much larger than in ``seen`` the screenshot shows that page, and how sure that is.

        The middle of the place where the page was is searched for in the page at growing sizes.
        """
        left, top, width, height = seen.box
        shown = _grey(shot)[
            top + height // 3 : top + 2 * height // 3, left + width // 4 : left + 3 * width // 4
        ]
        piece = _resized(shown, max(1, shown.shape[1] // FINE), max(1, shown.shape[0] // FINE))
        clean = self.known[seen.name].picture
        best = (1.0, -1.0)
        for grown in np.linspace(1.0, 3.0, 21):
            page = _resized(clean, int(width * grown / FINE), int(height * grown / FINE))
            score, _, _ = _Ground(page, 1).correlate(piece)
            if score > best[1]:
                best = float(grown), score
        return best


class _Ground:
    """A picture in which others are searched: its spectrum and sums are made once."""

    def __init__(self, picture: Grey, reduce: int) -> None:
        small = _resized(picture, picture.shape[1] // reduce, picture.shape[0] // reduce)
        self._picture, self._reduce = small, reduce
        self._spectrum = np.fft.rfft2(small)
        self._sums, self._squares = _summed(small), _summed(small**2)

    def find(self, page: Known, share: float) -> Seen:
        """Search the page at one size."""
        tall, wide = self._picture.shape
        ratio = page.picture.shape[1] / page.picture.shape[0]
        height = int(min(tall, wide / ratio) * min(share, 1.0))
        width = max(1, min(int(height * ratio), wide))
        score, left, top = self.correlate(_resized(page.picture, width, height))
        r = self._reduce
        return Seen(page.name, score, (left * r, top * r, width * r, height * r))

    def correlate(self, template: Grey) -> tuple[float, int, int]:
        """Return the best normalised correlation of ``template``, and its place (left, top)."""
        shape, (height, width) = self._picture.shape, template.shape
        centred = template - template.mean()
        norm = float(np.sqrt((centred**2).sum()))
        if norm < 1e-6 or height > shape[0] or width > shape[1]:
            return -1.0, 0, 0
        product = np.fft.irfft2(self._spectrum * np.conj(np.fft.rfft2(centred, shape)), shape)
        product = product[: shape[0] - height + 1, : shape[1] - width + 1]
        total, squares = _boxes(self._sums, height, width), _boxes(self._squares, height, width)
        spread = np.sqrt(np.maximum(squares - total**2 / (height * width), 1e-6))
        scores = product / (spread * norm)
        top, left = np.unravel_index(int(np.argmax(scores)), scores.shape)
        return float(scores[top, left]), int(left), int(top)


def _grey(shot: Path | Image.Image) -> Grey:
    if isinstance(shot, Path):
        with Image.open(shot) as image:
            return _share(np.asarray(image.convert("L")))
    return _share(np.asarray(shot.convert("L")))


def _share(levels: NDArray[np.uint8]) -> Grey:
    return np.asarray(levels, np.float32) / np.float32(255)


def _resized(picture: Grey, width: int, height: int) -> Grey:
    image = Image.fromarray((picture * 255).astype(np.uint8))
    return _share(np.asarray(image.resize((width, height), Image.Resampling.BOX)))


def _reduced(picture: Grey, by: int) -> Grey:
    return _resized(picture, picture.shape[1] // by, picture.shape[0] // by)


def _summed(picture: Grey) -> NDArray[np.float64]:
    sums = np.zeros((picture.shape[0] + 1, picture.shape[1] + 1))
    sums[1:, 1:] = picture.astype(np.float64).cumsum(0).cumsum(1)
    return sums


def _boxes(sums: NDArray[np.float64], height: int, width: int) -> NDArray[np.float64]:
    return sums[height:, width:] - sums[:-height, width:] - sums[height:, :-width] + sums[:-height, :-width]


def _eroded(mask: NDArray[np.bool_], reach: int) -> NDArray[np.bool_]:
    sums = _summed(np.pad(~mask, reach, mode="edge").astype(np.float32))
    return np.asarray(_boxes(sums, 2 * reach + 1, 2 * reach + 1) == 0, np.bool_)
