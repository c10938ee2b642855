"""What the screen for leaked pictures says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.desk.trace_report import NOTHING

if TYPE_CHECKING:
    from pathlib import Path

    from app.desk.tracing import TraceProgress
    from app.wire.desk_trace import TraceReply

TITLE = "Trace a leaked picture"
OPEN = "Trace a picture"
HOW = "Which view does a screenshot or a photo of a screen show? Pictures of one leak are read together."
DROP = "Drop pictures here"
OR = "or press to choose them"
CHOOSE = "Pictures of one leak"
KINDS = "Pictures (*.png *.jpg *.jpeg *.webp *.heic *.heif *.avif *.tif *.tiff *.bmp *.gif);;All files (*)"
PICTURES = "Pictures"
FOUND = "What was found"
PROGRESS = "How far it is"
AGAIN = "Start over"
SAVE = "Save a report …"
WHERE = "Save the report as"
LEAVE = "Back"
READY = "The picture has been read: F7 shows what it says."
NO_FILES = "These are no files of this machine."
UNKNOWN = "It carries a mark of this site, and its view is not told here."


def reading(progress: TraceProgress) -> str:
    """How far it is."""
    return f"Reading {progress.name} …  {progress.done:.0%}.  You may go back meanwhile."


def headline(reply: TraceReply) -> str:
    """The result in a sentence."""
    if not reply.views:
        return UNKNOWN if reply.token else NOTHING
    names = dict.fromkeys(view.name or view.person for view in reply.views)
    pages = dict.fromkeys(
        f"page {'?' if view.page is None else view.page} of {view.document} rev. {view.revision}"
        for view in reply.views
    )
    return f"It shows {', '.join(pages)}, as shown to {', '.join(names)}."


def too_many(most: int) -> str:
    """More pictures than are read together."""
    return f"At most {most} pictures are read together."


def saved(path: Path) -> str:
    """The report lies there."""
    return f"Saved: {path}"
