"""What is said between a kiosk and its hub at each contact: standing, lease, pages, journal.

No thread and no waiting: when to make contact again is ``sync``'s business.
"""

from __future__ import annotations

import logging
import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from app.kiosk.deliver import deliver, disputed
from app.kiosk.lease_check import Identity, check_lease
from app.kiosk.log_witness import Logs
from app.kiosk.outbox import Draft
from app.kiosk.pull import Pull
from app.kiosk.purge import owed_for
from app.kiosk.purge_order import check_order, cut
from app.kiosk.purge_receipts import ReceiptWriter
from app.kiosk.self_watch import SelfWatch
from app.kiosk.supplies import identity
from app.kiosk.timekeeper import words
from app.model.errors import Expected, Refused, Unavailable, Untrusted
from app.model.terms import KioskStatus
from app.seal.boxes import hpke_open
from app.seal.encoding import sha256
from app.wire.client import (
    HubFault,
    HubRefused,
    HubUnreachable,
    Rubbish,
    WrongCertificate,
    check_current,
    fetch_trust,
)
from app.wire.desk import LockKind
from app.wire.lease import boot_info
from app.wire.messages import EventKind, Standing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, timedelta

    from app.kiosk.access import Holding
    from app.kiosk.lease_check import Checked
    from app.kiosk.supplies import Supplies
    from app.wire.clock import Moment
    from app.wire.lease import LeaseReply
    from app.wire.messages import KioskState

BARRED = frozenset({KioskStatus.LOST, KioskStatus.FORKED, KioskStatus.LOCKED_DOWN, KioskStatus.RETIRED})
"""A kiosk that stands so may hold nothing."""

ENDS_CONTACT = (HubUnreachable, HubFault, WrongCertificate, Rubbish)
"""After one of these nothing more is tried in this contact."""

_STANDS = {
    KioskStatus.PENDING: (
        "This kiosk waits to be confirmed.",
        "A second administrator compares its number and confirms it at the hub.",
    ),
    KioskStatus.LOST: ("This kiosk was reported lost.", "Bring it to IT: an administrator can release it."),
    KioskStatus.FORKED: (
        "This kiosk is blocked: the hub has another record of it than the kiosk itself.",
        "Call quality and leave it switched on: its records are evidence.",
    ),
    KioskStatus.LOCKED_DOWN: ("This kiosk was locked down.", "Ask your supervisor."),
    KioskStatus.RETIRED: ("This kiosk was taken out of use.", "Use another one; tell IT."),
}
"""What a person reads of a kiosk that stands otherwise than active."""

STANDING = frozenset({"kiosk_blocked", "kiosk_pending"})
OFFER_SECONDS = 300.0
"""A journal that the hub disputes is offered again after this time, in case somebody has settled it there."""

_log = logging.getLogger("app.kiosk.sync")


class Doors(Protocol):
    """Whom the sync tells (the engine). Every call returns at once."""

    def on_holding(self, holding: Holding | None) -> None:
        """A lease was accepted and stored, or its boot share came; None: everything was taken away."""

    def on_status(self, **changes: Any) -> None:
        """Fields of ``view.Status`` that changed."""

    def on_local(self, **facts: Any) -> None:
        """Fields of ``access.Local`` that changed."""

    def on_pulled(self, done: int, total: int) -> None:
        """So many of the lease's pages are here."""

    def on_confirmed(self) -> None:
        """The hub holds more of the journal."""


