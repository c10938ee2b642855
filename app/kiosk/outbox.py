"""The kiosk's journal: an event is committed here before anything is shown, and leaves on the hub's receipt.

Each event names the hash of the one before, is signed by the device, and is sealed to the hub before it is
written (design, section 6), so the file says nothing to whoever has the disk.
"""

from __future__ import annotations

import hashlib
import os
import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from app.kiosk.journal_file import FILE_DAMAGED, JournalFile, cannot_record
from app.kiosk.journal_rows import Announced, Chain, Row, tally
from app.kiosk.journal_salvage import Salvaged, open_journal, salvage
from app.model.errors import Damaged, Unavailable, Untrusted
from app.seal.chain import event_hash, seal_event, sign_event
from app.wire.messages import MAX_BATCH, Event, EventBatch, EventKind, JournalFault, SealedEvent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from app.seal.keys import SigningKey
    from app.wire.clock import Moment

T = TypeVar("T")


@dataclass(frozen=True)
class Draft:
    """An event to be: what happened. Number, time, chain and signature come from the outbox."""

    kind: EventKind
    lease: int = 0
    client: str = ""
    person: str = ""
    station: str = ""
    page: str = ""
    revision: str = ""
    unit: str = ""
    order: str = ""
    body: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Torn:
    """An epoch of which the events ``first`` to ``last`` cannot be handed over: ``first`` does not read."""

    epoch: int
    first: int
    last: int


@dataclass(frozen=True)
class _Owed:
    """An event that happened on the strength of its announcement, and is committed with the next ones."""

    seq: int
    draft: Draft
    moment: Moment


@dataclass(frozen=True)
class Recorded:
    """An event that is committed: its place, and its hash ("" where only its announcement is)."""

    epoch: int
    seq: int
    hash: str


