"""A hub in one sealed file: keys, certificates, trust statement, settings and database, of one moment.

The file is a tar archive (POSIX pax) in a sealed stream (``seal.sealed_stream``): first
``backup.json``, which says what is in it; then the hub's files, ``hub.toml`` last.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import tarfile
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import func, select

from app import __version__
from app.hub.enrolment import RESTORED
from app.hub.home import DATABASE_VARIABLE, Home
from app.hub.schema import ChangeRow, EventRow, KioskRow, PersonRow, RevisionRow
from app.hub.store import VERSIONS, Store
from app.hub.turn import alone
from app.model.errors import Damaged, Refused, Unavailable
from app.seal.sealed_stream import Opener, Sealer, check_passphrase

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from sqlalchemy.orm import Session

FORMAT = 1
ABOUT = "backup.json"
DATABASE = "hub.db"
SETTINGS = "hub.toml"
FOLDERS = ("keys", "tls", "trust")
_NAME = re.compile(r"(keys|tls|trust)/[A-Za-z0-9_.-]{1,100}|trust\.json|hub\.db|hub\.toml")
_SMALL = 1024 * 1024
_PIECE = 1024 * 1024


@dataclass(frozen=True)
class About:
    """What a backup holds. ``schema`` is "" where the database is not in it; ``root`` the fingerprint.

    ``root_key`` says whether the root's private key lay in the folder, and is therefore in the backup.
    """

    made: datetime
    program: str
    site: str
    root: str
    root_key: bool
    schema: str
    sizes: dict[str, int]

    def text(self) -> bytes:
        """As it stands first in the archive."""
        return json.dumps({"format": FORMAT, **asdict(self), "made": self.made.isoformat()}).encode()

    @classmethod
    def read(cls, text: bytes) -> About:
        """Read ``text``.

        Raises:
            Refused: a newer program made it (``newer_backup``).
            Damaged: it is not such a text.
        """
        try:
            fields = json.loads(text)
            if fields.pop("format") != FORMAT or (fields["schema"] and fields["schema"] not in VERSIONS):
                raise Refused(
                    f"The backup was made by a newer Stationleaf ({fields['program']}) than this one.",
                    advice="Install that version, and restore with it.",
                    code="newer_backup",
                )
            return cls(**{**fields, "made": datetime.fromisoformat(fields["made"])})
        except (ValueError, TypeError, KeyError, AttributeError):
            raise _not_a_hub() from None


@dataclass(frozen=True)
class Restored:
    """What was restored: the hub, what its backup says, and how much is in the database."""

    home: Home
    about: About
    people: int
    revisions: int
    kiosks: int
    newest_event: datetime | None


def back_up(folder: Path, file: Path, passphrase: str, now: datetime, *, keys_only: bool = False) -> About:
    """Seal the hub in ``folder`` into the new ``file`` (0600). It may be serving meanwhile.

    The file appears when it is whole and was read back; an attempt that breaks off leaves none.

    Raises:
        Refused: the file exists, the passphrase is short, or the database is a server and not a file.
        Expected: a part of the hub is missing or damaged, or the disk does not take it.
    """
    check_passphrase(passphrase)
    if file.exists():
        raise Refused(
            f"{file} exists already.",
            advice="Give another name; nothing was overwritten.",
            code="file_exists",
        )
    with alone(folder):
        home = Home.open(folder)
        store = Store(home.database_url)
        try:
            with _scratch(folder) as scratch:
                copy = None if keys_only else _copy(store, scratch)
                about = _write(home, copy, file, passphrase, now)
            with suppress(Unavailable), store.write() as session:
                _record(session, now, "hub.backup", {"file": file.name, "database": not keys_only})
        finally:
            store.close()
    return about


def _copy(store: Store, scratch: Path) -> Path:
    if not store.is_file:
        raise Refused(
            "This hub's database is on a PostgreSQL server, which this command does not copy.",
            advice="Save it with pg_dump --format=custom, and the rest with: hub backup --keys-only",
            code="database_server",
        )
    store.check()
    target = scratch / DATABASE
    store.snapshot(target)
    return target


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """A place in the hub's own folder: the copy is no less protected than the original."""
    for left in folder.glob(".backup-*"):  # of an attempt that was killed; the lock says that none runs
        shutil.rmtree(left, ignore_errors=True)
    try:
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=folder) as scratch:
            yield Path(scratch)
    except OSError as error:
        raise Unavailable(
            f"The hub's folder {folder} cannot be written: {error.strerror}.",
            advice="A backup needs room there for a copy of the database.",
        ) from None


