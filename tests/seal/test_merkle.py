"""RFC 6962 trees: the public vectors whole, and hypothesis against a second implementation from the RFC."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.model.errors import Bug, Damaged, Untrusted
from app.seal.merkle import (
    EMPTY_ROOT,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    tree_root,
    verify_consistency,
    verify_inclusion,
)
from app.seal.tiles import TILE_BYTES, Tiled, grow, width_at

VECTORS = Path(__file__).parents[3] / "shared" / "data" / "merkle-vectors"


def files(kind: str) -> list[Path]:
    return sorted((VECTORS / kind).rglob("*.json"))


def raw(text: str | None) -> bytes:
    return base64.b64decode(text or "")


needs_vectors = pytest.mark.skipif(not VECTORS.is_dir(), reason="the shared folder of vectors is not here")


@needs_vectors
def test_every_inclusion_vector() -> None:
    verdicts = set()
    for file in files("inclusion"):
        case = json.loads(file.read_text())
        words = (raw(case["leafHash"]), case["leafIdx"], case["treeSize"])
        proof = [raw(each) for each in case["proof"] or []]
        verdicts.add(case["wantErr"])
        if case["wantErr"]:
            with pytest.raises(Untrusted, match="not proven"):
                verify_inclusion(*words, proof, raw(case["root"]))
        else:
            verify_inclusion(*words, proof, raw(case["root"]))
    assert verdicts == {True, False}


@needs_vectors
def test_every_consistency_vector() -> None:
    verdicts = set()
    for file in files("consistency"):
        case = json.loads(file.read_text())
        words = (case["size1"], case["size2"], raw(case["root1"]), raw(case["root2"]))
        proof = [raw(each) for each in case["proof"] or []]
        verdicts.add(case["wantErr"])
        if case["wantErr"]:
            with pytest.raises(Untrusted, match="not proven"):
                verify_consistency(*words, proof)
        else:
            verify_consistency(*words, proof)
    assert verdicts == {True, False}


@needs_vectors
def test_the_vectors_are_all_here() -> None:
    assert len(files("inclusion")) + len(files("consistency")) == 196


# -- a second implementation, straight from RFC 6962, section 2.1 --------------------------------------------


def mth(entries: list[bytes]) -> bytes:
    n = len(entries)
    if n == 0:
        return hashlib.sha256().digest()
    if n == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    k = smaller_power(n)
    return hashlib.sha256(b"\x01" + mth(entries[:k]) + mth(entries[k:])).digest()


def smaller_power(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def path(m: int, entries: list[bytes]) -> list[bytes]:
    n = len(entries)
    if n == 1:
        return []
    k = smaller_power(n)
    if m < k:
        return [*path(m, entries[:k]), mth(entries[k:])]
    return [*path(m - k, entries[k:]), mth(entries[:k])]


def subproof(m: int, entries: list[bytes], complete: bool) -> list[bytes]:
    n = len(entries)
    if m == n:
        return [] if complete else [mth(entries)]
    k = smaller_power(n)
    if m <= k:
        return [*subproof(m, entries[:k], complete), mth(entries[k:])]
    return [*subproof(m - k, entries[k:], False), mth(entries[:k])]


class Shelf:
    """Tiles in memory, and the log that grows in them."""

    def __init__(self) -> None:
        self.tiles: dict[tuple[int, int], bytes] = {}
        self.size = 0

    def read(self, level: int, index: int) -> bytes:
        return self.tiles.get((level, index), b"")

    def append(self, entries: list[bytes]) -> None:
        self.tiles.update(grow(self.read, self.size, [leaf_hash(entry) for entry in entries]))
        self.size += len(entries)

    @property
    def tree(self) -> Tiled:
        return Tiled(self.read)


def entries_of(count: int) -> list[bytes]:
    return [b"entry %d" % number for number in range(count)]


def grown(*batches: int) -> Shelf:
    shelf, at = Shelf(), 0
    for batch in batches:
        shelf.append(entries_of(at + batch)[at:])
        at += batch
    return shelf


batches = st.lists(st.integers(0, 300), min_size=1, max_size=6)


@settings(max_examples=60)
@given(batches, st.data())
def test_roots_and_proofs_are_the_rfcs(sizes: list[int], data: st.DataObject) -> None:
    shelf, entries = grown(*sizes), entries_of(sum(sizes))
    new = data.draw(st.integers(0, len(entries)))
    old = data.draw(st.integers(0, new))
    root, old_root = tree_root(shelf.tree, new), tree_root(shelf.tree, old)
    assert (root, old_root) == (mth(entries[:new]), mth(entries[:old]))
    proof = consistency_proof(shelf.tree, old, new)
    assert proof == (subproof(old, entries[:new], True) if old else [])
    if old:
        verify_consistency(old, new, old_root, root, proof)
    if new:
        index = data.draw(st.integers(0, new - 1))
        steps = inclusion_proof(shelf.tree, index, new)
        assert steps == path(index, entries[:new])
        verify_inclusion(leaf_hash(entries[index]), index, new, steps, root)


def test_every_small_tree_and_all_its_proofs() -> None:
    shelf, entries = grown(*[1] * 34), entries_of(34)
    tree, roots = shelf.tree, [mth(entries[:size]) for size in range(35)]
    for new in range(1, 35):
        for old in range(1, new + 1):
            verify_consistency(old, new, roots[old], roots[new], consistency_proof(tree, old, new))
        for index in range(new):
            steps = inclusion_proof(tree, index, new)
            verify_inclusion(leaf_hash(entries[index]), index, new, steps, roots[new])


@given(st.integers(2, 700), st.data())
@settings(max_examples=80)
def test_a_changed_proof_proves_nothing(size: int, data: st.DataObject) -> None:
    tree, entries = grown(size).tree, entries_of(size)
    old = data.draw(st.integers(1, size - 1))
    index = data.draw(st.integers(0, size - 1))
    roots = tree_root(tree, old), tree_root(tree, size)
    steps, proof = inclusion_proof(tree, index, size), consistency_proof(tree, old, size)
    changed = data.draw(changes(steps))
    with pytest.raises(Untrusted):
        verify_inclusion(leaf_hash(entries[index]), index, size, changed, roots[1])
    changed = data.draw(changes(proof))
    with pytest.raises(Untrusted):
        verify_consistency(old, size, *roots, changed)
    with pytest.raises(Untrusted):
        verify_inclusion(leaf_hash(b"another"), index, size, steps, roots[1])


@st.composite
def changes(draw: st.DrawFn, proof: list[bytes]) -> list[bytes]:
    """One bit, one hash less, one more, one cut, or two that changed places."""
    at = draw(st.integers(0, len(proof) - 1))
    way = draw(st.sampled_from(["bit", "less", "more", "cut", "swap"]))
    if way == "bit":
        bit = draw(st.integers(0, 255))
        flipped = (int.from_bytes(proof[at], "big") ^ (1 << bit)).to_bytes(32, "big")
        return [*proof[:at], flipped, *proof[at + 1 :]]
    if way == "less":
        return proof[:at] + proof[at + 1 :]
    if way == "cut":
        return [*proof[:at], proof[at][:-1], *proof[at + 1 :]]
    if way == "swap" and len(proof) > 1:
        other = (at + 1) % len(proof)
        swapped = list(proof)
        swapped[at], swapped[other] = swapped[other], swapped[at]
        return swapped
    return [*proof[:at], draw(st.binary(min_size=32, max_size=32)), *proof[at:]]


def test_from_the_empty_tree_nothing_is_proven() -> None:
    root = tree_root(grown(3).tree, 3)
    assert tree_root(Shelf().tree, 0) == EMPTY_ROOT
    assert consistency_proof(grown(3).tree, 0, 3) == []
    verify_consistency(3, 3, root, root, [])
    for case in ((0, 3, EMPTY_ROOT, root), (0, 0, root, root), (3, 0, root, EMPTY_ROOT), (-1, 3, root, root)):
        with pytest.raises(Untrusted):
            verify_consistency(*case, [])


def test_a_history_that_was_rewritten_has_no_proof() -> None:
    honest = grown(600)
    forged = Shelf()
    forged.append([*entries_of(600)[:17], b"something else", *entries_of(601)[18:]])
    old, new = tree_root(honest.tree, 600), tree_root(forged.tree, 601)
    with pytest.raises(Untrusted):
        verify_consistency(600, 601, old, new, consistency_proof(forged.tree, 600, 601))


def test_asking_for_what_there_is_not_is_our_own_mistake() -> None:
    tree = grown(3).tree
    for index, size in ((3, 3), (-1, 3), (0, 0)):
        with pytest.raises(Bug):
            inclusion_proof(tree, index, size)
    with pytest.raises(Bug):
        consistency_proof(tree, 4, 3)


# -- tiles that hold a tree ----------------------------------------------------------------------------------


def test_seventy_thousand_entries_lie_as_the_specification_says() -> None:
    """The example of tlog-tiles, "Partial Tiles"."""
    shelf = Shelf()
    shelf.tiles.update(grow(shelf.read, 0, [leaf_hash(b"same")] * 70_000))
    widths = {place: len(tile) // 32 for place, tile in shelf.tiles.items()}
    full = {place for place, width in widths.items() if width == 256}
    assert full == {(0, index) for index in range(273)} | {(1, 0)}
    assert {place: width for place, width in widths.items() if place not in full} == {
        (0, 273): 112,
        (1, 1): 17,
        (2, 0): 1,
    }
    assert all(width_at(70_000, *place) == width for place, width in widths.items())
    assert width_at(70_000, 0, 274) == width_at(70_000, 2, 1) == width_at(70_000, 3, 0) == 0


@given(batches)
@settings(max_examples=40)
def test_tiles_do_not_depend_on_how_the_log_grew(sizes: list[int]) -> None:
    assert grown(*sizes).tiles == grown(sum(sizes)).tiles


def test_a_tile_that_lost_a_hash_is_noticed_when_it_grows_or_is_read() -> None:
    shelf = grown(300)
    shelf.tiles[0, 1] = shelf.tiles[0, 1][:-32]
    with pytest.raises(Damaged):
        shelf.append([b"more"])
    with pytest.raises(Damaged):
        tree_root(shelf.tree, 300)
    assert len(shelf.tiles[0, 0]) == TILE_BYTES
