"""Messages between a desk and the hub on badges: who holds which, and withdrawing one that is lost."""

from __future__ import annotations

from app.model.terms import CredentialKind
from app.wire.base import Code, Message, Time
from app.wire.desk import Ask, Text


class HoldersAsk(Ask):
    """Everybody, with the badges and cards that they hold or held."""


class HeldBadge(Message):
    """A badge or card; of its number only the ``tail`` is known. ``number`` names it at the hub.

    ``until``: when it was revoked (None: it is in use), and where somebody withdrew it, ``by`` whom and why.
    """

    number: int
    kind: CredentialKind
    tail: str
    since: Time
    until: Time | None = None
    by: str = ""
    reason: str = ""


class BadgeHolder(Message):
    """A person; their badges, the newest first."""

    code: Code
    name: str
    active: bool
    badges: tuple[HeldBadge, ...]


class HoldersReply(Message):
    """In the order of names."""

    holders: tuple[BadgeHolder, ...]


class WithdrawAsk(Ask):
    """Take exactly this badge from this person: it opens nothing any more, anywhere."""

    person: Code
    number: int
    reason: Text = ""


class WithdrawReply(Message):
    """What it came to: ``changed``, or ``unchanged`` where it was revoked already."""

    outcome: Code
