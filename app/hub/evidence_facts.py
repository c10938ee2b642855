"""What the hub says beside a client's log: agreements and who signed them, incidents and verdicts, acts,
policy.

No log proves these; the bundle's seal does: it is the hub's word, and it cannot be taken back. Receipts are
proven by a log, and stand beside them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app.hub.evidence_acts import Asked, acts
from app.hub.receipts import Wanted, receipts
from app.hub.review import concerns_others, judged
from app.hub.revocations import Kind
from app.hub.schema import AlarmRow, Client, Document, EventRow, PageRow, Part, RevisionRow, StationRow
from app.hub.schema_agreements import Agreement, AgreementVersion
from app.hub.settings import SETTINGS, setting
from app.seal.encoding import canonical
from app.wire.evidence import ACTS, AGREEMENTS, INCIDENTS, POLICY
from app.wire.messages import VIEWS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.orm import Session

    from app.hub.receipts import Revoked
    from app.wire.evidence import About

_POLICIES = (
    "idle_seconds", "grace_seconds", "admission_minutes", "glass_minutes", "site_ceiling", "pin_used",
    "allow_single_admin", "evidence_pseudonyms",
)  # fmt: skip


@dataclass(frozen=True)
class Scope:
    """Where a bundle's entries come from, and the time from the first to the last by the kiosks' clocks.
    ``stations`` and ``people``: at which and to whom pages were shown.
    """

    kiosks: frozenset[str]
    stations: frozenset[str]
    people: frozenset[str]
    begin: datetime
    end: datetime


def scope(session: Session, about: About) -> Scope:
    """Read the scope of the entries, of which there is one at least."""
    index, first, last = EventRow.client_index, func.min(EventRow.wall), func.max(EventRow.wall)
    columns = (EventRow.kiosk, EventRow.station, EventRow.person, EventRow.kind)
    query = (
        select(*columns, first, last)
        .where(EventRow.client == about.client, index >= about.first, index < about.last)
        .group_by(*columns)
    )
    rows = session.execute(query).all()
    shown = [row for row in rows if row.kind in VIEWS]
    return Scope(
        frozenset(row.kiosk for row in rows),
        frozenset(row.station for row in shown),
        frozenset(row.person for row in shown),
        min(row[-2] for row in rows),
        max(row[-1] for row in rows),
    )


@dataclass(frozen=True)
class Facts:
    """The facts as they stand in the bundle: JSON values, and agreements' texts by the name of their part.
    ``numbers`` is for the report: pages' numbers by revision and page, as the figures name them.
    """

    agreements: dict[str, Any]
    incidents: dict[str, Any]
    policy: dict[str, Any]
    acts: dict[str, Any]
    texts: dict[str, bytes]
    numbers: dict[str, int]

    def parts(self) -> Iterator[tuple[str, bytes]]:
        """The parts of the bundle, by name."""
        yield AGREEMENTS, canonical(self.agreements)
        yield INCIDENTS, canonical(self.incidents)
        yield POLICY, canonical(self.policy)
        yield ACTS, canonical(self.acts)
        yield from self.texts.items()


def collect(session: Session, about: About, of: Scope, name: Callable[[str], str]) -> Facts:
    """Collect what concerns the client, as of ``about.made``. ``name`` is how the bundle names persons."""
    texts: dict[str, bytes] = {}
    client = session.get_one(Client, about.client)
    grace = timedelta(seconds=setting(session, "grace_seconds"))
    return Facts(
        agreements=_agreements(session, about.client, client.agreement_version, name, texts),
        incidents={
            "revocations": [_revoked(one, of, name) for one in _revocations(session, about, of)],
            "verdicts": _verdicts(session, about.client, of, name),
            "alarms": _alarms(session, of),
        },
        policy={
            "offline_hours": client.offline_hours,
            "restricted_hours": client.restricted_hours,
            "exposure_limit": client.exposure_limit,
            "line_limit": client.line_limit,
            "site_limit": client.site_limit,
            "site": {each: setting(session, each) for each in _POLICIES},
            "meanings": {each: SETTINGS[each].meaning for each in _POLICIES},
        },
        acts=acts(
            session,
            Asked(about.client, of.stations, of.kiosks, of.begin, of.end, _POLICIES, grace),
            name,
        ),
        texts=texts,
        numbers=_numbers(session, about.client),
    )


def _agreements(
    session: Session, client: str, in_force: str, name: Callable[[str], str], texts: dict[str, bytes]
) -> dict[str, Any]:
    versions = []
    query = select(AgreementVersion).where(AgreementVersion.client == client)
    for number, row in enumerate(session.scalars(query.order_by(AgreementVersion.made)), 1):
        part = f"agreements/{number}" if row.text else ""
        if part:
            texts[part] = row.text
        versions.append(
            {
                "version": row.version, "title": row.title, "file_name": row.file_name, "sha256": row.sha256,
                "part": part, "in_force": row.version == in_force, "made": _time(row.made),
                "by": name(row.by),
            }
        )  # fmt: skip
    signed = select(Agreement).where(Agreement.client == client).order_by(Agreement.signed, Agreement.person)
    return {
        "in_force": in_force,
        "versions": versions,
        "signed": [
            {
                "person": name(row.person), "version": row.version, "signed": _time(row.signed),
                "sha256": row.sha256, "meaning": row.meaning, "until": _time(row.until),
                "withdrawn": _time(row.withdrawn), "kiosk": row.kiosk,
            }
            for row in session.scalars(signed)
        ],
    }  # fmt: skip


def _revocations(session: Session, about: About, of: Scope) -> Iterator[Revoked]:
    """Those of the client and its revisions, and of who or what showed its pages or was shown them."""
    yield from receipts(session, Wanted(client=about.client, all=True), about.made)
    lines = session.scalars(select(StationRow.line).where(StationRow.code.in_(of.stations)))
    concerned = {
        Kind.KIOSK: of.kiosks, Kind.PERSON: of.people, Kind.STATION: of.stations, Kind.LINE: frozenset(lines),
    }  # fmt: skip
    for one in receipts(session, Wanted(all=True), about.made):
        if one.code in concerned.get(one.kind, ()):
            yield one


def _revoked(one: Revoked, of: Scope, name: Callable[[str], str]) -> dict[str, Any]:
    """A lockdown; who could hold it is told as far as it is this client's affair."""
    own = one.kind in {Kind.CLIENT, Kind.REVISION}
    return {
        "kind": one.kind.value,
        "code": name(one.code) if one.kind is Kind.PERSON else one.code,
        "at": _time(one.at),
        "by": name(one.by),
        "lifted": _time(one.lifted),
        "holders": [
            {
                "kiosk": at.kiosk, "epoch": at.epoch, "pages": at.pages, "until": _time(at.until),
                "outcome": at.standing.outcome.value, "keys_gone": _time(at.standing.keys_gone),
                "bytes_gone": _time(at.standing.bytes_gone),
                "events": [f"{epoch}/{seq}" for epoch, seq in at.standing.events],
            }
            for at in one.holders
            if own or at.kiosk in of.kiosks
        ],
    }  # fmt: skip


