"""What healing the page cache needs: reading a damaged file, and being alone with it."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from app.kiosk.sealed import Database, Form, open_database
from app.model.errors import Damaged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_WAYS = (
    "SELECT id, blob FROM page INDEXED BY sqlite_autoindex_page_1 ORDER BY blob",
    "SELECT id, blob FROM page INDEXED BY sqlite_autoindex_page_1 ORDER BY blob DESC",
    "SELECT id, blob FROM page NOT INDEXED ORDER BY id",
    "SELECT id, blob FROM page NOT INDEXED ORDER BY id DESC",
)


class Wreck:
    """Reads what reads. Damage poisons a connection, so each time it is met costs a new one."""

    def __init__(self, path: Path, key: bytes, form: Form) -> None:
        self._path, self._key, self._form = path, key, form
        self._database: Database | None = None
        self.names: set[str] = set()

    def pages(self) -> list[int]:
        """Every page that is listed anywhere: by its hash or in the table, from either end."""
        found: set[int] = set()
        for way in _WAYS:
            for page, blob in self._rows(way):
                found.add(page)
                self.names.add(str(blob))
        return sorted(found)

    def read(self, page: int) -> tuple[str, bytes] | None:
        """Hash and bytes of one page, or None if it does not read or hold."""
        for blob, data in list(self._rows("SELECT blob, data FROM page WHERE id = ?", page)):
            if isinstance(data, bytes) and sha256(data).hexdigest() == blob:
                return blob, data
        self.close()  # the damage may show only at the next read, which would then be lost, too
        return None

    def close(self) -> None:
        """Close."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def _rows(self, sql: str, *parameters: object) -> Iterator[tuple[Any, ...]]:
        """The rows up to where the file is damaged."""
        try:
            if self._database is None:
                self._database = open_database(self._path, self._key, self._form, as_wreck=True)
            yield from self._database.each(sql, parameters)
        except Damaged:
            self.close()


class Gate:
    """Many may pass, or one be alone."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._inside, self._taken = 0, False

    @contextmanager
    def passing(self) -> Iterator[None]:
        """With others; waits while somebody is alone."""
        with self._changed:
            self._changed.wait_for(lambda: not self._taken)
            self._inside += 1
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Alone; waits until those inside are through."""
        with self._changed:
            self._changed.wait_for(lambda: not self._taken)
            self._taken = True
            self._changed.wait_for(lambda: self._inside == 0)
        try:
            yield
        finally:
            with self._changed:
                self._taken = False
                self._changed.notify_all()
