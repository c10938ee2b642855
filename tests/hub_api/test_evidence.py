"""Evidence bundles: made by command, checked by command and by a second program, and refused when touched."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.cli.main import main
from app.hub import evidence
from app.hub.ingest import ingest
from app.hub.schema import Setting
from app.hub.schema_steps import FormerKey
from app.hub.settings import SETTINGS
from app.model.errors import Untrusted
from app.seal.bundle import MEMBERS, SEAL, Bundle, BundleWriter
from app.seal.encoding import canonical
from app.seal.keys import SigningKey
from app.seal.tiles import pack_entries, unpack_entries
from app.wire import evidence as form
from app.wire import evidence_check
from app.wire.agreement import MEANING, AgreementSignature
from app.wire.evidence import About, People
from app.wire.evidence_check import With, check
from app.wire.messages import EventBatch, EventKind
from tests.hub.test_trace import picture
from tests.hub_api import second
from tests.hub_api.plant import Device, Plant
from tests.hub_api.test_logs import by_hand, take
from tests.hub_api.test_steps import by

if TYPE_CHECKING:
    from pathlib import Path

COUNT = 600


@pytest.fixture(scope="module")
def told(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Plant:
    """Two kiosks and two people, 600 events of ACME over a day, 20 of BOLT between them."""
    plant = Plant.copy(template, tmp_path_factory.mktemp("told") / "hub")
    with plant.writing():
        for client, part in (("ACME", "PUMP"), ("BOLT", "VALVE")):
            plant.customer(client)
            plant.part(part, client)
        plant.line("L1")
        plant.station("ST-1", "L1", ["PUMP", "VALVE"])
        for person in ("P-1", "P-2"):
            plant.person(person)
            plant.sign(person, "ACME")
    kiosks = [plant.kiosk("K-1", "ST-1"), plant.kiosk("K-2", "ST-1")]
    numbers = [0, 0]
    for step in range(60):
        which = step % 2
        written = []
        for _ in range(10):
            numbers[which] += 1
            kind = EventKind.PAGE_DAMAGED if numbers[which] % 50 == 0 else EventKind.VIEW_BEGIN
            person = "" if kind is EventKind.PAGE_DAMAGED else f"P-{1 + which}"
            written.append(kiosks[which].write(1, client_seq=numbers[which], kind=kind, person=person))
        deliver(plant, kiosks[which], written)
        if step % 3 == 0:
            take(plant, kiosks[which], 1, client="BOLT", client_seq=step // 3 + 1, person="P-1")
        plant.clock.forward(minutes=20)
    return plant


def deliver(plant: Plant, kiosk: Device, written: list[EventBatch]) -> None:
    events = [event for batch in written for event in batch.events]
    signatures = [signature for batch in written for signature in batch.signatures]
    batch = EventBatch(epoch=kiosk.epoch, events=tuple(events), signatures=tuple(signatures))
    ingest(plant.store, plant.home.keys.seal, kiosk.code, batch, plant.clock.now())


def admin(plant: Plant, *words: object) -> int:
    return main(["admin", "--hub", str(plant.home.path), *map(str, words)])


BOTH = {"pseudonyms": True, "codes": False}
pseudonymous, plain = (
    pytest.mark.parametrize("bundle", [BOTH[name]], ids=[name], indirect=True) for name in BOTH
)


@pytest.fixture(scope="module", params=BOTH.values(), ids=BOTH.keys())
def bundle(told: Plant, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    path = tmp_path_factory.mktemp("bundle") / "ACME.zip"
    with told.writing() as session:
        session.merge(Setting(name="evidence_pseudonyms", value=request.param))
    assert admin(told, "evidence", "--client", "ACME", "--out", path) == 0
    return path


@pytest.fixture
def vkey(told: Plant, capsys: pytest.CaptureFixture[str]) -> str:
    assert admin(told, "log", "list") == 0
    (line,) = (line for line in capsys.readouterr().out.splitlines() if line.startswith("ACME"))
    return line.split()[-1]


@pytest.fixture
def key(told: Plant) -> With:
    return With(told.home.keys.log.public)


def about_of(path: Path) -> About:
    return About.read(zipfile.ZipFile(path).read(form.ABOUT))


def checked(data: bytes, known: With):
    return check(io.BytesIO(data), known)


def resealed(data: bytes, key: SigningKey, changes: dict[str, bytes | None]) -> bytes:
    """What whoever has the hub's key can make of a bundle."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        parts = {name: source.read(name) for name in source.namelist() if name not in {MEMBERS, SEAL}}
    target = io.BytesIO()
    writer = BundleWriter(target)
    for name, part in {**parts, **changes}.items():
        if part is not None:
            writer.add(name, part)
    about = About.read(parts[form.ABOUT])
    writer.finish(about.origin, about.bundle, key)
    return target.getvalue()


