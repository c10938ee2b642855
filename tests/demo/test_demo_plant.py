"""The demo plant: its tables fit together, its documents are real PDFs with what the issue asks for."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pymupdf
import pytest

from app.pages.steps import read_steps

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "resources" / "demo"


def rows(name: str) -> list[dict[str, str]]:
    with (DEMO / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def draw(folder: Path) -> None:
    subprocess.run([sys.executable, DEMO / "make_documents.py", folder], check=True, capture_output=True)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documents")
    draw(folder)
    return folder


def opened(folder: Path, name: str) -> Any:
    return pymupdf.open(folder / f"{name}.pdf")


def test_the_same_content_gives_the_same_bytes(drawn: Path, tmp_path: Path) -> None:
    draw(tmp_path)
    for row in rows("documents"):
        assert (tmp_path / row["file"]).read_bytes() == (drawn / row["file"]).read_bytes()


def test_every_page_is_on_the_map_once(drawn: Path) -> None:
    stations = {row["station"] for row in rows("stations")} | {"ALL"}
    for row in rows("documents"):
        with (DEMO / row["map"]).open(encoding="utf-8", newline="") as file:
            spans = list(csv.DictReader(file))
        pages = [n for s in spans for n in range(int(s["first_page"]), int(s["last_page"]) + 1)]
        assert pages == list(range(1, len(pages) + 1))
        with opened(drawn, row["document"]) as document:
            assert len(document) == len(pages)
        assert {s["station_code"] for s in spans} <= stations


def test_every_sheet_of_a_station_is_a_step() -> None:
    (row,) = (row for row in rows("documents") if row["steps"])
    steps = read_steps((DEMO / row["steps"]).read_text(encoding="utf-8"))
    with (DEMO / row["map"]).open(encoding="utf-8", newline="") as file:
        spans = [s for s in csv.DictReader(file) if s["station_code"] != "ALL"]
    mapped = [n for s in spans for n in range(int(s["first_page"]), int(s["last_page"]) + 1)]
    assert [step.page for step in steps] == mapped


def test_two_clients_three_lines_eight_stations_twelve_people_in_all_roles() -> None:
    assert (len(rows("clients")), len(rows("lines")), len(rows("stations"))) == (2, 3, 8)
    people = rows("people")
    assert len(people) == 12
    held = {role for row in people for role in row["roles"].split(";")}
    assert held == {"operator", "lead", "supervisor", "engineer", "quality", "auditor", "admin"}


def test_one_page_lies_across_and_one_is_heavy(drawn: Path) -> None:
    with opened(drawn, "WI-100") as document:
        wide = [page.number + 1 for page in document if page.rect.width > page.rect.height]
        assert wide == [16]
        strokes = {page.number + 1: len(re.findall(rb"\s[lc]\s", page.read_contents())) for page in document}
    heaviest = max(strokes, key=strokes.__getitem__)
    assert heaviest == 22
    assert strokes[heaviest] > 40_000


def test_every_station_page_has_a_figure_and_values(drawn: Path) -> None:
    with opened(drawn, "WI-100") as document:
        text = "\n".join(page.get_text() for page in document)
        photos = sum(bool(page.get_images()) for page in document)
        drawings = sum(len(page.get_cdrawings()) > 100 for page in document)
    assert text.count("N·cm") >= 8
    assert photos >= 8
    assert drawings >= 6


@pytest.mark.parametrize(
    ("name", "words"), [("WI-200", "Punto clave y por qué"), ("WI-210", "灌装：干燥剂与试纸")]
)
def test_spanish_and_chinese_are_text_with_embedded_fonts(drawn: Path, name: str, words: str) -> None:
    with opened(drawn, name) as document:
        assert words in "\n".join(page.get_text() for page in document)
        for page in document:
            for font in page.get_fonts():
                assert font[1] != "n/a", f"{font[3]} is not embedded"


def test_nothing_runs_off_a_page(drawn: Path) -> None:
    for row in rows("documents"):
        with opened(drawn, row["document"]) as document:
            for page in document:
                for x0, y0, x1, y1, words, *_ in page.get_text("words"):
                    assert x0 >= 0, words
                    assert y0 >= 0, words
                    assert x1 <= page.rect.width - 20, f"{row['document']} page {page.number + 1}: {words}"
                    assert y1 <= page.rect.height, words
