"""What a desk asks its hub beside the board: exposure, and the pages behind a share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from app.kiosk.view import Framing
    from app.model.remarks import Verdict
    from app.wire.desk_exposure import By
    from app.wire.desk_remarks import DeskRemark
    from app.wire.desk_review import JudgeVerdict


class Reading:
    """A question that changes nothing on the board."""


@dataclass(frozen=True)
class ReadExposure(Reading):
    """The shares of all people, kiosks, stations, lines or of the site."""

    by: By


@dataclass(frozen=True)
class ReadPages(Reading):
    """The pages behind one share; ``part`` "": of the client's as a whole."""

    by: By
    code: str
    client: str
    part: str = ""


@dataclass(frozen=True)
class ReadRecords(Reading):
    """The clients' logs as they are."""


@dataclass(frozen=True)
class BeginBundle(Reading):
    """Have an evidence bundle of a client made; None: an open end of the period."""

    client: str
    start: datetime | None
    end: datetime | None


@dataclass(frozen=True)
class FollowBundle(Reading):
    """How far it is; with ``drop`` it is not wanted any more."""

    job: str
    drop: bool = False


@dataclass(frozen=True)
class FetchBundle(Reading):
    """The next piece of one that is ready: ``size`` bytes, of which the first ``at`` lie beside ``path``."""

    job: str
    path: Path
    size: int
    at: int = 0


@dataclass(frozen=True)
class Fetched:
    """So many bytes are here; the file has its name once all are."""

    path: Path
    done: int


@dataclass(frozen=True)
class ReadReview(Reading):
    """The review queue of the last days."""


@dataclass(frozen=True)
class ReadVerdicts(Reading):
    """The verdicts of the last year on views of a client's pages."""

    client: str


@dataclass(frozen=True)
class ReadCase(Reading):
    """What happened around a case."""

    code: str


@dataclass(frozen=True)
class Judge(Reading):
    """Give a verdict with a reason; None: confirm another person's. The board does not change by it."""

    code: str
    verdict: JudgeVerdict | None
    reason: str = ""


@dataclass(frozen=True)
class ReadRemarks(Reading):
    """What people at kiosks said of pages; with ``answered`` also what is closed."""

    answered: bool = False


@dataclass(frozen=True)
class ReadBadges(Reading):
    """Who holds which badge."""


@dataclass(frozen=True)
class WithdrawBadge(Reading):
    """Take badge ``number`` (which ends with ``tail``) from a person. The board follows by itself."""

    person: str
    name: str
    number: int
    tail: str
    reason: str


@dataclass(frozen=True)
class ReadRemarkPage(Reading):
    """The page of a remark, drawn in this framing: a look of whoever sits here, on record."""

    remark: DeskRemark
    framing: Framing


@dataclass(frozen=True)
class AnswerRemark(Reading):
    """Answer a remark and close it. The board does not change by it."""

    code: str
    verdict: Verdict
    answer: str
