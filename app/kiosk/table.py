"""What lies before the person who is signed in: the pages to work by, or what changed in some of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.kiosk import telling
from app.kiosk.view import Changes, Notice, PageChange

if TYPE_CHECKING:
    from app.kiosk.access import Readable
    from app.kiosk.sheet import Sheet
    from app.kiosk.view import Leaf
    from app.kiosk.what_changed import Reading

FINISH = Notice(
    "revised",
    "A new revision of these instructions is in force.",
    "Finish this step. When you turn the page, what changed is shown first.",
    seconds=12.0,
)
REVISED = Notice(
    "revised",
    "A new revision of some instructions is in force.",
    "Touch “What changed” to read it: then its pages open.",
    seconds=12.0,
)


class Table:
    """See the module. What changed is put up when somebody signs in; nobody at work is interrupted by it."""

    def __init__(self) -> None:
        self.pages: tuple[Sheet, ...] = ()
        self.leaves: tuple[Leaf, ...] = ()
        self.withheld: tuple[str, ...] = ()
        self.readings: tuple[Reading, ...] = ()
        self.reading: Reading | None = None
        self.finishing = False
        self._granted = False
        self._postponed = False
        self._looked: set[int] = set()
        self._leafed, self._step = 0, 1

    def lay(self, found: Readable) -> bool:
        """Lay out what was found. Returns whether other pages lie there than before."""
        before, was = self.pages, self.reading
        self.withheld, self.readings, self.finishing = found.sentences, found.readings, found.finishing
        self._granted = bool(found.pages)
        postponed = self._postponed and self._granted
        self.reading = found.readings[0] if found.readings and not postponed else None
        if self.reading is None or was is None or self.reading.ids != was.ids:
            self._looked.clear()
        self.pages = found.pages if self.reading is None else self.reading.pages
        self.leaves = tuple(telling.leaf_of(page) for page in self.pages)
        return self.pages != before or self.reading != was

    def put(self, paper: tuple[Sheet, ...]) -> None:
        """Lay out an agreement that is to be signed, and nothing else."""
        self.clear()
        self.pages, self.leaves = paper, tuple(telling.leaf_of(page) for page in paper)

    def postpone(self, *, until_asked: bool) -> None:
        """Keep what changed off the table, or put it there, the next time that it is laid."""
        self._postponed = until_asked

    def clear(self) -> None:
        """Nobody is there."""
        self.pages, self.leaves, self.withheld, self.readings = (), (), (), ()
        self.reading, self.finishing, self._granted, self._postponed = None, False, False, False
        self._looked.clear()

    @property
    def ids(self) -> tuple[str, ...]:
        """A name for each thing that can be turned to."""
        return self.reading.ids if self.reading is not None else tuple(page.page for page in self.pages)

    def places(self, index: int) -> tuple[int, ...]:
        """Where in ``pages`` those are that are shown together; the first one matters."""
        return self.reading.places(index) if self.reading is not None else (index,)

    def looked_at(self, index: int) -> None:
        """This page or change is in front."""
        self._step, self._leafed = (-1 if index < self._leafed else 1), index
        if self.reading is not None:
            self._looked.add(index)

    def following(self) -> Sheet | None:
        """The page that follows the one in front, if one leafs on as one came."""
        if self.reading is not None:
            return None
        near = (self._leafed + self._step, self._leafed - self._step)
        return next((self.pages[leaf] for leaf in near if 0 <= leaf < len(self.pages)), None)

    @property
    def left(self) -> int:
        """Changes that were not looked at yet."""
        return len(self.reading.shown) - len(self._looked) if self.reading is not None else 0

    def changes(self) -> Changes | None:
        """What is to be read, as the screen shows it."""
        reading = self.reading
        if reading is None:
            return None
        told = []
        for number, one in enumerate(reading.shown):
            places = list(reading.places(number))
            new = places.pop(0) if one.new is not None else None
            old = places.pop(0) if one.old is not None else None
            told.append(PageChange(one.kind, old, new, one.gone, one.come))
        return Changes(
            reading.page.document, reading.page.title, reading.page.revision, reading.former, self.leaves,
            tuple(told), self.left, more=self._granted,
        )  # fmt: skip
