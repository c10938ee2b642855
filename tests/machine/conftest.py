"""One furnished hub for all runs. A badge's derivation costs a quarter of a second: each is made once."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from app.kiosk import access
from app.seal import slot
from tests.machine.hub import Template

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def remembered() -> Iterator[None]:
    """Argon2id with the product's own cost, asked once for each badge and PIN."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slot, "_derive", cache(slot._derive))
        patch.setattr(access, "spend", lambda _badge, _pin: None)  # it only takes as long as a derivation
        yield


@pytest.fixture(scope="session")
def furnished(remembered: None, tmp_path_factory: pytest.TempPathFactory) -> Template:
    return Template.make(tmp_path_factory.mktemp("furnished"))
