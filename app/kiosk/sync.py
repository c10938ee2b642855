"""The kiosk's sync: the thread that keeps in touch with the hub, and when it tries again.

What is said at a contact is ``contact``'s business; what is shown, the engine's.
"""

from __future__ import annotations

import logging
import math
import random
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.kiosk.contact import Contact, Doors
from app.kiosk.listener import Listener, Told
from app.model.errors import Expected, StationleafError, Unavailable
from app.wire.client import HubUnreachable
from app.wire.transport import pinned

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from app.kiosk.supplies import Supplies
    from app.wire.client import HubClient

_log = logging.getLogger(__name__)
_PATIENCE = 4.0


@dataclass(frozen=True)
class Timing:
    """How often, in seconds.

    ``lease``: asking for a newer lease while online; ``rest``: the same of a kiosk that the hub tells of
    changes, while nobody uses it (what nobody changes but the events at it, such as an exposure limit, is
    told to nobody). ``settle``: how long there must be nothing new to do until it is handed over, so that
    whoever leafs through pages is not held up by it, and the hub gets one request, not one a page; ``most``:
    but no longer than this, and then ``paint`` after the last page was asked for. What somebody waits for is
    asked for at once. ``meet``: asking how this kiosk stands, and the time. ``report``: telling the hub what
    is here, at a random moment within it after a change, when all that is urgent is done. ``order``: the same
    for asking for a lease after a purge order, unless the hub tells of it before. ``first`` and
    ``cap``: the back-off (full jitter: anything between nothing and a bound that doubles from ``first`` to
    ``cap``). ``witness``: cosigning the clients' logs, the first time at a random moment within it.
    ``again``: both, and ``meet``, where the hub did not show a log, which may have had a passing reason.
    ``knock``: looking whether the network is back. ``mark``: keeping the time.
    """

    lease: float = 5.0
    rest: float = 600.0
    settle: float = 0.5
    most: float = 3.0
    paint: float = 0.1
    meet: float = 600.0
    report: float = 10.0
    order: float = 60.0
    first: float = 1.0
    cap: float = 60.0
    witness: float = 3600.0
    again: float = 15.0
    knock: float = 2.0
    mark: float = 60.0

    def back_off(self, failures: int, chance: float) -> float:
        """How long to wait after so many failures in a row; ``chance`` is from 0 to 1."""
        bound = min(self.cap, self.first * 2.0 ** min(failures - 1, 16))
        return max(self.first * 0.5, bound * chance)


