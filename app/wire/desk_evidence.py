"""Messages between a desk and the hub on evidence: what clients' logs show, and a bundle to take along."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from app.wire.base import Code, Message, Time
from app.wire.desk import Ask
from app.wire.evidence import BundleId

BUNDLE_PIECE_BYTES = 4 * 2**20
"""What of a bundle is handed out at once."""


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
    """Begin an evidence bundle (``admin evidence``) of a client, from ``start`` until before ``end``."""

    client: Code
    start: Time | None = None
    end: Time | None = None


class BundleReply(Message):
    """A bundle in the making: ``done`` of ``total`` entries. ``size``: it is ready, and so many bytes long.

    ``trouble``: why there will be none, in a sentence.
    """

    job: BundleId
    done: Annotated[int, Field(ge=0)]
    total: Annotated[int, Field(ge=0)]
    size: Annotated[int, Field(ge=0)] = 0
    trouble: str = ""


class BundleJobAsk(Ask):
    """How far it is; with ``drop`` it is not wanted any more, ready or not."""

    job: BundleId
    drop: bool = False


class BundlePieceAsk(Ask):
    """A piece of one that is ready, from byte ``at`` on."""

    job: BundleId
    at: Annotated[int, Field(ge=0, le=2**53)] = 0
