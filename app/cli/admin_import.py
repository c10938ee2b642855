"""``stationleaf admin import``: CSV tables of the plant, everything or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.admin_base import Progress, command, office
from app.hub.columns import columns_help

if TYPE_CHECKING:
    import argparse

    from app.cli.admin_base import Nouns
    from app.hub.imports import Told

PURPOSE = "import CSV tables: people, badges, stations and all else"
MORE = """Files are read in the order below, whatever the order in which they are named. If one row is bad,
nothing is written, and every bad row is named by file and line. The same file again changes nothing.
Columns in [] may be left out; lists are separated by ';'; times are 2026-03-02 or 2026-03-02T06:00+01:00.

"""


def build(nouns: Nouns) -> None:
    """Add the command. Its help shows the columns of every table."""
    parser = command(
        nouns, "import", PURPOSE, _run, example="import plant-data/ --dry-run", changes=True,
        more=f"{MORE}{columns_help()}\n\n",
    )  # fmt: skip
    parser.add_argument("paths", nargs="+", type=Path, metavar="FILE_OR_FOLDER", help="CSV files, or folders")
    parser.add_argument(
        "--table", default="", metavar="NAME", help="which table, where the name does not say"
    )
    parser.add_argument("--dry-run", action="store_true", help="check everything, write nothing")


def _run(args: argparse.Namespace) -> int:
    from app.hub.badges import office as badge_office
    from app.hub.imports import BadRows, Import, sources

    found, ignored = sources(args.paths, args.table)
    progress = Progress()
    with office(args) as hub:
        badges = badge_office(hub.home.keys, hub.home.site_salt)
        job = Import(found, ignored, badges, hub.change, hub.rehearse, progress)
        try:
            told = job.check() if args.dry_run else job.run()
        except BadRows as error:
            for bad in error.told.bad:
                print(bad)
            _say_ignored(error.told)
            raise
        finally:
            progress.end()
    for name, counts in told.counts.items():
        print(f"{name:12} " + ", ".join(f"{number} {word.value}" for word, number in counts.items()))
    _say_ignored(told)
    print(
        f"{told.rows} rows are good; nothing was written." if args.dry_run else f"{told.rows} rows imported."
    )
    return 0


def _say_ignored(told: Told) -> None:
    if told.ignored:
        print(f"Not read, because the name is no table's: {', '.join(told.ignored)}")
