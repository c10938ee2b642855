"""The main job, end to end: the demo's story with real processes, looked at once more from outside."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from kit.cast import demo_cast
from kit.chapters import needs
from kit.eyes import Eyes

ROOT = Path(__file__).parents[2]
MUST = {
    *("locked", "badge-in", "watermark", "own-pages", "far-jump", "zoom", "unknown-badge", "not-assigned"),
    *("no-agreement", "unplugged", "offline-turns", "offline-other-badge", "plugged-in", "events", "leak"),
    *("reassigned", "reassigned-admitted", "hub-killed", "hub-back", "events-again", "idle-locked"),
    *("offline-admission", "admission-judged", "break-glass", "glass-over"),
    *("client-locked", "client-unreachable", "client-reached", "client-restored"),
    *("lockdown", "purged", "blocked-badge", "watchdog-K-1", "watchdog-K-2"),
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    missing = needs()
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)} (packaging/dev setup installs them)")
    out = tmp_path_factory.mktemp("story")
    words = [sys.executable, str(ROOT / "packaging" / "demo.py"), "--headless", "--out", str(out)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    return out


def test_every_step_is_as_expected_and_none_is_left_out(told: Path) -> None:
    steps = json.loads((told / "story.json").read_text(encoding="utf-8"))
    assert [step for step in steps if not step["ok"]] == []
    assert {step["step"] for step in steps} >= MUST
    assert all(step.keys() == {"step", "expected", "seen", "ok", "seconds"} for step in steps)


def test_the_pictures_show_it(told: Path, tmp_path: Path) -> None:
    """A signed-in screen has page and watermark in all quarters; a locked one has no trace of any page."""
    eyes = Eyes(demo_cast(tmp_path).known())
    (signed_in,) = told.glob("[0-9][0-9]-badge-in.png")
    seen = eyes.look(signed_in)
    assert seen.recognised
    assert min(eyes.watermark(signed_in, seen)) > 0.002
    for name in ("locked", "idle-locked", "unknown-badge", "not-assigned", "lockdown", "blocked-badge"):
        (locked,) = told.glob(f"[0-9][0-9]-{name}.png")
        assert not eyes.look(locked).recognised, name
