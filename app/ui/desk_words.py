"""Every text that the desk says by itself, in one place, so that it can be translated.

The board's are, for it stands on kiosks as well: constants go through ``tongue.said``, functions answer in
the language that is spoken. What the hub says (refusals, outlooks) arrives in words already. Times here are
aware and local.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale

from app.model.exposure import Share
from app.model.terms import AssignmentKind
from app.ui import words
from app.ui.tongue import QT_TRANSLATE_NOOP, joined, said
from app.wire.desk import Verdict
from app.wire.desk_exposure import By

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.desk.floor import Card, FloorPicture, Lane, Post
    from app.wire.calls import BoardCall
    from app.wire.desk import BoardMove, Foreseen, Holder, Locked, LockTarget, Outlook, PlanRow
    from app.wire.desk_exposure import ExposedPage, ExposureColumn, ExposureReply

translate = QCoreApplication.translate

WINDOW_TITLE = "Stationleaf desk"
BOARD = "Board"
POOL = QT_TRANSLATE_NOOP("desk", "Not assigned")
POOL_EMPTY = QT_TRANSLATE_NOOP("desk", "Everybody has a station.")
NOBODY = QT_TRANSLATE_NOOP("desk", "Nobody is assigned")
OTHER_LINE = QT_TRANSLATE_NOOP("desk", "another supervisor's line")
UNDO = QT_TRANSLATE_NOOP("desk", "Undo")
SIGN_OUT = "Sign out"
CANCEL = QT_TRANSLATE_NOOP("desk", "Cancel")
MOVE = "Move"
OK = "OK"

NO_KIOSK = QT_TRANSLATE_NOOP("desk", "no kiosk")

BADGE = "Tap your badge"
BADGE_HOW = "For supervisors, quality, administrators and auditors."
PIN = "Enter your PIN"
PIN_HOW = "6 to 12 digits, then Enter"
CHECKING = "One moment"
LOADING = QT_TRANSLATE_NOOP("desk", "Reading the board …")

REASON_TITLE = QT_TRANSLATE_NOOP("desk", "Why this move?")
REASON_HOW = QT_TRANSLATE_NOOP("desk", "It goes on record with your name.")
REASONS = (
    QT_TRANSLATE_NOOP("desk", "Somebody is ill"),
    QT_TRANSLATE_NOOP("desk", "Covers a break"),
    QT_TRANSLATE_NOOP("desk", "Rush order"),
    QT_TRANSLATE_NOOP("desk", "Learns the station"),
)
"""They go on record in English."""
REASON_OTHER = "or in your own words"

READS_NOTHING_NEEDED = QT_TRANSLATE_NOOP("desk", "No instructions are in force here")
ASKING = QT_TRANSLATE_NOOP("desk", "Asking the hub …")
TO_POOL = QT_TRANSLATE_NOOP("desk", "Takes the person off the station")
ALREADY = QT_TRANSLATE_NOOP("desk", "Already here")


def person_line(card: Card, now: datetime) -> tuple[str, str]:
    """The second line of a card, and its colour: where the person is, or what is to be known."""
    if card.moving:
        return translate("desk", "moving …"), "ink_soft"
    if not card.badge:
        return translate("desk", "has no active badge"), "error_mark"
    if card.lacks:
        missing = translate("desk", "has not signed: {clients}").format(clients=", ".join(card.lacks))
        return missing, "error_mark"
    if card.start is not None:
        start = words.moment(card.start.astimezone(now.tzinfo), now)
        return translate("desk", "from {time}").format(time=start), "ink_soft"
    where, colour = _whereabouts(card)
    if card.until is not None:
        until = words.moment(card.until.astimezone(now.tzinfo), now)
        where = translate("desk", "{where}, until {time}").format(where=where, time=until)
    return where, colour


def _whereabouts(card: Card) -> tuple[str, str]:
    if card.at:
        if card.elsewhere:
            return translate("desk", "at {kiosk}, not here").format(kiosk=card.at), "warning_mark"
        return translate("desk", "at {kiosk} now").format(kiosk=card.at), "good_mark"
    if card.relief:
        return translate("desk", "relief"), "ink_soft"
    return translate("desk", "not signed in") if card.lane else translate("desk", "free"), "ink_soft"


def post_line(post: Post, now: datetime) -> tuple[str, str]:
    """How a kiosk stands, and its colour."""
    if post.blocked:
        stands, colour = translate("desk", "blocked"), "error_mark"
    elif post.online:
        stands, colour = translate("desk", "online"), "good_mark"
    elif post.since is None:
        stands, colour = translate("desk", "never seen"), "warning_mark"
    else:
        since = _near(post.since, now)
        stands, colour = translate("desk", "offline since {time}").format(time=since), "warning_mark"
    return f"{post.code} · {stands}", colour


_JOURNAL = {
    "journal_damaged": QT_TRANSLATE_NOOP("desk", "a record is damaged: tell IT"),
    "journal_lost": QT_TRANSLATE_NOOP("desk", "records nothing: enrol it again"),
}


def post_holds(post: Post, now: datetime) -> tuple[str, str]:
    """What a kiosk holds and until when, what it still has to deliver, and the colour."""
    waits = [_events_wait(post.waiting)] if post.waiting else []
    if post.journal:
        return " · ".join([said(_JOURNAL[post.journal]), *waits]), "error_mark"
    if post.lease_until is None:
        told = [translate("desk", "no lease")]
    else:
        here = post.pages if post.pulled is None else min(post.pulled, post.pages)
        count = pages_held(post.pages)
        if here < post.pages:
            count = translate("desk", "{here} of {count} pages").format(here=here, count=post.pages)
        told = [count, translate("desk", "until {time}").format(time=_near(post.lease_until, now))]
    behind = post.waiting > 0 or (post.pulled is not None and post.pulled < post.pages)
    return " · ".join([*told, *waits]), "warning_mark" if behind else "ink_soft"


def _events_wait(count: int) -> str:
    if count == 1:
        return translate("desk", "1 event waits")
    return translate("desk", "{count} events wait").format(count=count)


def pages_held(count: int) -> str:
    """So many pages."""
    if count < 2:
        return translate("desk", "1 page") if count else translate("desk", "no pages")
    return translate("desk", "{count} pages").format(count=count)


_SHORT = QLocale.FormatType.ShortFormat


def _near(at: datetime, now: datetime) -> str:
    """A time within days of ``now``: the hour, with the day of the week where it is another day."""
    local = at.astimezone(now.tzinfo)
    day = "" if local.date() == now.date() else QLocale().dayName(local.isoweekday(), _SHORT)
    return f"{day} {local:%H:%M}".strip()


def pages(lane: Lane) -> str:
    """How many pages are in force for a station."""
    return translate("desk", "locked down") if lane.locked_down else pages_held(lane.pages)


def verdict(outlook: Outlook | None) -> tuple[str, str, str]:
    """What a drop here would come to: icon, words, colour."""
    if outlook is None:
        return "clock", said(ASKING), "ink_soft"
    if outlook.barred:
        return "lock", said(outlook.barred), "error_mark"
    if outlook.verdict is Verdict.SHUT:
        return "error", joined(said(outlook.says), said(outlook.do)), "error_mark"
    if outlook.verdict is Verdict.PART or outlook.breaks:
        return "warning", joined(said(outlook.says), outlook.breaks), "warning_mark"
    if outlook.pages == 0:
        return "recorded", said(READS_NOTHING_NEEDED), "good_mark"
    reads = translate("desk", "Can read all {pages} pages here").format(pages=outlook.pages)
    return "recorded", f"{reads} {shares(outlook)}".strip(), "good_mark"


def shares(outlook: Outlook) -> str:
    """Which shares of a client's know-how would have been given then, where they change."""
    told = [one for one in outlook.exposure if one.then != one.now]
    clients = sorted({one.client for one in told})
    return " ".join(
        f"{client}: {', '.join(_share(one) for one in told if one.client == client)}." for client in clients
    )


