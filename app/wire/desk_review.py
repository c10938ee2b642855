"""Messages between a desk and the hub on the review queue: cases, what a case looks like, verdicts."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from app.wire.base import NO_NUL, Code, Message, Time
from app.wire.desk import Ask, OptionalCode

CaseCode = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=NO_NUL)]


class ReviewAsk(Ask):
    """The cases of the last ``days``; with ``settled`` also those with a confirmed verdict. With ``client``
    instead those with any verdict, as far as views of its pages go.
    """

    days: Annotated[int, Field(ge=1, le=366)] = 14
    settled: bool = False
    client: OptionalCode = ""


class CaseWhy(Message):
    """A flag, and the sentence that explains it."""

    flag: str
    says: str


class ReviewCase(Message):
    """A person at a station on a day. ``verdict`` is "" while there is none, ``late`` as in the queue."""

    code: CaseCode
    person: Code
    name: str
    station: Code
    day: str
    views: int
    pages: int
    why: tuple[CaseWhy, ...]
    verdict: str = ""
    reason: str = ""
    by: OptionalCode = ""
    confirmed_by: OptionalCode = ""
    settled: bool = False
    late: int = 0


class ReviewReply(Message):
    """``judges``: whoever asks may give and confirm verdicts."""

    cases: tuple[ReviewCase, ...]
    judges: bool


class CaseAsk(Ask):
    """What happened around a case."""

    code: CaseCode


class SpanKind(StrEnum):
    """What a span of the timeline is."""

    SHIFT = "shift"
    ASSIGNED = "assigned"
    RELIEF = "relief"
    GRANT = "grant"
    UNIT = "unit"


class CaseSpan(Message):
    """Something that lasted; cut to the timeline's ends."""

    kind: SpanKind
    begin: Time
    end: Time
    says: str = ""


class CaseView(Message):
    """A view; ``explained``: by an assignment, relief or grant that held when it began, or by the grace after
    one, or the unit that was in work at its end.
    """

    at: Time
    until: Time
    page: str
    kiosk: Code
    unit: OptionalCode = ""
    explained: bool


class CaseReply(Message):
    """The timeline from ``begin`` to ``end``."""

    code: CaseCode
    begin: Time
    end: Time
    spans: tuple[CaseSpan, ...]
    views: tuple[CaseView, ...]


class JudgeVerdict(StrEnum):
    """What a case comes to."""

    JUSTIFIED = "justified"
    INCIDENT = "incident"


class JudgeAsk(Ask):
    """Give a verdict, or with ``confirm`` confirm another person's."""

    code: CaseCode
    verdict: JudgeVerdict = JudgeVerdict.JUSTIFIED
    reason: Annotated[str, StringConstraints(max_length=500, pattern=NO_NUL)] = ""
    confirm: bool = False


class JudgeReply(Message):
    """What it came to: ``added``, ``changed`` or ``unchanged``."""

    outcome: Code