# -- what is made and what is proven ---------------------------------------------------------------------


def test_a_leaked_picture_names_its_view_from_the_bundle_alone(bundle, told, vkey, tmp_path, capsys) -> None:
    seen: list[tuple[int, dict]] = []
    key = With(told.home.keys.log.public, entry=lambda number, event: seen.append((number, event)))
    checked(bundle.read_bytes(), key)
    number, event = next(one for one in seen if one[1]["kiosk"] == "K-1" and one[1]["kind"] == "view.begin")
    mark_key = tmp_path / "mark.key"
    mark_key.write_text(told.home.mark_key.hex())
    leak = picture(tmp_path / "leak.png", told.home.mark_key, event["seq"])
    words = ["trace", str(leak), "--key", str(mark_key), "--bundle", str(bundle), "--bundle-key", vkey]
    assert main(words) == 0
    out = capsys.readouterr().out
    assert f"K-1, epoch {event['epoch']}, number {event['seq']}" in out
    assert f"entry {number} of {COUNT}" in out
    assert event["person"] in out
    absent = picture(tmp_path / "absent.png", told.home.mark_key, 2**31)
    assert main(["trace", str(absent), *words[2:]]) == 0
    assert "not in this bundle" in capsys.readouterr().out


def test_the_command_says_what_is_proven_and_what_is_not(bundle, vkey, tmp_path, capsys) -> None:
    kept = tmp_path / "kept"
    assert main(["verify", str(bundle), "--key", vkey, "--keep", str(kept)]) == 0
    said = capsys.readouterr().out
    proven, unproven = said.split("NOT PROVEN")
    assert "client ACME (ACME Medical) at Plant One" in proven
    assert f"Its {COUNT} entries are numbers 0 to {COUNT - 1} of a log of {COUNT};" in proven
    assert "Every kiosk numbered its events of this client, and no number is missing." in proven
    assert "no witness was named" in unproven
    hidden = "What 588 entries say that name a person: they are sealed in the bundle" in unproven
    assert hidden == about_of(bundle).pseudonyms
    assert main(["verify", str(bundle), "--key", vkey, "--seen", str(kept)]) == 0
    assert f"The log continues the checkpoint of {COUNT} entries" in capsys.readouterr().out


def test_a_second_program_finds_the_same(bundle, vkey, told) -> None:
    logged, wrong = second.verify(bundle, vkey)
    assert wrong == []
    with told.store.read() as session:
        from app.hub.schema import EventRow

        rows = session.query(EventRow).filter_by(client="ACME").order_by(EventRow.client_index)
        exact = [row.data for row in rows]
    sealed = sum(entry is None for entry in logged)
    assert [entry for entry in logged if entry is not None] == [
        entry for entry, found in zip(exact, logged, strict=True) if found is not None
    ]
    assert sealed == (588 if about_of(bundle).pseudonyms else 0)


def test_it_holds_nothing_of_another_client_and_under_pseudonyms_no_person(bundle) -> None:
    with zipfile.ZipFile(bundle) as parts:
        everything = b"".join(parts.read(name) for name in parts.namelist())
    assert b"BOLT" not in everything
    named = re.search(rb'[">\s]P-1["<\s]', everything)  # three bytes alone also come up in what is sealed
    assert bool(named) != about_of(bundle).pseudonyms