def _verdicts(session: Session, client: str, of: Scope, name: Callable[[str], str]) -> list[dict[str, Any]]:
    """What quality made of cases with views of the client's pages, as an auditor is told it at the desk."""
    return [
        {
            "day": case.day.isoformat(), "station": case.station, "person": name(case.person),
            "views": case.looks, "first": _time(case.first), "last": _time(case.last),
            "why": [f"{why.flag.value}: {why.says}" for why in case.why],
            "verdict": case.verdict.verdict, "by": name(case.verdict.by), "at": _time(case.verdict.at),
            "reason": "" if concerns_others(session, case, client) else case.verdict.reason,
            "confirmed_by": name(case.verdict.confirmed_by), "confirmed": _time(case.verdict.confirmed),
            "late": case.late,
        }
        for case in judged(session, client, of.begin, of.end)
        if case.verdict is not None
    ]  # fmt: skip


def _numbers(session: Session, client: str) -> dict[str, int]:
    query = (
        select(RevisionRow.document, RevisionRow.label, PageRow.page, PageRow.number)
        .join(RevisionRow, PageRow.revision == RevisionRow.id)
        .join(Document, RevisionRow.document == Document.code)
        .join(Part, Document.part == Part.code)
        .where(Part.client == client)
    )
    return {f"{document}/{label} {page}": number for document, label, page, number in session.execute(query)}


def _alarms(session: Session, of: Scope) -> list[dict[str, Any]]:
    rows = session.scalars(select(AlarmRow).where(AlarmRow.kiosk.in_(of.kiosks)).order_by(AlarmRow.id))
    return [{"at": _time(row.at), "kiosk": row.kiosk, "kind": row.kind} for row in rows]


def _time(time: datetime | None) -> str:
    return "" if time is None else time.isoformat(timespec="seconds")
