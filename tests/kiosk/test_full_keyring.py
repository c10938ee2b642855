"""The keyring's disk is full at one of its writes, while a device is enrolled, works, is enrolled again and
becomes another kiosk: nothing is lost, it is said in words, and the same goes on with space.

The real gnome-keyring with the failing writes of ``packaging/soak/full.c``.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from soak.disk_full import preloaded
from soak.starved import CONTROL, FAR, Space

from app.kiosk.anchor import Anchoring, keyring_anchor
from app.kiosk.compose import build
from app.kiosk.enrol import Enrolment
from app.kiosk.hardening import Hardened
from app.kiosk.outbox import Draft
from app.kiosk.state import State
from app.kiosk.vault import KeyringVault
from app.model.errors import Unavailable
from app.model.terms import KioskStatus
from app.wire.messages import EventKind
from tests.kiosk.plant import CLOCK, Hub, Kiosk
from tests.kiosk.test_anchor import lease

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.kiosk.secret_service import SecretService

pytestmark = pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler (apt-get install gcc)")


@pytest.fixture
def space(bus: SecretService, tmp_path: Path) -> Space:
    """A keyring on the test's bus, whose disk can be full."""
    env = preloaded(tmp_path, bus.folder / "share")
    bus.env |= env
    bus.start()
    return Space(Path(env[CONTROL]))


class Life:
    """One device, from its first code until it is another kiosk; the keyring's disk is full from its write
    ``first`` on. ``refused``: what the device was told.
    """

    def __init__(self, hub: Hub, folder: Path, space: Space, first: int) -> None:
        self._hub, self._space = hub, space
        self._kiosk = Kiosk(hub, folder / str(first), hub.next_kiosk())
        self._places = self._kiosk.places
        self.refused: list[Unavailable] = []
        space.fail(first, FAR)
        try:
            for step in (self._enrol, self._work, self._enrol_again, self._become_another, self._work):
                step()
        finally:
            space.free()
            self._kiosk.close()

    def _enrol_again(self) -> None:
        self._hub.set_status(KioskStatus.PENDING, self._kiosk.code)
        self._enrol()

    def _become_another(self) -> None:
        self._kiosk.code = self._hub.next_kiosk()
        self._enrol()
        kept = keyring_anchor(self._places.folder_id).load()
        assert kept is None or kept.lease == 0, "the new kiosk's leases begin at 1"

    def _enrol(self) -> None:
        """With one sheet, as often as it takes."""
        sheet = self._kiosk.sheet(self._hub.code(self._kiosk.code))
        self._until(lambda: Enrolment.at(self._places, CLOCK).ask(sheet))
        now = KeyringVault(self._places.folder_id).load()
        assert now is not None
        assert now.kiosk == self._kiosk.code
        self._hub.set_status(KioskStatus.ACTIVE, self._kiosk.code)

    def _work(self) -> None:
        self._until(self._start_and_record)
        keys = KeyringVault(self._places.folder_id).load()
        assert keys is not None
        with State(self._places.state, keys.cache_key) as state:
            anchoring = Anchoring(state, keyring_anchor(self._places.folder_id))
            self._until(anchoring.begin)
            state.hold(lease(500))
            anchoring.advance()  # a keyring that fails now holds nothing up
            assert not state.set_back

    def _start_and_record(self) -> None:
        parts = build(self._places, Hardened(no_core=True, closed=True, private_files=True))
        try:
            assert parts.local()["set_back"] is False
            waiting = parts.journal.waiting()
            parts.journal.append([Draft(EventKind.VIEW_BEGIN)], CLOCK.moment())
            assert parts.journal.waiting() == waiting + 1 > 1
        finally:
            parts.close()

    def _until(self, act: Callable[[], object]) -> None:
        """Refused once at most: there is space then."""
        try:
            act()
        except Unavailable as error:
            self.refused.append(error)
            self._space.free()
            act()


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")  # keyring 25.7, after an error of the bus
def test_a_keyring_that_cannot_write_loses_nothing_and_goes_on(
    hub: Hub, space: Space, tmp_path: Path
) -> None:
    """At the first keys, of which gnome-keyring (42.1) goes on naming what it did not keep."""
    (refused,) = Life(hub, tmp_path, space, 3).refused
    assert refused.code == "keyring_not_kept"
    assert "free some space" in refused.sentence
