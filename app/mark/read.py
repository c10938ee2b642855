"""Reads the view token out of a screenshot or a photo: token and confidence, or nothing.

1 residual (``residual``), of the picture as it is and from straight ahead of a screen that is seen
(``outline``), in ``MOST_LOOKS`` ways until one names a token; 2 poses of the tile (``lattice``); 3 the tile
followed over the picture (``warp``); 4 folding modulo the tile; 5 soft decoding and the keyed check
(``viterbi``). A token whose check fails is never reported. ``MOST_WORDS`` times in each way a list of words
is tried: with N of them in all, a picture without a mark gives some token with a probability of at most
N · 2⁻²⁴, and that has to name a view on record as well (``keys``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from app.mark.code import CODE_BITS, layout
from app.mark.keys import layout_key
from app.mark.lattice import poses
from app.mark.outline import outlines, straight_ahead
from app.mark.residual import of_tones, residual, whitened
from app.mark.viterbi import decode
from app.mark.warp import anchor, anchor_without_pilot, flattened, fold, follow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from app.mark.code import Layout
    from app.mark.lattice import Pose
    from app.mark.residual import Residual
    from app.mark.warp import Anchored

SURE = 6.5
"""A pilot that stands out so far is read at once, before other poses are looked for."""
POSES = 3
"""So many of the other poses are read."""
MOST_WORDS, MOST_LOOKS = POSES + 3, 5
LEAST_SIDE = 64
LOCKED = 0.6
"""Where so many cells have the pilot, another pose would show the same once more."""


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


def read(
    pictures: Sequence[NDArray[np.uint8]], site: bytes, done: Callable[[int], None] = lambda _: None
) -> Reading | None:
    """The token of one or several pictures (luminance, 0 to 255) of one view; None where none is
    certain. ``site``: the site's mark key. ``done`` is told how many pictures were looked at.

    Each picture is tried by itself; where none names a token, the soft values of all are added.

    Raises:
        ValueError: the key has another size.
    """
    laid = layout(layout_key(site))
    kept = []
    for place, picture in enumerate(pictures):
        done(place)
        if picture.ndim != 2 or min(picture.shape) < LEAST_SIDE:
            continue
        tried: list[tuple[float, NDArray[np.float64]]] = []
        for seen in _seen(picture):
            hit = _read(seen, site, laid, tried)
            if hit is not None:
                return hit
        kept += [max(tried, key=lambda pair: pair[0])[1]] if tried else []
    if len(kept) > 1:
        joined = decode(np.sum([soft / (np.sqrt(np.mean(soft**2)) or 1.0) for soft in kept], axis=0), site)
        if joined is not None:
            return Reading(joined.token, joined.agreement)
    return None


def _seen(picture: NDArray[np.uint8]) -> Iterator[tuple[Residual, NDArray[np.uint8]]]:
    """The ways in which a picture is looked at: from straight ahead of a screen that is seen, and as it is;
    and by the tones of its ink. With the picture that each shows.
    """
    whole = residual(picture)
    for corners in outlines(picture):
        yield straight_ahead(whole, picture, corners)
    yield whole, picture
    yield whitened(picture), picture
    yield of_tones(picture), picture


def _read(
    seen: tuple[Residual, NDArray[np.uint8]],
    site: bytes,
    laid: Layout,
    tried: list[tuple[float, NDArray[np.float64]]],
) -> Reading | None:
    """Try the poses that are likely; soft values that name nobody are added to ``tried``."""
    look, picture = seen
    for anchored in _anchored(look, laid):
        warp, share = follow(look, anchored, laid)
        values, weights = fold(look, warp)
        soft = _bits(values, weights, laid)
        hit = decode(soft, site)
        if hit is not None:
            return Reading(hit.token, hit.agreement, warp.peak, flattened(picture, warp, look.shrunk))
        tried.append((_fits(values, laid), soft))
        if share > LOCKED:
            break
    return None


def _anchored(seen: Residual, laid: Layout) -> Iterator[Anchored]:
    """The poses that are worth reading, at most ``MOST_WORDS``."""
    left: list[tuple[Anchored, Pose]] = []
    words = MOST_WORDS
    for pose in poses(seen):
        anchored = anchor(seen, pose, laid)
        if anchored.warp.peak < SURE or words == POSES:
            left.append((anchored, pose))
            continue
        words -= 1
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
    return np.bincount(bits[data], (even * signs)[data], CODE_BITS).astype(np.float64)
