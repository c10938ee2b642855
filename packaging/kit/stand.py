"""A kiosk with its screen, its badge reader and somebody who looks at it, and what was done there."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kit import reading
from kit.desktop import Display, KeyRing
from kit.processes import KitError, environment, run, stationleaf, wait_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from PIL import Image

    from kit.eyes import Eyes, Seen
    from kit.plant import Kiosk, Plant

LEAST_ROUNDS = 1000
"""So often the watchdog must have come round at least: with fewer it says nothing."""

_CACHED = """
import sys
from app.kiosk.cache import FORM
from app.kiosk.places import Places
from app.kiosk.sealed import open_database
from app.kiosk.vault import KeyringVault
places = Places(sys.argv[1])
keys = KeyringVault(places.folder_id).load()
if keys is None or not places.cache.exists():
    print(0)
else:
    database = open_database(places.cache, keys.cache_key, FORM)
    print(database.row("SELECT count(*) FROM page")[0])
    database.close()
"""


@dataclass(frozen=True)
class Act:
    """Something that must be on record once: its kind, who, and which page (``DOCUMENT:NUMBER``)."""

    kind: str
    person: str = ""
    page: str = ""


@dataclass
class Stand:
    """See the module. ``acts`` grows as the story goes on and is compared with the hub's record."""

    code: str
    station: str
    display: Display
    ring: KeyRing
    kiosk: Kiosk
    eyes: Eyes
    folder: Path
    acts: list[Act] = field(default_factory=list)
    person: str = ""

    @classmethod
    def build(cls, plant: Plant, code: str, station: str, eyes: Eyes, folder: Path) -> Stand:
        """Make a screen and a key ring, and enrol a kiosk with them."""
        ring = KeyRing(folder / f"ring-{code}")
        display = Display(folder / f"display-{code}")
        env = {**ring.env, **display.env}
        return cls(code, station, display, ring, plant.enrol(code, station, env), eyes, folder)

    def start(self) -> None:
        """Start the kiosk, with a watchdog on its Qt thread."""
        self.kiosk.start(self.folder / f"kiosk-{self.code}.log", watch=self._watch)

    @property
    def _watch(self) -> Path:
        return self.folder / f"watch-{self.code}.json"

    def watched(self) -> tuple[bool, str]:
        """What the watchdog found since the start: whether the Qt thread was never away by its own doing."""
        found = json.loads(self._watch.read_text(encoding="utf-8"))
        own = ", ".join(f"{seconds} s" for seconds in found["own"]) or "none"
        late = f"{len(found['frozen'])} late by the clock, own doing: {own}"
        told = f"{self.code}: {found['rounds']} rounds, {late}"
        return found["rounds"] > LEAST_ROUNDS and not found["own"], "\n".join([told, *found["doing"]])

    def close(self) -> None:
        """End screen and key ring (the plant ends the kiosk)."""
        self.display.close()
        self.ring.close()

    # -- looking ------------------------------------------------------------------------------------------

    def look(self) -> Seen:
        """Which page is on the screen, whatever the score."""
        return self.eyes.look(self.display.grab())

    def wait_until_gone(self, seconds: float = 30.0) -> tuple[float, Image.Image]:
        """Wait until no page is on the screen; returns how long that took, and the screen when still."""
        took = wait_for("the page to leave", lambda: not self._glance().recognised, seconds)
        shot = self.settled()
        if self.eyes.look(shot).recognised:
            raise KitError("the page is still there, in another size")
        return took, shot

    def _glance(self) -> Seen:
        return self.eyes.look(self.display.grab(), thorough=False)

    def read(self, rows: tuple[float, float] = (0.0, 1.0)) -> str:
        """The words on the screen."""
        return reading.read(self.display.grab(), rows)

    def wait_for_page(self, name: str, seconds: float = 20.0) -> Seen:
        """Wait until the page is on the screen; returns the last look, whatever it was."""
        end = time.monotonic() + seconds
        while not ((seen := self._glance()).recognised and seen.name == name) and time.monotonic() < end:
            self._alive()
            time.sleep(0.03)
        return seen if seen.recognised else self.look()

    def wait_for_words(
        self,
        *words: str,
        seconds: float = 30.0,
        without_page: bool = False,
        rows: tuple[float, float] = (0.0, 1.0),
    ) -> str:
        """Wait until all words stand in these rows (and, if asked, no page); returns what was read last."""
        end = time.monotonic() + seconds
        while True:
            shot = self.display.grab()
            text = reading.read(shot, rows)
            page = without_page and self.eyes.look(shot).recognised
            if (not reading.missing(text, words) and not page) or time.monotonic() > end:
                return text
            self._alive()

    def settled(self, still: float = 0.5, seconds: float = 4.0) -> Image.Image:
        """What the screen shows once nothing has moved on it for ``still`` seconds."""
        end, since, last = time.monotonic() + seconds, time.monotonic(), self.grab()
        while time.monotonic() - since < still and time.monotonic() < end:
            time.sleep(0.1)
            now = self.grab()
            if now.tobytes() != last.tobytes():
                since, last = time.monotonic(), now
        return last

    def frames(self, seconds: float) -> list[Image.Image]:
        """Everything different that the screen shows in the next seconds, the newest first."""
        found, end = [self.grab()], time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(0.2)
            now = self.grab()
            if now.tobytes() != found[0].tobytes():
                found.insert(0, now)
        return found

    def _alive(self) -> None:
        process = self.kiosk.process
        if process is not None and not process.running:
            raise KitError(f"kiosk {self.code} has ended:\n{process.said()[-1500:]}")

    def grab(self) -> Image.Image:
        """What the screen shows now."""
        return self.display.grab()

    # -- doing --------------------------------------------------------------------------------------------

    def tap(self, badge: str, *acts: Act) -> None:
        """Hold a badge to the reader; ``acts`` are what must be on record for it."""
        time.sleep(1.1)  # the same badge within a second is one tap
        self.display.badge(badge)
        self.acts += acts

    def admit(self, person: str, badge: str, first: str) -> Seen:
        """Badge in somebody who may read here; the first page must come up."""
        self.person = person
        self.tap(badge, Act("session.begin", person), Act("view.begin", person, first))
        return self.wait_for_page(first)

    def lock(self) -> None:
        """Sign out, if somebody is signed in."""
        if self._glance().recognised:
            self.display.key("l")
            self.wait_until_gone()

    def turn(self, key: str, to: str) -> Seen:
        """Press a key that leads to another page."""
        self.display.key(key)
        self.acts.append(Act("view.begin", self.person, to))
        return self.wait_for_page(to)

    def scan(self, code: str, page: str) -> Seen:
        """Scan a barcode after which a look at this page begins, and wait for it."""
        self.display.badge(code)
        self.acts.append(Act("view.begin", self.person, page))
        return self.wait_for_page(page)

    def kept(self) -> int:
        """How many pages and clips the encrypted cache holds, read with the key from the kiosk's key ring."""
        words = [stationleaf()[0], "-c", _CACHED, str(self.kiosk.home)]
        return int(run(words, env=self.kiosk.env).stdout.strip())

    def env(self) -> Mapping[str, str]:
        """The environment of a program that runs at this kiosk."""
        return environment(self.kiosk.env)


