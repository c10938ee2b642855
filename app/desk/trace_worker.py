"""The process that takes leaked pictures apart: strangers' files in, soft values of their marks out.

``python -m app.desk.trace_worker``, sandboxed like what renders pages. One order a picture: the layout's key
and the file's bytes. Until it is answered, frames tell how many ways of reading were tried; it ends when its
input closes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.fft
import numpy.linalg
import numpy.ma  # numpy loads it when it is first used, which would be in the sandbox
from PIL import Image

from app.desk import pictures
from app.mark.code import layout
from app.mark.keys import KEY_BYTES
from app.mark.read import words
from app.mark.viterbi import is_a_word
from app.model.errors import Expected
from app.pages import sandbox
from app.pages.frames import answer_orders, write_frame

if TYPE_CHECKING:
    from typing import IO

    from numpy.typing import NDArray

    from app.mark.read import Word

    Grey = NDArray[np.uint8]

MOST_FILE_BYTES = 256 << 20
SHOWN_PX = 2000
"""Longer side of what is given back of a picture."""
FINE = 20.0
"""Steps of a soft value for each root of the mean square."""
_MEMORY = 3 << 30


def main() -> None:
    """Answer orders until the pipe closes."""
    protocol = sandbox.take_stdout()
    pictures.prepare()
    sandbox.enter(memory_bytes=_MEMORY, cpu_seconds=None, die_with_parent=True)
    most = MOST_FILE_BYTES + KEY_BYTES
    answer_orders(protocol, lambda order, data: _answer(protocol, order, data), max_payload=most)


def _answer(protocol: IO[bytes], order: dict[str, Any], payload: bytes) -> tuple[dict[str, Any], bytes]:
    name, key = str(order["name"]), payload[:KEY_BYTES]
    try:
        picture = pictures.luminance(payload[KEY_BYTES:], name)
        return _taken_apart(protocol, order, picture, key)
    except Expected as error:
        return _trouble(error), b""
    except MemoryError:
        return _trouble(pictures.too_large(name)), b""


def _trouble(error: Expected) -> dict[str, Any]:
    return {"trouble": [str(error), error.advice, error.code]}


def _taken_apart(
    protocol: IO[bytes], order: dict[str, Any], picture: Grey, key: bytes
) -> tuple[dict[str, Any], bytes]:
    """All words of the picture; unless it is to be ``thorough``, up to the first that is somebody's."""
    said, soft, flat = list[list[int]](), list[bytes](), None
    for word in words(picture, layout(key)) if order["read"] else ():
        said.append([_thousandths(word.fits), _thousandths(word.pilot)])
        soft.append(_packed(word))
        write_frame(protocol, {"ways": len(said)})
        if not order["thorough"] and is_a_word(word.soft):
            flat = word.flat()
            break
    shown = [_reduced(one) for one in (picture, flat) if one is not None]
    header = {"words": said, "cut": flat is not None, "shown": [one.shape for one in shown]}
    return header, b"".join([*soft, *(one.tobytes() for one in shown)])


def _thousandths(value: float) -> int:
    return round(1000 * float(np.clip(np.nan_to_num(value), -1000, 1000)))


def _packed(word: Word) -> bytes:
    """Soft values as signed bytes."""
    spread = float(np.sqrt(np.mean(np.square(word.soft))))
    even = np.nan_to_num(word.soft * (FINE / spread if spread else 0.0))
    return np.clip(np.rint(even), -127, 127).astype(np.int8).tobytes()


def _reduced(picture: Grey) -> Grey:
    image = Image.fromarray(picture)
    image.thumbnail((SHOWN_PX, SHOWN_PX))
    return np.asarray(image, np.uint8)


if __name__ == "__main__":
    main()
