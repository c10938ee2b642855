"""The kiosk's own keys, in the keyring of the operating system: one small item, never a file.

Only back ends that are known to keep secrets encrypted are used; whatever else is installed or configured is
refused by name. There is no fallback.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from app.model.errors import Damaged, Expected, Refused, Unavailable, Untrusted
from app.seal.encoding import b64, unb64
from app.seal.keys import SealKey, SigningKey

if TYPE_CHECKING:
    from collections.abc import Callable

    from keyring.backend import KeyringBackend

T = TypeVar("T")
SERVICE = "stationleaf"
MAX_ITEM_CHARS = 1200
"""Windows' Credential Locker takes 2,560 bytes of UTF-16."""

ANSWER_SECONDS = 30.0
"""How long the keyring may take: it may be asking a person for its password meanwhile."""

ALLOWED: dict[str, tuple[str, ...]] = {
    "linux": ("keyring.backends.SecretService.Keyring", "keyring.backends.kwallet.DBusKeyring"),
    "win32": ("keyring.backends.Windows.WinVaultKeyring",),
    "darwin": ("keyring.backends.macOS.Keyring",),
}
"""Back ends by platform (``sys.platform``), in the order in which they are tried."""
_OURS = {"keyring.backends.SecretService.Keyring": "app.kiosk.secret_service.Keyring"}
"""What is used in the place of a back end."""


_asking = threading.Lock()


@dataclass(frozen=True, repr=False)
class DeviceKeys:
    """What makes this device the kiosk it is.

    ``sign`` signs requests and events, ``seal`` receives the boot share, ``cache_key`` (32 bytes) opens
    ``cache.db`` and ``state.db``. ``hub`` is the hub's address, ``root`` the fingerprint of its root key
    (64 hex digits). ``epoch`` counts enrolments; ``active`` is False until an administrator has confirmed.
    """

    sign: SigningKey
    seal: SealKey
    cache_key: bytes
    kiosk: str
    site: str
    epoch: int
    hub: str = ""
    root: str = ""
    station: str = ""
    active: bool = True

    def with_new_cache_key(self) -> DeviceKeys:
        """The same device with another cache key: what the old one sealed is gone with it."""
        return replace(self, cache_key=os.urandom(32))

    def text(self) -> str:
        """As it is kept in the keyring."""
        fields = {
            "v": 1,
            "sign": b64(self.sign.raw),
            "seal": b64(self.seal.raw),
            "cache_key": b64(self.cache_key),
            "kiosk": self.kiosk,
            "site": self.site,
            "epoch": self.epoch,
            "hub": self.hub,
            "root": self.root,
            "station": self.station,
            "active": self.active,
        }
        return json.dumps(fields, separators=(",", ":"))

    @classmethod
    def read(cls, text: str) -> DeviceKeys:
        """Read ``text()``.

        Raises:
            Damaged: it is not such an item (``keyring_item_damaged``).
        """
        try:
            fields = _typed(json.loads(text))
            sign, seal, cache_key = (_key(fields.pop(name)) for name in ("sign", "seal", "cache_key"))
            return cls(SigningKey(sign), SealKey(seal), cache_key, **fields)
        except (ValueError, TypeError, KeyError, AttributeError, Untrusted):
            raise Damaged(
                "This kiosk's keys in the keyring are damaged.",
                advice="Enrol this kiosk again with a new code from IT.",
                code="keyring_item_damaged",
            ) from None


_ITEM: dict[str, type] = {
    **dict.fromkeys(("sign", "seal", "cache_key", "kiosk", "site", "hub", "root", "station"), str),
    "v": int,
    "epoch": int,
    "active": bool,
}


def _typed(fields: dict[str, Any]) -> dict[str, Any]:
    if fields.keys() != _ITEM.keys() or any(type(fields[name]) is not kind for name, kind in _ITEM.items()):
        raise ValueError("fields")
    if fields.pop("v") != 1:
        raise ValueError("version")
    return fields


def _key(text: str) -> bytes:
    raw = unb64(text)
    if len(raw) != 32:
        raise ValueError("length")
    return raw


class Vault(Protocol):
    """Where a kiosk's keys are kept."""

    def load(self) -> DeviceKeys | None:
        """The keys, or None if this folder's kiosk was never enrolled."""

    def store(self, keys: DeviceKeys) -> None:
        """Keep these keys in place of any others."""

    def erase(self) -> None:
        """Forget the keys."""


