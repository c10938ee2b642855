"""Pictures like photographs: scenes of rounded bodies, ray-marched with soft shadows, as JPEG. Deterministic.

After I. Quilez, "Distance functions" and "Soft shadows in raymarched SDFs".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pymupdf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

Triple = tuple[float, float, float]
WIDTH, HEIGHT = 780, 520


@dataclass(frozen=True)
class Body:
    """A rounded box (``half`` sizes) or, with ``radius``, an upright cylinder of half height ``half[2]``."""

    at: Triple
    half: Triple
    colour: Triple
    radius: float = 0.0
    edge: float = 0.05
    gloss: float = 0.4

    def distance(self, points: Floats) -> Floats:
        """Signed distance of points (n × 3)."""
        away = points - np.asarray(self.at, np.float32)
        if self.radius:
            across = np.hypot(away[:, 0], away[:, 1]) - self.radius + self.edge
            along = np.abs(away[:, 2]) - self.half[2] + self.edge
            outside = np.hypot(np.maximum(across, 0), np.maximum(along, 0))
            return _floats(outside + np.minimum(np.maximum(across, along), 0) - self.edge)
        sides = np.abs(away) - np.asarray(self.half, np.float32) + np.float32(self.edge)
        outside = np.sqrt((np.maximum(sides, 0) ** 2).sum(1))
        return _floats(outside + np.minimum(sides.max(1), 0) - self.edge)


def _floats(values: Any) -> Floats:
    return np.asarray(values, np.float32)


TABLE = Body((0, 0, -0.5), (9, 9, 0.5), (0.50, 0.53, 0.55), gloss=0.05, edge=0.0)
_SHELL, _DARK, _STEEL = (0.80, 0.82, 0.85), (0.12, 0.13, 0.15), (0.72, 0.73, 0.75)
_GREEN, _GOLD, _BLUE, _CELL = (0.05, 0.30, 0.17), (0.80, 0.62, 0.25), (0.10, 0.30, 0.62), (0.55, 0.55, 0.66)
_FOAM, _MAT = (0.90, 0.72, 0.30), (0.16, 0.36, 0.42)


def _tray() -> list[Body]:
    walls = [
        Body((0, 1.72, 0.35), (2.5, 0.14, 0.35), _SHELL, edge=0.1),
        Body((0, -1.72, 0.35), (2.5, 0.14, 0.35), _SHELL, edge=0.1),
        Body((2.4, 0, 0.35), (0.14, 1.8, 0.35), _SHELL, edge=0.1),
        Body((-2.4, 0, 0.35), (0.14, 1.8, 0.35), _SHELL, edge=0.1),
    ]
    floor = Body((0, 0, 0.1), (2.45, 1.75, 0.1), (0.80, 0.82, 0.84), edge=0.04)
    bosses = [
        Body((x, y, 0.32), (0, 0, 0.32), _GOLD, radius=0.24) for x in (-2.0, 2.0) for y in (-1.35, 1.35)
    ]
    return [floor, *walls, *bosses]


def _board(z: float) -> list[Body]:
    return [
        Body((0, 0, z), (2.05, 1.4, 0.07), _GREEN, edge=0.03, gloss=0.6),
        Body((0.4, 0.45, z + 0.16), (0.45, 0.45, 0.10), _DARK, edge=0.02, gloss=0.7),
        Body((-1.0, 0.75, z + 0.13), (0.3, 0.25, 0.08), _DARK, edge=0.02),
        Body((-0.9, -0.8, z + 0.2), (0.6, 0.2, 0.16), (0.88, 0.87, 0.80), edge=0.03),
        Body((1.4, -0.7, z + 0.16), (0.25, 0.35, 0.1), _STEEL, edge=0.02, gloss=0.9),
        Body((0.5, -0.8, z + 0.28), (0, 0, 0.24), _STEEL, radius=0.24, gloss=0.9),
        *[Body((x, 1.15, z + 0.1), (0.06, 0.1, 0.05), _GOLD, edge=0.01) for x in (-0.4, -0.1, 0.2, 0.5, 0.8)],
    ]


def _cell(x: float, y: float, z: float) -> list[Body]:
    return [
        Body((x, y, z), (1.2, 0.85, 0.26), _CELL, edge=0.1, gloss=0.8),
        Body((x - 0.2, y, z + 0.262), (0.7, 0.5, 0.01), (0.93, 0.93, 0.88), edge=0.005, gloss=0.1),
        *[
            Body((x + 1.4, y + side, z), (0.24, 0.14, 0.03), _STEEL, edge=0.01, gloss=0.9)
            for side in (-0.45, 0.45)
        ],
    ]


def _hand_tool(x: float, y: float, z: float) -> list[Body]:
    """A torque driver standing over a screw."""
    return [
        Body((x, y, z + 0.9), (0, 0, 0.9), _STEEL, radius=0.09, gloss=0.9),
        Body((x, y, z + 2.5), (0, 0, 0.8), _BLUE, radius=0.34, edge=0.12),
        Body((x, y, z + 1.72), (0, 0, 0.12), _DARK, radius=0.26),
    ]


PHOTOS: dict[str, tuple[list[Body], Triple]] = {
    "tray": (_tray(), (4.2, -5.4, 5.2)),
    "board-in-tray": ([*_tray(), *_board(0.62)], (3.6, -5.4, 4.6)),
    "cell-in-tray": ([*_tray(), *_cell(-0.6, 0, 0.5)], (3.4, -5.2, 4.6)),
    "cell-reversed": ([*_tray(), *_cell(-0.3, 0.62, 0.62)], (3.4, -5.2, 4.6)),
    "pad-on-floor": ([*_tray(), Body((-0.6, 0, 0.24), (1.0, 0.7, 0.04), _FOAM, edge=0.02)], (3.4, -5.2, 5.0)),
    "driver": ([*_tray(), *_board(0.62), *_hand_tool(1.75, -1.1, 0.7)], (4.4, -6.4, 4.4)),
    "pump-in-tray": (
        [
            *_tray(),
            Body((0, 0, 0.75), (1.9, 1.2, 0.1), _BLUE, edge=0.04),
            Body((-1.0, 0.1, 1.2), (0, 0, 0.42), _STEEL, radius=0.68, gloss=0.9),
            Body((0.5, 0.1, 1.05), (0.6, 0.8, 0.26), _DARK, edge=0.05),
            Body((1.45, 0, 1.0), (0.25, 1.0, 0.22), (0.65, 0.80, 0.88), edge=0.08, gloss=0.9),
        ],
        (3.8, -5.6, 4.8),
    ),
    "closed": (
        [
            Body((0, 0, 0.6), (2.5, 1.85, 0.6), _SHELL, edge=0.34),
            Body((-1.2, -0.3, 1.2), (0, 0, 0.06), _BLUE, radius=0.42),
            Body((0.9, 0.35, 1.2), (0.75, 0.4, 0.02), _DARK, edge=0.01, gloss=1.0),
        ],
        (4.0, -5.6, 4.4),
    ),
    "reader": (
        [
            Body((0, 0, 0.4), (1.5, 2.6, 0.4), _SHELL, edge=0.25),
            Body((0, 0.6, 0.8), (0.95, 1.2, 0.02), (0.10, 0.14, 0.13), edge=0.01, gloss=1.0),
            *[Body((x, -1.5, 0.82), (0, 0, 0.06), _BLUE, radius=0.26) for x in (-0.6, 0.6)],
        ],
        (4.6, -4.6, 5.0),
    ),
    "reader-board": (
        [
            Body((0, 0, 0.25), (1.3, 2.4, 0.07), _GREEN, edge=0.03, gloss=0.6),
            Body((-0.3, 0.4, 0.4), (0.4, 0.4, 0.1), _DARK, edge=0.02),
            Body((0, 1.9, 0.46), (0.55, 0.32, 0.16), _STEEL, edge=0.03, gloss=0.9),
            Body((0, -1.2, 0.44), (0, 0, 0.14), _STEEL, radius=0.8, gloss=0.9),
            Body((0.6, -0.2, 0.38), (0.3, 0.12, 0.08), (0.88, 0.87, 0.80), edge=0.02),
        ],
        (4.4, -4.6, 5.0),
    ),
    "vials": (
        [
            *[Body((x, 0.6, 1.3), (0, 0, 1.3), _SHELL, radius=0.8, edge=0.08) for x in (-2.0, 0.0, 2.0)],
            *[Body((x, 0.6, 2.75), (0, 0, 0.22), _BLUE, radius=0.84, edge=0.1) for x in (-2.0, 2.0)],
            Body((0.3, -1.4, 0.24), (0, 0, 0.22), _BLUE, radius=0.84, edge=0.1),
        ],
        (3.4, -6.6, 4.0),
    ),
}
"""Picture to its bodies and the camera's place; the camera looks at the middle of the scene."""


