"""Messages between kiosk and hub, apart from leases: trust, enrolment, blobs, events.

The routes that carry them are listed in ``ROUTES``; the hub serves them and the client calls them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from app.model.terms import KioskStatus
from app.wire.base import B64, NO_NUL, Code, Message, Sha256, Time

TRUST_TYPE = "application/vnd.stationleaf.trust+json"
LEASE_TYPE = "application/vnd.stationleaf.lease+json"

MAX_BATCH = 200
"""Events in one batch."""

MAX_BLOBS = 500
"""Blobs asked for in one request."""

MAX_BLOB_BYTES = 64 * 1024 * 1024
"""The largest sealed page."""

MAX_PROOF = 128
"""Hashes in a proof; no tree that fits anywhere needs as many."""

ENVELOPE_MEDIA = "application/vnd.dsse+json"
FRAMES_MEDIA = "application/vnd.stationleaf.frames"
PROOF_MEDIA = "text/plain"
BUNDLE_MEDIA = "application/zip"
PUSH_MEDIA = "text/event-stream"

PUSH_BEAT_SECONDS = 20.0
"""How often the hub shows on a silent push stream that it is there."""

COUNTER_HEADER = "stationleaf-counter"
"""Carries the strictly rising request counter; covered by the request signature."""


class Trust(Message):
    """What a kiosk believes about its hub; signed by the root key in a DSSE envelope (``TRUST_TYPE``).

    ``lease_keys`` and ``log_keys`` are Ed25519, ``seal_key`` is X25519, ``ca`` the PEM of the private CA.
    While keys change over, old and new ones stand here side by side. The first of ``root_keys`` is the one in
    force; a statement is signed by every root key that it names.
    """

    version: Annotated[int, Field(ge=1)]
    site: Code
    expires: Time
    root_keys: tuple[B64, ...]
    lease_keys: tuple[B64, ...]
    log_keys: tuple[B64, ...]
    seal_key: B64
    ca: str
    issued: Time | None = None


EnrolCode = Annotated[str, StringConstraints(pattern=r"^[A-Z2-7]{16}$")]
"""A one-time enrolment code: 16 base32 characters (80 bits)."""


class EnrolRequest(Message):
    """A device asks to become a kiosk. The code is bound to kiosk and station at the hub."""

    code: EnrolCode
    sign_key: B64
    seal_key: B64
    device: Annotated[str, StringConstraints(max_length=200, pattern=NO_NUL)]


class EnrolReply(Message):
    """The device is pending until an administrator confirms the number that both screens show."""

    kiosk: Code
    station: Code
    site: Code
    epoch: Annotated[int, Field(ge=1)]


PinCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{8}$")]
"""A one-time code with which a person sets a PIN: eight digits, for the keypad."""


class SlotRequest(Message):
    """A person set a PIN at this kiosk: the new slot (``app.seal.slot``, kind ``uid_pin``) and the code."""

    code: PinCode
    tag: B64
    salt: B64
    box: B64
    seal_public: B64
    sign_public: B64


class SlotReply(Message):
    """The hub keeps the slot; the person's former one opens nothing in leases from now on."""

    person: Code


class KioskState(Message):
    """How the hub sees this kiosk now; ``trust`` is the version of the hub's trust statement."""

    kiosk: Code
    status: KioskStatus
    time: Time
    trust: Annotated[int, Field(ge=0)] = 0


JournalFault = Literal["", "journal_damaged", "journal_lost"]
"""A record does not read: it and later ones of its epoch stay at the kiosk. Or the newest ones are lost: it
records and shows nothing. Enrolling the kiosk again begins another epoch."""


class Standing(Message):
    """What a kiosk tells of itself: events that still wait for the hub, pages of its lease that are here, and
    what keeps its journal from the hub.
    """

    waiting: Annotated[int, Field(ge=0)]
    pulled: Annotated[int, Field(ge=0)]
    journal: JournalFault = ""


