"""Every text that the desk says by itself, in one place, so that it can be translated.

What the hub says (refusals, outlooks) arrives in words already. Times here are aware and local.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.model.exposure import Share
from app.model.terms import AssignmentKind
from app.ui import words
from app.wire.desk import Verdict
from app.wire.desk_exposure import By

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.desk.floor import Card, FloorPicture, Lane, Post
    from app.wire.calls import BoardCall
    from app.wire.desk import BoardMove, Foreseen, Holder, Locked, LockTarget, Outlook, PlanRow
    from app.wire.desk_exposure import ExposedPage, ExposureColumn, ExposureReply

WINDOW_TITLE = "Stationleaf desk"
BOARD = "Board"
POOL = "Not assigned"
POOL_EMPTY = "Everybody has a station."
NOBODY = "Nobody is assigned"
OTHER_LINE = "another supervisor's line"
UNDO = "Undo"
SIGN_OUT = "Sign out"
CANCEL = "Cancel"
MOVE = "Move"
OK = "OK"

BADGE = "Tap your badge"
BADGE_HOW = "For supervisors, quality, administrators and auditors."
PIN = "Enter your PIN"
PIN_HOW = "6 to 12 digits, then Enter"
CHECKING = "One moment"
LOADING = "Reading the board …"

REASON_TITLE = "Why this move?"
REASON_HOW = "It goes on record with your name."
REASONS = ("Somebody is ill", "Covers a break", "Rush order", "Learns the station")
REASON_OTHER = "or in your own words"

READS_ALL = "Can read all {pages} pages here"
READS_NOTHING_NEEDED = "No instructions are in force here"
ASKING = "Asking the hub …"
TO_POOL = "Takes the person off the station"
ALREADY = "Already here"


def person_line(card: Card, now: datetime) -> tuple[str, str]:
    """The second line of a card, and its colour: where the person is, or what is to be known."""
    if card.moving:
        return "moving …", "ink_soft"
    if not card.badge:
        return "has no active badge", "error_mark"
    if card.lacks:
        return f"has not signed: {', '.join(card.lacks)}", "error_mark"
    if card.start is not None:
        return f"from {words.moment(card.start.astimezone(now.tzinfo), now)}", "ink_soft"
    where, colour = _whereabouts(card)
    until = f", until {words.moment(card.until.astimezone(now.tzinfo), now)}" if card.until else ""
    return where + until, colour


def _whereabouts(card: Card) -> tuple[str, str]:
    if card.at:
        return (
            (f"at {card.at}, not here", "warning_mark")
            if card.elsewhere
            else (f"at {card.at} now", "good_mark")
        )
    if card.relief:
        return "relief", "ink_soft"
    return "not signed in" if card.lane else "free", "ink_soft"


def post_line(post: Post, now: datetime) -> tuple[str, str]:
    """How a kiosk stands, and its colour."""
    if post.blocked:
        return f"{post.code} · blocked", "error_mark"
    if post.online:
        return f"{post.code} · online", "good_mark"
    if post.since is None:
        return f"{post.code} · never seen", "warning_mark"
    return f"{post.code} · offline since {_near(post.since, now)}", "warning_mark"


_JOURNAL = {
    "journal_damaged": "a record is damaged: tell IT",
    "journal_lost": "records nothing: enrol it again",
}


def post_holds(post: Post, now: datetime) -> tuple[str, str]:
    """What a kiosk holds and until when, what it still has to deliver, and the colour."""
    waits = ["1 event waits" if post.waiting == 1 else f"{post.waiting} events wait"] if post.waiting else []
    if post.journal:
        return " · ".join([_JOURNAL[post.journal], *waits]), "error_mark"
    if post.lease_until is None:
        told = ["no lease"]
    else:
        here = post.pages if post.pulled is None else min(post.pulled, post.pages)
        count = f"{here} of {post.pages} pages" if here < post.pages else pages_held(post.pages)
        told = [count, f"until {_near(post.lease_until, now)}"]
    behind = post.waiting > 0 or (post.pulled is not None and post.pulled < post.pages)
    return " · ".join([*told, *waits]), "warning_mark" if behind else "ink_soft"


def pages_held(count: int) -> str:
    """So many pages."""
    return {0: "no pages", 1: "1 page"}.get(count, f"{count} pages")


def _near(at: datetime, now: datetime) -> str:
    """A time within days of ``now``: the hour, with the day of the week where it is another day."""
    local = at.astimezone(now.tzinfo)
    return words.moment(local, now) if local.date() == now.date() else f"{local:%a %H:%M}"


def pages(lane: Lane) -> str:
    """How many pages are in force for a station."""
    return "locked down" if lane.locked_down else pages_held(lane.pages)


def verdict(outlook: Outlook | None) -> tuple[str, str, str]:
    """What a drop here would come to: icon, words, colour."""
    if outlook is None:
        return "clock", ASKING, "ink_soft"
    if outlook.barred:
        return "lock", outlook.barred, "error_mark"
    if outlook.verdict is Verdict.SHUT:
        return "error", f"{outlook.says} {outlook.do}".strip(), "error_mark"
    if outlook.verdict is Verdict.PART or outlook.breaks:
        return "warning", f"{outlook.says} {outlook.breaks}".strip(), "warning_mark"
    if outlook.pages == 0:
        return "recorded", READS_NOTHING_NEEDED, "good_mark"
    return "recorded", f"{READS_ALL.format(pages=outlook.pages)} {shares(outlook)}".strip(), "good_mark"


def shares(outlook: Outlook) -> str:
    """Which shares of a client's know-how would have been given then, where they change."""
    told = [one for one in outlook.exposure if one.then != one.now]
    clients = sorted({one.client for one in told})
    return " ".join(
        f"{client}: {', '.join(_share(one) for one in told if one.client == client)}." for client in clients
    )


