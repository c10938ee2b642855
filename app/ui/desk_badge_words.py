"""What the desk says of badges and cards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.model.terms import CredentialKind

if TYPE_CHECKING:
    from datetime import datetime

    from app.wire.desk_badges import BadgeHolder, HeldBadge

BADGES = "Badges"
HELD = "Badges of this person"
HOW = (
    "Who holds which badge or card. One that is withdrawn opens nothing any more; that goes on record with "
    "your name."
)
FIND = "Find a person, or the end of a badge's number …"
WHY = "Why is it withdrawn? Lost, stolen, damaged …"
KINDS = {
    CredentialKind.UID: "Badge without PIN",
    CredentialKind.UID_PIN: "Badge with PIN",
    CredentialKind.CARD: "Cryptographic card",
}


def holder_line(holder: BadgeHolder) -> str:
    """A person in the list, with what they hold now."""
    held = [_named(badge) for badge in holder.badges if badge.until is None]
    gone = "" if holder.active else "  (not active)"
    return f"{holder.name}  {holder.code}{gone}\n{', '.join(held) or 'no badge'}"


def badge_line(badge: HeldBadge) -> str:
    """A badge with its history."""
    told = f"{_named(badge)}\nsince {_day(badge.since)}"
    if badge.until is None:
        return f"{told}, in use"
    if badge.by:
        return f"{told}\nwithdrawn {_day(badge.until)} by {badge.by}: {badge.reason}"
    return f"{told}, replaced {_day(badge.until)}"


def step(badge: HeldBadge | None, *, confirmed: bool) -> str:
    """What the button does next."""
    if badge is None:
        return "Withdraw …"
    if badge.until is not None:
        return "Revoked already"
    return f"Confirm: withdraw …{badge.tail}" if confirmed else f"Withdraw …{badge.tail}"


def confirms(holder: BadgeHolder, badge: HeldBadge) -> str:
    """What the second press does."""
    return f"This takes …{badge.tail} from {holder.name}: it opens nothing any more, at any kiosk or desk."


def withdrawn(name: str, tail: str) -> str:
    """It was done."""
    return f"The badge …{tail} of {name} is withdrawn: it opens nothing any more. Give out another one."


def _named(badge: HeldBadge) -> str:
    return f"{KINDS[badge.kind]} …{badge.tail}"


def _day(at: datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M}"
