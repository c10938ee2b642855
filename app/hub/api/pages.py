"""Leases and sealed pages for the kiosk that asks: what it may have is decided anew for each question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from starlette.concurrency import run_in_threadpool

from app.hub import leases
from app.hub.api.gate import require_active, require_not_pending
from app.hub.plans import plan
from app.hub.schema import AlarmRow, Blob, KioskRow, ManifestBlob
from app.model.errors import NotFound
from app.wire.lease import LeaseReply

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from sqlalchemy.orm import Session

    from app.hub.api.gate import Caller
    from app.hub.store import Store

LOT_BYTES = 2 * 1024 * 1024
"""How much of a stream is read from the database at once."""

PIECE_BYTES = 128 * 1024
"""How much of a stream, or one page, is handed to the server at once."""

LEASE_AHEAD = "lease_ahead"
"""The alarm of a kiosk that holds a later lease than this database knows: an old backup was restored."""


def lease(caller: Caller, have: int, manifest: str, seen: int = 0) -> LeaseReply | None:
    """Return the lease in force, or None if it is the one that the kiosk has.

    ``seen`` is the highest number that the kiosk ever accepted; the answer's is not below it.

    Raises:
        Refused: ``kiosk_pending`` or ``kiosk_blocked``.
    """
    home, store = caller.hub.home, caller.hub.store
    seen = min(max(seen, have), leases.FARTHEST)
    with store.read() as session:
        row = _active(session, caller)
        planned = leases.Planned.make(session, home, row, caller.now)
        given = _standing(session, caller, planned), row.seal_key or b""
    if given[0] is None or seen > given[0].number:
        given = store.together(lambda session: _issue(session, caller, seen, planned))
    found, device = given
    assert found is not None
    if (found.number, found.manifest_hash) == (have, manifest):
        return None
    return LeaseReply(
        envelope=found.envelope.decode(),
        manifest="" if found.manifest_hash == manifest else found.manifest,
        boot_share=leases.boot_share(home, caller.kiosk, found.number, device),
        time=caller.now,
        trust=home.said.version,
    )


def _issue(
    session: Session, caller: Caller, seen: int, planned: leases.Planned
) -> tuple[leases.Issued | None, bytes]:
    """Issue a lease where the newest does not stand, and tell quality of a kiosk that has a later one."""
    row = _active(session, caller)
    before = leases.newest(session, row.code)
    known = 0 if before is None else before.number
    found = leases.issue(session, caller.hub.home, row, caller.now, seen, planned)
    if seen > known:
        _tell_ahead(session, caller, seen, known, found.number)
    return found, row.seal_key or b""


def _active(session: Session, caller: Caller) -> KioskRow:
    row = session.get_one(KioskRow, caller.kiosk)
    require_active(row)
    return row


def _standing(session: Session, caller: Caller, planned: leases.Planned) -> leases.Issued | None:
    newest = leases.newest(session, caller.kiosk)
    if newest is None or not leases.stands(newest, planned.content, caller.now):
        return None
    return leases.issued(session, newest)


def _tell_ahead(session: Session, caller: Caller, seen: int, known: int, given: int) -> None:
    told = session.scalars(
        select(AlarmRow.detail).where(AlarmRow.kiosk == caller.kiosk, AlarmRow.kind == LEASE_AHEAD)
    )
    if all(detail["has"] != seen for detail in told):
        detail = {"has": seen, "newest": known, "given": given}
        session.add(AlarmRow(at=caller.now, kiosk=caller.kiosk, kind=LEASE_AHEAD, detail=detail))


def lots(caller: Caller, hashes: Sequence[str]) -> list[list[str]]:
    """Return which of the pages asked for this kiosk may have, in portions to read at once.

    Raises:
        Refused: ``kiosk_pending`` or ``kiosk_blocked``.
    """
    with caller.hub.store.read() as session:
        allowed = _allowed(session, caller)
        wanted = [digest for digest in dict.fromkeys(hashes) if digest in allowed]
        sizes = dict(session.execute(select(Blob.hash, Blob.size).where(Blob.hash.in_(wanted))).all())
    portions: list[list[str]] = []
    room = 0
    for digest in wanted:
        if not portions or room < sizes[digest]:
            portions.append([])
            room = LOT_BYTES
        portions[-1].append(digest)
        room -= sizes[digest]
    return portions


def _allowed(session: Session, caller: Caller) -> frozenset[str]:
    """The pages of the newest manifest that would still be in one made now."""
    row = _active(session, caller)
    newest = leases.newest(session, row.code)
    if newest is None:
        return frozenset()
    listed = session.scalars(select(ManifestBlob.blob).where(ManifestBlob.manifest == newest.manifest))
    return plan(session, caller.hub.home, row, caller.now).blobs.intersection(listed)


async def frames(
    store: Store, portions: Sequence[Sequence[str]], first: dict[str, bytes]
) -> AsyncIterator[bytes]:
    """Read portion by portion, and send each in pieces; the ``first`` was read already.

    A slow kiosk keeps no transaction open, and a fast one waits little; a piece is large enough to be worth
    its way through the server, and small enough to be encrypted and sent from the processor's cache.
    """
    for at, portion in enumerate(portions):
        pages = await run_in_threadpool(sealed, store, portion) if at else first
        pieces: list[bytes] = []
        size = 0
        for digest in portion:
            data = pages.pop(digest)
            pieces += (bytes.fromhex(digest), len(data).to_bytes(4, "big"), data)
            size += len(data)
            if size >= PIECE_BYTES:
                yield b"".join(pieces)
                pieces, size = [], 0
        if pieces:
            yield b"".join(pieces)


def sealed(store: Store, portion: Sequence[str]) -> dict[str, bytes]:
    """Read a portion."""
    with store.read() as session:
        return dict(session.execute(select(Blob.hash, Blob.data).where(Blob.hash.in_(portion))).all())


def blob(caller: Caller, digest: str) -> bytes:
    """Return one sealed page.

    Raises:
        NotFound: it is not in this kiosk's current manifest, or would no longer be.
        Refused: ``kiosk_pending`` or ``kiosk_blocked``.
    """
    with caller.hub.store.read() as session:
        if digest in _allowed(session, caller):
            return session.scalars(select(Blob.data).where(Blob.hash == digest)).one()
    raise NotFound(
        "This page is not among those of this kiosk.", advice="The kiosk asks for its lease again by itself."
    )


def require_approved(caller: Caller) -> None:
    """Raise where a device that nobody has approved would write into the record.

    Raises:
        Refused: ``kiosk_pending``.
    """
    with caller.hub.store.read() as session:
        require_not_pending(session.get_one(KioskRow, caller.kiosk))
