"""The sentences in which a PDF is refused, and the remarks about single pages of one that is not. Pure."""

from __future__ import annotations

from app.model.errors import Refused

# Code from the worker: (stable code, what is wrong, what to do). “{it}” becomes “The PDF” or “Page 7”.
_AGAIN = "Open the document in the program that made it and save it as a new PDF."
_CAUSES: dict[str, tuple[str, str, str]] = {
    "not_pdf": ("not_pdf", "The file is not a PDF.", "Choose the PDF of the work instruction."),
    "encrypted": (
        "encrypted",
        "The PDF is encrypted or restricted with a password.",
        "Save it without a password and without restrictions.",
    ),
    "empty": ("empty", "The PDF has no pages.", _AGAIN),
    "broken": ("broken", "{it} is damaged and cannot be read.", _AGAIN),
    "repaired": (
        "broken",
        "The PDF is damaged: its index does not fit what it holds, so something may be missing.",
        _AGAIN,
    ),
    "content": (
        "broken",
        "{it} holds a drawing, picture or font that cannot be read, so something would be missing.",
        _AGAIN,
    ),
    "page_size": (
        "too_large",
        "{it} has a size that cannot be shown.",
        "Give the page a size between 3 points and 14,400 points (5 metres).",
    ),
    "too_large": ("too_large", "{it} is too large to be published.", "Reduce its pictures and drawings."),
    "memory": ("too_large", "{it} needs too much memory to be drawn.", "Reduce its pictures and drawings."),
    "timeout": ("timeout", "{it} takes too long to be read.", "Reduce its drawings, or save it anew."),
    "hostile": (
        "hostile",
        "{it} ended the program that reads it, which only a damaged or hostile document does.",
        "Ask where the file comes from, and have it made anew.",
    ),
    "unfaithful": (
        "unfaithful",
        "{it} would not look the same when it is cut out of the document.",
        _AGAIN,
    ),
}

_REMARKS = {
    "layer": "its heavy drawing is shown as an equal picture, and as drawn when zoomed in",
    "layer_only": "its heavy drawing is published as an equal picture",
    "unfaithful": "no faster form looks the same, so it stays as drawn",
    "slower": "no faster form was found, so it stays as drawn",
}


def refusal(cause: object, number: int = 0, detail: object = None) -> Refused:
    """The refusal for a cause that the worker or its loss gave; an unknown one counts as hostile."""
    code, says, do = _CAUSES[cause if isinstance(cause, str) and cause in _CAUSES else "hostile"]
    it = f"Page {number}" if number else "The PDF"
    says = says.replace("{it}", it)
    if number and it not in says:
        says = f"Page {number}: {says}"
    if type(detail) is int and 0 < detail <= 100_000:
        says = f"{says[:-1]} (page {detail})."
    return Refused(says, advice=do, code=code)


def remark_words(remark: object, cost_ms: float, original_ms: float) -> str:
    """What the publishing report says about a page; empty for no remark."""
    words = _REMARKS.get(remark) if isinstance(remark, str) else None
    if words is None:
        return ""
    if remark in ("layer", "layer_only"):
        return f"{words}: {original_ms:.0f} ms became {cost_ms:.0f} ms at 4K"
    return f"takes {original_ms:.0f} ms to draw at 4K; {words}"
