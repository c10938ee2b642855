"""``stationleaf hub``: make a hub's folder, serve it, save it and restore it."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path

from app.cli import hub_backup, hub_rotate
from app.model.errors import Refused
from app.wire.clock import SystemClock

EXAMPLE = """examples:
  stationleaf hub init plant/ --site S1 --site-name "Plant One" --host hub.plant.example
  stationleaf hub serve plant/
  stationleaf hub backup plant/ plant.backup
"""
INIT_EXAMPLE = """example:
  stationleaf hub init plant/ --site S1 --site-name "Plant One" --host hub.plant.example --host 10.0.0.5

The badge number of the first supervisor is asked for and not shown. The folder holds private keys:
keep it on an encrypted disk, readable for the hub's user alone.
"""
SERVE_EXAMPLE = """example:
  stationleaf hub serve plant/ --host 0.0.0.0 --port 8443
"""


def build(parser: argparse.ArgumentParser) -> None:
    """Add the verbs."""
    parser.epilog = EXAMPLE
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    raw = argparse.RawDescriptionHelpFormatter
    init = verbs.add_parser("init", help="make a new hub", epilog=INIT_EXAMPLE, formatter_class=raw)
    init.add_argument(
        "folder", type=Path, metavar="DIR", help="a folder that does not exist yet, or is empty"
    )
    init.add_argument("--site", required=True, metavar="CODE", help="the site's code, e.g. S1")
    init.add_argument("--site-name", required=True, metavar="NAME", help="the site's name")
    init.add_argument(
        "--host", action="append", required=True, dest="hosts", metavar="NAME",
        help="a name or address by which kiosks reach the hub; repeat for more, links carry the first",
    )  # fmt: skip
    init.add_argument("--port", type=int, default=8443, help="the port that kiosks are told (8443)")
    init.add_argument("--database", default="", metavar="URL", help="PostgreSQL instead of a file in DIR")
    init.add_argument("--supervisor", default="SUP-1", metavar="CODE", help="the first supervisor's code")
    init.add_argument("--supervisor-name", default="", metavar="NAME", help="the first supervisor's name")
    init.add_argument("--supervisor-badge", default="", metavar="NUMBER", help="asked for if left out")
    init.set_defaults(run=_init)
    serve = verbs.add_parser("serve", help="serve kiosks", epilog=SERVE_EXAMPLE, formatter_class=raw)
    serve.add_argument("folder", type=Path, metavar="DIR", help="a folder made by hub init")
    serve.add_argument("--host", default="0.0.0.0", metavar="ADDRESS", help="where to listen (0.0.0.0)")  # noqa: S104 (kiosks are on the plant's network)
    serve.add_argument("--port", type=int, default=None, help="the port (that of hub init)")
    serve.set_defaults(run=_serve)
    hub_backup.build(verbs)
    hub_rotate.build(verbs)


def _init(args: argparse.Namespace) -> int:
    from app.hub.found import First, found

    name = args.supervisor_name or _ask("Name of the first supervisor: ")
    first = First(args.supervisor, name, args.supervisor_badge or _ask_badge())
    home = found(
        args.folder,
        site=args.site,
        site_name=args.site_name,
        hosts=args.hosts,
        first=first,
        now=SystemClock().now(),
        port=args.port,
        database=args.database,
    )
    print(f"""The hub of {args.site_name} is made in {home.path}.

  Root fingerprint   {home.root_fingerprint}
  First supervisor   {first.person} {first.name} (also administrator)
  Address for kiosks {home.address}

Next:
  1. Move {home.path / "keys" / "root.key"} to a safe. It is needed only to change keys.
  2. Serve:          stationleaf hub serve {home.path}
  3. Fill it:        stationleaf admin --hub {home.path} import FOLDER
  4. Publish:        stationleaf admin --hub {home.path} publish MANUAL.pdf --help
  5. Add a kiosk:    stationleaf admin --hub {home.path} kiosk add K-1 --station STATION""")
    return 0


def _ask(question: str) -> str:
    if not sys.stdin.isatty():
        raise Refused(
            "The first supervisor is not named.", advice="Give --supervisor-name and --supervisor-badge."
        )
    print(question, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip()


def _ask_badge() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    return getpass.getpass("Tap or type the first supervisor's badge (not shown): ").strip()


def _serve(args: argparse.Namespace) -> int:
    from app.hub.home import Home
    from app.hub.serve import serve

    home = Home.open(args.folder)
    serve(home, args.host, home.port if args.port is None else args.port)
    return 0