def _share(one: Foreseen) -> str:
    who = one.kind if one.kind in {"person", "site"} else f"{one.kind} {one.code}"
    return f"{who} {one.now} → {one.then} %"


def stops(outlook: Outlook | None) -> bool:
    """Whether a drop here would be refused."""
    return outlook is not None and (bool(outlook.barred) or outlook.verdict is Verdict.SHUT)


def why_not(card: Card) -> str:
    """Why a card cannot be taken."""
    if card.moving:
        return f"{card.name} is being moved already."
    if card.relief or card.start is not None:
        return f"{card.name} works here as relief or later; move the card of the station of now."
    return f"{card.name} works on {OTHER_LINE}."


def moved(name: str, target: str, lane: Lane | None) -> str:
    """A move that is done."""
    if lane is None:
        return f"{name} was taken off the station."
    return f"{name} works at {target} {lane.name} now."


def moved_by(move: BoardMove) -> str:
    """What somebody else did just now."""
    if not move.target:
        return f"{move.by} took {move.person} off {move.source}."
    return f"{move.by} moved {move.person} to {move.target}."


def undone(name: str) -> str:
    """A move that was taken back."""
    return f"{name} is back."


def counts(floor: FloorPicture) -> str:
    """The floor in one line."""
    lanes = [lane for section in floor.sections if section.mine for lane in section.lanes]
    posts = [post for lane in lanes for post in lane.posts]
    offline = sum(1 for post in posts if not post.online)
    people = {card.person for lane in lanes for card in lane.cards if card.start is None}
    empty = sum(1 for lane in lanes if lane.pages and not any(c.start is None for c in lane.cards))
    told = [f"{len(people)} people at {len(lanes)} stations"]
    if empty:
        told.append(f"{empty} without anybody")
    if offline:
        told.append(f"{offline} of {len(posts)} kiosks offline")
    if floor.others:  # first: on a narrow screen the end is cut off
        more = f" and {len(floor.others) - 1} more" if len(floor.others) > 1 else ""
        told.insert(0, f"Also here: {floor.others[0]}{more}")
    return "  ·  ".join(told)


LOCK = "Lockdown"
LOCK_HOW = "Choose what is taken away, say why, and confirm twice. It goes on record with your name."
GIVE_HOW = "Say why it may be read again, and confirm twice. It goes on record with your name."
LOCK_FIND = "Find a kiosk, station, person …"
LOCK_WHAT = "What is locked down"
LOCK_WHY = "Why?"
LOCK_LEAVE = "Back to the board"
LOCK_NONE = "Nothing is locked down."
LOCK_STANDS = "What is locked down, and how far it is recovered"
GIVE_BACK = "Give back …"
LOCK_KINDS = {
    "person": "Person", "badge": "Badge of", "kiosk": "Kiosk", "station": "Station", "line": "Line",
    "revision": "Revision", "client": "Client",
}  # fmt: skip


