"""Who is at the kiosk: a pure state machine. Events and time in, a new state and effects out. No I/O.

    LOCKED ──tap──▶ IDENTIFYING ──admitted──▶ STATION
       ▲              │  ▲   │ refused           │ same badge, idle, lock, nothing left to read
       │  PIN wanted  ▼  │   │                   │
       ├────────────  PIN    │                   │
       └─────────────────────┴───────────────────┘
    IDENTIFYING ──agreement due──▶ AGREEMENT ──signed or put off──▶ STATION, LOCKED
    IDENTIFYING, STATION ──leads the line──▶ BOARD ──same badge, idle, lock──▶ LOCKED
    STATION, PIN, AGREEMENT, BOARD ──another badge──▶ IDENTIFYING   (switch in one tap)

The PIN itself never enters the state: ``PinGiven`` says that one was given, ``TryPin`` that it is to be
tried.

Offline, expiry and lockdown are facts that arrive as ``Reviewed``, not states. Times are milliseconds of a
clock that never goes back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

DEBOUNCE_MS = 1000
"""The same badge within this time is one tap: readers repeat themselves."""

PIN_MS = 45_000
"""A PIN that nobody finishes is given up after this time: longer than the first wait after wrong ones."""

READING_MS = 300_000
"""An agreement that nobody touches is put away after this time, unless the policy's is longer."""

COUNTDOWN_S = 15
"""The lock is announced this many seconds ahead."""


class Phase(StrEnum):
    """Where the session stands."""

    LOCKED = "locked"
    IDENTIFYING = "identifying"
    PIN = "pin"
    AGREEMENT = "agreement"
    STATION = "station"
    BOARD = "board"


READING = frozenset({Phase.AGREEMENT, Phase.STATION})
"""Somebody has pages in front."""
SIGNED_IN = READING | {Phase.BOARD}
"""Somebody has pages in front, or the board."""


class Ended(StrEnum):
    """Why a session ended."""

    SAME_BADGE = "same badge"
    OTHER_BADGE = "other badge"
    IDLE = "idle"
    LOCKED = "locked"
    WITHDRAWN = "withdrawn"
    SIGNED = "agreement signed"
    PUT_OFF = "agreement put off"
    TO_BOARD = "opens the board"
    CLOSED = "closed"


