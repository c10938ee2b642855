"""The kiosk as a witness of its clients' logs: it cosigns what continues all that it has seen of them.

Failure policy: as ``log_watch``'s. What is not proven is not cosigned, told at every contact, and recorded
once under the client's name; the checkpoint is on the disk before its cosignature leaves. Nothing waits for
any of it, and what the hub did not take is cosigned anew the next time.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from app.kiosk.log_watch import not_shown
from app.seal.cosignature import cosign
from app.seal.note import Note
from app.wire.client import HubFault, HubRefused
from app.wire.log_witness import LogCosigned, LogsAsk, LogsCosigned, LogSeen, witness_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from app.kiosk.log_watch import Watch
    from app.kiosk.vault import DeviceKeys
    from app.model.errors import Expected
    from app.wire.log_witness import ClientLog, CosignedReply, LogsReply


class Shows(Protocol):
    """The hub, as far as the clients' logs go."""

    def client_logs(self, asked: LogsAsk) -> LogsReply:
        """Ask for checkpoints, and the proofs that they continue those seen."""

    def cosigned(self, handed: LogsCosigned) -> CosignedReply:
        """Hand in cosignatures."""


def witness(hub: Shows, watch: Watch, keys: DeviceKeys, clients: Collection[str]) -> Expected | None:
    """Look at the logs of ``clients`` once and cosign them. Returns what a person should read, or None.

    Raises:
        Expected: the hub was not reached, or does not answer as agreed.
    """
    asked = tuple(LogSeen(client=client, have=watch.seen(client)) for client in sorted(clients))
    if not asked:
        return None
    try:
        reply = hub.client_logs(LogsAsk(logs=asked))
    except (HubFault, HubRefused) as error:
        return not_shown(error, seen=any(one.have for one in asked))
    trouble, handed = None, []
    for one in reply.logs:
        if one.client in clients:
            found = watch.look(one, one.client)
            if found is not None:
                trouble = trouble or found
            elif watch.seen(one.client):
                handed.append(_cosigned(one, watch, keys))
    if handed:
        with suppress(HubFault, HubRefused):
            hub.cosigned(LogsCosigned(cosigned=tuple(handed)))
    return trouble


def _cosigned(one: ClientLog, watch: Watch, keys: DeviceKeys) -> LogCosigned:
    text = Note.read(one.checkpoint.encode()).text
    name = witness_of(text.partition("\n")[0], keys.kiosk, keys.epoch, keys.sign.public).name
    line = cosign(text, name, keys.sign, int(watch.now.timestamp()))
    return LogCosigned(client=one.client, checkpoint=one.checkpoint, line=line.text.removesuffix("\n"))
