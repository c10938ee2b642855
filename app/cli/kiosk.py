"""``stationleaf kiosk``: run this machine as a station kiosk, or enrol it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli.kiosk_enrol import build_enrol

if TYPE_CHECKING:
    import argparse


def build(parser: argparse.ArgumentParser) -> None:
    """Add the verbs."""
    build_enrol(parser.add_subparsers(dest="verb", required=True, metavar="VERB"))
