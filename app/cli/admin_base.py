"""What all ``admin`` commands share: opening the hub as somebody, saying what came of it, printing tables."""

from __future__ import annotations

import argparse
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from app.model.errors import Refused
from app.wire.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.hub.acting import Acting
    from app.hub.home import Home
    from app.hub.lookup import Outcome
    from app.hub.store import Store

    Nouns = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 (argparse has no public name)

HUB_VARIABLE, AS_VARIABLE = "STATIONLEAF_HUB", "STATIONLEAF_AS"


def command(
    nouns: Nouns,
    name: str,
    purpose: str,
    run: Callable[[argparse.Namespace], int] | None,
    *,
    example: str,
    changes: bool = False,
    more: str = "",
) -> argparse.ArgumentParser:
    """Add a command with an example in its help; ``changes`` adds ``--reason``."""
    parser = nouns.add_parser(
        name,
        help=purpose,
        description=f"{purpose[:1].upper()}{purpose[1:]}.",
        epilog=f"{more}example:\n  stationleaf admin --hub plant/ {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    if changes:
        parser.add_argument("--reason", default="", metavar="WHY", help="kept with the change")
    if run is not None:
        parser.set_defaults(run=run)
    return parser


def verbs(nouns: Nouns, name: str, purpose: str, *, example: str) -> Nouns:
    """Add a noun that has verbs."""
    parser = command(nouns, name, purpose, None, example=example)
    return parser.add_subparsers(dest="verb", required=True, metavar="VERB")


@dataclass(frozen=True, repr=False)
class Office:
    """An opened hub: its folder and keys, its database, and who acts."""

    home: Home
    store: Store
    acting: str
    reason: str

    @contextmanager
    def change(self) -> Iterator[Acting]:
        """A transaction of the person who acts."""
        with self.store.write() as session:
            yield self._act(session)

    @contextmanager
    def rehearse(self) -> Iterator[Acting]:
        """The same, but always rolled back."""
        with self.store.rehearse() as session:
            yield self._act(session)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A consistent view."""
        with self.store.read() as session:
            yield session

    def now(self) -> datetime:
        """The hub's time."""
        return SystemClock().now()

    def _act(self, session: Session) -> Acting:
        from app.hub.acting import Acting, actor, only_admin

        by = actor(session, self.acting) if self.acting else only_admin(session)
        return Acting(session, by, self.now(), self.reason)


@contextmanager
def office(args: argparse.Namespace) -> Iterator[Office]:
    """Open the hub that ``--hub`` names.

    Raises:
        Expected: no hub is named, or it cannot be opened.
    """
    from app.hub.home import Home
    from app.hub.knock import knock
    from app.hub.store import Store

    if args.hub is None:
        raise Refused(
            "Which hub?", advice=f"Name its folder: stationleaf admin --hub DIR …, or set {HUB_VARIABLE}."
        )
    home = Home.open(args.hub)
    store = Store(home.database_url)
    store.on_change = partial(knock, home.path)
    try:
        store.check()
        yield Office(home, store, args.acting, getattr(args, "reason", ""))
    finally:
        store.close()


def change(args: argparse.Namespace, what: str, act: Callable[[Acting], Outcome]) -> int:
    """Do one change in a transaction of its own and say what came of it."""
    with office(args) as hub:
        with hub.change() as acting:
            outcome = act(acting)
        print(f"{what}: {outcome.value}.")
    return 0


def time_of(word: str) -> datetime:
    """Read a time of the command line, as CSV tables have it; for argparse ``type=``."""
    from app.hub.table import read_time

    try:
        time = read_time(word)
    except Refused as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    if time is None:
        raise argparse.ArgumentTypeError("a time is missing")
    return time


def shown_time(time: datetime | None) -> str:
    """A time as tables show it: UTC to the second."""
    return "" if time is None else f"{time:%Y-%m-%d %H:%M:%S}Z"


def clean(value: Any) -> str:
    """A value as one line for a terminal: what kiosks and PDFs say must not steer it."""
    text = "" if value is None else str(value)
    return "".join(sign if sign.isprintable() else "·" for sign in text)


def table(header: Sequence[str], rows: Iterable[Sequence[Any]], *, nothing: str) -> None:
    """Print rows in columns as wide as needed, or ``nothing`` where there is no row."""
    cells = [[clean(cell) for cell in row] for row in rows]
    if not cells:
        print(nothing)
        return
    widths = [max(_width(row[place]) for row in [list(header), *cells]) for place in range(len(header))]
    for row in [list(header), *cells]:
        padded = [cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)]
        print("  ".join(padded).rstrip())


def _width(text: str) -> int:
    import unicodedata

    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    return len(text) + wide - sum(unicodedata.combining(sign) != 0 for sign in text)


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows as CSV to standard output. A cell that a spreadsheet would run as a formula gets a ``'``."""
    import csv

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_inert(clean(cell)) for cell in row] for row in rows)


def _inert(cell: str) -> str:
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@"} else cell


class Progress:
    """Progress on standard error: one line that is rewritten on a terminal, else a line now and then."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._tenth = -1
        self._open = False

    def __call__(self, done: int, total: int, what: str) -> None:
        """Say that ``done`` of ``total`` are done."""
        if self._terminal:
            print(f"\r\x1b[K{done}/{total} {clean(what)[:100]}", end="", file=sys.stderr, flush=True)
            self._open = True
            return
        tenth = 10 * done // total if total else 0
        if tenth != self._tenth or done == total:
            self._tenth = tenth
            print(f"{done}/{total} {clean(what)}", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Finish the line."""
        if self._open:
            print(file=sys.stderr)
            self._open = False
