"""Exposure as people read it: a table of shares by person, kiosk, station, line or site, down to the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.hub.exposure import CONFIDENTIAL, count_pages, given, given_lines, given_site
from app.hub.schema import (
    Client,
    Document,
    EventRow,
    KioskRow,
    Line,
    PageRow,
    Part,
    PersonRow,
    RevisionRow,
    Site,
    StationRow,
)
from app.model.errors import Refused
from app.model.exposure import Share, share
from app.model.terms import RevisionStatus
from app.wire.messages import GIVEN, EventKind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

KINDS = ("person", "kiosk", "station", "line", "site")
_NAMES: dict[str, Select[str, str]] = {
    "person": select(PersonRow.code, PersonRow.name),
    "station": select(StationRow.code, StationRow.name),
    "line": select(Line.code, Line.name),
    "site": select(Site.code, Site.name),
}


@dataclass(frozen=True)
class Column:
    """A client's pages as a whole (``part`` ""), or those of one part. ``limit``: per cent of the whole."""

    client: str
    part: str
    pages: int
    limit: int | None


@dataclass(frozen=True)
class Standing:
    """What somebody or something was ever given: a share for each column."""

    code: str
    name: str
    shares: tuple[Share, ...]


@dataclass(frozen=True)
class Exposure:
    """The table. Rows are whoever was given anything, most first."""

    kind: str
    columns: tuple[Column, ...]
    rows: tuple[Standing, ...]


@dataclass(frozen=True)
class PageGiven:
    """A page that counts, and whether it was given; when and how often is known of persons and kiosks."""

    document: str
    revision: str
    number: int
    label: str
    classification: str
    given: bool
    views: int | None = None
    first: datetime | None = None
    last: datetime | None = None


def exposure(session: Session, kind: str, clients: Collection[str] | None = None) -> Exposure:
    """Which shares each person, kiosk, station, line or the site was given; of all ``clients`` or of these.

    Raises:
        Refused: ``kind`` is none of these.
    """
    _check(kind)
    columns: list[Column] = []
    sets: dict[str, Mapping[str, int]] = {}
    masks: list[int] = []
    for client in session.scalars(select(Client).order_by(Client.code)):
        if clients is not None and client.code not in clients:
            continue
        counted = count_pages(session, client.code)
        if not counted.parts:
            continue
        sets[client.code] = _sets(session, kind, client.code)
        limit = {"line": client.line_limit, "site": client.site_limit, "station": None}
        columns.append(
            Column(client.code, "", counted.whole.bit_count(), limit.get(kind, client.exposure_limit))
        )
        masks.append(counted.whole)
        for part, pages in sorted(counted.parts.items()):
            columns.append(Column(client.code, part, pages.bit_count(), None))
            masks.append(pages)
    names = _names(session, kind)
    rows = []
    for code in sorted({code for by in sets.values() for code in by}):
        shares = tuple(
            share(sets[column.client].get(code, 0), pages)
            for column, pages in zip(columns, masks, strict=True)
        )
        if any(one.seen for one in shares):
            rows.append(Standing(code, names.get(code, code), shares))
    rows.sort(key=lambda row: (-max(one.percent for one in row.shares), row.code))
    return Exposure(kind, tuple(columns), tuple(rows))


def pages_given(session: Session, kind: str, code: str, client: str, part: str = "") -> list[PageGiven]:
    """Every page of a client (of one ``part``) that counts, and whether this person or thing was given it.

    Raises:
        Refused: ``kind`` is none of those of ``exposure``.
    """
    _check(kind)
    counted = count_pages(session, client)
    had = _sets(session, kind, client).get(code, 0)
    told = _told(session, kind, code, client)
    query = (
        select(PageRow, RevisionRow, Document.part)
        .join(RevisionRow, PageRow.revision == RevisionRow.id)
        .join(Document, RevisionRow.document == Document.code)
        .join(Part, Document.part == Part.code)
        .where(
            Part.client == client,
            RevisionRow.status == RevisionStatus.EFFECTIVE.value,
            RevisionRow.classification.in_(CONFIDENTIAL),
        )
        .order_by(Document.code, RevisionRow.label, PageRow.number)
    )
    found = []
    for page, revision, of in session.execute(query):
        if part in {"", of}:
            seen = bool(had >> counted.bit[page.page] & 1)
            views, first, last = told.get(page.page, (None, None, None))
            found.append(
                PageGiven(
                    revision.document, revision.label, page.number, page.label, revision.classification,
                    seen, views, first, last,
                )
            )  # fmt: skip
    return found


def _check(kind: str) -> None:
    if kind not in KINDS:
        raise Refused(f"Exposure is by {', '.join(KINDS)}, not by {kind}.", code="bad_message")


def _sets(session: Session, kind: str, client: str) -> Mapping[str, int]:
    if kind == "line":
        return given_lines(session, client)
    if kind == "site":
        site = session.scalars(select(Site.code)).first() or ""
        return {site: given_site(session, client)}
    return given(session, client, kind)


def _names(session: Session, kind: str) -> dict[str, str]:
    if kind == "kiosk":
        rows = select(KioskRow.code, StationRow.name).join(StationRow, StationRow.code == KioskRow.station)
        return dict(session.execute(rows).all())
    return dict(session.execute(_NAMES[kind]).all())


def _told(
    session: Session, kind: str, code: str, client: str
) -> dict[str, tuple[int, datetime | None, datetime | None]]:
    if kind not in {"person", "kiosk"}:
        return {}
    views = func.count().filter(EventRow.kind != EventKind.VIEW_ANNOUNCED.value)
    query = (
        select(EventRow.page, views, func.min(EventRow.wall), func.max(EventRow.wall))
        .where(
            getattr(EventRow, kind) == code,
            EventRow.client == client,
            EventRow.kind.in_([each.value for each in GIVEN]),
        )
        .group_by(EventRow.page)
    )
    return {page: (views, first, last) for page, views, first, last in session.execute(query)}
