"""The faster form of heavy pages: chosen by the page alone, equal to the eye, quicker, sharp when zoomed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pymupdf
import pytest

from app.pages.content import parse, serialise
from app.pages.drawing import Leaf
from app.pages.faster import SMALL_BOX, alike
from app.pages.measure import BOX, Canvas
from app.pages.picture import RenderRequest
from app.pages.renderer import Renderer
from app.pages.splitting import SplitPage, split_document
from app.pages.state import balanced, carried, cuts
from tests.pages.making import heavy_document, saved

if TYPE_CHECKING:
    from pathlib import Path


def _split(path: Path) -> list[SplitPage]:
    pages: list[SplitPage] = []
    split_document(path, take=pages.append)
    return pages


@pytest.fixture(scope="module")
def heavy(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SplitPage]:
    path = saved(heavy_document(), tmp_path_factory.mktemp("heavy"))
    return path, _split(path)[0]


def _pixels(canvas: Canvas, leaf: Leaf, box: tuple[int, int], level: int | None = None) -> Any:
    return canvas.picture(leaf, box, level=level)[0].copy()


def test_a_heavy_page_gets_a_faster_form_and_the_report_says_so(heavy: tuple[Path, SplitPage]) -> None:
    page = heavy[1]
    assert page.form == "faster form"
    assert page.cost_ms < page.original_cost_ms
    assert "became" in page.remark


def test_it_looks_the_same_in_whole_views_and_zoomed(heavy: tuple[Path, SplitPage]) -> None:
    source, page = Leaf(pymupdf.open(heavy[0])), Leaf.of(heavy[1].data)
    canvas = Canvas()
    assert len(page.most_scales) == 2
    for box, level in ((SMALL_BOX, 0), (BOX, 1), (BOX, 2)):
        assert alike(_pixels(canvas, page, box, level), _pixels(canvas, source, box))


def test_each_view_takes_the_form_that_is_sharp_there(heavy: tuple[Path, SplitPage]) -> None:
    page = Leaf.of(heavy[1].data)
    canvas = Canvas()
    assert [page.level(canvas.scale(page, box)) for box in ((300, 200), (1920, 1080), BOX)] == [0, 0, 1]
    assert page.level(2 * canvas.scale(page)) == 2


def test_a_full_hd_view_differs_by_no_more_than_resampling(heavy: tuple[Path, SplitPage]) -> None:
    canvas = Canvas()
    box = (1920, 1080)
    one = _pixels(canvas, Leaf.of(heavy[1].data), box)
    other = _pixels(canvas, Leaf(pymupdf.open(heavy[0])), box)
    rows, columns = one.shape[0] // 8 * 8, one.shape[1] // 8 * 8
    blocks = [
        a[:rows, :columns, 0].reshape(rows // 8, 8, columns // 8, 8).mean(axis=(1, 3)) for a in (one, other)
    ]
    assert np.abs(blocks[0] - blocks[1]).mean() < 4


def test_the_kiosks_renderer_zooms_into_the_drawing(heavy: tuple[Path, SplitPage]) -> None:
    pictures = []
    with Renderer(max_bytes=64 << 20) as renderer:
        for data in (heavy[1].data, heavy[0].read_bytes()):
            name = hashlib.sha256(data).hexdigest()
            renderer.put(name, data)
            request = RenderRequest(name, 3840, 2160, zoom=4.0, clip=(4000, 4000, 4600, 4300))
            with renderer.render(request) as zoomed:
                pictures.append(bytes(zoomed.buffer))
    assert len(set(pictures[0])) > 2
    assert pictures[0] == pictures[1]


@pytest.mark.parametrize(("rotation", "coloured"), [(90, False), (0, True)])
def test_turned_and_coloured_pages_too(tmp_path: Path, rotation: int, coloured: bool) -> None:
    path = saved(heavy_document(8_000, rotation=rotation, coloured=coloured), tmp_path)
    page = _split(path)[0]
    assert page.form == "faster form"
    canvas = Canvas()
    assert alike(_pixels(canvas, Leaf.of(page.data), BOX), _pixels(canvas, Leaf(pymupdf.open(path)), BOX))


def test_a_light_page_stays_as_drawn(tmp_path: Path) -> None:
    page = _split(saved(heavy_document(40), tmp_path))[0]
    assert (page.form, page.remark) == ("as drawn", "")
    assert page.cost_ms == page.original_cost_ms > 0


def test_the_same_document_gives_the_same_bytes_twice(heavy: tuple[Path, SplitPage]) -> None:
    again = _split(heavy[0])[0]
    assert again.data == heavy[1].data


def test_a_gross_difference_is_not_alike() -> None:
    white = np.full((100, 100, 4), 255, dtype=np.uint8)
    spot = white.copy()
    spot[50, 50, :3] = 0
    assert alike(white, white.copy())
    assert not alike(white, spot)
    assert not alike(white, white[:99])


def _carried(content: bytes) -> bytes:
    state = carried(parse(content))
    return b"None" if state is None else serialise(state)


def test_the_state_left_behind_is_what_was_set_last() -> None:
    assert _carried(b"1 w 0 g 0 0 m 9 9 l S 2 w 1 0 0 rg 0 0 5 5 re f") == b"2 w\n1 0 0 rg\n"
    assert _carried(b"q 1 w 0 0 m 9 9 l S Q q 2 0 0 2 0 0 cm 3 w") == b"q\n3 w\n2 0 0 2 0 0 cm\n"
    assert _carried(b"0 0 5 5 re W n 9 9 m 1 1 l S") == b"0 0 5 5 re\nW\nn\n"
    assert _carried(b"/P cs /X scn 0 1 0 rg /P cs /Y scn") == b"/P cs\n/Y scn\n"
    assert _carried(b"BT /F 9 Tf 7 Tr (x) Tj ET") == b"None"


def test_cuts_stand_outside_text_and_paths() -> None:
    operations = parse(b"q BT /F 9 Tf (a) Tj ET 0 0 m 1 1 l S Q")
    assert [operations[place - 1].operator for place in cuts(operations)] == [b"q", b"ET", b"S", b"Q"]
    assert serialise(balanced(parse(b"Q q q Q"))) == b"q\nq\nQ\nQ\n"
