"""Importing CSV tables: everything or nothing, and every bad row is named by file and line.

An import is first rehearsed in a transaction that is rolled back; only if no row is bad is it done for real.
So slots (a quarter of a second each) are made between the two, while nobody waits for the database.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.hub.badges import BLANK, BadgeOffice
from app.hub.columns import NAMES, TABLES, Columns
from app.hub.lookup import Outcome
from app.hub.table import BadRow, Row, read_table
from app.hub.tables import APPLY, Desk
from app.model.errors import Expected, NotFound, Refused, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from app.hub.acting import Acting
    from app.seal.slot import Slot


@dataclass(frozen=True)
class Source:
    """A file and the table that it holds."""

    path: Path
    table: Columns


@dataclass
class Told:
    """What an import came to: per table how many rows were added, changed, unchanged; and the bad rows."""

    counts: dict[str, dict[Outcome, int]] = field(default_factory=dict)
    bad: list[BadRow] = field(default_factory=list)
    ignored: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """Rows that were understood and applied."""
        return sum(sum(counts.values()) for counts in self.counts.values())


class BadRows(Refused):
    """Some rows are bad; nothing was written. ``told.bad`` names each."""

    code = "bad_rows"

    def __init__(self, told: Told) -> None:
        super().__init__(
            f"{len(told.bad)} bad row{'s' if len(told.bad) != 1 else ''}; nothing was written.",
            advice="Correct them and import again.",
        )
        self.told = told


def sources(paths: Sequence[Path], table: str = "") -> tuple[list[Source], tuple[str, ...]]:
    """Find the tables of files and folders, in the order in which they must be read.

    A file's name says its table (``people.csv``), or ``table`` does for a single file. The second value names
    the CSV files of a folder that are no table and are left alone.

    Raises:
        NotFound: a path does not exist, or a folder holds no table.
        Refused: a file's name says no table, or two files hold the same one.
    """
    found: list[Source] = []
    ignored: list[str] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(child for child in path.iterdir() if child.suffix.lower() == ".csv")
            found += [Source(child, NAMES[child.stem.lower()]) for child in inside if _named(child)]
            ignored += [child.name for child in inside if not _named(child)]
        elif path.is_file():
            found.append(Source(path, _table_of(path, table)))
        else:
            raise NotFound(f"There is no file or folder {path}.", advice="Check the path.")
    if not found:
        raise NotFound(
            "There is no table to import.", advice=f"Tables: {', '.join(f'{n}.csv' for n in NAMES)}."
        )
    order = {table.name: place for place, table in enumerate(TABLES)}
    return sorted(found, key=lambda source: order[source.table.name]), tuple(ignored)


def _named(path: Path) -> bool:
    return path.stem.lower() in NAMES


def _table_of(path: Path, table: str) -> Columns:
    name = table or path.stem.lower()
    if name not in NAMES:
        raise Refused(
            f"The name of {path.name} does not say which table it is.",
            advice=f"Add --table with one of: {', '.join(NAMES)}.",
            code="which_table",
        )
    return NAMES[name]


@dataclass(frozen=True)
class Import:
    """An import of ``found``. ``begin`` and ``rehearse`` open an act; ``badges`` makes real slots."""

    found: Sequence[Source]
    ignored: tuple[str, ...]
    badges: BadgeOffice
    begin: Callable[[], AbstractContextManager[Acting]]
    rehearse: Callable[[], AbstractContextManager[Acting]]
    on_progress: Callable[[int, int, str], None] = lambda _done, _total, _what: None

    def check(self) -> Told:
        """Say what an import would come to; write nothing.

        Raises:
            BadRows: some rows are bad.
        """
        return self._rehearsed()[0]

    def run(self) -> Told:
        """Import everything in one transaction.

        Raises:
            BadRows: some rows are bad; nothing was written.
        """
        _, numbers, tables = self._rehearsed()
        slots: dict[str, Slot] = {}
        for place, number in enumerate(numbers):
            self.on_progress(place, len(numbers), "making badge slots")
            slots[number] = self.badges.seal(number)
        if numbers:
            self.on_progress(len(numbers), len(numbers), "making badge slots")
        ready = BadgeOffice(
            self.badges.badge_key, lambda number: slots.get(number) or self.badges.seal(number)
        )
        with self.begin() as acting:
            told = _apply(acting, tables, ready)
            if told.bad:  # somebody changed the plant in between
                raise BadRows(told)
        told.ignored = self.ignored
        return told

    def _rehearsed(self) -> tuple[Told, list[str], list[tuple[Source, list[Row]]]]:
        unreadable: list[BadRow] = []
        tables = [(source, _read(source, unreadable)) for source in self.found]
        numbers: list[str] = []

        def blank(number: str) -> Slot:
            numbers.append(number)
            return BLANK

        with self.rehearse() as acting:
            told = _apply(acting, tables, BadgeOffice(self.badges.badge_key, blank))
        told.bad = sorted({*told.bad, *unreadable})
        told.ignored = self.ignored
        if told.bad:
            raise BadRows(told)
        return told, numbers, tables


def _read(source: Source, bad: list[BadRow]) -> list[Row]:
    try:
        data = source.path.read_bytes()
    except OSError as error:
        raise Unavailable(
            f"The file {source.path} cannot be read: {error.strerror}.", advice="Check who may read it."
        ) from None
    return read_table(source.path.name, data, source.table.required, source.table.optional, bad)


def _apply(acting: Acting, tables: Sequence[tuple[Source, list[Row]]], badges: BadgeOffice) -> Told:
    told = Told()
    for source, rows in tables:
        table = source.table
        counts = told.counts.setdefault(table.name, dict.fromkeys(Outcome, 0))
        desk = Desk(acting, badges, source.path.parent)
        seen: dict[tuple[str, ...], int] = {}
        for row in rows:
            key = tuple(row.cells[column] for column in table.key)
            problem = _problem(table, row, seen.get(key))
            if problem:
                told.bad.append(BadRow(source.path.name, row.line, problem))
                continue
            seen[key] = row.line
            try:
                with acting.session.begin_nested():
                    counts[APPLY[table.name](desk, row)] += 1
            except Expected as error:
                told.bad.append(BadRow(source.path.name, row.line, str(error)))
    return told


def _problem(table: Columns, row: Row, earlier: int | None) -> str:
    empty = [column for column in table.filled if not row.cells[column]]
    if empty:
        return f"{', '.join(empty)} {'is' if len(empty) == 1 else 'are'} empty"
    return "" if earlier is None else f"the same {' and '.join(table.key)} as line {earlier}"
