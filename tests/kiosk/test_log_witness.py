"""Kiosks that cosign the logs of the clients whose pages they hold, and what a client can make of it."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from app.cli.main import main
from app.hub.schema_log import KioskCosignature
from app.kiosk.log_watch import Watch
from app.kiosk.log_witness import witness
from app.kiosk.state import State
from app.kiosk.vault import DeviceKeys
from app.model.errors import Untrusted
from app.seal.checkpoint import Checkpoint
from app.seal.keys import SealKey, SigningKey
from app.seal.note import Note
from app.wire.client import HubRefused
from app.wire.evidence_check import With
from app.wire.log_witness import CosignedReply, LogsAsk, LogsCosigned, LogSeen, LogsReply
from app.wire.messages import LOG_REWRITTEN, EventKind
from tests.hub_api import second
from tests.hub_api.conftest import bare, plant, template
from tests.hub_api.plant import Device, Plant
from tests.hub_api.test_evidence import admin, checked, resealed
from tests.hub_api.test_logs import take

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from app.model.errors import Expected
    from app.wire.base import Message

__all__ = ["bare", "plant", "template"]


class Witness:
    """A kiosk's side: its lease store, its device, and the hub's routes without a socket between."""

    def __init__(self, device: Device, folder: Path) -> None:
        self.device, self.hub = device, device
        self.keys = DeviceKeys(device.sign, SealKey.generate(), b"", device.code, "S1", device.epoch)
        self.state = State(folder / f"{device.code}.db", os.urandom(32))
        self.noted: list[dict[str, Any]] = []
        self.kept = 0

    def _post(self, path: str, message: Message) -> bytes:
        answer = self.hub.ask("POST", path, message.exact())
        assert answer.status_code == 200, answer.text
        return answer.content

    def client_logs(self, asked: LogsAsk) -> LogsReply:
        return LogsReply.read(self._post("/v1/log/clients", asked))

    def cosigned(self, handed: LogsCosigned) -> CosignedReply:
        reply = CosignedReply.read(self._post("/v1/log/cosigned", handed))
        self.kept += reply.kept
        return reply

    def note(self, kind: EventKind, *, client: str = "", **body: Any) -> bool:
        assert kind is EventKind.INCIDENT
        self.noted.append({"client": client, **body})
        return True

    def look(self, *clients: str) -> Expected | None:
        plant = self.device.plant
        keys = [plant.home.keys.log.public]
        logs = Watch(self.state, "S1", keys, self.note, plant.clock.now())
        return witness(self, logs, self.keys, clients or ("ACME",))

    def size(self, client: str = "ACME") -> int:
        return Checkpoint.read(Note.read(self.state.checkpoint_of(client).encode()).text).size


Make = "Callable[[str], Witness]"


@pytest.fixture
def make(plant: Plant, tmp_path: Path) -> Iterator[Callable[[str], Witness]]:
    """Kiosks at a station that shows pages of ACME's, with a lease."""
    plant.publish("WI-1", "PUMP", [(b"page", ["ST-1"])])
    made: list[Witness] = []

    def kiosk(code: str) -> Witness:
        made.append(Witness(plant.kiosk(code, "ST-1"), tmp_path))
        made[-1].device.lease()
        return made[-1]

    yield kiosk
    for one in made:
        one.state.close()


def rows(plant: Plant) -> list[tuple[str, str, int]]:
    with plant.store.read() as session:
        return sorted((row.log, row.kiosk, row.size) for row in session.query(KioskCosignature))


