"""A desk at the hub: who may sit there, what the board says, moving people and taking it back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert, select

from app.hub.acting import Actor
from app.hub.board import board
from app.hub.schema import AlarmRow, AssignmentRow, ChangeRow, KioskRow
from app.model.terms import CredentialKind, Role
from app.wire.desk import (
    Ask,
    BoardAsk,
    BoardReply,
    CheckAsk,
    CheckReply,
    DeclinedAsk,
    DeskPass,
    DeskSlotAsk,
    LockAsk,
    LockKind,
    MoveAsk,
    MoveReply,
    SignedIn,
    UndoAsk,
    Verdict,
)
from app.wire.messages import ROUTES, EventKind

if TYPE_CHECKING:
    import httpx

    from app.wire.base import Message
    from app.wire.desk import Board, Outlook
    from tests.hub_api.plant import Device, Plant


@dataclass
class Desk:
    """A desk at which somebody sits."""

    plant: Plant
    device: Device
    person: str

    def sit(self, **changes: Any) -> DeskPass:
        now = self.plant.clock.now()
        told = {
            "person": self.person,
            "kiosk": self.device.code,
            "begins": now,
            "ends": now + timedelta(hours=8),
        }
        blank = DeskPass(**{**told, **changes})
        return blank.model_copy(update={"signature": self.plant.keys[self.person].sign.sign(blank.signed())})

    def ask(self, route: str, kind: type[Message], **words: Any) -> httpx.Response:
        body = kind(**{"desk": self.sit(), **words}).exact()
        return self.device.ask("POST", ROUTES[route], body)

    def board(self) -> Board:
        answer = self.ask("desk_board", BoardAsk)
        assert answer.status_code == 200, answer.text
        board = BoardReply.read(answer.content).board
        assert board is not None
        return board

    def outlook(self, person: str, station: str) -> Outlook:
        answer = self.ask("desk_check", CheckAsk, person=person)
        assert answer.status_code == 200, answer.text
        found = {outlook.station: outlook for outlook in CheckReply.read(answer.content).outlooks}
        return found[station]

    def move(self, person: str, source: str, target: str, **more: Any) -> httpx.Response:
        known = {one.code: one.version for one in self.board().people}
        words = {"person": person, "source": source, "target": target, "version": known[person], **more}
        return self.ask("desk_move", MoveAsk, **words)

    def moved(self, person: str, source: str, target: str, **more: Any) -> MoveReply:
        answer = self.move(person, source, target, **more)
        assert answer.status_code == 200, answer.text
        return MoveReply.read(answer.content)

    def at(self, station: str) -> set[str]:
        return {card.person for card in self.board().cards if card.station == station}


def _refused(answer: httpx.Response, status: int, code: str) -> str:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    return str(answer.json()["message"])


@pytest.fixture
def desk(plant: Plant) -> Desk:
    """SUP-9 leads line L1; L2 is somebody else's."""
    with plant.writing():
        plant.line("L2")
        plant.station("ST-9", "L2", ["VALVE"])
        plant.person("SUP-9", roles=[Role.SUPERVISOR], supervises=["L1"])
        plant.person("SUP-8", roles=[Role.SUPERVISOR], supervises=["L1", "L2"])
        plant.publish("WI-1", "PUMP", [(b"one", ["ST-1"]), (b"two", ["ST-1", "ST-2"])])
        plant.publish("WI-2", "VALVE", [(b"three", ["ST-2", "ST-9"])])
        device = plant.kiosk("D-1", "ST-1")
    return Desk(plant, device, "SUP-9")


@pytest.mark.parametrize(
    ("route", "words", "code"),
    [
        ("desk_undo", {"move": 10**30}, "bad_message"),
        ("desk_remark_page", {"code": "K-1/1/7", "epoch": 1, "seq": 2**63}, "bad_message"),
        ("desk_plan", {"line": "L1", "day": "9999-12-31", "zone": "UTC"}, "bad_time"),
        ("desk_plan", {"line": "L1", "day": "0001-01-01", "zone": "Pacific/Kiritimati"}, "bad_time"),
        ("desk_bundle", {"client": "ACME", "start": "0001-01-01T00:00:00+14:00"}, "bad_message"),
        ("desk_lock", {"kind": "client", "code": "ACME", "reason": "a\0b"}, "bad_message"),
    ],
)
def test_what_no_database_or_calendar_takes_is_refused(
    desk: Desk, route: str, words: dict[str, Any], code: str
) -> None:
    body = {"desk": desk.sit().model_dump(mode="json"), **words}
    _refused(desk.device.ask("POST", ROUTES[route], json.dumps(body).encode()), 422, code)