_EXPOSED = {
    "person": QT_TRANSLATE_NOOP("desk", "person"),
    "kiosk": QT_TRANSLATE_NOOP("desk", "kiosk"),
    "station": QT_TRANSLATE_NOOP("desk", "station"),
    "line": QT_TRANSLATE_NOOP("desk", "line"),
    "site": QT_TRANSLATE_NOOP("desk", "site"),
}


def _share(one: Foreseen) -> str:
    kind = said(_EXPOSED.get(one.kind, one.kind))
    who = kind if one.kind in {"person", "site"} else f"{kind} {one.code}"
    return f"{who} {one.now} → {one.then} %"


def stops(outlook: Outlook | None) -> bool:
    """Whether a drop here would be refused."""
    return outlook is not None and (bool(outlook.barred) or outlook.verdict is Verdict.SHUT)


def why_not(card: Card) -> str:
    """Why a card cannot be taken."""
    if card.moving:
        return translate("desk", "{name} is being moved already.").format(name=card.name)
    if card.relief or card.start is not None:
        other = translate(
            "desk", "{name} works here as relief or later; move the card of the station of now."
        )
        return other.format(name=card.name)
    return translate("desk", "{name} works on another supervisor's line.").format(name=card.name)


def moved(name: str, target: str, lane: Lane | None) -> str:
    """A move that is done."""
    if lane is None:
        return translate("desk", "{name} was taken off the station.").format(name=name)
    works = translate("desk", "{name} works at {station} now.")
    return works.format(name=name, station=f"{target} {lane.name}")


