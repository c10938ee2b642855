"""A small plant for the tests of the sync: a real hub process, a kiosk with its files, a plug between."""

from __future__ import annotations

import os
import sys
import threading
from base64 import b32encode
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app.hub.enrolment import code_hash
from app.hub.found import First, found
from app.hub.schema import (
    AlarmRow,
    AssignmentRow,
    Badge,
    Blob,
    Client,
    Document,
    EnrolCodeRow,
    EventRow,
    KioskRow,
    Line,
    PageRow,
    PageStation,
    Part,
    PersonRole,
    PersonRow,
    RevisionRow,
    StationPart,
    StationRow,
)
from app.hub.store import Store
from app.hub.tls import make_ca, make_server
from app.kiosk.cache import Cache
from app.kiosk.enrol import Enrolment, Sheet
from app.kiosk.outbox import Outbox
from app.kiosk.places import Places
from app.kiosk.state import State
from app.kiosk.supplies import Supplies, trust_of
from app.kiosk.sync import Sync, Timing
from app.kiosk.vault import DeviceKeys
from app.model.terms import AssignmentKind, CredentialKind, KioskStatus, RevisionStatus, Role
from app.seal.boxes import seal_page, wrap_key
from app.seal.chain import open_event
from app.seal.dsse import open_envelope, sign_envelope
from app.seal.encoding import sha256
from app.seal.keys import SigningKey
from app.seal.slot import OperatorKey
from app.wire.clock import Moment, SystemClock
from app.wire.messages import TRUST_TYPE, Event, Trust

sys.path.insert(0, str(Path(__file__).parents[2] / "packaging"))

from kit.processes import Plug, Process, free_port, stationleaf, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from app.kiosk.access import Holding

FAST = Timing(lease=0.3, rest=0.3, settle=0.02, meet=600, first=0.3, cap=1.0, again=0.3, knock=0.3, mark=0.5)
CLOCK = SystemClock()


@dataclass
class ShiftedClock:
    """The machine's clock, some hours off."""

    hours: float = 0

    def now(self) -> datetime:
        return CLOCK.now() + timedelta(hours=self.hours)

    def moment(self) -> Moment:
        moment = CLOCK.moment()
        return Moment(self.now(), moment.boot_ms, moment.boot)


@dataclass
class FileVault:
    """Keys in a plain file: only for kiosks of tests, which have no secrets."""

    path: Path

    def load(self) -> DeviceKeys | None:
        return DeviceKeys.read(self.path.read_text()) if self.path.exists() else None

    def store(self, keys: DeviceKeys) -> None:
        self.path.write_text(keys.text())

    def erase(self) -> None:
        self.path.unlink(missing_ok=True)


@dataclass
class Listening:
    """The engine's doors: remembers what it was told."""

    holdings: list[Holding | None] = field(default_factory=list)
    status: dict[str, Any] = field(default_factory=dict)
    said: list[dict[str, Any]] = field(default_factory=list)
    local: dict[str, Any] = field(default_factory=dict)
    pulled: tuple[int, int] = (0, 0)
    confirmations: int = 0
    at_page: dict[int, Callable[[], None]] = field(default_factory=dict)
    """What is done, once, as soon as so many pages have been pulled."""

    def on_holding(self, holding: Holding | None) -> None:
        self.holdings.append(holding)

    def on_status(self, **changes: Any) -> None:
        self.said.append(changes)
        self.status = {**self.status, **changes}

    def on_local(self, **facts: Any) -> None:
        self.local = {**self.local, **facts}

    def on_pulled(self, done: int, total: int) -> None:
        self.pulled = (done, total)
        for number in [number for number in self.at_page if number <= done]:
            self.at_page.pop(number)()

    def on_confirmed(self) -> None:
        self.confirmations += 1


