"""Clips on their way to be published: the same pictures, and nothing else of the file; refusals in words."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest

from app.model.errors import NotFound, Refused
from app.pages.clip_list import PLACE, ClipRow, read_clips, write_clips
from app.pages.clips import ClipLimits, MadeClip, make_clip
from app.pages.player import ClipFailed, ClipPlayer, NoRoom
from tests.pages.filming import BALL, GROUND, film, picture, seen

if TYPE_CHECKING:
    from pathlib import Path

SAID = {"title": "CANARY-TITLE", "comment": "CANARY-COMMENT", "location": "+48.1371+011.5754/"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clips")


@pytest.fixture(scope="module")
def source(folder: Path) -> Path:
    return film(folder / "seat-the-cell.mp4", said=SAID, sound=True)


@pytest.fixture(scope="module")
def made(source: Path) -> MadeClip:
    return make_clip(source, 3)


def test_the_pictures_are_published_and_nothing_else_of_the_file(source: Path, made: MadeClip) -> None:
    assert b"CANARY" in source.read_bytes()
    assert (made.width, made.height) == (320, 180)
    assert 950 <= made.ms <= 1050
    with av.open(io.BytesIO(made.data)) as found:
        assert [stream.type for stream in found.streams] == ["video"]
        assert found.streams.video[0].codec_context.name == "vp9"
        assert not set(found.metadata.values()) & set(SAID.values())
    assert b"CANARY" not in made.data
    assert b"48.1371" not in made.data
    told = source.read_bytes()
    parts = [told[at : at + 24] for at in range(0, len(told) - 24, 24)]
    assert not any(part in made.data for part in parts if any(part)), "zeros are nobody's"
    pictures = seen(made.data)
    assert len(pictures) == 30
    for number in (0, 14, 29):
        assert np.abs(pictures[number] - picture(number)).mean() < 6


def test_the_same_film_gives_the_same_clip(source: Path, made: MadeClip) -> None:
    assert make_clip(source, 3) == made


def test_a_film_that_was_held_upright_stands_upright(folder: Path, source: Path) -> None:
    """Cameras note the turn in the track's matrix (ISO 14496-12, 8.3.2): here a quarter turn clockwise."""
    data = bytearray(source.read_bytes())
    flat = b"".join(value.to_bytes(4, "big") for value in (1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30))
    turned = b"".join(
        value.to_bytes(4, "big", signed=True)
        for value in (0, 1 << 16, 0, -(1 << 16), 0, 0, 180 << 16, 0, 1 << 30)
    )
    at = data.index(flat, data.index(b"tkhd"))
    data[at : at + len(flat)] = turned
    path = folder / "upright.mp4"
    path.write_bytes(data)
    found = make_clip(path, 1)
    assert (found.width, found.height) == (180, 320)
    first = seen(found.data)[0]
    assert np.abs(first - np.rot90(picture(0), -1)).mean() < 6


def test_a_webm_of_sixty_pictures_a_second_is_published_with_thirty(folder: Path) -> None:
    path = film(folder / "fast.webm", codec="libvpx", rate=60, pictures=40)
    found = make_clip(path, 1, ClipLimits(side=160))
    assert 19 <= len(seen(found.data)) <= 21
    assert (found.width, found.height) == (160, 90), "larger than what was asked for"


