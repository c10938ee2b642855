"""From lease, manifest and a tapped badge to the pages that may be shown, with their keys, or the reasons.

Pure: it asks ``decide`` with what the lease says and what this kiosk knows of itself, so that an offline
kiosk decides exactly as the hub would have.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.kiosk.folio import KeyedLeaf
from app.model.decide import Denied, Facts, Reason, decide
from app.model.errors import Damaged, Expected
from app.model.terms import Classification, CredentialKind, KioskStatus
from app.model.words import REASON_WORDS
from app.seal.boxes import hpke_open, joint_key, unwrap_key
from app.seal.slot import OperatorKey, identify, open_slot
from app.wire.lease import bundle_info

if TYPE_CHECKING:
    from datetime import datetime

    from app.wire.lease import Bundle, Lease, Manifest, OperatorInfo, PageInfo, SlotInfo


@dataclass(frozen=True)
class Local:
    """What this kiosk knows of itself, beside the lease."""

    status: KioskStatus = KioskStatus.ACTIVE
    clock_trusted: bool = True
    can_record: bool = True


@dataclass(frozen=True, repr=False)
class Holding:
    """The lease in force with its manifest: what one kiosk holds.

    ``share`` is the hub's boot share of this lease: 32 bytes in memory only, empty until the hub was reached.
    """

    lease: Lease
    manifest: Manifest
    share: bytes = b""


@dataclass(frozen=True, repr=False)
class Opened:
    """A badge opened a slot: whose it is, and the keys inside."""

    operator: OperatorInfo
    slot: SlotInfo
    keys: OperatorKey


@dataclass(frozen=True)
class Readable:
    """``pages`` may be read now; ``withheld`` counts, per reason, the others of this station."""

    pages: tuple[PageInfo, ...]
    withheld: Counter[Reason]

    @property
    def sentences(self) -> tuple[str, ...]:
        """The withheld pages in words, the most frequent reason first."""
        return tuple(
            f"{count} {'page is' if count == 1 else 'pages are'} withheld. "
            f"{REASON_WORDS[reason].says} {REASON_WORDS[reason].do}"
            for reason, count in self.withheld.most_common()
        )


def find(lease: Lease, badge: str) -> tuple[Opened | None, bytes]:
    """Identify a badge: the opened slot or None, and the badge's tag (for the event). About 0.25 s.

    Raises:
        Expected: the slot is the badge's but does not open.
    """
    found = identify(badge, lease.site_salt)
    for operator in lease.operators:
        for info in operator.slots:
            if info.tag == found.tag and info.kind is CredentialKind.UID:
                return Opened(operator, info, open_slot(info.slot(), found)), found.tag
    return None, found.tag


def facts(holding: Holding, page: PageInfo, opened: Opened, local: Local) -> Facts:
    """What ``decide`` is told: the lease's word, and this kiosk's own."""
    lease = holding.lease
    return Facts(
        kiosk_status=local.status,
        kiosk_station=lease.station.code,
        kiosk_site=lease.site,
        lease_until=readable_until(lease, page),
        clock_trusted=local.clock_trusted,
        badge_active=True,  # only active badges have a slot in a lease
        slot_opened=True,
        credential=opened.slot.kind.ceiling,
        site_ceiling=lease.policy.site_ceiling,
        agreement_versions=lease.policy.agreements,
        exposure_crossed=frozenset(opened.operator.exposure_crossed),
        boot_share=bool(holding.share),
        can_record=local.can_record,
    )


def readable_until(lease: Lease, page: PageInfo) -> datetime | None:
    """Until when the page may be read with this lease; None where the lease has no word on its kind."""
    for allowance in lease.allowances:
        if (allowance.client, allowance.classification) == (page.client, page.classification):
            return min(allowance.until, lease.expires)
    return None


def readable(holding: Holding, opened: Opened, local: Local, now: datetime) -> Readable:
    """Decide on every page of the manifest."""
    lease = holding.lease
    person, station = opened.operator.operator(), lease.station.station()
    pages: list[PageInfo] = []
    withheld: Counter[Reason] = Counter(opened.operator.withheld)
    for page in holding.manifest.pages:
        answer = decide(person, station, page.record(), facts(holding, page, opened, local), now)
        if isinstance(answer, Denied):
            withheld[answer.reasons[0]] += 1
        else:
            pages.append(page)
    return Readable(tuple(pages), withheld)


def keyed(holding: Holding, opened: Opened, pages: tuple[PageInfo, ...]) -> tuple[KeyedLeaf, ...]:
    """Unwrap the page keys of ``pages`` with the operator's own key.

    Raises:
        Damaged: the lease has no key of a page for this person.
    """
    keys: dict[str, bytes] = {}
    for index, bundle in enumerate(holding.lease.bundles):
        keys.update(_bundle_keys(holding, index, bundle, opened))
    leaves = []
    for page in pages:
        key = keys.get(page.blob)
        if key is None:
            raise Damaged(
                "The hub's lease has no key for a page that you may read.",
                advice="Tell your supervisor; another tap asks the hub again.",
                code="no_key",
            )
        leaves.append(KeyedLeaf(page.page, page.blob, page.revision_key, key))
    return tuple(leaves)


def _bundle_keys(holding: Holding, index: int, bundle: Bundle, opened: Opened) -> dict[str, bytes]:
    lease, person = holding.lease, opened.operator.person
    box = bundle.sealed.get(person)
    restricted = bundle.classification is Classification.RESTRICTED
    if box is None or (restricted and not holding.share):
        return {}
    try:
        key = hpke_open(box, opened.keys.seal, bundle_info(lease.kiosk, lease.number, index, person))
        if restricted:
            key = joint_key(key, holding.share)
        return {blob: unwrap_key(wrapped, key) for blob, wrapped in bundle.keys.items()}
    except Expected as error:
        raise Damaged(
            "The keys that the hub sent do not open with this badge.",
            advice="Tap again; if it stays, have the badge issued again.",
            code="no_key",
        ) from error


def why_nothing(
    holding: Holding | None, opened: Opened | None, found: Readable | None
) -> tuple[str, str, str]:
    """Code, sentence and advice for a badge that opens nothing here."""
    if holding is None:
        return (
            "no_lease",
            "This kiosk has no instructions yet.",
            "Wait until it has reached the hub, then tap again.",
        )
    if opened is None:
        return (
            "badge_unknown",
            "This badge is not known at this line.",
            "Ask your supervisor to assign you here, or go to the badge office.",
        )
    if found is not None and found.withheld:
        reason = found.withheld.most_common(1)[0][0]
        words = REASON_WORDS[reason]
        return reason.value, words.says, words.do
    return _nothing_here(holding, opened)


def _nothing_here(holding: Holding, opened: Opened) -> tuple[str, str, str]:
    mine = any(a.station == holding.lease.station.code for a in opened.operator.assignments)
    if not mine:
        words = REASON_WORDS[Reason.NOT_ASSIGNED]
        return Reason.NOT_ASSIGNED.value, words.says, words.do
    return (
        "no_pages",
        f"There are no instructions for {holding.lease.station.name} yet.",
        "Tell the line lead: document control publishes them.",
    )
