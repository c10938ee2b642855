"""Tables that a person writes beside a document, such as its steps and its clips: CSV read row by row."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Row = TypeVar("Row")
_SHOWN = 40  # bad rows that one refusal lists


def read_rows(
    text: str,
    names_in: Callable[[list[str]], list[str]],
    row_of: Callable[[list[str], list[str], Sequence[Row]], Row | str],
    *,
    most: int,
    things: str,
) -> tuple[list[Row], list[str], bool]:
    """Read a table; comma, semicolon or tab may separate. Blank lines count for nothing.

    ``names_in`` reads the first line's columns; ``row_of`` makes a row of the columns, its cells and the rows
    before it, or says what is wrong with it. Not more than ``most`` of the ``things``. Returns the rows, what
    is wrong with the others by their line in the file, and whether there was a first line.
    """
    text = text.removeprefix("\ufeff")
    head = text.lstrip("\r\n ").split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
    rows: list[Row] = []
    bad: list[str] = []
    names: list[str] | None = None
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if names is None:
                names = names_in(cells)
                continue
            row = row_of(names, cells, rows)
            if isinstance(row, str):
                bad.append(f"line {reader.line_num}: {row}")
            else:
                rows.append(row)
            if len(rows) + len(bad) > most:
                bad.append(f"line {reader.line_num}: more than {most} {things}")
                break
    except csv.Error as error:
        bad.append(f"line {reader.line_num}: not readable as CSV ({error})")
    return rows, bad, names is not None


def listed(what: str, bad: Sequence[str]) -> str:
    """The sentence that lists the bad rows of ``what``."""
    more = f"; and {len(bad) - _SHOWN} more" if len(bad) > _SHOWN else ""
    return f"{what} has {len(bad)} bad row{'s' * (len(bad) > 1)}: {'; '.join(bad[:_SHOWN])}{more}."
