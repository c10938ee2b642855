"""Grants on the wire: what two people sign at a kiosk, what a lease says of it, the keys of an admission.

A grant is a time-limited exception to need-to-know (``app.model.plant.Grant``). Whoever makes it and whoever
it is for sign the same statement with the keys in their slots: no kiosk can make one up.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, StringConstraints

from app.model.errors import Untrusted
from app.model.plant import Grant, Span
from app.model.terms import GrantKind
from app.seal.keys import verify
from app.wire.base import B64, Class, Code, Message, Time

if TYPE_CHECKING:
    from collections.abc import Iterable

GrantId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
"""A grant's name: 128 random bits."""

Finding = Annotated[str, StringConstraints(max_length=64)]
"""Why a grant was found wanted: a ``decide.Reason``, or ``NOT_SIGNED``."""

ReasonText = Annotated[str, StringConstraints(min_length=1, max_length=200)]

MOST_MINUTES = {GrantKind.OFFLINE_ADMISSION: 480, GrantKind.BREAK_GLASS: 120}
"""The longest that policy can allow a grant of each kind."""


def grant_most(admission_minutes: int, glass_minutes: int) -> dict[GrantKind, timedelta]:
    """For how long each kind of grant may be made at most; with 0 minutes it is not allowed and not there."""
    minutes = {GrantKind.OFFLINE_ADMISSION: admission_minutes, GrantKind.BREAK_GLASS: glass_minutes}
    return {kind: timedelta(minutes=most) for kind, most in minutes.items() if most}


_SIGNED = b"stationleaf grant v1\0"


class GrantStatement(Message):
    """What both people sign: ``by`` lets ``person`` read the pages of ``station`` at ``kiosk`` for a time.

    ``lease`` is the number of the lease that the kiosk had.
    """

    grant: GrantId
    kind: GrantKind
    kiosk: Code
    lease: Annotated[int, Field(ge=1)]
    station: Code
    person: Code
    by: Code
    reason: ReasonText
    start: Time
    end: Time

    def signed(self) -> bytes:
        """The exact bytes that the signatures are over."""
        return _SIGNED + self.exact()


class SignedGrant(Message):
    """A statement with the signatures of who makes the grant and of whom it is for.

    It is the body of ``grant.begin``, and what a kiosk asks the hub for break-glass with.
    """

    statement: GrantStatement
    by_signature: B64
    person_signature: B64

    def signed_by(self, by: Iterable[bytes], person: Iterable[bytes]) -> bool:
        """Whether one key of each of the two signed it (Ed25519 public keys)."""
        said = self.statement.signed()
        return _any(by, self.by_signature, said) and _any(person, self.person_signature, said)


class GrantReply(Message):
    """The hub has made the grant: the kiosk's next lease opens the pages, until ``end``."""

    grant: GrantId
    end: Time


def _any(publics: Iterable[bytes], signature: bytes, said: bytes) -> bool:
    for public in publics:
        try:
            verify(public, signature, said)
        except Untrusted:
            continue
        return True
    return False


class GrantInfo(Message):
    """A grant in a lease: the hub made it, or confirmed what the kiosk had made without it.

    ``wanted``: why the hub found it wanted; then it admits nobody, and is said to end the kiosk's own.
    """

    grant: GrantId
    kind: GrantKind
    person: Code
    station: Code
    start: Time
    end: Time
    by: Code
    reason: ReasonText
    ceiling: Class
    wanted: tuple[Finding, ...] = ()

    def record(self) -> Grant:
        """As the model's record."""
        span = Span(self.start, self.end)
        return Grant(self.person, self.station, span, self.kind, self.by, self.reason, self.ceiling)


class Admission(Message):
    """The keys with which two people admit one of them while the hub is away (``app.seal.admission``).

    ``workers`` are halves sealed to whom may be admitted, ``supervisors`` the class key sealed to each
    supervisor, of the highest class that the credential in the lease is worth.
    """

    workers: dict[Code, B64] = Field(default_factory=dict)
    supervisors: dict[Code, B64] = Field(default_factory=dict)


def worker_info(kiosk: str, number: int, person: str) -> bytes:
    """The HPKE context of a worker's half."""
    return _info(b"worker", kiosk, number, person)


def supervisor_info(kiosk: str, number: int, person: str) -> bytes:
    """The HPKE context of a supervisor's class key."""
    return _info(b"supervisor", kiosk, number, person)


def lent_info(kiosk: str, number: int, person: str, grant: str) -> bytes:
    """The HPKE context of what a supervisor lends to one worker by one grant."""
    return _info(b"lent", kiosk, number, person) + b"\0" + grant.encode()


def _info(what: bytes, kiosk: str, number: int, person: str) -> bytes:
    return b"stationleaf admission v1\0%s\0%s\0%d\0%s" % (what, kiosk.encode(), number, person.encode())
