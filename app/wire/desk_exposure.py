"""Messages between a desk and the hub on exposure: shares by person, kiosk, station, line or site; pages."""

from __future__ import annotations

from enum import StrEnum

from app.wire.base import Code, Message, Time
from app.wire.desk import Ask, OptionalCode


class By(StrEnum):
    """Whose exposure."""

    PERSON = "person"
    KIOSK = "kiosk"
    STATION = "station"
    LINE = "line"
    SITE = "site"


class ExposureAsk(Ask):
    """The table of shares."""

    by: By


class ExposureColumn(Message):
    """A client's confidential pages in force (``part`` ""), or those of one part; ``limit`` in per cent."""

    client: Code
    part: OptionalCode = ""
    pages: int
    limit: int | None = None


class ExposureRow(Message):
    """How many pages of each column this person or thing was ever given."""

    code: Code
    name: str
    given: tuple[int, ...]


class ExposureReply(Message):
    """The table; rows are whoever was given anything, most first."""

    by: By
    columns: tuple[ExposureColumn, ...]
    rows: tuple[ExposureRow, ...]


class ExposedPagesAsk(Ask):
    """The pages behind one share."""

    by: By
    code: Code
    client: Code
    part: OptionalCode = ""


class ExposedPage(Message):
    """A page that counts. ``views``, ``first`` and ``last`` are known of persons and kiosks."""

    document: Code
    revision: Code
    number: int
    label: str
    classification: str
    given: bool
    views: int | None = None
    first: Time | None = None
    last: Time | None = None


class ExposedPagesReply(Message):
    """In the order of documents and pages."""

    pages: tuple[ExposedPage, ...]