def lock_target(target: LockTarget) -> str:
    """Something that could be locked down, in one line."""
    return f"{LOCK_KINDS[target.kind]} {target.code}  {target.name}"


def give_back(locked: Locked) -> str:
    """What a button gives back, for those who hear it."""
    return f"Give back: {LOCK_KINDS[locked.kind]} {locked.code}"


def lock_step(target: LockTarget | None, confirmed: int, *, returns: bool = False) -> str:
    """What the button does next: nothing confirmed yet, once, twice. ``returns``: it gives back."""
    if target is None:
        return "Lock down …"
    steps = (
        (
            f"Give {target.code} back …",
            "Confirm: this is the right one",
            "Confirm again: let it be read now",
        )
        if returns
        else (
            f"Lock down {target.code} …",
            "Confirm: this is the right one",
            "Confirm again: take it away now",
        )
    )
    return steps[min(confirmed, 2)]


def lock_confirm(target: LockTarget | None, confirmed: int, *, returns: bool = False) -> str:
    """What is about to happen; nothing before the first step."""
    if target is None or not confirmed:
        return ""
    what = f"{LOCK_KINDS[target.kind]} {target.code} {target.name}".strip()
    if returns and confirmed == 1:
        return f"{what} is given back: is that what you mean?"
    if returns:
        return f"{what}: pages come back to kiosks at once. What happened until now stays on record."
    if confirmed == 1:
        return f"{what} is locked down: is that what you mean?"
    return f"{what}: kiosks that are online lose it at once. Work there stops until it is given back."


def recovery(locked: Locked, now: datetime) -> tuple[str, str, str]:
    """Title, how it stands, and its colour."""
    title = f"{LOCK_KINDS.get(locked.kind, locked.kind)} {locked.code}"
    why = f"{_near(locked.at, now)} by {locked.by}: {locked.reason}"
    if locked.latest is None:
        return title, f"Recovered everywhere. {why}", "good_mark"
    if locked.latest <= now:
        return title, f"Readable nowhere any more. {why}", "good_mark"
    return title, f"Readable somewhere until {_near(locked.latest, now)} at the latest. {why}", "warning_mark"


def holder(holder: Holder, now: datetime) -> tuple[str, str, str, str]:
    """A device: icon, how it stands, until when at the latest, colour."""
    says = holder.outcome[:1].upper() + holder.outcome[1:]
    if holder.settled:
        gone = f"gone {_near(holder.bytes_gone, now)}, signed" if holder.bytes_gone is not None else "signed"
        return "recorded", says, gone, "good_mark"
    if holder.until <= now:
        return "clock", says, f"ended {_near(holder.until, now)}", "ink_soft"
    seen = "never seen" if holder.seen is None else f"seen {_near(holder.seen, now)}"
    return "warning", f"{says} ({seen})", f"until {_near(holder.until, now)} at the latest", "warning_mark"


PLAN = "Shift plan"
PLAN_HOW = "What is put together here is tried first, and put down when you say so."
PLAN_LINE = "Line"
PLAN_DAY = "Day"
PLAN_PERSON = "Person"
PLAN_STATION = "Station"
PLAN_FROM = "From"
PLAN_UNTIL = "Until"
PLAN_ADD = "Assign …"
PLAN_COPY = "Copy the day before …"
PLAN_IMPORT = "Import CSV …"
PLAN_DROP = "Take out …"
PLAN_GO = "Put it down"
PLAN_UNREADABLE = "This file cannot be read: it must be a CSV table in UTF-8, not too long."
PLAN_COLUMNS = (PLAN_STATION, PLAN_PERSON, PLAN_FROM, PLAN_UNTIL, "Note")


def plan_tried(rows: int, bad: int) -> str:
    """What a dry run came to."""
    if not rows:
        return "There is nothing to plan."
    if bad:
        return f"{bad} of {rows} rows cannot be; nothing was written."
    return f"{_rows_are(rows)} good; nothing is written yet."


