"""What the conductor asks of the engine around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from app.kiosk.foretold import Foretold
    from app.kiosk.pin_desk import Trying
    from app.kiosk.pin_setting import NewPin
    from app.kiosk.projector import Projector, Reel
    from app.kiosk.readers import Presented
    from app.kiosk.view import MarkText, Painting, Screen
    from app.wire.grants import SignedGrant


class Surroundings(Protocol):
    """The engine, as the conductor sees it."""

    def identify(self, badge: str | Presented, name: str) -> None:
        """Look the badge up beside the engine's thread; the answer comes as ``identified``."""

    def try_pin(self, trying: Trying, badge: str, pin: str) -> None:
        """Try the PIN beside the engine's thread; the answer comes as ``pin_tried``."""

    def set_slot(self, new: NewPin) -> None:
        """Make the slot and hand it in beside the engine's thread; the answer comes as ``pin_was_set``."""

    def ask_grant(self, signed: SignedGrant) -> None:
        """Ask the hub for break-glass beside the engine's thread; the answer comes as ``answered``."""

    def publish(self, screen: Screen) -> None:
        """Show this."""

    def paint(self, painting: Painting) -> None:
        """Paint this."""

    def foretell(self, foretold: Foretold) -> None:
        """Paint this out of sight; it is being written down."""

    def project(self, reel: Reel, index: int, mark: MarkText) -> Projector:
        """Play over leaf ``index``; how it ends comes as ``clips.ended``."""

    def hurry(self) -> None:
        """What was just written is waited for at the hub."""

    def fetch(self, damaged: str) -> None:
        """Have a blob fetched again, or whatever is missing (``""``)."""
