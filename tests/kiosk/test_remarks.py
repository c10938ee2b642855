"""Saying that a page is wrong: held, taken back, on record when it goes, and told what was answered."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.kiosk.view import Said
from app.model.remarks import HELD_SECONDS, Verdict
from app.seal.boxes import hpke_seal
from app.wire.messages import EventKind
from app.wire.remarks import RemarkAnswer, RemarkAnswers, answers_info
from tests.kiosk.shift import Shift
from tests.kiosk.small_plant import ANA, BEN, KIOSK, SmallPlant, slot_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.kiosk.view import Screen
    from app.wire.messages import Event

REGION = (0.25, 0.5, 0.75, 0.625)
PLAIN = SmallPlant(steps=((1, "1", False), (2, "2", False)))


@pytest.fixture
def shift(tmp_path: Path) -> Iterator[Shift]:
    with Shift(tmp_path, PLAIN) as shift:
        yield shift


def remarks(shift: Shift) -> list[Event]:
    return [event for event in shift.events() if event.kind is EventKind.PAGE_REMARK]


def say(shift: Shift, what: str = "value", words: str = "") -> Screen:
    screen = shift.screen
    assert screen.session is not None
    shift.engine.remark(Said(screen.session.leaves[screen.session.current].page, REGION, what, words))
    return shift.until(lambda s: s.session is not None and s.session.remark is not None)


def test_a_remark_goes_after_ten_seconds_with_page_region_step_and_look(shift: Shift) -> None:
    screen = shift.badge_in(ANA.badge)
    held = say(shift, words="  0.9 Nm ")
    assert held.session is not None
    assert held.session.remark is not None
    assert held.session.remark.left == HELD_SECONDS
    token = held.session.mark.token
    shift.engine.turn_to(1)  # what was said stays about the first page
    shift.until(lambda s: s.session is not None and s.session.current == 1)
    assert remarks(shift) == []
    shift.clock.forward(HELD_SECONDS)
    told = shift.until(lambda s: s.notice is not None and s.notice.code == "remark_kept")
    assert told.session is not None
    assert told.session.remark is None
    (event,) = remarks(shift)
    assert screen.session is not None
    assert (event.page, event.person, event.client) == (screen.session.leaves[0].page, "1001", "ACME")
    assert event.body == {
        "region": [2500, 5000, 7500, 6250], "what": "value", "words": "0.9 Nm", "token": token, "step": "1",
    }  # fmt: skip


def test_one_that_is_taken_back_was_never_said(shift: Shift) -> None:
    shift.badge_in(ANA.badge)
    say(shift)
    shift.engine.take_remark_back()
    shift.until(lambda s: s.notice is not None and s.notice.code == "remark_taken_back")
    shift.clock.forward(HELD_SECONDS)
    shift.engine.lock()
    shift.until(lambda s: s.session is None)
    assert remarks(shift) == []


def test_the_lock_sends_what_is_held_before_the_session_ends(shift: Shift) -> None:
    shift.badge_in(ANA.badge)
    say(shift)
    shift.engine.lock()
    shift.until(lambda s: s.session is None)
    kinds = shift.kinds()
    assert kinds.index(EventKind.PAGE_REMARK) < kinds.index(EventKind.SESSION_END)
    assert remarks(shift)[0].person == "1001"


def test_nothing_is_said_of_a_page_that_is_not_in_front(shift: Shift) -> None:
    screen = shift.badge_in(ANA.badge)
    assert screen.session is not None
    shift.engine.remark(Said(screen.session.leaves[1].page, REGION, "value"))
    shift.until(lambda s: s.notice is not None and s.notice.code == "remark_turned")
    shift.engine.remark(Said(screen.session.leaves[0].page, REGION, "a sentence of its own"))
    shift.engine.lock()
    shift.until(lambda s: s.session is None)
    assert remarks(shift) == []


def test_an_answer_is_told_once_to_who_made_the_remark_and_that_is_on_record(shift: Shift) -> None:
    answer = RemarkAnswer(
        code="K-1/1/42", document="WI-100", number=1, verdict=Verdict.CHANGES, answer="0.9 Nm is right."
    )
    sealed = {}
    for worker in (ANA, BEN):
        public = slot_of(worker.badge, worker.pin).seal_public
        info = answers_info(KIOSK, 2, ANA.code)  # Ben was given Ana's, as a hostile hub might
        sealed[worker.code] = hpke_seal(RemarkAnswers(answers=(answer,)).exact(), public, info)
    holding = shift.plant.holding(2, shift.clock.now())
    lease = holding.lease.model_copy(update={"answers": sealed})
    shift.pull()
    shift.engine.on_holding(replace(holding, lease=lease))
    shift.badge_in(ANA.badge)
    told = shift.until(lambda s: s.notice is not None)
    assert told.notice is not None
    assert told.notice.says == "Your remark was answered."
    assert told.notice.do == "WI-100, page 1: The page will be changed. 0.9 Nm is right."
    (event,) = [event for event in shift.events() if event.kind is EventKind.REMARK_TOLD]
    assert (event.person, event.body) == ("1001", {"code": "K-1/1/42"})
    for badge in (BEN.badge, ANA.badge):
        shift.clock.forward(2)
        shift.engine.lock()
        shift.until(lambda s: s.session is None)
        assert shift.badge_in(badge).notice is None
        shift.settle(1.2)  # two ticks
        assert shift.screen.notice is None
    assert shift.kinds().count(EventKind.REMARK_TOLD) == 1
