"""The hub's table of remarks on pages; ``schema`` has the others."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.hub.schema_base import CODE, HASH, Base


class RemarkRow(Base):
    """What somebody said of a region of a page, and what quality answered.

    ``code`` is ``KIOSK/EPOCH/NUMBER`` of its event, ``revision`` ``DOCUMENT/LABEL``; ``told``: when the
    answer was on that person's screen.
    """

    __tablename__ = "remark"
    code: Mapped[str] = mapped_column(String(100), primary_key=True)
    person: Mapped[str] = mapped_column(CODE)
    station: Mapped[str] = mapped_column(CODE)
    client: Mapped[str] = mapped_column(CODE)
    page: Mapped[str] = mapped_column(HASH)
    revision: Mapped[str] = mapped_column(String(130))
    step: Mapped[str] = mapped_column(String(16))
    unit: Mapped[str] = mapped_column(CODE)
    work_order: Mapped[str] = mapped_column(CODE)
    region: Mapped[Any] = mapped_column(JSON)
    what: Mapped[str] = mapped_column(String(16))
    words: Mapped[str] = mapped_column(Text)
    token: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    received: Mapped[datetime]
    verdict: Mapped[str] = mapped_column(String(16), default="")
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[str] = mapped_column(CODE, default="")
    answered: Mapped[datetime | None] = mapped_column(default=None)
    told: Mapped[datetime | None] = mapped_column(default=None)
    __table_args__ = (Index("ix_remark_answered_at", "answered", "at"),)
