"""Splitting a PDF into single pages, the caller's side: what reads the PDF runs in a worker.

The sandboxed worker (``worker_split``) is given the file's bytes through its pipe. It answers with codes and
numbers; every sentence that a person reads is made here, so that a hostile document has no voice.
"""

from __future__ import annotations

import hashlib
import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Self

from app.model.errors import NotFound, Refused, Unavailable
from app.pages.process import WorkerLost, WorkerProcess
from app.pages.refusals import refusal, remark_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

Form = Literal["as drawn", "faster form"]
_MODULE = "app.pages.worker_split"
_START_SECONDS = 60.0
_MAX_OUTLINE = 20_000
_MAX_LINES = 2000  # of text on a page


@dataclass(frozen=True)
class Limits:
    """What a document may cost. ``max_bytes``: the file; ``max_page_bytes``: one page as published;
    ``max_side_pt``: points (ISO 32000-2, Annex C: 14,400); ``memory_mb``: the worker's address space.

    Seconds are wall time: to open the file, per page, and for all of it.
    """

    max_bytes: int = 256 << 20
    max_pages: int = 2_000
    max_page_bytes: int = 64 << 20
    max_side_pt: float = 14_400.0
    open_seconds: float = 60.0
    page_seconds: float = 90.0
    total_seconds: float = 3_600.0
    memory_mb: int = 2_048


@dataclass(frozen=True)
class SplitPage:
    """One page as it is published.

    ``number`` counts from 1; ``data`` is a PDF of this page alone; sizes are in thousandths of a point, as
    shown (rotation applied); ``label`` is the page's printed number where the PDF says one. ``cost_ms``:
    median processor time to load and draw ``data`` at 3840 × 2160, ``original_cost_ms`` the same of the page
    before a faster form was made. ``remark`` is for the publishing report, empty mostly.
    """

    number: int
    data: bytes
    width_mpt: int
    height_mpt: int
    label: str
    form: Form
    cost_ms: float
    original_cost_ms: float
    remark: str


@dataclass(frozen=True)
class SplitReport:
    """The whole document: number of pages, title (maybe empty), SHA-256 of the file in hex."""

    pages: int
    title: str
    sha256: str


@dataclass(frozen=True)
class Bookmark:
    """One entry of the outline: ``depth`` from 0, ``page`` from 1."""

    title: str
    page: int
    depth: int


def _silent(_done: int, _total: int, _words: str) -> None:
    """Tell nobody."""


def split_document(
    path: Path,
    *,
    take: Callable[[SplitPage], None],
    on_progress: Callable[[int, int, str], None] = _silent,
    limits: Limits | None = None,
) -> SplitReport:
    """Split the PDF at ``path``; ``take`` is given each page in order, as soon as it is made.

    ``on_progress(done, total, words)`` is called before the first and after every page. The same bytes give
    the same pages. Raises Refused with ``code`` ``not_pdf``, ``encrypted``, ``broken``, ``empty``,
    ``too_large``, ``timeout``, ``hostile`` or ``unfaithful``; the message names the page, if one is the
    cause. Raises NotFound or Unavailable where the file cannot be read. Pages that were taken before a
    refusal are the caller's to drop.
    """
    with _Splitter(path, limits or Limits()) as splitter:
        on_progress(0, splitter.pages, f"{splitter.pages} pages")
        for number in range(1, splitter.pages + 1):
            page = splitter.page(number)
            take(page)
            on_progress(number, splitter.pages, _progress(page, splitter.pages))
        return SplitReport(splitter.pages, splitter.title, splitter.sha256)


def read_outline(path: Path, *, limits: Limits) -> tuple[int, tuple[Bookmark, ...]]:
    """Number of pages and bookmarks, in the order of the outline; refuses like ``split_document``."""
    with _Splitter(path, limits) as splitter:
        return splitter.pages, splitter.outline()


def read_lines(path: Path, *, limits: Limits) -> Iterator[tuple[int, float, str]]:
    """Yield the document's lines of text, page by page: page number, height of the letters in points, text.

    Refuses like ``split_document``.
    """
    with _Splitter(path, limits) as splitter:
        for number in range(1, splitter.pages + 1):
            for size, text in splitter.lines(number):
                yield number, size, text


