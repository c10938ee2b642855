"""The lease: the hub's signed statement of what a kiosk may hold, for whom, until when; and its manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from app.model.decide import Reason
from app.model.editions import Edition
from app.model.plant import Assignment, Page, Person, Span, Station, Training
from app.model.terms import AgreementEnd, AssignmentKind, CredentialKind, Role
from app.seal.slot import Slot
from app.wire.agreement import AgreementText
from app.wire.base import B64, Class, Code, Message, Sha256, Time
from app.wire.calls import CallInfo
from app.wire.grants import Admission, GrantInfo, grant_most
from app.wire.scans import ScanRules

if TYPE_CHECKING:
    from datetime import timedelta

    from app.model.terms import GrantKind


class StationInfo(Message):
    """The kiosk's station. ``takt_seconds``: the time for one unit there, None for none."""

    code: Code
    name: str
    line: Code
    line_name: str
    site: Code
    ceiling: Class
    parts: tuple[Code, ...]
    takt_seconds: Annotated[int, Field(ge=1)] | None = None

    def station(self) -> Station:
        """As the model's record."""
        return Station(self.code, self.name, self.line, self.site, self.ceiling, frozenset(self.parts))


class SlotInfo(Message):
    """A slot (``app.seal.slot``) with the last characters of its badge, for the watermark."""

    kind: CredentialKind
    tag: B64
    salt: B64
    box: B64
    seal_public: B64
    sign_public: B64
    badge_tail: Annotated[str, Field(max_length=4)]

    def slot(self) -> Slot:
        """As the seal's record."""
        return Slot(self.kind, self.tag, self.salt, self.box, self.seal_public, self.sign_public)


class AssignmentInfo(Message):
    """An assignment that touches the lease's time."""

    station: Code
    start: Time
    end: Time | None
    kind: AssignmentKind


class TrainingInfo(Message):
    """Training on one revision."""

    document: Code
    revision: Code
    until: Time | None


class OperatorInfo(Message):
    """Somebody who may be identified at the kiosk, with everything that ``decide`` asks about them.

    ``withheld`` counts, by first reason, the station's pages that the hub denied to this person and that are
    not in the manifest at all: so the kiosk can say why, and not only that there is nothing.
    ``exposure_crossed`` names the clients of whose know-how this person, or this kiosk, has seen too much.
    ``supervises``: may make grants at this line. ``agreements_until`` says when a signature lapses,
    ``agreements_ended`` why one counts no more. ``has_read`` are the revisions (``DOCUMENT/LABEL``) whose
    changes this person confirmed having read. ``text_size`` is how large the screen's letters are for them,
    per cent.
    """

    person: Code
    name: str
    active: bool
    roles: tuple[Role, ...]
    ceiling: Class
    language: str
    agreements: dict[Code, str]
    training: tuple[TrainingInfo, ...]
    assignments: tuple[AssignmentInfo, ...]
    slots: tuple[SlotInfo, ...]
    exposure_crossed: tuple[Code, ...] = ()
    withheld: dict[Reason, Annotated[int, Field(ge=1)]] = Field(default_factory=dict)
    supervises: bool = False
    agreements_until: dict[Code, Time] = Field(default_factory=dict)
    agreements_ended: dict[Code, AgreementEnd] = Field(default_factory=dict)
    has_read: tuple[Annotated[str, Field(max_length=130)], ...] = ()
    text_size: Annotated[int, Field(ge=100, le=200)] = 100

    def operator(self) -> Person:
        """As the model's record."""
        return Person(
            code=self.person,
            name=self.name,
            active=self.active,
            roles=frozenset(self.roles),
            ceiling=self.ceiling,
            agreements=dict(self.agreements),
            agreements_until=dict(self.agreements_until),
            training=frozenset(Training(t.document, t.revision, t.until) for t in self.training),
            assignments=tuple(Assignment(a.station, Span(a.start, a.end), a.kind) for a in self.assignments),
        )


class Bundle(Message):
    """Pages of one class that the same people may open.

    ``keys`` maps the hash of a page's ciphertext to its page key, wrapped under the bundle key;
    ``sealed`` maps a person to the bundle key, HPKE-sealed to that person's slot key (``bundle_info``).
    Grouping by audience means that nobody's sealed key opens a page that ``decide`` denies them. The keys of
    ``restricted`` pages are wrapped under the joint key of bundle key and boot share. ``admissible`` maps
    whom a supervisor could admit to the bundle key, wrapped under both halves of an admission.
    """

    classification: Class
    keys: dict[Sha256, B64]
    sealed: dict[Code, B64]
    admissible: dict[Code, B64] = Field(default_factory=dict)


