"""``stationleaf desk``: the supervisor's board, or enrol this machine as a desk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.kiosk import state_folder
from app.cli.kiosk_enrol import build_enrol

if TYPE_CHECKING:
    import argparse

    from app.desk.office import Office

EXAMPLE = """example:
  stationleaf desk                      the board; sign in with badge and PIN
  stationleaf desk --dark               for a dim control room
  stationleaf desk enrol --help         how this machine becomes a desk

A desk is enrolled like a kiosk, at any station of its line: stationleaf admin kiosk add D-1 --station ST-040
"""


def build(parser: argparse.ArgumentParser) -> None:
    """Add the options and the verb."""
    home = state_folder("desk")
    parser.epilog = EXAMPLE
    parser.add_argument(
        "--home", type=Path, default=home, metavar="DIR", help=f"where the desk keeps its files ({home})"
    )
    parser.add_argument("--dark", action="store_true", help="light on dark")
    parser.set_defaults(run=_run)
    build_enrol(parser.add_subparsers(dest="verb", metavar="VERB"), home, "desk")


def _run(args: argparse.Namespace) -> int:
    from app.kiosk.hardening import harden

    harden()  # before anything is read that others must not see

    from app.ui.desk_app import run_desk

    def open_office() -> Office:
        from app.desk.office import Office
        from app.kiosk.places import Places
        from app.wire.clock import SystemClock

        return Office.open(Places(args.home), SystemClock())

    return run_desk(open_office, mode="dark" if args.dark else "light")
