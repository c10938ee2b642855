"""The grace after an assignment: how long a lease lets whoever was moved away read, and who asks then."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from app.hub.acting import Acting, Actor
from app.hub.concerned import due
from app.hub.settings import set_setting
from app.hub.work import unassign
from app.model.terms import Role
from tests.hub_api.plant import NOW, Plant

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.hub_api.plant import Device

GRACE = timedelta(seconds=60)


def acting(session: Session) -> Acting:
    return Acting(session, Actor("SUP-1", frozenset({Role.ADMIN})), NOW, "")


def readers(device: Device) -> dict[str, datetime | None]:
    """Who opens pages by the lease in force, and when their assignment ends by it."""
    lease, _, _ = device.lease()
    sealed = {person for bundle in lease.bundles for person in bundle.sealed}
    ends = {one.person: one.assignments[0].end for one in lease.operators if one.assignments}
    return {person: ends[person] for person in sealed}


@pytest.mark.parametrize("grace", [timedelta(0), GRACE])
def test_an_assignment_ends_at_the_kiosk_after_the_grace(plant: Plant, grace: timedelta) -> None:
    plant.publish("WI-1", "PUMP", [(b"one", ["ST-1"])])
    device = plant.kiosk("K-1", "ST-1")
    with plant.writing() as session:
        set_setting(acting(session), "grace_seconds", str(int(grace.total_seconds())))
    assert readers(device) == {"P-1": None}
    with plant.writing() as session:
        unassign(acting(session), person="P-1", station="ST-1")
    assert readers(device) == ({"P-1": NOW + grace} if grace else {})
    plant.clock.forward(seconds=59)
    assert readers(device) == ({"P-1": NOW + grace} if grace else {})
    plant.clock.forward(seconds=1)
    assert readers(device) == {}
    with plant.store.read() as session:
        told = due(session, NOW + timedelta(seconds=59), NOW + timedelta(seconds=60))
    assert told == (frozenset({("unassign", "P-1 ST-1")}) if grace else frozenset())
