"""The table of clips. ``schema`` makes it known together with its own."""

from __future__ import annotations

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.hub.schema_base import HASH, Base


class ClipRow(Base):
    """The clip of a page: the hash of its bytes, its sealed object, its wrapped key, its pixels and length.

    ``left``, ``top``, ``right`` and ``bottom`` say where on the page it plays, in 1/10,000 of the page.
    """

    __tablename__ = "clip"
    page: Mapped[int] = mapped_column(ForeignKey("page.id"), primary_key=True)
    clip: Mapped[str] = mapped_column(HASH)
    blob: Mapped[str] = mapped_column(ForeignKey("blob.hash"), index=True)
    key: Mapped[bytes] = mapped_column(LargeBinary)
    width: Mapped[int]
    height: Mapped[int]
    ms: Mapped[int]
    left: Mapped[int]
    top: Mapped[int]
    right: Mapped[int]
    bottom: Mapped[int]
