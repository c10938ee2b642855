"""A plant small enough for one test: real slots and sealed pages, and leases as the hub builds them."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

import pymupdf

from app.kiosk.access import Holding
from app.mark.keys import kiosk_keys
from app.model.decide import Denied, Facts, decide
from app.model.terms import AssignmentKind, Classification, KioskStatus, Role
from app.seal.boxes import hpke_seal, seal_page, wrap_key
from app.seal.encoding import sha256
from app.seal.slot import OperatorKey, make_slot
from app.wire.clock import Moment
from app.wire.lease import (
    Allowance,
    AssignmentInfo,
    Bundle,
    ClipInfo,
    Lease,
    Manifest,
    OperatorInfo,
    PageInfo,
    PinRules,
    Policy,
    SlotInfo,
    StationInfo,
    StepInfo,
    bundle_info,
)
from app.wire.scans import ScanRules

if TYPE_CHECKING:
    from app.pages.clips import MadeClip
    from app.seal.slot import Slot

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
STATION = "ST-040"
KIOSK = "K-1"
MARK_KEY = bytes(range(32))
SALT = b"a site's salt.."[:15] + b"\0"


class HandClock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self._ms = 0

    def now(self) -> datetime:
        return START + timedelta(milliseconds=self._ms)

    def moment(self) -> Moment:
        return Moment(self.now(), self._ms, "boot-1")

    def forward(self, seconds: float) -> None:
        self._ms += int(seconds * 1000)


@cache
def slot_of(badge: str, pin: str = "") -> Slot:
    """The slot of a badge; made once per run, because Argon2id is meant to be slow."""
    return make_slot(badge, pin, SALT, OperatorKey.generate())


@cache
def drawn(text: str) -> bytes:
    """A one-page PDF that shows ``text``."""
    with pymupdf.open() as document:
        page = document.new_page(width=842, height=595)
        page.insert_text((72, 120), text, fontsize=40)
        page.draw_rect((72, 200, 500, 400), color=(0, 0, 0), fill=(0, 1, 0))
        return bytes(document.tobytes(no_new_id=True))


@dataclass(frozen=True)
class Worker:
    """A person as a test names one."""

    code: str
    name: str
    badge: str
    stations: tuple[str, ...] = (STATION,)
    signed: bool = True
    roles: tuple[Role, ...] = (Role.OPERATOR,)
    active: bool = True
    pin: str = ""
    card: Slot | None = None
    text_size: int = 100

    def info(self) -> OperatorInfo:
        slot = self.card or slot_of(self.badge, self.pin)
        return OperatorInfo(
            person=self.code,
            name=self.name,
            active=self.active,
            roles=self.roles,
            ceiling=Classification.STANDARD,
            language="en",
            text_size=self.text_size,
            agreements={"ACME": "1"} if self.signed else {},
            training=(),
            assignments=tuple(
                AssignmentInfo(
                    station=s, start=START - timedelta(days=1), end=None, kind=AssignmentKind.ASSIGNED
                )
                for s in self.stations
            ),
            slots=(
                SlotInfo(
                    kind=slot.kind,
                    tag=slot.tag,
                    salt=slot.salt,
                    box=slot.box,
                    seal_public=slot.seal_public,
                    sign_public=slot.sign_public,
                    badge_tail=self.badge[-4:],
                ),
            ),
        )


ANA = Worker("1001", "Ana Ferreira", "0417263905", text_size=200)
BEN = Worker("1002", "Ben Osei", "0417263906")
EMEKA = Worker("1004", "Emeka Obi", "0417301177", stations=("ST-050",))
HANNA = Worker("1007", "Hanna Lind", "0417301999", signed=False)


@dataclass(frozen=True)
class SmallPlant:
    """Workers and page texts; ``lease`` makes the next lease and ``sealed`` maps its blobs to bytes.

    ``steps`` are page, number as printed, and whether its confirmation is signed. ``clip`` is on page 1.
    """

    workers: tuple[Worker, ...] = (ANA, BEN, EMEKA, HANNA)
    texts: tuple[str, ...] = ("Open the battery door", "Attach the battery", "Close the battery door")
    number: int = 0
    steps: tuple[tuple[int, str, bool], ...] = ()
    scans: ScanRules = field(default_factory=ScanRules)
    takt_seconds: int | None = None
    idle_seconds: int = 60
    warn_minutes: int = 480
    lasts: timedelta = timedelta(hours=72)
    pin: PinRules = field(default_factory=PinRules)
    clip: MadeClip | None = None
    sealed: dict[str, bytes] = field(default_factory=dict)

    def but(self, **changes: object) -> SmallPlant:
        """The same plant with something changed, keeping its sealed pages."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def holding(self, number: int, now: datetime = START) -> Holding:
        """Lease ``number`` with its manifest; seals the pages on the way into ``sealed``."""
        operators = tuple(worker.info() for worker in self.workers)
        station = StationInfo(
            code=STATION,
            name="Battery attach",
            line="L1",
            line_name="Line 1",
            site="S1",
            ceiling=Classification.STANDARD,
            parts=("PUMP",),
            takt_seconds=self.takt_seconds,
        )
        until = now + self.lasts
        pages, keys = self._pages()
        policy = Policy(
            idle_seconds=self.idle_seconds,
            warn_minutes=self.warn_minutes,
            agreements={"ACME": "1"},
            site_ceiling=Classification.STANDARD,
            pin=self.pin,
            scans=self.scans,
        )
        facts = Facts(
            kiosk_status=KioskStatus.ACTIVE,
            kiosk_station=STATION,
            kiosk_site="S1",
            lease_until=until,
            clock_trusted=True,
            badge_active=True,
            slot_opened=True,
            credential=Classification.INTERNAL,
            agreement_versions=policy.agreements,
            can_record=True,
        )
        bundle_key = os.urandom(32)
        sealed = {}
        for operator in operators:
            who = operator.operator()
            answers = [decide(who, station.station(), page.record(), facts, now) for page in pages]
            if not any(isinstance(answer, Denied) for answer in answers):
                info = bundle_info(KIOSK, number, 0, operator.person)
                sealed[operator.person] = hpke_seal(bundle_key, operator.slots[0].seal_public, info)
        bundle = Bundle(
            classification=Classification.INTERNAL,
            keys={blob: wrap_key(key, bundle_key) for blob, key in keys.items()},
            sealed=sealed,
        )
        manifest = Manifest(pages=pages)
        lease = Lease(
            kiosk=KIOSK,
            site="S1",
            station=station,
            number=number,
            previous="",
            issued=now,
            expires=until,
            allowances=(Allowance(client="ACME", classification=Classification.INTERNAL, until=until),),
            manifest=sha256(manifest.exact()),
            site_salt=SALT,
            operators=operators,
            bundles=(bundle,),
            policy=policy,
        )
        return Holding(lease, manifest, mark=kiosk_keys(MARK_KEY, KIOSK))

    def _pages(self) -> tuple[tuple[PageInfo, ...], dict[str, bytes]]:
        pages, keys = [], {}
        for number, text in enumerate(self.texts, 1):
            plain = drawn(text)
            key, box = seal_page(plain, "WI-100/A")
            blob = sha256(box)
            self.sealed[blob] = box
            keys[blob] = key
            pages.append(
                PageInfo(
                    page=sha256(plain),
                    blob=blob,
                    size=len(box),
                    document="WI-100",
                    title="Pump assembly",
                    revision="A",
                    number=number,
                    of=len(self.texts),
                    label=str(number),
                    client="ACME",
                    part="PUMP",
                    classification=Classification.INTERNAL,
                    stations=(STATION,),
                    effective_from=START - timedelta(days=30),
                    effective_until=None,
                    training_required=False,
                    clip=self._clip(keys) if number == 1 and self.clip is not None else None,
                    width_mpt=842_000,
                    height_mpt=595_000,
                    steps=tuple(
                        StepInfo(step=code, sign=sign) for page, code, sign in self.steps if page == number
                    ),
                )
            )
        return tuple(pages), keys

    def _clip(self, keys: dict[str, bytes]) -> ClipInfo:
        assert self.clip is not None
        key, box = seal_page(self.clip.data, "WI-100/A")
        blob = sha256(box)
        self.sealed[blob] = box
        keys[blob] = key
        return ClipInfo(
            clip=sha256(self.clip.data), blob=blob, size=len(box), width=self.clip.width,
            height=self.clip.height, ms=self.clip.ms, place=(1000, 5000, 9000, 9500),
        )  # fmt: skip