def test_the_report_is_there_to_be_read(bundle) -> None:
    import pymupdf

    with zipfile.ZipFile(bundle) as parts:
        html = parts.read(form.REPORT_HTML).decode()
        with pymupdf.open(stream=parts.read(form.REPORT_PDF), filetype="pdf") as pdf:
            text = " ".join(" ".join(page.get_text() for page in pdf).split())
            numbered = [page.get_text().split("\n")[-2].strip() for page in pdf]
            assert numbered == [f"{number} / {len(pdf)}" for number in range(1, len(pdf) + 1)]
            assert pdf[1].get_text().startswith("When")  # plots are not shrunk to the rest of a page
    for words in (
        "600 events are in this bundle",
        "588 times a page was shown, to 2 persons",
        "ACME Medical",
    ):
        assert words in html
        assert words in text
    assert html.count("<svg") == 5
    assert "in seconds (0 to 600)</td><td>0</td>" in html
    assert "588 (100.0 %): nothing explains them" in html
    assert "What this proves" in text


@plain
def test_a_bundle_that_names_persons_has_no_key(told, bundle, tmp_path, capsys) -> None:
    assert admin(told, "evidence-key", bundle, "--out", tmp_path / "no") == 1
    assert "there is no key to it" in capsys.readouterr().err


@pseudonymous
def test_a_person_can_be_opened_and_nobody_else(told, bundle, vkey, tmp_path, capsys) -> None:
    assert admin(told, "evidence-key", bundle, "--person", "P-1", "--out", tmp_path / "one") == 0
    assert admin(told, "evidence-key", bundle, "--out", tmp_path / "all") == 0
    assert admin(told, "evidence-key", bundle, "--person", "P-9", "--out", tmp_path / "none") == 1
    assert "does not name P-9" in capsys.readouterr().err
    assert admin(told, "changes") == 0
    assert capsys.readouterr().out.count("evidence.key") == 2
    assert (tmp_path / "all").stat().st_mode & 0o077 == 0
    for name, opened, closed in (("one", 294, 294), ("all", 588, 0)):
        people = People.read((tmp_path / name).read_bytes())
        known = With(told.home.keys.log.public, people=people, every=True)
        proven = checked(bundle.read_bytes(), known)
        assert (proven.opened, proven.closed, proven.signatures) == (opened, closed, COUNT - closed)
    other = People(bundle="0" * 32, people=people.people)
    with pytest.raises(Untrusted, match="another bundle"):
        checked(bundle.read_bytes(), With(told.home.keys.log.public, people=other))


def test_a_period_is_widened_to_tiles_and_the_rest_is_said_to_be_missing(
    told, vkey, tmp_path, capsys
) -> None:
    path = tmp_path / "part.zip"
    start = ["--from", "2026-03-02T15:00Z", "--to", "2026-03-02T18:00Z"]
    assert admin(told, "evidence", "--client", "ACME", *start, "--out", path) == 0
    about = about_of(path)
    assert (about.first, about.last, about.size) == (256, 512, COUNT)
    assert main(["verify", str(path), "--key", vkey]) == 0
    said = capsys.readouterr().out
    assert "What the entries 0 to 255 say: a bundle without --from shows them." in said
    assert "What the entries from 512 on say: a bundle without --to shows them." in said


def test_what_cannot_be_made_is_said_in_a_sentence(told, bundle, tmp_path, capsys) -> None:
    def says(*words: object) -> str:
        capsys.readouterr()
        assert admin(told, "evidence", *words) == 1
        return capsys.readouterr().err

    assert "There is no client NONE." in says("--client", "NONE", "--out", tmp_path / "x")
    assert "has no events in that period" in says(
        "--client", "ACME", "--to", "2020-01-01", "--out", tmp_path / "x"
    )
    assert "exists. Name another one." in says("--client", "ACME", "--out", bundle)
    assert "cannot be written" in says("--client", "ACME", "--out", tmp_path / "no" / "x")
    assert not list(tmp_path.iterdir())


