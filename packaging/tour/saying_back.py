"""Scenes in which a worker says something: that a page is wrong, and what quality answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.kiosk import remark_desk
from app.kiosk.view import RemarkHeld
from app.model.remarks import Verdict
from app.wire.remarks import RemarkAnswer
from tour.registry import scene

if TYPE_CHECKING:
    from tour.guide import Guide


@scene("help")
def _help(guide: Guide) -> None:
    guide.sign_in()
    guide.station.do("help")


@scene("remark-mark")
def _mark(guide: Guide) -> None:
    guide.sign_in()
    guide.station.do("help")
    guide.station.type("1")
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
