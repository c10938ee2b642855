"""Scenes with a clip on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.kiosk.view import ClipSeen
from tour.registry import scene

if TYPE_CHECKING:
    from tour.guide import Guide

CLIP = ClipSeen((0.06, 0.55, 0.94, 0.95), 800, 450, 9.0)


@scene("clip")
def _clip(guide: Guide) -> None:
    guide.player.clips = {0: CLIP}
    guide.sign_in()


@scene("clip-plays")
def _plays(guide: Guide) -> None:
    _clip(guide)
    guide.station.do("play")
    guide.settle()


@scene("clip-stands-still")
def _still(guide: Guide) -> None:
    _plays(guide)
    guide.station.do("play")
    guide.settle()