def photo(name: str) -> bytes:
    """Return the picture as JPEG bytes."""
    bodies, camera = PHOTOS[name]
    bodies = [TABLE, Body((0, 0, 0.0), (3.6, 2.9, 0.03), _MAT, edge=0.02, gloss=0.05), *bodies]
    origin = np.asarray(camera, np.float32)
    rays = _rays(origin, np.asarray((0, 0, 0.5), np.float32))
    reach, hit = _march(bodies, origin, rays)
    image = np.full((WIDTH * HEIGHT, 3), 0.80, np.float32)
    points = origin + rays[hit] * reach[hit, None]
    image[hit] = _lit(bodies, points, -rays[hit])
    return _jpeg(image.reshape(HEIGHT, WIDTH, 3))


def _rays(origin: Floats, target: Floats) -> Floats:
    ahead = (target - origin) / np.linalg.norm(target - origin)
    right = np.cross(ahead, (0, 0, 1))
    right = right / np.linalg.norm(right)
    up = np.cross(right, ahead)
    u = (np.arange(WIDTH) + 0.5 - WIDTH / 2) / HEIGHT
    v = (HEIGHT / 2 - np.arange(HEIGHT) - 0.5) / HEIGHT
    grid_u, grid_v = np.meshgrid(u, v)
    rays = ahead + 0.66 * (grid_u[..., None] * right + grid_v[..., None] * up)
    rays = rays.reshape(-1, 3)
    return _floats(rays / np.linalg.norm(rays, axis=1, keepdims=True))


