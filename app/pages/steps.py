"""Step lists: which steps a document has, on which pages. Read and write.

A list is CSV with the columns ``page,step,title,sign``; ``title`` and ``sign`` may be left out. Pages count
from 1 as the PDF has them; ``step`` is the number as it is printed (``3``, ``4.2``, ``7b``); ``sign`` is yes
where the confirmation of the step is an electronic signature. The order of the rows is that of the work.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.model.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

COLUMNS = ("page", "step", "title", "sign")
NEEDED = COLUMNS[:2]

_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,15}")
_SHOWN = 40  # bad rows that one refusal lists
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
    text = text.removeprefix("\ufeff")
    head = text.lstrip("\r\n ").split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
    rows: list[StepRow] = []
    bad: list[str] = []
    names: list[str] | None = None
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if names is None:
                names = _names(cells)
                continue
            row = _row(names, cells, {known.code for known in rows})
            if isinstance(row, StepRow):
                rows.append(row)
            else:
                bad.append(f"line {reader.line_num}: {row}")
            if len(rows) + len(bad) > _MAX_ROWS:
                bad.append(f"line {reader.line_num}: more than {_MAX_ROWS} steps")
                break
    except csv.Error as error:
        bad.append(f"line {reader.line_num}: not readable as CSV ({error})")
    if bad:
        raise Refused(_listed(bad), advice="Correct these lines and try again.", code="bad_steps")
    if not rows:
        raise _columns([]) if names is None else Refused("The step list has no steps.", code="bad_steps")
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


def _row(names: list[str], cells: list[str], known: set[str]) -> StepRow | str:
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
    elif code in known:
        wrong.append(f"step {code} is there twice")
    if len(title) > 200 or not title.isprintable():
        wrong.append("title is too long or has control characters")
    if sign.lower() not in _YES | _NO:
        wrong.append(f"sign “{sign[:20]}” is neither yes nor no")
    return ", ".join(wrong) if wrong else StepRow(int(page), code, title, sign.lower() in _YES)


def _listed(bad: list[str]) -> str:
    more = f"; and {len(bad) - _SHOWN} more" if len(bad) > _SHOWN else ""
    return f"The step list has {len(bad)} bad row{'s' * (len(bad) > 1)}: {'; '.join(bad[:_SHOWN])}{more}."
