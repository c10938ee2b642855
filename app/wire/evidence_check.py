"""Checking an evidence bundle with nothing but the bundle and the hub's public key.

What fails is refused, with what was touched; what holds is told in words, and what no bundle can prove too.
"""

from __future__ import annotations

import random
from bisect import bisect_left
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from app.model.errors import Damaged, Untrusted
from app.seal.archive import bad_archive
from app.seal.bundle import Bundle
from app.seal.checkpoint import Checkpoint, open_checkpoint
from app.seal.cosignature import cosigned_at
from app.seal.encoding import canonical
from app.seal.merkle import HASH_BYTES, tree_root
from app.seal.note import Note
from app.seal.tiles import TILE_HEIGHT, TILE_WIDTH, Place, Tiled, fold, width_at
from app.wire.evidence import (
    ABOUT,
    ALWAYS,
    CHECKPOINT,
    DEVICES,
    ENTRIES,
    FIGURES,
    INCIDENTS,
    KIOSKS,
    RECEIPTS,
    SEEN,
    About,
    Devices,
    People,
    Signers,
    read_entry,
    same_log,
)
from app.wire.evidence_acts import Acts, BadAct
from app.wire.evidence_kiosks import Cosigners
from app.wire.evidence_plan import Explained, Views
from app.wire.evidence_receipts import Receipts, Shown, check_receipts
from app.wire.evidence_stretch import Checker, Elsewhere, Held, Stretch, wrong
from app.wire.figures import Figures
from app.wire.hands import hands_for, in_order
from app.wire.journals import Gap, Journals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from app.seal.cosignature import Witness

TILES_AT_ONCE = 32
SIGNATURES_CHECKED = 10_000
"""Device signatures that are checked, chosen at random, unless all are asked for.

If one in 2,000 did not hold, this would find it 99 times in 100.
"""


@dataclass(frozen=True, repr=False)
class With:
    """What is known beside the bundle: the hub's key, and what else whoever checks it was given.

    ``seen`` are checkpoints of the log that were kept earlier. ``every``: all device signatures are checked.
    ``entry`` is told each entry, by its number, as the bundle shows it; that counts once the whole bundle
    holds. ``path`` is where other processes can open the same file, to help where it is large.
    """

    public: bytes
    witnesses: Sequence[Witness] = ()
    seen: Sequence[bytes] = ()
    people: People | None = None
    every: bool = False
    entry: Callable[[int, dict[str, Any]], None] | None = None
    path: Path | None = None


@dataclass
class Proven:
    """What a bundle that holds proves.

    ``cosigned``: who did so when, in seconds since 1970, and how many entries; ``earlier``: the sizes of
    checkpoints that somebody else than the hub vouches for having seen. ``silent`` are kiosks that showed
    pages here and cosigned nothing. ``acts`` are electronic signatures of persons that hold, ``acts_closed``
    those in sealed entries, ``bad_acts`` those that do not hold.
    """

    about: About
    checkpoint: Checkpoint
    cosigned: list[tuple[str, int, int]] = field(default_factory=list)
    kiosks: Cosigners = field(default_factory=Cosigners)
    silent: list[str] = field(default_factory=list)
    earlier: list[int] = field(default_factory=list)
    opened: int = 0
    closed: int = 0
    signatures: int = 0
    unnumbered: int = 0
    acts: int = 0
    acts_closed: int = 0
    bad_acts: list[BadAct] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    views: Explained = field(default_factory=Explained)
    receipts: Shown = field(default_factory=Shown)


def check(file: BinaryIO, known: With, progress: Callable[[int, int], None] | None = None) -> Proven:
    """Check a bundle.

    Steps: 1 every byte of the file is as it was sealed by ``known.public`` (``app.seal.bundle``), and no part
    is missing that each bundle has; 2 the checkpoint is the log's, signed by the same key; 3 its tree's
    hashes are in the bundle and lead to its root; 4 each entry is the leaf at its number; 5 each is an event
    of this client, and signed by its device; 6 those with pseudonyms are what they say, as far as their keys
    are known; 7 kiosks' numbers show no gap; 8 earlier checkpoints, in the bundle or known, are the beginning
    of this log, and kiosks cosigned theirs; 9 the figures are those of the entries; 10 receipts are signed
    and in a log, and say what incidents do (``evidence_receipts``); 11 the parts that no step has read are as
    they were sealed.

    Raises:
        Untrusted: a step fails; the message says where.
    """
    bundle = Bundle(file, known.public)  # 1
    return _Check(bundle, known).run(progress or (lambda _done, _total: None))


