"""The tables of the transparency logs. ``schema`` makes them known together with its own."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.hub.schema_base import CODE, Base


class LogRow(Base):
    """A transparency log: that of a client, or with an empty ``code`` that of the site."""

    __tablename__ = "log"
    code: Mapped[str] = mapped_column(CODE, primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)


class LogTile(Base):
    """A tile of a log's tree (``app.seal.tiles``): up to 256 hashes of 32 bytes."""

    __tablename__ = "log_tile"
    log: Mapped[str] = mapped_column(ForeignKey("log.code"), primary_key=True)
    level: Mapped[int] = mapped_column(primary_key=True)
    index: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    hashes: Mapped[bytes] = mapped_column(LargeBinary)


class CosignedCheckpoint(Base):
    """A checkpoint of a log that a client's witness cosigned, as a signed note; ``witness`` is its vkey."""

    __tablename__ = "cosigned_checkpoint"
    log: Mapped[str] = mapped_column(CODE, primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    witness: Mapped[str] = mapped_column(String(300), primary_key=True)
    note: Mapped[bytes] = mapped_column(LargeBinary)
    taken: Mapped[datetime]
    by: Mapped[str] = mapped_column(CODE)


class KioskCosignature(Base):
    """The newest checkpoint of a client's log that a kiosk's device cosigned: the note as the hub signed it,
    and the device's signature line.
    """

    __tablename__ = "kiosk_cosignature"
    log: Mapped[str] = mapped_column(CODE, primary_key=True)
    kiosk: Mapped[str] = mapped_column(CODE, primary_key=True)
    epoch: Mapped[int] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    note: Mapped[bytes] = mapped_column(LargeBinary)
    line: Mapped[str] = mapped_column(String(600))
    taken: Mapped[datetime]
