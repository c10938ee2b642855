"""Page maps: which pages of a document belong to which station. Read, write, propose.

A map is CSV with the columns ``first_page,last_page,station_code,station_name``. Pages count from 1 as the
PDF has them. ``ALL`` means every station. Ranges may overlap: a page belongs to every station that names it.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.model.errors import Refused
from app.pages.splitting import Bookmark, Limits, read_outline

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

COLUMNS = ("first_page", "last_page", "station_code", "station_name")
ALL = "ALL"
"""The station code that means every station."""
UNKNOWN = "?"
"""The code in a proposal for a bookmark that names no station: ``read_map`` refuses it until someone fills it
in."""

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,31}")
_TITLE = re.compile(r"\s*([A-Za-z]{1,6}[- _]?\d{1,5}[A-Za-z]?)\s*(?:[:.·|–—-]\s*|\s+)(\S.*)")
_WORD_BEFORE = re.compile(r"(?i)(?:step|page|figure|fig|part|chapter|rev|ver|version|section)[- _]?\d+")
_SHOWN = 40  # bad rows that one refusal lists
_MAX_PAGE = 100_000
_MAX_ROWS = 20_000


@dataclass(frozen=True)
class MapRow:
    """Pages ``first_page`` to ``last_page`` (both included, from 1) belong to one station, or to ``ALL``."""

    first_page: int
    last_page: int
    station_code: str
    station_name: str = ""


def read_map(text: str) -> tuple[MapRow, ...]:
    """Read a map; comma, semicolon or tab may separate (spreadsheets differ by country).

    Raises Refused ``bad_map``: the columns are not the four, there is no row, or some rows are bad; then
    every bad row is listed by its line in the file, with what is wrong with it.
    """
    text = text.removeprefix("\ufeff")
    head = text.lstrip("\r\n ").split("\n", 1)[0]
    separator = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[MapRow] = []
    bad: list[str] = []
    places: tuple[int, ...] | None = None
    line = 1
    try:
        for cells in reader:
            start, line = line, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if places is None:
                places = _places(cells)
                continue
            row = _row(cells, places)
            if isinstance(row, MapRow):
                rows.append(row)
            else:
                bad.append(f"line {start}: {row}")
            if len(rows) + len(bad) > _MAX_ROWS:
                bad.append(f"line {start}: more than {_MAX_ROWS} rows")
                break
    except csv.Error as error:
        bad.append(f"line {line}: not readable as CSV ({error})")
    if places is None and not bad:
        raise _columns([])
    if bad:
        raise Refused(_listed(bad), advice="Correct these lines and try again.", code="bad_map")
    if not rows:
        raise Refused("The page map has no rows.", advice="Add a row for each station.", code="bad_map")
    return tuple(rows)


def write_map(rows: Iterable[MapRow]) -> str:
    """The CSV text of a map, as ``read_map`` reads it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([row.first_page, row.last_page, row.station_code, row.station_name] for row in rows)
    return out.getvalue()


def stations_by_page(rows: Iterable[MapRow], pages: int) -> dict[int, frozenset[str]]:
    """For each page of a document of ``pages`` pages, the station codes that need it (maybe none).

    Raises Refused ``map_past_end`` when a row names pages that the document does not have.
    """
    found: dict[int, set[str]] = {number: set() for number in range(1, pages + 1)}
    past = []
    for row in rows:
        if row.last_page > pages:
            past.append(f"pages {row.first_page} to {row.last_page} of {row.station_code}")
            continue
        for number in range(row.first_page, row.last_page + 1):
            found[number].add(row.station_code)
    if past:
        said = "; ".join(past[:_SHOWN])
        raise Refused(
            f"The map names pages that the document does not have (it has {pages}): {said}.",
            advice="Check that map and document belong together.",
            code="map_past_end",
        )
    return {number: frozenset(codes) for number, codes in found.items()}


