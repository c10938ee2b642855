"""Pages of an older copy are put back into a kiosk's files: what is told is new, or refused; never old.

Every page alone, then random sets of them: an attacker has both copies and chooses.
"""

from __future__ import annotations

import os
import random
import shutil
from contextlib import closing
from copy import copy
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from app.kiosk.anchor import Anchoring
from app.kiosk.cache import Cache
from app.kiosk.own_grants import OwnGrant
from app.kiosk.pin_tries import UNKNOWN
from app.kiosk.sealed import PAGE_BYTES
from app.kiosk.signed_agreements import Kept
from app.kiosk.state import State, recover
from app.model.errors import Damaged, Expected
from app.model.terms import Classification, KioskStatus
from app.wire.clock import Moment
from tests.kiosk.journals import Ear, look, moment, opened
from tests.kiosk.leases import NOW, page
from tests.kiosk.test_anchor import Ring
from tests.kiosk.test_state import DESK, checked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest

KEY = os.urandom(32)
LONG = "x" * 400
"""Rows are long, so that a few fill several disk pages."""

SLOTS = [f"slot-{number}{LONG}" for number in range(20)]
SETS = 20


def put_back(new: Path, old: Path, size: int) -> Iterator[list[int]]:
    """Put pages of ``old`` into ``new``, each that differs alone and then ``SETS`` random sets; ``new`` is
    as it was after each.
    """
    data, before = new.read_bytes(), old.read_bytes()
    pages = range(min(len(data), len(before)) // size)
    cut = [slice(number * size, (number + 1) * size) for number in pages]
    other = [number for number in pages if data[cut[number]] != before[cut[number]]]
    chance = random.Random(7)
    sets = [chance.sample(other, chance.randint(1, len(other))) for _ in range(SETS if other else 0)]
    for chosen in [*([number] for number in other), *sets]:
        mixed = bytearray(data)
        for number in chosen:
            mixed[cut[number]] = before[cut[number]]
        for part in new.parent.glob(f"{new.name}*"):
            part.unlink()
        new.write_bytes(mixed)
        yield chosen


# -- the lease store ----------------------------------------------------------------------------------------


def told(state: State) -> dict[str, Any]:
    """All that the lease store answers for."""
    return {
        "status": state.status,
        "mark": state.mark,
        "kept": state.kept(),
        "time": state.best_time(Moment(NOW, 10**9, "boot-1")),
        "grants": state.own_grants,
        "signed": state.signatures,
        "read": state.local(Moment(NOW, 10**9, "boot-1"))["read"],
        "pins": [state.pin_tried(slot) for slot in SLOTS],
        "kiosk": state.kiosk_tried(),
        "unknown": [state.pin_tried(f"{UNKNOWN}{number}{LONG}") for number in range(120)],
        "delivery": state.delivery_stopped,
        "journal": state.journal_head(1),
        "checkpoint": (state.checkpoint_of(), state.checkpoint_of("HELIO")),
        "evidence": state.log_evidence,
        "done": [state.done.done(work) for work in ("unit-1", "unit-2")],
        "generation": state.generation,
        "counter": state.next_counter() // 10_000,
    }


def live(state: State, phase: int) -> None:
    """Change whatever can change; ``phase`` 0 is before the copy."""
    at = Moment(NOW + timedelta(minutes=phase), 60_000 * phase, "boot-1")
    state.hub_said(at.wall, at)
    state.hold(checked(DESK.lease(phase + 1, *(page(f"{phase}.{number}") for number in range(30)))))
    state.set_status((KioskStatus.ACTIVE, KioskStatus.LOCKED_DOWN)[phase])
    state.reach_counter(10_000 * (phase + 1))
    for slot in SLOTS:
        for _ in range(1 + 3 * phase):
            state.count_pin(slot, at)
    for number in range(60 * phase, 60 + 60 * phase):
        state.count_pin(f"{UNKNOWN}{number}{LONG}", at)
    grant = OwnGrant(f"g{phase}", "W-1", "ST-040", 1, NOW, NOW, "SUP-1", "Somebody is absent",
                     Classification.INTERNAL, os.urandom(3000))  # fmt: skip
    state.keep_grant(grant)
    state.keep_signature(Kept("W-1", "C1", str(phase)), 1, phase + 1)
    for number in range(30):
        state.note_read(f"W-{number}{LONG}", f"WI-{phase}/A")
    state.stop_delivery(("", "fork")[phase])
    state.set_journal_head(1, 100 * (phase + 1))
    state.keep_checkpoint(f"checkpoint {phase}" * 300)
    state.keep_checkpoint(f"HELIO's {phase}", "HELIO")
    state.add_log_evidence({"what": phase})
    for step in range(40):
        state.done.put("unit-1", f"{phase}.{step}{LONG}")
    if phase:
        state.done.take_back("unit-1", f"0.1{LONG}")
        state.drop_grants(["g0"])
        state.pin_opened(SLOTS[0])


def test_a_lease_store_of_two_moments_is_refused_and_never_asked(tmp_path: Path) -> None:
    path, old, ring = tmp_path / "state.db", tmp_path / "old.db", Ring()
    for phase in (0, 1):
        with State(path, KEY) as state:
            assert Anchoring(state, ring).begin() is None
            live(state, phase)
        if phase == 0:
            shutil.copy(path, old)
    with State(path, KEY) as state:
        assert not state.set_back
        new = told(state)
    places = set()
    for chosen in put_back(path, old, PAGE_BYTES):
        state, damage = recover(path, KEY)
        with state:
            back = Anchoring(state, copy(ring)).begin()
            if damage is None and back is None:
                # a page whose rows are the same in both copies, or a free one: nothing is old
                assert told(state) | {"generation": 0} == new | {"generation": 0}, chosen
            else:
                assert state.set_back, "no page is shown by it until the hub was reached"
                places |= {damage.code} if damage is not None else {"state_set_back"}
    assert "state_mixed" in places


def test_a_count_of_wrong_pins_is_not_put_back(tmp_path: Path) -> None:
    """The smallest prize: four wrong tries, then the pages of that table as they were before."""
    path, old, ring = tmp_path / "state.db", tmp_path / "old.db", Ring()
    for wrong in (1, 4):
        with State(path, KEY) as state:
            Anchoring(state, ring).begin()
            for _ in range(wrong):
                state.count_pin("slot", Moment(NOW, 0, "boot-1"))
        if wrong == 1:
            shutil.copy(path, old)
    tries = 0
    for chosen in put_back(path, old, PAGE_BYTES):
        try:
            with State(path, KEY) as state:
                back = Anchoring(state, copy(ring)).begin()
                assert back is not None or state.pin_tried("slot").wrong == 5, chosen
        except Damaged as error:
            tries += error.code == "state_mixed"
    assert tries > 0


def test_a_store_from_before_is_bound_at_its_first_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.kiosk import bound
    from app.kiosk import state as module

    form = module.FORM
    with monkeypatch.context() as patch:
        patch.setattr(module, "FORM", replace(form, migrations=form.migrations[:-1]))
        patch.setattr(bound, "check", lambda _database: None)
        patch.setattr(bound, "_bind", lambda _database, _parts: None)
        with State(tmp_path / "state.db", KEY) as state:
            state.count_pin("slot", Moment(NOW, 0, "boot-1"))
            state.set_status(KioskStatus.LOCKED_DOWN)
    for _ in range(2):
        with State(tmp_path / "state.db", KEY) as state:
            assert (state.pin_tried("slot").wrong, state.status) == (1, KioskStatus.LOCKED_DOWN)


# -- the cache ----------------------------------------------------------------------------------------------


def asked_for(cache: Cache, wanted: set[str]) -> set[str]:
    """What a kiosk asks its hub for: what is not listed, and what does not hold where it is."""
    missing = wanted - cache.have()
    for name in wanted - missing:
        try:
            cache.get(name)  # which checks the hash
        except Damaged:
            missing.add(name)
    return missing


def test_a_cache_of_two_moments_gives_no_wrong_byte_and_ends_with_what_is_wanted(tmp_path: Path) -> None:
    path, old = tmp_path / "cache.db", tmp_path / "old.db"
    datas = [os.urandom(size) for size in (3_000, 40_000, 9_000, 70_000, 20_000, 5_000, 60_000, 30_000)]
    known = {sha256(data).hexdigest(): data for data in datas}
    names = list(known)
    wanted = set(names[2:])
    cache, _ = Cache.open(path, KEY, reserve_bytes=0)
    with closing(cache):
        cache.put_many((name, known[name]) for name in names[:5])
    shutil.copy(path, old)
    with closing(cache):
        cache.put_many((name, known[name]) for name in names[5:])
        cache.drop_except(wanted)  # the first two are revoked
    noticed = 0
    for chosen in put_back(path, old, PAGE_BYTES):
        cache, healed = Cache.open(path, KEY, reserve_bytes=0)
        with closing(cache):
            noticed += healed is not None
            for name in names:
                try:
                    assert cache.get(name) == known[name], chosen
                except Expected as error:
                    noticed += 1
                    assert error.code in {"page_absent", "page_damaged"}  # noqa: PT017
            cache.drop_except(wanted)
            assert cache.have() <= wanted, "what was revoked is gone when this returns"
            for _ in range(4):
                cache.put_many((name, known[name]) for name in asked_for(cache, wanted))
            assert asked_for(cache, wanted) == set(), chosen
    assert noticed > 0


# -- the journal --------------------------------------------------------------------------------------------


def test_a_journal_of_two_moments_delivers_the_truth_or_says_that_it_cannot(tmp_path: Path) -> None:
    path, old = tmp_path / "outbox.db", tmp_path / "old.db"
    outbox, ear, truth = opened(path), Ear(), []
    for part in range(40):
        truth += [record.hash for record in outbox.append([look(part)] * 2, moment(part))]
        if part == 19:
            outbox.close()
            shutil.copy(path, old)
            outbox = opened(path)
            batch = outbox.pending(30)
            assert batch is not None
            outbox.confirm(*ear.take(batch))
    head = outbox.head
    outbox.close()
    whole = refused = 0
    for chosen in put_back(path, old, 4096):
        hub = Ear(held={1: list(ear.held[1])}, hashes={1: list(ear.hashes[1])})
        try:
            with closing(opened(path, at_least=head)) as outbox:
                hub.drain(outbox)
            assert hub.hashes[1] == truth, chosen
            whole += 1
        except Expected:
            refused += 1
        except AssertionError as error:
            refused += 1
            assert str(error).split("\n")[0] in {"a hole", "a fork"}, chosen  # noqa: PT017 (the hub's alarm)
        assert hub.hashes[1] == truth[: len(hub.hashes[1])], chosen
    assert refused > 0