def test_signing_in_says_who_it_is_and_is_on_record(desk: Desk) -> None:
    who = SignedIn.read(desk.ask("desk_sign_in", Ask).content)
    assert (who.person, who.lines, who.roles) == ("SUP-9", ("L1",), (Role.SUPERVISOR,))
    with desk.plant.store.read() as session:
        row = session.scalars(select(ChangeRow).where(ChangeRow.act == "desk.sign_in")).one()
        assert (row.by, row.after["kiosk"]) == ("SUP-9", "D-1")


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("another device", {"kiosk": "D-2"}),
        ("longer than a shift", {"ends": datetime.fromisoformat("2026-03-03T06:00:00Z")}),
        ("over", {"ends": datetime.fromisoformat("2026-03-02T06:00:00Z")}),
        ("not yet", {"begins": datetime.fromisoformat("2026-03-02T06:00:01Z")}),
        ("somebody without a badge", {"person": "NOBODY"}),
        ("somebody else's name", {"person": "SUP-8"}),
    ],
)
def test_a_pass_that_does_not_hold_opens_nothing(desk: Desk, name: str, changes: dict[str, Any]) -> None:
    answer = desk.ask("desk_board", BoardAsk, desk=desk.sit(**changes))
    _refused(answer, 403, "signed_out")


def test_a_pass_changed_after_it_was_signed_opens_nothing(desk: Desk) -> None:
    made = desk.sit()
    longer = made.model_copy(update={"ends": made.ends + timedelta(hours=1)})
    _refused(desk.ask("desk_board", BoardAsk, desk=longer), 403, "signed_out")


def test_a_revoked_badge_signs_its_person_out_at_once(desk: Desk) -> None:
    made = desk.sit()
    assert desk.ask("desk_board", BoardAsk, desk=made).status_code == 200
    desk.plant.set_person("SUP-9", active=False)
    _refused(desk.ask("desk_board", BoardAsk, desk=made), 403, "signed_out")


def test_an_operator_does_not_sit_at_a_desk(desk: Desk) -> None:
    operator = Desk(desk.plant, desk.device, "P-1")
    _refused(operator.ask("desk_board", BoardAsk), 403, "signed_out")
    _refused(
        desk.device.ask("POST", ROUTES["desk_slot"], DeskSlotAsk(tag=b"x" * 16).exact()), 403, "badge_unknown"
    )


def test_where_pins_are_used_a_badge_alone_does_not_open_a_desk(desk: Desk) -> None:
    from app.hub.schema import Setting

    desk.plant.badge("SUP-9", CredentialKind.UID)
    assert desk.ask("desk_board", BoardAsk).status_code == 200
    desk.plant.add(Setting(name="pin_used", value=True))
    _refused(desk.ask("desk_board", BoardAsk), 403, "signed_out")


def test_a_blocked_device_is_no_desk(desk: Desk) -> None:
    desk.plant.set_kiosk("D-1", status="lost")
    _refused(desk.ask("desk_board", BoardAsk), 403, "kiosk_blocked")


def test_the_board_says_who_is_where(desk: Desk) -> None:
    device = desk.plant.kiosk("K-1", "ST-1")
    device.lease()
    device.deliver(device.write(kind=EventKind.SESSION_BEGIN, page="", revision="", client=""))
    began, board = desk.plant.clock.now(), desk.board()
    assert [(line.code, line.mine) for line in board.lines] == [("L1", True), ("L2", False)]
    assert {station.code: station.pages for station in board.stations} == {"ST-1": 2, "ST-2": 2, "ST-9": 1}
    assert {(card.person, card.station) for card in board.cards} == {("P-1", "ST-1"), ("P-2", "ST-2")}
    kiosk = next(kiosk for kiosk in board.kiosks if kiosk.code == "K-1")
    assert (kiosk.online, kiosk.person, kiosk.pages) == (True, "P-1", 2)
    desk.plant.clock.forward(minutes=5)
    later = next(kiosk for kiosk in desk.board().kiosks if kiosk.code == "K-1")
    assert (later.online, later.since) == (False, began)


def test_the_board_says_what_a_kiosk_told_of_itself(desk: Desk) -> None:
    device = desk.plant.kiosk("K-1", "ST-1")
    device.lease()

    def told() -> tuple[int, int | None, int]:
        kiosk = next(kiosk for kiosk in desk.board().kiosks if kiosk.code == "K-1")
        return kiosk.pages, kiosk.pulled, kiosk.waiting

    assert told() == (2, None, 0)
    assert device.ask("GET", f"{ROUTES['state']}?waiting=7&pulled=1").status_code == 200
    assert told() == (2, 1, 7)
    assert device.ask("GET", f"{ROUTES['state']}?waiting=-1&pulled=1").status_code == 422
    assert device.ask("GET", ROUTES["state"]).status_code == 200
    assert told() == (2, 1, 7)


