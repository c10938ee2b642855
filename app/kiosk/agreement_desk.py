"""Agreements at this kiosk: which one is due, reading it, and signing it (``signer``: with badge and PIN).

The conductor's part that has to do with them; runs on the engine's thread. A text counts as read when each
of its pages has been on the screen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from app.kiosk import access, session, telling
from app.kiosk.leaving import arriving
from app.kiosk.readers import Presented
from app.kiosk.sheet import sheets_of
from app.kiosk.signed_agreements import sign
from app.kiosk.signer import Request
from app.kiosk.view import Notice
from app.model.terms import CredentialKind
from app.wire.agreement import MEANING
from app.wire.messages import EventKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.kiosk.access import Holding, Local, Opened, Readable
    from app.kiosk.recorder import Recorder
    from app.kiosk.sheet import Sheet
    from app.kiosk.signed_agreements import Kept
    from app.kiosk.signer import Signer
    from app.kiosk.view import Paper
    from app.seal.keys import SigningKey
    from app.wire.agreement import AgreementText
    from app.wire.clock import Clock

SECONDS = 8.0
SIGN_ASKS = "Enter your PIN to sign"
NOT_READ = Notice(
    "agreement_unread",
    "Please read every page of the agreement first.",
    "Touch “Next” for the following page; then tap your badge to sign.",
    "warning",
    SECONDS,
)
CHANGED = Notice(
    "agreement_changed",
    "This agreement changed, or nothing depends on it any more.",
    "Tap your badge again.",
    "info",
    2 * SECONDS,
)
LATER = Notice("not_signed", "Nothing was signed.", "Tap your badge again.", "info", SECONDS)


class Signatures(Protocol):
    """Where signatures are kept until the hub's lease speaks of them."""

    def keep_signature(self, kept: Kept, epoch: int, seq: int) -> None:
        """Keep one, with the event that it is.

        Raises:
            Expected: it cannot be kept.
        """


class Host(Protocol):
    """The conductor, as this desk sees it."""

    @property
    def holding(self) -> Holding | None:
        """The lease in force."""

    @property
    def opened(self) -> Opened | None:
        """Who is signed in."""

    @property
    def state(self) -> session.State:
        """Where the session stands."""

    @property
    def facts(self) -> Local:
        """What this kiosk knows of itself."""

    def feed(self, event: session.Event) -> None:
        """Something happened in the session."""

    def put_up(self, opened: Opened, found: Readable | None, paper: tuple[Sheet, ...] = ()) -> None:
        """What was ``found``, or the ``paper`` to sign, comes in front once the session says so."""

    def signed(self, kept: Kept) -> None:
        """An agreement was signed here: it counts from now on."""

    def recording(self, write: Callable[[], object]) -> bool:
        """Commit an event; False: it does not stand, and the session is over."""

    def attempt(self, act: Callable[[], object]) -> bool:
        """Do something that may fail in a plant; False: it did, and the session is over."""

    def tell(self, notice: Notice | None) -> None:
        """Show a message."""


