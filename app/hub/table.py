"""CSV tables as plants export them: rows with their line numbers in, every problem named by file and line.

What is read: UTF-8 (with or without a byte order mark), commas, one header line, blank lines skipped.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import TYPE_CHECKING

from app.model.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MOST_BYTES = 64 * 1024 * 1024
MOST_CELL = 10_000
LIST_SIGN = ";"


@dataclass(frozen=True, order=True)
class BadRow:
    """What is wrong in which line (counted from 1, the header is line 1) of which file."""

    file: str
    line: int
    problem: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.problem}"


@dataclass(frozen=True)
class Row:
    """A row: the line where it begins, and its cells by column, trimmed; absent optional ones are ``""``."""

    line: int
    cells: Mapping[str, str]

    def many(self, column: str) -> list[str]:
        """Return a cell that holds a list, separated by ``;``."""
        return [item.strip() for item in self.cells[column].split(LIST_SIGN) if item.strip()]


def read_table(
    file: str, data: bytes, required: Sequence[str], optional: Sequence[str], bad: list[BadRow]
) -> list[Row]:
    """Return the readable rows of a file and add what is not readable to ``bad``."""
    text = _text(file, data, bad)
    if text is None:
        return []
    rows = _records(file, text, bad)
    first = next(rows, None)
    if first is None:
        if not bad:
            bad.append(BadRow(file, 1, f"the file is empty; its first line must be: {','.join(required)}"))
        return []
    header = [cell.strip().lower() for cell in first[1]]
    problem = _header_problem(header, required, optional)
    if problem:
        bad.append(BadRow(file, first[0], problem))
        return []
    found = []
    for line, cells in rows:
        row = _row(file, line, header, cells, required, bad)
        if row is not None:
            missing = {column: "" for column in optional if column not in row}
            found.append(Row(line, {**row, **missing}))
    return found


def _text(file: str, data: bytes, bad: list[BadRow]) -> str | None:
    if len(data) > MOST_BYTES:
        bad.append(BadRow(file, 1, f"the file is larger than {MOST_BYTES // 2**20} MB"))
        return None
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        bad.append(BadRow(file, 1, "the file is UTF-16; save it as CSV UTF-8"))
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        bad.append(BadRow(file, line, "this line is not UTF-8; save the file as CSV UTF-8"))
        return None
    if "\0" in text:
        bad.append(BadRow(file, text.count("\n", 0, text.index("\0")) + 1, "this line holds a NUL character"))
        return None
    return text


def _records(file: str, text: str, bad: list[BadRow]) -> Iterator[tuple[int, list[str]]]:
    """Yield records that are not blank with the line where each begins. A torn quote ends the file."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            bad.append(
                BadRow(file, begins, f"a quote is open or misplaced here ({error}); the rest is unread")
            )
            return
        if any(cell.strip() for cell in cells):
            yield begins, cells
        begins = reader.line_num + 1


def _header_problem(header: list[str], required: Sequence[str], optional: Sequence[str]) -> str:
    if "first_page" in header:
        return "this is a page map; it goes with: stationleaf admin publish PDF --map FILE"
    if len(header) == 1 and any(sign in header[0] for sign in (";", "\t")):
        return "columns are not separated by commas; save the file as comma-separated CSV"
    twice = sorted({column for column in header if header.count(column) > 1})
    if twice:
        return f"the column {twice[0] or 'without a name'} is there twice"
    missing = [column for column in required if column not in header]
    unknown = [column or "(no name)" for column in header if column not in {*required, *optional}]
    wrong = [f"the column {column} is missing" for column in missing]
    wrong += [f"there is no column {column}" for column in unknown]
    if not wrong:
        return ""
    known = ", ".join([*required, *(f"[{column}]" for column in optional)])
    return f"{'; '.join(wrong)} (columns: {known})"


def _row(
    file: str, line: int, header: list[str], cells: list[str], required: Sequence[str], bad: list[BadRow]
) -> dict[str, str] | None:
    while len(cells) > len(header) and not cells[-1].strip():
        cells = cells[:-1]  # spreadsheets add empty cells at the end
    if len(cells) != len(header):
        bad.append(BadRow(file, line, f"has {len(cells)} cells where the header has {len(header)}"))
        return None
    row = {column: cell.strip() for column, cell in zip(header, cells, strict=True)}
    problems = [
        f"{column} is longer than {MOST_CELL}" for column, cell in row.items() if len(cell) > MOST_CELL
    ]
    if problems:
        bad.append(BadRow(file, line, "; ".join(problems)))
        return None
    return {**dict.fromkeys(required, ""), **row}


def read_time(word: str, *, default: datetime | None = None, zone: tzinfo | None = None) -> datetime | None:
    """Read ``2026-03-02`` (its first moment, UTC) or ``2026-03-02T06:00+01:00``; ``""`` gives ``default``.

    With a ``zone`` times of day may be without their own, and days begin there.

    Raises:
        Refused: it is neither, or a time of day without its zone.
    """
    if not word:
        return default
    try:
        if len(word) == 10:
            day = date.fromisoformat(word)
            return datetime(day.year, day.month, day.day, tzinfo=zone or UTC).astimezone(UTC)
        time = datetime.fromisoformat(word)
        if time.tzinfo is None and zone is not None:
            time = time.replace(tzinfo=zone)
        return time.astimezone(UTC) if time.tzinfo is not None else _no_zone(word)
    except (ValueError, OverflowError):
        raise Refused(
            f"{word!r} is not a time such as 2026-03-02 or 2026-03-02T06:00Z.", code="bad_time"
        ) from None


def _no_zone(word: str) -> datetime:
    raise Refused(f"The time {word} has no zone: write {word}Z for UTC, or {word}+01:00.", code="bad_time")
