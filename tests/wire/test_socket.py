"""Reading takes what has arrived and loses nothing before an error; a request goes out in one piece."""

from __future__ import annotations

import fcntl
import os
import socket
import ssl
import termios
import threading
import time
from array import array
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from app.hub import tls
from app.wire.transport import pinned

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RECORD = 16 * 1024


class Ends:
    """Both ends of a TLS connection; the near one is made as the kiosk makes it."""

    def __init__(self, folder: Path) -> None:
        now = datetime.now(UTC)
        ca = tls.make_ca("S1", now)
        pair = tls.make_server(ca, ["localhost"], now)
        for name, data in (("cert", pair.cert), ("key", pair.key)):
            (folder / name).write_bytes(data)
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.num_tickets = 0  # they would be counted as arrived
        server.load_cert_chain(folder / "cert", folder / "key")
        with socket.create_server(("127.0.0.1", 0)) as listener:
            plain = socket.create_connection(listener.getsockname())
            accepted, _ = listener.accept()
        made: list[ssl.SSLSocket] = []
        shake = threading.Thread(
            target=lambda: made.append(server.wrap_socket(accepted, server_side=True)), daemon=True
        )
        shake.start()
        self.near = pinned(ca.cert.decode()).wrap_socket(plain, server_hostname="localhost")
        shake.join()
        self.far = made[0]
        self.near.settimeout(5)

    def send(self, data: bytes, then: bytes = b"") -> None:
        """Send, the second part as it is; returns when all has arrived."""
        self.far.sendall(data)
        os.write(self.far.fileno(), then)
        arrived = array("i", [0])
        while arrived[0] < len(data) + len(then):
            time.sleep(0.001)
            fcntl.ioctl(self.near.fileno(), termios.FIONREAD, arrived)

    def close(self) -> None:
        """Close both."""
        self.near.close()
        self.far.close()


@pytest.fixture
def ends(tmp_path: Path) -> Iterator[Ends]:
    made = Ends(tmp_path)
    yield made
    made.close()


def test_records_that_have_arrived_come_together(ends: Ends) -> None:
    sent = os.urandom(3 * RECORD)
    ends.send(sent)
    assert ends.near.recv(4 * RECORD) == sent  # OpenSSL alone gives a third of it
    assert ends.near.gettimeout() == 5


def test_no_more_comes_than_was_asked_for(ends: Ends) -> None:
    sent = os.urandom(3 * RECORD)
    ends.send(sent)
    first = ends.near.recv(2 * RECORD + 1)
    assert len(first) == 2 * RECORD + 1
    assert first + ends.near.recv(4 * RECORD) == sent


def test_what_has_arrived_is_not_held_back_for_more(ends: Ends) -> None:
    ends.far.sendall(b"one")
    assert ends.near.recv(4 * RECORD) == b"one"
    ends.far.sendall(b"two")
    assert ends.near.recv(4 * RECORD) == b"two"


def test_silence_is_a_timeout_as_ever(ends: Ends) -> None:
    ends.near.settimeout(0.05)
    with pytest.raises(TimeoutError):
        ends.near.recv(4 * RECORD)
    ends.far.sendall(b"late")
    assert ends.near.recv(4 * RECORD) == b"late"


def test_the_end_comes_after_the_data(ends: Ends) -> None:
    ends.far.sendall(b"last words")
    ends.far.close()
    assert ends.near.recv(4 * RECORD) == b"last words"
    assert ends.near.recv(4 * RECORD) == b""


def test_an_error_comes_after_the_data(ends: Ends) -> None:
    sent = os.urandom(2 * RECORD)
    ends.send(sent, then=b"this is no TLS record")
    assert ends.near.recv(4 * RECORD) == sent
    with pytest.raises(ssl.SSLError, match="WRONG_VERSION_NUMBER"):
        ends.near.recv(4 * RECORD)


HEAD = b"POST /v1/events HTTP/1.1\r\nHost: hub\r\nContent-Length: %d\r\nX: y\r\n\r\n"


def test_the_head_of_a_request_goes_out_with_its_body(ends: Ends) -> None:
    head, body = HEAD % 5, b"abcde"
    assert ends.near.send(head) == len(head)
    assert ends.near.send(body) == len(body)
    assert ends.far.recv(RECORD) == head + body  # one record; a receiver gets no more of two at once


@pytest.mark.parametrize(
    "head",
    [HEAD % 0, HEAD.replace(b"POST", b"GET ") % 5, b"POST / HTTP/1.1\r\n\r\n"],
    ids=["empty", "GET", "none"],
)
def test_a_head_that_no_body_follows_does_not_wait(ends: Ends, head: bytes) -> None:
    ends.near.send(head)
    assert ends.far.recv(RECORD) == head


def test_a_long_body_arrives_whole(ends: Ends) -> None:
    head, body = HEAD % (20 * RECORD), os.urandom(20 * RECORD)
    arrived = bytearray()

    def read() -> None:
        while len(arrived) < len(head) + len(body):
            arrived.extend(ends.far.recv(RECORD))

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    for piece in (head, body):
        assert ends.near.send(piece) == len(piece)
    reader.join(10)
    assert bytes(arrived) == head + body
