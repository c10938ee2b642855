"""Purge orders: what a hub pushes at once when it revokes something, to every kiosk that could hold it.

One order, signed once, for all of them: it names what is cut off, and no page or key. It only ever takes
away. What a kiosk may hold its lease says, which follows; an order that is lost costs time, as any push.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.wire.base import Code, Message, Time
from app.wire.desk import LockKind

ORDER_TYPE = "application/vnd.stationleaf.purge-order+json"

MAX_ORDER_BYTES = 4096
"""The longest envelope of an order: with two signatures, and with the longest name, half of it."""


ORDER_EVENT = b"event: purge\ndata: "
"""What stands before an order's envelope, which has no line breaks, on the push stream."""


class PurgeOrder(Message):
    """What ``site`` cuts off. Signed by its lease keys in a DSSE envelope (``ORDER_TYPE``).

    ``number`` is the revocation's; each lease names the newest that was known when it was made
    (``Lease.order``), and an order says nothing about a lease that was made knowing it. ``code`` of a badge
    is its person's, of a revision ``DOCUMENT/LABEL``.
    """

    v: Literal[1] = 1
    site: Code
    number: Annotated[int, Field(ge=1, le=2**53)]
    kind: LockKind
    code: Annotated[str, Field(min_length=1, max_length=130)]
    issued: Time
