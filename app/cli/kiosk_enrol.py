"""``stationleaf kiosk enrol``: make this machine a kiosk with a one-time code."""

from __future__ import annotations

import argparse
import getpass
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.kiosk.enrol import Enrolled, Enrolment

EXAMPLE = """example:
  stationleaf kiosk enrol --hub https://hub.plant.example:8443 --root 9F2A… --code ABCD-EFGH-IJKL-MNOP --wait

Hub, root and code are on the sheet that "stationleaf admin kiosk code" prints; the code works once, for ten
minutes. A second administrator compares the number that is printed here. Run the command again, with the same
values, if it broke off; with --wait alone it goes on waiting.
"""
WAIT_SECONDS = 1.0


def build_enrol(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser],
    home: Path | None = None,
    starts: str = "kiosk",
) -> None:
    """Add the verb; ``home``: the parser above has ``--home`` too, and this is its default. ``starts`` is the
    command that runs the enrolled machine.
    """
    parser = verbs.add_parser(
        "enrol",
        help="make this machine a kiosk with a one-time code",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--home", type=Path, default=argparse.SUPPRESS, required=home is None, metavar="DIR",
        help="where the kiosk keeps its files" + (f" ({home})" if home is not None else ""),
    )  # fmt: skip
    parser.add_argument("--hub", default="", metavar="URL", help="the hub's address, https://HOST:PORT")
    parser.add_argument("--root", default="", metavar="HEX", help="fingerprint of the hub's root key")
    parser.add_argument("--code", default="", metavar="CODE", help="the one-time code; else asked for")
    parser.add_argument(
        "--wait", action="store_true", help="wait until the second administrator has confirmed"
    )
    parser.set_defaults(run=_run, starts=starts)


def _run(args: argparse.Namespace) -> int:
    from app.kiosk.enrol import Enrolment
    from app.kiosk.hardening import harden
    from app.kiosk.places import Places
    from app.wire.clock import SystemClock

    harden()
    places = Places(args.home)
    with places.claim():
        enrolment = Enrolment.at(places, SystemClock())
        enrolled = _enrolled(enrolment, args)
        print(_words(enrolled, args), flush=True)
        if args.wait:
            enrolment.wait(lambda: time.sleep(WAIT_SECONDS), _Trouble())
            print(
                f"{enrolled.kiosk} is confirmed. Start it:  stationleaf {args.starts} --home {args.home}",
                flush=True,
            )
    return 0


def _enrolled(enrolment: Enrolment, args: argparse.Namespace) -> Enrolled:
    from app.kiosk.enrol import Sheet
    from app.model.errors import Refused

    if not (args.hub or args.root or args.code):
        waiting = enrolment.pending()
        if waiting is not None:
            return waiting
        keys = enrolment.vault.load()
        if keys is not None:
            raise Refused(
                f"This machine is kiosk {keys.kiosk} already.",
                advice="To enrol it again, give --hub, --root and --code of a new sheet.",
                code="already_enrolled",
            )
    if not (args.hub and args.root):
        raise Refused("The hub is not named.", advice="Give --hub and --root from the enrolment sheet.")
    return enrolment.ask(Sheet.read(args.hub, args.root, args.code or _ask_code()))


def _ask_code() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("One-time code (not shown): ")
    return sys.stdin.readline()


def _words(enrolled: Enrolled, args: argparse.Namespace) -> str:
    number = f"{enrolled.number[:3]} {enrolled.number[3:]}" if enrolled.number else "(confirmed)"
    lines = [
        f"This machine asks to be kiosk {enrolled.kiosk} at station {enrolled.station}.",
        "",
        f"  Number to compare:  {number}",
        "",
        "A second administrator compares it and confirms at the hub:",
        f"  stationleaf admin kiosk approve {enrolled.kiosk} --number DIGITS",
    ]
    if not args.wait:
        lines.append(f"Then start it:  stationleaf {args.starts} --home {args.home}")
    return "\n".join(lines)


class _Trouble:
    """Says once when the hub cannot be reached, and once when it can again."""

    def __init__(self) -> None:
        self._said = ""

    def __call__(self, sentence: str) -> None:
        if sentence != self._said:
            print(sentence or "The hub answers again.", file=sys.stderr, flush=True)
            self._said = sentence
