"""A small plant written straight into the hub's tables, and kiosk devices that talk to it."""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx

from app.hub.api.app import make_app
from app.hub.enrolment import code_hash
from app.hub.found import First, found
from app.hub.home import Home
from app.hub.schema import (
    Agreement,
    AssignmentRow,
    Badge,
    Blob,
    Client,
    Document,
    EnrolCodeRow,
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
    SupervisedLine,
    TrainingRow,
)
from app.hub.store import Store
from app.model.terms import Classification, CredentialKind, Role
from app.seal.boxes import seal_page, wrap_key
from app.seal.chain import GENESIS, event_hash, seal_event, sign_event
from app.seal.dsse import open_envelope
from app.seal.encoding import sha256
from app.seal.keys import SealKey, SigningKey
from app.seal.slot import OperatorKey
from app.wire.clock import Moment
from app.wire.lease import Lease, LeaseReply, Manifest
from app.wire.messages import LEASE_TYPE, Event, EventBatch, EventKind, SealedEvent
from app.wire.signatures import sign_request

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from fastapi import FastAPI
    from sqlalchemy.orm import Session

    from app.hub.schema_base import Base

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
ADDRESS = "https://hub.plant.example:8443"


class SetClock:
    """A clock that shows what it was set to."""

    def __init__(self, now: datetime = NOW) -> None:
        self.time = now

    def now(self) -> datetime:
        return self.time

    def moment(self) -> Moment:
        return Moment(self.time, 0, "boot")

    def forward(self, **span: float) -> None:
        self.time += timedelta(**span)


class AsgiDoor(httpx.BaseTransport):
    """Carries requests into the hub's application in this process, each on an event loop of its own."""

    def __init__(self, app: Any, *, faults_escape: bool = True) -> None:
        self._inner = httpx.ASGITransport(app, raise_app_exceptions=faults_escape, client=("10.0.0.7", 4711))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()

        async def call() -> httpx.Response:
            response = await self._inner.handle_async_request(request)
            body = await response.aread()
            headers = [(name, value) for name, value in response.headers.raw]
            return httpx.Response(response.status_code, headers=headers, stream=httpx.ByteStream(body))

        return asyncio.run(call())


def make_home(path: Path, now: datetime = NOW) -> Home:
    """A founded hub with its first supervisor."""
    return found(
        path,
        site="S1",
        site_name="Plant One",
        hosts=["hub.plant.example", "localhost"],
        first=First("SUP-1", "Ada Byron", "0012345678"),
        now=now,
    )


