"""The kiosk as a witness of its hub's log: what the hub shows next must continue what it showed last.

Failure policy: a hub that cannot prove it is told on the screen at every contact, recorded once as an
incident, and what it showed is kept with the checkpoint that it contradicts: both are signed by the hub, so
they prove it to anybody. The kept checkpoint stays until the hub proves that it continues it. A hub that was
restored from a backup says so with another origin: that is recorded and kept too, and the kiosk goes on from
there. Leases, pages and the journal do not wait for any of it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from app.model.errors import Expected, Untrusted
from app.seal.checkpoint import Checkpoint, open_checkpoint
from app.seal.merkle import verify_consistency
from app.seal.note import Note
from app.wire.client import HubFault, HubRefused
from app.wire.messages import LOG_RESTORED, LOG_REWRITTEN, EventKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.kiosk.state import State
    from app.wire.messages import LogReply

NOT_SHOWN = "log_not_shown"
_log = logging.getLogger("app.kiosk.sync")


class Shows(Protocol):
    """The hub, as far as its log goes."""

    def log(self, have: int) -> LogReply:
        """Ask for the checkpoint, and the proof that it continues that of ``have`` entries."""


class Notes(Protocol):
    """The journal."""

    def __call__(self, kind: EventKind, *, client: str = "", **body: Any) -> bool:
        """Write an event, about a client where one is named."""


@dataclass(frozen=True)
class Watch:
    """Holds the logs of one hub to what it has shown of them; "" is the site's, others are those of clients.

    ``now`` is the hub's time as this kiosk knows it.
    """

    state: State
    site: str
    log_keys: Sequence[bytes]
    note: Notes
    now: datetime

    def seen(self, client: str = "") -> int:
        """How many entries of a log were seen, 0 for none."""
        kept = _read(self.state.checkpoint_of(client))
        return 0 if kept is None else kept.size

    def look(self, reply: LogReply, client: str = "") -> Expected | None:
        """Compare what the hub shows; keep it where it continues what was seen, or what it contradicts.

        Steps: 1 the checkpoint is signed by a log key of the trust statement, and of this log; 2 the log is
        not shorter than when last seen; 3 what was seen is its beginning.
        """
        before = self.state.checkpoint_of(client)
        kept = _read(before)
        try:
            shown = self._opened(reply.checkpoint, client)  # 1
        except Untrusted as error:
            return not_shown(error, seen=True)
        if kept is not None and not _continues(kept, shown, reply.proof):  # 2, 3
            what = LOG_REWRITTEN if kept.origin == shown.origin else LOG_RESTORED
            self._keep(what, client, reply, before)
            _log.error("%s: seen %d entries, shown %d", what, kept.size, shown.size)
            if what == LOG_RESTORED:
                self.state.keep_checkpoint(reply.checkpoint, client)
            return _WORDS[what]()
        if kept != shown:
            self.state.keep_checkpoint(reply.checkpoint, client)
        return None

    def _opened(self, text: str, client: str) -> Checkpoint:
        data = text.encode()
        origin = Note.read(data).text.partition("\n")[0]
        hub, site, _, *whose = origin.split("/") if origin.count("/") >= 3 else ("", "", "", "")
        wanted = ["client", quote(client, safe="")] if client else ["site"]
        if (hub, site) != ("stationleaf", quote(self.site, safe="")) or whose[: len(wanted)] != wanted:
            raise Untrusted("The hub shows another log than the one asked for.", code="other_log")
        return open_checkpoint(data, origin, self.log_keys)

    def _keep(self, what: str, client: str, reply: LogReply, before: str) -> None:
        if any(one["kept"] == before for one in self.state.log_evidence):
            return  # said once; the first contradiction is proof enough
        proof = [hashed.hex() for hashed in reply.proof]
        evidence = {"what": what, "at": self.now.isoformat(), "kept": before, "shown": reply.checkpoint}
        self.state.add_log_evidence({**evidence, "proof": proof})
        self.note(EventKind.INCIDENT, client=client, what=what, kept=before, shown=reply.checkpoint)


def watch(hub: Shows, site_log: Watch) -> Expected | None:
    """Look at the hub's log once. Returns what a person should read, or None where all is well.

    Raises:
        Expected: the hub was not reached, or does not answer as agreed.
    """
    seen = site_log.seen()
    try:
        reply = hub.log(seen)
    except (HubFault, HubRefused) as error:
        return not_shown(error, seen=bool(site_log.state.checkpoint_of()))
    return site_log.look(reply)


def _read(kept: str) -> Checkpoint | None:
    return Checkpoint.read(Note.read(kept.encode()).text) if kept else None


def _continues(kept: Checkpoint, shown: Checkpoint, proof: Sequence[bytes]) -> bool:
    if kept.size == 0:
        return True
    try:
        verify_consistency(kept.size, shown.size, kept.root, shown.root, proof)
    except Untrusted:
        return False
    return True


def not_shown(error: Expected, *, seen: bool) -> Expected | None:
    """What to tell of a hub that does not show a log. One of an older version has none; one that showed it
    before has to go on, unless it is busy.
    """
    busy = isinstance(error, HubFault) and error.status == HTTPStatus.SERVICE_UNAVAILABLE
    if not seen or busy or error.code in {"kiosk_pending", "kiosk_blocked"}:
        return None
    _log.warning("the hub's log was not shown (%s)", error.code)
    return Untrusted(
        "The hub does not show its log of records as it should.",
        advice="Tell quality: until it does, nobody can check that the records are complete.",
        code=NOT_SHOWN,
    )


def _rewritten() -> Untrusted:
    return Untrusted(
        "The hub's records were rewritten: its log does not continue what this kiosk has seen of it.",
        advice="Call quality. The proof is kept on this kiosk: leave it as it is.",
        code="log_rewritten",
    )


def _restored() -> Untrusted:
    return Untrusted(
        "The hub was restored from a backup, and lacks records that this kiosk has seen the log of.",
        advice="Tell quality: what is missing is in the incident.",
        code="log_restored",
    )


_WORDS = {LOG_REWRITTEN: _rewritten, LOG_RESTORED: _restored}
