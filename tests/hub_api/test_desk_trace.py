"""Leaked pictures at a desk: the hub names the view that their words say, to whom may know, and on record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from app.hub.api import desk_trace
from app.hub.schema import ChangeRow
from app.hub.schema_audit import AuditedClient
from app.mark import code
from app.mark.keys import Place, check_key, kiosk_keys, layout_key, tag_of
from app.model.terms import Role
from app.seal.boxes import hpke_open
from app.seal.encoding import sha256
from app.wire.desk_trace import (
    TraceAsk,
    TraceKeyAsk,
    TraceKeyReply,
    TracePicture,
    TraceReply,
    TraceWord,
    layout_info,
)
from tests.hub_api.test_desk import Desk, _refused, desk

if TYPE_CHECKING:
    import httpx

    from tests.hub_api.plant import Plant

__all__ = ["desk"]  # the fixture


@pytest.fixture
def quality(desk: Desk) -> Desk:
    """P-1 saw a page of ACME's at K-1, P-2 one of BOLT's."""
    desk.plant.person("QA-1", roles=[Role.QUALITY])
    kiosk = desk.plant.kiosk("K-1", "ST-2")
    for person, client, page, revision in (
        ("P-1", "ACME", b"one", "WI-1/A"),
        ("P-2", "BOLT", b"three", "WI-2/A"),
    ):
        batch = kiosk.write(
            person=person, client=client, page=sha256(page), revision=revision, station="ST-2"
        )
        assert kiosk.deliver(batch).status_code == 200
    return Desk(desk.plant, desk.device, "QA-1")


def auditor(desk: Desk, client: str = "BOLT") -> Desk:
    desk.plant.person("A-1", roles=[Role.AUDITOR])
    desk.plant.add(AuditedClient(person="A-1", client=client))
    return Desk(desk.plant, desk.device, "A-1")


def signs(plant: Plant, seq: int, kiosk: str = "K-1") -> np.ndarray:
    site = plant.home.mark_key
    tag = tag_of(site, kiosk)
    return 1.0 - 2.0 * np.array(code.sent(Place(tag, 1, seq).token, check_key(site, tag), layout_key(site)))


def picture(soft: np.ndarray, name: str = "leak.jpg") -> TracePicture:
    word = TraceWord(
        soft=np.clip(np.rint(20 * soft), -127, 127).astype(np.int8).tobytes(), fits=500, pilot=9000
    )
    return TracePicture(name=name, digest=sha256(name.encode()), words=(word,))


def asked(desk: Desk, *pictures: TracePicture) -> TraceReply:
    answer = desk.ask("desk_trace", TraceAsk, pictures=pictures)
    assert answer.status_code == 200, answer.text
    return TraceReply.read(answer.content)


def on_record(plant: Plant) -> list[tuple[str, str, dict[str, Any]]]:
    """By whom, what was found, and the rest."""
    with plant.store.read() as session:
        rows = session.query(ChangeRow).filter_by(act="mark.trace").order_by(ChangeRow.id)
        return [(row.by, row.subject, row.after) for row in rows]


def test_a_word_names_its_view_with_its_place_in_the_log_and_that_it_was_asked_is_on_record(
    quality: Desk,
) -> None:
    reply = asked(quality, picture(signs(quality.plant, 1)))
    (view,) = reply.views
    assert (view.document, view.revision, view.page, view.client) == ("WI-1", "A", 1, "ACME")
    assert (view.person, view.name, view.kiosk, view.epoch, view.seq) == ("P-1", "Name of P-1", "K-1", 1, 1)
    assert view.log.endswith("/site")
    assert view.entry is not None
    assert view.entry < view.size
    assert reply.confidence > 990
    ((by, subject, after),) = on_record(quality.plant)
    assert (by, subject) == ("QA-1", reply.token)
    assert after["views"] == ["K-1/1/1"]
    assert after["pictures"] == {"leak.jpg": sha256(b"leak.jpg")}


def test_an_auditor_is_told_of_the_own_clients_views_alone_under_pseudonyms(quality: Desk) -> None:
    client = auditor(quality)
    answer = client.ask("desk_trace", TraceAsk, pictures=(picture(signs(quality.plant, 2)),))
    (view,) = TraceReply.read(answer.content).views
    assert (view.client, view.document, view.name) == ("BOLT", "WI-2", "")
    assert b'P-2"' not in answer.content
    assert view.log.endswith("/client/BOLT")
    answer = client.ask("desk_trace", TraceAsk, pictures=(picture(signs(quality.plant, 1)),))
    reply = TraceReply.read(answer.content)
    assert (bool(reply.token), reply.views) == (True, ())
    for name in (b'P-1"', b"ACME", b"WI-1"):
        assert name not in answer.content
    assert [by for by, _, _ in on_record(quality.plant)] == ["A-1", "A-1"]


def test_who_may_not_ask_is_refused_and_told_nothing(quality: Desk) -> None:
    supervisor = Desk(quality.plant, quality.device, "SUP-9")
    for answer in (
        supervisor.ask("desk_trace_key", TraceKeyAsk),
        supervisor.ask("desk_trace", TraceAsk, pictures=(picture(signs(quality.plant, 1)),)),
    ):
        assert "SUP-9 may not look up" in _refused(answer, 403, "not_allowed")
    assert on_record(quality.plant) == []


def test_the_layout_is_sealed_to_the_desk_and_makes_no_marks(quality: Desk) -> None:
    reply = TraceKeyReply.read(quality.ask("desk_trace_key", TraceKeyAsk).content)
    key = hpke_open(reply.key, quality.device.seal, layout_info("D-1"))
    own = kiosk_keys(quality.plant.home.mark_key, "K-1")
    assert key == own.layout
    assert own.check not in key


def test_two_pictures_that_show_half_each_name_their_view_together(quality: Desk) -> None:
    whole, half = signs(quality.plant, 1), np.arange(code.SENT_BITS) < code.SENT_BITS // 2
    poor = [picture(whole * half, "left.jpg"), picture(whole * ~half, "right.jpg")]
    assert [asked(quality, one).token for one in poor] == ["", ""]
    reply = asked(quality, *poor)
    assert reply.token
    assert [view.person for view in reply.views] == ["P-1"]


def test_who_joined_pictures_is_named_among_the_views_on_record(quality: Desk) -> None:
    kiosk = quality.plant.kiosk("K-2", "ST-2")
    batch = kiosk.write(
        12, person="P-3", client="BOLT", page=sha256(b"three"), revision="WI-2/A", station="ST-2"
    )
    assert kiosk.deliver(batch).status_code == 200
    people = {("K-1", 1), ("K-1", 2), ("K-2", 5), ("K-2", 9)}
    joined = np.mean([signs(quality.plant, seq, kiosk) for kiosk, seq in people], axis=0)
    reply = asked(quality, picture(joined))
    assert (reply.token, reply.tried) == ("", 14)
    assert reply.odds is not None
    assert reply.odds > 100_000
    named = {(view.kiosk, view.seq) for view in reply.views}
    assert named
    assert named <= people
    ((_, subject, _),) = on_record(quality.plant)
    assert subject.startswith("compared: ")
    assert asked(auditor(quality, "ACME"), picture(joined)).tried == 1


def test_a_mark_of_another_key_names_nobody(quality: Desk) -> None:
    plant = quality.plant
    thief = kiosk_keys(plant.home.mark_key, "K-2")
    token = Place(tag_of(plant.home.mark_key, "K-1"), 1, 1).token
    forged = 1.0 - 2.0 * np.array(code.sent(token, thief.check, thief.layout))
    assert not asked(quality, picture(forged)).found


def test_one_at_a_time(quality: Desk) -> None:
    ask = {"pictures": (picture(signs(quality.plant, 1)),)}
    with desk_trace._ONE:
        _refused(quality.ask("desk_trace", TraceAsk, **ask), 503, "busy")
    answer: httpx.Response = quality.ask("desk_trace", TraceAsk, **ask)
    assert answer.status_code == 200
