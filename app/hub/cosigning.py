"""The client's witnesses: what they are asked to cosign, and the cosigned checkpoints that come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.hub.acting import Task
from app.hub.log_heads import consistency, head, origins
from app.hub.log_seen import Seen, contradicted
from app.hub.lookup import Outcome
from app.hub.schema_log import CosignedCheckpoint
from app.model.errors import Refused, Untrusted
from app.seal.checkpoint import Checkpoint
from app.seal.note import Note
from app.seal.witnessing import AddCheckpoint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.hub.acting import Acting
    from app.hub.home import Home
    from app.seal.cosignature import Witness


def request(session: Session, home: Home, code: str, old: int) -> AddCheckpoint:
    """Return what a witness is asked that has cosigned ``old`` entries of a log.

    Raises:
        Refused: the log has fewer.
    """
    now = head(session, home, code)
    if old > now.checkpoint.size:
        raise Refused(f"This log has {now.checkpoint.size} entries, and no witness can have seen {old}.")
    return AddCheckpoint(old, consistency(session, code, old, now.checkpoint.size), now.note)


def take(acting: Acting, home: Home, note: bytes, witness: Witness) -> Outcome:
    """Keep a checkpoint that a witness cosigned.

    Steps: 1 it is of a log of this hub, signed by its key, and that log continues it; 2 the witness cosigned.

    Raises:
        Refused: the actor may not.
        Untrusted: 1 or 2 fails: it is not kept.
    """
    acting.require(Task.PLANT)
    session = acting.session
    finding = contradicted(session, home, Seen(note, f"witness {witness.name}"))  # 1
    if finding is not None:
        raise Untrusted(
            finding.says, advice="Keep the file, and: stationleaf admin log check.", code="not_consistent"
        )
    read = Note.read(note)
    read.signers([witness])  # 2
    checkpoint = Checkpoint.read(read.text)
    code = origins(session, home)[checkpoint.origin]
    place = (code, checkpoint.size, witness.vkey)
    if session.get(CosignedCheckpoint, place) is not None:
        return Outcome.SAME
    session.add(
        CosignedCheckpoint(
            log=code, size=checkpoint.size, witness=witness.vkey, note=note, taken=acting.now,
            by=acting.by.person,
        )
    )  # fmt: skip
    after = {"log": code, "size": checkpoint.size, "witness": witness.name}
    acting.record("log.cosigned", code or home.site, None, after)
    return Outcome.ADDED


def cosigned(session: Session, code: str) -> Sequence[CosignedCheckpoint]:
    """The cosigned checkpoints of a log, oldest first."""
    query = select(CosignedCheckpoint).where(CosignedCheckpoint.log == code)
    return session.scalars(query.order_by(CosignedCheckpoint.size, CosignedCheckpoint.witness)).all()
