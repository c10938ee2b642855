"""Step lists: which steps a document has, on which pages. Read, write, propose.

A list is CSV with the columns ``page,step,title,sign``; ``title`` and ``sign`` may be left out. Pages count
from 1 as the PDF has them; ``step`` is the number as it is printed (``3``, ``4.2``, ``7b``); ``sign`` is yes
where the confirmation of the step is an electronic signature. The order of the rows is that of the work.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.model.errors import Refused
from app.pages.row_list import listed, read_rows
from app.pages.splitting import Limits, read_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

COLUMNS = ("page", "step", "title", "sign")
NEEDED = COLUMNS[:2]

LARGER = 1.15
"""How much larger than most letters a heading's are."""

_HEADING = re.compile(
    r"(?:((?i:step|paso|langkah|步骤|schritt|étape))\s*)?"
    r"([0-9]{1,3}(?:\.[0-9]{1,3}){0,3}[a-z]?)(?:[\s.):：–—-]+|$)(.*)"
)
_LEADERS = re.compile(r"\.{4}|…{2}|(?:\. ){4}")
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,15}")
_MAX_PAGE = 100_000
_MAX_ROWS = 5_000
_YES, _NO = frozenset({"yes", "y", "true", "1", "x"}), frozenset({"", "no", "n", "false", "0"})


@dataclass(frozen=True)
class StepRow:
    """Step ``code`` is on page ``page``; ``sign``: its confirmation is an electronic signature."""

    page: int
    code: str
    title: str = ""
    sign: bool = False


def read_steps(text: str) -> tuple[StepRow, ...]:
    """Read a list; comma, semicolon or tab may separate.

    Raises Refused ``bad_steps``: a column is missing or unknown, there is no row, or some rows are bad; then
    every bad row is listed by its line in the file, with what is wrong with it.
    """
    rows, bad, headed = read_rows(text, _names, _row, most=_MAX_ROWS, things="steps")
    if bad:
        raise Refused(
            listed("The step list", bad), advice="Correct these lines and try again.", code="bad_steps"
        )
    if not rows:
        raise _columns([]) if not headed else Refused("The step list has no steps.", code="bad_steps")
    return tuple(rows)


def propose_steps(path: Path, *, limits: Limits | None = None) -> tuple[StepRow, ...]:
    """Propose a list from the numbered headings of the PDF at ``path``, for a person to check.

    A heading is a line such as ``Step 4: Seat the cell`` in any size, or ``4. Seat the cell`` in letters
    larger than most; lines of a table of contents are none. Where numbers begin anew they get the number of
    their series in front (``2-4``).

    Raises Refused ``no_steps`` where there is none, and whatever ``split_document`` refuses a file for.
    """
    lines = list(read_lines(path, limits=limits or Limits()))
    sizes: Counter[float] = Counter()
    for _, size, text in lines:
        sizes[round(size, 1)] += len(text)
    usual = sizes.most_common(1)[0][0] if sizes else 0.0
    found: list[tuple[int, str, str]] = []
    for page, size, text in lines:
        heading = _HEADING.fullmatch(text)
        if heading is None or _LEADERS.search(text) or not (heading[1] or size >= LARGER * usual):
            continue
        if heading[1] or heading[3]:
            found.append((page, heading[2], heading[3]))
    if not found:
        raise Refused(
            "The PDF has no numbered headings to propose steps from.",
            advice=f"Write a list by hand: a CSV file with the columns {','.join(COLUMNS)}.",
            code="no_steps",
        )
    return _numbered(found)


def _numbered(found: list[tuple[int, str, str]]) -> tuple[StepRow, ...]:
    """Rows with a number of their own each, within what a list can have."""
    series, told = 1, list[tuple[int, int, str, str]]()
    before: tuple[int, ...] = (0,)
    for page, code, title in found:
        order = tuple(int(part) for part in re.findall("[0-9]+", code))
        series += order < before
        before = order
        told.append((page, series, code.lstrip("0") or "0", title))
    known: set[str] = set()
    rows = []
    for page, number, code, title in told[:_MAX_ROWS]:
        name = code if series == 1 else f"{number}-{code}"
        while name in known:  # printed twice
            name += "b"
        known.add(name)
        rows.append(StepRow(page, name, title))
    return tuple(rows)


def write_steps(rows: Iterable[StepRow]) -> str:
    """The CSV text of a list, as ``read_steps`` reads it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([row.page, row.code, row.title, "yes" if row.sign else ""] for row in rows)
    return out.getvalue()


def _names(cells: list[str]) -> list[str]:
    names = [cell.strip().lower() for cell in cells]
    twice = len(set(names)) != len(names)
    if twice or not set(NEEDED) <= set(names) <= set(COLUMNS):
        raise _columns(names)
    return names


def _columns(found: list[str]) -> Refused:
    said = f"it has {', '.join(found)[:200]}" if found else "it is empty"
    return Refused(
        f"The step list must have the columns {', '.join(COLUMNS)} (the last two may be left out); {said}.",
        advice="Correct the first line of the list.",
        code="bad_steps",
    )


def _row(names: list[str], cells: list[str], before: Sequence[StepRow]) -> StepRow | str:
    """The row, or what is wrong with it."""
    if len(cells) != len(names):
        return f"{len(cells)} columns instead of {len(names)}"
    told = dict.fromkeys(COLUMNS, "") | {name: cell.strip() for name, cell in zip(names, cells, strict=True)}
    page, code, title, sign = (told[name] for name in COLUMNS)
    wrong = []
    if not re.fullmatch(r"[0-9]{1,6}", page) or not 1 <= int(page) <= _MAX_PAGE:
        wrong.append(f"page “{page[:20]}” is not a page number")
    if not _CODE.fullmatch(code):
        wrong.append(f"step “{code[:20]}” is not a step's number such as 3, 4.2 or 7b")
    elif code in {row.code for row in before}:
        wrong.append(f"step {code} is there twice")
    if len(title) > 200 or not title.isprintable():
        wrong.append("title is too long or has control characters")
    if sign.lower() not in _YES | _NO:
        wrong.append(f"sign “{sign[:20]}” is neither yes nor no")
    return ", ".join(wrong) if wrong else StepRow(int(page), code, title, sign.lower() in _YES)
