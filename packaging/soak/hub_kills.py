"""``hub-kills``: kill -9 of the hub while it takes batches, and of hub and publisher while they publish.

Promised: no event whose receipt was given is lost, none is there twice, the chain is whole; a revision is
there whole or not at all, and publishing it again works.
"""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Any

from kit.processes import KitError, wait_for
from sqlalchemy import select

from app.hub.schema import Blob, EventRow, PageRow, RevisionRow
from app.kiosk.outbox import Draft
from app.model.errors import Untrusted
from app.seal.chain import GENESIS, check_links, event_hash, verify_event
from app.seal.encoding import sha256
from app.wire.messages import Event, EventKind
from soak.forked import Forked
from soak.promise import Figures, enough, progress
from soak.rig import scratch
from tests.kiosk.plant import CLOCK, Hub, Kiosk

if TYPE_CHECKING:
    from pathlib import Path

PAGES = 12
PATIENCE_SECONDS = 180.0
"""How long the hub may take to start and to give a receipt, on a machine that does much else."""
PUBLISH_EVERY = 4
"""One kill in so many is in the middle of publishing."""
BATCH_SECONDS = 0.3
"""The hub is killed at any moment up to this, in seconds after it gave a receipt while more was recorded."""
PUBLISH_SECONDS, COMMIT_SECONDS = 1.5, 0.3
"""The publisher is killed at any moment up to the one after its start or the other after its last page."""


class _Hub(Hub):
    """Whose process starts fast."""

    def serve(self) -> None:
        before = self._log().count("hub ready")
        words = ["hub", "serve", str(self.home.path), "--host", "127.0.0.1", "--port", str(self.port)]
        self.forked = Forked(words, self.folder / "hub.log")
        wait_for("the hub", lambda: self._log().count("hub ready") > before, PATIENCE_SECONDS)

    def kill(self) -> None:
        self.forked.kill()

    def close(self) -> None:
        self.forked.stop()
        self.store.close()


def run(count: int, seed: int) -> Figures:
    """Kill ``count`` times."""
    chance, figures = random.Random(seed), Figures()  # noqa: S311
    with scratch() as folder:
        hub = _Hub(folder)
        kiosk = Kiosk(hub, folder, "K-1")
        try:
            hub.publish("WI-100", pages=3)
            hub.serve()
            kiosk.enrol()
            kiosk.start()
            receipts, recorded = listen(kiosk), Recorder(kiosk)
            for number in range(count):
                if enough():
                    break
                if number % PUBLISH_EVERY == PUBLISH_EVERY - 1:
                    _publishing(hub, folder, number, chance, figures)
                else:
                    _batches(hub, recorded, receipts, chance, figures)
                figures.count("kills")
                _held(hub, receipts, number, figures)
                hub.serve()
                progress(number + 1, count, figures)
            wait_for("the journal to be handed over", lambda: kiosk.outbox.waiting() == 0, PATIENCE_SECONDS)
            # The kiosk has events of its own: receipts that come while the hub's rows are read do not count.
            compare(kiosk, dict(receipts), recorded.events, figures)
        finally:
            kiosk.close()
            hub.close()
    return figures


def listen(kiosk: Kiosk) -> dict[int, str]:
    """The receipts that come from now on: number and hash of the newest event held."""
    receipts: dict[int, str] = {}
    outbox: Any = kiosk.outbox
    confirm = outbox.confirm

    def noted(epoch: int, held: int, digest: str) -> None:
        receipts[held] = digest
        confirm(epoch, held, digest)

    outbox.confirm = noted
    return receipts


class Recorder:
    """Somebody works at the kiosk."""

    def __init__(self, kiosk: Kiosk) -> None:
        self._kiosk = kiosk
        self.events: dict[int, str] = {}

    def record(self, number: int) -> None:
        """So many events in one commit, and the sync is told."""
        look = Draft(EventKind.VIEW_BEGIN, client="C1", person="W-1", station="ST-040")
        for record in self._kiosk.outbox.append([look] * number, CLOCK.moment()):
            self.events[record.seq] = record.hash
        if self._kiosk.sync is not None:
            self._kiosk.sync.poke()


def _batches(
    hub: _Hub, recorder: Recorder, receipts: dict[int, str], chance: random.Random, figures: Figures
) -> None:
    """Record without a pause, and kill the hub at some moment after it has given a receipt again."""
    given, late = len(receipts), time.monotonic() + PATIENCE_SECONDS
    recorder.record(chance.randint(200, 800))
    while len(receipts) == given:
        recorder.record(chance.randint(1, 20))
        if time.monotonic() > late:
            raise KitError("the hub gives no receipts")
    end = time.monotonic() + chance.uniform(0.0, BATCH_SECONDS)
    while time.monotonic() < end:
        recorder.record(chance.randint(1, 20))
    hub.kill()
    figures.count("in mid-batch")


