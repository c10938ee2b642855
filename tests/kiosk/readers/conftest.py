"""A real pcscd with its virtual reader; skipped, with the reason, where this machine cannot run one."""

from __future__ import annotations

import fcntl
import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.kiosk.readers.winscard import PRESENT, UNAWARE, PcscError, Winscard

if TYPE_CHECKING:
    from collections.abc import Iterator

DRIVERS = Path("/usr/lib/pcsc/drivers/serial")
SERVICE = Path("/run/pcscd/pcscd.comm")
PORT = 0x9C7B
READER = "Virtual Badge Reader"


class Pcscd:
    """The service with one virtual reader that can be plugged in and out, by starting it with and without."""

    def __init__(self, folder: Path, driver: Path) -> None:
        self.port = PORT
        self._folder = folder
        self._driver = driver
        self._process: subprocess.Popen[bytes] | None = None
        self._plugged_in = False

    def start(self, *, plugged_in: bool = True) -> None:
        """Start it, or leave it as it is when it runs like this already."""
        if self._process is not None and self._plugged_in is plugged_in:
            return
        self.stop()
        self._plugged_in = plugged_in
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        if plugged_in:
            (self._folder / "virtual").write_text(
                f'FRIENDLYNAME "{READER}"\nDEVICENAME /dev/null:{PORT:#x}\n'
                f"LIBPATH {self._driver}\nCHANNELID {PORT:#x}\n"
            )
        with (self._folder.parent / "pcscd.log").open("ab") as log:
            self._process = subprocess.Popen(
                [_pcscd(), "--foreground", "--info", "--config", str(self._folder)], stdout=log, stderr=log
            )
        _until(_answers)
        if plugged_in:
            _until(lambda: _listens(PORT))

    def own(self) -> None:
        """It may be started and stopped."""

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            self._process = None


class MachinesPcscd:
    """The service that runs on this machine anyway, with the virtual reader of its own configuration."""

    port = 0x8C7B  # vsmartcard-vpcd's

    def start(self, *, plugged_in: bool = True) -> None:
        assert plugged_in, "ask own() first"

    def stop(self) -> None:
        """It was not started here."""

    def own(self) -> None:
        """Skip a test that needs to start and stop the service."""
        pytest.skip("this machine's own pcscd is running, and is not stopped for a test")


@pytest.fixture(scope="module")
def _service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pcscd | MachinesPcscd]:
    reason = _missing()
    if reason:
        pytest.skip(f"no real PC/SC here: {reason}")
    with (Path(tempfile.gettempdir()) / "stationleaf-tests-pcscd.lock").open("w") as alone:
        fcntl.flock(alone, fcntl.LOCK_EX)  # one pcscd a machine: other runs of these tests wait
        yield from _one_service(tmp_path_factory)


def _one_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pcscd | MachinesPcscd]:
    if _answers():
        if not virtual_readers():
            pytest.skip("this machine's own pcscd has no virtual reader")
        yield MachinesPcscd()
        return
    SERVICE.parent.mkdir(exist_ok=True)
    service = Pcscd(tmp_path_factory.mktemp("pcscd") / "readers", _driver())
    yield service
    service.stop()


@pytest.fixture
def pcscd(_service: Pcscd | MachinesPcscd) -> Iterator[Pcscd | MachinesPcscd]:
    """The service, not necessarily started yet; no card is on its reader."""
    yield _service
    until_card(there=False)


def virtual_readers() -> dict[str, int]:
    """The states of the virtual readers, as another program on this machine sees them."""
    look = Winscard()
    try:
        look.open()
        names = [name for name in look.readers() if "virtual" in name.lower()]
        return look.wait(dict.fromkeys(names, UNAWARE), 1.0) if names else {}
    except PcscError:
        return {}  # the service does not run
    finally:
        look.close()


def until_card(*, there: bool) -> None:
    """Wait until the service has noticed that a card came, or that all are gone."""
    _until(lambda: any(state & PRESENT for state in virtual_readers().values()) is there)


def _missing() -> str:
    if importlib.util.find_spec("smartcard") is None:
        return "pyscard is not installed (packaging/dev setup says why)"
    if not _pcscd() or not _driver().exists():
        return "pcscd and vsmartcard-vpcd are not installed (packaging/apt.txt, group pcsc)"
    if os.geteuid() != 0:
        return "pcscd must be started as root"
    return ""


def _pcscd() -> str:
    return shutil.which("pcscd", path="/usr/sbin:/usr/bin:/usr/local/sbin") or ""


def _driver() -> Path:
    found = sorted(DRIVERS.glob("libifdvpcd.so*"))
    return found[0] if found else DRIVERS / "libifdvpcd.so"


def _answers() -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(SERVICE)) == 0


def _listens(port: int) -> bool:
    # Looked up, not connected to: a connection is a card.
    tables = "".join(
        Path(f"/proc/net/{name}").read_text()
        for name in ("tcp", "tcp6")
        if Path(f"/proc/net/{name}").exists()
    )
    return any(
        f":{port:04X}" in line.split()[1] and line.split()[3] == "0A"
        for line in tables.splitlines()[1:]
        if ":" in line.split()[1]
    )


def _until(true: object, seconds: float = 10.0) -> None:
    assert callable(true)
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"{true} did not come true"
        time.sleep(0.02)
