"""Receipts, reports and acts in evidence bundles: whole, proven by a log, and as they are said to be."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from app.cli.main import main
from app.hub.lockdown import restore
from app.hub.revocations import Kind
from app.hub.schema import ReviewVerdict, Setting
from app.model.errors import Untrusted
from app.seal.encoding import canonical, sha256
from app.wire import evidence as form
from app.wire.evidence_check import With
from app.wire.messages import EventKind
from tests.hub_api import second
from tests.hub_api.plant import NOW
from tests.hub_api.test_evidence import admin, checked, resealed
from tests.hub_api.test_logs import take
from tests.hub_api.test_revocation import act

if TYPE_CHECKING:
    from pathlib import Path

    from tests.hub_api.plant import Device, Plant

TEXTS = [b"page %d" % number for number in range(3)]
GONE = {"keys_gone": "2026-03-02T06:00:01.250+00:00", "bytes_gone": "2026-03-02T06:00:02.750+00:00"}
SITE = {"page": "", "revision": "", "client": ""}


def accept(plant: Plant, kiosk: Device) -> None:
    number = kiosk.lease()[0].number
    take(plant, kiosk, 1, kind=EventKind.LEASE_ACCEPTED, person="", body={"number": number}, **SITE)


def purged(plant: Plant, kiosk: Device, part: int, **words: object) -> None:
    """A receipt: first for the slots, which name persons, then for the client's pages."""
    leases = {"purge": "ab", "why": "lease", "all": False, "before": 1, "after": 2}
    place = SITE if "slots" in words else {"page": "", "client_seq": 2}
    said = {"part": part, "parts": 2, **leases, **GONE, **words}
    take(plant, kiosk, 1, kind=EventKind.PURGED, person="", body=said, **place)


@pytest.fixture
def bundle(plant: Plant, tmp_path: Path) -> Path:
    """ACME's pages are locked down. K-1 purges with a receipt; K-2 takes the next lease, reports the log."""
    plant.publish("WI-1", "PUMP", [(text, ["ST-1"]) for text in TEXTS])
    kiosks = [plant.kiosk("K-1", "ST-1"), plant.kiosk("K-2", "ST-1")]
    for kiosk in kiosks:
        accept(plant, kiosk)
        take(plant, kiosk, 1, client_seq=1, person="P-1" if kiosk is kiosks[0] else "P-2")
    act(plant, Kind.CLIENT, "ACME")
    for kiosk in kiosks:
        accept(plant, kiosk)
    purged(plant, kiosks[0], 2, pages=[sha256(text) for text in TEXTS])
    report = {"what": "log rewritten", "kept": "one", "shown": "another"}
    take(plant, kiosks[1], 1, kind=EventKind.INCIDENT, person="", body=report, **SITE)
    path = tmp_path / "ACME.zip"
    assert admin(plant, "evidence", "--client", "ACME", "--out", path) == 0
    return path


def part(path: Path, name: str) -> dict:
    with zipfile.ZipFile(path) as parts:
        return json.loads(parts.read(name))


def test_receipts_are_whole_and_reports_told(plant, bundle, capsys) -> None:
    assert admin(plant, "log", "list") == 0
    vkey = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("ACME")).split()[-1]
    assert main(["verify", str(bundle), "--key", vkey]) == 0
    proven, unproven = capsys.readouterr().out.split("NOT PROVEN")
    assert "3 receipts and reports of kiosks stand in it whole" in proven
    assert "Of 2 kiosks that could hold what was locked down, 1 signed that they purged it" in proven
    assert "REPORTED: Kiosk K-2 reported on 2026-03-02 06:00:00 UTC: log rewritten." in unproven
    assert (
        "Why 1 of 2 views were shown: no assignment or grant that the plant states explains entry 1."
        in unproven
    )
    told = second.receipts(bundle, vkey)
    assert sorted((one["kiosk"], one["kind"]) for one in told) == [
        ("K-1", "purged"), ("K-2", "incident"), ("K-2", "lease.accepted"),
    ]  # fmt: skip


