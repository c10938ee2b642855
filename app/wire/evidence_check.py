"""Checking an evidence bundle with nothing but the bundle and the hub's public key.

What fails is refused, with what was touched; what holds is told in words, and what no bundle can prove too.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from app.model.errors import Damaged, Expected, Untrusted
from app.seal.bundle import Bundle
from app.seal.chain import event_hash, verify_event
from app.seal.checkpoint import Checkpoint, open_checkpoint
from app.seal.cosignature import cosigned_at
from app.seal.encoding import canonical
from app.seal.merkle import HASH_BYTES, leaf_hash, tree_root
from app.seal.note import Note
from app.seal.tiles import TILE_HEIGHT, TILE_WIDTH, Place, Tiled, fold, unpack_entries, width_at
from app.wire.evidence import (
    ABOUT,
    CHECKPOINT,
    DEVICES,
    ENTRIES,
    FIGURES,
    SEALED,
    SEEN,
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
    same_log,
)
from app.wire.evidence_acts import Acts, BadAct
from app.wire.figures import Figures
from app.wire.journals import Gap, Journals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import BinaryIO

    from app.seal.cosignature import Witness

SIGNATURE_BYTES = 64
SIGNATURES_CHECKED = 10_000
"""Device signatures that are checked, chosen at random, unless all are asked for.

