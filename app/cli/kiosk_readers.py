"""``stationleaf kiosk readers``: try the badge readers of this machine, as IT does when setting one up."""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.kiosk.readers import Presented, ReaderState
    from app.kiosk.readers.choose import Chosen
    from app.model.errors import Expected

EXAMPLE = """example:
  stationleaf kiosk readers                 tap badges and see how each reader reads them; Ctrl-C ends
  stationleaf kiosk readers --seconds 3     only whether every reader is there: exit code 0, or 1 if not

Which readers there are is said by readers.toml in the kiosk's folder; without it, it is one that types.
Numbers are shown in every form: set "number" to the one on your list of badges. Nothing is stored or sent.
"""


def build_readers(verbs: argparse._SubParsersAction[argparse.ArgumentParser], home: Path) -> None:
    """Add the verb; ``home`` is the default of the parser above."""
    parser = verbs.add_parser(
        "readers",
        help="try this machine's badge readers",
        description="Try this machine's badge readers.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--home", type=Path, default=argparse.SUPPRESS, metavar="DIR", help=f"({home})")
    parser.add_argument(
        "--seconds", type=float, default=0.0, metavar="N", help="end by itself after N seconds"
    )
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    from app.kiosk.readers.choose import KeyboardEntry, load, make_readers
    from app.wire.clock import SystemClock

    chosen = load(args.home)
    shown = _Shown(chosen)
    readers = make_readers(_in_hex(chosen), SystemClock().now)
    try:
        for reader in readers:
            reader.start(shown)
        _wait(args.seconds, typed=any(isinstance(entry, KeyboardEntry) for entry in chosen.entries))
    except KeyboardInterrupt:
        print()
    finally:
        for reader in readers:
            reader.stop()
    return 0 if shown.present >= {reader.name for reader in readers} else 1


def _in_hex(chosen: Chosen) -> Chosen:
    from app.kiosk.readers.choose import PcscEntry
    from app.kiosk.readers.uid import NumberForm

    entries = tuple(
        entry.model_copy(update={"number": NumberForm.HEX}) if isinstance(entry, PcscEntry) else entry
        for entry in chosen.entries
    )
    return replace(chosen, entries=entries)


def _wait(seconds: float, *, typed: bool) -> None:
    if seconds > 0:
        time.sleep(seconds)
        return
    if not typed:
        print("Tap badges. Ctrl-C ends.", flush=True)
        while True:
            time.sleep(3600)
    print("Tap badges; a reader that types, types here. Ctrl-C ends.", flush=True)
    for line in sys.stdin:
        number = line.rstrip("\r\n")
        print(f"typed: {number!r}, {len(number)} characters", flush=True)


class _Shown:
    """A listener that prints."""

    def __init__(self, chosen: Chosen) -> None:
        self.present: set[str] = set()
        self._forms = {entry.name: getattr(entry, "number", None) for entry in chosen.entries}

    def on_presented(self, presented: Presented) -> None:
        """Print the number in every form, or the card's name."""
        from app.kiosk.readers.uid import NumberForm, written

        if presented.card is not None:
            card = presented.card
            print(f"{presented.reader}: card of {card.name}; its proof holds; until {card.expires:%Y-%m-%d}")
            print(f"  fingerprint       {presented.text}", flush=True)
            return
        print(f"{presented.reader}: a badge with the number")
        for form in NumberForm:
            here = "   <- as configured" if form is self._forms[presented.reader] else ""
            print(f"  {form.value:17} {written(bytes.fromhex(presented.text), form)}{here}", flush=True)

    def on_misread(self, error: Expected) -> None:
        """Print why."""
        print(f"not accepted: {error.sentence} ({error.code})", flush=True)

    def on_reader(self, state: ReaderState) -> None:
        """Print what is there and what not."""
        from app.kiosk.readers import Presence

        if state.presence is Presence.PRESENT:
            self.present.add(state.reader)
        else:
            self.present.discard(state.reader)
        print(f"{state.words} {state.advice}".strip(), flush=True)
