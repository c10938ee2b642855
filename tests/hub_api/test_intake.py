"""Journals that come in at the same moment: each is answered as if it had come alone, and none is lost."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPSignatureKeyResolver,
    algorithms,
)
from sqlalchemy import event, select

from app.hub.log_check import check
from app.hub.schema import AlarmRow, EventRow, KioskRow
from app.model.errors import Untrusted
from app.seal.chain import GENESIS
from app.seal.keys import SigningKey
from app.wire.messages import COUNTER_HEADER, ROUTES
from app.wire.signatures import (
    COVERED,
    LABEL,
    TAG,
    SignedRequest,
    content_digest,
    sign_request,
    verify_request,
)
from tests.hub_api.plant import ADDRESS, NOW

if TYPE_CHECKING:
    from tests.hub_api.plant import Device, Plant

EVENTS = ROUTES["events"]

Ask = tuple[dict[str, str], bytes]


def at_once(plant: Plant, asks: list[Ask]) -> list[httpx.Response]:
    """Have all of these in the hub at the same moment, on one event loop."""
    plant.client().close()

    async def send() -> list[httpx.Response]:
        transport = httpx.ASGITransport(plant.app, client=("10.0.0.7", 4711))
        async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as client:
            posts = (client.post(EVENTS, content=body, headers=headers) for headers, body in asks)
            return list(await asyncio.gather(*posts))

    return asyncio.run(send())


def asked(kiosk: Device, body: bytes, **changes: Any) -> Ask:
    return kiosk.signed("POST", EVENTS, body, **changes), body


def held(plant: Plant) -> dict[str, int]:
    with plant.store.read() as session:
        return {row.code: row.held for row in session.scalars(select(KioskRow))}


def test_many_are_committed_together_and_all_are_answered(plant: Plant) -> None:
    kiosks = [plant.kiosk(f"K-{number}", "ST-1") for number in range(30)]
    asks = [asked(kiosk, kiosk.write(2).exact()) for kiosk in kiosks]
    commits: list[object] = []
    event.listen(plant.store._engine, "commit", commits.append)
    answers = at_once(plant, asks)
    assert [answer.json()["held"] for answer in answers] == [2] * 30
    assert held(plant) == {kiosk.code: 2 for kiosk in kiosks}
    assert len(commits) <= 6
    with plant.store.read() as session:
        places = session.scalars(select(EventRow.site_index).order_by(EventRow.id)).all()
        assert list(places) == list(range(60))
    assert check(plant.store) == 60 + 60  # the log of the site, and of the client
    again = at_once(plant, asks)
    assert {answer.json()["code"] for answer in again} == {"counter_behind"}
    anew = [asked(kiosk, body) for kiosk, (_, body) in zip(kiosks, asks, strict=True)]
    assert [answer.json()["held"] for answer in at_once(plant, anew)] == [2] * 30


def test_what_is_wrong_with_one_is_told_to_that_one_alone(plant: Plant) -> None:
    """Among six that are in order: a hole, a fork, a replay, a stranger's signature, a pending device."""
    good = [plant.kiosk(f"G-{number}", "ST-1") for number in range(6)]
    hole, fork, replay, stranger, pending = (plant.kiosk(f"B-{number}", "ST-1") for number in range(5))
    fork_first, replay_first = asked(fork, fork.write().exact()), asked(replay, replay.write().exact())
    assert [answer.status_code for answer in at_once(plant, [fork_first, replay_first])] == [200, 200]
    hole.write()
    fork.seq, fork.head = 0, GENESIS
    plant.set_kiosk(pending.code, status="pending")
    bad = {
        "hole": asked(hole, hole.write().exact()),
        "fork": asked(fork, fork.write().exact()),
        "counter_behind": replay_first,
        "signature": asked(stranger, stranger.write().exact(), key=SigningKey.generate()),
        "kiosk_pending": asked(pending, pending.write().exact()),
    }
    asks = [asked(kiosk, kiosk.write().exact()) for kiosk in good]
    asks[3:3] = bad.values()
    answers = at_once(plant, asks)
    codes = [answer.json().get("code", answer.status_code) for answer in answers]
    assert codes == [200, 200, 200, *bad, 200, 200, 200]
    assert [held(plant)[kiosk.code] for kiosk in good] == [1] * 6
    assert [held(plant)[kiosk.code] for kiosk in (hole, stranger, pending)] == [0] * 3
    with plant.store.read() as session:
        alarms = session.execute(select(AlarmRow.kiosk, AlarmRow.kind)).all()
        assert sorted(map(tuple, alarms)) == [
            (hole.code, "hole"), (fork.code, "fork"), (replay.code, "counter_behind"),
        ]  # fmt: skip
    assert check(plant.store) == 8 + 8


def test_two_batches_of_one_kiosk_at_once_are_both_taken(plant: Plant) -> None:
    kiosk, other = plant.kiosk("K-1", "ST-1"), plant.kiosk("K-2", "ST-1")
    asks = [asked(each, each.write().exact()) for each in (other, kiosk, kiosk)]
    assert [answer.json()["held"] for answer in at_once(plant, asks)] == [1, 1, 2]


# -- the plain form of a signature, beside the library that knows every form ---------------------------------


class _Keys(HTTPSignatureKeyResolver):
    def __init__(self, key: SigningKey) -> None:
        self._key = key

    def resolve_public_key(self, key_id: str) -> Any:
        assert key_id == "K-1"
        return self._key._private.public_key()

    def resolve_private_key(self, key_id: str) -> Any:
        assert key_id == "K-1"
        return self._key._private


class _Message:
    def __init__(self, method: str, url: str, headers: dict[str, str]) -> None:
        self.method, self.url, self.headers = method, url, headers


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", EVENTS), ("GET", ROUTES["lease"] + "?have=1&manifest=&seen=1"), ("GET", "/v1/a%2Fb?x=%20")],
)
def test_a_plain_signature_is_what_the_library_makes_of_the_standard(method: str, path: str) -> None:
    key, url = SigningKey.generate(), ADDRESS + path
    ours = sign_request(method, url, b"body", kiosk="K-1", key=key, counter=7, created=NOW)
    theirs = _Message(method, url, {"Content-Digest": content_digest(b"body"), COUNTER_HEADER: "7"})
    HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=_Keys(key)).sign(
        theirs, key_id="K-1", created=NOW, label=LABEL, tag=TAG, covered_component_ids=COVERED,
        use_existing_digest=True,
    )  # fmt: skip
    assert ours == theirs.headers
    request = SignedRequest(method, url, list(ours.items()), b"body")
    assert verify_request(request, lambda _kiosk: key.public, NOW).counter == 7
    for changed in (
        SignedRequest("PUT", url, request.headers, b"body"),
        SignedRequest(method, url + "x", request.headers, b"body"),
        SignedRequest(method, url, [*request.headers, (COUNTER_HEADER, "7")], b"body"),
        SignedRequest(
            method, url, [*request.headers[:1], (COUNTER_HEADER, "8"), *request.headers[2:]], b"body"
        ),
        SignedRequest(method, url, request.headers, b"other"),
    ):
        with pytest.raises(Untrusted):
            verify_request(changed, lambda _kiosk: key.public, NOW)
