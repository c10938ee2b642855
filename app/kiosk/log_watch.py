"""The kiosk as a witness of its hub's log: what the hub shows next must continue what it showed last.

Failure policy: a hub that cannot prove it is told on the screen at every contact, recorded once as an
incident, and what it showed is kept with the checkpoint that it contradicts: both are signed by the hub, so
they prove it to anybody. The kept checkpoint stays until the hub proves that it continues it. A hub that was
restored from a backup says so with another origin: that is recorded and kept too, and the kiosk goes on from
there. Leases, pages and the journal do not wait for any of it.
"""

from __future__ import annotations

import logging
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

_log = logging.getLogger("app.kiosk.sync")


class Shows(Protocol):
    """The hub, as far as its log goes."""

    def log(self, have: int) -> LogReply:
        """Ask for the checkpoint, and the proof that it continues that of ``have`` entries."""


class Notes(Protocol):
    """The journal."""

    def __call__(self, kind: EventKind, **body: Any) -> bool:
        """Write an event."""


def watch(
    hub: Shows, state: State, site: str, log_keys: Sequence[bytes], note: Notes, now: datetime
) -> Expected | None:
    """Look at the hub's log once. Returns what a person should read, or None where all is well.

    Steps: 1 the checkpoint is signed by a log key of the trust statement, and of a log of this site; 2 the
    log is not shorter than when last seen; 3 what was seen is its beginning.

    Raises:
        Expected: the hub was not reached, or does not answer as agreed.
    """
    kept = _read(state.checkpoint)
    try:
        reply = hub.log(0 if kept is None else kept.size)
    except (HubFault, HubRefused) as error:
        return _not_shown(error, seen=kept is not None)
    try:
        shown = _opened(reply.checkpoint, site, log_keys)  # 1
    except Untrusted as error:
        return _not_shown(error, seen=True)
    if kept is not None and not _continues(kept, shown, reply.proof):  # 2, 3
        what = LOG_REWRITTEN if kept.origin == shown.origin else LOG_RESTORED
        _keep(state, note, what, reply, kept, shown, now)
        if what == LOG_RESTORED:
            state.keep_checkpoint(reply.checkpoint)
        return _WORDS[what]()
    if kept != shown:
        state.keep_checkpoint(reply.checkpoint)
    return None


def _read(kept: str) -> Checkpoint | None:
    return Checkpoint.read(Note.read(kept.encode()).text) if kept else None


def _opened(text: str, site: str, log_keys: Sequence[bytes]) -> Checkpoint:
    data = text.encode()
    origin = Note.read(data).text.partition("\n")[0]
    if not origin.startswith(f"stationleaf/{quote(site, safe='')}/"):
        raise Untrusted("The hub shows the log of another site.", code="other_log")
    return open_checkpoint(data, origin, log_keys)


def _continues(kept: Checkpoint, shown: Checkpoint, proof: Sequence[bytes]) -> bool:
    if kept.size == 0:
        return True
    try:
        verify_consistency(kept.size, shown.size, kept.root, shown.root, proof)
    except Untrusted:
        return False
    return True


def _keep(
    state: State,
    note: Notes,
    what: str,
    reply: LogReply,
    kept: Checkpoint,
    shown: Checkpoint,
    now: datetime,
) -> None:
    before = state.checkpoint
    if any(one["kept"] == before for one in state.log_evidence):
        return  # said once; the first contradiction is proof enough
    proof = [hashed.hex() for hashed in reply.proof]
    evidence = {"what": what, "at": now.isoformat(), "kept": before, "shown": reply.checkpoint}
    state.add_log_evidence({**evidence, "proof": proof})
    _log.error("%s: seen %d entries, shown %d", what, kept.size, shown.size)
    note(EventKind.INCIDENT, what=what, kept=before, shown=reply.checkpoint)


def _not_shown(error: Expected, *, seen: bool) -> Expected | None:
    """A hub of an older version has no log; one that showed it before has to go on."""
    if not seen or error.code in {"kiosk_pending", "kiosk_blocked"}:
        return None
    return Untrusted(
        "The hub does not show its log of records as it should.",
        advice="Tell quality: until it does, nobody can check that the records are complete.",
        code="log_not_shown",
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