def test_acts_say_who_was_let_in_under_the_names_of_the_bundle(plant, bundle, tmp_path) -> None:
    acts, shown = part(bundle, form.ACTS), zipfile.ZipFile(bundle)
    assert "ST-1" in acts["stations"]
    named = {one["person"] for one in acts["assignments"] if one["station"] == "ST-1"}
    assert named
    assert not named & {"P-1", "P-2"}
    assert not any(b'"P-1"' in shown.read(name) for name in shown.namelist())
    with plant.writing() as session:
        session.merge(Setting(name="evidence_pseudonyms", value=False))
    assert admin(plant, "evidence", "--client", "ACME", "--out", tmp_path / "plain.zip") == 0
    (mine,) = (
        one for one in part(tmp_path / "plain.zip", form.ACTS)["assignments"] if one["person"] == "P-1"
    )
    assert (mine["station"], mine["until"], mine["from"] <= f"{NOW:%Y-%m-%dT%H:%M:%S.000Z}") == (
        "ST-1",
        "",
        True,
    )
    changes = part(tmp_path / "plain.zip", form.ACTS)["changes"]
    assert {"setting.set", "client.add"} >= {one["act"] for one in changes if "after" in one}


@pytest.mark.parametrize("hidden", [True, False], ids=["pseudonyms", "codes"])
def test_an_incident_stands_in_it_with_its_verdict_and_the_lockdown_that_came_of_it(
    plant, bundle, tmp_path, hidden
) -> None:
    """P-2 has no assignment to ST-1. BOLT's lockdown, and the verdict on views of its pages, are not here."""
    with plant.writing() as session:
        session.merge(Setting(name="evidence_pseudonyms", value=hidden))
    now, day = plant.clock.now(), f"{plant.clock.now():%Y-%m-%d}"
    kiosk = plant.kiosk("K-3", "ST-1")
    accept(plant, kiosk)
    take(plant, kiosk, 1, client_seq=1, person="P-1")
    take(plant, plant.kiosk("K-9", "ST-2"), 1, client="BOLT", person="P-1", station="ST-2")
    for station, person, verdict in (("ST-1", "P-2", "incident"), ("ST-2", "P-1", "justified")):
        plant.add(
            ReviewVerdict(
                code=f"{day}/{station}/{person}", verdict=verdict, reason=f"why {station}",
                by="SUP-1", at=now, confirmed_by="QA-9", confirmed=now,
            )
        )  # fmt: skip
    for kind, code in ((Kind.PERSON, "P-2"), (Kind.CLIENT, "BOLT"), (Kind.STATION, "ST-2")):
        act(plant, kind, code)
    accept(plant, kiosk)
    purged(plant, kiosk, 1, parts=1, slots=[{"person": "P-2", "badge": "78"}])
    path = tmp_path / "later.zip"
    assert admin(plant, "evidence", "--client", "ACME", "--out", path) == 0
    incidents, people = part(path, form.INCIDENTS), part(path, form.FIGURES)["views"]["people"]
    (case,) = incidents["verdicts"]
    assert (case["day"], case["station"], case["views"], case["verdict"]) == (day, "ST-1", 1, "incident")
    assert (case["reason"], case["confirmed"][:10], case["late"]) == ("why ST-1", day, 0)
    assert case["why"] == [
        "unexplained: 1 view began while no assignment or relief held; the first at 06:00:00."
    ]
    assert case["person"] in people
    assert (case["person"], case["by"], case["confirmed_by"]) != ("P-2", "SUP-1", "QA-9") or not hidden
    locked = {(one["kind"], one["code"]) for one in incidents["revocations"]}
    assert locked == {("client", "ACME"), ("person", case["person"])}
    proven = checked(path.read_bytes(), With(plant.home.keys.log.public))
    assert proven.views.unexplained == 1
    assert proven.receipts.proven == (1 if hidden else 2)  # that of K-3 names persons
    with zipfile.ZipFile(path) as parts:
        html = parts.read(form.REPORT_HTML).decode()
        everything = b"".join(parts.read(name) for name in parts.namelist())
    for words in (
        "1 view of 3: no assignment or grant that the plant states explains it. In the log: entry 1.",
        "1 incident by the verdicts of quality", "why ST-1", "1 (33.3 %): nothing explains them",
        f"person {case['person']}",
    ):  # fmt: skip
        assert words in html
    assert b"BOLT" not in everything
    assert b"why ST-2" not in everything


def test_a_receipt_that_names_persons_stays_with_the_plant(plant, bundle, tmp_path) -> None:
    kiosk = plant.kiosk("K-3", "ST-1")
    act(plant, Kind.CLIENT, "ACME", restore)
    accept(plant, kiosk)
    act(plant, Kind.CLIENT, "ACME")
    accept(plant, kiosk)
    purged(plant, kiosk, 1, slots=[{"person": "P-1", "badge": "78"}])
    take(plant, kiosk, 1, client_seq=1, person="P-1")
    path = tmp_path / "later.zip"
    assert admin(plant, "evidence", "--client", "ACME", "--out", path) == 0
    found = part(path, form.RECEIPTS)
    assert [(one["kiosk"], len(one["sha256"])) for one in found["withheld"]] == [("K-3", 64)]
    proven = checked(path.read_bytes(), With(plant.home.keys.log.public))
    assert (proven.receipts.withheld, proven.receipts.proven) == (1, 1)


