"""Badge readers: what every kind of reader delivers, and to whom.

A reader works on a thread of its own and tells one listener three things: a badge was presented, a badge
could not be read, the reader itself was pulled out or is back. Kinds live in ``keyboard``, ``pcsc`` (with
``piv`` for cryptographic cards); ``choose`` makes those that the kiosk's configuration names. Whose badge it
is, and what may be seen with it, is decided elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from app.model.errors import Expected
    from app.model.terms import CredentialKind


@dataclass(frozen=True)
class Card:
    """A cryptographic card that proved its key: the name in its certificate, and until when that is valid.

    ``secret`` is what only this card can compute from the slot's point (32 bytes for P-256); empty where no
    slot asked for it.
    """

    name: str
    expires: datetime
    secret: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Presented:
    """A badge at a reader. ``text`` is what identifies it: a number, or a card key's fingerprint (hex).

    ``kind`` is what the reader could establish by itself: ``CARD`` only after a challenge was answered with
    a key that the site's CA certified; anything that merely names itself is ``UID``, for it can be copied.
    """

    kind: CredentialKind
    text: str = field(repr=False)
    reader: str
    card: Card | None = None


class Presence(StrEnum):
    """Whether badges can be presented at a reader now."""

    PRESENT = "present"
    ABSENT = "absent"


@dataclass(frozen=True)
class ReaderState:
    """A reader was found, pulled out, or came back. ``words`` and ``advice`` are for the person."""

    reader: str
    presence: Presence
    words: str
    advice: str = ""
    code: str = "reader"


class Listener(Protocol):
    """Who is told. Called on the reader's thread; must return soon and not raise."""

    def on_presented(self, presented: Presented) -> None:
        """A badge was read whole."""

    def on_misread(self, error: Expected) -> None:
        """A badge was there and was not accepted; the error says why, and what to do."""

    def on_reader(self, state: ReaderState) -> None:
        """The reader's presence changed (told once at the start, then at each change)."""


class Reader(Protocol):
    """One configured reader."""

    @property
    def name(self) -> str:
        """As people call it."""

    def start(self, listener: Listener) -> None:
        """Begin, on a thread of its own; called once."""

    def stop(self) -> None:
        """End; returns when the thread is gone and nothing more is told."""
