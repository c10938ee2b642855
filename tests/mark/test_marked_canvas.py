"""What reaches a screen: a page, always with its watermark, and nothing beside it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from app.mark import visible
from app.mark.read import read
from app.mark.tile import BUSY_STEP, STEP, TILE_PX
from app.model.errors import Bug
from app.ui import marked
from app.ui.marked import MarkedCanvas, _font, _set_text, _wording
from tests import attacks
from tests.mark.conftest import MARK_KEY
from tests.mark.pages import fine_lines, photo_like, plain
from tests.mark.test_legibility import page as six_point_text

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QPaintEvent
    from pytestqt.qtbot import QtBot

    from app.kiosk.view import MarkText

pytestmark = pytest.mark.usefixtures("qapp")
SIZE = (1280, 720)
OPEN = Path(__file__).parents[3] / "shared" / "data" / "open"


PAGES = {
    "white": plain(*SIZE, 255),
    "black": plain(*SIZE, 0),
    "grey": plain(*SIZE, 128),
    "photo": photo_like(*SIZE),
    "text": fine_lines(*SIZE),
}


def to_image(grey: NDArray[np.uint8]) -> QImage:
    rgb = np.repeat(grey[:, :, None], 4, axis=2).copy()
    rgb[:, :, 3] = 255
    high, wide = grey.shape
    return QImage(rgb.tobytes(), wide, high, 4 * wide, QImage.Format.Format_RGB32).copy()


def to_array(image: QImage) -> NDArray[np.int16]:
    """Green channel (all channels are equal here)."""
    flat = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(bytes(flat.constBits()), np.uint8).reshape(
        flat.height(), flat.bytesPerLine() // 4, 4
    )
    return pixels[:, : flat.width(), 1].astype(np.int16)


def shown(
    page: NDArray[np.uint8],
    mark: MarkText,
    *,
    target: QRect | None = None,
    ratio: float = 1.0,
    around: int = 0,
) -> NDArray[np.int16]:
    """The page painted on a screen with ``around`` pixels of red (green 0) about it."""
    high, wide = page.shape
    screen = QImage(wide + 2 * around, high + 2 * around, QImage.Format.Format_RGB32)
    screen.setDevicePixelRatio(ratio)
    screen.fill(Qt.GlobalColor.red)
    painter = QPainter(screen)
    where = target or QRect(around, around, wide, high)
    MarkedCanvas().paint(painter, to_image(page), where, mark, device_pixel_ratio=ratio)
    painter.end()
    return to_array(screen)


def letters(mark: MarkText, width: int, height: int, ratio: float = 1.0) -> NDArray[np.float64]:
    """The slanted text by itself, drawn by other means: what a person looks for."""
    text = _set_text(_wording(mark, width, ratio), width, height, ratio)
    box = [round(side) for side in visible.slanted(text.width, text.height)]
    image = QImage(box[0], box[1], QImage.Format.Format_Grayscale8)
    image.fill(0)
    painter = QPainter(image)
    painter.setFont(_font(text.font.pixelSize()))
    painter.setPen(Qt.GlobalColor.white)
    painter.translate(box[0] / 2, box[1] / 2)
    painter.rotate(visible.ANGLE_DEGREES)
    area = QRectF(-text.width / 2, -text.height / 2, text.width, text.height)
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, "\n".join(text.lines))
    painter.end()
    return to_array(image).astype(np.float64)


def best_match(change: NDArray[np.float64], wanted: NDArray[np.float64]) -> float:
    """Highest normalised correlation of ``wanted`` with any place of ``change`` where it fits whole."""
    shape = change.shape
    zero = wanted - wanted.mean()
    spectrum = np.fft.rfft2(change)
    cross = np.fft.irfft2(spectrum * np.fft.rfft2(zero, shape).conj(), shape)
    ones = np.fft.rfft2(np.ones_like(wanted), shape).conj()
    total = np.fft.irfft2(spectrum * ones, shape)
    squares = np.fft.irfft2(np.fft.rfft2(change**2) * ones, shape)
    spread = np.sqrt(np.maximum(squares - total**2 / wanted.size, 1.0)) * np.sqrt((zero**2).sum())
    fits = (cross / spread)[: shape[0] - wanted.shape[0] + 1, : shape[1] - wanted.shape[1] + 1]
    return float(np.abs(fits).max())


@pytest.mark.parametrize("kind", PAGES)
def test_every_quarter_shows_the_whole_text(kind: str, mark: MarkText) -> None:
    change = (shown(PAGES[kind], mark) - PAGES[kind]).astype(np.float64)
    if kind == "photo":
        # Darkening is a share of what is there: judge it as a share.
        change /= np.maximum(PAGES[kind], 30)
    wanted = letters(mark, *SIZE)
    high, wide = SIZE[1] // 2, SIZE[0] // 2
    for top in (0, high // 2, high):
        for left in (0, wide // 3, wide):
            window = change[top : top + high, left : left + wide]
            assert best_match(window, wanted) > 0.4, (top, left)


def test_another_persons_text_does_not_match(mark: MarkText) -> None:
    change = (shown(PAGES["white"], mark) - PAGES["white"]).astype(np.float64)
    other = replace(mark, name="Milan Horvat", badge_tail="…0815", station="ST-999", unit="ZZ-1")
    assert best_match(change, letters(mark, *SIZE)) > 0.8
    assert best_match(change, letters(other, *SIZE)) < 0.6


@pytest.mark.parametrize("kind", PAGES)
def test_fine_lines_keep_their_contrast(kind: str, mark: MarkText) -> None:
    """No pixel changes by more than the rules allow, and black on white stays at least 6 : 1."""
    change = shown(PAGES[kind], mark) - PAGES[kind]
    assert np.abs(change).max() <= 1 + max(ground.value.most_change for ground in visible.Ground)
    if kind == "text":
        after = shown(PAGES[kind], mark)
        assert after[PAGES[kind] == 255].min() > 6 * max(1, after[PAGES[kind] == 0].max())


def test_white_paper_is_only_darkened_and_black_only_lightened(mark: MarkText) -> None:
    assert (shown(PAGES["white"], mark) <= 255).all()
    assert np.abs(shown(PAGES["white"], mark) - 255).max() <= 39
    assert shown(PAGES["black"], mark).max() <= 43


def test_a_page_half_dark_half_light_is_readable_in_both_halves(mark: MarkText) -> None:
    page = plain(*SIZE, 255)
    page[:, SIZE[0] // 2 :] = 10
    change = (shown(page, mark) - page).astype(np.float64)
    half = SIZE[0] // 2
    assert best_match(change[:, :half], letters(mark, *SIZE)) > 0.7
    assert best_match(change[:, half:], letters(mark, *SIZE)) > 0.7


@pytest.mark.parametrize("size", [(96, 72), (160, 120), (200, 280)])
@pytest.mark.parametrize("grey", [255, 0, 128])
def test_thumbnails_carry_a_small_mark_in_every_quarter(
    size: tuple[int, int], grey: int, mark: MarkText
) -> None:
    change = np.abs(shown(plain(*size, grey), mark) - grey)
    for rows in np.array_split(change, 2, axis=0):
        for quarter in np.array_split(rows, 2, axis=1):
            assert (quarter > 10).mean() > 0.02


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
def test_text_is_as_sharp_at_any_device_pixel_ratio(ratio: float, mark: MarkText) -> None:
    """Device pixels of the texture fall on device pixels of the screen, fractions of a point or not."""
    page = plain(*SIZE, 255)
    whole = QRect(0, 0, round(SIZE[0] / ratio), round(SIZE[1] / ratio))
    band = np.frombuffer(mark.tile, np.uint8).reshape(TILE_PX, -1, 4)[:, : SIZE[0], 0]
    chips = np.tile(band, (3, 1))[: SIZE[1]] - 3.0  # what the forensic tile does to white: not the letters
    change = shown(page, mark, target=whole, ratio=ratio) - page - chips
    assert best_match(change, letters(mark, *SIZE, ratio)) > 0.8


@pytest.mark.parametrize("kind", ["white", "black", "photo"])
def test_nothing_outside_the_target_is_touched(kind: str, mark: MarkText) -> None:
    screen = shown(PAGES[kind], mark, around=TILE_PX)
    inside = np.zeros(screen.shape, bool)
    inside[TILE_PX:-TILE_PX, TILE_PX:-TILE_PX] = True
    assert not screen[~inside].any()
    assert np.array_equal(screen[TILE_PX:-TILE_PX, TILE_PX:-TILE_PX], shown(PAGES[kind], mark))


@pytest.mark.parametrize(("kind", "rounding"), [("white", 0), ("photo", 1)])
@pytest.mark.parametrize("around", [0, 37])
def test_large_areas_are_marked_with_the_same_pixels(
    kind: str, rounding: int, around: int, mark: MarkText, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A photograph's larger step is laid in one there or in two: that is rounded once or twice."""
    in_pieces = shown(PAGES[kind], mark, around=around).astype(int)
    monkeypatch.setattr(marked, "THREADED_PX", 0)
    large = shown(PAGES[kind], mark, around=around)
    assert np.abs(large - in_pieces).max() <= rounding


