"""``disk-full-hub``: a hub's disk is full at every write of what it and its commands do, each in turn.

For n = 1, 2, 3, ... every write from the n-th on fails with ENOSPC until there is space again, and once more
only the n-th: while kiosks deliver and ask, somebody publishes, locks down, changes something, changes keys,
makes a backup or restores one, or starts the hub. Promised: every answer is one of the contract, and every
command that fails says why in a sentence; nothing is there by half; the hub goes on (one that is started may
say why it cannot); with space again the same works, and what kiosks recorded is there once, in a whole chain.
"""

from __future__ import annotations

import random
import shutil
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from kit.processes import KitError, wait_for
from sqlalchemy import func, select, text

from app.hub.schema import AlarmRow, EventRow, PersonRow
from app.wire.messages import EventKind
from soak.disk_full import lots_of
from soak.full_plant import OTHER, PATIENCE_SECONDS, FullHub, Till
from soak.hub_kills import Recorder, compare, document, listen, pages_of
from soak.promise import Figures, enough, progress, say
from soak.rig import scratch
from soak.starved import FAR
from tests.kiosk.plant import Kiosk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PAGES = 3
HIT_SECONDS = 0.7
"""So long the kiosks go on after something was tried, so that what they do meets the full disk, too."""
MODES = ("deliver", "publish", "lockdown", "change", "keys", "backup", "restore", "start")


def run(count: int, seed: int) -> Figures:
    """Fill the hub's disk ``count`` times, at writes spread evenly over all there are; no write twice."""
    chance, figures = random.Random(seed), Figures()  # noqa: S311
    with _proof(figures) as proof:
        lots = {mode: lots_of(proof.rehearse(mode), chance) for mode in MODES}
        for number in range(count):
            left = [mode for mode in lots if lots[mode]]
            if enough() or not left:
                break
            mode = left[number % len(left)]
            first, stays = lots[mode].popleft()
            proof.fill(mode, first, stays=stays)
            progress(number + 1, count, figures)
    return figures


def fill(*lots: tuple[str, int, bool]) -> Figures:
    """Fill it at these writes: what is done, the write's number, and whether all after it fail, too."""
    figures = Figures()
    with _proof(figures) as proof:
        for mode, first, stays in lots:
            proof.fill(mode, first, stays=stays)
    return figures


@contextmanager
def _proof(figures: Figures) -> Iterator[_Proof]:
    with scratch() as folder:
        proof = _Proof(folder, figures)
        try:
            yield proof
            proof.sum_up()
        finally:
            proof.close()