def vkey_of(plant: Plant, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    assert admin(plant, "log", "list") == 0
    return next(line for line in capsys.readouterr().out.splitlines() if line.startswith("ACME")).split()[-1]


def bundle_of(plant: Plant, path: Path) -> Path:
    assert admin(plant, "evidence", "--client", "ACME", "--out", path) == 0
    return path


def test_kiosks_cosign_and_the_bundle_names_them(plant: Plant, make: Any, tmp_path: Path, capsys) -> None:
    kiosks = [make(f"K-{number}") for number in range(1, 4)]
    assert kiosks[0].look() is None
    assert rows(plant) == []  # nothing of an empty log
    plant.clock.forward(minutes=11)
    take(plant, kiosks[0].device, 300)
    for one in kiosks:
        assert one.look() is None
    take(plant, kiosks[1].device, 7)
    assert kiosks[1].look() is None
    assert kiosks[1].size() == 300  # the same for a while, so that all cosign the same
    plant.clock.forward(minutes=11)
    assert kiosks[0].look() is None
    assert rows(plant) == [("ACME", "K-1", 307), ("ACME", "K-2", 300), ("ACME", "K-3", 300)]
    path, vkey = bundle_of(plant, tmp_path / "b.zip"), vkey_of(plant, capsys)
    assert main(["verify", str(path), "--key", vkey]) == 0
    proven, unproven = capsys.readouterr().out.split("NOT PROVEN")
    assert (
        "Kiosks cosigned this log: 1 its first 307 entries, 2 its first 300 entries, the last on "
        "2026-03-02 06:22:00 UTC." in proven
    )
    assert "That the kiosks which cosigned are real" in unproven
    assert "cosigned none" not in unproven
    take(plant, plant.kiosk("K-8", "ST-1"), 1)
    path = bundle_of(plant, tmp_path / "c.zip")
    assert main(["verify", str(path), "--key", vkey]) == 0
    silent = "That all kiosks which showed pages were shown this log: 1 cosigned none: K-8."
    assert silent in capsys.readouterr().out
    assert second.kiosks(path, vkey) == {("K-1", 307), ("K-2", 300), ("K-3", 300)}


def test_a_log_without_kiosks_signatures_is_said_to_have_none(plant, make, tmp_path, capsys) -> None:
    take(plant, make("K-1").device, 3)
    path, vkey = bundle_of(plant, tmp_path / "b.zip"), vkey_of(plant, capsys)
    assert main(["verify", str(path), "--key", vkey]) == 0
    assert "That kiosks were shown this log: none cosigned it." in capsys.readouterr().out


def test_a_fork_shown_to_one_kiosk_is_found_out(plant, make, tmp_path, capsys) -> None:
    """K-2 is led to a copy of the hub that goes on otherwise, and back."""
    one, two = make("K-1"), make("K-2")
    take(plant, one.device, 20)
    for kiosk in (one, two):
        assert kiosk.look() is None
    fork = Plant.copy(plant.home.path, tmp_path / "fork")
    take(plant, one.device, 5)
    plant.clock.forward(minutes=11)
    assert one.look() is None
    fork.clock.time = plant.clock.time
    two.hub = replace(two.device, plant=fork)
    take(fork, replace(two.device, plant=fork), 5, person="P-2")
    assert two.look() is None  # alone it cannot know
    assert rows(fork) == [("ACME", "K-1", 20), ("ACME", "K-2", 25)]
    two.hub = two.device
    two.device.counter += 50
    said = two.look()
    assert said is not None
    assert said.code == "log_rewritten"
    assert rows(plant) == [("ACME", "K-1", 25), ("ACME", "K-2", 20)]
    (incident,) = two.noted
    assert incident.pop("client") == "ACME"
    assert incident["what"] == LOG_REWRITTEN
    assert two.look() is said or len(two.noted) == 1  # recorded once
    key, public = plant.home.keys.log, With(plant.home.keys.log.public)
    with fork.store.read() as session:
        forked = session.get_one(KioskCosignature, ("ACME", "K-2", 1))
        lie = Note(Note.read(forked.note).text, (*Note.read(forked.note).lines,)).exact() + (
            f"{forked.line}\n".encode()
        )
    path, vkey = bundle_of(plant, tmp_path / "before.zip"), vkey_of(plant, capsys)
    with pytest.raises(Untrusted, match="the log was rewritten"):
        checked(resealed(path.read_bytes(), key, {"kiosks/25-9": lie}), public)
    take(plant, two.device, 1, kind=EventKind.INCIDENT, person="", page="", revision="", body=incident)
    path = bundle_of(plant, tmp_path / "after.zip")
    main(["verify", str(path), "--key", vkey])
    said_of = capsys.readouterr().out
    assert "REPORTED: Kiosk K-2 reported on 2026-03-02 06:11:00 UTC: log rewritten." in said_of
    assert admin(plant, "log", "check") == 1
    assert "was shown another one" in capsys.readouterr().out


def test_what_does_not_hold_is_not_kept_and_what_is_not_its_own_not_shown(plant, make, tmp_path) -> None:
    one, two = make("K-1"), make("K-2")
    take(plant, one.device, 20)
    asked = LogsAsk(logs=tuple(LogSeen(client=client) for client in ("ACME", "BOLT", "NONE")))
    reply = one.client_logs(asked)
    assert [log.client for log in reply.logs] == ["ACME"]
    handed: list[LogsCosigned] = []
    keep, one.cosigned = one.cosigned, lambda each: handed.append(each) or CosignedReply(kept=0)  # type: ignore[method-assign]
    assert one.look() is None
    (good,) = handed[0].cosigned
    checkpoint = Checkpoint.read(Note.read(good.checkpoint.encode()).text)
    forged = replace(checkpoint, size=21).sign([SigningKey.generate()]).decode()
    for bad in (
        good.model_copy(update={"line": good.line.replace("K-1", "K-2")}),
        good.model_copy(update={"line": "rubbish"}),
        good.model_copy(update={"checkpoint": forged}),
        good.model_copy(update={"client": "BOLT"}),
    ):
        assert keep(LogsCosigned(cosigned=(bad,))).kept == 0
    assert two.cosigned(LogsCosigned(cosigned=(good,))).kept == 0  # another device's
    assert rows(plant) == []
    for _ in range(2):  # sent again, it is the same
        assert keep(LogsCosigned(cosigned=(good,))).kept == 1
    assert rows(plant) == [("ACME", "K-1", 20)]
    lost = Witness(plant.kiosk("K-9", "ST-1", status="lost"), tmp_path)
    for path, message in (("clients", asked), ("cosigned", handed[0])):
        answer = lost.device.ask("POST", f"/v1/log/{path}", message.exact())
        assert answer.json()["code"] == "kiosk_blocked"
    lost.state.close()


def test_a_bundle_with_a_signature_of_no_kiosk_is_refused(plant, make, tmp_path) -> None:
    one = make("K-1")
    take(plant, one.device, 20)
    assert one.look() is None
    path, key = bundle_of(plant, tmp_path / "b.zip"), plant.home.keys.log
    with plant.store.read() as session:
        (row,) = session.query(KioskCosignature)
        for line, words in (
            (row.line.replace("/K-1/", "/K-7/"), "is no kiosk of this bundle"),
            (row.line[:-8] + "AAAAAAA=", "signature|base64"),
        ):
            lie = row.note + f"{line}\n".encode()
            with pytest.raises(Untrusted, match=words):
                checked(resealed(path.read_bytes(), key, {"kiosks/20-0": lie}), With(key.public))


@pytest.mark.parametrize(("code", "status"), [("no_route", 404), ("kiosk_blocked", 403)])
def test_a_hub_that_shows_kiosks_no_clients_log_is_told_only_if_it_did_before(make, code, status) -> None:
    from app.wire.base import Problem

    one = make("K-1")
    shown, plant = one.client_logs, one.device.plant

    def refused(_asked: LogsAsk) -> LogsReply:
        raise HubRefused(Problem(code=code, message="no"), status)

    one.client_logs = refused
    assert one.look() is None
    take(plant, one.device, 3)
    one.client_logs = shown
    assert one.look() is None
    one.client_logs = refused
    said = one.look()
    assert (said is None) == (code == "kiosk_blocked")
