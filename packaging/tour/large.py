"""Scenes that there are with large letters only: the menu that the toolbar becomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tour.registry import LARGE
from tour.scenes import SCENES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tour.guide import Guide


def _with_menu(scene: str) -> Callable[[Guide], None]:
    def way(guide: Guide) -> None:
        SCENES[scene](guide)
        guide.station.do("menu")

    return way


LARGE.update({f"{scene}-menu": _with_menu(scene) for scene in ("station", "step", "agreement-read")})
