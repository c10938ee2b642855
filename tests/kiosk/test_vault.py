"""The kiosk's keys in a real Secret Service, and every way in which there is none."""

from __future__ import annotations

import gc
import json
import threading
from base64 import b64encode
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import keyring
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keyring.backends.SecretService import Keyring

from app.kiosk import vault
from app.kiosk.vault import MAX_ITEM_CHARS, DeviceKeys, KeyringVault
from app.model.errors import Damaged, Refused, Unavailable
from app.seal.keys import SealKey, SigningKey

if TYPE_CHECKING:
    from tests.kiosk.secret_service import SecretService

FOLDER = "0123456789abcdef0123456789abcdef"


def refusal(folder: str = FOLDER) -> Unavailable:
    with pytest.raises(Unavailable) as caught:
        KeyringVault(folder).load()
    assert caught.value.advice
    return caught.value


def test_keys_are_kept_found_again_and_forgotten(
    secret_service: SecretService, device_keys: DeviceKeys
) -> None:
    assert KeyringVault(FOLDER).load() is None
    KeyringVault(FOLDER).store(device_keys)
    assert KeyringVault(FOLDER).load() == device_keys
    renewed = device_keys.with_new_cache_key()
    assert renewed.cache_key != device_keys.cache_key
    KeyringVault(FOLDER).store(renewed)
    assert KeyringVault(FOLDER).load() == renewed
    KeyringVault(FOLDER).erase()
    assert KeyringVault(FOLDER).load() is None
    KeyringVault(FOLDER).erase()


def test_each_folder_has_keys_of_its_own(secret_service: SecretService, device_keys: DeviceKeys) -> None:
    other = replace(device_keys, kiosk="K-2")
    KeyringVault(FOLDER).store(device_keys)
    KeyringVault(FOLDER[::-1]).store(other)
    assert KeyringVault(FOLDER).load() == device_keys
    assert KeyringVault(FOLDER[::-1]).load() == other
    KeyringVault(FOLDER).erase()
    assert KeyringVault(FOLDER[::-1]).load() == other


def test_nothing_of_the_keys_is_on_the_disk_in_plain(
    secret_service: SecretService, device_keys: DeviceKeys
) -> None:
    KeyringVault(FOLDER).store(device_keys)
    written = [path for path in secret_service.folder.rglob("*") if path.is_file()]
    assert written
    secrets = [device_keys.sign.raw, device_keys.seal.raw, device_keys.cache_key]
    for path in written:
        data = path.read_bytes()
        assert not any(secret in data or b64encode(secret) in data for secret in secrets), path


