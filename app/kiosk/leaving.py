"""An assignment has ended while its worker reads: the page in hand stays for the grace that policy allows.

The hub's lease lets the assignments of this kiosk end later by the grace (``hub.floor``). Here is what keeps
that from being more: nobody signs in by it, and nothing but the page in front stays.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from app.kiosk.view import Notice

if TYPE_CHECKING:
    from datetime import datetime

    from app.kiosk.access import Opened
    from app.wire.lease import AssignmentInfo, Lease

CODE = frozenset({"leaving"})
STEP_S = 10
"""The seconds that are left are told in steps of so many."""


def arriving(lease: Lease, opened: Opened) -> Opened:
    """The same person as somebody who signs in: by what is assigned, without the grace."""
    if not lease.policy.grace_seconds:
        return opened
    grace, operator = timedelta(seconds=lease.policy.grace_seconds), opened.operator
    return replace(
        opened,
        operator=operator.model_copy(
            update={"assignments": tuple(_without(one, grace) for one in operator.assignments)}
        ),
    )


def _without(assignment: AssignmentInfo, grace: timedelta) -> AssignmentInfo:
    if assignment.end is None:
        return assignment
    return assignment.model_copy(update={"end": assignment.end - grace})


def closes_at(lease: Lease, opened: Opened, now: datetime) -> datetime | None:
    """When the page of somebody closes whose assignment to this station has ended; None: it has not."""
    here, grace = lease.station.code, timedelta(seconds=lease.policy.grace_seconds)
    held = [one for one in opened.operator.assignments if one.station == here and one.start <= now]
    running = [one.end for one in held if one.end is None or now < one.end]
    if not running or any(end is None or now < end - grace for end in running):
        return None
    return max(end for end in running if end is not None)


def notice(until: datetime, now: datetime) -> Notice:
    """What whoever reads is told."""
    left = max(1, -int((now - until).total_seconds() // STEP_S)) * STEP_S
    return Notice(
        "leaving",
        "Your assignment to this station has ended.",
        f"Finish the step in hand: this page closes in {left} seconds.",
        "warning",
        1.2 * STEP_S,
    )