def test_the_key_opens_everybody_whom_the_bundle_names(plant, bundle, tmp_path, capsys) -> None:
    """SUP-1 made assignments and the lockdown, and looked at nothing; P-9 is nowhere in it."""
    plant.person("P-9")
    assert admin(plant, "evidence-key", bundle, "--out", tmp_path / "all") == 0
    given = {one.pseudonym: one.person for one in form.People.read((tmp_path / "all").read_bytes()).people}
    assert {"P-1", "P-2", "SUP-1"} <= set(given.values())
    acts, (incident,) = part(bundle, form.ACTS), part(bundle, form.INCIDENTS)["revocations"]
    assert given[incident["by"]] == "SUP-1"
    for one in acts["assignments"]:
        assert {given[one["person"]], given[one["by"]]} <= set(given.values())
    assert admin(plant, "evidence-key", bundle, "--person", "P-9", "--out", tmp_path / "none") == 1
    assert "That bundle does not name P-9." in capsys.readouterr().err


def test_a_hub_that_leaves_a_part_out_is_refused(plant, bundle) -> None:
    key = plant.home.keys.log
    for name in form.ALWAYS:
        with pytest.raises(Untrusted, match=f"the part {name} is missing"):
            checked(resealed(bundle.read_bytes(), key, {name: None}), With(key.public))


RUBBISH: list[tuple[str, tuple[Any, ...], object]] = [
    (form.INCIDENTS, ("revocations", 0, "holders", 0, "events"), [7]),
    (form.INCIDENTS, ("revocations", 0, "holders"), 7),
    (form.INCIDENTS, ("revocations", 0), [7]),
    (form.INCIDENTS, ("revocations", 0, "kind"), "sky"),
    (form.ACTS, ("assignments", 0, "from"), 7),
    (form.ACTS, ("assignments", 0, "from"), "2026-03-02T06:00:00"),
    (form.ACTS, ("assignments", 0, "person"), None),
    (form.ACTS, ("grants",), 7),
    (form.POLICY, ("site", "grace_seconds"), 10**20),
    (form.POLICY, ("site",), []),
]


def test_rubbish_that_a_hub_sealed_is_refused_in_a_sentence(plant, bundle) -> None:
    key = plant.home.keys.log
    for name, path, value in RUBBISH:
        said: Any = part(bundle, name)
        place = said
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
        with pytest.raises(Untrusted):
            checked(resealed(bundle.read_bytes(), key, {name: canonical(said)}), With(key.public))


def test_a_hub_that_lies_about_a_lockdown_is_found(plant, bundle) -> None:
    data, key = bundle.read_bytes(), plant.home.keys.log
    incidents, found = part(bundle, form.INCIDENTS), part(bundle, form.RECEIPTS)
    own = next(one for one in found["receipts"] if one["kiosk"] == "K-1")
    other = next(one for one in found["receipts"] if one["kiosk"] == "K-2")
    said = canonical(incidents)
    assert b"2026-03-02T06:00:01+00:00" in said
    earlier = said.replace(b"2026-03-02T06:00:01+00:00", b"2026-03-02T05:00:01+00:00")
    others = [
        said.replace(b'"code":"ACME"', b'"code":%s' % code).replace(b'"kind":"client"', b'"kind":%s' % kind)
        for kind, code in (
            (b'"client"', b'"BOLT"'),
            (b'"revision"', b'"WI-9/A"'),
            (b'"kiosk"', b'"K-9"'),
            (b'"person"', b'"P-1"'),
        )
    ]
    without = [one for one in found["receipts"] if one is not own]
    changes = [
        ({form.INCIDENTS: earlier}, "says something else than the incident"),
        *(({form.INCIDENTS: other}, "is about something else than the incident") for other in others),
        ({form.RECEIPTS: canonical({**found, "receipts": without})}, "an incident names it, and it is not"),
        *(
            ({form.RECEIPTS: canonical({**found, "receipts": [*without, {**own, name: value}]})}, words)
            for name, value, words in (
                ("signature", other["signature"], "not signed by its device"),
                ("event", other["event"], "it is another event"),
                ("seq", 99, "it is another event"),
                ("proof", other["proof"], "not proven that its log has it"),
            )
        ),
    ]  # fmt: skip
    for change, words in changes:
        with pytest.raises(Untrusted, match=words):
            checked(resealed(data, key, change), With(key.public))
