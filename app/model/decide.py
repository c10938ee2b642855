"""Need-to-know: the one pure function that says who may see which page where, and why not.

Design, section 4. The hub asks it for every byte that leaves; the kiosk asks it again at each show.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from app.model.terms import VIEWING_ROLES, Classification, GrantKind, KioskStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from app.model.plant import Grant, Page, Person, Station


FINISH = timedelta(minutes=15)
"""How long a look that was going on when a revision came into force may go on: the step is finished first."""


class Reason(StrEnum):
    """Why access is denied; in the order of the checks."""

    KIOSK_BLOCKED = "KIOSK_BLOCKED"
    LEASE_EXPIRED = "LEASE_EXPIRED"
    CLOCK_BEHIND = "CLOCK_BEHIND"
    NOT_THIS_STATION = "NOT_THIS_STATION"
    PERSON_REVOKED = "PERSON_REVOKED"
    SELF_ADMISSION = "SELF_ADMISSION"
    NOT_SUPERVISOR = "NOT_SUPERVISOR"
    GRANT_NOT_ALLOWED = "GRANT_NOT_ALLOWED"
    NOT_ASSIGNED = "NOT_ASSIGNED"
    ROLE = "ROLE"
    WRONG_PRODUCT = "WRONG_PRODUCT"
    CLASS_CEILING = "CLASS_CEILING"
    NO_AGREEMENT = "NO_AGREEMENT"
    TRAINING_STALE = "TRAINING_STALE"
    CHANGE_UNREAD = "CHANGE_UNREAD"
    NOT_EFFECTIVE = "NOT_EFFECTIVE"
    SUPERSEDED = "SUPERSEDED"
    EXPOSURE_LIMIT = "EXPOSURE_LIMIT"
    LOCKED_DOWN = "LOCKED_DOWN"
    NEEDS_HUB = "NEEDS_HUB"
    CANNOT_RECORD = "CANNOT_RECORD"


@dataclass(frozen=True)
class Facts:
    """What is true at the moment of asking, beside person, station and page. Defaults deny.

    ``agreement_versions`` maps client to the version in force; ``credential`` is the ceiling of what was
    presented at the reader. ``exposure_crossed`` names the clients whose limit this person, kiosk or site
    has reached; what is locked down is the station itself, or whole clients by their codes.
    ``line_supervisors`` are who may make grants at the station, ``grant_most`` says for how long at most: a
    kind that is not in it is not allowed.

    ``comparing``: the page is to stand beside its other state, with what changed marked. ``read`` are the
    revisions (``DOCUMENT/LABEL``) whose changes this person has confirmed to have read. ``begun``: when a
    look at this page began that is still going on.
    """

    kiosk_status: KioskStatus = KioskStatus.PENDING
    kiosk_station: str = ""
    kiosk_site: str = ""
    lease_until: datetime | None = None
    clock_trusted: bool = False
    badge_active: bool = False
    slot_opened: bool = False
    credential: Classification = Classification.PUBLIC
    site_ceiling: Classification = Classification.RESTRICTED
    agreement_versions: Mapping[str, str] | None = None
    grants: tuple[Grant, ...] = ()
    line_supervisors: frozenset[str] = frozenset()
    grant_most: Mapping[GrantKind, timedelta] | None = None
    exposure_crossed: frozenset[str] = frozenset()
    station_locked_down: bool = False
    clients_locked_down: frozenset[str] = frozenset()
    comparing: bool = False
    read: frozenset[str] = frozenset()
    begun: datetime | None = None
    boot_share: bool = False
    can_record: bool = False


@dataclass(frozen=True)
class Granted:
    """The page may be shown."""


@dataclass(frozen=True)
class Denied:
    """The page may not be shown; every reason that holds, in the order of the checks."""

    reasons: tuple[Reason, ...]


Decision = Granted | Denied


@dataclass(frozen=True)
class _Ask:
    person: Person
    station: Station
    page: Page
    facts: Facts
    now: datetime


def decide(person: Person, station: Station, page: Page, facts: Facts, now: datetime) -> Decision:
    """Return ``Granted`` or ``Denied`` with every failed reason. Pure; every check runs; deny by default."""
    ask = _Ask(person, station, page, facts, now)
    reasons = tuple(reason for reason, passes in CHECKS if not passes(ask))
    return Denied(reasons) if reasons else Granted()


def admitted(person: Person, station: str, grants: tuple[Grant, ...], now: datetime) -> bool:
    """Whether the person is assigned to, in the relief pool of, or granted the station now (check 5)."""
    assigned = any(a.station == station and a.span.holds(now) for a in person.assignments)
    return assigned or any(_grant_holds(g, person.code, station, now) for g in grants)


def _grant_holds(grant: Grant, person: str, station: str, now: datetime) -> bool:
    return grant.person == person and grant.station == station and grant.span.holds(now)


def _running(ask: _Ask) -> tuple[Grant, ...]:
    return tuple(g for g in ask.facts.grants if _grant_holds(g, ask.person.code, ask.station.code, ask.now))


def _not_by_himself(grant: Grant, _facts: Facts) -> bool:
    return grant.by != grant.person


def _by_supervisor(grant: Grant, facts: Facts) -> bool:
    return grant.by in facts.line_supervisors


def _allowed(grant: Grant, facts: Facts) -> bool:
    """Of a kind and length that policy allows, with a reason, and of the right station."""
    most = (facts.grant_most or {}).get(grant.kind)
    end = grant.span.end
    fits = most is not None and end is not None and end - grant.span.start <= most
    elsewhere = grant.station != facts.kiosk_station
    return fits and bool(grant.reason.strip()) and elsewhere is (grant.kind is GrantKind.BREAK_GLASS)


def _sound(ask: _Ask) -> tuple[Grant, ...]:
    """The grants by which this person is here now, and with which nothing is wrong."""
    rules = (_not_by_himself, _by_supervisor, _allowed)
    return tuple(g for g in _running(ask) if all(holds(g, ask.facts) for holds in rules))


def _grants_hold(rule: Callable[[Grant, Facts], bool]) -> Callable[[_Ask], bool]:
    """The check that no grant breaks the rule on which this person's being here rests."""

    def check(ask: _Ask) -> bool:
        broken = any(not rule(grant, ask.facts) for grant in _running(ask))
        return not broken or _by_assignment(ask) or bool(_sound(ask))

    return check


