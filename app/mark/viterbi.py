"""Soft decoding of the forensic mark's convolutional code (Viterbi, 1967), and the check of the outcome."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from app.mark.code import CHECK_BITS, CODE_BITS, GENERATORS, TAIL_BITS, TOKEN_BITS, check_of, encode
from app.mark.keys import Place, check_key

if TYPE_CHECKING:
    from numpy.typing import NDArray

_STATES = 256
_STEPS = CODE_BITS // 3
LIST = 16
"""So many of the likeliest words are tried against the check, best first."""
LEAST_AGREEMENT = 0.58
"""A word that agrees less with what was seen is not reported, whatever its check says."""


@dataclass(frozen=True)
class Decoded:
    """A token whose check holds. ``agreement``: correlation (0 to 1) of its code with the soft values."""

    token: int
    agreement: float


def decode(soft: NDArray[np.float64], site: bytes) -> Decoded | None:
    """The token that ``soft`` (288 values, positive where a bit is 0) says, or None if its check fails.

    ``site``: the site's mark key.
    """
    spread = float(np.sqrt(np.mean(np.square(soft))))
    if soft.shape != (CODE_BITS,) or not np.isfinite(spread) or spread == 0:
        return None
    for word in _most_likely(soft / spread):
        token, check = word >> TAIL_BITS + CHECK_BITS, word >> TAIL_BITS & ((1 << CHECK_BITS) - 1)
        key = check_key(site, Place.of(token).tag)
        if check != check_of(token, key):
            continue
        sent = 1.0 - 2.0 * np.array(encode(token, key))
        agreement = float(sent @ soft) / (CODE_BITS * spread)
        return Decoded(token, agreement) if agreement >= LEAST_AGREEMENT else None
    return None


def _most_likely(soft: NDArray[np.float64]) -> list[int]:
    """The ``LIST`` likeliest 96-bit words that end in state 0, best first (Seshadri and Sundberg, 1994)."""
    before, branch = _trellis()
    metric = np.full((_STATES, LIST), -np.inf)
    metric[0, 0] = 0.0
    chosen = np.empty((_STEPS, _STATES, LIST), np.intp)
    for step in range(_STEPS):
        gain = branch @ soft[3 * step : 3 * step + 3]
        ways = (metric[before] + gain[..., None]).reshape(_STATES, 2 * LIST)
        order = np.argsort(-ways, axis=1, kind="stable")[:, :LIST]
        chosen[step] = order
        metric = np.take_along_axis(ways, order, 1)
    words = []
    for place in range(LIST):
        word, state, rank = 0, 0, place
        for step in range(_STEPS - 1, -1, -1):
            word |= (state & 1) << (_STEPS - 1 - step)
            way, rank = divmod(int(chosen[step, state, rank]), LIST)
            state = int(before[state, way])
        words.append(word)
    return words


@lru_cache(maxsize=1)
def _trellis() -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Per state: its two predecessors, and the three signs sent on the way from each."""
    before = np.array([[state >> 1, state >> 1 | 0x80] for state in range(_STATES)])
    registers = before << 1 | (np.arange(_STATES) & 1)[:, None]
    parity = [[[(int(r) & g).bit_count() & 1 for g in GENERATORS] for r in pair] for pair in registers]
    return before, 1.0 - 2.0 * np.array(parity, np.float64)


assert TOKEN_BITS + CHECK_BITS + TAIL_BITS == _STEPS