@dataclass
class KeyringItem:
    """One item of text in the keyring, under the name ``folder_id``.

    Every method raises Unavailable: ``keyring_missing`` (none runs, or one that is not allowed),
    ``keyring_locked`` (it waits for its password, or does not answer); one that changes something also
    ``keyring_not_kept`` (it answers, and does not take the change: its disk is full). What was kept stays.
    """

    folder_id: str
    _backend: KeyringBackend | None = field(default=None, init=False, repr=False)

    def read_text(self) -> str | None:
        """The text, or None if there is none."""
        return self._ask(self._found)

    def _found(self, ring: KeyringBackend) -> str | None:
        try:
            return ring.get_password(SERVICE, self.folder_id)
        except Exception as error:
            # gnome-keyring (42.1) goes on naming an item that its full disk kept it from making
            if type(error).__name__ != "ItemNotFoundException" or not _is_of_the_bus(error):
                raise
            return None

    def write_text(self, text: str) -> None:
        """Keep the text; returns when the keyring gives back exactly it."""
        self._change(lambda ring: ring.set_password(SERVICE, self.folder_id, text))
        if self.read_text() != text:
            raise _not_kept()

    def erase(self) -> None:
        """Forget it; nothing happens if there is nothing."""

        def delete(ring: KeyringBackend) -> None:
            if self._found(ring) is not None:
                ring.delete_password(SERVICE, self.folder_id)

        self._change(delete)

    def _change(self, question: Callable[[KeyringBackend], None]) -> None:
        try:
            self._ask(question)
        except Unavailable as error:
            if error.code != "keyring_missing":
                raise
            self.read_text()  # the same again where there is no keyring
            raise _not_kept() from error

    def _ask(self, question: Callable[[KeyringBackend], T]) -> T:
        """Ask the keyring beside this thread: one that waits for a person must not hold the kiosk.

        One question at a time: a person is not asked for the password twice because the kiosk tries again.
        """
        if not _asking.acquire(timeout=ANSWER_SECONDS):
            raise _locked()
        answers: queue.SimpleQueue[T | Exception] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answers.put(question(self._ring()))
            except Exception as error:
                answers.put(error)
            finally:
                _asking.release()

        threading.Thread(target=ask, name="keyring", daemon=True).start()
        try:
            answer = answers.get(timeout=ANSWER_SECONDS)
        except queue.Empty:
            raise _locked() from None
        if isinstance(answer, Exception):
            self._backend = None
            raise _explain(answer) from answer
        return answer

    def _ring(self) -> KeyringBackend:
        if self._backend is None:
            self._backend = choose_backend()
        return self._backend


@dataclass
class KeyringVault(KeyringItem):
    """The keys of the kiosk whose folder is ``folder_id`` (``Places.folder_id``)."""

    def load(self) -> DeviceKeys | None:
        """The keys, or None if there are none.

        Raises:
            Damaged: the item is not ours (``keyring_item_damaged``).
        """
        text = self.read_text()
        return None if text is None else DeviceKeys.read(text)

    def store(self, keys: DeviceKeys) -> None:
        """Keep these keys; returns when the keyring gives back exactly them."""
        text = keys.text()
        if len(text) > MAX_ITEM_CHARS:
            raise Refused(
                "The hub's address is too long for this machine's keyring.",
                advice="Give the hub a shorter name.",
                code="keyring_item_long",
            )
        self.write_text(text)


def choose_backend() -> KeyringBackend:
    """Return the first allowed back end that runs here.

    Raises:
        Unavailable: none runs, or the environment asks for one that is not allowed (``keyring_missing``).
    """
    allowed = ALLOWED.get(sys.platform, ())
    asked = os.environ.get("PYTHON_KEYRING_BACKEND")
    if asked is not None and asked not in allowed:
        raise Unavailable(
            f"The keyring {asked} is set on this machine, and it does not protect keys well enough.",
            advice="IT: take PYTHON_KEYRING_BACKEND out of the kiosk's environment.",
            code="keyring_missing",
        )
    for name in allowed if asked is None else (asked,):
        module, _, kind = _OURS.get(name, name).rpartition(".")
        backend = getattr(import_module(module), kind)
        if backend.viable:
            return backend()  # type: ignore[no-any-return]
    raise _missing()


def _explain(error: Exception) -> Exception:
    from keyring import errors

    if isinstance(error, Expected):
        return error
    if isinstance(error, errors.KeyringLocked | errors.InitError):
        return _locked()
    if isinstance(error, errors.KeyringError | OSError) or _is_of_the_bus(error):
        return _missing()
    return error


def _is_of_the_bus(error: Exception) -> bool:
    """Whether the message bus or the service on it failed; their classes are not on every platform."""
    return type(error).__module__.split(".")[0] in {"secretstorage", "jeepney", "dbus"}


def _missing() -> Unavailable:
    return Unavailable(
        "No keyring runs on this machine, so this kiosk's keys cannot be read.",
        advice="IT: start the desktop's keyring (gnome-keyring or KWallet) for the kiosk's user.",
        code="keyring_missing",
    )


def _not_kept() -> Unavailable:
    return Unavailable(
        "The keyring of this machine did not keep what this kiosk gave it.",
        advice="IT: free some space on the disk with the home folder of the kiosk's user.",
        code="keyring_not_kept",
    )


def _locked() -> Unavailable:
    return Unavailable(
        "The keyring of this machine is locked, so this kiosk's keys cannot be read.",
        advice="Unlock it with the password of the kiosk's user, or sign in to the desktop again.",
        code="keyring_locked",
    )