def test_an_image_of_another_size_fills_the_target(mark: MarkText) -> None:
    screen = QImage(400, 300, QImage.Format.Format_RGB32)
    screen.fill(Qt.GlobalColor.red)
    painter = QPainter(screen)
    MarkedCanvas().paint(painter, to_image(plain(100, 75, 200)), QRect(10, 10, 300, 200), mark)
    painter.end()
    seen = to_array(screen)
    assert seen[10:210, 10:310].min() > 100
    assert not seen[:10].any()
    assert not seen[210:].any()


def test_painter_comes_back_as_it_was(mark: MarkText) -> None:
    screen = QImage(300, 300, QImage.Format.Format_RGB32)
    painter = QPainter(screen)
    painter.translate(5, 7)
    painter.setOpacity(0.5)
    before = painter.transform()
    MarkedCanvas().paint(painter, to_image(plain(100, 100, 255)), QRect(0, 0, 100, 100), mark)
    assert painter.transform() == before
    assert painter.opacity() == 0.5
    painter.end()


@pytest.mark.parametrize("missing", [{"name": ""}, {"name": "  "}, {"badge_tail": ""}])
def test_a_mark_that_names_nobody_paints_nothing(missing: dict[str, str], mark: MarkText) -> None:
    screen = QImage(100, 100, QImage.Format.Format_RGB32)
    screen.fill(Qt.GlobalColor.red)
    painter = QPainter(screen)
    with pytest.raises(Bug, match="names nobody"):
        MarkedCanvas().paint(
            painter, to_image(plain(100, 100, 255)), QRect(0, 0, 100, 100), replace(mark, **missing)
        )
    painter.end()
    assert not to_array(screen).any()


