"""The split worker: a whole PDF in, one-page PDFs out. Runs as a process of its own, sandboxed.

``python -m app.pages.worker_split MEMORY_BYTES CPU_SECONDS``. It answers with codes and numbers only; the
words are in ``refusals``. It ends with the thread that started it, or when its input pipe closes.
"""

from __future__ import annotations

import contextlib
import sys
from typing import Any

import numpy as np

from app.pages import objects, sandbox
from app.pages.binding import heard, mupdf, pymupdf, silence
from app.pages.drawing import Leaf
from app.pages.faster import Subject, faster_form
from app.pages.frames import answer_orders, write_frame
from app.pages.measure import PROMISED_MS, Canvas
from app.pages.onepage import build_page
from app.pages.plan import Plan, TooDeep, plan_page

_MIN_SIDE = 3.0  # points: ISO 32000-2, Annex C
_HEADER_WITHIN = 1024
# MuPDF draws what it could read of a damaged picture or drawing and only says so in a warning.
_LOSSES = ("library error", "read error", "truncated", "premature end")


class Refuse(Exception):
    """A cause from ``refusals``, and maybe a page."""

    def __init__(self, cause: str, detail: int | None = None) -> None:
        super().__init__(cause)
        self.answer = {"ok": False, "code": cause} | ({} if detail is None else {"detail": detail})


class Worker:
    """Answers the orders ``open``, ``page``, ``outline`` and ``lines`` about one document."""

    def __init__(self) -> None:
        self._source: Any = None
        self._flat: Any = None
        self._canvas = Canvas()

    def answer(self, order: dict[str, Any], payload: bytes) -> tuple[dict[str, Any], bytes]:
        """Carry out one order; what a document may cause is an answer, not an exception."""
        try:
            return self._carry_out(order, payload)
        except Refuse as refused:
            return refused.answer, b""
        except MemoryError:
            cause = "memory"
        except (TooDeep, RecursionError):
            cause = "content"
        except (RuntimeError, ValueError, IndexError, KeyError, TypeError, mupdf.FzErrorBase) as error:
            cause = "memory" if "alloc" in str(error) else "broken"
        return {"ok": False, "code": cause}, b""

    def _carry_out(self, order: dict[str, Any], payload: bytes) -> tuple[dict[str, Any], bytes]:
        match order["op"]:
            case "open":
                return self._open(payload), b""
            case "page":
                return self._page(int(order["number"]), float(order["max_side"]))
            case "outline":
                return {"ok": True, "entries": self._outline(int(order["most"]))}, b""
            case "lines":
                lines = self._lines(int(order["number"]), int(order["most"]))
                return {"ok": True, "lines": lines}, b""
        raise ValueError("no such order")

    def _open(self, data: bytes) -> dict[str, Any]:
        if b"%PDF-" not in data[:_HEADER_WITHIN]:
            raise Refuse("not_pdf")
        document = pymupdf.open(stream=data, filetype="pdf")
        pdf = mupdf.pdf_document_from_fz_document(document.this)
        if document.needs_pass or not objects.is_null(objects.get(mupdf.pdf_trailer(pdf), "Encrypt")):
            raise Refuse("encrypted")
        self._whole(pdf)
        pages = document.page_count
        if not pages:
            raise Refuse("empty")
        self._source = document
        self._flat = document
        if any(_has_appearances(mupdf.pdf_lookup_page_obj(pdf, index)) for index in range(pages)):
            self._flat = pymupdf.open(stream=data, filetype="pdf")
            self._flat.bake()
        self._whole(pdf)
        title = ""
        with contextlib.suppress(RuntimeError, ValueError, UnicodeError, mupdf.FzErrorBase):
            title = str((document.metadata or {}).get("title") or "")
        return {"ok": True, "pages": pages, "title": title}

    def _whole(self, pdf: Any) -> None:
        if mupdf.pdf_was_repaired(pdf):
            raise Refuse("repaired")

    def _page(self, number: int, max_side: float) -> tuple[dict[str, Any], bytes]:
        source = Leaf(self._source, number - 1)
        if not (_MIN_SIDE <= source.width <= max_side and _MIN_SIDE <= source.height <= max_side):
            raise Refuse("page_size")
        heard()
        picture, errors = self._canvas.picture(source)
        warnings = heard()
        if errors or any(loss in warnings for loss in _LOSSES):
            raise Refuse("content")
        picture = picture.copy()
        pdf = mupdf.pdf_document_from_fz_document(self._flat.this)
        page = mupdf.pdf_lookup_page_obj(pdf, number - 1)
        plan = plan_page(pdf, page)
        data, intents = self._faithful(pdf, page, plan, picture)
        self._whole(mupdf.pdf_document_from_fz_document(self._source.this))
        original_cost = cost = self._canvas.cost_ms(data)
        found = faster_form(Subject(pdf, page, plan, intents, source, picture), self._canvas)
        remark = found.why
        if found.data is not None:
            data, cost = found.data, self._canvas.cost_ms(found.data)
        else:
            remark = (remark or "slower") if cost > PROMISED_MS else ""
        label = ""
        with contextlib.suppress(
            RuntimeError, ValueError, TypeError, IndexError, KeyError, mupdf.FzErrorBase
        ):
            label = str(source.page.get_label() or "")
        answer = {
            "ok": True,
            "width": source.width,
            "height": source.height,
            "label": label,
            "faster": found.data is not None,
            "cost": cost,
            "original_cost": original_cost,
            "remark": remark,
        }
        return answer, data

    def _faithful(self, pdf: Any, page: Any, plan: Plan, picture: Any) -> tuple[bytes, bool]:
        """The page as drawn, and whether it needs the document's output profile."""
        for intents in (False, True):
            data = build_page(pdf, page, plan, intents=intents)
            same, errors = self._canvas.picture(Leaf.of(data))
            if not errors and same.shape == picture.shape and np.array_equal(same, picture):
                return data, intents
        raise Refuse("unfaithful")

    def _outline(self, most: int) -> list[list[Any]]:
        entries = self._source.get_toc(simple=True)[:most]
        return [[max(0, int(depth) - 1), str(title)[:400], int(page)] for depth, title, page in entries]

    def _lines(self, number: int, most: int) -> list[list[Any]]:
        """The lines of text on a page, from above: how high the letters are, and the text."""
        blocks = self._source.load_page(number - 1).get_text("dict", flags=0)["blocks"]
        lines = [line["spans"] for block in blocks for line in block.get("lines", ()) if line["spans"]]
        return [
            [float(max(span["size"] for span in spans)), "".join(str(span["text"]) for span in spans)[:400]]
            for spans in lines[:most]
        ]


def _has_appearances(page: Any) -> bool:
    """Whether a page has annotations that the screen may show: all but links and their pop-ups."""
    annotations = objects.elements(mupdf.pdf_dict_gets(page, "Annots"))
    return any(objects.name(objects.get(one, "Subtype")) not in ("Link", "Popup") for one in annotations)


def main() -> None:
    """Enter the sandbox, answer orders until the pipe closes."""
    memory, seconds = int(sys.argv[1]), int(sys.argv[2])
    protocol = sandbox.take_stdout()
    silence()
    worker = Worker()
    sandbox.enter(memory_bytes=memory, cpu_seconds=seconds, die_with_parent=True)
    write_frame(protocol, {"ready": True})
    answer_orders(protocol, worker.answer)


if __name__ == "__main__":
    main()
