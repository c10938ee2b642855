"""``stationleaf trace``: which view a screenshot or a photo of a screen shows."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from app.model.errors import Damaged, NotFound, Refused, Unavailable

if TYPE_CHECKING:
    import argparse

    import numpy as np
    from numpy.typing import NDArray

    from app.hub.events import Seen
    from app.mark.read import Reading

MOST_PIXELS = 120_000_000


def build(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = (
        "Several pictures are taken as pictures of one view. The mark is read with the site's mark key:\n"
        "from the hub's folder, or from a file that --write-key wrote. Exit code 1: no mark was found.\n\n"
        "example:\n  stationleaf trace photo.jpg --hub plant/"
    )
    parser.add_argument("images", nargs="*", type=Path, metavar="IMAGE", help="PNG, JPEG, WebP, TIFF …")
    parser.add_argument("--hub", type=Path, metavar="DIR", help="the hub's folder; also looks up the event")
    parser.add_argument("--key", type=Path, metavar="FILE", help="the site's mark key, without a hub")
    parser.add_argument(
        "--write-key", type=Path, metavar="FILE", help="write the hub's mark key, for an investigator (0600)"
    )
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    from app.mark.read import read

    if (args.hub is None) == (args.key is None) or (args.write_key and args.hub is None):
        raise Refused("Which mark key?", advice="Name the hub's folder with --hub, or a key with --key.")
    if not args.images and not args.write_key:
        raise Refused("Which pictures?", advice="Name at least one image.")
    key = _key_file(args.key) if args.hub is None else _key_of(args.hub)
    if args.write_key:
        _write_key(args.write_key, key)
    if not args.images:
        return 0
    reading = read([_luminance(path) for path in args.images], key)
    if reading is None:
        print("No mark of this site was found: the picture says nothing about who took it.")
        return 1
    print(f"View token  {reading.token:016x}")
    print(f"Confidence  {reading.confidence:.2f} (1 is a perfect copy; the keyed check holds)")
    if args.hub is not None:
        _tell(args.hub, reading)
    return 0


def _tell(folder: Path, reading: Reading) -> None:
    from app.cli.admin_base import clean, shown_time

    found = _views(folder, f"{reading.token:016x}")
    if not found:
        print("This hub has no event of that view: its kiosk has not handed it in, or it is another hub's.")
    for seen in found:
        said = {
            "Page": f"{seen.document} rev. {seen.revision}, page {seen.page}",
            "Shown to": f"{seen.person} {seen.name}",
            "At": f"{seen.station} {seen.station_name}, kiosk {seen.kiosk}",
            "On": f"{shown_time(seen.when)} (the kiosk's time)",
            "Event": f"{seen.kiosk}, epoch {seen.epoch}, number {seen.seq}",
        }
        for name, value in said.items():
            print(f"{name:10}  {clean(value)}")


def _views(folder: Path, token: str) -> list[Seen]:
    from app.hub.events import Filter, events
    from app.hub.home import Home
    from app.hub.store import Store
    from app.wire.messages import EventKind

    with closing(Store(Home.open(folder).database_url)) as store:
        store.check()
        with store.read() as session:
            wanted = Filter(kind=EventKind.VIEW_BEGIN)
            return [seen for seen in events(session, wanted) if seen.details.get("token") == token]


def _key_of(folder: Path) -> bytes:
    from app.hub.home import Home

    return Home.open(folder).mark_key


def _key_file(path: Path) -> bytes:
    from app.hub.home import read_key

    return read_key(path)


def _write_key(path: Path, key: bytes) -> None:
    import os

    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(key.hex() + "\n")
    except FileExistsError:
        raise Refused(f"The file {path} exists.", advice="Name another one.") from None
    except OSError as error:
        raise Unavailable(f"The key cannot be written to {path}: {error.strerror}.") from None
    print(f"The mark key is in {path}: who has it can read and make marks of this site.")


def _luminance(path: Path) -> NDArray[np.uint8]:
    import warnings

    import numpy as np
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise Refused(
                        f"The picture {path} is too large to be read.",
                        advice="Cut it to the screen that it shows.",
                        code="picture_too_large",
                    )
                upright = ImageOps.exif_transpose(image).convert("RGBA")
                paper = Image.new("RGBA", upright.size, "white")
                return np.asarray(Image.alpha_composite(paper, upright).convert("L"))
    except FileNotFoundError:
        raise NotFound(f"There is no picture {path}.") from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Damaged(
            f"The file {path} is not a picture that can be read.", advice="Save it as PNG or JPEG."
        ) from None
