"""The forensic mark's code and tile."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.mark import code
from app.mark.keys import KioskKeys, Place, kiosk_keys, layout_key
from app.mark.tile import BAND_PX, CHIP_PX, TILE_PX, make_band, signs
from app.mark.viterbi import decode, is_a_word

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))
KEYS = kiosk_keys(KEY, "K-12")
TOKENS = st.builds(Place, st.just(KEYS.tag), st.integers(1, 255), st.integers(1, 2**32 - 1))
TOKEN = Place(KEYS.tag, 1, 88_213).token


def soft_of(token: int, keys: KioskKeys = KEYS) -> np.ndarray:
    return 1.0 - 2.0 * np.array(code.sent(token, keys.check, keys.layout), np.float64)


@settings(max_examples=30, deadline=None)
@given(TOKENS)
def test_a_token_comes_back(place: Place) -> None:
    token = place.token
    found = decode(soft_of(token), KEY)
    assert found is not None
    assert found.token == token
    assert found.agreement == pytest.approx(1.0)


@pytest.mark.parametrize("seed", range(10))
def test_noise_nearly_as_strong_as_the_signal_is_corrected(seed: int) -> None:
    rng = np.random.default_rng(seed)
    token = Place(KEYS.tag, 1, int(rng.integers(1, 2**32))).token
    found = decode(soft_of(token) + rng.normal(0, 0.8, code.SENT_BITS), KEY)
    assert found is not None
    assert found.token == token


def test_a_token_made_under_another_sites_key_is_refused() -> None:
    assert decode(soft_of(TOKEN, kiosk_keys(OTHER, "K-12")), KEY) is None


def test_a_stolen_kiosk_makes_no_token_of_another() -> None:
    stolen = kiosk_keys(KEY, "K-13")
    assert stolen.layout == KEYS.layout
    assert decode(soft_of(TOKEN, stolen), KEY) is None
    own = decode(soft_of(Place(stolen.tag, 1, 7).token, stolen), KEY)
    assert own is not None
    assert Place.of(own.token) == Place(stolen.tag, 1, 7)


@given(st.integers(0, 2**24 - 1), st.integers(1, 300), st.integers(1, 2**32 - 1))
def test_a_token_says_the_place_of_its_event(tag: int, epoch: int, seq: int) -> None:
    assert Place.of(Place(tag, epoch, seq).token) == Place(tag, epoch % 256, seq)


@pytest.mark.parametrize("seq", [0, 2**32])
def test_a_number_that_does_not_fit_makes_no_token(seq: int) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        _ = Place(1, 1, seq).token


def test_a_kiosks_keys_travel_as_bytes() -> None:
    assert KioskKeys.unpack(KEYS.packed()) == KEYS
    with pytest.raises(ValueError, match="not the keys"):
        KioskKeys.unpack(KEYS.packed()[1:])


def test_noise_alone_names_nobody() -> None:
    rng = np.random.default_rng(5)
    assert [decode(rng.normal(0, 1, code.SENT_BITS), KEY) for _ in range(200)] == [None] * 200


def test_a_word_is_seen_without_knowing_whose_and_noise_is_none() -> None:
    rng = np.random.default_rng(6)
    stranger = kiosk_keys(bytes(range(1, 33)), "K-9")
    theirs = soft_of(Place(stranger.tag, 1, 7).token, stranger)
    assert is_a_word(theirs + rng.normal(0, 0.6, code.SENT_BITS))
    assert not any(is_a_word(rng.normal(0, 1, code.SENT_BITS)) for _ in range(100))
    assert not is_a_word(np.zeros(code.SENT_BITS))


@pytest.mark.parametrize("soft", [np.zeros(360), np.full(360, np.nan), np.ones(12)])
def test_nothing_seen_is_nothing_decoded(soft: np.ndarray) -> None:
    assert decode(soft, KEY) is None


@pytest.mark.parametrize("token", [-1, 2**64])
def test_a_wrong_token_or_key_makes_no_tile(token: int) -> None:
    with pytest.raises(ValueError, match="64 bits"):
        make_band(token, KEYS)
    with pytest.raises(ValueError, match="32 bytes"):
        make_band(1, KioskKeys(1, KEYS.layout, b"short"))


def test_the_tile_is_black_and_white_chips_at_three_of_255() -> None:
    band = np.frombuffer(make_band(TOKEN, KEYS), np.uint8).reshape(TILE_PX, BAND_PX, 4)
    tile = band[:, :TILE_PX]
    assert np.array_equal(band, np.tile(tile, (1, 8, 1)))
    wanted = np.repeat(np.repeat(np.array(signs(TOKEN, KEYS)).reshape(32, 32), CHIP_PX, 0), CHIP_PX, 1)
    assert np.array_equal(tile[..., 3], np.full((TILE_PX, TILE_PX), 3))
    for channel in range(3):
        assert np.array_equal(tile[..., channel], np.where(wanted > 0, 3, 0))


@pytest.mark.parametrize("seq", [1, 77, 2**32 - 1])
def test_whatever_the_token_half_of_the_chips_are_black(seq: int) -> None:
    assert sum(signs(Place(KEYS.tag, 1, seq).token, KEYS)) == 0


def test_the_layout_is_the_keys_and_holds_every_code_bit_at_least_twice() -> None:
    laid = code.layout(KEYS.layout)
    counts = np.bincount([bit for bit in laid.bit_of if bit >= 0], minlength=code.SENT_BITS)
    assert counts.min() >= 2
    assert sum(bit < 0 for bit in laid.bit_of) == 1024 - code.DATA_CHIPS
    assert len(set(laid.tones)) == code.PILOT_TONES
    assert laid != code.layout(layout_key(OTHER))


def test_making_a_tile_imports_no_numpy() -> None:
    words = "import sys; from app.mark.tile import make_band; from app.mark.keys import kiosk_keys; "
    words += "make_band(1, kiosk_keys(bytes(32), 'K-1')); "
    words += "sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", words], check=False).returncode == 0
