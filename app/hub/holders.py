"""Which devices could hold a thing now: by the leases that they were given, and by what their journals tell.

A device holds no lease older than the one that its journal says it accepted last, none at all once its
journal tells that it gave everything up, and perhaps each one that was issued later: an answer can get lost.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from pydantic import BaseModel, ConfigDict
from sqlalchemy import bindparam, select

from app.hub.enrolment import ENROLLED
from app.hub.schema import ChangeRow, EventRow, KioskRow, LeaseRow, ManifestRow
from app.seal.dsse import unverified_payload
from app.wire.lease import Allowance, Manifest, PageInfo
from app.wire.messages import LEASE_TYPE, EventKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Table
    from sqlalchemy.orm import Session

# Built once: a lockdown asks them of every device.
_STEPS = (EventKind.LEASE_ACCEPTED.value, EventKind.PURGED.value)
_EVENTS, _LEASES, _MANIFESTS = (cast("Table", t.__table__) for t in (EventRow, LeaseRow, ManifestRow))
_NEWEST_STEP = (
    select(_EVENTS.c.kind, _EVENTS.c.data)
    .where(
        _EVENTS.c.kiosk == bindparam("at"),
        _EVENTS.c.epoch == bindparam("in_epoch"),
        _EVENTS.c.kind.in_(_STEPS),
    )
    .order_by(_EVENTS.c.seq.desc())
    .limit(1)
)
_LEASE = (
    select(_LEASES.c.envelope, _LEASES.c.expires, _MANIFESTS.c.text)
    .join(_MANIFESTS, _MANIFESTS.c.hash == _LEASES.c.manifest)
    .where(_LEASES.c.kiosk == bindparam("at"), _LEASES.c.number == bindparam("with_number"))
)

PageName = tuple[str, str]
"""A page as receipts name it: ``DOCUMENT/LABEL`` and the SHA-256 of its bytes."""


@dataclass(frozen=True)
class Held:
    """A device and what it could hold of a thing, by its leases ``first`` to ``last``, until ``until``."""

    kiosk: str
    epoch: int
    first: int
    last: int
    pages: frozenset[PageName]
    until: datetime


@dataclass(frozen=True)
class Share:
    """What one lease says of a thing: its pages, and until when they may be read; a slot has no pages."""

    pages: frozenset[PageName]
    until: datetime


def holders(session: Session, kind: str, code: str, now: datetime) -> list[Held]:
    """Every device that could hold what ``kind`` and ``code`` name, by kiosk and epoch."""
    epochs = _Epochs(session)
    query = (
        select(LeaseRow.kiosk, LeaseRow.number, LeaseRow.issued)
        .where(LeaseRow.expires > now)
        .order_by(LeaseRow.kiosk, LeaseRow.number)
    )
    if kind == "kiosk":
        query = query.where(LeaseRow.kiosk == code)
    given: dict[tuple[str, int], list[int]] = defaultdict(list)
    for kiosk, number, issued in session.execute(query):
        given[kiosk, epochs.at(kiosk, issued)].append(number)
    found = []
    for (kiosk, epoch), numbers in given.items():
        first = floor(session, kiosk, epoch)
        shares = {
            number: share
            for number in numbers
            if number >= first and (share := share_of(session, kiosk, number, kind, code)) is not None
        }
        if shares:
            pages = frozenset[PageName]().union(*(share.pages for share in shares.values()))
            until = max(share.until for share in shares.values())
            found.append(Held(kiosk, epoch, max(first, min(numbers)), max(shares), pages, until))
    return [held for held in found if held.until > now]


def floor(session: Session, kiosk: str, epoch: int) -> int:
    """The lowest number of a lease that the device can still hold, as far as its journal is here."""
    newest = session.connection().execute(_NEWEST_STEP, {"at": kiosk, "in_epoch": epoch}).one_or_none()
    if newest is None:
        return 1
    found = _floor_by(newest.kind, newest.data)
    if found is None:
        found = next(filter(None, (_floor_by(row.kind, row.data) for row in steps(session, kiosk, epoch))), 1)
    return found


def _floor_by(kind: str, data: bytes) -> int | None:
    """What one event says of it; None where it says nothing."""
    body = body_of(data)
    if kind == EventKind.LEASE_ACCEPTED and isinstance(body.get("number"), int):
        return int(body["number"])
    if body.get("all") is True and isinstance(body.get("before"), int):
        return int(body["before"]) + 1
    if isinstance(body.get("after"), int) and body["after"] > 0:
        return int(body["after"])  # a kill lost the event that it was accepted
    return None


def steps(session: Session, kiosk: str, epoch: int) -> Iterator[EventRow]:
    """A device's events on leases and purges, newest first."""
    query = (
        select(EventRow)
        .where(
            EventRow.kiosk == kiosk,
            EventRow.epoch == epoch,
            EventRow.kind.in_(_STEPS),
        )
        .order_by(EventRow.seq.desc())
    )
    yield from session.scalars(query.execution_options(yield_per=4))  # mostly the first one answers