def _break_glass(ask: _Ask) -> bool:
    return any(grant.kind is GrantKind.BREAK_GLASS for grant in _sound(ask))


def _kiosk_active(ask: _Ask) -> bool:
    return ask.facts.kiosk_status is KioskStatus.ACTIVE


def _lease_runs(ask: _Ask) -> bool:
    return ask.facts.lease_until is not None and ask.now < ask.facts.lease_until


def _clock_trusted(ask: _Ask) -> bool:
    return ask.facts.clock_trusted


def _this_station(ask: _Ask) -> bool:
    bound = _bound(ask) or _break_glass(ask)
    return bound and ask.facts.kiosk_site == ask.station.site and ask.page.needed_at(ask.station.code)


def _bound(ask: _Ask) -> bool:
    return ask.facts.kiosk_station == ask.station.code


def _person_active(ask: _Ask) -> bool:
    return ask.person.active and ask.facts.badge_active and ask.facts.slot_opened


def _by_assignment(ask: _Ask) -> bool:
    return _bound(ask) and admitted(ask.person, ask.station.code, (), ask.now)


def _assigned(ask: _Ask) -> bool:
    return admitted(ask.person, ask.station.code, ask.facts.grants, ask.now)


def _role_may_view(ask: _Ask) -> bool:
    return bool(ask.person.roles & VIEWING_ROLES)


def _product_runs_here(ask: _Ask) -> bool:
    return ask.page.part in ask.station.parts


def _under_ceiling(ask: _Ask) -> bool:
    facts = ask.facts
    ceiling = min(ask.person.ceiling, facts.credential, ask.station.ceiling, facts.site_ceiling)
    if not _by_assignment(ask) and (grants := _sound(ask)):
        ceiling = min(ceiling, max(grant.ceiling for grant in grants))
    return ask.page.classification <= ceiling


