"""Electronic signatures in events: what exactly is signed, and checking it.

The signed statement is not in the event: it is made anew from the event's own fields, so a signature belongs
to that record and to no other (21 CFR 11.70), and the two cannot say different things. The event has the
person's code, the meaning and, as its own time, when it was signed; the printed name is looked up
(21 CFR 11.50).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from app.model.errors import Untrusted
from app.seal.encoding import b64, unb64
from app.seal.keys import verify
from app.wire.base import Code, Message, Sha256, Time
from app.wire.messages import EventKind

if TYPE_CHECKING:
    from app.seal.keys import SigningKey
    from app.wire.messages import Event

_CONTEXT = b"stationleaf electronic signature v1\0"


class Act(Message):
    """What a person signs: which act, on which record, where and when, and what the signature means."""

    v: Literal[1] = 1
    kind: EventKind
    person: Code
    meaning: str
    at: Time
    kiosk: Code
    station: Code
    client: Code
    revision: Code
    page: Sha256
    step: str
    unit: str = ""
    order: str = ""
    reason: str = ""

    def statement(self) -> bytes:
        """The bytes that are signed."""
        return _CONTEXT + self.exact()

    @classmethod
    def of(cls, event: Event) -> Act:
        """The act that an event records.

        Raises:
            Untrusted: the event is about no such act (``no_act``).
        """
        try:
            return cls(
                kind=event.kind,
                person=event.person,
                meaning=event.body["meaning"],
                at=event.wall,
                kiosk=event.kiosk,
                station=event.station,
                client=event.client,
                revision=event.revision,
                page=event.page,
                step=event.body["step"],
                unit=event.unit,
                order=event.order,
                reason=event.body.get("reason", ""),
            )
        except (KeyError, ValueError):
            raise Untrusted("An event does not say what was signed.", code="no_act") from None


def sign_act(act: Act, key: SigningKey) -> dict[str, Any]:
    """What a signed event's body has beside the act: meaning, the person's public key, and the signature."""
    signature = key.sign(act.statement())
    return {"meaning": act.meaning, "key": b64(key.public), "signature": b64(signature)}


def is_signed(event: Event) -> bool:
    """Whether the event claims to be signed."""
    return "signature" in event.body


def check_act(event: Event) -> bytes:
    """Check the signature of an event; returns the public key that it holds under (whose, the hub knows).

    Raises:
        Untrusted: it does not hold (``bad_signature``), or does not say of what it is (``no_act``).
    """
    act = Act.of(event)
    key, signature = (event.body.get(name) for name in ("key", "signature"))
    if not isinstance(key, str) or not isinstance(signature, str):
        raise Untrusted("A signature does not hold.", code="bad_signature")
    public = unb64(key)
    verify(public, unb64(signature), act.statement())
    return public
