"""Purge orders at the kiosk: what a hub cuts off goes at once, and its new lease is asked for afterwards.

Why: a lockdown that waits for a new lease costs the hub that lease for each kiosk, planned, sealed and
signed. An order is signed once for all of them. So a thousand kiosks have purged, and said so, before the
hub has written a tenth of their leases.

What an order can do: it only takes away, pages, slots and sealed keys of the lease in force that it names.
What is left is what the hub's last lease granted, less that; nothing here decides that somebody may read.
The kiosk keeps the rest as a *cut lease*: the lease's own text without those parts, signed by this device,
because the hub's signature covers what must no longer be on the disk. It is believed from this kiosk's own
store only, never from the wire, and ends when the lease ends that it was cut from.

What an order cannot do, and why a replayed one is harmless. Orders have the numbers of the hub's revocations;
a lease says which was the newest when it was made, and a cut lease which orders were obeyed since. To a lease
that knows it, an order says nothing: whatever was given again since then stays. A lease that was under way
when the order came is there first, since a kiosk asks for one thing at a time, and is cut like any other.

Rollback: an older copy of this kiosk's files holds an older lease, and is found by its generation, which is
raised after each order (``anchor``). A hub restored from a backup counts its revocations from there again;
orders of its former life are refused by their age.

Faults: a kiosk that is killed finds either the whole lease, and gets its new one at the next contact, or the
cut one and the receipts that it owes (``purge``). An order that is lost, refused or too late leaves
everything to the lease, as it was before there were orders.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from app.kiosk.access import Holding
from app.kiosk.lease_check import CLOCK_TOLERANCE, Checked, Identity, Mark, open_lease, read_lease
from app.model.errors import Untrusted
from app.seal.dsse import open_envelope, sign_envelope, unverified_payload
from app.seal.encoding import sha256
from app.wire.base import Message, Sha256
from app.wire.desk import LockKind
from app.wire.grants import Admission
from app.wire.lease import Lease, Manifest
from app.wire.messages import LEASE_TYPE
from app.wire.orders import MAX_ORDER_BYTES, ORDER_TYPE, PurgeOrder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from app.seal.keys import SigningKey
    from app.wire.lease import Bundle, PageInfo

CUT_TYPE = "application/vnd.stationleaf.cut-lease+json"

ORDER_AGE = timedelta(minutes=10)
"""An older order is not obeyed: the lease has said it long since."""


class CutLease(Message):
    """What is left of a lease: its text, the hash of the payload that the hub signed, and the numbers of the
    orders that were obeyed.
    """

    lease: str
    of: Sha256
    obeyed: tuple[int, ...]


def check_order(envelope: bytes, identity: Identity, now: datetime) -> PurgeOrder:
    """Decide whether an order that was pushed may be obeyed.

    Steps: 1 bounded size; 2 one of the trusted lease keys signed exactly these bytes (DSSE), and they have
    the agreed form; 3 they are of this kiosk's site; 4 they were not signed in the future, and not long ago.

    Raises:
        Untrusted: a step fails: ``order_too_long``, ``order_not_signed``, ``order_bad_form``,
            ``order_wrong_site``, ``order_future``, ``order_old``.
    """
    if len(envelope) > MAX_ORDER_BYTES:  # 1
        raise _refused("too_long", "is longer than any real one")
    try:  # 2
        order = PurgeOrder.read(open_envelope(envelope, ORDER_TYPE, identity.lease_keys))
    except Untrusted as error:
        if error.code in {"not_signed", "bad_signature", "bad_key"}:
            raise _refused("not_signed", "is not signed by the hub that this kiosk trusts") from None
        raise _refused("bad_form", f"is not as agreed ({error.code})") from None
    if order.site != identity.site:  # 3
        raise _refused("wrong_site", "is for another site")
    if order.issued > now + CLOCK_TOLERANCE:  # 4
        raise _refused("future", "is dated later than this machine's clock shows")
    if order.issued < now - ORDER_AGE:
        raise _refused("old", "was signed long ago")
    return order


def _refused(code: str, what: str) -> Untrusted:
    advice = "Nothing was taken away by it. Tell the hub's administrator."
    return Untrusted(f"An order to purge {what}.", advice=advice, code=f"order_{code}")


def cut(checked: Checked, order: PurgeOrder, key: SigningKey) -> Checked | None:
    """The lease that is kept, without what the order cuts off; None: it was made or cut knowing the order.

    ``key`` is the device's. Where the order names nothing in it, it only becomes one that knows the order.
    """
    held, of = checked.holding, checked.mark.payload
    said = _cut_of(checked.envelope, None)
    obeyed = () if said is None else said.obeyed
    if order.number <= held.lease.order or order.number in obeyed:
        return None
    lease, manifest = _without(held.lease, held.manifest, order)
    text = manifest.exact()
    lease = lease.model_copy(update={"manifest": sha256(text)})
    left = CutLease(lease=lease.exact().decode(), of=of, obeyed=(*obeyed, order.number))
    envelope = sign_envelope(CUT_TYPE, left.exact(), (key,))
    return Checked(Holding(lease, manifest, held.share, held.mark), checked.mark, envelope, text.decode())


def open_kept(envelope: bytes, manifest: str, identity: Identity) -> Checked:
    """Verify the lease that this kiosk keeps, be it whole or cut.

    Raises:
        Untrusted: see ``lease_check.check_lease``.
    """
    try:
        said = _cut_of(envelope, (identity.sign,) if identity.sign else ())
    except Untrusted as error:
        if error.code != "not_signed":
            raise
        # The keys that this device had before: the mark's keys would not open either.
        raise Untrusted("The lease was cut by another device.", code="lease_mark") from None
    if said is None:
        return open_lease(envelope, manifest, identity=identity)
    holding = read_lease(said.lease.encode(), manifest.encode(), identity)
    return Checked(holding, Mark(holding.lease.number, said.of), envelope, manifest)


def kept_lease(envelope: bytes) -> Lease:
    """What is kept, whether or not a signature holds. Raises Untrusted: it does not read."""
    said = _cut_of(envelope, None)
    return Lease.read(unverified_payload(envelope, LEASE_TYPE) if said is None else said.lease.encode())


def _cut_of(envelope: bytes, trusted: tuple[bytes, ...] | None) -> CutLease | None:
    """The cut lease in an envelope, verified unless ``trusted`` is None; None: it is of another type."""
    try:
        unverified_payload(envelope, CUT_TYPE)
    except Untrusted as error:
        if error.code == "wrong_type":
            return None
        raise
    return CutLease.read(
        open_envelope(envelope, CUT_TYPE, trusted or (), threshold=0 if trusted is None else 1)
    )


# -- what is cut off --------------------------------------------------------------------------------------


def _without(lease: Lease, manifest: Manifest, order: PurgeOrder) -> tuple[Lease, Manifest]:
    match order.kind:
        case LockKind.PERSON | LockKind.BADGE:
            left = _without_person(lease, order.code)
            nobodys = _nobodys(left) - _nobodys(lease)
            return _without_pages(left, manifest, lambda page: page.blob in nobodys)
        case LockKind.REVISION:
            return _without_pages(lease, manifest, lambda page: page.revision_key == order.code)
        case LockKind.CLIENT:
            return _without_pages(lease, manifest, lambda page: page.client == order.code, order.code)
        case _:
            here = {LockKind.KIOSK: lease.kiosk, LockKind.STATION: lease.station.code}
            if here.get(order.kind, lease.station.line) != order.code:
                return lease, manifest
            return _without_pages(lease, manifest, lambda _page: True, None)


def _without_pages(
    lease: Lease, manifest: Manifest, gone: Callable[[PageInfo], bool], client: str | None = ""
) -> tuple[Lease, Manifest]:
    """Without these pages, and the agreements of a client (None: of all), and their keys."""
    left = manifest.model_copy(
        update={
            "pages": tuple(page for page in manifest.pages if not gone(page)),
            "agreements": tuple(
                text for text in manifest.agreements if client is not None and text.client != client
            ),
        }
    )
    held = {page.page for page in left.pages}
    left = left.model_copy(update={"changes": tuple(c for c in left.changes if {c.old, c.new} & held)})
    blobs = left.sizes.keys()
    return lease.model_copy(update={"bundles": tuple(_only(b, blobs) for b in lease.bundles)}), left


def _only(bundle: Bundle, blobs: Iterable[str]) -> Bundle:
    """The bundle with the keys of these. It keeps its place: its sealed keys open by that."""
    keys = {blob: bundle.keys[blob] for blob in bundle.keys.keys() & set(blobs)}
    if len(keys) == len(bundle.keys):
        return bundle
    return bundle.model_copy(update={"keys": keys} if keys else {"keys": {}, "sealed": {}, "admissible": {}})


def _without_person(lease: Lease, person: str) -> Lease:
    def others(keys: dict[str, bytes]) -> dict[str, bytes]:
        return {name: key for name, key in keys.items() if name != person}

    admission = lease.admission
    return lease.model_copy(
        update={
            "operators": tuple(each for each in lease.operators if each.person != person),
            "bundles": tuple(
                bundle.model_copy(
                    update={"sealed": others(bundle.sealed), "admissible": others(bundle.admissible)}
                )
                for bundle in lease.bundles
            ),
            "admission": Admission(
                workers=others(admission.workers), supervisors=others(admission.supervisors)
            ),
        }
    )


def _nobodys(lease: Lease) -> set[str]:
    """The pages that nobody here could open, and nobody could be admitted to."""
    return {
        blob
        for bundle in lease.bundles
        if not bundle.sealed and not bundle.admissible
        for blob in bundle.keys
    }
