"""Pictures that several people joined: those are named, and never anybody else."""

from __future__ import annotations

import numpy as np
import pytest

from app.mark import code, collusion
from app.mark.keys import KioskKeys, Place, check_key, kiosk_keys, layout_key, tag_of
from app.mark.read import look
from app.mark.tile import BAND_PX, TILE_PX, make_band
from tests import attacks
from tests.mark.test_read import KEY, page

TAGS = [tag_of(KEY, f"K-{number}") for number in range(12)]


def views(count: int, seed: int = 1) -> list[int]:
    rng = np.random.default_rng(seed)
    return [Place(TAGS[rng.integers(len(TAGS))], 1, int(rng.integers(1, 9000))).token for _ in range(count)]


def word(token: int) -> np.ndarray:
    return 1.0 - 2.0 * np.array(code.sent(token, check_key(KEY, token >> 40), layout_key(KEY)))


def screenshot(token: int) -> np.ndarray:
    keys = KioskKeys(token >> 40, layout_key(KEY), check_key(KEY, token >> 40))
    band = np.frombuffer(make_band(token, keys), np.uint8).reshape(TILE_PX, BAND_PX, 4)
    high, wide = page().shape
    over = np.tile(band, (4, 1, 1))[:high, :wide].astype(float)
    return np.rint(page() * (1 - over[..., 3] / 255) + over[..., 0]).astype(np.uint8)


@pytest.mark.parametrize("join", [attacks.average, attacks.minimum])
def test_three_people_who_join_their_screenshots_are_named(join) -> None:
    people = views(3, seed=5)
    beside = [token + step for token in people for step in (-2, -1, 1, 2)]
    looked = look([join([screenshot(token) for token in people])], KEY)
    assert looked.reading is None
    assert looked.soft is not None
    named = {one.token for one in collusion.suspects(looked.soft, views(500) + beside + people, KEY)}
    assert named
    assert named <= set(people)


def test_a_minimum_in_which_little_of_the_signatures_is_left_names_all_of_its_people() -> None:
    people, noise = views(3, seed=1018), np.random.default_rng(18).normal(0, 0.35, code.SENT_BITS)
    words = np.array([word(token) for token in people])
    agreed = np.abs(words.sum(axis=0)) == len(people)
    assert np.count_nonzero(agreed[code.CODE_BITS :]) == 11
    named = collusion.suspects(np.where(agreed, 2 * words[0], 0) + noise, views(5000) + people, KEY)
    assert {one.token for one in named} == set(people)


@pytest.mark.parametrize("seed", range(3))
def test_who_is_not_on_record_drags_nobody_in(seed: int) -> None:
    people = views(3, seed=100 + seed)
    joined = np.mean([word(token) for token in people], axis=0)
    others = set(views(500, seed)) | {token + step for token in people for step in (-1, 1)}
    assert collusion.suspects(joined, list(others - set(people)), KEY) == []


def test_noise_accuses_nobody() -> None:
    rng = np.random.default_rng(3)
    everybody = views(500)
    for _ in range(3):
        assert collusion.suspects(rng.normal(0, 1, code.SENT_BITS), everybody, KEY) == []


def test_the_bound_lies_above_what_strangers_reach() -> None:
    rng = np.random.default_rng(4)
    soft = rng.normal(0, 1, code.SENT_BITS)
    bounds = collusion._bounds(soft, collusion._words(views(2000, 8), KEY))
    for bound in (0.3, 0.1, 0.03):
        assert 0 < np.mean(bounds <= bound) <= bound


def test_words_are_those_that_a_tile_carries() -> None:
    tokens = views(5)
    assert np.array_equal(collusion._words(tokens, KEY), [word(token) for token in tokens])


def test_views_next_to_each_other_have_words_that_are_not_alike() -> None:
    keys = kiosk_keys(KEY, "K-1")
    one, other = word(Place(keys.tag, 1, 7).token), word(Place(keys.tag, 1, 8).token)
    assert abs(np.mean(one * other)) < 0.25


@pytest.mark.parametrize("soft", [np.zeros(code.SENT_BITS), np.full(code.SENT_BITS, np.nan), np.ones(7)])
def test_what_says_nothing_names_nobody(soft: np.ndarray) -> None:
    assert collusion.suspects(soft, views(3), KEY) == []
