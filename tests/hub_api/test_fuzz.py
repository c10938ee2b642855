"""The running hub, asked whatever its own OpenAPI description allows and much that it does not.

Requests are made by schemathesis and go over TLS to a hub process, signed as a kiosk signs; then others with
one covered part changed.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode

from app.hub.schema import KioskRow
from app.model.terms import KioskStatus
from app.seal.chain import GENESIS
from app.seal.keys import SealKey, SigningKey
from app.wire.base import Problem
from app.wire.messages import COUNTER_HEADER
from app.wire.signatures import COVERED, sign_request
from tests.kiosk.plant import CLOCK, Hub

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROUTES = [
    "GET /v1/health", "GET /v1/trust", "POST /v1/enrol", "GET /v1/kiosk", "GET /v1/lease", "POST /v1/blobs",
    "GET /v1/blob/{hash}", "POST /v1/events", "POST /v1/slot", "POST /v1/grant",
]  # fmt: skip
"""Not the push stream, whose answer does not end."""

FRAMEWORK = {"no_route", "no_method"}
"""Codes of requests that reach no route: not described with one."""


def fuzz(examples: int) -> settings:
    """So many requests; what they are differs from run to run."""
    return settings(
        max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )


@dataclass
class Target:
    """A hub with two kiosks at two stations, and the keys of the one that asks."""

    hub: Hub
    ca: str
    schema: Any
    document: dict[str, Any]
    mine: list[str]
    theirs: list[str]
    secrets: list[bytes]
    key: SigningKey = field(default_factory=SigningKey.generate)
    other: SigningKey = field(default_factory=SigningKey.generate)
    counter: int = 0
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    session: requests.Session = field(default_factory=requests.Session)

    @property
    def url(self) -> str:
        return f"https://localhost:{self.hub.port}"

    def prepare(self, case: Any) -> requests.PreparedRequest:
        return requests.Request(**_known(case.as_transport_kwargs(base_url=self.url))).prepare()

    def sign(self, request: requests.PreparedRequest, key: SigningKey | None = None) -> None:
        self.counter += 1
        url, created = request.url or "", CLOCK.now()
        request.headers.update(
            sign_request(
                request.method or "", url, _body(request), kiosk="K-A", key=key or self.key,
                counter=self.counter, created=created,
            )
        )  # fmt: skip

    def send(self, request: requests.PreparedRequest) -> requests.Response:
        return self.session.send(request, verify=self.ca, timeout=20, allow_redirects=False)


def _known(words: dict[str, Any]) -> dict[str, Any]:
    names = {"method", "url", "headers", "files", "data", "json", "params", "auth", "cookies"}
    return {name: value for name, value in words.items() if name in names}


def _body(request: requests.PreparedRequest) -> bytes:
    body = request.body or b""
    return body.encode() if isinstance(body, str) else bytes(body)


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    hub = Hub(tmp_path_factory.mktemp("fuzzed"))
    mine = hub.publish("WI-100", pages=3)
    theirs = hub.publish("WI-200", pages=3, station="ST-050")
    hub.add_operator("W-2", "Mary Jackson", "ST-050")
    hub.serve()
    ca = hub.folder / "ca.pem"
    ca.write_text(hub.home.ca_pem)
    document = requests.get(f"https://localhost:{hub.port}/openapi.json", verify=ca, timeout=20).json()
    schema = schemathesis.openapi.from_dict(document)
    found = Target(hub, str(ca), schema, document, mine, theirs, [*_bytes_of(hub, theirs), b"WI-200"])
    with hub.store.write() as session:
        for code, key, station in (("K-A", found.key, "ST-040"), ("K-B", found.other, "ST-050")):
            session.add(
                KioskRow(
                    code=code, station=station, status=KioskStatus.ACTIVE.value, sign_key=key.public,
                    seal_key=SealKey.generate().public, epoch=1, held=0, held_hash=GENESIS,
                )
            )  # fmt: skip
    yield found
    found.session.close()
    hub.close()


def _bytes_of(hub: Hub, blobs: list[str]) -> list[bytes]:
    from app.hub.schema import Blob

    with hub.store.read() as session:
        data = [session.get_one(Blob, blob).data for blob in blobs]
    return [box[-64:] for box in data] + [blob.encode() for blob in blobs]


def _operation(target: Target, route: str) -> Any:
    method, path = route.split()
    return target.schema[path][method]


def _is_signed(target: Target, route: str) -> bool:
    method, path = route.split()
    return bool(target.document["paths"][path][method.lower()].get("security"))


def _draw(target: Target, route: str, data: st.DataObject) -> requests.PreparedRequest:
    """What the description allows, or (negative) what it does not; sometimes with pages that there are."""
    mode = data.draw(st.sampled_from([GenerationMode.POSITIVE, GenerationMode.NEGATIVE]))
    try:
        case = data.draw(_operation(target, route).as_strategy(generation_mode=mode))
    except schemathesis.errors.SchemathesisError:  # nothing of this route can be wrong
        case = data.draw(_operation(target, route).as_strategy())
    real = st.sampled_from(target.mine + target.theirs)
    if data.draw(st.booleans()):
        if "hash" in (case.path_parameters or {}):
            case.path_parameters["hash"] = data.draw(real)
        if isinstance(case.body, dict) and "hashes" in case.body:
            case.body["hashes"] = data.draw(st.lists(real, max_size=6))
    return target.prepare(case)


def _hold(target: Target, route: str, response: requests.Response) -> None:
    """No fault, nothing that the description does not say, nothing of another kiosk."""
    target.answers[route, response.status_code] += 1
    assert response.status_code < 500, (route, response.text)
    for secret in target.secrets:
        assert secret not in response.content, (route, "another kiosk's")
    if response.status_code < 400:
        return
    code = Problem.read(response.content).code
    if code in FRAMEWORK:
        return
    method, path = route.split()
    described = target.document["paths"][path][method.lower()]["responses"]
    assert str(response.status_code) in described, (route, response.status_code, code)
    assert code in re.findall(r"`([a-z_]+)`: ", described[str(response.status_code)]["description"])


@pytest.mark.parametrize("route", ROUTES)
def test_whatever_is_asked_gets_an_answer_of_the_contract(target: Target, route: str) -> None:
    @fuzz(10)
    @given(st.data())
    def ask(data: st.DataObject) -> None:
        request = _draw(target, route, data)
        if _is_signed(target, route):
            target.sign(request)
        _hold(target, route, target.send(request))

    ask()
    said = {status for (asked, status) in target.answers if asked == route}
    assert said - {404, 405}, said  # the route itself was reached


def _drop(name: str) -> Callable[[requests.PreparedRequest], None]:
    def change(request: requests.PreparedRequest) -> None:
        del request.headers[name]

    return change


def _uncovered(name: str) -> Callable[[requests.PreparedRequest], None]:
    """The part is sent, and the signature is said not to be over it."""

    def change(request: requests.PreparedRequest) -> None:
        said = str(request.headers["Signature-Input"])
        request.headers["Signature-Input"] = said.replace(f'"{name}"', "", 1).replace("( ", "(")

    return change


def _other_query(request: requests.PreparedRequest) -> None:
    request.url = f"{request.url}{'&' if urlsplit(request.url or '').query else '?'}more=1"


def _other_body(request: requests.PreparedRequest) -> None:
    request.body = _body(request) + b" "
    request.headers["Content-Length"] = str(len(request.body))


def _other_digest(request: requests.PreparedRequest) -> None:
    request.headers["Content-Digest"] = "sha-256=:" + "A" * 43 + "=:"


def _other_host(request: requests.PreparedRequest) -> None:
    request.headers["Host"] = "hub.elsewhere.example"


def _other_counter(request: requests.PreparedRequest) -> None:
    request.headers[COUNTER_HEADER] = "987654321"


def _other_kiosk(request: requests.PreparedRequest) -> None:
    request.headers["Signature-Input"] = str(request.headers["Signature-Input"]).replace("K-A", "K-B")


CHANGES: dict[str, Callable[[requests.PreparedRequest], None]] = {
    **{f"without {name}": _drop(name) for name in ("Signature", "Signature-Input", COUNTER_HEADER)},
    "without Content-Digest": _drop("Content-Digest"),
    **{f"{name} not covered": _uncovered(name) for name in COVERED},
    "another query": _other_query,
    "another body": _other_body,
    "another digest": _other_digest,
    "another authority": _other_host,
    "another counter": _other_counter,
    "another kiosk": _other_kiosk,
}


@pytest.mark.parametrize("route", ROUTES[3:])
def test_no_answer_without_a_signature_over_every_part(target: Target, route: str) -> None:
    assert _is_signed(target, route)
    left = list(CHANGES)

    @fuzz(len(CHANGES) + 1)
    @given(st.data())
    def ask(data: st.DataObject) -> None:
        request = _draw(target, route, data)
        target.sign(request)
        name = left.pop() if left else data.draw(st.sampled_from(sorted(CHANGES)))
        CHANGES[name](request)
        response = target.send(request)
        _hold(target, route, response)
        assert response.status_code in {401, 404, 405}, (name, response.status_code)
        assert Problem.read(response.content).code in {"signature", *FRAMEWORK}, name

    ask()
    assert not left


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
            _hold(target, "GET /v1/blob/{hash}", response)


def test_the_hub_has_no_fault_in_its_log(target: Target) -> None:
    log = (target.hub.folder / "hub.log").read_text()
    assert "hub ready" in log
    assert "Traceback" not in log
    assert "fault at" not in log
