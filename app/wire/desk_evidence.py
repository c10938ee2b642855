"""Messages between a desk and the hub on evidence: what clients' logs show, and a bundle to take along."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from app.wire.base import Code, Message, Time
from app.wire.desk import Ask

MAX_BUNDLE_BYTES = 512 * 2**20
"""A bundle that a desk fetches."""

MAX_BUNDLE_ENTRIES = 200_000
"""Entries in it: what a hub makes while it serves; the command line makes longer ones."""


class RecordsAsk(Ask):
    """What the logs show, of each client that whoever sits here may see."""


class Cosigned(Message):
    """A checkpoint of the log's first ``size`` entries that a witness cosigned, and that came in then."""

    witness: str
    size: int
    taken: Time


class ClientRecords(Message):
    """A client's log as it is now: its signed checkpoint, and the verifier key that signed it."""

    client: Code
    name: str
    size: Annotated[int, Field(ge=0)]
    checkpoint: Annotated[str, StringConstraints(max_length=16_384)]
    key: str
    cosigned: tuple[Cosigned, ...]
    pseudonyms: bool


class RecordsReply(Message):
    """By client."""

    clients: tuple[ClientRecords, ...]


class BundleAsk(Ask):
    """Make an evidence bundle (``admin evidence``) of a client, from ``start`` until before ``end``."""

    client: Code
    start: Time | None = None
    end: Time | None = None