def _agreement_signed(ask: _Ask) -> bool:
    client = ask.page.client
    in_force = (ask.facts.agreement_versions or {}).get(client)
    until = ask.person.agreements_until.get(client)
    signed = in_force is not None and ask.person.agreements.get(client) == in_force
    return signed and (until is None or ask.now < until)


def _training_current(ask: _Ask) -> bool:
    if not ask.page.training_required or _break_glass(ask):
        return True
    return any(
        t.document == ask.page.document
        and t.revision == ask.page.revision
        and (t.until is None or ask.now < t.until)
        for t in ask.person.training
    )


def _change_read(ask: _Ask) -> bool:
    page, facts = ask.page, ask.facts
    return not page.changed or facts.comparing or page.revision_key in facts.read or _finishing(ask)


def _not_superseded(ask: _Ask) -> bool:
    """A page that only shows what was before: beside its successor until that was read, or to finish."""
    page, facts = ask.page, ask.facts
    if not page.before:
        return True
    read = f"{page.document}/{page.before}" in facts.read
    return not read and (facts.comparing or _finishing(ask))


def _finishing(ask: _Ask) -> bool:
    begun, effective = ask.facts.begun, ask.page.effective
    return (
        begun is not None
        and effective is not None
        and begun < effective.start <= ask.now < effective.start + FINISH
    )


def _effective(ask: _Ask) -> bool:
    page = ask.page
    return page.effective is not None and page.effective.holds(ask.now) and not page.recalled


def _exposure_left(ask: _Ask) -> bool:
    return ask.page.client not in ask.facts.exposure_crossed


def _not_locked_down(ask: _Ask) -> bool:
    return not ask.facts.station_locked_down and ask.page.client not in ask.facts.clients_locked_down


def _hub_present(ask: _Ask) -> bool:
    return ask.page.classification < Classification.RESTRICTED or ask.facts.boot_share


def _can_record(ask: _Ask) -> bool:
    return ask.facts.can_record


# A grant passes check 5 if its own three rules hold. Break-glass also binds the kiosk to the other station
# for its time (check 3) and waives check 10. No grant waives anything else.
CHECKS: tuple[tuple[Reason, Callable[[_Ask], bool]], ...] = (
    (Reason.KIOSK_BLOCKED, _kiosk_active),  # 1
    (Reason.LEASE_EXPIRED, _lease_runs),  # 2
    (Reason.CLOCK_BEHIND, _clock_trusted),  # 2
    (Reason.NOT_THIS_STATION, _this_station),  # 3
    (Reason.PERSON_REVOKED, _person_active),  # 4
    (Reason.SELF_ADMISSION, _grants_hold(_not_by_himself)),  # 5, of a grant
    (Reason.NOT_SUPERVISOR, _grants_hold(_by_supervisor)),  # 5, of a grant
    (Reason.GRANT_NOT_ALLOWED, _grants_hold(_allowed)),  # 5, of a grant
    (Reason.NOT_ASSIGNED, _assigned),  # 5
    (Reason.ROLE, _role_may_view),  # 6
    (Reason.WRONG_PRODUCT, _product_runs_here),  # 7
    (Reason.CLASS_CEILING, _under_ceiling),  # 8
    (Reason.NO_AGREEMENT, _agreement_signed),  # 9
    (Reason.TRAINING_STALE, _training_current),  # 10
    (Reason.CHANGE_UNREAD, _change_read),  # 11
    (Reason.NOT_EFFECTIVE, _effective),  # 11
    (Reason.SUPERSEDED, _not_superseded),  # 11
    (Reason.EXPOSURE_LIMIT, _exposure_left),  # 12
    (Reason.LOCKED_DOWN, _not_locked_down),  # 1 and 11, for a whole station or client
    (Reason.NEEDS_HUB, _hub_present),  # 13
    (Reason.CANNOT_RECORD, _can_record),  # 14
)
