"""A desk's connection to the hub: an enrolled device, and the person who signed in at it.

The badge's number and the PIN stay here: they open the person's slot, and the key inside signs a pass for
this device, for a shift. The key itself is forgotten at once.
"""

from __future__ import annotations

import random
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from app.desk import bundling
from app.desk.bundling import Bundling
from app.desk.looking import Looking, RemarkPicture
from app.desk.questions import (
    AnswerRemark,
    Fetched,
    Judge,
    ReadBadges,
    ReadCase,
    ReadExposure,
    ReadPages,
    ReadRecords,
    ReadRemarkPage,
    ReadRemarks,
    ReadReview,
    ReadVerdicts,
    WithdrawBadge,
)
from app.kiosk.listener import Listener
from app.kiosk.outbox import Outbox
from app.kiosk.state import recover
from app.kiosk.supplies import client_of, trust_of
from app.kiosk.sync import Timing
from app.kiosk.vault import KeyringVault
from app.model.errors import Bug, NotFound, Refused
from app.model.pins import well_formed
from app.model.terms import CredentialKind
from app.seal.slot import Slot, identify, open_slot
from app.wire.desk import (
    MAX_BOARD_BYTES,
    PASS_LIFE,
    Ask,
    BoardAsk,
    BoardReply,
    CallAsk,
    CallReply,
    CheckAsk,
    CheckReply,
    DeclinedAsk,
    DeskInfo,
    DeskPass,
    DeskSlot,
    DeskSlotAsk,
    LockAsk,
    LockKind,
    LockReply,
    MoveAsk,
    MoveReply,
    Noted,
    PlanAsk,
    PlanPut,
    PlanReply,
    RecoveryAsk,
    RecoveryReply,
    SignedIn,
    UndoAsk,
    UndoReply,
)
from app.wire.desk_badges import HoldersAsk, HoldersReply, WithdrawAsk, WithdrawReply
from app.wire.desk_evidence import BundleReply, RecordsAsk, RecordsReply
from app.wire.desk_exposure import ExposedPagesAsk, ExposedPagesReply, ExposureAsk, ExposureReply
from app.wire.desk_remarks import RemarkAnswerAsk, RemarkAnswerReply, RemarksAsk, RemarksReply
from app.wire.desk_review import CaseAsk, CaseReply, JudgeAsk, JudgeReply, ReviewAsk, ReviewReply
from app.wire.desk_trace import TraceAsk, TraceKeyAsk, TraceKeyReply, TraceReply, layout_info
from app.wire.messages import BUNDLE_MEDIA, ROUTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.desk.questions import Reading
    from app.kiosk.listener import Told
    from app.kiosk.pin_tries import PinTries
    from app.kiosk.places import Places
    from app.seal.keys import SigningKey
    from app.seal.slot import Identified, OperatorKey
    from app.wire.base import Message
    from app.wire.calls import CallStep
    from app.wire.client import HubClient
    from app.wire.clock import Clock
    from app.wire.desk import PlanSpan
    from app.wire.desk_trace import TracePicture

VERDICT_DAYS = 366
"""How far back verdicts are asked for."""

M = TypeVar("M", bound="Message")
Read = (
    ExposureReply
    | ExposedPagesReply
    | ReviewReply
    | CaseReply
    | JudgeReply
    | RecordsReply
    | BundleReply
    | Fetched
    | RemarksReply
    | RemarkPicture
    | RemarkAnswerReply
    | HoldersReply
    | WithdrawReply
)
"""What a ``Reading`` is answered with."""


class PinWanted(Refused):
    """The badge is known; its PIN opens the slot."""

    code = "pin_wanted"


@dataclass(frozen=True)
class Move:
    """One drop: ``person`` from ``source`` to ``target`` ("": the unassigned), as ``version`` stands."""

    person: str
    version: str
    source: str
    target: str
    reason: str = ""


@dataclass(frozen=True)
class Lock:
    """Lock something down, or with ``release`` give it back."""

    kind: LockKind
    code: str
    reason: str
    release: bool = False


@dataclass(frozen=True)
class StepCall:
    """Take a call for help, or end it."""

    code: str
    step: CallStep


@dataclass(frozen=True)
class ReadPlan:
    """The shift plan of a line on a day (``2026-03-02``) of a time zone."""

    line: str
    day: str
    zone: str


@dataclass(frozen=True)
class PutPlan(ReadPlan):
    """Put a plan down (``app.wire.desk.PlanPut``), or with ``dry_run`` ask what would come of it."""

    spans: tuple[PlanSpan, ...] = ()
    csv: str = ""
    copy_days: int = 0
    drop: tuple[PlanSpan, ...] = ()
    dry_run: bool = True
    reason: str = ""


