"""The hub's table of calls for help; ``schema`` has the others."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.hub.schema_base import CODE, Base


class CallRow(Base):
    """A call for help. ``code`` is ``KIOSK/EPOCH/NUMBER`` of its event; ``withdrawn``: taken back there."""

    __tablename__ = "help_call"
    code: Mapped[str] = mapped_column(String(100), primary_key=True)
    kiosk: Mapped[str] = mapped_column(CODE)
    station: Mapped[str] = mapped_column(CODE)
    person: Mapped[str] = mapped_column(CODE)
    unit: Mapped[str] = mapped_column(CODE)
    work_order: Mapped[str] = mapped_column(CODE)
    at: Mapped[datetime]
    received: Mapped[datetime]
    taken_by: Mapped[str] = mapped_column(CODE, default="")
    taken: Mapped[datetime | None] = mapped_column(default=None)
    ended_by: Mapped[str] = mapped_column(CODE, default="")
    ended: Mapped[datetime | None] = mapped_column(default=None)
    withdrawn: Mapped[datetime | None] = mapped_column(default=None)
    __table_args__ = (Index("ix_help_call_ended_at", "ended", "at"),)
