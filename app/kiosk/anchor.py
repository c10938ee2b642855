"""Whether ``state.db`` is the newest one: its generation, anchored in the keyring of the operating system.

A file that is put back from a copy is a whole file, and no encryption notices it. So its generation is in the
keyring, too, where a copy of the folder does not reach; and the number of the newest lease, below which none
is taken: to the copy every lease after its own is a newer one.
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

_NUMBER = "(0|[1-9][0-9]{0,17})"
_FORM = re.compile(f"2 {_NUMBER} {_NUMBER} {_NUMBER}")
_FORM_1 = re.compile(f"1 {_NUMBER} {_NUMBER}")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Anchor:
    """``confirmed`` is the generation known to be in the file, ``coming`` the one about to be written there.

    They are the same but for the moment in which a generation is written. ``lease`` is the number of the
    newest lease that was ever accepted; 0 where that is not known yet.
    """

    confirmed: int
    coming: int
    lease: int = 0

    def text(self) -> str:
        """As it is kept in the keyring."""
        return f"2 {self.confirmed} {self.coming} {self.lease}"

    @classmethod
    def read(cls, text: str) -> Anchor:
        """Read ``text()``, or the form before it, without a lease; what is none is an anchor no file fits."""
        found = _FORM.fullmatch(text) or _FORM_1.fullmatch(text)
        return cls(-1, -1) if found is None else cls(*map(int, found.groups()))


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

    The lease's number goes along in 1: it is committed to the file before, so the keyring never has a number
    that the newest file does not reach, and it only rises. A file below it is set back, whatever its
    generation; and no lease below it is taken (``newest``), so that none of those between the copy and now
    can free a kiosk that is set back. Killed between the lease's commit and 1, the next start brings it up.

    Failure policy: a keyring that fails later than the start holds nothing up. The generation stays as it is
    and ``due`` says that it is to be raised; a kiosk that is ``set_back`` stays so.
    """

    def __init__(self, state: State, vault: AnchorVault) -> None:
        self._state, self._vault = state, vault
        self._lock = threading.Lock()
        self._due = False
        self._newest = 0

    @property
    def due(self) -> bool:
        """Whether a generation is still to be raised."""
        return self._due or self._state.set_back

    @property
    def newest(self) -> int:
        """The number of the newest lease that the keyring knows of; asks no keyring."""
        return self._newest

    def begin(self) -> Damaged | None:
        """Compare, at the start. In step: raise the generation, so that copies from before are found old.

        Returns what to tell people if the file is not the newest one; the state is ``set_back`` then.

        Raises:
            Unavailable: the keyring cannot be used, or the disk.
        """
        with self._lock:
            kept, here = self._load(), self._state.generation
            if here in (kept.confirmed, kept.coming) and self._reached(kept):
                self._raise(kept)
                return None
        self._state.set_back = True
        _log.error("generation %d of the lease store, the keyring has %s", here, kept)
        return Damaged(
            "What this kiosk keeps of its lease is not what it kept last: an older copy was put back.",
            advice="No page is shown until the hub was reached. Tell IT and quality: this is on record.",
            code="state_set_back",
        )

    def advance(self) -> None:
        """A lease was taken, or taken away: what was kept before must not come back.

        A kiosk that is ``set_back`` stays so while its newest lease is older than the keyring's.

        Raises:
            Unavailable: the disk cannot be written.
        """
        try:
            with self._lock:
                kept = self._load()
                if self._reached(kept):
                    self._raise(kept)
        except Unavailable as error:
            if not error.code.startswith("keyring_"):
                raise
            self._due = True
            _log.warning("the generation is not raised (%s)", error.code)

    def _load(self) -> Anchor:
        kept = self._vault.load() or Anchor(0, 0)
        self._newest = max(self._newest, kept.lease)
        return kept

    def _reached(self, kept: Anchor) -> bool:
        return self._state.mark.number >= kept.lease

    def _raise(self, kept: Anchor) -> None:
        coming = max(self._state.generation, kept.confirmed, kept.coming) + 1
        lease = self._state.mark.number
        self._vault.store(Anchor(kept.confirmed, coming, lease))  # 1
        self._newest = max(self._newest, lease)
        self._state.set_generation(coming)  # 2
        self._state.set_back = self._due = False
        try:
            self._vault.store(Anchor(coming, coming, lease))  # 3
        except Unavailable as error:  # the next start takes the coming one
            _log.warning("the generation is not confirmed (%s)", error.code)
