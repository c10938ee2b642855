"""The tables of steps. Part of ``schema``, which makes them known together with its own."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.hub.schema_base import Base


class StepRow(Base):
    """A step of a revision: its number as printed, its place in the work, the number of its page.

    ``sign``: its confirmation is an electronic signature.
    """

    __tablename__ = "step"
    revision: Mapped[int] = mapped_column(ForeignKey("revision.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    place: Mapped[int]
    page: Mapped[int]
    title: Mapped[str] = mapped_column(String(200), default="")
    sign: Mapped[bool] = mapped_column(default=False)
