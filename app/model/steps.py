"""Steps of a work instruction: which comes next, which can be taken back, what a confirmation means. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

PERFORMED = "I did this step as the instruction says."
"""What a signed confirmation means (21 CFR 11.50(a)(3))."""

TAKEN_BACK = "My confirmation of this step does not hold."
"""What a signed withdrawal means."""

REASONS = {
    "slip": "Pressed by mistake",
    "again": "The step has to be done again",
    "other_unit": "It was done on another unit",
}
"""Why a confirmation is taken back: the word in the record, and what the person reads."""


@dataclass(frozen=True)
class Step:
    """A step that is on an open page: ``leaf`` is the page's place among them, from 0.

    ``revision`` is ``DOCUMENT/LABEL``; ``sign``: its confirmation is an electronic signature.
    """

    revision: str
    code: str
    leaf: int
    sign: bool = False

    @property
    def key(self) -> str:
        """Its name among all steps."""
        return f"{self.revision}#{self.code}"


def offered(steps: Sequence[Step], done: Sequence[str], leaf: int, *, rounds: bool) -> Step | None:
    """The step that a confirmation on page ``leaf`` is about: the first there that is not done.

    ``rounds``: when all are done the first of all can be confirmed again, and a new round begins. (Where a
    unit is scanned, the next unit is the next round.)
    """
    for step in steps:
        if step.leaf == leaf and step.key not in done:
            return step
    over = rounds and bool(steps) and all(step.key in done for step in steps)
    return steps[0] if over and steps[0].leaf == leaf else None


def following(steps: Sequence[Step], done: Sequence[str], leaf: int) -> int | None:
    """The page to go on with, once nothing on page ``leaf`` is open: that of the first open step behind it,
    else of the first open one at all; None: stay here."""
    still = [step for step in steps if step.key not in done]
    if not still or any(step.leaf == leaf for step in still):
        return None
    return next((step.leaf for step in still if step.leaf > leaf), still[0].leaf)


def last_done(steps: Sequence[Step], done: Sequence[str]) -> Step | None:
    """The step that was confirmed last, of those that are on open pages."""
    known = {step.key: step for step in steps}
    return next((known[key] for key in reversed(done) if key in known), None)
