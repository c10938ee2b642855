"""Every text that the kiosk's screen says by itself, in one place, so that it can be translated.

Constants stand here in English and go through ``tongue.said``, as do the sentences of the engine; functions
answer in the language that is spoken. Times here are aware and local. How a day is written is translated as
well, in the letters of Qt's ``QDate.toString``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from app.model.editions import speaks
from app.ui.tongue import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.kiosk.view import CallSeen, Changes, Exceptional, Leaf, PageChange, Paper, PinAsk, Work

translate = QCoreApplication.translate

WINDOW_TITLE = "Stationleaf"

TAP = QT_TRANSLATE_NOOP("kiosk", "Tap your badge")
TAP_HOW = QT_TRANSLATE_NOOP("kiosk", "Hold it flat against the reader until this screen changes.")
STARTING = QT_TRANSLATE_NOOP("kiosk", "Starting")
STARTING_HOW = QT_TRANSLATE_NOOP("kiosk", "You can tap your badge already.")
IDENTIFYING = QT_TRANSLATE_NOOP("kiosk", "One moment")
IDENTIFYING_HOW = QT_TRANSLATE_NOOP("kiosk", "Your badge was read and is being checked.")
SETUP = QT_TRANSLATE_NOOP("kiosk", "This kiosk is not set up yet")
SETUP_HOW = QT_TRANSLATE_NOOP("kiosk", "An administrator enrols it with a one-time code from the hub.")
TROUBLE = QT_TRANSLATE_NOOP("kiosk", "This kiosk cannot work now")
TROUBLE_HOW = QT_TRANSLATE_NOOP("kiosk", "Call maintenance.")
TROUBLE_SHORT = QT_TRANSLATE_NOOP("kiosk", "Trouble")
RETRYING = QT_TRANSLATE_NOOP(
    "kiosk", "It tries again by itself; a tap on the screen or with your badge tries at once."
)
FAULT = QT_TRANSLATE_NOOP("kiosk", "Something went wrong in this program.")
FAULT_HOW = QT_TRANSLATE_NOOP("kiosk", "Tell IT: the details are in the kiosk's log.")

PREVIOUS = QT_TRANSLATE_NOOP("kiosk", "Back")
NEXT = QT_TRANSLATE_NOOP("kiosk", "Next")
FIRST = QT_TRANSLATE_NOOP("kiosk", "First page")
LAST = QT_TRANSLATE_NOOP("kiosk", "Last page")
SMALLER = QT_TRANSLATE_NOOP("kiosk", "Smaller")
LARGER = QT_TRANSLATE_NOOP("kiosk", "Larger")
FIT_PAGE = QT_TRANSLATE_NOOP("kiosk", "Fit page")
FIT_WIDTH = QT_TRANSLATE_NOOP("kiosk", "Fit width")
PAGES = QT_TRANSLATE_NOOP("kiosk", "All pages")
MORE = QT_TRANSLATE_NOOP("kiosk", "More")
MENU = QT_TRANSLATE_NOOP("kiosk", "Menu")
CLOSE = QT_TRANSLATE_NOOP("kiosk", "Close")
PLAY_CLIP = QT_TRANSLATE_NOOP("kiosk", "Play the clip")
PAUSE_CLIP = QT_TRANSLATE_NOOP("kiosk", "Pause the clip")
GO_ON_CLIP = QT_TRANSLATE_NOOP("kiosk", "Go on with the clip")
CLOSE_CLIP = QT_TRANSLATE_NOOP("kiosk", "Close the clip")
LOCK = QT_TRANSLATE_NOOP("kiosk", "Lock")
CONFIRM = QT_TRANSLATE_NOOP("kiosk", "Confirm")
SIGN = QT_TRANSLATE_NOOP("kiosk", "Sign")
TAKE_BACK = QT_TRANSLATE_NOOP("kiosk", "Take the confirmation back")
STANDING = QT_TRANSLATE_NOOP("kiosk", "How this kiosk stands")
WITHHELD = QT_TRANSLATE_NOOP("kiosk", "Pages that you may not read")

_LANGUAGES = {
    "en": QT_TRANSLATE_NOOP("kiosk", "English"),
    "es": QT_TRANSLATE_NOOP("kiosk", "Spanish"),
    "zh": QT_TRANSLATE_NOOP("kiosk", "Chinese"),
    "ms": QT_TRANSLATE_NOOP("kiosk", "Malay"),
}

HELP = QT_TRANSLATE_NOOP("kiosk", "Help")
CALL = QT_TRANSLATE_NOOP("kiosk", "Call for help")
END_CALL = QT_TRANSLATE_NOOP("kiosk", "Take the call for help back")
HELP_ASKS = QT_TRANSLATE_NOOP("kiosk", "What is it?")
WRONG_HERE = QT_TRANSLATE_NOOP("kiosk", "Something is wrong on this page")
MARK_HOW = QT_TRANSLATE_NOOP(
    "kiosk", "Draw around the place with a finger. It goes to quality with the page."
)
HERE = QT_TRANSLATE_NOOP("kiosk", "It is here")
WHAT_IS_WRONG = QT_TRANSLATE_NOOP("kiosk", "What is wrong there?")
OWN_WORDS = QT_TRANSLATE_NOOP("kiosk", "Say it in a few words")
KEYS = QT_TRANSLATE_NOOP("kiosk", "1234567890QWERTYUIOPASDFGHJKL-ZXCVBNM,.?")
"""The keys to type them with, row by row: a language may have letters of its own."""
SPACE = QT_TRANSLATE_NOOP("kiosk", "Space")
SEND = QT_TRANSLATE_NOOP("kiosk", "Send")
UNDO = QT_TRANSLATE_NOOP("kiosk", "Take back")

ADMIT = QT_TRANSLATE_NOOP("kiosk", "Admit somebody")
BREAK_GLASS = QT_TRANSLATE_NOOP("kiosk", "Break glass")
CHANGES = QT_TRANSLATE_NOOP("kiosk", "What changed")
HAVE_READ = QT_TRANSLATE_NOOP("kiosk", "I have read it")

BOARD = QT_TRANSLATE_NOOP("kiosk", "Board")
CLOSE_BOARD = QT_TRANSLATE_NOOP("kiosk", "Close the board")
END_ASKS = QT_TRANSLATE_NOOP(
    "kiosk", "End the kiosk program? Nobody can read here until it is started again."
)
END_PROGRAM = QT_TRANSLATE_NOOP("kiosk", "End the program")

SET_PIN = QT_TRANSLATE_NOOP("kiosk", "Set PIN")
CANCEL = QT_TRANSLATE_NOOP("kiosk", "Cancel")
NOT_NOW = QT_TRANSLATE_NOOP("kiosk", "Not now")
DELETE = QT_TRANSLATE_NOOP("kiosk", "Delete")
OK = QT_TRANSLATE_NOOP("kiosk", "OK")

INFO = QT_TRANSLATE_NOOP("kiosk", "Note")
WARNING = QT_TRANSLATE_NOOP("kiosk", "Please note")
ERROR = QT_TRANSLATE_NOOP("kiosk", "Problem")


def page_counter(index: int, count: int) -> str:
    """Where the person is: leaf ``index`` (from 0) of ``count``."""
    return f"{index + 1} / {count}"


def page_name(leaf: Leaf) -> str:
    """A page of a document: its number there, and the label printed on it where it differs."""
    number = str(leaf.number)
    named = f"{number} ({leaf.label})" if leaf.label and leaf.label != number else number
    return translate("kiosk", "p. {number}").format(number=named)


def listed(sentences: Sequence[str]) -> str:
    """Several sentences, a line each; a point before each where there are more than one."""
    return "\n".join(f"•  {sentence}" for sentence in sentences) if len(sentences) > 1 else "".join(sentences)


def now_the_station(name: str) -> str:
    """A card was touched; what comes next."""
    return translate("kiosk", "{name}: now touch the station to go to").format(name=name)


def at_board(person: str) -> str:
    """Who is at the board, for those who hear it."""
    return translate("kiosk", "{name} is at the board").format(name=person)


def at_station(person: str, station: str, name: str) -> str:
    """Who is signed in where, for those who hear it."""
    return f"{person}, {station} {name}"


def document_line(leaf: Leaf) -> str:
    """Which document this is, without its title."""
    revision = translate("kiosk", "Rev {revision}").format(revision=leaf.revision)
    page = translate("kiosk", "{page} of {count}").format(page=page_name(leaf), count=leaf.of)
    return f"{leaf.document}  ·  {revision}  ·  {page}"


def only_in(leaf: Leaf, language: str) -> tuple[str, str]:
    """That a page is not in the language of whoever reads it, and in which it is, long and short; "" where
    all is well.
    """
    if not leaf.language or speaks(leaf.language, language):
        return "", ""
    named = _LANGUAGES.get(leaf.language.partition("-")[0])
    name = translate("kiosk", named) if named else QLocale(leaf.language).nativeLanguageName()
    said = translate("kiosk", "This page is only in {language}"), translate("kiosk", "Only in {language}")
    return said[0].format(language=name or leaf.language), said[1].format(language=name or leaf.language)


def steps_stand(work: Work) -> str:
    """The step of the page in front, and how many of all are confirmed."""
    done = translate("kiosk", "{done} of {count} done").format(
        done=sum(step.done for step in work.steps), count=len(work.steps)
    )
    now = work.step(work.now)
    if now is None:
        return done
    step = translate("kiosk", "Step {step}").format(step=now.code)
    return f"{step}  ·  {done}"


def steps_on(work: Work, leaf: int) -> str:
    """Behind the number of a page: a tick where all its steps are confirmed, else how many are."""
    here = [step for step in work.steps if step.leaf == leaf]
    done = sum(step.done for step in here)
    if not here:
        return ""
    return "  ✓" if done == len(here) else f"  {done}/{len(here)}"


def call(told: CallSeen, now: datetime) -> tuple[str, str]:
    """How a call for help stands; long and short."""
    time = moment(told.at.astimezone(now.tzinfo), now)
    if told.state == "coming":
        long = translate("kiosk", "Called at {time}: {name} is coming")
        short = translate("kiosk", "{name} is coming")
        return long.format(time=time, name=told.by), short.format(name=told.by)
    if told.state == "called":
        said = translate("kiosk", "Help called at {time}").format(time=time)
        return said, said
    if told.state == "calling":
        said = translate("kiosk", "Calling for help …")
        return said, said
    long = translate("kiosk", "Call at {time} not sent: call out").format(time=time)
    return long, translate("kiosk", "Call not sent")


def remark_goes(left: int) -> str:
    """A remark can still be taken back."""
    return translate("kiosk", "Your remark goes to quality in {seconds} s").format(seconds=left)


def takt(spent: int, whole: int) -> str:
    """How much of the takt time has passed, for those who hear it; seconds."""
    time = [f"{seconds // 60}:{seconds % 60:02}" for seconds in (spent, whole)]
    return translate("kiosk", "Takt {spent} of {takt}").format(spent=time[0], takt=time[1])


def why_taken_back(code: str) -> str:
    """The question before a confirmation is taken back."""
    return translate("kiosk", "Why does the confirmation of step {step} not hold?").format(step=code)


def changes_of(changes: Changes) -> str:
    """Of which revision it is shown what changed."""
    told = translate("kiosk", "{document}: what changed in revision {revision}")
    return told.format(document=changes.document, revision=changes.revision)


def changes_left(left: int) -> str:
    """What is still to be looked at before it can be confirmed."""
    if left == 0:
        return translate("kiosk", "Confirm when you have read it")
    one, more = translate("kiosk", "1 more to look at"), translate("kiosk", "{count} more to look at")
    return one if left == 1 else more.format(count=left)


def changes_in_full(changes: Changes) -> str:
    """Both in one line."""
    told = translate("kiosk", "{what}. {left}")
    return told.format(what=changes_of(changes), left=changes_left(changes.left))


def page_before(changes: Changes, change: PageChange) -> str:
    """What stands above the page before."""
    if change.kind == "removed":
        told = translate("kiosk", "Gone since revision {revision}")
        return told.format(revision=changes.revision)
    return translate("kiosk", "Before: revision {revision}").format(revision=changes.former)


def page_now(changes: Changes, change: PageChange) -> str:
    """What stands above the new page."""
    if change.kind == "added":
        return translate("kiosk", "New page in revision {revision}").format(revision=changes.revision)
    if change.old is None and change.come:
        told = translate(
            "kiosk", "Now: revision {revision}. The page before is no longer here; changes are marked."
        )
        return told.format(revision=changes.revision)
    return translate("kiosk", "Now: revision {revision}").format(revision=changes.revision)


def preparing(index: int) -> str:
    """A page that is not ready yet."""
    return translate("kiosk", "Page {number} is on its way …").format(number=index + 1)


def locks_in(seconds: int) -> tuple[str, str]:
    """The countdown, long and short."""
    if seconds == 1:
        long = translate("kiosk", "Locks in {seconds} second  ·  touch the screen to stay")
    else:
        long = translate("kiosk", "Locks in {seconds} seconds  ·  touch the screen to stay")
    return long.format(seconds=seconds), translate("kiosk", "Locks in {seconds} s").format(seconds=seconds)


def online() -> str:
    """The hub answers."""
    return translate("kiosk", "Online")


def offline(since: datetime | None, now: datetime) -> tuple[str, str]:
    """The hub does not answer; long and short."""
    short = translate("kiosk", "Offline")
    if since is None:
        return short, short
    return translate("kiosk", "Offline since {time}").format(time=moment(since, now)), short


def readable_until(until: datetime | None, now: datetime) -> tuple[str, str]:
    """Until when pages may be read, long and short."""
    if until is None:
        none = translate("kiosk", "No pages yet")
        return none, none
    time = moment(until, now)
    if until <= now:
        ended = translate("kiosk", "Reading time ended {time}").format(time=time)
        return ended, translate("kiosk", "Reading time ended")
    return (
        translate("kiosk", "Readable until {time}").format(time=time),
        translate("kiosk", "until {time}").format(time=time),
    )


def ends(until: datetime, now: datetime) -> tuple[str, str]:
    """Pages can be read no longer than this, and it is near; long and short."""
    left, time = _left(until, now), moment(until, now)
    return (
        translate("kiosk", "Readable until {time}, {left} left").format(time=time, left=left),
        translate("kiosk", "until {time}, {left}").format(time=time, left=left),
    )


def ending(until: datetime, now: datetime) -> str:
    """The same as a sentence."""
    time = moment(until, now)
    if until <= now:
        return translate("kiosk", "The time for reading pages here ended {time}.").format(time=time)
    told = translate("kiosk", "Pages can be read here until {time}: {left} left.")
    return told.format(time=time, left=_left(until, now))


def extend(*, online: bool) -> str:
    """What makes the reading time longer, and who does it."""
    if online:
        return translate(
            "kiosk",
            "The hub answers but does not extend the reading time. "
            "A supervisor calls IT and reads out what this line says.",
        )
    return translate(
        "kiosk",
        "To extend the reading time, reconnect this kiosk to the hub: the rest goes by itself within a "
        "minute. If the hub is down, a supervisor calls IT and says until when it is needed.",
    )


def _left(until: datetime, now: datetime) -> str:
    minutes = max(1, -int((now - until).total_seconds() // 60))
    hours, rest = divmod(minutes, 60)
    parts = [translate("kiosk", "{hours} h").format(hours=hours)] * bool(hours)
    return " ".join([*parts, *[translate("kiosk", "{minutes} min").format(minutes=rest)] * bool(rest)])


def waiting(events: int) -> tuple[str, str]:
    """How many events the hub does not hold yet, long and short."""
    if events == 0:
        return translate("kiosk", "All recorded at the hub"), translate("kiosk", "Recorded")
    one, more = translate("kiosk", "1 event waits"), translate("kiosk", "{count} events wait")
    short = translate("kiosk", "{count} waiting")
    return one if events == 1 else more.format(count=events), short.format(count=events)


def pulling(done: int, total: int) -> tuple[str, str]:
    """Pages are coming in, long and short."""
    return (
        translate("kiosk", "Fetching pages {done} of {total}").format(done=done, total=total),
        translate("kiosk", "{done}/{total} pages").format(done=done, total=total),
    )


def pin_stands(ask: PinAsk) -> str:
    """How the tries stand: the countdown of a wait, or the tries left; nothing before the first wrong one."""
    if ask.wait > 0:
        time = f"{ask.wait // 60}:{ask.wait % 60:02}"
        return translate("kiosk", "Next try in {time}").format(time=time)
    if ask.left is None:
        return ""
    one, more = translate("kiosk", "1 try left"), translate("kiosk", "{count} tries left")
    tries = one if ask.left == 1 else more.format(count=ask.left)
    return (
        tries
        if ask.then == "wait"
        else translate("kiosk", "{tries}, then the PIN is blocked").format(tries=tries)
    )


def exceptional(told: Exceptional, now: datetime) -> tuple[str, str]:
    """By which grant somebody reads here, until when; long and short."""
    time = moment(told.until.astimezone(now.tzinfo), now)
    if told.kind == "glass":
        long = translate("kiosk", "Break-glass: pages of {station} until {time}. Every look is reviewed.")
        short = translate("kiosk", "Break-glass: {station} until {time}")
        return long.format(station=told.station, time=time), short.format(station=told.station, time=time)
    long = translate("kiosk", "Admitted without the hub by {name} until {time}.")
    return long.format(name=told.by, time=time), translate("kiosk", "Admitted until {time}").format(time=time)


def of_client(paper: Paper) -> str:
    """Whose agreement is in front, and which version."""
    told = translate("kiosk", "{client}, version {version}")
    return told.format(client=paper.client, version=paper.version)


def sign_stands(paper: Paper) -> str:
    """How far it is read, or that it can be signed, shortly."""
    if paper.read < paper.of:
        return translate("kiosk", "{read} of {count} pages read").format(read=paper.read, count=paper.of)
    return translate("kiosk", "Read: tap your badge to sign")


def how_to_sign(paper: Paper) -> str:
    """How far it is read, and what is to be done to sign it."""
    if paper.read < paper.of:
        told = translate(
            "kiosk",
            "Please read all of it: {read} of {count} pages read. You sign it with badge and PIN at the end.",
        )
        return told.format(read=paper.read, count=paper.of)
    return translate(
        "kiosk",
        "To sign, tap your badge now and enter your PIN. By that you say: "
        "I have read this agreement and keep to it.",
    )


def clock(now: datetime) -> str:
    """The time of day."""
    return f"{now:%H:%M}"


def day(now: datetime) -> str:
    """The day, for the badge screen."""
    return _written(now, translate("kiosk", "dddd d MMMM"))


def moment(at: datetime, now: datetime) -> str:
    """A time near ``now``: the hour alone where it is the same day."""
    if at.date() == now.date():
        return f"{at:%H:%M}"
    day = _written(at, translate("kiosk", "ddd d MMM"))
    return f"{day} {at:%H:%M}"


def _written(at: datetime, how: str) -> str:
    return QLocale().toString(QDate(at.year, at.month, at.day), how)
