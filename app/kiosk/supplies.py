"""What a kiosk talks to its hub with: its keys, whom it believes, its three files, the connection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.kiosk.lease_check import Identity
from app.model.errors import Unavailable, Untrusted
from app.wire.client import HubClient, check_current, fetch_trust

if TYPE_CHECKING:
    from datetime import datetime

    from app.kiosk.anchor import Anchoring
    from app.kiosk.cache import Cache
    from app.kiosk.outbox import Outbox
    from app.kiosk.state import State
    from app.kiosk.vault import DeviceKeys
    from app.wire.clock import Clock
    from app.wire.grants import GrantReply, SignedGrant
    from app.wire.messages import SlotReply, SlotRequest, Trust


@dataclass(frozen=True, repr=False)
class Supplies:
    """What a kiosk's sync works with: its keys (which name its hub), whom to believe, and the three files."""

    keys: DeviceKeys
    trust: Trust
    state: State
    cache: Cache
    outbox: Outbox
    clock: Clock
    timeout: float = 10.0
    anchor: Anchoring | None = None

    def client(self, trust: Trust) -> HubClient:
        """A signed connection to the hub, pinned to ``trust``."""
        return client_of(self.keys, trust, self.state, self.clock, self.timeout)


def client_of(keys: DeviceKeys, trust: Trust, state: State, clock: Clock, timeout: float = 10.0) -> HubClient:
    """This kiosk's signed connection to its hub."""
    return HubClient(
        keys.hub,
        ca_pem=trust.ca,
        kiosk=keys.kiosk,
        key=keys.sign,
        counter=state.next_counter,
        on_counter=state.reach_counter,
        timeout=timeout,
        clock=clock,
    )


def own_client(supplies: Supplies) -> HubClient:
    """A connection of its own, for whatever is not the sync: that one's belongs to its thread."""
    return supplies.client(supplies.state.trust(supplies.keys.root) or supplies.trust)


def hand_in(supplies: Supplies, request: SlotRequest) -> SlotReply:
    """Hand a slot in.

    Raises:
        Expected: as ``HubClient.slot``.
    """
    with own_client(supplies) as hub:
        return hub.slot(request)


def ask_grant(supplies: Supplies, signed: SignedGrant) -> GrantReply:
    """Ask for break-glass.

    Raises:
        Expected: as ``HubClient.grant``.
    """
    with own_client(supplies) as hub:
        return hub.grant(signed)


def identity(keys: DeviceKeys, trust: Trust) -> Identity:
    """Whose leases this kiosk believes."""
    return Identity(keys.kiosk, keys.site, trust.lease_keys, keys.seal, keys.sign.public)


def trust_of(state: State, keys: DeviceKeys, now: datetime) -> Trust:
    """Whom this kiosk believes: as kept, or as the hub says and its root signed.

    The hub is asked where the lease store was begun anew, and where what is kept has expired: then it must
    have a later statement.

    Raises:
        Untrusted: what is kept has expired and the hub has nothing later (``trust_expired``), or what it says
            does not hold.
        Expected: the hub is needed and not there.
    """
    kept = state.trust(keys.root)
    if kept is not None and kept.expires > now:
        return kept
    try:
        trust, envelope = fetch_trust(keys.hub, state.root or keys.root, now)
    except Unavailable as error:
        if kept is None:
            raise
        raise Untrusted(
            f"What this kiosk knows of its hub's keys expired on {kept.expires:%Y-%m-%d}, and the hub does "
            "not answer.",
            advice=f"Check that today is {now:%Y-%m-%d}, then the network; it is tried again by itself.",
            code="trust_expired",
        ) from error
    if kept is not None and (trust.version <= kept.version or trust.site != keys.site):
        check_current(kept, now)
    state.set_trust(envelope)
    return trust
