"""A fixed walk of the machine that does everything once: the random runs find what nobody thought of, this
one shows within a known number of steps that the machine sees what it is there to see.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.machine.hub import PEOPLE, STATIONS

if TYPE_CHECKING:
    from tests.machine.machine import Shopfloor

ANA, BEN, DOT, CY, EVE, FAY = (PEOPLE.index(name) for name in ("ANA", "BEN", "DOT", "CY", "EVE", "FAY"))
ST_1, ST_2, ST_9 = range(len(STATIONS))
K_1, K_2 = "K-1", "K-2"
ACME, BOLT = 0, 1

Step = tuple[str, dict[str, Any]]


def _does(what: str, who: int = 0, where: int = 0, how: int = 1, told: str = K_1, hours: int = 0) -> Step:
    return "change", {"what": what, "who": who, "where": where, "how": how, "told": told, "hours": hours}


def _taps(code: str, person: int, *, fumbles: bool = False) -> Step:
    return "tap", {"code": code, "person": PEOPLE[person], "fumbles": fumbles}


def _at(rule: str, code: str = K_1, **more: Any) -> Step:
    return rule, {"code": code, **more}


def _looks_at_all(code: str, person: int) -> tuple[Step, ...]:
    turns = (_at("turn", code, index=index) for index in range(6))
    return (_taps(code, person), *turns, _at("contact", code, hours=0), _at("contact", code, hours=0))


TOUR: dict[str, tuple[Step, ...]] = {
    "morning": (
        _taps(K_1, BEN, fumbles=True),
        _at("turn", index=1),
        _taps(K_1, CY),
        _at("contact", hours=13),
        _at("contact", hours=73),
    ),
    "people": (
        _does("assign", DOT, ST_1, 1, K_1, hours=3),
        _does("assign", FAY, ST_2, 2, K_2),
        _taps(K_1, BEN),
        _does("unassign", BEN, ST_1),
        _does("assign", BEN, ST_1, 10),
    ),
    "replays": (
        _does("assign", DOT, ST_1, 1, K_1),
        _does("assign", CY, ST_2, 1, K_2),
        _does("assign", ANA, ST_2, 1, K_2),
        _does("assign", BEN, ST_2, 1, K_2),
        _at("replay", pick=5),
        _at("replay", pick=4),
        _at("replay", pick=0),
    ),
    "put back": (
        _at("copy_state"),
        _does("unassign", BEN, ST_1),
        _does("assign", DOT, ST_1, 1, K_1),
        _at("put_state_back", keyring=False),
        _taps(K_1, CY),
        _at("replay", pick=2),
        _at("put_state_back", keyring=True),
        _taps(K_1, CY),
        _at("replay", pick=2),
        _taps(K_1, CY),
        _at("contact", hours=0),
    ),
    "signed and trained": (
        _does("train", ANA, 1, 4),
        _does("train", DOT, 0, 2, K_2, hours=3),
        _does("agreement", where=ACME),
        _does("agreement", where=ACME),
    ),
    "taken back": (
        _does("badge", BEN),
        _does("badge", BEN),
        _taps(K_1, BEN),
        _does("client", where=ACME),
        _does("client", where=ACME),
        _does("station", where=ST_1),
        _does("station", where=ST_1),
        _does("person", CY),
        _does("person", CY),
        _does("recall", where=2),
        _does("recall", where=2),
    ),
    "blocked": (_does("block", where=0), _does("block", where=0)),
    "classes": (
        _does("ceiling", who=ST_1, where=1, how=8),
        _does("ceiling", who=ST_1, where=1, how=10),
        _does("ceiling", where=0, how=8),
        _does("ceiling", where=0, how=10),
    ),
    "released": (
        _does("release", how=2, hours=11),
        ("time_passes", {"minutes": 300}),
        _at("contact", hours=0),
    ),
    "exposed": (
        _does("terms", who=0, where=BOLT, how=1, told=K_2),
        *_looks_at_all(K_2, DOT),
    ),
    "kept apart by line": (
        _does("terms", who=4, where=ACME, how=0, told=K_2),
        *_looks_at_all(K_2, DOT),
        _at("contact", hours=0),
        _taps(K_1, BEN),
    ),
    "kept apart over the site": (
        _does("terms", who=12, where=ACME, how=0, told=K_2),
        *_looks_at_all(K_2, DOT),
        _at("contact", hours=0),
        _taps(K_1, BEN),
    ),
    "away": (
        _at("copy_state"),
        _at("cut_or_mend"),
        _at("pull_the_plug"),
        _taps(K_1, CY),
        _at("set_clock", hours=-30, reboot=True),
        _taps(K_1, CY),
        ("time_passes", {"minutes": 800}),
        _at("put_state_back", keyring=False),
        _taps(K_1, CY),
        _at("cut_or_mend"),
        _at("contact", hours=0),
        _taps(K_1, CY),
    ),
}


def walk(machine: Shopfloor, chapter: str) -> None:
    """Go through one chapter; what must hold is asked after each step."""
    try:
        machine.morning()
        for rule, words in TOUR[chapter]:
            machine.nothing_else_is_shown()
            getattr(machine, rule)(**words)
        machine.nothing_else_is_shown()
    finally:
        machine.teardown()
