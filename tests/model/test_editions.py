"""Which edition of a document somebody works by."""

from __future__ import annotations

import pytest

from app.model.editions import Edition, in_others, speaks

EN = Edition("WI-100", "B", "en")
ES = Edition("WI-100-ES", "B", "es-MX", "WI-100")
ZH = Edition("WI-100-ZH", "B", "zh-Hans", "WI-100")
OLD = Edition("WI-100-ES", "A", "es", "WI-100")
OTHER = Edition("WI-200", "B")
IN_FORCE = {("WI-100", "B"), ("WI-200", "B")}


@pytest.mark.parametrize(
    ("language", "readable", "works_by"),
    [
        ("es", (EN, ES, ZH, OTHER), {ES, OTHER}),
        ("zh_CN", (EN, ES, ZH, OTHER), {ZH, OTHER}),
        ("ms", (EN, ES, ZH, OTHER), {EN, OTHER}),  # none in it: the original
        ("es", (EN, OLD, OTHER), {EN, OTHER}),  # a translation that was not renewed gives way
        ("es", (OLD,), set()),  # and is never shown by itself
        ("ms", (ES, ZH), {ES}),  # the original is kept from this person: better than nothing
        ("", (EN, ES), {EN}),
    ],
)
def test_the_edition_in_the_persons_language_else_the_original(
    language: str, readable: tuple[Edition, ...], works_by: set[Edition]
) -> None:
    assert set(readable) - in_others(readable, IN_FORCE, language) == works_by


def test_tags_are_compared_by_their_language_alone() -> None:
    assert speaks("zh-Hans", "zh_CN")
    assert speaks("ES", "es-MX")
    assert not speaks("", "")
    assert not speaks("en", "es")
