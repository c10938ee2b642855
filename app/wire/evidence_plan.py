"""Which views the assignments and grants in a bundle explain: the plant's word against its log.

The rule is that of the hub's review (``app.model.explained``), by person, station and day (UTC), on the views
of the bundle's client: what was in hand of another client's is not here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from app.model.errors import Untrusted
from app.model.explained import Spans, When, explained
from app.wire.evidence import read_entry
from app.wire.figures import FORM
from app.wire.messages import VIEWS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from app.wire.figures import Row

FEW = 10
"""So many unexplained views are told by their entries, and of the rest how many there are."""

_AT = {name: at for at, name in enumerate(FORM)}
_KIND, _WALL, _PERSON, _STATION, _PAGE = (_AT[name] for name in ("kind", "wall", "person", "station", "page"))
_Day = tuple[str, str, date]
_Look = tuple[datetime, int, str]  # when, which entry, which page


class _Span(NamedTuple):
    start: datetime
    end: datetime | None


@dataclass
class Views:
    """Views, compared with a plan some entries at a time. ``late`` began in the grace after a span: whether
    that explains them is known once all are here, by the ``last`` looks in the spans before.
    """

    views: int = 0
    outside: int = 0
    bare: list[int] = field(default_factory=list)
    late: dict[_Day, list[_Look]] = field(default_factory=lambda: defaultdict(list))
    last: dict[_Day, dict[int, _Look]] = field(default_factory=lambda: defaultdict(dict))

    def held(self, day: _Day, span: int, look: _Look) -> None:
        """Note a look in a span."""
        mine = self.last[day]
        mine[span] = max(mine.get(span, look), look)

    def join(self, later: Views) -> None:
        """Take over those of later entries."""
        self.views += later.views
        self.outside += later.outside
        self.bare = [*self.bare, *later.bare][:FEW]
        for day, looks in later.late.items():
            self.late[day] += looks
        for day, by_span in later.last.items():
            for span, look in by_span.items():
                self.held(day, span, look)


@dataclass(frozen=True)
class Explained:
    """How many views there are (those among them that may have begun when a kiosk stopped), how many only the
    grace explains, and how many nothing does; ``bare`` are the first entries of these.
    """

    views: int = 0
    by_grace: int = 0
    unexplained: int = 0
    bare: tuple[int, ...] = ()
    grace_seconds: int = 0


class Plan:
    """Who was to be where when, as the bundle names persons."""

    def __init__(self, spans: Iterable[Mapping[str, Any]], grace: timedelta) -> None:
        found: dict[tuple[str, str], list[_Span]] = defaultdict(list)
        for one in spans:
            until = _moment(one["until"]) if one["until"] else None
            person, station = one["person"], one["station"]
            if not isinstance(person, str) or not isinstance(station, str):
                raise TypeError("a name that is none")
            found[person, station].append(_Span(_moment(one["from"]), until))
        self._spans = {where: Spans(held, grace) for where, held in found.items()}
        self._grace = grace

    @classmethod
    def read(cls, acts: bytes, policy: bytes) -> Plan:
        """Read it from the bundle's parts.

        Raises:
            Untrusted: they are not of the form agreed (``bad_message``).
        """
        said, rules = read_entry(acts), read_entry(policy)
        try:
            seconds = int(rules["site"].get("grace_seconds", 0))
            return cls([*said["assignments"], *said["grants"]], timedelta(seconds=seconds))
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
            raise Untrusted(
                "What the bundle says of acts is not of the form agreed.", code="bad_message"
            ) from None

    def look(self, first: int, rows: Sequence[Row]) -> Views:
        """Compare the views among entries from ``first`` on.

        Raises:
            ValueError: a view's time is none.
        """
        found = Views()
        for number, row in enumerate(rows, first):
            if row[_KIND] in VIEWS:
                found.views += 1
                self._look(found, number, row)
        return found

    def _look(self, found: Views, number: int, row: Row) -> None:
        wall, person, station = _moment(row[_WALL]), row[_PERSON], row[_STATION]
        spans = self._spans.get((person, station))
        span, when = spans.find(wall) if spans is not None else (-1, When.OUTSIDE)
        if when is When.OUTSIDE:
            found.outside += 1
            if len(found.bare) < FEW:
                found.bare.append(number)
        elif self._grace:
            day, look = (person, station, wall.date()), (wall, number, row[_PAGE])
            if when is When.HELD:
                found.held(day, span, look)
            else:
                found.late[day].append(look)

    def settle(self, views: Views) -> Explained:
        """Say what explains the views, now that all are here."""
        late, bare = 0, []
        for day, looks in views.late.items():
            late += len(looks)
            there = sorted([*views.last.get(day, {}).values(), *looks])
            told = explained([(wall, page) for wall, _, page in there], self._spans[day[:2]])
            bare += [number for (_, number, _), well in zip(there, told, strict=True) if not well]
        return Explained(
            views.views, late - len(bare), views.outside + len(bare),
            tuple(sorted([*views.bare, *bare])[:FEW]), round(self._grace.total_seconds()),
        )  # fmt: skip


def _moment(text: str) -> datetime:
    """Read a time as entries have it.

    Raises:
        ValueError: it is none, or has no zone.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment
