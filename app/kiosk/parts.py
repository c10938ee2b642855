"""What a kiosk's engine is put together from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.kiosk.access import Holding
    from app.kiosk.agreement_desk import Signatures
    from app.kiosk.done_steps import Shelf
    from app.kiosk.engine import Engine
    from app.kiosk.folio import Blobs
    from app.kiosk.own_grants import GrantStore
    from app.kiosk.pin_tries import Remembered
    from app.kiosk.readers import Reader
    from app.kiosk.recorder import Journal
    from app.kiosk.view import Notice
    from app.pages.renderer import Renderer
    from app.wire.client import HubClient
    from app.wire.clock import Clock
    from app.wire.grants import GrantReply, SignedGrant
    from app.wire.messages import SlotReply, SlotRequest


class Syncing(Protocol):
    """The sync, as the engine sees it."""

    def start(self) -> None:
        """Begin."""

    def poke(self, *, urgent: bool = False) -> None:
        """There is something to do; ``urgent``: somebody waits for it."""

    def renew(self) -> None:
        """The hub has a newer lease: ask for it now."""

    def refetch(self, blob: str) -> None:
        """This blob does not hold: fetch it again."""

    def stop(self) -> None:
        """End; returns when the thread is gone."""


@dataclass
class Current:
    """The lease in force, for whoever must know it on another thread: one reference, replaced whole."""

    holding: Holding | None = None


@dataclass
class Parts:
    """What a kiosk is made of, once its keyring and files have opened. Made on the engine's thread.

    ``station``: where it was enrolled. ``signatures``, ``connect`` None: nothing is signed here, no board.
    """

    kiosk: str
    station: str
    clock: Clock
    journal: Journal
    renderer: Renderer
    blobs: Blobs
    make_sync: Callable[[Engine], Syncing]
    holding: Holding | None
    local: Callable[[], dict[str, Any]]
    tries: Remembered
    done: Shelf
    grants: GrantStore
    hand_in: Callable[[SlotRequest], SlotReply]
    ask_grant: Callable[[SignedGrant], GrantReply]
    close: Callable[[], None]
    notes: tuple[Notice, ...] = field(default=())
    readers: tuple[Reader, ...] = field(default=())
    current: Current = field(default_factory=Current)
    signatures: Signatures | None = None
    connect: Callable[[], HubClient] | None = None
