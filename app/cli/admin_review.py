"""``stationleaf admin review``: the views that quality should look at, and the verdicts on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli.admin_base import change, command, office, shown_time, table, time_of, verbs, write_csv

if TYPE_CHECKING:
    import argparse

    from app.cli.admin_base import Nouns
    from app.hub.review import Case

COLUMNS = ("case", "person", "station", "first", "last", "views", "pages", "flags", "why", "verdict", "by",
           "reason", "confirmed_by", "late")  # fmt: skip


def build(nouns: Nouns) -> None:
    """Add the noun and its verbs."""
    more = verbs(nouns, "review", "views that quality should look at, and why", example="review list")
    listing = command(
        more, "list", "list the open cases: a person at a station on a day", _list,
        example="review list --from 2026-03-01 --client C1",
        more="Flagged: views without an assignment or after it ended; outside the setting working_hours;\n"
        "many pages in a minute or a day, compared with the medians at the station and of the person there\n"
        "(of the period and two weeks before it). A case of which views arrive after its verdict is open\n"
        "again. Times are UTC.\n\n",
    )  # fmt: skip
    listing.add_argument("--from", dest="start", type=time_of, default=None, metavar="TIME", help="included")
    listing.add_argument("--to", dest="end", type=time_of, default=None, metavar="TIME", help="not included")
    for name in ("client", "person", "station"):
        listing.add_argument(f"--{name}", default="", metavar="CODE")
    listing.add_argument("--csv", action="store_true", help="CSV on standard output")
    listing.add_argument("--all", action="store_true", help="also those with a confirmed verdict")
    decide = command(
        more, "decide", "give a verdict on a case; a second person confirms it", _decide, changes=True,
        example='review decide 2026-03-02/ST-040/OP-7 justified --reason "covered for OP-3"',
    )  # fmt: skip
    decide.add_argument("case", metavar="CASE")
    decide.add_argument("verdict", choices=("justified", "incident"))
    confirm = command(
        more, "confirm", "confirm another person's verdict", _confirm, changes=True,
        example="review confirm 2026-03-02/ST-040/OP-7",
    )  # fmt: skip
    confirm.add_argument("case", metavar="CASE")


def _list(args: argparse.Namespace) -> int:
    from app.hub.review import USUAL, Asked, review

    asked = Asked(args.start, args.end, args.client, args.person, args.station, USUAL)
    with office(args) as hub, hub.read() as session:
        cases = [
            case for case in review(session, asked)
            if args.all or not case.settled
        ]  # fmt: skip
        if args.csv:
            write_csv(COLUMNS, map(_cells, cases))
            return 0
        rows = [
            (case.code, case.looks, why.flag.value, why.says, _verdict(case))
            for case in cases
            for why in case.why
        ]
        table(("CASE", "VIEWS", "FLAG", "WHY", "VERDICT"), rows, nothing="Nothing to look at.")
    return 0


def _verdict(case: Case) -> str:
    row = case.verdict
    if row is None:
        return "open"
    late = f"; {case.late} views arrived since" if case.late else ""
    return (
        f"{row.verdict} ({row.by}{f', {row.confirmed_by}' if row.confirmed_by else '; not confirmed'}{late})"
    )


def _cells(case: Case) -> list[object]:
    row = case.verdict
    verdict = ("", "", "", "") if row is None else (row.verdict, row.by, row.reason, row.confirmed_by)
    return [
        case.code, case.person, case.station, shown_time(case.first), shown_time(case.last), case.looks,
        case.pages, "; ".join(why.flag.value for why in case.why), " ".join(why.says for why in case.why),
        *verdict, case.late,
    ]  # fmt: skip


def _decide(args: argparse.Namespace) -> int:
    from app.hub.verdicts import Verdict, decide_case

    verdict = Verdict(args.verdict)
    done = change(args, f"Verdict on {args.case}", lambda acting: decide_case(acting, args.case, verdict))
    if verdict is Verdict.INCIDENT:
        person = args.case.rpartition("/")[2]
        print(f"To take the pages away at once: stationleaf admin revoke person {person} --reason WHY")
    return done


def _confirm(args: argparse.Namespace) -> int:
    from app.hub.verdicts import confirm_case

    return change(args, f"Verdict on {args.case}", lambda acting: confirm_case(acting, args.case))
