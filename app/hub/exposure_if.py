"""What would change if somebody worked at a station: the shares afterwards, and the limits that breaks."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.hub.exposure import count_pages, given, given_lines, union
from app.hub.schema import Client, KioskRow, Line
from app.model.exposure import share
from app.wire.desk import Foreseen

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from sqlalchemy.orm import Session

    from app.hub.exposure import Counted
    from app.hub.schema import StationRow


@dataclass(frozen=True)
class _Given:
    """What was given of one client so far."""

    counted: Counted
    person: int
    kiosks: dict[str, int]
    lines: dict[str, int]
    site: int


class Supposed:
    """What one person, and all kiosks, lines and the site were given so far: read once, for many stations."""

    def __init__(self, session: Session, person: str, clients: Mapping[str, Client]) -> None:
        self._session, self._person, self._clients = session, person, clients
        self._sites = {row.code: row.site for row in session.scalars(select(Line))}
        self._at: dict[str, list[str]] = defaultdict(list)
        for kiosk, station in session.execute(
            select(KioskRow.code, KioskRow.station).order_by(KioskRow.code)
        ):
            self._at[station].append(kiosk)
        self._known: dict[str, _Given] = {}

    def _given(self, client: str) -> _Given:
        if client not in self._known:
            session, person = self._session, self._person
            kiosks = given(session, client, "kiosk")
            self._known[client] = _Given(
                count_pages(session, client),
                given(session, client, "person", [person]).get(person, 0),
                kiosks,
                given_lines(session, client),
                union(kiosks.values()),
            )
        return self._known[client]

    def at(
        self, station: StationRow, revisions: Mapping[str, Collection[int]], *, by_part: bool = False
    ) -> tuple[Foreseen, ...]:
        """The shares, were all of these revisions' pages shown there; ``revisions`` are by client.

        ``by_part`` adds those of each part; limits are of a client's pages as a whole.
        """
        return tuple(
            one
            for client, readable in sorted(revisions.items())
            for one in self._of(client, station, readable, by_part=by_part)
        )

    def _of(
        self, client: str, station: StationRow, revisions: Collection[int], *, by_part: bool
    ) -> Iterator[Foreseen]:
        had, limits = self._given(client), self._clients[client]
        counted = had.counted
        comes = counted.at(station.code, revisions=revisions)
        subjects = (
            ("person", self._person, had.person, limits.exposure_limit),
            *(
                ("kiosk", kiosk, had.kiosks.get(kiosk, 0), limits.exposure_limit)
                for kiosk in self._at[station.code]
            ),
            ("line", station.line, had.lines.get(station.line, 0), limits.line_limit),
            ("site", self._sites[station.line], had.site, limits.site_limit),
        )
        for part in ("", *(sorted(counted.parts) if by_part else ())):
            pages = counted.parts[part] if part else counted.whole
            if not pages or (part and not pages & comes):
                continue
            for kind, code, before, limit in subjects:
                now, then = share(before, pages), share(before | comes, pages)
                yield Foreseen(
                    kind=kind, code=code, client=client, part=part, now=now.percent, then=then.percent,
                    limit=None if part else limit, breaks=not part and then.beyond(limit),
                )  # fmt: skip


def says(one: Foreseen, client: str) -> str:
    """The sentence on a limit that would be broken; ``client`` is its name."""
    who = {"person": "This person", "kiosk": f"Kiosk {one.code}", "line": f"Line {one.code}"}
    return (
        f"{who.get(one.kind, 'The site')} would then have been given {one.then} % of {client}'s confidential "
        f"pages; the limit is {one.limit} %."
    )
