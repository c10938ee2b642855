"""A hub with a supervisor and workers of another station; a kiosk whose engine is driven by badges."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Self

from kit.processes import KitError
from sqlalchemy import select

from app.hub.acting import Acting, actor
from app.hub.badges import issue, office
from app.hub.schema import AlarmRow, EventRow, SupervisedLine
from app.hub.schema_grants import GrantRow
from app.hub.settings import set_setting
from app.kiosk.engine import Engine, Parts
from app.kiosk.session import DEBOUNCE_MS
from app.kiosk.supplies import ask_grant, hand_in, identity, own_client
from app.kiosk.sync import Sync
from app.kiosk.view import Framing, Screen, Stage
from app.pages.renderer import Renderer
from tests.kiosk.plant import CLOCK, FAST, Hub, Kiosk, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.hub.lookup import Outcome

SUPERVISOR = "0012345678"
WORKERS = {f"W-{number}": f"04172655{number:02}" for number in range(2, 9)}
"""People of ST-050 and their badges; a test that changes something about one takes one of its own."""


def furnish(folder: Path, **settings: int) -> Hub:
    """A served hub: ``WORKERS`` work at ST-050, SUP-1 supervises their line; each station has a document."""
    hub = Hub(folder)
    hub.publish("WI-100", pages=2)
    hub.publish("WI-500", pages=3, station="ST-050")
    for code, badge in WORKERS.items():
        hub.add_operator(code, f"Worker {code}", "ST-050")
        with acting(hub) as act:
            issue(act, office(hub.home.keys, hub.home.site_salt), person=code, badge=badge)
    with acting(hub) as act:
        act.session.add(SupervisedLine(person="SUP-1", line="L1"))
        for name, minutes in settings.items():
            set_setting(act, name, str(minutes))
    hub.serve()
    return hub


class acting:  # noqa: N801 (read as a verb)
    """An act of the supervisor, who is administrator too, in a transaction of its own."""

    def __init__(self, hub: Hub) -> None:
        self._write = hub.store.write()

    def __enter__(self) -> Acting:
        session = self._write.__enter__()
        return Acting(session, actor(session, "SUP-1"), CLOCK.now(), "a test")

    def __exit__(self, *error: object) -> None:
        self._write.__exit__(*error)  # type: ignore[arg-type]


class Floor:
    """A new kiosk at ST-040, at work: ``engine``, what its screen says, and its plug."""

    def __init__(self, hub: Hub, folder: Path) -> None:
        self.hub, self.kiosk = hub, Kiosk(hub, folder, hub.next_kiosk())
        self.kiosk.enrol()
        self.screens: list[Screen] = []
        self.start()

    def start(self) -> None:
        """Put the kiosk together from its files, as at a start of the machine."""
        supplies = self.kiosk.open()
        clock = self.kiosk.clock
        self.parts = Parts(
            kiosk=self.kiosk.code,
            station=supplies.keys.station,
            clock=clock,
            journal=supplies.outbox,
            renderer=Renderer(),
            blobs=supplies.cache,
            make_sync=lambda engine: Sync(engine, supplies, timing=FAST),
            holding=supplies.state.holding(identity(supplies.keys, supplies.trust)),
            local=lambda: supplies.state.local(clock.moment()),
            tries=supplies.state,
            done=supplies.state.done,
            grants=supplies.state,
            hand_in=lambda request: hand_in(supplies, request),
            ask_grant=lambda signed: ask_grant(supplies, signed),
            close=lambda: None,
            connect=lambda: own_client(supplies),
        )
        self.engine = Engine(lambda: self.parts)
        self.begin()

    def begin(self) -> None:
        """Nobody looks: the screens are kept."""
        self.engine.listen(self.screens.append, lambda painting: painting.pixels.release())
        self.engine.frame(Framing(800, 600))

    def stop(self) -> None:
        self.engine.close()
        self.kiosk.close_files()
        self.screens.clear()

    def restart(self) -> None:
        self.stop()
        self.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self.kiosk.plug.close()

    @property
    def lease(self) -> int:
        holding = self.parts.current.holding
        return 0 if holding is None else holding.lease.number

    def until(self, what: str, seen: Callable[[Screen], bool], seconds: float = 20) -> Screen:
        try:
            wait_for(what, lambda: bool(self.screens) and seen(self.screens[-1]), seconds)
        except KitError as error:
            raise AssertionError(f"{error}; the last screens: {self.screens[-3:]}") from None
        return self.screens[-1]

    def offline(self) -> None:
        self.until("the hub", lambda s: s.status.online and s.status.to_pull == 0)
        wait_for("the pages", lambda: self.lease > 0 and self.kiosk.outbox.waiting() == 0)
        self.kiosk.plug.pull()
        self.until("the outage", lambda s: not s.status.online)

    def tap(self, badge: str) -> None:
        time.sleep(DEBOUNCE_MS / 1000)  # sooner it is the same tap
        self.engine.tap(badge)

    def admit(self, worker: str, supervisor: str = SUPERVISOR, *, minutes: int = 0) -> None:
        """A supervisor admits a worker: badge, the first reason, option ``minutes``, badge."""
        self.until("the offer", lambda s: s.stage is Stage.BADGE and s.grants != "")
        self.engine.begin_grant()
        self.until("the supervisor's turn", lambda s: s.offers == "cancel")
        self.tap(supervisor)
        self.until("the reasons", lambda s: s.choice is not None and s.choice.asks == "Why?")
        self.engine.choose(0)
        self.until("the lengths", lambda s: s.choice is not None and s.choice.asks == "For how long?")
        self.engine.choose(minutes)
        self.until("the worker's turn", lambda s: s.notice is not None and s.notice.code == "grant_worker")
        self.tap(worker)

    def break_glass(self, worker: str, supervisor: str = SUPERVISOR, *, minutes: int = 0) -> None:
        """As ``admit``, for the pages of ST-050; for ``""`` up to the worker's badge."""
        self.until("the offer", lambda s: s.stage is Stage.BADGE and s.grants == "glass")
        self.engine.begin_grant()
        self.until("the supervisor's turn", lambda s: s.offers == "cancel")
        self.tap(supervisor)
        asks = "Whose pages?"
        screen = self.until("the stations", lambda s: s.choice is not None and s.choice.asks == asks)
        assert screen.choice is not None
        self.engine.choose(screen.choice.options.index("ST-050 Station ST-050"))
        self.until("the reasons", lambda s: s.choice is not None and s.choice.asks == "Why?")
        self.engine.choose(0)
        self.until("the lengths", lambda s: s.choice is not None and s.choice.asks == "For how long?")
        self.engine.choose(minutes)
        self.until("the worker's turn", lambda s: s.notice is not None and s.notice.code == "grant_worker")
        if worker:
            self.tap(worker)

    def reads(self, what: str = "the pages") -> Screen:
        return self.until(what, lambda s: s.session is not None)

    def refused(self) -> str:
        screen = self.until("the refusal", lambda s: s.stage is Stage.BADGE and s.notice is not None
                            and not s.notice.code.startswith("grant_"))  # fmt: skip
        assert screen.notice is not None
        return screen.notice.code

    # -- the hub ------------------------------------------------------------------------------------------

    def grants(self) -> list[GrantRow]:
        with self.hub.store.read() as session:
            rows = list(
                session.scalars(
                    select(GrantRow).where(GrantRow.kiosk == self.kiosk.code).order_by(GrantRow.start)
                )
            )
            session.expunge_all()
            return rows

    def alarms(self, kind: str) -> list[dict[str, object]]:
        with self.hub.store.read() as session:
            query = select(AlarmRow.detail).where(AlarmRow.kind == kind, AlarmRow.kiosk == self.kiosk.code)
            return list(session.scalars(query))

    def told(self, kind: str) -> list[EventRow]:
        """The hub's events of a kind, in order."""
        with self.hub.store.read() as session:
            query = select(EventRow).where(EventRow.kind == kind, EventRow.kiosk == self.kiosk.code)
            rows = list(session.scalars(query.order_by(EventRow.seq)))
            session.expunge_all()
            return rows

    def change(self, act: Callable[[Acting], Outcome | None]) -> None:
        """Something changes at the hub."""
        with acting(self.hub) as by:
            act(by)
