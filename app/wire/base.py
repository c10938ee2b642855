"""The forms that all messages share: strict frozen models, base64 bytes, exact bytes, error bodies."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    StringConstraints,
    ValidationError,
)

from app.model.errors import Untrusted
from app.model.terms import Classification
from app.seal.encoding import b64, canonical, unb64


def _bytes_in(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return unb64(value)
    except Untrusted as error:
        raise ValueError(str(error)) from None


def _class_in(value: object) -> object:
    return Classification.parse(value) if isinstance(value, str) else value


_FIRST, _LAST = datetime(2, 1, 1, tzinfo=UTC), datetime(9999, 6, 30, tzinfo=UTC)


def _time_in(value: datetime) -> datetime:
    """Refuse what is no time in another zone, or months away: such sums overflow."""
    if not _FIRST <= value <= _LAST:
        raise ValueError("there is no such time")
    return value


def time_text(value: datetime) -> str:
    """An instant as text: RFC 3339 in UTC with milliseconds."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


B64 = Annotated[bytes, BeforeValidator(_bytes_in), PlainSerializer(b64, return_type=str, when_used="json")]
"""Bytes; strict base64 on the wire."""

Class = Annotated[
    Classification,
    BeforeValidator(_class_in),
    PlainSerializer(lambda value: value.word, return_type=str, when_used="json"),
]
"""A classification; its word on the wire."""

Time = Annotated[
    AwareDatetime,
    AfterValidator(_time_in),
    PlainSerializer(time_text, return_type=str, when_used="json"),
]
"""An instant; RFC 3339 in UTC with milliseconds on the wire."""

NO_NUL = r"^[^\x00]*$"
"""The pattern of free text: PostgreSQL keeps no NUL."""

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256 digest, 64 lower-case hex digits."""

Code = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""A plant's own code of a person, station, kiosk, client, part, document or revision."""


class Message(BaseModel):
    """A frozen message; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def exact(self) -> bytes:
        """The canonical bytes: what is hashed and signed."""
        return canonical(self.model_dump(mode="json"))

    @classmethod
    def read(cls, data: bytes) -> Self:
        """Read from JSON bytes.

        Raises:
            Untrusted: the bytes are not such a message (``code`` ``bad_message``).
        """
        try:
            return cls.model_validate_json(data)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            raise Untrusted(
                f"A {cls.__name__} message is not what was agreed: {where}: {first['msg']}.",
                code="bad_message",
            ) from None


class Problem(Message):
    """The body of every answer that is not a success: a code for programs, words for people.

    ``number`` goes with some codes: the counter to reach (``counter_behind``), the hub's time in seconds
    since 1970 (``clock_off``), the sequence number expected (``hole``) or disputed (``fork``, ``bad_event``).
    """

    code: str
    message: str
    advice: str = ""
    number: int | None = None
