"""What a kiosk's screen shows, as frozen records: the engine makes them, ``app.ui`` draws them.

Words here are already for people. The only other thing that reaches a screen is ``Painting``: pixels of a
page whose ``view.begin`` is committed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from app.kiosk.foretold import Foretold
    from app.wire.client import HubClient
    from app.wire.desk import DeskPass


class Stage(StrEnum):
    """Which screen is up."""

    STARTING = "starting"
    SETUP = "setup"
    BADGE = "badge"
    IDENTIFYING = "identifying"
    PIN = "pin"
    CHOICE = "choice"
    CHANGES = "changes"
    STATION = "station"
    BOARD = "board"
    TROUBLE = "trouble"


Offer = Literal["", "set_pin", "cancel"]
GrantOffer = Literal["", "admission", "glass"]
Tone = Literal["info", "warning", "error"]


@dataclass(frozen=True)
class Notice:
    """A message to the person: what happened, and what to do. ``seconds`` 0 stays until replaced."""

    code: str
    says: str
    do: str = ""
    tone: Tone = "info"
    seconds: float = 0.0


@dataclass(frozen=True)
class CallSeen:
    """A call for help made ``at`` (UTC); ``by`` is coming. ``fresh``: made a few seconds ago."""

    state: Literal["calling", "not_gone", "called", "coming"]
    at: datetime
    by: str = ""
    fresh: bool = False


@dataclass(frozen=True)
class Status:
    """The status line. ``readable_until`` None: no lease yet. ``pulled``/``to_pull`` count a pull's pages.

    ``warn_minutes`` and ``alarm_minutes`` are how long before its end a lease that is not renewed is told of.
    """

    kiosk: str = ""
    station: str = ""
    station_name: str = ""
    online: bool = False
    offline_since: datetime | None = None
    readable_until: datetime | None = None
    waiting: int = 0
    pulled: int = 0
    to_pull: int = 0
    trouble: str = ""
    warn_minutes: int = 480
    alarm_minutes: int = 60
    call: CallSeen | None = None


Region = tuple[float, float, float, float]
"""left, top, right, bottom, as shares (0 to 1) of the page."""


@dataclass(frozen=True)
class ClipSeen:
    """What plays at ``place`` of a page: its size in pixels, its length in seconds."""

    place: Region
    width: int
    height: int
    seconds: float


@dataclass(frozen=True)
class Leaf:
    """One page that the signed-in person may see. Sizes in points, rotation applied.

    ``language`` is a BCP 47 tag, "" where nobody said it.
    """

    page: str
    document: str
    title: str
    revision: str
    number: int
    of: int
    label: str
    width_pt: float
    height_pt: float
    language: str = ""
    clip: ClipSeen | None = None


@dataclass(frozen=True)
class MarkText:
    """What both watermarks say: who, where, when (UTC); ``token`` names the view.

    ``tile`` is the forensic mark that carries it (``app.mark.tile.make_band``).
    """

    name: str
    badge_tail: str
    station: str
    unit: str
    at: datetime
    token: str
    tile: bytes = field(repr=False)


@dataclass(frozen=True)
class Said:
    """Something is wrong in ``region`` of ``page``: a word of ``model.remarks.WHATS``, and own words."""

    page: str
    region: Region
    what: str
    words: str = ""


@dataclass(frozen=True)
class PageChange:
    """A page before and after: indices of ``Changes.leaves``, None where it is not there or was not.

    ``gone`` are regions of the old page, ``come`` of the new one.
    """

    kind: Literal["changed", "added", "removed"]
    old: int | None
    new: int | None
    gone: tuple[Region, ...]
    come: tuple[Region, ...]


@dataclass(frozen=True)
class Changes:
    """What changed in a revision, to be read before its pages open. ``left``: changes not looked at yet.

    ``more``: other pages may be read meanwhile.
    """

    document: str
    title: str
    revision: str
    former: str
    leaves: tuple[Leaf, ...]
    changes: tuple[PageChange, ...]
    left: int
    more: bool


@dataclass(frozen=True)
class StepSeen:
    """A step on open page ``leaf``: its number as printed; ``sign``: its confirmation is signed."""

    key: str
    code: str
    leaf: int
    done: bool = False
    sign: bool = False


@dataclass(frozen=True)
class Work:
    """The steps of the open pages, in their order, and how they stand.

    ``now`` names the step that a confirmation is about, ``last`` the one that can be taken back; "" for none.
    ``unit`` and ``order`` are what was scanned. ``takt`` is the time for one unit in seconds, 0 for none, of
    which ``spent`` have passed.
    """

    steps: tuple[StepSeen, ...] = ()
    now: str = ""
    last: str = ""
    unit: str = ""
    order: str = ""
    takt: int = 0
    spent: int = 0

    def step(self, key: str) -> StepSeen | None:
        """The step of this name."""
        return next((step for step in self.steps if step.key == key), None)


@dataclass(frozen=True)
class Exceptional:
    """Somebody reads here by a grant: which kind, until when (UTC), whose supervisor's word it is.

    ``station`` is the other station whose pages break-glass shows, "" with an offline admission.
    """

    kind: GrantOffer
    until: datetime
    by: str
    station: str = ""


@dataclass(frozen=True)
class Paper:
    """An agreement is in front, to be signed: whose, its title and version, pages read of how many."""

    client: str
    title: str
    version: str
    read: int
    of: int


@dataclass(frozen=True)
class RemarkHeld:
    """A remark that goes in ``left`` seconds and can be taken back until then."""

    left: int


@dataclass(frozen=True)
class Session:
    """Somebody is signed in. ``current`` indexes ``leaves``; ``lock_in`` counts down the last seconds.

    ``withheld`` are sentences on pages of this station that this person may not see. ``language`` and
    ``text_size`` (per cent) are those of the person's profile. ``exceptional`` says that it is by a grant.
    ``paper``: the leaves are an agreement that is to be signed. ``unread``: something changed that is to be
    read; ``finishing``: the page in front is there until it is left, and then that comes first. While it is
    read, ``changes`` says what it is, ``current`` indexes its changes, and there are no leaves to work by.
    ``remark``: one can be taken back. ``clip``: how that of the page in front stands, "" where it does not
    play. ``leads``: the board is there for this person.
    """

    person: str
    name: str
    leaves: tuple[Leaf, ...]
    current: int
    mark: MarkText
    lock_in: int | None = None
    withheld: tuple[str, ...] = ()
    language: str = ""
    work: Work = Work()
    exceptional: Exceptional | None = None
    paper: Paper | None = None
    unread: bool = False
    finishing: bool = False
    changes: Changes | None = None
    remark: RemarkHeld | None = None
    text_size: int = 100
    clip: Literal["", "playing", "paused"] = ""
    leads: bool = False


@dataclass(frozen=True)
class PinAsk:
    """Digits are wanted at the keypad (``Stage.PIN``). What is entered is the screen's until it is handed in.

    ``keys`` are the ten digits in the order of the keys, row by row. ``left``: tries until ``then``, None
    before there was a wrong one. ``wait``: seconds until a try is taken.
    """

    asks: str
    how: str
    keys: str = "1234567890"
    least: int = 6
    most: int = 12
    left: int | None = None
    then: Literal["wait", "blocked"] = "wait"
    wait: int = 0


@dataclass(frozen=True)
class Choice:
    """One of ``options`` is wanted (``Stage.CHOICE``). ``serious``: it is about break-glass."""

    asks: str
    how: str
    options: tuple[str, ...]
    serious: bool = False


@dataclass(frozen=True)
class BoardSeat:
    """A supervisor at the board (``Stage.BOARD``), whom the hub knows by ``papers``: made with badge and PIN,
    for this kiosk, for a short time. ``connect`` makes a connection to the hub, ``mark`` is laid over all.
    """

    person: str
    name: str
    language: str
    mark: MarkText
    papers: DeskPass = field(repr=False)
    connect: Callable[[], HubClient] = field(repr=False, compare=False)
    lock_in: int | None = None
    text_size: int = 100


@dataclass(frozen=True)
class Screen:
    """Everything that is up now. ``offers`` and ``grants``: what the badge screen has buttons for."""

    stage: Stage
    status: Status
    session: Session | None = None
    notice: Notice | None = None
    pin: PinAsk | None = None
    offers: Offer = ""
    grants: GrantOffer = ""
    choice: Choice | None = None
    board: BoardSeat | None = None


@dataclass(frozen=True)
class Framing:
    """How a page is to be framed, in device pixels: target box, fit, zoom, and the part that is wanted.

    ``zoom`` 1.0 is the fit. ``clip`` is ``(x0, y0, x1, y1)`` in the zoomed page image; None is all of it.
    """

    width_px: int
    height_px: int
    fit: Literal["page", "width"] = "page"
    zoom: float = 1.0
    clip: tuple[int, int, int, int] | None = None


class Picture(Protocol):
    """Pixels of a page: BGRX, 32 bit little endian, rows of ``stride`` bytes, in memory that is shared.

    ``page_width_px`` × ``page_height_px`` is the whole zoomed page of which this may be a part.
    """

    width: int
    height: int
    stride: int
    buffer: memoryview
    page_width_px: int
    page_height_px: int

    def release(self) -> None:
        """Let go: the memory may be used for another picture."""


@dataclass(frozen=True)
class Painting:
    """Pixels of one leaf, allowed on the screen. Whoever gets it releases ``pixels`` when it is replaced.

    ``thumbnail`` paintings belong to the strip. ``mark`` is what must be drawn over it. One that is ``ahead``
    is a page beside the one in front: it may be made ready, and not be shown before it is handed over again.
    A ``clip``'s are a picture that is due now at its place on the leaf.
    """

    index: int
    framing: Framing
    pixels: Picture
    mark: MarkText
    thumbnail: bool = False
    ahead: bool = False
    clip: bool = False


class Kiosk(Protocol):
    """What a screen can ask of the engine. Every call returns at once; answers come through the listener."""

    def listen(
        self,
        on_screen: Callable[[Screen], None],
        on_painting: Callable[[Painting], None],
        on_foretold: Callable[[Foretold], None] = ...,
    ) -> None:
        """Register the listeners; they are called on the engine's threads, never on the caller's."""

    def painted(self) -> None:
        """The page handed over last is on the screen. A screen that says so gets the processor until then."""

    def tap(self, badge: str) -> None:
        """A reader delivered a badge number (or whatever it read)."""

    def enter_pin(self, pin: str) -> None:
        """These digits were entered at the keypad and confirmed."""

    def set_pin(self) -> None:
        """Somebody wants to set a PIN (offered on the badge screen)."""

    def begin_grant(self) -> None:
        """A supervisor wants to make the grant that the badge screen offers."""

    def choose(self, index: int) -> None:
        """Option ``index`` of the choice that is up was taken."""

    def cancel(self) -> None:
        """Leave the keypad, setting a PIN, or making a grant; put an agreement off that is to be signed."""

    def turn_to(self, index: int) -> None:
        """Show leaf ``index`` (clamped); while changes are read, change ``index``."""

    def read_changes(self) -> None:
        """What changed is to be read now."""

    def confirm_changes(self) -> None:
        """The person confirms having read what changed; taken once each change was looked at."""

    def postpone_changes(self) -> None:
        """Not now: the other pages."""

    def confirm_step(self, key: str) -> None:
        """The step ``Work.now`` is done. Where it is to be signed, badge and PIN are asked for."""

    def withdraw_step(self, key: str, reason: str) -> None:
        """The confirmation of ``Work.last`` does not hold, for one of ``model.steps.REASONS``."""

    def open_board(self) -> None:
        """Whoever reads here leaves the pages for the board."""

    def call_for_help(self) -> None:
        """Somebody needs help at this station, whoever is signed in."""

    def take_call_back(self) -> None:
        """It was a slip, or help is not needed any more."""

    def remark(self, said: Said) -> None:
        """The person says that something is wrong on the page in front."""

    def take_remark_back(self) -> None:
        """It was a slip; it has not gone yet."""

    def play_clip(self, width_px: int, height_px: int) -> None:
        """Play the clip of the page in front, drawn in this size; one that plays stands still, or goes on."""

    def stop_clip(self) -> None:
        """The page itself again."""

    def frame(self, framing: Framing) -> None:
        """The current leaf is wanted in this framing; neighbours are kept ready in its unclipped fit."""

    def show_strip(self, width_px: int, height_px: int) -> None:
        """Thumbnails of all leaves are wanted in this size."""

    def touch(self) -> None:
        """Somebody is there: restart the idle time."""

    def lock(self) -> None:
        """Lock now."""

    def close(self) -> None:
        """Stop; returns when every thread and process is gone."""
