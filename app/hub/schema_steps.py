"""The tables of steps and of signatures on them. ``schema`` makes them known together with its own."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.hub.schema_base import CODE, HASH, Base


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


class SignatureRow(Base):
    """An electronic signature on an event: where it was first, whose, and the name they had then.

    ``digest`` is the SHA-256 of the signature as it stands in the event: none counts for two of them.
    """

    __tablename__ = "signature"
    digest: Mapped[str] = mapped_column(HASH, primary_key=True)
    kiosk: Mapped[str] = mapped_column(CODE)
    epoch: Mapped[int]
    seq: Mapped[int] = mapped_column(BigInteger)
    person: Mapped[str] = mapped_column(CODE)
    name: Mapped[str] = mapped_column(String(200))


class FormerKey(Base):
    """A signing key that a person's badge had before its PIN was set anew: what it signed still counts."""

    __tablename__ = "former_key"
    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("person.code"), index=True)
    sign_public: Mapped[bytes] = mapped_column(LargeBinary)
    until: Mapped[datetime]