def propose_map(
    path: Path, *, limits: Limits | None = None, stations: Mapping[str, str] | None = None
) -> tuple[MapRow, ...]:
    """Propose a map from the bookmarks of the PDF at ``path``, for a person to check.

    ``stations`` (code to name) are those that the site has: a bookmark belongs to the one whose code or name
    it bears; without them, a bookmark like ``ST-040 Battery attach`` speaks for itself. What comes before the
    first bookmark belongs to ALL; a bookmark that names no station gets the code ``?``, so that nothing is
    shown to anyone by guesswork. Raises Refused ``no_bookmarks``, and whatever ``split_document`` refuses a
    file for.
    """
    pages, bookmarks = read_outline(path, limits=limits or Limits())
    chosen = _level(bookmarks, stations or {})
    if not chosen:
        raise Refused(
            "The PDF has no bookmarks to propose a page map from.",
            advice=f"Write a map by hand: a CSV file with the columns {','.join(COLUMNS)}.",
            code="no_bookmarks",
        )
    rows = [MapRow(1, chosen[0].page - 1, ALL, "General")] if chosen[0].page > 1 else []
    for here, following in zip(chosen, [*chosen[1:], None], strict=True):
        last = pages if following is None else max(here.page, following.page - 1)
        code, name = _station(here.title, stations or {})
        rows.append(MapRow(here.page, last, code, name))
    return tuple(rows)


def _places(cells: list[str]) -> tuple[int, ...]:
    names = [cell.strip().lower() for cell in cells]
    if sorted(names) != sorted(COLUMNS):
        raise _columns(names)
    return tuple(names.index(column) for column in COLUMNS)


def _columns(found: list[str]) -> Refused:
    said = f"it has {', '.join(found)[:200]}" if found else "it is empty"
    return Refused(
        f"The page map must have the columns {', '.join(COLUMNS)}; {said}.",
        advice="Correct the first line of the map.",
        code="bad_map",
    )


def _row(cells: list[str], places: tuple[int, ...]) -> MapRow | str:
    """The row, or what is wrong with it."""
    if len(cells) != len(COLUMNS):
        return f"{len(cells)} columns instead of {len(COLUMNS)}"
    first, last, code, name = (cells[place].strip() for place in places)
    wrong = []
    for column, text in (("first_page", first), ("last_page", last)):
        if not re.fullmatch(r"[0-9]{1,6}", text) or not 1 <= int(text) <= _MAX_PAGE:
            wrong.append(f"{column} “{text[:20]}” is not a page number")
    if not wrong and int(last) < int(first):
        wrong.append(f"last_page {last} comes before first_page {first}")
    if code == UNKNOWN:
        wrong.append("station_code is still “?”: fill in the station, or ALL")
    elif not _CODE.fullmatch(code):
        wrong.append(f"station_code “{code[:20]}” is not a station code" if code else "station_code is empty")
    if len(name) > 200 or not name.isprintable():
        wrong.append("station_name is too long or has control characters")
    if wrong:
        return ", ".join(wrong)
    return MapRow(int(first), int(last), ALL if code.upper() == ALL else code, name)


def _listed(bad: list[str]) -> str:
    more = f"; and {len(bad) - _SHOWN} more" if len(bad) > _SHOWN else ""
    return f"The page map has {len(bad)} bad row{'s' * (len(bad) > 1)}: {'; '.join(bad[:_SHOWN])}{more}."


def _level(bookmarks: tuple[Bookmark, ...], stations: Mapping[str, str]) -> list[Bookmark]:
    """The depth whose titles name the most stations, else the first with more than one; in page order."""
    levels: dict[int, list[Bookmark]] = {}
    for mark in bookmarks:
        levels.setdefault(mark.depth, []).append(mark)
    if not levels:
        return []
    named = {
        depth: sum(_station(mark.title, stations)[0] != UNKNOWN for mark in marks)
        for depth, marks in levels.items()
    }
    best = max(sorted(levels), key=lambda depth: (named[depth], len(levels[depth]) > 1, -depth))
    return sorted(levels[best], key=lambda mark: mark.page)


def _station(title: str, stations: Mapping[str, str]) -> tuple[str, str]:
    """Code and name for a bookmark's title."""
    clean = " ".join(title.split())
    folded = _folded(clean)
    if stations:
        for code in sorted(stations, key=len, reverse=True):
            if folded.startswith(_folded(code)) or (stations[code] and _folded(stations[code]) in folded):
                return code, stations[code] or clean
        return UNKNOWN, clean
    found = _TITLE.fullmatch(clean)
    if found is None or _WORD_BEFORE.fullmatch(found[1]):
        return UNKNOWN, clean
    return re.sub(r"[ _]", "-", found[1]).upper(), found[2]


def _folded(text: str) -> str:
    return re.sub(r"[^0-9a-z]", "", text.casefold())
