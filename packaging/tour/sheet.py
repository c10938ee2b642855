"""The contact sheet: one HTML file with every picture, a row for each scene."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_STYLE = """
body { font: 16px sans-serif; margin: 2rem; background: #fff; color: #111; }
h2 { margin: 2.5rem 0 .5rem; font-size: 1.1rem; }
.row { display: flex; flex-wrap: wrap; gap: 1rem; }
figure { margin: 0; width: 30%; min-width: 20rem; }
img { width: 100%; border: 1px solid #888; }
.found { color: #8c0f14; font-weight: bold; }
"""


def write_sheet(
    folder: Path, pictures: Sequence[tuple[str, str, str]], found: Mapping[str, Sequence[str]]
) -> Path:
    """Write ``index.html`` in ``folder``.

    ``pictures`` are (scene, caption, file); ``found`` is what the checks say of a file.
    """
    parts = [
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Tour</title><style>{_STYLE}</style>'
    ]
    parts.append(f"<h1>Every screen of the kiosk: {len(pictures)} pictures</h1>")
    for scene in dict.fromkeys(scene for scene, _, _ in pictures):
        parts.append(f'<h2>{escape(scene)}</h2><div class="row">')
        for _, caption, name in (picture for picture in pictures if picture[0] == scene):
            faults = "".join(f'<div class="found">{escape(fault)}</div>' for fault in found.get(name, ()))
            told = escape(f"{scene}, {caption}")
            parts.append(
                f'<figure><a href="{name}"><img loading="lazy" alt="{told}" src="{name}"></a>'
                f"<figcaption>{escape(caption)}{faults}</figcaption></figure>"
            )
        parts.append("</div>")
    path = folder / "index.html"
    path.write_text("\n".join([*parts, "</html>"]), encoding="utf-8")
    return path
