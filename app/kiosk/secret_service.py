"""The Secret Service as keyring uses it, but for one thing: a connection that leads nowhere is closed."""

from __future__ import annotations

from contextlib import ExitStack

import secretstorage
from keyring import errors
from keyring.backends import SecretService


class Keyring(SecretService.Keyring):
    """Keyring (25) forgets its connection to the bus where a collection is locked or cannot be made:
    a kiosk that asks until somebody unlocks it would come to the limit of its open files.
    """

    def get_preferred_collection(self) -> secretstorage.Collection:
        """The collection in use, unlocked; whoever asks closes its connection.

        Raises:
            InitError: there is none, and none could be made.
            KeyringLocked: nobody unlocked it.
        """
        with ExitStack() as until_it_is_open:
            bus = secretstorage.dbus_init()
            until_it_is_open.callback(bus.close)
            try:
                path = getattr(self, "preferred_collection", None)  # which keyring's own settings may name
                collection = (
                    secretstorage.Collection(bus, path) if path else secretstorage.get_default_collection(bus)
                )
            except secretstorage.exceptions.SecretStorageException as error:
                raise errors.InitError(f"no collection: {error}") from error
            if collection.is_locked() and (collection.unlock() or collection.is_locked()):
                raise errors.KeyringLocked("nobody unlocked it")
            until_it_is_open.pop_all()
            return collection
