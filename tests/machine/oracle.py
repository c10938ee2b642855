"""Who may see which page, written from the design's table of checks alone: it knows nothing of ``decide``.

``reasons`` is the table, line by line. ``may_hold`` says what a lease that is made now may carry, ``Memory``
what one kiosk may show by what it was last told.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING

from tests.machine.world import INTERNAL, RESTRICTED, STANDARD

if TYPE_CHECKING:
    from app.wire.lease import LeaseReply
    from tests.machine.world import World

WORTH = {"uid": INTERNAL, "uid_pin": RESTRICTED, "card": RESTRICTED}
VIEWERS = {"operator", "lead", "engineer", "quality"}
_turns = count(1)


@dataclass(frozen=True)
class Moment:
    """When it is asked, and what only the kiosk knows: when the hub spoke last, whether its clock may be
    believed, whether it was given the boot share since it started.
    """

    now: datetime
    told: datetime
    clock: bool = True
    share: bool = True


def reasons(world: World, kiosk: str, person: str, blob: str, at: Moment) -> set[int]:
    """The numbers of the checks (design, section 4) that fail. 14 is not asked: looks are looked up."""
    device, human, sheet = world.devices[kiosk], world.humans[person], world.sheets[blob]
    issue, place = world.issues[sheet.revision], world.places[device.station]
    client = world.customers[issue.client]
    hours = client.restricted_hours if issue.level == RESTRICTED else client.hours
    begun, end = issue.start is not None and issue.start <= at.now, issue.end
    holds = {
        1: not device.blocked and not place.locked and not client.locked,
        2: at.clock and at.now < at.told + timedelta(hours=hours),
        3: device.station in sheet.stations or "ALL" in sheet.stations,
        4: human.active and human.badge,
        5: works_at(world, person, device.station, at.now),
        6: bool(human.roles & VIEWERS),
        7: issue.part in place.parts,
        8: issue.level <= min(human.ceiling, WORTH[human.credential], place.ceiling, world.site_ceiling),
        9: (issue.client, client.version) in human.signed,
        10: not issue.trained or at.now < human.trained.get(sheet.revision, at.now),
        11: issue.status == "effective" and begun and (end is None or at.now < end),
        12: not crossed(world, issue.client, kiosk, person),
        13: issue.level < RESTRICTED or at.share,
    }
    return {number for number, passes in holds.items() if not passes}


def works_at(world: World, person: str, station: str, now: datetime) -> bool:
    return any(
        (spell.person, spell.station) == (person, station) and spell.start <= now < spell.end
        for spell in world.spells
    )


def crossed(world: World, client: str, kiosk: str, person: str) -> bool:
    """Whether the person, the kiosk, its line or the site was given more of the client's confidential pages
    than its limit.
    """
    counted = {
        sheet.page
        for sheet in world.sheets.values()
        if (issue := world.issues[sheet.revision]).client == client
        and issue.status == "effective"
        and issue.level >= STANDARD
    }
    places, terms = world.places, world.customers[client]
    line = places[world.devices[kiosk].station].line
    given = (
        ({page for where, _, _, page in world.seen if where == kiosk}, terms.limit),
        ({page for _, who, _, page in world.seen if who == person}, terms.limit),
        ({page for _, _, station, page in world.seen if places[station].line == line}, terms.line_limit),
        ({page for *_, page in world.seen}, terms.site_limit),
    )
    return any(
        limit is not None and 100 * len(pages & counted) > limit * len(counted) for pages, limit in given
    )


def may_hold(world: World, kiosk: str, person: str, blob: str, now: datetime) -> bool:
    """Whether a lease made now may have the key of a page for a person: who may read it now, or from the
    moment when an assignment or the revision begins, which is known already.
    """
    station = world.devices[kiosk].station
    spells = [s.start for s in world.spells if (s.person, s.station) == (person, station)]
    begins = [
        when for when in (*spells, world.issues[world.sheets[blob].revision].start) if when and when > now
    ]
    return any(not reasons(world, kiosk, person, blob, Moment(when, now)) for when in [now, *begins])


def holdable(world: World, kiosk: str, now: datetime) -> dict[str, frozenset[str]]:
    """For each person the pages (by their ciphertext's hash) that a lease of the kiosk may have keys of."""
    return {
        person: frozenset(blob for blob in world.sheets if may_hold(world, kiosk, person, blob, now))
        for person in world.humans
    }


def known_at(world: World, kiosk: str, now: datetime, until: datetime) -> set[str]:
    """Whom a kiosk may identify from now until its lease ends: people of its line, with a badge, and the
    line's supervisors.
    """
    line = world.places[world.devices[kiosk].station].line
    there = {
        spell.person
        for spell in world.spells
        if world.places[spell.station].line == line
        and spell.end > max(now, spell.start)
        and spell.start < until
    }
    return {person for person in there if world.humans[person].active and world.humans[person].badge}


@dataclass(frozen=True)
class Told:
    """A lease that the hub gave to a kiosk, and what was true then (``at``)."""

    kiosk: str
    reply: LeaseReply
    number: int
    world: World
    at: datetime
    issued: datetime
    expires: datetime


@dataclass(frozen=True)
class Ring:
    """What a kiosk's keyring knows of its lease store: which turn it is at, and the newest lease's number."""

    turn: int = 0
    number: int = 0


@dataclass
class Memory:
    """What one kiosk was last told, and what it can know of the time. ``world`` None: it may hold nothing.

    ``issued`` is when its lease was made, ``held`` what that gave to whom. ``known`` is the latest time that
    it is sure has come, by the hub's word in the present boot (``sure``) or by its own clock before.
    ``least`` is the hub's last word and how long it has run since, with a minute more for each start.
    ``left`` are pages whose keys went with a newer lease store: unreadable, they lie there until the next.
    ``number`` is its newest lease's. Each start, new lease and taking away is a ``turn`` of the lease store,
    which the keyring knows too: where they differ an older copy was put back.
    """

    kiosk: str
    world: World | None = None
    issued: datetime | None = None
    held: dict[str, frozenset[str]] = field(default_factory=dict)
    share: bool = False
    known: datetime | None = None
    least: datetime | None = None
    sure: bool = False
    left: frozenset[str] = frozenset()
    number: int = 0
    turn: int = 0
    ring: Ring = Ring()

    @property
    def set_back(self) -> bool:
        """Whether its lease store is an older copy than its keyring knows of."""
        return self.turn != self.ring.turn

    def takes(self, told: Told, now: datetime) -> bool:
        """Whether it must accept this lease where it comes now: one of its own that has not ended and is no
        older than the newest that its lease store or its keyring knows of.
        """
        return (
            told.kiosk == self.kiosk
            and told.number >= max(self.number, self.ring.number)
            and now < told.expires
        )

    def told(self, told: Told) -> None:
        """The hub gave a lease, or said that the last one stands."""
        self.world, self.issued, self.share = told.world, told.issued, True
        self.held, self.left = holdable(told.world, self.kiosk, told.at), frozenset()
        if self.set_back or told.number != self.number:
            self.number = told.number
            self._turns()

    def starts(self) -> None:
        """The program starts, with the lease store and the keyring that are there."""
        if not self.set_back:
            self._turns()

    def copied(self) -> Memory:
        """What a copy of the lease store would know; the keyring is not in it."""
        return replace(self, share=False, sure=False, left=frozenset(), ring=Ring())

    def put_back(self, copy: Memory, ring: Ring, stored: frozenset[str]) -> None:
        """The copy takes the lease store's place, beside this keyring and these stored pages."""
        self.__dict__.update(replace(copy, ring=ring, left=stored).__dict__)

    def _turns(self) -> None:
        self.turn = next(_turns)
        self.ring = Ring(self.turn, self.number)

    def hears(self, time: datetime) -> None:
        """The hub said what time it is."""
        self.known, self.least, self.sure = time, time, True

    def wiped(self) -> None:
        """The hub took everything away."""
        if self.world is not None and not self.set_back:
            self._turns()
        self.world, self.held, self.share, self.left = None, {}, False, frozenset()

    def booted(self) -> None:
        """Power was cut: what was in memory is gone."""
        self.share = self.sure = False
        if self.least is not None:
            self.least += timedelta(minutes=1)

    def passes(self, span: timedelta) -> None:
        """It ran that long."""
        if self.known is not None:
            self.known += span
        if self.least is not None:
            self.least += span

    def looks_at_clock(self, wall: datetime) -> None:
        """Its own clock shows this: without the hub's word it believes it, unless it is behind."""
        if self.known is None or (not self.sure and wall > self.known):
            self.known = wall

    def time(self, wall: datetime) -> datetime:
        """What it takes for the time."""
        if self.sure and self.known is not None:
            return self.known
        return wall if self.least is None else max(wall, self.least)

    def may_show(self, person: str, wall: datetime, later: timedelta = timedelta(0)) -> frozenset[str]:
        """The pages that the person may see here now, or after it ran some time ``later``."""
        if self.world is None or self.issued is None or self.set_back:
            return frozenset()
        clock = self.sure or self.known is None or wall >= self.known - timedelta(minutes=5)
        at = Moment(self.time(wall) + later, self.issued, clock, self.share)
        world, held = self.world, self.held.get(person, frozenset())
        return frozenset(blob for blob in held if not reasons(world, self.kiosk, person, blob, at))
