"""The scenes of the tour by name; the modules that hold them put them here."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tour.guide import Guide

LARGE: dict[str, Callable[[Guide], None]] = {}
"""Those that there are with large letters only, by name."""
SCENES: dict[str, Callable[[Guide], None]] = {}
"""By name."""


def scene(name: str) -> Callable[[Callable[[Guide], None]], Callable[[Guide], None]]:
    """Put a scene here."""

    def note(way: Callable[[Guide], None]) -> Callable[[Guide], None]:
        SCENES[name] = way
        return way

    return note
