"""``stationleaf admin log``: check the transparency logs, and hand out their keys and checkpoints."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.admin_base import clean, command, office, table, verbs
from app.cli.files import read_file, write_new
from app.cli.keys import read_key_word

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from app.cli.admin_base import Nouns, Office
    from app.hub.log_check import Finding

MOST_SHOWN = 50


def build(nouns: Nouns) -> None:
    """Add the noun and its verbs."""
    more = verbs(nouns, "log", "the transparency logs of site and clients", example="log check")
    check = command(
        more, "check", "compare the hub's database with its logs and with what others have seen of them",
        _check, example="log check --seen client.checkpoint",
        more="Exit code 1: something was found; a line each. Every event is read and verified.\n\n",
    )  # fmt: skip
    check.add_argument(
        "--seen", action="append", type=Path, default=[], metavar="FILE",
        help="a checkpoint that a client, a witness or a kiosk holds; repeat for more",
    )  # fmt: skip
    check.add_argument("--all", action="store_true", help=f"all findings, not only the first {MOST_SHOWN}")
    command(more, "list", "list the logs with size, origin and verifier key", _list, example="log list")
    checkpoint = command(
        more, "checkpoint", "write a log's checkpoint, signed now, for a client or its witness", _checkpoint,
        example="log checkpoint --client C1 --old 350 --out C1.request",
        more="With --old it is for stationleaf witness sign: it proves that the log continues these.\n\n",
    )  # fmt: skip
    checkpoint.add_argument("--client", default="", metavar="CODE", help="(the site's log)")
    checkpoint.add_argument(
        "--old", type=int, metavar="SIZE", help="how many entries the witness has cosigned; 0 at first"
    )
    checkpoint.add_argument("--out", type=Path, required=True, metavar="FILE", help="a new file")
    cosigned = command(
        more, "cosigned", "keep a checkpoint that a client's witness cosigned", _cosigned,
        example="log cosigned C1.cosigned --witness witness.vkey", changes=True,
    )  # fmt: skip
    cosigned.add_argument("file", type=Path, metavar="FILE", help="what the witness sent back")
    cosigned.add_argument(
        "--witness", required=True, metavar="KEY", help="its verifier key, or a file with it"
    )


def _check(args: argparse.Namespace) -> int:
    from app.hub.log_heads import size_of
    from app.hub.logs import codes

    seen = [(path, read_file(path, "checkpoint")) for path in args.seen]
    with office(args) as hub, hub.read() as session:
        found = _findings(session, hub, seen)
        shown = list(found if args.all else islice(found, MOST_SHOWN))
        for finding in shown:
            print(clean(finding.says))
        if next(found, None) is not None:
            print(f"These are the first {MOST_SHOWN}; --all shows all.")
        entries = sum(size_of(session, code) for code in codes(session))
        logs = len(codes(session))
    if shown:
        print("Keep a copy of the hub's database as it is now, and tell quality.")
        return 1
    print(f"{entries} entries of {logs} logs: every event is as its device signed it and as it was logged.")
    if not seen:
        print("A history rewritten as a whole shows only against a checkpoint that others hold: --seen.")
    return 0


def _findings(session: Session, hub: Office, files: list[tuple[Path, bytes]]) -> Iterator[Finding]:
    from app.hub.cosigning import cosigned
    from app.hub.log_check import findings
    from app.hub.log_seen import Seen, contradicted, reported
    from app.hub.logs import codes

    seen = [Seen(note, f"the file {path.name}") for path, note in files]
    for code in codes(session):
        seen += [
            Seen(row.note, f"the witness {row.witness.split('+')[0]}") for row in cosigned(session, code)
        ]
    for one in seen:
        finding = contradicted(session, hub.home, one)
        if finding is not None:
            yield finding
    yield from findings(session)
    yield from reported(session, hub.home)


def _list(args: argparse.Namespace) -> int:
    from app.hub.log_heads import origin, size_of
    from app.hub.logs import codes
    from app.seal.note import NoteKey

    with office(args) as hub, hub.read() as session:
        rows = [
            (
                code or "the site",
                size_of(session, code),
                NoteKey(origin(session, hub.home, code), public).vkey,
            )
            for code in codes(session)
            for public in hub.home.said.log_keys
        ]
    table(("LOG", "ENTRIES", "VERIFIER KEY"), rows, nothing="No logs yet.")
    return 0


def _checkpoint(args: argparse.Namespace) -> int:
    from app.hub.cosigning import request
    from app.hub.log_heads import head
    from app.hub.lookup import need
    from app.hub.schema import Client

    with office(args) as hub, hub.read() as session:
        if args.client:
            need(session, Client, args.client, "client")
        now = head(session, hub.home, args.client)
        asked = None if args.old is None else request(session, hub.home, args.client, args.old)
    write_new(args.out, now.note if asked is None else asked.exact())
    print(f"The checkpoint of {now.checkpoint.size} entries is in {args.out}.")
    return 0


def _cosigned(args: argparse.Namespace) -> int:
    from app.hub.cosigning import take
    from app.seal.cosignature import Witness

    note = read_file(args.file, "cosigned checkpoint")
    witness = Witness.read(read_key_word(args.witness))
    with office(args) as hub, hub.change() as acting:
        outcome = take(acting, hub.home, note, witness)
    print(f"Checkpoint cosigned by {witness.name}: {outcome.value}.")
    return 0
