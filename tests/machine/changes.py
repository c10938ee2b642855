"""What people change at the hub, each through the hub's own function and, in plain words, in the world."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from app.hub import agreements, documents, kiosks, lockdown, people, plant, settings, work
from app.hub.revocations import Kind
from app.hub.schema import Agreement
from app.model.terms import AssignmentKind, Classification, Role
from tests.machine import world as w
from tests.machine.hub import CLIENT_OF, CLIENTS, KIOSKS, PEOPLE, STATIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.hub.acting import Acting
    from tests.machine.world import World

ISSUES = ("WI-1/A", "WI-1/B", "WI-2/A", "WI-3/A", "WI-4/A", "WI-6/A")


class Skip(Exception):
    """This change makes no sense now."""


def assign(acting: Acting, world: World, who: int, where: int, how: int) -> None:
    person, station = PEOPLE[who % len(PEOPLE)], STATIONS[where % len(STATIONS)]
    if not world.humans[person].active:
        raise Skip
    begins = [None, None, 1, 9, 30][how % 5]
    lasts = [None, 2, 20][how % 3]
    start = None if begins is None else acting.now + timedelta(hours=begins)
    end = None if lasts is None else (start or acting.now) + timedelta(hours=lasts)
    kind = AssignmentKind.RELIEF if how % 2 else AssignmentKind.ASSIGNED
    work.assign(acting, person=person, station=station, kind=kind, start=start, end=end)
    world.assign(w.Spell(person, station, kind.value, start or acting.now, end or w.ALWAYS))


def unassign(acting: Acting, world: World, who: int, where: int, how: int) -> None:
    person, station = PEOPLE[who % len(PEOPLE)], STATIONS[where % len(STATIONS)]
    work.unassign(acting, person=person, station=station)
    world.unassign(person, station, acting.now)


def person(acting: Acting, world: World, who: int, where: int, how: int) -> None:
    """Somebody leaves, and comes back with everything."""
    code = PEOPLE[who % len(PEOPLE)]
    human = world.humans[code]
    if human.active:
        lockdown.revoke(acting, Kind.PERSON, code)
        taken = tuple((s, s.end) for s in world.spells if s.person == code and s.end > acting.now)
        for spell, _ in taken:
            spell.end = max(acting.now, spell.start)
        human.taken = (human.badge, taken)
        human.active = human.badge = False
    else:
        lockdown.restore(acting, Kind.PERSON, code)
        badge, taken = human.taken
        human.active, human.badge = True, badge
        for spell, end in taken:
            spell.end = end


def badge(acting: Acting, world: World, who: int, where: int, how: int) -> None:
    code = PEOPLE[who % len(PEOPLE)]
    human = world.humans[code]
    if not human.active:
        raise Skip
    (lockdown.revoke if human.badge else lockdown.restore)(acting, Kind.BADGE, code)
    human.badge = not human.badge


def agreement(acting: Acting, world: World, who: int, where: int, how: int) -> None:
    """Another version of a client's agreement is put in force."""
    client = CLIENTS[where % 2]
    version = "2" if world.customers[client].version == "1" else "1"
    agreements.set_agreement(acting, client=client, version=version, title=f"v{version}")
    world.customers[client].version = version


def sign(acting: Acting, world: World, who: int, where: int, how: int) -> None:
    code, client = PEOPLE[who % len(PEOPLE)], CLIENTS[where % 2]
    agreements.sign_agreement(acting, person=code, client=client)
    world.humans[code].signed.add((client, world.customers[client].version))


def unsign(acting: Acting, world: World, who: int, where: int, how: int) -> None:
    """A signature is withdrawn."""
    code, client = PEOPLE[who % len(PEOPLE)], CLIENTS[where % 2]
    version = world.customers[client].version
    if acting.session.get(Agreement, (code, client, version)) is None:
        raise Skip
    agreements.withdraw(acting, person=code, client=client)
    world.humans[code].signed.discard((client, version))


def train(acting: Acting, world: World, who: int, where: int, how: int) -> None:
    code, revision = PEOPLE[who % len(PEOPLE)], "AB"[where % 2]
    hours = [None, 0, 2, 20][how % 4]
    until = None if hours is None else acting.now + timedelta(hours=hours)
    work.train(acting, person=code, document="WI-2", revision=revision, until=until)
    world.humans[code].trained[f"WI-2/{revision}"] = until or w.ALWAYS


def release(acting: Acting, world: World, who: int, where: int, how: int) -> None:
    """The approved revision comes into force, at once or later."""
    for name, issue in world.issues.items():
        if issue.status == "approved":
            start = None if how % 2 else acting.now + timedelta(hours=3)
            documents.release(acting, *name.split("/"), start)
            world.release(name, start or acting.now, acting.now)
            return
    raise Skip