def test_a_log_that_does_not_fit_its_events_makes_no_bundle(told, tmp_path, capsys) -> None:
    copy = Plant.copy(told.home.path, tmp_path / "hub")
    by_hand(
        copy,
        "UPDATE event SET data = replace(data, 'ST-1', 'ST-2') WHERE client_index = 300 AND client = 'ACME'",
    )
    assert admin(copy, "evidence", "--client", "ACME", "--out", tmp_path / "x.zip") == 1
    assert "not those that the log of client ACME holds" in capsys.readouterr().err
    assert not list(tmp_path.glob("x*"))


@pseudonymous
def test_helpers_make_and_check_the_same(told, bundle, key, vkey, tmp_path, monkeypatch) -> None:
    """Each tile a stretch of its own, in two other processes."""
    for module in (evidence, evidence_check):
        monkeypatch.setattr(module, "TILES_AT_ONCE", 1)
        monkeypatch.setattr(module, "hands_for", lambda _pieces: 2)
    path = tmp_path / "helped.zip"
    assert admin(told, "evidence", "--client", "ACME", "--out", path) == 0
    assert [entry for entry in second.verify(path, vkey)[0] if entry is not None]
    same = ("tile/", form.SHOWN, form.SIGNATURES, form.FIGURES, form.DEVICES)
    with zipfile.ZipFile(bundle) as alone, zipfile.ZipFile(path) as helped:
        assert alone.namelist() == helped.namelist()
        for name in alone.namelist():
            assert not name.startswith(same) or alone.read(name) == helped.read(name)
    name, entries = entries_part(path)
    changed = [entry.replace(b'"person":""', b'"person":"P-3"') for entry in entries]
    path.write_bytes(resealed(path.read_bytes(), told.home.keys.log, {name: pack_entries(changed)}))
    with pytest.raises(Untrusted, match="is not the one that was logged"):
        checked(path.read_bytes(), replace(key, path=path))


# -- touched by whoever does not have the key ------------------------------------------------------------


def test_it_says_which_part_was_touched(bundle, key) -> None:
    data = bundle.read_bytes()
    with zipfile.ZipFile(bundle) as parts:
        infos = parts.infolist()
    for info in infos[:-2]:
        at = info.header_offset + 30 + len(info.filename) + info.compress_size // 2
        changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        with pytest.raises(Untrusted) as told:
            checked(changed, key)
        assert info.filename in str(told.value)


def test_a_bundle_sealed_with_another_key_is_refused(bundle, key) -> None:
    with pytest.raises(Untrusted, match="is by another key"):
        checked(resealed(bundle.read_bytes(), SigningKey.generate(), {}), key)


def test_parts_taken_away_added_or_put_elsewhere_are_refused(bundle, key) -> None:
    with zipfile.ZipFile(bundle) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    for change in ({form.REPORT_PDF: None}, {"more.txt": b"x"}, {form.POLICY: parts[form.INCIDENTS]}):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as writer:
            for name, part in {**parts, **change}.items():
                if part is not None:
                    writer.writestr(name, part)
        with pytest.raises(Untrusted):
            checked(target.getvalue(), key)


# -- made by a hub that lies -----------------------------------------------------------------------------


def entries_part(path: Path, index: int = 1) -> tuple[str, list[bytes]]:
    about = about_of(path)
    place = about.places()[index]
    name = form.part_of(form.SHOWN, place) if about.pseudonyms else place.path
    return name, unpack_entries(zipfile.ZipFile(path).read(name), place.width)


def test_a_hub_that_changes_entries_of_its_log_is_found(told, bundle, key) -> None:
    name, entries = entries_part(bundle)
    (at, bare) = next((at, entry) for at, entry in enumerate(entries) if b'"person":""' in entry)
    forged = [*entries[:at], bare.replace(b"ST-1", b"ST-2"), *entries[at + 1 :]]
    for changed in (forged, entries[::-1], entries[:-1]):
        data = resealed(bundle.read_bytes(), told.home.keys.log, {name: pack_entries(changed)})
        with pytest.raises(Untrusted):
            checked(data, key)


