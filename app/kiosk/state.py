"""What a kiosk knows between two starts, in ``state.db`` (SQLCipher): lease, hub, counters, time marks, the
last checkpoints of the hub's logs, and agreements signed here that the hub may not know of.

Pages are the cache's, events the outbox's, keys the vault's.
"""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any, Self

from app.kiosk import bound, done_steps, pin_tries, signed_agreements, timekeeper
from app.kiosk.access import Holding
from app.kiosk.lease_check import Mark
from app.kiosk.own_grants import OwnGrant, pack, unpack
from app.kiosk.pin_tries import PinCounts
from app.kiosk.purge import read_owed, write_owed
from app.kiosk.purge_order import kept_lease, open_kept
from app.kiosk.sealed import SIDE_FILES, Form, open_database, remove_files
from app.model.errors import Damaged, Untrusted
from app.model.terms import KioskStatus
from app.seal.dsse import unverified_payload
from app.seal.keys import key_id
from app.wire.client import check_trust
from app.wire.lease import Manifest
from app.wire.messages import TRUST_TYPE, Trust

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from contextlib import AbstractContextManager
    from datetime import datetime, timedelta
    from pathlib import Path

    from app.kiosk.lease_check import Checked, Identity
    from app.kiosk.pin_tries import KioskTried, Tried
    from app.kiosk.purge import Owed
    from app.kiosk.signed_agreements import Kept
    from app.wire.clock import Moment

FORM = Form(
    name="the lease store",
    application_id=0x534C5353,
    migrations=(
        "CREATE TABLE item (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
        pin_tries.SCRIPT,
        done_steps.SCRIPT,
        "CREATE TABLE change_read (person TEXT, revision TEXT, PRIMARY KEY (person, revision)) WITHOUT ROWID",
        bound.SCRIPT,
    ),
)

COUNTER_BLOCK = 200
"""Request counters are set aside in blocks of this size: one write for many requests."""


