"""The forensic tile: one view's token as premultiplied pixels that are laid over everything that is shown.

Blended source-over, a pixel becomes ``page · (1 − a) + tile · a``, a = 3/255, with a tile of black and white
chips: the same step of 3 grey levels on white, grey and black; white darkens by 1.5 on average (41.6 dB).
Where the page is busy (photographs) the step is larger. No numpy and no Qt here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.mark.code import CHIPS, layout, sent

if TYPE_CHECKING:
    from app.mark.keys import KioskKeys

CHIP_PX = 8
"""Side of a chip in device pixels: the block of JPEG."""
TILE_PX = CHIPS * CHIP_PX
BAND_PX = 8 * TILE_PX
"""Width of a band: long rows are what a painter blends fastest."""
STEP = 3
"""Difference between a white and a black chip on any page, in grey levels of 255 (2 M, M = 1.5)."""

BUSY_STEP = 8
"""The same where the page itself is so busy that nobody sees it (``app.ui.busy``)."""

_WHITE, _BLACK = bytes((STEP, STEP, STEP, STEP)) * CHIP_PX, bytes((0, 0, 0, STEP)) * CHIP_PX


def signs(token: int, keys: KioskKeys) -> tuple[int, ...]:
    """Signs of a tile's chips, row by row: 1 is white, −1 black."""
    coded, laid = sent(token, keys.check, keys.layout), layout(keys.layout)
    return tuple(
        sign if bit < 0 else sign * (1 - 2 * coded[bit])
        for bit, sign in zip(laid.bit_of, laid.sign_of, strict=True)
    )


def make_band(token: int, keys: KioskKeys) -> bytes:
    """The view's tile eight times in a row: 2048 × 256 pixels ARGB32, premultiplied, little endian; 2 MiB.

    Raises:
        ValueError: the token is not of 64 bits, or a key not of 32 bytes.
    """
    pixels = [_WHITE if sign > 0 else _BLACK for sign in signs(token, keys)]
    repeats = BAND_PX // TILE_PX * CHIP_PX  # rows of a band lie one after the other
    return b"".join(b"".join(pixels[at : at + CHIPS]) * repeats for at in range(0, len(pixels), CHIPS))


def with_step(band: bytes, step: int) -> bytes:
    """The same band with another step."""
    return band.translate(bytes(step if level == STEP else level for level in range(256)))
