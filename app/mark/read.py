"""Reads the view token out of a screenshot or a photo: token and confidence, or nothing.

1 residual (``residual``); 2 poses of the tile (``lattice``); 3 the tile followed over the picture (``warp``);
4 folding modulo the tile; 5 soft decoding and the keyed check (``viterbi``). A token whose check fails is
never reported. With N words tried, a picture without a mark gives some token with a probability of at most
N · 2⁻²⁴, and that has to name a view on record as well (``keys``). ``MOST_WORDS`` words are tried for a
picture, and one more for several of one leak.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from app.mark.code import CODE_BITS, layout
from app.mark.keys import layout_key
from app.mark.lattice import poses
from app.mark.residual import residual
from app.mark.viterbi import decode
from app.mark.warp import anchor, flattened, fold, follow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from app.mark.code import Layout
    from app.mark.residual import Residual
    from app.mark.warp import Anchored

SURE = 6.5
"""A pilot that stands out so far is read at once, before other poses are looked for."""
POSES = 3
"""So many of the other poses are read."""
MOST_WORDS = POSES + 3
LEAST_SIDE = 64


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
        tried = []
        seen = residual(picture)
        for anchored in _anchored(seen, laid):
            warp = follow(seen, anchored, laid)
            values, weights = fold(seen, warp)
            soft = _bits(values, weights, laid)
            hit = decode(soft, site)
            if hit is not None:
                flat = flattened(picture, warp, seen.shrunk)
                return Reading(hit.token, hit.agreement, warp.peak, flat)
            tried.append((_fits(values, laid), soft))
        kept += [max(tried, key=lambda pair: pair[0])[1]] if tried else []
    if len(kept) > 1:
        joined = decode(np.sum([soft / (np.sqrt(np.mean(soft**2)) or 1.0) for soft in kept], axis=0), site)
        if joined is not None:
            return Reading(joined.token, joined.agreement)
    return None


def _anchored(seen: Residual, laid: Layout) -> Iterator[Anchored]:
    """The poses that are worth reading, at most ``MOST_WORDS``."""
    left: list[Anchored] = []
    words = MOST_WORDS
    for pose in poses(seen.value):
        anchored = anchor(seen, pose, laid)
        if anchored.warp.peak < SURE or words == POSES:
            left.append(anchored)
            continue
        words -= 1
        yield anchored
    yield from sorted(left, key=lambda one: -one.warp.peak)[:POSES]


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
