"""``stationleaf admin evidence``, ``evidence-key``: the file with which a client can check, and its names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.admin_base import Progress, command, office, time_of
from app.cli.files import write_new
from app.model.errors import Refused

if TYPE_CHECKING:
    import argparse

    from app.cli.admin_base import Nouns


def build(nouns: Nouns) -> None:
    """Add the commands."""
    evidence = command(
        nouns, "evidence", "make the file with which a client can check who saw its pages", _evidence,
        example="evidence --client C1 --from 2026-03-01 --to 2026-04-01 --out C1-march.zip",
        more="Without --from it begins with the log, and shows more. Times are the kiosks', in UTC.\n"
        "The client checks it with: stationleaf verify FILE --key KEY; keys: stationleaf admin log list\n\n",
    )  # fmt: skip
    evidence.add_argument("--client", required=True, metavar="CODE")
    evidence.add_argument("--from", dest="start", type=time_of, default=None, metavar="TIME", help="included")
    evidence.add_argument("--to", dest="end", type=time_of, default=None, metavar="TIME", help="not included")
    evidence.add_argument("--out", type=Path, required=True, metavar="FILE", help="a new file")
    key = command(
        nouns, "evidence-key", "write the key to the pseudonyms of a bundle, to be given to the client", _key,
        example="evidence-key C1-march.zip --person OP-7 --out OP-7.key",
        more="Who has it can read the entries of these persons in this bundle, and check them.\n\n",
    )  # fmt: skip
    key.add_argument("bundle", type=Path, metavar="BUNDLE")
    key.add_argument(
        "--person", action="append", default=[], metavar="CODE", help="this one only; repeat for more (all)"
    )
    key.add_argument("--out", type=Path, required=True, metavar="FILE", help="a new file, 0600")


def _evidence(args: argparse.Namespace) -> int:
    from app.hub.evidence import Asked, make

    progress = Progress()
    try:
        with office(args) as hub:
            asked = Asked(args.client, args.start, args.end, helped=True)
            about = make(
                hub.store, hub.home, asked, args.out, hub.now(),
                lambda done, total: progress(done, total, "entries"),
            )  # fmt: skip
    finally:
        progress.end()
    size = args.out.stat().st_size / 1e6
    print(f"{about.last - about.first} of the log's {about.size} entries are in {args.out} ({size:.1f} MB).")
    if about.pseudonyms:
        print("Persons stand in it under pseudonyms: stationleaf admin evidence-key opens them.")
    return 0


def _key(args: argparse.Namespace) -> int:
    from app.cli.files import opened
    from app.hub.acting import Task
    from app.hub.evidence import people_key
    from app.seal.bundle import Bundle
    from app.wire.evidence import ABOUT, About

    with office(args) as hub, hub.change() as acting:
        acting.require(Task.TRACE)
        with opened(args.bundle, "bundle") as file:
            bundle = Bundle(file, hub.home.keys.log.public)
            about = About.read(bundle.read(ABOUT))
            if not about.pseudonyms:
                raise Refused("This bundle names persons as they are: there is no key to it.")
            people = people_key(acting.session, hub.home, bundle, args.person)
        said = {"bundle": about.bundle, "persons": [one.person for one in people.people]}
        acting.record("evidence.key", about.client, None, said)
    write_new(args.out, people.exact(), private=True)
    print(f"The key to {len(people.people)} persons in that bundle is in {args.out}.")
    return 0
