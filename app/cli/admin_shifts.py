"""``stationleaf admin plan``: shift plans of a line, day by day."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.admin_base import command, office, shown_time, table, verbs
from app.model.errors import Refused, Unavailable

if TYPE_CHECKING:
    import argparse

    from app.cli.admin_base import Nouns
    from app.hub.shifts import Day
    from app.wire.desk import PlanReply, PlanRow

MORE = """A plan is assignments from a time until a time. All rows are put down, or none while one is bad.
Days begin at midnight in the zone (--zone, this machine's if it is known).

"""


def build(nouns: Nouns) -> None:
    """Add the noun."""
    more = verbs(nouns, "plan", "shift plans: who works where from when until when",
                 example="plan show --line L1 --day 2026-03-03")  # fmt: skip
    show = command(more, "show", "show the plan of a day", _show, more=MORE,
                   example="plan show --line L1 --day 2026-03-03 --zone Europe/Paris")  # fmt: skip
    copy = command(more, "copy", "copy the plan of an earlier day to the same hours", _copy, changes=True,
                   more=MORE, example="plan copy --line L1 --day 2026-03-03 --dry-run")  # fmt: skip
    copy.add_argument("--days", type=int, default=1, metavar="N", help="from so many days before (1)")
    load = command(more, "import", "import a CSV table: person,station,kind,start,end", _import, changes=True,
                   more=MORE, example="plan import monday.csv --line L1 --day 2026-03-02")  # fmt: skip
    load.add_argument("file", type=Path, metavar="FILE")
    for verb in (show, copy, load):
        verb.add_argument("--line", required=True, metavar="LINE")
        verb.add_argument("--day", required=True, metavar="DAY", help="such as 2026-03-03")
        verb.add_argument("--zone", default="", metavar="ZONE", help="such as Europe/Paris")
    for verb in (copy, load):
        verb.add_argument("--dry-run", action="store_true", help="check everything, write nothing")


def _show(args: argparse.Namespace) -> int:
    from app.hub.shifts import told_plan

    with office(args) as hub, hub.read() as session:
        _table(told_plan(session, args.line, _day(args)).rows, "Nobody is planned.")
    return 0


def _copy(args: argparse.Namespace) -> int:
    if not 1 <= args.days <= 62:
        raise Refused("Days before are from 1 to 62.", code="bad_time")
    return _put(args, copy_days=args.days)


def _import(args: argparse.Namespace) -> int:
    try:
        text = args.file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Unavailable(
            f"The file {args.file} cannot be read: {error.strerror}.", advice="Check the path."
        ) from None
    except UnicodeDecodeError:
        raise Refused(f"The file {args.file} is not UTF-8.", advice="Save it as CSV UTF-8.") from None
    return _put(args, csv=text)


def _put(args: argparse.Namespace, *, copy_days: int = 0, csv: str = "") -> int:
    from app.hub.shifts import Plan, put

    plan = Plan(args.line, _day(args), csv=csv, copy_days=copy_days, dry_run=args.dry_run)
    with office(args) as hub:
        told = put(plan, hub.rehearse, hub.change)
    _table(told.rows, "There is nothing to plan.")
    return _conclude(args, told)


def _conclude(args: argparse.Namespace, told: PlanReply) -> int:
    bad = sum(row.bad for row in told.rows)
    if bad:
        raise Refused(
            f"{bad} bad row{'' if bad == 1 else 's'}; nothing was written.",
            advice="Correct them and try again.",
            code="bad_rows",
        )
    rows = "1 row is" if len(told.rows) == 1 else f"{len(told.rows)} rows are"
    if not args.dry_run:
        print(f"{rows} in force.")
    else:
        asks = " A reason will be asked for: --reason." if told.needs_reason and not args.reason else ""
        print(f"{rows} good; nothing was written.{asks}")
    return 0


def _table(rows: tuple[PlanRow, ...], nothing: str) -> None:
    header = ("ROW", "PERSON", "NAME", "STATION", "KIND", "FROM", "UNTIL", "NOTE")
    table(header, [_cells(row) for row in rows], nothing=nothing)


def _cells(row: PlanRow) -> tuple[object, ...]:
    says = f"BAD: {row.says}" if row.bad else row.says
    if row.span is None:
        return (row.number, "", "", "", "", "", "", says)
    span = row.span
    until = shown_time(span.end) or "open"
    return (
        row.number,
        span.person,
        row.name,
        span.station,
        span.kind.value,
        shown_time(span.start),
        until,
        says,
    )


def _day(args: argparse.Namespace) -> Day:
    from app.hub.shifts import Day

    return Day.read(args.day, args.zone or _zone_here())


def _zone_here() -> str:
    """The name of this machine's zone: systemd's link (localtime(5)), else UTC."""
    parts = Path("/etc/localtime").resolve().parts
    return "/".join(parts[parts.index("zoneinfo") + 1 :]) if "zoneinfo" in parts else "UTC"
