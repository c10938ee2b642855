"""That all of the lease store is of one moment: digests of its tables in one of their rows.

SQLCipher authenticates a page of the file by its number, not by its age: an older page that is put back in
its place opens like any other (zetetic.net/sqlcipher/design). So every transaction also writes the digest of
each part that it changed, and a start compares: what was put back does not fit the row, or it has the row and
the generation of its time, which the keyring does not have (``anchor``).
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.model.errors import Damaged
from app.seal.encoding import canonical, sha256

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from app.kiosk.sealed import Database

SCRIPT = "INSERT INTO item VALUES ('bound', '')"
"""Brings a file here that was not bound yet: the first start binds it."""

_QUERIES = {
    "lease": "SELECT name, value FROM item WHERE name IN ('envelope', 'manifest') ORDER BY name",
    "item": "SELECT name, value FROM item WHERE name NOT IN ('envelope', 'manifest', 'bound') ORDER BY name",
    "pin": "SELECT rowid, slot, wrong, boot, at FROM pin NOT INDEXED ORDER BY rowid",
    "done": "SELECT number, work, step FROM done NOT INDEXED ORDER BY number",
    "change_read": "SELECT person, revision FROM change_read ORDER BY person, revision",
}
"""The parts; what is large and seldom changes is one of its own. Tables, and not their indices, are read."""


@contextmanager
def writing(database: Database, *parts: str) -> Iterator[None]:
    """A transaction that changes these parts, and nothing else."""
    with database.write():
        yield
        _bind(database, parts)


def check(database: Database) -> None:
    """Compare, at the start.

    Raises:
        Damaged: the file was put together from two (``state_mixed``), or an index does not fit its table.
    """
    if database.rows("PRAGMA integrity_check(1)") != [("ok",)]:  # an index of another time, page 1
        raise _mixed()
    kept = database.row("SELECT value FROM item WHERE name = 'bound'")
    if kept == ("",):
        with database.write():
            _bind(database, _QUERIES)
    elif kept is None or _read(kept[0]) != _digests(database, _QUERIES):
        raise _mixed()


def _bind(database: Database, parts: Iterable[str]) -> None:
    (kept,) = database.row("SELECT value FROM item WHERE name = 'bound'")
    text = canonical({**_read(kept), **_digests(database, parts)}).decode()
    database.run("UPDATE item SET value = ? WHERE name = 'bound'", (text,))


def _digests(database: Database, parts: Iterable[str]) -> dict[str, str]:
    return {part: sha256(canonical([list(row) for row in database.rows(_QUERIES[part])])) for part in parts}


def _read(text: str) -> dict[str, str]:
    found: dict[str, str] = json.loads(text or "{}")
    return found


def _mixed() -> Damaged:
    return Damaged(
        "What this kiosk keeps of its lease is not of one moment: a part of an older copy was put back.",
        advice="No page is shown until the hub was reached. Tell IT and quality: this is on record.",
        code="state_mixed",
    )
