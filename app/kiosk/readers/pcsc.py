"""Contactless and chip-card readers through PC/SC: what is plugged in, what was tapped."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from app.kiosk.readers import Card, Presence, Presented, ReaderState, piv, winscard
from app.kiosk.readers.uid import NumberForm, read_uid, written
from app.kiosk.readers.winscard import PcscError
from app.model.errors import Bug, Damaged, Expected, Refused, Unavailable
from app.model.terms import CredentialKind

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from app.kiosk.readers import Listener
    from app.kiosk.readers.apdu import Transmit
    from app.kiosk.readers.authorities import Authorities

RETRY_SECONDS = 3.0
"""How often an absent service is asked for."""
LOOK_SECONDS = 2.0
"""How often the list of readers is looked at even if nobody announced a change."""
_LOSSES = 3
_log = logging.getLogger(__name__)


class CardUse(StrEnum):
    """Whether a reader asks for the cryptographic proof of a card."""

    OFF = "off"
    OPTIONAL = "optional"
    REQUIRED = "required"


@dataclass(frozen=True)
class PcscSettings:
    """``match`` is a part of the reader's PC/SC name (any case); ``""`` takes every PC/SC reader."""

    match: str = ""
    number: NumberForm = NumberForm.HEX
    cards: CardUse = CardUse.OFF
    authorities: Authorities | None = None


class Service(Protocol):
    """PC/SC; ``winscard.Winscard`` is the real one."""

    def open(self) -> None:
        """Connect."""

    def close(self) -> None:
        """Let go."""

    def readers(self) -> tuple[str, ...]:
        """Names of what is plugged in."""

    def wait(self, known: dict[str, int], seconds: float) -> dict[str, int]:
        """Wait for a change."""

    def cancel(self) -> None:
        """End a wait."""

    def card(self, reader: str) -> AbstractContextManager[Transmit]:
        """Talk to a card."""


class PcscReader:
    """All PC/SC readers of one match, on one thread.

    ``points`` gives, from a card's fingerprint, the point with which its slot was made (None: no slot asks
    for the card's secret); it is called on this thread.

    Failure policy. pyscard is not installed: said once, the thread ends. The service does not run or stops:
    said, and tried again every three seconds. A reader is pulled out: said; it is found again within two
    seconds of being put back. A card that lies on the reader when it is found is no tap (a forgotten badge
    signs nobody in after a restart): it must be taken away first. A card that is pulled early, answers
    nonsense or fails a check: told as misread, and the next tap is a new one; nothing of it is kept. A card
    that speaks PIV is never taken for its number where cards are asked for. The listener raises: logged.
    """

    def __init__(
        self,
        name: str,
        settings: PcscSettings,
        now: Callable[[], datetime],
        *,
        service: Callable[[], Service] = winscard.Winscard,
        points: Callable[[str], bytes | None] = lambda _fingerprint: None,
    ) -> None:
        if settings.cards is not CardUse.OFF and settings.authorities is None:
            raise Bug("a reader that checks cards needs the site's card CA")
        self.name = name
        self._settings = settings
        self._now = now
        self._make_service = service
        self._points = points
        self._service: Service | None = None
        self._listener: Listener | None = None
        self._losses = 0
        self._said: ReaderState | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"reader {name}", daemon=True)

    def start(self, listener: Listener) -> None:
        """Begin; called once."""
        self._listener = listener
        self._thread.start()

    def stop(self) -> None:
        """End; returns when the thread is gone."""
        self._stopping.set()
        while self._thread.is_alive():
            if self._service is not None:
                self._service.cancel()  # again, for it is lost when the thread was just about to wait
            self._thread.join(0.05)

    # -- the thread ---------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            service = self._service = self._make_service()
        except Expected as error:
            self._absent(str(error), error.advice, error.code)
            return
        while not self._stopping.is_set():
            try:
                service.open()
            except PcscError as error:
                self._unreachable(error)
                continue
            try:
                self._watch(service)
            except PcscError as error:
                self._lost(error)
            finally:
                service.close()

    def _lost(self, error: PcscError) -> None:
        # A service that goes away says so in many ways: connecting anew tells whether it is gone or at fault.
        self._losses += error.code != winscard.CANCELLED
        if self._losses < _LOSSES:
            self._stopping.wait(0.2)
        else:
            self._unreachable(error)

    def _unreachable(self, error: PcscError) -> None:
        self._absent(*_SERVICE_WORDS.get(error.code, _service_fault(error)))
        self._stopping.wait(RETRY_SECONDS)

    def _watch(self, service: Service) -> None:
        known = {winscard.PLUG_EVENTS: winscard.UNAWARE}
        while not self._stopping.is_set():
            names = [name for name in service.readers() if self._settings.match.lower() in name.lower()]
            self._tell_presence(names)
            kept = {name: known.get(name, winscard.UNAWARE) for name in names}
            known = {winscard.PLUG_EVENTS: known.get(winscard.PLUG_EVENTS, winscard.UNAWARE)} | kept
            try:
                states = service.wait(known, LOOK_SECONDS)
            except PcscError as error:
                if error.code not in {winscard.UNKNOWN_READER, winscard.READER_UNAVAILABLE}:
                    raise
                known = {}  # pulled out between looking and waiting: look again
                self._stopping.wait(0.2)
                continue
            self._losses = 0
            for name in names:
                if _tapped(known[name], states.get(name, winscard.UNAWARE)):
                    self._read(service, name, states[name])
            known = states

    def _read(self, service: Service, reader: str, state: int) -> None:
        if state & winscard.MUTE:
            self._misread(_card_fault(PcscError(winscard.UNRESPONSIVE)))
            return
        try:
            with service.card(reader) as transmit:
                presented = self._identify(transmit)
        except PcscError as error:
            self._misread(_card_fault(error))
        except Expected as error:
            self._misread(error)
        else:
            if not self._stopping.is_set():
                self._guarded(lambda listener: listener.on_presented(presented))

    def _identify(self, transmit: Transmit) -> Presented:
        if self._settings.cards is not CardUse.OFF and self._settings.authorities is not None:
            if piv.speaks_piv(transmit):
                return self._prove(transmit, self._settings.authorities)
            if self._settings.cards is CardUse.REQUIRED:
                raise Refused(
                    "Here a card with a chip key is needed, and this badge has none.",
                    advice="Use the card that the badge office gave you.",
                    code="card_required",
                )
        number = written(read_uid(transmit), self._settings.number)
        return Presented(CredentialKind.UID, number, self.name)

    def _prove(self, transmit: Transmit, authorities: Authorities) -> Presented:
        proven = piv.prove(transmit, authorities, self._now())
        point = self._points(proven.fingerprint)
        secret = piv.agree(transmit, proven, point) if point is not None else b""
        card = Card(proven.name, proven.expires, secret)
        return Presented(CredentialKind.CARD, proven.fingerprint, self.name, card)

    # -- telling ------------------------------------------------------------------------------------------

    def _tell_presence(self, names: list[str]) -> None:
        if names:
            self._tell(ReaderState(self.name, Presence.PRESENT, f"The {self.name} is ready."))
        else:
            self._absent(
                f"The {self.name} is not plugged in.",
                "Plug its cable in again; it is found by itself. If not, tell IT.",
                "reader_absent",
            )

    def _absent(self, words: str, advice: str, code: str) -> None:
        self._tell(ReaderState(self.name, Presence.ABSENT, words, advice, code))

    def _tell(self, state: ReaderState) -> None:
        if state != self._said and not self._stopping.is_set():
            self._said = state
            self._guarded(lambda listener: listener.on_reader(state))

    def _misread(self, error: Expected) -> None:
        _log.info("%s: a badge was not accepted: %s (%s)", self.name, error.code, error.__cause__ or error)
        if not self._stopping.is_set():
            self._guarded(lambda listener: listener.on_misread(error))

    def _guarded(self, tell: Callable[[Listener], None]) -> None:
        if self._listener is None:
            raise Bug("a reader runs that was never started")
        try:
            tell(self._listener)
        except Exception:
            _log.exception("%s: the listener failed", self.name)