def test_no_message_bus(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/nobody-listens")
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND", raising=False)
    assert refusal().code == "keyring_missing"


def test_a_bus_without_a_keyring(bus: SecretService) -> None:
    assert refusal().code == "keyring_missing"


def test_a_locked_keyring_and_the_same_unlocked(
    secret_service: SecretService, device_keys: DeviceKeys
) -> None:
    KeyringVault(FOLDER).store(device_keys)
    secret_service.lock()
    assert refusal().code == "keyring_locked"
    with pytest.raises(Unavailable, match="locked"):
        KeyringVault(FOLDER).store(device_keys.with_new_cache_key())
    secret_service.end()
    secret_service.start()
    assert KeyringVault(FOLDER).load() == device_keys


def test_asking_a_locked_keyring_again_and_again_leaves_nothing_open(secret_service: SecretService) -> None:
    KeyringVault(FOLDER).load()
    secret_service.lock()
    files = Path("/proc/self/fd")
    gc.collect()
    gc.disable()
    try:
        before = len(list(files.iterdir()))
        for _ in range(10):
            refused = refusal()
            assert refused.code == "keyring_locked", repr(refused.__cause__)
        assert len(list(files.iterdir())) == before
    finally:
        gc.enable()


def test_the_keyring_ends_and_comes_back_under_a_running_kiosk(
    secret_service: SecretService, device_keys: DeviceKeys
) -> None:
    ring = KeyringVault(FOLDER)
    ring.store(device_keys)
    secret_service.end()
    with pytest.raises(Unavailable):
        ring.load()
    secret_service.start()
    assert ring.load() == device_keys


def test_a_keyring_that_does_not_answer_holds_nobody_up(
    secret_service: SecretService, device_keys: DeviceKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = KeyringVault(FOLDER)
    ring.store(device_keys)
    monkeypatch.setattr(vault, "ANSWER_SECONDS", 0.3)
    secret_service.freeze()
    try:
        for _ in range(3):
            with pytest.raises(Unavailable) as caught:
                ring.load()
            assert caught.value.code == "keyring_locked"
        asking = [thread for thread in threading.enumerate() if thread.name == "keyring"]
        assert len(asking) == 1, "a person would be asked for the password again and again"
    finally:
        secret_service.thaw()
    asking[0].join(10)
    assert ring.load() == device_keys


@pytest.mark.parametrize(
    "backend",
    [
        "keyrings.alt.file.PlaintextKeyring",
        "keyring.backends.null.Keyring",
        "keyring.backends.fail.Keyring",
        "",
    ],
)
def test_a_back_end_that_is_not_allowed_is_refused_by_name(
    secret_service: SecretService, device_keys: DeviceKeys, monkeypatch: pytest.MonkeyPatch, backend: str
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", backend)
    refused = refusal()
    assert refused.code == "keyring_missing"
    assert backend in str(refused)
    with pytest.raises(Unavailable):
        KeyringVault(FOLDER).store(device_keys)
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND")
    assert KeyringVault(FOLDER).load() is None


def test_an_allowed_back_end_may_be_named(
    secret_service: SecretService, device_keys: DeviceKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.SecretService.Keyring")
    KeyringVault(FOLDER).store(device_keys)
    assert KeyringVault(FOLDER).load() == device_keys


def test_a_configured_plain_text_back_end_is_passed_over(
    secret_service: SecretService, device_keys: DeviceKeys
) -> None:
    config = secret_service.folder / "config" / "python_keyring" / "keyringrc.cfg"
    config.parent.mkdir()
    config.write_text("[backend]\ndefault-keyring=keyring.backends.null.Keyring\n")
    assert type(keyring.core.load_config()).__module__ == "keyring.backends.null"
    KeyringVault(FOLDER).store(device_keys)
    assert DeviceKeys.read(Keyring().get_password("stationleaf", FOLDER) or "") == device_keys


def test_an_item_that_is_not_ours_is_named(secret_service: SecretService) -> None:
    Keyring().set_password("stationleaf", FOLDER, "something else")
    with pytest.raises(Damaged) as caught:
        KeyringVault(FOLDER).load()
    assert caught.value.code == "keyring_item_damaged"
    assert "Enrol" in caught.value.advice


def test_the_item_fits_every_platform_s_keyring(device_keys: DeviceKeys) -> None:
    longest = replace(
        device_keys, kiosk="K" * 64, site="S" * 64, station="T" * 64, hub="https://" + "h" * 253
    )
    assert len(longest.text()) <= MAX_ITEM_CHARS
    with pytest.raises(Refused) as caught:
        KeyringVault(FOLDER).store(replace(device_keys, hub="h" * MAX_ITEM_CHARS))
    assert caught.value.code == "keyring_item_long"


def test_keys_are_never_shown(device_keys: DeviceKeys) -> None:
    assert "cache_key" not in repr(device_keys)


@given(st.data())
def test_a_changed_item_is_damaged_or_still_an_item(data: st.DataObject) -> None:
    keys = DeviceKeys(SigningKey.generate(), SealKey.generate(), bytes(32), "K-1", "S-1", 1)
    text = keys.text()
    at = data.draw(st.integers(0, len(text) - 1))
    changed = text[:at] + data.draw(st.text(max_size=3)) + text[at + 1 :]
    with suppress(Damaged):
        assert isinstance(DeviceKeys.read(changed), DeviceKeys)


@settings(max_examples=30)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda s: st.lists(s) | st.dictionaries(st.text(), s),
    )
)
def test_any_other_json_is_damaged(value: object) -> None:
    with pytest.raises(Damaged):
        DeviceKeys.read(json.dumps(value))
