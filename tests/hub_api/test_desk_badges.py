"""Who holds which badge, and withdrawing one at a desk: what is told, what is on record, who is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.hub.acting import Acting, actor
from app.hub.badges import issue, office
from app.hub.schema import ChangeRow
from app.model.terms import CredentialKind, Role
from app.wire.desk_badges import HeldBadge, HoldersAsk, HoldersReply, WithdrawAsk, WithdrawReply
from tests.hub_api.test_desk import Desk, _refused, desk

if TYPE_CHECKING:
    import httpx

__all__ = ["desk"]  # the fixture

LOST = "Lost on the way home"


def held(desk: Desk, person: str) -> tuple[HeldBadge, ...]:
    answer = desk.ask("desk_badges", HoldersAsk)
    assert answer.status_code == 200, answer.text
    return next(one.badges for one in HoldersReply.read(answer.content).holders if one.code == person)


def withdraw(desk: Desk, number: int, reason: str = LOST, person: str = "P-1") -> httpx.Response:
    return desk.ask("desk_badge_withdraw", WithdrawAsk, person=person, number=number, reason=reason)


def changes(desk: Desk, act: str) -> list[tuple[str, str, Any, Any, str]]:
    with desk.plant.store.read() as session:
        rows = session.scalars(select(ChangeRow).where(ChangeRow.act == act)).all()
        return [(row.by, row.subject, row.before, row.after, row.reason) for row in rows]


def test_a_lost_badge_is_withdrawn_with_a_reason_and_opens_nothing_any_more(desk: Desk) -> None:
    kiosk = desk.plant.kiosk("K-1", "ST-1")
    desk.plant.assign("P-1", "ST-1")
    (badge,) = held(desk, "P-1")
    assert (badge.kind, badge.tail, badge.until, badge.by) == (CredentialKind.CARD, "4711", None, "")
    lease, _, _ = kiosk.lease()
    assert any(one.slots for one in lease.operators if one.person == "P-1")
    _refused(withdraw(desk, badge.number, "  "), 422, "needs_reason")
    assert held(desk, "P-1") == (badge,)
    answer = withdraw(desk, badge.number)
    assert WithdrawReply.read(answer.content).outcome == "changed"
    (gone,) = held(desk, "P-1")
    assert (gone.tail, gone.by, gone.reason) == (badge.tail, "Name of SUP-9", LOST)
    assert gone.until is not None
    assert changes(desk, "badge.revoke") == [("SUP-9", "P-1", badge.tail, None, LOST)]
    lease, _, _ = kiosk.lease()
    assert not any(one.slots for one in lease.operators if one.person == "P-1")
    assert WithdrawReply.read(withdraw(desk, badge.number).content).outcome == "unchanged"
    assert len(changes(desk, "badge.revoke")) == 1


def test_a_badge_that_was_replaced_meanwhile_takes_no_new_one_with_it(desk: Desk) -> None:
    (old,) = held(desk, "P-1")
    home = desk.plant.home
    with desk.plant.store.write() as opened:
        acting = Acting(opened, actor(opened, "SUP-9"), desk.plant.clock.now() + timedelta(minutes=1))
        issue(acting, office(home.keys, home.site_salt), person="P-1", badge="0012340099")
    assert WithdrawReply.read(withdraw(desk, old.number).content).outcome == "unchanged"
    new, before = held(desk, "P-1")
    assert (new.kind, new.tail, new.until) == (CredentialKind.UID, "0099", None)
    assert (before.number, before.by) == (old.number, ""), "replaced, and withdrawn by nobody"
    assert before.until is not None


def test_whoever_does_not_issue_badges_neither_sees_nor_withdraws_them(desk: Desk) -> None:
    (badge,) = held(desk, "P-1")
    desk.plant.person("QA-1", roles=[Role.QUALITY])
    other = Desk(desk.plant, desk.device, "QA-1")
    _refused(other.ask("desk_badges", HoldersAsk), 403, "not_allowed")
    _refused(withdraw(other, badge.number), 403, "not_allowed")
    assert held(desk, "P-1") == (badge,)
    ((by, subject, _, after, _),) = changes(desk, "badge.refused")
    assert (by, subject, after["code"], after["number"]) == ("QA-1", "P-1", "not_allowed", badge.number)


def test_a_badge_of_somebody_else_is_not_withdrawn_by_its_number(desk: Desk) -> None:
    (badge,) = held(desk, "P-1")
    _refused(withdraw(desk, badge.number, person="SUP-8"), 404, "not_found")
    assert held(desk, "P-1") == (badge,)
