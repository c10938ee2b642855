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
        size, back = _view(image.shape[1::-1], degrees, zoom, np.random.default_rng(seed))
        return np.asarray(
            Image.fromarray(image).transform(
                size, Image.Transform.PERSPECTIVE, tuple(back[:8]),
                Image.Resampling.BICUBIC, fillcolor=_grey(image, 60),
            )
        )  # fmt: skip

    return act


def phone(degrees: float, zoom: float = 1.35) -> Callable[[Picture, int], Picture]:
    """A simulated photo: sub-pixel grid, moiré, perspective, a lens that bends a little, vignette, blur,
    noise, white balance, tone curve, JPEG 80. ``zoom``: pixels of the photo to one of the screen.
    """

    def act(image: Picture, seed: int = 0) -> Picture:
        rng = np.random.default_rng(seed)
        colour = image if image.ndim == 3 else np.repeat(image[..., None], 3, 2)
        screen = Image.fromarray(_sub_pixels(colour)).filter(ImageFilter.BoxBlur(1.6))
        seen = _through_lens(screen, _view(screen.size, degrees, zoom / 3, rng), rng.uniform(-0.02, 0.03))
        photo = np.asarray(seen.filter(ImageFilter.BoxBlur(0.65))).astype(np.float32)
        y, x = (np.linspace(-1, 1, side, dtype=np.float32) for side in photo.shape[:2])
        light = 1 - 0.12 * (x**2 + y[:, None] ** 2)
        photo *= light[..., None] * rng.uniform(0.92, 1.06, 3).astype(np.float32)
        photo += 2.0 * rng.standard_normal(photo.shape, np.float32)
        tone = np.linspace(0, 1, 4 * 255 + 1)
        curve = _whole(255 * (0.8 * tone + 0.2 * (3 - 2 * tone) * tone**2))
        return _through(curve[np.clip(4 * photo, 0, 4 * 255).astype(np.int16)], "JPEG", quality=80)

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


def average(pictures: list[Picture]) -> Picture:
    """What several people make of their screenshots of one page, together."""
    return _whole(np.mean(np.stack(pictures), axis=0))


def minimum(pictures: list[Picture]) -> Picture:
    """The darkest of each pixel."""
    return np.minimum.reduce(pictures)