class Contact:
    """See the module. Belongs to one thread.

    Failure policy: what the hub cannot be reached for, or says wrongly, ends the contact by its exception
    (``ENDS_CONTACT``, ``HubRefused``). What goes wrong here (a lease that does not hold, a disk that is full,
    a disputed journal) is kept as ``trouble`` for the person to read, the rest goes on, and it is tried again
    at the next contact. Pages that were stored stay stored, whenever a contact breaks off.
    """

    def __init__(self, supplies: Supplies, doors: Doors) -> None:
        self._with, self._doors = supplies, doors
        self._state, self._clock = supplies.state, supplies.clock
        self._trust = supplies.trust
        self._hub = supplies.client(supplies.trust)
        self._pulled = 0
        self._reported: Standing | None = None
        self._pull = Pull(supplies.cache, self._on_pulled)
        self._share = b""
        self._asked = False
        self._offer_at = 0.0
        self.lease_trouble: Expected | None = None
        self._trust_trouble: Expected | None = None
        self._logs = Logs(supplies, self.note, self._hub_time)
        self._noted = ""
        self._anchored = self._state.mark.number
        self._told: KioskStatus | None = None
        self._watch = SelfWatch(supplies, self.note)
        self._receipts = ReceiptWriter(supplies, self._hub_time, doors.on_confirmed)
        self.trouble: Expected | None = None
        holding = self._state.holding(self._identity())
        if holding is not None:
            with self._local_trouble():
                self._pull.want(holding.manifest)
        self._settle()

    @property
    def says(self) -> Expected | None:
        """What a person should read now: this contact's trouble, how the kiosk stands, a refused lease."""
        words = _STANDS.get(self._state.status)
        standing = None if words is None else Refused(words[0], advice=words[1], code="kiosk_blocked")
        return self.trouble or standing or self.lease_trouble or self._logs.trouble or self._trust_trouble

    @property
    def log_hidden(self) -> bool:
        """Whether the hub did not show a log when it was last asked for."""
        return self._logs.hidden

    @property
    def ca(self) -> str:
        """The certificate authority that the hub must come from, PEM."""
        return self._trust.ca

    def close(self) -> None:
        """Close the connections, and end the thread that writes pages."""
        self._hub.close()
        self._pull.close()

    def meet(self) -> None:
        """Ask how this kiosk stands and what time it is, and follow."""
        try:
            said = self._ask_standing()
        except WrongCertificate:
            if not self._renew_trust():
                raise
            said = self._ask_standing()
        self._state.hub_said(said.time, self._clock.moment())
        self._follow(said.trust)
        self._stand(said.status)
        with self._local_trouble():
            self._logs.watch(self._hub, self._trust.log_keys)

    def witness(self) -> None:
        """Cosign the logs of the clients whose pages are here (``log_witness``)."""
        with self._local_trouble():
            self._logs.witness(self._hub, self._trust.log_keys)

    @property
    def unreported(self) -> bool:
        """Whether the hub was told otherwise of this kiosk than it stands now, or nothing yet."""
        return self._standing != self._reported

    def report(self) -> None:
        """Tell the hub how many events wait here and how many pages are here, for the supervisor's board."""
        self._stand(self._ask_standing().status)

    @property
    def _standing(self) -> Standing:
        outbox = self._with.outbox
        return Standing(waiting=outbox.waiting(), pulled=self._pulled, journal=outbox.fault)

    def _ask_standing(self) -> KioskState:
        standing = self._standing
        said = self._hub.state(standing)
        self._reported = standing
        return said

    def _on_pulled(self, done: int, total: int) -> None:
        self._pulled = done
        self._doors.on_pulled(done, total)

    def lease(self) -> None:
        """Ask for a newer lease; accept it, or note why not.

        Where this kiosk admitted somebody by itself its journal goes first: the lease says what came of it.
        """
        if self._state.status in BARRED:
            self.meet()
            if self._state.status in BARRED:
                return
        if any(not grant.by_hub for grant in self._state.own_grants):
            self.deliver()
        mark, manifest = self._state.mark, self._state.manifest
        have = mark.number if self._asked and manifest else 0
        held = self._with.outbox.delivered
        told = [kept for kept, (epoch, seq) in self._state.signatures.items() if held(epoch, seq)]
        try:
            seen = max(mark.number, self._newest)
            reply = self._hub.lease(have, sha256(manifest.encode()) if manifest else "", seen)
        except HubRefused as refusal:
            if refusal.code not in STANDING:
                raise
            self.meet()
            return
        if self._state.status is not KioskStatus.ACTIVE:
            self._stand(KioskStatus.ACTIVE)
        self.lease_trouble = None
        if reply is not None:
            self._take(reply)
        if told and self.lease_trouble is None:  # what the hub says now, it says knowing of these
            self._state.settle_signatures(told)
            self._doors.on_local(**self._state.local(self._clock.moment()))
        self._anchor()
        self._settle()
        self._asked = self.lease_trouble is None  # refused: the boot share in the answer was not taken either

    def obey(self, envelope: bytes) -> bool:
        """Do what a purge order says, now (``purge_order``). Returns whether it says anything to this kiosk.

        A lockdown of this kiosk takes everything, as when the hub says so itself at the next contact.
        """
        try:
            order = check_order(envelope, self._identity(), self._hub_time())
        except Untrusted as error:
            self._refused(error, EventKind.INCIDENT, what="purge order refused")
            return False
        with self._local_trouble():
            kept = self._state.checked(self._identity())
            left = None if kept is None else cut(kept, order, self._with.keys.sign)
            if kept is None or left is None:
                return False
            _log.info("order %d to purge %s %s", order.number, order.kind.value, order.code)
            if order.kind is LockKind.KIOSK and order.code == self._with.keys.kiosk:
                self._stand(KioskStatus.LOCKED_DOWN)
                return True
            owed = owed_for(kept.holding, left.holding, "order", order.number)
            self._state.hold(left, owed)
            self._receipts.keys_gone(owed)
            self._doors.on_holding(replace(left.holding, share=self._share))
            self._receipts.bytes_gone(self._pull.want(left.holding.manifest))
            if self._with.anchor is not None and not self._state.set_back:
                self._with.anchor.advance()
            return True
        return False

    @property
    def more(self) -> bool:
        """Whether pages are missing that the hub may have."""
        return self._pull.more

    def pull(self) -> None:
        """Fetch some of the pages that are missing."""
        with self._local_trouble():
            self._pull.some(self._hub)

    def refetch(self, blob: str) -> None:
        """This blob's stored bytes do not hold."""
        self._pull.again(blob)

    def deliver(self) -> None:
        """Hand the journal over until nothing waits. A disputed one is offered again now and then."""
        with self._local_trouble():
            stopped = self._state.delivery_stopped
            if stopped and time.monotonic() < self._offer_at:
                raise disputed(stopped)
            self._offer_at = time.monotonic() + OFFER_SECONDS
            try:
                deliver(self._hub, self._with.outbox, self._state, self._confirmed, self.note)
            except HubRefused as refusal:
                if refusal.code not in STANDING:
                    raise

    def _confirmed(self) -> None:
        self._state.set_journal_head(self._with.keys.epoch, self._with.outbox.head)
        self._doors.on_confirmed()

    def note(self, kind: EventKind, *, client: str = "", **body: Any) -> bool:
        """Write down what the sync did. What cannot be written is logged and told: pages still go.

        Returns whether it was written.
        """
        draft = Draft(
            kind=kind,
            lease=self._state.mark.number,
            station=self._with.keys.station,
            client=client,
            body=body,
        )
        try:
            self._with.outbox.append([draft], self._clock.moment())
        except Unavailable as error:
            _log.warning("not recorded: %s (%s)", kind.value, error.code)
            self.trouble = error
            return False
        finally:
            self._doors.on_confirmed()  # the count of what waits has changed
        return True

    def look_here(self) -> timedelta:
        """Tell the screen how this machine stands, and record what goes wrong on it (``self_watch``)."""
        self._doors.on_local(**self._state.local(self._clock.moment()))
        return self._watch.look()

    def check_clock(self) -> None:
        """``look_here``; a clock that is off is this contact's trouble."""
        off = self.look_here()
        if off:
            self.trouble = Untrusted(
                f"This machine's clock is {words(off)} the hub's.",
                advice="Have it set right: without the hub no page could be shown.",
                code="clock_off",
            )

    # -- standing -----------------------------------------------------------------------------------------

    def _stand(self, status: KioskStatus) -> None:
        self._state.set_status(status)
        if status is not self._told:
            self._told = status
            _log.info("stands as %s", status.value)
            self._doors.on_local(status=status)
        if status in BARRED:
            self._give_up(status)

    def _give_up(self, status: KioskStatus) -> None:
        """Keys and slots first, then the sealed pages, then the receipts."""
        owed = owed_for(self._state.kept(), None, status.value)
        self._state.let_go(owed)
        self._receipts.keys_gone(owed)
        self._share, self.lease_trouble = b"", None
        self._doors.on_holding(None)
        self._pulled = 0
        with self._local_trouble():
            self._receipts.bytes_gone(self._pull.give_up())
            if owed is not None and self._with.anchor is not None and not self._state.set_back:
                self._with.anchor.advance()

    # -- receipts -----------------------------------------------------------------------------------------

    def _settle(self) -> None:
        """Finish a purge that broke off (killed, disk full): the bytes go, and the receipts are written."""
        if not self._state.owed:
            return
        with self._local_trouble():
            kept = self._state.kept()
            dropped = self._pull.give_up() if kept is None else self._pull.want(kept.manifest)
            self._receipts.bytes_gone(dropped)

    def _hub_time(self) -> datetime:
        return self._state.best_time(self._clock.moment())

    # -- the lease ----------------------------------------------------------------------------------------

    @property
    def _newest(self) -> int:
        """The number of the newest lease by the keyring: the lease store may be an older copy."""
        return 0 if self._with.anchor is None else self._with.anchor.newest

    def _anchor(self) -> None:
        """What the hub gave or confirmed just now is kept: anchor it, where that is still to be done."""
        anchor = self._with.anchor
        if anchor is None or self.lease_trouble is not None or not self._state.manifest:
            return
        mark = self._state.mark.number
        if anchor.due or mark != self._anchored:
            with self._local_trouble():
                back = self._state.set_back
                anchor.advance()
                self._anchored = mark
                if back and not self._state.set_back:
                    _log.warning("the hub confirmed what this kiosk holds")
                self._doors.on_local(**self._state.local(self._clock.moment()))

    def _take(self, reply: LeaseReply) -> None:
        moment = self._clock.moment()
        self._state.hub_said(reply.time, moment)
        self._follow(reply.trust)
        try:
            checked = self._check(reply, moment)
            share = self._open_share(reply, checked)
            holding = replace(checked.holding, share=share)
            if checked.mark != self._state.mark or not self._state.manifest:
                self._accept(checked, holding)
            elif share != self._share:
                self._doors.on_holding(holding)
            self._share = share
        except Untrusted as error:
            self._refuse(error)
        except Unavailable as error:
            self.lease_trouble = error

    def _check(self, reply: LeaseReply, moment: Moment) -> Checked:
        return check_lease(
            reply.envelope.encode(),
            reply.manifest,
            identity=self._identity(),
            mark=self._state.mark,
            now=self._state.best_time(moment),
            at_least=self._newest,
            kept=lambda: self._state.manifest,
        )

    def _open_share(self, reply: LeaseReply, checked: Checked) -> bytes:
        if not reply.boot_share:
            return b""
        info = boot_info(self._with.keys.kiosk, checked.mark.number)
        return hpke_open(reply.boot_share, self._with.keys.seal, info)

    def _accept(self, checked: Checked, holding: Holding) -> None:
        owed = owed_for(self._state.kept(), checked.holding, "lease")
        self._state.hold(checked, owed)
        self._receipts.keys_gone(owed)
        self._noted = ""
        _log.info("lease %d accepted", checked.mark.number)
        self._doors.on_holding(holding)
        self.note(EventKind.LEASE_ACCEPTED, number=checked.mark.number, hash=checked.mark.payload)
        with self._local_trouble():
            self._receipts.bytes_gone(self._pull.want(checked.holding.manifest))

    def _refused(self, error: Untrusted, kind: EventKind, **body: Any) -> None:
        if error.code != self._noted:  # once, not at every contact
            self._noted = error.code
            _log.warning("refused: %s", error.code)
            self.note(kind, **body, code=error.code)

    def _refuse(self, error: Untrusted) -> None:
        self.lease_trouble = error
        self._refused(error, EventKind.LEASE_REFUSED)
        if error.code == "lease_not_signed":
            self._renew_trust()

    def _follow(self, version: int) -> None:
        """The hub has a statement of this version: take it over. One that has expired is told."""
        now = self._state.best_time(self._clock.moment())
        if version > self._trust.version or self._trust.expires <= now:
            self._renew_trust()
        try:
            check_current(self._trust, now)
        except Untrusted as error:
            self._trust_trouble = error
        else:
            self._trust_trouble = None

    def _renew_trust(self) -> bool:
        """The hub may have new keys: believe them if the root says so, in a later statement.

        It is said in the journal after everything that was sealed to an older key, and before it is kept: a
        kiosk that is killed in between says it twice, and never not at all.
        """
        keys = self._with.keys
        now = self._state.best_time(self._clock.moment())
        try:
            trust, envelope = fetch_trust(keys.hub, self._state.root or keys.root, now)
        except Expected:
            return False  # what led here is what is told
        if trust.version <= self._trust.version or trust.site != keys.site:
            return False
        self._with.outbox.seal_to(trust.seal_key)
        if self.note(EventKind.TRUST_ACCEPTED, version=trust.version):
            self._state.set_trust(envelope)
        self._trust = trust
        self._hub.close()
        self._hub = self._with.client(trust)
        _log.info("trust %d accepted", trust.version)
        return True

    def _identity(self) -> Identity:
        return identity(self._with.keys, self._trust)

    @contextmanager
    def _local_trouble(self) -> Iterator[None]:
        """Keep what went wrong on this side as ``trouble``; let through what ends the contact."""
        try:
            yield
        except (*ENDS_CONTACT, HubRefused):
            raise
        except Expected as error:
            self.trouble = error
