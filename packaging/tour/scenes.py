"""Every screen and state of the kiosk, each as a function that takes a guide there from the badge screen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from app.kiosk import agreement_desk, glass_desk, granting, leaving, pin_desk, pin_setting, telling
from app.kiosk.table import FINISH
from app.kiosk.view import (
    Choice,
    Exceptional,
    Notice,
    PageChange,
    Paper,
    PinAsk,
    Screen,
    Stage,
    Status,
    StepSeen,
    Work,
)
from app.model import steps
from app.model.decide import Reason
from app.model.words import BADGE_ALONE, REASON_WORDS
from app.wire.agreement import MEANING
from tests.ui.player import NOW, STATUS
from tour import at_board, playing, saying_back  # noqa: F401 (their scenes are some of these)
from tour.registry import SCENES, scene

if TYPE_CHECKING:
    from tour.guide import Guide

__all__ = ["SCENES"]

HOUR = timedelta(hours=1)


@scene("starting")
def _starting(guide: Guide) -> None:
    guide.put_up(Screen(Stage.STARTING, Status()))


@scene("setup")
def _setup(guide: Guide) -> None:
    guide.put_up(Screen(Stage.SETUP, Status()))


@scene("badge")
def _badge(guide: Guide) -> None:
    guide.put_up(Screen(Stage.BADGE, STATUS, offers="set_pin"))


@scene("badge-unknown")
def _badge_unknown(guide: Guide) -> None:
    guide.player.tap("0009999999")
    guide.settle()


@scene("denied-long")
def _denied_long(guide: Guide) -> None:
    notice = Notice(
        "class_ceiling", f"Maria-Fernanda Albuquerque: {BADGE_ALONE.says}", BADGE_ALONE.do, "warning"
    )
    guide.put_up(Screen(Stage.BADGE, STATUS, None, notice, offers="set_pin"))


@scene("blocked")
def _blocked(guide: Guide) -> None:
    words = REASON_WORDS[Reason.KIOSK_BLOCKED]
    guide.put_up(Screen(Stage.BADGE, STATUS, None, Notice("kiosk_blocked", words.says, words.do, "error")))


@scene("set-back")
def _set_back(guide: Guide) -> None:
    guide.put_up(Screen(Stage.BADGE, STATUS, None, telling.SET_BACK))


@scene("reader-unplugged")
def _reader(guide: Guide) -> None:
    notice = Notice(
        "reader_absent",
        "The badge reader is not plugged in.",
        "Plug its cable in again; it is found by itself. If not, tell IT.",
        "error",
    )
    guide.put_up(Screen(Stage.BADGE, STATUS, None, notice))


@scene("badge-offline")
def _badge_offline(guide: Guide) -> None:
    guide.player.set_status(
        online=False, offline_since=NOW - 26 * HOUR, readable_until=NOW + 46 * HOUR, waiting=118
    )
    guide.settle()


@scene("lease-ends")
def _lease_ends(guide: Guide) -> None:
    guide.player.set_status(
        online=False, offline_since=NOW - 65 * HOUR, readable_until=NOW + 7 * HOUR, waiting=40
    )
    guide.settle()


@scene("lease-ended")
def _lease_ended(guide: Guide) -> None:
    guide.player.set_status(
        online=False, offline_since=NOW - 73 * HOUR, readable_until=NOW - HOUR, waiting=41
    )
    guide.settle()


@scene("identifying")
def _identifying(guide: Guide) -> None:
    guide.put_up(Screen(Stage.IDENTIFYING, STATUS))


@scene("pin")
def _pin(guide: Guide) -> None:
    guide.put_up(Screen(Stage.PIN, STATUS, pin=PinAsk("Enter your PIN", "6 to 12 digits, then OK")))
    for digit in "4711":
        guide.pin.type(digit)


@scene("pin-wrong")
def _pin_wrong(guide: Guide) -> None:
    ask = PinAsk("Enter your PIN", "6 to 12 digits, then OK", "3801654279", left=2)
    guide.put_up(Screen(Stage.PIN, STATUS, None, pin_desk.WRONG, ask))


@scene("pin-wait")
def _pin_wait(guide: Guide) -> None:
    ask = PinAsk("Enter your PIN", "6 to 12 digits, then OK", left=4, then="blocked", wait=127)
    guide.put_up(Screen(Stage.PIN, STATUS, None, pin_desk.WAIT, ask))


@scene("pin-new")
def _pin_new(guide: Guide) -> None:
    ask = PinAsk("Choose a PIN", "6 to 12 digits, no rows or repeats, then OK")
    guide.put_up(Screen(Stage.PIN, STATUS, pin=ask))


@scene("pin-which-badge")
def _pin_badge(guide: Guide) -> None:
    guide.put_up(Screen(Stage.BADGE, STATUS, None, pin_setting.WHICH_BADGE, offers="cancel"))


@scene("pin-sending")
def _pin_sending(guide: Guide) -> None:
    guide.put_up(Screen(Stage.IDENTIFYING, STATUS, None, pin_setting.SENDING))


@scene("station")
def _station(guide: Guide) -> None:
    guide.sign_in()


def _at_step(guide: Guide, now: int, **more: Any) -> None:
    """At the page of step ``now`` (from 1) of six; those before it are confirmed."""
    leaves = (0, 1, 1, 2, 3, 4)
    told = tuple(
        StepSeen(f"WI-100/B#{n}", str(n), leaf % guide.pages, n < now, n == 4)
        for n, leaf in enumerate(leaves, 1)
    )
    guide.sign_in()
    guide.station.go(told[now - 1].leaf)
    guide.settle()
    guide.player.set_session(work=Work(told, told[now - 1].key, told[now - 2].key if now > 1 else "", **more))
    guide.settle()


@scene("step")
def _step(guide: Guide) -> None:
    _at_step(guide, 3)


@scene("step-unit-takt")
def _step_unit(guide: Guide) -> None:
    _at_step(guide, 3, unit="SN-2026-004711", order="WO-88123", takt=180, spent=71)


@scene("step-takt-over")
def _step_late(guide: Guide) -> None:
    _at_step(guide, 3, unit="SN-2026-004711", takt=180, spent=260)


@scene("step-to-sign")
def _step_to_sign(guide: Guide) -> None:
    _at_step(guide, 4)


@scene("step-strip")
def _step_strip(guide: Guide) -> None:
    _at_step(guide, 3)
    guide.station.toggle_strip()
    guide.settle()


@scene("step-taken-back")
def _step_back(guide: Guide) -> None:
    _at_step(guide, 3)
    guide.station.do("undo")


@scene("step-sign-badge")
def _step_sign_badge(guide: Guide) -> None:
    notice = Notice("sign", "Sign: step 4 of WI-100, revision B", "Tap your badge, then enter your PIN.")
    guide.put_up(Screen(Stage.BADGE, STATUS, None, notice, offers="cancel"))


@scene("step-sign-pin")
def _step_sign_pin(guide: Guide) -> None:
    ask = PinAsk("Sign: step 4 of WI-100, revision B", f"Rosa Ferreira: {steps.PERFORMED}")
    guide.put_up(Screen(Stage.PIN, STATUS, pin=ask))


TORQUE = PageChange(
    "changed", 0, 1, ((0.09, 0.73, 0.45, 0.8),), ((0.09, 0.73, 0.45, 0.8), (0.1, 0.11, 0.5, 0.15))
)
ADDED = PageChange("added", None, 3, (), ((0.0, 0.0, 1.0, 1.0),))


@scene("changes")
def _changes(guide: Guide) -> None:
    guide.sign_in()
    guide.player.compare(TORQUE, ADDED, left=1)
    guide.settle()


@scene("changes-read")
def _changes_read(guide: Guide) -> None:
    guide.sign_in()
    guide.player.compare(TORQUE, ADDED)
    guide.player.turn_to(1)
    guide.settle()


@scene("changes-old-gone")
def _changes_alone(guide: Guide) -> None:
    guide.sign_in()
    guide.player.compare(PageChange("changed", None, 2, (), TORQUE.come), more=False)
    guide.settle()


@scene("changes-while-working")
def _finishing(guide: Guide) -> None:
    guide.sign_in()
    unread = REASON_WORDS[Reason.CHANGE_UNREAD]
    guide.player.say(FINISH)
    guide.player.set_session(
        unread=True, finishing=True, withheld=(f"3 pages are withheld. {unread.says} {unread.do}",)
    )
    guide.settle()


@scene("station-wide-page")
def _wide(guide: Guide) -> None:
    guide.sign_in()
    guide.station.go(2)
    guide.until(lambda: guide.station.shown == 2)
    guide.settle()


@scene("zoomed")
def _zoomed(guide: Guide) -> None:
    guide.sign_in()
    for _ in range(3):
        guide.station.do("larger")
    guide.sharpen()


@scene("fit-width")
def _fit_width(guide: Guide) -> None:
    guide.sign_in()
    guide.station.do("fit")
    guide.settle()


@scene("strip")
def _strip(guide: Guide) -> None:
    guide.sign_in()
    guide.station.toggle_strip()
    guide.settle()


@scene("withheld")
def _withheld(guide: Guide) -> None:
    guide.sign_in()
    stale, many = REASON_WORDS[Reason.TRAINING_STALE], REASON_WORDS[Reason.CLASS_CEILING]
    said = (f"3 pages are withheld. {stale.says} {stale.do}", f"1 page is withheld. {many.says} {many.do}")
    guide.player.set_session(withheld=said)
    guide.settle()
    guide.station.do("withheld")


@scene("page-absent")
def _absent(guide: Guide) -> None:
    guide.sign_in()
    guide.player.say(
        Notice("page_absent", "This page is still being fetched.", "It appears by itself.", "info")
    )
    guide.player.set_session(current=4)
    guide.settle()


@scene("station-notice")
def _notice(guide: Guide) -> None:
    guide.sign_in()
    guide.player.say(leaving.notice(NOW + HOUR / 90, NOW))
    guide.settle()


@scene("station-offline")
def _offline(guide: Guide) -> None:
    guide.sign_in()
    guide.player.set_status(
        online=False,
        offline_since=NOW - HOUR,
        waiting=3,
        readable_until=NOW + 45 * HOUR / 60,
        trouble="The hub does not answer.",
    )
    guide.settle()
    guide.station.do("standing")


@scene("fetching")
def _fetching(guide: Guide) -> None:
    guide.sign_in()
    guide.player.set_status(pulled=31, to_pull=148)
    guide.settle()


@scene("locks-soon")
def _locks(guide: Guide) -> None:
    guide.sign_in()
    guide.player.set_session(lock_in=12)
    guide.settle()


LINE = {
    10: "Housing preparation", 20: "Board placement", 30: "Seal and gasket", 50: "Leak test", 60: "Labelling",
    70: "Final inspection", 80: "Packing",
}  # fmt: skip
OFFLINE = replace(STATUS, online=False, offline_since=NOW - HOUR, readable_until=NOW + 40 * HOUR, waiting=12)


@scene("admission-offered")
def _admission_offered(guide: Guide) -> None:
    guide.put_up(Screen(Stage.BADGE, OFFLINE, offers="set_pin", grants="admission"))


@scene("admission-supervisor")
def _admission_supervisor(guide: Guide) -> None:
    guide.put_up(Screen(Stage.BADGE, OFFLINE, None, granting.ADMIT_FIRST, offers="cancel"))


@scene("admission-reason")
def _admission_reason(guide: Guide) -> None:
    ask = Choice("Why?", "Touch the reason; it goes on record.", granting.REASONS)
    guide.put_up(Screen(Stage.CHOICE, OFFLINE, offers="cancel", choice=ask))


@scene("admission-time")
def _admission_time(guide: Guide) -> None:
    lengths = tuple(granting.lasting(minutes) for minutes in granting.MINUTES[-granting.OPTIONS_AT_MOST :])
    ask = Choice("For how long?", "It ends by itself.", lengths)
    guide.put_up(Screen(Stage.CHOICE, OFFLINE, offers="cancel", choice=ask))


@scene("station-admission")
def _station_admission(guide: Guide) -> None:
    guide.sign_in()
    guide.player.set_status(**vars(OFFLINE))
    guide.player.set_session(exceptional=Exceptional("admission", NOW + HOUR, "Ada Byron"))
    guide.settle()


def _paper(guide: Guide, read: int) -> None:
    guide.sign_in()
    paper = Paper("Northwind Medical", "Confidentiality agreement 2026", "3", read, guide.pages)
    guide.player.set_session(paper=paper, work=Work(), withheld=())
    guide.settle()


@scene("agreement-reading")
def _agreement_reading(guide: Guide) -> None:
    _paper(guide, 1)


@scene("agreement-read")
def _agreement_read(guide: Guide) -> None:
    _paper(guide, guide.pages)


@scene("agreement-unread")
def _agreement_unread(guide: Guide) -> None:
    _paper(guide, 1)
    guide.player.say(agreement_desk.NOT_READ)
    guide.settle()


@scene("agreement-pin")
def _agreement_pin(guide: Guide) -> None:
    guide.put_up(Screen(Stage.PIN, STATUS, pin=PinAsk(agreement_desk.SIGN_ASKS, f"Rosa Ferreira: {MEANING}")))


@scene("glass-offered")
def _glass_offered(guide: Guide) -> None:
    guide.put_up(Screen(Stage.BADGE, STATUS, offers="set_pin", grants="glass"))


@scene("glass-supervisor")
def _glass_supervisor(guide: Guide) -> None:
    guide.put_up(Screen(Stage.BADGE, STATUS, None, granting.GLASS_FIRST, offers="cancel"))


@scene("glass-station")
def _glass_station(guide: Guide) -> None:
    stations = tuple(f"ST-{code:03} {name}" for code, name in LINE.items())
    ask = Choice("Whose pages?", "Touch the station.", stations, serious=True)
    guide.put_up(Screen(Stage.CHOICE, STATUS, offers="cancel", choice=ask))


@scene("glass-asking")
def _glass_asking(guide: Guide) -> None:
    guide.put_up(Screen(Stage.IDENTIFYING, STATUS, None, glass_desk.ASKING))


@scene("station-glass")
def _station_glass(guide: Guide) -> None:
    guide.sign_in()
    guide.player.set_session(exceptional=Exceptional("glass", NOW + HOUR / 4, "Ada Byron", "ST-050"))
    guide.settle()


@scene("glass-over")
def _glass_over(guide: Guide) -> None:
    guide.put_up(Screen(Stage.BADGE, STATUS, None, telling.GLASS_OVER, grants="glass"))


@scene("ended")
def _ended(guide: Guide) -> None:
    guide.put_up(Screen(Stage.BADGE, STATUS, None, telling.ENDED))


@scene("trouble")
def _trouble(guide: Guide) -> None:
    notice = Notice(
        "keyring_locked",
        "The keyring of this machine is locked, so this kiosk's keys cannot be read.",
        "Unlock it with the password of the kiosk's user, or sign in to the desktop again.",
        "error",
    )
    guide.put_up(Screen(Stage.TROUBLE, Status(), None, notice))
