"""The maintained record of exposure: which pages of a client a person, a kiosk and a station were ever given.

A look at a page from a desk counts like a view at a kiosk. Kept with the same commit as the events that say
so, so that a share is counted in milliseconds however long the log is. ``recount`` counts anew from the
events: the two are equal, and ``differences`` tells if not.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import bindparam, delete, func, insert, select, tuple_, update

from app.hub.schema import EventRow
from app.hub.schema_exposure import ExposureRow, SeenPage
from app.model.exposure import bits, pack, unpack
from app.wire.messages import GIVEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Table
    from sqlalchemy.orm import Session

KINDS = ("person", "kiosk", "station")
"""Of whom there is a set for each client. Those of a line and of the site are joined from these."""

_LOOKS = [kind.value for kind in GIVEN]

Key = tuple[str, str, str]
"""Client, kind and code."""

_EVENTS, _SEEN, _KEPT = (cast("Table", table.__table__) for table in (EventRow, SeenPage, ExposureRow))
_NUMBERS = select(_SEEN.c.page, _SEEN.c.number).where(
    _SEEN.c.client == bindparam("of"), _SEEN.c.page.in_(bindparam("pages", expanding=True))
)
_NEXT = select(func.coalesce(func.max(_SEEN.c.number) + 1, 0)).where(_SEEN.c.client == bindparam("of"))
_SETS = select(_KEPT).where(
    tuple_(_KEPT.c.client, _KEPT.c.kind, _KEPT.c.code).in_(bindparam("keys", expanding=True))
)
_GROW = (
    update(_KEPT)
    .where(
        _KEPT.c.client == bindparam("of"), _KEPT.c.kind == bindparam("what"), _KEPT.c.code == bindparam("who")
    )
    .values(pages=bindparam("grown"))
)


def note(session: Session, events: Iterable[Mapping[str, Any]]) -> None:
    """Take note of accepted events, given as rows of the event table."""
    wanted: dict[Key, set[str]] = defaultdict(set)
    shown: dict[str, set[str]] = defaultdict(set)
    for event in events:
        if event["kind"] in _LOOKS and event["client"]:
            shown[event["client"]].add(event["page"])
            for kind in KINDS:
                if event[kind]:
                    wanted[event["client"], kind, event[kind]].add(event["page"])
    if not wanted:
        return
    numbers = {client: _numbered(session, client, pages) for client, pages in shown.items()}
    connection = session.connection()
    kept = {
        (row.client, row.kind, row.code): unpack(row.pages)
        for row in connection.execute(_SETS, {"keys": list(wanted)})
    }
    begun, grown = [], []
    for (client, kind, code), pages in wanted.items():
        before = kept.get((client, kind, code))
        after = (before or 0) | bits(numbers[client][page] for page in pages)
        if before is None:
            begun.append({"client": client, "kind": kind, "code": code, "pages": pack(after)})
        elif after != before:
            grown.append({"of": client, "what": kind, "who": code, "grown": pack(after)})
    if begun:
        connection.execute(insert(_KEPT), begun)
    if grown:
        connection.execute(_GROW, grown)


def _numbered(session: Session, client: str, pages: set[str]) -> dict[str, int]:
    """The numbers of a client's pages; a page that is new gets the next one."""
    connection = session.connection()
    known = {
        row.page: row.number for row in connection.execute(_NUMBERS, {"of": client, "pages": list(pages)})
    }
    fresh = sorted(pages - known.keys())
    if fresh:
        first = connection.scalar(_NEXT, {"of": client}) or 0
        added = {page: number for number, page in enumerate(fresh, first)}
        connection.execute(
            insert(_SEEN),
            [{"client": client, "page": page, "number": number} for page, number in added.items()],
        )
        known |= added
    return known


def counted(session: Session) -> dict[Key, set[str]]:
    """The slow count: the pages per client, kind and code, from the events themselves."""
    found: dict[Key, set[str]] = defaultdict(set)
    names: dict[str, str] = {}  # each page's name once, not once a row
    query = (
        select(_EVENTS.c.client, _EVENTS.c.page, *(_EVENTS.c[kind] for kind in KINDS))
        .where(_EVENTS.c.kind.in_(_LOOKS), _EVENTS.c.client != "")
        .order_by(_EVENTS.c.id)  # as they lie there: once through, without going to and fro
        .execution_options(yield_per=10_000)
    )
    for client, page, *codes in session.connection().execute(query):
        name = names.setdefault(page, page)
        for kind, code in zip(KINDS, codes, strict=True):
            if code:
                found[client, kind, code].add(name)
    return dict(found)


def kept(session: Session) -> dict[Key, set[str]]:
    """The same, from the maintained record."""
    names: dict[tuple[str, int], str] = {
        (row.client, row.number): row.page for row in session.scalars(select(SeenPage))
    }
    found = {}
    for row in session.scalars(select(ExposureRow)):
        found[row.client, row.kind, row.code] = {
            names.get((row.client, number), f"#{number}")
            for number, bit in enumerate(f"{unpack(row.pages):b}"[::-1])
            if bit == "1"
        }
    return found


def differences(session: Session) -> list[Key]:
    """Whose record is not what the events say; empty where all is well."""
    slow, fast = counted(session), kept(session)
    return sorted(key for key in slow.keys() | fast.keys() if slow.get(key) != fast.get(key))


def recount(session: Session) -> None:
    """Throw the record away and count anew."""
    slow = counted(session)
    session.execute(delete(ExposureRow))
    session.execute(delete(SeenPage))
    numbers: dict[str, dict[str, int]] = defaultdict(dict)
    for (client, _, _), pages in slow.items():
        for page in pages:
            numbers[client].setdefault(page, len(numbers[client]))
    rows = [
        {"client": client, "page": page, "number": number}
        for client, pages in numbers.items()
        for page, number in pages.items()
    ]
    if rows:
        session.execute(insert(_SEEN), rows)
    sets = [
        {
            "client": key[0],
            "kind": key[1],
            "code": key[2],
            "pages": pack(bits(numbers[key[0]][p] for p in pages)),
        }
        for key, pages in slow.items()
    ]
    if sets:
        session.execute(insert(_KEPT), sets)
