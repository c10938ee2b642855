"""The OpenAPI page says what the hub does: every route, every error, nothing that is not there."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from app.hub.api.problems import PROBLEMS
from app.wire.messages import ROUTES

if TYPE_CHECKING:
    from tests.hub_api.plant import Plant


@pytest.fixture
def schema(plant: Plant) -> dict[str, Any]:
    with plant.client() as client:
        return client.get("/openapi.json").json()


def _operations(schema: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path}": operation
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    }


def test_every_route_of_the_contract_is_there_and_no_other(schema: dict[str, Any]) -> None:
    assert set(schema["paths"]) == set(ROUTES.values())


def test_every_route_says_its_errors_with_their_form(schema: dict[str, Any]) -> None:
    for name, operation in _operations(schema).items():
        assert operation["summary"], name
        assert {"500", "503"} <= set(operation["responses"]), name
        for status, answer in operation["responses"].items():
            if int(status) < 400:
                continue
            form = answer["content"]["application/json"]["schema"]
            assert form == {"$ref": "#/components/schemas/Problem"}, (name, status)
            codes = re.findall(r"`([a-z_]+)`: ", answer["description"])
            assert codes, (name, status)
            assert {PROBLEMS[code].status for code in codes} == {int(status)}, (name, status)


def test_signed_routes_say_so_and_what_a_wrong_signature_gets(schema: dict[str, Any]) -> None:
    signed = {name for name, operation in _operations(schema).items() if operation.get("security")}
    assert signed == {
        "GET /v1/kiosk", "GET /v1/lease", "POST /v1/blobs", "GET /v1/blob/{hash}", "POST /v1/events",
        "POST /v1/slot", "POST /v1/grant", "GET /v1/push", "GET /v1/log", "GET /v1/log/entry",
        "POST /v1/log/clients", "POST /v1/log/cosigned",
        "GET /v1/desk", "POST /v1/desk/slot", "POST /v1/desk/sign-in", "POST /v1/desk/board",
        "POST /v1/desk/check", "POST /v1/desk/move", "POST /v1/desk/undo", "POST /v1/desk/push",
            "POST /v1/desk/declined",
        "POST /v1/desk/lock", "POST /v1/desk/recovery", "POST /v1/desk/plan", "POST /v1/desk/plan/put",
        "POST /v1/desk/exposure", "POST /v1/desk/exposure/pages", "POST /v1/desk/review",
        "POST /v1/desk/review/case", "POST /v1/desk/review/judge",
        "POST /v1/desk/remarks", "POST /v1/desk/remarks/page", "POST /v1/desk/remarks/answer",
        "POST /v1/desk/call", "POST /v1/desk/badges", "POST /v1/desk/badges/withdraw",
        "POST /v1/desk/records", "POST /v1/desk/records/bundle",
        "POST /v1/desk/records/bundle/job", "POST /v1/desk/records/bundle/piece",
        "POST /v1/desk/trace/key", "POST /v1/desk/trace",
    }  # fmt: skip
    for name in signed:
        responses = _operations(schema)[name]["responses"]
        assert "`signature`" in responses["401"]["description"]
        assert "`counter_behind`" in responses["409"]["description"]


def test_every_documented_code_is_reachable_by_a_route_or_by_no_route(schema: dict[str, Any]) -> None:
    told = {
        code
        for operation in _operations(schema).values()
        for status, answer in operation["responses"].items()
        if int(status) >= 400
        for code in re.findall(r"`([a-z_]+)`: ", answer["description"])
    }
    assert told == set(PROBLEMS) - {"no_route", "no_method"}


def test_bodies_are_described(schema: dict[str, Any]) -> None:
    operations = _operations(schema)
    for name, message in (("enrol", "EnrolRequest"), ("blobs", "BlobRequest"), ("events", "EventBatch")):
        content = operations[f"POST {ROUTES[name]}"]["requestBody"]["content"]
        assert content == {"application/json": {"schema": {"$ref": f"#/components/schemas/{message}"}}}
        assert schema["components"]["schemas"][message]["properties"]


def test_every_reference_leads_somewhere(schema: dict[str, Any]) -> None:
    found = set(re.findall(r"#/components/schemas/(\w+)", str(schema)))
    assert found <= set(schema["components"]["schemas"])


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.targets: set[str] = set()
        self.links: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag in {"script", "img", "link", "iframe"}:
            self.loads.append(tag)
        self.targets.add(found.get("id") or "")
        self.links.add((found.get("href") or "").lstrip("#"))


def test_the_page_for_people_shows_all_of_it_and_loads_nothing(plant: Plant, schema: dict[str, Any]) -> None:
    with plant.client() as client:
        response = client.get("/docs")
    assert response.headers["content-type"].startswith("text/html")
    reader = _Reader()
    reader.feed(response.text)
    assert reader.loads == []
    assert reader.links <= reader.targets
    assert "http://" not in response.text
    assert "https://" not in response.text
    for operation in _operations(schema):
        method, path = operation.split()
        assert f"{method} {path}" in response.text
    for code, kind in PROBLEMS.items():
        if code not in {"no_route", "no_method"}:
            assert f"<code>{code}</code>" in response.text
            assert kind.meaning.partition("`")[0].partition("'")[0] in response.text
