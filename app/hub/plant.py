"""The plant at the hub: its site, lines, stations and the parts that run on them, clients and their parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.hub.acting import Acting, Task
from app.hub.lookup import Outcome, check_code, check_name, need
from app.hub.schema import Client, Line, Part, Site, StationPart, StationRow
from app.model.errors import Refused
from app.model.terms import ALL_STATIONS, Classification

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session

    from app.hub.schema_base import Base

OFFLINE_HOURS, RESTRICTED_HOURS = 72, 12
MOST_HOURS = 24 * 30
MOST_TAKT = 24 * 3600


def put_site(acting: Acting, *, site: str, name: str) -> Outcome:
    """Rename the hub's site. A hub holds one site's pages, so another site is refused.

    Raises:
        Refused: the actor may not, or the code is another site's.
    """
    acting.require(Task.PLANT)
    if acting.session.get(Site, site) is None:
        own = acting.session.scalars(select(Site.code)).first()
        raise Refused(
            f"This hub serves site {own}; {site} is another site.",
            advice="Each site has a hub of its own, so that only its own pages are there.",
            code="other_site",
        )
    return _put(acting, Site, "site", site, name=check_name("site's name", name))


def put_client(
    acting: Acting,
    *,
    client: str,
    name: str,
    offline_hours: int = OFFLINE_HOURS,
    restricted_hours: int = RESTRICTED_HOURS,
    exposure_limit: int | None = None,
    line_limit: int | None = None,
    site_limit: int | None = None,
    sign_steps: bool | None = None,
) -> Outcome:
    """Add or change a client. Limits are in per cent of its confidential pages, None for none.

    ``sign_steps``: each confirmation of a step is an electronic signature; None leaves that as it is.

    A new client has no agreement in force: nobody sees its pages until there is one (``agreements``).

    Raises:
        Refused: the actor may not, or a value is out of range.
    """
    if not (1 <= restricted_hours <= offline_hours <= MOST_HOURS):
        raise Refused(
            f"Hours without the hub go from 1 to {MOST_HOURS}, for restricted pages no longer than others."
        )
    limits = {"exposure_limit": exposure_limit, "line_limit": line_limit, "site_limit": site_limit}
    if any(limit is not None and not 1 <= limit <= 100 for limit in limits.values()):
        raise Refused("An exposure limit is a share of 1 to 100 per cent.")
    return _put(
        acting, Client, "client", client,
        name=check_name("client's name", name), offline_hours=offline_hours,
        restricted_hours=restricted_hours, **limits,
        **_said(sign_steps=sign_steps),
        _new={"agreement_version": ""},
    )  # fmt: skip


def put_part(acting: Acting, *, part: str, client: str, name: str) -> Outcome:
    """Add or change a client's part. A part stays with its client.

    Raises:
        Refused: the actor may not, or the part is another client's.
        NotFound: there is no such client.
    """
    need(acting.session, Client, client, "client")
    known = acting.session.get(Part, part)
    if known is not None and known.client != client:
        raise Refused(
            f"{part} is a part of {known.client}, not of {client}.",
            advice="Give the other client's part a code of its own.",
        )
    return _put(acting, Part, "part", part, client=client, name=check_name("part's name", name))


def put_line(acting: Acting, *, line: str, site: str, name: str, area: str = "") -> Outcome:
    """Add or change a line.

    Raises:
        Refused: the actor may not.
        NotFound: there is no such site.
    """
    need(acting.session, Site, site, "site")
    area = check_name("area", area) if area else ""
    return _put(acting, Line, "line", line, site=site, area=area, name=check_name("line's name", name))


def put_station(
    acting: Acting,
    *,
    station: str,
    name: str,
    line: str,
    ceiling: Classification = Classification.STANDARD,
    parts: Collection[str] | None = None,
    takt_seconds: int | None = None,
) -> Outcome:
    """Add or change a station. ``parts`` are exactly those that run there; None leaves them as they are.

    ``takt_seconds`` is the time for one unit there; 0 for none, None leaves it as it is.

    Raises:
        Refused: the actor may not, or the code is the word for every station.
        NotFound: there is no such line or part.
    """
    session = acting.session
    if station.upper() == ALL_STATIONS:
        raise Refused(f"{ALL_STATIONS} means every station in a page map; it cannot be one.", code="bad_code")
    if takt_seconds is not None and not 0 <= takt_seconds <= MOST_TAKT:
        raise Refused(f"A takt time has 1 to {MOST_TAKT} seconds; 0 for none.")
    need(session, Line, line, "line")
    for part in parts or ():
        need(session, Part, part, "part")
    ran = parts_of(session, station)
    outcome = _put(
        acting, StationRow, "station", station,
        name=check_name("station's name", name), line=line, ceiling=ceiling.word,
        **_said(takt_seconds=takt_seconds),
    )  # fmt: skip
    if parts is None or set(parts) == set(ran):
        return outcome
    _set_parts(acting, station, ran, sorted(set(parts)))
    return Outcome.CHANGED if outcome is Outcome.SAME else outcome


def run_part(acting: Acting, *, station: str, part: str, runs: bool) -> Outcome:
    """Let a part run on a station, or no longer.

    Raises:
        Refused: the actor may not.
        NotFound: there is no such station or part.
    """
    acting.require(Task.PLANT)
    need(acting.session, StationRow, station, "station")
    need(acting.session, Part, part, "part")
    ran = parts_of(acting.session, station)
    if (part in ran) == runs:
        return Outcome.SAME
    _set_parts(acting, station, ran, sorted({*ran, part} if runs else {*ran} - {part}))
    return Outcome.CHANGED


def parts_of(session: Session, station: str) -> list[str]:
    """Return the parts that run on a station, in order."""
    rows = session.scalars(select(StationPart.part).where(StationPart.station == station))
    return sorted(rows)


def _set_parts(acting: Acting, station: str, before: list[str], after: list[str]) -> None:
    for row in acting.session.scalars(select(StationPart).where(StationPart.station == station)):
        acting.session.delete(row)
    acting.session.flush()
    acting.session.add_all(StationPart(station=station, part=part) for part in after)
    acting.session.flush()
    acting.record("station.parts", station, before, after)


def _said(**values: Any) -> dict[str, Any]:
    """Those values about which something is said; 0 says that there is none."""
    return {name: value if value or isinstance(value, bool) else None
            for name, value in values.items() if value is not None}  # fmt: skip


def _put(
    acting: Acting,
    table: type[Base],
    noun: str,
    code: str,
    *,
    _new: dict[str, Any] | None = None,
    **values: Any,
) -> Outcome:
    """Add the row of ``code`` with ``values`` (and ``_new``), or give an existing one ``values``."""
    acting.require(Task.PLANT)
    check_code(noun, code)
    row = acting.session.get(table, code)
    if row is None:
        acting.session.add(table(code=code, **values, **(_new or {})))
        acting.session.flush()
        acting.record(f"{noun}.add", code, None, values)
        return Outcome.ADDED
    before = {name: getattr(row, name) for name in values}
    if before == values:
        return Outcome.SAME
    for name, value in values.items():
        setattr(row, name, value)
    acting.session.flush()
    acting.record(f"{noun}.change", code, before, values)
    return Outcome.CHANGED


@dataclass(frozen=True)
class StationListed:
    """A station as it is listed."""

    code: str
    name: str
    line: str
    ceiling: str
    parts: tuple[str, ...]
    takt_seconds: int | None = None


def stations(session: Session) -> list[StationListed]:
    """Return every station with the parts that run there, in the order of their codes."""
    runs: dict[str, list[str]] = {}
    for row in session.scalars(select(StationPart).order_by(StationPart.part)):
        runs.setdefault(row.station, []).append(row.part)
    return [
        StationListed(
            row.code, row.name, row.line, row.ceiling, tuple(runs.get(row.code, ())), row.takt_seconds
        )
        for row in session.scalars(select(StationRow).order_by(StationRow.code))
    ]