class AgreementDesk:
    """See the module. ``text`` is the one in front; one put off is not asked for again until the lock.

    Failure policy: a signature that cannot be committed, or not be kept for the next start, ends the session.
    """

    def __init__(
        self, host: Host, recorder: Recorder, signatures: Signatures | None, signer: Signer, clock: Clock
    ) -> None:
        self._host, self._recorder, self._signatures = host, recorder, signatures
        self._signer, self._clock = signer, clock
        self.text: AgreementText | None = None
        self._later: set[str] = set()
        self._next: tuple[Opened, Readable, AgreementText | None] | None = None

    @property
    def look(self) -> EventKind:
        """The event that a look at what is in front begins with."""
        return EventKind.VIEW_BEGIN if self.text is None else EventKind.AGREEMENT_SHOWN

    def asks(self, name: str, opened: Opened, found: Readable) -> bool:
        """Put up the agreement that this badge's owner has to sign first. False: there is none."""
        text = self._due(opened, found)
        if text is None:
            return False
        self.text = text
        self._host.put_up(opened, None, sheets_of(text))
        self._host.feed(session.AgreementDue(name, tuple(page.page for page in text.pages)))
        return True

    def _due(self, opened: Opened, found: Readable) -> AgreementText | None:
        holding = self._host.holding
        pin = opened.slot.kind is CredentialKind.UID_PIN
        if holding is None or self._signatures is None or not pin:
            return None
        for text in holding.manifest.agreements:
            wanted = text.client in found.unsigned and text.client not in self._later
            if wanted and _can_read(holding, opened, text):
                return text
        return None

    def changed(self) -> bool:
        """Whether what is in front is not what has to be signed any more."""
        opened, found = self._host.opened, self._readable()
        return opened is not None and found is not None and self._due(opened, found) != self.text

    def sign(self, badge: str | Presented) -> None:
        """Whoever has read it tapped their badge: that, and the PIN, sign it."""
        holding, opened, text = self._host.holding, self._host.opened, self.text
        if holding is None or opened is None or text is None or isinstance(badge, Presented):
            return
        request = Request(SIGN_ASKS, MEANING, lambda key: self._sign(text, key), LATER)
        if self._host.attempt(lambda: self._signer.begin(holding, opened, request)):
            self._signer.takes(badge, own=True)

    def _sign(self, text: AgreementText, key: SigningKey) -> None:
        holding, opened, kept_by = self._host.holding, self._host.opened, self._signatures
        if holding is None or opened is None or kept_by is None or text != self.text:
            return
        kept, envelope = sign(holding, opened, text, self._clock.now(), key)

        def record() -> None:
            recorded = self._recorder.signed(opened, text, envelope)
            kept_by.keep_signature(kept, recorded.epoch, recorded.seq)

        if self._host.recording(record):
            self._host.signed(kept)
            self._go_on(session.Ended.SIGNED)

    def put_off(self) -> None:
        """Not now: on to what may be read without it."""
        if self.text is not None:
            self._later.add(self.text.client)
            self._go_on(session.Ended.PUT_OFF)

    def _go_on(self, why: session.Ended) -> None:
        opened, found = self._host.opened, self._readable()
        if opened is None or found is None:
            return
        text = self._due(opened, found)
        self._next = opened, found, text
        leaves = found.ids if text is None else tuple(page.page for page in text.pages)
        self._host.feed(session.AgreementOver(why, leaves, due=text is not None))
        if not leaves:
            code, says, do = access.why_nothing(self._host.holding, opened, found)
            self._host.tell(Notice(code, says, do, "warning", SECONDS))

    def _readable(self) -> Readable | None:
        holding, opened = self._host.holding, self._host.opened
        if holding is None or opened is None:
            return None
        comes = arriving(holding.lease, opened)
        return access.readable(holding, comes, self._host.facts, self._clock.now())

    def closed(self) -> None:
        """A session was closed: whoever signed, or put it off, goes on."""
        following, self._next = self._next, None
        if following is None or self._host.state.phase not in session.READING:
            return
        opened, found, self.text = following
        if self.text is None:
            self._host.put_up(opened, found)
        else:
            self._host.put_up(opened, None, sheets_of(self.text))

    def seen(self) -> Paper | None:
        """What the screen says of the one in front."""
        return telling.paper_of(self._host.holding, self.text, len(self._host.state.seen))

    def leave(self) -> None:
        """Nobody is in front, or somebody else."""
        self.text, self._next, self._later = None, None, set()


def _can_read(holding: Holding, opened: Opened, text: AgreementText) -> bool:
    blobs = {page.blob for page in text.pages}
    person = opened.operator.person
    return any(person in bundle.sealed and blobs <= bundle.keys.keys() for bundle in holding.lease.bundles)
