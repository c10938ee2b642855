"""The plant for ``disk-full-hub``: a hub whose disk can be full, and a kiosk that is only its requests.

What is promised of each answer and each command stands here; when the disk is full, and what is done then, in
``soak.full_hub``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from kit.processes import wait_for

from app.hub.api.problems import PROBLEMS
from app.hub.schema import KioskRow
from app.model.errors import Untrusted
from app.seal.chain import GENESIS
from app.wire.base import Problem
from app.wire.messages import ROUTES, EventReply
from app.wire.transport import pinned
from soak.disk_full import preloaded
from soak.rig import Nursery
from soak.starved import CONTROL, Space
from tests.hub_api.plant import ADDRESS, Device
from tests.kiosk.plant import CLOCK, Hub

if TYPE_CHECKING:
    from app.hub.home import Home
    from app.wire.messages import EventBatch
    from soak.promise import Figures

PATIENCE_SECONDS = 60.0
OTHER = "K-2"
"""The kiosk that is nothing but its signed requests."""
SPEAKS = "stationleaf: "
_PASSPHRASE = "correct horse battery staple, on a full disk"  # noqa: S105 (of backups that are thrown away)


class FullHub(Hub):
    """A hub on a disk of its own, ``disk``, that is full when ``space`` says so, for it and its commands."""

    def __init__(self, folder: Path, figures: Figures) -> None:
        self.disk, self._figures = folder / "disk", figures
        self.disk.mkdir()
        super().__init__(self.disk)
        env = preloaded(folder, self.disk)
        self.space = Space(Path(env[CONTROL]))
        self.log = folder / "served.log"
        self.log.touch()
        env |= {"STATIONLEAF_PASSPHRASE": _PASSPHRASE}
        self._office = Nursery("full_office", [str(self.log)], folder / "office.log", env)
        self._read = 0

    def start(self) -> bool:
        """Start it; returns whether it serves. One that does not says why."""
        before = self.log.stat().st_size
        words = ("hub", "serve", str(self.home.path), "--host", "127.0.0.1", "--port", str(self.port))
        self._office.ask("serve", *words)

        def said() -> str:
            return self.log.read_text(encoding="utf-8")[before:]

        wait_for("the hub", lambda: "hub ready" in said() or self.ended is not None, PATIENCE_SECONDS)
        if self.ended is not None:
            self._sentence("hub serve", self.ended, said())
        return self.ended is None

    def serve(self) -> None:
        """Start it where there is space."""
        if not self.start():
            raise AssertionError(f"the hub does not start: {self.log.read_text(encoding='utf-8')[-2000:]}")

    def stop(self) -> None:
        """Stop it."""
        self._office.ask("stop")

    @property
    def ended(self) -> int | None:
        """How it ended; None while it runs."""
        how: int | None = self._office.ask("code")["code"]
        return how

    def do(self, *words: str, quiet: bool = False) -> str | None:
        """Run a command; returns what it said where it failed, None where it is done."""
        told = self._office.ask("run", *words)
        if told["code"] == 0:
            return None
        self._sentence(" ".join(words[:4]), told["code"], told["said"])
        if not quiet:
            self._figures.count("commands refused")
        return str(told["said"])

    def _sentence(self, what: str, code: int, said: str) -> None:
        """What a failed command said is one sentence for a person, and not our own fault."""
        last = said.strip().rpartition("\n")[2]
        holds = code == 1 and last.startswith(SPEAKS) and "fault in" not in said and "Traceback" not in said
        if not holds and "details: " in said:
            said = Path(said.rpartition("details: ")[2].strip()).read_text(encoding="utf-8")
        self._figures.promise(holds, f"{what} ended with {code} and said: {said[-1500:]}")

    def faults(self) -> list[str]:
        """What its log has of faults since the last time."""
        whole = self.log.read_text(encoding="utf-8")
        new, self._read = whole[self._read :], len(whole)
        return (
            [f"the hub's log has a fault:\n{new[-3000:]}"] if "Traceback" in new or "fault at" in new else []
        )

    def left(self) -> set[str]:
        """The files and folders on its disk."""
        return {str(path.relative_to(self.disk)) for path in self.disk.rglob("*")}

    def close(self) -> None:
        """End everything."""
        self.space.free()
        self.stop()
        self._office.close()
        self.store.close()


@dataclass
class _Way:
    """How the other kiosk's requests reach the hub: over TLS, under the name by which it signs."""

    hub: FullHub
    clock: Any = CLOCK

    @property
    def home(self) -> Home:
        return self.hub.home

    def client(self) -> httpx.Client:
        url, name = f"https://localhost:{self.hub.port}", ADDRESS.removeprefix("https://")
        return httpx.Client(verify=pinned(self.home.ca_pem), base_url=url, headers={"host": name}, timeout=20)


class Till:
    """The other kiosk: asks for what a kiosk asks, and looks at each answer."""

    def __init__(self, hub: FullHub, figures: Figures) -> None:
        way: Any = _Way(hub)
        self._figures, self._device = figures, Device(way, OTHER)
        keys = {"sign_key": self._device.sign.public, "seal_key": self._device.seal.public}
        with hub.store.write() as session:
            row = KioskRow(code=OTHER, station="ST-040", status="active", epoch=1, held=0, held_hash=GENESIS)
            for name, key in keys.items():
                setattr(row, name, key)
            session.add(row)
        self._waiting: EventBatch | None = None
        self.held: dict[int, str] = {}
        """Number and hash of each event that the hub said it holds."""
        self._told = 0

    @property
    def public(self) -> bytes:
        """The key that its events are signed with."""
        return self._device.sign.public

    def ask_all(self) -> bool:
        """A state, a lease, the log, and a batch of events; returns whether all four were given."""
        self._told += 1
        asked = {"state": f"waiting={self._told}&pulled=0", "lease": "have=0", "log": "have=0"}
        given = [self._ask("GET", f"{ROUTES[name]}?{query}") is not None for name, query in asked.items()]
        return self.deliver() and all(given)

    def deliver(self) -> bool:
        """What waits, or twenty new events, in a batch."""
        where = {"client": "C1", "person": "W-1", "station": "ST-040", "revision": "WI-100/A"}
        self._waiting = self._waiting or self._device.write(20, **where)
        answer = self._ask("POST", ROUTES["events"], self._waiting.exact())
        if answer is None:
            return False
        reply = EventReply.read(answer)
        self.held |= {event.seq: event.hash for event in self._waiting.events if event.seq <= reply.held}
        self._waiting = None
        return True

    def _ask(self, method: str, path: str, body: bytes = b"") -> bytes | None:
        """The answer to a signed request; None where it is refused, as the contract has it."""
        figures = self._figures
        try:
            answer = self._device.ask(method, path, body)
        except httpx.HTTPError as error:
            figures.promise(holds=False, otherwise=f"{method} {path}: no answer: {error!r}")
            return None
        if answer.status_code < 300:
            return answer.content
        try:
            problem = Problem.read(answer.content)
        except Untrusted:
            figures.promise(
                holds=False, otherwise=f"{method} {path}: {answer.status_code} {answer.text[:300]}"
            )
            return None
        known = PROBLEMS.get(problem.code)
        holds = known is not None and known.status == answer.status_code == 503 and problem.advice
        figures.promise(holds, f"{method} {path}: {answer.status_code} {answer.text[:300]}")
        figures.count("requests refused")
        return None
