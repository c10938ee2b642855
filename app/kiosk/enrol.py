"""How a device becomes a kiosk: with a one-time code, keys that never leave it, and a number to compare.

Printing and asking is the command's business (``app.cli.kiosk_enrol``).
"""

from __future__ import annotations

import os
import platform
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.kiosk.anchor import keyring_anchor
from app.kiosk.sealed import remove_files
from app.kiosk.state import recover
from app.kiosk.supplies import client_of, trust_of
from app.kiosk.vault import DeviceKeys, KeyringVault
from app.model.errors import Refused, Unavailable
from app.model.terms import KioskStatus
from app.seal.enrolling import check_number, read_fingerprint
from app.seal.keys import SealKey, SigningKey
from app.wire.client import HubFault, HubUnreachable, enrol, fetch_trust
from app.wire.messages import EnrolRequest
from app.wire.transport import hub_address

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.kiosk.anchor import AnchorVault
    from app.kiosk.places import Places
    from app.kiosk.vault import Vault
    from app.wire.client import HubClient
    from app.wire.clock import Clock
    from app.wire.messages import EnrolReply, Trust

_CODE = re.compile(r"[A-Z2-7]{16}")


@dataclass(frozen=True)
class Sheet:
    """What the administrator's sheet says: the hub, its root key's fingerprint, and the one-time code."""

    hub: str
    root: str
    code: str

    @classmethod
    def read(cls, hub: str, root: str, code: str) -> Sheet:
        """Read as a person types it: dashes, spaces, colons and case do not matter.

        Raises:
            Refused: a part is incomplete (``bad_address``, ``bad_fingerprint``, ``bad_code``).
        """
        plain = "".join(sign for sign in code.upper() if sign not in " -\t\r\n")
        if not _CODE.fullmatch(plain):
            raise Refused(
                "An enrolment code has 16 letters and digits (A to Z, 2 to 7).",
                advice="Copy it again from the enrolment sheet.",
                code="bad_code",
            )
        return cls(hub_address(hub), read_fingerprint(root), plain)


@dataclass(frozen=True)
class Enrolled:
    """The device has asked; ``number`` is what a second administrator compares, in six digits."""

    kiosk: str
    station: str
    site: str
    number: str


