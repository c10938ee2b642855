"""The running hub, asked whatever its own OpenAPI description allows and much that it does not.

Requests are made by schemathesis and go over TLS to a hub process, signed as a kiosk signs, with the pass of
somebody at a desk or with none; then each with one covered part changed.
"""

from __future__ import annotations

import copy
import re
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
import schemathesis
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode

from app.hub.schema import Badge, Blob, KioskRow, PersonRole, PersonRow, SupervisedLine
from app.hub.schema_calls import CallRow
from app.hub.schema_remarks import RemarkRow
from app.model.terms import CredentialKind, KioskStatus, Role
from app.seal.chain import GENESIS
from app.seal.encoding import sha256
from app.seal.keys import SealKey, SigningKey
from app.seal.slot import OperatorKey
from app.wire.base import Problem
from app.wire.desk import DeskPass
from app.wire.messages import COUNTER_HEADER, PUSH_MEDIA
from app.wire.signatures import COVERED, sign_request
from tests.kiosk.plant import CLOCK, Hub

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

UNSIGNED = {"GET /v1/health", "GET /v1/trust", "POST /v1/enrol"}
"""The only routes that answer to somebody without a key."""

FRAMEWORK = {"no_route", "no_method"}
"""Codes of requests that reach no route: not described with one."""

SEATED = "Q-1"
"""Somebody who may do everything at a desk."""

REMARK = "K-A/1/7"

KNOWN: dict[str, list[Any]] = {
    "person": ["W-1", "W-2", SEATED],
    "source": ["ST-040", "ST-050", ""],
    "target": ["ST-040", "ST-050", ""],
    "line": ["L1"],
    "client": ["C1"],
    "part": ["P1", ""],
    "code": [REMARK, "C1", "W-2", "ST-050", "K-B", "WI-100/A"],
    "day": ["2026-11-26", "0001-01-01", "9999-12-31", "2026-02-30"],
    "zone": ["UTC", "Europe/Paris", "Pacific/Kiritimati", "posix/UTC", "Europe"],
    "move": [1, 2],
    "epoch": [1],
    "seq": [1, 7],
}
"""What there is at the hub, by the names of fields."""

EDGES: dict[type, list[Any]] = {
    int: [0, 1, 2**31, 2**53, 2**63, 10**30],
    str: [
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "\x00",
        "\x7f",
        "\u202e",
        "x" * 600,
        "../..",
    ],
}
"""What is at the ends of what a value may be."""


@dataclass
class Target:
    """A hub with two kiosks at two stations, the keys of the one that asks, and of somebody at its desk."""

    hub: Hub
    ca: str
    schema: Any
    document: dict[str, Any]
    mine: list[str]
    theirs: list[str]
    secrets: list[bytes]
    person: OperatorKey
    key: SigningKey = field(default_factory=SigningKey.generate)
    other: SigningKey = field(default_factory=SigningKey.generate)
    counter: int = 0
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    reached: set[str] = field(default_factory=set)
    session: requests.Session = field(default_factory=requests.Session)

    @property
    def url(self) -> str:
        return f"https://localhost:{self.hub.port}"

    @property
    def routes(self) -> list[str]:
        """Every route of the description."""
        paths = self.document["paths"].items()
        return [f"{method.upper()} {path}" for path, methods in paths for method in methods]

    def desk_pass(self) -> dict[str, Any]:
        """Who sits at the desk, signed with the key in that person's slot."""
        now = CLOCK.now()
        blank = DeskPass(person=SEATED, kiosk="K-A", begins=now, ends=now + timedelta(hours=8))
        signed = blank.model_copy(update={"signature": self.person.sign.sign(blank.signed())})
        return signed.model_dump(mode="json")

    def prepare(self, case: Any) -> requests.PreparedRequest:
        return requests.Request(**_known(case.as_transport_kwargs(base_url=self.url))).prepare()

    def sign(self, request: requests.PreparedRequest, key: SigningKey | None = None) -> None:
        self.counter += 1
        url, created = request.url or "", CLOCK.now()
        request.headers.update(
            sign_request(
                request.method or "", url, body_of(request), kiosk="K-A", key=key or self.key,
                counter=self.counter, created=created,
            )
        )  # fmt: skip

    def send(self, request: requests.PreparedRequest) -> requests.Response:
        """The answer; of a stream that does not end only its head."""
        answer = self.session.send(request, verify=self.ca, timeout=30, allow_redirects=False, stream=True)
        if answer.headers.get("content-type", "").startswith(PUSH_MEDIA):
            answer._content = b""
            answer.close()
        assert answer.content is not None
        return answer

    def operation(self, route: str) -> dict[str, Any]:
        """The route's description."""
        method, path = route.split()
        found: dict[str, Any] = self.document["paths"][path][method.lower()]
        return found


