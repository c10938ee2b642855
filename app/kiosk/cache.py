"""Sealed pages on the kiosk's disk, by the SHA-256 of their ciphertext. Disposable: the hub has them all.

What is in here is sealed twice: each page under its own key, and the file under the kiosk's (SQLCipher). The
cache never sees a page key or a plain page.
"""

from __future__ import annotations

import shutil
import threading
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Self, TypeVar
from weakref import WeakSet

from app.kiosk.sealed import (
    Database,
    Form,
    disk_error,
    disk_full,
    file_damaged,
    open_database,
    remove_files,
    sync_folder,
)
from app.kiosk.wreck import Gate, Wreck
from app.model.errors import Damaged, NotFound, Unavailable, Untrusted

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from pathlib import Path

T = TypeVar("T")
FORM = Form(
    name="the page store",
    application_id=0x534C4343,
    migrations=("CREATE TABLE page (id INTEGER PRIMARY KEY, blob TEXT NOT NULL UNIQUE, data BLOB NOT NULL)",),
    synchronous="NORMAL",  # a page lost in a power cut is fetched again; the file stays whole
)
_LISTED = (
    "SELECT 0, id, blob FROM page NOT INDEXED"
    " UNION ALL SELECT 1, id, blob FROM page INDEXED BY sqlite_autoindex_page_1"
)
"""The pages as the table has them and as its index has them, at one moment."""

RESERVE_BYTES = 32 * 1024 * 1024
"""Left free on the disk for the journal: pages stop coming in before nobody can be shown one."""


@dataclass(frozen=True)
class Healed:
    """A damaged or foreign cache was replaced: ``code`` says which. ``lost`` None: nobody can tell."""

    code: str
    kept: int
    lost: int | None

    @property
    def says(self) -> str:
        """The sentence for the person."""
        if self.code == "foreign_file":
            return "The page store in this folder belongs to another kiosk or an earlier enrolment."
        return "The page store of this kiosk was damaged."

    @property
    def do(self) -> str:
        """What happens now, and what to do."""
        return "It was replaced and pages are fetched again. Tell IT if it happens again."