def recall(acting: Acting, world: World, who: int, where: int, how: int) -> None:
    name = ISSUES[where % len(ISSUES)]
    issue = world.issues[name]
    if issue.status != "recalled":
        lockdown.revoke(acting, Kind.REVISION, name)
        world.recalled[name] = replace(issue)
        world.recall(name, acting.now)
    else:
        lockdown.restore(acting, Kind.REVISION, name)
        world.take_back_recall(name, world.recalled[name], acting.now)


def station(acting: Acting, world: World, who: int, where: int, how: int) -> None:
    code = STATIONS[where % len(STATIONS)]
    place = world.places[code]
    (lockdown.restore if place.locked else lockdown.revoke)(acting, Kind.STATION, code)
    place.locked = not place.locked


def client(acting: Acting, world: World, who: int, where: int, how: int) -> None:
    code = CLIENTS[where % 2]
    customer = world.customers[code]
    (lockdown.restore if customer.locked else lockdown.revoke)(acting, Kind.CLIENT, code)
    customer.locked = not customer.locked


def block(acting: Acting, world: World, who: int, where: int, how: int) -> None:
    code = tuple(KIOSKS)[where % 2]
    device = world.devices[code]
    if device.blocked:
        lockdown.restore(acting, Kind.KIOSK, code)
    else:
        lockdown.revoke(acting, Kind.KIOSK, code, lost=bool(how % 2))
    device.blocked = not device.blocked


def move(acting: Acting, world: World, who: int, where: int, how: int) -> None:
    code = tuple(KIOSKS)[where % 2]
    there = STATIONS[how % len(STATIONS)]
    kiosks.move(acting, code, there)
    world.devices[code].station = there


def role(acting: Acting, world: World, who: int, where: int, how: int) -> None:
    code, name = PEOPLE[who % len(PEOPLE)], ("operator", "supervisor", "auditor", "engineer")[how % 4]
    roles = world.humans[code].roles
    people.change_role(acting, code, Role(name), holds=name not in roles)
    roles ^= {name}


def ceiling(acting: Acting, world: World, who: int, where: int, how: int) -> None:
    """A highest class is set: of the site, of a station, or of a person."""
    level = (w.RESTRICTED, w.RESTRICTED, w.STANDARD, w.INTERNAL, w.PUBLIC)[how % 5]
    if where % 3 == 0:
        settings.set_setting(acting, "site_ceiling", Classification(level).word)
        world.site_ceiling = level
    elif where % 3 == 1:
        code = STATIONS[who % 2]
        place = world.places[code]
        plant.put_station(acting, station=code, name=code, line=place.line, ceiling=Classification(level))
        place.ceiling = level
    else:
        code = PEOPLE[who % len(PEOPLE)]
        human = world.humans[code]
        roles = [Role(name) for name in sorted(human.roles)]
        if not roles:
            raise Skip
        people.put_person(acting, person=code, name=code, roles=roles, ceiling=Classification(level))
        human.ceiling = level


def runs(acting: Acting, world: World, who: int, where: int, how: int) -> None:
    """A part comes to a station, or leaves it."""
    code, part = STATIONS[where % len(STATIONS)], tuple(CLIENT_OF)[how % 2]
    parts = world.places[code].parts
    plant.run_part(acting, station=code, part=part, runs=part not in parts)
    parts ^= {part}


def terms(acting: Acting, world: World, who: int, where: int, how: int) -> None:
    """A client sets other times without the hub, and other exposure limits."""
    code = CLIENTS[where % 2]
    customer = world.customers[code]
    customer.hours = (72, 20)[who % 2]
    customer.restricted_hours = (12, 2)[who % 2]
    customer.limit = (None, 40, 100)[how % 3]
    customer.line_limit = (None, None, 40)[who // 2 % 3]
    customer.site_limit = (None, None, 60)[who // 6 % 3]
    plant.put_client(
        acting, client=code, name=code, offline_hours=customer.hours,
        restricted_hours=customer.restricted_hours, exposure_limit=customer.limit,
        line_limit=customer.line_limit, site_limit=customer.site_limit,
    )  # fmt: skip


CHANGES: dict[str, Callable[[Acting, World, int, int, int], None]] = {
    change.__name__: change
    for change in (
        assign, unassign, person, badge, agreement, sign, unsign, train, release, recall, station,
        client, block, move, role, ceiling, runs, terms,
    )
}  # fmt: skip
