"""The soak command. Exit code 0: every promise held; 1: one broke; 2: no proof has that name."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from soak.promise import keep_in, only, stop_after
from soak.proofs import PROOFS


def main() -> int:
    """Run one proof and print its line of figures."""
    parser = argparse.ArgumentParser(prog="packaging/dev soak", description="Prove that faults cost nothing.")
    parser.add_argument("name", nargs="?", metavar="NAME", help=f"one of: {', '.join(PROOFS)}")
    parser.add_argument("--count", type=int, metavar="N", help="how many faults, instead of the full figure")
    parser.add_argument("--seed", type=int, default=1, help="of the random choices (default 1)")
    parser.add_argument("--minutes", type=float, metavar="M", help="stop early, and say how far it came")
    parser.add_argument("--keep", type=Path, metavar="FILE", help="mark-…: keep outcomes, and go on there")
    parser.add_argument("--only", action="append", metavar="TEXT", help="mark-…: rows with this in the name")
    given = parser.parse_args()
    if given.name not in PROOFS:
        if given.name:
            print(f"No proof is named {given.name!r}.", file=sys.stderr)
        for proof in PROOFS.values():
            print(f"{proof.name}: {proof.full} {proof.faults}", file=sys.stderr)
        return 2
    proof = PROOFS[given.name]
    if given.minutes is not None:
        stop_after(given.minutes)
    if given.keep is not None:
        keep_in(given.keep)
    only(given.only or [])
    began = time.monotonic()
    figures = proof.run(proof.full if given.count is None else given.count, given.seed)
    made = figures.done.get(proof.counted)
    figures.promise(made, "no fault was made in the time given: nothing is proven")
    for broken in figures.broken:
        print(f"broken: {broken}")
    print(f"{figures.line(proof.name)}; {time.monotonic() - began:.0f} s, seed {given.seed}")
    return 1 if figures.broken else 0


if __name__ == "__main__":
    sys.exit(main())
