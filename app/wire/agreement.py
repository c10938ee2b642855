"""Clients' confidentiality agreements between hub and kiosk: the text to read, and the signature under it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from app.seal.dsse import open_envelope, sign_envelope
from app.wire.base import Code, Message, Sha256, Time

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.seal.keys import SigningKey

AGREEMENT_TYPE = "application/vnd.stationleaf.agreement+json"

MEANING = "I have read this agreement and keep to it."
"""What a signature says where nothing else is written down (21 CFR 11.50)."""


class AgreementPage(Message):
    """One page of the text: as it is, and the hash and size of its ciphertext. Sides in 1/1000 point."""

    page: Sha256
    blob: Sha256
    size: Annotated[int, Field(ge=1)]
    number: Annotated[int, Field(ge=1)]
    width_mpt: Annotated[int, Field(ge=1)]
    height_mpt: Annotated[int, Field(ge=1)]


class AgreementText(Message):
    """The version in force of a client's agreement, for those who may sign it at this kiosk.

    ``sha256`` is that of the file as the client gave it; ``valid_days``: after so many a signature lapses,
    None: never.
    """

    client: Code
    version: Code
    title: str
    sha256: Sha256
    valid_days: Annotated[int, Field(ge=1)] | None = None
    pages: Annotated[tuple[AgreementPage, ...], Field(min_length=1)]

    @property
    def key(self) -> str:
        """``CLIENT/VERSION``: the name of the text in seals and events."""
        return text_key(self.client, self.version)


def text_key(client: str, version: str) -> str:
    """Return the name of an agreement's text in seals and events."""
    return f"{client}/{version}"


class AgreementSignature(Message):
    """What a person signs at a kiosk with their own key (21 CFR 11.50: name, time, meaning).

    ``sha256`` is that of the text that was read; ``until`` when the signature lapses, None: never.
    """

    v: Literal[1] = 1
    kiosk: Code
    person: Code
    name: str
    client: Code
    version: Code
    sha256: Sha256
    meaning: str
    signed: Time
    until: Time | None = None

    def sealed(self, key: SigningKey) -> bytes:
        """The DSSE envelope, signed by the person's key."""
        return sign_envelope(AGREEMENT_TYPE, self.exact(), [key])

    @classmethod
    def opened(cls, envelope: bytes, keys: Iterable[bytes]) -> AgreementSignature:
        """Read an envelope that one of ``keys`` (Ed25519, the person's) signed.

        Raises:
            Untrusted: none of them did, or it is not such a message.
        """
        return cls.read(open_envelope(envelope, AGREEMENT_TYPE, keys))
