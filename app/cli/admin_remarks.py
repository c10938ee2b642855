"""``stationleaf admin remarks``: what people at kiosks said of pages, and the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli.admin_base import change, command, office, shown_time, table, time_of, verbs, write_csv

if TYPE_CHECKING:
    import argparse

    from app.cli.admin_base import Nouns
    from app.hub.remarks import Remark

COLUMNS = ("remark", "at", "person", "name", "station", "document", "revision", "page", "step", "unit",
           "order", "region", "what", "words", "verdict", "answer", "answered_by", "answered",
           "told")  # fmt: skip


def build(nouns: Nouns) -> None:
    """Add the noun and its verbs."""
    more = verbs(nouns, "remarks", "what people at kiosks said of pages", example="remarks list")
    listing = command(
        more, "list", "list the open remarks, oldest first", _list, example="remarks list --all",
        more="The desk (F6) shows each with its page and the region marked. Times are UTC; a region is\n"
        "left, top, right and bottom in shares of the page.\n\n",
    )  # fmt: skip
    listing.add_argument("--all", action="store_true", help="also those that are answered")
    listing.add_argument("--from", dest="start", type=time_of, default=None, metavar="TIME", help="included")
    listing.add_argument("--csv", action="store_true", help="CSV on standard output")
    answer = command(
        more, "answer", "answer a remark and close it; its person reads --reason at the kiosk", _answer,
        changes=True, example='remarks answer K-1/1/42 changes --reason "the torque is corrected in rev. C"',
    )  # fmt: skip
    answer.add_argument("remark", metavar="REMARK")
    answer.add_argument("verdict", choices=("changes", "stays"), help="what becomes of the page")


def _list(args: argparse.Namespace) -> int:
    from app.hub.remarks import listed

    with office(args) as hub, hub.read() as session:
        found = listed(session, answered=args.all, since=args.start)
        if args.csv:
            write_csv(COLUMNS, map(_cells, found))
            return 0
        rows = [
            (one.row.code, shown_time(one.row.at), one.name, one.row.station, _page(one), one.row.unit,
             one.says, _answered(one))
            for one in found
        ]  # fmt: skip
        header = ("REMARK", "AT", "WHO", "STATION", "PAGE", "UNIT", "SAYS", "ANSWER")
        table(header, rows, nothing="Nobody said anything.")
    return 0


def _page(remark: Remark) -> str:
    return f"{remark.row.revision} p. {remark.number or '?'}"


def _answered(remark: Remark) -> str:
    row = remark.row
    if row.answered is None:
        return "open"
    told = "told" if row.told is not None else "not told yet"
    return f"{row.verdict} ({row.answered_by}, {told}): {row.answer}"


def _cells(remark: Remark) -> list[object]:
    from app.wire.lease import REGION_SCALE

    row = remark.row
    document, _, revision = row.revision.partition("/")
    region = " ".join(f"{side / REGION_SCALE:.4f}" for side in row.region)
    return [
        row.code, shown_time(row.at), row.person, remark.name, row.station, document, revision, remark.number,
        row.step, row.unit, row.work_order, region, row.what, row.words, row.verdict, row.answer,
        row.answered_by, shown_time(row.answered), shown_time(row.told),
    ]  # fmt: skip


def _answer(args: argparse.Namespace) -> int:
    from app.hub.remarks import answer
    from app.model.remarks import Verdict

    verdict = Verdict(args.verdict)
    return change(args, f"Remark {args.remark}", lambda acting: answer(acting, args.remark, verdict))
