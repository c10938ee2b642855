"""``hostile``: known bad PDFs, and the demo plant's own with something broken, published at a serving hub.

Promised: each is published, or refused by rule in a sentence with advice, within the limits; nothing stays of
a refused one; the same hub process answers after each, and a kiosk gets the published pages and no others.
"""

from __future__ import annotations

import csv
import itertools
import random
import re
import time
from typing import TYPE_CHECKING

import pymupdf
from kit.plant import demo_documents
from kit.processes import wait_for
from sqlalchemy import select

from app.cli.admin_base import Office
from app.hub.publish import Wanted, publish
from app.hub.schema import PageRow, RevisionRow
from app.model.errors import Expected, Refused
from app.model.terms import ALL_STATIONS, Classification
from app.pages.maps import MapRow
from app.pages.splitting import Limits
from app.wire.client import fetch_trust
from soak.promise import Figures, enough, progress, say
from soak.rig import scratch
from tests.kiosk.plant import CLOCK, Hub, Kiosk
from tests.pages.making import SHARED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CODES = frozenset(
    {"not_pdf", "encrypted", "broken", "empty", "too_large", "timeout", "hostile", "unfaithful", "map_beyond"}
)
"""What a document may be refused for."""
LOCKED = frozenset({"encrypted", "broken", "not_pdf"})
"""What one that wants a password must be refused for."""
PAGES = 2
"""So many pages of a demo document are kept before something in them is broken."""
START_SECONDS = 120.0
"""What a worker may take to start on a busy machine."""
_OBJECT = re.compile(rb"(?<=obj)(?s:.*?)(?=endobj)")
_NUMBER = re.compile(rb"\b\d+\b")


def run(count: int, seed: int) -> Figures:
    """Publish ``count`` documents: every other one is known to be bad, as long as there are such."""
    figures = Figures()
    with scratch() as folder:
        hub = Hub(folder)
        kiosk = Kiosk(hub, folder, "K-1")
        try:
            hub.serve()
            kiosk.enrol()
            kiosk.start()
            desk = _Desk(hub, figures)
            for number, (pdf, locked) in zip(range(count), _documents(folder, seed), strict=False):
                if enough():
                    break
                desk.publish(number, pdf, locked=locked)
                progress(number + 1, count, figures)
            desk.compare(kiosk)
        finally:
            kiosk.close()
            hub.close()
    return figures


def _documents(folder: Path, seed: int) -> Iterator[tuple[Path, bool]]:
    """Documents without end, and of each whether it wants a password."""
    chance = random.Random(seed)  # noqa: S311
    known, demo = _known(), _demo(folder)
    chance.shuffle(known)
    for number in itertools.count():
        if known:
            yield known.pop()
        broken = folder / f"broken-{number}.pdf"
        broken.write_bytes(_broken(chance.choice(demo), chance))
        yield broken, False


def _known() -> list[tuple[Path, bool]]:
    listed = SHARED / "hostile" / "expected.csv"
    if not listed.exists():
        say("no ../shared/data/hostile: only broken demo documents are published")
        return []
    with listed.open(encoding="utf-8", newline="") as file:
        rows = [(row["file"], row["needs_password"]) for row in csv.DictReader(file)]
    found = [(listed.parent / name, locked == "yes") for name, locked in rows]
    return [(path, locked) for path, locked in found if path.exists()]


def _demo(folder: Path) -> list[bytes]:
    (folder / "documents").mkdir()
    found = []
    for item in demo_documents(folder / "documents"):
        with pymupdf.open(item.pdf) as document:  # type: ignore[no-untyped-call]
            document.select(list(range(min(PAGES, len(document)))))
            found.append(document.tobytes(garbage=3, deflate=True))
    return found


def _broken(whole: bytes, chance: random.Random) -> bytes:
    """The document with bits turned, its end gone, objects in each other's place, or numbers changed."""
    data = bytearray(whole)
    match chance.choice(("flips", "cut", "shuffle", "numbers")):
        case "flips":
            for _ in range(chance.choice((1, 8, 64))):
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        case "cut":
            del data[chance.randrange(len(data)) :]
        case "shuffle":
            bodies = _OBJECT.findall(whole)
            chance.shuffle(bodies)
            shuffled = iter(bodies)
            return _OBJECT.sub(lambda _: next(shuffled), whole)
        case _:
            odd = (b"-1", b"0", b"4294967296", b"99999999999", b"null")
            rate = chance.choice((0.001, 0.02))
            return _NUMBER.sub(lambda m: chance.choice(odd) if chance.random() < rate else m[0], whole)
    return bytes(data)