class BlobRequest(Message):
    """Ask for sealed pages by the hash of their ciphertext; the answer is a stream of frames.

    A frame is 32 bytes hash, 4 bytes big-endian length, then the ciphertext. A hash that is not in this
    kiosk's current manifest is left out.
    """

    hashes: Annotated[tuple[Sha256, ...], Field(max_length=MAX_BLOBS)]


class EventKind(StrEnum):
    """What happened at a kiosk."""

    KIOSK_STARTED = "kiosk.started"
    SESSION_BEGIN = "session.begin"
    SESSION_END = "session.end"
    VIEW_ANNOUNCED = "view.announced"
    VIEW_BEGIN = "view.begin"
    VIEW_END = "view.end"
    STRIP_SHOWN = "strip.shown"
    CLIP_BEGIN = "clip.begin"
    CLIP_END = "clip.end"
    UNIT_BEGIN = "unit.begin"
    STEP_CONFIRMED = "step.confirmed"
    STEP_WITHDRAWN = "step.withdrawn"
    AGREEMENT_SHOWN = "agreement.shown"
    AGREEMENT_SIGNED = "agreement.signed"
    CHANGE_READ = "change.read"
    PAGE_REMARK = "page.remark"
    REMARK_TOLD = "remark.told"
    REMARK_VIEWED = "remark.viewed"
    BOARD_SHOWN = "board.shown"
    CALL_MADE = "call.made"
    CALL_WITHDRAWN = "call.withdrawn"
    ACCESS_DENIED = "access.denied"
    BADGE_UNKNOWN = "badge.unknown"
    BADGE_REFUSED = "badge.refused"
    PIN_WRONG = "pin.wrong"
    PIN_BLOCKED = "pin.blocked"
    PIN_SET = "pin.set"
    LEASE_ACCEPTED = "lease.accepted"
    LEASE_REFUSED = "lease.refused"
    TRUST_ACCEPTED = "trust.accepted"
    PAGE_DAMAGED = "page.damaged"
    PURGED = "purged"
    GRANT_BEGIN = "grant.begin"
    GRANT_END = "grant.end"
    INCIDENT = "incident"


LOOKS = frozenset(
    {
        EventKind.VIEW_ANNOUNCED,
        EventKind.VIEW_BEGIN,
        EventKind.AGREEMENT_SHOWN,
        EventKind.REMARK_VIEWED,
        EventKind.BOARD_SHOWN,
    }
)
"""The events with which a look begins, and that its mark names. One that was announced may have begun: the
kiosk stopped before it could say so."""

VIEWS = frozenset({EventKind.VIEW_ANNOUNCED, EventKind.VIEW_BEGIN})
"""Those of a page at work, that an assignment or a grant has to explain."""

GIVEN = LOOKS - {EventKind.AGREEMENT_SHOWN}
"""Those by which somebody was given a client's page: exposure counts them."""


class Event(Message):
    """One event. Its exact bytes are chained, signed and sealed (design, section 6).

    ``seq`` counts from 1 within ``epoch``; ``client_seq`` counts from 1 per client within the epoch, 0 where
    no client is concerned. ``boot_ms`` is CLOCK_BOOTTIME in milliseconds within the boot ``boot``. ``nonce``
    keeps the hash from being guessed from its low-entropy content. ``unit`` and
    ``order`` are the serial number and the work order that were scanned.
    """

    v: Literal[1] = 1
    kiosk: Code
    epoch: Annotated[int, Field(ge=1)]
    seq: Annotated[int, Field(ge=1)]
    prev: Sha256
    nonce: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
    kind: EventKind
    wall: Time
    boot_ms: Annotated[int, Field(ge=0)]
    boot: Annotated[str, StringConstraints(max_length=64)]
    lease: Annotated[int, Field(ge=0)] = 0
    client: Annotated[str, StringConstraints(max_length=64)] = ""
    client_seq: Annotated[int, Field(ge=0)] = 0
    person: Annotated[str, StringConstraints(max_length=64)] = ""
    station: Annotated[str, StringConstraints(max_length=64)] = ""
    page: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")] = ""
    revision: Annotated[str, StringConstraints(max_length=130)] = ""
    unit: Annotated[str, StringConstraints(max_length=64)] = ""
    order: Annotated[str, StringConstraints(max_length=64)] = ""
    body: dict[str, Any] = Field(default_factory=dict)


