"""Need-to-know, against an oracle that shares no code with it, and reason by reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.model.decide import CHECKS, FINISH, Denied, Facts, Granted, Reason, decide
from app.model.plant import Assignment, Grant, Page, Person, Span, Station, Training
from app.model.terms import AssignmentKind, Classification, GrantKind, KioskStatus, Role
from app.model.words import REASON_WORDS

NOW = datetime(2026, 3, 3, 14, 7, 31, tzinfo=UTC)
HOUR = timedelta(hours=1)
TODAY = Span(NOW - HOUR, NOW + HOUR)

STATION = Station("ST-040", "Battery attach", "L1", "S1", Classification.STANDARD, frozenset({"CD-210"}))
PERSON = Person(
    code="P-1",
    name="Ana",
    agreements={"CARDIA": "2"},
    training=frozenset({Training("WI-100", "B")}),
    assignments=(Assignment("ST-040", TODAY),),
)
PAGE = Page(
    page="0" * 64,
    document="WI-100",
    revision="B",
    number=26,
    client="CARDIA",
    part="CD-210",
    classification=Classification.INTERNAL,
    stations=frozenset({"ST-040"}),
    effective=Span(NOW - HOUR),
    training_required=True,
)
FACTS = Facts(
    kiosk_status=KioskStatus.ACTIVE,
    kiosk_station="ST-040",
    kiosk_site="S1",
    lease_until=NOW + HOUR,
    clock_trusted=True,
    badge_active=True,
    slot_opened=True,
    credential=Classification.INTERNAL,
    agreement_versions={"CARDIA": "2"},
    boot_share=True,
    can_record=True,
)


def test_the_right_person_at_the_right_station_sees_the_page() -> None:
    assert decide(PERSON, STATION, PAGE, FACTS, NOW) == Granted()


def test_nothing_known_is_nothing_granted() -> None:
    answer = decide(PERSON, STATION, PAGE, Facts(), NOW)
    assert isinstance(answer, Denied)
    assert Reason.KIOSK_BLOCKED in answer.reasons


CHANGED = replace(PAGE, changed=True)
"""The revision began an hour ago, and has changes here."""
BEFORE = replace(PAGE, revision="A", before="B", training_required=False)
"""A page of revision A, there to show what changed in B."""
COMPARING = replace(FACTS, comparing=True)
LONG_AGO = Span(NOW - 2 * HOUR, NOW - HOUR)
BROKEN = [
    (Reason.KIOSK_BLOCKED, {"facts": replace(FACTS, kiosk_status=KioskStatus.LOST)}),
    (Reason.LEASE_EXPIRED, {"facts": replace(FACTS, lease_until=NOW)}),
    (Reason.CLOCK_BEHIND, {"facts": replace(FACTS, clock_trusted=False)}),
    (Reason.NOT_THIS_STATION, {"facts": replace(FACTS, kiosk_station="ST-050")}),
    (Reason.NOT_THIS_STATION, {"facts": replace(FACTS, kiosk_site="S2")}),
    (Reason.NOT_THIS_STATION, {"page": replace(PAGE, stations=frozenset({"ST-050"}))}),
    (Reason.PERSON_REVOKED, {"person": replace(PERSON, active=False)}),
    (Reason.PERSON_REVOKED, {"facts": replace(FACTS, badge_active=False)}),
    (Reason.PERSON_REVOKED, {"facts": replace(FACTS, slot_opened=False)}),
    (Reason.NOT_ASSIGNED, {"person": replace(PERSON, assignments=())}),
    (Reason.NOT_ASSIGNED, {"person": replace(PERSON, assignments=(Assignment("ST-040", LONG_AGO),))}),
    (Reason.NOT_ASSIGNED, {"person": replace(PERSON, assignments=(Assignment("ST-050", TODAY),))}),
    (Reason.ROLE, {"person": replace(PERSON, roles=frozenset({Role.SUPERVISOR, Role.ADMIN}))}),
    (Reason.WRONG_PRODUCT, {"station": replace(STATION, parts=frozenset({"NV-77"}))}),
    (Reason.CLASS_CEILING, {"person": replace(PERSON, ceiling=Classification.PUBLIC)}),
    (Reason.CLASS_CEILING, {"station": replace(STATION, ceiling=Classification.PUBLIC)}),
    (Reason.CLASS_CEILING, {"facts": replace(FACTS, credential=Classification.PUBLIC)}),
    (Reason.CLASS_CEILING, {"facts": replace(FACTS, site_ceiling=Classification.PUBLIC)}),
    (Reason.NO_AGREEMENT, {"person": replace(PERSON, agreements={})}),
    (Reason.NO_AGREEMENT, {"person": replace(PERSON, agreements={"CARDIA": "1"})}),
    (Reason.NO_AGREEMENT, {"facts": replace(FACTS, agreement_versions={})}),
    (Reason.TRAINING_STALE, {"person": replace(PERSON, training=frozenset())}),
    (Reason.TRAINING_STALE, {"person": replace(PERSON, training=frozenset({Training("WI-100", "A")}))}),
    (Reason.TRAINING_STALE, {"person": replace(PERSON, training=frozenset({Training("WI-100", "B", NOW)}))}),
    (Reason.NOT_EFFECTIVE, {"page": replace(PAGE, effective=None)}),
    (Reason.NOT_EFFECTIVE, {"page": replace(PAGE, effective=Span(NOW + HOUR))}),
    (Reason.NOT_EFFECTIVE, {"page": replace(PAGE, effective=LONG_AGO)}),
    (Reason.NOT_EFFECTIVE, {"page": replace(PAGE, recalled=True)}),
    (Reason.CHANGE_UNREAD, {"page": CHANGED}),
    (Reason.CHANGE_UNREAD, {"page": CHANGED, "facts": replace(FACTS, read=frozenset({"WI-100/A"}))}),
    (Reason.SUPERSEDED, {"page": BEFORE}),
    (Reason.SUPERSEDED, {"page": BEFORE, "facts": replace(COMPARING, read=frozenset({"WI-100/B"}))}),
    (Reason.EXPOSURE_LIMIT, {"facts": replace(FACTS, exposure_crossed=frozenset({"CARDIA"}))}),
    (Reason.LOCKED_DOWN, {"facts": replace(FACTS, station_locked_down=True)}),
    (Reason.LOCKED_DOWN, {"facts": replace(FACTS, clients_locked_down=frozenset({"CARDIA"}))}),
    (Reason.CANNOT_RECORD, {"facts": replace(FACTS, can_record=False)}),
]


@pytest.mark.parametrize(("reason", "broken"), BROKEN, ids=[f"{n}-{r}" for n, (r, _) in enumerate(BROKEN)])
def test_one_thing_wrong_gives_exactly_its_reason(reason: Reason, broken: dict[str, object]) -> None:
    case = {"person": PERSON, "station": STATION, "page": PAGE, "facts": FACTS} | broken
    assert decide(**case, now=NOW) == Denied((reason,))  # type: ignore[arg-type]


def test_restricted_pages_need_the_hubs_share_and_a_strong_card() -> None:
    page = replace(PAGE, classification=Classification.RESTRICTED)
    high = {
        "person": replace(PERSON, ceiling=Classification.RESTRICTED),
        "station": replace(STATION, ceiling=Classification.RESTRICTED),
    }
    strong = replace(FACTS, credential=Classification.RESTRICTED)
    assert decide(**high, page=page, facts=strong, now=NOW) == Granted()
    away = replace(strong, boot_share=False)
    assert decide(**high, page=page, facts=away, now=NOW) == Denied((Reason.NEEDS_HUB,))


ADMITTED = Grant("P-1", "ST-040", TODAY, GrantKind.OFFLINE_ADMISSION, "SUP-1", "somebody is ill")
GLASS = replace(ADMITTED, kind=GrantKind.BREAK_GLASS)
ALLOWED = replace(
    FACTS,
    line_supervisors=frozenset({"SUP-1", "SUP-2"}),
    grant_most={GrantKind.OFFLINE_ADMISSION: 2 * HOUR, GrantKind.BREAK_GLASS: 2 * HOUR},
)
STRANGER = replace(PERSON, assignments=())


def granted(*grants: Grant, **facts: object) -> Facts:
    return replace(ALLOWED, grants=grants, **facts)  # type: ignore[arg-type]


def test_offline_admission_waives_assignment_and_nothing_else() -> None:
    assert decide(STRANGER, STATION, PAGE, granted(ADMITTED), NOW) == Granted()
    untrained = replace(STRANGER, training=frozenset())
    assert decide(untrained, STATION, PAGE, granted(ADMITTED), NOW) == Denied((Reason.TRAINING_STALE,))
    unsigned = replace(STRANGER, agreements={})
    assert decide(unsigned, STATION, PAGE, granted(ADMITTED), NOW) == Denied((Reason.NO_AGREEMENT,))


def test_break_glass_waives_station_assignment_and_training_and_nothing_else() -> None:
    untrained = replace(STRANGER, training=frozenset())
    elsewhere = granted(GLASS, kiosk_station="ST-050")
    assert decide(untrained, STATION, PAGE, elsewhere, NOW) == Granted()
    unsigned = replace(untrained, agreements={})
    assert decide(unsigned, STATION, PAGE, elsewhere, NOW) == Denied((Reason.NO_AGREEMENT,))
    other = replace(PAGE, stations=frozenset({"ST-050"}))
    assert decide(untrained, STATION, other, elsewhere, NOW) == Denied((Reason.NOT_THIS_STATION,))
    site = replace(elsewhere, kiosk_site="S2")
    assert decide(untrained, STATION, PAGE, site, NOW) == Denied((Reason.NOT_THIS_STATION,))


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ({"by": "P-1"}, Reason.SELF_ADMISSION),
        ({"by": "P-9"}, Reason.NOT_SUPERVISOR),
        ({"span": Span(NOW - HOUR, NOW + 2 * HOUR)}, Reason.GRANT_NOT_ALLOWED),
        ({"span": Span(NOW - HOUR)}, Reason.GRANT_NOT_ALLOWED),
        ({"reason": " "}, Reason.GRANT_NOT_ALLOWED),
        ({"kind": GrantKind.BREAK_GLASS}, Reason.GRANT_NOT_ALLOWED),
    ],
)
def test_a_grant_with_something_wrong_admits_nobody_unless_another_does(
    broken: dict[str, object], reason: Reason
) -> None:
    bad = replace(ADMITTED, **broken)  # type: ignore[arg-type]
    facts = granted(bad, line_supervisors=frozenset({"SUP-1", "SUP-2", "P-1"}))
    assert decide(STRANGER, STATION, PAGE, facts, NOW) == Denied((reason,))
    assert decide(PERSON, STATION, PAGE, facts, NOW) == Granted(), "who is assigned needs no grant"
    assert decide(STRANGER, STATION, PAGE, replace(facts, grants=(bad, ADMITTED)), NOW) == Granted()


def test_no_grant_is_allowed_where_policy_says_nothing() -> None:
    silent = granted(ADMITTED, grant_most=None)
    assert decide(STRANGER, STATION, PAGE, silent, NOW) == Denied((Reason.GRANT_NOT_ALLOWED,))


def test_a_grant_opens_no_more_than_the_second_persons_credential_is_worth() -> None:
    cheap = replace(ADMITTED, ceiling=Classification.PUBLIC)
    assert decide(STRANGER, STATION, PAGE, granted(cheap), NOW) == Denied((Reason.CLASS_CEILING,))
    assert decide(STRANGER, STATION, PAGE, granted(cheap, ADMITTED), NOW) == Granted()
    assert decide(PERSON, STATION, PAGE, granted(cheap), NOW) == Granted()


def test_a_grant_of_somebody_else_or_elsewhere_or_past_is_none() -> None:
    for grant in (
        replace(ADMITTED, person="P-2"),
        replace(ADMITTED, station="ST-050"),
        replace(ADMITTED, span=LONG_AGO),
    ):
        assert decide(STRANGER, STATION, PAGE, granted(grant), NOW) == Denied((Reason.NOT_ASSIGNED,))


def test_what_changed_is_read_before_the_pages_open() -> None:
    confirmed = replace(FACTS, read=frozenset({"WI-100/B"}))
    assert decide(PERSON, STATION, CHANGED, COMPARING, NOW) == Granted()
    assert decide(PERSON, STATION, BEFORE, COMPARING, NOW) == Granted()
    assert decide(PERSON, STATION, CHANGED, confirmed, NOW) == Granted()


def test_who_looks_at_a_page_when_a_revision_begins_may_finish_the_step_but_not_begin_another() -> None:
    begins = NOW - HOUR
    for page in (BEFORE, CHANGED):
        for begun, now, granted in (
            (begins - HOUR, begins, True),
            (begins - HOUR, begins + FINISH - HOUR / 60, True),
            (begins - HOUR, begins + FINISH, False),
            (begins, begins + HOUR / 60, False),
        ):
            facts = replace(FACTS, begun=begun, lease_until=NOW + 9 * HOUR)
            spell = Assignment("ST-040", Span(begins - HOUR))
            answer = decide(replace(PERSON, assignments=(spell,)), STATION, page, facts, now)
            assert isinstance(answer, Granted) is granted, (page.before, begun, now)


def test_a_recalled_page_is_not_even_compared_or_finished() -> None:
    for facts in (COMPARING, replace(FACTS, begun=NOW - 2 * HOUR)):
        answer = decide(PERSON, STATION, replace(BEFORE, recalled=True), facts, NOW)
        assert isinstance(answer, Denied)
        assert Reason.NOT_EFFECTIVE in answer.reasons


def test_every_reason_has_words_and_a_next_step() -> None:
    assert {reason for reason, _ in CHECKS} == set(Reason) == set(REASON_WORDS)
    for words in REASON_WORDS.values():
        assert words.says.endswith(".")
        assert words.do.endswith(".")


# -- an oracle written from the design's table, in its own terms -----------------------------------------

spans = st.builds(
    lambda start, hours: Span(NOW + start * HOUR, None if hours is None else NOW + (start + hours) * HOUR),
    st.integers(-3, 3),
    st.one_of(st.none(), st.integers(0, 4)),
)
codes = st.sampled_from(["ST-040", "ST-050", "ALL"])
classes = st.sampled_from(list(Classification))
versions = st.dictionaries(st.sampled_from(["CARDIA", "NOVA"]), st.sampled_from(["1", "2"]))
people = st.builds(
    Person,
    code=st.sampled_from(["P-1", "P-2"]),
    name=st.just("x"),
    active=st.booleans(),
    roles=st.frozensets(st.sampled_from(list(Role)), max_size=2),
    ceiling=classes,
    agreements=versions,
    training=st.frozensets(
        st.builds(
            Training, st.just("WI-100"), st.sampled_from("AB"), st.sampled_from([None, NOW, NOW + HOUR])
        )
    ),
    assignments=st.lists(
        st.builds(Assignment, codes, spans, st.sampled_from(list(AssignmentKind))), max_size=2
    ).map(tuple),
)
stations = st.builds(
    Station,
    code=st.sampled_from(["ST-040", "ST-050"]),
    name=st.just("x"),
    line=st.just("L1"),
    site=st.sampled_from(["S1", "S2"]),
    ceiling=classes,
    parts=st.frozensets(st.sampled_from(["CD-210", "NV-77"])),
)
pages = st.builds(
    Page,
    page=st.just("0" * 64),
    document=st.just("WI-100"),
    revision=st.sampled_from("AB"),
    number=st.just(1),
    client=st.sampled_from(["CARDIA", "NOVA"]),
    part=st.sampled_from(["CD-210", "NV-77"]),
    classification=classes,
    stations=st.frozensets(codes),
    effective=st.one_of(st.none(), spans),
    recalled=st.booleans(),
    training_required=st.booleans(),
    changed=st.booleans(),
    before=st.sampled_from(["", "", "", "B"]),
)
facts = st.builds(
    Facts,
    kiosk_status=st.sampled_from(list(KioskStatus)),
    kiosk_station=st.sampled_from(["ST-040", "ST-050"]),
    kiosk_site=st.sampled_from(["S1", "S2"]),
    lease_until=st.sampled_from([None, NOW, NOW + HOUR]),
    clock_trusted=st.booleans(),
    badge_active=st.booleans(),
    slot_opened=st.booleans(),
    credential=classes,
    site_ceiling=classes,
    agreement_versions=st.one_of(st.none(), versions),
    grants=st.lists(
        st.builds(
            Grant,
            st.sampled_from(["P-1", "P-2"]),
            codes,
            spans,
            st.sampled_from(list(GrantKind)),
            st.sampled_from(["P-1", "P-9"]),
            st.sampled_from(["", "why"]),
            classes,
        ),
        max_size=2,
    ).map(tuple),
    line_supervisors=st.frozensets(st.sampled_from(["P-1", "P-9"])),
    grant_most=st.one_of(
        st.none(), st.dictionaries(st.sampled_from(list(GrantKind)), st.sampled_from([HOUR, 3 * HOUR]))
    ),
    exposure_crossed=st.frozensets(st.sampled_from(["CARDIA", "NOVA"])),
    station_locked_down=st.booleans(),
    clients_locked_down=st.frozensets(st.sampled_from(["CARDIA", "NOVA"])),
    comparing=st.booleans(),
    read=st.frozensets(st.sampled_from(["WI-100/A", "WI-100/B"])),
    begun=st.sampled_from([None, NOW - 2 * HOUR, NOW - HOUR / 10]),
    boot_share=st.booleans(),
    can_record=st.booleans(),
)


def oracle(p: Person, s: Station, g: Page, f: Facts) -> set[str]:
    no: set[str] = set()
    inside = lambda span: span.start <= NOW and not (span.end is not None and span.end <= NOW)  # noqa: E731
    mine = [x for x in f.grants if x.person == p.code and x.station == s.code and inside(x.span)]
    home = f.kiosk_station == s.code
    works_here = home and bool([a for a in p.assignments if a.station == s.code and inside(a.span)])
    most = f.grant_most or {}
    flaws = []
    for x in mine:
        wrong = {"SELF_ADMISSION"} if x.by == p.code else set()
        if x.by not in f.line_supervisors:
            wrong.add("NOT_SUPERVISOR")
        long = x.kind not in most or x.span.end is None or x.span.end - x.span.start > most[x.kind]
        if long or not x.reason or home == (x.kind == "break-glass"):
            wrong.add("GRANT_NOT_ALLOWED")
        flaws.append(wrong)
    good = [x for x, wrong in zip(mine, flaws, strict=True) if not wrong]
    if not works_here and not good:
        no.update(*flaws)
    glass = [x for x in good if x.kind == "break-glass"]
    if f.kiosk_status != "active":
        no.add("KIOSK_BLOCKED")
    if not f.lease_until or f.lease_until <= NOW:
        no.add("LEASE_EXPIRED")
    if not f.clock_trusted:
        no.add("CLOCK_BEHIND")
    if (not home and not glass) or f.kiosk_site != s.site or not {s.code, "ALL"} & g.stations:
        no.add("NOT_THIS_STATION")
    if False in (p.active, f.badge_active, f.slot_opened):
        no.add("PERSON_REVOKED")
    if not mine and not [a for a in p.assignments if a.station == s.code and inside(a.span)]:
        no.add("NOT_ASSIGNED")
    if not {"operator", "lead", "engineer", "quality"} & {str(r) for r in p.roles}:
        no.add("ROLE")
    if g.part not in s.parts:
        no.add("WRONG_PRODUCT")
    lent = [max(x.ceiling for x in good)] if good and not works_here else []
    if any(g.classification > c for c in (p.ceiling, f.credential, s.ceiling, f.site_ceiling, *lent)):
        no.add("CLASS_CEILING")
    if not f.agreement_versions or p.agreements.get(g.client, "?") != f.agreement_versions.get(g.client, "!"):
        no.add("NO_AGREEMENT")
    trained = [t for t in p.training if t.revision == g.revision and (not t.until or t.until > NOW)]
    if g.training_required and not trained and not glass:
        no.add("TRAINING_STALE")
    if g.recalled or not g.effective or not inside(g.effective):
        no.add("NOT_EFFECTIVE")
    since = NOW - g.effective.start if g.effective else None
    going_on = since is not None and f.begun and NOW - f.begun > since and HOUR * 0 <= since < HOUR / 4
    if g.changed and not (f.comparing or going_on or f"WI-100/{g.revision}" in f.read):
        no.add("CHANGE_UNREAD")
    if g.before and (f"WI-100/{g.before}" in f.read or not (f.comparing or going_on)):
        no.add("SUPERSEDED")
    if g.client in f.exposure_crossed:
        no.add("EXPOSURE_LIMIT")
    if f.station_locked_down or {g.client} & f.clients_locked_down:
        no.add("LOCKED_DOWN")
    if g.classification == 3 and not f.boot_share:
        no.add("NEEDS_HUB")
    if not f.can_record:
        no.add("CANNOT_RECORD")
    return no


@settings(max_examples=1500, deadline=None)
@given(people, stations, pages, facts)
def test_decide_equals_the_oracle(p: Person, s: Station, g: Page, f: Facts) -> None:
    answer = decide(p, s, g, f, NOW)
    given_reasons = set() if isinstance(answer, Granted) else {str(r) for r in answer.reasons}
    assert given_reasons == oracle(p, s, g, f)
