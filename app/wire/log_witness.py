"""Kiosks as witnesses of the clients' logs: what is asked, shown and cosigned (C2SP tlog-cosignature)."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from pydantic import Field, StringConstraints

from app.seal.cosignature import Witness
from app.wire.base import Code, Message
from app.wire.messages import LogReply

MOST_CLIENTS = 100
"""Logs in one message: no kiosk holds pages of as many clients."""


class LogSeen(Message):
    """How many entries of a client's log a kiosk has seen, 0 for none."""

    client: Code
    have: Annotated[int, Field(ge=0, le=2**53)] = 0


class LogsAsk(Message):
    """A kiosk asks for the logs of the clients whose pages it holds."""

    logs: Annotated[tuple[LogSeen, ...], Field(max_length=MOST_CLIENTS)]


class ClientLog(LogReply):
    """A client's log as ``LogReply`` shows one."""

    client: Code


class LogsReply(Message):
    """Those that were asked for and of which the kiosk holds pages. Others are left out, if there are any."""

    logs: tuple[ClientLog, ...]


class LogCosigned(Message):
    """A checkpoint as the hub signed it, and the line by which the kiosk's device cosigned it."""

    client: Code
    checkpoint: Annotated[str, StringConstraints(max_length=16_384)]
    line: Annotated[str, StringConstraints(max_length=600)]


class LogsCosigned(Message):
    """A kiosk hands in its cosignatures."""

    cosigned: Annotated[tuple[LogCosigned, ...], Field(max_length=MOST_CLIENTS)]


class CosignedReply(Message):
    """How many the hub keeps."""

    kept: int


def witness_of(origin: str, kiosk: str, epoch: int, public: bytes) -> Witness:
    """A kiosk's device as a witness of the log ``origin``: ``stationleaf/SITE/HUB/kiosk/KIOSK/EPOCH``.

    It cosigns with the key by which it signs its events. What it signs can be taken for nothing else: a
    cosignature's message begins with other words than an event's or a request's.
    """
    hub = "/".join(origin.split("/")[:3])
    return Witness(f"{hub}/kiosk/{quote(kiosk, safe='')}/{epoch}", public)