class _Splitter:
    """One worker over one file. Whatever goes wrong ends the worker and is told as Refused."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._limits = limits
        data = _read(path, limits.max_bytes)
        self.sha256 = hashlib.sha256(data).hexdigest()
        self._deadline = time.monotonic() + limits.total_seconds
        arguments = [str(limits.memory_mb << 20), str(math.ceil(limits.total_seconds) + 60)]
        self._worker = WorkerProcess(_MODULE, arguments)
        try:
            self._ready()
            opened, _ = self._ask({"op": "open"}, data, seconds=limits.open_seconds)
            self.pages = _count(opened.get("pages"), limits.max_pages)
            self.title = clean(opened.get("title"), 300)
        except BaseException:
            self._worker.kill()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._worker.kill()

    def page(self, number: int) -> SplitPage:
        """Make page ``number``."""
        seconds = min(self._limits.page_seconds, self._deadline - time.monotonic())
        if seconds <= 0:
            raise refusal("timeout", number)
        order = {"op": "page", "number": number, "max_side": self._limits.max_side_pt}
        answer, data = self._ask(order, seconds=seconds, number=number)
        if not data.startswith(b"%PDF-"):
            raise refusal("hostile", number)
        form: Form = "faster form" if answer.get("faster") is True else "as drawn"
        cost, original = _milliseconds(answer.get("cost")), _milliseconds(answer.get("original_cost"))
        return SplitPage(
            number=number,
            data=data,
            width_mpt=_mpt(answer.get("width"), number, self._limits.max_side_pt),
            height_mpt=_mpt(answer.get("height"), number, self._limits.max_side_pt),
            label=clean(answer.get("label"), 40),
            form=form,
            cost_ms=cost,
            original_cost_ms=original,
            remark=remark_words(answer.get("remark"), cost, original),
        )

    def outline(self) -> tuple[Bookmark, ...]:
        """The bookmarks that lead to a page of the document."""
        answer, _ = self._ask({"op": "outline", "most": _MAX_OUTLINE}, seconds=self._limits.open_seconds)
        entries = answer.get("entries")
        found = []
        for entry in entries if isinstance(entries, list) else []:
            if not isinstance(entry, list) or len(entry) != 3:
                raise refusal("hostile")
            depth, title, page = entry
            if type(page) is int and 1 <= page <= self.pages and type(depth) is int and 0 <= depth <= 64:
                found.append(Bookmark(clean(title, 200), page, depth))
        return tuple(found[:_MAX_OUTLINE])

    def lines(self, number: int) -> list[tuple[float, str]]:
        """The lines of text on page ``number``."""
        order = {"op": "lines", "number": number, "most": _MAX_LINES}
        answer, _ = self._ask(order, seconds=self._limits.page_seconds, number=number)
        lines = answer.get("lines")
        found = []
        for line in lines if isinstance(lines, list) else []:
            if not isinstance(line, list) or len(line) != 2 or not isinstance(line[0], int | float):
                raise refusal("hostile")
            if math.isfinite(line[0]):
                found.append((float(line[0]), clean(line[1], 200)))
        return found[:_MAX_LINES]

    def _ready(self) -> None:
        try:
            answer, _ = self._worker.receive(max_payload=0, seconds=_START_SECONDS)
        except WorkerLost as error:
            raise Unavailable(
                "The page splitter does not start.",
                advice="Try again; if this stays, call IT.",
                code="no_worker",
            ) from error
        if answer.get("ready") is not True:
            raise refusal("hostile")

    def _ask(
        self, order: dict[str, Any], payload: bytes = b"", *, seconds: float, number: int = 0
    ) -> tuple[dict[str, Any], bytes]:
        try:
            self._worker.send(order, payload, seconds=seconds)
            answer, data = self._worker.receive(max_payload=self._limits.max_page_bytes, seconds=seconds)
        except WorkerLost as error:
            cause = (
                "timeout" if error.timed_out else "too_large" if "larger than" in str(error) else "hostile"
            )
            raise refusal(cause, number) from error
        if answer.get("ok") is not True:
            raise refusal(answer.get("code"), number, answer.get("detail"))
        return answer, data


def clean(value: object, most: int) -> str:
    """Text from a document as one printable line of at most ``most`` characters."""
    if not isinstance(value, str):
        return ""
    line = " ".join("".join(c if c.isprintable() else " " for c in value[: most * 4]).split())
    return line[:most]


def _read(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except FileNotFoundError:
        raise NotFound(f"There is no file {path}.", advice="Check the name.", code="no_file") from None
    except OSError as error:
        raise Unavailable(
            f"The file {path} cannot be read ({error.strerror}).",
            advice="Check its rights.",
            code="file_unreadable",
        ) from error
    if not data:
        raise refusal("empty")
    if len(data) > most:
        raise Refused(
            f"The file is larger than {most >> 20} MB.",
            advice="Split the document into several, or reduce its pictures.",
            code="too_large",
        )
    return data


def _count(pages: object, most: int) -> int:
    if type(pages) is not int or pages < 0:
        raise refusal("hostile")
    if pages == 0:
        raise refusal("empty")
    if pages > most:
        raise Refused(
            f"The document has {pages} pages; {most} are the most that one document may have.",
            advice="Split it into several documents.",
            code="too_large",
        )
    return pages


def _mpt(points: object, number: int, most: float) -> int:
    if not isinstance(points, int | float) or not math.isfinite(points) or not 0 < points <= most:
        raise refusal("page_size", number)
    return max(1, round(points * 1000))


def _milliseconds(value: object) -> float:
    if not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        return 0.0
    return round(float(value), 3)


def _progress(page: SplitPage, pages: int) -> str:
    words = f"page {page.number} of {pages}"
    return f"{words}: {page.remark}" if page.remark else words