class BadgeFormat(Message):
    """Which badge numbers are this plant's: digits, length span, prefix, facility code (leading digits)."""

    min_length: Annotated[int, Field(ge=1, le=64)] = 4
    max_length: Annotated[int, Field(ge=1, le=64)] = 20
    prefix: str = ""
    facility: str = ""
    digits_only: bool = True


class PinRules(Message):
    """``used``: people have PINs here, so that an unknown badge is asked for one like any other.

    ``shuffled``: the keypad's digits stand in another order each time.
    """

    used: bool = False
    shuffled: bool = False


class Policy(Message):
    """What the hub decided for kiosks: lock, badge form, agreements in force (client to version), PINs.

    ``warn_minutes`` and ``alarm_minutes``: how long before its end a lease that is not renewed is told of.
    ``grace_seconds``: by how much the lease lets assignments end later than they do, for the page in hand.
    ``admission_minutes`` and ``glass_minutes``: how long an offline admission and break-glass may last; 0 is
    not allowed.
    """

    idle_seconds: Annotated[int, Field(ge=5, le=3600)] = 60
    warn_minutes: Annotated[int, Field(ge=0, le=43200)] = 480
    alarm_minutes: Annotated[int, Field(ge=0, le=43200)] = 60
    badge: BadgeFormat = BadgeFormat()
    agreements: dict[Code, str] = Field(default_factory=dict)
    clients: dict[Code, str] = Field(default_factory=dict)
    site_ceiling: Class
    pin: PinRules = PinRules()
    scans: ScanRules = ScanRules()
    grace_seconds: Annotated[int, Field(ge=0, le=600)] = 0
    admission_minutes: Annotated[int, Field(ge=0, le=480)] = 0
    glass_minutes: Annotated[int, Field(ge=0, le=120)] = 0

    def grant_most(self) -> dict[GrantKind, timedelta]:
        """For how long each kind of grant may be made at most; one that is not allowed is not there."""
        return grant_most(self.admission_minutes, self.glass_minutes)


class Allowance(Message):
    """Until when pages of one client and class may be read without a newer lease."""

    client: Code
    classification: Class
    until: Time


class Lease(Message):
    """See the module. ``number`` rises by one; ``previous`` is the hash of the lease payload before it.

    ``manifest`` is the SHA-256 of the manifest's exact bytes; ``site_salt`` serves ``seal.slot.identify``.
    ``mark`` holds the keys of this kiosk's forensic mark, HPKE-sealed to the device (``mark_info``): nobody
    makes marks out of a hub's database. ``grants`` are those of this kiosk that have not ended; ``admission``
    holds the keys of those that the kiosk may make itself. ``others`` are the line's other stations, whose
    pages break-glass can open here. ``order`` is the newest revocation that the hub knew of when it made this
    (``wire.orders``). ``answers`` are those to a person's remarks, sealed to that person (``wire.remarks``).
    ``calls`` are this kiosk's calls for help that stand.
    """

    v: Literal[1] = 1
    kiosk: Code
    site: Code
    station: StationInfo
    number: Annotated[int, Field(ge=1)]
    previous: str
    issued: Time
    expires: Time
    allowances: tuple[Allowance, ...]
    manifest: Sha256
    site_salt: B64
    operators: tuple[OperatorInfo, ...]
    bundles: tuple[Bundle, ...]
    policy: Policy
    checkpoint: str = ""
    mark: B64 = b""
    grants: tuple[GrantInfo, ...] = ()
    admission: Admission = Admission()
    others: tuple[StationInfo, ...] = ()
    order: Annotated[int, Field(ge=0)] = 0
    answers: dict[Code, B64] = Field(default_factory=dict)
    calls: tuple[CallInfo, ...] = ()


class StepInfo(Message):
    """A step on a page: its number as printed, and whether its confirmation is an electronic signature.

    Its title stays at the hub: the manifest lies on the kiosk, where no badge guards it.
    """

    step: Annotated[str, Field(min_length=1, max_length=16)]
    sign: bool = False


REGION_SCALE = 10_000
"""Sides of a region are whole shares of the page's width and height, of so many."""

_Side = Annotated[int, Field(ge=0, le=REGION_SCALE)]
Box = tuple[_Side, _Side, _Side, _Side]
"""left, top, right, bottom, in 1/``REGION_SCALE`` of the page."""


class ClipInfo(Message):
    """A page's clip: the hash of its bytes, hash and size of its ciphertext, pixels, length, and where on the
    page it plays. It is sealed under a key of its own, which lies in the bundles beside its page's.
    """

    clip: Sha256
    blob: Sha256
    size: Annotated[int, Field(ge=1)]
    width: Annotated[int, Field(ge=1, le=8192)]
    height: Annotated[int, Field(ge=1, le=8192)]
    ms: Annotated[int, Field(ge=1)]
    place: Box


