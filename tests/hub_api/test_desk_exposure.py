"""Exposure at the desk's interface: what it says, and who is refused."""

from __future__ import annotations

import pytest

from app.model.terms import Role
from app.seal.encoding import sha256
from app.wire.desk_exposure import By, ExposedPagesAsk, ExposedPagesReply, ExposureAsk, ExposureReply
from tests.hub_api.test_desk import Desk, _refused, desk

__all__ = ["desk"]  # the fixture


def test_shares_and_the_pages_behind_them(desk: Desk) -> None:
    kiosk = desk.plant.kiosk("K-1", "ST-1")
    assert kiosk.deliver(kiosk.write(person="P-1", page=sha256(b"one"))).status_code == 200
    for by, code in (
        (By.PERSON, "P-1"),
        (By.KIOSK, "K-1"),
        (By.STATION, "ST-1"),
        (By.LINE, "L1"),
        (By.SITE, "S1"),
    ):
        answer = desk.ask("desk_exposure", ExposureAsk, by=by)
        assert answer.status_code == 200, answer.text
        reply = ExposureReply.read(answer.content)
        assert [(one.client, one.part, one.pages) for one in reply.columns] == [
            ("ACME", "", 2), ("ACME", "PUMP", 2), ("BOLT", "", 1), ("BOLT", "VALVE", 1),
        ]  # fmt: skip
        assert [(row.code, row.given) for row in reply.rows] == [(code, (1, 1, 0, 0))]
    answer = desk.ask("desk_exposed_pages", ExposedPagesAsk, by=By.PERSON, code="P-1", client="ACME")
    pages = ExposedPagesReply.read(answer.content).pages
    assert [(page.number, page.given, page.views) for page in pages] == [(1, True, 1), (2, False, None)]
    unknown = desk.ask("desk_exposed_pages", ExposedPagesAsk, by=By.PERSON, code="P-1", client="NONE")
    _refused(unknown, 404, "not_found")


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.LEAD, Role.ENGINEER])
def test_whoever_may_not_sit_at_a_desk_is_refused(desk: Desk, role: Role) -> None:
    desk.plant.person("X-1", roles=[role])
    other = Desk(desk.plant, desk.device, "X-1")
    for answer in (
        other.ask("desk_exposure", ExposureAsk, by=By.PERSON),
        other.ask("desk_exposed_pages", ExposedPagesAsk, by=By.PERSON, code="P-1", client="ACME"),
    ):
        _refused(answer, 403, "signed_out")
