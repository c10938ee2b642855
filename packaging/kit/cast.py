"""Who and what a story is about: the documents, the two stations, and the pages that belong to each."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kit.eyes import known_pages
from kit.plant import DEMO, Publication, badges, demo_documents
from kit.processes import KitError

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from kit.eyes import Known
    from kit.plant import Plant

ANA, BRUNO, EMEKA, FATIMA, GRACE, HANNA, JULIA = "1001", "1002", "1004", "1005", "1006", "1007", "1009"
NAMES = {
    ANA: "Ana Oliveira", BRUNO: "Bruno Keller", EMEKA: "Emeka Obi", FATIMA: "Fatima El Amrani",
    GRACE: "Grace Lindqvist", HANNA: "Hanna Weiss", JULIA: "Julia Santos",
}  # fmt: skip
UNKNOWN_BADGE = "0499123456"
UNIT, UNIT_FORMAT = "SN-2201-00417", '{"prefix":"SN-"}'
CLIENT, LINE = "HELIO", "L1"
ADMISSION_MINUTES, GLASS_MINUTES = 30, 1
"""How long the story's exceptions last at most."""


@dataclass(frozen=True)
class Cast:
    """``home`` is where Ana works, Fatima is relief and Hanna has not signed; Emeka works at ``other``.

    Bruno and Grace work elsewhere on the line, which Julia supervises. ``neighbours`` are its stations but
    ``home``, in the order of their codes.
    """

    publications: tuple[Publication, ...]
    shown: Publication
    home: str
    other: str
    badges: dict[str, str]
    neighbours: tuple[str, ...]

    def pages_at(self, station: str) -> list[str]:
        """Names of the pages that belong to a station, in their order."""
        numbers = sorted(
            number
            for first, last, code in page_map(self.shown.page_map)
            if code in {station, "ALL"}
            for number in range(first, last + 1)
        )
        return [f"{self.shown.document}:{number}" for number in numbers]

    def kept_at(self, station: str) -> int:
        """How many sealed objects a kiosk there keeps: pages, and the clips on them."""
        pages = {name.rpartition(":")[2] for name in self.pages_at(station)}
        if self.shown.clips is None:
            return len(pages)
        with self.shown.clips.open(encoding="utf-8", newline="") as file:
            return len(pages) + sum(row["page"] in pages for row in csv.DictReader(file))

    def steps_at(self, station: str) -> list[tuple[str, str]]:
        """Steps of the shown document at a station: the name of the page, and the step's number."""
        if self.shown.steps is None:
            return []
        with self.shown.steps.open(encoding="utf-8", newline="") as file:
            rows = [(f"{self.shown.document}:{row['page']}", row["step"]) for row in csv.DictReader(file)]
        return [row for row in rows if row[0] in self.pages_at(station)]

    def known(self) -> list[Known]:
        """Every page of the shown document, as it was drawn."""
        import pymupdf

        with pymupdf.open(self.shown.pdf) as document:  # type: ignore[no-untyped-call]
            count = len(document)
        return known_pages(self.shown.pdf, range(1, count + 1), self.shown.document)


def page_map(path: Path) -> list[tuple[int, int, str]]:
    """Read a page map: first page, last page, station."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [
            (int(row["first_page"]), int(row["last_page"]), row["station_code"])
            for row in csv.DictReader(file)
        ]


def demo_cast(folder: Path) -> Cast:
    """The demo plant's own documents, drawn into ``folder``; everybody is assigned already."""
    publications = tuple(demo_documents(folder))
    return Cast(publications, publications[0], "ST-040", "ST-020", badges(), _line({"ST-040"}))


def documents_cast(documents: Path) -> Cast:
    """Real manuals: the PDFs of a folder with a ``stations-NAME.csv`` map beside each ``NAME.pdf``.

    ``NAME_REVISION.pdf`` are revisions of one document. The story plays at the two stations with most pages
    of the document with most pages for single stations.
    """
    publications = tuple(_found(documents))
    shown, stations = max(
        ((item, _stations(item)) for item in _newest(publications)), key=lambda found: len(found[1])
    )
    if len(stations) < 2:
        raise KitError(f"no map in {documents} names two stations")
    added = {code for item in publications for _, _, code in page_map(item.page_map) if code != "ALL"}
    return Cast(publications, shown, stations[0], stations[1], badges(), _line({stations[0]}, added))


def _line(but: set[str], added: Collection[str] = ()) -> tuple[str, ...]:
    with (DEMO / "stations.csv").open(encoding="utf-8", newline="") as file:
        own = {row["station"] for row in csv.DictReader(file) if row["line"] == LINE}
    return tuple(sorted({*own, *added} - but))


def _found(documents: Path) -> list[Publication]:
    found = []
    for pdf in sorted(documents.glob("*.pdf")):
        page_map_of = documents / f"stations-{pdf.stem}.csv"
        if page_map_of.is_file():
            name, _, revision = pdf.stem.partition("_")
            code = re.sub(r"[^A-Z0-9]+", "-", name.upper()).strip("-")[:40]
            found.append(Publication(pdf, page_map_of, CLIENT, code, code, revision or "A", name, line=LINE))
    if not found:
        raise KitError(f"{documents} has no NAME.pdf with a stations-NAME.csv beside it")
    return found


def newest_only(cast: Cast) -> Cast:
    """Without the revisions before: nobody is asked to read first what changed."""
    return replace(cast, publications=tuple(_newest(cast.publications)))


def _newest(publications: tuple[Publication, ...]) -> list[Publication]:
    return list({item.document: item for item in publications}.values())


def _stations(item: Publication) -> list[str]:
    """Stations of a map, those with most pages first."""
    sizes: dict[str, int] = {}
    for first, last, code in page_map(item.page_map):
        if code != "ALL":
            sizes[code] = sizes.get(code, 0) + last - first + 1
    return sorted(sizes, key=lambda code: -sizes[code])


def allow_exceptions(plant: Plant, glass_minutes: int = 15) -> None:
    """Let supervisors admit somebody without the hub, and break glass."""
    for name, minutes in (("admission_minutes", ADMISSION_MINUTES), ("glass_minutes", glass_minutes)):
        plant.admin("setting", "set", name, str(minutes), "--reason", "exceptions are tried out")


def furnish(plant: Plant, cast: Cast) -> None:
    """Import the demo plant's people and stations, publish, and give the cast their places."""
    plant.furnish(DEMO)
    plant.admin("setting", "set", "unit_format", UNIT_FORMAT, "--reason", "units are traced here")
    own = cast.home.startswith("ST-0")
    if not own:
        for item in {item.part: item for item in cast.publications}.values():
            plant.admin("part", "add", item.part, item.title, "--client", item.client)
    plant.publish(cast.publications)
    if not own:
        for person, station, kind in (
            (ANA, cast.home, ()),
            (FATIMA, cast.home, ("--relief",)),
            (HANNA, cast.home, ()),
            (EMEKA, cast.other, ()),
        ):
            plant.admin("assign", person, station, *kind, "--reason", "demo")