def _tapped(before: int, after: int) -> bool:
    """Whether a card came between two states; the counter tells a card that was swapped quickly."""
    seen = before != winscard.UNAWARE and not before & (winscard.UNKNOWN | winscard.UNAVAILABLE)
    if not seen or not after & winscard.PRESENT:
        return False
    return not before & winscard.PRESENT or before >> 16 != after >> 16


_NOT_RUNNING = (
    "The PC/SC service, by which badge readers are reached, does not run on this kiosk.",
    "Run: sudo apt install pcscd && sudo systemctl enable --now pcscd.socket",
    "pcscd_missing",
)
_SERVICE_WORDS: dict[int, tuple[str, str, str]] = {
    winscard.NO_SERVICE: _NOT_RUNNING,
    winscard.SERVICE_STOPPED: _NOT_RUNNING,
    winscard.SECURITY_VIOLATION: (
        "The PC/SC service does not let this kiosk's user reach the badge reader.",
        "IT: allow org.debian.pcsc-lite.access_pcsc and access_card for that user in polkit.",
        "pcscd_denied",
    ),
}


def _service_fault(error: PcscError) -> tuple[str, str, str]:
    return (
        f"The PC/SC service reports a fault ({error.code:08X}).",
        "Run: sudo systemctl restart pcscd.socket pcscd",
        "pcscd_fault",
    )


def _card_fault(error: PcscError) -> Expected:
    if error.code in {winscard.UNRESPONSIVE, winscard.UNPOWERED}:
        return _caused(
            Damaged(
                "The reader cannot talk to this card.",
                advice="Turn it over or tap another one; if it stays so, have the badge checked.",
                code="card_mute",
            ),
            error,
        )
    if error.code == winscard.SHARING_VIOLATION:
        return _caused(
            Unavailable(
                "Another program is using the badge reader.",
                advice="Tap again; if it stays so, tell IT.",
                code="reader_busy",
            ),
            error,
        )
    return _caused(
        Unavailable(
            "The badge was taken away too soon.",
            advice="Tap again and hold it until the screen answers.",
            code="card_gone",
        ),
        error,
    )


def _caused(expected: Expected, error: PcscError) -> Expected:
    expected.__cause__ = error
    return expected