class Office:
    """One desk. Belongs to one thread; ``close`` it there, too.

    Failure policy: nothing is tried again here; each question answers or raises. Wrong PINs are counted on
    the disk before they are tried, and wait longer each time, as at a kiosk. A pass that the hub no longer
    takes is forgotten: the next question raises ``signed_out``, too.
    """

    def __init__(
        self,
        connect: Callable[[], HubClient],
        tries: PinTries | None,
        clock: Clock,
        device: str,
        stack: ExitStack | None = None,
        looking: Looking | None = None,
    ) -> None:
        self._connect, self._tries, self._clock, self._device = connect, tries, clock, device
        self._hub = connect()
        self._stack, self._looking = stack or ExitStack(), looking
        self._name = ""
        self._pass: DeskPass | None = None
        self._tapped: tuple[str, Identified, DeskSlot] | None = None  # waits for its PIN
        self._have = ""

    @classmethod
    def open(cls, places: Places, clock: Clock) -> Office:
        """Open the device whose folder this is.

        Raises:
            NotFound: it was never enrolled (``not_enrolled``).
            Expected: keyring, files, another process, or the hub's trust statement are in the way.
        """
        with ExitStack() as stack:
            stack.enter_context(places.claim())
            keys = KeyringVault(places.folder_id).load()
            if keys is None:
                raise NotFound(
                    "This machine is not enrolled as a desk yet.",
                    advice=f"IT: run “stationleaf desk enrol --home {places.home}” with a code.",
                    code="not_enrolled",
                )
            state, _ = recover(places.state, keys.cache_key)
            stack.enter_context(state)
            trust = trust_of(state, keys, clock.now())
            journal = partial(
                Outbox, places.outbox, keys.kiosk, keys.epoch, keys.sign, trust.seal_key
            )  # fmt: skip
            looking = Looking(journal, keys.epoch, state, keys.seal, keys.kiosk, keys.station, clock)
            stack.callback(looking.close)
            return cls(
                lambda: client_of(keys, trust, state, clock),
                state,
                clock,
                keys.kiosk,
                stack.pop_all(),
                looking,
            )

    @classmethod
    def with_papers(cls, connect: Callable[[], HubClient], papers: DeskPass, clock: Clock) -> Office:
        """One for somebody whose pass was made elsewhere, with badge and PIN; it keeps no file."""
        office = cls(connect, None, clock, papers.kiosk)
        office._pass = papers
        return office

    def close(self) -> None:
        """Sign out, and close the device's files."""
        self.sign_out()
        self._hub.close()
        self._stack.close()

    def sign_in(self, badge: str, pin: str = "") -> SignedIn:
        """Sign in by badge and PIN; about half a second.

        Raises:
            PinWanted: the badge needs its PIN, and ``pin`` is empty.
            Refused: wrong PIN (``wrong_pin``, ``pin_wait``, ``pin_blocked``), or the badge
                may not sit here.
        """
        info = self._hub.call(DeskInfo, "GET", ROUTES["desk"])
        tapped, self._tapped = self._tapped, None
        if tapped is None or tapped[0] != badge:
            found = identify(badge, info.site_salt)
            body = DeskSlotAsk(tag=found.tag).exact()
            tapped = badge, found, self._hub.call(DeskSlot, "POST", ROUTES["desk_slot"], body)
        _, found, told = tapped
        slot = Slot(told.kind, told.tag, told.salt, told.box, told.seal_public, told.sign_public)
        needs_pin = slot.kind is CredentialKind.UID_PIN
        if needs_pin and not pin:
            self._tapped = tapped
            raise PinWanted("Enter your PIN.")
        keys = self._open(slot, found, badge, pin) if needs_pin else open_slot(slot, found)
        self._pass = self._signed(told.person, keys.sign, info)
        try:
            return self.sit_down()
        except Refused:
            self._pass = None
            raise

    def sit_down(self) -> SignedIn:
        """Tell the hub who sits here, by the pass in hand.

        Raises:
            Refused: there is none, or the hub does not take it (``signed_out``).
        """
        who = self._ask(SignedIn, "desk_sign_in", Ask)
        self._name = who.name
        return who

    def sign_out(self) -> None:
        """Nobody sits here any more."""
        self._pass, self._tapped, self._have = None, None, ""
        if self._looking is not None:
            self._looking.forget()

    def listener(self, on_told: Callable[[Told], None]) -> Listener:
        """What tells when the board may have changed, for as long as this person sits here; not begun yet.

        Raises:
            Refused: nobody is signed in.
        """
        body = Ask(desk=self._seat()).exact()
        return Listener(
            self._connect,
            on_told,
            Timing().back_off,
            random.random,
            lambda hub: hub.listen("desk_push", body),
        )

    def board(self) -> BoardReply:
        """The board; without its content where it is the one that was told last."""
        reply = self._ask(BoardReply, "desk_board", BoardAsk, have=self._have)
        self._have = reply.version
        return reply

    def check(self, person: str) -> CheckReply:
        """What this person would see at each station."""
        return self._ask(CheckReply, "desk_check", CheckAsk, person=person)

    def move(self, move: Move) -> MoveReply:
        """Move somebody."""
        return self._ask(
            MoveReply, "desk_move", MoveAsk, person=move.person, version=move.version,
            source=move.source, target=move.target, reason=move.reason,
        )  # fmt: skip

    def decline(self, move: Move) -> None:
        """Put on record that this desk refused a drop by what the hub had said of it."""
        self._ask(
            Noted, "desk_declined", DeclinedAsk, person=move.person, source=move.source, target=move.target
        )

    def undo(self, number: int) -> UndoReply:
        """Take a move back."""
        return self._ask(UndoReply, "desk_undo", UndoAsk, move=number)

    def call_step(self, wanted: StepCall) -> CallReply:
        """Take a call for help, or end it."""
        return self._ask(CallReply, "desk_call", CallAsk, code=wanted.code, step=wanted.step)

    def recovery(self) -> RecoveryReply:
        """What is locked down, and how far it has been recovered."""
        return self._ask(RecoveryReply, "desk_recovery", RecoveryAsk)

    def lock(self, lock: Lock) -> LockReply:
        """Lock something down, or give it back."""
        return self._ask(
            LockReply, "desk_lock", LockAsk, kind=lock.kind, code=lock.code, reason=lock.reason,
            release=lock.release,
        )  # fmt: skip

    def plan(self, plan: ReadPlan) -> PlanReply:
        """The plan of a day; of a ``PutPlan`` what became or would become of it."""
        day = {"line": plan.line, "day": plan.day, "zone": plan.zone}
        if not isinstance(plan, PutPlan):
            return self._ask(PlanReply, "desk_plan", PlanAsk, **day)
        return self._ask(
            PlanReply, "desk_plan_put", PlanPut, **day, spans=plan.spans, csv=plan.csv, drop=plan.drop,
            copy_days=plan.copy_days, dry_run=plan.dry_run, reason=plan.reason,
        )  # fmt: skip

    def layout_key(self) -> bytes:
        """What takes pictures of this site's screens apart."""
        if self._looking is None:
            raise Bug("a desk without keys was to read a picture")
        reply = self._ask(TraceKeyReply, "desk_trace_key", TraceKeyAsk)
        return self._looking.opened(reply.key, layout_info(self._device))

    def trace(self, said: tuple[TracePicture, ...]) -> TraceReply:
        """Whose view pictures show, by what they say."""
        return self._ask(TraceReply, "desk_trace", TraceAsk, pictures=said)

    def read(self, wanted: Reading) -> Read:
        """What ``app.desk.questions`` asks."""
        if isinstance(wanted, ReadExposure | ReadPages):
            return self._exposure(wanted)
        if isinstance(wanted, ReadReview | ReadVerdicts | ReadCase | Judge):
            return self._review(wanted)
        if isinstance(wanted, ReadRemarks | ReadRemarkPage | AnswerRemark):
            return self._remarks(wanted)
        if isinstance(wanted, ReadRecords | Bundling):
            return self._records(wanted)
        if isinstance(wanted, ReadBadges | WithdrawBadge):
            return self._badges(wanted)
        raise Bug(f"a desk cannot read {wanted!r}")

    def _review(self, wanted: ReadReview | ReadVerdicts | ReadCase | Judge) -> Read:
        if isinstance(wanted, ReadReview):
            return self._ask(ReviewReply, "desk_review", ReviewAsk)
        if isinstance(wanted, ReadVerdicts):
            return self._ask(
                ReviewReply, "desk_review", ReviewAsk, days=VERDICT_DAYS, client=wanted.client
            )  # fmt: skip
        if isinstance(wanted, ReadCase):
            return self._ask(CaseReply, "desk_case", CaseAsk, code=wanted.code)
        given = {} if wanted.verdict is None else {"verdict": wanted.verdict}
        return self._ask(
            JudgeReply, "desk_judge", JudgeAsk, code=wanted.code, reason=wanted.reason,
            confirm=wanted.verdict is None, **given,
        )  # fmt: skip

    def _badges(self, wanted: ReadBadges | WithdrawBadge) -> Read:
        if isinstance(wanted, ReadBadges):
            return self._ask(HoldersReply, "desk_badges", HoldersAsk)
        return self._ask(
            WithdrawReply, "desk_badge_withdraw", WithdrawAsk, person=wanted.person, number=wanted.number,
            reason=wanted.reason,
        )  # fmt: skip

    def _remarks(self, wanted: ReadRemarks | ReadRemarkPage | AnswerRemark) -> Read:
        if isinstance(wanted, ReadRemarks):
            return self._ask(RemarksReply, "desk_remarks", RemarksAsk, answered=wanted.answered)
        if isinstance(wanted, ReadRemarkPage):
            return self._look(wanted)
        return self._ask(
            RemarkAnswerReply, "desk_remark_answer", RemarkAnswerAsk, code=wanted.code,
            verdict=wanted.verdict, answer=wanted.answer,
        )  # fmt: skip

    def _look(self, wanted: ReadRemarkPage) -> RemarkPicture:
        if self._looking is None:
            raise Bug("a desk without a journal was to show a page")
        with self._as_seated() as seat:
            return self._looking.look(self._hub, seat, self._name, wanted.remark, wanted.framing)

    def _exposure(self, wanted: ReadExposure | ReadPages) -> Read:
        if isinstance(wanted, ReadExposure):
            return self._ask(ExposureReply, "desk_exposure", ExposureAsk, by=wanted.by)
        return self._ask(
            ExposedPagesReply, "desk_exposed_pages", ExposedPagesAsk, by=wanted.by, code=wanted.code,
            client=wanted.client, part=wanted.part,
        )  # fmt: skip

    def _records(self, wanted: ReadRecords | Bundling) -> Read:
        if isinstance(wanted, ReadRecords):
            return self._ask(RecordsReply, "desk_records", RecordsAsk)
        return bundling.bundle(wanted, self._ask, self._fetch)

    def _fetch(self, route: str, ask: type[Ask], into: BinaryIO, limit: int, /, **words: Any) -> int:
        """A route that answers with bytes; returns how many."""
        with self._as_seated() as seat:
            body = ask(desk=seat, **words).exact()
            return self._hub.download(ROUTES[route], body, into, BUNDLE_MEDIA, limit)

    def _ask(self, answer: type[M], route: str, ask: type[Ask], /, **words: Any) -> M:
        with self._as_seated() as seat:
            body = ask(desk=seat, **words).exact()
            return self._hub.call(answer, "POST", ROUTES[route], body, MAX_BOARD_BYTES)

    @contextmanager
    def _as_seated(self) -> Iterator[DeskPass]:
        """The pass of whoever sits here. Where the hub takes it no longer, it and what it showed go."""
        try:
            yield self._seat()
        except Refused as refusal:
            if refusal.code == "signed_out":
                self.sign_out()
            raise

    def _seat(self) -> DeskPass:
        if self._pass is None:
            raise Refused("Nobody is signed in at this desk.", advice="Tap your badge.", code="signed_out")
        return self._pass

    def _open(self, slot: Slot, found: Identified, badge: str, pin: str) -> OperatorKey:
        tries, moment = self._tries, self._clock.moment()
        if tries is None:
            raise Bug("a PIN was to be tried where nobody counts them")
        tried = tries.pin_tried(slot.slot)
        wait = max(tried.wait(moment), tries.kiosk_tried().wait(moment))
        if tried.blocked:
            raise Refused(
                "This badge's PIN was wrong too often.",
                advice="Set a new PIN at a kiosk.",
                code="pin_blocked",
            )
        if wait > 0:
            raise Refused(f"Please wait {wait} seconds before the next try.", code="pin_wait")
        if not well_formed(pin):
            raise Refused("This is not a PIN: it has 6 to 12 digits.", code="wrong_pin")
        tries.count_pin(slot.slot, moment)
        keys = open_slot(slot, found, badge, pin)
        tries.pin_opened(slot.slot)
        return keys

    def _signed(self, person: str, key: SigningKey, info: DeskInfo) -> DeskPass:
        # By the hub's clock, which judges it; this machine's may be off.
        begins = info.time
        blank = DeskPass(person=person, kiosk=self._device, begins=begins, ends=begins + PASS_LIFE)
        return blank.model_copy(update={"signature": key.sign(blank.signed())})
