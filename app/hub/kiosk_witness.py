"""Kiosks as witnesses of the clients' logs: what they are shown, and the cosignatures that come back.

Many are shown the same checkpoint, so that what they cosigned can be told together. Of each device the newest
cosignature is kept: the device itself saw that it continues all that it had cosigned before.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.hub import leases
from app.hub.log_heads import Head, consistency, head, origin
from app.hub.schema import KioskRow, ManifestRow
from app.hub.schema_log import KioskCosignature
from app.model.errors import Untrusted
from app.seal.checkpoint import open_checkpoint
from app.seal.note import MOST_SIGNATURES, Note, SignatureLine
from app.wire.lease import Manifest
from app.wire.log_witness import ClientLog, witness_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.hub.home import Home
    from app.wire.log_witness import LogCosigned, LogSeen

SHOWN_SECONDS = 600
"""For so long the same checkpoint of a log is shown to kiosks."""

_LINES = MOST_SIGNATURES - 1  # of kiosks, under the hub's own


class Heads:
    """The checkpoints that this process shows to kiosks. Safe to use from several threads."""

    def __init__(self) -> None:
        self._shown: dict[str, tuple[datetime, Head]] = {}

    def at(self, session: Session, home: Home, code: str, have: int, now: datetime) -> Head:
        """The one of a log that is shown now: another where that is old, or has fewer entries than ``have``.

        Raises:
            Damaged: the log is not as its size says.
        """
        found = self._shown.get(code)
        if found is not None:
            made, shown_now = found
            age = (now - made).total_seconds()
            if have <= shown_now.checkpoint.size and 0 <= age < SHOWN_SECONDS:
                return shown_now
        fresh = head(session, home, code)
        self._shown[code] = now, fresh
        return fresh


def clients_of(session: Session, kiosk: str) -> frozenset[str]:
    """The clients whose pages a kiosk may hold by its newest lease."""
    newest = leases.newest(session, kiosk)
    row = None if newest is None else session.get(ManifestRow, newest.manifest)
    return frozenset() if row is None else _clients_in(row.text)


@lru_cache(maxsize=32)  # the leases of many kiosks list the same pages
def _clients_in(manifest: str) -> frozenset[str]:
    return frozenset(page.client for page in Manifest.read(manifest.encode()).pages)


def shown(
    session: Session, home: Home, heads: Heads, kiosk: str, asked: Sequence[LogSeen], now: datetime
) -> Iterator[ClientLog]:
    """Show a kiosk the logs that it asks for, of clients whose pages it holds.

    Raises:
        Damaged: a log is not as its size says.
    """
    mine = clients_of(session, kiosk)
    for one in asked:
        if one.client in mine:
            told = heads.at(session, home, one.client, one.have, now)
            proof = consistency(session, one.client, one.have, told.checkpoint.size)
            yield ClientLog(client=one.client, checkpoint=told.note.decode(), proof=proof)


def take(session: Session, home: Home, kiosk: str, handed: Sequence[LogCosigned], now: datetime) -> int:
    """Keep what a kiosk cosigned; return of how much that is so.

    Steps: 1 the checkpoint is of a client's log whose pages it holds, under its present name, signed by this
    hub; 2 the kiosk's present device cosigned it. What fails is left out, and so is what is older than what
    is kept: the kiosk cosigns anew the next time. That the checkpoint fits the log is for whoever checks, and
    for the kiosk: it was shown the proof.
    """
    row, mine, kept = session.get_one(KioskRow, kiosk), clients_of(session, kiosk), 0
    for one in handed:
        if one.client not in mine or row.sign_key is None:
            continue
        name = origin(session, home, one.client)
        try:
            data = one.checkpoint.encode()
            checkpoint = open_checkpoint(data, name, home.said.log_keys)  # 1
            line = SignatureLine.read(one.line)
            witness = witness_of(name, kiosk, row.epoch, row.sign_key)
            Note(Note.read(data).text, (line,)).signers([witness])  # 2
        except Untrusted:
            continue
        place = (one.client, kiosk, row.epoch)
        known = session.get(KioskCosignature, place)
        if known is None:
            known = KioskCosignature(log=one.client, kiosk=kiosk, epoch=row.epoch, size=0)
            session.add(known)
        if checkpoint.size >= known.size:
            known.size, known.note, known.line, known.taken = checkpoint.size, data, one.line, now
            kept += 1
    return kept


def cosigned(session: Session, name: str, code: str) -> list[KioskCosignature]:
    """What kiosks cosigned of a log under its name ``name``, by size and kiosk."""
    query = select(KioskCosignature).where(KioskCosignature.log == code, KioskCosignature.size > 0)
    rows = session.scalars(query.order_by(KioskCosignature.size, KioskCosignature.kiosk))
    return [row for row in rows if row.note.startswith(f"{name}\n".encode())]


def notes(rows: Sequence[KioskCosignature]) -> Iterator[tuple[int, bytes]]:
    """Their checkpoints by size, each with the kiosks' signatures below the hub's; a full one is followed by
    another.
    """
    by_text: dict[bytes, list[KioskCosignature]] = {}
    for row in rows:
        by_text.setdefault(row.note, []).append(row)
    for data, mine in by_text.items():
        note = Note.read(data)
        for at in range(0, len(mine), _LINES):
            lines = (SignatureLine.read(row.line) for row in mine[at : at + _LINES])
            yield mine[0].size, Note(note.text, (*note.lines, *lines)).exact()
