"""``stationleaf kiosk readers``, as IT runs it when a reader is set up."""

from __future__ import annotations

import io
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from app.cli.main import main
from app.kiosk.readers.choose import FILE_NAME
from tests.fakes.card import CardCa, SoftwareCard, Tapped
from tests.kiosk.readers.conftest import until_card

if TYPE_CHECKING:
    from pathlib import Path

    from tests.kiosk.readers.conftest import Pcscd

PCSC = "[[reader]]\nkind = 'pcsc'\nmatch = 'virtual'\nnumber = 'decimal'\ncards = 'optional'\nca = 'ca.pem'\n"


def run(home: Path, *more: str) -> int:
    return main(["kiosk", "readers", "--home", str(home), *more])


def test_a_machine_without_configuration_has_a_reader_that_types(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("4711001\n"))
    assert run(tmp_path) == 0
    said = capsys.readouterr().out
    assert "badge reader is ready" in said
    assert "typed: '4711001', 7 characters" in said


def test_a_reader_that_is_not_there_is_exit_code_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "smartcard.scard", None)
    (tmp_path / FILE_NAME).write_text("[[reader]]\nkind = 'pcsc'\n")
    assert run(tmp_path, "--seconds", "0.3") == 1
    assert "apt install python3-pyscard" in capsys.readouterr().out


def test_a_wrong_configuration_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / FILE_NAME).write_text("[[reader]]\nkind = 'pcsc'\nnumber = 'octal'\n")
    assert run(tmp_path, "--seconds", "0.1") == 1
    said = capsys.readouterr()
    assert "octal" in said.err or "number" in said.err
    assert len(said.err.splitlines()) == 1


def test_the_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["kiosk", "readers", "--help"])
    assert left.value.code == 0
    assert "example:" in capsys.readouterr().out


def test_taps_are_shown(pcscd: Pcscd, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pcscd.start()
    ca = CardCa()
    (tmp_path / "ca.pem").write_bytes(ca.pem)
    (tmp_path / FILE_NAME).write_text(PCSC)

    def tap() -> None:
        for card in (SoftwareCard(uid=bytes.fromhex("5a1b2c3d")), ca.issue(holder="Dana Reyes")):
            time.sleep(0.8)
            with Tapped(card, pcscd.port):
                time.sleep(1.0)
            until_card(there=False)

    tapping = threading.Thread(target=tap)
    tapping.start()
    code = run(tmp_path, "--seconds", "6")
    tapping.join()
    said = capsys.readouterr().out
    assert code == 0
    assert "decimal           1511730237   <- as configured" in said
    assert "hex               5A1B2C3D\n" in said
    assert "card of Dana Reyes" in said
