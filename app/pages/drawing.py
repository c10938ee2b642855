"""Drawing with MuPDF: a page to a display list, a list to pixels. Worker side only.

The render worker and publishing share it, so that what publishing measures and compares is what the kiosk
does.
"""

from __future__ import annotations

from typing import Any

from app.pages import objects
from app.pages.binding import mupdf, pymupdf


class Unreadable(Exception):
    """Something on the page could not be drawn, so the picture would lack it."""


class Leaf:
    """One page of a PDF, ready to be drawn: ``width``, ``height`` in points as shown, ``size`` in bytes."""

    def __init__(self, document: Any, index: int = 0) -> None:
        self.document = document
        self.page = document[index]
        self.width, self.height = float(self.page.rect.width), float(self.page.rect.height)
        self.size = 0
        self.most_scales: tuple[float, ...] = ()

    @classmethod
    def of(cls, data: bytes) -> Leaf:
        """The only page of a one-page file; raises ValueError when there is not exactly one."""
        document = pymupdf.open(stream=data, filetype="pdf")
        if document.page_count != 1:
            raise ValueError("not a one-page file")
        leaf = cls(document)
        leaf.size = len(data)
        leaf.most_scales = _most_scales(document)
        return leaf

    def level(self, scale: float) -> int:
        """Which of the page's forms serves ``scale`` pixels per point (see ``layered``); 0 for plain
        pages."""
        return sum(scale > most for most in self.most_scales)

    def listed(self, cookie: Any = None, level: int = 0) -> Any:
        """The page's display list, with annotations as the screen shows them."""
        if self.most_scales:
            mupdf.pdf_select_layer_config(mupdf.pdf_document_from_fz_document(self.document.this), level)
        area = mupdf.fz_bound_page(self.page.this)
        listed = mupdf.fz_new_display_list(area)
        device = mupdf.fz_new_list_device(listed)
        mupdf.fz_run_page(self.page.this, device, mupdf.FzMatrix(), cookie or mupdf.FzCookie())
        mupdf.fz_close_device(device)
        return listed


def _most_scales(document: Any) -> tuple[float, ...]:
    """Of each layer configuration but the last, up to which scale it serves."""
    pdf = mupdf.pdf_document_from_fz_document(document.this)
    root = objects.get(mupdf.pdf_trailer(pdf), "Root")
    scales = []
    for choice in objects.elements(objects.get(objects.get(root, "OCProperties"), "Configs")):
        zoom = objects.get(objects.get(objects.elements(objects.get(choice, "ON"))[0], "Usage"), "Zoom")
        most = objects.get(zoom, "max")
        if not objects.is_null(most):
            scales.append(objects.number(most))
    return tuple(scales)


def draw(listed: Any, pixmap: Any, scale: float, left: int, top: int, cookie: Any = None) -> None:
    """Draw a display list on white, ``scale`` pixels per point, its (left, top) pixel at the corner."""
    mupdf.fz_clear_pixmap_with_value(pixmap, 255)
    device = mupdf.fz_new_draw_device(mupdf.FzMatrix(scale, 0, 0, scale, -left, -top), pixmap)
    everything = mupdf.FzRect(mupdf.FzRect.Fixed_INFINITE)
    mupdf.fz_run_display_list(listed, device, mupdf.FzMatrix(), everything, cookie or mupdf.FzCookie())
    mupdf.fz_close_device(device)


def errors_of(cookie: Any) -> int:
    """How many things could not be drawn in the runs that had this cookie."""
    return int(cookie.m_internal.errors)