def plan_done(rows: int) -> str:
    """A plan is in force."""
    return f"{_rows_are(rows)} in force."


def _rows_are(count: int) -> str:
    return "1 row is" if count == 1 else f"{count} rows are"


def plan_row(row: PlanRow) -> tuple[tuple[str, ...], str]:
    """A row of a plan, and its colour."""
    colour = "error_mark" if row.bad else "warning_mark" if row.withheld or (row.says and row.same) else "ink"
    if row.span is None:
        return ("", "", "", "", f"{row.number}: {row.says}"), colour
    span = row.span
    until = "open" if span.end is None else f"{span.end.astimezone():%a %H:%M}"
    who = f"{row.name or span.person}" + (" (relief)" if span.kind is AssignmentKind.RELIEF else "")
    return (span.station, who, f"{span.start.astimezone():%a %H:%M}", until, row.says), colour


EXPOSURE = "Exposure"
EXPOSURE_HOW = "Which share of the confidential pages was ever given. Choose a share to see its pages."
EXPOSURE_BY = "Whose"
EXPOSURE_FIND = "Find by name or code"
EXPOSURE_PAGES = "Pages behind the share"
EXPOSED_BY = {
    By.PERSON: "People", By.KIOSK: "Kiosks", By.STATION: "Stations", By.LINE: "Lines", By.SITE: "Site",
}  # fmt: skip
EXPOSED_PAGE = ("Document", "Page", "Given", "Last")


def exposure_column(column: ExposureColumn) -> str:
    """Of which client or part a column is, of how many pages, and the limit."""
    limit = "" if column.limit is None else f", limit {column.limit} %"
    return f"{column.part or column.client}\n{column.pages} pages{limit}"


def share_cell(share: Share, *, over: bool) -> str:
    """A share in the heat map."""
    if not share.seen:
        return "–"
    return f"{share.percent} % !" if over else f"{share.percent} %"


def share_said(name: str, share: Share, limit: int | None) -> str:
    """The same as a sentence."""
    over = f", over the limit of {limit} %" if share.beyond(limit) else ""
    return f"{name}: {share.seen} of {share.of} pages, {share.percent} %{over}"


def exposure_says(reply: ExposureReply) -> str:
    """The line below the title."""
    over = sum(
        any(
            Share(seen, column.pages).beyond(column.limit)
            for seen, column in zip(row.given, reply.columns, strict=True)
        )
        for row in reply.rows
    )
    if not reply.rows:
        return "Nobody was given a confidential page yet."
    if over:
        return f"! Over a client's limit: {over}. Its pages are closed there. {EXPOSURE_HOW}"
    return EXPOSURE_HOW


def exposed_page(page: ExposedPage) -> tuple[str, str, str, str]:
    """A page's cells, as ``EXPOSED_PAGE``."""
    times = "" if page.views is None else f" {page.views}×"
    last = "" if page.last is None else f"{page.last.astimezone():%Y-%m-%d %H:%M}"
    number = f"{page.number}  {page.label}" if page.label else str(page.number)
    return f"{page.document}/{page.revision}", number, f"yes{times}" if page.given else "no", last


def exposed_pages_says(code: str, pages: Sequence[ExposedPage]) -> str:
    """How many of the pages were given."""
    return (
        f"{code} was given {sum(page.given for page in pages)} of {len(pages)} confidential pages in force."
    )


CALL_TAKE = "I am coming"
CALL_END = "End the call"


def call_line(call: BoardCall, station: str, now: datetime) -> str:
    """A call for help in full: from where, by whom, since when, and who is coming."""
    minutes = max(0, int((now - call.at).total_seconds() // 60))
    since = f"since {call.at.astimezone(now.tzinfo):%H:%M} ({minutes} min)"
    who = f"  ·  {call.name}" if call.name else ""
    told = f"{call.by} is coming" if call.by else "calls for help"
    return f"{call.station} {station}{who}  ·  {told}, {since}"


def call_short(call: BoardCall) -> str:
    """The same on a lane."""
    time = f"{call.at.astimezone():%H:%M}"
    return f"{time} {call.by} is coming" if call.by else f"Help! {time}"
