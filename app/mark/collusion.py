"""Whose screens were joined into one picture: the views on record are tried, as no token is left to decode.

Of three marks that are averaged, each bit keeps the sign of the majority; of their pixel-wise minimum, the
bits on which all three agree. Neither is a word of the code, but a view that is in the picture agrees with
what is left far more than one that is not: a correlation with each candidate's word finds it (the detector of
collusion-secure fingerprints: Cox et al., 1997; Tardos, 2008).

How sure that is: of a view that is *not* in the picture, token and check go into the code under a mask that
depends on its own check, and the signature is an HMAC under its kiosk's key. So given the picture its word is
random: 88 bits through the code's trellis, and 72 independent ones. Chernoff's bound of its score S,
P(S ≥ s) ≤ min over λ of e^(−λs) · E[e^(λS)], is computed exactly, by one pass over the trellis and a product
of hyperbolic cosines. Where its check is by chance that of one of ``MOST_JOINED`` people (each 2⁻²⁴), only
the signature counts; that is added. There only those bits have a vote that stand out: of a minimum, the
others are bits on which people differ, and say nothing. By N candidates the sum is multiplied, and by
2, 4, 8, 16 in one pass after the other (Bonferroni).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.mark.code import CHECK_BITS, CODE_BITS, GENERATORS, SENT_BITS, TAIL_BITS, masked, signature_of
from app.mark.keys import Place, check_key, layout_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LIMIT = 1e-5
"""With a higher probability that anybody is named wrongly, nobody is."""
MOST_NAMED = 4
"""Passes: one for each that is named."""
MOST_JOINED = 4
DISSENT = 0.7
"""What is below it, in deviations, are bits on which people differ; where all of three agree it is 2."""
_STEPS = CODE_BITS // 3
_STATES = 256
_BLOCK = 4096
"""Candidates at once: a product makes their signs eight times as large."""
_PACES = np.geomspace(0.02, 6.0, 40)


@dataclass(frozen=True)
class Suspect:
    """A view that is in the picture. ``chance``: bound on the probability that any innocent one scores so."""

    token: int
    chance: float
    agreement: float


def suspects(soft: Floats, candidates: Sequence[int], site: bytes) -> list[Suspect]:
    """Those of the ``candidates`` (tokens of views on record) that are in the picture, surest first.

    ``soft``: what the picture says of each bit that is sent (``Looked.soft``). ``site``: the mark key.
    """
    tokens = sorted(set(candidates))
    spread = float(np.sqrt(np.mean(np.square(soft))))
    if soft.shape != (SENT_BITS,) or not tokens or not np.isfinite(spread) or spread == 0:
        return []
    words, left, named = _words(tokens, site), soft / spread, list[Suspect]()
    for done in range(MOST_NAMED):
        chances = _bounds(left, words) * len(tokens) * 2.0 ** (done + 1)
        best = int(chances.argmin())
        if chances[best] > LIMIT or any(one.token == tokens[best] for one in named):
            break
        scale = float(words[best] @ left) / len(left)
        agreement = scale / (float(np.sqrt(np.mean(np.square(left)))) or 1.0)
        named.append(Suspect(tokens[best], float(chances[best]), agreement))
        left = left - scale * words[best]
    return named


def _words(tokens: Sequence[int], site: bytes) -> NDArray[np.int8]:
    """All that is sent of each token, as signs: ``app.mark.code.sent`` for many at once."""
    layout, keys = layout_key(site), dict[int, bytes]()
    sent, signatures = [], []
    for token in tokens:
        tag = Place.of(token).tag
        if tag not in keys:
            keys[tag] = check_key(site, tag)
        sent.append((masked(token, keys[tag], layout) << TAIL_BITS).to_bytes(_STEPS // 8, "big"))
        signatures.append(signature_of(token, keys[tag]))
    bits = np.unpackbits(np.frombuffer(b"".join(sent), np.uint8).reshape(len(tokens), -1), axis=1)
    words = np.empty((len(tokens), SENT_BITS), np.int8)
    register: NDArray[np.integer] = np.zeros(len(tokens), np.uint16)
    for step in range(_STEPS):
        register = (register << 1 | bits[:, step]) & (2 * _STATES - 1)
        words[:, 3 * step : 3 * step + 3] = _signs(register)
    words[:, CODE_BITS:] = 1 - 2 * np.array(signatures, np.int8)
    return words


def _bounds(soft: Floats, words: NDArray[np.int8]) -> Floats:
    """For each candidate: the probability with which one that is not in the picture scores as high."""
    signature, votes = soft[CODE_BITS:], _standing_out(soft)[CODE_BITS:]
    parts = [words[at : at + _BLOCK] for at in range(0, len(words), _BLOCK)]
    scores = np.concatenate([part @ soft for part in parts])
    of_signature = np.concatenate([part[:, CODE_BITS:] @ votes for part in parts])
    whole = _chernoff(scores, _log_moments(soft) + _log_moments_of_signs(signature))
    alone = _chernoff(of_signature, _log_moments_of_signs(votes))
    return whole + MOST_JOINED * 2.0**-CHECK_BITS * alone


def _standing_out(soft: Floats) -> Floats:
    """The bits on which all who are in the picture seem to agree, by how much they stand out."""
    deviation = float(np.sqrt(np.mean(np.square(soft)))) or 1.0
    return np.asarray(np.sign(soft) * np.maximum(np.abs(soft) / deviation - DISSENT, 0), np.float64)


def _chernoff(scores: Floats, moments: Floats) -> Floats:
    """min over λ of e^(−λs) · E[e^(λS)]; ``moments``: its logarithm for each λ of ``_PACES``."""
    bounds = np.zeros(len(scores))
    for pace, moment in zip(_PACES, moments, strict=True):
        np.minimum(bounds, moment - pace * scores, out=bounds)
    return np.asarray(np.exp(bounds), np.float64)


def _log_moments(soft: Floats) -> Floats:
    """The logarithm of E[e^(λS)] over the code's words, for each λ of ``_PACES``."""
    states = np.arange(_STATES)
    total = np.where(states == 0, 0.0, -np.inf) * np.ones((len(_PACES), 1))
    for step in range(_STEPS - 1, -1, -1):
        ways = []
        for bit in (0, 1) if step < _STEPS - TAIL_BITS else (0,):
            register = states << 1 | bit
            gain = _signs(register) @ soft[3 * step : 3 * step + 3]
            ways.append(_PACES[:, None] * gain + total[:, register & (_STATES - 1)])
        total = np.logaddexp(*ways) - np.log(2) if len(ways) > 1 else ways[0]
    return np.asarray(total[:, 0], np.float64)


def _log_moments_of_signs(soft: Floats) -> Floats:
    """The same over independent signs."""
    return np.asarray(np.sum(_log_cosh(_PACES[:, None] * soft), axis=1), np.float64)


def _signs(registers: NDArray[np.integer]) -> NDArray[np.int8]:
    """The three signs that the code sends from each register."""
    return _SENT[np.asarray(registers, np.intp)]


def _log_cosh(value: Floats) -> Floats:
    return np.asarray(np.logaddexp(value, -value) - np.log(2), np.float64)


_SENT = np.array(
    [[1 - 2 * ((r & g).bit_count() & 1) for g in GENERATORS] for r in range(2 * _STATES)], np.int8
)