def test_the_board_says_whose_journal_cannot_come_until_it_is_enrolled_again(desk: Desk) -> None:
    device = desk.plant.kiosk("K-1", "ST-1")

    def told() -> str:
        return next(kiosk for kiosk in desk.board().kiosks if kiosk.code == "K-1").journal

    assert told() == ""
    for _ in range(2):
        answer = device.ask("GET", f"{ROUTES['state']}?waiting=7&pulled=0&journal=journal_damaged")
        assert answer.status_code == 200
    assert told() == "journal_damaged"
    with desk.plant.store.read() as session:
        alarms = session.execute(select(AlarmRow.kiosk, AlarmRow.kind, AlarmRow.detail)).all()
    assert [tuple(alarm) for alarm in alarms] == [("K-1", "journal_damaged", {"epoch": 1})]
    assert device.ask("GET", f"{ROUTES['state']}?waiting=7&pulled=0&journal=bad").status_code == 422
    with desk.plant.writing() as session:
        session.get_one(KioskRow, "K-1").epoch = 2
    assert told() == ""


def test_the_board_says_who_has_not_signed_before_anybody_is_assigned(desk: Desk) -> None:
    board = desk.board()
    lacks = {person.code: person.lacks for person in board.people}
    assert lacks == {"P-1": ("BOLT",), "P-2": ("BOLT",)}
    assert {station.code: station.clients for station in board.stations}["ST-9"] == ("BOLT",)
    desk.plant.sign("P-1", "BOLT")
    assert {person.code: person.lacks for person in desk.board().people}["P-1"] == ()


def test_who_has_signed_off_is_not_at_the_kiosk(desk: Desk) -> None:
    device = desk.plant.kiosk("K-1", "ST-1")
    more = {"page": "", "revision": "", "client": ""}
    device.deliver(device.write(kind=EventKind.SESSION_BEGIN, **more))
    device.deliver(device.write(kind=EventKind.SESSION_END, **more))
    assert next(kiosk.person for kiosk in desk.board().kiosks if kiosk.code == "K-1") == ""


def test_a_board_that_has_not_changed_is_not_sent_again(desk: Desk) -> None:
    first = BoardReply.read(desk.ask("desk_board", BoardAsk).content)
    again = BoardReply.read(desk.ask("desk_board", BoardAsk, have=first.version).content)
    assert (again.version, again.board) == (first.version, None)
    desk.moved("P-2", "ST-2", "ST-1")
    later = BoardReply.read(desk.ask("desk_board", BoardAsk, have=first.version).content)
    assert later.board is not None


def test_a_check_says_why_not_before_anybody_is_moved(desk: Desk) -> None:
    shut, part = desk.outlook("P-1", "ST-9"), desk.outlook("P-1", "ST-2")
    assert (shut.verdict, shut.says) == (Verdict.SHUT, "Has not signed BOLT Medical's current agreement.")
    assert shut.barred == "You do not supervise line L2."
    assert (part.verdict, part.readable, part.pages) == (Verdict.PART, 1, 2)
    assert part.says.startswith("1 of 2 pages stay closed: has not signed BOLT Medical's")
    assert desk.outlook("P-2", "ST-1").verdict is Verdict.OPEN


def test_what_the_check_grants_the_lease_gives(desk: Desk) -> None:
    kiosk = desk.plant.kiosk("K-2", "ST-2")
    part = desk.outlook("P-1", "ST-2")
    desk.moved("P-1", "ST-1", "ST-2", reason="two are ill")
    lease, manifest, _ = kiosk.lease()
    readable = {blob for bundle in lease.bundles if "P-1" in bundle.sealed for blob in bundle.keys}
    assert len(readable) == part.readable
    assert len(manifest.pages) == part.readable


def test_a_move_ends_one_assignment_and_begins_another(desk: Desk) -> None:
    desk.moved("P-2", "ST-2", "ST-1")
    assert (desk.at("ST-1"), desk.at("ST-2")) == ({"P-1", "P-2"}, set())
    with desk.plant.store.read() as session:
        rows = session.scalars(select(AssignmentRow).where(AssignmentRow.person == "P-2")).all()
        acts = session.scalars(select(ChangeRow.act).where(ChangeRow.by == "SUP-9")).all()
        assert [(row.station, row.end is None) for row in rows] == [("ST-2", False), ("ST-1", True)]
    assert acts == ["unassign", "assign.assigned", "move"]


