"""The hub's own code on a database of its own, furnished once and copied for each run."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric import ec

from app.hub.acting import Acting, Actor
from app.hub.api.gate import Caller
from app.hub.api.gate import Hub as Serving
from app.hub.push import Push
from app.hub.schema import AgreementVersion, Badge, Setting
from app.hub.store import Store
from app.model.terms import Classification, CredentialKind, Role
from app.seal.card_slot import card_fingerprint, make_card_slot
from app.seal.encoding import sha256
from app.seal.keys import SealKey, SigningKey
from app.seal.slot import OperatorKey, Slot, make_slot
from tests.hub_api.plant import NOW, Plant, SetClock, make_home
from tests.machine import world as w

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.hub.home import Home
    from tests.hub_api.plant import Device

CARDS = ("CY", "EVE", "FAY")
NUMBERS = {"ANA": "0417263905", "BEN": "0417263906", "DOT": "0417263907"}
PINS = {"BEN": "739154", "DOT": "908217"}
PEOPLE = (*NUMBERS, *CARDS)
STATIONS = ("ST-1", "ST-2", "ST-9")
KIOSKS = {"K-1": "ST-1", "K-2": "ST-2"}
CLIENTS = ("ACME", "BOLT")
CLIENT_OF = {"PUMP": "ACME", "VALVE": "BOLT"}
START = NOW
_COMPILED: dict[Any, Any] = {}
"""Statements as SQLAlchemy compiled them, for the databases of all runs."""


@dataclass(frozen=True)
class Paper:
    """A revision to publish: the stations of each page; ``status`` at the start."""

    document: str
    label: str
    part: str
    level: int
    pages: tuple[tuple[str, ...], ...]
    trained: bool = False
    status: str = "effective"


PAPERS = (
    Paper("WI-1", "A", "PUMP", w.STANDARD, (("ST-1",), ("ST-1", "ST-2"))),
    Paper("WI-1", "B", "PUMP", w.STANDARD, (("ST-1", "ST-2"),), status="approved"),
    Paper("WI-2", "A", "PUMP", w.INTERNAL, (("ALL",),), trained=True),
    Paper("WI-3", "A", "VALVE", w.STANDARD, (("ST-1", "ST-2"), ("ST-2",))),
    Paper("WI-4", "A", "PUMP", w.RESTRICTED, (("ALL",),)),
    Paper("WI-5", "A", "VALVE", w.PUBLIC, (("ST-1", "ST-9"), ("ST-9",))),
    Paper("WI-6", "A", "VALVE", w.RESTRICTED, (("ALL",),)),
)


@cache
def card_of(person: str) -> ec.EllipticCurvePrivateKey:
    """The key on a person's card."""
    return ec.generate_private_key(ec.SECP256R1())


def humans() -> dict[str, w.Human]:
    """Everybody as they are at the start: ``EVE`` supervises, ``FAY`` may see little."""
    both = {("ACME", "1"), ("BOLT", "1")}
    return {
        "ANA": w.Human("uid", {"operator"}, signed=set(both)),
        "BEN": w.Human("uid_pin", {"operator"}, signed=set(both)),
        "DOT": w.Human("uid_pin", {"lead"}, signed=set(both)),
        "CY": w.Human("card", {"operator"}, signed=set(both)),
        "EVE": w.Human("card", {"supervisor"}, signed=set(both)),
        "FAY": w.Human("card", {"operator"}, ceiling=w.STANDARD, signed=set(both)),
    }


@dataclass
class Template:
    """A founded and furnished hub: where it is, its keys, people's keys, and what is true there."""

    home: Home
    keys: dict[str, OperatorKey]
    devices: dict[str, Device]
    world: w.World
    texts: dict[str, bytes]

    @classmethod
    def make(cls, folder: Path) -> Template:
        home = make_home(folder / "hub")
        plant = Plant(home, Store(home.database_url))
        with plant.writing() as session:
            world = w.World(humans(), {}, {}, {}, {}, {})
            session.merge(Setting(name="idle_seconds", value=3600))
            session.merge(Setting(name="pin_used", value=True))
            _furnish(plant, world)
            texts = _publish(plant, world)
            for person in PEOPLE:
                _hire(plant, world, person)
            devices = {code: plant.kiosk(code, station) for code, station in KIOSKS.items()}
            for code in KIOSKS:
                plant.set_kiosk(code, approved_by="SUP-1")
            world.devices = {code: w.Device(station) for code, station in KIOSKS.items()}
        plant.store.close()
        return cls(home, plant.keys, devices, world, texts)


