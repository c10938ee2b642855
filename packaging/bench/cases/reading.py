"""What a person at a kiosk waits for: turning, jumping, the heaviest page, the tap. Key press to painted."""

from __future__ import annotations

import json
import os
import time
from typing import TYPE_CHECKING

from bench import Result, Samples, bench
from bench.rig import rig
from bench.workspace import scratch

if TYPE_CHECKING:
    from typing import Any

FRAME_MS = 1000 / 60
PINCH_MS = 1000 / 30


def _samples(found: dict[str, Any], name: str = "seconds") -> Samples:
    return Samples(tuple(found[name]))


def _turn(name: str) -> Result:
    place = rig().place(name)
    taken = _samples(place.drive("turn", place.badge, "220"))
    return Result(
        taken.p99 * 1e3,
        against=FRAME_MS,
        samples=taken,
        more={"median ms": taken.median * 1e3, "p95 ms": taken.p95 * 1e3},
    )


def _jump(name: str, *, anew: bool = False) -> Result:
    """The yardstick opens the published page from memory and draws it at the same size, in one process."""
    place = rig().place(name)
    found = place.drive("jump", place.badge, "60", str(rig().split(name)), "anew" if anew else "")
    taken, raw = _samples(found), _samples(found, "raw")
    return Result(
        taken.median * 1e3,
        against=raw.median * 1e3,
        samples=taken,
        more={"p95 ms": taken.p95 * 1e3, "raw p95 ms": raw.p95 * 1e3},
    )


def _recorded(mode: str, *words: str) -> Result:
    """Both ways by turns, in the same minutes."""
    place = rig().place("demo")
    with_them, without = list[float](), list[float]()
    for _ in range(4):
        with_them += place.drive(mode, place.badge, *words)["seconds"]
        without += place.drive(f"unrecorded:{mode}", place.badge, *words)["seconds"]
    taken, bare = Samples(tuple(with_them)), Samples(tuple(without))
    return Result(
        taken.median * 1e3,
        against=bare.median * 1e3,
        samples=taken,
        more={"added ms": (taken.median - bare.median) * 1e3, "one synchronous write ms": _one_write() * 1e3},
    )


def _one_write() -> float:
    """What 4 KB take to the disk and nothing else, in seconds, median: no record that outlives a power cut
    comes sooner."""
    block, taken = bytes(4096), list[float]()
    with scratch() as folder, (folder / "raw").open("wb", buffering=0) as file:
        os.pwrite(file.fileno(), bytes(8 * len(block)), 0)
        os.fsync(file.fileno())
        for turn in range(100):
            time.sleep(0.02)  # as between two turns the machine rests
            began = time.perf_counter()
            os.pwrite(file.fileno(), block, turn % 8 * len(block))
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - began)
    return Samples(tuple(taken)).median


def _heavy(name: str, by: str = "paths", *, anew: bool = False) -> Result:
    place = rig().place(name)
    pages = json.loads((rig().split(name) / "pages.json").read_text(encoding="utf-8"))[by]
    number = max(pages, key=lambda page: float(pages[page]))
    words = place.badge, "15", str(place.cast.shown.pdf), number, "anew" if anew else ""
    found = place.drive("heavy", *words)
    taken, raw = _samples(found), _samples(found, "raw")
    return Result(taken.median * 1e3, against=raw.median * 1e3, samples=taken, more={"page": float(number)})


def _tap(name: str) -> Result:
    place = rig().place(name)
    taken = _samples(place.drive("tap", place.badge, "25"))
    return Result(taken.p95 * 1e3, samples=taken, more={"median ms": taken.median * 1e3})


