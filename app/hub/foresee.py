"""What a person would be able to read at stations, were they assigned there: asked before anybody is moved.

It asks the one function that decides (``model.decide``), with the assignment supposed; so the answer on the
board and what the kiosk will show cannot differ, apart from what happens at the kiosk itself.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from app.hub import exposure_if
from app.hub.acting import Task
from app.hub.agreements import signed_by
from app.hub.exposure import crossed_kiosks, read_exposure
from app.hub.exposure_if import Supposed
from app.hub.revocations import locked_down, locked_stations
from app.hub.schema import (
    Badge,
    Client,
    Document,
    KioskRow,
    Line,
    PageRow,
    PageStation,
    Part,
    PersonRole,
    PersonRow,
    RevisionRow,
    StationPart,
    StationRow,
    TrainingRow,
)
from app.hub.settings import setting
from app.model.decide import Denied, Facts, Reason, decide
from app.model.plant import Assignment, Page, Person, Span, Station, Training
from app.model.terms import (
    ALL_STATIONS,
    Classification,
    CredentialKind,
    KioskStatus,
    RevisionStatus,
    Role,
)
from app.model.words import BOARD_WORDS
from app.wire.desk import Outlook, Verdict

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.hub.acting import Actor


@dataclass(frozen=True)
class _Lot:
    """The pages of one revision that one station needs."""

    record: Page
    revision: int
    count: int
    client: str
    title: str


def foresee(
    session: Session,
    by: Actor,
    person: PersonRow,
    now: datetime,
    only: Collection[str] | None = None,
    *,
    by_part: bool = False,
) -> list[Outlook]:
    """What ``person`` would see at every station, or at ``only`` these; ``by`` is who would move them.

    The shares of know-how that this would come to are of clients, or ``by_part`` also of each part.
    """
    query = select(StationRow).order_by(StationRow.code)
    if only is not None:
        query = query.where(StationRow.code.in_(only))
    stations = session.scalars(query).all()
    lots = _lots(session, now, [row.code for row in stations])
    clients = {row.code: row for row in session.scalars(select(Client))}
    record = _record(session, person, clients, now)
    facts = replace(
        _facts(session, person, clients, now), clients_locked_down=locked_down(session, "").clients
    )
    shut = locked_stations(session)
    crossed = _crossed_at(session, clients, [row.code for row in stations])
    parts = _parts(session, [row.code for row in stations])
    sites = {row.code: row.site for row in session.scalars(select(Line))}
    supposed = Supposed(session, person.code, clients)
    found = []
    for row in stations:
        station = Station(
            row.code, row.name, row.line, sites[row.line], Classification.parse(row.ceiling), parts[row.code]
        )
        here = replace(record, assignments=(Assignment(row.code, Span(now)),))
        told = replace(
            facts,
            kiosk_station=row.code,
            kiosk_site=station.site,
            exposure_crossed=facts.exposure_crossed | crossed[row.code],
            station_locked_down=row.code in shut,
        )
        outlook, readable = _outlook(here, station, lots[row.code], told, _barred(by, row), now)
        shares = supposed.at(row, readable, by_part=by_part)
        breaks = [exposure_if.says(one, clients[one.client].name) for one in shares if one.breaks]
        found.append(outlook.model_copy(update={"exposure": shares, "breaks": " ".join(breaks)}))
    return found


def _outlook(
    person: Person, station: Station, lots: list[_Lot], facts: Facts, barred: str, now: datetime
) -> tuple[Outlook, dict[str, set[int]]]:
    """The outlook, and the revisions that could be read, by client."""
    readable: dict[str, set[int]] = defaultdict(set)
    withheld: Counter[Reason] = Counter()
    first: dict[Reason, _Lot] = {}
    pages = sum(lot.count for lot in lots)
    for lot in lots:
        answer = decide(person, station, lot.record, facts, now)
        if isinstance(answer, Denied):
            withheld[answer.reasons[0]] += lot.count
            first.setdefault(answer.reasons[0], lot)
        else:
            readable[lot.record.client].add(lot.revision)
    kept = sum(withheld.values())
    verdict = Verdict.OPEN if kept == 0 else Verdict.SHUT if kept == pages else Verdict.PART
    reasons = tuple(reason for reason, _ in withheld.most_common())
    says = do = ""
    if reasons:
        lot, words = first[reasons[0]], BOARD_WORDS[reasons[0]]
        says = words.says.format(client=lot.client, document=lot.title, revision=lot.record.revision)
        do = words.do.format(client=lot.client, document=lot.title, revision=lot.record.revision)
        if verdict is Verdict.PART:
            says = f"{kept} of {pages} pages stay closed: {says[:1].lower()}{says[1:]}"
    outlook = Outlook(
        station=station.code, verdict=verdict, pages=pages, readable=pages - kept,
        reasons=reasons, says=says, do=do, barred=barred,
    )  # fmt: skip
    return outlook, readable


def _barred(by: Actor, station: StationRow) -> str:
    if not by.may(Task.ASSIGN):
        return f"You may not {Task.ASSIGN.value}."
    if not by.supervises(station.line):
        return f"You do not supervise line {station.line}."
    return ""


def page_counts(session: Session, now: datetime) -> dict[str, int]:
    """How many pages are in force per station."""
    return {
        code: sum(lot.count for lot in lots)
        for code, lots in _lots(session, now, list(session.scalars(select(StationRow.code)))).items()
    }


def _lots(session: Session, now: datetime, stations: list[str]) -> dict[str, list[_Lot]]:
    query = (
        select(StationPart.station, RevisionRow, Document, Client, func.count(PageRow.id.distinct()))
        .select_from(StationPart)
        .join(Document, Document.part == StationPart.part)
        .join(Part, Part.code == Document.part)
        .join(Client, Client.code == Part.client)
        .join(RevisionRow, RevisionRow.document == Document.code)
        .join(PageRow, PageRow.revision == RevisionRow.id)
        .join(PageStation, PageStation.page == PageRow.id)
        .where(
            RevisionRow.status == RevisionStatus.EFFECTIVE.value,
            RevisionRow.effective_from <= now,
            or_(RevisionRow.effective_until.is_(None), RevisionRow.effective_until > now),
            or_(PageStation.station == StationPart.station, PageStation.station == ALL_STATIONS),
            StationPart.station.in_(stations),
        )
        .group_by(StationPart.station, RevisionRow.id, Document.code, Client.code)
        .order_by(StationPart.station, Document.code)
    )
    found: dict[str, list[_Lot]] = defaultdict(list)
    for station, revision, document, client, count in session.execute(query):
        if revision.effective_from is None:
            continue  # the query asks for it; the type does not know
        record = Page(
            page="", document=document.code, revision=revision.label, number=0, client=client.code,
            part=document.part, classification=Classification.parse(revision.classification),
            stations=frozenset({station}), effective=Span(revision.effective_from, revision.effective_until),
            training_required=revision.training_required,
        )  # fmt: skip
        found[station].append(_Lot(record, revision.id, count, client.name, document.title or document.code))
    return found


def _record(session: Session, row: PersonRow, clients: dict[str, Client], now: datetime) -> Person:
    in_force = {code: client.agreement_version for code, client in clients.items()}
    signed = signed_by(session, [row.code], in_force, now)[row.code]
    training = session.scalars(select(TrainingRow).where(TrainingRow.person == row.code))
    roles = session.scalars(select(PersonRole.role).where(PersonRole.person == row.code))
    return Person(
        code=row.code,
        name=row.name,
        active=row.active,
        roles=frozenset(Role(role) for role in roles),
        ceiling=Classification.parse(row.ceiling),
        agreements=signed.versions,
        agreements_until=signed.until,
        training=frozenset(Training(t.document, t.revision, t.until) for t in training),
    )


def _facts(session: Session, person: PersonRow, clients: dict[str, Client], now: datetime) -> Facts:
    """What holds at every station; the kiosk there is supposed to be in order and to have a fresh lease."""
    badge = session.scalars(
        select(Badge)
        .where(Badge.person == person.code, Badge.active, Badge.revoked.is_(None))
        .order_by(Badge.issued.desc(), Badge.id.desc())
    ).first()
    crossed = read_exposure(session, "", clients).by_person.get(person.code, frozenset())
    return Facts(
        kiosk_status=KioskStatus.ACTIVE,
        lease_until=now + timedelta(hours=1),
        clock_trusted=True,
        badge_active=badge is not None,
        slot_opened=badge is not None,
        credential=CredentialKind(badge.kind).ceiling if badge is not None else Classification.PUBLIC,
        site_ceiling=Classification.parse(setting(session, "site_ceiling")),
        agreement_versions={code: client.agreement_version for code, client in clients.items()},
        exposure_crossed=crossed,
        boot_share=True,
        can_record=True,
    )


def _crossed_at(
    session: Session, clients: dict[str, Client], stations: list[str]
) -> dict[str, frozenset[str]]:
    """The clients of whom a kiosk of a station has been given too much."""
    found: dict[str, frozenset[str]] = defaultdict(frozenset)
    if crossed := crossed_kiosks(session, clients, stations):
        kiosks = select(KioskRow.code, KioskRow.station).where(KioskRow.station.in_(stations))
        for kiosk, station in session.execute(kiosks):
            found[station] |= crossed.get(kiosk, frozenset())
    return found


def _parts(session: Session, stations: list[str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    query = select(StationPart.station, StationPart.part).where(StationPart.station.in_(stations))
    for station, part in session.execute(query):
        found[station].add(part)
    return defaultdict(frozenset, {code: frozenset(parts) for code, parts in found.items()})
