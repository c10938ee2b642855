"""What is true in the plant, in plain words and numbers, beside the hub's database; and what changes do.

No rule on who may see what: that is ``oracle``'s. Nothing of the product is used here, so that a change which
the product makes wrongly shows as a difference between the two.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field
from datetime import UTC, datetime

PUBLIC, INTERNAL, STANDARD, RESTRICTED = range(4)
ALWAYS = datetime.max.replace(tzinfo=UTC)


@dataclass
class Human:
    """``credential``: ``uid``, ``uid_pin`` or ``card``; ``signed`` are pairs of client and version;
    ``taken`` is what the last leave took: whether a badge, and spells with their ends."""

    credential: str
    roles: set[str]
    ceiling: int = RESTRICTED
    active: bool = True
    badge: bool = True
    signed: set[tuple[str, str]] = field(default_factory=set)
    trained: dict[str, datetime] = field(default_factory=dict)
    taken: tuple[bool, tuple[tuple[Spell, datetime], ...]] = (False, ())


@dataclass
class Spell:
    """Work of a person at a station, from ``start`` to ``end`` (not included); ``kind`` as in the words."""

    person: str
    station: str
    kind: str
    start: datetime
    end: datetime = ALWAYS


@dataclass
class Place:
    """A station."""

    line: str
    parts: set[str]
    ceiling: int = RESTRICTED
    locked: bool = False


@dataclass
class Customer:
    """A client; times in hours, the limits (of a person or kiosk, a line, the site) in per cent or None."""

    version: str = "1"
    hours: int = 72
    restricted_hours: int = 12
    limit: int | None = None
    line_limit: int | None = None
    site_limit: int | None = None
    locked: bool = False


@dataclass
class Issue:
    """A revision. ``status``: ``approved``, ``effective``, ``superseded`` or ``recalled``."""

    document: str
    client: str
    part: str
    level: int
    trained: bool
    status: str
    start: datetime | None
    end: datetime | None = None


@dataclass(frozen=True)
class Sheet:
    """A page: of which revision (``DOCUMENT/LABEL``), and the stations that its map names."""

    page: str
    revision: str
    stations: tuple[str, ...]


@dataclass
class Device:
    """A kiosk as the hub sees it."""

    station: str
    blocked: bool = False


@dataclass
class World:
    """See the module. ``sheets`` by the hash of their ciphertext; ``seen`` is what looks the hub knows of:
    kiosk, person, station and page.
    """

    humans: dict[str, Human]
    places: dict[str, Place]
    customers: dict[str, Customer]
    issues: dict[str, Issue]
    sheets: dict[str, Sheet]
    devices: dict[str, Device]
    spells: list[Spell] = field(default_factory=list)
    site_ceiling: int = RESTRICTED
    seen: set[tuple[str, str, str, str]] = field(default_factory=set)
    recalled: dict[str, Issue] = field(default_factory=dict)

    def copy(self) -> World:
        """As it is now, for ever."""
        return pickle.loads(pickle.dumps(self))

    # -- changes that are more than an assignment ---------------------------------------------------------

    def assign(self, spell: Spell) -> None:
        """What overlaps for the same person, station and kind ends where the new spell begins."""
        for old in self.spells:
            same = (old.person, old.station, old.kind) == (spell.person, spell.station, spell.kind)
            if same and old.start < spell.end and spell.start < old.end:
                old.end = max(old.start, spell.start)
        self.spells.append(spell)

    def unassign(self, person: str, station: str, now: datetime) -> None:
        """Ends now; what is still to come never begins."""
        for spell in self.spells:
            if (spell.person, spell.station) == (person, station):
                spell.end = min(spell.end, max(now, spell.start))

    def release(self, name: str, start: datetime, now: datetime) -> None:
        """In force from ``start``; the one before ends there."""
        issue = self.issues[name]
        issue.status, issue.start, issue.end = "effective", start, None
        self._fit(issue.document, now)

    def recall(self, name: str, now: datetime) -> None:
        """Never shown again; what would have ended where this one begins goes on."""
        issue = self.issues[name]
        issue.status = "recalled"
        self._fit(issue.document, now)

    def take_back_recall(self, name: str, was: Issue, now: datetime) -> None:
        """Again what it was, from now on, unless another is in force meanwhile: then it is approved."""
        issue = self.issues[name]
        issue.status, issue.start, issue.end = was.status, was.start, was.end
        if was.status != "effective" or was.start is None or (was.end is not None and was.end <= now):
            return
        begins = max(now, was.start)
        for other in self._in_force(issue.document):
            if other is not issue and was.start <= (other.start or now) <= begins < (other.end or ALWAYS):
                issue.status, issue.start, issue.end = "approved", None, None
                return
        self.release(name, begins, now)

    def _in_force(self, document: str) -> list[Issue]:
        return [i for i in self.issues.values() if i.document == document and i.status == "effective"]

    def _fit(self, document: str, now: datetime) -> None:
        alive = [i for i in self._in_force(document) if i.end is None or i.end > now]
        alive.sort(key=lambda i: i.start or now)
        for issue, after in zip(alive, [*alive[1:], None], strict=False):
            issue.end = after.start if after is not None else None
            if issue.end is not None and issue.end <= now:
                issue.status = "superseded"
