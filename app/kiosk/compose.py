"""Puts a kiosk together from its folder and its keys in the keyring, or says why that cannot be."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from app import __version__
from app.kiosk.anchor import Anchoring, keyring_anchor
from app.kiosk.cache import Cache
from app.kiosk.card_access import point_for
from app.kiosk.engine import Current, Parts
from app.kiosk.outbox import Draft, Outbox
from app.kiosk.readers.choose import load, make_readers
from app.kiosk.state import recover
from app.kiosk.supplies import Supplies, ask_grant, hand_in, identity, own_client, trust_of
from app.kiosk.sync import Sync
from app.kiosk.timekeeper import incident
from app.kiosk.vault import KeyringVault
from app.kiosk.view import Notice
from app.model.errors import NotFound, Unavailable, Untrusted
from app.pages.renderer import Renderer
from app.wire.clock import SystemClock
from app.wire.messages import EventKind

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from app.kiosk.access import Holding
    from app.kiosk.hardening import Hardened
    from app.kiosk.journal_salvage import Salvaged
    from app.kiosk.lease_check import Identity
    from app.kiosk.outbox import Torn
    from app.kiosk.places import Places
    from app.kiosk.state import State
    from app.kiosk.vault import DeviceKeys, Vault
    from app.wire.clock import Clock, Moment

NOTE_SECONDS = 20.0


class HubClock:
    """Tells the hub's time where it is known in this boot (design, section 5), the machine's otherwise."""

    def __init__(self, clock: Clock, state: State) -> None:
        self._clock, self._state = clock, state

    def now(self) -> datetime:
        """The time that rules are asked with."""
        return self._state.best_time(self._clock.moment())

    def moment(self) -> Moment:
        """The machine's own reading, as it goes into events."""
        return self._clock.moment()


def build(places: Places, hardened: Hardened) -> Parts:
    """Open everything that a kiosk works with; the start is the first event of the run.

    Raises:
        NotFound: this folder's kiosk was never enrolled (``not_enrolled``).
        Expected: the keyring, a file, the disk or another process is in the way; nothing stays open.
    """
    clock = SystemClock()
    with ExitStack() as stack:
        stack.enter_context(places.claim())
        vault = KeyringVault(places.folder_id)
        keys = vault.load()
        if keys is None:
            raise _not_enrolled(places)
        state, damage = recover(places.state, keys.cache_key)
        stack.enter_context(state)
        state.passed(clock.moment())  # the budget is charged before anything can be shown
        anchor = Anchoring(state, keyring_anchor(places.folder_id))
        set_back = anchor.begin()
        trust = trust_of(state, keys, clock.now())
        keys = _with_root(vault, keys, state)
        journal = Outbox(
            places.outbox,
            keys.kiosk,
            keys.epoch,
            keys.sign,
            trust.seal_key,
            at_least=state.journal_head(keys.epoch),
        )
        stack.callback(journal.close)
        journal.prepare_disk()
        cache, healed = Cache.open(places.cache, keys.cache_key)
        stack.callback(cache.close)
        holding, lost = _held(state, identity(keys, trust))
        troubles = [(str(error), error.advice) for error in (damage or set_back, lost) if error is not None]
        if healed is not None:
            troubles.append((healed.says, healed.do))
        if journal.salvaged is not None:
            troubles.append(_salvaged(journal.salvaged))
        moment = clock.moment()
        bodies: list[dict[str, object]] = [{"what": says} for says, _ in troubles]
        bodies += [_torn(torn) for torn in journal.torn()]
        if off := state.clock_off(moment):
            bodies.append(incident(off))
        incidents = [Draft(EventKind.INCIDENT, station=keys.station, body=body) for body in bodies]
        started = Draft(EventKind.KIOSK_STARTED, station=keys.station, body=_how(hardened))
        journal.append([started, *incidents], moment)
        supplies = Supplies(keys, trust, state, cache, journal, clock, anchor=anchor)
        hub_clock, current = HubClock(clock, state), Current()
        return Parts(
            kiosk=keys.kiosk,
            station=keys.station,
            clock=hub_clock,
            journal=journal,
            renderer=Renderer(),
            blobs=cache,
            make_sync=lambda engine: Sync(engine, supplies),
            holding=holding,
            local=lambda: state.local(clock.moment()),
            tries=state,
            done=state.done,
            grants=state,
            signatures=state,
            hand_in=lambda request: hand_in(supplies, request),
            ask_grant=lambda signed: ask_grant(supplies, signed),
            connect=lambda: own_client(supplies),
            readers=make_readers(load(places.home), hub_clock.now, _points(current)),
            current=current,
            close=stack.pop_all().close,
            notes=tuple(Notice("repaired", says, do, "warning", NOTE_SECONDS) for says, do in troubles),
        )


def _points(current: Current) -> Callable[[str], bytes | None]:
    """What a card computes its secret from, by the lease in force when it is tapped."""

    def points(fingerprint: str) -> bytes | None:
        holding = current.holding
        return None if holding is None else point_for(holding.lease, fingerprint)

    return points


def _with_root(vault: Vault, keys: DeviceKeys, state: State) -> DeviceKeys:
    """Another root key took over: the keyring learns it, in case the lease store is lost one day."""
    if not state.root or state.root == keys.root:
        return keys
    became = replace(keys, root=state.root)
    with suppress(Unavailable):  # the next start tries again
        vault.store(became)
    return became


def _held(state: State, believed: Identity) -> tuple[Holding | None, Untrusted | None]:
    """The lease in force; one that does not hold is let go, and the hub gives another."""
    try:
        return state.holding(believed), None
    except Untrusted as error:
        state.let_go()
        return None, error


def _salvaged(salvaged: Salvaged) -> tuple[str, str]:
    lost = "an unknown number" if salvaged.lost is None else str(salvaged.lost)
    return (
        f"This kiosk's journal was damaged: {salvaged.kept} records were saved, {lost} lost.",
        "Tell quality; the damaged file is kept.",
    )


def _torn(torn: Torn) -> dict[str, object]:
    """Behind the gap nothing of that epoch reaches the hub: the present one has to say it."""
    return {"what": "journal torn", "epoch": torn.epoch, "from": torn.first, "to": torn.last}


def _how(hardened: Hardened) -> dict[str, object]:
    return {"version": __version__, "no_core": hardened.no_core, "closed": hardened.closed}


def _not_enrolled(places: Places) -> NotFound:
    return NotFound(
        "This machine is not enrolled as a kiosk yet.",
        advice=f"IT: run “stationleaf kiosk enrol --home {places.home}” with the code from the hub.",
        code="not_enrolled",
    )
