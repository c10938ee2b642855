"""``stationleaf admin site|line|station|client|part|setting``."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from app.cli.admin_base import change, command, office, table, verbs

if TYPE_CHECKING:
    from app.cli.admin_base import Nouns

CLASSES = ("public", "internal", "standard", "restricted")


def build(nouns: Nouns) -> None:
    """Add the nouns."""
    _site(nouns)
    _line(nouns)
    _station(nouns)
    _client(nouns)
    _part(nouns)
    _setting(nouns)


def _site(nouns: Nouns) -> None:
    more = verbs(nouns, "site", "the hub's site", example='site rename S1 "Plant One"')
    rename = command(more, "rename", "rename the site", _rename_site, example='site rename S1 "Plant One"',
                     changes=True)  # fmt: skip
    rename.add_argument("site", metavar="CODE")
    rename.add_argument("name", metavar="NAME")
    command(more, "list", "show the site", _list_sites, example="site list")


def _line(nouns: Nouns) -> None:
    more = verbs(nouns, "line", "lines (work centers)", example='line add L1 "Final assembly"')
    add = command(more, "add", "add or change a line", _add_line, example='line add L1 "Final assembly"',
                  changes=True)  # fmt: skip
    add.add_argument("line", metavar="CODE")
    add.add_argument("name", metavar="NAME")
    add.add_argument("--area", default="", metavar="NAME")
    command(more, "list", "list the lines", _list_lines, example="line list")


def _station(nouns: Nouns) -> None:
    example = 'station add ST-040 "Battery attach" --line L1 --part P-1007'
    more = verbs(nouns, "station", "stations (work units) and what is built there", example=example)
    add = command(more, "add", "add or change a station", _add_station, example=example, changes=True)
    add.add_argument("station", metavar="CODE")
    add.add_argument("name", metavar="NAME")
    add.add_argument("--line", required=True, metavar="CODE")
    add.add_argument(
        "--class", dest="ceiling", default="standard", choices=CLASSES, help="highest class shown"
    )
    add.add_argument("--part", action="append", dest="parts", metavar="CODE",
                     help="a part that runs there; repeat for more; left out: unchanged")  # fmt: skip
    add.add_argument("--takt", type=int, default=None, metavar="SECONDS",
                     help="the time for one unit; 0 for none; left out: unchanged")  # fmt: skip
    for verb, purpose, runs in (
        ("run", "let a part run on a station", True),
        ("stop", "let a part run on a station no longer", False),
    ):
        part = command(more, verb, purpose, _run_part, example=f"station {verb} ST-040 P-1007", changes=True)
        part.add_argument("station", metavar="STATION")
        part.add_argument("part", metavar="PART")
        part.set_defaults(runs=runs)
    command(more, "list", "list the stations", _list_stations, example="station list")


def _client(nouns: Nouns) -> None:
    more = verbs(nouns, "client", "clients: whose know-how the pages are", example='client add C1 "Aqua Ltd"')
    add = command(more, "add", "add or change a client", _add_client, example='client add C1 "Aqua Ltd"',
                  changes=True)  # fmt: skip
    add.add_argument("client", metavar="CODE")
    add.add_argument("name", metavar="NAME")
    add.add_argument("--offline-hours", type=int, default=72, metavar="N",
                     help="how long pages may be read without the hub (72)")  # fmt: skip
    add.add_argument(
        "--restricted-hours", type=int, default=12, metavar="N", help="the same, restricted (12)"
    )
    add.add_argument("--exposure-limit", type=int, default=None, metavar="PERCENT",
                     help="highest share of its confidential pages per person and per kiosk")  # fmt: skip
    add.add_argument("--line-limit", type=int, default=None, metavar="PERCENT", help="the same, per line")
    add.add_argument("--site-limit", type=int, default=None, metavar="PERCENT", help="the same, of the site")
    add.add_argument("--sign-steps", action=argparse.BooleanOptionalAction, default=None,
                     help="confirming a step is an electronic signature; left out: unchanged")  # fmt: skip
    command(more, "list", "list the clients", _list_clients, example="client list")


def _part(nouns: Nouns) -> None:
    example = 'part add P-1007 "Infusion pump" --client C1'
    more = verbs(nouns, "part", "parts that are built for clients", example=example)
    add = command(more, "add", "add or change a part", _add_part, example=example, changes=True)
    add.add_argument("part", metavar="CODE")
    add.add_argument("name", metavar="NAME")
    add.add_argument("--client", required=True, metavar="CODE")
    command(more, "list", "list the parts", _list_parts, example="part list")


def _setting(nouns: Nouns) -> None:
    more = verbs(nouns, "setting", "the hub's settings", example="setting set idle_seconds 90")
    put = command(more, "set", "change a setting", _set_setting, example="setting set idle_seconds 90",
                  changes=True)  # fmt: skip
    put.add_argument("name", metavar="NAME")
    put.add_argument("value", metavar="VALUE")
    command(more, "list", "list the settings", _list_settings, example="setting list")


def _rename_site(args: argparse.Namespace) -> int:
    from app.hub.plant import put_site

    return change(args, f"Site {args.site}", lambda acting: put_site(acting, site=args.site, name=args.name))


def _list_sites(args: argparse.Namespace) -> int:
    from sqlalchemy import select

    from app.hub.schema import Site

    with office(args) as hub, hub.read() as session:
        rows = session.scalars(select(Site)).all()
        table(("SITE", "NAME"), [(row.code, row.name) for row in rows], nothing="No site.")
    return 0


def _add_line(args: argparse.Namespace) -> int:
    from app.hub.plant import put_line

    with office(args) as hub:
        site = hub.home.site
    return change(
        args,
        f"Line {args.line}",
        lambda acting: put_line(acting, line=args.line, site=site, name=args.name, area=args.area),
    )


def _list_lines(args: argparse.Namespace) -> int:
    from sqlalchemy import select

    from app.hub.schema import Line

    with office(args) as hub, hub.read() as session:
        rows = session.scalars(select(Line).order_by(Line.code)).all()
        table(
            ("LINE", "NAME", "AREA", "SITE"),
            [(row.code, row.name, row.area, row.site) for row in rows],
            nothing="No lines yet.",
        )
    return 0


def _add_station(args: argparse.Namespace) -> int:
    from app.hub.plant import put_station
    from app.model.terms import Classification

    return change(
        args,
        f"Station {args.station}",
        lambda acting: put_station(
            acting,
            station=args.station,
            name=args.name,
            line=args.line,
            ceiling=Classification.parse(args.ceiling),
            parts=args.parts,
            takt_seconds=args.takt,
        ),
    )


def _run_part(args: argparse.Namespace) -> int:
    from app.hub.plant import run_part

    return change(
        args,
        f"Station {args.station}, part {args.part}",
        lambda acting: run_part(acting, station=args.station, part=args.part, runs=args.runs),
    )


def _list_stations(args: argparse.Namespace) -> int:
    from app.hub.plant import stations

    with office(args) as hub, hub.read() as session:
        table(
            ("STATION", "NAME", "LINE", "CLASS", "PARTS", "TAKT"),
            [
                (
                    row.code,
                    row.name,
                    row.line,
                    row.ceiling,
                    " ".join(row.parts),
                    f"{row.takt_seconds} s" if row.takt_seconds else "",
                )
                for row in stations(session)
            ],
            nothing="No stations yet.",
        )
    return 0


def _add_client(args: argparse.Namespace) -> int:
    from app.hub.plant import put_client

    return change(
        args,
        f"Client {args.client}",
        lambda acting: put_client(
            acting,
            client=args.client,
            name=args.name,
            offline_hours=args.offline_hours,
            restricted_hours=args.restricted_hours,
            exposure_limit=args.exposure_limit,
            line_limit=args.line_limit,
            site_limit=args.site_limit,
            sign_steps=args.sign_steps,
        ),
    )


def _list_clients(args: argparse.Namespace) -> int:
    from sqlalchemy import select

    from app.hub.schema import Client

    with office(args) as hub, hub.read() as session:
        rows = session.scalars(select(Client).order_by(Client.code)).all()
        table(
            ("CLIENT", "NAME", "AGREEMENT", "HOURS", "RESTRICTED", "LIMIT %", "LINE %", "SITE %", "STEPS"),
            [
                (r.code, r.name, r.agreement_version or "none", r.offline_hours, r.restricted_hours,
                 r.exposure_limit, r.line_limit, r.site_limit, "signed" if r.sign_steps else "")
                for r in rows
            ],
            nothing="No clients yet.",
        )  # fmt: skip
    return 0


def _add_part(args: argparse.Namespace) -> int:
    from app.hub.plant import put_part

    return change(
        args,
        f"Part {args.part}",
        lambda acting: put_part(acting, part=args.part, client=args.client, name=args.name),
    )


def _list_parts(args: argparse.Namespace) -> int:
    from sqlalchemy import select

    from app.hub.schema import Part

    with office(args) as hub, hub.read() as session:
        rows = session.scalars(select(Part).order_by(Part.code)).all()
        table(
            ("PART", "NAME", "CLIENT"),
            [(row.code, row.name, row.client) for row in rows],
            nothing="No parts yet.",
        )
    return 0


def _set_setting(args: argparse.Namespace) -> int:
    from app.hub.settings import set_setting

    return change(args, f"Setting {args.name}", lambda acting: set_setting(acting, args.name, args.value))


def _list_settings(args: argparse.Namespace) -> int:
    import json

    from app.hub.settings import SETTINGS, setting

    with office(args) as hub, hub.read() as session:
        rows = [(name, json.dumps(setting(session, name)), form.meaning) for name, form in SETTINGS.items()]
        table(("SETTING", "VALUE", "MEANING"), rows, nothing="No settings.")
    return 0
