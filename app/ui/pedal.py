"""Foot pedals: they type keys, and which key does what is set per kiosk. A pedal pages; it never signs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from app.model.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

PAGING = ("next", "previous", "first", "last", "up", "down", "pages", "menu", "play")
"""What a pedal can do. Confirming, signing, taking back and locking are for hands."""

_SPECIAL = 0x0100_0000
"""From here on a key of Qt stands for no character: a badge reader never types one."""
_OF_READERS = frozenset(
    {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Backspace,
     Qt.Key.Key_Escape}
)  # fmt: skip


def read_pedal(words: Iterable[str]) -> dict[Qt.Key, str]:
    """Read settings such as ``F13=next``: the key's name in Qt without ``Key_``, and one of ``PAGING``.

    Raises:
        Refused: a key that is none or that a badge reader types, or something else than paging
            (``bad_pedal``).
    """
    found: dict[Qt.Key, str] = {}
    for word in words:
        name, _, command = word.partition("=")
        key = _key(name.strip())
        if key is None or command not in PAGING:
            raise Refused(
                f"“{word[:60]}” sets no pedal.",
                advice="Write KEY=WHAT: a key that no badge reader types (F13, PageDown, MediaNext …), and "
                f"one of {', '.join(PAGING)}. A pedal never confirms or signs.",
                code="bad_pedal",
            )
        found[key] = command
    return found


def _key(name: str) -> Qt.Key | None:
    wanted = f"key_{name.lower()}"
    key = next((key for known, key in Qt.Key.__members__.items() if known.lower() == wanted), None)
    return key if key is not None and key.value >= _SPECIAL and key not in _OF_READERS else None