@contextmanager
def target_in(folder: Path) -> Iterator[Target]:
    """Serve such a hub."""
    hub = Hub(folder)
    mine = hub.publish("WI-100", pages=3)
    theirs = hub.publish("WI-200", pages=3, station="ST-050")
    hub.add_operator("W-2", "Mary Jackson", "ST-050")
    hub.serve()
    try:
        ca = hub.folder / "ca.pem"
        ca.write_text(hub.home.ca_pem)
        document = requests.get(f"https://localhost:{hub.port}/openapi.json", verify=ca, timeout=20).json()
        schema = schemathesis.openapi.from_dict(document)
        secrets = [*_bytes_of(hub, theirs), b"WI-200"]
        found = Target(hub, str(ca), schema, document, mine, theirs, secrets, _seat(hub))
        _enrol(found)
        yield found
        found.session.close()
    finally:
        hub.close()


def _seat(hub: Hub) -> OperatorKey:
    """Somebody with every role of a desk, a remark and a call for help; returns that person's keys."""
    keys, now = OperatorKey.generate(), CLOCK.now()
    with hub.store.write() as session:
        session.add(PersonRow(code=SEATED, name="Quinn Avery"))
        session.flush()
        for role in (Role.SUPERVISOR, Role.QUALITY, Role.ADMIN):
            session.add(PersonRole(person=SEATED, role=role.value))
        session.add(SupervisedLine(person=SEATED, line="L1"))
        session.add(
            Badge(
                person=SEATED, hmac=sha256(b"Q-1"), tail="4711", issued=now, kind=CredentialKind.CARD.value,
                slot_tag=bytes(16), slot_salt=b"", slot_box=bytes(92), seal_public=keys.seal.public,
                sign_public=keys.sign.public,
            )
        )  # fmt: skip
        place = {"code": REMARK, "station": "ST-040", "person": "W-1", "unit": "", "work_order": ""}
        session.add(CallRow(**place, kiosk="K-A", at=now, received=now))
        session.add(
            RemarkRow(
                **place, client="C1", page=sha256(b"page"), revision="WI-100/A", step="", region=[0, 0, 1, 1],
                what="differs", words="", token="0" * 16, at=now, received=now,
            )
        )  # fmt: skip
    return keys


def _enrol(target: Target) -> None:
    with target.hub.store.write() as session:
        for code, key, station in (("K-A", target.key, "ST-040"), ("K-B", target.other, "ST-050")):
            session.merge(
                KioskRow(
                    code=code, station=station, status=KioskStatus.ACTIVE.value, sign_key=key.public,
                    seal_key=SealKey.generate().public, epoch=1, held=0, held_hash=GENESIS,
                )
            )  # fmt: skip


def _known(words: dict[str, Any]) -> dict[str, Any]:
    names = {"method", "url", "headers", "files", "data", "json", "params", "auth", "cookies"}
    return {name: value for name, value in words.items() if name in names}


def body_of(request: requests.PreparedRequest) -> bytes:
    """Its exact bytes."""
    body = request.body or b""
    return body.encode() if isinstance(body, str) else bytes(body)


def _bytes_of(hub: Hub, blobs: list[str]) -> list[bytes]:
    with hub.store.read() as session:
        data = [session.get_one(Blob, blob).data for blob in blobs]
    return [box[-64:] for box in data] + [blob.encode() for blob in blobs]


# -- what is asked ------------------------------------------------------------------------------------------


def draw(target: Target, route: str, data: st.DataObject) -> requests.PreparedRequest:
    """What the description allows, or (negative) what it does not; often with what there is at the hub, with
    a pass that holds, or with a value at its end.
    """
    method, path = route.split()
    operation = target.schema[path][method]
    mode = data.draw(st.sampled_from([GenerationMode.POSITIVE, GenerationMode.NEGATIVE]))
    try:
        case = data.draw(operation.as_strategy(generation_mode=mode))
    except schemathesis.errors.SchemathesisError:  # nothing of this route can be wrong
        case = data.draw(operation.as_strategy())
    real = st.sampled_from(target.mine + target.theirs)
    if data.draw(st.booleans()):
        if "hash" in (case.path_parameters or {}):
            case.path_parameters["hash"] = data.draw(real)
        if isinstance(case.body, dict) and "hashes" in case.body:
            case.body["hashes"] = data.draw(st.lists(real, max_size=6))
    if isinstance(case.body, dict):
        case.body = _furnished(target, copy.deepcopy(case.body), data)
    return target.prepare(case)


