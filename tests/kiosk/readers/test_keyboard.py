"""A reader that types: what it typed is passed on, and its plug is watched where it is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.kiosk.readers import Presence, Presented, ReaderState, keyboard
from app.kiosk.readers.keyboard import KeyboardReader
from app.model.errors import Refused
from app.model.terms import CredentialKind
from tests.kiosk.readers.listening import Heard

if TYPE_CHECKING:
    from pathlib import Path


def plug_in(devices: Path, port: str, vendor: str, product: str) -> Path:
    folder = devices / port
    folder.mkdir(parents=True)
    (folder / "idVendor").write_text(vendor + "\n")
    (folder / "idProduct").write_text(product + "\n")
    return folder


def test_what_was_typed_is_a_number(tmp_path: Path) -> None:
    heard = Heard()
    reader = KeyboardReader("badge reader")
    reader.start(heard)
    assert isinstance(heard.next(), ReaderState)
    reader.typed("4711001")
    assert heard.next() == Presented(CredentialKind.UID, "4711001", "badge reader")
    reader.stop()
    reader.typed("4711001")
    assert heard.silent


def test_a_reader_pulled_out_and_put_back_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyboard, "LOOK_SECONDS", 0.02)
    plug_in(tmp_path, "1-1", "046d", "c31c")
    port = plug_in(tmp_path, "1-2", "0c27", "3bfa")
    (tmp_path / "1-2:1.0").mkdir()
    heard = Heard()
    reader = KeyboardReader("badge reader", "0C27:3BFA", tmp_path)
    reader.start(heard)
    states = [heard.next()]
    port.rename(tmp_path.parent / "drawer")
    states.append(heard.next())
    (tmp_path.parent / "drawer").rename(tmp_path / "1-4")
    states.append(heard.next())
    reader.stop()
    present = [state.presence for state in states if isinstance(state, ReaderState)]
    assert present == [Presence.PRESENT, Presence.ABSENT, Presence.PRESENT]
    assert isinstance(states[1], ReaderState)
    assert "Plug its cable in again" in states[1].advice


def test_where_usb_cannot_be_looked_up_it_is_ready(tmp_path: Path) -> None:
    heard = Heard()
    reader = KeyboardReader("badge reader", "0c27:3bfa", tmp_path / "none")
    reader.start(heard)
    state = heard.next()
    reader.stop()
    assert isinstance(state, ReaderState)
    assert state.presence is Presence.PRESENT


def test_an_identity_that_is_none_is_refused() -> None:
    with pytest.raises(Refused) as error:
        KeyboardReader("badge reader", "omnikey")
    assert error.value.code == "bad_usb"
