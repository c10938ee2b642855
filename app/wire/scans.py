"""Serial numbers and work orders as they are scanned, told from badges and from each other by their form."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.wire.base import Message

LONGEST = 64
"""Characters of a serial number or work order."""

Kind = Literal["unit", "order"]


class ScanFormat(Message):
    """The form of a barcode: what it begins with, how long it is, and whether the rest is digits only.

    ``cut``: the beginning is a data identifier and no part of the number.
    """

    prefix: Annotated[str, Field(min_length=1, max_length=16, pattern=r"^[!-~]+$")]
    min_length: Annotated[int, Field(ge=2, le=LONGEST)] = 3
    max_length: Annotated[int, Field(ge=2, le=LONGEST)] = 40
    digits_only: bool = False
    cut: bool = False

    def number_in(self, text: str) -> str:
        """The number that ``text`` is; "" if it has not this form."""
        rest = text.removeprefix(self.prefix)
        fits = text.startswith(self.prefix) and self.min_length <= len(text) <= self.max_length and rest
        plain = text.isascii() and text.isprintable() and (rest.isdigit() or not self.digits_only)
        return (rest if self.cut else text) if fits and plain else ""

    def may_be(self, prefix: str, least: int, most: int, *, digits: bool) -> bool:
        """Whether a text can have this form and another one as well: ``digits``: all behind that prefix."""
        short, long = sorted((self.prefix, prefix), key=len)
        only_digits = (digits and len(prefix) < len(self.prefix)) or (
            self.digits_only and len(self.prefix) < len(prefix)
        )
        between = long[len(short) :]
        lengths = max(self.min_length, least) <= min(self.max_length, most)
        return long.startswith(short) and lengths and (not only_digits or not between or between.isdigit())


class ScanRules(Message):
    """Which scans are serial numbers of units, and which work orders; None: none are.

    ``unit_required``: a step is confirmed for a unit only, so one must have been scanned.
    """

    unit: ScanFormat | None = None
    order: ScanFormat | None = None
    unit_required: bool = False

    def told(self, text: str) -> tuple[Kind, str] | None:
        """What a scanned text is, and its number; None: neither."""
        for kind, form in (("unit", self.unit), ("order", self.order)):
            if form is not None and (number := form.number_in(text)):
                return ("unit" if kind == "unit" else "order"), number
        return None
