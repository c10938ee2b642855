"""Serial numbers and work orders by their form; what could be two things is refused when it is set."""

from __future__ import annotations

import pytest

from app.wire.scans import ScanFormat, ScanRules

SN = ScanFormat(prefix="SN-", min_length=5, max_length=8)


@pytest.mark.parametrize(
    ("text", "number"),
    [("SN-12", "SN-12"), ("SN-1", ""), ("SN-123456", ""), ("sn-12", ""), ("SN-é1", ""), ("XSN-12", "")],
)
def test_a_form_is_met_exactly(text: str, number: str) -> None:
    assert SN.number_in(text) == number


def test_a_data_identifier_is_cut_and_digits_are_digits() -> None:
    order = ScanFormat(prefix="O", cut=True, digits_only=True)
    assert [order.number_in(text) for text in ("O123", "O12x", "O")] == ["123", "", ""]
    rules = ScanRules(unit=SN, order=order)
    assert rules.told("SN-12") == ("unit", "SN-12")
    assert rules.told("O77") == ("order", "77")
    assert rules.told("0417263905") is None
    assert ScanRules().told("SN-12") is None


@pytest.mark.parametrize(
    ("prefix", "least", "most", "digits", "may"),
    [
        ("", 4, 20, True, False),  # badges that are digits only
        ("", 4, 20, False, True),  # badges that may be anything
        ("", 9, 20, False, False),  # longer ones
        ("SN", 4, 20, False, True),
        ("SN", 4, 20, True, False),  # digits behind SN: the - is none
        ("SN-7", 4, 20, True, True),
        ("WO", 4, 20, False, False),
    ],
)
def test_two_forms_that_one_text_can_have_are_found(
    prefix: str, least: int, most: int, digits: bool, may: bool
) -> None:
    assert SN.may_be(prefix, least, most, digits=digits) is may
