"""Pictures that people hand in: files of many kinds in, luminance out."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from io import BytesIO
from typing import TYPE_CHECKING, Any

from app.model.errors import Damaged, Refused

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_PIXELS = 120_000_000
_HEIF = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")
"""Brands of files (ISO/IEC 23008-12) that Pillow reads with the package pillow-heif only."""


def luminance(data: bytes, name: str) -> NDArray[np.uint8]:
    """The picture in a file's bytes, upright, on white where it is transparent; 0 to 255.

    Raises:
        Damaged: it is no picture that can be read.
        Refused: it is too large, or of a kind that is not read on this machine.
    """
    import warnings

    import numpy as np
    from PIL import Image, ImageOps

    _prepare_for(data, name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(data)) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise too_large(name)
                upright = ImageOps.exif_transpose(image).convert("RGBA")
                paper = Image.new("RGBA", upright.size, "white")
                return np.asarray(Image.alpha_composite(paper, upright).convert("L"))
    except Image.DecompressionBombError:
        raise too_large(name) from None
    except (OSError, ValueError, SyntaxError):
        raise Damaged(
            f"The file {name} is not a picture that can be read.", advice="Save it as PNG or JPEG."
        ) from None


def too_large(name: str) -> Refused:
    """What is said of a picture of too many pixels."""
    return Refused(
        f"The picture {name} is too large to be read.",
        advice="Cut it to the screen that it shows.",
        code="picture_too_large",
    )


def prepare() -> None:
    """Load all that reads pictures, for a process that opens no file any more and starts no thread."""
    from PIL import Image

    import_module("PIL.ImageOps")
    Image.init()
    with suppress(ImportError):
        avif: Any = import_module("PIL.AvifImagePlugin")
        avif.DEFAULT_MAX_THREADS = 1
    with suppress(ImportError):
        heif: Any = import_module("pillow_heif")
        heif.options.DECODE_THREADS = 1
        heif.register_heif_opener()


def _prepare_for(data: bytes, name: str) -> None:
    """Load what reads HEIC, for such a file only."""
    if data[4:8] != b"ftyp" or data[8:12] not in _HEIF:
        return
    try:
        import_module("pillow_heif").register_heif_opener()
    except ImportError:
        raise Refused(
            f"The picture {name} is a HEIC file, which is not read on this machine.",
            advice="Install the Python package pillow-heif, or save the picture as JPEG in full size.",
            code="no_heic",
        ) from None