class _Proof:
    """Lets the hub's disk be full at one write after the other, and looks at what came of it."""

    def __init__(self, folder: Path, figures: Figures) -> None:
        self._folder, self._figures = folder, figures
        self._hub = hub = FullHub(folder, figures)
        self._kiosk = kiosk = Kiosk(hub, folder, "K-1")
        hub.publish("WI-100", pages=PAGES)
        hub.serve()
        kiosk.enrol()
        kiosk.start()
        self._receipts, self._recorder, self._till = listen(kiosk), Recorder(kiosk), Till(hub, figures)
        self._number, self._purged = 0, 0
        self._safe, self._again = hub.disk / "safe.backup", hub.disk / "again"

    def close(self) -> None:
        """End everything."""
        self._kiosk.close()
        self._hub.close()

    def rehearse(self, mode: str) -> int:
        """The same with space on the disk; returns how many writes there are."""
        space = self._hub.space
        self._prepare(mode)
        space.fail(FAR, FAR)
        self._must(self._try(mode))
        writes = space.writes
        self._settle(mode, f"{mode}, rehearsed")
        say(f"{mode}: {writes} writes")
        return writes

    def fill(self, mode: str, first: int, *, stays: bool) -> None:
        """One full disk."""
        figures, space = self._figures, self._hub.space
        name = f"{mode}, write {first}{' and all after it' if stays else ''}"
        self._prepare(mode)
        space.fail(first, FAR if stays else first)
        done = self._try(mode)
        end = time.monotonic() + HIT_SECONDS
        while time.monotonic() < end:
            self._recorder.record(10)
            done = self._till.ask_all() and done if mode == "deliver" and stays else done
            if space.failed and not stays:
                break
            time.sleep(0.05)
        failed = space.failed
        space.free()
        if failed:
            figures.count("times full")
            figures.count(f"in {mode}")
            figures.count("writes refused", failed)
        else:
            figures.count("with fewer writes")
        if not done:
            figures.count("done again with space")
            figures.promise(self._try(mode), f"{name}: not done with space on the disk either")
        self._settle(mode, name)

    def _must(self, done: object) -> None:
        if not done:
            raise KitError(f"not done with space on the disk: {self._figures.broken}")

    # -- what is done ---------------------------------------------------------------------------------------

    def _prepare(self, mode: str) -> None:
        self._number += 1
        if mode == "publish":
            self._words = document(self._hub, self._folder, self._number, self._label, PAGES)
        if mode == "restore" and not self._safe.exists():
            self._must(self._back_up(self._safe))
        self._purged = self._count(EventKind.PURGED)

    def _try(self, mode: str) -> bool:
        """Do it, or fail as a whole; returns whether it is done."""
        self._recorder.record(20)
        act: Any = getattr(self, f"_do_{mode}")
        done: bool = act()
        return done

    @property
    def _label(self) -> str:
        return f"R{self._number}"

    def _admin(self, *words: str) -> bool:
        return self._hub.do("admin", "--hub", str(self._hub.home.path), "--as", "SUP-1", *words) is None

    def _do_deliver(self) -> bool:
        return self._till.ask_all()

    def _do_publish(self) -> bool:
        done = self._hub.do(*self._words) is None
        there = pages_of(self._hub, self._label)
        self._figures.promise(
            there == (PAGES if done else 0), f"revision {self._label} has {there} pages, done: {done}"
        )
        return done

    def _do_lockdown(self) -> bool:
        """The kiosk's receipts come when there is space: see ``_settle``."""
        return self._admin("revoke", "client", "C1", "--reason", "soak")

    def _do_change(self) -> bool:
        code = f"OP-{self._number}"
        done = self._admin("person", "add", code, "Somebody", "--role", "operator")
        with self._hub.store.read() as session:
            there = session.get(PersonRow, code) is not None
        self._figures.promise(there == done, f"{code} is there: {there}; done: {done}")
        return done

    def _do_keys(self) -> bool:
        """Both halves of a change of keys; each may have been done before."""
        first = ("hub", "rotate", "lease-key", str(self._hub.home.path))
        begun = self._hub.do(*first)
        if begun is not None and "not finished" not in begun:
            return False
        ended = self._hub.do(*first, "--finish", "--force")
        return ended is None

    def _do_backup(self) -> bool:
        return self._back_up(self._hub.disk / f"{self._label}.backup")

    def _back_up(self, file: Path) -> bool:
        done = self._hub.do("hub", "backup", str(self._hub.home.path), str(file)) is None
        self._figures.promise(file.exists() == done, f"a backup is there: {file.exists()}; done: {done}")
        return done

    def _do_restore(self) -> bool:
        done = self._hub.do("hub", "restore", str(self._safe), str(self._again)) is None
        there = self._again.exists()
        self._figures.promise(there == done, f"a restored hub is there: {there}; done: {done}")
        return done

    def _do_start(self) -> bool:
        self._hub.stop()
        return self._hub.start()

    # -- what came of it ------------------------------------------------------------------------------------

    def _settle(self, mode: str, name: str) -> None:
        """There is space again: all is well, and what waited is delivered."""
        figures, hub, kiosk = self._figures, self._hub, self._kiosk
        for wrong in hub.faults():
            figures.promise(holds=False, otherwise=f"{name}: {wrong}")
        if hub.ended is not None:
            figures.promise(holds=False, otherwise=f"{name}: the hub ended with {hub.ended}")
            hub.serve()
        if mode == "lockdown":
            self._wait(f"{name}: the receipt", lambda: self._count(EventKind.PURGED) > self._purged)
            self._must(self._admin("restore", "client", "C1", "--reason", "soak"))
            self._wait(f"{name}: the pages", lambda: kiosk.doors.pulled[0] == kiosk.doors.pulled[1] > 0)
        figures.promise(self._till.deliver(), f"{name}: a kiosk cannot deliver")
        self._recorder.record(1)
        self._wait(f"{name}: the journal", lambda: kiosk.outbox.waiting() == 0)
        shutil.rmtree(self._again, ignore_errors=True)
        for file in hub.disk.glob("R*.backup"):
            file.unlink()
        stray = sorted(path for path in hub.left() if _is_stray(path.rpartition("/")[2]))
        figures.promise(not stray, f"{name}: left behind: {stray}")

    def _wait(self, what: str, ready: Callable[[], bool]) -> None:
        try:
            wait_for(what, ready, PATIENCE_SECONDS)
        except KitError as error:
            self._figures.promise(holds=False, otherwise=f"{error}; {self._kiosk.doors.status}")

    def _count(self, kind: EventKind) -> int:
        with self._hub.store.read() as session:
            of_kind = select(func.count()).select_from(EventRow).where(EventRow.kind == kind.value)
            return session.scalar(of_kind) or 0

    def sum_up(self) -> None:
        """What the hub holds in the end."""
        figures, hub = self._figures, self._hub
        compare(self._kiosk, dict(self._receipts), self._recorder.events, figures)
        with hub.store.read() as session:
            rows = session.execute(select(EventRow.seq, EventRow.hash).where(EventRow.kiosk == OTHER))
            there = {row.seq: row.hash for row in rows}
            alarms = sorted(set(session.scalars(select(AlarmRow.kind))))
            sound = session.scalar(text("PRAGMA integrity_check"))
        lost = [seq for seq, digest in self._till.held.items() if there.get(seq) != digest]
        figures.count("acknowledged to signed requests", len(self._till.held))
        figures.count("lost", len(lost))
        figures.promise(not lost, f"events of {OTHER} are not at the hub: {lost[:5]}")
        figures.promise(not alarms, f"quality was alarmed: {alarms}")
        figures.promise(sound == "ok", f"the database is damaged: {sound}")
        figures.promise(self._admin("log", "check"), "the logs do not fit")


def _is_stray(name: str) -> bool:
    return name.endswith(".new") or (name.startswith(".") and name not in {".changed", ".lock"})
