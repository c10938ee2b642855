"""``stationleaf admin events`` and ``changes``: who saw what, when and where; who changed what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli.admin_base import clean, command, office, shown_time, table, time_of, write_csv

if TYPE_CHECKING:
    import argparse

    from app.cli.admin_base import Nouns
    from app.hub.events import Seen
    from app.hub.step_events import StepTold

NEWEST = 200
COLUMNS = (
    "when", "received", "person", "name", "kind", "what", "client", "document", "revision", "page", "station",
    "station_name", "kiosk", "epoch", "seq", "details", "unit", "work_order", "step", "step_title",
    "signed_by", "meaning", "signature",
)  # fmt: skip


def build(nouns: Nouns) -> None:
    """Add the commands."""
    events = command(
        nouns, "events", "show who saw what, when and where", _events,
        example="events --person OP-7 --from 2026-03-02 --csv",
        more=f"A table shows the newest {NEWEST}, unless --all; --csv gives all. Times are UTC.\n\n",
    )  # fmt: skip
    for name in ("person", "kiosk", "station", "client", "document", "revision"):
        events.add_argument(f"--{name}", default="", metavar="CODE")
    events.add_argument("--unit", default="", metavar="SERIAL", help="the history of one unit")
    events.add_argument("--order", default="", metavar="NUMBER", help="the history of a work order")
    events.add_argument(
        "--kind", default="", metavar="KIND", help="view.begin, or view for all that begin so"
    )
    events.add_argument("--from", dest="start", type=time_of, default=None, metavar="TIME", help="included")
    events.add_argument("--to", dest="end", type=time_of, default=None, metavar="TIME", help="not included")
    events.add_argument("--csv", action="store_true", help="CSV on standard output")
    events.add_argument("--all", action="store_true", help="all, not only the newest")
    changes = command(nouns, "changes", "show who changed what at the hub", _changes,
                      example="changes --by SUP-1")  # fmt: skip
    changes.add_argument("--by", default="", metavar="PERSON")
    changes.add_argument(
        "--about", default="", metavar="WORD", help="what the change is about, or a part of it"
    )
    changes.add_argument("--csv", action="store_true", help="CSV on standard output")
    changes.add_argument("--all", action="store_true", help="all, not only the newest")
    alarms = command(nouns, "alarms", "show what quality must look at: forks, holes, refused codes", _alarms,
                     example="alarms --kiosk K-1")  # fmt: skip
    alarms.add_argument("--kiosk", default="", metavar="CODE")
    alarms.add_argument("--all", action="store_true", help="all, not only the newest")


def _events(args: argparse.Namespace) -> int:
    from app.hub.events import Filter, count, events, unknown_words

    wanted = Filter(
        person=args.person, kiosk=args.kiosk, station=args.station, client=args.client,
        document=args.document, revision=args.revision, kind=args.kind, start=args.start, end=args.end,
        unit=args.unit, order=args.order,
    )  # fmt: skip
    with office(args) as hub, hub.read() as session:
        if args.csv:
            write_csv(COLUMNS, (_cells(seen) for seen in events(session, wanted)))
            return 0
        total = count(session, wanted)
        newest = None if args.all else NEWEST
        rows = [_line(seen) for seen in events(session, wanted, newest)]
        why = "; ".join(unknown_words(session, wanted))
        nothing = f"No events{f' ({why})' if why else ''}."
        table(("WHEN (UTC)", "WHO", "WHAT", "WHERE", "MORE"), rows, nothing=nothing)
        if total > len(rows):
            print(f"The newest {len(rows)} of {total}; --all shows all.")
    return 0


def _line(seen: Seen) -> tuple[str, str, str, str, str]:
    who = f"{seen.person} {seen.name}".strip() or "nobody"
    where = f"{seen.station} {seen.station_name}".strip()
    return (
        f"{seen.when:%Y-%m-%d %H:%M:%S}", who, f"{seen.what} {_thing(seen)}".strip(),
        f"{where} ({seen.kiosk})".strip(), seen.more,
    )  # fmt: skip


def _thing(seen: Seen) -> str:
    if not seen.document:
        return ""
    page = f", page {seen.page}" if seen.page is not None else ""
    return f"{seen.document} rev. {seen.revision}{page}"


def _words(seen: Seen) -> str:
    return ", ".join(
        f"{name}: {value}" for name, value in sorted(seen.details.items()) if value not in ("", None)
    )


def _cells(seen: Seen) -> list[object]:
    return [
        _csv_time(seen.when), _csv_time(seen.received), seen.person, seen.name, seen.kind, seen.what,
        seen.client, seen.document, seen.revision, seen.page, seen.station, seen.station_name, seen.kiosk,
        seen.epoch, seen.seq, _words(seen), seen.unit, seen.order, *_step_cells(seen.step),
    ]  # fmt: skip


def _step_cells(step: StepTold | None) -> list[object]:
    if step is None:
        return [""] * 5
    signed = step.signed
    return [step.code, step.title, *((signed.name, signed.meaning) if signed else ("", "")), step.signature]


def _csv_time(time: object) -> str:
    from datetime import datetime

    return time.isoformat(timespec="milliseconds") if isinstance(time, datetime) else ""


def _changes(args: argparse.Namespace) -> int:
    import json

    from app.hub.events import changes

    with office(args) as hub, hub.read() as session:
        newest = None if args.all or args.csv else NEWEST
        found = changes(session, by=args.by, subject=args.about, newest=newest)
        rows = [
            (shown_time(row.at), row.by, row.act, row.subject, _value(json.dumps(row.before)),
             _value(json.dumps(row.after)), row.reason)
            for row in found
        ]  # fmt: skip
        if args.csv:
            write_csv(("when", "by", "act", "about", "before", "after", "reason"), rows)
            return 0
        short = [(*row[:4], clean(row[4])[:60], clean(row[5])[:60], row[6]) for row in rows]
        table(("WHEN", "BY", "ACT", "ABOUT", "BEFORE", "AFTER", "REASON"), short, nothing="No changes.")
    return 0


def _value(text: str) -> str:
    return "" if text == "null" else text


def _alarms(args: argparse.Namespace) -> int:
    from app.hub.events import ALARMS, alarms

    with office(args) as hub, hub.read() as session:
        rows = [
            (shown_time(row.at), row.kiosk or "none", row.kind, ALARMS.get(row.kind, ""), _detail(row.detail))
            for row in alarms(session, kiosk=args.kiosk, newest=None if args.all else NEWEST)
        ]
        table(("WHEN", "KIOSK", "ALARM", "MEANING", "MORE"), rows, nothing="No alarms.")
    return 0


def _detail(detail: object) -> str:
    if not isinstance(detail, dict):
        return clean(detail)
    plain = {name: value for name, value in detail.items() if isinstance(value, str | int)}
    return ", ".join(f"{name}: {value}" for name, value in sorted(plain.items()))
