"""Word of changes from other programs on the hub's machine: a command that committed knocks at the hub.

One datagram in the hub's folder, which only the hub's user may enter; it names acts and subjects, as the
record of changes does. Nobody believes it: it only makes kiosks ask.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.hub.store import Acts

NAME = ".changed"
MOST_BYTES = 16 * 1024
"""A longer list of acts is sent as an empty one: anything may have changed."""

_SECONDS = 1.0
_POSSIBLE = hasattr(socket, "AF_UNIX") and os.name == "posix"


def knock(folder: Path, acts: Acts) -> None:
    """Tell the hub that serves this folder, if one does. Never fails, and never waits long."""
    if not _POSSIBLE:
        return
    said = json.dumps(sorted(acts)).encode()
    with (
        suppress(OSError),
        _address(folder) as address,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door,
    ):
        door.settimeout(_SECONDS)
        door.sendto(said if len(said) <= MOST_BYTES else b"[]", address)


async def listen(folder: Path, on_knock: Callable[[Acts], None]) -> asyncio.DatagramTransport:
    """Call ``on_knock`` for each knock until the transport is closed.

    Raises:
        OSError: it cannot be listened to here.
    """
    if not _POSSIBLE:
        raise OSError("no Unix sockets here")
    door = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        with _address(folder) as address:
            with suppress(FileNotFoundError):
                Path(address).unlink()  # of a hub that was killed
            door.bind(address)
        door.setblocking(False)
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: _Ear(on_knock), sock=door)
    except BaseException:
        door.close()
        raise
    return transport


class _Ear(asyncio.DatagramProtocol):
    def __init__(self, on_knock: Callable[[Acts], None]) -> None:
        self._on_knock = on_knock

    def datagram_received(self, data: bytes, _addr: object) -> None:
        """Read the acts; what cannot be read may mean anything."""
        try:
            acts = frozenset((str(act), str(subject)) for act, subject in json.loads(data))
        except (ValueError, TypeError):
            acts = frozenset()
        self._on_knock(acts)


@contextmanager
def _address(folder: Path) -> Iterator[str]:
    """A short name of the socket: an address of more than 107 bytes is none (unix(7))."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        near = f"/proc/self/fd/{handle}/{NAME}"
        yield near if Path(near).parent.is_dir() else str(folder / NAME)
    finally:
        os.close(handle)
