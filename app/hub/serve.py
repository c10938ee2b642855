"""Serving a hub: one process, uvicorn, TLS 1.3 only, until it is asked to stop."""

from __future__ import annotations

import asyncio
import asyncio.sslproto
import errno
import logging
import signal
import socket
import ssl
import sys
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import uvicorn
from anyio.to_thread import current_default_thread_limiter

from app.hub import knock, logs
from app.hub.api.app import make_app
from app.hub.certificate import ca_ends, keep_valid
from app.hub.connection import Connection
from app.hub.heap import few_arenas, look_seldom, trim
from app.hub.home import Home
from app.hub.rotate import keep_trust, settle, under_way
from app.hub.store import Store
from app.hub.turn import alone
from app.model.errors import Damaged, Expected, Refused, Unavailable
from app.wire.clock import SystemClock

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import FastAPI
    from starlette.datastructures import State

    from app.hub.api.gate import Hub
    from app.hub.push import Push
    from app.hub.store import Acts

STOP_SECONDS = 5
"""How long running requests may take once the hub is asked to stop."""

THREADS = 8
"""Threads that serve requests. Python runs one at a time: more of them only wait, and each costs memory."""

SWITCH_SECONDS = 0.001
"""How long a thread has Python to itself while others want it. Each statement of the database lets go of it,
and would wait five times as long to have it back from a thread that plans a lease.
"""

MOST_FILES = 20_000
"""Open files that the hub asks the system for: connections, and a few for the database."""

MOST_CONNECTIONS = 8000
"""Open connections; a kiosk holds up to five, at rest one. More are answered with 503."""

TLS_BUFFER = 2 * 1024
"""Bytes that one TLS connection is read by: most requests. asyncio keeps 128 times as much for each."""

LAST_TICK = 864_000 - 1
"""The last of uvicorn's ticks in a day."""

TICKS = 10
"""How often the hub looks for changed keys, in tenths of a second."""

TRIM_TICKS = 300
"""How often freed memory is given back to the system, in tenths of a second."""

ROUND_TICKS = 100
"""How often the hub compares a tile of events with the log that holds it, in tenths of a second."""

DUE_TICKS = 50
"""How often the hub looks for revisions that became effective, in tenths of a second."""

CA_WARNING = timedelta(days=365)
"""How long before its end the certificate authority is spoken of."""

_log = logging.getLogger("stationleaf.hub")

HEADERS = [("cache-control", "no-store"), ("x-content-type-options", "nosniff")]


def serve(home: Home, host: str, port: int) -> None:
    """Serve kiosks until SIGTERM or SIGINT; prints ``hub ready`` with the address once it listens.

    Raises:
        Unavailable: the port or address cannot be had, or the database does not answer.
        Refused: the database was written by a newer program.
        Damaged: the certificate's files are not usable, or the transparency log is not as it was left.
    """
    store = Store(home.database_url)
    try:
        store.upgrade()
        logs.catch_up(store)
        home = _keep_keys(home)
        _keep_certificate(home)
        app = make_app(home, store)
        config = _config(home, app)
        with _listen(host, port) as listener:
            _run(home, config, app, listener)
    finally:
        store.close()


def _keep_keys(home: Home) -> Home:
    """Finish what a change of keys left half done, and renew the trust statement in time."""
    try:
        with alone(home.path):
            settle(home.path)
    except Refused:
        return home  # a change is being made just now: it is taken over when it is there
    said = keep_trust(home, SystemClock().now())
    if said:
        sys.stderr.write(f"stationleaf: {said}\n")
    begun = under_way(home)
    if begun is not None:
        sys.stderr.write(
            f"stationleaf: The change of {begun} is not finished: the old key still counts. "
            f"When the kiosks have followed: stationleaf hub rotate {begun} {home.path} --finish\n"
        )
    ends = ca_ends(home)
    if ends < SystemClock().now() + CA_WARNING:
        sys.stderr.write(
            f"stationleaf: The hub's certificate authority ends on {ends:%Y-%m-%d}. Make another: "
            f"stationleaf hub rotate tls {home.path}\n"
        )
    return Home.open(home.path)


def keep_daily(folder: Path) -> None:
    """What a hub does at its start is done once a day too: it may run for years."""
    try:
        _keep_certificate(_keep_keys(Home.open(folder)))
    except Expected as error:
        _log.warning("the hub's keys and certificates: %s", error.sentence)


def _look(hub: Hub) -> None:
    try:
        hub.round.look(hub.store, SystemClock().now())
    except Exception:
        _log.warning("the hub could not compare its events with their logs", exc_info=True)


def _keep_certificate(home: Home) -> None:
    found = keep_valid(home, SystemClock().now())
    if found.renewed:
        sys.stdout.write(f"The hub's certificate was renewed; it ends on {found.ends:%Y-%m-%d}.\n")
    elif found.missing:
        sys.stderr.write(
            f"stationleaf: The hub's certificate ends on {found.ends:%Y-%m-%d}, and the CA's key is not in "
            f"{home.server_cert.parent} to renew it. Put ca.key back and start the hub again.\n"
        )


def _run(home: Home, config: uvicorn.Config, app: FastAPI, listener: socket.socket) -> None:
    _allow_files()
    few_arenas()
    look_seldom()
    sys.setswitchinterval(SWITCH_SECONDS)
    # uvicorn raises the signal again after a graceful stop; that must not look like a crash.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    place = f"{home.address} (listening on {_shown(listener)})"
    _Server(config, home, place, app.state, app.state.hub.push).run(sockets=[listener])


