"""Changes of many threads in one transaction: each stands or falls alone, and none is lost."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError

from app.hub.schema import Setting
from app.hub.store import Store
from app.model.errors import Refused, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy.orm import Session

THREADS = 8


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(f"sqlite:///{tmp_path}/x.db")
    made.upgrade()
    yield made
    made.close()


def put(name: str) -> Callable[[Session], str]:
    def work(session: Session) -> str:
        session.add(Setting(name=name, value=1))
        session.flush()
        return name

    return work


def names(store: Store) -> set[str]:
    with store.read() as session:
        return set(session.scalars(select(Setting.name)))


def at_once(store: Store, works: list[Callable[[Session], object]]) -> list[object]:
    """Have all of this done while the database is busy, so that it queues; what each came to."""
    came: list[object] = [None] * len(works)

    def want(place: int) -> None:
        try:
            came[place] = store.together(works[place])
        except Exception as error:
            came[place] = error

    threads = [threading.Thread(target=want, args=(place,)) for place in range(len(works))]
    with store.write():
        for thread in threads:
            thread.start()
        while len(store._together._wishes) < len(works) - 1:  # the first waits for the database already
            threads[0].join(0.01)
    for thread in threads:
        thread.join()
    return came


def test_what_queues_is_committed_together(store: Store) -> None:
    commits: list[object] = []
    event.listen(store._engine, "commit", commits.append)
    wanted = [f"s{number}" for number in range(THREADS)]
    assert at_once(store, [put(name) for name in wanted]) == wanted
    assert names(store) == set(wanted)
    assert len(commits) == 3  # the one that kept it busy, the first, and the others


def test_a_refusal_undoes_its_own_change_alone(store: Store) -> None:
    def refused(session: Session) -> str:
        put("half")(session)
        raise Refused("No.", code="no")

    came = at_once(store, [put("a"), refused, put("b"), refused, put("c")])
    assert [getattr(each, "code", each) for each in came] == ["a", "no", "b", "no", "c"]
    assert names(store) == {"a", "b", "c"}


def test_a_fault_in_one_change_fails_none_of_the_others(store: Store) -> None:
    came = at_once(store, [put("a"), put("b"), put("b"), put("c")])
    assert sorted(type(each).__name__ for each in came) == ["IntegrityError", "str", "str", "str"]
    assert isinstance(next(each for each in came if not isinstance(each, str)), IntegrityError)
    assert names(store) == {"a", "b", "c"}


def test_where_the_disk_is_full_everybody_is_told_so(store: Store) -> None:
    def full(_connection: object) -> None:
        import sqlite3

        from sqlalchemy.exc import OperationalError

        cause = sqlite3.OperationalError("database or disk is full")
        cause.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise OperationalError("COMMIT", None, cause)

    event.listen(store._engine, "commit", full)
    with pytest.raises(Unavailable, match="disk is full"):
        store.together(put("a"))
    assert names(store) == set()
    event.remove(store._engine, "commit", full)
    assert store.together(put("a")) == "a"