@bench("pinch-open", against="a frame at 30 a second, p99", to_reach=1.0)
def pinch_open() -> Result:
    """Zooming with two fingers on the heaviest pages of a real manual, by strokes and by cost: from one frame
    to the next while the fingers move."""
    place = rig().place("open")
    pages = json.loads((rig().split("open") / "pages.json").read_text(encoding="utf-8"))
    found = dict[str, Samples]()
    for by, heavy in pages.items():
        number = max(heavy, key=lambda page, heavy=heavy: float(heavy[page]))  # type: ignore[misc]
        found[by] = _samples(place.drive("pinch", place.badge, "20", number))
    worst = max(found.values(), key=lambda samples: samples.p99)
    more = {f"frames a second, {by}": 1 / (sum(s.seconds) / len(s.seconds)) for by, s in found.items()}
    return Result(
        worst.p99 * 1e3,
        against=PINCH_MS,
        samples=worst,
        more={**more, "slowest ms": max(worst.seconds) * 1e3},
    )


@bench("page-turn", against="one 60 Hz frame, p99", to_reach=1.0)
def page_turn() -> Result:
    """Next or previous page, drawn ahead: key press to painted, p99."""
    return _turn("demo")


@bench("page-turn-open", against="one 60 Hz frame, p99", to_reach=1.0)
def page_turn_open() -> Result:
    """The same with a real manual."""
    return _turn("open")


@bench("page-turn-recorded", against="without journal and wire, median", to_reach=1.1)
def page_turn_recorded() -> Result:
    """What the journal and the wire add to a page turn that was drawn ahead."""
    return _recorded("turn", "60")


@bench("far-jump-recorded", against="without journal and wire, median", to_reach=1.1)
def far_jump_recorded() -> Result:
    """What they add to a page that is not near."""
    return _recorded("jump", "40", str(rig().split("demo")), "")


@bench("far-jump-anew-recorded", against="without journal and wire, median", to_reach=1.1)
def far_jump_anew_recorded() -> Result:
    """What they add to a page for which nothing was done ahead."""
    return _recorded("jump", "40", str(rig().split("demo")), "anew")


@bench("far-jump", against="raw MuPDF render, median", to_reach=1.25)
def far_jump() -> Result:
    """A page that is not near, as it is met in a session: what was not done ahead of need, mark, paint."""
    return _jump("demo")


@bench("far-jump-open", against="raw MuPDF render, median", to_reach=1.25)
def far_jump_open() -> Result:
    """The same with a real manual."""
    return _jump("open")


@bench("far-jump-anew", against="raw MuPDF render, median")
def far_jump_anew() -> Result:
    """A page that the worker was not given yet (the station has more than it holds): nothing is demanded."""
    return _jump("demo", anew=True)


@bench("far-jump-anew-open", against="raw MuPDF render, median")
def far_jump_anew_open() -> Result:
    """The same with a real manual."""
    return _jump("open", anew=True)


@bench("heaviest-page", against="pdfium on the original page, median", to_reach=1.0)
def heaviest_page() -> Result:
    """The page with most strokes and curves, as published: to painted."""
    return _heavy("demo")


@bench("heaviest-page-open", against="pdfium on the original page, median", to_reach=1.0)
def heaviest_page_open() -> Result:
    """The same with a real manual."""
    return _heavy("open")


@bench("heaviest-page-anew", against="pdfium on the original page, median")
def heaviest_page_anew() -> Result:
    """The same with nothing done ahead of need: read, unsealed and drawn at that moment."""
    return _heavy("demo", anew=True)


@bench("heaviest-page-anew-open", against="pdfium on the original page, median")
def heaviest_page_anew_open() -> Result:
    """The same with a real manual."""
    return _heavy("open", anew=True)


@bench("costliest-page-open", against="pdfium on the original page, median")
def costliest_page_open() -> Result:
    """The page of a real manual that costs most, for its photographs: nothing is demanded, it is watched."""
    return _heavy("open", "ms")


@bench("tap-to-page", to_reach=400.0)
def tap_to_page() -> Result:
    """Badge to first page, everything in the cache, Argon2id included, p95."""
    return _tap("demo")


@bench("tap-to-page-open", to_reach=400.0)
def tap_to_page_open() -> Result:
    """The same with a real manual."""
    return _tap("open")
