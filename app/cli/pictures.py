"""Pictures that people hand in: files of many kinds in, luminance out."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from app.model.errors import Damaged, NotFound, Refused

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

MOST_PIXELS = 120_000_000
_HEIF = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")
"""Brands of files (ISO/IEC 23008-12) that Pillow reads with the package pillow-heif only."""


def luminance(path: Path) -> NDArray[np.uint8]:
    """The picture, upright, on white where it is transparent; 0 to 255.

    Raises:
        NotFound: there is no such file.
        Damaged: it is no picture that can be read.
        Refused: it is too large, or of a kind that is not read on this machine.
    """
    import warnings

    import numpy as np
    from PIL import Image, ImageOps

    try:
        _prepare_for(path)
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


def _prepare_for(path: Path) -> None:
    """Load what reads HEIC, for such a file only."""
    with path.open("rb") as file:
        begin = file.read(12)
    if begin[4:8] != b"ftyp" or begin[8:] not in _HEIF:
        return
    try:
        import_module("pillow_heif").register_heif_opener()
    except ImportError:
        raise Refused(
            f"The picture {path} is a HEIC file, which is not read on this machine.",
            advice="Install the Python package pillow-heif, or save the picture as JPEG in full size.",
            code="no_heic",
        ) from None
