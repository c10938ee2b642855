"""The kiosk as a witness of its clients' logs: it cosigns what continues all that it has seen of them.

Failure policy: as ``log_watch``'s. What is not proven is not cosigned, told at every contact, and recorded
once under the client's name; the checkpoint is on the disk before its cosignature leaves. Nothing waits for
any of it, and what the hub did not take is cosigned anew the next time.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from app.kiosk.log_watch import NOT_SHOWN, Watch, not_shown, watch
from app.model.terms import KioskStatus
from app.seal.cosignature import cosign
from app.seal.note import Note
from app.wire.client import HubFault, HubRefused
from app.wire.log_witness import LogCosigned, LogsAsk, LogsCosigned, LogSeen, witness_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime

    from app.kiosk.log_watch import Notes
    from app.kiosk.supplies import Supplies
    from app.kiosk.vault import DeviceKeys
    from app.model.errors import Expected
    from app.wire.client import HubClient
    from app.wire.log_witness import ClientLog, CosignedReply, LogsReply


class Shows(Protocol):
    """The hub, as far as the clients' logs go."""

    def client_logs(self, asked: LogsAsk) -> LogsReply:
        """Ask for checkpoints, and the proofs that they continue those seen."""

    def cosigned(self, handed: LogsCosigned) -> CosignedReply:
        """Hand in cosignatures."""


class Logs:
    """The logs of a kiosk's hub, as its sync follows them. ``trouble`` is what a person should read now.

    Raises, in every method:
        Expected: the hub was not reached, or does not answer as agreed.
    """

    def __init__(self, supplies: Supplies, note: Notes, now: Callable[[], datetime]) -> None:
        self._keys, self._state, self._note, self._now = supplies.keys, supplies.state, note, now
        self._troubles: dict[str, Expected | None] = {}

    @property
    def trouble(self) -> Expected | None:
        """The site's first."""
        return self._troubles.get("site") or self._troubles.get("clients")

    @property
    def hidden(self) -> bool:
        """Whether a log was asked for and not shown; the next answer may be another."""
        return any(one is not None and one.code == NOT_SHOWN for one in self._troubles.values())

    def watch(self, hub: HubClient, log_keys: Sequence[bytes]) -> None:
        """Look at the site's log (``log_watch``)."""
        self._troubles["site"] = watch(hub, self._watch(log_keys))

    def witness(self, hub: HubClient, log_keys: Sequence[bytes]) -> None:
        """Cosign the logs of the clients whose pages are here."""
        kept = self._state.kept()
        if kept is not None and self._state.status is KioskStatus.ACTIVE:
            clients = {page.client for page in kept.manifest.pages}
            self._troubles["clients"] = witness(hub, self._watch(log_keys), self._keys, clients)

    def _watch(self, log_keys: Sequence[bytes]) -> Watch:
        return Watch(self._state, self._keys.site, log_keys, self._note, self._now())


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
