"""A bundle's way at the desk: begun, followed every second, fetched, saved; or stopped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.desk.bundling import part_of
from app.desk.questions import BeginBundle, FetchBundle, Fetched, FollowBundle
from app.model.errors import Unavailable
from app.ui import desk_records_words as words
from app.wire.desk_evidence import BundleReply

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from app.desk.questions import Reading
    from app.model.errors import Expected

FOLLOW_MS = 1000
WHOLE = 1000
_MADE = 900  # of these, when the hub is done and the file begins to come


@dataclass(frozen=True)
class Said:
    """What to show: a sentence, and how much is done, in thousandths."""

    says: str
    done: int = 0


class BundleMaker(QObject):
    """See the module. ``asked`` carries questions, ``said`` what to show; one bundle at a time.

    What comes of a bundle that was stopped meanwhile is passed over.
    """

    asked = Signal(object)
    said = Signal(object)  # Said

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._path: Path | None = None
        self._job, self._size = "", 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(FOLLOW_MS)
        self._timer.timeout.connect(self._follow)

    @property
    def busy(self) -> bool:
        """Whether one is on its way."""
        return self._path is not None

    def begin(self, client: str, start: datetime, end: datetime, path: Path) -> None:
        """Have one made and saved at ``path``."""
        self._path, self._job, self._size = path, "", 0
        self.asked.emit(BeginBundle(client, start, end))

    def tell(self, told: BundleReply | Fetched) -> None:
        """An answer came."""
        path = self._path
        if isinstance(told, BundleReply):
            if path is None:
                if not told.trouble and told.job != self._job:  # begun after it was stopped
                    self._job = told.job
                    self.asked.emit(FollowBundle(told.job, drop=True))
                return
            self._job, self._size = told.job, told.size
            if told.size:
                self.said.emit(Said(words.saving(0, told.size), _MADE))
                self.asked.emit(FetchBundle(told.job, path, told.size))
            else:
                self.said.emit(Said(words.making(told), _MADE * told.done // max(1, told.total)))
                self._timer.start()
        elif path is None:
            part_of(told.path).unlink(missing_ok=True)
        elif told.done < self._size:
            fetched = (WHOLE - _MADE) * told.done // self._size
            self.said.emit(Said(words.saving(told.done, self._size), _MADE + fetched))
            self.asked.emit(FetchBundle(self._job, path, self._size, told.done))
        else:
            self._path = None
            self.said.emit(Said(words.saved(path, told.done), WHOLE))

    def fail(self, question: Reading, trouble: Expected) -> None:
        """A question came to nothing. How far it is can be asked again, where the hub was not reached."""
        if isinstance(question, FollowBundle) and isinstance(trouble, Unavailable) and self.busy:
            self._timer.start()
        else:
            self.leave()

    def leave(self) -> None:
        """Nobody waits for it any more; the hub finds that out by itself."""
        self._timer.stop()
        path, self._path = self._path, None
        if path is not None:
            part_of(path).unlink(missing_ok=True)

    def stop(self) -> None:
        """It is not wanted any more."""
        self.leave()
        if self._job:
            self.asked.emit(FollowBundle(self._job, drop=True))
        self.said.emit(Said(words.STOPPED))

    def _follow(self) -> None:
        if self._path is not None:
            self.asked.emit(FollowBundle(self._job))