class Cache:
    """See the module. Safe to use from several threads: each has a connection of its own; reads go on while
    pages are written.

    Failure policy, fault by fault:
    - killed or without power while pages are written: each page of a ``put_many`` is whole or absent;
    - disk full, or less than the journal's reserve left: ``Unavailable`` (``disk_full``), nothing of that
      ``put_many`` is kept, everything that was there stays readable; what is to be dropped is dropped;
    - a page does not read: ``get`` raises ``Damaged`` (``page_damaged``), and so does every ``get`` of a page
      that was lost in healing, until it is put again; a ``put_many`` or ``drop_except`` that meets the damage
      heals the file and goes on;
    - the file does not open, or is another kiosk's: ``open`` sets it aside, takes over the pages that read
      and hold, and says so. The file that was set aside goes at the next ``drop_except``.
    """

    def __init__(self, path: Path, key: bytes, reserve_bytes: int = RESERVE_BYTES) -> None:
        """Use ``Cache.open``."""
        self._path, self._key, self._reserve = path, key, reserve_bytes
        self._gate = Gate()
        self._local = threading.local()
        self._handles: WeakSet[Database] = WeakSet()
        self._round = 0
        self._known: set[str] = set()
        self._lost: set[str] = set()

    @classmethod
    def open(
        cls, path: Path, key: bytes, *, reserve_bytes: int = RESERVE_BYTES
    ) -> tuple[Self, Healed | None]:
        """Open the cache, healing it first if needed; ``Healed`` tells what happened then.

        Raises:
            Unavailable: it cannot be read or written (``disk_full``, ``disk_error``, ``file_busy``).
            Refused: a newer program wrote it (``newer_schema``).
        """
        cache = cls(path, key, reserve_bytes)
        remove_files(cache._building)
        try:
            cache.have()
        except Damaged as error:
            return cache, cache.heal(error.code)
        return cache, None

    # -- reading ------------------------------------------------------------------------------------------

    def get(self, blob: str) -> bytes:
        """Return the ciphertext with this hash; about 2 ms for 2 MB, 1.3 ms more for the hash.

        The hash is checked here, too: SQLCipher takes a disk page of zeros for an empty one, and of a damaged
        page at a row's end it tells only at the next read.

        Raises:
            NotFound: it is not here (``page_absent``).
            Damaged: the stored bytes do not hold, or were lost (``page_damaged``).
            Unavailable: the disk does not answer.
        """
        with self._gate.passing():
            try:
                row = self._handle().row("SELECT data FROM page WHERE blob = ?", (blob,))
            except Damaged as error:
                self._drop_handle()
                raise _page_damaged() from error
            if row is not None and sha256(row[0]).hexdigest() != blob:
                self._drop_handle()
                raise _page_damaged()
        if row is not None:
            return bytes(row[0])
        if blob in self._lost:
            raise _page_damaged()
        raise NotFound(
            "This page is still being fetched.", advice="It appears by itself.", code="page_absent"
        )

    def have(self) -> set[str]:
        """The hashes of all pages that are here.

        Raises:
            Damaged: the list does not read, or its index is of another time (``file_damaged``): ``heal``.
            Unavailable: the disk does not answer.
        """
        with self._gate.passing():
            try:
                here = {blob for _, blob in _listed(self._handle())}
            except Damaged:
                self._drop_handle()
                raise
        self._known |= here
        return here

    # -- writing ------------------------------------------------------------------------------------------

    def put_many(self, pages: Iterable[tuple[str, bytes]]) -> None:
        """Keep these pages, all or none, in place of any that are here under the same hash.

        Raises:
            Untrusted: bytes do not have the hash that they are given under (``wrong_blob``); nothing is kept.
            Unavailable: they cannot be kept (``disk_full``, ``disk_error``); nothing of them is.
        """
        items = list(pages)
        for blob, data in items:
            if sha256(data).hexdigest() != blob:
                raise Untrusted("A page arrived with other bytes than its hash says.", code="wrong_blob")
        self._need(sum(len(data) for _, data in items))
        self._healing(lambda: self._put(items))
        self._known.update(blob for blob, _ in items)
        self._lost.difference_update(blob for blob, _ in items)

    def _put(self, items: list[tuple[str, bytes]]) -> None:
        with self._handle().write() as database:
            for item in items:
                database.run(
                    "INSERT INTO page (blob, data) VALUES (?, ?)"
                    " ON CONFLICT (blob) DO UPDATE SET data = excluded.data",
                    item,
                )

    def drop_except(self, blobs: Collection[str]) -> int:
        """Delete every page that is not among ``blobs``, bytes and all; returns how many.

        When this returns, the file and its log hold nothing of them (what a disk keeps of overwritten sectors
        is why disk encryption is required), and a file that was set aside is gone.

        Raises:
            Unavailable: they cannot be deleted.
        """
        keep = set(blobs)
        remove_files(self._aside)
        try:
            dropped = self._healing(lambda: self._drop(self._handle(), keep))
            with self._gate.alone():  # a reader would keep the log from being emptied
                self._handle().checkpoint()
        except Unavailable as error:
            if error.code != "disk_full":
                raise
            with self._gate.alone():
                dropped = self._drop_in_place(keep)
        self._known &= keep
        self._lost &= keep
        return dropped

    def _drop(self, database: Database, keep: set[str]) -> int:
        gone = [page for page, blob in _listed(database) if blob not in keep]
        if gone:
            with database.write():
                for page in gone:
                    database.run("DELETE FROM page WHERE id = ?", (page,))
        return len(gone)

    def _drop_in_place(self, keep: set[str]) -> int:
        """Delete on a disk that is full to the last byte: without a log on the disk and without its index.

        A power cut in the middle leaves a damaged file, which heals. Where the log holds pages that the file
        has no room for, the whole file goes: what must not stay does not, and the rest is fetched again.
        """
        self._close_handles()
        try:
            with closing(open_database(self._path, self._key, FORM, as_wreck=True)) as database:
                for pragma in ("locking_mode = EXCLUSIVE", "journal_mode = MEMORY"):
                    database.rows(f"PRAGMA {pragma}")
                return self._drop(database, keep)
        except (Unavailable, Damaged):
            remove_files(self._path)
            self._lost |= self._known & keep
            return len(self._known - keep)

    def erase(self, key: bytes | None = None) -> None:
        """Delete the file and everything beside it; the cache goes on empty, under ``key`` if it is given.

        Raises:
            Unavailable: the files cannot be deleted (``disk_error``).
        """
        with self._gate.alone():
            self._close_handles()
            for path in (self._path, self._aside, self._building):
                remove_files(path)
            sync_folder(self._path.parent)
            self._key = key if key is not None else self._key
            self._known.clear()
            self._lost.clear()

    def close(self) -> None:
        """Close every connection. Waits for those that are at work."""
        with self._gate.alone():
            self._close_handles()

    # -- healing ------------------------------------------------------------------------------------------

    def heal(self, code: str = "file_damaged") -> Healed:
        """Set the file aside and go on with a new one that holds every page that reads and holds.

        If the disk has no room for both, the damaged file is deleted, and every page is fetched again.

        Raises:
            Unavailable: no new file can be made.
        """
        with self._gate.alone():
            return self._heal(code)

    def _heal(self, code: str) -> Healed:
        self._close_handles()
        remove_files(self._building)
        saved: set[str] | None = set()
        if code != "foreign_file":
            saved = self._copy()
        self._swap(keep_old=saved is not None)
        saved = saved or set()
        lost = len(self._known - saved) if self._known else None
        self._lost |= self._known - saved
        self._known = set(saved)
        return Healed(code, len(saved), lost)

    def _copy(self) -> set[str] | None:
        """Copy what reads into the new file; None if there is no room for it."""
        try:
            new = open_database(self._building, self._key, FORM)
            try:
                return self._copy_into(new)
            finally:
                new.close()
        except Unavailable:
            remove_files(self._building)
            return None

    def _copy_into(self, new: Database) -> set[str]:
        saved: set[str] = set()
        with closing(Wreck(self._path, self._key, FORM)) as wreck, new.write():
            for page in wreck.pages():
                found = wreck.read(page)
                if found is not None and found[0] not in saved:
                    new.run("INSERT INTO page (blob, data) VALUES (?, ?)", found)
                    saved.add(found[0])
            self._known |= wreck.names
        return saved

    def _swap(self, *, keep_old: bool) -> None:
        remove_files(self._aside)
        try:
            if keep_old and self._path.exists():
                self._path.replace(self._aside)
            remove_files(self._path)
            if self._building.exists():
                self._building.replace(self._path)
            sync_folder(self._path.parent)
        except OSError as error:
            raise disk_error(FORM.name) from error

    def _healing(self, act: Callable[[], T]) -> T:
        """Do it; if it meets damage, heal the file and do it once more."""
        with self._gate.passing():
            seen = self._round
            try:
                return act()
            except Damaged:
                self._drop_handle()
        with self._gate.alone():
            if self._round == seen:
                self._heal("file_damaged")
        with self._gate.passing():
            return act()

    # -- connections --------------------------------------------------------------------------------------

    def _handle(self) -> Database:
        """This thread's connection."""
        handle: Database | None = getattr(self._local, "handle", None)
        if handle is None or self._local.round != self._round:
            handle = open_database(self._path, self._key, FORM)
            self._local.handle, self._local.round = handle, self._round
            self._handles.add(handle)
        return handle

    def _drop_handle(self) -> None:
        handle: Database | None = getattr(self._local, "handle", None)
        if handle is not None:
            self._local.handle = None
            handle.close()

    def _close_handles(self) -> None:
        self._round += 1
        for handle in list(self._handles):
            handle.close()
        self._handles.clear()

    @property
    def _aside(self) -> Path:
        return self._path.with_name(self._path.name + ".damaged")

    @property
    def _building(self) -> Path:
        return self._path.with_name(self._path.name + ".building")

    def _need(self, size: int) -> None:
        try:
            free = shutil.disk_usage(self._path.parent).free
        except OSError as error:
            raise disk_error(FORM.name) from error
        if free < size + self._reserve:
            raise disk_full()


def _listed(database: Database) -> list[tuple[int, str]]:
    """Number and hash of every page that is here.

    Raises:
        Damaged: table and index are of two moments: a disk page of an older copy was put back. Nothing else
            notices that (``bound`` says why), and what only the index has would never be fetched again.
    """
    sides: tuple[list[tuple[int, str]], list[tuple[int, str]]] = ([], [])
    for side, page, blob in database.rows(_LISTED):
        sides[side].append((int(page), str(blob)))
    there, found = sides
    if sorted(there) != sorted(found):
        raise file_damaged(FORM.name)
    return there


def _page_damaged() -> Damaged:
    return Damaged(
        "This page was damaged on this kiosk.", advice="It is being fetched again.", code="page_damaged"
    )
