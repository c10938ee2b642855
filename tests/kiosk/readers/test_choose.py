"""The configuration is read strictly, its faults are listed; without it there is a keyboard reader."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from app.kiosk.readers.choose import FILE_NAME, load, make_readers
from app.kiosk.readers.keyboard import KeyboardReader
from app.kiosk.readers.pcsc import CardUse, PcscReader
from app.model.errors import Refused
from tests.fakes.card import CardCa

if TYPE_CHECKING:
    from pathlib import Path

    from app.kiosk.readers import Reader

CA = CardCa()
WHOLE = """
[[reader]]
kind = "keyboard"
name = "badge reader"
usb = "0c27:3bfa"

[[reader]]
kind = "pcsc"
name = "card reader"
match = "OMNIKEY"
number = "decimal"
cards = "optional"
ca = "card-ca.pem"
organization = "Acme Devices"
"""


def now() -> datetime:
    return datetime(2026, 6, 1, tzinfo=UTC)


def made(folder: Path, text: str) -> tuple[Reader, ...]:
    (folder / FILE_NAME).write_text(text, encoding="utf-8")
    return make_readers(load(folder), now)


def refused(folder: Path, text: str) -> Refused:
    with pytest.raises(Refused) as error:
        made(folder, text)
    assert error.value.advice
    return error.value


def test_without_a_file_there_is_one_keyboard_reader(tmp_path: Path) -> None:
    (reader,) = make_readers(load(tmp_path), now)
    assert isinstance(reader, KeyboardReader)


def test_every_key_is_understood(tmp_path: Path) -> None:
    (tmp_path / "card-ca.pem").write_bytes(CA.pem)
    keyboard, card = made(tmp_path, WHOLE)
    assert (keyboard.name, card.name) == ("badge reader", "card reader")
    assert isinstance(keyboard, KeyboardReader)
    assert isinstance(card, PcscReader)
    entry = load(tmp_path).entries[1]
    assert entry.kind == "pcsc"
    assert entry.cards is CardUse.OPTIONAL


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", "reader"),
        ("reader = []", "reader"),
        ("not toml", "line 1"),
        ("[[reader]]\nkind = 'fingerprint'", "fingerprint"),
        ("[[reader]]\nname = 'x'", "kind"),
        ("[[reader]]\nkind = 'pcsc'\nnumbers = 'hex'", "numbers"),
        ("[[reader]]\nkind = 'pcsc'\nnumber = 'octal'", "number"),
        ("[[reader]]\nkind = 'keyboard'\nusb = '0c27'", "usb"),
        ("[[reader]]\nkind = 'pcsc'\ncards = 'required'", "needs ca"),
        ("[[reader]]\nkind = 'pcsc'\nca = 'x.pem'", "mean nothing"),
        ("[[reader]]\nkind = 'keyboard'\n[[reader]]\nkind = 'keyboard'", "twice"),
        ("surprise = 1\n[[reader]]\nkind = 'keyboard'", "surprise"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, names: str) -> None:
    error = refused(tmp_path, text)
    assert error.code == "bad_readers"
    assert names in str(error)


def test_all_faults_are_listed_at_once(tmp_path: Path) -> None:
    error = refused(
        tmp_path, "[[reader]]\nkind = 'keyboard'\nusb = 'x'\n[[reader]]\nkind = 'pcsc'\ncards = 'no'"
    )
    assert "usb" in str(error)
    assert "cards" in str(error)


def test_a_card_ca_that_is_not_there_or_is_none(tmp_path: Path) -> None:
    absent = refused(tmp_path, WHOLE)
    assert absent.code == "bad_ca"
    assert "card-ca.pem" in str(absent)
    (tmp_path / "card-ca.pem").write_text("hello", encoding="utf-8")
    assert refused(tmp_path, WHOLE).code == "bad_ca"


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Refused) as error:
        load(tmp_path)
    assert error.value.code == "bad_readers"


def test_the_example_in_the_security_text_works(tmp_path: Path) -> None:
    from app.resources import resource

    text = resource("security.md").read_text(encoding="utf-8")
    example = text.split("```toml\n", 1)[1].split("```", 1)[0]
    (tmp_path / "card-ca.pem").write_bytes(CA.pem)
    assert len(made(tmp_path, example)) == 2