class State:
    """See the module. Safe to use from several threads; every write is on the disk when a method returns.

    Failure policy: ``sealed`` says what a failing file means; what was in force before a write that fails
    stays in force. ``recover`` sets a damaged file aside: the lease, the hub's statement and the counter come
    from the hub again, and no older lease than the keyring knows of (``anchor``); lost are the mark against a
    clock that is behind, the count of wrong PINs, who has read what changed (until the hub's lease says it),
    and the checkpoint with what contradicted it (the journal has that as an incident).
    """

    def __init__(self, path: Path, key: bytes) -> None:
        self._lock = threading.RLock()
        self._aside = aside(path)  # a damaged one may have keys in it that must go
        self._db = open_database(path, key, FORM)
        try:
            bound.check(self._db)
            text = self._get("time")
            self._time = None if text is None else timekeeper.unpack(text)
            self._next = self._reserved = int(self._get("counter") or 0)
            self._status = KioskStatus(self._get("status") or KioskStatus.ACTIVE)
            self._delivery = self._get("delivery") or ""
            self._generation = int(self._get("generation") or 0)
            self._grants = unpack(self._get("grants") or "")
            self._signed = signed_agreements.unpack(self._get("signed") or "")
            self._read = frozenset(self._db.rows("SELECT person, revision FROM change_read"))
        except (ValueError, KeyError, TypeError, Untrusted) as error:
            self._db.close()
            raise _damaged() from error
        except BaseException:
            self._db.close()
            raise

        self.done = done_steps.DoneSteps(self._db)
        self._pins = PinCounts(self._db)
        self.set_back = False
        """Whether this file is an older copy (``anchor``): nothing is shown by it."""

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- the hub ------------------------------------------------------------------------------------------

    @property
    def root(self) -> str:
        """The fingerprint of the root key that took over from the enrolment sheet's; "" if none has."""
        return self._get("root") or ""

    def trust(self, root: str) -> Trust | None:
        """What the hub's statement says, verified against the root's fingerprint; None if there is none.

        It may have expired: ``check_current``.

        Raises:
            Untrusted: it does not hold.
        """
        text = self._get("trust")
        return None if text is None else check_trust(text.encode(), self.root or root)

    def set_trust(self, envelope: bytes) -> None:
        """Keep the hub's statement, verified by the caller, and believe the root key in force by it."""
        with self._writing():
            self._put_trust(envelope)

    def _put_trust(self, envelope: bytes) -> None:
        said = Trust.read(unverified_payload(envelope, TRUST_TYPE))
        self._put("trust", envelope.decode())
        self._put("root", key_id(said.root_keys[0]))

    @property
    def number(self) -> str:
        """The six digits that an administrator compares, "" once that was done."""
        return self._get("number") or ""

    def enrolled(self, trust: bytes, number: str) -> None:
        """This device has asked to become a kiosk: pending until an administrator has compared ``number``."""
        with self._writing():
            self._put_trust(trust)
            self._put("number", number)
            self._put("status", KioskStatus.PENDING.value)
            self._put("delivery", None)
        self._status, self._delivery = KioskStatus.PENDING, ""

    @property
    def status(self) -> KioskStatus:
        """What the hub last said this kiosk is."""
        return self._status

    def set_status(self, status: KioskStatus) -> None:
        """Keep what the hub says this kiosk is."""
        if status is not self._status:
            with self._writing():
                self._put("status", status.value)
                if status is not KioskStatus.PENDING:
                    self._put("number", None)
            self._status = status

    # -- the lease ----------------------------------------------------------------------------------------

    @property
    def mark(self) -> Mark:
        """The newest lease that was ever accepted."""
        number, _, payload = (self._get("mark") or "0 ").partition(" ")
        return Mark(int(number), payload)

    @property
    def manifest(self) -> str:
        """The manifest in force, "" for none."""
        return self._get("manifest") or ""

    def holding(self, identity: Identity) -> Holding | None:
        """The lease in force, verified anew; None where there is none, or none for the keys that this device
        has since it was enrolled again.

        Raises:
            Untrusted: what was kept does not hold (another hub's key, a file put together from two).
        """
        checked = self.checked(identity)
        return None if checked is None else checked.holding

    def checked(self, identity: Identity) -> Checked | None:
        """``holding`` with the exact bytes that are kept."""
        envelope, manifest = self._get("envelope"), self._get("manifest") or ""
        if envelope is None:
            return None
        try:
            checked = open_kept(envelope.encode(), manifest, identity)
        except Untrusted as error:
            if error.code == "lease_mark":  # the hub signed it: it opened with the keys before
                return None
            raise
        if checked.mark != self.mark:
            raise Untrusted("The lease that is kept is not the newest one.", code="lease_rollback")
        return checked

    def kept(self) -> Holding | None:
        """What is kept as the lease in force, whether or not its signature still holds: what can go.

        None where there is none, or where it does not read: then it opens nothing either.
        """
        envelope, manifest = self._get("envelope"), self.manifest
        if envelope is None:
            return None
        try:
            return Holding(kept_lease(envelope.encode()), Manifest.read(manifest.encode()))
        except Untrusted:
            return None

    @property
    def owed(self) -> tuple[Owed, ...]:
        """The purges whose keys are gone and whose receipts are not in the journal yet, oldest first."""
        return read_owed(self._get("owed") or "")

    def paid(self, owed: Collection[Owed]) -> None:
        """The receipts of these are in the journal."""
        left = [one for one in self.owed if one not in owed]
        with self._writing():
            self._put("owed", write_owed(left) if left else None)

    def _owe(self, owed: Owed | None) -> None:
        if owed is not None:
            self._put("owed", write_owed([*self.owed, owed]))

    def hold(self, checked: Checked, owed: Owed | None = None) -> None:
        """Put a lease in force. The one before, its keys and slots are overwritten on the disk.

        ``owed``: what goes by it, kept until it is ``paid``.
        """
        with self._writing("lease", "item"):
            self._owe(owed)
            self._put("envelope", checked.envelope.decode())
            self._put("manifest", checked.manifest)
            self._put("mark", f"{checked.mark.number} {checked.mark.payload}")
        self._db.checkpoint()  # the log still has what was overwritten
        remove_files(self._aside)

    def let_go(self, owed: Owed | None = None) -> bool:
        """Forget the lease with its keys and slots; its number stays. Returns whether there was one.

        ``owed``: what goes by it, kept until it is ``paid``.
        """
        with self._writing("lease", "item"):
            self._owe(owed)
            there = self._get("envelope") is not None
            self._put("envelope", None)
            self._put("manifest", None)
        self._db.checkpoint()
        remove_files(self._aside)
        return there

    @property
    def generation(self) -> int:
        """Which of this file's generations it is (``anchor``)."""
        return self._generation

    def set_generation(self, generation: int) -> None:
        """This is a later generation."""
        with self._writing():
            self._put("generation", str(generation))
        self._generation = generation

    # -- counters and time --------------------------------------------------------------------------------

    def next_counter(self) -> int:
        """A request counter that was never given before, over restarts too."""
        with self._lock:
            if self._next >= self._reserved:
                self.reach_counter(self._next + 1)
            self._next += 1
            return self._next

    def reach_counter(self, needed: int) -> None:
        """The hub has seen counters up to ``needed`` - 1: the next is at least ``needed``."""
        with self._lock:
            following = max(self._next, needed - 1)
            with self._writing():
                self._put("counter", str(following + COUNTER_BLOCK))
            self._next, self._reserved = following, following + COUNTER_BLOCK

    def hub_said(self, time: datetime, moment: Moment) -> None:
        """The hub told its time at ``moment``."""
        self._set_mark(timekeeper.from_hub(time, moment))

    def passed(self, moment: Moment) -> None:
        """Time has passed: keep the high-water mark. About once a minute."""
        self._set_mark(timekeeper.advanced(self._time, moment))

    def clock_off(self, moment: Moment) -> timedelta:
        """How far this machine's clock is off; zero where it may be believed. Reads no file."""
        return timekeeper.off_by(self._time, moment)

    def best_time(self, moment: Moment) -> datetime:
        """The hub's time where it is known in this boot, otherwise the wall's. Reads no file."""
        return timekeeper.best_time(self._time, moment)

    def local(self, moment: Moment) -> dict[str, Any]:
        """The fields of ``access.Local`` that this file answers for. Reads no file: cheap at every tick."""
        trusted = timekeeper.trusted(self._time, moment)
        return {
            "status": self._status,
            "clock_trusted": trusted,
            "set_back": self.set_back,
            "own_grants": self._grants,
            "signed": frozenset(self._signed),
            "read": self._read,
        }

    # -- this kiosk's own grants (own_grants.GrantStore) --------------------------------------------------

    @property
    def own_grants(self) -> tuple[OwnGrant, ...]:
        """The offline admissions that are kept, oldest first. Reads no file."""
        return self._grants

    def keep_grant(self, grant: OwnGrant) -> None:
        """Keep an offline admission, over a restart too."""
        others = (known for known in self._grants if known.name != grant.name)
        self._set_grants((*others, grant))

    def drop_grants(self, names: Iterable[str]) -> None:
        """Forget these: what they could open is overwritten on the disk."""
        gone = set(names)
        self._set_grants(tuple(grant for grant in self._grants if grant.name not in gone))
        self._db.checkpoint()

    def _set_grants(self, grants: tuple[OwnGrant, ...]) -> None:
        with self._writing():
            self._put("grants", pack(grants) if grants else None)
        self._grants = grants

    # -- agreements signed here (agreement_desk.Signatures) -----------------------------------------------

    def keep_signature(self, kept: Kept, epoch: int, seq: int) -> None:
        """Keep a signature that was made here, until the hub's lease speaks of it."""
        self._put_signed({**self._signed, kept: (epoch, seq)})

    @property
    def signatures(self) -> dict[Kept, tuple[int, int]]:
        """The signatures made here of which no lease speaks yet, with epoch and number of their events."""
        return self._signed

    def settle_signatures(self, settled: Collection[Kept]) -> None:
        """The hub had the events of these when it said what its lease is now: that counts, and not they."""
        if settled:
            self._put_signed({kept: at for kept, at in self._signed.items() if kept not in settled})

    def _put_signed(self, signed: dict[Kept, tuple[int, int]]) -> None:
        with self._writing():
            self._put("signed", signed_agreements.pack(signed) if signed else None)
        self._signed = signed

    # -- what changed, and who has read it ----------------------------------------------------------------

    def note_read(self, person: str, revision: str) -> None:
        """The person confirmed having read what changed in the revision (``DOCUMENT/LABEL``)."""
        with self._writing("change_read"):
            self._db.run("INSERT OR IGNORE INTO change_read VALUES (?, ?)", (person, revision))
        self._read |= {(person, revision)}

    # -- wrong PINs (pin_tries.PinTries) ------------------------------------------------------------------

    def pin_tried(self, slot: str) -> Tried:
        """How many wrong PINs there were in a row."""
        return self._pins.tried(slot)

    def kiosk_tried(self) -> KioskTried:
        """How many wrong PINs there were of all badges together, and not long ago."""
        return self._pins.of_all()

    def count_pin(self, slot: str, moment: Moment) -> Tried:
        """Count a try as wrong, of the slot and of the kiosk, before it is made."""
        return self._pins.count(slot, moment)

    def pin_opened(self, slot: str) -> None:
        """The PIN was right."""
        self._pins.opened(slot)

    # -- the journal --------------------------------------------------------------------------------------

    @property
    def delivery_stopped(self) -> str:
        """Why the journal is not delivered any more (``fork``, ``hole``, ``bad_event``); "" while it is."""
        return self._delivery

    def stop_delivery(self, code: str) -> None:
        """The hub disputes the journal; "" when that was settled."""
        if code != self._delivery:
            with self._writing():
                self._put("delivery", code or None)
            self._delivery = code

    def journal_head(self, epoch: int) -> int:
        """An event of this epoch that is known to exist: an outbox without it is an older copy."""
        known, _, head = (self._get("journal") or "0 0").partition(" ")
        return int(head) if int(known) == epoch else 0

    def set_journal_head(self, epoch: int, head: int) -> None:
        """This event exists."""
        with self._writing():
            self._put("journal", f"{epoch} {head}")

    # -- the hub's log ------------------------------------------------------------------------------------

    def checkpoint_of(self, client: str = "") -> str:
        """The last checkpoint of a client's log (of the site's for "") that was seen and continued the one
        before; "" for none.
        """
        return self._get(f"checkpoint {client}" if client else "checkpoint") or ""

    def keep_checkpoint(self, note: str, client: str = "") -> None:
        """Keep a checkpoint, a signed note that the caller has verified."""
        with self._writing():
            self._put(f"checkpoint {client}" if client else "checkpoint", note)

    @property
    def log_evidence(self) -> list[dict[str, Any]]:
        """What contradicted a checkpoint, oldest first: what, when, both signed notes, the proof offered."""
        found: list[dict[str, Any]] = json.loads(self._get("log_evidence") or "[]")
        return found

    def add_log_evidence(self, evidence: dict[str, Any]) -> None:
        """Keep for good what contradicts the checkpoint."""
        with self._writing():
            self._put("log_evidence", json.dumps([*self.log_evidence, evidence]))

    # -- the file -----------------------------------------------------------------------------------------

    def _writing(self, *parts: str) -> AbstractContextManager[None]:
        """A transaction; ``parts`` of ``bound`` are what it changes, by default the small items."""
        return bound.writing(self._db, *(parts or ("item",)))

    def _set_mark(self, mark: timekeeper.TimeMark) -> None:
        self._time = mark
        with self._writing():
            self._put("time", timekeeper.pack(mark))

    def _get(self, name: str) -> str | None:
        row = self._db.row("SELECT value FROM item WHERE name = ?", (name,))
        return None if row is None else str(row[0])

    def _put(self, name: str, value: str | None) -> None:
        if value is None:
            self._db.run("DELETE FROM item WHERE name = ?", (name,))
        else:
            self._db.run("INSERT OR REPLACE INTO item VALUES (?, ?)", (name, value))


def aside(path: Path) -> Path:
    """Where a damaged file goes, until the next lease."""
    return path.with_name(f"{path.name}.set-aside")


def recover(path: Path, key: bytes) -> tuple[State, Damaged | None]:
    """Open the file; one that is damaged or another enrolment's is set aside and begun anew. Says which.

    Raises:
        Expected: it cannot be opened for another reason (``sealed.open_database``).
    """
    try:
        return State(path, key), None
    except Damaged as damage:
        for tail in ("", *SIDE_FILES):
            part = path.with_name(path.name + tail)
            if part.exists():
                part.replace(aside(path).with_name(aside(path).name + tail))
        return State(path, key), damage


def _damaged() -> Damaged:
    return Damaged(
        "What this kiosk keeps of its lease is damaged.",
        advice="Tell IT if it happens again: the disk may be failing.",
        code="file_damaged",
    )
