"""Clips at publishing: made anew in a limited process, sealed like pages, stored with their page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.hub.schema_clips import ClipRow
from app.model.errors import Refused
from app.pages.clips import make_clip
from app.seal.encoding import sha256
from app.wire.lease import REGION_SCALE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from sqlalchemy.orm import Session

    from app.hub.waiting import Sealed, Waiting
    from app.pages.clip_list import ClipRow as ClipTold


@dataclass(frozen=True)
class Clip:
    """A clip to be published: its page, its file, and where on the page it plays, as shares."""

    page: int
    file: Path
    place: tuple[float, float, float, float]


@dataclass(frozen=True, repr=False)
class SealedClip:
    """A clip whose ciphertext waits."""

    page: int
    box: Sealed
    width: int
    height: int
    ms: int
    place: tuple[float, float, float, float]


def found_in(folder: Path, rows: Iterable[ClipTold]) -> tuple[Clip, ...]:
    """The clips of a list that lies in ``folder``, by page."""
    return tuple(
        Clip(row.page, folder / row.file, row.place) for row in sorted(rows, key=lambda row: row.page)
    )


def told_apart(clips: Sequence[Clip], hash_of: Callable[[Path], str]) -> str:
    """A hash of what the clips are and where they play, whatever their files are called; "" for none."""
    said = [
        f"{clip.page} {' '.join(f'{side:g}' for side in clip.place)} {hash_of(clip.file)}" for clip in clips
    ]
    return sha256("\n".join(said).encode()) if said else ""


def seal_clips(
    clips: Sequence[Clip],
    waiting: Waiting,
    wanted: Callable[[int], bool],
    on_progress: Callable[[int, int, str], None],
) -> list[SealedClip]:
    """Make and seal the clips of those pages that are ``wanted``.

    Raises:
        Refused, NotFound, Unavailable: a clip cannot be published, or its file not be read.
    """
    found = []
    for number, clip in enumerate(clips):
        if wanted(clip.page):
            on_progress(number, len(clips), f"clip of page {clip.page}")
            made = make_clip(clip.file, clip.page)
            box = waiting.seal(made.data, f"The clip of page {clip.page}")
            found.append(SealedClip(clip.page, box, made.width, made.height, made.ms, clip.place))
    return found


def check_clips(clips: Iterable[Clip], pages: int, name: str) -> None:
    """Refuse a list (``clips_beyond``) that names pages which the document ``name`` does not have."""
    beyond = next((clip for clip in clips if clip.page > pages), None)
    if beyond is not None:
        raise Refused(
            f"The list of clips has one for page {beyond.page}, but {name} has {pages} pages.",
            advice="Check that the list belongs to this file.",
            code="clips_beyond",
        )


def store_clips(
    session: Session, clips: Iterable[SealedClip], waiting: Waiting, row_of: Callable[[int], int]
) -> None:
    """Store the clips; ``row_of`` knows the row of a page by its number."""
    for clip in clips:
        waiting.store(session, clip.box)
        left, top, right, bottom = (round(side * REGION_SCALE) for side in clip.place)
        session.add(
            ClipRow(
                page=row_of(clip.page),
                clip=clip.box.plain,
                blob=clip.box.blob,
                key=clip.box.key,
                width=clip.width,
                height=clip.height,
                ms=clip.ms,
                left=left,
                top=top,
                right=right,
                bottom=bottom,
            )
        )