class SealedEvent(Message):
    """An event as it lies in the outbox and travels: sealed to the hub."""

    seq: Annotated[int, Field(ge=1)]
    hash: Sha256
    box: B64


class EventBatch(Message):
    """Consecutive events of one epoch, with the device's signature over each one's hash and place.

    ``signatures`` has one entry per event, in their order; the last is the head's and covers the chain.
    """

    epoch: Annotated[int, Field(ge=1)]
    events: Annotated[tuple[SealedEvent, ...], Field(min_length=1, max_length=MAX_BATCH)]
    signatures: tuple[B64, ...]


class EventReply(Message):
    """The hub holds everything up to and including ``held``; rows up to there may leave the outbox."""

    epoch: int
    held: int
    hash: Sha256


LOG_REWRITTEN, LOG_RESTORED = "log rewritten", "log restored"
"""What a kiosk reports of a log that does not continue what it showed (``body.what`` of an incident);
``LOG_RESTORED`` is a loss that the hub itself admits.
"""


class LogReply(Message):
    """The checkpoint of the site's log now (C2SP tlog-checkpoint, the whole signed note), and the proof that
    it continues the tree of the size asked with (RFC 6962, section 2.1.2). The proof is empty where there is
    nothing to prove, and where there is nothing that could be: the log is shorter.
    """

    checkpoint: Annotated[str, StringConstraints(max_length=16_384)]
    proof: Annotated[tuple[B64, ...], Field(max_length=MAX_PROOF)] = ()


ROUTES = {
    "trust": "/v1/trust",
    "enrol": "/v1/enrol",
    "state": "/v1/kiosk",
    "lease": "/v1/lease",
    "blobs": "/v1/blobs",
    "blob": "/v1/blob/{hash}",
    "events": "/v1/events",
    "slot": "/v1/slot",
    "grant": "/v1/grant",
    "push": "/v1/push",
    "log": "/v1/log",
    "log_entry": "/v1/log/entry",
    "log_clients": "/v1/log/clients",
    "log_cosigned": "/v1/log/cosigned",
    "health": "/v1/health",
    "desk": "/v1/desk",
    "desk_slot": "/v1/desk/slot",
    "desk_sign_in": "/v1/desk/sign-in",
    "desk_board": "/v1/desk/board",
    "desk_push": "/v1/desk/push",
    "desk_check": "/v1/desk/check",
    "desk_move": "/v1/desk/move",
    "desk_declined": "/v1/desk/declined",
    "desk_undo": "/v1/desk/undo",
    "desk_plan": "/v1/desk/plan",
    "desk_plan_put": "/v1/desk/plan/put",
    "desk_lock": "/v1/desk/lock",
    "desk_recovery": "/v1/desk/recovery",
    "desk_exposure": "/v1/desk/exposure",
    "desk_review": "/v1/desk/review",
    "desk_case": "/v1/desk/review/case",
    "desk_judge": "/v1/desk/review/judge",
    "desk_remarks": "/v1/desk/remarks",
    "desk_remark_page": "/v1/desk/remarks/page",
    "desk_remark_answer": "/v1/desk/remarks/answer",
    "desk_call": "/v1/desk/call",
    "desk_badges": "/v1/desk/badges",
    "desk_badge_withdraw": "/v1/desk/badges/withdraw",
    "desk_records": "/v1/desk/records",
    "desk_bundle": "/v1/desk/records/bundle",
    "desk_bundle_job": "/v1/desk/records/bundle/job",
    "desk_bundle_piece": "/v1/desk/records/bundle/piece",
    "desk_trace_key": "/v1/desk/trace/key",
    "desk_trace": "/v1/desk/trace",
    "desk_exposed_pages": "/v1/desk/exposure/pages",
}
