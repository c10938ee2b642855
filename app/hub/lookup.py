"""Small helpers of the hub's services: what a change came to, and finding what is named."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from app.model.errors import NotFound

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.hub.schema import Base

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
