"""Somebody is making a grant at this kiosk, and those that it made: the conductor's part of ``granting``.

Runs on the engine's thread.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.kiosk import access
from app.kiosk.glass_desk import offline
from app.kiosk.granting import (
    ADMIT_FIRST,
    ADMIT_THEN,
    GLASS_FIRST,
    GLASS_THEN,
    SECONDS,
    Granting,
    Step,
)
from app.kiosk.own_grants import lend_to, sign_both, without_keys
from app.kiosk.view import Notice, Stage
from app.model.errors import Refused
from app.model.terms import GrantKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.kiosk.access import Holding, Local, Opened, Readable
    from app.kiosk.own_grants import GrantStore, OwnGrant
    from app.kiosk.recorder import Recorder
    from app.kiosk.view import Choice, GrantOffer
    from app.wire.clock import Clock
    from app.wire.grants import SignedGrant


@dataclass(frozen=True, repr=False)
class Made:
    """A grant that is about to be made: as both signed it, as it is kept, and what it opens."""

    signed: SignedGrant
    grant: OwnGrant
    found: Readable


class GrantDesk:
    """``say`` shows a notice, or takes it away.

    Failure policy: a grant is in force only once its event is committed and then it itself is kept; what
    breaks off before leaves nobody admitted. One whose end cannot be recorded is kept, admits nobody any more
    (``decide`` looks at its time), and its end is recorded when that is possible.
    """

    def __init__(
        self, say: Callable[[Notice | None], None], store: GrantStore, recorder: Recorder, clock: Clock
    ) -> None:
        self._say, self._store, self._recorder, self._clock = say, store, recorder, clock
        self._granting: Granting | None = None

    # -- making one ---------------------------------------------------------------------------------------

    @property
    def going_on(self) -> bool:
        """Whether somebody is making a grant."""
        return self._granting is not None

    @property
    def waits_for_worker(self) -> bool:
        """Whether the next badge is to be that of whom the grant is for."""
        return self._granting is not None and self._granting.step is Step.WORKER

    def offer(self, holding: Holding | None, *, online: bool) -> GrantOffer:
        """Which grant can be made here now."""
        if holding is None:
            return ""
        lease = holding.lease
        prepared = bool(lease.admission.workers) and bool(lease.admission.supervisors)
        if lease.policy.admission_minutes and prepared and not online:
            return "admission"
        return "glass" if lease.policy.glass_minutes and lease.others else ""

    def begin(self, holding: Holding, now_ms: int, *, online: bool) -> None:
        """Somebody wants the grant that is offered: break-glass, or without the hub an admission."""
        if self.offer(holding, online=online) == "admission":
            self._granting = Granting(GrantKind.OFFLINE_ADMISSION, holding.lease, now_ms)
            self._say(ADMIT_FIRST)
        elif online:
            self._granting = Granting(GrantKind.BREAK_GLASS, holding.lease, now_ms)
            self._say(GLASS_FIRST)
        else:
            why = offline()
            self._say(Notice(why.code, str(why), why.advice, "warning", SECONDS))

    def takes_supervisor(self, opened: Opened) -> str | None:
        """A badge was opened that is to be a supervisor's: why this one is not taken, "" where it is; None:
        the badge is for something else.
        """
        granting = self._granting
        if granting is None or granting.step is not Step.SUPERVISOR:
            return None
        why = granting.takes_supervisor(opened)
        self._say(why)
        return "" if why is None else why.code

    def choose(self, index: int, now_ms: int) -> None:
        """An option was taken."""
        if self._granting is not None:
            self._granting.touched_ms = now_ms
            self._granting.choose(index)
            if self.waits_for_worker:
                self._say(GLASS_THEN if self._granting.glass else ADMIT_THEN)

    def asks_hub(self, holding: Holding | None, worker: Opened) -> SignedGrant | None:
        """What the hub is asked with, if the worker's badge completes break-glass; None: it is for something
        else.
        """
        granting = self._granting
        if holding is None or granting is None or granting.supervisor is None:
            return None
        if not granting.glass or not self.waits_for_worker:
            return None
        self.forget()
        return sign_both(
            granting.statement(holding.lease, worker, self._clock.now()), granting.supervisor, worker
        )

    def make(self, holding: Holding, worker: Opened, local: Local, *, online: bool) -> Made | None:
        """What the worker's badge leads to; None: nothing that this person could not read without it.

        ``found`` of the answer has no pages where ``decide`` denies them all: then there is nothing to keep.

        Raises:
            Refused: the hub is back (``hub_back``), or has not prepared it (``no_admission``).
            Untrusted: a key does not open.
        """
        granting, now = self._granting, self._clock.now()
        if granting is None or granting.supervisor is None:
            return None
        if online:
            raise Refused(
                "The hub is reachable again.",
                advice="Have this person assigned at the board: it takes effect at once.",
                code="hub_back",
            )
        statement = granting.statement(holding.lease, worker, now)
        grant = without_keys(statement, granting.supervisor)
        plain = access.readable(holding, worker, local, now)
        found = access.readable(holding, worker, replace(local, own_grants=(*local.own_grants, grant)), now)
        if plain.pages and found.pages == plain.pages:
            return None
        if found.ids:
            grant = lend_to(holding, grant, granting.supervisor, worker)
        return Made(sign_both(statement, granting.supervisor, worker), grant, found)

    def keep(self, made: Made) -> None:
        """Put it on record, then in force.

        Raises:
            Expected: one or the other cannot be written.
        """
        revisions = sorted({page.revision_key for page in made.found.pages})
        self._recorder.granted(made.signed, revisions)
        self._store.keep_grant(made.grant)
        self.forget()

    def cancel(self) -> None:
        """Leave it."""
        self.forget()
        self._say(None)

    def forget(self) -> None:
        """It is over, and so are the supervisor's keys; somebody else says why."""
        self._granting = None

    def touch(self, now_ms: int) -> None:
        """Somebody is there."""
        if self._granting is not None:
            self._granting.touched_ms = now_ms

    def tick(self, now_ms: int) -> None:
        """Time has passed."""
        if self._granting is not None and self._granting.given_up(now_ms):
            self.cancel()

    def stage(self, otherwise: Stage) -> Stage:
        """Which screen is up."""
        return Stage.CHOICE if self.choice() is not None and otherwise is Stage.BADGE else otherwise

    def choice(self) -> Choice | None:
        """What is to be chosen, if anything is."""
        return None if self._granting is None else self._granting.choice()

    # -- those that were made -----------------------------------------------------------------------------

    @property
    def kept(self) -> tuple[OwnGrant, ...]:
        """The grants of this kiosk that have not ended."""
        return self._store.own_grants

    def due(self, holding: Holding | None) -> bool:
        """Whether ``follow`` has something to do."""
        now = self._clock.now()
        return any(
            _over(grant, holding, now >= grant.end) or _taken_over(grant, holding)
            for grant in self._store.own_grants
        )

    def follow(self, holding: Holding | None) -> None:
        """Record the end of those that are over by now or by this lease; the hub's word goes on in the lease.

        Raises:
            Expected: it cannot be written.
        """
        now = self._clock.now()
        for grant in self._store.own_grants:
            why = _over(grant, holding, now >= grant.end)
            if why:
                self._recorder.grant_ended(grant.person, grant.name, why)
                self._store.drop_grants([grant.name])
            elif _taken_over(grant, holding):
                self._store.keep_grant(replace(grant, by_hub=True, box=b""))


def _taken_over(grant: OwnGrant, holding: Holding | None) -> bool:
    """Whether the hub's word is in force in place of this kiosk's."""
    return holding is not None and not grant.by_hub and not grant.admits(holding.lease.number)


def _over(grant: OwnGrant, holding: Holding | None, ended: bool) -> str:
    """Why a grant is over; "": it goes on."""
    if ended:
        return "time"
    if holding is None:
        return "blocked"
    if grant.admits(holding.lease.number):
        return ""
    said = next((info for info in holding.lease.grants if info.grant == grant.name), None)
    if said is None:
        return "another lease"
    return "found wanted" if said.wanted else ""
