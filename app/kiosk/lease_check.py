"""Whether a lease may be believed: rules only, on bytes that a hub sent or that this kiosk kept.

The steps follow the client workflow of The Update Framework (sections 5.3 to 5.6), with one role and a chain.
Every refusal is an ``Untrusted`` whose ``code`` starts with ``lease_``.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from app.kiosk.access import Holding
from app.mark.keys import KioskKeys
from app.model.errors import Untrusted
from app.seal.boxes import hpke_open
from app.seal.dsse import open_envelope
from app.seal.encoding import sha256
from app.wire.lease import Lease, Manifest, mark_info
from app.wire.messages import LEASE_TYPE, MAX_BLOB_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from app.seal.keys import SealKey

MAX_MANIFEST_BYTES = 16 * 1024 * 1024
"""The longest manifest that is read."""

MAX_PAGES = 20_000
"""The most pages that one kiosk may be told to hold."""

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far a lease may be ahead of this machine's clock; that of request signatures."""

_ASK_ADMIN = "Tell the hub's administrator; the pages you have stay readable until their lease ends."


@dataclass(frozen=True)
class Identity:
    """Who this kiosk is and whom it believes: Ed25519 public keys that may sign its leases.

    ``seal`` is the device's own key, to which the mark's keys are sealed; ``sign`` its public signing key, by
    which it knows a lease that it cut itself (``purge_order``).
    """

    kiosk: str
    site: str
    lease_keys: tuple[bytes, ...]
    seal: SealKey
    sign: bytes = b""


@dataclass(frozen=True)
class Mark:
    """The newest lease that was ever accepted, kept even when its pages were taken away."""

    number: int = 0
    payload: str = ""

    @property
    def none(self) -> bool:
        """Whether there never was one."""
        return self.number == 0


@dataclass(frozen=True)
class Checked:
    """A lease that holds: what it says, and the exact bytes to keep."""

    holding: Holding
    mark: Mark
    envelope: bytes
    manifest: str


def check_lease(
    envelope: bytes,
    manifest: str,
    *,
    identity: Identity,
    mark: Mark,
    now: datetime,
    at_least: int = 0,
    kept: Callable[[], str] = lambda: "",
) -> Checked:
    """Decide whether a lease that arrived replaces the one in force.

    ``mark`` is the newest lease that was accepted, by the lease store; ``at_least`` its number by the
    keyring, which is higher where the store is an older copy. ``kept`` gives the manifest that this kiosk
    holds; it is asked where the hub left the text out.

    Steps: 1 to 5 as ``open_lease``; 6 the number is not lower than the newest accepted (rollback), and the
    same number says the same (fork); 7 the next number names the hash of the one before it; where numbers are
    missing in between the link cannot be checked, and the hub's record of this kiosk's ``lease.accepted``
    events shows it; 8 it was not issued in the future; 9 it has not expired (freeze).

    Raises:
        Untrusted: a step fails: ``lease_too_long``, ``lease_not_signed``, ``lease_bad_form``,
            ``lease_wrong_kiosk``, ``lease_wrong_site``, ``lease_manifest``, ``lease_mark``,
            ``lease_rollback``, ``lease_forked``, ``lease_future``, ``lease_expired``.
    """
    checked = open_lease(envelope, manifest or kept(), identity=identity)  # 1 to 5
    lease = checked.holding.lease
    if lease.number < max(mark.number, at_least):  # 6
        raise _refused("rollback", "The hub sent an older lease than this kiosk already had.")
    if lease.number == mark.number and checked.mark.payload != mark.payload:
        raise _refused("forked", "The hub sent another lease under a number that this kiosk already has.")
    if lease.number == mark.number + 1 and not mark.none and lease.previous != mark.payload:  # 7
        raise _refused("forked", "The hub sent a lease that does not follow the one of this kiosk.")
    if lease.issued > now + CLOCK_TOLERANCE:  # 8
        raise _refused(
            "future",
            "The hub's lease is dated later than this machine's clock shows.",
            "Check the clocks of this kiosk and of the hub.",
        )
    if lease.expires <= now:  # 9
        raise _refused(
            "expired",
            "The hub sent a lease that has already ended.",
            "Check the clocks of this kiosk and of the hub; tell the hub's administrator.",
        )
    return checked


