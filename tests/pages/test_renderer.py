"""The renderer as the kiosk uses it: real worker, real pixels, and what holds when the worker does not."""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pymupdf
import pytest

from app.pages import renderer as module
from app.pages.picture import RenderFailed, RenderRequest
from app.pages.renderer import Renderer

if TYPE_CHECKING:
    from collections.abc import Iterator

A4 = (595, 842)


def _page(words: str = "ST-040", colour: tuple[float, float, float] = (1, 0, 0)) -> tuple[str, bytes]:
    document = pymupdf.open()
    page = document.new_page(width=A4[0], height=A4[1])
    page.draw_rect((0, 0, A4[0], A4[1] / 2), color=None, fill=colour)
    page.insert_text((60, 600), words, fontsize=30)
    data = bytes(document.tobytes(no_new_id=True))
    return hashlib.sha256(data).hexdigest(), data


@pytest.fixture
def renderer() -> Iterator[Renderer]:
    with Renderer(slots=3, max_bytes=32 << 20) as one:
        yield one


def _put(renderer: Renderer, words: str = "ST-040") -> str:
    name, data = _page(words)
    renderer.put(name, data)
    return name


def _rss_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def test_pixels_are_the_page_in_the_order_that_qt_takes(renderer: Renderer) -> None:
    name = _put(renderer)
    with renderer.render(RenderRequest(name, 1000, 842)) as pixels:
        assert (pixels.width, pixels.height, pixels.stride) == (595, 842, 595 * 4)
        rows = np.frombuffer(pixels.buffer, dtype=np.uint8).reshape(842, 595, 4)
        assert tuple(rows[100, 100, :3]) == (0, 0, 255)  # blue, green, red: the rectangle is red
        assert tuple(rows[800, 100, :3]) == (255, 255, 255)
        del rows


def test_a_clip_of_a_zoomed_page_is_that_part_of_it(renderer: Renderer) -> None:
    name = _put(renderer)
    whole = renderer.render(RenderRequest(name, 595, 842, zoom=2.0))
    part = renderer.render(RenderRequest(name, 595, 842, zoom=2.0, clip=(100, 1150, 400, 1250)))
    assert (whole.width, whole.height, part.width, part.height) == (1190, 1684, 300, 100)
    all_rows = np.frombuffer(whole.buffer, dtype=np.uint8).reshape(1684, 1190, 4)
    rows = np.frombuffer(part.buffer, dtype=np.uint8).reshape(100, 300, 4)
    assert np.array_equal(rows[..., :3], all_rows[1150:1250, 100:400, :3])
    del all_rows, rows


def test_bytes_that_are_not_the_page_are_not_taken(renderer: Renderer) -> None:
    name, data = _page()
    with pytest.raises(RenderFailed) as failed:
        renderer.put(name, data + b"\n")
    assert failed.value.code == "page_damaged"


def test_what_is_no_page_is_unreadable_and_the_next_page_draws(renderer: Renderer) -> None:
    two = pymupdf.open()
    two.new_page()
    two.new_page()
    for data in (b"no pdf at all", two.tobytes()):
        with pytest.raises(RenderFailed) as failed:
            renderer.put(hashlib.sha256(data).hexdigest(), data)
        assert failed.value.code == "page_unreadable"
    renderer.render(RenderRequest(_put(renderer), 100, 100)).release()


def test_a_killed_worker_is_replaced_and_the_page_draws_again(renderer: Renderer) -> None:
    name = _put(renderer)
    renderer.render(RenderRequest(name, 100, 100)).release()
    pid = renderer.worker_pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 30
    while renderer.holds(name) and time.monotonic() < deadline:
        time.sleep(0.01)
    with pytest.raises(RenderFailed) as failed:
        renderer.render(RenderRequest(name, 100, 100))
    assert failed.value.code == "page_not_loaded"
    assert _put(renderer) == name
    renderer.render(RenderRequest(name, 100, 100)).release()
    assert renderer.worker_pid not in (None, pid)


def test_a_page_that_overruns_twice_is_refused_and_others_go_on() -> None:
    document = pymupdf.open()
    page = document.new_page(width=2000, height=2000)
    lines = "".join(f"{i % 1999} 0 m {(i * 7) % 1999} 2000 l S\n" for i in range(60_000))
    number = document.get_new_xref()
    document.update_object(number, "<<>>")
    document.update_stream(number, lines.encode())
    document.xref_set_key(page.xref, "Contents", f"{number} 0 R")
    data = bytes(document.tobytes())
    name = hashlib.sha256(data).hexdigest()
    with Renderer(seconds=1.0, max_bytes=64 << 20) as renderer:
        good = _put(renderer)
        codes = []
        for _ in range(2):
            begun = time.monotonic()
            renderer.put(name, data)
            with pytest.raises(RenderFailed) as failed:
                renderer.render(RenderRequest(name, 3000, 3000))
            codes.append(failed.value.code)
            assert time.monotonic() - begun < 20
        assert codes == ["worker_died", "page_refused"]
        assert not renderer.holds(good)
        renderer.render(RenderRequest(_put(renderer), 100, 100)).release()
        with pytest.raises(RenderFailed) as failed:
            renderer.put(name, data)
        assert failed.value.code == "page_refused"


def test_a_picture_larger_than_the_memory_is_refused(renderer: Renderer) -> None:
    name = _put(renderer)
    with pytest.raises(RenderFailed) as failed:
        renderer.render(RenderRequest(name, 8000, 8000))
    assert failed.value.code == "page_too_large"


