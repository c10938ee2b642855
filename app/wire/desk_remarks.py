"""Messages between a desk and the hub on remarks: the list, the page that one is about, the answer."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from app.model.remarks import MOST_ANSWER, Verdict
from app.wire.base import B64, NO_NUL, Code, Message, Sha256, Time
from app.wire.desk import Ask, OptionalCode, RowNumber
from app.wire.lease import Box
from app.wire.remarks import RemarkCode

MAX_PAGE_REPLY = 96 * 1024 * 1024
"""Bytes of the largest sealed page in base64, and some."""


class RemarksAsk(Ask):
    """The open remarks; with ``answered`` also those that have an answer."""

    answered: bool = False


class DeskRemark(Message):
    """A remark: ``says`` in words; ``number`` of the page in its document (None: known no more).

    ``revision`` is ``DOCUMENT/LABEL``; ``verdict`` is "" while it is open, ``told`` when its person read the
    answer.
    """

    code: RemarkCode
    at: Time
    person: OptionalCode
    name: str
    station: OptionalCode
    client: OptionalCode
    page: Sha256
    revision: Annotated[str, StringConstraints(max_length=130)]
    number: int | None
    step: str
    unit: OptionalCode
    region: Box
    says: str
    verdict: str = ""
    answer: str = ""
    answered_by: OptionalCode = ""
    told: Time | None = None


class RemarksReply(Message):
    """``looks``: whoever asks may look at the pages, too."""

    remarks: tuple[DeskRemark, ...]
    looks: bool


class RemarkPageAsk(Ask):
    """The page of a remark. That it is looked at is on record: event ``seq`` of the desk's epoch."""

    code: RemarkCode
    epoch: RowNumber
    seq: RowNumber


class RemarkPageReply(Message):
    """The page, sealed as it is stored; its key and the keys of the mark, both sealed to the desk's device
    for this look (``wire.remarks.look_info``).
    """

    code: RemarkCode
    page: Sha256
    revision: str
    sealed: B64
    key: B64
    mark: B64
    width_mpt: Annotated[int, Field(ge=1)]
    height_mpt: Annotated[int, Field(ge=1)]
    badge_tail: Annotated[str, StringConstraints(max_length=4)]
    station: Code


class RemarkAnswerAsk(Ask):
    """Answer a remark, and close it."""

    code: RemarkCode
    verdict: Verdict
    answer: Annotated[str, StringConstraints(max_length=MOST_ANSWER, pattern=NO_NUL)] = ""


class RemarkAnswerReply(Message):
    """What it came to: ``changed``."""

    outcome: Code
