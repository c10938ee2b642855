"""PC/SC as the readers need it: a thin port over pyscard's low level, which is imported late.

The low level (``smartcard.scard``) is used because it waits for changes without polling, and is the same in
Debian's python3-pyscard 2.0 and in pyscard 2.3.
"""

from __future__ import annotations

import importlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from app.model.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.kiosk.readers.apdu import Transmit

PLUG_EVENTS = "\\\\?PnP?\\Notification"
"""The pseudo reader whose changes are readers being plugged in and out."""
UNAWARE, CHANGED, UNAVAILABLE, PRESENT, MUTE = 0x0, 0x2, 0x8, 0x20, 0x200
"""Bits of a reader's state (winscard.h); the upper 16 bits count its changes."""
UNKNOWN = 0x4

CANCELLED = 0x80100002
NO_SMARTCARD = 0x8010000C
NOT_READY = 0x80100010
SHARING_VIOLATION = 0x8010000B
TIMEOUT = 0x8010000A
UNKNOWN_READER = 0x80100009
NO_SERVICE = 0x8010001D
SERVICE_STOPPED = 0x8010001E
NO_READERS = 0x8010002E
READER_UNAVAILABLE = 0x80100017
COMM_DATA_LOST = 0x8010002F
NOT_TRANSACTED = 0x80100016
UNRESPONSIVE = 0x80100066
UNPOWERED = 0x80100067
RESET = 0x80100068
REMOVED = 0x80100069
SECURITY_VIOLATION = 0x8010006A

_MAX_TIMEOUT_MS = 60_000


class PcscError(Exception):
    """PC/SC said no; ``code`` is its number (winscard.h), unsigned."""

    def __init__(self, code: int) -> None:
        super().__init__(f"PC/SC error {code & 0xFFFFFFFF:08X}")
        self.code = code & 0xFFFFFFFF


class Winscard:
    """One connection to the PC/SC service. Not thread-safe, except ``cancel``."""

    def __init__(self) -> None:
        try:
            self._scard: Any = importlib.import_module("smartcard.scard")
        except ImportError as error:
            raise Unavailable(
                "Contactless badge readers need the Python package pyscard, which is not installed here.",
                advice="Run: sudo apt install python3-pyscard   (or: pip install 'stationleaf[pcsc]')",
                code="pyscard_missing",
            ) from error
        self._context: int | None = None

    def open(self) -> None:
        """Connect to the service.

        Raises:
            PcscError: it does not run, or does not let this user in.
        """
        scard = self._scard
        code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
        _check(code)
        self._context = context

    def close(self) -> None:
        """Let go of the service; harmless when not connected."""
        if self._context is not None:
            self._scard.SCardReleaseContext(self._context)
            self._context = None

    def readers(self) -> tuple[str, ...]:
        """The names of the readers that are plugged in."""
        code, names = self._scard.SCardListReaders(self._context, [])
        if code & 0xFFFFFFFF == NO_READERS:
            return ()
        _check(code)
        return tuple(names)

    def wait(self, known: dict[str, int], seconds: float) -> dict[str, int]:
        """Wait until a reader's state differs from ``known``, at most ``seconds``; returns all states.

        Raises:
            PcscError: ``CANCELLED``, a reader that is gone, or the service is.
        """
        states = [(name, state & ~CHANGED) for name, state in known.items()]
        timeout = min(int(seconds * 1000), _MAX_TIMEOUT_MS)
        code, changed = self._scard.SCardGetStatusChange(self._context, timeout, states)
        if code & 0xFFFFFFFF == TIMEOUT:
            return known
        _check(code)
        return {name: state & ~CHANGED for name, state, _atr in changed}

    def cancel(self) -> None:
        """End a ``wait`` that another thread is in."""
        if self._context is not None:
            self._scard.SCardCancel(self._context)

    @contextmanager
    def card(self, reader: str) -> Iterator[Transmit]:
        """Talk to the card at a reader, without other programs in between.

        Raises:
            PcscError: there is none any more, it does not answer, or another program has it.
        """
        scard = self._scard
        both = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        code, handle, protocol = scard.SCardConnect(self._context, reader, scard.SCARD_SHARE_SHARED, both)
        _check(code)
        try:
            _check(scard.SCardBeginTransaction(handle))

            def transmit(request: bytes) -> bytes:
                code, answer = scard.SCardTransmit(handle, protocol, list(request))
                _check(code)
                if not answer:  # some drivers report success for a card that has just gone
                    raise PcscError(REMOVED)
                return bytes(octet & 0xFF for octet in answer)

            yield transmit
        finally:
            scard.SCardEndTransaction(handle, scard.SCARD_LEAVE_CARD)
            scard.SCardDisconnect(handle, scard.SCARD_LEAVE_CARD)


def _check(code: int) -> None:
    if code != 0:
        raise PcscError(code)
