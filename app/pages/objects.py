"""Thin reading access to PDF objects of MuPDF, and writing of PDF objects as bytes. Worker side only.

An object keeps its type ``Any``: the binding has no types.
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Any

from app.pages.binding import mupdf

if TYPE_CHECKING:
    from collections.abc import Iterator

_IRREGULAR = re.compile(rb"[^!-~]|[#()<>\[\]{}/%]")


def get(holder: Any, key: str) -> Any:
    """The value of a dictionary key, indirect where it is; an object that ``is_null`` where absent."""
    return mupdf.pdf_dict_gets(holder, key)


def is_null(value: Any) -> bool:
    """Whether the object is absent or null."""
    return not value.m_internal or bool(mupdf.pdf_is_null(value))


def items(holder: Any) -> Iterator[tuple[bytes, Any]]:
    """Key and value of a dictionary, in the order of the keys' bytes."""
    pairs = []
    for index in range(mupdf.pdf_dict_len(holder)):
        key = mupdf.pdf_to_name(mupdf.pdf_dict_get_key(holder, index)).encode("utf-8", "surrogateescape")
        pairs.append((key, mupdf.pdf_dict_get_val(holder, index)))
    return iter(sorted(pairs, key=lambda pair: pair[0]))


def elements(array: Any) -> list[Any]:
    """The members of an array; empty for anything else."""
    return [mupdf.pdf_array_get(array, index) for index in range(mupdf.pdf_array_len(array))]


def name(value: Any) -> str:
    """The text of a name; empty for anything else."""
    return str(mupdf.pdf_to_name(value)) if mupdf.pdf_is_name(value) else ""


def number(value: Any) -> float:
    """The value of a number; 0 for anything else."""
    return float(mupdf.pdf_to_real(value)) if mupdf.pdf_is_number(value) else 0.0


def identity(value: Any) -> int:
    """Tells objects of one document apart: the object number, or minus the address of a direct object."""
    number = int(mupdf.pdf_to_num(value))
    return number if number > 0 else -int(mupdf.pdf_resolve_indirect(value).m_internal_value())


def decoded(stream: Any) -> bytes:
    """The content of a stream with its filters undone."""
    return bytes(mupdf.fz_buffer_extract_copy(mupdf.pdf_load_stream(stream)))


def raw(stream: Any) -> bytes:
    """The content of a stream as stored (decrypted, filters kept)."""
    return bytes(mupdf.fz_buffer_extract_copy(mupdf.pdf_load_raw_stream(stream)))


def write_name(text: bytes) -> bytes:
    """``/Name`` with irregular characters as ``#xx``."""
    return b"/" + _IRREGULAR.sub(lambda found: b"#%02X" % found[0][0], text)


def write_number(value: float) -> bytes:
    """A number without exponent, as short as it stays exact in single precision."""
    if value == int(value):
        return b"%d" % int(value)
    text = format(value, ".9g")
    return (format(value, ".12f").rstrip("0") if "e" in text else text).encode()


def write_string(value: Any) -> bytes:
    """A string object, ASCII only."""
    buffer = mupdf.fz_new_buffer(64)
    output = mupdf.FzOutput(buffer)
    mupdf.pdf_print_obj(output, value, 1, 1)
    output.fz_close_output()
    return bytes(mupdf.fz_buffer_extract_copy(buffer))


class Writer:
    """Collects objects and writes a PDF file that depends on nothing but them: no date, no identifier."""

    def __init__(self) -> None:
        self._objects: list[bytes] = []

    def reserve(self) -> int:
        """A number for an object that is filled in later."""
        self._objects.append(b"null")
        return len(self._objects)

    def fill(self, number: int, body: bytes) -> None:
        """Set the body of an object."""
        self._objects[number - 1] = body

    def fill_stream(
        self, number: int, entries: dict[bytes, bytes], data: bytes, *, packed: bool = False
    ) -> None:
        """Set a stream; plain data is deflated, ``packed`` data is written as it is with its own filter."""
        if not packed and len(data) > 64:
            data = zlib.compress(data, 9)
            entries = {**entries, b"Filter": b"/FlateDecode"}
        head = write_dictionary({**entries, b"Length": b"%d" % len(data)})
        self.fill(number, head + b"\nstream\n" + data + b"\nendstream")

    def file(self, root: int) -> bytes:
        """The whole file, with a plain cross-reference table."""
        out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        offsets = []
        for number, body in enumerate(self._objects, 1):
            offsets.append(len(out))
            out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
        start = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(offsets) + 1)
        out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
        out += b"trailer\n<</Root %d 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (
            root,
            len(offsets) + 1,
            start,
        )
        return bytes(out)


def write_dictionary(entries: dict[bytes, bytes]) -> bytes:
    """``<<…>>`` with keys in order."""
    return b"<<" + b"".join(write_name(key) + b" " + value for key, value in sorted(entries.items())) + b">>"
