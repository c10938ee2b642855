"""Looks that are written down before they begin: shown at once, on record whatever happens next."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from app.kiosk.outbox import Draft
from app.kiosk.view import Stage
from app.model.errors import Damaged
from app.seal.chain import open_event
from app.wire.messages import Event, EventKind
from tests.kiosk.journals import Ear, announced, announced_page, at_page, look, moment, opened
from tests.kiosk.raw import found_in
from tests.kiosk.shift import HUB_KEY, Shift
from tests.kiosk.small_plant import ANA, KIOSK, STATION, SmallPlant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from app.kiosk.outbox import Outbox


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.db"


def damage(path: Path) -> None:
    """The list of epochs does not read any more."""
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE journal SET digest = zeroblob(32)")


def as_the_disk_has_it(path: Path, to: Path) -> Path:
    """A copy of the journal, as after a power cut now."""
    to.mkdir()
    for file in path.parent.glob("outbox.db*"):
        if file.is_file():
            shutil.copy(file, to / file.name)
    return to / path.name


def test_what_was_announced_may_happen_at_once_and_is_committed_in_its_place(path: Path) -> None:
    outbox = opened(path)
    outbox.append([at_page(1)], moment(1), announced_page(2))
    assert announced(path) == {(1, 2)}
    taken = outbox.take(at_page(2), moment(2))
    assert taken is not None
    assert (taken.epoch, taken.seq) == (1, 2)
    assert outbox.owes
    assert outbox.head == outbox.waiting() == 1
    outbox.append([look("end")], moment(3), announced_page(3))
    assert not outbox.owes
    assert outbox.take(at_page(3), moment(4)) is not None
    outbox.append([Draft(EventKind.SESSION_END)], moment(5))
    ear = Ear()
    ear.drain(outbox)
    assert ear.marks() == [1, 2, "end", 3, None]
    assert [event.boot_ms for event in ear.held[1]] == [1000, 2000, 3000, 4000, 5000]
    assert EventKind.VIEW_ANNOUNCED not in {event.kind for event in ear.held[1]}
    outbox.close()


def test_a_program_that_ends_before_it_commits_leaves_the_announcement(path: Path) -> None:
    outbox = opened(path)
    outbox.append([at_page(1)], moment(1), announced_page(2, "BETA"))
    assert outbox.take(at_page(2, "BETA"), moment(2)) is not None
    outbox.close()  # and nothing of it was committed
    ear = Ear()
    for _ in range(2):  # once, however often it is opened
        outbox = opened(path, at_least=1)
        assert outbox.head == outbox.waiting() == 2
        assert announced(path) == set()
        outbox.close()
    outbox = opened(path)
    outbox.append([at_page(4, "BETA")], moment(9))
    ear.drain(outbox)
    assert [event.kind for event in ear.held[1]] == ["view.begin", "view.announced", "view.begin"]
    assert [event.client_seq for event in ear.held[1]] == [1, 1, 2]
    assert ear.marks() == [1, 2, 4]
    outbox.close()


def test_only_what_was_announced_and_is_next_may_happen_at_once(path: Path) -> None:
    outbox = opened(path)
    assert outbox.take(at_page(1), moment()) is None
    outbox.append([at_page(1)], moment(1), announced_page(2))
    assert outbox.take(at_page(3), moment()) is None
    assert outbox.take(at_page(2), moment()) is None  # it stood once
    outbox.append([], moment(2), announced_page(2))
    outbox.append([look("something else")], moment(3))
    assert outbox.take(at_page(2), moment()) is None
    assert announced(path) == set()
    outbox.append([], moment(4), announced_page(2))
    assert outbox.take(at_page(2), moment(5)) is not None
    assert outbox.take(at_page(2), moment(6)) is None
    outbox.close()
    outbox = opened(path)
    assert outbox.take(at_page(2), moment(7)) is None
    ear = Ear()
    ear.drain(outbox)
    assert ear.marks() == [1, "something else", 2]
    outbox.close()


def test_what_an_earlier_epoch_announced_is_handed_over_with_it(path: Path) -> None:
    first = opened(path)
    first.append([at_page(1)], moment(1), announced_page(2))
    assert first.take(at_page(2), moment(2)) is not None
    first.close()
    second = opened(path, epoch=2)
    second.append([at_page(7)], moment(9))
    ear = Ear()
    ear.drain(second)
    assert (ear.marks(1), ear.marks(2)) == ([1, 2], [7])
    second.close()


def test_an_older_copy_is_not_made_whole_by_what_it_announced(tmp_path: Path, path: Path) -> None:
    outbox = opened(path)
    outbox.append([at_page(1)], moment(1), announced_page(2))
    outbox.close()
    copy = tmp_path / "copy.db"
    shutil.copy(path, copy)
    outbox = opened(path)  # the announcement becomes the second event
    outbox.close()
    shutil.copy(copy, path)
    with pytest.raises(Damaged) as caught:
        opened(path, at_least=2)
    assert caught.value.code == "journal_behind"


def test_a_journal_of_the_version_before_is_taken_over(path: Path) -> None:
    outbox = opened(path)
    outbox.append([at_page(1)], moment(1))
    outbox.close()
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("DROP TABLE announced")
        db.execute("PRAGMA user_version = 1")
    outbox = opened(path)
    assert outbox.salvaged is None
    outbox.append([at_page(2)], moment(2), announced_page(3))
    assert outbox.take(at_page(3), moment(3)) is not None
    outbox.close()
    outbox = opened(path)
    ear = Ear()
    ear.drain(outbox)
    assert ear.marks() == [1, 2, 3]
    outbox.close()


def test_a_flipped_bit_in_an_announcement_is_damage_and_never_another_event(path: Path) -> None:
    outbox = opened(path)
    outbox.append([at_page(1)], moment(1), announced_page(2))
    outbox.close()
    with closing(sqlite3.connect(path)) as db, db:
        (box,) = db.execute("SELECT box FROM announced").fetchone()
        db.execute("UPDATE announced SET box = ?", (bytes([box[0] ^ 1, *box[1:]]),))
    outbox = opened(path)
    assert outbox.salvaged is not None
    assert (outbox.salvaged.kept, outbox.salvaged.lost) == (1, 1)
    outbox.append([at_page(3)], moment(3))
    ear = Ear()
    ear.drain(outbox)
    assert ear.marks() == [1, 3]
    outbox.close()


MEETS_DAMAGE: dict[str, Callable[[Outbox, tuple[int, int, str]], object]] = {
    "the next batch": lambda outbox, _receipt: outbox.pending(),
    "a receipt": lambda outbox, receipt: outbox.confirm(*receipt),
    "a look for torn epochs": lambda outbox, _receipt: outbox.torn(),
}


@pytest.mark.parametrize("meets", list(MEETS_DAMAGE))
@pytest.mark.parametrize("begun", [False, True], ids=["it has not begun", "it has begun"])
def test_while_the_journal_is_salvaged_no_look_is_without_a_record(
    path: Path, tmp_path: Path, meets: str, *, begun: bool
) -> None:
    """The sync's thread meets the damage just before or after the page is shown; then the power goes."""
    outbox = opened(path)
    outbox.append([at_page(1)], moment(1), announced_page(2))
    batch = outbox.pending()
    assert batch is not None
    receipt = Ear().take(batch)
    shown = begun and outbox.take(at_page(2), moment(2)) is not None
    damage(path)
    MEETS_DAMAGE[meets](outbox, receipt)
    assert outbox.salvaged is not None
    assert outbox.salvaged.lost == 0
    shown = shown or outbox.take(at_page(2), moment(2)) is not None
    left = as_the_disk_has_it(path, tmp_path / "copy")
    outbox.append([look(3)], moment(3))
    outbox.close()
    after = opened(left)
    assert after.head == 2 or not shown
    after.close()