def _allow_files() -> None:
    """Let this process open as many files as the system allows it: a usual limit is 1,024."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(MOST_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


class _Server(uvicorn.Server):
    """Takes over keys and certificates that are changed while it serves, for what comes after."""

    def __init__(self, config: uvicorn.Config, home: Home, place: str, state: State, push: Push) -> None:
        super().__init__(config)
        self._place, self._home, self._state, self._push = place, home.path, state, push
        self._marks, self._failing = _marks(home.path), ""
        self._door: asyncio.DatagramTransport | None = None
        self._looked = SystemClock().now()

    async def on_tick(self, counter: int) -> bool:
        if counter % TICKS == 0:
            self._follow()
        if counter % DUE_TICKS == 0:
            since, self._looked = self._looked, SystemClock().now()
            asyncio.get_running_loop().run_in_executor(None, self._push.look_for_due, since, self._looked)
        if counter % ROUND_TICKS == 0:
            asyncio.get_running_loop().run_in_executor(None, _look, self._state.hub)
        if counter % TRIM_TICKS == 0:
            trim()
        if counter == LAST_TICK:
            asyncio.get_running_loop().run_in_executor(None, keep_daily, self._home)
        return await super().on_tick(counter)

    def _follow(self) -> None:
        marks = _marks(self._home)
        if marks == self._marks:
            return
        try:
            home = Home.open(self._home)
            assert self.config.ssl is not None
            self.config.ssl.load_cert_chain(home.server_cert, home.server_key)
        except (Expected, OSError, ssl.SSLError) as error:
            # In the middle of a change the files do not fit together: what was read before serves on.
            if str(error) != self._failing:
                self._failing = str(error)
                _log.warning("the hub's changed keys are not usable yet: %s", error)
            return
        self._state.hub = replace(self._state.hub, home=home)
        self._marks, self._failing = marks, ""
        asyncio.get_running_loop().run_in_executor(None, self._push.changed, frozenset())
        sys.stdout.write(f"The hub serves with trust statement {home.said.version}.\n")
        sys.stdout.flush()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._threads = current_default_thread_limiter()
        self._threads.total_tokens = THREADS
        await super().startup(sockets)
        await self._begin_push()
        sys.stdout.write(f"hub ready: https://{self._place}\n")
        sys.stdout.flush()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._door is not None:
            self._door.close()
        self._push.end()  # or every kiosk that listens would hold the stop up
        self._state.hub.jobs.close()
        await super().shutdown(sockets)

    async def _begin_push(self) -> None:
        """Push where changes by commands can be heard of; where not, kiosks go on asking."""
        loop, push = asyncio.get_running_loop(), self._push

        def knocked(acts: Acts) -> None:
            loop.run_in_executor(None, push.changed, acts)

        try:
            self._door = await knock.listen(self._home, knocked)
        except OSError as error:
            _log.warning("kiosks are not told of changes and must ask: %s", error)
        else:
            push.begin(lambda: self._threads.statistics().tasks_waiting)


def _marks(folder: Path) -> tuple[int, ...]:
    """Changes whenever the trust statement, a certificate or a key does."""
    names = ("trust.json", "tls/server.pem", "tls/server.key", "keys")
    try:
        return tuple((folder / name).stat().st_mtime_ns for name in names)
    except OSError:
        return ()


def _config(home: Home, app: FastAPI) -> uvicorn.Config:
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    asyncio.sslproto.SSLProtocol.max_size = TLS_BUFFER
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",
        http=Connection,
        proxy_headers=False,
        server_header=False,
        headers=HEADERS,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=60,
        timeout_graceful_shutdown=STOP_SECONDS,
        ssl_certfile=home.server_cert,
        ssl_keyfile=home.server_key,
    )
    try:
        config.load()
    except (OSError, ssl.SSLError):
        raise Damaged(
            f"The hub's certificate in {home.server_cert.parent} is not usable.",
            advice="Restore the folder from a backup.",
            code="bad_certificate",
        ) from None
    assert config.ssl is not None
    config.ssl.minimum_version = ssl.TLSVersion.TLSv1_3
    config.ssl.num_tickets = 0  # no kiosk resumes a session: two tickets a handshake, for nothing
    return config


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError, OverflowError):
        raise _no_address(host) from None
    try:
        if sys.platform != "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise _not_bound(host, port, error) from None
    except BaseException:
        listener.close()
        raise
    return listener


def _not_bound(host: str, port: int, error: OSError) -> Expected:
    if error.errno == errno.EADDRINUSE:
        return Unavailable(
            f"Port {port} is in use by another program.",
            advice="Stop that program (perhaps another hub), or give another port with --port.",
            code="port_in_use",
        )
    if error.errno == errno.EACCES:
        return Refused(
            f"This user may not listen on port {port}.",
            advice="Use a port from 1024 on, such as 8443.",
            code="port_forbidden",
        )
    return _no_address(host)


def _no_address(host: str) -> Unavailable:
    return Unavailable(
        f"{host} is not an address of this machine.",
        advice="Give one with --host; 0.0.0.0 stands for all.",
        code="no_address",
    )


def _shown(listener: socket.socket) -> str:
    name: Any = listener.getsockname()
    return f"[{name[0]}]:{name[1]}" if listener.family == socket.AF_INET6 else f"{name[0]}:{name[1]}"
