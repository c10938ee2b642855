"""Receipts of lockdowns and reports of kiosks in whole: what a device signed, and that a log has it.

Receipts for a client's pages are in the client's own log; those for leases, and reports that the log did not
continue itself, in the site's. A receipt that names persons, where they have pseudonyms, or another client's
pages stays with the plant: only its hash is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.hub.holders import body_of
from app.hub.log_heads import head, proof_of
from app.hub.logs import SITE, reader
from app.hub.schema import EventRow
from app.seal.tiles import Tiled
from app.wire.evidence_receipts import Receipt, Receipts, Withheld
from app.wire.messages import LOG_RESTORED, LOG_REWRITTEN, EventKind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.hub.home import Home
    from app.wire.evidence import About

Places = set[tuple[str, int, int]]
"""Kiosk, epoch and number of events."""


def receipts(session: Session, home: Home, about: About, named: Places, kiosks: Collection[str]) -> Receipts:
    """Return the receipts ``named`` by incidents, and what ``kiosks`` reported of the log."""
    rows = [
        row
        for place in sorted(named | _reports(session, about.client, kiosks))
        for row in _rows(session, place)
    ]
    trees = {code: Tiled(reader(session, code)) for code in {SITE, about.client}}
    heads = {code: head(session, home, code, tree) for code, tree in trees.items()}
    found, withheld = [], []
    for row in rows:
        code = row.client or SITE
        index = row.client_index if row.client else row.site_index
        if index is None or code not in trees or (about.pseudonyms and _names_somebody(row)):
            withheld.append(Withheld(kiosk=row.kiosk, epoch=row.epoch, seq=row.seq, sha256=row.hash))
            continue
        proof = proof_of(trees[code], heads[code], index).exact().decode()
        found.append(
            Receipt(
                kiosk=row.kiosk, epoch=row.epoch, seq=row.seq, event=row.data,
                signature=row.signature, proof=proof,
            )
        )  # fmt: skip
    return Receipts(receipts=tuple(found), withheld=tuple(withheld))


def named_by(revocations: Sequence[Mapping[str, Any]]) -> Places:
    """The events that incidents, as the bundle tells them, name as receipts."""
    found: Places = set()
    for one in revocations:
        for holder in one["holders"]:
            for name in holder["events"]:
                epoch, _, seq = name.partition("/")
                found.add((holder["kiosk"], int(epoch), int(seq)))
    return found


def _rows(session: Session, place: tuple[str, int, int]) -> list[EventRow]:
    query = select(EventRow).where(
        EventRow.kiosk == place[0], EventRow.epoch == place[1], EventRow.seq == place[2]
    )
    return list(session.scalars(query))


def _reports(session: Session, client: str, kiosks: Collection[str]) -> Places:
    query = select(EventRow).where(
        EventRow.kind == EventKind.INCIDENT.value,
        EventRow.client.in_(["", client]),
        EventRow.kiosk.in_(kiosks),
    )
    return {
        (row.kiosk, row.epoch, row.seq)
        for row in session.scalars(query)
        if body_of(row.data).get("what") in {LOG_REWRITTEN, LOG_RESTORED}
    }


def _names_somebody(row: EventRow) -> bool:
    return bool(row.person or body_of(row.data).get("slots"))