@dataclass(frozen=True)
class State:
    """``badge`` is an opaque name of the badge in hand, never its number. ``leaves`` are page hashes.

    ``seen`` are the leaves of an agreement that have been on the screen.
    """

    phase: Phase = Phase.LOCKED
    badge: str = ""
    waiting: str = ""
    tapped_ms: int = -DEBOUNCE_MS
    last_badge: str = ""
    leaves: tuple[str, ...] = ()
    current: int = 0
    touched_ms: int = 0
    idle_ms: int = 60_000
    seen: frozenset[int] = frozenset()

    @property
    def patience_ms(self) -> int:
        """How long nobody need touch anything."""
        return max(self.idle_ms, READING_MS) if self.phase is Phase.AGREEMENT else self.idle_ms

    @property
    def all_seen(self) -> bool:
        """Whether every page of the agreement has been on the screen."""
        return len(self.seen) == len(self.leaves)

    def lock_in(self, now_ms: int) -> int | None:
        """Whole seconds until the idle lock, if it is near enough to be announced."""
        if self.phase not in SIGNED_IN:
            return None
        left = self.touched_ms + self.patience_ms - now_ms
        return max(0, -(-left // 1000)) if left <= COUNTDOWN_S * 1000 else None


# -- events ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tapped:
    """A badge of the right form was read; ``badge`` is its opaque name."""

    badge: str


@dataclass(frozen=True)
class Admitted:
    """The badge is somebody's who may read ``leaves`` here now."""

    badge: str
    leaves: tuple[str, ...]


@dataclass(frozen=True)
class Leads:
    """The badge is a supervisor's, who comes to the board, from the pages where some are open."""

    badge: str


@dataclass(frozen=True)
class AgreementDue:
    """The badge is somebody's who has to sign what ``leaves`` are the pages of."""

    badge: str
    leaves: tuple[str, ...]


@dataclass(frozen=True)
class Seen:
    """Leaf ``index`` of the agreement is on the screen."""

    index: int


@dataclass(frozen=True)
class AgreementOver:
    """The agreement is signed, or put off; ``leaves`` come next: another's (``due``), or what may be read."""

    why: Ended
    leaves: tuple[str, ...]
    due: bool = False


@dataclass(frozen=True)
class PinWanted:
    """The badge needs its PIN, or the one that was tried is wrong."""

    badge: str


@dataclass(frozen=True)
class PinGiven:
    """A PIN was entered."""


@dataclass(frozen=True)
class Rejected:
    """The badge opens nothing here."""

    badge: str


@dataclass(frozen=True)
class Turned:
    """Leaf ``index`` is asked for."""

    index: int


@dataclass(frozen=True)
class Touched:
    """Somebody is there."""


@dataclass(frozen=True)
class LockAsked:
    """The person, or the program's end, asks for the lock."""

    why: Ended = Ended.LOCKED


@dataclass(frozen=True)
class Ticked:
    """Time has passed."""


@dataclass(frozen=True)
class Reviewed:
    """Need-to-know was decided again; ``leaves`` are what may still be read.

    ``at`` is the one to turn to if the one in front is not among them; None: the one in its place.
    """

    leaves: tuple[str, ...]
    at: int | None = None


@dataclass(frozen=True)
class IdleSet:
    """The policy's idle time changed."""

    idle_ms: int


_OfBadges = Tapped | PinWanted | PinGiven | Admitted | Leads | Rejected
_OfAgreements = AgreementDue | Seen | AgreementOver
Event = _OfBadges | _OfAgreements | Turned | Touched | LockAsked | Ticked | Reviewed | IdleSet


# -- effects -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Identify:
    """Find out whose badge this is."""

    badge: str


@dataclass(frozen=True)
class TryPin:
    """Open the badge's slot with the PIN that was entered."""

    badge: str


@dataclass(frozen=True)
class Remind:
    """Say that every page of the agreement is to be read before it is signed."""


@dataclass(frozen=True)
class Sign:
    """The agreement is read, and its reader's badge tapped: it is to be signed."""


@dataclass(frozen=True)
class Open:
    """A session begins: record it."""

    badge: str


@dataclass(frozen=True)
class Sit:
    """A supervisor comes to the board: record it, then show it."""


@dataclass(frozen=True)
class Show:
    """Record the look at leaf ``index``, then paint it."""

    index: int


@dataclass(frozen=True)
class Close:
    """The session is over: record it, drop keys, bytes and pixels."""

    why: Ended


Effect = Identify | TryPin | Remind | Sign | Open | Sit | Show | Close
Outcome = tuple[State, tuple[Effect, ...]]


def step(state: State, event: Event, now_ms: int) -> Outcome:
    """Return the state after ``event`` and what is to be done, in order. Total: every event has an answer."""
    return _TABLE[type(event)](state, event, now_ms)


def _tapped(state: State, event: Tapped, now_ms: int) -> Outcome:
    again = event.badge == state.last_badge and now_ms - state.tapped_ms < DEBOUNCE_MS
    state = replace(state, tapped_ms=now_ms, last_badge=event.badge)
    if again:
        return state, ()
    if state.phase is Phase.IDENTIFYING:
        return replace(state, waiting=event.badge if event.badge != state.badge else ""), ()
    if event.badge == state.badge and (known := _SAME_BADGE.get(state.phase)) is not None:
        return known(state, now_ms)
    closing: tuple[Effect, ...] = (Close(Ended.OTHER_BADGE),) if state.phase in SIGNED_IN else ()
    return _identifying(state, event.badge), (*closing, Identify(event.badge))


def _signs(state: State, now_ms: int) -> Outcome:
    return replace(state, touched_ms=now_ms), (Sign() if state.all_seen else Remind(),)


_SAME_BADGE: dict[Phase, Callable[[State, int], Outcome]] = {
    Phase.AGREEMENT: _signs,
    Phase.PIN: lambda state, _now_ms: (_locked(state), ()),
    Phase.STATION: lambda state, _now_ms: (_locked(state), (Close(Ended.SAME_BADGE),)),
    Phase.BOARD: lambda state, _now_ms: (_locked(state), (Close(Ended.SAME_BADGE),)),
}
"""What the badge of whoever is in front does where it is tapped again."""


def _admitted(state: State, event: Admitted, now_ms: int) -> Outcome:
    if state.phase is not Phase.IDENTIFYING or event.badge != state.badge:
        return state, ()
    if state.waiting:  # somebody else tapped meanwhile: the last badge wins
        return _identifying(state, state.waiting), (Identify(state.waiting),)
    if not event.leaves:
        return _locked(state), ()
    state = replace(state, phase=Phase.STATION, leaves=event.leaves, current=0, touched_ms=now_ms)
    return state, (Open(event.badge), Show(0))


def _leads(state: State, event: Leads, now_ms: int) -> Outcome:
    if state.phase is Phase.STATION and event.badge == state.badge:
        state = replace(state, phase=Phase.BOARD, leaves=(), current=0, touched_ms=now_ms)
        return state, (Close(Ended.TO_BOARD), Sit())
    if state.phase is not Phase.IDENTIFYING or event.badge != state.badge:
        return state, ()
    if state.waiting:
        return _identifying(state, state.waiting), (Identify(state.waiting),)
    return replace(state, phase=Phase.BOARD, touched_ms=now_ms), (Sit(),)


def _agreement_due(state: State, event: AgreementDue, now_ms: int) -> Outcome:
    if state.phase is not Phase.IDENTIFYING or event.badge != state.badge:
        return state, ()
    if state.waiting:
        return _identifying(state, state.waiting), (Identify(state.waiting),)
    state = replace(
        state, phase=Phase.AGREEMENT, leaves=event.leaves, current=0, touched_ms=now_ms, seen=frozenset()
    )
    return state, (Open(event.badge), Show(0))


def _seen(state: State, event: Seen, _now_ms: int) -> Outcome:
    here = state.phase is Phase.AGREEMENT and event.index in range(len(state.leaves))
    return (replace(state, seen=state.seen | {event.index}) if here else state), ()


def _agreement_over(state: State, event: AgreementOver, now_ms: int) -> Outcome:
    if state.phase is not Phase.AGREEMENT:
        return state, ()
    if not event.leaves:
        return _locked(state), (Close(event.why),)
    phase = Phase.AGREEMENT if event.due else Phase.STATION
    state = replace(state, phase=phase, leaves=event.leaves, current=0, touched_ms=now_ms, seen=frozenset())
    return state, (Close(event.why), Open(state.badge), Show(0))


def _pin_wanted(state: State, event: PinWanted, now_ms: int) -> Outcome:
    if state.phase is not Phase.IDENTIFYING or event.badge != state.badge:
        return state, ()
    if state.waiting:
        return _identifying(state, state.waiting), (Identify(state.waiting),)
    return replace(state, phase=Phase.PIN, touched_ms=now_ms), ()


def _pin_given(state: State, _event: PinGiven, _now_ms: int) -> Outcome:
    if state.phase is not Phase.PIN:
        return state, ()
    return replace(state, phase=Phase.IDENTIFYING), (TryPin(state.badge),)


def _rejected(state: State, event: Rejected, _now_ms: int) -> Outcome:
    if state.phase is not Phase.IDENTIFYING or event.badge != state.badge:
        return state, ()
    if state.waiting:
        return _identifying(state, state.waiting), (Identify(state.waiting),)
    return _locked(state), ()


def _turned(state: State, event: Turned, now_ms: int) -> Outcome:
    if state.phase not in READING:
        return state, ()
    state = replace(state, touched_ms=now_ms)
    index = min(max(event.index, 0), len(state.leaves) - 1)
    if index == state.current:
        return state, ()
    return replace(state, current=index), (Show(index),)


def _touched(state: State, _event: Touched, now_ms: int) -> Outcome:
    return replace(state, touched_ms=now_ms), ()


def _lock_asked(state: State, event: LockAsked, _now_ms: int) -> Outcome:
    effects = (Close(event.why),) if state.phase in SIGNED_IN else ()
    return _locked(state), effects


def _ticked(state: State, _event: Ticked, now_ms: int) -> Outcome:
    if state.phase in SIGNED_IN and now_ms - state.touched_ms >= state.patience_ms:
        return _locked(state), (Close(Ended.IDLE),)
    if state.phase is Phase.PIN and now_ms - state.touched_ms >= PIN_MS:
        return _locked(state), ()
    return state, ()


def _reviewed(state: State, event: Reviewed, _now_ms: int) -> Outcome:
    if state.phase is Phase.PIN and not event.leaves:
        return _locked(state), ()
    if state.phase is Phase.BOARD and not event.leaves:
        return _locked(state), (Close(Ended.WITHDRAWN),)
    if state.phase not in READING or event.leaves == state.leaves:
        return state, ()
    if not event.leaves:
        return _locked(state), (Close(Ended.WITHDRAWN),)
    held = state.leaves[state.current]
    if held in event.leaves:
        return replace(state, leaves=event.leaves, current=event.leaves.index(held)), ()
    current = min(state.current if event.at is None else event.at, len(event.leaves) - 1)
    return replace(state, leaves=event.leaves, current=current), (Show(current),)


def _idle_set(state: State, event: IdleSet, _now_ms: int) -> Outcome:
    return replace(state, idle_ms=event.idle_ms), ()


def _identifying(state: State, badge: str) -> State:
    return replace(state, phase=Phase.IDENTIFYING, badge=badge, waiting="", leaves=(), current=0)


def _locked(state: State) -> State:
    return replace(state, phase=Phase.LOCKED, badge="", waiting="", leaves=(), current=0)


_TABLE: dict[type, Callable[..., Outcome]] = {
    Tapped: _tapped,
    AgreementDue: _agreement_due,
    Seen: _seen,
    AgreementOver: _agreement_over,
    PinWanted: _pin_wanted,
    PinGiven: _pin_given,
    Admitted: _admitted,
    Leads: _leads,
    Rejected: _rejected,
    Turned: _turned,
    Touched: _touched,
    LockAsked: _lock_asked,
    Ticked: _ticked,
    Reviewed: _reviewed,
    IdleSet: _idle_set,
}
