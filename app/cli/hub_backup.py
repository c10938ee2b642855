"""``stationleaf hub backup`` and ``hub restore``."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from pathlib import Path
from typing import Any

from app.model.errors import NotFound, Refused, Unavailable
from app.wire.clock import SystemClock

VARIABLE = "STATIONLEAF_PASSPHRASE"
BACKUP_EXAMPLE = f"""examples:
  stationleaf hub backup plant/ /media/safe/plant-2026-03-02.backup
  stationleaf hub backup plant/ plant.backup --passphrase-file /run/secrets/backup

The hub may be serving meanwhile. The file holds everything, sealed with the passphrase: keys, certificates,
trust statement and database. The passphrase is asked for, or read from the file's first line, or from the
environment's {VARIABLE}. Without it nobody opens the file, you neither.
With a PostgreSQL database: pg_dump --format=custom saves the database, hub backup --keys-only the rest.
"""
RESTORE_EXAMPLE = """example:
  stationleaf hub restore /media/safe/plant-2026-03-02.backup plant/

The file is read and verified as a whole before anything is written. Stop the hub that it replaces first:
two hubs with the same keys would both be believed.
"""


def build(verbs: Any) -> None:
    """Add the verbs."""
    raw = argparse.RawDescriptionHelpFormatter
    backup = verbs.add_parser(
        "backup", help="seal the whole hub into one file", epilog=BACKUP_EXAMPLE, formatter_class=raw
    )
    backup.add_argument("folder", type=Path, metavar="DIR", help="a folder made by hub init")
    backup.add_argument("file", type=Path, metavar="FILE", help="a file that does not exist yet")
    backup.add_argument(
        "--keys-only", action="store_true", help="leave the database out, where pg_dump saves it"
    )
    backup.set_defaults(run=_backup)
    restore = verbs.add_parser(
        "restore", help="make a hub again from such a file", epilog=RESTORE_EXAMPLE, formatter_class=raw
    )
    restore.add_argument("file", type=Path, metavar="FILE", help="a file made by hub backup")
    restore.add_argument("folder", type=Path, metavar="DIR", help="a folder that does not exist, or is empty")
    restore.set_defaults(run=_restore)
    for verb in (backup, restore):
        verb.add_argument(
            "--passphrase-file", type=Path, metavar="FILE", help="its first line is the passphrase"
        )


def _backup(args: argparse.Namespace) -> int:
    from app.hub.backup import back_up

    passphrase = read_passphrase(args.passphrase_file, twice=True)
    about = back_up(args.folder, args.file, passphrase, SystemClock().now(), keys_only=args.keys_only)
    size = args.file.stat().st_size / 1e6
    print(
        f"The hub of {about.site} is in {args.file} ({size:.1f} MB), as of {about.made:%Y-%m-%d %H:%M:%SZ}."
    )
    print("It was read back and is whole. Keep file and passphrase in different places.")
    if about.root_key:
        print("The root key was in the hub's folder, so it is in the backup too: keep it like the root key.")
    else:
        print("The root key is not in it: it lies where you keep it.")
    if args.keys_only:
        print("The database is not in it. Save it now: pg_dump --format=custom --file=FILE.dump URL")
    return 0


def _restore(args: argparse.Namespace) -> int:
    from app.hub.backup import restore

    passphrase = read_passphrase(args.passphrase_file, twice=False)
    done = restore(args.file, args.folder, passphrase, SystemClock().now())
    made, newest = f"{done.about.made:%Y-%m-%d %H:%M:%SZ}", done.newest_event
    print(f"""The hub of {done.about.site} is restored in {done.home.path}, as it was at {made}.

  Root fingerprint   {done.home.root_fingerprint}
  In the database    {done.people} people, {done.revisions} revisions, {done.kiosks} kiosks
  Newest event       {f"{newest:%Y-%m-%d %H:%M:%SZ}" if newest is not None else "none"}
  Made by            Stationleaf {done.about.program}

What was changed after {made} is not in it. Before you serve it:
  1. Do again what took something away since: blocked kiosks and people, revoked badges, recalled revisions.
  2. If a key was changed since: stationleaf hub rotate trust {done.home.path}
  3. Be sure that the hub that it replaces does not run any more.
  4. Serve:          stationleaf hub serve {done.home.path}
  5. Look at alarms: stationleaf admin --hub {done.home.path} alarms
Kiosks go on by themselves. A kiosk that was enrolled after {made} is enrolled again.""")
    return 0


def read_passphrase(file: Path | None, *, twice: bool) -> str:
    """The passphrase from a file's first line, from the environment, or from the person at the terminal.

    Raises:
        Refused: there is none of these, or the two that were typed differ.
        NotFound, Unavailable: the file cannot be read.
    """
    if file is not None:
        return _first_line(file)
    if VARIABLE in os.environ:
        return os.environ[VARIABLE]
    if not sys.stdin.isatty():
        raise Refused(
            "There is nobody here to ask for the passphrase.",
            advice=f"Give --passphrase-file FILE, or set {VARIABLE}.",
            code="no_passphrase",
        )
    passphrase = getpass.getpass("Passphrase of the backup (not shown): ")
    if twice and getpass.getpass("The same again: ") != passphrase:
        raise Refused("The two passphrases differ.", advice="Start again.", code="passphrases_differ")
    return passphrase


def _first_line(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r")
    except FileNotFoundError:
        raise NotFound(f"The passphrase's file {file} does not exist.") from None
    except UnicodeDecodeError:
        raise Refused(f"The passphrase's file {file} is not text in UTF-8.") from None
    except OSError as error:
        raise Unavailable(f"The passphrase's file {file} cannot be read: {error.strerror}.") from None
