"""Signatures under clients' agreements: what is kept of them, when they count, and who lacks one."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from app.hub.floor import read_floor
from app.seal.encoding import sha256
from app.wire.clock import SystemClock

if TYPE_CHECKING:
    from tests.hub.plants import Desk


def may_see(desk: Desk, *, later: timedelta = timedelta()) -> bool:
    """Whether the hub counts OP-1's signature for C1 when it builds a lease."""
    store = desk.store()
    with store.read() as session:
        floor = read_floor(session, "K-1", "ST-010", SystemClock().now() + later)
    store.close()
    (person,) = (person.record for person in floor.people if person.record.code == "OP-1")
    return person.agreements.get("C1") == "2026"


def test_a_signature_is_kept_with_name_text_meaning_and_time(desk):
    assert may_see(desk)
    row = desk.rows("SELECT name, sha256, meaning, \"by\" FROM agreement WHERE person = 'OP-1'")
    assert row == [
        (
            "Ana Ruiz",
            sha256(b"You keep it to yourself.\n"),
            "I have read this agreement and keep to it.",
            "SUP-1",
        )
    ]
    desk.done("agreement", "sign", "SUP-2", "C1", "--meaning", "Read and agreed", "--until", "2099-01-01")
    said = desk.done("agreement", "list", "--person", "SUP-2")
    assert re.search(r"C1 +2026 +\S+ \S+Z +2099-01-01 00:00:00Z +counts +[0-9a-f]{16}", said)


def test_a_withdrawn_signature_counts_no_more_until_it_is_given_again(desk):
    assert "changed" in desk.done("agreement", "withdraw", "OP-1", "C1", "--reason", "left")
    assert not may_see(desk)
    assert "withdrawn" in desk.done("agreement", "list", "--person", "OP-1")
    assert "unchanged" in desk.done("agreement", "withdraw", "OP-1", "C1")
    assert "agreement.withdraw" in desk.done("changes")
    assert "changed" in desk.done("agreement", "sign", "OP-1", "C1")
    assert may_see(desk)
    assert "unchanged" in desk.done("agreement", "sign", "OP-1", "C1")


def test_a_signature_lapses(desk):
    until = SystemClock().now() + timedelta(days=30)
    assert "changed" in desk.done("agreement", "sign", "OP-1", "C1", "--until", f"{until:%Y-%m-%dT%H:%MZ}")
    assert may_see(desk)
    assert not may_see(desk, later=timedelta(days=31))
    assert (
        "before it was made" in desk.refused("agreement", "sign", "OP-1", "C1", "--until", "2020-01-01").err
    )


def test_who_is_assigned_and_has_not_signed_is_listed(desk):
    everybody = desk.done("agreement", "missing")
    assert re.search(r"^C2 +OP-1 +Ana Ruiz +ST-020$", everybody, re.MULTILINE)
    assert "C1" not in everybody
    desk.done("agreement", "sign", "OP-1", "C2")
    assert desk.done("agreement", "missing") == "Everybody who is assigned has signed.\n"
    desk.done("agreement", "withdraw", "OP-1", "C1")
    assert re.search(r"^C1 +OP-1 +Ana Ruiz +ST-010, ST-020$", desk.done("agreement", "missing"), re.MULTILINE)
    assert "C1" not in desk.done("agreement", "missing", "--client", "C2")


def test_what_was_never_signed_cannot_be_withdrawn(desk):
    assert "has not signed version 7" in desk.refused("agreement", "withdraw", "OP-1", "C2").err
    assert "There is no client" in desk.refused("agreement", "withdraw", "OP-1", "C9").err
    assert "may not" in desk.refused("agreement", "withdraw", "OP-1", "C1", acting="OP-1").err