def _held(hub: _Hub, receipts: dict[int, str], number: int, figures: Figures) -> None:
    """The hub was killed just now: what it gave a receipt for is in its database."""
    given = max(list(receipts), default=0)
    with hub.store.read() as session:
        query = select(EventRow.seq, EventRow.hash).where(EventRow.kiosk == "K-1", EventRow.seq >= given)
        there = {row.seq: row.hash for row in session.execute(query)}
    kept = not given or there.get(given) == receipts[given]
    figures.promise(kept, f"kill {number + 1}: event {given} has a receipt and is not at the hub")
    figures.count("kills between a batch and its receipt", int(max(there, default=0) > given))


def _publishing(hub: _Hub, folder: Path, number: int, chance: random.Random, figures: Figures) -> None:
    """Kill the publisher and the hub; the revision is whole or absent, and can be published again."""
    label = f"R{number}"
    words, log = document(hub, folder, number, label), folder / f"publish-{label}.log"
    publisher = Forked(words, log)
    if chance.random() < 0.5:
        time.sleep(chance.uniform(0.0, PUBLISH_SECONDS))
    else:
        last = f"{PAGES}/{PAGES} "
        wait_for("the last page", lambda: last in log.read_text() or not publisher.running, PATIENCE_SECONDS)
        time.sleep(chance.uniform(0.0, COMMIT_SECONDS))
    figures.count("in mid-publish", int(publisher.running))
    figures.count("after publishing", int(not publisher.running))
    publisher.kill()
    hub.kill()
    there = pages_of(hub, label)
    figures.count("revisions whole", there == PAGES)
    figures.promise(there in {0, PAGES}, f"revision {label} has {there} of {PAGES} pages")
    if there == 0:
        Forked(words, log).wait()
        figures.promise(pages_of(hub, label) == PAGES, f"revision {label} could not be published again")


def document(hub: Hub, folder: Path, number: int, label: str, pages: int = PAGES) -> list[str]:
    """Draw a revision of WI-900; returns the words of the command that publishes it."""
    import pymupdf

    pdf, page_map = folder / f"WI-900-{label}.pdf", folder / "map.csv"
    with pymupdf.open() as drawn:  # type: ignore[no-untyped-call]
        for page in range(pages):
            drawn.new_page().insert_text((72, 72), f"Revision {number}, page {page + 1}")
        drawn.save(pdf)
    page_map.write_text(
        f"first_page,last_page,station_code,station_name\n1,{pages},ST-040,Station ST-040\n", encoding="utf-8"
    )
    named = ["--client", "C1", "--part", "P1", "--document", "WI-900", "--revision", label]
    by = ["--hub", str(hub.home.path), "--as", "SUP-1"]
    return ["admin", *by, "publish", str(pdf), "--map", str(page_map), *named]


def pages_of(hub: Hub, label: str) -> int:
    """How many pages of a revision are there, with their sealed bytes."""
    with hub.store.read() as session:
        query = (
            select(Blob.hash, Blob.data)
            .join(PageRow, PageRow.blob == Blob.hash)
            .join(RevisionRow, RevisionRow.id == PageRow.revision)
            .where(RevisionRow.document == "WI-900", RevisionRow.label == label)
        )
        return sum(sha256(data) == digest for digest, data in session.execute(query))


def compare(kiosk: Kiosk, receipts: dict[int, str], recorded: dict[int, str], figures: Figures) -> None:
    """The hub must hold what it gave receipts for and what was recorded, each once, in a whole chain."""
    keys = kiosk.vault.load()
    if keys is None:
        raise AssertionError("the kiosk was not enrolled")
    with kiosk.hub.store.read() as session:
        rows = list(session.scalars(select(EventRow).where(EventRow.kiosk == "K-1").order_by(EventRow.seq)))
        hashes = [row.hash for row in rows]
        there = {row.seq: row.hash for row in rows}
        whole = [row.seq for row in rows] == list(range(1, len(rows) + 1))
        try:
            for row in rows:
                verify_event("K-1", row.epoch, row.seq, row.hash, row.signature, keys.sign.public)
            check_links(GENESIS, hashes, [Event.read(row.data).prev for row in rows])
        except Untrusted:
            whole = False
        whole = whole and all(event_hash(row.data) == row.hash for row in rows)
    lost = [
        f"{seq} ({'recorded' if seq in recorded else 'of the kiosk itself'}, {there.get(seq)} there)"
        for seq, digest in (recorded | receipts).items()
        if there.get(seq) != digest
    ]
    figures.count("receipts", len(receipts))
    figures.count("events recorded", len(recorded))
    figures.count("events at the hub", len(rows))
    figures.count("lost", len(lost))
    figures.count("doubled", len(hashes) - len(set(hashes)))
    figures.promise(not lost, f"events are not at the hub: {lost[:5]}")
    figures.promise(len(set(hashes)) == len(hashes), "an event is there twice")
    figures.promise(whole, "the chain at the hub is not whole")
