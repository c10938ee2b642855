"""The plant that the benches measure: a real hub, published documents, enrolled kiosks; made when asked."""

from __future__ import annotations

import atexit
import json
import sys
import tempfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.cast import ANA, CLIENT, LINE, Cast, demo_cast, documents_cast, furnish
from kit.desktop import Display, KeyRing
from kit.plant import Plant, Publication
from kit.processes import environment, run

from bench.registry import Skipped
from bench.workspace import CHECKOUT

if TYPE_CHECKING:
    from kit.plant import Kiosk

OPEN = CHECKOUT.parent / "shared" / "data" / "open"
LONG_PAGES = 50
_LONG_STATION = "ST-900"


@dataclass
class Place:
    """A kiosk to measure at: its screen, its enrolment, and what is shown there."""

    display: Display
    ring: KeyRing
    kiosk: Kiosk
    cast: Cast
    pages: Path

    def drive(self, mode: str, *words: str) -> dict[str, Any]:
        """Run the driver in this kiosk's place and return what it measured."""
        command = [sys.executable, "-m", "bench.driver", mode, str(self.kiosk.home), *words]
        env = {**self.kiosk.env, "PYTHONPATH": f"{CHECKOUT}:{CHECKOUT / 'packaging'}"}
        said = run(command, env=env).stdout
        found: dict[str, Any] = json.loads(said.splitlines()[-1])
        return found

    @property
    def badge(self) -> str:
        """Whose badge opens the pages here."""
        return self.cast.badges[ANA]


@dataclass
class Rig:
    """The hub and its places, by name: ``demo``, ``open`` (real manuals, where present), ``long``."""

    folder: Path
    plant: Plant
    demo: Cast
    places: dict[str, Place] = field(default_factory=dict)

    def place(self, name: str) -> Place:
        """A kiosk with everything pulled. Raises Skipped where its documents are absent."""
        if name not in self.places:
            self.places[name] = self._enrol(name, self._cast(name))
        return self.places[name]

    def _cast(self, name: str) -> Cast:
        """The documents of a place, published."""
        if name == "demo":
            return self.demo
        if name == "open" and not OPEN.is_dir():
            raise Skipped(f"no manuals in {OPEN}")
        cast = documents_cast(OPEN) if name == "open" else _long(self.folder, self.demo)
        _publish(self.plant, cast)
        return cast

    def _enrol(self, name: str, cast: Cast) -> Place:
        ring, display = KeyRing(self.folder / f"ring-{name}"), Display(self.folder / f"display-{name}")
        kiosk = self.plant.enrol(f"K-{name}", cast.home, {**ring.env, **display.env})
        place = Place(display, ring, kiosk, cast, self.folder / f"pages-{name}")
        place.drive("prepare", place.badge, str(len(cast.pages_at(cast.home))))
        return place

    def split(self, name: str) -> Path:
        """The published pages of a place's document as files ``NUMBER.pdf``: what a yardstick draws."""
        place = self.place(name)
        if not place.pages.exists():
            place.pages.mkdir()
            wanted = {int(page.rpartition(":")[2]) for page in place.cast.pages_at(place.cast.home)}
            words = [str(place.cast.shown.pdf), str(place.pages), ",".join(map(str, sorted(wanted)))]
            run([sys.executable, "-m", "bench.split", *words], env={"PYTHONPATH": PATH})
        return place.pages

    def close(self) -> None:
        """Stop everything."""
        self.plant.close()
        for place in self.places.values():
            place.display.close()
            place.ring.close()


PATH = f"{CHECKOUT}:{CHECKOUT / 'packaging'}"


@cache
def rig() -> Rig:
    """The rig of this run; gone when the run ends."""
    home = CHECKOUT / "build" / "bench"
    home.mkdir(parents=True, exist_ok=True)
    made = tempfile.TemporaryDirectory(dir=home)
    atexit.register(made.cleanup)
    folder = Path(made.name)
    plant = Plant(folder, lambda text: print(f"  {text}", file=sys.stderr, flush=True))
    found = Rig(folder, plant, _drawn(folder))
    atexit.register(found.close)
    plant.init()
    plant.serve()
    plant.admin("setting", "set", "idle_seconds", "3600", "--reason", "nobody is there")
    furnish(plant, found.demo)
    return found


def _drawn(folder: Path) -> Cast:
    (folder / "documents").mkdir()
    return demo_cast(folder / "documents")


def _long(folder: Path, demo: Cast) -> Cast:
    """A document of 50 pages for one station, from the demo's own pages."""
    import pymupdf

    pdf, page_map = folder / "documents" / "WI-900.pdf", folder / "documents" / "stations-WI-900.csv"
    with pymupdf.open() as long, pymupdf.open(demo.shown.pdf) as drawn:  # type: ignore[no-untyped-call]
        while len(long) < LONG_PAGES:
            long.insert_pdf(drawn)
        long.select(list(range(LONG_PAGES)))
        long.save(pdf, garbage=3, deflate=True)
    page_map.write_text(
        f"first_page,last_page,station_code,station_name\n1,{LONG_PAGES},{_LONG_STATION},Long\n",
        encoding="utf-8",
    )
    shown = Publication(pdf, page_map, CLIENT, "WI-900", "WI-900", "A", "A long one", line=LINE)
    return Cast((shown,), shown, _LONG_STATION, "ST-020", demo.badges, ())


def _publish(plant: Plant, cast: Cast) -> None:
    for part, item in {item.part: item for item in cast.publications}.items():
        plant.admin("part", "add", part, item.title, "--client", item.client)
    plant.publish(cast.publications)
    plant.admin("assign", ANA, cast.home, "--reason", "bench")


def environment_of(place: Place) -> dict[str, str]:
    """The whole environment of a process at a place."""
    return environment(place.kiosk.env)
