"""Calls for help (andon): as a kiosk records one, as its lease tells it back, and as the board shows it."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

from app.wire.base import Code, Message, Time

CallCode = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{1,64}/[0-9]{1,10}/[0-9]{1,19}$")]
"""Where the call's event is: ``KIOSK/EPOCH/NUMBER``."""

STANDS = timedelta(hours=12)
"""For how long a call stands that nobody ends: a shift with overtime."""


class TakenBack(Message):
    """The body of a ``call.withdrawn``: the call was a slip, or is not needed any more."""

    code: CallCode


class CallInfo(Message):
    """A call of this kiosk that stands. ``by`` is the name of who is coming, "" while nobody is."""

    code: CallCode
    at: Time
    by: Annotated[str, StringConstraints(max_length=200)] = ""


class CallStep(StrEnum):
    """What a supervisor does with a call."""

    TAKE = "take"
    END = "end"


class BoardCall(Message):
    """A call that stands, on a board: from where, by whom ("": nobody was signed in), since when, and who is
    coming since when.
    """

    code: CallCode
    kiosk: Code
    station: Code
    name: Annotated[str, StringConstraints(max_length=200)] = ""
    at: Time
    by: Annotated[str, StringConstraints(max_length=200)] = ""
    taken: Time | None = None
