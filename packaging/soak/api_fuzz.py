"""``api-fuzz``: requests at random to every route of a serving hub, by its own OpenAPI description.

Promised: no server error, no answer that the description does not say, none without a valid signature over
all that it must cover, nothing of another kiosk; and no fault in the hub's log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from requests import RequestException

from app.model.errors import Untrusted
from soak.promise import Figures, enough, progress
from soak.rig import scratch
from tests.hub_api.fuzzing import CHANGES, UNSIGNED, Target, ask, ask_changed, target_in

if TYPE_CHECKING:
    from collections.abc import Callable

TOGETHER = 10
"""So many requests of a route follow one another; then it is the next one's turn."""

CHANGED_TOO = 5
"""One round in so many also asks with every signature that does not cover all."""


def run(count: int, first_seed: int) -> Figures:
    """Ask ``count`` times of each route."""
    figures = Figures()
    with scratch() as folder, target_in(folder) as target:
        rounds = max(1, count // TOGETHER)
        for number in range(rounds):
            chance = first_seed * 10_000 + number
            for route in target.routes:
                if not enough():
                    _several(min(count, TOGETHER), chance, target, route, ask, figures)
            if number % CHANGED_TOO == 0:
                for route in target.routes:
                    if route not in UNSIGNED and not enough():
                        _several(1, chance, target, route, ask_changed, figures)
                        figures.count("wrong signatures", len(CHANGES))
            if enough():
                break
            progress(number + 1, rounds, figures)
        _sum_up(target, figures)
    return figures


def _several(
    examples: int, chance: int, target: Target, route: str, once: Callable[..., None], figures: Figures
) -> None:
    """Ask; what breaks is told, and the next is asked."""

    @seed(chance)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def asked(data: st.DataObject) -> None:
        figures.count("requests")
        try:
            once(target, route, data)
        except (AssertionError, Untrusted, RequestException) as error:
            figures.promise(False, f"{route}: {str(error)[:300]}")

    asked()


def _sum_up(target: Target, figures: Figures) -> None:
    figures.count("routes", len({route for route, _ in target.answers}))
    for first, says in ((2, "answered"), (4, "refused"), (5, "server errors")):
        made = sum(number for (_, status), number in target.answers.items() if status // 100 == first)
        figures.count(says, made)
    log = (target.hub.folder / "hub.log").read_text(encoding="utf-8")
    figures.promise("Traceback" not in log and "fault at" not in log, "the hub's log tells of a fault")