def wished(name: str, lane: str) -> str:
    """A move that is asked about."""
    return translate("desk", "{name} to {station}.").format(name=name, station=lane)


def moved_by(move: BoardMove) -> str:
    """What somebody else did just now."""
    if not move.target:
        took = translate("desk", "{by} took {name} off {station}.")
        return took.format(by=move.by, name=move.person, station=move.source)
    moved = translate("desk", "{by} moved {name} to {station}.")
    return moved.format(by=move.by, name=move.person, station=move.target)


def undone(name: str) -> str:
    """A move that was taken back."""
    return translate("desk", "{name} is back.").format(name=name)


def counts(floor: FloorPicture) -> str:
    """The floor in one line."""
    lanes = [lane for section in floor.sections if section.mine for lane in section.lanes]
    posts = [post for lane in lanes for post in lane.posts]
    offline = sum(1 for post in posts if not post.online)
    people = {card.person for lane in lanes for card in lane.cards if card.start is None}
    empty = sum(1 for lane in lanes if lane.pages and not any(c.start is None for c in lane.cards))
    told = [
        translate("desk", "{people} people at {stations} stations").format(
            people=len(people), stations=len(lanes)
        )
    ]
    if empty:
        told.append(translate("desk", "{count} without anybody").format(count=empty))
    if offline:
        told.append(
            translate("desk", "{count} of {all} kiosks offline").format(count=offline, all=len(posts))
        )
    if len(floor.others) == 1:  # first: on a narrow screen the end is cut off
        told.insert(0, translate("desk", "Also here: {name}").format(name=floor.others[0]))
    elif floor.others:
        several = translate("desk", "Also here: {name} and {count} more")
        told.insert(0, several.format(name=floor.others[0], count=len(floor.others) - 1))
    return "\u00a0\u00a0·  ".join(told)


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


CALL_TAKE = QT_TRANSLATE_NOOP("desk", "I am coming")
CALL_END = QT_TRANSLATE_NOOP("desk", "End the call")


def call_line(call: BoardCall, station: str, now: datetime) -> str:
    """A call for help in full: from where, by whom, since when, and who is coming."""
    minutes = max(0, int((now - call.at).total_seconds() // 60))
    time = f"{call.at.astimezone(now.tzinfo):%H:%M}"
    since = translate("desk", "since {time} ({minutes} min)").format(time=time, minutes=minutes)
    dot = "\u00a0\u00a0·  "  # where it goes on in another line, the dot ends this one
    who = f"{dot}{call.name}" if call.name else ""
    told = _coming(call) if call.by else translate("desk", "calls for help")
    told = translate("desk", "{told}, {since}").format(told=told, since=since)
    return f"{call.station} {station}{who}{dot}{told}"


def call_short(call: BoardCall) -> str:
    """The same on a lane."""
    time = f"{call.at.astimezone():%H:%M}"
    return f"{time} {_coming(call)}" if call.by else translate("desk", "Help! {time}").format(time=time)


def _coming(call: BoardCall) -> str:
    return translate("desk", "{name} is coming").format(name=call.by)