def test_from_and_to_the_pool(desk: Desk) -> None:
    desk.moved("P-2", "ST-2", "")
    assert desk.at("ST-2") == set()
    desk.moved("P-2", "", "ST-1")
    assert desk.at("ST-1") == {"P-1", "P-2"}


def test_a_move_to_where_nothing_could_be_read_is_refused_in_words(desk: Desk) -> None:
    both = Desk(desk.plant, desk.device, "SUP-8")
    said = _refused(both.move("P-1", "ST-1", "ST-9"), 409, "cannot_read")
    assert said == "Name of P-1 could read nothing at ST-9: Has not signed BOLT Medical's current agreement."
    assert desk.at("ST-1") == {"P-1"}


def test_a_supervisor_moves_nobody_on_another_line(desk: Desk) -> None:
    desk.plant.sign("P-1", "BOLT")
    said = _refused(desk.move("P-1", "ST-1", "ST-9"), 403, "not_allowed")
    assert "does not supervise line L2" in said
    Desk(desk.plant, desk.device, "SUP-8").moved("P-1", "ST-1", "ST-9")
    _refused(desk.move("P-1", "ST-9", "ST-1"), 403, "not_allowed")
    assert desk.at("ST-9") == {"P-1"}


@pytest.mark.parametrize(("policy", "open_needs"), [("never", False), ("withheld", False), ("always", True)])
def test_a_reason_where_policy_asks_for_one(desk: Desk, policy: str, open_needs: bool) -> None:
    from app.hub.schema import Setting

    desk.plant.add(Setting(name="move_reason", value=policy))
    answer = desk.move("P-1", "ST-1", "ST-2", reason="  ")
    if policy == "never":
        assert answer.status_code == 200
    else:
        _refused(answer, 422, "needs_reason")
        desk.moved("P-1", "ST-1", "ST-2", reason="two are ill")
    assert (desk.move("P-2", "ST-2", "ST-1").status_code == 422) is open_needs


def test_two_supervisors_never_overwrite_each_other(desk: Desk) -> None:
    other = Desk(desk.plant, desk.device, "SUP-8")
    shown = {one.code: one.version for one in desk.board().people}["P-2"]
    other.moved("P-2", "ST-2", "ST-1")
    late = desk.ask("desk_move", MoveAsk, person="P-2", source="ST-2", target="", version=shown)
    said = _refused(late, 409, "changed_meanwhile")
    assert said == "Name of SUP-8 has moved Name of P-2 meanwhile; nothing was changed now."
    assert "P-2" in desk.at("ST-1")


def refusals(desk: Desk) -> list[tuple[str, str, str, Any]]:
    """Who was refused what: act, who wished it, the code, and what was wished."""
    with desk.plant.store.read() as session:
        rows = session.scalars(select(ChangeRow).where(ChangeRow.act.endswith(".refused")))
        return [(row.act, row.by, row.after["code"], row.after) for row in rows.all()]


def test_every_refusal_is_on_record_with_its_reason_and_changes_nothing(desk: Desk) -> None:
    desk.plant.sign("P-1", "BOLT")
    said = _refused(desk.move("P-1", "ST-1", "ST-9"), 403, "not_allowed")
    _refused(desk.ask("desk_undo", UndoAsk, move=4711), 404, "not_found")
    lock = LockAsk(desk=desk.sit(), kind=LockKind.CLIENT, code="ACME", reason="why")
    _refused(desk.device.ask("POST", ROUTES["desk_lock"], lock.exact()), 403, "not_allowed")
    moved, undone, locked = refusals(desk)
    assert moved[:3] == ("move.refused", "SUP-9", "not_allowed")
    assert (moved[3]["station"], moved[3]["says"]) == ("ST-9", said)
    assert undone[:3] == ("move.undo.refused", "SUP-9", "not_found")
    assert locked[:3] == ("lock.refused", "SUP-9", "not_allowed")
    assert desk.at("ST-1") == {"P-1"}


def test_a_drop_that_the_desk_refuses_by_itself_is_on_record_as_the_hub_sees_it(desk: Desk) -> None:
    words = {"person": "P-1", "source": "ST-1", "target": "ST-9"}
    answer = Desk(desk.plant, desk.device, "SUP-8").ask("desk_declined", DeclinedAsk, **words)
    assert answer.status_code == 200, answer.text
    ((act, by, code, wish),) = refusals(desk)
    assert (act, by, code, wish["station"]) == ("move.refused", "SUP-8", "at_desk", "ST-9")
    assert wish["says"] == "Has not signed BOLT Medical's current agreement."
    assert desk.ask("desk_declined", DeclinedAsk, **{**words, "target": "ST-0"}).status_code == 404
    operator = Desk(desk.plant, desk.device, "P-1")
    assert operator.ask("desk_declined", DeclinedAsk, **words).status_code == 403
    assert len(refusals(desk)) == 1


