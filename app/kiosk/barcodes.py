"""Commands that a worker scans from a printed sheet, hands full: told from badges by their form."""

from __future__ import annotations

import re

_WORDS = {
    "NEXT": "next",
    "BACK": "previous",
    "FIRST": "first",
    "LAST": "last",
    "PAGES": "pages",
    "MENU": "menu",
    "LOCK": "lock",
    "DONE": "confirm",
    "UNDO": "undo",
    "HELP": "help",
    "PLAY": "play",
}
_PAGE = re.compile(r"PAGE ([1-9][0-9]{0,3})", re.ASCII)


def command_of(text: str) -> str | int | None:
    """What a scan orders: a command of the screen, the number of a page (from 1) of those that are open, or
    None: it is no order, but a badge.

    Exact and in capitals, so that a badge is none: a number of this form is no badge where pages are open.
    ``DONE`` confirms the step that the screen offers; where that is signed it only asks for badge and PIN: no
    order signs anything. ``UNDO`` asks why a confirmation is taken back.
    """
    page = _PAGE.fullmatch(text)
    return int(page[1]) if page is not None else _WORDS.get(text)
