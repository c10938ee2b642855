"""Seeded policy bugs: each breaks one rule of deciding, issuing, accepting, storing or showing.

Each is a small change of one function or constant of the product, as a slip of a programmer would make it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.hub import audiences, exposure, floor, leases, plans
from app.hub.api import pages
from app.hub.revocations import LockedDown
from app.kiosk import contact, lease_check
from app.kiosk.anchor import Anchoring
from app.kiosk.conductor import Conductor
from app.kiosk.pull import Pull
from app.kiosk.recorder import Recorder, View
from app.kiosk.state import State
from app.model import decide as model
from app.model.decide import Reason
from app.model.terms import VIEWING_ROLES, Role

if TYPE_CHECKING:
    import pytest

    Patch = pytest.MonkeyPatch

Seed = Callable[["Patch"], None]

BUGS: dict[str, tuple[str, Seed]] = {}
"""By name: the chapter of the tour in which it must be caught, and the bug."""


def bug(chapter: str) -> Callable[[Seed], Seed]:
    """Name a bug by its function."""

    def named(seed: Seed) -> Seed:
        BUGS[seed.__name__] = (chapter, seed)
        return seed

    return named


def _passes(patch: Patch, reason: Reason, check: Callable[[Any], bool] = lambda _ask: True) -> None:
    patch.setattr(model, "CHECKS", tuple((r, check if r is reason else c) for r, c in model.CHECKS))


# -- deciding ---------------------------------------------------------------------------------------------


@bug("morning")
def supervisors_view_by_role(patch: Patch) -> None:
    roles = VIEWING_ROLES | {Role.SUPERVISOR}
    _passes(patch, Reason.ROLE, lambda ask: bool(ask.person.roles & roles))


@bug("morning")
def parts_need_not_run_at_the_station(patch: Patch) -> None:
    _passes(patch, Reason.WRONG_PRODUCT)


@bug("morning")
def the_credential_does_not_limit_the_class(patch: Patch) -> None:
    _passes(
        patch,
        Reason.CLASS_CEILING,
        lambda ask: (
            ask.page.classification <= min(ask.person.ceiling, ask.station.ceiling, ask.facts.site_ceiling)
        ),
    )


@bug("classes")
def the_station_does_not_limit_the_class(patch: Patch) -> None:
    _passes(
        patch,
        Reason.CLASS_CEILING,
        lambda ask: (
            ask.page.classification <= min(ask.person.ceiling, ask.facts.credential, ask.facts.site_ceiling)
        ),
    )


@bug("morning")
def a_page_below_the_ceiling_only(patch: Patch) -> None:
    """Denies too much: what is exactly at the ceiling is not reachable."""
    _passes(
        patch,
        Reason.CLASS_CEILING,
        lambda ask: ask.page.classification < min(ask.person.ceiling, ask.facts.credential),
    )


@bug("signed and trained")
def any_signed_version_counts(patch: Patch) -> None:
    _passes(patch, Reason.NO_AGREEMENT, lambda ask: ask.page.client in ask.person.agreements)


@bug("signed and trained")
def training_on_any_revision_counts(patch: Patch) -> None:
    _passes(
        patch,
        Reason.TRAINING_STALE,
        lambda ask: (
            not ask.page.training_required
            or any(
                t.document == ask.page.document and (t.until is None or ask.now < t.until)
                for t in ask.person.training
            )
        ),
    )


@bug("signed and trained")
def training_does_not_lapse(patch: Patch) -> None:
    _passes(
        patch,
        Reason.TRAINING_STALE,
        lambda ask: (
            not ask.page.training_required
            or any(t.revision == ask.page.revision for t in ask.person.training)
        ),
    )


@bug("released")
def a_revision_has_no_end(patch: Patch) -> None:
    _passes(
        patch,
        Reason.NOT_EFFECTIVE,
        lambda ask: ask.page.effective is not None and ask.page.effective.start <= ask.now,
    )


@bug("people")
def assignments_do_not_end(patch: Patch) -> None:
    patch.setattr(
        model,
        "admitted",
        lambda person, station, _grants, now: any(
            a.station == station and a.span.start <= now for a in person.assignments
        ),
    )


@bug("morning")
def anywhere_on_the_line_is_assigned_here(patch: Patch) -> None:
    patch.setattr(
        model,
        "admitted",
        lambda person, _station, _grants, now: any(a.span.holds(now) for a in person.assignments),
    )


@bug("morning")
def a_lease_does_not_end(patch: Patch) -> None:
    _passes(patch, Reason.LEASE_EXPIRED)


@bug("away")
def a_clock_set_back_is_believed(patch: Patch) -> None:
    _passes(patch, Reason.CLOCK_BEHIND)


# -- what the hub knows -----------------------------------------------------------------------------------


@bug("taken back")
def a_revoked_badge_keeps_its_slot(patch: Patch) -> None:
    from sqlalchemy import select

    from app.hub.schema import Badge
    from app.model.terms import CredentialKind
    from app.wire.lease import SlotInfo

    def slots(session: Any, people: Any) -> dict[str, SlotInfo]:
        return {
            row.person: SlotInfo(
                kind=CredentialKind(row.kind), tag=row.slot_tag, salt=row.slot_salt, box=row.slot_box,
                seal_public=row.seal_public, sign_public=row.sign_public, badge_tail=row.tail,
            )
            for row in session.scalars(select(Badge).where(Badge.person.in_(list(people))))
        }  # fmt: skip

    patch.setattr(floor, "_slots", slots)


@bug("taken back")
def a_locked_client_is_served(patch: Patch) -> None:
    real = plans.locked_down
    patch.setattr(plans, "locked_down", lambda *asked: LockedDown(real(*asked).station, frozenset()))


@bug("taken back")
def a_locked_station_is_served(patch: Patch) -> None:
    real = plans.locked_down
    patch.setattr(
        plans, "locked_down", lambda *asked: LockedDown(station=False, clients=real(*asked).clients)
    )


@bug("exposed")
def exposure_is_not_counted(patch: Patch) -> None:
    patch.setattr(floor, "read_exposure", lambda *_asked: exposure.Crossed())


@bug("kept apart by line")
def what_a_lines_other_kiosks_were_given_does_not_count(patch: Patch) -> None:
    patch.setattr(exposure, "given_lines", lambda *_asked: {})


@bug("kept apart over the site")
def what_the_site_was_given_does_not_count(patch: Patch) -> None:
    patch.setattr(exposure, "given_site", lambda *_asked: 0)


@bug("morning")
def restricted_pages_last_as_long_as_others(patch: Patch) -> None:
    patch.setattr(floor.FloorClient, "hours", lambda client, _level: client.offline_hours)


# -- issuing ----------------------------------------------------------------------------------------------


@bug("blocked")
def a_blocked_kiosk_is_given_leases(patch: Patch) -> None:
    patch.setattr(pages, "require_active", lambda _row: None)


@bug("morning")
def keys_are_sealed_to_everybody_of_the_line(patch: Patch) -> None:
    real = leases._bundles

    def bundles(home: Any, kiosk: str, number: int, wanted: Any, *halves: Any) -> Any:
        everybody = tuple(person.record.code for person in wanted.people)
        wide = {(level, everybody, ()): seen for (level, *_), seen in wanted.audiences.items()}
        return real(home, kiosk, number, replace(wanted, audiences=wide), *halves)

    patch.setattr(leases, "_bundles", bundles)


@bug("people")
def a_lease_stands_for_its_hour_whatever_changes(patch: Patch) -> None:
    real = leases.stands
    patch.setattr(
        leases, "stands", lambda row, _content, now: row is not None and real(row, row.content, now)
    )


@bug("morning")
def pages_of_the_last_manifest_are_handed_out(patch: Patch) -> None:
    from sqlalchemy import select

    from app.hub.schema import ManifestBlob

    def allowed(session: Any, caller: Any) -> frozenset[str]:
        pages._active(session, caller)
        return frozenset(session.scalars(select(ManifestBlob.blob)))

    patch.setattr(pages, "_allowed", allowed)


@bug("people")
def assignments_to_come_are_left_out(patch: Patch) -> None:
    """Denies too much: who begins while the hub is away finds nothing."""
    patch.setattr(audiences, "_moments", lambda *asked: iter(asked[-1:]))


# -- accepting, storing, showing --------------------------------------------------------------------------


@bug("replays")
def an_older_lease_is_accepted(patch: Patch) -> None:
    real = lease_check.check_lease

    def check(envelope: bytes, manifest: str, **said: Any) -> Any:
        return real(envelope, manifest, **{**said, "mark": lease_check.Mark(), "at_least": 0})

    patch.setattr(contact, "check_lease", check)


@bug("put back")
def the_anchor_forgets_the_number_of_the_lease(patch: Patch) -> None:
    patch.setattr(Anchoring, "newest", 0)


@bug("put back")
def an_older_lease_store_is_not_noticed(patch: Patch) -> None:
    real = Anchoring.begin

    def begin(anchoring: Anchoring) -> None:
        real(anchoring)
        anchoring._state.set_back = False

    patch.setattr(Anchoring, "begin", begin)


@bug("put back")
def only_a_start_is_anchored(patch: Patch) -> None:
    patch.setattr(Anchoring, "advance", lambda _anchoring: None)


@bug("replays")
def another_kiosks_lease_is_accepted(patch: Patch) -> None:
    """By its name, and although its mark's keys do not open on this device."""
    real, mark_keys = lease_check.open_lease, lease_check._mark_keys
    own: list[Any] = []

    def any_keys(lease: Any, identity: Any) -> Any:
        with suppress(lease_check.Untrusted):
            own[:] = [mark_keys(lease, identity)]
        return own[0]

    def opened(envelope: bytes, manifest: str, *, identity: Any) -> Any:
        with suppress(lease_check.Untrusted):
            return real(envelope, manifest, identity=identity)
        other = "K-2" if identity.kiosk == "K-1" else "K-1"
        return real(envelope, manifest, identity=replace(identity, kiosk=other))

    patch.setattr(lease_check, "_mark_keys", any_keys)
    patch.setattr(lease_check, "open_lease", opened)


