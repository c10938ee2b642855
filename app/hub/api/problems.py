"""Every refusal that the API can answer with: its code, its HTTP status and what it means. One list, so that
what the OpenAPI page says and what the hub answers cannot differ.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from fastapi import Response

from app.model.errors import Damaged, Expected, NotFound, Refused, Unavailable, Untrusted
from app.wire.base import Problem

LOG = logging.getLogger("stationleaf.hub")


@dataclass(frozen=True)
class Kind:
    """An HTTP status and the meaning of a code, in words for the reader of the OpenAPI page."""

    status: int
    meaning: str


PROBLEMS: dict[str, Kind] = {
    "signature": Kind(401, "the request is not signed by a kiosk of this hub, or was changed on its way"),
    "clock_off": Kind(401, "made more than five minutes from the hub's time; `number` is that, in seconds"),
    "kiosk_pending": Kind(403, "a second administrator has yet to approve the kiosk"),
    "kiosk_blocked": Kind(
        403, "the kiosk is lost, forked, locked down or retired; its journal is still taken"
    ),
    "code_wrong": Kind(403, "no such enrolment code"),
    "pin_code_wrong": Kind(403, "not the PIN code of the person whose badge this is"),
    "glass_refused": Kind(403, "break-glass is not granted; the message says why"),
    "signed_out": Kind(
        403, "nobody is signed in at this desk by this pass: it has ended, or its badge was revoked"
    ),
    "badge_unknown": Kind(403, "no badge of somebody who may sit at a desk"),
    "not_allowed": Kind(403, "no role of the person allows this, or it is another supervisor's line"),
    "not_found": Kind(
        404, "not this kiosk's: no page of its manifest, no event of its journal, whether or not it exists"
    ),
    "no_route": Kind(404, "there is nothing at this address"),
    "no_method": Kind(405, "the address does not take this method"),
    "too_slow": Kind(408, "the body did not arrive within 30 seconds"),
    "counter_behind": Kind(409, "the request counter was used, or is too old; `number` is the next to use"),
    "not_on_record": Kind(409, "the look at the page is not in the desk's journal at this hub"),
    "locked_down": Kind(403, "the page's client or revision is locked down: nobody is given it"),
    "call_over": Kind(409, "the call for help was ended or taken back"),
    "answered": Kind(409, "the remark is answered already, and stays so"),
    "making": Kind(409, "the hub is making another bundle of evidence"),
    "confirmed": Kind(409, "the verdict is confirmed by a second person, and stays"),
    "second_person": Kind(403, "who gave a verdict cannot confirm it"),
    "bad_case": Kind(422, "not the name of a case of the review queue"),
    "code_used": Kind(409, "the enrolment code has served already"),
    "fork": Kind(409, "the hub holds another event under `number`; the kiosk is blocked"),
    "hole": Kind(409, "an event is missing; `number` is the one expected"),
    "changed_meanwhile": Kind(409, "the person's assignments are not those that the desk showed"),
    "cannot_read": Kind(409, "the person could read no page at that station"),
    "undo_over": Kind(410, "the time to undo has passed, or something changed since"),
    "code_expired": Kind(410, "the enrolment code is no longer valid"),
    "pin_code_over": Kind(410, "the PIN code was used, has expired, or was wrong five times"),
    "too_large": Kind(413, "the body is longer than any real one"),
    "bad_message": Kind(422, "the body or a parameter is not as described here"),
    "no_events": Kind(422, "the client's log has no events in that period"),
    "needs_reason": Kind(422, "the site's policy asks for a reason"),
    "bad_code": Kind(422, "not a code of that kind"),
    "bad_time": Kind(422, "not a day, or not a time zone"),
    "bad_span": Kind(422, "an assignment would end before it begins"),
    "bad_glass": Kind(422, "not break-glass at this kiosk, now, at another station of its line"),
    "bad_keys": Kind(422, "the device's public keys are not usable keys"),
    "bad_event": Kind(422, "event `number` does not open, is not signed, or does not follow the one before"),
    "too_many_tries": Kind(429, "ten failed enrolments from this address within ten minutes"),
    "fault": Kind(500, "a fault in the hub itself; its log has the details"),
    "log_damaged": Kind(500, "the transparency log was changed by another hand; nothing more is taken"),
    "database_damaged": Kind(500, "the hub's database file is damaged"),
    "busy": Kind(503, "the hub has too much to do just now; try again after `Retry-After` seconds"),
    "unavailable": Kind(503, "the hub's database, disk or folder does not answer now; try again later"),
    "disk_full": Kind(503, "the hub's disk is full; nothing of the request was kept"),
    "disk_error": Kind(503, "the hub's disk reports an error; nothing of the request was kept"),
    "database_busy": Kind(503, "another program has been writing to the hub's database for ten seconds"),
    "database_not_writable": Kind(503, "the hub's database cannot be opened for writing"),
    "database_away": Kind(503, "the hub's database server does not answer"),
}

DATABASE = ("disk_full", "disk_error", "database_busy", "database_not_writable", "database_away")
"""What ``store`` says where its database cannot be used now: any answer may be one of these."""

ALWAYS = ("fault", "database_damaged", "unavailable", *DATABASE)
SIGNED = ("signature", "clock_off", "counter_behind", "too_large", "too_slow", "busy", *ALWAYS)


def documented(*codes: str) -> dict[int | str, dict[str, Any]]:
    """Return FastAPI's ``responses`` of a route that can answer with these codes."""
    by_status: dict[int, list[str]] = {}
    for code in codes:
        by_status.setdefault(PROBLEMS[code].status, []).append(f"`{code}`: {PROBLEMS[code].meaning}.")
    return {
        status: {"model": Problem, "description": "  \n".join(meanings)}
        for status, meanings in sorted(by_status.items())
    }


def status_of(error: Expected) -> int:
    """Return the HTTP status of an expected error."""
    kind = PROBLEMS.get(error.code)
    if kind is not None:
        return kind.status
    for family, code in _FAMILIES:
        if isinstance(error, family):
            return PROBLEMS[code].status
    return 500


_FAMILIES: tuple[tuple[type[Expected], str], ...] = (
    (Unavailable, "unavailable"),
    (NotFound, "not_found"),
    (Untrusted, "bad_message"),
    (Refused, "bad_message"),
    (Damaged, "fault"),
)


def told(error: Expected) -> Response:
    """Answer with an expected error; one of this machine's is logged."""
    if isinstance(error, Unavailable) and error.code != "busy":
        LOG.error("%s", error.sentence)
    body = Problem(
        code=error.code, message=str(error), advice=error.advice, number=getattr(error, "number", None)
    )
    wait: int | None = getattr(error, "retry_after", None)
    return respond(body, status_of(error), {} if wait is None else {"Retry-After": str(wait)})


def respond(problem: Problem, status: int, headers: dict[str, str] | None = None) -> Response:
    """Answer with a problem."""
    return Response(problem.exact(), status, headers, media_type="application/json")
