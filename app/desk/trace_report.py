"""What a trace found, in words: line by line, and as a report that an investigator can file."""

from __future__ import annotations

import io
from datetime import UTC
from typing import TYPE_CHECKING

from app.mark.keys import Place

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import numpy as np
    from numpy.typing import NDArray

    from app.desk.tracing import Pictured
    from app.wire.desk_trace import TracedView, TraceReply

    Lines = list[tuple[str, str]]

NOTHING = "No mark of this site was found: the picture says nothing about who took it."
CHANCE = (
    "A token is reported only if its 24-bit keyed check holds and its code agrees with the picture. At most "
    "768 words are tried for a picture (16 for each of 48 ways to look at it), so by the check alone one "
    "without a mark passes by chance in fewer than one of 21,000 cases, and its code must besides agree to "
    "0.58; it accuses somebody only if that token, of 2^64, is also the place of a view on record."
)
COMPARED = (
    "No token can be read: several people's pictures of the page were joined into this one, or it is poor. "
    "It was compared with the views on record, and these are in it. The bound on the probability that "
    "anybody is named who is not is computed for this picture and all views that were tried (Chernoff's "
    "bound of a keyed sequence)."
)
LIMITS = (
    "The mark names the view that was on the screen, and who had signed in there. It does not say who held "
    "the camera. Whoever has pictures of somebody else's screen can lay its pattern over another page."
)
NOT_ON_RECORD = "not on record at this hub: not handed in by its kiosk yet, or another hub's"
NOT_YOURS = "not of a page of your clients, or not on record at this hub"


def said(reply: TraceReply, *, looked_up: bool = True, audits: bool = False) -> Lines:
    """What was found, by name and value; nothing: no lines. ``audits``: it is told to an auditor."""
    lines: Lines = []
    if reply.token:
        place = Place.of(int(reply.token, 16))
        lines += [
            ("View token", reply.token),
            ("Confidence", f"{reply.confidence / 1000:.2f} (1 is a perfect copy; the keyed check holds)"),
            ("It says", f"kiosk tag {place.tag:06x}, epoch {place.epoch}, event number {place.seq}"),
        ]
        if looked_up and not reply.views:
            lines.append(("View", NOT_YOURS if audits else NOT_ON_RECORD))
    elif reply.views:
        count = len(reply.views)
        lines += [
            ("Compared", f"with {reply.tried} views on record; {count} can be named for certain"),
            ("Chance", f"that anybody is named who is not in it: at most 1 in {reply.odds:,}"),
        ]
    for view in reply.views:
        lines += _view(view)
    return lines


def _view(view: TracedView) -> Lines:
    return [
        ("Page", f"{view.document} rev. {view.revision}, page {'?' if view.page is None else view.page}"),
        ("Shown to", f"{view.person} {view.name}".strip()),
        ("At", f"{view.station} {view.station_name}, kiosk {view.kiosk}"),
        ("On", on(_shown_time(view.when), announced=view.announced)),
        ("Event", f"{view.kiosk}, epoch {view.epoch}, number {view.seq}"),
        ("In the log", _in_log(view)),
    ]


def on(time: str, *, announced: bool) -> str:
    """When a view was, in words: that it would follow may be all that the kiosk could note."""
    if announced:
        return f"after {time} (the kiosk's time: it stopped before it noted the moment)"
    return f"{time} (the kiosk's time)"


def _in_log(view: TracedView) -> str:
    if view.entry is None:
        return "not yet"
    whose = f"the log of client {view.client}" if view.log.split("/")[3:4] == ["client"] else "the site's log"
    return f"entry {view.entry} of {view.size} of {whose}: the inclusion proof holds"


def report(
    reply: TraceReply,
    lines: Lines,
    pictures: Sequence[Pictured],
    flat: NDArray[np.uint8] | None,
    now: datetime,
) -> bytes:
    """The PDF: what was found, its statistics, the pictures, and one seen from straight ahead."""
    from app.pages.trace_report import report as drawn

    files = [
        (f"File {at}", f"{one.name}, SHA-256 {one.digest}") for at, one in enumerate(pictures, 1)
    ]  # fmt: skip
    made = [("Report of", _shown_time(now)), *(lines or [("Found", NOTHING)]), *files]
    if reply.token and reply.pilot:
        made.append(("Pilot", f"stands out by {reply.pilot / 1000:.1f} deviations"))
    made += [
        (f"Log {at}", f"{view.log}, {view.size} entries, root {view.root}")
        for at, view in enumerate(reply.views, 1)
        if view.entry is not None
    ]
    ahead = [] if flat is None else [("Seen from straight ahead", _jpeg(flat))]
    notes = (COMPARED if reply.views and not reply.token else CHANCE), LIMITS
    shown = [(one.name, _jpeg(one.grey)) for one in pictures]
    return drawn("Trace of a leaked picture", made, notes, [*shown, *ahead])


def _jpeg(picture: NDArray[np.uint8]) -> bytes:
    from PIL import Image

    data = io.BytesIO()
    image = Image.fromarray(picture)
    image.thumbnail((2000, 2000))
    image.save(data, "JPEG", quality=85)
    return data.getvalue()


def _shown_time(time: datetime) -> str:
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z"
