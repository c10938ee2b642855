"""An agreement's text as sealed pages: what people read at a kiosk before they sign it.

The PDF goes the way of every other one (``app.pages``): split in the sandbox, each page sealed under its own
key as it arrives. The text itself stays beside them, for its hash is what is signed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.hub.remembered import remembered
from app.hub.schema import Blob
from app.hub.schema_agreements import AgreementPageRow, AgreementVersion
from app.model.errors import Refused
from app.pages.splitting import Limits, split_document
from app.seal.boxes import seal_page, wrap_key
from app.seal.encoding import sha256
from app.wire.agreement import AgreementPage, AgreementText, text_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sqlalchemy.orm import Session

    from app.pages.splitting import SplitPage

MOST_TEXT_BYTES = 8 * 1024 * 1024
"""The longest text that is kept."""

MOST_PAGES = 100
"""What a person can be expected to read before a shift is far less."""


@dataclass(frozen=True, repr=False)
class SealedPage:
    """A page of the text, sealed; ``key`` is wrapped under the hub's wrap key."""

    number: int
    page: str
    box: bytes
    key: bytes
    width_mpt: int
    height_mpt: int


def is_pdf(text: bytes) -> bool:
    """Whether a kiosk could show it: a PDF says so within its first kilobyte (ISO 32000-2, Annex I)."""
    return b"%PDF-" in text[:1024]


def seal_text(path: Path, client: str, version: str, wrap: bytes) -> tuple[str, tuple[SealedPage, ...]]:
    """Split and seal the PDF at ``path``. Returns the file's SHA-256 and its pages. About a second.

    Raises:
        Refused: it cannot be shown, or is too long; the message names the page.
        NotFound, Unavailable: it cannot be read.
    """
    sealed: list[SealedPage] = []
    key = text_key(client, version)

    def take(page: SplitPage) -> None:
        page_key, box = seal_page(page.data, key)
        wrapped = wrap_key(page_key, wrap)
        sealed.append(
            SealedPage(page.number, sha256(page.data), box, wrapped, page.width_mpt, page.height_mpt)
        )

    limits = Limits(max_bytes=MOST_TEXT_BYTES, max_pages=MOST_PAGES)
    report = split_document(path, take=take, limits=limits)
    return report.sha256, tuple(sealed)


def has_pages(session: Session, client: str, version: str) -> bool:
    """Whether the text can be read and signed at kiosks."""
    return session.get(AgreementPageRow, (client, version, 1)) is not None


def store_pages(session: Session, client: str, version: str, pages: Sequence[SealedPage]) -> None:
    """Keep the text's pages.

    Raises:
        Refused: there are none.
    """
    if not pages:
        raise Refused("An agreement without a page cannot be read.", code="empty")
    for page in pages:
        blob = sha256(page.box)
        session.add(Blob(hash=blob, size=len(page.box), data=page.box))
        session.flush()
        session.add(
            AgreementPageRow(
                client=client, version=version, number=page.number, page=page.page, blob=blob, key=page.key,
                width_mpt=page.width_mpt, height_mpt=page.height_mpt,
            )
        )  # fmt: skip


@dataclass(frozen=True, repr=False)
class FloorText:
    """An agreement in force as a lease needs it: what the manifest says, and the wrapped keys by blob."""

    said: AgreementText
    keys: Mapping[str, bytes]


def read_texts(session: Session, in_force: Mapping[str, str]) -> dict[str, FloorText]:
    """The texts in force of these clients that can be read at kiosks, by client."""
    found = {client: _text(session, client, version) for client, version in sorted(in_force.items())}
    return {client: text for client, text in found.items() if text is not None}


@remembered("agreement_version", "agreement_page")
def _text(session: Session, client: str, version: str) -> FloorText | None:
    row = session.get(AgreementVersion, (client, version))
    rows = session.execute(
        select(AgreementPageRow, Blob.size)
        .join(Blob, Blob.hash == AgreementPageRow.blob)
        .where(AgreementPageRow.client == client, AgreementPageRow.version == version)
        .order_by(AgreementPageRow.number)
    ).all()
    if row is None or not rows:
        return None
    pages = tuple(
        AgreementPage(
            page=page.page, blob=page.blob, size=size, number=page.number, width_mpt=page.width_mpt,
            height_mpt=page.height_mpt,
        )
        for page, size in rows
    )  # fmt: skip
    said = AgreementText(
        client=client, version=version, title=row.title, sha256=row.sha256, valid_days=row.valid_days,
        pages=pages,
    )  # fmt: skip
    return FloorText(said, {page.blob: page.key for page, _ in rows})
