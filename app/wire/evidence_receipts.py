"""Receipts of lockdowns and kiosks' reports as they stand in an evidence bundle, and checking them.

Steps: 1 each is an event of the kiosk that it is said to be of, and its device signed it; 2 the log that it
belongs in has it: the client's, under the bundle's own checkpoint, or the site's, all under one; 3 every
receipt that an incident names is there, or said to be withheld; 4 where all of a holder's are there, they are
about the client, revision, kiosk or person that was locked down, and say what the incident says.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from app.model.errors import Untrusted
from app.seal.chain import event_hash, verify_event
from app.seal.log_proof import LogProof
from app.wire.base import B64, Code, Message, Sha256
from app.wire.desk import LockKind
from app.wire.messages import Event, EventKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.wire.evidence import About

_Place = tuple[str, int, int]
_CONFIRMED = "confirmed: purged"
_OF_PLACES = {LockKind.STATION.value, LockKind.LINE.value}
"""Receipts do not say of which station a page was: that of such a lockdown is the plant's word."""


class Receipt(Message):
    """A kiosk's event in whole: its exact bytes, the device's signature, and a C2SP tlog-proof."""

    kiosk: Code
    epoch: Annotated[int, Field(ge=1)]
    seq: Annotated[int, Field(ge=1)]
    event: B64
    signature: B64
    proof: str


class Withheld(Message):
    """A receipt that names persons or another client's pages: only its hash is told."""

    kiosk: Code
    epoch: Annotated[int, Field(ge=1)]
    seq: Annotated[int, Field(ge=1)]
    sha256: Sha256


class Receipts(Message):
    """Every event that an incident names as a receipt, and what kiosks reported of the log."""

    receipts: tuple[Receipt, ...]
    withheld: tuple[Withheld, ...]


@dataclass
class Shown:
    """What the receipts prove. ``holders`` could hold what was locked down; ``proven`` of them confirmed, by
    receipts that are all here. ``reports`` are sentences.
    """

    receipts: int = 0
    withheld: int = 0
    holders: int = 0
    proven: int = 0
    reports: list[str] = field(default_factory=list)


def check_receipts(
    found: Receipts,
    incidents: Mapping[str, Any],
    about: About,
    devices: Mapping[tuple[str, int], bytes],
    public: bytes,
    checkpoint: bytes,
) -> Shown:
    """Check the receipts by the steps above.

    Raises:
        Untrusted: a step fails.
    """
    shown = Shown(receipts=len(found.receipts), withheld=len(found.withheld))
    events: dict[_Place, Event] = {}
    notes = {about.origin: {checkpoint}}
    for one in found.receipts:
        place = (one.kiosk, one.epoch, one.seq)
        event = events[place] = _event(one, devices)  # 1
        if event.client not in {"", about.client}:
            raise _wrong(place, "it is about another client")
        origin = about.origin if event.client else site_log(about.origin)
        try:
            proof = LogProof.read(one.proof.encode())
            proof.verify(one.event, origin, [public])  # 2
        except Untrusted:
            raise _wrong(place, "it is not proven that its log has it") from None
        notes.setdefault(origin, {proof.checkpoint}).add(proof.checkpoint)
        if len(notes[origin]) > 1:
            raise _wrong(place, "its log has another checkpoint than the rest of the bundle")
        if event.kind is EventKind.INCIDENT:
            shown.reports.append(
                f"Kiosk {one.kiosk} reported on {event.wall:%Y-%m-%d %H:%M:%S} UTC: {event.body.get('what')}."
            )
    withheld = {(one.kiosk, one.epoch, one.seq) for one in found.withheld}
    try:
        for incident in incidents["revocations"]:
            for holder in incident["holders"]:
                shown.holders += 1
                shown.proven += _holds(incident, holder, events, withheld)  # 3, 4
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Untrusted(
            "What the bundle says of incidents is not of the form agreed.", code="bad_message"
        ) from None
    return shown


def site_log(origin: str) -> str:
    """The name of the site's log beside that of a client's (``hub.log_heads``)."""
    stationleaf, site, tag, *rest = origin.split("/")
    return "/".join([stationleaf, site, tag, "site", *rest[2:]])


def _event(one: Receipt, devices: Mapping[tuple[str, int], bytes]) -> Event:
    place = (one.kiosk, one.epoch, one.seq)
    event = Event.read(one.event)
    if (event.kiosk, event.epoch, event.seq) != place:
        raise _wrong(place, "it is another event")
    try:
        verify_event(*place, event_hash(one.event), one.signature, devices[one.kiosk, one.epoch])
    except (KeyError, Untrusted):
        raise _wrong(place, "it is not signed by its device") from None
    return event


def _holds(
    incident: Mapping[str, Any],
    holder: Mapping[str, Any],
    events: Mapping[_Place, Event],
    withheld: set[_Place],
) -> bool:
    """Whether receipts that are all here prove that a holder purged."""
    places = []
    for name in holder["events"]:
        epoch, _, seq = name.partition("/")
        places.append((str(holder["kiosk"]), int(epoch), int(seq)))
    for place in places:
        if place not in events and place not in withheld:
            raise _wrong(place, "an incident names it, and it is not there")
    own = [events[place] for place in places if place in events]
    if holder["outcome"] != _CONFIRMED or not own or len(own) < len(places):
        return False
    if incident["kind"] in _OF_PLACES:
        return False
    if not _about(incident, own):
        raise _wrong(places[0], "it is about something else than the incident")
    for name in ("keys_gone", "bytes_gone"):
        told = datetime.fromisoformat(holder[name])
        if max(_moment(event, name) for event in own).replace(microsecond=0) != told:
            raise _wrong(places[0], "it says something else than the incident")
    return True


def _about(incident: Mapping[str, Any], own: Sequence[Event]) -> bool:
    """Whether receipts are about what an incident says was locked down."""
    of = {
        LockKind.CLIENT: {event.client for event in own},
        LockKind.REVISION: {event.revision for event in own},
        LockKind.KIOSK: {event.kiosk for event in own},
        LockKind.PERSON: {slot["person"] for event in own for slot in event.body.get("slots", ())},
    }
    return incident["code"] in of[LockKind(incident["kind"])]


def _moment(event: Event, name: str) -> datetime:
    if event.kind is not EventKind.PURGED:
        raise _wrong((event.kiosk, event.epoch, event.seq), "it is no receipt")
    return datetime.fromisoformat(event.body[name])


def _wrong(place: _Place, why: str) -> Untrusted:
    kiosk, epoch, seq = place
    return Untrusted(f"The receipt {epoch}/{seq} of kiosk {kiosk} does not hold: {why}.", code="not_included")