def test_what_was_announced_is_kept_when_something_else_in_the_journal_is_damaged(path: Path) -> None:
    outbox = opened(path)
    outbox.append([at_page(1)], moment(1), announced_page(2))
    assert outbox.take(at_page(2), moment(2)) is not None
    outbox.close()
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO journal VALUES (9, 'K-9', 1, 0, '00', 0, '00', 0, '', zeroblob(32))")
    outbox = opened(path)
    assert outbox.salvaged is not None
    assert (outbox.salvaged.kept, outbox.salvaged.lost) == (1, 0)
    ear = Ear()
    ear.drain(outbox)
    assert ear.marks() == [1, 2]
    outbox.close()


def test_nothing_of_an_announcement_stays_when_its_event_has_gone(path: Path, tmp_path: Path) -> None:
    outbox = opened(path)
    outbox.append([at_page(1)], moment(1), announced_page(2))
    outbox.close()
    outbox = opened(path)  # it becomes an event
    batch = outbox.pending()
    assert batch is not None
    Ear().drain(outbox)
    outbox.close()
    outbox = opened(path, epoch=2)
    for number in range(5):
        outbox.append([at_page(number)], moment(number), announced_page(number + 1))
    Ear().drain(outbox)
    outbox.close()
    assert found_in(tmp_path, [sealed.box for sealed in batch.events]) == []


