#!/usr/bin/env python3
"""Renders the pictures of ``press/photos.py`` into ``pictures/``, where they are kept: it takes minutes."""

from __future__ import annotations

from pathlib import Path

from press.photos import PHOTOS, photo


def main() -> None:
    """Render all of them."""
    folder = Path(__file__).with_name("pictures")
    folder.mkdir(exist_ok=True)
    for name in PHOTOS:
        (folder / f"{name}.jpg").write_bytes(photo(name))


if __name__ == "__main__":
    main()
