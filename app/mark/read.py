"""Reads the view token out of a screenshot or a photo: token and confidence, or nothing.

1 residual (``residual``), of the picture as it is and from straight ahead of a screen that is seen
(``outline``), in ``MOST_LOOKS`` ways until one names a token, the last of them in a mirror; 2 poses of the
tile (``lattice``); 3 the tile followed over the picture (``warp``); 4 folding modulo the tile; 5 soft
decoding and the keyed check (``viterbi``). A token whose check fails is never reported. ``MOST_WORDS`` times
in each way a list of words is tried: with N of them in all, a picture without a mark gives some token with a
probability of at most N · 2⁻²⁴, and that has to name a view on record as well (``keys``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from app.mark.code import SENT_BITS, layout
from app.mark.keys import layout_key
from app.mark.lattice import poses
from app.mark.outline import outlines, straight_ahead, turned
from app.mark.residual import of_tones, residual, whitened
from app.mark.viterbi import decode
from app.mark.warp import anchor, anchor_without_pilot, flattened, fold, follow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from app.mark.code import Layout
    from app.mark.lattice import Pose
    from app.mark.residual import Residual
    from app.mark.warp import Anchored

SURE = 6.5
"""A pilot that stands out so far is read at once, before other poses are looked for."""
POSES = 3
"""So many of the other poses are read."""
MIRRORED_LOOKS = 3
MOST_WORDS, MOST_LOOKS = POSES + 1, 9 + MIRRORED_LOOKS
LEAST_SIDE = 64
LOCKED = 0.6
"""Where so many cells have the pilot, another pose would show the same once more."""
FITTING = 0.4
"""So well the pilot's chips agree with the pilot only where a mark is, or disagree where black and white
changed places: by chance to 0.34 at most, in small pieces of pages of all kinds."""


@dataclass(frozen=True)
class Reading:
    """A token whose check held.

    ``confidence``: the correlation (0 to 1) of its code with what was seen. ``pilot``: how far the pilot
    stands out, in deviations; ``flat``: the picture seen from straight ahead; 0 and None where only several
    pictures together name the token.
    """

    token: int
    confidence: float
    pilot: float = 0.0
    flat: NDArray[np.uint8] | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Word:
    """What one way of looking at a picture says of each bit that is sent: positive where it is 0.

    ``fits``: how well the pilot's chips agree with the pilot; ``pilot``, ``flat``: as in ``Reading``.
    """

    soft: NDArray[np.float64] = field(repr=False)
    fits: float = 0.0
    pilot: float = 0.0
    flat: Callable[[], NDArray[np.uint8] | None] = field(default=lambda: None, repr=False, compare=False)


@dataclass(frozen=True)
class Looked:
    """What pictures say. ``reading``: None where no token is certain; then ``soft``, what all of them say of
    each bit that is sent, can be tried against the views on record (``app.mark.collusion``).
    """

    reading: Reading | None
    soft: NDArray[np.float64] | None = field(default=None, repr=False, compare=False)


def read(
    pictures: Sequence[NDArray[np.uint8]], site: bytes, done: Callable[[int], None] = lambda _: None
) -> Reading | None:
    """The token of one or several pictures of one view, as ``look`` finds it."""
    return look(pictures, site, done).reading


def look(
    pictures: Sequence[NDArray[np.uint8]], site: bytes, done: Callable[[int], None] = lambda _: None
) -> Looked:
    """Read one or several pictures (luminance, 0 to 255) of one view. ``site``: the site's mark key. ``done``
    is told how many pictures were looked at.

    Raises:
        ValueError: the key has another size.
    """
    laid = layout(layout_key(site))

    def each() -> Iterator[Iterator[Word]]:
        for place, picture in enumerate(pictures):
            done(place)
            yield words(picture, laid)

    return judged(each(), site)


def words(picture: NDArray[np.uint8], laid: Layout) -> Iterator[Word]:
    """What a picture says, in one way after the other; the site's layout is enough for that."""
    if picture.ndim == 2 and min(picture.shape) >= LEAST_SIDE:
        for way, shown in _seen(picture):
            yield from _words(way, shown, laid)
        # A mirror, or a camera on the front of a phone. Of any other picture this says nothing.
        for way, shown in islice(_seen(np.ascontiguousarray(picture[:, ::-1])), MIRRORED_LOOKS):
            yield from (word for word in _words(way, shown, laid) if word.fits > FITTING)