class _Check:
    def __init__(self, bundle: Bundle, known: With) -> None:
        self._bundle, self._known = bundle, known
        for name in ALWAYS:  # 1
            if name not in bundle:
                raise bad_archive(f"the part {name} is missing")
        self._read: set[str] = set()
        self._about = About.read(self._part(ABOUT))
        sealed = bundle.sealed
        if (self._about.origin, self._about.bundle) != (sealed.origin, sealed.bundle):
            raise wrong(ABOUT, "it is about another log or bundle")
        note = self._part(CHECKPOINT)
        checkpoint = open_checkpoint(note, sealed.origin, [known.public])  # 2
        if checkpoint.size != self._about.size:
            raise wrong(CHECKPOINT, "it is of another size than the bundle says")
        self._proven = Proven(self._about, checkpoint, self._witnessed(note))
        self._tree = Tiled(self._tile)
        self._checker = Checker(bundle, self._about, known.people, known.entry)
        if known.people is not None and known.people.bundle != self._about.bundle:
            raise Untrusted(
                "The key to the persons is that of another bundle.",
                advice="Ask for the key of this one.",
                code="other_bundle",
            )

    def run(self, progress: Callable[[int, int], None]) -> Proven:
        about, found = self._about, self._proven
        self._check_tree()  # 3
        figures, journals = Figures(), Journals(whole=about.first == 0)
        acts, views = Acts(Signers(signers=())), Views()
        done, total = 0, about.last - about.first
        for held in self._stretches():  # 4, 5, 6
            figures.join(held.figures)
            journals.join(held.journals)  # 7
            acts.join(held.acts)
            self._read |= held.read
            found.opened += held.opened
            found.closed += held.closed
            found.signatures += held.signatures
            views.join(held.views)
            done += held.entries
            progress(done, total)
        if journals.broken:
            raise Untrusted(
                f"{journals.broken} entries do not follow the one that their kiosk wrote before.",
                code="chain_broken",
            )
        found.gaps, found.unnumbered = journals.gaps, journals.unnumbered
        found.acts, found.acts_closed, found.bad_acts = acts.held, acts.closed, acts.bad
        found.views = self._checker.plan.settle(views)
        self._check_earlier()  # 8
        self._check_kiosks(figures)  # 8
        self._check_figures(figures)  # 9
        self._check_receipts()  # 10
        for name in self._bundle.names:  # 11
            if name not in self._read:
                self._bundle.read(name)
        return found

    def _stretches(self) -> Iterator[Held]:
        """The stretches that hold, in order: checked here, or by helpers where there are many."""
        about, known, places = self._about, self._known, self._about.places()
        entries = range(about.first, about.last)
        every = known.every or len(entries) <= SIGNATURES_CHECKED
        chosen = () if every else sorted(random.SystemRandom().sample(entries, SIGNATURES_CHECKED))
        stretches = []
        for at in range(0, len(places), TILES_AT_ONCE):
            part = tuple(places[at : at + TILES_AT_ONCE])
            ends = part[0].index * TILE_WIDTH, (part[-1].index + 1) * TILE_WIDTH
            here = frozenset(chosen[bisect_left(chosen, ends[0]) : bisect_left(chosen, ends[1])])
            stretches.append(Stretch(part, None if every else here))
        hands = hands_for(len(stretches))
        if known.path is None or known.entry is not None or not hands:
            return in_order(self._checker, stretches, 0)
        return in_order(Elsewhere(known.path, self._bundle.sealed, about, known.people), stretches, hands)

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

    # -- the tree

    def _check_tree(self) -> None:
        size, tiles = self._about.size, [Place.read(name) for name in self._tiles()]
        entries = {replace(place, level=0) for place in self._about.places() if place.width == TILE_WIDTH}
        for tile in tiles:
            if tile.level is None or tile.width != width_at(size, tile.level, tile.index):
                raise wrong(tile.path, "the tree has no such tile")
            if tile in entries:
                continue  # looked at together with its entries
            data = self._tile(tile.level, tile.index)
            if len(data) != tile.width * HASH_BYTES:
                raise wrong(tile.path, "it is of another length")
            if tile.width == TILE_WIDTH:  # a full tile always has a hash above it
                above = self._tree.node(TILE_HEIGHT * (tile.level + 1), tile.index)
                if fold(data) != above:
                    raise wrong(tile.path, "its hashes do not lead to those above them")
        if tree_root(self._tree, size) != self._proven.checkpoint.root:
            raise Untrusted(
                "The entries' tree has another root than the signed checkpoint.", code="not_included"
            )

    def _tiles(self) -> Iterator[str]:
        for name in self._bundle.names:
            if name.startswith("tile/") and not name.startswith(ENTRIES):
                yield name

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

    def _check_kiosks(self, figures: Figures) -> None:  # 8
        devices = Devices.read(self._part(DEVICES)).devices
        for name in self._bundle.names:
            if name.startswith(KIOSKS):
                note = self._part(name)
                checkpoint = open_checkpoint(note, self._about.origin, [self._known.public])
                self._compare(name, checkpoint)
                self._proven.kiosks.add(Note.read(note), checkpoint.origin, checkpoint.size, devices)
        cosigned = {kiosk for kiosk, _ in self._proven.kiosks.sizes}
        self._proven.silent = sorted(figures.kiosks - cosigned)

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

    def _check_receipts(self) -> None:  # 10
        devices = Devices.read(self._part(DEVICES)).devices
        self._proven.receipts = check_receipts(
            Receipts.read(self._part(RECEIPTS)),
            read_entry(self._part(INCIDENTS)),
            self._about,
            {(device.kiosk, device.epoch): device.key for device in devices},
            self._known.public,
            self._part(CHECKPOINT),
        )

    def _check_figures(self, figures: Figures) -> None:  # 9
        if self._part(FIGURES) != canonical(figures.told()):
            raise wrong(FIGURES, "its figures are not those of the entries")
