"""Soft decoding of the forensic mark's convolutional code (Viterbi, 1967), and the check of the outcome."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from app.mark.code import (
    CHECK_BITS,
    CODE_BITS,
    GENERATORS,
    SENT_BITS,
    TAIL_BITS,
    TOKEN_BITS,
    check_of,
    encode,
    sent,
    unmasked,
)
from app.mark.keys import Place, check_key, layout_key

if TYPE_CHECKING:
    from numpy.typing import NDArray

_STATES = 256
_STEPS = CODE_BITS // 3
LIST = 16
"""So many of the likeliest words are tried against the check, best first."""
LEAST_AGREEMENT = 0.58
"""A word that agrees less with what was seen is not reported, whatever its check says."""
CLEAR = 0.66
"""What agrees with the code so far is somebody's word."""


@dataclass(frozen=True)
class Decoded:
    """A token whose check holds. ``agreement``: correlation (0 to 1) of its word with the soft values."""

    token: int
    agreement: float


def decode(soft: NDArray[np.float64], site: bytes) -> Decoded | None:
    """The token that ``soft`` (360 values, positive where a bit is 0) says, or None if its check fails.

    Code bits decide; what is sent besides, the signature, counts for the agreement.

    ``site``: the site's mark key.
    """
    spread = float(np.sqrt(np.mean(np.square(soft))))
    if soft.shape != (SENT_BITS,) or not np.isfinite(spread) or spread == 0:
        return None
    secret = layout_key(site)
    for word in _most_likely(soft[:CODE_BITS] / spread):
        token, check = unmasked(word >> TAIL_BITS, secret)
        key = check_key(site, Place.of(token).tag)
        if check != check_of(token, key):
            continue
        signs = 1.0 - 2.0 * np.array(sent(token, key, secret))
        agreement = float(signs @ soft) / (SENT_BITS * spread)
        return Decoded(token, agreement) if agreement >= LEAST_AGREEMENT else None
    return None


def is_a_word(soft: NDArray[np.float64]) -> bool:
    """Whether somebody's word of the code is in ``soft`` (360 values); whose, only the site's key tells.

    88 random bits reach a correlation of about 0.59 with 288 random values (rate and distortion of a Gaussian
    source); ``CLEAR`` they pass once in some 2³⁰.
    """
    code = soft[:CODE_BITS]
    spread = float(np.sqrt(np.mean(np.square(code))))
    if soft.shape != (SENT_BITS,) or not np.isfinite(spread) or spread == 0:
        return False
    likeliest = _most_likely(code / spread)[0]
    signs = 1.0 - 2.0 * np.array(encode(likeliest >> TAIL_BITS))
    return float(signs @ code) / (CODE_BITS * spread) >= CLEAR


def _most_likely(soft: NDArray[np.float64]) -> list[int]:
    """The ``LIST`` likeliest 96-bit words that end in state 0, best first (Seshadri and Sundberg, 1994)."""
    before, branch = _trellis()
    gains = -(branch @ soft.reshape(_STEPS, 3).T)  # costs: the least is sorted first
    cost = np.full((_STATES, LIST), np.inf)
    cost[0, 0] = 0.0
    chosen = np.empty((_STEPS, _STATES, LIST), np.intp)
    rows = 2 * LIST * np.arange(_STATES)[:, None]
    for step in range(_STEPS):
        ways = cost.take(before, axis=0)
        ways += gains[:, :, step, None]
        ways = ways.reshape(_STATES, 2 * LIST)
        order = np.argsort(ways, axis=1, kind="stable")[:, :LIST]
        chosen[step] = order
        cost = ways.take(rows + order)
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