def degraded(similarity: float) -> Callable[[Picture, int], Picture]:
    """Rescaled, blurred and made noisy until the page has this structural similarity to what it was."""

    def act(image: Picture, seed: int = 0) -> Picture:
        screen = grey(image)
        middle_part = tuple(slice(side // 4, side // 4 + side // 2) for side in screen.shape)

        def worse(strength: float) -> Picture:
            factor = 1 - 0.5 * strength
            softer = chain(scale(factor), _to_size(screen.shape), blur(1.6 * strength))(screen, seed)
            return noise(5 * strength)(softer, seed)

        low, high = 0.0, 1.0
        for _ in range(5):
            middle = (low + high) / 2
            alike = ssim(screen[middle_part], worse(middle)[middle_part])
            low, high = (middle, high) if alike > similarity else (low, middle)
        return worse(high)

    return act


def subtracted(pattern: Picture) -> Callable[[Picture, int], Picture]:
    """Taken away what was found to be the same in all screenshots (grey levels, from the corner on)."""

    def act(image: Picture, seed: int = 0) -> Picture:
        screen = grey(image)
        times = [-(-side // part) for side, part in zip(screen.shape, pattern.shape, strict=True)]
        return _whole(screen - np.tile(pattern, times)[: screen.shape[0], : screen.shape[1]])

    return act


def ssim(one: Picture, other: Picture) -> float:
    """Structural similarity (Wang et al., 2004) in windows of 7 × 7, the mean over the picture."""
    a, b = one.astype(np.float32), other.astype(np.float32)
    mean_a, mean_b = _mean7(a), _mean7(b)
    spread = _mean7(a * a) - mean_a**2, _mean7(b * b) - mean_b**2
    both = _mean7(a * b) - mean_a * mean_b
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    said = (2 * mean_a * mean_b + c1) * (2 * both + c2)
    return float(np.mean(said / ((mean_a**2 + mean_b**2 + c1) * (spread[0] + spread[1] + c2))))


def _mean7(picture: Picture) -> Picture:
    for axis in (0, 1):
        sums = np.cumsum(picture, axis=axis, dtype=np.float64)
        ends = np.moveaxis(sums, axis, 0)
        picture = np.moveaxis((ends[7:] - ends[:-7]) / 7, 0, axis)
    return picture


def _to_size(shape: tuple[int, ...]) -> Callable[[Picture, int], Picture]:
    return lambda image, seed=0: np.asarray(
        Image.fromarray(image).resize((shape[1], shape[0]), Image.Resampling.BICUBIC)
    )


def _sub_pixels(colour: Picture) -> Picture:
    """Three stripes a pixel, the lowest third dimmer: what a sensor sees of a panel. Three times as large."""
    grid = np.full((3, 3, 3), 0.35)
    for channel in range(3):
        grid[:, channel, channel] = 1.0
    grid[2] *= 0.75
    levels = np.arange(256) / 255.0
    screen = np.empty((3 * colour.shape[0], 3 * colour.shape[1], 3), np.uint8)
    for channel in range(3):
        seen = np.ascontiguousarray(colour[..., channel])
        lit = {}
        for row, column in np.ndindex(3, 3):
            share = float(grid[row, column, channel])
            if share not in lit:
                light = np.clip(levels**2.2 * share / grid.mean() * 0.8, 0, 1)
                lit[share] = _whole(255 * light ** (1 / 2.2))[seen]
            screen[row::3, column::3, channel] = lit[share]
    return screen


def chain(*steps: Callable[[Picture, int], Picture]) -> Callable[[Picture, int], Picture]:
    def act(image: Picture, seed: int = 0) -> Picture:
        for step in steps:
            image = step(image, seed)
        return image

    return act


def grey(image: Picture) -> Picture:
    return image if image.ndim == 2 else np.asarray(Image.fromarray(image).convert("L"))


def mirrored(image: Picture, seed: int = 0) -> Picture:
    """Left and right changed places, as in a mirror and in some phones' front cameras."""
    return np.ascontiguousarray(image[:, ::-1])


def negative(image: Picture, seed: int = 0) -> Picture:
    """Black and white changed places."""
    return 255 - image


def _through(image: Picture, form: str, **options: int) -> Picture:
    file = io.BytesIO()
    Image.fromarray(image).save(file, form, **options)
    return np.asarray(Image.open(file))


def _whole(image: Picture) -> Picture:
    return np.clip(np.rint(image), 0, 255).astype(np.uint8)


def _grey(image: Picture, level: int) -> int | tuple[int, int, int]:
    return level if image.ndim == 2 else (level, level, level)


def _view(
    size: tuple[int, int], degrees: float, zoom: float, rng: np.random.Generator
) -> tuple[tuple[int, int], Picture]:
    """The size of a picture of the whole screen, and the homography from its places to the screen's."""
    wide, high = size
    corners = np.array([[-wide, -high], [wide, -high], [wide, high], [-wide, high]], float) / 2
    seen = _project(corners, np.radians(degrees), rng.uniform(0, 2 * np.pi), np.radians(rng.uniform(-4, 4)))
    seen *= zoom
    whole = np.ceil(seen.max(0) - seen.min(0)).astype(int) + 40
    seen += whole / 2 - (seen.max(0) + seen.min(0)) / 2
    return (int(whole[0]), int(whole[1])), _homography(seen, corners + np.array([wide, high]) / 2)


def _through_lens(screen: Image.Image, view: tuple[tuple[int, int], Picture], bend: float) -> Image.Image:
    """The view through a lens that moves a corner of the picture by the share ``bend`` (radially)."""
    (wide, high), back = view
    step = 64
    x, y = (np.append(np.arange(0, side, step), side).astype(float) for side in (wide, high))
    grid_x, grid_y = np.meshgrid(x, y)
    off_x, off_y = grid_x - wide / 2, grid_y - high / 2
    factor = 1 + bend * (off_x**2 + off_y**2) / ((wide / 2) ** 2 + (high / 2) ** 2)
    at = np.stack([off_x * factor + wide / 2, off_y * factor + high / 2, np.ones_like(factor)])
    there = np.tensordot(back.reshape(3, 3), at, 1)
    source = there[:2] / there[2]
    mesh = []
    for row, column in np.ndindex(len(y) - 1, len(x) - 1):
        box = tuple(int(v) for v in (x[column], y[row], x[column + 1], y[row + 1]))
        ring = ((row, column), (row + 1, column), (row + 1, column + 1), (row, column + 1))
        mesh.append((box, tuple(float(v) for place in ring for v in source[:, place[0], place[1]])))
    return screen.transform(
        (wide, high), Image.Transform.MESH, mesh, Image.Resampling.BICUBIC, fillcolor=(60, 60, 60)
    )


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