def _write(home: Home, copy: Path | None, file: Path, passphrase: str, now: datetime) -> About:
    members = _members(home, copy)
    about = About(
        made=now,
        program=__version__,
        site=home.site,
        root=home.root_fingerprint,
        root_key="keys/root.key" in members,
        schema=VERSIONS[-1] if copy is not None else "",
        sizes={name: path.stat().st_size for name, path in members.items()},
    )
    new = ""
    try:
        handle, new = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.absolute().parent)
        with os.fdopen(handle, "w+b") as out:
            sealer = Sealer(cast("BinaryIO", out), passphrase)
            _seal(sealer, about, members)
            out.flush()
            os.fsync(out.fileno())
            out.seek(0)
            _look_through(sealer.read_back(cast("BinaryIO", out)))  # what was not read back is no backup
        Path(new).replace(file)
    except BaseException as error:
        if new:
            Path(new).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise Unavailable(
                f"The backup cannot be written to {file}: {error.strerror}.",
                advice="Check the folder, its owner and its free space.",
            ) from None
        raise
    return about


def _members(home: Home, copy: Path | None) -> dict[str, Path]:
    found = {
        f"{name}/{path.name}": path
        for name in FOLDERS
        for path in sorted((home.path / name).glob("*"))
        if path.is_file()
    }
    found["trust.json"] = home.path / "trust.json"
    if copy is not None:
        found[DATABASE] = copy
    found[SETTINGS] = home.path / SETTINGS
    return found


def _seal(sealer: Sealer, about: About, members: dict[str, Path]) -> None:
    with tarfile.open(mode="w|", fileobj=cast("Any", sealer), format=tarfile.PAX_FORMAT) as archive:
        text = about.text()
        archive.addfile(_entry(ABOUT, len(text)), io.BytesIO(text))
        for name, size in about.sizes.items():
            with members[name].open("rb") as source:
                archive.addfile(_entry(name, size), source)
    sealer.finish()


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


# -- restoring ----------------------------------------------------------------------------------------------


def restore(file: Path, folder: Path, passphrase: str, now: datetime) -> Restored:
    """Make the hub of a backup again, in an absent or empty folder. All or nothing.

    Steps: 1 the whole file is read and verified before anything is written; 2 there is room; 3 it is written,
    ``hub.toml`` last; 4 keys, trust statement and database are opened and checked; 5 the restore is recorded,
    so that kiosks, which know more than this hub, are served.

    Raises:
        Refused: the passphrase is wrong, the file is no backup or a newer program's, the folder is not empty.
        Damaged: the file is damaged or was cut off.
        Unavailable: it cannot be read, or the folder cannot be written.
    """
    try:
        with file.open("rb") as source:
            opener = Opener(cast("BinaryIO", source), passphrase)
            about, settings = _look_through(opener)  # 1
            _check_place(folder, about)  # 2
            opener.rewind()
            counted: list[Restored] = []
            Home.refill(
                folder,
                settings,
                lambda: _fill(opener, folder),  # 3
                lambda home: counted.append(_furnish(home, about, now)),  # 4, 5
            )
    except OSError as error:
        raise Unavailable(
            f"{file} cannot be read: {error.strerror}.", advice="Check its name and its owner."
        ) from None
    return counted[0]