@dataclass(frozen=True)
class Enrolment:
    """Enrolling the device whose folder is claimed by the caller.

    ``fresh`` keeps the new keys until the hub has taken them: so keys are in the keyring before anything is
    sent, and a code that is refused leaves an earlier enrolment as it was.

    Failure policy: it may break off anywhere and be started again with the same sheet: the same keys are
    sent, for which the hub gives the same answer. Records of an earlier enrolment that the hub does not have
    yet stay in the outbox. If the device becomes another kiosk, the earlier one's pages and lease are
    destroyed.
    """

    places: Places
    vault: Vault
    fresh: Vault
    clock: Clock
    anchor: AnchorVault | None = None

    @classmethod
    def at(cls, places: Places, clock: Clock) -> Enrolment:
        """With the keyring of this machine."""
        name = places.folder_id
        return cls(places, KeyringVault(name), KeyringVault(f"{name}-new"), clock, keyring_anchor(name))

    def ask(self, sheet: Sheet) -> Enrolled:
        """Ask the hub to take this device, and keep what it says.

        Raises:
            Unavailable: the keyring (``vault.KeyringItem``) or the hub does not answer.
            Untrusted: the hub is not the sheet's.
            Refused: ``code_wrong``, ``code_used``, ``code_expired``, ``too_many_tries``.
        """
        before = self.vault.load()
        try:
            trust, envelope = fetch_trust(sheet.hub, sheet.root, self.clock.now())
            keys = self._keys(sheet, trust, before)
            reply = enrol(sheet.hub, trust, _request(sheet, keys))
        except HubUnreachable as error:
            raise Unavailable(
                f"The hub at {sheet.hub} does not answer.",
                advice="Check the address and the network, then run this again with the same values.",
                code=error.code,
            ) from error
        number = check_number(sheet.root, sheet.code, keys.sign.public, keys.seal.public)
        self._become(before, keys, reply, envelope, number)
        return Enrolled(reply.kiosk, reply.station, reply.site, number)

    def pending(self) -> Enrolled | None:
        """The enrolment that waits for the second administrator, if there is one."""
        keys = self.vault.load()
        if keys is None or keys.active:
            return None
        state, _ = recover(self.places.state, keys.cache_key)
        with state:
            return Enrolled(keys.kiosk, keys.station, keys.site, state.number)

    def wait(self, pause: Callable[[], None], troubled: Callable[[str], None]) -> None:
        """Return when an administrator has confirmed this device. ``pause`` passes the time between asking;
        ``troubled`` is told when the hub cannot be reached ("" when it can again).

        Raises:
            Refused: the device was turned down (``not_admitted``), or there is nothing to wait for.
        """
        keys = self.vault.load()
        if keys is None:
            raise Refused("This machine was not enrolled.", advice="Give --hub, --root and --code.")
        state, _ = recover(self.places.state, keys.cache_key)
        with state, client_of(keys, trust_of(state, keys, self.clock.now()), state, self.clock) as client:
            while (status := _status(client, troubled)) in {None, KioskStatus.PENDING}:
                pause()
            if status is not None:
                state.set_status(status)
        if status is not KioskStatus.ACTIVE:
            raise Refused(
                f"The hub does not admit this device: it is {status}.",
                advice="Ask the hub's administrator for a new code.",
                code="not_admitted",
            )
        self.vault.store(replace(keys, active=True))

    def _keys(self, sheet: Sheet, trust: Trust, before: DeviceKeys | None) -> DeviceKeys:
        """New keys, kept before they are used; those of an attempt that broke off go on."""
        found = self.fresh.load()
        done = before is not None and before.active and found is not None and before.sign == found.sign
        if found is not None and (found.hub, found.root) == (sheet.hub, sheet.root) and not done:
            return found
        keys = DeviceKeys(
            sign=SigningKey.generate(),
            seal=SealKey.generate(),
            cache_key=os.urandom(32),
            kiosk="",
            site=trust.site,
            epoch=0,
            hub=sheet.hub,
            root=sheet.root,
            active=False,
        )
        self.fresh.store(keys)
        return keys

    def _become(
        self, before: DeviceKeys | None, keys: DeviceKeys, reply: EnrolReply, trust: bytes, number: str
    ) -> None:
        same = before is not None and (before.kiosk, before.root) == (reply.kiosk, keys.root)
        became = replace(
            keys,
            cache_key=before.cache_key if same and before is not None else keys.cache_key,
            kiosk=reply.kiosk,
            site=reply.site,
            station=reply.station,
            epoch=reply.epoch,
        )
        if not same and self.anchor is not None:
            # The new file begins at generation 0, the new kiosk's leases at 1. First, because after the keys
            # it is the same: an earlier kiosk's number would be left here if it broke off between the two.
            self.anchor.erase()
        self.vault.store(became)  # from here on the earlier files do not open any more, unless it is the same
        if not same:
            remove_files(self.places.cache)
            remove_files(self.places.state)
        state, _ = recover(self.places.state, became.cache_key)
        with state:
            state.enrolled(trust, number)
        self.fresh.erase()


def _request(sheet: Sheet, keys: DeviceKeys) -> EnrolRequest:
    return EnrolRequest(
        code=sheet.code, sign_key=keys.sign.public, seal_key=keys.seal.public, device=device()
    )


def device() -> str:
    """What the hub's administrator sees of this machine: its name and system."""
    return f"{platform.node()} ({platform.system()} {platform.machine()})"[:200]


def _status(client: HubClient, troubled: Callable[[str], None]) -> KioskStatus | None:
    try:
        status = client.state().status
    except (HubUnreachable, HubFault) as error:
        troubled(error.sentence)
        return None
    troubled("")
    return status
