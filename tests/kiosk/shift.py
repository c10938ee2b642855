"""One kiosk at work: the real engine, renderer, cache and outbox; the test is badge reader and eyes."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from app.kiosk.cache import Cache
from app.kiosk.engine import Engine, Parts
from app.kiosk.outbox import Outbox
from app.kiosk.state import State
from app.kiosk.view import Framing, Screen, Stage
from app.mark.keys import Place
from app.model.errors import Unavailable
from app.pages.renderer import Renderer
from app.seal.chain import open_event
from app.seal.keys import SealKey, SigningKey
from app.wire.messages import Event, EventKind, SlotReply
from tests.kiosk.journals import announced
from tests.kiosk.small_plant import KIOSK, STATION, HandClock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import Any

    from app.kiosk.access import Holding
    from app.kiosk.foretold import Foretold
    from app.kiosk.readers import Reader
    from app.kiosk.view import Painting
    from app.model.errors import Expected
    from app.wire.grants import GrantReply, SignedGrant
    from app.wire.messages import SlotRequest
    from tests.kiosk.small_plant import SmallPlant

FRAMING = Framing(800, 600)
HUB_KEY, KIOSK_KEY = SealKey.generate(), SigningKey.generate()
"""The same over a restart: what an earlier shift left in the journal opens too."""


class NoNetwork:
    """The sync of a kiosk that nobody has plugged in; remembers what it was asked."""

    def __init__(self) -> None:
        self.refetched: list[str] = []
        self.pokes = self.renewed = 0
        self.urgent = False

    def start(self) -> None:
        """Nothing to begin with."""

    def stop(self) -> None:
        """Nothing to end."""

    def renew(self) -> None:
        self.renewed += 1

    def poke(self, *, urgent: bool = False) -> None:
        self.pokes += 1
        self.urgent = self.urgent or urgent

    def refetch(self, blob: str) -> None:
        self.refetched.append(blob)


class Shift:
    """See the module. ``pulled`` False leaves the cache empty; ``troubles`` are met before the parts open;
    ``disk`` is where the journal lies."""

    def __init__(
        self,
        folder: Path,
        plant: SmallPlant,
        *,
        pulled: bool = True,
        troubles: tuple[Expected, ...] = (),
        disk: Path | None = None,
        readers: tuple[Reader, ...] = (),
    ) -> None:
        self.plant, self.clock, self.sync = plant, HandClock(), NoNetwork()
        self.folder = folder
        self.holding: Holding | None = plant.holding(1)
        self.cache, _ = Cache.open(folder / "cache.db", bytes(range(32)))
        self._journal = (disk or folder) / "outbox.db"
        self.outbox = Outbox(self._journal, KIOSK, 1, KIOSK_KEY, HUB_KEY.public)
        if pulled:
            self.pull()
        self._troubles = list(troubles)
        self._changed = threading.Condition()
        self.screens: list[Screen] = []
        self.paintings: list[Painting] = []
        self.ahead: list[Painting] = []
        self.foretold: list[tuple[Foretold, int]] = []
        self.film: list[Painting] = []
        self._front: Painting | None = None
        self.recorded_at_paint: list[bool] = []
        self.state = State(folder / "state.db", bytes(range(32)))
        self.handed_in: list[SlotRequest] = []
        self.hub_says: Expected | None = None
        self._readers = readers
        self._wrong: list[Exception] = []
        self.engine = Engine(self._build)

    def pull(self) -> None:
        """What a sync would do: put the sealed pages into the cache."""
        self.cache.put_many(list(self.plant.sealed.items()))

    def _build(self) -> Parts:
        if self._troubles:
            raise self._troubles.pop(0)
        return Parts(
            kiosk=KIOSK,
            station=STATION,
            clock=self.clock,
            journal=self.outbox,
            renderer=Renderer(),
            blobs=self.cache,
            make_sync=lambda _engine: self.sync,
            holding=self.holding,
            local=dict,
            tries=self.state,
            done=self.state.done,
            grants=self.state,
            hand_in=self._hand_in,
            ask_grant=self._ask_grant,
            close=self._close,
            readers=self._readers,
        )

    def _hand_in(self, request: SlotRequest) -> SlotReply:
        self.handed_in.append(request)
        if self.hub_says is not None:
            raise self.hub_says
        return SlotReply(person="1001")

    def _ask_grant(self, _signed: SignedGrant) -> GrantReply:
        raise self.hub_says or Unavailable("The hub does not answer.")

    def _close(self) -> None:
        self.cache.close()
        self.state.close()

    def __enter__(self) -> Self:
        self.engine.listen(self._screen, self._painting, self._foretold)
        self.engine.frame(FRAMING)
        self.until(lambda s: s.stage in {Stage.BADGE, Stage.TROUBLE})
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.close()
        self.outbox.close()
        assert not self._wrong, self._wrong

    def _screen(self, screen: Screen) -> None:
        with self._changed:
            self.screens.append(screen)
            self._changed.notify_all()

    def _painting(self, painting: Painting) -> None:
        with self._watched():
            self._look_at(painting)

    def _look_at(self, painting: Painting) -> None:
        if painting.ahead or painting.clip:
            with self._changed:
                (self.film if painting.clip else self.ahead).append(painting)
                self._changed.notify_all()
            painting.pixels.release()
            return
        place = Place.of(int(painting.mark.token, 16))
        begun = {(e.epoch, e.seq) for e in self._committed() if e.kind is EventKind.VIEW_BEGIN}
        begun |= announced(self._journal)
        with self._changed:
            self.recorded_at_paint.append((place.epoch, place.seq) in begun)
            self.paintings.append(painting)
            if not painting.thumbnail:  # as a screen does when it shows the next one
                front, self._front = self._front, painting
                if front is not None:
                    front.pixels.release()
            self._changed.notify_all()

    def _foretold(self, foretold: Foretold) -> None:
        with self._watched():
            begun = [event.kind for event in self._committed()].count(EventKind.VIEW_BEGIN)
            self.foretold.append((foretold, begun))

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """The engine takes what goes wrong in its screen for a fault of its own: told at the end as well."""
        try:
            yield
        except Exception as wrong:
            self._wrong.append(wrong)
            raise

    @property
    def screen(self) -> Screen:
        return self.screens[-1]

    def until(self, seen: Callable[[Screen], bool], seconds: float = 15) -> Screen:
        """Wait until a screen like that is up."""
        with self._changed:
            met = self._changed.wait_for(lambda: bool(self.screens) and seen(self.screens[-1]), seconds)
            assert met, f"still up: {self.screens[-1] if self.screens else None}"
            return self.screens[-1]

    def until_painted(self, seen: Callable[[Painting], bool], seconds: float = 15) -> Painting:
        """Wait for pixels like that."""
        with self._changed:
            met = self._changed.wait_for(lambda: any(seen(p) for p in self.paintings), seconds)
            assert met, f"painted: {[(p.index, p.thumbnail) for p in self.paintings]}; up: {self.screen}"
            return next(p for p in self.paintings if seen(p))

    def until_ahead(self, index: int, seconds: float = 15) -> None:
        """Wait until this leaf was handed on ahead of its turn."""
        with self._changed:
            assert self._changed.wait_for(lambda: any(p.index == index for p in self.ahead), seconds)

    def until_drawn(self, index: int, seconds: float = 15) -> None:
        """Wait until this leaf is drawn, whether or not it was handed on."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            drawn = self.engine._folio
            if drawn is not None and index in {job.index for job in tuple(drawn._ready)}:
                return
            time.sleep(0.01)
        raise AssertionError(f"leaf {index} was not drawn")

    def until_recorded(self, head: int, seconds: float = 15) -> None:
        """Wait until so many events are on the disk."""
        end = time.monotonic() + seconds
        while self.outbox.head < head:
            assert time.monotonic() < end, f"{self.outbox.head} of {head} recorded"
            time.sleep(0.005)

    def badge_in(self, badge: str) -> Screen:
        """Tap, and wait for the station's pages."""
        self.engine.tap(badge)
        return self.until(lambda s: s.session is not None)

    def refused(self, badge: str) -> Screen:
        """Tap, and wait for the refusal."""
        self.engine.tap(badge)
        return self.until(lambda s: s.stage is Stage.BADGE and s.notice is not None)

    def events(self) -> list[Event]:
        """Everything that was recorded, opened with the hub's key, in order."""
        end = time.monotonic() + 1  # a look that was announced is committed after it is painted
        while self.outbox.owes and time.monotonic() < end:
            time.sleep(0.002)
        return self._committed()

    def _committed(self) -> list[Event]:
        batch = self.outbox.pending(200)
        return [Event.read(open_event(e.box, HUB_KEY)) for e in batch.events] if batch else []

    def kinds(self) -> list[EventKind]:
        return [event.kind for event in self.events()]

    def settle(self, seconds: float = 0.3) -> None:
        """Give a wrong thing time to happen."""
        time.sleep(seconds)

    def hand_over(self, plant: SmallPlant, number: int) -> None:
        """A new lease arrives from the hub."""
        self.plant = plant
        self.engine.on_holding(plant.holding(number, self.clock.now()))

    def facts(self, **facts: Any) -> None:
        self.engine.on_local(**facts)
