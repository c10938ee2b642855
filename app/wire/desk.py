"""Messages between a desk and the hub: who sits there, the board, what a move would come to, moving, undoing.

A desk is an enrolled device like a kiosk, so each request carries the device's signature. Who acts is said by
a ``DeskPass``: a statement signed with the key in that person's slot, which only badge and PIN open.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from app.model.decide import Reason
from app.model.terms import AssignmentKind, CredentialKind, KioskStatus, Role
from app.wire.base import B64, NO_NUL, Code, Message, Time
from app.wire.calls import BoardCall, CallCode, CallStep
from app.wire.messages import JournalFault

PASS_LIFE = timedelta(hours=10)
"""The longest that a pass may hold: a shift with overtime."""

UNDO_SECONDS = 10
"""How long a move can be taken back with one touch."""

MAX_BOARD_BYTES = 8 * 1024 * 1024

MAX_PLAN_CHARS = 200_000
"""A CSV table of a plan."""

_PASS = b"stationleaf desk pass v1\0"

OptionalCode = Annotated[str, StringConstraints(max_length=64, pattern=NO_NUL)]
RowNumber = Annotated[int, Field(ge=1, le=2**53)]
"""Of a row at the hub: no larger than a database, or a JSON reader, takes."""
Text = Annotated[str, StringConstraints(max_length=500, pattern=NO_NUL)]


class DeskInfo(Message):
    """What a desk needs before anybody has signed in. ``site_salt`` serves ``seal.slot.identify``."""

    site: Code
    site_name: str
    site_salt: B64
    pin_used: bool
    time: Time


class DeskSlotAsk(Message):
    """Whose badge has this tag (``seal.slot.identify``)?"""

    tag: B64


class DeskSlot(Message):
    """The slot of somebody who may sit at a desk; it opens with that badge and PIN only."""

    person: Code
    name: str
    kind: CredentialKind
    tag: B64
    salt: B64
    box: B64
    seal_public: B64
    sign_public: B64


class DeskPass(Message):
    """``person`` acts at the device ``kiosk`` until ``ends``: signed with the key in the person's slot.

    It is worth nothing at another device, nor once the badge is revoked.
    """

    person: Code
    kiosk: Code
    begins: Time
    ends: Time
    signature: B64 = b""

    def signed(self) -> bytes:
        """The exact bytes that the signature is over."""
        return _PASS + self.model_copy(update={"signature": b""}).exact()


class Ask(Message):
    """What every question of a signed-in desk carries."""

    desk: DeskPass


class SignedIn(Message):
    """Who sits at the desk: on which lines this person may move people; an administrator on all."""

    person: Code
    name: str
    roles: tuple[Role, ...]
    lines: tuple[Code, ...]

    @property
    def only_audits(self) -> bool:
        """Whether there is no board for this person: an auditor, who sees what concerns a client's pages."""
        return Role.AUDITOR in self.roles and not {Role.SUPERVISOR, Role.QUALITY, Role.ADMIN} & set(
            self.roles
        )


class BoardAsk(Ask):
    """The board, unless it is still the one with this version."""

    have: OptionalCode = ""


class BoardLine(Message):
    """A line; ``mine``: whoever asks may move people there."""

    code: Code
    name: str
    mine: bool


class BoardStation(Message):
    """A station: a lane. ``pages`` are the pages in force for it, ``clients`` those whose parts run there."""

    code: Code
    name: str
    line: Code
    pages: int
    locked_down: bool = False
    clients: tuple[Code, ...] = ()


class BoardClient(Message):
    """A client whose pages need a signed agreement."""

    code: Code
    name: str


class BoardPerson(Message):
    """Somebody who can be moved. ``version`` changes with every change of this person's assignments.

    ``lacks`` are the clients whose current agreement this person has not signed.
    """

    code: Code
    name: str
    version: str
    badge: bool
    lacks: tuple[Code, ...] = ()


class BoardCard(Message):
    """An assignment that runs, or begins later (``start`` is still to come)."""

    person: Code
    station: Code
    kind: AssignmentKind
    start: Time
    until: Time | None


class BoardKiosk(Message):
    """A kiosk: ``person`` is signed in there now ("": nobody), as far as its journal is here.

    ``since``: when it last asked, if it is not online (None: never). ``pages`` are those of its newest lease,
    which holds until ``lease_until``; ``pulled`` of them are there and ``waiting`` events are still to come,
    as the kiosk told last (None: it has not). ``journal``: why not all of them can come.
    """

    code: Code
    station: Code
    status: KioskStatus
    online: bool
    since: Time | None
    person: OptionalCode
    lease_until: Time | None
    pages: int
    pulled: int | None = None
    waiting: int = 0
    journal: JournalFault = ""


class BoardSeat(Message):
    """Somebody else who sits at a desk now."""

    desk: Code
    person: Code
    name: str


class BoardMove(Message):
    """The newest move of somebody else; source or target is empty for the pool."""

    number: int
    by: str
    person: str
    source: OptionalCode
    target: OptionalCode


class Board(Message):
    """The plant floor at one moment. ``others`` sit at desks now, as far as this hub knows."""

    lines: tuple[BoardLine, ...]
    stations: tuple[BoardStation, ...]
    people: tuple[BoardPerson, ...]
    cards: tuple[BoardCard, ...]
    kiosks: tuple[BoardKiosk, ...]
    reason: str = "withheld"
    clients: tuple[BoardClient, ...] = ()
    calls: tuple[BoardCall, ...] = ()
    others: tuple[BoardSeat, ...] = ()
    moved: BoardMove | None = None


class BoardReply(Message):
    """``board`` is None where the desk has it already."""

    time: Time
    version: Code
    board: Board | None


class CallAsk(Ask):
    """Take a call for help, or end it."""

    code: CallCode
    step: CallStep


