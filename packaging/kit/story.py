"""The whole story of a plant, played with real processes and looked at from outside.

Each step says what was expected and what was seen, keeps a numbered screenshot, and is written to
``story.json`` at once: a story that breaks off leaves what it had.
"""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from kit.processes import KitError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kit.stand import Stand

Answer = tuple[bool, str]


@dataclass(frozen=True)
class Step:
    """One entry of ``story.json``."""

    step: str
    expected: str
    seen: str
    ok: bool
    seconds: float


class Story:
    """Plays steps and keeps the record in ``out``; ``say`` is told how each went."""

    def __init__(self, out: Path, say: Callable[[str], None]) -> None:
        self.out, self.say = out, say
        self.steps: list[Step] = []
        out.mkdir(parents=True, exist_ok=True)
        for old in [*out.glob("[0-9][0-9]-*.png"), out / "story.json"]:
            old.unlink(missing_ok=True)

    @property
    def ok(self) -> bool:
        """Whether there were steps and all were as expected."""
        return bool(self.steps) and all(step.ok for step in self.steps)

    def play(self, name: str, expected: str, act: Callable[[], Answer], stand: Stand | None = None) -> bool:
        """Play one step; a part that fails is a step that is not ok, and the story goes on."""
        begun = time.monotonic()
        try:
            ok, seen = act()
        except KitError as error:
            ok, seen = False, str(error)
        seconds = time.monotonic() - begun
        self.steps.append(Step(name, expected, seen, ok, round(seconds, 3)))
        if stand is not None:
            stand.display.picture(self.out / f"{len(self.steps):02}-{name}.png")
        self._write()
        self.say(f"{'ok  ' if ok else 'FAIL'} {len(self.steps):02} {name} ({seconds:.1f} s): {seen}")
        return ok

    def keep(self, *files: Path) -> None:
        """Keep logs beside the record, for whoever looks why something failed."""
        for file in files:
            if file.is_file():
                shutil.copy(file, self.out / file.name)

    def _write(self) -> None:
        text = json.dumps([asdict(step) for step in self.steps], indent=1, ensure_ascii=False)
        (self.out / "story.json").write_text(text + "\n", encoding="utf-8")
