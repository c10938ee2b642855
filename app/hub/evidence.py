"""Making an evidence bundle: a client's log over a period, with everything that makes it prove itself.

Failure policy: a bundle is whole or absent; it is written beside its name and renamed at the end. It is made
in one view of the database, while the hub serves; helpers read the entries in views of their own. A log that
does not fit its events makes no bundle: the fault is told (``log_damaged``) and ``log check`` tells more.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from sqlalchemy import func, select

from app.hub import evidence_facts, evidence_report, kiosk_witness
from app.hub.cosigning import cosigned
from app.hub.enrolment import sign_key_of
from app.hub.evidence_receipts import named_by, receipts
from app.hub.evidence_stretch import Made, Stretches
from app.hub.log_heads import head, size_of
from app.hub.logs import damaged, reader
from app.hub.lookup import need
from app.hub.schema import Client, EventRow, KioskRow, PersonRow, Site
from app.hub.settings import setting
from app.hub.signed_acts import keys_of
from app.model.errors import NotFound, Refused, Unavailable
from app.pages.report import as_pdf
from app.resources import resource
from app.seal.bundle import BundleWriter
from app.seal.encoding import canonical, sha256
from app.seal.merkle import HASH_BYTES
from app.seal.tiles import TILE_HEIGHT, TILE_WIDTH, Place, width_at
from app.wire import evidence as form
from app.wire.evidence_plan import Plan, Views
from app.wire.figures import Figures
from app.wire.hands import hands_for, in_order

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.orm import Session

    from app.hub.home import Home
    from app.hub.store import Store
    from app.seal.bundle import Bundle

TILES_AT_ONCE = 32
Progress = Callable[[int, int], None]
"""Is told how many entries of how many are done."""


@dataclass(frozen=True)
class Asked:
    """What a bundle is asked for: the client, and the period by the kiosks' clocks; None is open.

    ``helped``: other processes may help with a long one.
    """

    client: str
    start: datetime | None = None
    end: datetime | None = None
    helped: bool = False


def make(store: Store, home: Home, asked: Asked, path: Path, now: datetime, progress: Progress) -> form.About:
    """Make a bundle.

    Raises:
        NotFound: there is no such client.
        Refused: there is nothing in the period, the file exists, or the bundle would be too large.
        Damaged: the log is not as its size says, or not that of the events (``log_damaged``).
        Unavailable: the file cannot be written.
    """
    with store.read() as session, _new_file(path) as file:
        maker = _Maker(session, home, asked, file, now)
        maker.write(progress)
        return maker.about


def entries_of(session: Session, asked: Asked) -> int:
    """How many entries a bundle would have.

    Raises:
        Refused: none.
    """
    first, last = _range(session, asked, size_of(session, asked.client))
    return last - first


def people_key(session: Session, home: Home, bundle: Bundle, persons: Sequence[str]) -> form.People:
    """Return the key to a bundle's pseudonyms: of these persons, or of everybody whom its log or the plant's
    word beside it (agreements, incidents, acts) names.

    Raises:
        NotFound: it names no such person.
    """
    about = form.About.read(bundle.read(form.ABOUT))
    pseudonyms = form.Pseudonyms(home.pseudonym_secret, about.client, about.bundle)
    names = {row.code: row.name for row in session.scalars(select(PersonRow))}
    logged = select(EventRow.person).where(EventRow.client == about.client, EventRow.person != "").distinct()
    known = set(session.scalars(logged))
    told = b"".join(bundle.read(part) for part in (form.AGREEMENTS, form.INCIDENTS, form.ACTS))
    known |= {who for who in names if canonical(pseudonyms.of(who)) in told}
    strange = sorted(set(persons) - known)
    if strange:
        raise NotFound(f"That bundle does not name {', '.join(strange)}.")
    return form.People(
        bundle=about.bundle,
        people=tuple(
            form.PersonKey(
                pseudonym=pseudonyms.of(person), person=person, name=names.get(person, ""),
                key=pseudonyms.key(person),
            )
            for person in persons or sorted(known)
        ),
    )  # fmt: skip


class _Maker:
    def __init__(self, session: Session, home: Home, asked: Asked, file: BinaryIO, now: datetime) -> None:
        self._session, self._home, self._helped = session, home, asked.helped
        self._bundle = BundleWriter(file)
        self._head = head(session, home, asked.client)
        self._tile = reader(session, asked.client)
        name = f"{self._head.checkpoint.origin}\n".encode()  # after a restore it is another one
        rows = cosigned(session, asked.client)
        self._cosigned = [row for row in rows if row.size and row.note.startswith(name)]
        self.about = _about(session, self._head.checkpoint, asked, now)
        self._pseudonyms = form.Pseudonyms(home.pseudonym_secret, asked.client, self.about.bundle)
        self._by_kiosks = kiosk_witness.cosigned(session, self._head.checkpoint.origin, asked.client)
        self._devices: set[tuple[str, int]] = set()
        self._signers: set[str] = set()
        self._figures, self._views = Figures(), Views()

    def write(self, progress: Progress) -> None:
        about, done = self.about, 0
        facts = evidence_facts.collect(
            self._session, about, evidence_facts.scope(self._session, about), self._shown_name
        )
        plan = Plan.read(canonical(facts.acts), canonical(facts.policy))
        self._add(form.README, resource("evidence", "README.txt").read_bytes())
        self._add(form.ABOUT, about.exact())
        self._add(form.CHECKPOINT, self._head.note)
        for row in self._cosigned:
            self._add(f"{form.SEEN}{row.size}-{sha256(row.witness.encode())[:8]}", row.note)
        for number, (size, note) in enumerate(kiosk_witness.notes(self._by_kiosks)):
            self._add(f"{form.KIOSKS}{size}-{number}", note)
        self._write_tiles()
        for made in self._stretches(plan):
            for part in made.parts:
                self._bundle.put(part)
            self._figures.join(made.figures)
            self._views.join(made.views)
            self._devices |= made.devices
            self._signers |= made.signers
            done += made.entries
            progress(done, about.last - about.first)
        figures, kiosks = self._figures.told(), sorted({kiosk for kiosk, _ in self._devices})
        named = named_by(facts.incidents["revocations"])
        witnesses = {row.kiosk for row in self._by_kiosks}
        found = receipts(self._session, self._home, about, named, witnesses.union(kiosks))
        self._devices |= {(one.kiosk, one.epoch) for one in found.receipts}
        self._devices |= {(row.kiosk, row.epoch) for row in self._by_kiosks}
        self._add(form.DEVICES, self._device_keys().exact())
        self._add(form.SIGNERS, self._signer_keys().exact())
        for name, data in facts.parts():
            self._add(name, data)
        self._add(form.RECEIPTS, found.exact())
        self._add(form.FIGURES, canonical(figures))
        report = evidence_report.report(about, figures, facts, plan.settle(self._views))
        self._add(form.REPORT_HTML, report.page().encode())
        self._bundle.add(form.REPORT_PDF, as_pdf(report.html, report.plots), pack=False)
        self._bundle.finish(about.origin, about.bundle, self._home.keys.log)

    def _add(self, name: str, data: bytes) -> None:
        self._bundle.add(name, data)

    def _write_tiles(self) -> None:
        """Every hash above the leaves, and the leaves of the entries and at the end of each checkpoint."""
        size, wanted = self.about.size, {place.index for place in self.about.places()}
        sizes = *(row.size for row in self._cosigned), *(row.size for row in self._by_kiosks)
        edges = {size, *(min(size, each) for each in sizes)}
        wanted |= {edge // TILE_WIDTH for edge in edges if edge % TILE_WIDTH}
        level, indexes = 0, sorted(wanted)
        while indexes:
            for index in indexes:
                place = Place(level, index, width_at(size, level, index))
                data = self._tile(level, index)
                if len(data) != place.width * HASH_BYTES:
                    raise damaged(index << TILE_HEIGHT * (level + 1), self.about.client)
                self._bundle.add(place.path, data, pack=False)
            level += 1
            indexes = list(range(-(-(size >> TILE_HEIGHT * level) // TILE_WIDTH)))

    def _stretches(self, plan: Plan) -> Iterator[Made]:
        """The entries in order: made ready here, or by helpers where there are many."""
        places = self.about.places()
        pieces = [places[at : at + TILES_AT_ONCE] for at in range(0, len(places), TILES_AT_ONCE)]
        hands = hands_for(len(pieces)) if self._helped else 0
        hidden = self._pseudonyms if self.about.pseudonyms else None
        url, session = self._home.database_url, None if hands else self._session
        return in_order(Stretches(url, self.about.client, hidden, plan, session), pieces, hands)

    def _shown_name(self, person: str) -> str:
        """How the bundle names a person."""
        return self._pseudonyms.of(person) if self.about.pseudonyms else person

    def _signer_keys(self) -> form.Signers:
        """The keys of all who confirmed a step or signed an agreement."""
        found = {self._shown_name(who): keys_of(self._session, who) for who in self._signers}
        return form.Signers(
            signers=tuple(form.Signer(person=who, keys=tuple(sorted(found[who]))) for who in sorted(found))
        )

    def _device_keys(self) -> form.Devices:
        found = []
        for kiosk, epoch in sorted(self._devices):
            row = self._session.get(KioskRow, kiosk)
            key = None if row is None else sign_key_of(self._session, row, epoch)
            if key is not None:
                found.append(form.DeviceKey(kiosk=kiosk, epoch=epoch, key=key))
        return form.Devices(devices=tuple(found))


def _about(session: Session, checkpoint: Any, asked: Asked, now: datetime) -> form.About:
    client = need(session, Client, asked.client, "client")
    site = session.scalars(select(Site)).one()
    first, last = _range(session, asked, checkpoint.size)
    return form.About(
        bundle=os.urandom(16).hex(), site=site.code, site_name=site.name, client=client.code,
        client_name=client.name, origin=checkpoint.origin, made=now, start=asked.start, end=asked.end,
        size=checkpoint.size, first=first, last=last,
        pseudonyms=bool(setting(session, "evidence_pseudonyms")),
    )  # fmt: skip


def _range(session: Session, asked: Asked, size: int) -> tuple[int, int]:
    """The entries from the first to the last of the period, widened to whole tiles."""
    index = EventRow.client_index
    query = select(func.min(index), func.max(index)).where(EventRow.client == asked.client)
    if asked.start is not None:
        query = query.where(EventRow.wall >= asked.start)
    if asked.end is not None:
        query = query.where(EventRow.wall < asked.end)
    first, last = session.execute(query).one()
    if first is None or last is None:
        raise Refused(
            f"The log of {asked.client} has no events in that period.",
            advice=f"See: stationleaf admin events --client {asked.client}",
            code="no_events",
        )
    begin = 0 if asked.start is None else first // TILE_WIDTH * TILE_WIDTH
    end = size if asked.end is None else min(size, -(-(last + 1) // TILE_WIDTH) * TILE_WIDTH)
    return begin, end


@contextmanager
def _new_file(path: Path) -> Iterator[BinaryIO]:
    """A file that has its name only when it is whole."""
    part = path.with_name(path.name + ".part")
    if path.exists():
        raise Refused(f"The file {path} exists.", advice="Name another one.")
    try:
        with part.open("xb") as file:
            part.chmod(0o600)
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    except FileExistsError:
        raise Refused(
            f"The file {part} exists.", advice="Remove it, if no other command is writing it."
        ) from None
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Unavailable(f"The bundle cannot be written to {path}: {error.strerror}.") from None
    except BaseException:
        part.unlink(missing_ok=True)
        raise
