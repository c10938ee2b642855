"""Merkle trees of a transparency log: hashes, proofs and their verification. Where hashes lie is ``tiles``'.

The tree of RFC 6962, section 2.1, over SHA-256 (RFC 9162, section 2.1, has the same one). A *node* is the
hash of a full subtree: ``node(level, index)`` covers the leaves from ``index * 2**level`` on, ``2**level`` of
them. Every root and proof is made of those, so nothing else has to be kept.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Protocol

from app.model.errors import Bug, Untrusted

if TYPE_CHECKING:
    from collections.abc import Sequence

HASH_BYTES = 32

EMPTY_ROOT = sha256(b"").digest()
"""The root of a tree without leaves."""


class Nodes(Protocol):
    """Where the hashes of full subtrees come from."""

    def node(self, level: int, index: int) -> bytes:
        """Return MTH(D[index * 2**level : (index + 1) * 2**level])."""


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of an entry as a leaf."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node with two children."""
    return pair_hash(left + right)


def pair_hash(children: bytes) -> bytes:
    """The same of two children's hashes that lie one after the other."""
    hashed = _NODE.copy()  # quicker than making one and putting the prefix in front
    hashed.update(children)
    return hashed.digest()


_NODE = sha256(b"\x01")


def tree_root(nodes: Nodes, size: int) -> bytes:
    """Return the root of the tree's first ``size`` leaves."""
    return _range(nodes, 0, size) if size else EMPTY_ROOT


def _range(nodes: Nodes, start: int, end: int) -> bytes:
    """MTH(D[start:end]), where ``start`` is where the RFC's splitting can begin a subtree of that size."""
    peaks, at = [], start
    for level in reversed(range((end - start).bit_length())):
        if (end - start) >> level & 1:
            peaks.append(nodes.node(level, at >> level))
            at += 1 << level
    root = peaks.pop()
    while peaks:
        root = node_hash(peaks.pop(), root)
    return root


def inclusion_proof(nodes: Nodes, index: int, size: int) -> list[bytes]:
    """Return PATH(index, D[size]) of RFC 6962, section 2.1.1: from the leaf's sibling up.

    Raises:
        Bug: there is no such leaf in a tree of that size.
    """
    if not 0 <= index < size:
        raise Bug(f"no leaf {index} in a tree of {size}")
    start, end = 0, size
    path = []
    while end - start > 1:
        split = start + _split(end - start)
        if index < split:
            path.append(_range(nodes, split, end))
            end = split
        else:
            path.append(_range(nodes, start, split))
            start = split
    return path[::-1]


def consistency_proof(nodes: Nodes, old: int, new: int) -> list[bytes]:
    """Return PROOF(old, D[new]) of RFC 6962, section 2.1.2; empty from the empty tree, or to the same one.

    Raises:
        Bug: ``old`` is not one of 0 to ``new``.
    """
    if not 0 <= old <= new:
        raise Bug(f"no proof from a tree of {old} to one of {new}")
    if old == 0:
        return []
    start, end = 0, new
    path = []
    while end != old:
        split = start + _split(end - start)
        if old <= split:
            path.append(_range(nodes, split, end))
            end = split
        else:
            path.append(_range(nodes, start, split))
            start = split
    if start:
        path.append(_range(nodes, start, end))
    return path[::-1]


def _split(width: int) -> int:
    """The largest power of two that is smaller than ``width``."""
    return 1 << (width - 1).bit_length() - 1


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that the leaf hash ``leaf`` is number ``index`` of the tree (RFC 9162, section 2.1.3.2).

    Raises:
        Untrusted: it is not proven (``not_included``).
    """
    if not 0 <= index < size or not _hashes(leaf, root, *proof):
        raise _not_included()
    number, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise _not_included()
        if number & 1 or number == last:
            found = node_hash(sibling, found)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        number, last = number >> 1, last >> 1
    if last != 0 or found != root:
        raise _not_included()


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Check that the older tree is the beginning of the newer one (RFC 9162, section 2.1.4.2).

    A tree is the beginning of itself, with an empty proof. From the empty tree there is no proof (RFC 6962,
    section 2.1.2): every tree begins with it, and whoever comes from there has nothing to check.

    Raises:
        Untrusted: it is not proven (``not_consistent``).
    """
    if not 0 < old <= new:
        raise _not_consistent()
    if old == new:
        if proof or old_root != new_root:
            raise _not_consistent()
    elif _hashes(old_root, new_root, *proof) and proof:
        _climb(old, new, old_root, new_root, proof)
    else:
        raise _not_consistent()


def _climb(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    path = list(proof) if old & (old - 1) else [old_root, *proof]  # step 2, after 1 at the caller
    number, last = old - 1, new - 1  # step 3
    while number & 1:  # step 4
        number, last = number >> 1, last >> 1
    before = after = path[0]  # step 5
    for hashed in path[1:]:  # step 6
        if last == 0:
            raise _not_consistent()
        if number & 1 or number == last:
            before, after = node_hash(hashed, before), node_hash(hashed, after)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            after = node_hash(after, hashed)
        number, last = number >> 1, last >> 1
    if last != 0 or before != old_root or after != new_root:  # step 7
        raise _not_consistent()


def _hashes(*found: bytes) -> bool:
    return all(len(each) == HASH_BYTES for each in found)


def _not_included() -> Untrusted:
    return Untrusted("It is not proven that the log holds this entry.", code="not_included")


def _not_consistent() -> Untrusted:
    return Untrusted(
        "It is not proven that the log's older state is the beginning of its newer one.",
        code="not_consistent",
    )