class PageInfo(Message):
    """One page of the manifest: what it is, and the hash and size of its ciphertext.

    ``steps`` are those on the page, in the order of the work.
    ``changed`` and ``before`` are the model's (``Page``): a page with ``before`` is one of the revision
    before it, there to show what changed, and no page to work by.
    ``language`` and ``translates`` are the model's (``Edition``). ``clip`` plays on it.
    """

    page: Sha256
    blob: Sha256
    size: Annotated[int, Field(ge=1)]
    document: Code
    title: str
    revision: Code
    number: Annotated[int, Field(ge=1)]
    of: Annotated[int, Field(ge=1)]
    label: str
    client: Code
    part: Code
    classification: Class
    stations: tuple[Code, ...]
    effective_from: Time
    effective_until: Time | None
    training_required: bool
    width_mpt: Annotated[int, Field(ge=1)]
    height_mpt: Annotated[int, Field(ge=1)]
    steps: tuple[StepInfo, ...] = ()
    changed: bool = False
    before: Code | Literal[""] = ""
    language: Annotated[str, Field(max_length=16)] = ""
    translates: Code | Literal[""] = ""
    clip: ClipInfo | None = None

    @property
    def revision_key(self) -> str:
        """``DOCUMENT/LABEL``: the name of the revision in seals and events."""
        return f"{self.document}/{self.revision}"

    @property
    def work_key(self) -> str:
        """The same of the original: who works by a translation goes on with the same work."""
        return f"{self.translates or self.document}/{self.revision}"

    @property
    def edition(self) -> Edition:
        """Of which edition of a document it is a page."""
        return Edition(self.document, self.revision, self.language, self.translates)

    def record(self) -> Page:
        """As the model's record."""
        return Page(
            page=self.page,
            document=self.document,
            revision=self.revision,
            number=self.number,
            client=self.client,
            part=self.part,
            classification=self.classification,
            stations=frozenset(self.stations),
            effective=Span(self.effective_from, self.effective_until),
            training_required=self.training_required,
            changed=self.changed,
            before=self.before,
        )


class ChangeInfo(Message):
    """What changed on a page in ``revision``: regions ``gone`` from the page ``old`` (of ``former``), regions
    that have ``come`` on the page ``new``. An empty hash: the page was added, or is gone.
    """

    document: Code
    revision: Code
    former: Code
    old: Sha256 | Literal[""]
    new: Sha256 | Literal[""]
    gone: Annotated[tuple[Box, ...], Field(max_length=100)]
    come: Annotated[tuple[Box, ...], Field(max_length=100)]


class Manifest(Message):
    """Every page that the lease covers, in reading order. Width and height are in 1/1000 point.

    ``agreements`` are the texts that somebody may sign at this kiosk before reading a client's pages;
    ``changes`` are those of the revisions whose pages are ``changed``, in reading order.
    """

    v: Literal[1] = 1
    pages: tuple[PageInfo, ...]
    agreements: tuple[AgreementText, ...] = ()
    changes: tuple[ChangeInfo, ...] = ()

    @property
    def sizes(self) -> dict[str, int]:
        """The length of every ciphertext that it lists, in the order in which they are wanted: agreements are
        read first, and no page waits for a clip.
        """
        texts = {page.blob: page.size for text in self.agreements for page in text.pages}
        clips = {page.clip.blob: page.clip.size for page in self.pages if page.clip is not None}
        return {**texts, **{page.blob: page.size for page in self.pages}, **clips}


class LeaseReply(Message):
    """Answer to ``GET /v1/lease``: the DSSE envelope (``LEASE_TYPE``) and the manifest's exact text.

    ``boot_share`` is HPKE-sealed to the device; it is given to a running kiosk only and never stored.
    ``trust`` is the version of the hub's trust statement: a kiosk that has an older one fetches it.
    """

    envelope: str
    manifest: str
    boot_share: B64
    time: Time
    trust: Annotated[int, Field(ge=0)] = 0


def bundle_info(kiosk: str, number: int, index: int, person: str) -> bytes:
    """The HPKE context of a sealed bundle key: it opens in this lease, bundle and hand only."""
    return b"stationleaf bundle v1\0%s\0%d\0%d\0%s" % (kiosk.encode(), number, index, person.encode())


def boot_info(kiosk: str, number: int) -> bytes:
    """The HPKE context of a boot share: it belongs to one lease of one kiosk."""
    return b"stationleaf boot share v1\0%s\0%d" % (kiosk.encode(), number)


def mark_info(kiosk: str, number: int) -> bytes:
    """The HPKE context of the mark's keys: they belong to one lease of one kiosk."""
    return b"stationleaf mark keys v1\0%s\0%d" % (kiosk.encode(), number)
