"""``stationleaf kiosk``: run this machine as a station kiosk, or enrol it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.kiosk_enrol import build_enrol
from app.cli.kiosk_readers import build_readers
from app.model.terms import TEXT_SIZES

if TYPE_CHECKING:
    import argparse

    from app.kiosk.view import Kiosk

EXAMPLE = """example:
  stationleaf kiosk                     full screen, with the files of this user's kiosk
  stationleaf kiosk --windowed          in a window, to try it out
  stationleaf kiosk enrol --help        how this machine becomes a kiosk
  stationleaf kiosk readers             try its badge readers
"""


def build(parser: argparse.ArgumentParser) -> None:
    """Add the options and the verb."""
    home = default_home()
    parser.epilog = EXAMPLE
    parser.add_argument(
        "--home", type=Path, default=home, metavar="DIR", help=f"where the kiosk keeps its files ({home})"
    )
    parser.add_argument("--windowed", action="store_true", help="in a window instead of the full screen")
    parser.add_argument("--dark", action="store_true", help="light letters on dark, for a dim place")
    parser.add_argument(
        "--language",
        choices=("en", "es", "zh", "ms"),
        default="en",
        help="what the screen speaks until somebody is signed in (en)",
    )
    parser.add_argument(
        "--text-size",
        type=int,
        choices=TEXT_SIZES,
        default=100,
        metavar="PERCENT",
        help="how large letters are: 100, 125, 150 or 200; larger for whose profile says so (100)",
    )
    parser.add_argument(
        "--screen-dpi",
        type=float,
        metavar="N",
        help="the screen's real pixels per inch, where it tells wrong ones",
    )
    parser.add_argument(
        "--pedal",
        action="append",
        default=[],
        metavar="KEY=WHAT",
        help="what a foot pedal's key does: F13=next, F14=previous …; it pages and never signs; repeat",
    )
    parser.add_argument(
        "--sound",
        action="store_true",
        help="the system's bell, too: once when a badge opens, twice at a warning, thrice when help comes",
    )
    parser.set_defaults(run=_run)
    verbs = parser.add_subparsers(dest="verb", metavar="VERB")
    build_enrol(verbs, home)
    build_readers(verbs, home)


def default_home() -> Path:
    """Where a kiosk of this user keeps its files."""
    return state_folder("kiosk")


def state_folder(name: str) -> Path:
    """A folder of this user's for ``name`` (XDG base directories; ``%LOCALAPPDATA%`` on Windows)."""
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA", "~")).expanduser() / "Stationleaf" / name
    base = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    return Path(base).expanduser() / "stationleaf" / name


def _run(args: argparse.Namespace) -> int:
    from app.kiosk.hardening import harden

    hardened = harden()  # before anything is read that others must not see

    from app.ui.kiosk_app import run_kiosk

    def make_engine() -> Kiosk:
        import logging

        from app.kiosk.compose import build as compose
        from app.kiosk.engine import Engine
        from app.kiosk.places import Places

        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
        logging.getLogger("httpx").setLevel(logging.WARNING)
        places = Places(args.home)
        return Engine(lambda: compose(places, hardened))

    return run_kiosk(
        make_engine,
        windowed=args.windowed,
        mode="dark" if args.dark else "light",
        language=args.language,
        text_size=args.text_size,
        dpi=args.screen_dpi,
        pedal=args.pedal,
        sound=args.sound,
    )
