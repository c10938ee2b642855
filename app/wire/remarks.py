"""Remarks on a page: as a kiosk records one, and as the answer travels back in a lease."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from app.model.remarks import MOST_ANSWER, MOST_WORDS, Verdict
from app.wire.base import Code, Message
from app.wire.lease import Box

RemarkCode = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{1,64}/[0-9]{1,10}/[0-9]{1,19}$")]
"""Where the remark's event is: ``KIOSK/EPOCH/NUMBER``."""

What = Literal["unreadable", "differs", "value", "missing", "order", "other"]
"""A word of ``model.remarks.WHATS``."""


class RemarkBody(Message):
    """The body of a ``page.remark``: which region of the page, what is wrong there, in whose look.

    ``token`` names the look, as its mark does; ``step`` is the number of the step that was offered, or "".
    """

    region: Box
    what: What
    words: Annotated[str, StringConstraints(max_length=MOST_WORDS)] = ""
    token: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
    step: Annotated[str, StringConstraints(max_length=16)] = ""


class RemarkAnswer(Message):
    """What quality said to a remark; ``number`` is that of the page in its document."""

    code: RemarkCode
    document: Code
    number: Annotated[int, Field(ge=1)]
    verdict: Verdict
    answer: Annotated[str, StringConstraints(max_length=MOST_ANSWER)]


class RemarkAnswers(Message):
    """All that one person has not been told yet; travels sealed to that person (``answers_info``)."""

    answers: tuple[RemarkAnswer, ...]


class ToldBody(Message):
    """The body of a ``remark.told``: the answer was on the screen of whoever made the remark."""

    code: RemarkCode


class LookBody(Message):
    """The body of a ``remark.viewed``: somebody at a desk looks at the page (``number``) of a remark."""

    code: RemarkCode
    number: int


def answers_info(kiosk: str, number: int, person: str) -> bytes:
    """The HPKE context of answers: they open in this lease and hand only."""
    return b"stationleaf remark answers v1\0%s\0%d\0%s" % (kiosk.encode(), number, person.encode())


def look_info(desk: str, epoch: int, seq: int) -> bytes:
    """The HPKE context of a page's key and of the mark's keys for one look at a desk."""
    return b"stationleaf remark page v1\0%s\0%d\0%d" % (desk.encode(), epoch, seq)