class Sync:
    """See the module. Every method returns at once, but ``stop``.

    Failure policy, fault by fault:
    - the hub does not answer (network, hub stopped): offline; a bare TLS handshake (no request, no load on
      the hub's database) looks every two seconds whether it is back, and the contact follows at once. Where
      that did not help it looks ever more rarely: many kiosks would keep a hub busy that cannot follow;
    - it answers and fails, or is not the hub (5xx, certificate, rubbish), or says no: offline with the
      sentence; tried again after a back-off with full jitter up to a minute, so that many kiosks do not come
      together;
    - what goes wrong on this side (disk, journal, lease refused): online, with the sentence; tried again at
      the next contact;
    - a fault of our own: logged with its traceback, told, tried again like the hub's;
    - the hub does not push, or the stream breaks off: asked at once, and every few seconds until it is back.
    Events wait in the outbox and pages stay where they are, in every case.
    """

    def __init__(
        self,
        doors: Doors,
        supplies: Supplies,
        *,
        timing: Timing = Timing(),
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._doors, self._with, self._timing, self._chance = doors, supplies, timing, chance
        self._wake = threading.Condition()
        self._poked = self._urgent = self._stopping = self._renewed = False
        self._refetch: list[str] = []
        self._orders: list[bytes] = []
        self._failures = 0
        self._ca = supplies.trust.ca
        self._opens = False  # the hub's door opened, and the contact failed all the same
        self._told: tuple[bool, datetime | None, str] | None = None
        self._offline_since: datetime | None = None
        self._lease_at = self._meet_at = self._mark_at = 0.0
        self._report_at = math.inf
        self._witness_at = time.monotonic() + timing.witness * chance()
        self.told_of_changes = self._used = False
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)
        self._listener = Listener(
            *(self._connect, self._on_told, timing.back_off, chance),
            lambda hub: hub.listen(on_order=self._on_order),
        )

    def start(self) -> None:
        """Begin; the first contact is made at once."""
        self._thread.start()
        self._listener.start()

    def poke(self, *, urgent: bool = False) -> None:
        """There is something to do: events to deliver; ``urgent``: a page that somebody waits for."""
        with self._wake:
            self._poked = self._used = True
            self._urgent = self._urgent or urgent
            self._wake.notify_all()

    def renew(self) -> None:
        """The hub has a newer lease: ask for it now."""
        with self._wake:
            self._renewed = self._poked = self._urgent = True
            self._wake.notify_all()

    def _on_order(self, envelope: bytes) -> None:
        with self._wake:
            self._orders.append(envelope)
            self._poked = self._urgent = True
            self._wake.notify_all()

    def refetch(self, blob: str) -> None:
        """The stored bytes of this blob do not hold: fetch it again."""
        with self._wake:
            self._refetch.append(blob)
            self._poked = self._urgent = True
            self._wake.notify_all()

    def stop(self) -> None:
        """End; returns when the thread is gone, or soon: one that waits for a silent hub ends by itself, and
        nothing that it could still do is left half done.
        """
        with self._wake:
            self._stopping = True
            self._wake.notify_all()
        self._listener.stop()
        if self._thread.is_alive():
            self._thread.join(_PATIENCE)

    # -- the listener's thread ----------------------------------------------------------------------------

    def _connect(self) -> HubClient:
        """A connection of its own: the sync's belongs to its thread."""
        supplies = self._with
        return supplies.client(supplies.state.trust(supplies.keys.root) or supplies.trust)

    def _on_told(self, told: Told) -> None:
        """The hub tells of changes from now on, or told of one, or tells no more: ask, whichever it is."""
        self.told_of_changes = told is not Told.LOST
        self.renew()

    # -- the thread ---------------------------------------------------------------------------------------

    def _run(self) -> None:
        contact: Contact | None = None
        try:
            while not self._stopping:
                try:
                    contact = contact or Contact(self._with, self._doors)
                    self._once(contact)
                except Exception as error:
                    if not self._stopping:
                        if contact is not None:
                            contact.look_here()
                        self._failed(error)
                else:
                    self._rest()
        finally:
            if contact is not None:
                contact.close()

    def _once(self, contact: Contact) -> None:
        with self._wake:
            self._poked = self._urgent = False
            damaged = self._refetch
            self._refetch = []
            renewed, self._renewed = self._renewed, False
            used, self._used = self._used, False
        if renewed:
            self._lease_at = 0.0
        for blob in damaged:
            contact.refetch(blob)
        contact.trouble = None
        self._look(contact)
        self._ca = contact.ca
        if self._told is None or not self._told[0]:
            self._online(contact)  # before what may take long
        contact.deliver()
        while contact.more and not self._stopping:
            contact.pull()
            if contact.trouble is not None:
                break
            self._look(contact)
            contact.deliver()
        contact.check_clock()
        if time.monotonic() >= self._witness_at:
            contact.witness()
            self._witness_at = time.monotonic() + self._timing.witness
        if contact.log_hidden:
            self._ask_soon()
        self._report(contact)
        self._keep_time()
        if used:
            self._lease_at = min(self._lease_at, time.monotonic() + self._timing.lease)
        self._online(contact)

    def _ask_soon(self) -> None:
        soon = time.monotonic() + self._timing.again
        self._meet_at, self._lease_at = min(self._meet_at, soon), min(self._lease_at, soon)
        self._witness_at = min(self._witness_at, soon)

    def _look(self, contact: Contact) -> None:
        """What the hub ordered; then standing and lease, if they are due."""
        now = time.monotonic()
        with self._wake:
            orders, self._orders = self._orders, []
        obeyed = [contact.obey(order) for order in orders]
        if any(obeyed):
            self._lease_at = min(self._lease_at, now + self._timing.order * (0.1 + 0.9 * self._chance()))

        if now >= self._meet_at:
            contact.meet()
            self._meet_at = now + self._timing.meet
        self._report(contact)
        if now >= self._lease_at:
            contact.lease()
            pause = self._timing.rest if self.told_of_changes else self._timing.lease
            self._lease_at = time.monotonic() + pause

    def _report(self, contact: Contact) -> None:
        now = time.monotonic()
        if not contact.unreported:
            self._report_at = math.inf
        elif self._report_at == math.inf:
            self._report_at = now + self._timing.report * (0.3 + 0.7 * self._chance())
        elif now >= self._report_at:
            contact.report()
            self._report_at = math.inf

    def _keep_time(self) -> None:
        if time.monotonic() >= self._mark_at:
            self._mark_at = time.monotonic() + self._timing.mark
            with suppress(Unavailable):
                self._with.state.passed(self._with.clock.moment())

    # -- how it went --------------------------------------------------------------------------------------

    def _online(self, contact: Contact) -> None:
        if self._offline_since is not None or self._told is None or not self._told[0]:
            _log.info("online")
            self._listener.again()
        self._failures, self._opens, self._offline_since = 0, False, None
        says = contact.says
        self._tell(online=True, trouble=says.sentence if says is not None else "")

    def _failed(self, error: Exception) -> None:
        self._report_at = math.inf
        self._meet_at = self._lease_at = 0.0  # whatever changed meanwhile is asked first
        if self._offline_since is None:
            self._offline_since = self._with.clock.now()
            _log.info("offline (%s)", getattr(error, "code", "fault"))
        if not isinstance(error, Expected):
            _log.error("a fault in the kiosk's sync", exc_info=error)
        self._tell(online=False, trouble=_sentence(error))
        self._failures += 1
        self._keep_time()
        self._wait_offline(knocking=isinstance(error, HubUnreachable))

    def _tell(self, *, online: bool, trouble: str) -> None:
        said = (online, self._offline_since, trouble)
        if said != self._told:
            self._told = said
            self._doors.on_status(online=online, offline_since=self._offline_since, trouble=trouble)

    # -- waiting ------------------------------------------------------------------------------------------

    def _rest(self) -> None:
        """Until the lease is due or there is something to do."""
        with self._wake:
            spread = self._timing.rest if self.told_of_changes else self._timing.lease
            until = min(self._lease_at + spread * 0.1 * self._chance(), self._report_at)
            self._wake.wait_for(lambda: self._poked or self._stopping, max(0.0, until - time.monotonic()))
            latest = time.monotonic() + self._timing.most
            while self._poked:
                self._poked = False
                if self._urgent:
                    break
                if time.monotonic() >= latest:  # what was done just now is still being painted
                    self._wake.wait_for(lambda: self._urgent or self._stopping, self._timing.paint)
                    break
                self._wake.wait_for(lambda: self._poked or self._stopping, self._timing.settle)

    def _wait_offline(self, *, knocking: bool) -> None:
        """Until the back-off is over; before that, when the hub's door opens that was closed."""
        if not knocking:
            self._opens = True  # somebody answers: only time helps
        until = time.monotonic() + self._timing.back_off(self._failures, self._chance())
        patience = self._timing.knock
        while (left := until - time.monotonic()) > 0:
            with self._wake:
                pause = min(left, patience * (0.5 + 0.5 * self._chance()))
                if self._wake.wait_for(lambda: self._stopping or bool(self._orders), pause):
                    return
            if knocking and time.monotonic() < until and self._opened():
                self._failures = 0
                return
            # A door that opens without help is one of a hub with too much to do: handshakes cost it, too.
            patience = 2 * patience if self._opens else self._timing.knock

    def _opened(self) -> bool:
        before, self._opens = self._opens, self._knock()
        return self._opens and not before

    def _knock(self) -> bool:
        """Whether the hub takes a TLS connection now."""
        address = urlsplit(self._with.keys.hub)
        host, port = address.hostname or "", address.port or 443
        try:
            with (
                socket.create_connection((host, port), timeout=self._timing.knock) as plain,
                pinned(self._ca).wrap_socket(plain, server_hostname=host),
            ):
                return True
        except (OSError, StationleafError):  # TLS errors are OSErrors
            return False


def _sentence(error: Exception) -> str:
    if isinstance(error, Expected):
        return error.sentence
    return "Something went wrong in this program while it talked to the hub. Tell IT: the log has details."
