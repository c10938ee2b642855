"""Small helpers of the hub's services: what a change came to, and finding what is named."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from app.model.errors import NotFound, Refused

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.hub.schema_base import Base

Row = TypeVar("Row", bound="Base")


class Outcome(StrEnum):
    """What a change came to."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "unchanged"


def need(session: Session, table: type[Row], code: str, noun: str) -> Row:
    """Return the row of ``code``.

    Raises:
        NotFound: there is none.
    """
    row = session.get(table, code)
    if row is None:
        raise NotFound(f"There is no {noun} {code}.", advice=f"See: stationleaf admin {noun} list")
    return row


LONGEST_CODE, LONGEST_NAME = 64, 200


def check_code(noun: str, code: str) -> str:
    """Return ``code`` if it can name a ``noun``: it travels in seals, addresses and CSV.

    Raises:
        Refused: it is empty, too long, or has signs that would be misread somewhere.
    """
    if not code or len(code) > LONGEST_CODE:
        raise Refused(f"The code of a {noun} has 1 to {LONGEST_CODE} characters.", code="bad_code")
    if not code.isprintable() or code[0] in "-=+@" or set(code) & set("/;,\"'\\ "):
        raise Refused(
            f"The code {code!r} of a {noun} has a sign that a code cannot have.",
            advice="Use letters, digits, - and _ and begin with a letter or digit.",
            code="bad_code",
        )
    return code


def check_name(what: str, name: str, longest: int = LONGEST_NAME) -> str:
    """Return ``name`` if it can be shown to a person.

    Raises:
        Refused: it is empty, too long, or has unprintable signs.
    """
    if not name.strip() or len(name) > longest or not name.isprintable():
        raise Refused(f"The {what} must have 1 to {longest} printable characters.", code="bad_name")
    return name


def check_language(language: str) -> None:
    """Raise unless ``language`` is a tag such as ``en``, ``es-MX`` or ``zh-Hans``.

    Raises:
        Refused: it is not.
    """
    # BCP 47, as far as a plant needs it: "en", "es-MX", "zh-Hans".
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", language) or len(language) > 16:
        raise Refused(f"{language!r} is not a language such as en, es or zh-Hans.", code="bad_language")
