"""What the forensic mark survives: attacked pictures of screens are read, without being told anything.

No promise is made on the shares (they are printed, with their lower bounds); that a picture never names
another view than its own, and a picture without a mark none, is one.

With ``--keep FILE`` every picture's outcome is a line of JSON in the file. A run leaves out what the file
holds from the same reader, attacks, seed and number, so that it can be broken off and taken up again; the
table is made of all lines of this reader and these attacks, several runs with other seeds among them.
"""

from __future__ import annotations

import json
import time
import zlib
from dataclasses import asdict, dataclass
from hashlib import sha256
from math import comb
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from app.mark.collusion import suspects
from app.mark.read import look
from soak.mark_rows import ROWS, _others
from soak.promise import Figures, chosen, enough, keeping, progress
from soak.screens import MARK_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from soak.mark_rows import Row, Trial

SOURCES = Path(__file__).parents[2]
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Outcome:
    """What came of one picture. ``code``: which reader and attacks these were. ``compared``: no token was
    read, and the comparison with the views on record named rightly.
    """

    code: str
    row: str
    seed: int
    trial: int
    page: str
    named: bool
    right: bool
    seconds: float
    compared: bool = False


def run(count: int, seed: int) -> Figures:
    """``count`` pictures a row."""
    return read_all(ROWS, count, seed, code_of(), "attacks")


def read_all(rows: Sequence[Row], count: int, seed: int, code: str, counted: str) -> Figures:
    """Make and read ``count`` pictures a row. The table goes to standard output."""
    figures = Figures()
    rows = [row for row in rows if chosen(row.name)]
    kept = {(one.row, one.seed, one.trial): one for one in _kept(code)}
    for trial in range(count):
        for row in rows:
            if (row.name, seed, trial) in kept:
                continue
            if enough():
                break
            outcome = _outcome(row, seed, trial, code)
            kept[row.name, seed, trial] = outcome
            _keep(outcome)
            figures.count(counted)
            figures.promise(
                outcome.right or not outcome.named, f"{row.name}, seed {seed}, number {trial}: a wrong name"
            )
        progress(trial + 1, count, figures)
    for line in table(rows, kept.values()):
        print(line)
    return figures


def table(rows: Sequence[Row], outcomes: Iterable[Outcome]) -> list[str]:
    """The table as in the README, in Markdown."""
    every = list(outcomes)
    lines = [
        "| attack | right | lower bound (95 %) | to reach | with the views on record | wrong names |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        of_row = [one for one in every if one.row == row.name]
        right, wrong = sum(one.right for one in of_row), sum(one.named and not one.right for one in of_row)
        lines.append(
            f"| {row.name} | {right} of {len(of_row)} | {lower_bound(right, len(of_row)):.1%} "
            f"| {row.to_reach:.1%} | {right + sum(one.compared for one in of_row)} | {wrong} |"
        )
    return lines


def lower_bound(right: int, tried: int) -> float:
    """The least share with which so many or more of the trials come out right in 5 % of all cases: exact,
    one-sided (Clopper and Pearson, 1934).
    """
    if not right:
        return 0.0
    low, high = 0.0, right / tried
    for _ in range(50):
        share = (low + high) / 2
        as_many = sum(comb(tried, n) * share**n * (1 - share) ** (tried - n) for n in range(right, tried + 1))
        low, high = (share, high) if as_many < 1 - CONFIDENCE else (low, share)
    return low


def made(row: Row, seed: int, trial: int) -> Trial:
    """The picture of a number, the same each time."""
    draw = np.random.default_rng([seed, zlib.crc32(row.name.encode()), trial])
    return row.make(draw, trial + 7 * seed)


def _outcome(row: Row, seed: int, trial: int, code: str) -> Outcome:
    tried = made(row, seed, trial)
    began = time.perf_counter()
    looked = look([tried.picture], MARK_KEY)
    seconds = round(time.perf_counter() - began, 2)
    by_token = frozenset() if looked.reading is None else frozenset((looked.reading.token,))
    on_record = tried.on_record or tried.right | _others(np.random.default_rng([seed, trial]), tried.right)
    named = by_token or _compared(looked.soft, on_record)
    wrong = named - tried.right
    # A picture of one view has to be read without any hint; of joined ones a name is enough.
    told = by_token if tried.right and not tried.on_record else named
    right = not wrong and bool(told) == bool(tried.right)
    return Outcome(
        code, row.name, seed, trial, tried.page, bool(told or wrong), right, seconds,
        compared=bool(named) and not right and not wrong,
    )  # fmt: skip


def _compared(soft: NDArray[np.float64] | None, on_record: frozenset[int]) -> frozenset[int]:
    """Those of the views on record that are in a picture that names no token, as a hub looks for them."""
    return (
        frozenset(one.token for one in suspects(soft, list(on_record), MARK_KEY))
        if soft is not None
        else frozenset()
    )


def _kept(code: str) -> list[Outcome]:
    path = keeping()
    if path is None or not path.exists():
        return []
    every = [Outcome(**json.loads(line)) for line in path.read_text().splitlines()]
    return [one for one in every if one.code == code]


def _keep(outcome: Outcome) -> None:
    path = keeping()
    if path is not None:
        with path.open("a") as file:
            file.write(json.dumps(asdict(outcome), ensure_ascii=False) + "\n")


def code_of(*more: Path) -> str:
    """A short hash of what the figures depend on: reader, mark, attacks, screens, and ``more``."""
    parts = [*sorted((SOURCES / "app" / "mark").glob("*.py")), SOURCES / "tests" / "attacks.py"]
    parts += [SOURCES / "app" / "ui" / name for name in ("marked.py", "busy.py")]
    parts += [Path(__file__).with_name(name) for name in ("mark_rows.py", "screens.py")]
    parts += more
    return sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()[:12]
