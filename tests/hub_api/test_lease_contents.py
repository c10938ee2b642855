"""Who gets the key of which page, against an oracle that knows nothing of ``decide``."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.hub.schema import Setting
from app.model.terms import Classification, CredentialKind, Role
from app.seal.boxes import hpke_open, joint_key, open_page, unwrap_key
from app.wire.lease import boot_info, bundle_info
from tests.hub_api.plant import NOW, Plant

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from app.wire.lease import Lease

LEVELS = ["public", "internal", "standard", "restricted"]
STATIONS = {"ST-1": "L1", "ST-2": "L1", "ST-9": "L2"}
CLIENT_OF = {"PUMP": "ACME", "VALVE": "BOLT"}
REACH = {"uid": 1, "uid_pin": 3, "card": 3}


def mostly(usual: Any, *others: Any) -> st.SearchStrategy[Any]:
    """The usual nine times in ten: with fourteen checks in a row, even odds would grant nobody anything."""
    rare = len(others)
    return st.integers(0, 10 * rare - 1).map(lambda n: others[n - 9 * rare] if n >= 9 * rare else usual)


def span(begin: int, length: int | None) -> tuple[int, int | None]:
    """Hours from now: begin, and end or None."""
    return begin, None if length is None else begin + length


people = st.fixed_dictionaries(
    {
        "active": mostly(True, False),
        "roles": mostly({"operator"}, {"lead"}, {"operator", "admin"}, {"supervisor"}, set()),
        "ceiling": mostly(3, 1, 2),
        "kind": mostly("card", "uid", "uid_pin"),
        "badge": mostly(True, False),
        "signed": mostly(
            {"ACME": "2", "BOLT": "2"}, {"ACME": "1", "BOLT": "2"}, {"ACME": "2"}, {"BOLT": "2"}, {}
        ),
        "trained": st.sampled_from(["none", "lapsed", "lasting"]),
        "assigned": st.lists(
            st.tuples(
                mostly("ST-1", "ST-2", "ST-9"),
                st.builds(span, st.sampled_from([-9, -1, 0, 5, 30]), st.sampled_from([None, None, 3, 20])),
            ),
            min_size=1,
            max_size=2,
        ),
    }
)
revisions = st.fixed_dictionaries(
    {
        "part": mostly("PUMP", "VALVE"),
        "status": mostly("effective", "approved", "superseded", "recalled"),
        "level": st.integers(0, 3),
        "from": mostly(-1, -9, 0, 4),
        "until": mostly(None, 2, 30),
        "training": st.booleans(),
        "pages": st.lists(mostly({"ST-1"}, {"ALL"}, {"ST-2"}, {"ST-1", "ST-2"}), min_size=1, max_size=3),
    }
)
plants = st.fixed_dictionaries(
    {
        "people": st.lists(people, min_size=2, max_size=4),
        "revisions": st.lists(revisions, min_size=1, max_size=3),
        "runs": mostly({"PUMP", "VALVE"}, {"PUMP"}, {"VALVE"}),
        "ceiling": mostly(3, 1, 2),
        "site_ceiling": mostly(3, 1, 2),
        "offline": st.sampled_from([1, 24, 72]),
    }
)


def readers(world: dict[str, Any]) -> dict[bytes, set[str]]:
    """The oracle: who may read each page at ST-1, now or when their shift or the revision begins."""
    found: dict[bytes, set[str]] = {}
    for r, rev in enumerate(world["revisions"]):
        for n, stations in enumerate(rev["pages"]):
            found[_text(r, n)] = {
                f"P-{p}"
                for p, person in enumerate(world["people"])
                if any(
                    _reads(world, person, rev, stations, hour)
                    for hour in (*_shifts(world, person), max(0, rev["from"]))
                )
            }
    return found


def _shifts(world: dict[str, Any], person: dict[str, Any]) -> list[int]:
    return [0, *(begin for station, (begin, _) in person["assigned"] if station == "ST-1" and begin > 0)]


def _reads(
    world: dict[str, Any], person: dict[str, Any], rev: dict[str, Any], stations: set[str], at: int
) -> bool:
    at_work = any(s == "ST-1" and b <= at and (e is None or at < e) for s, (b, e) in person["assigned"])
    in_force = (
        rev["status"] == "effective" and rev["from"] <= at and (rev["until"] is None or at < rev["until"])
    )
    level = rev["level"]
    low = min(person["ceiling"], REACH[person["kind"]], world["ceiling"], world["site_ceiling"])
    trained = not rev["training"] or person["trained"] in {"lasting"} | ({"lapsed"} if at < 3 else set())
    return (
        person["active"] and person["badge"] and at_work and in_force and trained
        and bool(person["roles"] & {"operator", "lead"})
        and level <= low
        and bool(stations & {"ST-1", "ALL"})
        and rev["part"] in world["runs"]
        and person["signed"].get(CLIENT_OF[rev["part"]]) == "2"
        and at < (12 if level == 3 else world["offline"])
    )  # fmt: skip


def _text(revision: int, page: int) -> bytes:
    return b"canary %d %d" % (revision, page)


def _hour(offset: int | None) -> datetime | None:
    return None if offset is None else NOW + timedelta(hours=offset)


def build(plant: Plant, world: dict[str, Any]) -> None:
    with plant.writing() as session:
        for part, client in CLIENT_OF.items():
            plant.customer(client, version="2", hours=world["offline"])
            plant.part(part, client)
        session.merge(Setting(name="site_ceiling", value=LEVELS[world["site_ceiling"]]))
        for line in ("L1", "L2"):
            plant.line(line)
        for station, line in STATIONS.items():
            plant.station(station, line, sorted(world["runs"]), Classification(world["ceiling"]))
        for r, rev in enumerate(world["revisions"]):
            plant.publish(
                f"WI-{r}", rev["part"],
                [(_text(r, n), sorted(stations)) for n, stations in enumerate(rev["pages"])],
                status=rev["status"], classification=Classification(rev["level"]),
                training_required=rev["training"],
                effective_from=_hour(rev["from"]), effective_until=_hour(rev["until"]),
            )  # fmt: skip
        for p, person in enumerate(world["people"]):
            code = f"P-{p}"
            plant.person(
                code, roles=[Role(role) for role in person["roles"]],
                ceiling=Classification(person["ceiling"]), kind=CredentialKind(person["kind"]),
                active=person["active"], badge_active=person["badge"],
            )  # fmt: skip
            for client, version in person["signed"].items():
                plant.sign(code, client, version)
            for station, (begin, end) in person["assigned"]:
                plant.assign(code, station, _hour(begin), _hour(end))
            if person["trained"] in {"lapsed", "lasting"}:
                until = None if person["trained"] == "lasting" else _hour(3)
                for r in range(len(world["revisions"])):
                    plant.train(code, f"WI-{r}", "A", until)


def bundle_key(plant: Plant, lease: Lease, index: int, person: str, share: bytes) -> bytes:
    """What unwraps a bundle's page keys in one person's hand; restricted ones take the boot share too."""
    bundle = lease.bundles[index]
    info = bundle_info(lease.kiosk, lease.number, index, person)
    key = hpke_open(bundle.sealed[person], plant.keys[person].seal, info)
    return joint_key(key, share) if bundle.classification is Classification.RESTRICTED else key


def opened(plant: Plant, lease: Lease, share: bytes) -> dict[str, set[str]]:
    """Blob to the persons whose own key opens it, tried with every key of the plant."""
    found: dict[str, set[str]] = {}
    for index, bundle in enumerate(lease.bundles):
        for person in bundle.sealed:
            key = bundle_key(plant, lease, index, person, share)
            for blob, wrapped in bundle.keys.items():
                assert len(unwrap_key(wrapped, key)) == 32
                found.setdefault(blob, set()).add(person)
    return found


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(world=plants)
def test_a_lease_opens_exactly_what_the_oracle_grants(
    template: Path, tmp_path_factory: pytest.TempPathFactory, world: dict[str, Any]
) -> None:
    plant = Plant.copy(template, tmp_path_factory.mktemp("oracle") / "hub")
    build(plant, world)
    kiosk = plant.kiosk("K-1", "ST-1")
    lease, manifest, reply = kiosk.lease()
    share = hpke_open(reply.boot_share, kiosk.seal, boot_info("K-1", lease.number))
    keys = opened(plant, lease, share)

    seen: dict[bytes, set[str]] = {}
    wrapped = {blob: (bundle, index) for index, bundle in enumerate(lease.bundles) for blob in bundle.keys}
    for page in manifest.pages:
        bundle, index = wrapped[page.blob]
        key = unwrap_key(bundle.keys[page.blob], bundle_key(plant, lease, index, min(bundle.sealed), share))
        box = kiosk.ask("GET", f"/v1/blob/{page.blob}").content
        seen[open_page(box, key, page.page, page.revision_key)] = keys[page.blob]
        assert bundle.classification is page.classification
    assert seen == {text: persons for text, persons in readers(world).items() if persons}
    plant.store.close()