@bug("blocked")
def a_blocked_kiosk_keeps_its_lease(patch: Patch) -> None:
    patch.setattr(State, "let_go", lambda _state, _owed=None: False)


@bug("taken back")
def pages_that_are_listed_no_longer_stay(patch: Patch) -> None:
    patch.setattr(Pull, "_drop", lambda _pull, _keep: frozenset())


@bug("taken back")
def a_session_outlives_what_was_taken_away(patch: Patch) -> None:
    patch.setattr(Conductor, "_review", lambda _conductor: None)


@bug("morning")
def a_page_is_painted_before_it_is_recorded(patch: Patch) -> None:
    def looks_at(recorder: Recorder, page: Any, *_beside: Any, **_more: Any) -> View:
        recorder.view = View(page, recorder._clock.moment(), "not on record", b"")
        return recorder.view

    patch.setattr(Recorder, "looks_at", looks_at)


@bug("away")
def restricted_pages_open_without_the_boot_share(patch: Patch) -> None:
    """The lease's keys would not open; what is shown instead is nothing at all."""
    _passes(patch, Reason.NEEDS_HUB)


@bug("morning")
def the_hub_wraps_restricted_keys_without_the_share(patch: Patch) -> None:
    patch.setattr(leases, "joint_key", lambda key, _share: key)
