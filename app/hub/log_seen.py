"""Whether the logs continue what the hub has shown of them: checkpoints that kiosks and witnesses hold.

A hub whose whole history was rewritten consistently, taken back to an older backup, or shown differently to
one kiosk contradicts a checkpoint that it signed itself. Those who hold one prove it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.hub.log_check import Finding, log_name
from app.hub.log_heads import origins, size_of
from app.hub.logs import reader
from app.hub.schema import EventRow
from app.model.errors import Damaged, Untrusted
from app.seal.checkpoint import open_checkpoint
from app.seal.merkle import tree_root
from app.seal.note import Note
from app.seal.tiles import Tiled
from app.wire.messages import EventKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from app.hub.home import Home


@dataclass(frozen=True)
class Seen:
    """A checkpoint that the hub once signed: the note, and who holds it, in words."""

    note: bytes
    holder: str


def contradicted(session: Session, home: Home, seen: Seen) -> Finding | None:
    """Return what in the logs as they are now contradicts an earlier checkpoint, or None.

    Steps: 1 a log key of this hub signed it; 2 it is of one of its logs, under the name before or after a
    restore; 3 that log has as many entries now; 4 its first ones have the root that was shown.

    Raises:
        Untrusted: it is no checkpoint of this hub (1, 2): it proves nothing, and whoever named it must know.
    """
    names = origins(session, home)
    name = Note.read(seen.note).text.partition("\n")[0]
    checkpoint = open_checkpoint(seen.note, name, home.said.log_keys)  # 1
    if name not in names:  # 2
        raise Untrusted(f"The checkpoint of {seen.holder} is of another log: {name}.", code="other_log")
    code = names[name]
    size = size_of(session, code)
    if checkpoint.size > size:  # 3
        return Finding(
            f"The hub signed that {log_name(code)} has {checkpoint.size} entries, and {seen.holder} holds "
            f"that; now it has {size}: entries were cut off, or an older backup was restored.",
            code, size,
        )  # fmt: skip
    try:
        same = tree_root(Tiled(reader(session, code)), checkpoint.size) == checkpoint.root  # 4
    except Damaged:
        same = False
    if same:
        return None
    return Finding(
        f"The first {checkpoint.size} entries of {log_name(code)} are not those of the checkpoint that "
        f"{seen.holder} holds: the log was rewritten, or {seen.holder} was shown another one.",
        code,
    )


def reported(session: Session, home: Home) -> Iterator[Finding]:
    """Yield what kiosks reported of a log that did not continue itself, and whether their proof holds.

    An incident is signed by its device, and the checkpoints in it by the hub: they hold whatever the kiosk is
    worth.
    """
    incidents = select(EventRow).where(EventRow.kind == EventKind.INCIDENT.value).order_by(EventRow.id)
    for row in session.scalars(incidents.execution_options(yield_per=500)):
        try:
            body = json.loads(row.data)["body"]
            notes = [str(body[name]).encode() for name in ("kept", "shown")]
        except (ValueError, KeyError, TypeError):
            continue
        when = f"{row.wall:%Y-%m-%d %H:%M:%SZ}"
        yield Finding(f"Kiosk {row.kiosk} reported at {when} that the hub's log did not continue itself.")
        for note in notes:
            try:
                finding = contradicted(session, home, Seen(note, f"kiosk {row.kiosk}"))
            except Untrusted as error:
                finding = Finding(f"What kiosk {row.kiosk} sent as proof at {when} proves nothing: {error}")
            if finding is not None:
                yield finding
