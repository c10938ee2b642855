"""The picture of the floor that a desk shows: sections, lanes and cards, with moves that are under way.

The hub's board is never edited: what was dropped and is not confirmed yet is laid over it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.model.terms import AssignmentKind, KioskStatus

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping
    from datetime import datetime

    from app.desk.office import Move
    from app.wire.calls import BoardCall
    from app.wire.desk import Board, BoardCard, BoardKiosk, BoardPerson
    from app.wire.messages import JournalFault

POOL = ""
"""The lane of those who are assigned nowhere."""


@dataclass(frozen=True)
class Card:
    """A person on a lane. ``at`` is the kiosk where the person is signed in now ("": none); ``elsewhere``
    says that it is a kiosk of another station. ``start`` is set only for an assignment still to come.
    ``lacks`` are the clients of the lane (of the pool: of all own lanes) whose agreement is not signed.
    """

    person: str
    name: str
    lane: str
    version: str
    movable: bool
    at: str = ""
    elsewhere: bool = False
    relief: bool = False
    start: datetime | None = None
    until: datetime | None = None
    badge: bool = True
    moving: bool = False
    lacks: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str, bool]:
        """Names the card on a board."""
        return self.person, self.lane, self.relief or self.start is not None


@dataclass(frozen=True)
class Post:
    """A kiosk of a lane; ``since``: when it was heard of last, if it is not online.

    Of its lease's ``pages`` so many are ``pulled`` (None: it has not told), and ``waiting`` events are still
    to come from it, as it told last; ``journal``: why not all of them can. ``person`` is the name of who is
    signed in there now.
    """

    code: str
    online: bool
    blocked: bool
    since: datetime | None
    lease_until: datetime | None
    pages: int
    pulled: int | None = None
    waiting: int = 0
    person: str = ""
    journal: JournalFault = ""


@dataclass(frozen=True)
class Lane:
    """A station with its cards and kiosks, and the calls for help from there."""

    station: str
    name: str
    line: str
    mine: bool
    pages: int
    locked_down: bool
    cards: tuple[Card, ...]
    posts: tuple[Post, ...]
    calls: tuple[BoardCall, ...] = ()


@dataclass(frozen=True)
class Section:
    """A line."""

    line: str
    name: str
    mine: bool
    lanes: tuple[Lane, ...]


@dataclass(frozen=True)
class FloorPicture:
    """Everything that the board draws; ``others`` are the names of who sits at other desks."""

    sections: tuple[Section, ...] = ()
    pool: tuple[Card, ...] = ()
    reason: str = "withheld"
    calls: tuple[BoardCall, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def lanes(self) -> dict[str, Lane]:
        """The lanes by station."""
        return {lane.station: lane for section in self.sections for lane in section.lanes}


def picture(board: Board, now: datetime, pending: Iterable[Move] = ()) -> FloorPicture:
    """Lay moves that are under way over the hub's board."""
    people = {person.code: person for person in board.people}
    mine = {line.code: line.mine for line in board.lines}
    line_of = {station.code: station.line for station in board.stations}
    standing = {kiosk.person: kiosk for kiosk in board.kiosks if kiosk.person}
    moves = {move.person: move for move in pending}
    clients = {station.code: station.clients for station in board.stations}
    unsigned = _Unsigned(board)
    cards: dict[str, list[Card]] = defaultdict(list)
    placed: set[str] = set()
    for told in board.cards:
        person = people.get(told.person)
        move = moves.get(told.person)
        runs = told.kind is AssignmentKind.ASSIGNED and told.start <= now
        if person is None or (move is not None and runs and told.station in {move.source, move.target}):
            continue
        movable = runs and move is None and mine[line_of[told.station]]
        lacks = unsigned.of(person, clients[told.station])
        cards[told.station].append(_card(person, told, now, standing, movable=movable, lacks=lacks))
        if runs:
            placed.add(told.person)
    for move in moves.values():
        if move.person in people and move.target:
            person = people[move.person]
            cards[move.target].append(
                Card(person.code, person.name, move.target, person.version, movable=False, moving=True)
            )
            placed.add(move.person)
    posts = _posts(board.kiosks, {code: person.name for code, person in people.items()})
    lanes: dict[str, list[Lane]] = defaultdict(list)
    for station in board.stations:
        lanes[station.line].append(
            Lane(
                station.code, station.name, station.line, mine[station.line], station.pages,
                station.locked_down, tuple(sorted(cards[station.code], key=_order)),
                posts.get(station.code, ()),
                tuple(call for call in board.calls if call.station == station.code),
            )
        )  # fmt: skip
    leads = any(mine.values())
    own = {client for station in board.stations if mine[station.line] for client in station.clients}
    return FloorPicture(
        sections=tuple(
            Section(line.code, line.name, line.mine, tuple(lanes[line.code])) for line in board.lines
        ),
        pool=tuple(
            Card(
                person.code, person.name, POOL, person.version, movable=leads and person.code not in moves,
                badge=person.badge, moving=person.code in moves, lacks=unsigned.of(person, own),
            )
            for person in board.people
            if person.code not in placed
        ),
        reason=board.reason,
        calls=board.calls,
        others=tuple(sorted({seat.name for seat in board.others})),
    )  # fmt: skip


def _card(
    person: BoardPerson,
    told: BoardCard,
    now: datetime,
    standing: Mapping[str, BoardKiosk],
    *,
    movable: bool,
    lacks: tuple[str, ...],
) -> Card:
    kiosk = standing.get(person.code)
    return Card(
        person.code,
        person.name,
        told.station,
        person.version,
        movable,
        at=kiosk.code if kiosk is not None else "",
        elsewhere=kiosk is not None and kiosk.station != told.station,
        relief=told.kind is AssignmentKind.RELIEF,
        start=told.start if told.start > now else None,
        until=told.until,
        badge=person.badge,
        lacks=lacks,
    )


class _Unsigned:
    """Whose agreement somebody has not signed, by the clients' names."""

    def __init__(self, board: Board) -> None:
        self._names = {client.code: client.name for client in board.clients}

    def of(self, person: BoardPerson, clients: Container[str]) -> tuple[str, ...]:
        """Of these clients."""
        return tuple(self._names.get(code, code) for code in person.lacks if code in clients)


def _order(card: Card) -> tuple[bool, bool, str, str]:
    return card.start is not None, card.relief, card.name, card.person


def _posts(kiosks: Iterable[BoardKiosk], names: Mapping[str, str]) -> dict[str, tuple[Post, ...]]:
    found: dict[str, list[Post]] = defaultdict(list)
    for kiosk in kiosks:
        blocked = kiosk.status not in {KioskStatus.ACTIVE, KioskStatus.PENDING}
        found[kiosk.station].append(
            Post(
                kiosk.code, kiosk.online, blocked, kiosk.since, kiosk.lease_until, kiosk.pages, kiosk.pulled,
                kiosk.waiting, names.get(kiosk.person, kiosk.person), kiosk.journal,
            )
        )  # fmt: skip
    return {station: tuple(posts) for station, posts in found.items()}
