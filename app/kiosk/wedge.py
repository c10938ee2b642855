"""Badges that arrive as keystrokes: a reader's burst told apart from a person typing, and the plant's format.

Knows nothing of Qt: characters come in with their times, and what they were comes out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.wire.lease import BadgeFormat

READER_GAP_MS = 30.0
"""A reader's characters are on average at most this far apart: it needs 1 to 20 ms, nobody types so fast."""

LONGEST_GAP_MS = 100.0
"""A longer pause ends a burst. A machine under load may deliver a reader's keys late, but not this late."""

MIN_BURST = 3
"""Fewer characters than this are never a badge: two keys can fall within milliseconds by accident."""

MAX_BURST = 256
"""Characters of a burst that are kept; more than these are too long for any format anyway."""

LINE_PAUSE_MS = 10_000.0
"""After such a pause a half-typed line is forgotten."""

_ENDS = frozenset("\r\n\t")
_SETTLE_GAPS = 4  # so many gaps may share one delay before a burst is taken for a person's


@dataclass(frozen=True)
class Badge:
    """A reader delivered this, up to its Enter; ``by_hand``: somebody typed it (where that is allowed)."""

    text: str
    by_hand: bool = False


@dataclass(frozen=True)
class Typed:
    """A person typed this; Enter is ``\\r``."""

    text: str


Heard = Badge | Typed


class WedgeDecoder:
    """Feeds on every key press, whatever has the focus. Show nothing before it came out as ``Typed``.

    A burst is a run of characters without a pause longer than ``LONGEST_GAP_MS`` (where a person is typing,
    ``READER_GAP_MS``). It is a badge if it ends in Enter or Tab, has ``MIN_BURST`` characters before it, none
    from a key that was held down, and came at reader speed. A burst that cannot be one any more is let out as
    typed, and so is one that stopped, by the next character or by ``flush``. Further ends right after a badge
    (CR LF) are swallowed. Times are milliseconds of any clock that does not go back.

    ``take_typed``: a line typed by hand is a badge too, for demonstrations and machines without a reader.
    """

    def __init__(self, *, take_typed: bool = False) -> None:
        self._take_typed = take_typed
        self._held: list[str] = []
        self._count = 0
        self._begun = self._last = float("-inf")
        self._by_person = self._after_badge = False
        self._line = ""

    def feed(self, text: str, at_ms: float, *, repeated: bool = False) -> tuple[Heard, ...]:
        """A key was pressed that stands for ``text``: usually one character, empty for Shift and the like.

        ``repeated``: the system repeats a key that is held down.
        """
        out: list[Heard] = []
        for character in text:
            out += self._take(character, at_ms, repeated=repeated)
        return tuple(out)

    def flush(self, at_ms: float) -> tuple[Heard, ...]:
        """Time has passed without a key: let out what is no burst any more."""
        return tuple(self._let_out()) if self._held and at_ms - self._last > self._longest_gap else ()

    @property
    def due_ms(self) -> float | None:
        """After which time ``flush`` has something to let out; None if it has nothing."""
        return self._last + self._longest_gap if self._held else None

    def clear(self) -> None:
        """Forget everything."""
        self._held.clear()
        self._count, self._line = 0, ""
        self._by_person = self._after_badge = False

    def forget_line(self) -> None:
        """What a person has typed so far is no badge number (``take_typed``)."""
        self._line = ""

    @property
    def _longest_gap(self) -> float:
        return READER_GAP_MS if self._by_person else LONGEST_GAP_MS

    def _take(self, character: str, at_ms: float, *, repeated: bool) -> list[Heard]:
        pause = at_ms - self._last
        out: list[Heard] = self._let_out() if repeated or pause > self._longest_gap else []
        if pause > LONGEST_GAP_MS:
            self._by_person = self._after_badge = False
            self._line = "" if pause > LINE_PAUSE_MS else self._line
        self._begun = at_ms if self._count == 0 else self._begun
        self._last = max(at_ms, self._last)
        return out + (
            self._end(character) if character in _ENDS else self._hold(character, repeated=repeated)
        )

    def _hold(self, character: str, *, repeated: bool) -> list[Heard]:
        self._after_badge = False
        self._count += 1
        if self._count <= MAX_BURST + 1:
            self._held.append(character)
        if repeated or not self._at_reader_speed(self._count - 1, _SETTLE_GAPS):
            self._by_person = True
            return self._let_out()
        return []

    def _end(self, character: str) -> list[Heard]:
        if self._after_badge:
            return []
        if self._count >= MIN_BURST and self._at_reader_speed(self._count):
            badge = Badge("".join(self._held))
            self.clear()
            self._after_badge = True
            return [badge]
        out = self._let_out()
        line, self._line = self._line, ""
        if line and character != "\t":
            return [*out, Badge(line, by_hand=True)]
        return [*out, Typed("\t" if character == "\t" else "\r")]

    def _at_reader_speed(self, gaps: int, at_least: int = 1) -> bool:
        return self._last - self._begun <= max(gaps, at_least) * READER_GAP_MS

    def _let_out(self) -> list[Heard]:
        """What is held was typed by a person; a burst begins anew."""
        text = "".join(self._held)
        self._held.clear()
        self._count = 0
        if self._take_typed:
            for character in text:
                self._line = self._line[:-1] if character in "\b\x7f" else self._line + character
            self._line = self._line[: MAX_BURST + 1]
        return [Typed(text)] if text else []


@dataclass(frozen=True)
class Accepted:
    """A badge number in this plant's form."""

    number: str


@dataclass(frozen=True)
class FormatRefused:
    """Not a badge number of this plant: a code for events, and what the person reads."""

    code: str
    says: str
    do: str


def check_format(fmt: BadgeFormat, text: str) -> Accepted | FormatRefused:
    """Check what a reader delivered against the plant's format: what the hub would issue, and nothing else.

    The sentences never repeat what was read.
    """
    body = text.removeprefix(fmt.prefix)
    plain = bool(text) and text.isascii() and text.isprintable() and " " not in text
    checks = (
        (plain, _CHARACTERS),
        (text.startswith(fmt.prefix), _PREFIX),
        (body.startswith(fmt.facility), _FACILITY),
        (body.isdigit() or not fmt.digits_only, _DIGITS),
        (len(text) >= fmt.min_length, _SHORT),
        (len(text) <= fmt.max_length, _LONG),
    )
    return next((refused for passed, refused in checks if not passed), Accepted(text))


_OWN = "Tap your own plant badge, and no other card with it."
_CHARACTERS = FormatRefused(
    "badge_characters",
    "The reader delivered signs that no badge number has.",
    "Tap again. If it stays, tell IT to check the reader's settings.",
)
_PREFIX = FormatRefused("badge_prefix", "This is not a badge of this plant.", _OWN)
_FACILITY = FormatRefused("badge_facility", "This badge is of another facility.", _OWN)
_DIGITS = FormatRefused("badge_digits", "This plant's badge numbers have digits only.", _OWN)
_SHORT = FormatRefused("badge_short", "The badge was not read completely.", "Hold it still and tap again.")
_LONG = FormatRefused(
    "badge_long", "This is longer than this plant's badge numbers.", "Tap one badge only, once."
)
