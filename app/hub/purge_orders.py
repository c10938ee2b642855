"""Purge orders, as the hub makes them: one for each revocation that was committed just now, signed once.

Who is told: the kiosks that could hold the thing by the leases that they were given (``revocations``). Those
that do not listen hear it with their next lease, as does everybody else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.hub.revocations import Kind, open_row
from app.hub.schema import RevocationHolder
from app.seal.dsse import sign_envelope
from app.wire.desk import LockKind
from app.wire.orders import ORDER_EVENT, ORDER_TYPE, PurgeOrder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.hub.home import Home
    from app.hub.store import Acts

_REVOKE = "revoke"


@dataclass(frozen=True)
class Order:
    """A block of server-sent events, and the kiosks to which it is said."""

    block: bytes
    kiosks: frozenset[str]


def orders(session: Session, home: Home, acts: Acts, now: datetime) -> tuple[Order, ...]:
    """The orders that follow from these acts, in the order of the revocations."""
    return tuple(order for _, order in sorted(_orders(session, home, acts, now), key=lambda found: found[0]))


def _orders(session: Session, home: Home, acts: Acts, now: datetime) -> Iterator[tuple[int, Order]]:
    for act, code in acts:
        noun, _, verb = act.partition(".")
        row = open_row(session, Kind(noun), code) if verb == _REVOKE and noun in _KINDS else None
        if row is None:
            continue
        kiosks = session.scalars(select(RevocationHolder.kiosk).where(RevocationHolder.revocation == row.id))
        said = PurgeOrder(site=home.site, number=row.id, kind=LockKind(row.kind), code=row.code, issued=now)
        envelope = sign_envelope(ORDER_TYPE, said.exact(), home.keys.signers)
        yield row.id, Order(ORDER_EVENT + envelope + b"\n\n", frozenset(kiosks))


_KINDS = frozenset(kind.value for kind in Kind)
