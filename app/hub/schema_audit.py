"""The hub's table of auditors: whose evidence each may see; ``schema`` has the others."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.hub.schema_base import Base


class AuditedClient(Base):
    """A client for whom a person with the role auditor may see what concerns its pages, and no other's."""

    __tablename__ = "audited_client"
    person: Mapped[str] = mapped_column(ForeignKey("person.code"), primary_key=True)
    client: Mapped[str] = mapped_column(ForeignKey("client.code"), primary_key=True)