@pytest.mark.parametrize("tile", [b"", b"\0" * 4])
def test_nothing_is_painted_without_a_forensic_tile(mark: MarkText, tile: bytes) -> None:
    screen = QImage(*SIZE, QImage.Format.Format_RGB32)
    screen.fill(Qt.GlobalColor.red)
    painter = QPainter(screen)
    with pytest.raises(Bug, match="forensic"):
        MarkedCanvas().paint(painter, to_image(PAGES["white"]), QRect(0, 0, *SIZE), replace(mark, tile=tile))
    painter.end()
    assert not to_array(screen).any()


SMALL_TEXT = six_point_text(3.2)


def forensic_step(page: NDArray[np.uint8], mark: MarkText) -> NDArray[np.float64]:
    """Of each pixel: by how much the forensic tile makes it lighter than a black chip would."""
    bare = shown(page, replace(mark, tile=bytes(len(mark.tile)))).astype(float)
    return np.asarray(shown(page, mark) - bare * 252 / 255, np.float64)


def chips(mark: MarkText, page: NDArray[np.uint8]) -> NDArray[np.uint8]:
    white = np.frombuffer(mark.tile, np.uint8).reshape(TILE_PX, -1, 4)[..., 0]
    return np.tile(white, (3, 1))[: page.shape[0], : page.shape[1]]


@pytest.mark.parametrize(
    "page",
    [
        *(PAGES[kind] for kind in ("white", "grey", "black", "text")),
        SMALL_TEXT,
        SMALL_TEXT // 4 * 3,
        255 - SMALL_TEXT,
    ],
    ids=["white", "grey", "black", "lines", "6-point text", "on grey", "on black"],
)
def test_on_paper_tones_and_text_the_forensic_tile_is_a_step_of_three_levels(
    page: NDArray[np.uint8], mark: MarkText
) -> None:
    assert np.abs(forensic_step(page, mark) - chips(mark, page)).max() <= 1.5


def test_on_a_photograph_the_step_of_the_forensic_tile_is_larger(mark: MarkText) -> None:
    page = PAGES["photo"]
    white, step = chips(mark, page) > 0, forensic_step(page, mark)
    tones = shown(page, replace(mark, tile=bytes(len(mark.tile))))
    for tone in (64, 96, 128, 160, 192):
        alike = np.abs(tones - tone) < 4
        assert 2 * STEP < step[alike & white].mean() - step[alike & ~white].mean() <= BUSY_STEP


def test_a_photograph_is_read_under_noise(mark: MarkText) -> None:
    seen = attacks.noise(3)(shown(PAGES["photo"], mark).astype(np.uint8), 1)
    reading = read([seen], MARK_KEY)
    assert reading is not None
    assert f"{reading.token:016x}" == mark.token