def test_the_board_says_what_somebody_else_moved_just_now(desk: Desk) -> None:
    other = Desk(desk.plant, desk.device, "SUP-8")
    number = other.moved("P-1", "ST-1", "ST-2", reason="r").move
    told = desk.board().moved
    assert told is not None
    assert (told.number, told.by, told.person) == (number, "Name of SUP-8", "Name of P-1")
    assert (told.source, told.target) == ("ST-1", "ST-2")
    assert other.board().moved is None
    desk.plant.clock.forward(minutes=2)
    assert desk.board().moved is None


def test_the_newest_move_is_found_without_walking_all_that_ever_were(desk: Desk) -> None:
    plant, by = desk.plant, Actor("SUP-9", frozenset({Role.SUPERVISOR}))
    now, steps = plant.clock.now(), []

    def cost() -> int:
        """In tens of instructions of SQLite's machine."""
        with plant.store.read() as session:
            steps.clear()
            database: Any = session.connection().connection.dbapi_connection
            database.set_progress_handler(lambda: steps.append(1), 10)
            assert board(session, by, now).moved is None
            database.set_progress_handler(None, 0)
            return len(steps)

    with plant.store.read() as session:
        board(session, by, now)  # what is remembered from now on
    before = cost()
    old = {"by": "SUP-8", "act": "move", "subject": "P-1", "before": {}, "after": {}, "reason": ""}
    with plant.writing() as session:
        session.execute(insert(ChangeRow), [{**old, "at": now - timedelta(hours=1)}] * 2000)
        session.add(ChangeRow(**{**old, "act": "setting.set", "at": now}))
    assert cost() < before + 200


def test_undo_puts_it_back_with_the_same_end(desk: Desk) -> None:
    ends = desk.plant.clock.now() + timedelta(hours=2)
    desk.plant.person("P-3")
    desk.plant.assign("P-3", "ST-1", end=ends)
    before = [card for card in desk.board().cards if card.person == "P-3"]
    done = desk.moved("P-3", "ST-1", "", reason="")
    desk.plant.clock.forward(seconds=9)
    assert desk.ask("desk_undo", UndoAsk, move=done.move).status_code == 200
    (after,) = [card for card in desk.board().cards if card.person == "P-3"]
    assert (after.station, after.until) == (before[0].station, before[0].until)
    _refused(desk.ask("desk_undo", UndoAsk, move=done.move), 410, "undo_over")


def test_a_move_leaves_what_is_planned_there_for_later(desk: Desk) -> None:
    now = desk.plant.clock.now()
    desk.plant.assign("P-2", "ST-1", start=now + timedelta(hours=4), end=now + timedelta(hours=8))

    def spans() -> list[tuple[str, Any]]:
        return [(card.station, card.until) for card in desk.board().cards if card.person == "P-2"]

    planned = ("ST-1", now + timedelta(hours=8))
    done = desk.moved("P-2", "ST-2", "ST-1")
    assert spans() == [("ST-1", now + timedelta(hours=4)), planned]
    desk.plant.clock.forward(seconds=5)
    assert desk.ask("desk_undo", UndoAsk, move=done.move).status_code == 200
    assert spans() == [planned, ("ST-2", None)]


def test_undo_is_over_after_its_time_and_is_nobody_elses(desk: Desk) -> None:
    done = desk.moved("P-2", "ST-2", "ST-1")
    other = Desk(desk.plant, desk.device, "SUP-8")
    _refused(other.ask("desk_undo", UndoAsk, move=done.move), 403, "not_allowed")
    desk.plant.clock.forward(seconds=16)
    _refused(desk.ask("desk_undo", UndoAsk, move=done.move), 410, "undo_over")
    assert "P-2" in desk.at("ST-1")


def test_undo_does_not_overwrite_what_another_did_since(desk: Desk) -> None:
    done = desk.moved("P-2", "ST-2", "ST-1")
    Desk(desk.plant, desk.device, "SUP-8").moved("P-2", "ST-1", "ST-2", reason="needed there")
    _refused(desk.ask("desk_undo", UndoAsk, move=done.move), 410, "undo_over")
    assert "P-2" in desk.at("ST-2")