def test_an_announcement_that_was_followed_by_something_else_is_gone(path: Path) -> None:
    outbox = opened(path)
    outbox.append([at_page(1)], moment(1), announced_page(2))
    outbox.append([look("something else")], moment(2))
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT * FROM announced").fetchall() == []
    outbox.close()


# -- at the screen -------------------------------------------------------------------------------------


@pytest.fixture
def reading(tmp_path: Path) -> Iterator[Shift]:
    """Ana reads the first page, and the second is announced."""
    with Shift(tmp_path, SmallPlant()) as shift:
        shift.badge_in(ANA.badge)
        shift.until_ahead(1)
        shift.events()
        assert announced(tmp_path / "outbox.db")
        yield shift


def test_no_page_is_painted_on_an_announcement_that_was_lost(reading: Shift, path: Path) -> None:
    damage(path)
    courier = threading.Thread(target=reading.outbox.pending)
    courier.start()
    courier.join()
    assert reading.outbox.salvaged is not None
    reading.engine.turn_to(1)
    reading.until_painted(lambda p: p.index == 1)
    assert all(reading.recorded_at_paint)


@pytest.mark.parametrize("then", ["a badge that does not read", "the strip"])
def test_a_page_that_was_taken_away_is_not_announced_again(
    reading: Shift, path: Path, tmp_path: Path, then: str
) -> None:
    session = reading.screen.session
    assert session is not None
    second = session.leaves[1].page
    reading.hand_over(reading.plant.but(texts=("Open the battery door", "Close the battery door")), 2)
    reading.until(lambda s: s.session is not None and len(s.session.leaves) == 2)
    purged = Draft(EventKind.PURGED, lease=2, station=STATION, body={"why": "lease", "after": 1})
    reading.outbox.append([purged], reading.clock.moment())
    recorded = reading.outbox.head
    if then == "the strip":
        reading.engine.show_strip(80, 60)
    else:
        reading.engine.on_misread(Damaged("That does not read as a badge.", code="badge_unreadable"))
    reading.until_recorded(recorded + 1)
    after = opened(as_the_disk_has_it(path, tmp_path / "copy"), kiosk=KIOSK)
    batch = after.pending()
    assert batch is not None
    events = [Event.read(open_event(sealed.box, HUB_KEY)) for sealed in batch.events]
    after.close()
    assert [
        e for e in events if (e.kind, e.page) == (EventKind.VIEW_ANNOUNCED, second) and e.lease == 2
    ] == []


def test_where_a_fault_ends_the_session_nothing_stays_announced(
    reading: Shift, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong() -> None:
        raise Damaged("A page's key does not open.", code="key_damaged")

    monkeypatch.setattr(reading.engine._conductor, "_keys", wrong)
    reading.hand_over(reading.plant.but(texts=("Open the battery door", "Close the battery door")), 2)
    reading.until(lambda s: s.stage is Stage.BADGE)
    assert reading.kinds()[-1] is EventKind.SESSION_END
    assert announced(path) == set()
