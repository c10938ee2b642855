"""Exposure: of which clients a person or a kiosk has seen more of the know-how than the client allows.

Counted from the record of views, over the client's confidential pages that are in force. So a limit bites
with the next lease after the views have arrived, at the latest when the lease of a kiosk without hub ends.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import func, select

from app.hub.schema import Document, EventRow, PageRow, Part, RevisionRow
from app.model.terms import Classification, RevisionStatus
from app.wire.messages import EventKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Select
    from sqlalchemy.orm import InstrumentedAttribute, Session

CONFIDENTIAL = (Classification.STANDARD.word, Classification.RESTRICTED.word)
"""The classes that count."""


class Limited(Protocol):
    """A client as far as exposure goes: the limit in per cent of its confidential pages, None for none."""

    @property
    def exposure_limit(self) -> int | None:
        """Per cent."""


@dataclass(frozen=True)
class Crossed:
    """The clients whose limit is crossed: at this kiosk for everybody, and per person."""

    by_kiosk: frozenset[str] = frozenset()
    by_person: dict[str, frozenset[str]] = field(default_factory=dict)


def read_exposure(session: Session, kiosk: str, clients: Mapping[str, Limited]) -> Crossed:
    """Which limits are crossed at one kiosk, and by which person."""
    persons = _crossed(session, clients, EventRow.person)
    return Crossed(_crossed(session, clients, EventRow.kiosk, only=kiosk).get(kiosk, frozenset()), persons)


def crossed_kiosks(session: Session, clients: Mapping[str, Limited]) -> dict[str, frozenset[str]]:
    """Which limits are crossed per kiosk, for all kiosks at once."""
    return _crossed(session, clients, EventRow.kiosk)


def _crossed(
    session: Session, clients: Mapping[str, Limited], by: InstrumentedAttribute[str], only: str | None = None
) -> dict[str, frozenset[str]]:
    """Count what was seen of each client that has a limit, per value of the column ``by``."""
    found: dict[str, set[str]] = defaultdict(set)
    for code, client in clients.items():
        if client.exposure_limit is None:
            continue
        pages = _confidential(code)
        total = session.scalar(select(func.count()).select_from(pages.subquery())) or 0
        seen = select(by, func.count(EventRow.page.distinct())).where(
            EventRow.client == code,
            EventRow.kind == EventKind.VIEW_BEGIN.value,
            EventRow.page.in_(pages),
        )
        if only is not None:
            seen = seen.where(by == only)
        for who, count in session.execute(seen.group_by(by)):
            if 100 * count > client.exposure_limit * total:
                found[who].add(code)
    return {who: frozenset(codes) for who, codes in found.items()}


def _confidential(client: str) -> Select[str]:
    return (
        select(PageRow.page)
        .join(RevisionRow, PageRow.revision == RevisionRow.id)
        .join(Document, RevisionRow.document == Document.code)
        .join(Part, Document.part == Part.code)
        .where(
            Part.client == client,
            RevisionRow.status == RevisionStatus.EFFECTIVE.value,
            RevisionRow.classification.in_(CONFIDENTIAL),
        )
        .distinct()
    )