def open_lease(envelope: bytes, manifest: str, *, identity: Identity) -> Checked:
    """Verify a lease that this kiosk keeps, whether or not it has ended (``decide`` looks at the time).

    Steps: 1 bounded sizes; 2 one of the trusted lease keys signed exactly these bytes (DSSE), and they have
    the agreed form; 3 they are for this kiosk of this site; 4 the manifest is the one that was signed over
    (mix-and-match), and lists no page longer than a page can be; 5 the keys of the forensic mark open with
    this device's key: without them nothing may be shown.

    Raises:
        Untrusted: see ``check_lease``.
    """
    payload = _signed(envelope, identity)  # 2
    holding = read_lease(payload, manifest.encode(), identity)  # 1, 3 to 5
    return Checked(holding, Mark(holding.lease.number, sha256(payload)), envelope, manifest)


def read_lease(payload: bytes, text: bytes, identity: Identity) -> Holding:
    """What a lease's payload and the text of its manifest say: steps 1 and 3 to 5 of ``open_lease``.

    Raises:
        Untrusted: see ``check_lease``.
    """
    if len(text) > MAX_MANIFEST_BYTES:  # 1
        raise _refused("too_long", "The hub's list of pages is longer than any real one.")
    lease = _lease(payload)
    if lease.kiosk != identity.kiosk:  # 3
        raise _refused("wrong_kiosk", "The hub sent a lease that is for another kiosk.")
    if {lease.site, lease.station.site} != {identity.site}:
        raise _refused("wrong_site", "The hub sent a lease that is for another site.")
    if not hmac.compare_digest(sha256(text), lease.manifest):  # 4
        raise _refused("manifest", "The hub's list of pages is not the one that its lease names.")
    pages = _manifest(text)
    _check_pages(lease, pages)
    return Holding(lease, pages, mark=_mark_keys(lease, identity))  # 5


def _signed(envelope: bytes, identity: Identity) -> bytes:
    try:
        return open_envelope(envelope, LEASE_TYPE, identity.lease_keys)
    except Untrusted as error:
        if error.code == "too_long":
            raise _refused("too_long", "The hub's lease is longer than any real one.") from None
        if error.code in {"not_signed", "bad_signature", "bad_key"}:
            raise _refused(
                "not_signed", "The lease is not signed by the hub that this kiosk trusts."
            ) from None
        raise _bad_form(error) from None


def _lease(payload: bytes) -> Lease:
    try:
        return Lease.read(payload)
    except Untrusted as error:
        raise _bad_form(error) from None


def _manifest(text: bytes) -> Manifest:
    try:
        return Manifest.read(text)
    except Untrusted as error:
        raise _bad_form(error) from None


def _check_pages(lease: Lease, manifest: Manifest) -> None:
    sizes = manifest.sizes
    if (
        len(sizes) > MAX_PAGES
        or len(manifest.pages) > MAX_PAGES
        or max(sizes.values(), default=0) > MAX_BLOB_BYTES
    ):
        raise _refused("too_long", "The hub lists more or longer pages than a kiosk can hold.")
    if any(not sizes.keys() >= bundle.keys.keys() for bundle in lease.bundles):
        raise _refused("manifest", "The hub's lease has keys of pages that it does not list.")


def _mark_keys(lease: Lease, identity: Identity) -> KioskKeys:
    try:
        return KioskKeys.unpack(hpke_open(lease.mark, identity.seal, mark_info(lease.kiosk, lease.number)))
    except (Untrusted, ValueError):
        raise _refused("mark", "The hub's lease has no keys of the mark for this device.") from None


def _bad_form(error: Untrusted) -> Untrusted:
    return _refused("bad_form", f"The hub's lease is not as agreed ({error.code}).")


def _refused(code: str, sentence: str, advice: str = _ASK_ADMIN) -> Untrusted:
    return Untrusted(sentence, advice=advice, code=f"lease_{code}")