def _furnished(target: Target, body: dict[str, Any], data: st.DataObject) -> dict[str, Any]:
    for name, value in body.items():
        if name == "desk":
            body[name] = target.desk_pass() if data.draw(st.integers(0, 3)) else value
        elif name in KNOWN and data.draw(st.booleans()):
            body[name] = data.draw(st.sampled_from(KNOWN[name]))
        elif type(value) in EDGES and data.draw(st.integers(0, 7)) == 0:
            body[name] = data.draw(st.sampled_from(EDGES[type(value)]))
    if body.get("kind") in {"kiosk", "station", "line", "client"} and body.get("release") is False:
        body["release"] = True  # what is locked down here would answer nothing any more
    return body


# -- what is answered ---------------------------------------------------------------------------------------


def hold(target: Target, route: str, response: requests.Response, *, signed: bool = True) -> None:
    """No fault, nothing that the description does not say, nothing of another kiosk."""
    target.answers[route, response.status_code] += 1
    assert response.status_code < 500, (route, response.status_code, response.text)
    if not (signed and "/desk" in route and response.status_code < 400):  # whoever sits there sees the line
        for secret in target.secrets:
            assert secret not in response.content, (route, "another kiosk's")
    if response.status_code < 400:
        target.reached.add(route)
        return
    code = Problem.read(response.content).code
    if code in FRAMEWORK:
        return
    target.reached.add(route)
    described = target.operation(route)["responses"]
    assert str(response.status_code) in described, (route, response.status_code, code)
    told = re.findall(r"`([a-z_]+)`: ", described[str(response.status_code)]["description"])
    assert code in told, (route, response.status_code, code)


def ask(target: Target, route: str, data: st.DataObject) -> None:
    """Ask once, signed where the route wants it."""
    request = draw(target, route, data)
    if route not in UNSIGNED:
        target.sign(request)
    hold(target, route, target.send(request))


def ask_changed(target: Target, route: str, data: st.DataObject, names: Sequence[str] | None = None) -> None:
    """Ask once for each way (of ``names``) in which the signature is not over all of what is asked: each is
    refused so.
    """
    drawn = draw(target, route, data)
    for name in CHANGES if names is None else names:
        request = drawn.copy()
        target.sign(request)
        CHANGES[name](request)
        response = target.send(request)
        hold(target, route, response, signed=False)
        assert response.status_code in {401, 404, 405}, (route, name, response.status_code)
        assert Problem.read(response.content).code in {"signature", *FRAMEWORK}, (route, name)


def _drop(*names: str) -> Callable[[requests.PreparedRequest], None]:
    def change(request: requests.PreparedRequest) -> None:
        for name in names:
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
    request.body = body_of(request) + b" "
    request.headers["Content-Length"] = str(len(request.body))


def _other_digest(request: requests.PreparedRequest) -> None:
    request.headers["Content-Digest"] = "sha-256=:" + "A" * 43 + "=:"


def _other_host(request: requests.PreparedRequest) -> None:
    request.headers["Host"] = "hub.elsewhere.example"


def _other_counter(request: requests.PreparedRequest) -> None:
    request.headers[COUNTER_HEADER] = "987654321"


def _other_kiosk(request: requests.PreparedRequest) -> None:
    request.headers["Signature-Input"] = str(request.headers["Signature-Input"]).replace("K-A", "K-B")


_SIGNING = ("Signature", "Signature-Input", COUNTER_HEADER, "Content-Digest")
CHANGES: dict[str, Callable[[requests.PreparedRequest], None]] = {
    "unsigned": _drop(*_SIGNING),
    **{f"without {name}": _drop(name) for name in _SIGNING},
    **{f"{name} not covered": _uncovered(name) for name in COVERED},
    "another query": _other_query,
    "another body": _other_body,
    "another digest": _other_digest,
    "another authority": _other_host,
    "another counter": _other_counter,
    "another kiosk": _other_kiosk,
}
