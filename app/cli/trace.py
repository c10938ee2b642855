"""``stationleaf trace``: which view a screenshot or a photo of a screen shows."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.admin_base import AS_VARIABLE, Progress, clean, office
from app.cli.files import read_file, write_new
from app.cli.trace_bundle import views
from app.model.errors import Refused
from app.seal.encoding import sha256

if TYPE_CHECKING:
    import argparse

    from app.desk.tracing import Pictured
    from app.mark.read import Looked
    from app.wire.desk_trace import TraceReply


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
    from app.desk.pictures import luminance
    from app.desk.trace_report import NOTHING, report, said
    from app.desk.tracing import MOST_FILE_BYTES, Pictured
    from app.mark.read import look
    from app.wire.clock import SystemClock

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
    files = [read_file(path, "picture", MOST_FILE_BYTES) for path in args.images]
    greys = [luminance(data, str(path)) for path, data in zip(args.images, files, strict=True)]
    progress = Progress()
    try:
        looked = look(greys, key, lambda done: progress(done, len(greys), "pictures looked at"))
    finally:
        progress.end()
    pictures = [
        Pictured(path.name, sha256(data), grey)
        for path, data, grey in zip(args.images, files, greys, strict=True)
    ]
    reply = _look_up(args, looked, pictures)
    if not reply.found:
        print(NOTHING)
        return 1
    lines = said(reply, looked_up=args.hub is not None)
    if args.bundle is not None:
        lines += views(args, int(reply.token, 16), key)
    for name, value in lines:
        print(f"{name:10}  {clean(value)}")
    if args.report is not None:
        flat = looked.reading.flat if looked.reading is not None else None
        write_new(args.report, report(reply, lines, pictures, flat, SystemClock().now()))
        print(f"The report is in {args.report}.")
    return 0


def _look_up(args: argparse.Namespace, looked: Looked, pictures: list[Pictured]) -> TraceReply:
    """Find the view at the hub; that it was looked for is on record first. Without a hub: the token only."""
    from app.hub.traces import trace
    from app.wire.desk_trace import TraceReply

    reading = looked.reading
    if args.hub is None:
        return TraceReply() if reading is None else TraceReply.of(reading)
    about = {
        "pictures": {one.name[:100]: one.digest for one in pictures},
        "confidence": round(reading.confidence, 3) if reading is not None else 0,
    }
    with office(args) as hub, hub.change() as acting:
        return trace(acting, hub.home, looked, about, args.document)


def _key_of(folder: Path) -> bytes:
    from app.hub.home import Home

    return Home.open(folder).mark_key


def _key_file(path: Path) -> bytes:
    from app.hub.home import read_key

    return read_key(path)


def _write_key(path: Path, key: bytes) -> None:
    write_new(path, f"{key.hex()}\n".encode(), private=True)
    print(f"The mark key is in {path}: who has it can read and make marks of this site.")
