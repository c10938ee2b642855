"""``stationleaf admin kiosk``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli.admin_base import change, command, office, shown_time, table, verbs
from app.model.errors import Refused

if TYPE_CHECKING:
    import argparse

    from app.cli.admin_base import Nouns


def build(nouns: Nouns) -> None:
    """Add the noun."""
    more = verbs(nouns, "kiosk", "kiosks: enrol, approve, block", example="kiosk add K-1 --station ST-040")
    add = command(more, "add", "add a kiosk at a station", _add, example="kiosk add K-1 --station ST-040",
                  changes=True)  # fmt: skip
    add.add_argument("kiosk", metavar="CODE")
    add.add_argument("--station", required=True, metavar="CODE")
    code = command(more, "code", "make a one-time code for its device", _code, example="kiosk code K-1",
                   changes=True)  # fmt: skip
    code.add_argument("kiosk", metavar="CODE")
    approve = command(
        more, "approve", "let the device that shows the number become the kiosk", _approve,
        example="kiosk approve K-1 --number 123456", changes=True,
    )  # fmt: skip
    approve.add_argument("kiosk", metavar="CODE")
    approve.add_argument("--number", required=True, metavar="DIGITS", help="the six digits on its screen")
    move = command(more, "move", "bind a kiosk to another station", _move,
                   example="kiosk move K-1 --station ST-050", changes=True)  # fmt: skip
    move.add_argument("kiosk", metavar="CODE")
    move.add_argument("--station", required=True, metavar="CODE")
    block = command(more, "block", "take everything away from a kiosk", _block,
                    example='kiosk block K-1 --lost --reason "stolen"', changes=True)  # fmt: skip
    block.add_argument("kiosk", metavar="CODE")
    block.add_argument("--lost", action="store_true", help="it is lost or stolen")
    for verb, purpose in (
        ("unblock", "let a blocked kiosk work again"),
        ("retire", "take a kiosk out of use for good"),
    ):
        one = command(more, verb, purpose, _turn, example=f'kiosk {verb} K-1 --reason "found"', changes=True)
        one.add_argument("kiosk", metavar="CODE")
    command(more, "list", "list the kiosks", _list, example="kiosk list")


def _add(args: argparse.Namespace) -> int:
    from app.hub.kiosks import add

    return change(
        args, f"Kiosk {args.kiosk}", lambda acting: add(acting, kiosk=args.kiosk, station=args.station)
    )


def _code(args: argparse.Namespace) -> int:
    from app.hub.kiosks import new_code

    with office(args) as hub:
        with hub.change() as acting:
            code, expires = new_code(acting, args.kiosk)
        dashed = "-".join(code[place : place + 4] for place in range(0, len(code), 4))
        print(f"""Enrolment of {args.kiosk}: the code works once, until {shown_time(expires)} (10 minutes).

At the device, as the user who will run the kiosk:
  stationleaf kiosk enrol --home DIR --hub https://{hub.home.address} --root {hub.home.root_fingerprint} \
--code {dashed} --wait

It then shows six digits. A second administrator compares them and runs:
  stationleaf admin --hub {hub.home.path} --as PERSON kiosk approve {args.kiosk} --number DIGITS""")
    return 0


def _approve(args: argparse.Namespace) -> int:
    from app.hub.kiosks import approve, note_wrong_number

    with office(args) as hub:
        try:
            with hub.change() as acting:
                outcome = approve(acting, args.kiosk, args.number)
        except Refused as error:
            if error.code == "wrong_number":
                with hub.change() as acting:
                    note_wrong_number(acting, args.kiosk)
            raise
        print(f"Kiosk {args.kiosk}: {'approved' if outcome.value == 'changed' else 'is active already'}.")
    return 0


def _move(args: argparse.Namespace) -> int:
    from app.hub.kiosks import move

    return change(args, f"Kiosk {args.kiosk}", lambda acting: move(acting, args.kiosk, args.station))


def _block(args: argparse.Namespace) -> int:
    from app.hub.kiosks import block

    return change(args, f"Kiosk {args.kiosk}", lambda acting: block(acting, args.kiosk, lost=args.lost))


def _turn(args: argparse.Namespace) -> int:
    from app.hub.kiosks import retire, unblock

    act = unblock if args.verb == "unblock" else retire
    return change(args, f"Kiosk {args.kiosk}", lambda acting: act(acting, args.kiosk))


def _list(args: argparse.Namespace) -> int:
    from app.hub.kiosks import kiosks

    with office(args) as hub, hub.read() as session:
        rows = [
            (k.code, k.station, "waits for approval" if k.waits else k.status, k.device,
             shown_time(k.enrolled) or "never", shown_time(k.seen) or "never", k.events)
            for k in kiosks(session)
        ]  # fmt: skip
        header = ("KIOSK", "STATION", "STATUS", "DEVICE", "ENROLLED", "SEEN", "EVENTS")
        table(header, rows, nothing="No kiosks yet.")
    return 0