def on_record(plant: Plant, stand: Stand) -> list[Act]:
    """What the hub has of the stand's acts, in the kiosk's own order."""
    kinds = {"session.begin", "view.begin", "badge.unknown", "access.denied"}
    return [
        Act(
            row["kind"],
            row["person"],
            f"{row['document']}:{row['page']}" if row["kind"] == "view.begin" else "",
        )
        for row in plant.events("--kiosk", stand.code)
        if row["kind"] in kinds
    ]


def compare(plant: Plant, stand: Stand, seconds: float = 40.0) -> tuple[bool, str]:
    """Wait until the hub holds all acts of the stand; then they must be exactly those, each once, no hole."""
    with suppress(KitError):  # then the difference is told below
        wait_for("the events", lambda: len(on_record(plant, stand)) >= len(stand.acts), seconds, pause=1.0)
    held = on_record(plant, stand)
    numbers = [int(row["seq"]) for row in plant.events("--kiosk", stand.code)]
    wrong = difference(stand.acts, held, numbers)
    if wrong:
        return False, wrong
    return True, f"{len(held)} acts at {stand.code}, each once, in order; event numbers 1 to {len(numbers)}"


def difference(done: Sequence[Act], held: Sequence[Act], numbers: Sequence[int]) -> str:
    """Say how what is on record differs from what was done, or nothing."""
    for place, (mine, theirs) in enumerate(zip(done, held, strict=False)):
        if mine != theirs:
            return (
                f"act {place + 1} was {mine}, the hub says {theirs}; {len(done)} done, {len(held)} on record"
            )
    if len(done) != len(held):
        return f"{len(done)} acts were done, {len(held)} are on record"
    if list(numbers) != list(range(1, len(numbers) + 1)):
        return f"event numbers are not 1 to {len(numbers)}: {list(numbers)}"
    return ""