class Hub:
    """A founded hub with one line, two stations, one client, one operator; served by a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        first = First("SUP-1", "Ada Byron", "0012345678")
        self.home = found(
            folder / "hub",
            site="S1",
            site_name="Plant One",
            hosts=["localhost"],
            first=first,
            now=CLOCK.now(),
            port=self.port,
        )
        self.store = Store(self.home.database_url)
        self.process: Process | None = None
        with self.store.write() as session:
            session.add(Client(code="C1", name="Client One", agreement_version="1"))
            session.add(Line(code="L1", site="S1", name="Line 1"))
            session.flush()
            session.add(Part(code="P1", client="C1", name="Part One"))
            for code in ("ST-040", "ST-050"):
                session.add(StationRow(code=code, line="L1", name=f"Station {code}"))
            session.flush()
            for code in ("ST-040", "ST-050"):
                session.add(StationPart(station=code, part="P1"))
        self.add_operator("W-1", "Grace Hopper", "ST-040")

    def add_operator(self, code: str, name: str, station: str) -> None:
        """An operator at work now, with a slot that nobody opens here (Argon2id is tested elsewhere)."""
        from app.hub.schema import Agreement

        keys, now = OperatorKey.generate(), CLOCK.now()
        with self.store.write() as session:
            session.add(PersonRow(code=code, name=name))
            session.flush()
            session.add(PersonRole(person=code, role=Role.OPERATOR.value))
            session.add(Agreement(person=code, client="C1", version="1", signed=now))
            session.add(
                Badge(
                    person=code,
                    hmac=sha256(code.encode()),
                    tail="5678",
                    issued=now,
                    kind=CredentialKind.UID.value,
                    slot_tag=os.urandom(16),
                    slot_salt=b"",
                    slot_box=os.urandom(92),
                    seal_public=keys.seal.public,
                    sign_public=keys.sign.public,
                )
            )
            session.add(
                AssignmentRow(
                    person=code,
                    station=station,
                    start=now,
                    kind=AssignmentKind.ASSIGNED.value,
                    by="SUP-1",
                    made=now,
                )
            )

    def publish(self, document: str, pages: int = 5, size: int = 2000, station: str = "ST-040") -> list[str]:
        """Release a document; returns the hashes of its sealed pages."""
        now = CLOCK.now()
        blobs = []
        with self.store.write() as session:
            session.add(Document(code=document, part="P1", title=document))
            session.flush()
            revision = RevisionRow(
                document=document,
                label="A",
                status=RevisionStatus.EFFECTIVE.value,
                classification="internal",
                source=sha256(document.encode()),
                map_hash=sha256(b"map"),
                effective_from=now,
                published=now,
                by="SUP-1",
            )
            session.add(revision)
            session.flush()
            for number in range(1, pages + 1):
                plain = os.urandom(size)
                key, box = seal_page(plain, f"{document}/A")
                session.add(Blob(hash=sha256(box), size=len(box), data=box))
                session.flush()
                row = PageRow(
                    revision=revision.id,
                    number=number,
                    page=sha256(plain),
                    blob=sha256(box),
                    key=wrap_key(key, self.home.keys.wrap),
                    label=str(number),
                    width_mpt=595_000,
                    height_mpt=842_000,
                    cost_us=1000,
                    form="as drawn",
                )
                session.add(row)
                session.flush()
                session.add(PageStation(page=row.id, station=station))
                blobs.append(sha256(box))
        return blobs

    def recall(self, document: str) -> None:
        with self.store.write() as session:
            row = session.scalars(select(RevisionRow).where(RevisionRow.document == document)).one()
            row.status = RevisionStatus.RECALLED.value

    def change_keys(self, *, certificates: bool) -> None:
        """As the owner of the root key would: a later statement, with another lease key or another CA."""
        path, fresh = self.home.path, SigningKey.generate()
        root = SigningKey(bytes.fromhex((path / "keys" / "root.key").read_text()))
        told = Trust.read(open_envelope((path / "trust.json").read_bytes(), TRUST_TYPE, [root.public]))
        changes: dict[str, Any] = {"lease_keys": (*told.lease_keys, fresh.public)}
        if certificates:
            ca = make_ca("S1", CLOCK.now())
            server = make_server(ca, ["localhost"], CLOCK.now())
            self.home.server_cert.write_bytes(server.cert)
            self.home.server_key.write_bytes(server.key)
            changes = {"ca": ca.cert.decode()}
        later = told.model_copy(update={"version": told.version + 1, **changes})
        (path / "trust.json").write_bytes(sign_envelope(TRUST_TYPE, later.exact(), [root]))
        if not certificates:
            (path / "keys" / "lease.key").write_text(fresh.raw.hex())

    def serve(self) -> None:
        words = ["hub", "serve", str(self.home.path), "--host", "127.0.0.1", "--port", str(self.port)]
        self.process = Process(stationleaf(*words), self.folder / "hub.log")
        wait_for("the hub", lambda: self._log().count("hub ready") > self._served, 90)
        self._served += 1

    _served = _kiosks = 0

    def _log(self) -> str:
        path = self.folder / "hub.log"
        return path.read_text() if path.exists() else ""

    def kill(self) -> None:
        """As a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process = None

    def close(self) -> None:
        if self.process is not None:
            self.process.stop()
        self.store.close()

    # -- kiosks and what the hub knows of them ------------------------------------------------------------

    def next_kiosk(self) -> str:
        """A code that no kiosk has."""
        self._kiosks += 1
        return f"K-{self._kiosks}"

    def code(self, kiosk: str = "K-1", minutes: float = 10) -> str:
        """Make a one-time code, and the kiosk where it is new."""
        code = b32encode(os.urandom(10)).decode()
        with self.store.write() as session:
            if session.get(KioskRow, kiosk) is None:
                session.add(KioskRow(code=kiosk, station="ST-040", status=KioskStatus.PENDING.value))
                session.flush()
            expires = CLOCK.now() + timedelta(minutes=minutes)
            session.add(EnrolCodeRow(hash=code_hash(code), kiosk=kiosk, by="SUP-1", expires=expires))
        return code

    def set_status(self, status: KioskStatus, kiosk: str = "K-1") -> None:
        with self.store.write() as session:
            session.get_one(KioskRow, kiosk).status = status.value

    def row(self, kiosk: str = "K-1") -> KioskRow:
        with self.store.read() as session:
            row = session.get_one(KioskRow, kiosk)
            session.expunge(row)
            return row

    def events(self, kiosk: str = "K-1") -> list[tuple[int, int, str]]:
        """Epoch, number and kind of every event that the hub holds."""
        with self.store.read() as session:
            query = select(EventRow.epoch, EventRow.seq, EventRow.kind).where(EventRow.kiosk == kiosk)
            return [tuple(row) for row in session.execute(query.order_by(EventRow.epoch, EventRow.seq))]  # type: ignore[misc]

    def kinds(self) -> list[str]:
        return [kind for _, _, kind in self.events()]

    def alarms(self) -> list[str]:
        with self.store.read() as session:
            return list(session.scalars(select(AlarmRow.kind)))

    def leases(self) -> int:
        from app.hub.schema import LeaseRow

        with self.store.read() as session:
            return session.scalar(select(func.count()).select_from(LeaseRow)) or 0


