"""The hub's tables of exposure: who has ever been given which page; ``schema`` has the others."""

from __future__ import annotations

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.hub.schema_base import CODE, HASH, Base


class SeenPage(Base):
    """A page of a client that somebody has seen; ``number`` is its bit in the sets of ``ExposureRow``."""

    __tablename__ = "seen_page"
    client: Mapped[str] = mapped_column(CODE, primary_key=True)
    page: Mapped[str] = mapped_column(HASH, primary_key=True)
    number: Mapped[int]


class ExposureRow(Base):
    """The pages of a client that were ever shown to a person, at a kiosk or at a station (``kind``).

    ``pages`` is the set of their numbers (``app.model.exposure.pack``).
    """

    __tablename__ = "exposure"
    client: Mapped[str] = mapped_column(CODE, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    code: Mapped[str] = mapped_column(CODE, primary_key=True)
    pages: Mapped[bytes] = mapped_column(LargeBinary)
