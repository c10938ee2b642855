"""From lease, manifest and a tapped badge to the pages that may be shown, with their keys, or the reasons.

Pure: it asks ``decide`` with what the lease says and what this kiosk knows of itself, so that an offline
kiosk decides exactly as the hub would have.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.kiosk.folio import KeyedLeaf
from app.kiosk.own_grants import bundle_key
from app.kiosk.what_changed import readings
from app.model.decide import Denied, Facts, Granted, Reason, admitted, decide
from app.model.editions import in_others
from app.model.errors import Damaged, Expected, Refused
from app.model.terms import AgreementEnd, Classification, CredentialKind, GrantKind, KioskStatus
from app.model.words import (
    AGREEMENT_WORDS,
    BADGE_ALONE,
    REASON_WORDS,
    SIGN_HERE,
    SIGN_WITH_PIN,
    Words,
)
from app.seal.boxes import hpke_open, joint_key, unwrap_key
from app.seal.slot import Identified, OperatorKey, identify, open_slot, spend
from app.wire.lease import bundle_info

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.kiosk.own_grants import OwnGrant
    from app.kiosk.sheet import Sheet
    from app.kiosk.signed_agreements import Kept
    from app.kiosk.what_changed import Reading
    from app.mark.keys import KioskKeys
    from app.model.decide import Decision
    from app.model.plant import Grant, Person, Station
    from app.wire.lease import Bundle, Lease, Manifest, OperatorInfo, PageInfo, SlotInfo


@dataclass(frozen=True)
class Local:
    """What this kiosk knows of itself, beside the lease. ``set_back``: its files are an older copy.

    ``own_grants`` are the offline admissions that it made, ``signed`` the agreements that were signed here
    and that the lease does not speak of yet. ``read`` are (person, ``DOCUMENT/LABEL``): who confirmed here
    having read what changed in which revision.
    """

    status: KioskStatus = KioskStatus.ACTIVE
    clock_trusted: bool = True
    set_back: bool = False
    can_record: bool = True
    own_grants: tuple[OwnGrant, ...] = ()
    signed: frozenset[Kept] = frozenset()
    read: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Front:
    """The page (its hash) that is being looked at since ``begun``."""

    page: str
    begun: datetime


@dataclass(frozen=True, repr=False)
class Holding:
    """The lease in force with its manifest: what one kiosk holds.

    ``mark`` are the keys of this kiosk's forensic mark; what is only kept, and shown to nobody, has none.
    ``share`` is the hub's boot share of this lease: 32 bytes in memory only, empty until the hub was reached.
    """

    lease: Lease
    manifest: Manifest
    share: bytes = b""
    mark: KioskKeys | None = None


@dataclass(frozen=True, repr=False)
class Opened:
    """A badge opened a slot: whose it is, and the keys inside."""

    operator: OperatorInfo
    slot: SlotInfo
    keys: OperatorKey


@dataclass(frozen=True, repr=False)
class Found:
    """What a badge says by itself: the opened slot or None, its tag, and whether its PIN is asked for."""

    opened: Opened | None = None
    tag: bytes = b""
    asks_pin: bool = False


@dataclass(frozen=True)
class Readable:
    """``pages`` may be read now; ``withheld`` counts, per reason, the others of this station.

    ``pin_helps``: with a PIN this person could read pages of a higher class here. ``grant`` is the exception
    by which some of the pages are here, or None. ``unsigned`` are clients of whom nothing but a signature
    keeps pages shut; ``agreement`` says what there is to know about that. ``readings`` are what must be read
    before some of the pages withheld open; ``finishing``: the page in front is only there until it is left.
    """

    pages: tuple[PageInfo, ...]
    withheld: Counter[Reason]
    pin_helps: bool = False
    grant: Grant | None = None
    unsigned: frozenset[str] = frozenset()
    agreement: Words = REASON_WORDS[Reason.NO_AGREEMENT]
    readings: tuple[Reading, ...] = ()
    finishing: bool = False

    @property
    def ids(self) -> tuple[str, ...]:
        """A name for each thing that can be turned to: what is to be read comes before the pages."""
        return self.readings[0].ids if self.readings else tuple(page.page for page in self.pages)

    def words(self, reason: Reason) -> Words:
        """A reason in words, with what to do."""
        if reason is Reason.NO_AGREEMENT:
            return self.agreement
        return BADGE_ALONE if reason is Reason.CLASS_CEILING and self.pin_helps else REASON_WORDS[reason]

    @property
    def sentences(self) -> tuple[str, ...]:
        """The withheld pages in words, the most frequent reason first."""
        return tuple(
            f"{count} {'page is' if count == 1 else 'pages are'} withheld. "
            f"{self.words(reason).says} {self.words(reason).do}"
            for reason, count in self.withheld.most_common()
        )


def find(lease: Lease, badge: str) -> Found:
    """Identify a badge. About 0.25 s. Where PINs are used, a badge that nobody has asks for one, too.

    Raises:
        Expected: the slot is the badge's but does not open.
    """
    found = identify(badge, lease.site_salt)
    known = slot_of(lease, found.tag)
    if known is None or known[1].kind is CredentialKind.UID_PIN:
        return Found(tag=found.tag, asks_pin=known is not None or lease.policy.pin.used)
    operator, info = known
    return Found(Opened(operator, info, open_slot(info.slot(), found)), found.tag)


def slot_of(lease: Lease, tag: bytes) -> tuple[OperatorInfo, SlotInfo] | None:
    """Whose badge has this tag, and its slot; cards have tags of their own (``card_access``)."""
    for operator in lease.operators:
        for info in operator.slots:
            if info.tag == tag and info.kind is not CredentialKind.CARD:
                return operator, info
    return None


def still_there(lease: Lease, opened: Opened) -> Opened | None:
    """The same person with the same slot as another lease has them; None: gone, or with new keys."""
    for operator in lease.operators:
        if operator.person == opened.operator.person:
            for info in operator.slots:
                if (info.tag, info.seal_public) == (opened.slot.tag, opened.slot.seal_public):
                    return Opened(operator, info, opened.keys)
    return None


def try_pin(lease: Lease, tag: bytes, badge: str, pin: str) -> Opened | None:
    """Open the slot of a badge with its PIN; None: wrong, or nobody's badge. As long for the one as for the
    other: one derivation, about 0.25 s.

    Raises:
        Expected: the slot is damaged.
    """
    known = slot_of(lease, tag)
    if known is None or known[1].kind is not CredentialKind.UID_PIN:
        spend(badge, pin)
        return None
    operator, info = known
    try:
        return Opened(operator, info, open_slot(info.slot(), Identified(tag, b""), badge, pin))
    except Refused:
        return None


def facts(
    holding: Holding,
    page: PageInfo,
    opened: Opened,
    local: Local,
    *,
    comparing: bool = False,
    front: Front | None = None,
) -> Facts:
    """What ``decide`` is told: the lease's word, and this kiosk's own."""
    lease, person = holding.lease, opened.operator.person
    lease_grants = (grant.record() for grant in lease.grants if not grant.wanted)
    own = (grant.record() for grant in local.own_grants if grant.admits(lease.number))
    read = frozenset(revision for who, revision in local.read if who == person)
    return Facts(
        kiosk_status=local.status,
        kiosk_station=lease.station.code,
        kiosk_site=lease.site,
        lease_until=None if local.set_back else readable_until(lease, page),
        clock_trusted=local.clock_trusted,
        badge_active=True,  # only active badges have a slot in a lease
        slot_opened=True,
        credential=opened.slot.kind.ceiling,
        site_ceiling=lease.policy.site_ceiling,
        agreement_versions=lease.policy.agreements,
        grants=(*lease_grants, *own),
        line_supervisors=granters(lease),
        grant_most=lease.policy.grant_most(),
        exposure_crossed=frozenset(opened.operator.exposure_crossed),
        comparing=comparing,
        read=read.union(opened.operator.has_read),
        begun=front.begun if front is not None and front.page == page.page else None,
        boot_share=bool(holding.share),
        can_record=local.can_record,
    )


def granters(lease: Lease) -> frozenset[str]:
    """Who may make grants here."""
    return frozenset(one.person for one in lease.operators if one.supervises and one.active)


def readable_until(lease: Lease, page: Sheet) -> datetime | None:
    """Until when the page may be read with this lease; None where the lease has no word on its kind."""
    for allowance in lease.allowances:
        if (allowance.client, allowance.classification) == (page.client, page.classification):
            return min(allowance.until, lease.expires)
    return None


def readable(
    holding: Holding, opened: Opened, local: Local, now: datetime, front: Front | None = None
) -> Readable:
    """Decide on every page of the manifest; ``front`` is the one that is being looked at."""
    lease, person = holding.lease, _person(opened, local, now)
    home, visited = lease.station.station(), _visited(lease, person.code, now)

    def ask(page: PageInfo, *, comparing: bool = False, begun: Front | None = None) -> list[Decision]:
        record = page.record()
        told = facts(holding, page, opened, local, comparing=comparing, front=begun)
        stations = [station for station in (home, *visited) if record.needed_at(station.code)]
        return [decide(person, station, record, told, now) for station in stations]

    pages: list[PageInfo] = []
    unread: list[PageInfo] = []
    denied: list[tuple[PageInfo, Reason]] = []
    unsigned, finishing = set(), False
    for page in holding.manifest.pages:
        answers = ask(page)
        granted, reasons = _granted(answers), [each.reasons for each in answers if isinstance(each, Denied)]
        if not granted and (Reason.CHANGE_UNREAD,) in reasons:
            unread.append(page)
        if not granted and front is not None and page.page == front.page:
            granted = finishing = _granted(ask(page, begun=front))
        if granted:
            pages.append(page)
        elif answers and not page.before:  # others' pages by break-glass concern nobody else
            denied.append((page, reasons[0][0]))
            if any(set(each) - {Reason.CHANGE_UNREAD} == {Reason.NO_AGREEMENT} for each in reasons):
                unsigned.add(page.client)
    pages, unread, denied = _in_language(holding.manifest, opened.operator.language, pages, unread, denied)
    withheld = Counter(opened.operator.withheld) + Counter(reason for _, reason in denied)
    grant, words = _grant_of(holding, person, local, now), _agreement_words(holding, opened, person, now)
    if grant is not None and grant.kind is GrantKind.BREAK_GLASS:  # what it is there for comes first
        pages.sort(key=lambda page: page.record().needed_at(home.code))
    wanted = readings(holding.manifest, unread, lambda page: _granted(ask(page, comparing=True)))
    return Readable(
        tuple(pages),
        withheld,
        _pin_helps(lease, opened),
        grant,
        frozenset(unsigned),
        words,
        wanted,
        finishing,
    )


def _in_language(
    manifest: Manifest,
    language: str,
    pages: list[PageInfo],
    unread: list[PageInfo],
    denied: list[tuple[PageInfo, Reason]],
) -> tuple[list[PageInfo], list[PageInfo], list[tuple[PageInfo, Reason]]]:
    """Of each document the edition that this person works by; the others are not missed either."""
    if not any(page.translates for page in manifest.pages):
        return pages, unread, denied
    originals = {page.edition.work for page in manifest.pages if not (page.before or page.translates)}
    readable = dict.fromkeys(page.edition for page in (*pages, *unread))
    others, chosen = in_others(readable, originals, language), {edition.work for edition in readable}
    return (
        [page for page in pages if page.edition not in others],
        [page for page in unread if page.edition not in others],
        [each for each in denied if each[0].edition in readable or each[0].edition.work not in chosen],
    )


def _granted(answers: list[Decision]) -> bool:
    return any(isinstance(answer, Granted) for answer in answers)


def _person(opened: Opened, local: Local, now: datetime) -> Person:
    """The person as the lease knows them, with what was signed at this kiosk since."""
    person = opened.operator.operator()
    signed = [kept for kept in local.signed if kept.person == person.code and kept.counts(now)]
    if not signed:
        return person
    versions = {kept.client: kept.version for kept in signed}
    until = {code: end for code, end in person.agreements_until.items() if code not in versions}
    until |= {kept.client: kept.until for kept in signed if kept.until is not None}
    return replace(person, agreements={**person.agreements, **versions}, agreements_until=until)


def _agreement_words(holding: Holding, opened: Opened, person: Person, now: datetime) -> Words:
    """Why a signature does not count, where that is one thing for all clients; and who can help."""
    ended = set(opened.operator.agreements_ended.values())
    if any(until <= now for until in person.agreements_until.values()):
        ended.add(AgreementEnd.LAPSED)
    words = AGREEMENT_WORDS[ended.pop()] if len(ended) == 1 else REASON_WORDS[Reason.NO_AGREEMENT]
    if not holding.manifest.agreements or words is AGREEMENT_WORDS[AgreementEnd.WITHDRAWN]:
        return words
    pin = opened.slot.kind is CredentialKind.UID_PIN
    return Words(words.says, SIGN_HERE if pin else SIGN_WITH_PIN)


def _visited(lease: Lease, person: str, now: datetime) -> list[Station]:
    """The other stations whose pages break-glass shows this person here now."""
    codes = {
        grant.station
        for grant in lease.grants
        if grant.kind is GrantKind.BREAK_GLASS and grant.person == person and grant.record().span.holds(now)
    }
    return [other.station() for other in lease.others if other.code in codes]


def _grant_of(holding: Holding, person: Person, local: Local, now: datetime) -> Grant | None:
    """The exception by which this person is here now: break-glass before an admission."""
    lease, here = holding.lease, holding.lease.station.code
    own = (grant.record() for grant in local.own_grants if grant.admits(lease.number))
    grants = [*(grant.record() for grant in lease.grants if not grant.wanted), *own]
    running = [grant for grant in grants if grant.person == person.code and grant.span.holds(now)]
    glass = [grant for grant in running if grant.kind is GrantKind.BREAK_GLASS]
    if glass or admitted(person, here, (), now):
        return glass[0] if glass else None
    return running[0] if running else None


def _pin_helps(lease: Lease, opened: Opened) -> bool:
    ceiling = min(opened.operator.ceiling, lease.station.ceiling, lease.policy.site_ceiling)
    alone = lease.policy.pin.used and opened.slot.kind is CredentialKind.UID
    return alone and ceiling > CredentialKind.UID.ceiling


def keyed(
    holding: Holding, opened: Opened, pages: tuple[Sheet, ...], own_grants: tuple[OwnGrant, ...] = ()
) -> tuple[KeyedLeaf, ...]:
    """Unwrap the page keys of ``pages`` with the operator's own key, and what a supervisor lent.

    Raises:
        Damaged: the lease has no key of a page for this person.
    """
    blobs = [page.blob for page in pages]
    keys = unwrapped(holding, opened, blobs, own_grants)
    return tuple(
        KeyedLeaf(page.page, page.blob, page.revision_key, key) for page, key in zip(pages, keys, strict=True)
    )


def unwrapped(
    holding: Holding, opened: Opened, blobs: Sequence[str], own_grants: tuple[OwnGrant, ...] = ()
) -> list[bytes]:
    """The keys of these ciphertexts, of pages or of their clips. Raises Damaged as ``keyed`` does."""
    keys: dict[str, bytes] = {}
    for index, bundle in enumerate(holding.lease.bundles):
        keys.update(_bundle_keys(holding, index, bundle, opened, own_grants))
    if not keys.keys() >= set(blobs):
        raise Damaged(
            "The hub's lease has no key for a page that you may read.",
            advice="Tell your supervisor; another tap asks the hub again.",
            code="no_key",
        )
    return [keys[blob] for blob in blobs]


def _bundle_keys(
    holding: Holding, index: int, bundle: Bundle, opened: Opened, own_grants: tuple[OwnGrant, ...]
) -> dict[str, bytes]:
    lease, person = holding.lease, opened.operator.person
    box = bundle.sealed.get(person)
    restricted = bundle.classification is Classification.RESTRICTED
    if restricted and not holding.share:
        return {}
    try:
        if box is not None:
            key = hpke_open(box, opened.keys.seal, bundle_info(lease.kiosk, lease.number, index, person))
        else:
            lent = (bundle_key(holding, bundle, opened, grant) for grant in own_grants)
            found = next((key for key in lent if key is not None), None)
            if found is None:
                return {}
            key = found
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
        words = found.words(reason)
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