def test_pictures_that_are_held_are_counted_and_released_ones_are_not(renderer: Renderer) -> None:
    name = _put(renderer)
    held = [renderer.render(RenderRequest(name, 100, 100)) for _ in range(3)]
    with pytest.raises(RenderFailed) as failed:
        renderer.render(RenderRequest(name, 100, 100))
    assert failed.value.code == "no_slot"
    held.pop().release()
    renderer.render(RenderRequest(name, 100, 100)).release()
    for pixels in held:
        pixels.release()


def test_forgetting_blackens_what_is_shown_and_ends_the_worker(renderer: Renderer) -> None:
    name = _put(renderer)
    pixels = renderer.render(RenderRequest(name, 400, 400))
    pid = renderer.worker_pid
    assert any(pixels.buffer)
    renderer.forget()
    assert not any(pixels.buffer)
    assert not renderer.holds(name)
    with pytest.raises(ProcessLookupError):
        os.kill(pid or 0, 0)
    pixels.release()


def test_forgetting_one_page_leaves_the_other(renderer: Renderer) -> None:
    first, second = _put(renderer, "one"), _put(renderer, "two")
    a, b = (renderer.render(RenderRequest(name, 200, 200)) for name in (first, second))
    renderer.forget([first])
    assert not any(a.buffer)
    assert any(b.buffer)
    assert not renderer.holds(first)
    assert renderer.holds(second)
    a.release()
    b.release()


def test_after_a_lock_a_warm_worker_stands_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SPARE_AFTER", 0.01)
    with Renderer(max_bytes=32 << 20) as renderer:
        name = _put(renderer)
        renderer.render(RenderRequest(name, 100, 100)).release()
        deadline = time.monotonic() + 10
        while renderer._spare is None and time.monotonic() < deadline:
            time.sleep(0.01)
        assert renderer._spare is not None
        spare = renderer._spare.pid
        renderer.forget()
        assert renderer.worker_pid == spare
        renderer.render(RenderRequest(_put(renderer), 100, 100)).release()


def test_nothing_runs_after_closing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SPARE_AFTER", 0.0)
    renderer = Renderer(max_bytes=32 << 20)
    renderer.start()
    name = _put(renderer)
    renderer.render(RenderRequest(name, 100, 100)).release()
    time.sleep(0.2)
    pids = [pid for pid in (renderer.worker_pid, renderer._spare and renderer._spare.pid) if pid]
    renderer.close()
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    with pytest.raises(RenderFailed) as failed:
        renderer.render(RenderRequest(name, 100, 100))
    assert failed.value.code == "renderer_closed"


def test_a_worker_holds_few_pages_and_the_newest() -> None:
    with Renderer(max_bytes=32 << 20, loaded_pages=3) as renderer:
        names = [_put(renderer, f"page {number}") for number in range(5)]
        assert [renderer.holds(name) for name in names] == [False, False, True, True, True]
        renderer.render(RenderRequest(names[2], 100, 100)).release()
        _put(renderer, "one more")
        assert [renderer.holds(name) for name in names] == [False, False, True, False, True]


def test_a_page_that_was_read_ahead_looks_the_same() -> None:
    with Renderer(max_bytes=32 << 20) as renderer:
        name = _put(renderer)
        request = RenderRequest(name, 300, 200)
        with renderer.render(request) as pixels:
            expected = bytes(pixels.buffer)
        renderer.forget()
        with pytest.raises(RenderFailed) as failed:
            renderer.read(request)
        assert failed.value.code == "page_not_loaded"
        _put(renderer)
        renderer.read(request)
        with renderer.render(request) as pixels:
            assert bytes(pixels.buffer) == expected


def test_more_pages_read_ahead_than_are_kept_still_draw() -> None:
    with Renderer(max_bytes=32 << 20, loaded_pages=60) as renderer:
        names = [_put(renderer, f"page {number}") for number in range(60)]
        for name in names:
            renderer.read(RenderRequest(name, 100, 100))
        for name in (names[0], names[59]):
            renderer.render(RenderRequest(name, 100, 100)).release()


def test_three_hundred_pages_cost_no_more_than_thirty() -> None:
    pages = [_page(f"page {number}", (number / 40, 0.5, 0.5)) for number in range(40)]
    with Renderer(slots=4, max_bytes=64 << 20, loaded_bytes=64 << 10) as renderer:
        sizes = {}
        for turn in range(1, 301):
            name, data = pages[turn % 40]
            renderer.put(name, data)
            renderer.render(RenderRequest(name, 800, 600)).release()
            if turn in (30, 300):
                sizes[turn] = _rss_mb(renderer.worker_pid or 0) + _rss_mb(os.getpid())
        assert sizes[300] <= 1.1 * sizes[30]


def _open_files(pid: int) -> set[str]:
    found = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            found.add(str(link.readlink()))
    return found


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux /proc")
def test_the_worker_has_no_file_no_network_and_no_way_to_write(renderer: Renderer) -> None:
    name = _put(renderer)
    renderer.render(RenderRequest(name, 100, 100)).release()
    pid = renderer.worker_pid or 0
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    limits = Path(f"/proc/{pid}/limits").read_text(encoding="ascii")
    assert "Seccomp:\t2" in status
    assert "NoNewPrivs:\t1" in status
    for what in ("Max file size", "Max core file size"):
        line = next(line for line in limits.splitlines() if line.startswith(what))
        assert line.removeprefix(what).split()[:2] == ["0", "0"]
    kinds = {target.split(":")[0] for target in _open_files(pid)}
    assert kinds <= {"pipe", "/memfd", "/dev/null"}
