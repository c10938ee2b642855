"""The story's exceptions: somebody is admitted without the hub, and glass is broken with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kit import reading
from kit.cast import BRUNO, GLASS_MINUTES, GRACE, JULIA, NAMES
from kit.processes import wait_for
from kit.stand import Act

if TYPE_CHECKING:
    from kit.cast import Cast
    from kit.plant import Plant
    from kit.stand import Stand
    from kit.story import Answer

BUTTON = 0.9, 0.945
"""Where the badge screen has the button for a grant, as shares of its width and height."""
HEAD = 0.0, 0.4
"""The rows in which a choice asks."""
RED = 155, 17, 23


class Grants:
    """A supervisor and a worker at kiosk ``one``, whose station the worker is not assigned to."""

    def __init__(self, plant: Plant, cast: Cast, one: Stand) -> None:
        self.plant, self.cast, self.one = plant, cast, one
        self.home = cast.pages_at(cast.home)
        self.there = next(page for page in cast.pages_at(cast.other) if page not in self.home)

    def admission(self) -> Answer:
        """Both badges and a reason, while the hub is away."""
        self._begin()
        self._choose("why", 1)
        self._choose("how long", 1)
        return self._ends_with(BRUNO, self.home[0])

    def judged(self) -> Answer:
        """What the hub makes of it: on record as signed by both, confirmed, a case for the review."""
        (began,) = self.plant.events("--kind", "grant.begin")
        case = " ".join(self.plant.admin("review", "list", "--person", BRUNO).split())
        listed = "admitted without the hub" in case and f"by {JULIA}: " in case
        good = listed and (began["person"], began["station"]) == (BRUNO, self.cast.home)
        return good, f"{NAMES[BRUNO]} {began['what']}; review: {case[-120:]}"

    def glass(self) -> Answer:
        """The other station's pages at this kiosk, edged in red."""
        self._begin()
        self._choose("whose pages", self.cast.neighbours.index(self.cast.other) + 1)
        self._choose("why", 4)
        self._choose("how long", 1)
        good, seen = self._ends_with(GRACE, self.there)
        shot = self.one.settled()
        edge = shot.getpixel((2, shot.height // 2))
        return good and edge == RED, f"{seen}, the screen's edge is {edge}"

    def glass_over(self) -> Answer:
        """Its minutes have passed: no page of the other station is left, and the badge opens nothing."""
        wanted = self.cast.kept_at(self.cast.home)
        wait_for("the purge", lambda: self.one.kept() == wanted, GLASS_MINUTES * 60 + 30, pause=1.0)
        self.one.tap(self.cast.badges[GRACE], Act("access.denied", GRACE))
        text = self.one.wait_for_words("not assigned", without_page=True)
        good = not reading.missing(text, ["not assigned"]) and not self.one.look().recognised
        return (
            good,
            f"{wanted} pages and clips in the cache, all of {self.cast.home}; “{text[-160:].strip()}”",
        )

    # -- hands --------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        """Whoever is signed in signs out; a supervisor begins."""
        self.one.lock()
        width, height = self.one.display.size
        self.one.display.click(round(BUTTON[0] * width), round(BUTTON[1] * height))
        self.one.wait_for_words("supervisor", seconds=15)
        self.one.tap(self.cast.badges[JULIA])

    def _choose(self, asks: str, option: int) -> None:
        self.one.wait_for_words(asks, seconds=15, rows=HEAD)
        self.one.display.key(str(option))

    def _ends_with(self, person: str, page: str) -> Answer:
        self.one.wait_for_words("now the worker", seconds=15)
        seen = self.one.admit(person, self.cast.badges[person], page)
        good = seen.recognised and seen.name == page
        return good, f"{NAMES[person]} reads {seen.name}" if seen.recognised else "no page"
