"""``stationleaf admin calls``: calls for help, and how long they waited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli.admin_base import command, office, shown_time, table, time_of, verbs, write_csv

if TYPE_CHECKING:
    import argparse
    from datetime import datetime

    from app.cli.admin_base import Nouns
    from app.hub.calls import Call

COLUMNS = ("call", "at", "received", "station", "kiosk", "person", "name", "unit", "order", "taken_by",
           "taken", "ended_by", "ended", "taken_back")  # fmt: skip


def build(nouns: Nouns) -> None:
    """Add the noun and its verbs."""
    more = verbs(nouns, "calls", "calls for help from stations", example="calls list")
    listing = command(
        more, "list", "list calls for help, oldest first", _list, example="calls list --from 2026-03-01",
        more="Supervisors take and end them at the desk's board. Times are UTC; waiting times count from\n"
        "the call at the kiosk.\n\n",
    )  # fmt: skip
    listing.add_argument("--open", action="store_true", help="only those that stand")
    listing.add_argument("--from", dest="start", type=time_of, default=None, metavar="TIME", help="included")
    listing.add_argument("--csv", action="store_true", help="CSV on standard output")


def _list(args: argparse.Namespace) -> int:
    from app.hub.calls import listed

    with office(args) as hub, hub.read() as session:
        found = listed(session, since=args.start, standing_only=args.open)
        if args.csv:
            write_csv(COLUMNS, map(_cells, found))
            return 0
        rows = [
            (
                one.row.code,
                shown_time(one.row.at),
                one.row.station,
                one.name,
                one.row.unit,
                _taken(one),
                _end(one),
            )
            for one in found
        ]
        header = ("CALL", "AT", "STATION", "WHO", "UNIT", "COMING", "END")
        table(header, rows, nothing="Nobody called for help.")
    return 0


def _taken(call: Call) -> str:
    row = call.row
    return "nobody" if row.taken is None else f"{row.taken_by} after {_waited(row.at, row.taken)}"


def _end(call: Call) -> str:
    row = call.row
    if row.withdrawn is not None:
        return f"taken back after {_waited(row.at, row.withdrawn)}"
    return "stands" if row.ended is None else f"{row.ended_by} after {_waited(row.at, row.ended)}"


def _waited(since: datetime, until: datetime) -> str:
    seconds = max(0, round((until - since).total_seconds()))
    return f"{seconds // 60}:{seconds % 60:02}"


def _cells(call: Call) -> list[object]:
    row = call.row
    return [
        row.code, shown_time(row.at), shown_time(row.received), row.station, row.kiosk, row.person, call.name,
        row.unit, row.work_order, row.taken_by, shown_time(row.taken), row.ended_by, shown_time(row.ended),
        shown_time(row.withdrawn),
    ]  # fmt: skip
