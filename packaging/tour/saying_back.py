"""Scenes in which a worker says something: that a page is wrong, or that help is needed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from app.kiosk import call_desk, remark_desk
from app.kiosk.view import CallSeen, RemarkHeld, Screen, Stage
from app.model.remarks import Verdict
from app.wire.remarks import RemarkAnswer
from tests.ui.player import NOW, STATUS
from tour.registry import scene

if TYPE_CHECKING:
    from tour.guide import Guide

MINUTES = timedelta(minutes=1)


@scene("help")
def _help(guide: Guide) -> None:
    guide.sign_in()
    guide.station.do("help")


@scene("page-other-language")
def _other_language(guide: Guide) -> None:
    guide.sign_in()
    language = "es" if guide.language != "es" else "ms"
    session = guide.window.screen_up.session
    assert session is not None
    leaves = tuple(replace(leaf, language=language) for leaf in session.leaves)
    guide.player.set_session(leaves=leaves, language=guide.language)
    guide.settle()


@scene("badge-call")
def _badge_call(guide: Guide) -> None:
    call = CallSeen("not_gone", NOW - MINUTES, fresh=True)
    offline = replace(STATUS, online=False, offline_since=NOW - 2 * MINUTES, waiting=2, call=call)
    guide.put_up(Screen(Stage.BADGE, offline, None, call_desk.NOT_GONE, offers="set_pin"))


@scene("call-fresh")
def _call_fresh(guide: Guide) -> None:
    guide.sign_in()
    guide.player.set_status(call=CallSeen("called", NOW, fresh=True))
    guide.settle()


@scene("call-coming")
def _call_coming(guide: Guide) -> None:
    guide.sign_in()
    guide.player.set_status(call=CallSeen("coming", NOW - 3 * MINUTES, "Ana-Lucia Mendoza"))
    guide.settle()
    guide.station.do("help")


@scene("call-not-gone")
def _call_not_gone(guide: Guide) -> None:
    guide.sign_in()
    call = CallSeen("not_gone", NOW - MINUTES)
    guide.player.set_status(online=False, offline_since=NOW - 2 * MINUTES, waiting=5, call=call)
    guide.player.say(call_desk.NOT_GONE)
    guide.settle()


@scene("remark-mark")
def _mark(guide: Guide) -> None:
    guide.sign_in()
    guide.station.do("help")
    guide.station.type("2")
    for key in ("down", "down", "larger"):
        guide.station.do(key)


@scene("remark-what")
def _what(guide: Guide) -> None:
    _mark(guide)
    guide.station.type("\r")


@scene("remark-words")
def _words(guide: Guide) -> None:
    _what(guide)
    guide.station.type("6")
    guide.station.type("the torque of the left screw is not on it")


@scene("remark-goes")
def _goes(guide: Guide) -> None:
    guide.sign_in()
    guide.player.set_session(remark=RemarkHeld(8))
    guide.settle()


@scene("remark-answered")
def _answered(guide: Guide) -> None:
    guide.sign_in()
    torque = "the torque is 0.9 Nm; revision C says so from Monday."
    answers = [
        RemarkAnswer(code="K-1/1/42", document="WI-100", number=3, verdict=Verdict.CHANGES, answer=torque),
        RemarkAnswer(code="K-1/1/48", document="WI-100", number=5, verdict=Verdict.STAYS, answer="See 4."),
    ]
    guide.player.say(remark_desk.notice_of(answers))
    guide.settle()