def test_there_is_no_call_without_a_mark() -> None:
    screen = QImage(10, 10, QImage.Format.Format_RGB32)
    painter = QPainter(screen)
    with pytest.raises(TypeError, match="mark"):
        MarkedCanvas().paint(painter, to_image(plain(10, 10, 255)), QRect(0, 0, 10, 10))  # type: ignore[call-arg]
    painter.end()


def test_a_faded_painter_or_a_composition_mode_does_not_switch_the_mark_off(mark: MarkText) -> None:
    screen = QImage(*SIZE, QImage.Format.Format_RGB32)
    screen.fill(Qt.GlobalColor.white)
    painter = QPainter(screen)
    painter.setOpacity(0.1)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
    MarkedCanvas().paint(painter, to_image(PAGES["white"]), QRect(0, 0, *SIZE), mark)
    painter.end()
    assert np.array_equal(to_array(screen), shown(PAGES["white"], mark))


def test_the_next_person_gets_their_own_text_at_once(mark: MarkText) -> None:
    canvas, page = MarkedCanvas(), to_image(PAGES["white"])
    other = replace(mark, name="Milan Horvat", badge_tail="…0815")
    seen = []
    for who in (mark, other, mark):
        screen = QImage(*SIZE, QImage.Format.Format_RGB32)
        painter = QPainter(screen)
        canvas.paint(painter, page, QRect(0, 0, *SIZE), who)
        painter.end()
        seen.append(to_array(screen))
    assert not np.array_equal(seen[0], seen[1])
    assert np.array_equal(seen[0], seen[2])


def test_the_dark_page_that_follows_a_light_one_gets_its_own_tones(mark: MarkText) -> None:
    canvas = MarkedCanvas()
    seen = []
    for grey in (255, 0, 255, 0):
        screen = QImage(*SIZE, QImage.Format.Format_RGB32)
        painter = QPainter(screen)
        canvas.paint(painter, to_image(plain(*SIZE, grey)), QRect(0, 0, *SIZE), mark)
        painter.end()
        seen.append(to_array(screen))
    assert np.array_equal(seen[1], shown(PAGES["black"], mark))
    assert np.array_equal(seen[2], seen[0])
    assert np.array_equal(seen[3], seen[1])


class _Leaf(QWidget):
    def __init__(self, mark: MarkText) -> None:
        super().__init__()
        self.mark = mark

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        page = to_image(PAGES["white"])
        MarkedCanvas().paint(painter, page, QRect(20, 10, *SIZE), self.mark)
        painter.end()


def test_in_a_real_widget_a_partial_repaint_fits_what_stands_around_it(qtbot: QtBot, mark: MarkText) -> None:
    leaf = _Leaf(mark)
    qtbot.addWidget(leaf)
    leaf.resize(SIZE[0] + 40, SIZE[1] + 20)
    leaf.show()
    qtbot.waitExposed(leaf)
    whole = to_array(leaf.grab().toImage())
    leaf.repaint(100, 100, 333, 222)
    assert np.array_equal(to_array(leaf.grab().toImage()), whole)
    alone = QImage(leaf.size(), QImage.Format.Format_RGB32)
    painter = QPainter(alone)
    MarkedCanvas().paint(painter, to_image(PAGES["white"]), QRect(20, 10, *SIZE), mark)
    painter.end()
    assert np.array_equal(whole[10:-10, 20:-20], to_array(alone)[10:-10, 20:-20])


@pytest.mark.skipif(not OPEN.is_dir(), reason="the open manuals are not here")
@pytest.mark.parametrize("name", ["opr-maker-guide_2025-02-28.pdf", "voron-pocketwatch-assembly.pdf"])
def test_real_manuals_show_the_text_in_every_quarter(name: str, mark: MarkText) -> None:
    import pymupdf

    with pymupdf.open(OPEN / name) as document:
        for number in (1, len(document) // 2):
            page = document[number]
            scale = 1080 / page.rect.height
            pixels = page.get_pixmap(matrix=pymupdf.Matrix(scale, scale), colorspace=pymupdf.csGRAY)
            grey = np.frombuffer(pixels.samples, np.uint8).reshape(pixels.height, pixels.stride).copy()
            change = (shown(grey, mark) - grey).astype(np.float64) / np.maximum(grey, 30)
            wanted = letters(mark, grey.shape[1], grey.shape[0])
            for rows in np.array_split(change, 2, axis=0):
                for quarter in np.array_split(rows, 2, axis=1):
                    assert best_match(quarter, wanted) > 0.4
