"""One kiosk of the machine: real contact, lease store, page store, journal and conductor, in one thread.

Only four things are replaced: the network (a call in place of a signed request), the thread that draws
(pages are unsealed and handed over as their bytes), the clock, which is set by hand, and the keyring, which
is in memory, where no copy of the folder reaches it.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select

from app.hub.api import log
from app.hub.api import pages as desk
from app.hub.ingest import ingest
from app.hub.schema import Blob, KioskRow
from app.kiosk import access
from app.kiosk.access import Found
from app.kiosk.anchor import Anchor, Anchoring
from app.kiosk.cache import Cache
from app.kiosk.card_access import find_card, point_for
from app.kiosk.compose import HubClock
from app.kiosk.conductor import Conductor
from app.kiosk.contact import Contact
from app.kiosk.folio import Shared
from app.kiosk.outbox import Outbox
from app.kiosk.readers import Card, Presented
from app.kiosk.state import State
from app.kiosk.supplies import Supplies, identity
from app.kiosk.vault import DeviceKeys
from app.kiosk.view import Framing, Stage
from app.mark.keys import Place, tag_of
from app.model.errors import Expected, Refused
from app.model.pins import KIOSK_FREE, KIOSK_PAUSE_SECONDS
from app.model.terms import Classification, CredentialKind, KioskStatus
from app.seal.boxes import hpke_open, joint_key, open_page, unwrap_key
from app.seal.chain import open_event
from app.seal.dsse import unverified_payload
from app.wire.base import Problem
from app.wire.client import HubRefused, HubUnreachable
from app.wire.clock import Moment
from app.wire.lease import Lease, bundle_info
from app.wire.messages import LEASE_TYPE, Event, EventBatch, EventKind, EventReply, KioskState
from tests.kiosk.journals import announced
from tests.machine.hub import NUMBERS, PINS, card_of, fingerprint_of
from tests.machine.oracle import Memory, Ring, Told, holdable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from app.kiosk.access import Holding
    from app.kiosk.folio import Job, KeyedLeaf
    from app.kiosk.foretold import Foretold
    from app.kiosk.outbox import Draft, Recorded
    from app.kiosk.view import Painting, Screen
    from app.wire.lease import LeaseReply
    from app.wire.messages import LogReply, Standing
    from tests.machine.hub import HubBox

FRAMING = Framing(800, 600)


class HandClock:
    """The kiosk's own clock: the time that has really passed, and what somebody has set it to."""

    def __init__(self, hub: HubBox) -> None:
        self._hub, self.off, self.boots = hub, timedelta(0), 0
        self.boot()

    def boot(self) -> None:
        """The machine was started."""
        self.boots += 1
        self._since = self._hub.clock.now()

    def now(self) -> datetime:
        return self._hub.clock.now() + self.off

    def moment(self) -> Moment:
        ran = self._hub.clock.now() - self._since
        return Moment(self.now(), int(ran.total_seconds() * 1000), f"boot {self.boots}")