def judged(pictures: Iterable[Iterable[Word]], site: bytes) -> Looked:
    """The token that the words of one or several pictures of one view say.

    Each word is tried by itself; where none names a token, the best of each picture are added.
    """
    kept = []
    for picture in pictures:
        tried = list[Word]()
        for word in picture:
            hit = decode(word.soft, site)
            if hit is not None:
                return Looked(Reading(hit.token, hit.agreement, word.pilot, word.flat()))
            tried.append(word)
        kept += [max(tried, key=lambda word: word.fits).soft] if tried else []
    if not kept:
        return Looked(None)
    soft = np.sum([one / (np.sqrt(np.mean(one**2)) or 1.0) for one in kept], axis=0)
    joined = decode(soft, site) if len(kept) > 1 else None
    return Looked(None if joined is None else Reading(joined.token, joined.agreement), soft)


def _seen(picture: NDArray[np.uint8]) -> Iterator[tuple[Residual, NDArray[np.uint8]]]:
    """The ways in which a picture is looked at: from straight ahead of a screen that is seen, and as it is,
    both by its plain places and whitened; by the tones of its ink; and a screen by what is plain once the
    picture is turned (of a photograph on it, edges that are upright then). With the picture that each shows.
    """
    screens = list(outlines(picture))
    for taken_of in (residual, whitened):
        whole = taken_of(picture)
        for corners in screens:
            yield straight_ahead(whole, picture, corners)
        yield whole, picture
    yield of_tones(picture), picture
    for corners in screens:
        straight = turned(picture, corners)
        yield residual(straight), straight


def _words(way: Residual, shown: NDArray[np.uint8], laid: Layout) -> Iterator[Word]:
    """Follow the poses that are likely."""
    for anchored in _anchored(way, laid):
        warp, share = follow(way, anchored, laid)
        values, weights = fold(way, warp)
        fits = _fits(values, laid)
        if fits < -FITTING:
            values, fits = -values, -fits  # black and white changed places
        flat = partial(flattened, shown, warp, way.shrunk)
        yield Word(_bits(values, weights, laid), fits, warp.peak, flat)
        if share > LOCKED:
            return


def _anchored(seen: Residual, laid: Layout) -> Iterator[Anchored]:
    """The poses that are worth reading, at most ``MOST_WORDS``."""
    left: list[tuple[Anchored, Pose]] = []
    room = MOST_WORDS
    for pose in poses(seen):
        anchored = anchor(seen, pose, laid)
        if anchored.warp.peak < SURE or room == POSES:
            left.append((anchored, pose))
            continue
        room -= 1
        yield anchored
    left.sort(key=lambda one: -one[0].warp.peak)
    for anchored, pose in left[:POSES]:
        other = anchor_without_pilot(seen, pose, laid)
        yield other if other.warp.peak > max(SURE, anchored.warp.peak) else anchored


def _fits(values: NDArray[np.float64], laid: Layout) -> float:
    """How well the pilot chips agree with the pilot."""
    bits, signs = np.array(laid.bit_of), np.array(laid.sign_of, np.float64)
    pilot = values[bits < 0]
    spread = float(np.sqrt(np.mean(pilot**2))) or 1.0
    return float(np.mean(pilot * signs[bits < 0])) / spread


def _bits(values: NDArray[np.float64], weights: NDArray[np.float64], laid: Layout) -> NDArray[np.float64]:
    """Soft values of the code bits; chips are cut at three deviations: no stray line outweighs the rest."""
    bits, signs = np.array(laid.bit_of), np.array(laid.sign_of, np.float64)
    share = np.sqrt(np.maximum(weights, 1e-9))
    even = values / share
    limit = 3 * 1.4826 * float(np.median(np.abs(even))) + 1e-12
    even = np.clip(even, -limit, limit) * share
    data = bits >= 0
    return np.bincount(bits[data], (even * signs)[data], SENT_BITS).astype(np.float64)
