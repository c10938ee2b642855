"""The short form of ``packaging/dev soak api-fuzz``, route by route."""

from __future__ import annotations

from functools import partial
from itertools import cycle, islice
from typing import TYPE_CHECKING

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hub_api.fuzzing import CHANGES, UNSIGNED, Target, ask, ask_changed, hold, target_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    with target_in(tmp_path_factory.mktemp("fuzzed")) as found:
        yield found


def fuzz(examples: int, target: Target, route: str, once: Callable[..., None]) -> None:
    """So many requests; what they are differs from run to run."""
    checks = list(HealthCheck)

    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=checks)
    @given(st.data())
    def run(data: st.DataObject) -> None:
        once(target, route, data)

    run()


def test_the_other_kiosks_pages_are_there_for_it_and_only_for_it(target: Target) -> None:
    for blobs, key, status in ((target.mine, target.key, 200), (target.theirs, target.key, 404)):
        lease = requests.Request("GET", f"{target.url}/v1/lease").prepare()
        target.sign(lease, key)
        assert target.send(lease).status_code == 200
        for blob in blobs:
            request = requests.Request("GET", f"{target.url}/v1/blob/{blob}").prepare()
            target.sign(request, key)
            response = target.send(request)
            assert response.status_code == status
            hold(target, "GET /v1/blob/{hash}", response)


def test_whatever_is_asked_of_any_route_gets_an_answer_of_the_contract(target: Target) -> None:
    assert set(target.routes) > UNSIGNED
    for route in target.routes:
        fuzz(5, target, route, ask)
    assert target.reached == set(target.routes)
    assert [route for (route, status) in target.answers if "/desk/" in route and status == 200]


def test_no_route_answers_without_a_signature_over_every_part(target: Target) -> None:
    turn = cycle(sorted(set(CHANGES) - {"unsigned"}))  # each route meets some, and all are met
    for route in target.routes:
        assert bool(target.operation(route).get("security")) == (route not in UNSIGNED)
        if route not in UNSIGNED:
            fuzz(1, target, route, partial(ask_changed, names=["unsigned", *islice(turn, 5)]))


def test_the_hub_has_no_fault_in_its_log(target: Target) -> None:
    log = (target.hub.folder / "hub.log").read_text()
    assert "hub ready" in log
    assert "Traceback" not in log
    assert "fault at" not in log