class CallReply(Message):
    """What it came to: ``changed`` or ``unchanged``."""

    outcome: Code


class Verdict(StrEnum):
    """What somebody could read at a station: all of it (or there is nothing), a part, or nothing."""

    OPEN = "open"
    PART = "part"
    SHUT = "shut"


class CheckAsk(Ask):
    """What would this person see at each station?"""

    person: Code


class Foreseen(Message):
    """Which share, in per cent, of a client's confidential pages (of one ``part``, "": of all) a person,
    kiosk, line or the site (``kind``) was given ``now``, and would be ``then``; ``breaks``: more than the
    ``limit``.
    """

    kind: str
    code: Code
    client: Code
    part: OptionalCode = ""
    now: int
    then: int
    limit: int | None = None
    breaks: bool = False


class Outlook(Message):
    """What would happen at ``station``: of ``pages`` so many readable; ``says`` tells why not the others.

    ``barred`` is why whoever asks may not move anybody there, whatever could be read ("": they may).
    ``exposure`` is what would have been given then, ``breaks`` the sentence on a limit that this would break.
    """

    station: Code
    verdict: Verdict
    pages: int
    readable: int
    reasons: tuple[Reason, ...] = ()
    says: str = ""
    do: str = ""
    barred: str = ""
    exposure: tuple[Foreseen, ...] = ()
    breaks: str = ""


class CheckReply(Message):
    """One outlook per station."""

    person: Code
    version: str
    outlooks: tuple[Outlook, ...]


class MoveAsk(Ask):
    """Move a person from ``source`` to ``target``; an empty source or target is the pool of the unassigned.

    ``version`` is what the desk shows of this person: the hub refuses if it has changed meanwhile.
    """

    person: Code
    version: str
    source: OptionalCode
    target: OptionalCode
    until: Time | None = None
    reason: Text = ""


class MoveReply(Message):
    """Done; it can be undone by ``move`` until ``undo_until``."""

    move: RowNumber
    version: str
    undo_until: Time


class DeclinedAsk(Ask):
    """A drop that the desk itself refused, by what ``CheckReply`` said: it goes on record."""

    person: Code
    source: OptionalCode
    target: Code


class Noted(Message):
    """It is on record."""


class UndoAsk(Ask):
    """Take a move back."""

    move: RowNumber


class UndoReply(Message):
    """It is as it was; on record stay both."""

    version: str


Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Zone = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_+\-/]{1,64}$")]


class PlanSpan(Message):
    """Somebody is to work at a station from ``start`` until ``end`` (None: open)."""

    person: Code
    station: Code
    kind: AssignmentKind = AssignmentKind.ASSIGNED
    start: Time
    end: Time | None = None


class PlanAsk(Ask):
    """The plan of a line on a day (``2026-03-02``) of a time zone (``Europe/Paris``)."""

    line: Code
    day: Day
    zone: Zone


class PlanPut(PlanAsk):
    """Put a plan down: ``spans``, or a CSV table of assignments, or the plan of ``copy_days`` before.

    ``drop`` are rows of the plan, as they stand, that are taken out: what has begun ends now. With
    ``dry_run`` nothing is written.
    """

    spans: tuple[PlanSpan, ...] = ()
    csv: Annotated[str, StringConstraints(max_length=MAX_PLAN_CHARS, pattern=NO_NUL)] = ""
    copy_days: Annotated[int, Field(ge=0, le=62)] = 0
    drop: tuple[PlanSpan, ...] = ()
    dry_run: bool = True
    reason: Text = ""


class PlanRow(Message):
    """A row of a plan: ``bad``: it cannot be; ``withheld``: not every page could be read; ``same``: it stands
    so already. ``says`` tells why, or what is to be known. ``span`` is None where the row does not read.
    """

    number: Annotated[int, Field(ge=1)]
    span: PlanSpan | None = None
    name: str = ""
    says: str = ""
    bad: bool = False
    withheld: bool = False
    same: bool = False


class PlanReply(Message):
    """The rows; ``written``: they are in force. Nothing is as long as one of them is bad."""

    rows: tuple[PlanRow, ...]
    needs_reason: bool = False
    written: bool = False


class LockKind(StrEnum):
    """What can be locked down at a desk."""

    PERSON = "person"
    BADGE = "badge"
    KIOSK = "kiosk"
    STATION = "station"
    LINE = "line"
    REVISION = "revision"
    CLIENT = "client"


class LockAsk(Ask):
    """Lock something down (or, with ``release``, give it back), with a reason."""

    kind: LockKind
    code: Code
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=NO_NUL)]
    release: bool = False


class LockReply(Message):
    """What it came to: ``added``, ``changed`` or ``unchanged``."""

    outcome: Code


class RecoveryAsk(Ask):
    """How far everything that is locked down has been recovered."""


class LockTarget(Message):
    """Something that could be locked down."""

    kind: LockKind
    code: Code
    name: str


class Holder(Message):
    """A device that could hold it: ``outcome`` in words; ``settled``: a signed receipt proves it is gone.

    Not settled, it can be read there until ``until`` at the latest; ``seen`` is the last contact.
    """

    kiosk: Code
    outcome: str
    settled: bool
    until: Time
    seen: Time | None
    pages: int
    bytes_gone: Time | None


class Locked(Message):
    """Something that is locked down, with every device that could hold it; ``mine``: whoever asks may give it
    back.
    """

    kind: LockKind
    code: Code
    at: Time
    by: OptionalCode
    reason: str
    latest: Time | None
    holders: tuple[Holder, ...]
    mine: bool = False


class RecoveryReply(Message):
    """Everything that is locked down, newest first, and what could be."""

    time: Time
    locked: tuple[Locked, ...]
    targets: tuple[LockTarget, ...]
