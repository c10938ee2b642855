"""How people see a colour who lack a kind of cone: Machado, Oliveira, Fernandes, 2009, at full severity."""

from __future__ import annotations

from functools import lru_cache

VISIONS: dict[str, tuple[tuple[float, float, float], ...]] = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900),
    ),
    "achromatopsia": ((0.2126, 0.7152, 0.0722),) * 3,
}  # fmt: skip
"""By name: linear red, green and blue as they are seen, each from the three as they are."""


@lru_cache(maxsize=4096)
def as_seen(colour: str, vision: str) -> str:
    """A ``#rrggbb`` colour as it looks to somebody with this vision."""
    bare = [_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5)]
    mixed = (sum(share * part for share, part in zip(row, bare, strict=True)) for row in VISIONS[vision])
    return "#" + "".join(f"{round(_coded(min(1.0, max(0.0, part))) * 255):02x}" for part in mixed)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _coded(part: float) -> float:
    return part * 12.92 if part <= 0.0031308 else float(1.055 * part ** (1 / 2.4) - 0.055)
