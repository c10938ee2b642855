"""A plant with two lines served by a real hub process, and a desk at it, with its window."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

from app.desk.looking import Looking
from app.desk.office import Office
from app.hub.knock import knock
from app.hub.schema import KioskRow, Line, PersonRow, StationRow
from app.hub.store import Store
from app.kiosk.outbox import Outbox
from app.kiosk.pin_tries import KioskTried, Tried
from app.kiosk.state import State
from app.model.terms import Classification, CredentialKind, Role
from app.seal.slot import OperatorKey, make_slot
from app.wire.client import HubClient
from app.wire.clock import SystemClock
from app.wire.messages import EventKind
from tests.hub_api.plant import Device, Plant, make_home
from tests.hub_api.processes import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.wire.clock import Moment
    from tests.hub_api.processes import Serving

BADGE, PIN = "0012340001", "480317"
JULIA = "1009"
ADMIN_BADGE, ADMIN_PIN = "0012340077", "902641"
DESK = "D-1"

LINES = {
    "L1": ("Infusion pumps", {
        "ST-010": "Housing preparation", "ST-020": "Main board placement", "ST-030": "Pump module and wiring",
        "ST-040": "Battery attach", "ST-050": "Closing and leak test",
    }),
    "L2": ("Glucose readers", {"ST-110": "Display and board", "ST-120": "Final assembly and test"}),
}  # fmt: skip
PEOPLE = {
    "1001": ("Ana Oliveira", "ST-040"), "1002": ("Bruno Keller", "ST-010"),
    "1003": ("Carmen Ruiz", "ST-110"), "1004": ("Emeka Obi", "ST-020"),
    "1005": ("Fatima El Amrani", "ST-050"), "1006": ("Grace Lindqvist", "ST-020"),
    "1007": ("Hanna Weiss", ""), "1011": ("Li Wei", "ST-120"), "1013": ("Tomasz Nowak", ""),
}  # fmt: skip


@dataclass
class Tries:
    """Wrong PINs, counted in memory."""

    wrong: dict[str, int] = field(default_factory=dict)

    def pin_tried(self, slot: str) -> Tried:
        return Tried(self.wrong.get(slot, 0))

    def count_pin(self, slot: str, moment: Moment) -> Tried:
        self.wrong[slot] = self.wrong.get(slot, 0) + 1
        return self.pin_tried(slot)

    def kiosk_tried(self) -> KioskTried:
        return KioskTried()

    def pin_opened(self, slot: str) -> None:
        self.wrong.pop(slot, None)


@dataclass
class Rig:
    """The plant, its hub, and its devices."""

    plant: Plant
    hub: Serving
    devices: dict[str, Device]
    lock: Lock = field(default_factory=Lock)

    def client(self, code: str) -> HubClient:
        """A kiosk's connection."""
        device = self.devices[code]

        def count() -> int:
            with self.lock:
                device.counter += 1
                return device.counter

        def reach(needed: int) -> None:
            device.counter = max(device.counter, needed)

        return HubClient(
            self.hub.address, ca_pem=self.plant.home.said.ca, kiosk=code, key=device.sign,
            counter=count, on_counter=reach,
        )  # fmt: skip

    def office(self) -> Office:
        return Office(lambda: self.client(DESK), Tries(), SystemClock(), DESK)

    def looking_office(self) -> Office:
        """The same with the desk's journal, by which pages are looked at."""
        folder, device = self.plant.home.path.parent, self.devices[DESK]
        with ExitStack() as stack:
            state = stack.enter_context(State(folder / "desk.db", bytes(range(32))))
            seal = self.plant.home.keys.seal.public
            journal = partial(Outbox, folder / "desk-outbox.db", DESK, 1, device.sign, seal)
            looking = Looking(journal, 1, state, device.seal, DESK, "ST-120", SystemClock())
            stack.callback(looking.close)
            return Office(
                lambda: self.client(DESK), Tries(), SystemClock(), DESK, stack.pop_all(), looking
            )  # fmt: skip

    def stations_of(self, person: str) -> list[str]:
        """Where the hub has a person assigned now."""
        from app.hub.board import running

        with self.plant.store.read() as session:
            return [row.station for row in running(session, SystemClock().now(), person)]