@contextmanager
def serving(folder: Path, pages: int = 12) -> Iterator[Hub]:
    """A hub process with one document at ST-040."""
    hub = Hub(folder)
    hub.publish("WI-100", pages=pages)
    hub.serve()
    try:
        yield hub
    finally:
        hub.close()


class Kiosk:
    """An enrolled kiosk's folder, keys and sync, reached through ``plug``."""

    def __init__(self, hub: Hub, folder: Path, code: str = "K-1") -> None:
        self.hub, self.code = hub, code
        self.plug = Plug(hub.port)
        self.places = Places(folder / code)
        self.places.home.mkdir(parents=True, exist_ok=True)
        self.vault = FileVault(folder / f"{code}.keys")
        self.fresh = FileVault(folder / f"{code}.new")
        self.doors, self.clock = Listening(), ShiftedClock()
        self.sync: Sync | None = None

    @property
    def url(self) -> str:
        return f"https://localhost:{self.plug.port}"

    @property
    def enrolment(self) -> Enrolment:
        return Enrolment(self.places, self.vault, self.fresh, CLOCK)

    def sheet(self, code: str) -> Sheet:
        return Sheet.read(self.url, self.hub.home.root_fingerprint, code)

    def enrol(self) -> None:
        """Ask, and be confirmed."""
        self.enrolment.ask(self.sheet(self.hub.code(self.code)))
        self.hub.set_status(KioskStatus.ACTIVE, self.code)

    def open(self) -> Supplies:
        """The three files."""
        keys = self.vault.load()
        assert keys is not None
        self.state = State(self.places.state, keys.cache_key)
        trust = trust_of(self.state, keys, CLOCK.now())
        self.cache, _ = Cache.open(self.places.cache, keys.cache_key, reserve_bytes=0)
        self.outbox = Outbox(self.places.outbox, keys.kiosk, keys.epoch, keys.sign, trust.seal_key)
        return Supplies(keys, trust, self.state, self.cache, self.outbox, self.clock, timeout=3.0)

    def close_files(self) -> None:
        for part in (self.cache, self.state, self.outbox):
            part.close()

    def start(self) -> Sync:
        return self.begin(self.open())

    def begin(self, supplies: Supplies, timing: Timing = FAST) -> Sync:
        self.sync = Sync(self.doors, supplies, timing=timing)
        self.sync.start()
        return self.sync

    def start_process(self, *, dies_at: int | None = None) -> Process:
        """The same in a process of its own, to be killed; or it is, when it has pulled so many pages."""
        words = [
            sys.executable,
            "-m",
            "tests.kiosk.sync_process",
            str(self.places.home),
            str(self.vault.path),
            *([] if dies_at is None else [str(dies_at)]),
        ]
        return Process(words, self.places.home.with_suffix(".log"))

    def start_and_end(self) -> tuple[dict[str, Any], list[Event]]:
        """Start and end the kiosk as the program does, with its keys in the real keyring.

        Returns its local facts, and the events that wait to be handed over next.
        """
        from app.kiosk.compose import build
        from app.kiosk.hardening import Hardened

        parts = build(self.places, Hardened(no_core=True, closed=True, private_files=True))
        try:
            batch, seal = parts.journal.pending(), self.hub.home.keys.seal
            events = () if batch is None else batch.events
            return parts.local(), [Event.read(open_event(one.box, seal)) for one in events]
        finally:
            parts.close()

    def count_pages(self) -> int:
        """How many pages the cache file holds, opened anew."""
        self.open()
        count = len(self.cache.have())
        self.close_files()
        return count

    def stop(self) -> None:
        if self.sync is not None:
            self.sync.stop()
            self.sync = None
            self.close_files()
            self.doors.status.clear()
            self.doors.pulled = (0, 0)

    def close(self) -> None:
        self.stop()
        self.plug.close()

    def online(self) -> bool:
        return self.doors.status.get("online") is True

    def settled(self) -> bool:
        """Everything that the lease lists is here, and everything that happened is at the hub."""
        done, total = self.doors.pulled
        return self.online() and done == total > 0 and self.outbox.waiting() == 0


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate()]
