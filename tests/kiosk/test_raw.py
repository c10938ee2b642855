"""The search for plain bytes finds what it should: otherwise the tests that find nothing prove nothing."""

from __future__ import annotations

import base64
import os
from typing import TYPE_CHECKING

import pytest

from tests.kiosk.raw import found_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SECRET = "Torque the battery pack to 2.5 Nm"


@pytest.mark.parametrize(
    "form",
    [
        str.encode,
        lambda text: text.encode("utf-16-le"),
        lambda text: text.encode().hex().encode(),
        lambda text: text.encode().hex().upper().encode(),
        lambda text: base64.b64encode(b"x" + text.encode()),
        lambda text: base64.b64encode(b"xy" + text.encode()),
        lambda text: base64.b64encode(b"xyz" + text.encode() + b"more"),
        lambda text: text[:30].encode(),
    ],
)
@pytest.mark.parametrize("secret", [SECRET, "0012345678", "Ada Byron"])
def test_it_finds_every_form(tmp_path: Path, secret: str, form: Callable[[str], bytes]) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "file").write_bytes(os.urandom(777) + form(secret) + os.urandom(777))
    assert found_in(tmp_path, [secret])


def test_it_finds_nothing_in_noise_and_says_when_there_is_nothing_to_search(tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        found_in(tmp_path, [SECRET])
    (tmp_path / "noise").write_bytes(os.urandom(1_000_000))
    assert found_in(tmp_path, [SECRET, "0012345678", os.urandom(5000)]) == []
    with pytest.raises(AssertionError):
        found_in(tmp_path, [])
