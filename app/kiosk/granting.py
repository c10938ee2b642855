"""Making a grant at the kiosk, step by step: the supervisor's badge, why, for how long, the worker's badge.

Without the hub it is an offline admission to this station, which the kiosk makes; with it, break-glass for
another station's pages, which the hub makes. The supervisor's opened slot is held here until it is over.
"""

from __future__ import annotations

import os
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from app.kiosk.view import Choice, Notice
from app.model.terms import CredentialKind, GrantKind
from app.model.words import NEEDS_PIN
from app.wire.grants import GrantStatement

if TYPE_CHECKING:
    from datetime import datetime

    from app.kiosk.access import Opened
    from app.wire.lease import Lease, StationInfo

GIVEN_UP_MS = 60_000
"""A step that nobody takes within this time ends it."""

SECONDS = 10.0
ADMIT_FIRST = Notice(
    "grant_supervisor",
    "To admit somebody here without the hub: supervisor, tap your badge now.",
    "The worker's badge comes next. Both names go on record.",
)
ADMIT_THEN = Notice(
    "grant_worker",
    "Now the worker: tap your badge.",
    "The pages of this station open until the time that was chosen.",
)
GLASS_FIRST = Notice(
    "grant_supervisor",
    "To open another station's pages here: supervisor, tap your badge now.",
    "The worker's badge comes next. Every look is reviewed afterwards.",
)
GLASS_THEN = Notice(
    "grant_worker",
    "Now the worker: tap your badge.",
    "The pages of the other station open until the time that was chosen.",
)
NO_PIN = Notice("NEEDS_PIN", NEEDS_PIN.says, NEEDS_PIN.do, "warning", SECONDS)
NOT_ONE = Notice(
    "NOT_SUPERVISOR",
    "Only a supervisor of this line can admit somebody here.",
    "Call one of this line's supervisors.",
    "warning",
    SECONDS,
)
REASONS = (
    "Somebody is absent",
    "The station is down",
    "Help is needed here",
    "Rework or repair",
    "Safety or quality",
)
MINUTES = (5, 15, 30, 60, 120, 240, 480)
OPTIONS_AT_MOST = 6


class Step(StrEnum):
    """What comes next."""

    SUPERVISOR = "supervisor"
    STATION = "station"
    REASON = "reason"
    MINUTES = "minutes"
    WORKER = "worker"


def lasting(minutes: int) -> str:
    """A length of time in words."""
    hours, rest = divmod(minutes, 60)
    if rest or not hours:
        return "1 minute" if minutes == 1 else f"{minutes} minutes"
    return "1 hour" if hours == 1 else f"{hours} hours"


class Granting:
    """See the module. ``touched_ms``: when somebody last did something, of a clock that does not go back."""

    def __init__(self, kind: GrantKind, lease: Lease, now_ms: int) -> None:
        self.kind, self.step, self.touched_ms = kind, Step.SUPERVISOR, now_ms
        self.supervisor: Opened | None = None
        self._pin = lease.policy.pin.used
        self._reason, self._minutes, self._station = "", 0, lease.station.code
        self._others: tuple[StationInfo, ...] = lease.others
        most = lease.policy.grant_most().get(kind, timedelta(0))
        self._most = int(most.total_seconds()) // 60

    @property
    def glass(self) -> bool:
        """Whether it is break-glass."""
        return self.kind is GrantKind.BREAK_GLASS

    def given_up(self, now_ms: int) -> bool:
        """Whether nobody goes on with it."""
        return now_ms - self.touched_ms >= GIVEN_UP_MS

    def takes_supervisor(self, opened: Opened) -> Notice | None:
        """Somebody tapped who is to make the grant; why this cannot be, or None."""
        if not opened.operator.supervises:
            return NOT_ONE
        if self.glass and self._pin and opened.slot.kind is CredentialKind.UID:
            return NO_PIN
        self.supervisor = opened
        self.step = Step.STATION if self.glass else Step.REASON
        return None

    def choice(self) -> Choice | None:
        """What is to be chosen now, if anything is."""
        serious = self.glass
        match self.step:
            case Step.STATION:
                names = tuple(f"{other.code} {other.name}" for other in self._others)
                return Choice("Whose pages?", "Touch the station.", names, serious)
            case Step.REASON:
                return Choice("Why?", "Touch the reason; it goes on record.", REASONS, serious)
            case Step.MINUTES:
                options = tuple(lasting(minutes) for minutes in self._lengths())
                return Choice("For how long?", "It ends by itself.", options, serious)
            case _:
                return None

    def _lengths(self) -> tuple[int, ...]:
        shorter = [minutes for minutes in MINUTES if minutes < self._most]
        return (*shorter[-(OPTIONS_AT_MOST - 1) :], self._most)

    def choose(self, index: int) -> None:
        """Option ``index`` was taken; one that is not there is none."""
        choice = self.choice()
        if choice is None or not 0 <= index < len(choice.options):
            return
        match self.step:
            case Step.STATION:
                self._station, self.step = self._others[index].code, Step.REASON
            case Step.REASON:
                self._reason, self.step = REASONS[index], Step.MINUTES
            case Step.MINUTES:
                self._minutes, self.step = self._lengths()[index], Step.WORKER

    def statement(self, lease: Lease, worker: Opened, now: datetime) -> GrantStatement:
        """What both people sign."""
        assert self.supervisor is not None
        return GrantStatement(
            grant=os.urandom(16).hex(),
            kind=self.kind,
            kiosk=lease.kiosk,
            lease=lease.number,
            station=self._station,
            person=worker.operator.person,
            by=self.supervisor.operator.person,
            reason=self._reason,
            start=now,
            end=now + timedelta(minutes=self._minutes),
        )