def test_a_hub_that_changes_hashes_figures_or_signatures_is_found(told, bundle, key) -> None:
    about, data = about_of(bundle), bundle.read_bytes()
    with zipfile.ZipFile(bundle) as parts:
        tile, above = parts.read("tile/0/001"), parts.read("tile/1/000.p/2")
        figures = json.loads(parts.read(form.FIGURES))
        signatures = parts.read("signatures/000")
    changes: list[tuple[dict[str, bytes | None], str]] = [
        ({"tile/0/001": tile[::-1]}, "do not lead to those above"),
        ({"tile/0/001": tile + b"x"}, "another length"),
        ({"tile/0/001": tile[:-32]}, "another length"),
        ({"tile/1/000.p/2": above[::-1]}, "do not lead to those above|another root"),
        ({"tile/0/000": None}, "the part tile/0/000 is missing"),
        ({"tile/0/003": tile}, "no such tile"),
        ({form.FIGURES: canonical({**figures, "entries": 599})}, "its figures are not those"),
        ({form.DEVICES: canonical({"devices": []})}, "is not signed by the device"),
        ({"signatures/000": signatures[::-1]}, "is not signed by the device"),
        ({"signatures/000": signatures[:-1]}, "another length"),
        ({form.ABOUT: canonical({**json.loads(about.exact()), "size": 599, "last": 599})}, "another size"),
    ]
    for change, words in changes:
        with pytest.raises(Untrusted, match=words):
            checked(resealed(data, told.home.keys.log, change), key)


@pseudonymous
def test_a_hub_that_shows_something_else_than_it_sealed_is_found_with_the_key(told, bundle, key) -> None:
    with told.store.read() as session:
        from app.hub.evidence import people_key

        people = people_key(session, told.home, Bundle(io.BytesIO(bundle.read_bytes()), key.public), [])
    name, entries = entries_part(bundle)
    data = resealed(
        bundle.read_bytes(), told.home.keys.log,
        {name: pack_entries([entry.replace(b'"number":1', b'"number":2') for entry in entries])},
    )  # fmt: skip
    known = With(told.home.keys.log.public)
    with pytest.raises(Untrusted, match="is not the one that was logged"):  # entries that name nobody
        checked(data, known)
    at = next(at for at, entry in enumerate(entries) if b'"person":"P-' in entry)
    forged = [*entries[:at], entries[at].replace(b'"number":1', b'"number":2'), *entries[at + 1 :]]
    data = resealed(bundle.read_bytes(), told.home.keys.log, {name: pack_entries(forged)})
    assert checked(data, known).closed == 588
    with pytest.raises(Untrusted, match=f"Entry {256 + at} says something else than what the log holds"):
        checked(data, With(known.public, people=people))


def test_a_hub_that_rewrote_its_log_is_found_by_the_kept_checkpoint(told, bundle, key, tmp_path) -> None:
    one, other = (Plant.copy(told.home.path, tmp_path / name) for name in ("one", "other"))
    take(other, other.kiosk("K-3", "ST-1"), 2)
    assert admin(other, "log", "checkpoint", "--client", "ACME", "--out", tmp_path / "kept") == 0
    known = With(key.public, seen=[(tmp_path / "kept").read_bytes()])
    with pytest.raises(Untrusted, match="entries were cut off"):
        checked(bundle.read_bytes(), known)
    take(one, one.kiosk("K-4", "ST-1"), 2)
    assert admin(one, "evidence", "--client", "ACME", "--out", tmp_path / "longer.zip") == 0
    with pytest.raises(Untrusted, match="the log was rewritten"):
        checked((tmp_path / "longer.zip").read_bytes(), known)


def test_numbers_that_a_kiosk_gave_and_the_log_lacks_are_told(template, tmp_path, capsys) -> None:
    plant = Plant.copy(template, tmp_path / "hub")
    plant.customer("ACME")
    plant.line("L1")
    plant.station("ST-1", "L1", [])
    kiosk = plant.kiosk("K-1", "ST-1")
    for number in (1, 2, 5):
        take(plant, kiosk, 1, client_seq=number)
    admin(plant, "evidence", "--client", "ACME", "--out", tmp_path / "x.zip")
    admin(plant, "log", "list")
    vkey = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("ACME")).split()[-1]
    assert main(["verify", str(tmp_path / "x.zip"), "--key", vkey]) == 1
    assert "MISSING: Kiosk K-1 (epoch 1) numbered events 3 to 4 of this client" in capsys.readouterr().out


