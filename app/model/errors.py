"""The one exception family. Lower-level errors are mapped to these at the seam where they occur.

StationleafError
├── Expected            the world's fault: carries a sentence for the person, and what to do
│   ├── Refused         a rule said no (bad input, wrong code, not allowed)
│   ├── NotFound        the thing named does not exist
│   ├── Unavailable     a part that is needed does not answer now (hub, keyring, reader, disk)
│   ├── Damaged         stored bytes are not what was stored
│   └── Untrusted       a signature, certificate, hash or sequence does not hold
└── Bug                 ours: fails loudly, is logged with its traceback, never shown as one
"""

from __future__ import annotations


class StationleafError(Exception):
    """Root of everything that Stationleaf raises on purpose."""


class Expected(StationleafError):
    """Something that happens in a plant; ``str(error)`` is one sentence that a worker understands.

    ``code`` is a stable word for tests, events and the wire; ``advice`` says what to do next.
    """

    code = "expected"

    def __init__(self, message: str, *, advice: str = "", code: str | None = None) -> None:
        super().__init__(message)
        self.advice = advice
        if code is not None:
            self.code = code

    @property
    def sentence(self) -> str:
        """The message and, where there is one, the advice: what a person reads."""
        return f"{self} {self.advice}".strip()


class Refused(Expected):
    """A rule said no."""

    code = "refused"


class NotFound(Expected):
    """The thing that was named does not exist, or not for whoever asks."""

    code = "not_found"


class Unavailable(Expected):
    """A part that is needed does not answer now; trying again later may help."""

    code = "unavailable"


class Damaged(Expected):
    """Stored bytes are not the bytes that were stored."""

    code = "damaged"


class Untrusted(Expected):
    """A signature, certificate, hash or sequence number does not hold."""

    code = "untrusted"


class Bug(StationleafError):
    """Our own mistake: an invariant that does not hold."""