def _nearest(bodies: Sequence[Body], points: Floats) -> Floats:
    best = bodies[0].distance(points)
    for body in bodies[1:]:
        np.minimum(best, body.distance(points), out=best)
    return best


def _march(bodies: Sequence[Body], origin: Floats, rays: Floats, steps: int = 48) -> tuple[Floats, Any]:
    reach = np.zeros(len(rays), np.float32)
    active = np.arange(len(rays))
    hit = np.zeros(len(rays), bool)
    for _ in range(steps):
        away = _nearest(bodies, origin + rays[active] * reach[active, None])
        reach[active] += away
        landed = away < 0.002
        hit[active[landed]] = True
        active = active[~landed & (reach[active] < 22)]
        if not len(active):
            break
    hit[active[reach[active] < 22]] = True
    return reach, hit


def _lit(bodies: Sequence[Body], points: Floats, back: Floats) -> Floats:
    distances = np.stack([body.distance(points) for body in bodies])
    which = distances.argmin(0)
    colours = np.asarray([body.colour for body in bodies], np.float32)[which]
    gloss = np.asarray([body.gloss for body in bodies], np.float32)[which]
    small = np.float32(0.004)
    centre = distances.min(0)
    normal = np.stack(
        [_nearest(bodies, points + np.eye(3, dtype=np.float32)[axis] * small) - centre for axis in range(3)],
        1,
    )
    normal = _floats(normal / (np.linalg.norm(normal, axis=1, keepdims=True) + 1e-9))
    sun = np.asarray((-0.45, -0.35, 0.82), np.float32)
    sun /= np.linalg.norm(sun)
    shadow = _shadow(bodies, points + normal * 0.02, sun)
    occluded = np.clip(_nearest(bodies, points + normal * 0.22) / 0.22, 0.25, 1)
    diffuse = np.clip(normal @ sun, 0, 1) * shadow
    sky = 0.5 + 0.5 * normal[:, 2]
    half = back + sun
    half /= np.linalg.norm(half, axis=1, keepdims=True)
    shine = gloss * shadow * np.clip((normal * half).sum(1), 0, 1) ** 60
    light = (0.74 * diffuse + 0.36 * sky * occluded)[:, None]
    return np.asarray(colours * light + 0.35 * shine[:, None], np.float32)


def _shadow(bodies: Sequence[Body], points: Floats, sun: Floats) -> Floats:
    shade = np.ones(len(points), np.float32)
    reach = np.full(len(points), 0.03, np.float32)
    active = np.arange(len(points))
    for _ in range(18):
        away = _nearest(bodies, points[active] + sun * reach[active, None])
        shade[active] = np.minimum(shade[active], np.clip(9 * away / reach[active], 0, 1))
        reach[active] += np.clip(away, 0.04, 0.5)
        active = active[(shade[active] > 0.02) & (reach[active] < 5)]
        if not len(active):
            break
    return shade


def _jpeg(image: Floats) -> bytes:
    noise = np.random.default_rng(7).normal(0, 0.006, image.shape).astype(np.float32)
    toned = np.clip(image / (image * 0.28 + 0.80), 0, 1) ** np.float32(1 / 1.9)
    pixels = (np.clip(toned + noise, 0, 1) * 255).astype(np.uint8)
    picture: Any = pymupdf.Pixmap(pymupdf.csRGB, WIDTH, HEIGHT, pixels.tobytes(), False)  # type: ignore[no-untyped-call]
    return bytes(picture.tobytes("jpeg", jpg_quality=84))
