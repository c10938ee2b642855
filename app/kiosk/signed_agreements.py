"""A signature under an agreement, made at this kiosk: how, and what is kept until the hub speaks of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from app.wire.agreement import MEANING, AgreementSignature

if TYPE_CHECKING:
    from app.kiosk.access import Holding, Opened
    from app.seal.keys import SigningKey
    from app.wire.agreement import AgreementText


@dataclass(frozen=True)
class Kept:
    """A signature made here that the hub may not know of yet. ``until``: when it lapses, None: never."""

    person: str
    client: str
    version: str
    until: datetime | None = None

    def counts(self, now: datetime) -> bool:
        """Whether it has not lapsed."""
        return self.until is None or now < self.until


Place = tuple[int, int]
"""Epoch and number of an event."""


def sign(
    holding: Holding, opened: Opened, text: AgreementText, now: datetime, key: SigningKey
) -> tuple[Kept, bytes]:
    """Sign the text with the person's own ``key``: what counts here from now on, and the envelope."""
    until = None if text.valid_days is None else now + timedelta(days=text.valid_days)
    operator = opened.operator
    signature = AgreementSignature(
        kiosk=holding.lease.kiosk,
        person=operator.person,
        name=operator.name,
        client=text.client,
        version=text.version,
        sha256=text.sha256,
        meaning=MEANING,
        signed=now,
        until=until,
    )
    return Kept(operator.person, text.client, text.version, until), signature.sealed(key)


def pack(signed: dict[Kept, Place]) -> str:
    """Signatures and the events that they are, as text."""
    return json.dumps(
        [
            [kept.person, kept.client, kept.version, kept.until and kept.until.isoformat(), *place]
            for kept, place in signed.items()
        ]
    )


def unpack(text: str) -> dict[Kept, Place]:
    """Read ``pack``; nothing is none.

    Raises:
        ValueError: it is not that.
    """
    return {
        Kept(person, client, version, datetime.fromisoformat(until) if until else None): (epoch, seq)
        for person, client, version, until, epoch, seq in json.loads(text or "[]")
    }
