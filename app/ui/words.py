"""Every text that the kiosk's screen says by itself, in one place, so that it can be translated.

What the engine says (notices, withheld pages) arrives in words already. Times here are aware and local.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.kiosk.view import Leaf, PinAsk

WINDOW_TITLE = "Stationleaf"

TAP = "Tap your badge"
TAP_HOW = "Hold it flat against the reader until this screen changes."
STARTING = "Starting"
STARTING_HOW = "You can tap your badge already."
IDENTIFYING = "One moment"
IDENTIFYING_HOW = "Your badge was read and is being checked."
SETUP = "This kiosk is not set up yet"
SETUP_HOW = "An administrator enrols it with a one-time code from the hub."
TROUBLE = "This kiosk cannot work now"
TROUBLE_HOW = "Call maintenance."
TROUBLE_SHORT = "Trouble"
RETRYING = "It tries again by itself; a tap on the screen or with your badge tries at once."
FAULT = "Something went wrong in this program."
FAULT_HOW = "Tell IT: the details are in the kiosk's log."

PREVIOUS = "Back"
NEXT = "Next"
FIRST = "First page"
LAST = "Last page"
SMALLER = "Smaller"
LARGER = "Larger"
FIT_PAGE = "Fit page"
FIT_WIDTH = "Fit width"
PAGES = "All pages"
LOCK = "Lock"
STANDING = "How this kiosk stands"
WITHHELD = "Pages that you may not read"

SET_PIN = "Set PIN"
CANCEL = "Cancel"
DELETE = "Delete"
OK = "OK"

INFO = "Note"
WARNING = "Please note"
ERROR = "Problem"


def page_counter(index: int, count: int) -> str:
    """Where the person is: leaf ``index`` (from 0) of ``count``."""
    return f"{index + 1} / {count}"


def page_name(leaf: Leaf) -> str:
    """A page of a document: its number there, and the label printed on it where it differs."""
    number = str(leaf.number)
    return f"p. {number} ({leaf.label})" if leaf.label and leaf.label != number else f"p. {number}"


def listed(sentences: Sequence[str]) -> str:
    """Several sentences, a line each; a point before each where there are more than one."""
    return "\n".join(f"•  {sentence}" for sentence in sentences) if len(sentences) > 1 else "".join(sentences)


def at_station(person: str, station: str, name: str) -> str:
    """Who is signed in where, for those who hear it."""
    return f"{person}, {station} {name}"


def document_line(leaf: Leaf) -> str:
    """Which document this is, without its title."""
    return f"{leaf.document}  ·  Rev {leaf.revision}  ·  {page_name(leaf)} of {leaf.of}"


def preparing(index: int) -> str:
    """A page that is not ready yet."""
    return f"Page {index + 1} is on its way …"


def locks_in(seconds: int) -> tuple[str, str]:
    """The countdown, long and short."""
    unit = "second" if seconds == 1 else "seconds"
    return f"Locks in {seconds} {unit}  ·  touch the screen to stay", f"Locks in {seconds} s"


def online() -> str:
    """The hub answers."""
    return "Online"


def offline(since: datetime | None, now: datetime) -> tuple[str, str]:
    """The hub does not answer; long and short."""
    return (f"Offline since {moment(since, now)}" if since is not None else "Offline"), "Offline"


def readable_until(until: datetime | None, now: datetime) -> tuple[str, str]:
    """Until when pages may be read, long and short."""
    if until is None:
        return "No pages yet", "No pages yet"
    if until <= now:
        return f"Reading time ended {moment(until, now)}", "Reading time ended"
    return f"Readable until {moment(until, now)}", f"until {moment(until, now)}"


def ends(until: datetime, now: datetime) -> tuple[str, str]:
    """Pages can be read no longer than this, and it is near; long and short."""
    left = _left(until, now)
    return f"Readable until {moment(until, now)}, {left} left", f"until {moment(until, now)}, {left}"


def ending(until: datetime, now: datetime) -> str:
    """The same as a sentence."""
    if until <= now:
        return f"The time for reading pages here ended {moment(until, now)}."
    return f"Pages can be read here until {moment(until, now)}: {_left(until, now)} left."


def extend(*, online: bool) -> str:
    """What makes the reading time longer, and who does it."""
    if online:
        return (
            "The hub answers but does not extend the reading time. "
            "A supervisor calls IT and reads out what this line says."
        )
    return (
        "To extend the reading time, reconnect this kiosk to the hub: the rest goes by itself within a "
        "minute. If the hub is down, a supervisor calls IT and says until when it is needed."
    )


def _left(until: datetime, now: datetime) -> str:
    minutes = max(1, -int((now - until).total_seconds() // 60))
    hours, rest = divmod(minutes, 60)
    return " ".join([f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest))


def waiting(events: int) -> tuple[str, str]:
    """How many events the hub does not hold yet, long and short."""
    if events == 0:
        return "All recorded at the hub", "Recorded"
    return ("1 event waits" if events == 1 else f"{events} events wait"), f"{events} waiting"


def pulling(done: int, total: int) -> tuple[str, str]:
    """Pages are coming in, long and short."""
    return f"Fetching pages {done} of {total}", f"{done}/{total} pages"


def pin_stands(ask: PinAsk) -> str:
    """How the tries stand: the countdown of a wait, or the tries left; nothing before the first wrong one."""
    if ask.wait > 0:
        return f"Next try in {ask.wait // 60}:{ask.wait % 60:02}"
    if ask.left is None:
        return ""
    tries = "1 try" if ask.left == 1 else f"{ask.left} tries"
    return f"{tries} left" if ask.then == "wait" else f"{tries} left, then the PIN is blocked"


def clock(now: datetime) -> str:
    """The time of day."""
    return f"{now:%H:%M}"


def day(now: datetime) -> str:
    """The day, for the badge screen."""
    return f"{_WEEKDAYS[now.weekday()]} {now.day} {_MONTHS[now.month - 1]}"


def moment(at: datetime, now: datetime) -> str:
    """A time near ``now``: the hour alone where it is the same day."""
    if at.date() == now.date():
        return f"{at:%H:%M}"
    return f"{_WEEKDAYS[at.weekday()][:3]} {at.day} {_MONTHS[at.month - 1][:3]} {at:%H:%M}"


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
