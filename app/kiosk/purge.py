"""What goes when a lease takes something away, and the receipts for it.

What is owed a receipt is written down in the same transaction that overwrites the keys, and crossed out once
the receipts are committed to the journal: a kiosk that is killed in between owes it still, and says it then.
A purge has a name, so that a receipt written twice over a power cut counts once.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from app.kiosk.outbox import Draft
from app.wire.messages import EventKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from app.kiosk.access import Holding

PAGES_A_RECEIPT = 400
"""Page hashes in one event: about 27 kB of the 60 kB that an event may have."""


@dataclass(frozen=True)
class Gone:
    """A page whose key went. Its clip is told as the page itself, under a ``blob`` of its own."""

    client: str
    revision: str
    page: str
    blob: str


@dataclass(frozen=True)
class Owed:
    """A purge that is owed its receipts. ``why`` is ``lease``, ``order``, or how the kiosk stands at the hub.

    ``before`` is the lease whose keys went, ``after`` the one in force then, 0 for none: then everything
    went. ``slots`` are persons with the last characters of their badges. ``order`` is the number of the purge
    order (``purge_order``) that was obeyed, 0 for none.
    """

    purge: str
    why: str
    before: int
    after: int
    pages: tuple[Gone, ...]
    slots: tuple[tuple[str, str], ...]
    order: int = 0

    def pack(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)

    @classmethod
    def unpack(cls, told: dict[str, Any]) -> Owed:
        """Read ``pack``."""
        return cls(
            purge=told["purge"],
            why=told["why"],
            before=told["before"],
            after=told["after"],
            pages=tuple(Gone(**page) for page in told["pages"]),
            slots=tuple((person, tail) for person, tail in told["slots"]),
            order=told.get("order", 0),
        )


def read_owed(text: str) -> tuple[Owed, ...]:
    """What is written down as owed, oldest first."""
    return tuple(Owed.unpack(told) for told in json.loads(text or "[]"))


def write_owed(owed: Iterable[Owed]) -> str:
    """The text of ``read_owed``."""
    return json.dumps([one.pack() for one in owed], separators=(",", ":"))


def owed_for(held: Holding | None, following: Holding | None, why: str, order: int = 0) -> Owed | None:
    """What goes when ``following`` takes the place of ``held`` (None: nothing does); None if nothing goes.

    An ``order`` is owed a receipt though nothing goes: that it will be obeyed is worth knowing, too.
    """
    if held is None:
        return None
    stay = set[str]() if following is None else set(following.manifest.sizes)
    tags = set() if following is None else _tags(following)
    pages = tuple(gone for gone in _listed(held) if gone.blob not in stay)
    slots = tuple(
        (operator.person, slot.badge_tail)
        for operator in held.lease.operators
        for slot in operator.slots
        if (operator.person, slot.tag) not in tags
    )
    if following is not None and not pages and not slots and not order:
        return None
    after = 0 if following is None else following.lease.number
    return Owed(os.urandom(8).hex(), why, held.lease.number, after, pages, slots, order)


def _listed(held: Holding) -> list[Gone]:
    """Pages with their clips, and those of agreements: they lie in the cache like them."""
    return [
        Gone(page.client, page.revision_key, page.page, blob)
        for page in held.manifest.pages
        for blob in (page.blob, page.clip.blob if page.clip is not None else "")
        if blob
    ] + [
        Gone(text.client, text.key, page.page, page.blob)
        for text in held.manifest.agreements
        for page in text.pages
    ]


def _tags(holding: Holding) -> set[tuple[str, bytes]]:
    return {(operator.person, slot.tag) for operator in holding.lease.operators for slot in operator.slots}


@dataclass(frozen=True)
class When:
    """When the keys were gone from the disk, and when the bytes were, by the hub's time where it is known."""

    keys: datetime
    bytes: datetime


def receipts(owed: Owed, when: When, *, lease: int, station: str) -> list[Draft]:
    """The receipts of a purge: one a client and revision, and one for slots; a long one in parts.

    So a client's events name its own pages and nobody else's.
    """
    groups: dict[tuple[str, str], dict[str, None]] = {}
    for page in owed.pages:
        groups.setdefault((page.client, page.revision), {})[page.page] = None
    bodies: list[tuple[str, str, dict[str, Any]]] = [
        (client, revision, {"pages": pages[start : start + PAGES_A_RECEIPT]})
        for (client, revision), pages in ((name, list(pages)) for name, pages in groups.items())
        for start in range(0, len(pages), PAGES_A_RECEIPT)
    ]
    if owed.slots or not bodies:
        slots = [{"person": person, "badge": tail} for person, tail in owed.slots]
        bodies.insert(0, ("", "", {"slots": slots}))
    said = {"purge": owed.purge, "why": owed.why, "all": owed.after == 0, **_leases(owed), **_moments(when)}
    if owed.order:
        said["order"] = owed.order
    return [
        Draft(
            EventKind.PURGED, lease=lease, station=station, client=client, revision=revision,
            body={**said, "part": part, "parts": len(bodies), **body},
        )
        for part, (client, revision, body) in enumerate(bodies, 1)
    ]  # fmt: skip


def stray_receipt(blobs: Collection[str], when: When, *, lease: int, station: str) -> Draft:
    """The receipt for sealed pages of which no lease was known here any more; it names their ciphertexts."""
    body = {"purge": os.urandom(8).hex(), "why": "stray", "all": False, "before": 0, "after": lease}
    more = {**_moments(when), "blobs": sorted(blobs)[:PAGES_A_RECEIPT], "count": len(blobs)}
    return Draft(EventKind.PURGED, lease=lease, station=station, body={**body, **more})


def _leases(owed: Owed) -> dict[str, int]:
    return {"before": owed.before, "after": owed.after}


def _moments(when: When) -> dict[str, str]:
    return {
        "keys_gone": when.keys.isoformat(timespec="milliseconds"),
        "bytes_gone": when.bytes.isoformat(timespec="milliseconds"),
    }
