"""Reads the screen's texts into ``resources/translations/*.ts`` and packs those into ``.qm``, by Qt's tools.

Both are kept in the repository: a kiosk is installed without Qt's translation tools.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "resources" / "translations"
SOURCES = ("app/ui/words.py", "app/ui/sayings.py", "app/ui/sayings_trouble.py", "app/ui/desk_words.py")
LANGUAGES = ("es", "zh", "ms")


def main() -> int:
    """Update both, for every language; texts without a translation are counted by the tools."""
    tools = Path(sys.executable).parent
    for language in LANGUAGES:
        catalogue = FOLDER / f"stationleaf_{language}.ts"
        read: list[str | Path] = [
            tools / "pyside6-lupdate",
            *SOURCES,
            "-locations",
            "none",
            "-no-obsolete",
            "-ts",
            catalogue,
        ]
        subprocess.run(read, cwd=ROOT, check=True)
        pack(catalogue, catalogue.with_suffix(".qm"))
    return 0


def pack(catalogue: Path, packed: Path) -> None:
    """Make the file that the program reads."""
    tool = Path(sys.executable).parent / "pyside6-lrelease"
    subprocess.run([tool, catalogue, "-qm", packed], cwd=ROOT, check=True)


if __name__ == "__main__":
    sys.exit(main())
