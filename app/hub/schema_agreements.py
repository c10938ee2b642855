"""The hub's tables of clients' confidentiality agreements: versions, their texts' pages, signatures."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.hub.schema_base import CODE, HASH, Base


class Agreement(Base):
    """A person signed a version of a client's confidentiality agreement.

    ``name``, ``sha256`` (of the text) and ``meaning`` are as they were at signing; ``by`` recorded it. One
    that was signed at a ``kiosk`` has an ``envelope``: ``wire.agreement``, signed by the person's own key.
    """

    __tablename__ = "agreement"
    person: Mapped[str] = mapped_column(ForeignKey("person.code"), primary_key=True)
    client: Mapped[str] = mapped_column(ForeignKey("client.code"), primary_key=True)
    version: Mapped[str] = mapped_column(CODE, primary_key=True)
    signed: Mapped[datetime]
    name: Mapped[str] = mapped_column(String(200), default="", server_default="")
    sha256: Mapped[str] = mapped_column(HASH, default="", server_default="")
    meaning: Mapped[str] = mapped_column(String(200), default="", server_default="")
    by: Mapped[str] = mapped_column(CODE, default="", server_default="")
    until: Mapped[datetime | None] = mapped_column(default=None)
    withdrawn: Mapped[datetime | None] = mapped_column(default=None)
    withdrawn_by: Mapped[str] = mapped_column(CODE, default="", server_default="")
    kiosk: Mapped[str] = mapped_column(CODE, default="", server_default="")
    envelope: Mapped[str] = mapped_column(Text, default="", server_default="")


class AgreementVersion(Base):
    """A version of a client's confidentiality agreement, with the text that was signed where it is kept here.

    ``sha256`` is that of ``text``; both are empty where the text is kept elsewhere. A signature lapses after
    ``valid_days``, None: never.
    """

    __tablename__ = "agreement_version"
    client: Mapped[str] = mapped_column(ForeignKey("client.code"), primary_key=True)
    version: Mapped[str] = mapped_column(CODE, primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    file_name: Mapped[str] = mapped_column(String(200), default="")
    sha256: Mapped[str] = mapped_column(HASH, default="")
    text: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, default=b"")
    made: Mapped[datetime]
    by: Mapped[str] = mapped_column(CODE)
    valid_days: Mapped[int | None] = mapped_column(default=None)


class AgreementPageRow(Base):
    """A page of an agreement's text, sealed like a page of a revision: what is read at a kiosk and signed."""

    __tablename__ = "agreement_page"
    client: Mapped[str] = mapped_column(CODE, primary_key=True)
    version: Mapped[str] = mapped_column(CODE, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    page: Mapped[str] = mapped_column(HASH)
    blob: Mapped[str] = mapped_column(ForeignKey("blob.hash"))
    key: Mapped[bytes] = mapped_column(LargeBinary)
    width_mpt: Mapped[int]
    height_mpt: Mapped[int]
    __table_args__ = (
        ForeignKeyConstraint(
            ["client", "version"], ["agreement_version.client", "agreement_version.version"]
        ),
    )