def _look_through(opener: Opener) -> tuple[About, bytes]:
    """Read everything, and say what it is."""
    about: About | None = None
    settings, sizes = b"", dict[str, int]()
    for entry, content in _entries(opener):
        if about is None:
            if entry.name != ABOUT or entry.size > _SMALL:
                raise _not_a_hub()
            about = About.read(content.read())
            continue
        if entry.name in sizes or not _NAME.fullmatch(entry.name) or not entry.isreg():
            raise _not_a_hub()
        sizes[entry.name] = entry.size
        if entry.name == SETTINGS and entry.size <= _SMALL:
            settings = content.read()
    if about is None or sizes != about.sizes or not settings:
        raise _not_a_hub()
    return about, settings


def _entries(opener: Opener) -> Iterator[tuple[tarfile.TarInfo, Any]]:
    try:
        with tarfile.open(mode="r|", fileobj=cast("Any", opener)) as archive:
            for entry in archive:
                yield entry, archive.extractfile(entry)
    except tarfile.TarError:
        raise _not_a_hub() from None
    while opener.read(_PIECE):  # to its end: only then is it known to be whole
        pass


def _check_place(folder: Path, about: About) -> None:
    if about.schema and os.environ.get(DATABASE_VARIABLE):
        raise Refused(
            f"{DATABASE_VARIABLE} names another database than the one in the backup.",
            advice="Take it out of the environment, and run this again.",
            code="other_database",
        )
    there = next(parent for parent in (folder.absolute(), *folder.absolute().parents) if parent.exists())
    needed = sum(about.sizes.values())
    if shutil.disk_usage(there).free < needed + _PIECE:
        raise Unavailable(
            f"There is not enough room for the hub in {folder}: it needs {needed // _PIECE + 1} MB.",
            advice="Free some space, or name a folder on another disk.",
            code="disk_full",
        )


def _fill(opener: Opener, folder: Path) -> None:
    for name in FOLDERS:
        (folder / name).mkdir(mode=0o700)
    for entry, content in _entries(opener):
        if entry.name not in {ABOUT, SETTINGS}:
            handle = os.open(folder / entry.name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as target:
                shutil.copyfileobj(content, target, _PIECE)
                target.flush()
                os.fsync(target.fileno())


def _furnish(home: Home, about: About, now: datetime) -> Restored:
    if home.root_fingerprint != about.root or home.site != about.site:
        raise _not_a_hub()
    store = Store(home.database_url)
    try:
        if about.schema:
            store.upgrade()
        else:
            _check_there(store)
        return note_restored(store, home, about, now)
    finally:
        store.close()


def _check_there(store: Store) -> None:
    """Raise unless the database that the backup left out is there: nothing is to be made in an empty one."""
    try:
        store.check()
    except Refused as error:
        if error.code != "old_schema":
            raise
        raise Refused(
            "The database of this hub is empty, or of an older Stationleaf; it is not in this backup.",
            advice="Restore it first, with pg_restore from the dump of the same time, then run this again.",
            code="no_database",
        ) from None


def note_restored(store: Store, home: Home, about: About, now: datetime) -> Restored:
    """Record where each journal stood, so that the hub goes on behind what it lacks (``ingest``)."""
    with store.write() as session:
        heads = {f"{row.code}/{row.epoch}": row.held for row in session.scalars(select(KioskRow))}
        last = select(EventRow.kiosk, EventRow.epoch, func.max(EventRow.seq))
        for kiosk, epoch, seq in session.execute(last.group_by(EventRow.kiosk, EventRow.epoch)):
            heads[f"{kiosk}/{epoch}"] = seq
        _record(session, now, RESTORED, {"made": about.made.isoformat(), "heads": heads})
        return Restored(
            home,
            about,
            people=_count(session, PersonRow),
            revisions=_count(session, RevisionRow),
            kiosks=_count(session, KioskRow),
            newest_event=session.scalar(select(func.max(EventRow.received))),
        )


def _count(session: Session, kind: Any) -> int:
    return session.scalar(select(func.count()).select_from(kind)) or 0


def _record(session: Session, now: datetime, act: str, after: Any) -> None:
    change = ChangeRow(at=now, by="hub command", act=act, subject="hub", before=None, after=after)
    session.add(change)


def _not_a_hub() -> Damaged:
    return Damaged("The file holds something else than a hub.", code="not_a_backup")
