"""``stationleaf trace``: which view a screenshot or a photo of a screen shows."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from app.cli.admin_base import AS_VARIABLE, Progress, clean, office, shown_time
from app.cli.files import write_new
from app.cli.pictures import luminance
from app.cli.trace_bundle import views
from app.mark.keys import Place
from app.model.errors import Refused
from app.seal.encoding import sha256

if TYPE_CHECKING:
    import argparse

    import numpy as np
    from numpy.typing import NDArray

    from app.hub.traces import Traced
    from app.mark.read import Looked, Reading

    Grey: TypeAlias = NDArray[np.uint8]

CHANCE = (
    "A token is reported only if its 24-bit keyed check holds and its code agrees with the picture. At most "
    "480 words are tried for a picture (16 for each of 30 ways to look at it), so by the check alone one "
    "without a mark passes by chance in fewer than one of 34,000 cases, and its code must besides agree to "
    "0.58; it accuses somebody only if that token, of 2^64, is also the place of a view on record."
)
JOINED = (
    "No token can be read: several people's pictures of the page were joined into this one. The views on "
    "record were tried, and these are in it. The bound on the probability that anybody is named who is not "
    "is computed for this picture and all views that were tried (Chernoff's bound of a keyed sequence)."
)
LIMITS = (
    "The mark names the view that was on the screen, and who had signed in there. It does not say who held "
    "the camera. Whoever has pictures of somebody else's screen can lay its pattern over another page."
)


def build(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = (
        "Several pictures are taken as pictures of one view. The mark is read with the site's mark key:\n"
        "from the hub's folder, or from a file that --write-key wrote. Exit code 1: no mark was found.\n\n"
        "examples:\n  stationleaf trace photo.jpg --hub plant/\n"
        "  stationleaf trace photo.jpg --key mark.key --bundle helio.zip --bundle-key helio.vkey"
    )
    parser.add_argument(
        "images", nargs="*", type=Path, metavar="IMAGE", help="PNG, JPEG, WebP, AVIF, TIFF, HEIC …"
    )
    parser.add_argument("--hub", type=Path, metavar="DIR", help="the hub's folder; also looks up the event")
    parser.add_argument(
        "--as",
        dest="acting",
        default=os.environ.get(AS_VARIABLE, ""),
        metavar="PERSON",
        help="who asks, with --hub: every trace is on record (quality, auditor or administrator)",
    )
    parser.add_argument("--key", type=Path, metavar="FILE", help="the site's mark key, without a hub")
    parser.add_argument(
        "--write-key", type=Path, metavar="FILE", help="write the hub's mark key, for an investigator (0600)"
    )
    parser.add_argument(
        "--bundle", type=Path, metavar="FILE", help="an evidence bundle: looks up the event without a hub"
    )
    parser.add_argument("--bundle-key", metavar="KEY", help="its log's verifier key, or a file with it")
    parser.add_argument("--people", type=Path, metavar="FILE", help="the key to the bundle's pseudonyms")
    parser.add_argument(
        "--document",
        default="",
        metavar="CODE",
        help="with --hub: the document that is seen, for pictures that several people joined",
    )
    parser.add_argument("--report", type=Path, metavar="FILE", help="write what was found as a PDF to file")
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    from app.mark.read import look

    if (args.hub is None) == (args.key is None) or (args.write_key and args.hub is None):
        raise Refused("Which mark key?", advice="Name the hub's folder with --hub, or a key with --key.")
    if args.bundle is not None and (args.key is None or args.bundle_key is None):
        raise Refused(
            "A bundle is looked into with two keys.",
            advice="Name the site's mark key with --key, and the log's verifier key with --bundle-key.",
        )
    if not args.images and not args.write_key:
        raise Refused("Which pictures?", advice="Name at least one image.")
    key = _key_file(args.key) if args.hub is None else _key_of(args.hub)
    if args.write_key:
        _write_key(args.write_key, key)
    if not args.images:
        return 0
    if args.report is not None and args.report.exists():
        raise Refused(f"The file {args.report} exists.", advice="Name another one.")
    pictures = [luminance(path) for path in args.images]
    progress = Progress()
    try:
        looked = look(pictures, key, lambda done: progress(done, len(pictures), "pictures looked at"))
    finally:
        progress.end()
    reading = looked.reading
    traced = _look_up(args, looked) if args.hub is not None else None
    if reading is None and not traced:
        print("No mark of this site was found: the picture says nothing about who took it.")
        return 1
    said = _said(reading, traced) if reading is not None else _said_of_joined(traced or [])
    if args.bundle is not None and reading is not None:
        said += views(args, reading.token, key)
    for name, value in said:
        print(f"{name:10}  {clean(value)}")
    if args.report is not None:
        _report(args.report, args.images, pictures, reading, said)
    return 0


def _report(
    path: Path, images: list[Path], pictures: list[Grey], reading: Reading | None, said: list[tuple[str, str]]
) -> None:
    """Write the PDF: what was found, its statistics, the pictures, and one seen from straight ahead."""
    from app.pages.trace_report import report
    from app.wire.clock import SystemClock

    files = [
        (f"File {at}", f"{path.name}, SHA-256 {sha256(path.read_bytes())}")
        for at, path in enumerate(images, 1)
    ]
    ahead = reading.flat if reading is not None else None
    flat = [] if ahead is None else [("Seen from straight ahead", _jpeg(ahead))]
    shown = [(path.name, _jpeg(picture)) for path, picture in zip(images, pictures, strict=True)]
    made = [("Report of", shown_time(SystemClock().now())), *said, *files]
    if reading is not None and reading.pilot:
        made.append(("Pilot", f"stands out by {reading.pilot:.1f} deviations"))
    notes = (CHANCE if reading is not None else JOINED), LIMITS
    write_new(path, report("Trace of a leaked picture", made, notes, [*shown, *flat]))
    print(f"The report is in {path}.")


def _jpeg(picture: Grey) -> bytes:
    from PIL import Image

    data = io.BytesIO()
    image = Image.fromarray(picture)
    image.thumbnail((2000, 2000))
    image.save(data, "JPEG", quality=85)
    return data.getvalue()


def _look_up(args: argparse.Namespace, looked: Looked) -> list[Traced]:
    """Find the view at the hub; that it was looked for is on record first."""
    from app.hub.traces import trace, trace_joined

    reading = looked.reading
    pictures = {path.name[:100]: sha256(path.read_bytes()) for path in args.images}
    about = {"pictures": pictures, "confidence": round(reading.confidence, 3) if reading is not None else 0}
    with office(args) as hub, hub.change() as acting:
        if reading is None and looked.soft is not None:
            return trace_joined(acting, hub.home, looked.soft, about, args.document)
        return trace(acting, hub.home, reading.token if reading is not None else None, about)


def _said(reading: Reading, traced: list[Traced] | None) -> list[tuple[str, str]]:
    """What was found, line by line."""
    place = Place.of(reading.token)
    said = [
        ("View token", f"{reading.token:016x}"),
        ("Confidence", f"{reading.confidence:.2f} (1 is a perfect copy; the keyed check holds)"),
        ("It says", f"kiosk tag {place.tag:06x}, epoch {place.epoch}, event number {place.seq}"),
    ]
    if traced == []:
        said.append(("View", "not on record at this hub: not handed in by its kiosk yet, or another hub's"))
    for one in traced or []:
        said += _view(one)
    return said


def _said_of_joined(traced: list[Traced]) -> list[tuple[str, str]]:
    """What was found in a picture that several people joined."""
    chance = max(one.chance or 0.0 for one in traced)
    said = [
        ("Joined", f"from pictures of several views; {len(traced)} of them can be named for certain"),
        ("Chance", f"that anybody is named who is not in it: at most 1 in {1 / max(chance, 1e-15):,.0f}"),
    ]
    for one in traced:
        said += _view(one)
    return said


def _view(one: Traced) -> list[tuple[str, str]]:
    seen = one.seen
    return [
        ("Page", f"{seen.document} rev. {seen.revision}, page {seen.page}"),
        ("Shown to", f"{seen.person} {seen.name}"),
        ("At", f"{seen.station} {seen.station_name}, kiosk {seen.kiosk}"),
        ("On", f"{shown_time(seen.when)} (the kiosk's time)"),
        ("Event", f"{seen.kiosk}, epoch {seen.epoch}, number {seen.seq}"),
        ("In the log", _in_log(one)),
    ]


def _in_log(traced: Traced) -> str:
    if traced.proof is None:
        return "not yet"
    return f"entry {traced.proof.index} of {traced.log_size} of the site's log: the inclusion proof holds"


def _key_of(folder: Path) -> bytes:
    from app.hub.home import Home

    return Home.open(folder).mark_key


def _key_file(path: Path) -> bytes:
    from app.hub.home import read_key

    return read_key(path)


def _write_key(path: Path, key: bytes) -> None:
    write_new(path, f"{key.hex()}\n".encode(), private=True)
    print(f"The mark key is in {path}: who has it can read and make marks of this site.")
