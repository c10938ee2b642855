"""A client's witness and the hub, by files: what continues is cosigned and kept, what does not is refused."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from app.cli.main import main
from app.model.errors import Untrusted
from app.seal.cosignature import Witness, cosigned_at
from app.seal.keys import SigningKey
from app.seal.note import Note, NoteKey
from app.seal.witnessing import AddCheckpoint
from app.wire.evidence_check import With, check
from tests.hub_api.plant import Plant
from tests.hub_api.test_logs import by_hand, logged, take

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["logged"]


class Client:
    """A client with its witness, at the command line, and the plant at another."""

    def __init__(self, plant: Plant, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.plant, self.folder, self._capsys = plant, folder, capsys
        self.told = ""
        assert self.run("witness", "init", folder / "witness", "--name", "acme.example/w") == 0
        self.vkey = folder / "witness" / "witness.vkey"
        assert self.admin("log", "list") == 0
        (line,) = (line for line in self.told.splitlines() if line.startswith("ACME"))
        self.log = NoteKey.read(line.split()[-1])

    def run(self, *words: object) -> int:
        self._capsys.readouterr()
        code = main([str(word) for word in words])
        said = self._capsys.readouterr()
        self.told = said.out + said.err
        assert "fault in Stationleaf" not in self.told
        return code

    def admin(self, *words: object) -> int:
        return self.run("admin", "--hub", self.plant.home.path, *words)

    def ask(self, name: str, old: int) -> Path:
        path = self.folder / f"{name}.request"
        assert self.admin("log", "checkpoint", "--client", "ACME", "--old", old, "--out", path) == 0, (
            self.told
        )
        return path

    def sign(self, request: Path) -> Path | None:
        out = request.with_suffix(".cosigned")
        done = self.run(
            "witness", "sign", self.folder / "witness", request, "--key", self.log.vkey, "--out", out
        )
        return out if done == 0 else None

    def take(self, cosigned: Path) -> int:
        return self.admin("log", "cosigned", cosigned, "--witness", self.vkey)


@pytest.fixture
def client(logged: Plant, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Client:
    return Client(logged, tmp_path, capsys)


def test_a_log_is_cosigned_as_it_grows_and_the_evidence_shows_it(client: Client) -> None:
    for name, old, size in (("one", 0, 300), ("two", 300, 305), ("three", 305, 305)):
        signed = client.sign(client.ask(name, old))
        assert signed is not None
        assert f"{size} entries of {client.log.name} are cosigned, {size - old} of them new." in client.told
        note = Note.read(signed.read_bytes())
        note.signers([client.log])
        assert cosigned_at(note, Witness.read(client.vkey.read_text().strip())) > 1_700_000_000
        assert client.take(signed) == 0
        if name == "one":
            take(client.plant, client.plant.kiosk("K-3", "ST-1"), 5)
    assert client.take(signed) == 0
    assert "unchanged" in client.told
    bundle = client.folder / "b.zip"
    assert client.admin("evidence", "--client", "ACME", "--out", bundle) == 0
    assert client.run("verify", bundle, "--key", client.log.vkey, "--witness", client.vkey) == 0
    assert client.told.count("The witness acme.example/w cosigned its first ") == 2
    assert "The log continues the checkpoint of 300 entries that was shown before." in client.told
    assert "no witness" not in client.told
    assert client.run("verify", bundle, "--key", client.log.vkey, "--witness", other_witness()) == 0
    assert "no witness has cosigned this log" in client.told


def other_witness() -> str:
    return Witness("acme.example/other", SigningKey.generate().public).vkey


def test_a_rewritten_log_is_not_cosigned_and_what_was_cosigned_finds_it(client: Client) -> None:
    signed = client.sign(client.ask("one", 0))
    assert signed is not None
    assert client.take(signed) == 0
    rewrite(client.plant)
    assert client.sign(client.ask("two", 300)) is None
    assert "It is not proven that the log's older state is the beginning of its newer one." in client.told
    assert "or another log is shown to this witness" in client.told
    assert client.admin("log", "check") == 1
    assert "are not those of the checkpoint that the witness acme.example/w holds" in client.told
    assert client.take(signed) == 1
    assert "the log was rewritten" in client.told
    bundle = client.folder / "b.zip"
    assert client.admin("evidence", "--client", "ACME", "--out", bundle) == 0
    assert client.run("verify", bundle, "--key", client.log.vkey) == 1
    assert "The log's first 300 entries are not those of seen/300-" in client.told
    with bundle.open("rb") as file, pytest.raises(Untrusted, match="the log was rewritten"):
        check(io.BytesIO(file.read()), With(client.log.public))


def rewrite(plant: Plant) -> None:
    """Swap two events of history, build the logs anew and go on."""
    from app.hub.logs import catch_up

    by_hand(
        plant, "UPDATE event SET id = -id WHERE id = 250", "UPDATE event SET id = 2500 WHERE id = -250",
        "DELETE FROM log_tile", "DELETE FROM log", "UPDATE event SET site_index = NULL, client_index = NULL",
    )  # fmt: skip
    catch_up(plant.store)
    take(plant, plant.kiosk("K-3", "ST-1"), 5)


def test_a_shorter_log_is_not_cosigned(client: Client) -> None:
    assert client.sign(client.ask("one", 0)) is not None
    other = Plant.copy(client.plant.home.path, client.folder / "other")
    take(client.plant, client.plant.kiosk("K-3", "ST-1"), 5)
    assert client.sign(client.ask("two", 300)) is not None
    client.plant = other
    assert client.sign(client.ask("three", 300)) is None
    assert "The log has become shorter: 300 entries, and 305 when it was cosigned last." in client.told


def test_a_proof_from_elsewhere_is_refused_with_what_to_ask_for(client: Client) -> None:
    assert client.sign(client.ask("one", 0)) is not None
    take(client.plant, client.plant.kiosk("K-3", "ST-1"), 5)
    assert client.sign(client.ask("two", 0)) is None
    assert "This witness has cosigned 300 entries; the proof in the file begins at 0." in client.told
    assert "--old 300" in client.told
    assert client.sign(client.ask("three", 300)) is not None


def test_what_is_no_request_of_that_log_is_refused(client: Client) -> None:
    request = client.ask("one", 0)
    data = request.read_bytes()
    assert AddCheckpoint.read(data).exact() == data
    for changed in (
        data.replace(b"old 0", b"old 00"),
        data.replace(b"old", b"older"),
        b"",
        b"\n" + data,
    ):
        request.write_bytes(changed)
        assert client.sign(request) is None
        assert "This is not a checkpoint with a proof for a witness." in client.told
    request.write_bytes(data.replace(b"300", b"301"))
    assert client.sign(request) is None
    assert "A signature does not hold." in client.told
    out = client.folder / "BOLT.request"
    assert client.admin("log", "checkpoint", "--client", "BOLT", "--old", 0, "--out", out) == 0
    assert client.sign(out) is None
    assert "not signed by any key that is known here" in client.told
    assert not list((client.folder / "witness").glob("*.seen"))
    assert (
        client.admin("log", "checkpoint", "--client", "BOLT", "--old", 99, "--out", client.folder / "x") == 1
    )


def test_a_checkpoint_that_the_witness_did_not_cosign_is_not_kept(client: Client) -> None:
    signed = client.sign(client.ask("one", 0))
    assert signed is not None
    assert client.admin("log", "cosigned", signed, "--witness", other_witness()) == 1
    assert "not signed by any key that is known here" in client.told
    lines = signed.read_text().splitlines(keepends=True)
    signed.write_text("".join(lines[:-1]) + lines[-1].replace("A", "B"))
    assert client.take(signed) == 1


def test_a_witness_is_made_once_and_named_well(client: Client) -> None:
    assert client.run("witness", "init", client.folder / "witness", "--name", "x") == 1
    assert "exists" in client.told
    assert client.run("witness", "init", client.folder / "other", "--name", "a b") == 1
    assert client.run("witness", "sign", client.folder, "r", "--key", client.log.vkey, "--out", "o") == 1
    assert (client.folder / "witness" / "witness.key").stat().st_mode & 0o077 == 0