class Outbox:
    """See the module. Safe to use from several threads; ``append`` costs one commit to disk (about 2 ms).

    Failure policy, fault by fault:
    - killed or without power at any point: what ``append`` returned for is there, what it did not return for
      is there whole or not at all, and the chain goes on;
    - disk full or failing: ``append`` raises ``cannot_record`` and nothing of it is kept; the next one works
      as soon as the disk does;
    - what is owed (``take``) and not committed yet when the program ends: the announcement becomes an event
      when the journal is opened again, and says that it may have happened;
    - the file is damaged: what reads is copied into a new one, the old one is set aside for good, and
      ``salvaged`` tells what was lost. Events after a lost one stay here: the hub would see the hole, and
      somebody has to look at it. If the newest ones are lost the epoch cannot go on: ``append`` raises
      ``journal_lost`` until the kiosk is enrolled again, which begins another epoch;
    - keyring lost, cache purged, kiosk enrolled again: older epochs are delivered as they are, as far as they
      read; ``torn`` tells of the rest, which stays here.
    """

    def __init__(
        self,
        path: Path,
        kiosk: str,
        epoch: int,
        sign: SigningKey,
        hub_seal_public: bytes,
        *,
        at_least: int = 0,
    ) -> None:
        """Open the journal of ``kiosk``. ``at_least``: an event of this epoch that is known to exist.

        Raises:
            Unavailable: it cannot be read or written (``cannot_record``).
            Damaged: it is older than ``at_least`` (``journal_behind``).
            Refused: a newer program wrote it (``newer_schema``).
        """
        self._path, self._kiosk, self._epoch, self._sign = path, kiosk, epoch, sign
        self._hub = hub_seal_public
        self._lock = threading.RLock()
        self._file: JournalFile | None
        self.salvaged: Salvaged | None
        self._chain: Chain
        self._counters: dict[bytes, int]
        self._waiting: int
        self._owed: _Owed | None = None
        self._announced: Draft | None = None
        self._file, self.salvaged = open_journal(path, kiosk, epoch)
        try:
            self._load()
            self._require(at_least)
            self._repairing(lambda: self._journal().redeem())
            self._load()
            self._file.hold_reserve()
        except BaseException:
            self.close()
            raise

    def _require(self, at_least: int) -> None:
        if self._chain.head < at_least:
            raise Damaged(
                "This kiosk's journal is older than what this kiosk has already recorded.",
                advice="Enrol this kiosk again with a new code, and tell quality.",
                code="journal_behind",
            )

    # -- recording ----------------------------------------------------------------------------------------

    def append(
        self, drafts: Sequence[Draft], moment: Moment, announce: Draft | None = None
    ) -> tuple[Recorded, ...]:
        """Commit the events of ``drafts``, all or none; they are on the disk when this returns.

        ``announce``: what may happen next, for ``take``. What was announced before no longer stands.

        Raises:
            Unavailable: they cannot be recorded (``cannot_record``, ``journal_lost``); then none of them is.
        """
        with self._lock:
            try:
                return self._repairing(lambda: self._append(drafts, moment, announce))
            except Damaged as error:
                raise cannot_record("its journal is damaged") from error
            except Unavailable:
                self._unsure = True  # whether a commit that failed stands is for the file to say
                raise

    def take(self, draft: Draft, moment: Moment) -> Recorded | None:
        """What was announced happens: its place, at once. None if it has to be appended like anything else.

        It is on the disk that it may happen. The event itself, with this ``moment``, is the first of those
        that are committed next, whoever commits them; a program that ends before leaves the announcement.
        ``draft`` must be as announced, but for its kind.
        """
        with self._lock:
            announced, self._announced = self._announced, None
            if self._owed is not None or announced is None or self._unsure or self._chain.broken:
                return None
            if replace(announced, kind=draft.kind) != draft:
                return None
            self._owed = _Owed(self._chain.head + 1, draft, moment)
            return Recorded(self._chain.epoch, self._owed.seq, "")

    @property
    def owes(self) -> bool:
        """Whether something happened that is not committed yet; its announcement is."""
        return self._owed is not None

    def _append(
        self, drafts: Sequence[Draft], moment: Moment, announce: Draft | None
    ) -> tuple[Recorded, ...]:
        journal = self._journal()
        if self._unsure:
            self._load()
        self._announced = None
        if self._chain.broken:
            raise Unavailable(
                "The newest records of this kiosk are lost, so it cannot go on recording.",
                advice="Tell quality and IT: this kiosk has to be enrolled again.",
                code="journal_lost",
            )
        happened = [(draft, moment) for draft in drafts]
        rows = self._commit(journal, happened, (announce, moment) if announce is not None else None)
        return tuple(Recorded(self._chain.epoch, row.seq, row.hash) for row in rows)

    def _commit(
        self,
        journal: JournalFile,
        happened: Sequence[tuple[Draft, Moment]],
        announce: tuple[Draft, Moment] | None = None,
        *,
        anew: bool = False,
    ) -> list[Row]:
        """Commit what is owed, and what ``happened`` since, whose rows are returned. ``anew``: the file may
        not have the counters that did not change.
        """
        owed = [(self._owed.draft, self._owed.moment)] if self._owed is not None else []
        chain, rows = self._chain, list[Row]()
        given: dict[bytes, int] = {}
        for draft, then in [*owed, *happened]:
            tag = self._tag(draft.client)
            number = given.get(tag, self._counters.get(tag, 0)) + 1 if draft.client else 0
            if draft.client:
                given[tag] = number
            row = self._row(chain, draft, then, number)
            rows.append(row)
            chain = replace(chain, head=row.seq, head_hash=row.hash)
        counters = self._counters | given
        chain = replace(chain, tally=tally(counters))
        announced = self._announce(chain, *announce, counters) if announce is not None else None
        journal.append(chain, rows, counters if anew else given, announced)
        self._chain, self._counters = chain, counters
        self._waiting += len(rows)
        self._owed, self._announced = None, announce[0] if announce is not None else None
        return rows[len(owed) :]

    def _announce(
        self, chain: Chain, draft: Draft, moment: Moment, counters: Mapping[bytes, int]
    ) -> Announced:
        tag = self._tag(draft.client) if draft.client else b""
        number = counters.get(tag, 0) + 1 if draft.client else 0
        return Announced(self._row(chain, draft, moment, number), chain.head_hash, tag, number)

    def prepare_disk(self) -> None:
        """Have room laid out on the disk, for recording to take less time; if there is any."""
        with self._lock:
            self._repairing(lambda: self._journal().lay_out_log())

    def seal_to(self, hub_seal_public: bytes) -> None:
        """The hub has a new seal key: what is recorded from now on is sealed to it."""
        with self._lock:
            self._hub = hub_seal_public

    def _row(self, chain: Chain, draft: Draft, moment: Moment, client_seq: int) -> Row:
        event = Event(
            kiosk=chain.kiosk,
            epoch=chain.epoch,
            seq=chain.head + 1,
            prev=chain.head_hash,
            nonce=os.urandom(16).hex(),
            kind=draft.kind,
            wall=moment.wall,
            boot_ms=moment.boot_ms,
            boot=moment.boot,
            lease=draft.lease,
            client=draft.client,
            client_seq=client_seq,
            person=draft.person,
            station=draft.station,
            page=draft.page,
            revision=draft.revision,
            unit=draft.unit,
            order=draft.order,
            body=draft.body,
        )
        exact = event.exact()
        digest = event_hash(exact)
        signature = sign_event(chain.kiosk, chain.epoch, event.seq, digest, self._sign)
        return Row(event.seq, digest, signature, seal_event(exact, self._hub))

    def _tag(self, client: str) -> bytes:
        """Names a client in the plain file without spelling it out."""
        chain = self._chain
        return hashlib.sha256(f"{chain.kiosk}\0{chain.epoch}\0{client}".encode()).digest()[:16]

    # -- delivering ---------------------------------------------------------------------------------------

    def pending(self, limit: int = MAX_BATCH) -> EventBatch | None:
        """The next events to deliver, oldest first and of one epoch; None if nothing waits.

        Raises:
            Damaged: the next event is lost or does not hold (``journal_damaged``); later ones of this epoch
                stay here, and ``fault`` says so.
            Unavailable: the journal cannot be read.
        """
        with self._lock:
            found = self._repairing(lambda: self._pending(min(limit, MAX_BATCH)))
        if found is None:
            return None
        epoch, rows = found  # put together without the lock: whoever records must not wait for it
        events = tuple(SealedEvent(seq=row.seq, hash=row.hash, box=row.box) for row in rows)
        return EventBatch(epoch=epoch, events=events, signatures=tuple(row.signature for row in rows))

    def _pending(self, limit: int) -> tuple[int, list[Row]] | None:
        for chain in self._own_chains():
            rows = self._journal().rows(chain, chain.held, limit) if chain.head > chain.held else []
            if rows:
                return chain.epoch, rows
        self._stuck = self._chain.head > self._chain.held
        if self._stuck:
            raise Damaged(
                "A record in this kiosk's journal is damaged, so it and later ones cannot be handed over.",
                advice="Tell quality and IT: nothing is deleted, and this kiosk has to be enrolled again.",
                code="journal_damaged",
            )
        return None

    def confirm(self, epoch: int, held: int, digest: str) -> None:
        """The hub holds everything of ``epoch`` up to ``held``, whose hash is ``digest``: these rows leave.

        A receipt seen before changes nothing.

        Raises:
            Untrusted: the hub speaks of events that are not ours (``wrong_receipt``); nothing leaves.
            Unavailable: the journal cannot be written.
        """
        with self._lock:
            try:
                self._repairing(lambda: self._confirm(epoch, held, digest))
            except Unavailable:
                self._unsure = True  # as for ``append``
                raise

    def _confirm(self, epoch: int, held: int, digest: str) -> None:
        chain = next((chain for chain in self._own_chains() if chain.epoch == epoch), None)
        if chain is None or held > chain.head:
            raise _wrong_receipt()
        if held < chain.held:
            return
        ours = chain.held_hash if held == chain.held else self._journal().hash_at(chain, held)
        if ours != digest:
            self._journal().examine()  # is it the hub that errs, or does our row not read?
            raise _wrong_receipt()
        if held == chain.held:
            return
        after = replace(chain, held=held, held_hash=digest)
        self._journal().release(after)
        if chain.epoch == self._chain.epoch:
            self._chain = after
        self._waiting -= held - chain.held

    @property
    def fault(self) -> JournalFault:
        """What keeps this epoch's events from the hub, or ends it; "" while nothing does. Reads no file."""
        if self._chain.broken:
            return "journal_lost"
        return "journal_damaged" if self._stuck else ""

    def torn(self) -> tuple[Torn, ...]:
        """The earlier epochs that cannot be handed over to their end."""
        with self._lock:
            return self._repairing(lambda: tuple(self._torn()))

    def _torn(self) -> Iterator[Torn]:
        for chain in self._own_chains():
            after = chain.held
            if chain.epoch == self._epoch:
                continue
            while after < chain.head and (rows := self._journal().rows(chain, after, MAX_BATCH)):
                after = rows[-1].seq
            if after < chain.head:
                yield Torn(chain.epoch, after + 1, chain.head)

    def waiting(self) -> int:
        """How many events the hub has not confirmed."""
        return self._waiting

    @property
    def head(self) -> int:
        """The newest event of this epoch; what ``at_least`` may be at the next start."""
        return self._chain.head

    def delivered(self, epoch: int, seq: int) -> bool:
        """Whether the hub has confirmed this event of ours. Reads no file."""
        chain = self._chain
        return chain.held >= seq if chain.epoch == epoch else self._waiting == 0

    def strangers(self) -> int:
        """Events that another kiosk's enrolment left in this folder: they are kept, and cannot be sent."""
        with self._lock:
            chains = self._repairing(lambda: self._journal().chains())
            return sum(chain.head - chain.held for chain in chains if chain.kiosk != self._kiosk)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._file is not None:
                self._file.close()

    # -- the file -----------------------------------------------------------------------------------------

    def _own_chains(self) -> list[Chain]:
        return [chain for chain in self._journal().chains() if chain.kiosk == self._kiosk]

    def _load(self) -> None:
        chains = self._own_chains()
        mine = next((chain for chain in chains if chain.epoch == self._epoch), None)
        self._chain = mine if mine is not None else self._journal().begin(self._kiosk, self._epoch)
        self._counters = self._journal().counters(self._chain)
        self._waiting = sum(chain.head - chain.held for chain in chains)
        self._announced = None
        if self._owed is not None and self._owed.seq <= self._chain.head:
            self._owed = None  # a commit that seemed to fail stands
        self._unsure = self._stuck = False

    def _repairing(self, act: Callable[[], T]) -> T:
        """Do it; if the file turns out to be damaged, salvage it and do it once more."""
        try:
            return act()
        except Damaged as error:
            if error.code != FILE_DAMAGED or self._file is None:
                raise
            self._file.close()
            self._file = None
            return act()

    def _journal(self) -> JournalFile:
        if self._file is None:
            self._file, self.salvaged = salvage(self._path, self._chain)
            self._announced, self._unsure = None, True  # the new file may not have what was announced
            self._commit(self._file, (), anew=True)  # nor what is owed
            self._unsure = False
        return self._file


def _wrong_receipt() -> Untrusted:
    return Untrusted(
        "The hub confirms records that this kiosk did not send.",
        advice="Tell the hub's administrator; nothing was deleted here.",
        code="wrong_receipt",
    )


__all__ = ["Draft", "Outbox", "Recorded", "Salvaged"]
