"""Whether ``state.db`` is the newest one: its generation, anchored in the keyring of the operating system.

A file that is put back from a copy is a whole file, and no encryption notices it. So its generation is in the
keyring, too, where a copy of the folder does not reach.
"""

from __future__ import annotations

import logging
import re
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from app.kiosk.vault import KeyringItem
from app.model.errors import Damaged, Unavailable

if TYPE_CHECKING:
    from app.kiosk.state import State

_FORM = re.compile(r"1 (0|[1-9][0-9]{0,17}) (0|[1-9][0-9]{0,17})")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Anchor:
    """``confirmed`` is the generation known to be in the file, ``coming`` the one about to be written there.

    They are the same but for the moment in which a generation is written.
    """

    confirmed: int
    coming: int

    def text(self) -> str:
        """As it is kept in the keyring."""
        return f"1 {self.confirmed} {self.coming}"

    @classmethod
    def read(cls, text: str) -> Anchor:
        """Read ``text()``; what is none is an anchor that no file fits."""
        found = _FORM.fullmatch(text)
        return cls(-1, -1) if found is None else cls(int(found[1]), int(found[2]))


class AnchorVault(Protocol):
    """Where the anchor is kept. Every method raises Unavailable as ``vault.KeyringItem`` does."""

    def load(self) -> Anchor | None:
        """The anchor, or None if there never was one."""

    def store(self, anchor: Anchor) -> None:
        """Keep this anchor in place of any other."""

    def erase(self) -> None:
        """Forget it."""


class KeyringAnchor(KeyringItem):
    """The anchor's item in the keyring, beside that of the kiosk's keys."""

    def load(self) -> Anchor | None:
        """The anchor, or None."""
        text = self.read_text()
        return None if text is None else Anchor.read(text)

    def store(self, anchor: Anchor) -> None:
        """Keep it; returns when the keyring gives it back."""
        self.write_text(anchor.text())


def keyring_anchor(folder_id: str) -> KeyringAnchor:
    """That of the kiosk whose folder is ``folder_id``."""
    return KeyringAnchor(f"{folder_id}-anchor")


class Anchoring:
    """Keeps file and keyring in step. Safe to use from several threads.

    A new generation: 1 the keyring learns which is coming; 2 it is committed to the file; 3 the keyring
    confirms it. Killed after 1 the file has the confirmed generation, after 2 the coming one: both are taken
    at the next start, and the next generation is above both. Any other generation is that of another file
    (or of another keyring): ``set_back``, until a lease fresh from the hub was taken.

    Failure policy: a keyring that fails later than the start holds nothing up. The generation stays as it is
    and ``due`` says that it is to be raised; a kiosk that is ``set_back`` stays so.
    """

    def __init__(self, state: State, vault: AnchorVault) -> None:
        self._state, self._vault = state, vault
        self._lock = threading.Lock()
        self._due = False

    @property
    def due(self) -> bool:
        """Whether a generation is still to be raised."""
        return self._due or self._state.set_back

    def begin(self) -> Damaged | None:
        """Compare, at the start. In step: raise the generation, so that copies from before are found old.

        Returns what to tell people if the file is not the newest one; the state is ``set_back`` then.

        Raises:
            Unavailable: the keyring cannot be used, or the disk.
        """
        with self._lock:
            kept, here = self._vault.load() or Anchor(0, 0), self._state.generation
            known = (kept.confirmed, kept.coming)
            if here in known:
                self._raise(kept)
                return None
        self._state.set_back = True
        _log.error("generation %d of the lease store, the keyring has %d to %d", here, *known)
        return Damaged(
            "What this kiosk keeps of its lease is not what it kept last: an older copy was put back.",
            advice="No page is shown until the hub was reached. Tell IT and quality: this is on record.",
            code="state_set_back",
        )

    def advance(self) -> None:
        """A lease was taken, or taken away: what was kept before must not come back.

        Raises:
            Unavailable: the disk cannot be written.
        """
        try:
            with self._lock:
                self._raise(self._vault.load() or Anchor(0, 0))
        except Unavailable as error:
            if not error.code.startswith("keyring_"):
                raise
            self._due = True
            _log.warning("the generation is not raised (%s)", error.code)

    def _raise(self, kept: Anchor) -> None:
        coming = max(self._state.generation, kept.confirmed, kept.coming) + 1
        self._vault.store(Anchor(kept.confirmed, coming))  # 1
        self._state.set_generation(coming)  # 2
        self._state.set_back = self._due = False
        try:
            self._vault.store(Anchor(coming, coming))  # 3
        except Unavailable as error:  # the next start takes the coming one
            _log.warning("the generation is not confirmed (%s)", error.code)
