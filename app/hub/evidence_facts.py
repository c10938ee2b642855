"""What the hub says beside a client's log: agreements and who signed them, incidents, acts, policy.

No log proves these; the bundle's seal does: it is the hub's word, and it cannot be taken back. Receipts are
proven by a log, and stand beside them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.hub.evidence_acts import Asked, acts
from app.hub.receipts import Wanted, receipts
from app.hub.revocations import Kind
from app.hub.schema import AlarmRow, Client
from app.hub.schema_agreements import Agreement, AgreementVersion
from app.hub.settings import SETTINGS, setting
from app.seal.encoding import canonical
from app.wire.evidence import ACTS, AGREEMENTS, INCIDENTS, POLICY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.hub.receipts import Revoked
    from app.wire.evidence import About

_POLICIES = (
    "idle_seconds", "grace_seconds", "admission_minutes", "glass_minutes", "site_ceiling", "pin_used",
    "allow_single_admin", "evidence_pseudonyms",
)  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """The facts as they stand in the bundle: JSON values, and agreements' texts by the name of their part."""

    agreements: dict[str, Any]
    incidents: dict[str, Any]
    policy: dict[str, Any]
    acts: dict[str, Any]
    texts: dict[str, bytes]

    def parts(self) -> Iterator[tuple[str, bytes]]:
        """The parts of the bundle, by name."""
        yield AGREEMENTS, canonical(self.agreements)
        yield INCIDENTS, canonical(self.incidents)
        yield POLICY, canonical(self.policy)
        yield ACTS, canonical(self.acts)
        yield from self.texts.items()


def collect(
    session: Session,
    about: About,
    kiosks: Sequence[str],
    figures: Mapping[str, Any],
    name: Callable[[str], str],
) -> Facts:
    """Collect what concerns the client, as of ``about.made``. ``name`` is how the bundle names persons."""
    texts: dict[str, bytes] = {}
    begin, end = (datetime.fromisoformat(figures[each]) for each in ("first", "last"))
    client = session.get_one(Client, about.client)
    grace = timedelta(seconds=setting(session, "grace_seconds"))
    return Facts(
        agreements=_agreements(session, about.client, client.agreement_version, name, texts),
        incidents={
            "revocations": [_revoked(one, name) for one in _revocations(session, about, kiosks)],
            "alarms": _alarms(session, kiosks),
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
            Asked(about.client, figures["views"]["stations"], kiosks, begin, end, _POLICIES, grace),
            name,
        ),
        texts=texts,
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


def _revocations(session: Session, about: About, kiosks: Sequence[str]) -> Iterator[Revoked]:
    """Those of the client and its revisions, and of kiosks that showed its pages."""
    yield from receipts(session, Wanted(client=about.client, all=True), about.made)
    for one in receipts(session, Wanted(all=True), about.made):
        if one.kind is Kind.KIOSK and one.code in kiosks:
            yield one


def _revoked(one: Revoked, name: Callable[[str], str]) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "code": one.code,
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
        ],
    }  # fmt: skip


def _alarms(session: Session, kiosks: Sequence[str]) -> list[dict[str, Any]]:
    rows = session.scalars(select(AlarmRow).where(AlarmRow.kiosk.in_(kiosks)).order_by(AlarmRow.id))
    return [{"at": _time(row.at), "kiosk": row.kiosk, "kind": row.kind} for row in rows]


def _time(time: datetime | None) -> str:
    return "" if time is None else time.isoformat(timespec="seconds")
