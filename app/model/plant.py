"""What a plant is, as frozen records: stations, people, pages, assignments, grants. No rule lives here.

All times are timezone-aware UTC. Identifiers are the plant's own codes (``ST-040``, ``P-1007``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.model.terms import ALL_STATIONS, AssignmentKind, Classification, GrantKind, Role

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(frozen=True)
class Span:
    """A half-open time span ``[start, end)``; ``end`` None means open."""

    start: datetime
    end: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether ``now`` lies inside."""
        return self.start <= now and (self.end is None or now < self.end)


@dataclass(frozen=True)
class Station:
    """A work unit (ISA-95), the parts that run on it and the highest class shown there."""

    code: str
    name: str
    line: str
    site: str
    ceiling: Classification = Classification.STANDARD
    parts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Assignment:
    """Operator to station over a span."""

    station: str
    span: Span
    kind: AssignmentKind = AssignmentKind.ASSIGNED


@dataclass(frozen=True)
class Grant:
    """A time-limited exception to need-to-know for one person at one station, made by a second person.

    ``by`` made it, for ``reason``; ``ceiling`` is what that person's credential is worth. Break-glass names
    another station than the kiosk's, offline admission the kiosk's own.
    """

    person: str
    station: str
    span: Span
    kind: GrantKind = GrantKind.OFFLINE_ADMISSION
    by: str = ""
    reason: str = ""
    ceiling: Classification = Classification.RESTRICTED


@dataclass(frozen=True)
class Training:
    """Training of a person on one revision of one document; ``until`` None means it does not lapse."""

    document: str
    revision: str
    until: datetime | None = None


@dataclass(frozen=True)
class Person:
    """A person with what need-to-know asks about them.

    ``agreements`` maps client to the version signed, ``agreements_until`` to when that signature lapses.
    """

    code: str
    name: str
    active: bool = True
    roles: frozenset[Role] = frozenset({Role.OPERATOR})
    ceiling: Classification = Classification.STANDARD
    agreements: Mapping[str, str] = field(default_factory=dict)
    agreements_until: Mapping[str, datetime] = field(default_factory=dict)
    training: frozenset[Training] = frozenset()
    assignments: tuple[Assignment, ...] = ()


@dataclass(frozen=True)
class Page:
    """One page of one revision. ``page`` is the SHA-256 (hex) of its bytes.

    ``changed``: at this station the revision has changes that are read before its pages. ``before`` is the
    label of the revision whose changes this page, of the revision before it, is there to show; "" for pages
    to work by. Such a page is there for the time in which that revision is ``effective``.
    """

    page: str
    document: str
    revision: str
    number: int
    client: str
    part: str
    classification: Classification
    stations: frozenset[str]
    effective: Span | None
    recalled: bool = False
    training_required: bool = False
    changed: bool = False
    before: str = ""

    @property
    def revision_key(self) -> str:
        """``DOCUMENT/LABEL``."""
        return f"{self.document}/{self.revision}"

    def needed_at(self, station: str) -> bool:
        """Whether the page's map names the station, or every station."""
        return station in self.stations or ALL_STATIONS in self.stations