@dataclass
class Plant:
    """A hub in a folder, with what its tables hold."""

    home: Home
    store: Store
    clock: SetClock = field(default_factory=SetClock)
    keys: dict[str, OperatorKey] = field(default_factory=dict)
    app: FastAPI | None = None
    session: Session | None = None
    _making: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def copy(cls, template: Path, path: Path) -> Plant:
        shutil.copytree(template, path)
        home = Home.open(path)
        return cls(home, Store(home.database_url))

    def client(self, *, faults_escape: bool = True) -> httpx.Client:
        """A plain client of the hub's application."""
        with self._making:  # pydantic's schemas cannot be built by two threads at once
            if self.app is None or self.app.state.hub.store is not self.store:
                self.app = make_app(self.home, self.store, self.clock)
        return httpx.Client(transport=AsgiDoor(self.app, faults_escape=faults_escape), base_url=ADDRESS)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction around everything that is written inside."""
        if self.session is not None:
            yield self.session
            return
        with self.store.write() as session:
            self.session = session
            try:
                yield session
            finally:
                self.session = None

    def add(self, *rows: object) -> None:
        with self.writing() as session:
            for row in rows:
                session.add(row)
                session.flush()

    def customer(self, code: str, *, version: str = "1", hours: int = 72, restricted: int = 12) -> None:
        self.add(
            Client(
                code=code, name=f"{code} Medical", agreement_version=version,
                offline_hours=hours, restricted_hours=restricted,
            )
        )  # fmt: skip

    def part(self, code: str, client: str) -> None:
        self.add(Part(code=code, client=client, name=f"Part {code}"))

    def line(self, code: str, site: str = "S1") -> None:
        self.add(Line(code=code, site=site, name=f"Line {code}"))

    def station(
        self, code: str, line: str, parts: Sequence[str], ceiling: Classification = Classification.RESTRICTED
    ) -> None:
        self.add(StationRow(code=code, line=line, name=f"Station {code}", ceiling=ceiling.word))
        self.add(*(StationPart(station=code, part=part) for part in parts))

    def person(
        self,
        code: str,
        *,
        roles: Sequence[Role] = (Role.OPERATOR,),
        ceiling: Classification = Classification.RESTRICTED,
        kind: CredentialKind = CredentialKind.CARD,
        active: bool = True,
        badge_active: bool = True,
        supervises: Sequence[str] = (),
    ) -> None:
        self.add(PersonRow(code=code, name=f"Name of {code}", active=active, ceiling=ceiling.word))
        self.add(*(PersonRole(person=code, role=role.value) for role in roles))
        self.add(*(SupervisedLine(person=code, line=line) for line in supervises))
        self.badge(code, kind, active=badge_active)

    def badge(self, person: str, kind: CredentialKind = CredentialKind.CARD, *, active: bool = True) -> None:
        keys = self.keys[person] = OperatorKey.generate()
        self.add(
            Badge(
                person=person, hmac=os.urandom(32).hex(), tail="4711", active=active, issued=self.clock.now(),
                kind=kind.value, slot_tag=os.urandom(16), slot_salt=b"", slot_box=os.urandom(92),
                seal_public=keys.seal.public, sign_public=keys.sign.public,
            )
        )  # fmt: skip

    def assign(
        self, person: str, station: str, start: datetime | None = None, end: datetime | None = None,
        kind: str = "assigned",
    ) -> None:  # fmt: skip
        begins = start or self.clock.now() - timedelta(days=1)
        self.add(
            AssignmentRow(
                person=person, station=station, start=begins, end=end, kind=kind, by="SUP-1", made=begins
            )
        )

    def sign(self, person: str, client: str, version: str = "1") -> None:
        self.add(Agreement(person=person, client=client, version=version, signed=self.clock.now()))

    def train(self, person: str, document: str, revision: str, until: datetime | None = None) -> None:
        self.add(TrainingRow(person=person, document=document, revision=revision, until=until))

    def publish(
        self,
        document: str,
        part: str,
        pages: Sequence[tuple[bytes, Sequence[str]]],
        *,
        label: str = "A",
        status: str = "effective",
        classification: Classification = Classification.STANDARD,
        training_required: bool = False,
        effective_from: datetime | None = None,
        effective_until: datetime | None = None,
    ) -> list[str]:
        """Publish pages, each with its stations. Returns the hashes of the ciphertexts."""
        blobs = []
        with self.writing() as session:
            if session.get(Document, document) is None:
                session.add(Document(code=document, part=part, title=f"Title of {document}"))
                session.flush()
            revision = RevisionRow(
                document=document, label=label, status=status, classification=classification.word,
                training_required=training_required, source=sha256(document.encode()), map_hash="0" * 64,
                effective_from=effective_from or self.clock.now() - timedelta(days=1),
                effective_until=effective_until, published=self.clock.now(), by="SUP-1", report={},
            )  # fmt: skip
            session.add(revision)
            session.flush()
            for number, (data, stations) in enumerate(pages, 1):
                key, box = seal_page(data, f"{document}/{label}")
                blob = sha256(box)
                session.add(Blob(hash=blob, size=len(box), data=box))
                session.flush()
                row = PageRow(
                    revision=revision.id, number=number, page=sha256(data), blob=blob,
                    key=wrap_key(key, self.home.keys.wrap), label=f"Page {number}",
                    width_mpt=612_000, height_mpt=792_000, cost_us=1000, form="as drawn",
                )  # fmt: skip
                session.add(row)
                session.flush()
                session.add_all(PageStation(page=row.id, station=station) for station in stations)
                blobs.append(blob)
        return blobs

    def kiosk(self, code: str, station: str, status: str = "active") -> Device:
        """An enrolled device."""
        device = Device(self, code)
        self.add(
            KioskRow(
                code=code, station=station, status=status, sign_key=device.sign.public,
                seal_key=device.seal.public, epoch=1, held=0, held_hash=GENESIS,
            )
        )  # fmt: skip
        return device

    def change(self, table: type[Base], code: str, **values: object) -> None:
        with self.writing() as session:
            row = session.get_one(table, code)
            for name, value in values.items():
                setattr(row, name, value)

    def set_kiosk(self, code: str, **values: object) -> None:
        self.change(KioskRow, code, **values)

    def set_person(self, code: str, **values: object) -> None:
        self.change(PersonRow, code, **values)

    def code(self, kiosk: str, code: str, *, minutes: float = 10) -> None:
        """A one-time code for a kiosk."""
        expires = self.clock.now() + timedelta(minutes=minutes)
        self.add(EnrolCodeRow(hash=code_hash(code), kiosk=kiosk, by="SUP-1", expires=expires))


@dataclass
class Device:
    """A kiosk's device: keys, request counter and journal."""

    plant: Plant
    code: str
    sign: SigningKey = field(default_factory=SigningKey.generate)
    seal: SealKey = field(default_factory=SealKey.generate)
    counter: int = 0
    epoch: int = 1
    seq: int = 0
    head: str = GENESIS

    def signed(self, method: str, path: str, body: bytes = b"", **changes: Any) -> dict[str, str]:
        """Headers that sign a request."""
        self.counter += 1
        words: dict[str, Any] = {
            "kiosk": self.code, "key": self.sign, "counter": self.counter, "created": self.plant.clock.now(),
        }  # fmt: skip
        return sign_request(method, ADDRESS + path, body, **{**words, **changes})

    def ask(self, method: str, path: str, body: bytes = b"", **changes: Any) -> httpx.Response:
        """Send a signed request."""
        headers = self.signed(method, path, body, **changes)
        with self.plant.client() as client:
            return client.request(method, path, content=body or None, headers=headers)

    def lease(self, have: int = 0, manifest: str = "") -> tuple[Lease, Manifest, LeaseReply]:
        """Fetch the lease in force, verified."""
        response = self.ask("GET", f"/v1/lease?have={have}&manifest={manifest}")
        assert response.status_code == 200, response.text
        reply = LeaseReply.read(response.content)
        trusted = [self.plant.home.keys.lease.public]
        lease = Lease.read(open_envelope(reply.envelope.encode(), LEASE_TYPE, trusted))
        assert sha256(reply.manifest.encode()) == lease.manifest
        return lease, Manifest.read(reply.manifest.encode()), reply

    def write(self, count: int = 1, **changes: Any) -> EventBatch:
        """Write events into the journal and return them as a batch."""
        first = self.seq + 1
        events, signatures = [], []
        for seq in range(first, first + count):
            event = self.event(seq, self.head, **changes)
            self.seq, self.head = seq, event_hash(event.exact())
            events.append(self.sealed(event))
            signatures.append(sign_event(self.code, self.epoch, seq, self.head, self.sign))
        return EventBatch(epoch=self.epoch, events=tuple(events), signatures=tuple(signatures))

    def event(self, seq: int, prev: str, **changes: Any) -> Event:
        """An event, not yet in the journal."""
        words: dict[str, Any] = {
            "kiosk": self.code, "epoch": self.epoch, "seq": seq, "prev": prev, "nonce": os.urandom(16).hex(),
            "kind": EventKind.VIEW_BEGIN, "wall": self.plant.clock.now(), "boot_ms": seq, "boot": "b",
            "person": "P-1", "station": "ST-1", "client": "ACME", "page": "a" * 64, "revision": "WI-1/A",
            "body": {"number": 1},
        }  # fmt: skip
        return Event(**{**words, **changes})

    def sealed(self, event: Event) -> SealedEvent:
        """An event as it travels."""
        data = event.exact()
        box = seal_event(data, self.plant.home.keys.seal.public)
        return SealedEvent(seq=event.seq, hash=event_hash(data), box=box)

    def deliver(self, batch: EventBatch) -> httpx.Response:
        """Send a batch."""
        return self.ask("POST", "/v1/events", batch.exact())
