"""The forensic mark's code and tile."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.mark import code
from app.mark.tile import CHIP_PX, TILE_PX, make_tile, signs
from app.mark.viterbi import decode

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))
TOKENS = st.integers(0, 2**64 - 1)


def soft_of(token: int, key: bytes = KEY) -> np.ndarray:
    return 1.0 - 2.0 * np.array(code.encode(token, key), np.float64)


@settings(max_examples=30, deadline=None)
@given(TOKENS)
def test_a_token_comes_back(token: int) -> None:
    found = decode(soft_of(token), KEY)
    assert found is not None
    assert found.token == token
    assert found.agreement == pytest.approx(1.0)


@pytest.mark.parametrize("seed", range(10))
def test_noise_nearly_as_strong_as_the_signal_is_corrected(seed: int) -> None:
    rng = np.random.default_rng(seed)
    token = int(rng.integers(2**63))
    found = decode(soft_of(token) + rng.normal(0, 0.8, code.CODE_BITS), KEY)
    assert found is not None
    assert found.token == token


def test_a_token_made_under_another_key_is_refused() -> None:
    assert decode(soft_of(0x1234, OTHER), KEY) is None


def test_noise_alone_names_nobody() -> None:
    rng = np.random.default_rng(5)
    assert [decode(rng.normal(0, 1, code.CODE_BITS), KEY) for _ in range(200)] == [None] * 200


@pytest.mark.parametrize("soft", [np.zeros(288), np.full(288, np.nan), np.ones(12)])
def test_nothing_seen_is_nothing_decoded(soft: np.ndarray) -> None:
    assert decode(soft, KEY) is None


@pytest.mark.parametrize(("token", "key"), [(-1, KEY), (2**64, KEY), (1, b"short")])
def test_a_wrong_token_or_key_makes_no_tile(token: int, key: bytes) -> None:
    with pytest.raises(ValueError, match="64 bits"):
        make_tile(token, key)


def test_the_tile_is_black_and_white_chips_at_three_of_255() -> None:
    tile = np.frombuffer(make_tile(0xDEADBEEF, KEY), np.uint8).reshape(TILE_PX, TILE_PX, 4)
    wanted = np.repeat(np.repeat(np.array(signs(0xDEADBEEF, KEY)).reshape(32, 32), CHIP_PX, 0), CHIP_PX, 1)
    assert np.array_equal(tile[..., 3], np.full((TILE_PX, TILE_PX), 3))
    for channel in range(3):
        assert np.array_equal(tile[..., channel], np.where(wanted > 0, 3, 0))


def test_the_layout_is_the_keys_and_holds_every_code_bit_at_least_twice() -> None:
    laid = code.layout(KEY)
    counts = np.bincount([bit for bit in laid.bit_of if bit >= 0], minlength=code.CODE_BITS)
    assert counts.min() >= 2
    assert sum(bit < 0 for bit in laid.bit_of) == 1024 - code.DATA_CHIPS
    assert len(set(laid.tones)) == code.PILOT_TONES
    assert laid != code.layout(OTHER)


def test_making_a_tile_imports_no_numpy() -> None:
    words = "import sys; from app.mark.tile import make_tile; make_tile(1, bytes(32)); "
    words += "sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", words], check=False).returncode == 0
