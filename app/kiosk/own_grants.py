"""Grants that this kiosk made itself while the hub was away: what is kept of them, and what they open.

Kept in ``state.db`` until they end or the hub has said what becomes of them, so that they survive a restart.
What is kept opens nothing by itself: the supervisor's halves are sealed to the worker's slot.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from app.model.errors import Refused
from app.model.plant import Grant, Span
from app.model.terms import Classification, GrantKind
from app.seal.admission import both, lend, lent
from app.seal.boxes import hpke_open, hpke_seal, unwrap_key
from app.seal.encoding import b64, unb64
from app.wire.grants import SignedGrant, lent_info, supervisor_info, worker_info

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.kiosk.access import Holding, Opened
    from app.wire.grants import GrantStatement
    from app.wire.lease import Bundle


@dataclass(frozen=True, repr=False)
class OwnGrant:
    """An offline admission of this kiosk. ``lease`` is the number of the lease whose keys it opens.

    ``box`` holds what the supervisor lent (``seal.admission.lend``), sealed to the worker's slot. ``by_hub``:
    the hub made the grant, or has confirmed it, so that it is the lease that admits; kept to record its end.
    """

    name: str
    person: str
    station: str
    lease: int
    start: datetime
    end: datetime
    by: str
    reason: str
    ceiling: Classification
    box: bytes = b""
    by_hub: bool = False

    def admits(self, lease: int) -> bool:
        """Whether this kiosk itself admits by it, under the lease of this number."""
        return not self.by_hub and self.lease == lease

    def record(self) -> Grant:
        """As the model's record."""
        span, kind = Span(self.start, self.end), GrantKind.OFFLINE_ADMISSION
        return Grant(self.person, self.station, span, kind, self.by, self.reason, self.ceiling)


class GrantStore(Protocol):
    """Where they are kept. What a method did is on the disk when it returns.

    Raises (``keep`` and ``drop``): Unavailable or Damaged: the file cannot be written.
    """

    @property
    def own_grants(self) -> tuple[OwnGrant, ...]:
        """Those that are kept, oldest first. Reads no file."""

    def keep_grant(self, grant: OwnGrant) -> None:
        """Keep one, in place of one of the same name."""

    def drop_grants(self, names: Iterable[str]) -> None:
        """Forget these."""


def sign_both(statement: GrantStatement, supervisor: Opened, worker: Opened) -> SignedGrant:
    """The statement with the signatures of the two people whose slots are open."""
    said = statement.signed()
    return SignedGrant(
        statement=statement,
        by_signature=supervisor.keys.sign.sign(said),
        person_signature=worker.keys.sign.sign(said),
    )


def without_keys(statement: GrantStatement, supervisor: Opened) -> OwnGrant:
    """The grant as ``decide`` takes it, before anything is lent."""
    return OwnGrant(
        name=statement.grant,
        person=statement.person,
        station=statement.station,
        lease=statement.lease,
        start=statement.start,
        end=statement.end,
        by=statement.by,
        reason=statement.reason,
        ceiling=supervisor.slot.kind.ceiling,
    )


def lend_to(holding: Holding, grant: OwnGrant, supervisor: Opened, worker: Opened) -> OwnGrant:
    """The grant with what the supervisor's badge opens of this lease, lent to the worker.

    Raises:
        Refused: the hub gave this lease no keys for it (``no_admission``).
        Untrusted: they do not open.
    """
    lease, level = holding.lease, supervisor.slot.kind.ceiling
    box = lease.admission.supervisors.get(supervisor.operator.person)
    if box is None or worker.operator.person not in lease.admission.workers:
        raise Refused(
            "The hub has not prepared this kiosk for admitting this person.",
            advice="Ask for somebody else, or wait for the hub.",
            code="no_admission",
        )
    info = supervisor_info(lease.kiosk, lease.number, supervisor.operator.person)
    key = hpke_open(box, supervisor.keys.seal, info)
    halves = lend(key, level, worker.operator.person)
    sealed = hpke_seal(halves, worker.slot.seal_public, _lent_to(holding, worker, grant.name))
    return replace(grant, box=sealed)


def _lent_to(holding: Holding, worker: Opened, name: str) -> bytes:
    return lent_info(holding.lease.kiosk, holding.lease.number, worker.operator.person, name)


def bundle_key(holding: Holding, bundle: Bundle, opened: Opened, grant: OwnGrant) -> bytes | None:
    """The key of a bundle by an admission: with the worker's half and what the supervisor lent; None: not.

    Raises:
        Untrusted, Damaged: a key does not open.
    """
    lease, person = holding.lease, opened.operator.person
    wrapped, half = bundle.admissible.get(person), lease.admission.workers.get(person)
    if wrapped is None or half is None or grant.person != person or not grant.admits(lease.number):
        return None
    halves = hpke_open(grant.box, opened.keys.seal, _lent_to(holding, opened, grant.name))
    theirs = lent(halves, bundle.classification)
    if theirs is None:
        return None
    own = hpke_open(half, opened.keys.seal, worker_info(lease.kiosk, lease.number, person))
    return unwrap_key(wrapped, both(own, theirs))


def pack(grants: Iterable[OwnGrant]) -> str:
    """As one line of text."""
    return json.dumps([_packed(grant) for grant in grants], separators=(",", ":"))


def unpack(text: str) -> tuple[OwnGrant, ...]:
    """Read ``pack``.

    Raises:
        ValueError, KeyError, TypeError: it is not such a text.
    """
    return tuple(_unpacked(told) for told in json.loads(text or "[]"))


def _packed(grant: OwnGrant) -> dict[str, Any]:
    fields = dict(vars(grant))
    fields["start"], fields["end"] = grant.start.isoformat(), grant.end.isoformat()
    fields["ceiling"], fields["box"] = grant.ceiling.word, b64(grant.box)
    return fields


def _unpacked(told: dict[str, Any]) -> OwnGrant:
    fields = dict(told)
    fields["start"] = datetime.fromisoformat(told["start"])
    fields["end"] = datetime.fromisoformat(told["end"])
    fields["ceiling"], fields["box"] = Classification.parse(told["ceiling"]), unb64(told["box"])
    return OwnGrant(**fields)
