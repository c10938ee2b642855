"""What the hub shows of its transparency logs: checkpoints, signed when they are asked for, and proofs.

After a restore from a backup the logs go on under another origin: the hub may have signed more under the
former one than it knows, and a log must never sign what contradicts its own word (C2SP tlog-checkpoint).
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import quote

from sqlalchemy import func, select

from app.hub.enrolment import RESTORED
from app.hub.logs import SITE, damaged, reader
from app.hub.schema import ChangeRow, Client, EventRow
from app.hub.schema_log import LogRow
from app.model.errors import NotFound
from app.seal.checkpoint import Checkpoint
from app.seal.log_proof import LogProof
from app.seal.merkle import consistency_proof, inclusion_proof, tree_root
from app.seal.tiles import Tiled

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.hub.home import Home


@dataclass(frozen=True)
class Head:
    """A log as it is now: its checkpoint, and that as a signed note."""

    checkpoint: Checkpoint
    note: bytes


def origin(session: Session, home: Home, code: str = SITE) -> str:
    """Return a log's name. The middle part tells hubs apart whose sites have the same code."""
    return _named(home, code, _restores(session))


def origins(session: Session, home: Home) -> dict[str, str]:
    """Every name that a log of this hub has or had before a restore, with the log's code."""
    codes = {SITE, *session.scalars(select(LogRow.code)), *session.scalars(select(Client.code))}
    return {_named(home, code, count): code for code in codes for count in range(_restores(session) + 1)}


def _restores(session: Session) -> int:
    return session.scalar(select(func.count()).where(ChangeRow.act == RESTORED)) or 0


def _named(home: Home, code: str, restores: int) -> str:
    tag = sha256(b"stationleaf log\0" + home.site_salt).hexdigest()[:16]
    whose = f"client/{quote(code, safe='')}" if code else "site"
    return f"stationleaf/{quote(home.site, safe='')}/{tag}/{whose}" + (f"/{restores + 1}" if restores else "")


def head(session: Session, home: Home, code: str = SITE, tree: Tiled | None = None) -> Head:
    """Sign a log's checkpoint. A log that has no entries yet is the empty one. ``tree`` is the log's.

    Raises:
        Damaged: its tiles are not as its size says (``log_damaged``).
    """
    size = size_of(session, code)
    root = tree_root(tree or Tiled(reader(session, code)), size)
    checkpoint = Checkpoint(origin(session, home, code), size, root)
    return Head(checkpoint, checkpoint.sign([home.keys.log]))


def size_of(session: Session, code: str = SITE) -> int:
    """How many entries a log has."""
    return session.scalar(select(LogRow.size).where(LogRow.code == code)) or 0


def consistency(session: Session, code: str, old: int, new: int) -> tuple[bytes, ...]:
    """Prove that the tree of ``old`` entries is the beginning of that of ``new``. Empty if longer."""
    return tuple(consistency_proof(Tiled(reader(session, code)), old, new)) if old <= new else ()


def entry_proof(session: Session, home: Home, event: EventRow, code: str = SITE) -> LogProof:
    """Prove that the newest checkpoint of the site's log or of the event's client's holds an event.

    Raises:
        NotFound: the event is not in that log.
        Damaged: the log is not as its size says.
    """
    index = event.site_index if code == SITE else event.client_index
    if index is None or code not in {SITE, event.client}:
        raise NotFound("This event is not in that log.", code="not_found")
    tree = Tiled(reader(session, code))
    return proof_of(tree, head(session, home, code, tree), index)


def proof_of(tree: Tiled, now: Head, index: int) -> LogProof:
    """Prove that a log, as it is now, holds its entry ``index``.

    Raises:
        Damaged: it has fewer entries, or is not as its size says.
    """
    if index >= now.checkpoint.size:
        raise damaged(index)
    return LogProof(index, tuple(inclusion_proof(tree, index, now.checkpoint.size)), now.note)