def _furnish(plant: Plant, world: w.World) -> None:
    for part, client in CLIENT_OF.items():
        plant.customer(client)
        plant.add(AgreementVersion(client=client, version="1", title="v1", made=START, by="SUP-1"))
        plant.part(part, client)
        world.customers[client] = w.Customer()
    plant.line("L1")
    plant.line("L2")
    for code, line, parts in (
        ("ST-1", "L1", ["PUMP"]),
        ("ST-2", "L1", ["PUMP", "VALVE"]),
        ("ST-9", "L2", ["PUMP"]),
    ):
        plant.station(code, line, parts)
        world.places[code] = w.Place(line, set(parts))


def _publish(plant: Plant, world: w.World) -> dict[str, bytes]:
    texts = {}
    for paper in PAPERS:
        name = f"{paper.document}/{paper.label}"
        datas = [f"{name} page {n} {os.urandom(8).hex()}".encode() for n in range(len(paper.pages))]
        blobs = plant.publish(
            paper.document,
            paper.part,
            list(zip(datas, paper.pages, strict=True)),
            label=paper.label,
            status=paper.status,
            classification=Classification(paper.level),
            training_required=paper.trained,
        )
        start = START - timedelta(days=1)
        client = CLIENT_OF[paper.part]
        world.issues[name] = w.Issue(
            paper.document, client, paper.part, paper.level, paper.trained, paper.status, start
        )
        for blob, data, stations in zip(blobs, datas, paper.pages, strict=True):
            world.sheets[blob] = w.Sheet(sha256(data), name, stations)
            texts[blob] = data
    return texts


def _hire(plant: Plant, world: w.World, person: str) -> None:
    human = world.humans[person]
    slot, keys = slot_of(person, plant.home.site_salt)
    plant.person(
        person,
        roles=[Role(role) for role in human.roles],
        ceiling=Classification(human.ceiling),
        kind=CredentialKind(human.credential),
    )
    plant.keys[person] = keys
    with plant.writing() as session:
        badge = session.query(Badge).filter_by(person=person).one()
        badge.slot_tag, badge.slot_salt, badge.slot_box = slot.tag, slot.salt, slot.box
        badge.seal_public, badge.sign_public = slot.seal_public, slot.sign_public
    for client, version in human.signed:
        plant.sign(person, client, version)
    if person in ("CY", "BEN"):
        plant.train(person, "WI-2", "A")
        human.trained["WI-2/A"] = w.ALWAYS
    station = "ST-2" if person == "DOT" else "ST-1"
    begins = START - timedelta(days=1)
    plant.assign(person, station, begins)
    world.assign(w.Spell(person, station, "assigned", begins))


@cache
def _keys(person: str) -> OperatorKey:
    return OperatorKey(SealKey.generate(), SigningKey.generate())


def slot_of(person: str, salt: bytes) -> tuple[Slot, OperatorKey]:
    """A person's real slot, and what is in it."""
    keys = _keys(person)
    if person in CARDS:
        return make_card_slot(card_of(person).public_key(), salt, keys), keys
    return make_slot(NUMBERS[person], PINS.get(person, ""), salt, keys), keys


def fingerprint_of(person: str) -> str:
    return card_fingerprint(card_of(person).public_key())


class HubBox:
    """One run's hub: a copy of the template's database, with a clock that is set by hand."""

    def __init__(self, template: Template, folder: Path) -> None:
        self.template, self.home = template, template.home
        for path in template.home.path.glob("*.db*"):
            shutil.copy(path, folder / path.name)
        self.store = Store(f"sqlite:///{folder / 'hub.db'}")
        for engine in (self.store._engine, self.store._writer):
            engine.update_execution_options(compiled_cache=_COMPILED)
        self.clock = SetClock(START)
        self.serving = Serving(self.home, self.store, self.clock, Push(self.store))
        self.world = template.world.copy()

    def caller(self, kiosk: str) -> Caller:
        """A request of a kiosk, verified."""
        return Caller(self.serving, kiosk, self.clock.now(), b"")

    @contextmanager
    def acting(self, reason: str = "a change") -> Iterator[Acting]:
        """Somebody who may do everything."""
        with self.store.write() as session:
            yield Acting(
                session, Actor("SUP-1", frozenset(Role), frozenset({"L1", "L2"})), self.clock.now(), reason
            )

    def close(self) -> None:
        self.store.close()