def test_what_is_no_clip_is_refused_with_page_and_cause(folder: Path, source: Path) -> None:
    whole = source.read_bytes()
    cases = {
        "not_clip": b"%PDF-1.7 not a film",
        "clip_broken": whole[: len(whole) // 2],
        "clip_codec": film(folder / "old.mp4", codec="mpeg4").read_bytes(),
    }
    for code, data in cases.items():
        path = folder / f"{code}.mp4"
        path.write_bytes(data)
        with pytest.raises(Refused, match=rf"Page 7: the clip {code}\.mp4") as refused:
            make_clip(path, 7)
        assert (refused.value.code, bool(refused.value.advice)) == (code, True)
    limits = {
        "clip_too_long": ClipLimits(max_ms=400),
        "clip_too_large": ClipLimits(max_bytes=1000),
        "clip_timeout": ClipLimits(seconds=0.001),
    }
    for code, limit in limits.items():
        with pytest.raises(Refused, match="Page 2") as refused:
            make_clip(source, 2, limit)
        assert refused.value.code == code
    with pytest.raises(Refused) as refused:
        make_clip(source, 2, ClipLimits(made_bytes=200))
    assert refused.value.code == "clip_too_large"
    with pytest.raises(NotFound):
        make_clip(folder / "nowhere.mp4", 2)


def test_a_damaged_film_is_published_or_refused_and_never_anything_else(source: Path, folder: Path) -> None:
    data, draw = bytearray(source.read_bytes()), np.random.default_rng(5)
    for at in draw.integers(8, len(data), 40):
        data[at] ^= 1 << int(draw.integers(8))
    path, code = folder / "damaged.mp4", "published"
    path.write_bytes(data)
    try:
        make_clip(path, 1)
    except Refused as refused:
        code = refused.code
    assert code in {"published", "clip_broken", "clip_empty", "clip_size"}


def test_a_clip_plays_from_memory_picture_by_picture(made: MadeClip) -> None:
    name = hashlib.sha256(made.data).hexdigest()
    with ClipPlayer() as player:
        player.open(name, made.data)
        times = []
        at, found = 0, player.next(160, 90, 0)
        while found is not None:
            at, pixels = found
            times.append(at)
            rows = np.frombuffer(pixels.buffer, np.uint8).reshape(90, 160, 4)[..., 2::-1].astype(int)
            if len(times) == 1:
                assert np.abs(rows[20, 10] - BALL).max() < 30
                assert np.abs(rows[80, 150] - GROUND).max() < 30
            pixels.release()
            found = player.next(160, 90, at + 1)
        assert len(times) == 30
        assert times == sorted(set(times))


def test_who_holds_too_many_pictures_gets_none_and_the_end_zeroes_all(made: MadeClip) -> None:
    player = ClipPlayer()
    player.open(hashlib.sha256(made.data).hexdigest(), made.data)
    held = [player.next(160, 90, 0) for _ in range(4)]
    with pytest.raises(NoRoom):
        player.next(160, 90, 0)
    assert held[3] is not None
    assert any(bytes(held[3][1].buffer))
    player.close()
    assert not any(bytes(held[3][1].buffer))
    with pytest.raises(ClipFailed, match="stopped"):
        player.next(160, 90, 0)


def test_what_was_not_published_like_this_does_not_play(made: MadeClip, source: Path) -> None:
    data = source.read_bytes()
    with ClipPlayer() as player, pytest.raises(ClipFailed) as refused:
        player.open(hashlib.sha256(data).hexdigest(), data)
    assert refused.value.code == "clip_unreadable"
    with ClipPlayer() as player, pytest.raises(ClipFailed) as refused:
        player.open("0" * 64, made.data)
    assert refused.value.code == "clip_damaged"


def test_a_list_is_read_as_it_is_written() -> None:
    rows = (ClipRow(3, "seat.mp4", (0.1, 0.2, 0.5, 0.6)), ClipRow(5, "films/close.webm"))
    assert read_clips(write_clips(rows)) == rows
    assert read_clips("page;file\n3;a.mp4\n") == (ClipRow(3, "a.mp4", PLACE),)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("page\n3\n", "must have the columns"),
        ("page,file,left\n3,a.mp4,0\n", "must have the columns"),
        ("", "it is empty"),
        ("page,file\n", "has no rows"),
        ("page,file\nx,a.mp4\n", "page “x” is not a page number"),
        ("page,file\n3,a.gif\n", "not named as an MP4 or WebM"),
        ("page,file\n3,a.mp4\n3,b.mp4\n", "page 3 is there twice"),
        ("page,file,left,top,right,bottom\n3,a.mp4,0,0,2,1\n", "not shares of the page"),
        ("page,file,left,top,right,bottom\n3,a.mp4,0.5,0,0.51,1\n", "too close together"),
        ("page,file,left,top,right,bottom\n3,a.mp4,nan,0,1,1\n", "not shares of the page"),
    ],
)
def test_a_bad_list_is_refused_with_its_lines(text: str, says: str) -> None:
    with pytest.raises(Refused, match=says) as refused:
        read_clips(text)
    assert refused.value.code == "bad_clips"
