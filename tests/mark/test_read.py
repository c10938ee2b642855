"""The forensic mark is read back from what becomes of a screen; the trials are few here, for time."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from app.mark.code import layout
from app.mark.keys import Place, kiosk_keys, layout_key, tag_of
from app.mark.read import read
from app.mark.tile import BAND_PX, TILE_PX, make_band
from tests import attacks
from tests.mark.pages import fine_lines

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))
TOKEN = Place(tag_of(KEY, "K-12"), 3, 88_213).token


@cache
def page() -> np.ndarray:
    """A page of text, lines and a dark field, as a renderer draws it: 900 × 700 pixels."""
    import pymupdf

    with pymupdf.open() as document:
        sheet = document.new_page(width=900, height=700)
        for line in range(14):
            sheet.insert_text(
                (60, 80 + 22 * line), "Tighten the four screws M3 x 8 to 0.9 Nm. " * 2, fontsize=14
            )
        sheet.draw_rect((60, 430, 400, 650), color=(0, 0, 0), fill=(0.2, 0.2, 0.25))
        sheet.draw_rect((450, 430, 840, 650), color=(0, 0, 0), width=2)
        pixels = sheet.get_pixmap(colorspace=pymupdf.csGRAY)
        return np.frombuffer(pixels.samples, np.uint8).reshape(700, pixels.stride)[:, :900].copy()


def marked(token: int = TOKEN, key: bytes = KEY, on: np.ndarray | None = None) -> np.ndarray:
    """Source-over, as a painter blends it."""
    paper = page() if on is None else on
    band = np.frombuffer(make_band(token, kiosk_keys(key, "K-12")), np.uint8)
    high, wide = paper.shape
    over = np.tile(band.reshape(TILE_PX, BAND_PX, 4), (4, 1, 1))[:high, :wide].astype(float)
    return np.rint(paper * (1 - over[..., 3] / 255) + over[..., 0]).astype(np.uint8)


ATTACKS = {
    "png": attacks.png,
    "jpeg 30": attacks.jpeg(30),
    "scale 0.6": attacks.scale(0.6),
    "scale 1.2": attacks.scale(1.2),
    "crop to a quarter": attacks.crop(0.25),
    "rotation": attacks.rotate(7),
    "noise": attacks.noise(4),
    "blur": attacks.blur(1.0),
    "gamma": attacks.gamma(1.3),
    "seen from the side, far": attacks.perspective(45, 1.35),
    "in a mirror": attacks.chain(attacks.perspective(20), attacks.mirrored, attacks.jpeg(60)),
    "negative": attacks.chain(attacks.negative, attacks.jpeg(60)),
}


@pytest.mark.parametrize("name", list(ATTACKS))
def test_the_token_survives(name: str) -> None:
    reading = read([ATTACKS[name](marked(), 3)], KEY)
    assert reading is not None
    assert reading.token == TOKEN
    assert 0.6 <= reading.confidence <= 1


def test_of_a_picture_in_a_mirror_the_page_is_shown_as_it_was() -> None:
    reading = read([attacks.mirrored(marked())], KEY)
    assert reading is not None
    assert reading.flat is not None
    plain, (high, wide) = page(), reading.flat.shape
    assert min(high, wide) > 300
    left = reading.flat[:, : wide // 2].mean()
    assert (left < reading.flat[:, wide // 2 :].mean()) == (plain[:, :450].mean() < plain[:, 450:].mean())


def test_the_token_survives_between_lines_of_one_pixel_that_are_seen_from_the_side() -> None:
    photo = attacks.perspective(20)(marked(on=fine_lines(700, 500)), 3)
    reading = read([photo], KEY)
    assert reading is not None
    assert reading.token == TOKEN


def test_the_token_survives_without_the_pilot() -> None:
    laid = layout(layout_key(KEY))
    pilot = np.where(np.array(laid.bit_of) < 0, np.array(laid.sign_of), 0).reshape(32, 32)
    pattern = np.kron(pilot * 1.5, np.ones((8, 8)))
    reading = read([attacks.subtracted(pattern)(marked(), 3)], KEY)
    assert reading is not None
    assert reading.token == TOKEN


def test_a_page_without_a_mark_names_nobody() -> None:
    assert read([page()[:400, :500]], KEY) is None


def test_a_mark_of_another_site_names_nobody() -> None:
    assert read([marked(key=OTHER)[:400, :500]], KEY) is None


def test_noise_and_small_pictures_name_nobody() -> None:
    rng = np.random.default_rng(1)
    assert read([rng.integers(0, 255, (300, 400), np.uint8), np.zeros((10, 10), np.uint8)], KEY) is None
    assert read([np.full((300, 300), 255, np.uint8)], KEY) is None


def test_the_mark_costs_no_more_than_three_levels_and_41_5_db_on_white() -> None:
    change = page().astype(float) - marked()
    assert np.abs(change).max() <= 3
    white = change[page() == 255]
    assert 10 * np.log10(255**2 / np.mean(white**2)) >= 41.5