def furnish(plant: Plant) -> dict[str, Device]:
    """Fill the tables; returns the devices, the desk's among them."""
    with plant.writing() as session:
        plant.customer("HELIO", version="2")
        plant.customer("NORDIA")
        plant.part("HM-2201", "HELIO")
        plant.part("ND-310", "NORDIA")
        for line, (name, stations) in LINES.items():
            session.add(Line(code=line, site="S1", name=name))
            session.flush()
            for code, title in stations.items():
                plant.station(code, line, ["HM-2201" if line == "L1" else "ND-310"])
                session.get_one(StationRow, code).name = title
        for code, (name, station) in PEOPLE.items():
            plant.person(code)
            session.get_one(PersonRow, code).name = name
            if code != "1013":
                plant.sign(code, "HELIO", "2")
            if code in {"1003", "1011", "1005"}:
                plant.sign(code, "NORDIA")
            if station:
                plant.assign(code, station)
        plant.person(JULIA, roles=[Role.SUPERVISOR], supervises=["L1"])
        session.get_one(PersonRow, JULIA).name = "Julia Santos"
        with_pin(plant, JULIA)
        with_pin(plant, "SUP-1", ADMIN_BADGE, ADMIN_PIN)
        l1 = list(LINES["L1"][1])
        plant.publish("WI-100", "HM-2201", [(f"page {n}".encode(), l1) for n in range(6)])
        plant.publish(
            "WI-110", "HM-2201", [(f"battery {n}".encode(), ["ST-040"]) for n in range(3)],
            training_required=True, classification=Classification.STANDARD,
        )  # fmt: skip
        plant.publish("WI-200", "ND-310", [(f"reader {n}".encode(), ["ST-110", "ST-120"]) for n in range(4)])
        plant.train("1001", "WI-110", "A")
        plant.assign("1005", "ST-040", kind="relief")
        devices = [plant.kiosk(f"K-{n}", station) for n, station in enumerate([*l1, "ST-110"], 1)]
        desk = plant.kiosk(DESK, "ST-120")
    for device in devices:
        device.lease()
    more = {"page": "", "revision": "", "client": ""}
    for device, person in ((devices[0], "1002"), (devices[1], "1004"), (devices[3], "1001")):
        device.deliver(device.write(kind=EventKind.SESSION_BEGIN, person=person, **more))
    now = plant.clock.now()
    plant.change(KioskRow, "K-3", seen=now - timedelta(minutes=47))
    for n in (1, 2, 4, 5, 6):
        plant.change(KioskRow, f"K-{n}", seen=now + timedelta(hours=1))
    return {device.code: device for device in (*devices, desk)}


def with_pin(plant: Plant, person: str, badge: str = BADGE, pin: str = PIN) -> None:
    """Give a person a real badge with a PIN."""
    from sqlalchemy import select

    from app.hub.schema import Badge

    slot = make_slot(badge, pin, plant.home.site_salt, OperatorKey.generate())
    with plant.writing() as session:
        row = session.scalars(select(Badge).where(Badge.person == person)).one()
        row.kind = CredentialKind.UID_PIN.value
        row.slot_tag, row.slot_salt, row.slot_box = slot.tag, slot.salt, slot.box
        row.seal_public, row.sign_public = slot.seal_public, slot.sign_public


@contextmanager
def rig(folder: Path) -> Iterator[Rig]:
    """The plant with its hub serving."""
    home = make_home(folder / "hub", SystemClock().now())
    plant = Plant(home, Store(home.database_url), clock=SystemClock())
    try:
        devices = furnish(plant)
        plant.store.on_change = partial(knock, folder / "hub")
        with serving(folder / "hub") as hub:
            yield Rig(plant, hub, devices)
    finally:
        plant.store.close()