@pytest.mark.parametrize("hidden", [False, True], ids=["codes", "pseudonyms"])
def test_signatures_of_persons_are_checked_and_wrong_ones_told(template, tmp_path, capsys, hidden) -> None:
    plant = Plant.copy(template, tmp_path / "hub")
    plant.customer("ACME")
    plant.line("L1")
    plant.station("ST-1", "L1", [])
    plant.person("P-1")
    kiosk, mine = plant.kiosk("K-1", "ST-1"), plant.keys["P-1"].sign
    with plant.writing() as session:
        session.merge(Setting(name="evidence_pseudonyms", value=hidden))
    step = {"kind": EventKind.STEP_CONFIRMED, "body": {"step": "2"}}

    def confirmed(key: SigningKey, **lies: str) -> dict:
        words = {**step, "client_seq": kiosk.seq + 1}
        body = by(kiosk.event(kiosk.seq + 1, kiosk.head, **words), key, **lies)
        take(plant, kiosk, 1, **{**words, "body": body})
        return body

    before = SigningKey.generate()
    plant.add(FormerKey(person="P-1", sign_public=before.public, until=plant.clock.now()))
    first = confirmed(mine)
    confirmed(before)
    confirmed(mine, unit="SN-9")
    confirmed(SigningKey.generate())
    take(plant, kiosk, 1, **{**step, "client_seq": 5, "body": first})
    for number, (key, who) in enumerate([(mine, "P-1"), (SigningKey.generate(), "P-1"), (mine, "P-2")], 6):
        agreed = AgreementSignature(
            kiosk="K-1", person=who, name="Ann Example", client="ACME", version="1", sha256="a" * 64,
            meaning=MEANING, signed=plant.clock.now(),
        )  # fmt: skip
        body = {"version": "1", "text": "a" * 64, "envelope": agreed.sealed(key).decode()}
        take(plant, kiosk, 1, kind=EventKind.AGREEMENT_SIGNED, client_seq=number, body=body)
    path, people = tmp_path / "x.zip", tmp_path / "people"
    assert admin(plant, "evidence", "--client", "ACME", "--out", path) == 0
    admin(plant, "log", "list")
    vkey = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("ACME")).split()[-1]
    words = ["verify", str(path), "--key", vkey]
    if hidden:
        assert main(words) == 0
        assert "8 electronic signatures: what they sign names the person" in capsys.readouterr().out
        with zipfile.ZipFile(path) as parts:
            (shown,) = (parts.read(name) for name in parts.namelist() if name.startswith("shown/"))
        assert shown.count(b'"envelope":""') == 3
        assert admin(plant, "evidence-key", path, "--out", people) == 0
        words += ["--people", str(people)]
    else:
        assert second.verify(path, vkey)[1] == [2, 3, 6, 7]
    assert main(words) == 1
    said = capsys.readouterr().out
    assert "3 electronic signatures hold" in said
    for entry, why in (
        (2, "it is not over what the entry says"),
        (3, "its key is not one of this person's"),
        (4, "it stands in an earlier entry too"),
        (6, "it is not over what the entry says"),
        (7, "it is not over what the entry says"),
    ):
        assert f"WRONG: The electronic signature in entry {entry} does not hold: {why}." in said


@pytest.mark.parametrize("word", ["--key", "--witness"])
def test_bad_keys_are_refused_in_words(bundle, vkey, word, capsys) -> None:
    words = ["--key", vkey, "--witness"] if word == "--witness" else ["--key"]
    assert main(["verify", str(bundle), *words, "a+b+c"]) == 1
    assert "This is not a verifier key." in capsys.readouterr().err
    assert SETTINGS["evidence_pseudonyms"].default is True
