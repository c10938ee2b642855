"""From what a lease and this kiosk say to the records and words of ``view``. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.kiosk import access, session
from app.kiosk.view import ClipSeen, Exceptional, Leaf, MarkText, Notice, Paper, Session, Stage
from app.model.decide import Reason
from app.model.errors import Bug
from app.model.terms import GrantKind, KioskStatus
from app.model.words import REASON_WORDS, Words
from app.wire.lease import REGION_SCALE

if TYPE_CHECKING:
    from datetime import datetime

    from app.kiosk.access import Holding, Local, Opened
    from app.kiosk.recorder import View
    from app.kiosk.sheet import Sheet
    from app.kiosk.table import Table
    from app.kiosk.view import RemarkHeld, Status, Work
    from app.model.plant import Grant
    from app.wire.agreement import AgreementText
    from app.wire.lease import Lease

STAGES = {
    session.Phase.LOCKED: Stage.BADGE,
    session.Phase.IDENTIFYING: Stage.IDENTIFYING,
    session.Phase.PIN: Stage.PIN,
    session.Phase.AGREEMENT: Stage.STATION,
    session.Phase.STATION: Stage.STATION,
    session.Phase.BOARD: Stage.BOARD,
}
ENDED = Notice(
    "withdrawn",
    "Your access to this station has ended.",
    "See your supervisor for your next station.",
    "info",
    16.0,
)


GRANT_OVER = Notice(
    "grant_over",
    "The time for which you were admitted here has ended.",
    "Ask a supervisor of this line if you are still needed here.",
    "info",
    16.0,
)


GLASS_OVER = Notice(
    "grant_over",
    "The time for reading the other station's pages has ended.",
    "Ask a supervisor of this line if they are still needed here.",
    "info",
    16.0,
)


def over(before: Grant | None, now: Grant | None) -> Notice | None:
    """What is said where a grant by which somebody read here has ended; None where none has."""
    if before is None or now is not None:
        return None
    return GLASS_OVER if before.kind is GrantKind.BREAK_GLASS else GRANT_OVER


def blocked_notice(status: KioskStatus) -> Notice:
    """A kiosk that may show nothing."""
    if status is KioskStatus.PENDING:
        words = Words("This kiosk waits for its approval.", "A second administrator compares the number.")
    else:
        words = REASON_WORDS[Reason.KIOSK_BLOCKED]
    return Notice(Reason.KIOSK_BLOCKED.value, words.says, words.do, "error")


SET_BACK = Notice(
    "set_back",
    "An older copy of this kiosk's files was put back, so it shows nothing.",
    "Reconnect the network: it goes on by itself once the hub has confirmed it. Tell IT and quality.",
    "error",
)


def barred(local: Local) -> Notice | None:
    """Why nobody may tap a badge here, or None."""
    if local.set_back:
        return SET_BACK
    return None if local.status is KioskStatus.ACTIVE else blocked_notice(local.status)


def at_station(status: Status, lease: Lease) -> Status:
    """The status line of a kiosk with this lease."""
    return replace(
        status,
        station=lease.station.code,
        station_name=lease.station.name,
        warn_minutes=lease.policy.warn_minutes,
        alarm_minutes=lease.policy.alarm_minutes,
    )


def leaf_of(page: Sheet) -> Leaf:
    """A page as the screen knows it."""
    return Leaf(
        page=page.page,
        document=page.document,
        title=page.title,
        revision=page.revision,
        number=page.number,
        of=page.of,
        label=page.label,
        width_pt=page.width_mpt / 1000,
        height_pt=page.height_mpt / 1000,
        language=page.language,
        clip=_clip_of(page),
    )


def _clip_of(page: Sheet) -> ClipSeen | None:
    if page.clip is None:
        return None
    left, top, right, bottom = (side / REGION_SCALE for side in page.clip.place)
    return ClipSeen((left, top, right, bottom), page.clip.width, page.clip.height, page.clip.ms / 1000)


def readable_until(holding: Holding | None, pages: tuple[Sheet, ...]) -> datetime | None:
    """When the first of ``pages`` (of all pages, where none are open) ends; None without a lease."""
    if holding is None:
        return None
    ends = [access.readable_until(holding.lease, page) for page in pages or holding.manifest.pages]
    return min((end for end in ends if end is not None), default=holding.lease.expires)


def pins_used(holding: Holding | None) -> bool:
    """Whether people have PINs here."""
    return holding is not None and holding.lease.policy.pin.used


def mark_of(opened: Opened | None, view: View | None, station: str, unit: str) -> MarkText:
    """What both watermarks say of the look that is going on.

    Raises:
        Bug: there is none, so nothing may be painted.
    """
    if opened is None or view is None:
        raise Bug("a page was to be painted outside a look")
    return MarkText(
        name=opened.operator.name,
        badge_tail=opened.slot.badge_tail,
        station=station,
        unit=unit,
        at=view.begun.wall,
        token=view.token,
        tile=view.tile,
    )


def paper_of(holding: Holding | None, text: AgreementText | None, read: int) -> Paper | None:
    """What the screen says of the agreement in front, ``read`` pages of which have been on the screen."""
    if holding is None or text is None:
        return None
    client = holding.lease.policy.clients.get(text.client, text.client)
    return Paper(client, text.title, text.version, read, len(text.pages))


def session_of(
    opened: Opened,
    table: Table,
    current: int,
    mark: MarkText,
    lock_in: int | None,
    work: Work,
    exceptional: Exceptional | None,
    paper: Paper | None = None,
    remark: RemarkHeld | None = None,
) -> Session:
    """The session as the screen shows it."""
    operator, changes = opened.operator, table.changes()
    return Session(
        operator.person,
        operator.name,
        table.leaves if changes is None else (),
        current,
        mark,
        lock_in,
        table.withheld,
        operator.language,
        work,
        exceptional,
        paper,
        bool(table.readings),
        table.finishing,
        changes,
        remark,
        operator.text_size,
    )


def exceptional_of(grant: Grant | None, holding: Holding | None) -> Exceptional | None:
    """The grant by which somebody reads here, as the screen tells it."""
    if grant is None or grant.span.end is None or holding is None:
        return None
    names = {one.person: one.name for one in holding.lease.operators}
    by, until = names.get(grant.by, grant.by), grant.span.end
    if grant.kind is GrantKind.BREAK_GLASS:
        return Exceptional("glass", until, by, grant.station)
    return Exceptional("admission", until, by)
