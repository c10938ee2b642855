"""Messages between a desk and the hub on leaked pictures: what a desk read in them, whose view it was.

A picture itself never travels. The desk takes it apart, with the layout of the site's marks; who is named is
decided at the hub, which alone has the keys of the checks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field, StringConstraints

from app.wire.base import B64, NO_NUL, Code, Message, Sha256, Time
from app.wire.desk import Ask, OptionalCode

if TYPE_CHECKING:
    from app.mark.read import Reading

MOST_PICTURES = 8
"""Pictures of one leak."""
MOST_WORDS = 48
"""Ways in which one picture can be read (``mark.read``)."""
SOFT_BYTES = 360
"""A signed byte for each bit that a mark sends (``mark.code.SENT_BITS``)."""

Soft = Annotated[B64, Field(min_length=SOFT_BYTES, max_length=SOFT_BYTES)]


Thousandths = Annotated[int, Field(ge=-1_000_000, le=1_000_000)]


class TraceKeyAsk(Ask):
    """The layout of the site's marks, by which pictures are taken apart."""


class TraceKeyReply(Message):
    """The layout's key, sealed to the desk's device (``layout_info``). No mark can be made with it alone."""

    key: B64


class TraceWord(Message):
    """What one way of reading says of each bit; ``fits`` and ``pilot`` as in ``mark.read.Word``, in
    thousandths.
    """

    soft: Soft
    fits: Thousandths
    pilot: Thousandths


class TracePicture(Message):
    """A picture by its file's name and digest, and what it says."""

    name: Annotated[str, StringConstraints(max_length=100, pattern=NO_NUL)]
    digest: Sha256
    words: Annotated[tuple[TraceWord, ...], Field(max_length=MOST_WORDS)]


class TraceAsk(Ask):
    """Whose view do these pictures of one leak show? That it was asked is on record, whatever comes of it."""

    pictures: Annotated[tuple[TracePicture, ...], Field(min_length=1, max_length=MOST_PICTURES)]


class TracedView(Message):
    """A view on record. ``page`` is its number in the document (None: known no more); ``when`` the kiosk's.

    ``announced``: the kiosk stopped before it noted more than that the view may follow, which was then.

    ``entry`` of ``size`` is its place in the log ``log``, whose inclusion proof the hub verified, up to the
    root hash ``root``; None: no log has it yet.
    """

    document: OptionalCode
    revision: OptionalCode
    page: int | None
    client: OptionalCode
    person: OptionalCode
    name: str
    station: OptionalCode
    station_name: str
    kiosk: Code
    when: Time
    announced: bool = False
    epoch: int
    seq: int
    log: str = ""
    entry: int | None = None
    size: int = 0
    root: str = ""


class TraceReply(Message):
    """``token``: 16 hex digits, "" if none can be read; ``confidence`` and ``pilot`` as in
    ``mark.read.Reading``, in thousandths.

    ``views``: those that it names. Without a token: those of ``tried`` on record that the pictures were
    compared with and that are in them; that anybody is named who is not has a probability of at most one
    in ``odds``.
    """

    token: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{16})?$")] = ""
    confidence: int = 0
    pilot: int = 0
    views: tuple[TracedView, ...] = ()
    tried: int = 0
    odds: int | None = None

    @classmethod
    def of(cls, reading: Reading) -> TraceReply:
        """What a reading says; nobody was looked up."""
        return cls(
            token=f"{reading.token:016x}",
            confidence=round(1000 * min(1.0, reading.confidence)),
            pilot=round(1000 * reading.pilot),
        )

    @property
    def found(self) -> bool:
        """Whether the pictures say anything."""
        return bool(self.token or self.views)


def layout_info(desk: str) -> bytes:
    """The HPKE context of a layout's key."""
    return b"stationleaf mark layout v1\0" + desk.encode()
