"""``stationleaf admin exposure``: who was ever given which share of the know-how, and what would be."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.admin_base import command, office, shown_time, table, write_csv
from app.model.errors import Refused, Unavailable

if TYPE_CHECKING:
    import argparse

    from sqlalchemy.orm import Session

    from app.cli.admin_base import Nouns
    from app.hub.acting import Acting
    from app.hub.exposure_report import Column

KINDS = ("person", "kiosk", "station", "line", "site")

MORE = """A share is of a client's confidential pages in force, and of each part's, ever shown there; the
limit is that of the client (client add --exposure-limit, --line-limit, --site-limit).

"""
STAGES = """A stage is a group of stations: each line, or as --stages says (a CSV table: station,stage). It
says who or what is, was or will be given confidential pages of two stages: pages, people, kiosks, stations
and lines. Exit code 1: they are not apart. --plan tries a table of assignments first, and writes nothing.

"""


def build(nouns: Nouns) -> None:
    """Add the noun and its verbs."""
    noun = command(nouns, "exposure", "which share of the know-how somebody was ever given", _list,
                   more=MORE, example="exposure --by line --client C1 --csv")  # fmt: skip
    noun.add_argument("--by", choices=KINDS, default="person", help="whose (person)")
    noun.add_argument("--client", default="", metavar="CODE")
    noun.add_argument("--csv", action="store_true", help="CSV on standard output")
    more = noun.add_subparsers(dest="verb", metavar="VERB")
    pages = command(more, "pages", "the pages behind a share: given or not", _pages,
                    example="exposure pages person OP-7 C1 --part P-1")  # fmt: skip
    pages.add_argument("kind", choices=KINDS)
    pages.add_argument("code", metavar="CODE")
    pages.add_argument("client", metavar="CLIENT")
    pages.add_argument("--part", default="", metavar="CODE")
    pages.add_argument("--csv", action="store_true", help="CSV on standard output")
    suppose = command(more, "if", "what would change if a person worked at a station", _if,
                      example="exposure if OP-7 ST-040")  # fmt: skip
    suppose.add_argument("person", metavar="PERSON")
    suppose.add_argument("station", metavar="STATION")
    split = command(more, "split", "whether a planned split keeps the stages of a part apart", _split,
                    more=STAGES, example="exposure split P-1 --stages stages.csv")  # fmt: skip
    split.add_argument("part", metavar="PART")
    split.add_argument("--stages", type=Path, default=None, metavar="FILE", help="CSV: station,stage")
    split.add_argument(
        "--plan", type=Path, default=None, metavar="FILE", help="CSV: person,station,start,end"
    )
    check = command(more, "check", "compare the maintained record with a count of all events", _check,
                    example="exposure check")  # fmt: skip
    check.add_argument("--recount", action="store_true", help="make it anew from the events")


def _list(args: argparse.Namespace) -> int:
    from app.hub.exposure_report import exposure

    with office(args) as hub, hub.read() as session:
        _need_client(session, args.client)
        found = exposure(session, args.by, [args.client] if args.client else None)
        rows = [
            (
                row.code, row.name, column.client, column.part, one.seen, one.of, one.percent,
                column.limit, "crossed" if one.beyond(column.limit) else "",
            )
            for row in found.rows
            for column, one in zip(found.columns, row.shares, strict=True)
            if one.seen
        ]  # fmt: skip
        if args.csv:
            write_csv((args.by, "name", "client", "part", "given", "of", "percent", "limit", "over"), rows)
            return 0
        if not found.columns:
            print("No confidential page is in force.")
            return 0
        header = (args.by.upper(), "NAME", *map(_title, found.columns))
        cells = [
            (row.code, row.name, *(
                f"{one.percent} %{' !' if one.beyond(column.limit) else ''}" if one.seen else ""
                for column, one in zip(found.columns, row.shares, strict=True)
            ))
            for row in found.rows
        ]  # fmt: skip
        table(header, cells, nothing="Nobody was given a confidential page yet.")
        if any(one.beyond(column.limit) for row in found.rows
               for column, one in zip(found.columns, row.shares, strict=True)):  # fmt: skip
            print("! over the client's limit: its pages are closed there.")
    return 0


def _title(column: Column) -> str:
    limit = "" if column.limit is None else f" (limit {column.limit})"
    return column.part or f"{column.client}{limit}"


def _need_client(session: Session, client: str) -> None:
    from app.hub.lookup import need
    from app.hub.schema import Client

    if client:
        need(session, Client, client, "client")


def _pages(args: argparse.Namespace) -> int:
    from app.hub.exposure_report import pages_given

    with office(args) as hub, hub.read() as session:
        _need_client(session, args.client)
        found = pages_given(session, args.kind, args.code, args.client, args.part)
        rows = [
            (page.document, page.revision, page.number, page.label, page.classification,
             "given" if page.given else "", page.views, shown_time(page.first), shown_time(page.last))
            for page in found
        ]  # fmt: skip
    columns = ("document", "revision", "page", "label", "class", "given", "views", "first", "last")
    if args.csv:
        write_csv(columns, rows)
        return 0
    table([name.upper() for name in columns], rows, nothing="No confidential page is in force.")
    if rows:
        had = sum(page.given for page in found)
        print(f"{had} of {len(found)} pages were given to {args.kind} {args.code}.")
    return 0


def _if(args: argparse.Namespace) -> int:
    from app.hub.foresee import foresee
    from app.hub.lookup import need
    from app.hub.schema import PersonRow, StationRow

    with office(args) as hub, hub.rehearse() as acting:
        person = need(acting.session, PersonRow, args.person, "person")
        need(acting.session, StationRow, args.station, "station")
        (outlook,) = foresee(
            acting.session, acting.by, person, acting.now, only=(args.station,), by_part=True
        )
    rows = [
        (one.client, one.part or "all", one.kind, one.code, f"{one.now} %", f"{one.then} %",
         "" if one.limit is None else f"{one.limit} %", "broken" if one.breaks else "")
        for one in outlook.exposure
    ]  # fmt: skip
    if outlook.says:
        print(outlook.says)
    table(("CLIENT", "PART", "WHO", "CODE", "NOW", "THEN", "LIMIT", ""), rows,
          nothing="No share would change: no confidential page could be read there.")  # fmt: skip
    if outlook.breaks:
        print(outlook.breaks)
    return 0


def _split(args: argparse.Namespace) -> int:
    from app.hub.stages import split

    stages = None if args.stages is None else _stages(args.stages)
    with office(args) as hub, hub.rehearse() as acting:
        if args.plan is not None:
            _try_plan(acting, args.plan)
        found = split(acting.session, args.part, acting.now, stages)
    table(("STAGE", "CONFIDENTIAL PAGES"), sorted(found.stages.items()), nothing="There is no stage.")
    print()
    rows = [(one.kind, one.code, " + ".join(one.stages), one.says) for one in found.breaks]
    table(("BROKEN BY", "CODE", "STAGES", "HOW"), rows, nothing="The split keeps every stage apart.")
    return 1 if found.breaks else 0


def _stages(file: Path) -> dict[str, str]:
    import csv

    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError, csv.Error):
        raise Unavailable(f"The file {file} cannot be read as CSV.", advice="Check the path.") from None
    try:
        found = {row["station"].strip(): row["stage"].strip() for row in rows}
    except (KeyError, AttributeError):
        found = {}
    if not found or not all(found.values()):
        raise Refused(f"{file} is no table of stages.", advice="Its first line is: station,stage")
    return found


def _try_plan(acting: Acting, file: Path) -> None:
    """Assign as the table says, in a transaction that is rolled back."""
    from zoneinfo import ZoneInfo

    from app.hub import work
    from app.hub.shifts import from_csv

    try:
        data = file.read_bytes()
    except OSError:
        raise Unavailable(f"The file {file} cannot be read.", advice="Check the path.") from None
    spans, bad = from_csv(file.name, data, ZoneInfo("UTC"))
    if bad:
        raise Refused(f"{file}, row {bad[0].line}: {bad[0].problem}", code="bad_rows")
    for _, span in spans:
        start = None if span.start <= acting.now else span.start
        work.assign(
            acting, person=span.person, station=span.station, kind=span.kind, start=start, end=span.end
        )
    acting.session.flush()


def _check(args: argparse.Namespace) -> int:
    from app.hub.acting import Task
    from app.hub.given import differences, recount

    with office(args) as hub:
        if args.recount:
            with hub.change() as acting:
                acting.require(Task.PLANT)
                recount(acting.session)
                acting.record("exposure.recount", "exposure", None, None)
        with hub.read() as session:
            wrong = differences(session)
    for client, kind, code in wrong:
        print(f"{kind} {code}: the record for client {client} is not what the events say.")
    if wrong:
        raise Refused(
            "The exposure record is not what the events say.",
            advice="stationleaf admin log check, then exposure check --recount.",
            code="exposure_differs",
        )
    print("The exposure record is what the events say.")
    return 0
