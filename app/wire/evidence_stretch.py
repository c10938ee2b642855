"""Checking stretches of a bundle's entries, one by one: what they are, and that the log holds them.

What follows from one stretch to the next, and what is beside the entries, is ``evidence_check``'s.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from app.model.errors import Expected, Untrusted
from app.seal.bundle import Bundle
from app.seal.chain import event_hash, verify_event
from app.seal.merkle import HASH_BYTES, leaf_hash
from app.seal.tiles import TILE_HEIGHT, TILE_WIDTH, Place, Tiled, fold, unpack_entries, width_at
from app.wire.evidence import (
    ACTS,
    DEVICES,
    POLICY,
    SEALED,
    SHOWN,
    SIGNATURES,
    SIGNERS,
    About,
    Devices,
    EntrySealer,
    People,
    Signers,
    part_of,
    read_entry,
)
from app.wire.evidence_acts import Acts, is_act
from app.wire.evidence_plan import Plan, Views
from app.wire.figures import FORM, Figures, Row, row_of
from app.wire.journals import Journals

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from app.seal.bundle import Sealed

SIGNATURE_BYTES = 64

_TYPES = tuple(FORM.values())


@dataclass(frozen=True)
class Stretch:
    """Tiles of entries in a row. ``chosen``: whose device signatures are checked; None: all."""

    places: tuple[Place, ...]
    chosen: frozenset[int] | None


@dataclass
class Held:
    """What a stretch that holds has in it; ``read`` are the names of its parts."""

    figures: Figures = field(default_factory=Figures)
    journals: Journals = field(default_factory=lambda: Journals(whole=False))
    acts: Acts = field(default_factory=lambda: Acts(Signers(signers=())))
    read: set[str] = field(default_factory=set)
    entries: int = 0
    opened: int = 0
    closed: int = 0
    signatures: int = 0
    views: Views = field(default_factory=Views)


@dataclass(frozen=True, repr=False)
class Elsewhere:
    """Checks stretches in another process, which opens the bundle for itself and sees that it is the same."""

    path: Path
    sealed: Sealed
    about: About
    people: People | None

    def __call__(self, stretch: Stretch) -> Held:
        """Check a stretch."""
        return self._checker(stretch)

    @cached_property
    def _checker(self) -> Checker:
        bundle = Bundle(self.path.open("rb"), self.sealed.public)
        if bundle.sealed != self.sealed:
            raise Untrusted("The file became another one while it was checked.", code="touched")
        return Checker(bundle, self.about, self.people)


class Checker:
    """Checks stretches of a bundle whose seal holds, by the hashes above; steps as in ``evidence_check``.

    ``entry`` is told each entry, by its number, as the bundle shows it.
    """

    def __init__(
        self,
        bundle: Bundle,
        about: About,
        people: People | None,
        entry: Callable[[int, dict[str, Any]], None] | None = None,
    ) -> None:
        self._bundle, self._about, self._entry = bundle, about, entry
        self._tree = Tiled(self._tile)
        devices = Devices.read(bundle.read(DEVICES)).devices
        self._devices = {(device.kiosk, device.epoch): device.key for device in devices}
        self._signers = Signers.read(bundle.read(SIGNERS))
        self.plan = Plan.read(bundle.read(ACTS), bundle.read(POLICY))
        given = people.people if people is not None else ()
        self._sealers = {one.pseudonym: (one.person, EntrySealer(one.key)) for one in given}

    def __call__(self, stretch: Stretch) -> Held:
        """Check a stretch.

        Raises:
            Untrusted: something in it does not hold; the message says what.
        """
        held = Held(acts=Acts(self._signers))
        self._held = held
        for place in stretch.places:
            self._check(place, stretch.chosen)
        return held

    def _check(self, place: Place, chosen: frozenset[int] | None) -> None:
        held, first = self._held, place.index * TILE_WIDTH
        leaves = self._leaves(place)  # 3
        exact, events = self._entries(place, leaves)  # 4, 6
        rows = self._rows(first, events)
        digests = ["" if data is None else event_hash(data) for data in exact]
        self._check_devices(first, rows, digests, self._signatures(place), chosen)  # 5
        follow = held.journals.add
        for (kiosk, epoch, seq, prev, _, _, _, number, *_), digest in zip(rows, digests, strict=True):
            follow((kiosk, epoch), seq, prev, number, digest)  # 7
        for at, event in enumerate(events):
            if is_act(event["kind"], event["body"]):
                held.acts.add(first + at, event, exact[at])
        try:
            held.figures.add(rows)
            held.views.join(self.plan.look(first, rows))
        except ValueError:
            raise Untrusted(
                f"One of the entries from {first} on is not of the form agreed.", code="bad_message"
            ) from None
        if self._entry is not None:
            for at, event in enumerate(events):
                self._entry(first + at, event)
        held.entries += len(events)

    # -- parts

    def _part(self, name: str) -> bytes:
        data = self._bundle.read(name)
        self._held.read.add(name)
        return data

    def _tile(self, level: int, index: int) -> bytes:
        return self._part(Place(level, index, width_at(self._about.size, level, index)).path)

    def _leaves(self, place: Place) -> bytes:
        """A tile's leaves. Those of one that is not full are in the root: nothing else is above them."""
        leaves, above = self._tile(0, place.index), replace(place, level=0).path
        if len(leaves) != place.width * HASH_BYTES:
            raise wrong(above, "it is of another length")
        if place.width == TILE_WIDTH and fold(leaves) != self._tree.node(TILE_HEIGHT, place.index):
            raise wrong(above, "its hashes do not lead to those above them")
        return leaves

    # -- entries

    def _entries(self, place: Place, leaves: bytes) -> tuple[list[bytes | None], list[dict[str, Any]]]:
        """A tile's entries as they were logged (None where that is sealed), and as the bundle shows them."""
        name = part_of(SHOWN, place) if self._about.pseudonyms else place.path
        shown = unpack_entries(self._part(name), place.width)
        events = list(map(read_entry, shown))
        exact: list[bytes | None] = list(shown)
        first = place.index * TILE_WIDTH
        if self._about.pseudonyms:
            boxes = unpack_entries(self._part(part_of(SEALED, place)), place.width)
            for at, box in enumerate(boxes):
                if box:
                    exact[at] = self._opened(first + at, events[at], box)  # 6
        for at, data in enumerate(exact):
            if data is not None and leaf_hash(data) != leaves[HASH_BYTES * at : HASH_BYTES * (at + 1)]:  # 4
                raise wrong(name, f"entry {first + at} is not the one that was logged")
        return exact, events

    def _opened(self, number: int, said: dict[str, Any], box: bytes) -> bytes | None:
        pseudonym = said.get("person")
        given = self._sealers.get(pseudonym) if isinstance(pseudonym, str) else None
        if given is None:
            self._held.closed += 1
            return None
        person, sealer = given
        data = sealer.open(box, number)
        self._held.opened += 1
        event = read_entry(data)
        if event.get("person") != person or _but_person(event) != _but_person(said):
            raise Untrusted(
                f"Entry {number} says something else than what the log holds, apart from the person's name.",
                code="not_included",
            )
        return data

    def _rows(self, first: int, events: Sequence[dict[str, Any]]) -> list[Row]:  # 5
        try:
            rows = list(map(row_of, events))
            columns = dict(zip(FORM, zip(*rows, strict=True), strict=True))
            if set(columns["client"]) == {self._about.client} and all(
                set(map(type, columns[name])) == {kind} for name, kind in FORM.items()
            ):
                return rows
        except (KeyError, TypeError):  # not there, or nothing that can be in a set
            pass
        for at, event in enumerate(events):
            types = tuple(type(event.get(name)) for name in FORM)
            if types != _TYPES or event["client"] != self._about.client:
                raise Untrusted(f"Entry {first + at} is not an event about this client.", code="other_log")
        return list(map(row_of, events))

    def _signatures(self, place: Place) -> bytes:
        name = part_of(SIGNATURES, place)
        data = self._part(name)
        if len(data) != SIGNATURE_BYTES * place.width:
            raise wrong(name, "it is of another length")
        return data

    def _check_devices(
        self,
        first: int,
        rows: Sequence[Row],
        digests: Sequence[str],
        signatures: bytes,
        chosen: frozenset[int] | None,
    ) -> None:
        for at, digest in enumerate(digests):
            if not digest or (chosen is not None and first + at not in chosen):
                continue
            kiosk, epoch, seq, *_ = rows[at]
            signature = signatures[SIGNATURE_BYTES * at : SIGNATURE_BYTES * (at + 1)]
            try:
                verify_event(kiosk, epoch, seq, digest, signature, self._devices[kiosk, epoch])
            except (KeyError, Untrusted):
                raise Untrusted(
                    f"Entry {first + at} is not signed by the device of kiosk {kiosk}.", code="bad_signature"
                ) from None
            self._held.signatures += 1


def _but_person(event: Any) -> Any:
    """What an event says apart from who it names (an envelope does: ``Redactor``)."""
    if isinstance(event, dict):
        return {
            name: "" if name in {"person", "envelope"} else _but_person(item) for name, item in event.items()
        }
    return [_but_person(item) for item in event] if isinstance(event, list) else event


def wrong(name: str, why: str) -> Expected:
    """Return what is raised of a part that does not hold."""
    return Untrusted(f"The part {name} does not hold: {why}.", code="not_included")
