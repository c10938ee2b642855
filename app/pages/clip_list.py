"""Lists of clips: which page of a document has one, and where on the page it plays. Read, write.

A list is CSV with the columns ``page,file,left,top,right,bottom``; the last four may be left out. Pages count
from 1 as the PDF has them; ``file`` is an MP4 or WebM, named as seen from the list; the sides are shares of
the page's width and height (0 to 1) from its upper left. Without them the clip plays in the lower right.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from app.model.errors import Refused
from app.pages.row_list import listed, read_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

COLUMNS = ("page", "file", "left", "top", "right", "bottom")
SIDES = COLUMNS[2:]
PLACE = (0.52, 0.64, 0.96, 0.96)
"""Where a clip plays of which nobody said it."""
LEAST = 0.05
"""No side of a place is shorter than this share of the page: nobody could see what plays there."""

_MAX_PAGE = 100_000
_MAX_ROWS = 500

Place = tuple[float, float, float, float]


@dataclass(frozen=True)
class ClipRow:
    """Page ``page`` has the clip in ``file``, which plays at ``place``."""

    page: int
    file: str
    place: Place = PLACE


def read_clips(text: str) -> tuple[ClipRow, ...]:
    """Read a list; comma, semicolon or tab may separate.

    Raises Refused ``bad_clips``: a column is missing or unknown, there is no row, or some rows are bad; then
    every bad row is listed by its line in the file, with what is wrong with it.
    """
    rows, bad, headed = read_rows(text, _names, _row, most=_MAX_ROWS, things="clips")
    if bad:
        raise _refused(listed("The list of clips", bad), "Correct these lines and try again.")
    if not rows:
        raise _columns([]) if not headed else _refused("The list of clips has no rows.", "")
    return tuple(rows)


def write_clips(rows: tuple[ClipRow, ...]) -> str:
    """The CSV text of a list, as ``read_clips`` reads it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([row.page, row.file, *(f"{side:g}" for side in row.place)] for row in rows)
    return out.getvalue()


def _names(cells: list[str]) -> list[str]:
    names = [cell.strip().lower() for cell in cells]
    given, sides = set(names), set(SIDES)
    all_or_none = given & sides in (set(), sides)
    if len(given) != len(names) or not all_or_none or given - sides != {"page", "file"}:
        raise _columns(names)
    return names


def _columns(found: list[str]) -> Refused:
    said = f"it has {', '.join(found)[:200]}" if found else "it is empty"
    return _refused(
        f"The list of clips must have the columns {', '.join(COLUMNS)} "
        f"(the last four may be left out); {said}.",
        "Correct the first line of the list.",
    )


def _row(names: list[str], cells: list[str], before: Sequence[ClipRow]) -> ClipRow | str:
    """The row, or what is wrong with it."""
    if len(cells) != len(names):
        return f"{len(cells)} columns instead of {len(names)}"
    told = dict.fromkeys(COLUMNS, "") | {name: cell.strip() for name, cell in zip(names, cells, strict=True)}
    page, file = told["page"], told["file"]
    wrong = []
    if not re.fullmatch(r"[0-9]{1,6}", page) or not 1 <= int(page) <= _MAX_PAGE:
        wrong.append(f"page “{page[:20]}” is not a page number")
    elif int(page) in {row.page for row in before}:
        wrong.append(f"page {page} is there twice: a page has one clip")
    if (
        not file
        or not file.isprintable()
        or PurePath(file).suffix.lower() not in {".mp4", ".m4v", ".mov", ".webm"}
    ):
        wrong.append(f"file “{file[:60]}” is not named as an MP4 or WebM")
    place = _place([told[side] for side in SIDES])
    if place is None:
        wrong.append(
            "left, top, right, bottom are not shares of the page, from 0 to 1, or too close together"
        )
    if wrong or place is None:
        return ", ".join(wrong)
    return ClipRow(int(page), file, place)


def _place(cells: list[str]) -> Place | None:
    if not any(cells):
        return PLACE
    try:
        left, top, right, bottom = map(float, cells)
    except ValueError:
        return None
    inside = min(left, top) >= 0 and max(right, bottom) <= 1
    return (left, top, right, bottom) if inside and min(right - left, bottom - top) >= LEAST else None


def _refused(says: str, do: str) -> Refused:
    return Refused(says, advice=do, code="bad_clips")
