"""What any test may use, through ``tests/conftest.py``: a keyring, a disk that can be full, device keys."""

from __future__ import annotations

import gc
import os
import subprocess
import warnings
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.kiosk.vault import DeviceKeys
    from tests.kiosk.secret_service import SecretService


@pytest.fixture
def device_keys() -> DeviceKeys:
    """A fresh device, enrolled as kiosk K-1 at site S-1."""
    from app.kiosk.vault import DeviceKeys
    from app.seal.keys import SealKey, SigningKey

    return DeviceKeys(
        sign=SigningKey.generate(),
        seal=SealKey.generate(),
        cache_key=os.urandom(32),
        kiosk="K-1",
        site="S-1",
        epoch=1,
        hub="https://hub.plant.example:8443",
        root="ab" * 32,
        station="ST-040",
    )


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretService]:
    """A private D-Bus session without a keyring on it, in this process's environment."""
    from tests.kiosk.secret_service import SecretService, missing_tools

    missing = missing_tools()
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    service = SecretService(tmp_path / "desktop")
    for name, value in service.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND", raising=False)
    yield service
    service.close()
    with warnings.catch_warnings():
        # keyring 25.7 leaves its connection to the garbage collector when the collection is locked
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture
def secret_service(bus: SecretService) -> SecretService:
    """The same with an unlocked gnome-keyring."""
    bus.start()
    return bus


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 4 MiB of its own, so that it can be full."""
    place = tmp_path / "disk"
    place.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=4m,mode=700", "tmpfs", str(place)]
    try:
        mounted = subprocess.run(words, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("only an administrator may mount a small disk")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)  # a failed test may hold files open
