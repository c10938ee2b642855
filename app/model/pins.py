"""PINs: which ones are too easy, and how long a wrong one makes the next wait. Pure rules.

What is refused follows NIST SP 800-63B, 5.1.1.2: commonly used, repetitive and sequential values, and what
stands on the badge itself.
"""

from __future__ import annotations

from itertools import pairwise

from app.model.errors import Refused

LEAST, MOST = 6, 12
"""Digits of a PIN."""

FREE = 5
"""Wrong PINs before the first wait."""

WRONG_AT_MOST = 10
"""After so many wrong PINs only a new one helps."""

FIRST_WAIT_SECONDS = 30

KIOSK_FREE = 20
"""Wrong PINs at one kiosk, of whichever badges, before it lets only one try through each pause."""

KIOSK_PAUSE_SECONDS = 300
"""How long a kiosk runs until it forgets one wrong PIN: at most 288 tries a day, whichever badges."""

CODE_DIGITS = 8
"""Digits of the one-time code with which a person sets a PIN."""

_COMMON = frozenset(
    {
        *("112233", "332211", "123321", "321123", "159753", "147258", "258369", "147369", "456852"),
        *("741852", "963852", "789456", "456123", "520131", "131420", "142536", "102030", "121314"),
        *("11223344", "12344321", "14725836", "147258369", "741852963", "1234554321"),
    }
)


def wait_after(wrong: int) -> int:
    """Seconds until the next try after ``wrong`` wrong ones in a row: nothing, then doubling from 30."""
    return 0 if wrong < FREE else FIRST_WAIT_SECONDS * 2 ** (wrong - FREE)


def well_formed(pin: str) -> bool:
    """Whether this can be a PIN at all."""
    return pin.isascii() and pin.isdigit() and LEAST <= len(pin) <= MOST


def check_new_pin(pin: str, badge: str) -> None:
    """Raise unless ``pin`` may be the PIN of ``badge`` (its number, as read).

    Raises:
        Refused: it has not 6 to 12 digits (``bad_pin``), or is too easy (``easy_pin``).
    """
    if not well_formed(pin):
        raise Refused(f"A PIN has {LEAST} to {MOST} digits.", advice="Choose another one.", code="bad_pin")
    if _on_badge(pin, badge):
        raise _easy("This PIN is on your badge.")
    if _repeats(pin) or _runs(pin) or pin in _COMMON:
        raise _easy("This PIN is too easy to guess.")


def _easy(says: str) -> Refused:
    return Refused(says, advice="Choose one without rows, repeats or your badge's digits.", code="easy_pin")


def _on_badge(pin: str, badge: str) -> bool:
    """The badge's digits, forwards or backwards, hold the PIN, or the PIN holds the badge's last four."""
    digits = "".join(sign for sign in badge if sign.isascii() and sign.isdigit())
    tail = digits[-4:]
    return pin in digits or pin[::-1] in digits or (len(tail) == 4 and tail in pin)


def _repeats(pin: str) -> bool:
    """One to four digits over and over (``000000``, ``121212``, ``123123``), or only two different ones."""
    again = any(pin == (pin[:size] * len(pin))[: len(pin)] for size in range(1, min(4, len(pin) // 2) + 1))
    return again or len(set(pin)) <= 2


def _runs(pin: str) -> bool:
    """Every digit is the one before, plus the same step of at most two, over the end too (``890123``)."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    return len(steps) == 1 and steps <= {1, 2, 8, 9}