class Line:
    """What ``HubClient`` is to the contact, without a network: each call goes to what the route calls.

    ``replay`` is given out once in place of the next lease; ``given`` collects what came, for the adversary.
    """

    def __init__(self, hub: HubBox, memory: Memory, given: list[Told]) -> None:
        self._hub, self._memory, self._given = hub, memory, given
        self.cut = False
        self.handed: dict[str, bytes] | None = None
        self.grantable: dict[str, frozenset[str]] = {}
        self._manifests: dict[str, str] = {}
        self._last: Told
        self.replay: LeaseReply | None = None

    def close(self) -> None:
        """Nothing is open."""

    def state(self, _standing: Standing | None = None) -> KioskState:
        self._reach()
        with self._hub.store.read() as session:
            status = KioskStatus(session.get_one(KioskRow, self._memory.kiosk).status)
        now = self._hub.clock.now()
        self._memory.hears(now)
        if self._hub.world.devices[self._memory.kiosk].blocked:
            self._memory.wiped()
        return KioskState(
            kiosk=self._memory.kiosk, status=status, time=now, trust=self._hub.home.said.version
        )

    def lease(self, have: int, manifest: str, seen: int = 0) -> LeaseReply | None:
        self._reach()
        if self.replay is not None:
            reply, self.replay = self.replay, None
            self._memory.hears(reply.time)
            return reply
        reply = self.asks_for_lease(have, manifest, seen)
        now, world = self._hub.clock.now(), self._hub.world.copy()
        if reply is None:
            told = replace(self._last, world=world, at=now)
        else:
            self._memory.hears(reply.time)
            lease = Lease.read(unverified_payload(reply.envelope.encode(), LEASE_TYPE))
            text = reply.manifest or self._manifests[lease.manifest]  # left out where the kiosk has it
            self._manifests[lease.manifest] = text
            whole = reply.model_copy(update={"manifest": text})
            told = Told(self._memory.kiosk, whole, lease.number, world, now, lease.issued, lease.expires)
            self._given.append(told)
        assert now - told.issued < timedelta(hours=1), "a lease stands for more than an hour"
        self._last = told
        self._memory.told(told)
        return reply

    def log(self, have: int) -> LogReply:
        self._reach()
        return log.head(self._hub.caller(self._memory.kiosk), have)

    def blobs(self, hashes: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """Asks for every page of the plant, as a kiosk would that somebody has rewritten."""
        self._reach()
        if self.handed is None:  # until the looks are delivered nothing changes at the hub within a contact
            self.handed = self.asks_for_everything()
            self.grantable = holdable(self._hub.world, self._memory.kiosk, self._hub.clock.now())
        yield from ((blob, self.handed[blob]) for blob in hashes if blob in self.handed)

    def asks_for_lease(self, have: int = 0, manifest: str = "", seen: int = 0) -> LeaseReply | None:
        try:
            return desk.lease(self._hub.caller(self._memory.kiosk), have, manifest, seen)
        except Refused as error:
            raise _refused(error) from error

    def asks_for_everything(self) -> dict[str, bytes]:
        """The pages that the hub hands to this kiosk, of all that there are."""
        try:
            lots = desk.lots(self._hub.caller(self._memory.kiosk), list(self._hub.world.sheets))
        except Refused as error:
            raise _refused(error) from error
        wanted = [digest for lot in lots for digest in lot]
        with self._hub.store.read() as session:
            return dict(session.execute(select(Blob.hash, Blob.data).where(Blob.hash.in_(wanted))).all())

    def send(self, batch: EventBatch) -> EventReply:
        self._reach()
        keys, now = self._hub.home.keys, self._hub.clock.now()
        reply = ingest(self._hub.store, keys.seal, self._memory.kiosk, batch, now)
        for sealed in batch.events:
            event = Event.read(open_event(sealed.box, keys.seal))
            if event.kind is EventKind.VIEW_BEGIN:
                self._hub.world.seen.add((event.kiosk, event.person, event.station, event.page))
        return reply

    def _reach(self) -> None:
        if self.cut:
            raise HubUnreachable("cut", code="cut")


def _refused(error: Refused) -> HubRefused:
    return HubRefused(Problem(code=error.code, message=str(error), advice=error.advice, number=None), 403)


@dataclass
class Keyring:
    """The anchor's place in it."""

    kept: Anchor | None = None

    def load(self) -> Anchor | None:
        return self.kept

    def store(self, anchor: Anchor) -> None:
        self.kept = anchor

    def erase(self) -> None:
        self.kept = None


@dataclass(frozen=True)
class Lines(Supplies):
    """A kiosk's supplies, whose connection is a ``Line``."""

    line: Line | None = None

    def client(self, trust: Any) -> Any:
        return self.line


@dataclass
class Bytes:
    """A drawn page: here its plain bytes."""

    plain: bytes
    width: int = 1
    height: int = 1
    stride: int = 4
    page_width_px: int = 1
    page_height_px: int = 1
    render_ms: float = 0.0

    @property
    def buffer(self) -> memoryview:
        return memoryview(self.plain)

    def release(self) -> None:
        """Nothing is kept."""


@dataclass
class Unsealer:
    """What ``Folio`` is to the easel, without threads: unseals what is wanted, at once; told by ``turn``."""

    cache: Cache
    leaves: tuple[KeyedLeaf, ...] = ()
    session: int = 0
    wanted: list[Job] = field(default_factory=list)

    def open_session(self, leaves: Sequence[KeyedLeaf]) -> int:
        self.session, self.leaves = self.session + 1, tuple(leaves)
        return self.session

    def replace_leaves(self, leaves: Sequence[KeyedLeaf]) -> int:
        self.close_session()
        return self.open_session(leaves)

    def close_session(self) -> None:
        self.leaves, self.session = (), self.session + 1
        self.wanted.clear()

    def ready(self, _job: Job) -> None:
        return None

    def want(self, job: Job, _neighbours: Sequence[Job] = ()) -> None:
        self.wanted = [job] if job.session == self.session else []

    def want_strip(self, _jobs: Sequence[Job]) -> None:
        """No thumbnails here."""

    def turn(self) -> Iterator[tuple[Job, Any]]:
        """What was wanted, unsealed, or why not."""
        wanted, self.wanted = self.wanted, []
        for job in wanted:
            if job.session == self.session:
                leaf = self.leaves[job.index]
                try:
                    plain = open_page(self.cache.get(leaf.blob), leaf.key, leaf.page, leaf.revision)
                    yield job, Shared(Bytes(plain))
                except Expected as error:
                    yield job, error


class Watched(Outbox):
    """The journal; ``looks`` maps a look's token to person and page once it is committed."""

    mark_key: bytes
    looks: dict[str, tuple[str, str]]

    def append(
        self, drafts: Sequence[Draft], moment: Moment, announce: Draft | None = None
    ) -> tuple[Recorded, ...]:
        done = super().append(drafts, moment, announce)
        for draft, placed in zip(drafts, done, strict=True):
            self._note(draft, placed)
        return done

    def take(self, draft: Draft, moment: Moment) -> Recorded | None:
        placed = super().take(draft, moment)
        if placed is not None:
            assert (placed.epoch, placed.seq) in announced(self._path)
            self._note(draft, placed)
        return placed

    def _note(self, draft: Draft, placed: Recorded) -> None:
        if draft.kind is EventKind.VIEW_BEGIN:
            token = Place(tag_of(self.mark_key, self._kiosk), placed.epoch, placed.seq).token
            self.looks[f"{token:016x}"] = (draft.person, draft.page)


class KioskBox:
    """See the module. ``memory`` is what the oracle knows of this kiosk."""

    def __init__(self, hub: HubBox, code: str, folder: Path, given: list[Told]) -> None:
        self.hub, self.code, self.folder, self.given = hub, code, folder, given
        folder.mkdir()
        device = hub.template.devices[code]
        self.keys = DeviceKeys(
            device.sign, device.seal, bytes(range(32)), code, hub.home.site, 1, hub="https://hub.example",
            root=hub.home.root_fingerprint, station=hub.world.devices[code].station,
        )  # fmt: skip
        self.clock, self.memory = HandClock(hub), Memory(code)
        self.seen_at: datetime = hub.clock.now()
        self.keyring = Keyring()
        self.kept: tuple[Memory, Ring, Anchor | None] | None = None
        self._off = timedelta(0)
        self._opened: tuple[tuple[int, bool], dict[str, frozenset[str]]] = ((0, False), {})
        self.line = Line(hub, self.memory, given)
        self.cache, _ = Cache.open(folder / "cache.db", self.keys.cache_key, reserve_bytes=0)
        self.looks: dict[str, tuple[str, str]] = {}
        self.outbox = Watched(folder / "outbox.db", code, 1, self.keys.sign, hub.home.said.seal_key)
        self.outbox.looks, self.outbox.mark_key = self.looks, hub.home.mark_key
        self.open()

    # -- power --------------------------------------------------------------------------------------------

    def open(self) -> None:
        """What the program does when it starts."""
        trust = self.hub.home.said
        self.state = State(self.folder / "state.db", self.keys.cache_key)
        self.state.passed(self.clock.moment())
        anchor = Anchoring(self.state, self.keyring)
        anchor.begin()
        self.memory.looks_at_clock(self.clock.now())
        self.memory.starts()
        self.screen: Screen | None = None
        self.paintings: list[tuple[str, bytes]] = []
        self.unsealer = Unsealer(self.cache)
        clock = HubClock(self.clock, self.state)
        self.conductor = Conductor(
            self,
            self.outbox,
            self.unsealer,
            clock,
            self.code,
            self.keys.station,
            self.state,
            self.state.done,
            self.state,
        )  # type: ignore[arg-type]
        self.conductor.frame(FRAMING)
        self.conductor.local(**self.state.local(self.clock.moment()))
        holding = self.state.holding(identity(self.keys, trust))
        if holding is not None:
            self.conductor.hold(holding)
        supplies = Lines(
            self.keys, trust, self.state, self.cache, self.outbox, self.clock, anchor=anchor, line=self.line
        )
        self.contact = Contact(supplies, self)

    def shut(self) -> None:
        """The power is cut."""
        self.contact.close()
        self.state.close()

    def reboot(self) -> None:
        self.shut()
        self.clock.boot()
        self.memory.booted()
        self.open()

    def close(self) -> None:
        self.shut()
        self.outbox.close()
        self.cache.close()

    def save_state(self) -> None:
        """The adversary copies the lease store and the keyring, with what is known then."""
        self.state._db.checkpoint()
        shutil.copy(self.folder / "state.db", self.folder / "copy")
        self.kept = self.memory.copied(), self.memory.ring, self.keyring.kept

    def put_state_back(self, *, keyring: bool = False) -> None:
        """The adversary puts the copy in place of the lease store, with its ``keyring`` or beside the present
        one, and starts the machine.
        """
        assert self.kept is not None
        known, ring, kept = self.kept
        self.shut()
        if keyring:
            self.keyring.kept = kept
        for name in ("state.db", "state.db-wal", "state.db-shm"):
            (self.folder / name).unlink(missing_ok=True)
        shutil.copy(self.folder / "copy", self.folder / "state.db")
        self.memory.put_back(known, ring if keyring else self.memory.ring, frozenset(self.cache.have()))
        self.clock.boot()
        self.memory.booted()
        self.open()

    # -- what the sync does -------------------------------------------------------------------------------

    def meet(self) -> bool:
        """A whole contact. Returns whether the hub was there."""
        self.contact.trouble, self.line.handed = None, None
        try:
            self.contact.meet()
            self.contact.lease()
            while self.contact.more:
                self.contact.pull()
            self.contact.deliver()
        except HubUnreachable:
            return False
        finally:
            self.tick()
        return True

    def tick(self) -> None:
        """What the engine does each second."""
        ran = self.hub.clock.now() - self.seen_at
        self.seen_at = self.hub.clock.now()
        self.memory.passes(ran)
        self.memory.looks_at_clock(self.clock.now())
        if ran or self.clock.off != self._off:
            self.state.passed(self.clock.moment())
            self._off = self.clock.off
        self.conductor.local(**self.state.local(self.clock.moment()))
        self.conductor.tick()
        self.draw()

    def draw(self) -> None:
        """What the drawing thread does."""
        for job, result in self.unsealer.turn():
            self.conductor.rendered(job, result)

    # -- contact.Doors ------------------------------------------------------------------------------------

    def on_holding(self, holding: Holding | None) -> None:
        self.conductor.hold(holding)

    def on_status(self, **changes: Any) -> None:
        self.conductor.status(**changes)

    def on_local(self, **facts: Any) -> None:
        self.conductor.local(**facts)

    def on_pulled(self, _done: int, _total: int) -> None:
        self.conductor.arrived()

    def on_confirmed(self) -> None:
        """Nobody counts here."""

    # -- conductor.Surroundings ---------------------------------------------------------------------------

    def identify(self, badge: str | Presented, name: str) -> None:
        holding, found, trouble = self.conductor.holding, Found(), None
        try:
            if holding is not None:
                card = not isinstance(badge, str)
                found = Found(*find_card(holding.lease, badge)) if card else access.find(holding.lease, badge)
        except Expected as error:
            trouble = error
        self.conductor.identified(name, found, trouble)

    def try_pin(self, trying: Any, badge: str, pin: str) -> None:
        holding = self.conductor.holding
        assert holding is not None
        self.conductor.keypad.tried(trying, access.try_pin(holding.lease, trying.tag, badge, pin), None)

    def set_slot(self, new: Any) -> None:
        raise NotImplementedError

    def ask_grant(self, signed: Any) -> None:
        raise NotImplementedError

    def publish(self, screen: Screen) -> None:
        self.screen = screen

    def paint(self, painting: Painting) -> None:
        """Pixels reach the screen: their look must be on record, in the journal that is on the disk."""
        assert self.screen is not None
        self.paintings.append((painting.mark.token, bytes(painting.pixels.buffer)))

    def foretell(self, foretold: Foretold) -> None:
        """This screen paints nothing out of sight."""

    def project(self, *_: Any) -> Any:
        raise NotImplementedError  # nobody plays a clip here

    def hurry(self) -> None:
        """Events go when the machine lets them."""

    def fetch(self, damaged: str) -> None:
        """The next contact looks for what is missing anyway."""

    # -- what the test does and sees ----------------------------------------------------------------------

    def tap(self, person: str, *, wrong_pin_first: bool = False) -> None:
        """The person's badge, and the PIN where it is asked for."""
        self.clock_on()
        if person in NUMBERS:
            self.conductor.tap(NUMBERS[person])
            if self.stage is Stage.PIN and wrong_pin_first:
                self.conductor.keypad.enter("000999")
                assert self.session is None, "a wrong PIN opened something"
            if self.stage is Stage.PIN:
                self.conductor.keypad.enter(PINS.get(person, "428571"))
            if self.stage is Stage.PIN:
                self.conductor.keypad.cancel()
        else:
            self.conductor.card(self._card(person))
        self.draw()

    def clock_on(self) -> None:
        """Taps in a row are of different moments: a second between them."""
        self.hub.clock.forward(seconds=1)
        self.tick()

    def _card(self, person: str) -> Presented:
        holding, text = self.conductor.holding, fingerprint_of(person)
        point = None if holding is None else point_for(holding.lease, text)
        secret = b""
        if point is not None:
            public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
            secret = card_of(person).exchange(ec.ECDH(), public)
        card = Card(person, self.hub.clock.now() + timedelta(days=900), secret)
        return Presented(CredentialKind.CARD, text, "a reader", card)

    @property
    def forgives(self) -> bool:
        """Whether after one wrong PIN more, of whomever, the right one may still be tried at once."""
        return self.state.kiosk_tried().seconds <= (KIOSK_FREE - 2) * KIOSK_PAUSE_SECONDS

    @property
    def stage(self) -> Stage:
        assert self.screen is not None
        return self.screen.stage

    @property
    def session(self) -> Any:
        return None if self.screen is None else self.screen.session

    def opened_by_all(self) -> dict[str, frozenset[str]]:
        """Person by person the pages whose keys come out of the lease in force, with everybody's own keys."""
        holding = self.conductor.holding
        assert holding is not None
        lease = holding.lease
        if self._opened[0] != (lease.number, bool(holding.share)):
            found: dict[str, set[str]] = {}
            for index, bundle in enumerate(lease.bundles):
                if bundle.classification is Classification.RESTRICTED and not holding.share:
                    continue
                for person, box in bundle.sealed.items():
                    info = bundle_info(lease.kiosk, lease.number, index, person)
                    key = hpke_open(box, self.hub.template.keys[person].seal, info)
                    if bundle.classification is Classification.RESTRICTED:
                        key = joint_key(key, holding.share)
                    for wrapped in bundle.keys.values():
                        unwrap_key(wrapped, key)
                    found.setdefault(person, set()).update(bundle.keys)
            opened = {person: frozenset(blobs) for person, blobs in found.items()}
            self._opened = ((lease.number, bool(holding.share)), opened)
        return self._opened[1]
