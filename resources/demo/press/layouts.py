"""The page layouts of a work instruction: frame, cover, lists and tables, steps with figures, one figure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from press.diagrams import DIAGRAMS
from press.scenes import SCENES
from press.sheet import GREY, INK, PALE, RULE, WHITE, Style
from press.symbols import sign

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from press.sheet import Colour, Sheet

    Page = Mapping[str, Any]

PICTURES = Path(__file__).resolve().parents[1] / "pictures"
MARGIN = 36.0
TOP = 84.0
AMBER: Colour = (0.98, 0.76, 0.05)
RED: Colour = (0.76, 0.09, 0.13)
ACCENTS: dict[str, Colour] = {"HELIO": (0.05, 0.30, 0.48), "NORDIA": (0.00, 0.42, 0.40)}
BODY = Style(9.8)
CELL = Style(9.6)
BOLD_CELL = Style(9.6, "bold")
HEAD = Style(8.2, "bold", WHITE)


class Composer:
    """Lays out the pages of one document; ``words`` are its fixed words in its language."""

    def __init__(self, document: Page) -> None:
        self.about: Page = document["document"]
        self.words: Page = document["words"]
        self.pages: list[Page] = document["pages"]
        self.accent = ACCENTS[self.about["client"]]

    def compose(self, sheet: Sheet, number: int) -> None:
        """Draw page ``number`` (from 1)."""
        page = self.pages[number - 1]
        kinds: dict[str, Callable[[Sheet, Page], None]] = {
            "cover": self._cover,
            "sections": self._sections,
            "steps": self._steps,
            "figure": self._large_figure,
        }
        self._frame(sheet, page, number)
        kinds[page["kind"]](sheet, page)

    # -- the frame ----------------------------------------------------------------------------------------

    def _frame(self, sheet: Sheet, page: Page, number: int) -> None:
        about, right = self.about, sheet.width - MARGIN
        sheet.box((0, 0, sheet.width, 7), fill=self.accent)
        self._logo(sheet, MARGIN, 22)
        middle = MARGIN + 132
        sheet.text(middle, 33, about["title"], Style(10.5, "bold"))
        sheet.text(middle, 46, f"{about['part']}  ·  {about['client_name']}", Style(8, colour=GREY))
        sheet.text(
            right,
            33,
            f"{about['code']}  {self.words['revision']} {about['revision']}",
            Style(10.5, "bold"),
            "right",
        )
        of = self.words["page"].format(number=number, of=len(self.pages))
        sheet.text(
            right,
            46,
            f"{of}  ·  {self.words['effective']} {about['effective']}",
            Style(8, colour=GREY),
            "right",
        )
        sheet.line((MARGIN, 56), (right, 56), self.accent, 1.2)
        station = page.get("station", "")
        label = f"{station}  {page['title']}" if station else page["title"]
        if page["kind"] != "cover":
            sheet.text(MARGIN, 75, label, Style(14, "bold", self.accent))
            if page.get("sheet"):
                sheet.text(right, 75, page["sheet"], Style(9, colour=GREY), "right")
        foot = sheet.height - 26
        sheet.line((MARGIN, foot), (right, foot), RULE, 0.6)
        sheet.text(MARGIN, foot + 12, self.words["confidential"], Style(7, colour=GREY))
        sheet.text(right, foot + 12, self.words["uncontrolled"], Style(7, colour=GREY), "right")

    def _logo(self, sheet: Sheet, x: float, y: float) -> None:
        for bar, tall in enumerate((10, 16, 22)):
            sheet.box((x + bar * 6, y + 22 - tall, x + bar * 6 + 4, y + 22), fill=self.accent)
        sheet.text(x + 23, y + 14, "Larkfield", Style(12, "bold", self.accent))
        sheet.text(x + 23, y + 22, "contract manufacturing", Style(6.4, colour=GREY))

    # -- kinds --------------------------------------------------------------------------------------------

    def _cover(self, sheet: Sheet, page: Page) -> None:
        right = sheet.width - MARGIN
        sheet.box((MARGIN, 82, right, 176), fill=self.accent, radius=6)
        sheet.text(MARGIN + 20, 112, self.words["work_instruction"], Style(11, colour=WHITE))
        sheet.block(MARGIN + 20, 122, self.about["title"], Style(21, "bold", WHITE, 1.2), right - MARGIN - 40)
        self._figure(sheet, page["figure"], (MARGIN, 190, right, 560))
        self._table(sheet, page["table"], MARGIN, 586, right - MARGIN)

    def _sections(self, sheet: Sheet, page: Page) -> None:
        y, width = TOP + 6, sheet.width - 2 * MARGIN
        for section in page["sections"]:
            if section.get("heading"):
                sheet.text(MARGIN, y + 12, section["heading"], Style(11, "bold", self.accent))
                y += 20
            if section.get("text"):
                y = sheet.block(MARGIN, y, section["text"], BODY, width) + 6
            for name, words in section.get("signs", []):
                y = self._sign_row(sheet, name, words, y, width)
            if section.get("table"):
                y = self._table(sheet, section["table"], MARGIN, y, width) + 12
            if section.get("figure"):
                tall = section.get("tall", 190)
                self._figure(sheet, section["figure"], (MARGIN, y, MARGIN + width, y + tall))
                y += tall + 10
            if section.get("warning"):
                y = self._warning(sheet, section["warning"], MARGIN, y, width) + 10
            y += 4

    def _sign_row(self, sheet: Sheet, name: str, words: str, y: float, width: float) -> float:
        sign(sheet, name, MARGIN + 4, y, 34)
        tall = sheet.height_of(words, BODY, width - 60)
        sheet.block(MARGIN + 52, y + max(0.0, (34 - tall) / 2), words, BODY, width - 60)
        return y + max(40.0, tall + 6)

    def _steps(self, sheet: Sheet, page: Page) -> None:
        y, width = TOP + 4, sheet.width - 2 * MARGIN
        y = self._strip(sheet, page, y, width)
        steps = {
            "columns": self.words["step_columns"],
            "widths": [0.06, 0.44, 0.31, 0.19],
            "rows": _numbered(page["steps"]),
        }
        below = self._table_height(sheet, steps, width) + 34
        below += self._warning_height(sheet, page["warning"], width) + 10 if page.get("warning") else 0
        below += self._check_height(sheet, page["check"], width) + 10 if page.get("check") else 0
        figures = page["figures"]
        tall = min(sheet.height - 40 - y - below, 360 if len(figures) == 1 else 260)
        each = (width - 10 * (len(figures) - 1)) / len(figures)
        for place, figure in enumerate(figures):
            left = MARGIN + place * (each + 10)
            self._figure(sheet, figure, (left, y, left + each, y + tall))
        y = self._table(sheet, steps, MARGIN, y + tall + 12, width) + 10
        if page.get("warning"):
            y = self._warning(sheet, page["warning"], MARGIN, y, width) + 10
        if page.get("check"):
            self._check(sheet, page["check"], MARGIN, y, width)

    def _strip(self, sheet: Sheet, page: Page, y: float, width: float) -> float:
        sheet.box((MARGIN, y, MARGIN + width, y + 36), fill=PALE, radius=4)
        x = MARGIN + 8
        for name in page.get("signs", []):
            sign(sheet, name, x, y + 4, 28)
            x += 36
        x = MARGIN + width - 12
        for name, value in reversed(page.get("facts", [])):
            used = max(sheet.fonts.width(value, Style(10, "bold")), sheet.fonts.width(name, Style(7)))
            sheet.text(x - used, y + 13, name, Style(7, colour=GREY))
            sheet.text(x - used, y + 27, value, Style(10, "bold"))
            x -= used + 22
        return y + 44

    def _large_figure(self, sheet: Sheet, page: Page) -> None:
        width = sheet.width - 2 * MARGIN
        y = self._strip(sheet, page, TOP + 4, width)
        notes = page.get("notes", "")
        below = sheet.height_of(notes, BODY, width) + 14 if notes else 0
        self._figure(sheet, page["figure"], (MARGIN, y, MARGIN + width, sheet.height - 38 - below))
        if notes:
            sheet.block(MARGIN, sheet.height - 32 - below, notes, BODY, width)

    # -- pieces -------------------------------------------------------------------------------------------

    def _figure(self, sheet: Sheet, figure: Sequence[str], rect: Sequence[float]) -> None:
        source, name, caption = figure
        x0, y0, x1, y1 = rect
        bottom = y1 - (15 if caption else 0)
        sheet.box((x0, y0, x1, bottom), fill=WHITE, line=RULE, width=0.7, radius=3)
        inner = (x0 + 4, y0 + 4, x1 - 4, bottom - 4)
        if source == "photo":
            sheet.picture(inner, (PICTURES / f"{name}.jpg").read_bytes())
        elif source == "scene":
            SCENES[name](sheet, inner)
        else:
            DIAGRAMS[name](sheet, inner)
        if caption:
            sheet.text(x0 + 2, y1 - 3, caption, Style(7.8, "italic", GREY))

    def _table(self, sheet: Sheet, table: Page, x: float, y: float, width: float) -> float:
        columns, shares = table.get("columns", []), table["widths"]
        lefts = [x + width * sum(shares[:place]) for place in range(len(shares))]
        if columns:
            sheet.box((x, y, x + width, y + 17), fill=self.accent)
            for left, words in zip(lefts, columns, strict=True):
                sheet.text(left + 5, y + 12, words, HEAD)
            y += 17
        for count, row in enumerate(table["rows"]):
            y = self._row(sheet, row, lefts, shares, x, y, width, count)
        return y

    def _table_height(self, sheet: Sheet, table: Page, width: float) -> float:
        rows = (self._row_height(sheet, row, table["widths"], width) for row in table["rows"])
        return (17 if table.get("columns") else 0) + sum(rows)

    def _row_height(self, sheet: Sheet, row: Sequence[str], shares: Sequence[float], width: float) -> float:
        cells = zip(row, _cell_styles(row), shares, strict=True)
        return max(sheet.height_of(words, style, width * share - 10) for words, style, share in cells) + 7

    def _row(
        self,
        sheet: Sheet,
        row: Sequence[str],
        lefts: Sequence[float],
        shares: Sequence[float],
        x: float,
        y: float,
        width: float,
        count: int,
    ) -> float:
        tall = self._row_height(sheet, row, shares, width)
        if count % 2:
            sheet.box((x, y, x + width, y + tall), fill=PALE)
        for words, style, share, left in zip(row, _cell_styles(row), shares, lefts, strict=True):
            sheet.block(left + 5, y + 3, words, style, width * share - 10)
        sheet.line((x, y + tall), (x + width, y + tall), RULE, 0.5)
        return y + tall

    def _warning_height(self, sheet: Sheet, warning: Sequence[str], width: float) -> float:
        return max(44.0, 24 + sheet.height_of(warning[2], BODY, width - 66))

    def _check_height(self, sheet: Sheet, words: str, width: float) -> float:
        return max(24.0, sheet.height_of(words, BODY, width - 40) + 10)

    def _warning(self, sheet: Sheet, warning: Sequence[str], x: float, y: float, width: float) -> float:
        grade, name, words = warning
        colour = RED if grade == "danger" else AMBER
        tall = self._warning_height(sheet, warning, width)
        sheet.box((x, y, x + width, y + tall), fill=(1.0, 0.985, 0.93), line=colour, width=1.2, radius=4)
        sheet.box((x, y, x + width, y + 15), fill=colour, radius=4)
        sheet.box((x, y + 8, x + width, y + 15), fill=colour)
        sheet.text(x + 52, y + 11, self.words[grade], Style(8.6, "bold", WHITE if grade == "danger" else INK))
        sign(sheet, name, x + 10, y + 5, 32)
        sheet.block(x + 52, y + 18, words, BODY, width - 66)
        return y + tall

    def _check(self, sheet: Sheet, words: str, x: float, y: float, width: float) -> None:
        tall = self._check_height(sheet, words, width)
        sheet.box((x, y, x + width, y + tall), line=self.accent, width=1.0, radius=4)
        sheet.polygon(
            [(x + 10, y + tall / 2), (x + 15, y + tall / 2 + 5), (x + 23, y + tall / 2 - 6)],
            line=self.accent,
            width=2.2,
            closed=False,
        )
        sheet.block(x + 32, y + 5, words, BODY, width - 40)


def _cell_styles(row: Sequence[str]) -> list[Style]:
    return [BOLD_CELL, *[CELL] * (len(row) - 1)]


def _numbered(steps: Sequence[Sequence[str]]) -> list[list[str]]:
    return [[str(place), *step] for place, step in enumerate(steps, 1)]
