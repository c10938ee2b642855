"""What happens to a picture of a screen: pure functions of an image (grey or colour, uint8) and a seed."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageFilter

if TYPE_CHECKING:
    from collections.abc import Callable

Picture = np.ndarray


def png(image: Picture, seed: int = 0) -> Picture:
    return _through(image, "PNG")


def jpeg(quality: int) -> Callable[[Picture, int], Picture]:
    return lambda image, seed=0: _through(image, "JPEG", quality=quality)


def scale(factor: float) -> Callable[[Picture, int], Picture]:
    def act(image: Picture, seed: int = 0) -> Picture:
        size = round(image.shape[1] * factor), round(image.shape[0] * factor)
        return np.asarray(Image.fromarray(image).resize(size, Image.Resampling.BICUBIC))

    return act


def crop(share: float) -> Callable[[Picture, int], Picture]:
    """A random part of this share of the area."""

    def act(image: Picture, seed: int = 0) -> Picture:
        rng = np.random.default_rng(seed)
        high, wide = (round(side * share**0.5) for side in image.shape[:2])
        top, left = rng.integers(image.shape[0] - high + 1), rng.integers(image.shape[1] - wide + 1)
        return image[top : top + high, left : left + wide].copy()

    return act


def rotate(degrees: float) -> Callable[[Picture, int], Picture]:
    return lambda image, seed=0: np.asarray(
        Image.fromarray(image).rotate(
            degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=_grey(image, 70)
        )
    )


def noise(deviation: float) -> Callable[[Picture, int], Picture]:
    def act(image: Picture, seed: int = 0) -> Picture:
        rng = np.random.default_rng(seed)
        return _whole(image + rng.normal(0, deviation, image.shape))

    return act


def blur(radius: float) -> Callable[[Picture, int], Picture]:
    return lambda image, seed=0: np.asarray(Image.fromarray(image).filter(ImageFilter.GaussianBlur(radius)))


def gamma(power: float) -> Callable[[Picture, int], Picture]:
    return lambda image, seed=0: _whole(255 * (image / 255.0) ** power)


def contrast(factor: float) -> Callable[[Picture, int], Picture]:
    return lambda image, seed=0: _whole(128 + factor * (image - 128.0))


def perspective(degrees: float, zoom: float = 1.0) -> Callable[[Picture, int], Picture]:
    """Seen from the side by this angle, turned a little; the direction comes from the seed."""

    def act(image: Picture, seed: int = 0) -> Picture:
        rng = np.random.default_rng(seed)
        high, wide = image.shape[:2]
        corners = np.array([[-wide, -high], [wide, -high], [wide, high], [-wide, high]], float) / 2
        seen = _project(
            corners, np.radians(degrees), rng.uniform(0, 2 * np.pi), np.radians(rng.uniform(-4, 4))
        )
        seen *= zoom
        size = np.ceil(seen.max(0) - seen.min(0)).astype(int) + 40
        seen += size / 2 - (seen.max(0) + seen.min(0)) / 2
        back = _homography(seen, corners + np.array([wide, high]) / 2)
        picture = Image.fromarray(image)
        return np.asarray(
            picture.transform(
                tuple(size), Image.Transform.PERSPECTIVE, tuple(back.ravel()[:8]),
                Image.Resampling.BICUBIC, fillcolor=_grey(image, 60),
            )
        )  # fmt: skip

    return act


def phone(degrees: float, zoom: float = 1.35) -> Callable[[Picture, int], Picture]:
    """A simulated photo: sub-pixel grid, moiré, perspective, vignette, blur, noise, tone curve, JPEG 80."""

    def act(image: Picture, seed: int = 0) -> Picture:
        rng = np.random.default_rng(seed)
        colour = image if image.ndim == 3 else np.repeat(image[..., None], 3, 2)
        screen = _sub_pixels(colour)
        photo = np.asarray(Image.fromarray(perspective(degrees, zoom / 3)(blur(1.2)(screen, 0), seed)))
        photo = blur(0.6)(photo, 0).astype(np.float64)
        y, x = np.mgrid[-1 : 1 : photo.shape[0] * 1j, -1 : 1 : photo.shape[1] * 1j]
        photo *= (1 - 0.12 * (x**2 + y**2))[..., None] * rng.uniform(0.92, 1.06, 3)
        photo += rng.normal(0, 2.0, photo.shape)
        tone = np.clip(photo / 255, 0, 1)
        tone = 0.8 * tone + 0.2 * (3 * tone**2 - 2 * tone**3)
        return _through(_whole(255 * tone), "JPEG", quality=80)

    return act


def brighter(factor: float) -> Callable[[Picture, int], Picture]:
    """Over-exposed: what was white before, and a little less, clips."""
    return lambda image, seed=0: _whole(image * factor)


def part(share: float) -> Callable[[Picture, int], Picture]:
    """A random part of this share of the width, of full height."""

    def act(image: Picture, seed: int = 0) -> Picture:
        wide = round(image.shape[1] * share)
        left = np.random.default_rng(seed).integers(image.shape[1] - wide + 1)
        return image[:, left : left + wide].copy()

    return act


def _sub_pixels(colour: Picture) -> Picture:
    """Three stripes a pixel, the lowest third dimmer: what a sensor sees of a panel. Three times as large."""
    grid = np.full((3, 3, 3), 0.35)
    for channel in range(3):
        grid[:, channel, channel] = 1.0
    grid[2] *= 0.75
    levels = np.arange(256) / 255.0
    screen = np.empty((3 * colour.shape[0], 3 * colour.shape[1], 3), np.uint8)
    for row, column, channel in np.ndindex(grid.shape):
        light = np.clip(levels**2.2 * grid[row, column, channel] / grid.mean() * 0.8, 0, 1)
        screen[row::3, column::3, channel] = _whole(255 * light ** (1 / 2.2))[colour[..., channel]]
    return screen


def chain(*steps: Callable[[Picture, int], Picture]) -> Callable[[Picture, int], Picture]:
    def act(image: Picture, seed: int = 0) -> Picture:
        for step in steps:
            image = step(image, seed)
        return image

    return act


def grey(image: Picture) -> Picture:
    return image if image.ndim == 2 else np.asarray(Image.fromarray(image).convert("L"))


def _through(image: Picture, form: str, **options: int) -> Picture:
    file = io.BytesIO()
    Image.fromarray(image).save(file, form, **options)
    return np.asarray(Image.open(file))


def _whole(image: Picture) -> Picture:
    return np.clip(np.rint(image), 0, 255).astype(np.uint8)


def _grey(image: Picture, level: int) -> int | tuple[int, int, int]:
    return level if image.ndim == 2 else (level, level, level)


def _project(corners: Picture, tilt: float, way: float, roll: float) -> Picture:
    axis = np.array([np.cos(way), np.sin(way)])
    along = corners @ axis
    distance = 1.3 * np.ptp(corners[:, 0])
    moved = corners + np.outer(along * (np.cos(tilt) - 1), axis)
    moved = moved * (distance / (distance + along * np.sin(tilt)))[:, None]
    turn = np.array([[np.cos(roll), np.sin(roll)], [-np.sin(roll), np.cos(roll)]])
    return moved @ turn


def _homography(source: Picture, target: Picture) -> Picture:
    rows, right = [], []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    return np.append(np.linalg.solve(np.array(rows), np.array(right)), 1.0)