If one in 2,000 did not hold, this would find it 99 times in 100.
"""


@dataclass(frozen=True, repr=False)
class With:
    """What is known beside the bundle: the hub's key, and what else whoever checks it was given.

    ``seen`` are checkpoints of the log that were kept earlier. ``every``: all device signatures are checked.
    ``entry`` is told each entry, by its number, as the bundle shows it; that counts once the whole bundle
    holds.
    """

    public: bytes
    witnesses: Sequence[Witness] = ()
    seen: Sequence[bytes] = ()
    people: People | None = None
    every: bool = False
    entry: Callable[[int, dict[str, Any]], None] | None = None


@dataclass
class Proven:
    """What a bundle that holds proves.

    ``cosigned``: who did so when, in seconds since 1970, and how many entries; ``earlier``: the sizes of
    checkpoints that somebody else than the hub vouches for having seen. ``acts`` are electronic signatures of
    persons that hold, ``acts_closed`` those in sealed entries, ``bad_acts`` those that do not hold.
    """

    about: About
    checkpoint: Checkpoint
    cosigned: list[tuple[str, int, int]] = field(default_factory=list)
    earlier: list[int] = field(default_factory=list)
    opened: int = 0
    closed: int = 0
    signatures: int = 0
    unnumbered: int = 0
    acts: int = 0
    acts_closed: int = 0
    bad_acts: list[BadAct] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)


def check(file: BinaryIO, known: With, progress: Callable[[int, int], None] | None = None) -> Proven:
    """Check a bundle.

    Steps: 1 every byte of the file is as it was sealed by ``known.public`` (``app.seal.bundle``); 2 the
    checkpoint is the log's, signed by the same key; 3 its tree's hashes are in the bundle and lead to its
    root; 4 each entry is the leaf at its number; 5 each is an event of this client, and signed by its device;
    6 those with pseudonyms are what they say, as far as their keys are known; 7 kiosks' numbers show no gap;
    8 earlier checkpoints, in the bundle or known, are the beginning of this log; 9 the figures are those of
    the entries; 10 the parts that no step has read are as they were sealed.

    Raises:
        Untrusted: a step fails; the message says where.
    """
    bundle = Bundle(file, known.public)  # 1
    return _Check(bundle, known).run(progress or (lambda _done, _total: None))


class _Check:
    def __init__(self, bundle: Bundle, known: With) -> None:
        self._bundle, self._known = bundle, known
        self._read: set[str] = set()
        self._about = About.read(self._part(ABOUT))
        sealed = bundle.sealed
        if (self._about.origin, self._about.bundle) != (sealed.origin, sealed.bundle):
            raise _wrong(ABOUT, "it is about another log or bundle")
        note = self._part(CHECKPOINT)
        checkpoint = open_checkpoint(note, sealed.origin, [known.public])  # 2
        if checkpoint.size != self._about.size:
            raise _wrong(CHECKPOINT, "it is of another size than the bundle says")
        self._proven = Proven(self._about, checkpoint, self._witnessed(note))
        self._tree = Tiled(self._tile)
        devices = Devices.read(self._part(DEVICES)).devices
        self._devices = {(device.kiosk, device.epoch): device.key for device in devices}
        self._sealers = self._given_keys()

    def run(self, progress: Callable[[int, int], None]) -> Proven:
        about, found = self._about, self._proven
        self._check_tree()  # 3
        figures, journals = Figures(), Journals(whole=about.first == 0)
        acts = Acts(Signers.read(self._part(SIGNERS)) if SIGNERS in self._bundle else Signers(signers=()))
        entries = range(about.first, about.last)
        every = self._known.every or len(entries) <= SIGNATURES_CHECKED
        chosen = entries if every else set(random.SystemRandom().sample(entries, SIGNATURES_CHECKED))
        for place in about.places():
            first = place.index * TILE_WIDTH
            exact, events = self._entries(place)  # 4, 6
            signatures = self._signatures(place)
            for at, (data, event) in enumerate(zip(exact, events, strict=True)):
                self._check_form(first + at, event)
                digest = "" if data is None else event_hash(data)
                if digest and first + at in chosen:
                    self._check_device(first + at, event, digest, signatures[at])  # 5
                journals.add(event, digest)  # 7
                acts.add(first + at, event, data)
                if self._known.entry is not None:
                    self._known.entry(first + at, event)
            try:
                figures.add(events)
            except (ValueError, TypeError):
                raise Untrusted(
                    f"One of the entries from {first} on is not of the form agreed.", code="bad_message"
                ) from None
            progress(place.index * TILE_WIDTH + place.width - about.first, about.last - about.first)
        if journals.broken:
            raise Untrusted(
                f"{journals.broken} entries do not follow the one that their kiosk wrote before.",
                code="chain_broken",
            )
        found.gaps, found.unnumbered = journals.gaps, journals.unnumbered
        found.acts, found.acts_closed, found.bad_acts = acts.held, acts.closed, acts.bad
        self._check_earlier()  # 8
        self._check_figures(figures)  # 9
        for name in self._bundle.names:  # 10
            if name not in self._read:
                self._bundle.read(name)
        return found

    # -- parts

    def _part(self, name: str) -> bytes:
        data = self._bundle.read(name)
        self._read.add(name)
        return data

    def _tile(self, level: int, index: int) -> bytes:
        return self._part(Place(level, index, width_at(self._about.size, level, index)).path)

    def _witnessed(self, note: bytes) -> list[tuple[str, int, int]]:
        read = Note.read(note)
        size = Checkpoint.read(read.text).size
        signed = {(line.name, line.key_id) for line in read.lines}
        named = (one for one in self._known.witnesses if (one.name, one.key_id) in signed)
        return [(witness.name, cosigned_at(read, witness), size) for witness in named]

    def _given_keys(self) -> dict[str, tuple[str, EntrySealer]]:
        people = self._known.people
        if people is None:
            return {}
        if people.bundle != self._about.bundle:
            raise Untrusted(
                "The key to the persons is that of another bundle.",
                advice="Ask for the key of this one.",
                code="other_bundle",
            )
        return {one.pseudonym: (one.person, EntrySealer(one.key)) for one in people.people}

    # -- the tree

    def _check_tree(self) -> None:
        size, tiles = self._about.size, [Place.read(name) for name in self._tiles()]
        for tile in tiles:
            if tile.level is None or tile.width != width_at(size, tile.level, tile.index):
                raise _wrong(tile.path, "the tree has no such tile")
            data = self._tile(tile.level, tile.index)
            if len(data) != tile.width * HASH_BYTES:
                raise _wrong(tile.path, "it is of another length")
            if tile.width == TILE_WIDTH:  # a full tile always has a hash above it
                above = self._tree.node(TILE_HEIGHT * (tile.level + 1), tile.index)
                if fold(data) != above:
                    raise _wrong(tile.path, "its hashes do not lead to those above them")
        if tree_root(self._tree, size) != self._proven.checkpoint.root:
            raise Untrusted(
                "The entries' tree has another root than the signed checkpoint.", code="not_included"
            )

    def _tiles(self) -> Iterator[str]:
        for name in self._bundle.names:
            if name.startswith("tile/") and not name.startswith(ENTRIES):
                yield name

    # -- entries

    def _entries(self, place: Place) -> tuple[list[bytes | None], list[dict[str, Any]]]:
        """A tile's entries as they were logged (None where that is sealed), and as the bundle shows them."""
        name = part_of(SHOWN, place) if self._about.pseudonyms else place.path
        shown = unpack_entries(self._part(name), place.width)
        events = [read_entry(said) for said in shown]
        exact: list[bytes | None] = list(shown)
        first = place.index * TILE_WIDTH
        if self._about.pseudonyms:
            boxes = unpack_entries(self._part(part_of(SEALED, place)), place.width)
            for at, box in enumerate(boxes):
                if box:
                    exact[at] = self._opened(first + at, events[at], box)  # 6
        leaves = self._tile(0, place.index)
        for at, data in enumerate(exact):
            if data is not None and leaf_hash(data) != leaves[HASH_BYTES * at : HASH_BYTES * (at + 1)]:  # 4
                raise _wrong(name, f"entry {first + at} is not the one that was logged")
        return exact, events

    def _opened(self, number: int, said: dict[str, Any], box: bytes) -> bytes | None:
        pseudonym = said.get("person")
        given = self._sealers.get(pseudonym) if isinstance(pseudonym, str) else None
        if given is None:
            self._proven.closed += 1
            return None
        person, sealer = given
        data = sealer.open(box, number)
        self._proven.opened += 1
        event = read_entry(data)
        if event.get("person") != person or _but_person(event) != _but_person(said):
            raise Untrusted(
                f"Entry {number} says something else than what the log holds, apart from the person's name.",
                code="not_included",
            )
        return data

    def _check_form(self, number: int, event: dict[str, Any]) -> None:  # 5
        try:
            types = tuple(map(type, _VALUES(event)))
        except KeyError:
            types = ()
        if types != _TYPES or event["client"] != self._about.client:
            raise Untrusted(f"Entry {number} is not an event about this client.", code="other_log")

    def _signatures(self, place: Place) -> list[bytes]:
        name = part_of(SIGNATURES, place)
        data = self._part(name)
        if len(data) != SIGNATURE_BYTES * place.width:
            raise _wrong(name, "it is of another length")
        return [data[at : at + SIGNATURE_BYTES] for at in range(0, len(data), SIGNATURE_BYTES)]

    def _check_device(self, number: int, event: dict[str, Any], digest: str, signature: bytes) -> None:
        kiosk, epoch = event["kiosk"], event["epoch"]
        try:
            key = self._devices[kiosk, epoch]
            verify_event(kiosk, epoch, event["seq"], digest, signature, key)
        except (KeyError, Untrusted):
            raise Untrusted(
                f"Entry {number} is not signed by the device of kiosk {kiosk}.", code="bad_signature"
            ) from None
        self._proven.signatures += 1

    # -- what is beside the entries

    def _check_earlier(self) -> None:  # 8
        kept = [(name, self._part(name)) for name in self._bundle.names if name.startswith(SEEN)]
        kept += [("the checkpoint that was kept", note) for note in self._known.seen]
        for name, note in kept:
            origin = Note.read(note).text.partition("\n")[0]
            if not same_log(origin, self._about.origin):
                raise Untrusted(f"{name} is the checkpoint of another log: {origin}.", code="other_log")
            earlier = open_checkpoint(note, origin, [self._known.public])
            self._compare(name, earlier)
            by = self._witnessed(note)
            self._proven.cosigned += by
            if by or not name.startswith(SEEN):  # one that only the hub signed, the hub can make at any time
                self._proven.earlier.append(earlier.size)

    def _compare(self, name: str, earlier: Checkpoint) -> None:
        if earlier.size > self._about.size:
            raise Untrusted(
                f"{name} has {earlier.size} entries, this bundle's log {self._about.size}: entries were cut "
                "off, or the bundle is the older one.",
                code="not_consistent",
            )
        try:
            root = tree_root(self._tree, earlier.size)
        except (Untrusted, Damaged):
            raise Untrusted(
                f"This bundle does not reach back to {name}, of {earlier.size} entries.",
                advice="Ask for a bundle with an earlier --from.",
                code="out_of_reach",
            ) from None
        if root != earlier.root:
            raise Untrusted(
                f"The log's first {earlier.size} entries are not those of {name}: the log was rewritten.",
                code="not_consistent",
            )

    def _check_figures(self, figures: Figures) -> None:  # 9
        if self._part(FIGURES) != canonical(figures.told()):
            raise _wrong(FIGURES, "its figures are not those of the entries")


_FORM = {
    "kiosk": str, "epoch": int, "seq": int, "prev": str, "kind": str, "wall": str, "client": str,
    "client_seq": int, "person": str, "station": str, "page": str, "revision": str, "body": dict,
}  # fmt: skip
_VALUES, _TYPES = itemgetter(*_FORM), tuple(_FORM.values())


def _but_person(event: Any) -> Any:
    """What an event says apart from who it names (an envelope does: ``Redactor``)."""
    if isinstance(event, dict):
        return {
            name: "" if name in {"person", "envelope"} else _but_person(item) for name, item in event.items()
        }
    return [_but_person(item) for item in event] if isinstance(event, list) else event


def _wrong(name: str, why: str) -> Expected:
    return Untrusted(f"The part {name} does not hold: {why}.", code="not_included")
