"""Which revision is in force when: at most one, and whatever is released next goes on from there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.hub.acting import Acting, actor
from app.hub.documents import recall, release, status_at
from app.hub.home import Home
from app.hub.schema import Document, RevisionRow
from app.hub.store import Store
from app.model.errors import Refused
from app.model.terms import RevisionStatus

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def shared_store(made):
    store = Store(Home.open(made / "full").database_url)
    yield store
    store.close()


def revisions(session, labels="ABC"):
    session.add(Document(code="WI-7", part="P-1", title="x"))
    session.flush()
    for label in labels:
        session.add(
            RevisionRow(
                document="WI-7", label=label, status="approved", classification="internal", source="0" * 64,
                map_hash="0" * 64, published=NOW, by="SUP-1", report={},
            )
        )  # fmt: skip
    session.flush()


def in_force(session, when):
    """The labels in force at ``when``, as the hub that builds a lease asks."""
    return at(session.query(RevisionRow).filter_by(document="WI-7", status="effective").all(), when)


def at(rows, when):
    return [
        row.label
        for row in rows
        if row.effective_from <= when and (row.effective_until is None or when < row.effective_until)
    ]


def act(session, hours=0):
    return Acting(session, actor(session, "SUP-1"), NOW + hours * HOUR, "because")


def test_a_fix_in_between_leaves_the_planned_revision_planned(shared_store):
    with shared_store.rehearse() as session:
        revisions(session)
        release(act(session), "WI-7", "A")
        release(act(session), "WI-7", "B", NOW + 10 * HOUR)
        release(act(session, 1), "WI-7", "C")
        for hours, label in {0.5: [], 1: ["C"], 9: ["C"], 10: ["B"], 99: ["B"]}.items():
            assert in_force(session, NOW + hours * HOUR) == label


def test_a_planned_revision_that_is_recalled_lets_the_present_one_go_on(shared_store):
    with shared_store.rehearse() as session:
        revisions(session)
        release(act(session), "WI-7", "A")
        release(act(session), "WI-7", "B", NOW + 10 * HOUR)
        recall(act(session, 1), "WI-7", "B")
        assert in_force(session, NOW + 99 * HOUR) == ["A"]


def test_a_recall_does_not_bring_back_the_one_before(shared_store):
    with shared_store.rehearse() as session:
        revisions(session)
        release(act(session), "WI-7", "A")
        release(act(session, 1), "WI-7", "B")
        recall(act(session, 2), "WI-7", "B")
        assert in_force(session, NOW + 3 * HOUR) == []


def test_a_planned_revision_can_be_planned_for_another_time(shared_store):
    with shared_store.rehearse() as session:
        revisions(session)
        release(act(session), "WI-7", "A")
        release(act(session), "WI-7", "B", NOW + 10 * HOUR)
        release(act(session), "WI-7", "B", NOW + 20 * HOUR)
        assert in_force(session, NOW + 15 * HOUR) == ["A"]
        release(act(session), "WI-7", "B", NOW + 5 * HOUR)
        assert in_force(session, NOW + 6 * HOUR) == ["B"]
        with pytest.raises(Refused, match="in the past"):
            release(act(session, 2), "WI-7", "B", NOW + 1 * HOUR)


ACTS = st.tuples(st.sampled_from("ABC"), st.sampled_from(["release", "plan", "recall"]), st.integers(0, 12))


@settings(deadline=None, max_examples=60)
@given(acts=st.lists(ACTS, max_size=8))
def test_never_two_in_force_and_what_is_released_is(acts, shared_store):
    with shared_store.rehearse() as session:
        revisions(session)
        recalled = set()
        for hour, (label, what, ahead) in enumerate(acts):
            acting = act(session, 2 * hour)
            if what == "recall":
                recall(acting, "WI-7", label)
                recalled.add(label)
            else:
                start = None if what == "release" else acting.now + ahead * HOUR
                if may_be_released(session, acting, label, start, recalled):
                    release(acting, "WI-7", label, start)
                    assert in_force(session, start or acting.now) == [label]
                else:
                    with pytest.raises(Refused):
                        release(acting, "WI-7", label, start)
            rows = session.query(RevisionRow).filter_by(document="WI-7", status="effective").all()
            for hours in range(40):
                now = at(rows, NOW + hours * HOUR)
                assert len(now) <= 1
                assert not recalled & set(now) or NOW + hours * HOUR < acting.now


def may_be_released(session, acting, label, start, recalled):
    """What the rules say, asked of the rows alone."""
    row = session.query(RevisionRow).filter_by(document="WI-7", label=label).one()
    in_force_now = status_at(row, acting.now) is RevisionStatus.EFFECTIVE
    return label not in recalled and not (in_force_now and start is not None and row.effective_from != start)
