"""``bit-flips``: one bit turned in ``cache.db``, ``state.db`` or ``outbox.db``, in turn.

Promised: no byte is handed out that is not what was stored; the cache is whole again within 60 s and fetches
only what is damaged, from a real hub; the lease store says what it said, or that it is damaged; a damaged
record of the journal never reaches the hub as something else, and is told.
"""

from __future__ import annotations

import random
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from kit.processes import wait_for

from app.kiosk.state import State, recover
from app.kiosk.supplies import identity
from app.model.errors import Expected
from soak.promise import Figures, enough, progress
from soak.rig import scratch
from tests.kiosk.journals import Ear, look, moment, opened
from tests.kiosk.plant import Hub, Kiosk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.kiosk.lease_check import Identity
    from app.kiosk.supplies import Supplies

PAGES, EVENTS = 40, 80
HEAL_SECONDS = 60.0


def run(count: int, seed: int) -> Figures:
    """Turn ``count`` bits, a third of them in each file."""
    chance, figures = random.Random(seed), Figures()  # noqa: S311
    with scratch() as folder, _plant(folder) as kiosk:
        turned = (_Pages(kiosk, figures), _Lease(kiosk, figures), _Journal(folder / "journal", figures))
        for number in range(count):
            if enough():
                break
            turned[number % 3].flip(chance)
            figures.count("flips")
            progress(number + 1, count, figures)
    return figures


@contextmanager
def _plant(folder: Path) -> Iterator[Kiosk]:
    hub = Hub(folder)
    hub.publish("WI-100", pages=PAGES, size=20_000)
    kiosk = Kiosk(hub, folder, "K-1")
    try:
        hub.serve()
        kiosk.enrol()
        kiosk.start()
        wait_for("pages and journal", kiosk.settled, 60)
        kiosk.stop()
        yield kiosk
    finally:
        kiosk.close()
        hub.close()


def turn_bit(path: Path, whole: bytes, chance: random.Random) -> None:
    """Put ``whole`` there with one bit turned, and nothing beside it."""
    data = bytearray(whole)
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    for side in path.parent.glob(f"{path.name}*"):
        side.unlink()
    path.write_bytes(data)


class _Pages:
    """The cache: what is damaged is fetched again by the kiosk's own sync."""

    def __init__(self, kiosk: Kiosk, figures: Figures) -> None:
        self._kiosk, self._figures = kiosk, figures
        kiosk.open()
        self._true = {blob: kiosk.cache.get(blob) for blob in kiosk.cache.have()}
        kiosk.close_files()
        self._whole = kiosk.places.cache.read_bytes()

    def flip(self, chance: random.Random) -> None:
        """Turn a bit, read all pages, let the sync heal, read all again."""
        kiosk, figures = self._kiosk, self._figures
        turn_bit(kiosk.places.cache, self._whole, chance)
        supplies = kiosk.open()
        damaged = self._read()
        fetched = self._listen(supplies)
        sync = kiosk.begin(supplies)
        for blob in damaged:
            sync.refetch(blob)
        wait_for("the cache to heal", lambda: fetched >= damaged and kiosk.settled(), HEAL_SECONDS)
        after = self._read()
        kiosk.stop()
        figures.count("pages damaged", len(damaged))
        figures.count("pages fetched again", len(fetched))
        figures.promise(not after, f"{len(after)} pages are not whole after healing")
        figures.promise(fetched <= damaged, f"{len(fetched - damaged)} whole pages were fetched again")

    def _read(self) -> set[str]:
        """Which pages do not read; those that do must be right."""
        damaged = set()
        for blob, true in self._true.items():
            try:
                wrong = self._kiosk.cache.get(blob) != true
            except Expected:
                damaged.add(blob)
            else:
                self._figures.count("pages read", 1)
                self._figures.promise(not wrong, f"page {blob} was handed out wrong")
        return damaged

    def _listen(self, supplies: Supplies) -> set[str]:
        """What is put into the cache from now on."""
        fetched: set[str] = set()
        cache: Any = supplies.cache
        put = cache.put_many

        def noted(pages: Any) -> None:
            kept = list(pages)
            put(kept)
            fetched.update(blob for blob, _ in kept)

        cache.put_many = noted
        return fetched


class _Lease:
    """The lease store, on a copy: everything it answers is what it was, or an error that says damaged."""

    def __init__(self, kiosk: Kiosk, figures: Figures) -> None:
        keys = kiosk.vault.load()
        if keys is None:
            raise AssertionError("the kiosk was not enrolled")
        self._keys, self._figures = keys, figures
        supplies = kiosk.open()
        self._identity: Identity = identity(keys, supplies.trust)
        kiosk.close_files()
        self._path = kiosk.places.home / "copy" / "state.db"
        self._path.parent.mkdir()
        self._whole = kiosk.places.state.read_bytes()
        self._path.write_bytes(self._whole)
        with State(self._path, keys.cache_key) as state:
            self._true = self._answers(state)
        self._whole = self._path.read_bytes()

    def flip(self, chance: random.Random) -> None:
        """Turn a bit, and ask everything."""
        turn_bit(self._path, self._whole, chance)
        state, damage = recover(self._path, self._keys.cache_key)
        with state:
            if damage is not None:
                self._figures.count("lease stores set aside")
                self._figures.promise(state.holding(self._identity) is None, "a new lease store has a lease")
                return
            try:
                told = self._answers(state)
            except Expected:
                self._figures.count("lease stores that said damaged")
            else:
                self._figures.promise(told == self._true, "the lease store says something else")

    def _answers(self, state: State) -> tuple[object, ...]:
        return (
            state.holding(self._identity),
            state.mark,
            state.manifest,
            state.root,
            state.trust(self._keys.root),
            state.status,
            state.owed,
            state.journal_head(self._keys.epoch),
            state.delivery_stopped,
            state.pin_tried("slot"),
        )


class _Journal:
    """The outbox: a hub that checks everything gets a beginning of what happened, and the rest is told."""

    def __init__(self, folder: Path, figures: Figures) -> None:
        folder.mkdir()
        self._path, self._figures = folder / "outbox.db", figures
        outbox = opened(self._path)
        for number in range(EVENTS):
            outbox.append([look(number)], moment(number))
        outbox.close()
        self._whole = self._path.read_bytes()

    def flip(self, chance: random.Random) -> None:
        """Turn a bit, hand over what can be, record on."""
        figures = self._figures
        turn_bit(self._path, self._whole, chance)
        outbox, ear = opened(self._path), Ear()
        alarm = outbox.salvaged is not None
        for act in (lambda: ear.drain(outbox), lambda: outbox.append([look("after")], moment())):
            try:
                act()
            except Expected:
                alarm = True
        alarm = alarm or outbox.salvaged is not None
        marks = ear.marks()
        outbox.close()
        figures.count("events read", len(marks))
        figures.count("journals with an alarm", alarm)
        figures.promise(marks == list(range(len(marks))), "a damaged record reached the hub")
        figures.promise(len(marks) == EVENTS or alarm, "records were lost and nothing was told")
