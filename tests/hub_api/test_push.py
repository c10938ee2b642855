"""Push streams without sockets: what is written to whom, and when not."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from app.hub.concerned import JOURNAL
from app.hub.push import AT_ONCE, REST_PACE, Push

if TYPE_CHECKING:
    import pytest

    from app.hub.push import Stream
    from tests.hub_api.plant import Plant

THERE = b"9\r\n: there\n\n\r\n"
ANYTHING = frozenset({("setting.set", "idle_seconds")})


class Wire(asyncio.Transport):
    """Keeps what is written to a connection that was handed over."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.closed = False

    def write(self, data: Any) -> None:
        self.written += data

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        pass

    @property
    def lines(self) -> int:
        return self.written.count(b"event: ")


async def listen(stream: Stream | None) -> Wire:
    """Have a stream answered by a server that hands connections over."""
    assert stream is not None
    wire, head = Wire(), list[Any]()

    async def send(message: Any) -> None:
        head.append(message)

    scope = {"http_version": "1.1", "state": {"stationleaf.hand_over": lambda _heir: wire}}
    await stream(scope, None, send)  # type: ignore[arg-type]
    assert [each["type"] for each in head] == ["http.response.start"]
    return wire


def test_a_stream_says_that_it_is_there_and_the_newest_when_it_can(plant: Plant) -> None:
    async def told() -> None:
        push = Push(plant.store)
        push.begin()
        stream = push.stream("K-1")
        wire = await listen(stream)
        assert stream is not None
        assert wire.written == THERE
        stream.pause_writing()
        stream.say(b"event: old\n\n")
        stream.say(b"event: new\n\n")
        assert wire.written == THERE
        stream.resume_writing()
        assert wire.written == THERE + b"c\r\nevent: new\n\n\r\n"
        stream.beat(asyncio.get_running_loop().time())
        assert wire.written.count(THERE) == 1
        stream.beat(asyncio.get_running_loop().time() + 60)
        assert wire.written.count(THERE) == 2
        push.end()
        assert wire.closed
        assert wire.written.endswith(b"\r\n0\r\n\r\n")

    asyncio.run(told())


def test_a_server_that_hands_nothing_over_has_no_stream(plant: Plant) -> None:
    async def answered() -> list[Any]:
        push, sent = Push(plant.store), list[Any]()

        async def send(message: Any) -> None:
            sent.append(message)

        push.begin()
        stream = push.stream("K-1")
        assert stream is not None
        await stream({"http_version": "1.1"}, None, send)  # type: ignore[arg-type]
        assert push.listening == 0
        push.end()
        return sent

    assert asyncio.run(answered())[0]["status"] == 204


def test_of_a_crowd_the_next_are_told_when_the_hub_has_answered(plant: Plant) -> None:
    async def told() -> None:
        push, queued = Push(plant.store), [AT_ONCE]
        push.begin(lambda: queued[0])
        wires = [await listen(push.stream(f"K-{number}")) for number in range(3 * AT_ONCE)]
        await asyncio.to_thread(push.changed, ANYTHING)
        assert sum(wire.lines for wire in wires) == 0
        queued[0] = 0
        while any(wire.lines == 0 for wire in wires):
            await asyncio.sleep(0.01)
        push.end()

    asyncio.run(asyncio.wait_for(told(), 30))


def test_a_crowd_is_told_of_a_change_even_while_the_hub_is_kept_busy(plant: Plant) -> None:
    async def told() -> None:
        push = Push(plant.store)
        push.begin(lambda: 1000)
        wires = [await listen(push.stream(f"K-{number}")) for number in range(2 * AT_ONCE)]
        await asyncio.to_thread(push.changed, ANYTHING)
        while any(wire.lines == 0 for wire in wires):
            await asyncio.sleep(0.01)
        push.end()

    asyncio.run(asyncio.wait_for(told(), 30))


def test_what_many_kiosks_do_is_told_to_a_desk_in_a_few_lines(plant: Plant) -> None:
    async def told() -> None:
        push = Push(plant.store)
        push.begin()
        wire = await listen(push.desk_stream("D-1", "SUP-1"))
        before = wire.lines
        for number in range(50):
            await asyncio.to_thread(push.changed, frozenset({(JOURNAL, f"K-{number}")}))
        await asyncio.sleep(0)
        assert wire.lines <= before + 1
        while wire.lines == before:
            await asyncio.sleep(0.01)
        push.end()

    asyncio.run(asyncio.wait_for(told(), 30))


def test_moves_one_after_another_are_told_to_the_rest_of_the_line_once(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.hub.push.REST_LATER", 1.0)  # a busy machine must not come between the two
    for number in range(1, 7):
        if number > 2:
            plant.station(f"ST-{number}", "L1", ["PUMP"])
        plant.kiosk(f"K-{number}", f"ST-{number}")

    async def told() -> None:
        push = Push(plant.store)
        push.begin()
        wires = {number: await listen(push.stream(f"K-{number}")) for number in range(1, 7)}
        for one, other in ((1, 2), (1, 3)):
            acts = {("unassign", f"P-1 ST-{one}"), ("assign.assigned", f"P-1 ST-{other}")}
            await asyncio.to_thread(push.changed, frozenset(acts))
        await asyncio.sleep(0)
        assert [wires[number].lines for number in wires] == [2, 1, 1, 0, 0, 0]
        while any(wire.lines == 0 for wire in wires.values()):
            await asyncio.sleep(0.01)
        await asyncio.sleep(3 * REST_PACE)
        assert [wires[number].lines for number in wires] == [2, 2, 1, 1, 1, 1]
        push.end()

    asyncio.run(asyncio.wait_for(told(), 30))