class _Desk:
    """Document control: publishes at the hub, and looks what came of it."""

    def __init__(self, hub: Hub, figures: Figures) -> None:
        self._hub, self._figures = hub, figures
        self._office = Office(hub.home, hub.store, "SUP-1", "soak")
        self._process = hub.process
        self._blobs: set[str] = set()

    def publish(self, number: int, pdf: Path, *, locked: bool) -> None:
        """One document: published or refused, and the hub goes on."""
        wanted = Wanted(
            pdf, (MapRow(1, 1, ALL_STATIONS),), "C1", "P1", f"WI-{number}", "A",
            classification=Classification.INTERNAL,
        )  # fmt: skip
        pages, begun, refused = 0, time.monotonic(), ""

        def told(_done: int, total: int, _what: str) -> None:
            nonlocal pages
            pages = max(pages, total)

        try:
            publish(
                wanted, folder=self._hub.home.path, wrap=self._hub.home.keys.wrap,
                begin=self._office.change, rehearse=self._office.rehearse, on_progress=told,
            )  # fmt: skip
        except Refused as error:
            refused = error.code
            self._check(pdf, error, locked=locked)
        except Exception as error:
            refused = "fault"
            self._figures.promise(False, f"{pdf.name}: {type(error).__name__}: {error}")
        limits = Limits()
        patience = START_SECONDS + limits.open_seconds + limits.page_seconds * pages
        late = time.monotonic() - begun > min(patience, limits.total_seconds + START_SECONDS)
        self._figures.count("documents")
        self._figures.count("published", int(not refused))
        self._figures.count("refused", int(bool(refused)))
        self._figures.count("past the limit", int(late))
        self._figures.promise(not late, f"{pdf.name} took longer than its limits allow")
        self._figures.promise(not (locked and not refused), f"{pdf.name} wants a password and was published")
        self._stored(wanted, pdf, refused=refused)
        self._answers(pdf)

    def _check(self, pdf: Path, error: Expected, *, locked: bool) -> None:
        """A refusal is by rule, and somebody can do something with it."""
        clear = str(error).endswith(".") and error.advice and "Traceback" not in str(error)
        self._figures.promise(clear, f"{pdf.name} was refused unclearly: {error!r}")
        codes = LOCKED if locked else CODES
        self._figures.promise(error.code in codes, f"{pdf.name} was refused as {error.code}: {error}")

    def _stored(self, wanted: Wanted, pdf: Path, *, refused: str) -> None:
        with self._hub.store.read() as session:
            query = (
                select(PageRow.blob)
                .join(RevisionRow, RevisionRow.id == PageRow.revision)
                .where(RevisionRow.document == wanted.document)
            )
            blobs = list(session.scalars(query))
        self._blobs |= set(blobs)
        self._figures.promise(len(blobs) == int(not refused), f"{pdf.name}: {len(blobs)} pages are stored")

    def _answers(self, pdf: Path) -> None:
        """The hub is the same process as before, and answers."""
        alive = self._process is not None and self._process.running
        self._figures.count("crashes of the hub", int(not alive))
        self._figures.promise(alive, f"the hub ended after {pdf.name}")
        try:
            fetch_trust(f"https://localhost:{self._hub.port}", self._hub.home.root_fingerprint, CLOCK.now())
        except Expected as error:
            self._figures.promise(False, f"the hub does not answer after {pdf.name}: {error}")

    def compare(self, kiosk: Kiosk) -> None:
        """A kiosk holds what was published, and nothing else."""
        if kiosk.sync is not None:
            kiosk.sync.renew()
        wait_for("the kiosk to have every page", lambda: set(kiosk.cache.have()) == self._blobs, 120, 0.2)
        self._figures.count("pages at the kiosk", len(self._blobs))
