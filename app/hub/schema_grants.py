"""The hub's table of grants; ``schema`` has the others."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.hub.schema_base import CODE, Base


class GrantRow(Base):
    """A grant: made here (break-glass), or by a kiosk without the hub and judged when its journal came.

    ``ceiling`` is what the credential of ``by`` was worth. ``wanted`` are the judgement's findings: with any,
    the grant admits nobody from then on. ``event`` is the kiosk's ``grant.begin``.
    """

    __tablename__ = "access_grant"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    kiosk: Mapped[str] = mapped_column(CODE)
    station: Mapped[str] = mapped_column(CODE)
    person: Mapped[str] = mapped_column(CODE, index=True)
    by: Mapped[str] = mapped_column(CODE)
    reason: Mapped[str] = mapped_column(Text)
    ceiling: Mapped[str] = mapped_column(String(16))
    start: Mapped[datetime]
    end: Mapped[datetime]
    made: Mapped[datetime]
    wanted: Mapped[Any] = mapped_column(JSON, default=list)
    event: Mapped[int | None] = mapped_column(ForeignKey("event.id"), unique=True, default=None)
    __table_args__ = (Index("ix_access_grant_kiosk_end", "kiosk", "end"),)
