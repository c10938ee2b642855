"""The bench command: runs the named benches, or all; prints the table and, if asked, writes JSON.

Exit code 0: every limit is met; 1: one is not; 2: no bench has that name.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from bench.registry import Bench, Skipped, benches
from bench.report import Outcome, as_json, limit, machine_line, table


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="packaging/dev bench", description="Measure beside a yardstick.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="a bench, or the beginning of its name")
    parser.add_argument("--list", action="store_true", help="name the benches and what each must reach")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write everything, with all samples")
    return parser.parse_args()


def chosen(known: dict[str, Bench], names: list[str]) -> list[Bench]:
    """Return the benches whose name begins with one of ``names``; all if none is given."""
    if not names:
        return list(known.values())
    unknown = [name for name in names if not any(other.startswith(name) for other in known)]
    if unknown:
        print(f"No bench is named {unknown[0]!r}. There are: {', '.join(known)}.", file=sys.stderr)
        sys.exit(2)
    return [each for each in known.values() if each.name.startswith(tuple(names))]


def run(each: Bench) -> Outcome:
    """Run one bench, and say so while it runs."""
    print(f"running {each.name} …", file=sys.stderr, flush=True)
    try:
        return Outcome(each, each.run())
    except Skipped as reason:
        return Outcome(each, None, str(reason))


def main() -> int:
    """Run the command and return its exit code."""
    given = arguments()
    known = benches()
    if given.list:
        for each in known.values():
            print(f"{each.name}: {limit(each)} against {each.against or 'nothing'}, in {each.unit}")
        return 0
    outcomes = [run(each) for each in chosen(known, given.names)]
    print(table(outcomes))
    print(machine_line())
    if given.json:
        text = json.dumps(as_json(outcomes), indent=1, ensure_ascii=False)
        given.json.write_text(text + "\n", encoding="utf-8")
    return 1 if any(outcome.met is False for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
