"""What packaging/dev adds for badge readers on PC/SC: locked by hash, and never in the way of the rest."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "packaging" / "lock-pcsc.txt"


def test_the_lock_pins_what_the_extra_asks_for_and_names_no_host() -> None:
    text = LOCK.read_text(encoding="utf-8")
    assert "://" not in text
    pinned = re.findall(r"^([a-z0-9-]+)==\S+ \\\n    --hash=sha256:", text, re.MULTILINE)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [re.split(r"[^a-z0-9-]", item)[0] for item in project["optional-dependencies"]["pcsc"]]
    assert pinned == asked


def test_nothing_else_needs_it() -> None:
    """pyscard has no wheel, so it must not be among what every machine installs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    everywhere = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    assert not [item for item in everywhere if item.startswith("pyscard")]
    assert "pyscard" not in (ROOT / "packaging" / "lock-dev.txt").read_text(encoding="utf-8")


def test_its_system_packages_are_not_among_those_that_must_be_there() -> None:
    script = (ROOT / "packaging" / "dev").read_text(encoding="utf-8")
    groups = re.search(r"^all_groups=\((.*)\)$", script, re.MULTILINE)
    assert groups is not None
    assert "pcsc" not in groups[1].split()