def body_of(data: bytes) -> dict[str, Any]:
    """An event's body; empty where it has none that reads."""
    try:
        body = json.loads(data).get("body", {})
    except (ValueError, AttributeError):
        return {}
    return body if isinstance(body, dict) else {}


def share_of(session: Session, kiosk: str, number: int, kind: str, code: str) -> Share | None:
    """What a lease says of a thing; None where it says nothing of it, or is not there.

    Where the lease's exact bytes are no longer kept (``leases.KEEP_ENVELOPES``), the manifest alone speaks.
    """
    row = session.connection().execute(_LEASE, {"at": kiosk, "with_number": number}).one_or_none()
    if row is None:
        return None
    pages = _listed(row.text)
    lease = _Outline.read(row.envelope) if row.envelope else None
    if kind in {"person", "badge"}:
        if lease is None or all(operator.person != code for operator in lease.operators):
            return None
        opened = {blob for bundle in lease.bundles if code in bundle.sealed for blob in bundle.keys}
        return Share(frozenset((p.revision_key, p.page) for p in pages if p.blob in opened), row.expires)
    if (
        lease is not None
        and {"station": lease.station.code, "line": lease.station.line}.get(kind, code) != code
    ):
        return None
    if kind == "revision":
        pages = tuple(page for page in pages if page.revision_key == code)
    elif kind == "client":
        pages = tuple(page for page in pages if page.client == code)
    if not pages and kind in {"revision", "client"}:
        return None
    return Share(
        frozenset((page.revision_key, page.page) for page in pages), _until(row.expires, lease, pages)
    )


@lru_cache(maxsize=32)  # the leases of many kiosks list the same pages
def _listed(manifest: str) -> tuple[PageInfo, ...]:
    return Manifest.read(manifest.encode()).pages


def _until(expires: datetime, lease: _Outline | None, pages: tuple[PageInfo, ...]) -> datetime:
    if lease is None or not pages:
        return expires
    allowed = {(a.client, a.classification): a.until for a in lease.allowances}
    return min(expires, max(allowed.get((p.client, p.classification), expires) for p in pages))


class _Part(BaseModel):
    """Some fields of a part of a lease, and none of the others."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _Station(_Part):
    code: str
    line: str


class _Operator(_Part):
    person: str


class _Bundle(_Part):
    keys: dict[str, str]
    sealed: dict[str, str]


class _Outline(_Part):
    """What is asked here of a lease that this hub issued: reading it whole takes twenty times as long."""

    station: _Station
    operators: tuple[_Operator, ...]
    bundles: tuple[_Bundle, ...]
    allowances: tuple[Allowance, ...]

    @classmethod
    def read(cls, envelope: bytes) -> _Outline:
        """Read the lease in an envelope."""
        return cls.model_validate_json(unverified_payload(envelope, LEASE_TYPE))


class _Epochs:
    """When each kiosk was given which device."""

    def __init__(self, session: Session) -> None:
        self._now = dict(session.execute(select(KioskRow.code, KioskRow.epoch)).all())
        self._begun: dict[str, list[tuple[datetime, int]]] = defaultdict(list)
        rows = select(ChangeRow.subject, ChangeRow.at, ChangeRow.after).where(ChangeRow.act == ENROLLED)
        for kiosk, at, after in session.execute(rows.order_by(ChangeRow.id)):
            self._begun[kiosk].append((at, int(after["epoch"])))

    def at(self, kiosk: str, moment: datetime) -> int:
        """The epoch of the device that was given a lease at ``moment``."""
        begun = [epoch for at, epoch in self._begun[kiosk] if at <= moment]
        return begun[-1] if begun else int(self._now.get(kiosk, 1))
