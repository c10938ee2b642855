"""The OpenAPI description, and a page that shows it without scripts or anything from elsewhere.

A plant's network has no internet, so the framework's own page, which loads itself from there, stays off.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any

from fastapi import Response
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from app.wire.desk import (
    Ask,
    BoardAsk,
    CallAsk,
    CheckAsk,
    DeclinedAsk,
    DeskSlotAsk,
    LockAsk,
    MoveAsk,
    PlanAsk,
    PlanPut,
    RecoveryAsk,
    UndoAsk,
)
from app.wire.desk_badges import HoldersAsk, WithdrawAsk
from app.wire.desk_evidence import BundleAsk, BundleJobAsk, BundlePieceAsk, RecordsAsk
from app.wire.desk_exposure import ExposedPagesAsk, ExposureAsk
from app.wire.desk_remarks import RemarkAnswerAsk, RemarkPageAsk, RemarksAsk
from app.wire.desk_review import CaseAsk, JudgeAsk, ReviewAsk
from app.wire.desk_trace import TraceAsk, TraceKeyAsk
from app.wire.grants import SignedGrant
from app.wire.log_witness import LogsAsk, LogsCosigned
from app.wire.messages import COUNTER_HEADER, BlobRequest, EnrolRequest, EventBatch, SlotRequest
from app.wire.signatures import COVERED, TAG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI

SECURITY = "kiosk"
"""The name of the request signature among OpenAPI's security schemes."""

READ_HERE = (
    *(BlobRequest, EnrolRequest, EventBatch, SignedGrant, SlotRequest),
    *(
        Ask,
        BoardAsk,
        CheckAsk,
        DeclinedAsk,
        DeskSlotAsk,
        LockAsk,
        MoveAsk,
        PlanAsk,
        PlanPut,
        RecoveryAsk,
        UndoAsk,
    ),
    *(ExposureAsk, ExposedPagesAsk, ReviewAsk, CaseAsk, JudgeAsk),
    *(RemarksAsk, RemarkPageAsk, RemarkAnswerAsk, CallAsk),
    *(BundleAsk, BundleJobAsk, BundlePieceAsk, RecordsAsk),
    *(LogsAsk, LogsCosigned),
    *(HoldersAsk, WithdrawAsk),
    *(TraceKeyAsk, TraceAsk),
)
"""Bodies that the hub reads by itself, after their signature."""

_REF = "#/components/schemas/{model}"
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_ABOUT = """What kiosks ask the hub, over TLS 1.3. Every answer that is not a success is a `Problem`: a code
for programs, a sentence and advice for people, with some codes a number."""
_SIGNATURE = f"""RFC 9421, Ed25519 with the device's key, key id the kiosk's code, tag `{TAG}`, created within
five minutes of the hub's time, covering {", ".join(f"`{name}`" for name in COVERED)}. `{COUNTER_HEADER}`
rises with every request for the life of the key; `content-digest` (RFC 9530, sha-256) is there for empty
bodies too."""


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI description: the framework's, with the bodies that the hub reads itself."""
    schema = get_openapi(
        title=app.title, version=app.version, description=" ".join(_ABOUT.split()), routes=app.routes
    )
    bodies = [(kind, "validation") for kind in READ_HERE]
    _, extra = models_json_schema(bodies, ref_template=_REF)  # type: ignore[arg-type]
    components = schema.setdefault("components", {})
    components["schemas"] = {**components.get("schemas", {}), **extra["$defs"]}
    components["securitySchemes"] = {
        SECURITY: {
            "type": "apiKey",
            "in": "header",
            "name": "Signature",
            "description": " ".join(_SIGNATURE.split()),
        }
    }
    return schema


def page(schema: dict[str, Any]) -> Response:
    """Return the description as a page for people."""
    return Response(
        "".join(_page(schema)),
        media_type="text/html; charset=utf-8",
        headers={"content-security-policy": _POLICY},
    )


def _page(schema: dict[str, Any]) -> Iterator[str]:
    info = schema["info"]
    yield f"<!doctype html><html lang=en><meta charset=utf-8><title>{escape(info['title'])}</title>{_STYLE}"
    yield f"<h1>{escape(info['title'])} <small>{escape(info['version'])}</small></h1>"
    yield f"<p>{_words(info['description'])}</p>"
    yield f"<h2>Signed requests</h2><p>{_words(' '.join(_SIGNATURE.split()))}</p>"
    for path, methods in schema["paths"].items():
        for method, route in methods.items():
            yield from _route(path, method, route)
    yield "<h2>Messages</h2>"
    for name, message in sorted(schema["components"]["schemas"].items()):
        yield from _message(name, message)


def _route(path: str, method: str, route: dict[str, Any]) -> Iterator[str]:
    signed = " · signed" if route.get("security") else ""
    yield f"<h2><code>{method.upper()} {escape(path)}</code></h2>"
    yield f"<p><b>{_words(route['summary'])}</b>{signed}<br>{_words(route.get('description', ''))}</p><table>"
    for parameter in route.get("parameters", []):
        name = f"<code>{escape(parameter['name'])}</code> in {escape(parameter['in'])}"
        about = parameter.get("description") or _form(parameter["schema"])
        yield f"<tr><td>{name}<td>{_words(about)}"
    if "requestBody" in route:
        yield f"<tr><td>body<td>{_content(route['requestBody']['content'])}"
    for status, answer in sorted(route["responses"].items()):
        content = _content(answer.get("content", {}))
        yield f"<tr><td>{escape(status)}<td>{_words(answer['description'])} {content}"
    yield "</table>"


def _content(content: dict[str, Any]) -> str:
    return ", ".join(
        f"<i>{escape(media)}</i> {_form(what['schema']) if what.get('schema') else ''}"
        for media, what in content.items()
    )


def _message(name: str, message: dict[str, Any]) -> Iterator[str]:
    yield f"<h3 id={escape(name)}>{escape(name)}</h3><p>{_words(message.get('description', ''))}</p>"
    if "enum" in message:
        yield f"<p>{', '.join(f'<code>{escape(str(word))}</code>' for word in message['enum'])}</p>"
    needed = message.get("required", [])
    rows = [
        f"<tr><td><code>{escape(field)}</code>{'' if field in needed else ' (optional)'}<td>{_form(form)}"
        for field, form in message.get("properties", {}).items()
    ]
    if rows:
        yield f"<table>{''.join(rows)}</table>"


def _form(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f"<a href='#{name}'>{name}</a>"
    for several in ("anyOf", "allOf"):
        if several in schema:
            return " or ".join(_form(one) for one in schema[several])
    if schema.get("type") == "array":
        return f"list of {_form(schema.get('items', {}))}"
    limits = [
        f"{word} {escape(str(schema[word]))}"
        for word in ("const", "pattern", "minimum", "maximum", "minLength", "maxLength", "format")
        if word in schema
    ]
    return " ".join([escape(str(schema.get("type", "any"))), *limits])


def _words(text: str) -> str:
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", escape(text)).replace("  \n", "<br>")


_STYLE = """<style>
body { font: 16px/1.5 sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1a1d21 }
h2 { margin-top: 2.5rem; border-top: 1px solid #c9ced6; padding-top: 1rem } small { color: #5b6470 }
table { border-collapse: collapse; width: 100% } td { border: 1px solid #c9ced6; padding: .3rem .6rem }
td:first-child { width: 12rem } td { vertical-align: top } code { background: #eef1f5; padding: 0 .2rem }
</style>"""
