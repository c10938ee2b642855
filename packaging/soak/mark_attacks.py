"""What the forensic mark survives: attacked pictures of screens are read, without being told anything.

No promise is made on the shares (they are printed, with their lower bounds); that a picture never names
another view than its own is one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from app.mark.read import read
from soak.promise import Figures, enough, progress
from soak.screens import MARK_KEY, pages, shown
from tests import attacks

if TYPE_CHECKING:
    from collections.abc import Callable

    Attack = Callable[[np.ndarray, int], np.ndarray]

DOCUMENTS = Path(__file__).parents[3] / "shared" / "data" / "open"


@dataclass
class Row:
    """A row of the table: attacks that are tried in turn, and what share is to be read."""

    name: str
    to_reach: float
    attacks: tuple[Attack, ...]
    tried: int = 0
    named: int = 0
    wrong: list[str] = field(default_factory=list)

    def lower(self) -> float:
        """The lower bound of the share with a confidence of 95 %, one-sided (Wilson's score interval)."""
        if not self.tried:
            return 0.0
        z, share, n = 1.645, self.named / self.tried, self.tried
        middle = share + z * z / (2 * n)
        return (middle - z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))) / (1 + z * z / n)


def rows() -> list[Row]:
    """The attacks of the table."""
    messenger = attacks.chain(attacks.phone(10), attacks.scale(0.6), attacks.jpeg(60))
    soft = attacks.chain(attacks.scale(0.7), attacks.scale(1 / 0.7), attacks.blur(0.8), attacks.noise(3))
    return [
        Row("PNG, JPEG 90, 70, 50, 30", 0.995, (attacks.png, *map(attacks.jpeg, (90, 70, 50, 30)))),
        Row(
            "scale 0.5–1.5, noise, blur, gamma, contrast",
            0.995,
            (
                *map(attacks.scale, (0.5, 0.75, 1.25, 1.5)),
                attacks.noise(4),
                attacks.blur(1.2),
                *map(attacks.gamma, (0.8, 1.3)),
                *map(attacks.contrast, (0.8, 1.2)),
            ),
        ),
        Row(
            "crop to 25 % of the area, JPEG 50", 0.97, (attacks.chain(attacks.crop(0.25), attacks.jpeg(50)),)
        ),
        Row("crop to 10 %", 0.90, (attacks.crop(0.10),)),
        Row(
            "rotation 3°–30°, perspective 15°–30°",
            0.995,
            (*map(attacks.rotate, (3, 12, 30)), *map(attacks.perspective, (15, 22, 30))),
        ),
        Row("phone photo at 0°–30°", 0.99, tuple(map(attacks.phone, (0, 10, 20, 30)))),
        Row("phone photo at 45°", 0.95, (attacks.phone(45),)),
        Row("phone photo through a messenger", 0.95, (messenger,)),
        Row("over-exposed by 10 %", 0.90, (attacks.brighter(1.10),)),
        Row(
            "two thirds of the width, 10°",
            0.97,
            (attacks.chain(attacks.perspective(10), attacks.part(0.667)),),
        ),
        Row("removal: rescale, blur, noise", 0.80, (soft,)),
        Row(
            "display scaled by 125 %, 150 %, JPEG 70",
            0.995,
            (attacks.chain(attacks.crop(0.64), attacks.jpeg(70)),),
        ),
    ]


def run(count: int, seed: int) -> Figures:
    """``count`` pictures a row. The table goes to standard output."""
    figures = Figures()
    papers = pages(sorted(DOCUMENTS.glob("*.pdf")))
    table = rows()
    rng = np.random.default_rng(seed)
    for trial in range(count):
        for row in table:
            seq = int(rng.integers(1, 2**32))
            screen, token = shown(papers[trial % len(papers)], seq)
            attack = row.attacks[trial % len(row.attacks)]
            picture = attacks.grey(attack(screen, seq % 2**31))
            reading = read([picture], MARK_KEY)
            row.tried += 1
            row.named += reading is not None and reading.token == token
            figures.count("attacks")
            figures.promise(
                reading is None or reading.token == token,
                f"{row.name}, page {trial % len(papers)}, {seq}: wrong",
            )
            if enough():
                break
        progress(trial + 1, count, figures)
        if enough():
            break
    for line in _table(table):
        print(line)
    return figures


def _table(table: list[Row]) -> list[str]:
    head = ["| attack | named | lower bound (95 %) | to reach |", "|---|---|---|---|"]
    return head + [
        f"| {row.name} | {row.named} of {row.tried} | {row.lower():.1%} | ≥ {row.to_reach:.1%} |"
        for row in table
    ]
