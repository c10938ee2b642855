"""Clients' confidentiality agreements: their versions and texts, who signed them, and until when that counts.

A signature counts while its version is in force, it has not lapsed and was not withdrawn. What was signed
stays on record: a withdrawal or a new signature is written beside it, and as a change.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, func, or_, select

from app.hub.acting import Acting, Task
from app.hub.agreement_pages import MOST_TEXT_BYTES, has_pages, store_pages
from app.hub.lookup import Outcome, check_code, check_name, need
from app.hub.remembered import remembered
from app.hub.schema import AssignmentRow, Client, Part, PersonRow, StationPart
from app.hub.schema_agreements import Agreement, AgreementPageRow, AgreementVersion
from app.model.errors import NotFound, Refused
from app.model.terms import AgreementEnd
from app.seal.encoding import sha256
from app.wire.agreement import MEANING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from app.hub.agreement_pages import SealedPage

MOST_DAYS = 3650
"""The longest time after which a signature can lapse: ten years."""


def counts(now: datetime) -> ColumnElement[bool]:
    """Which signatures have neither lapsed nor been withdrawn."""
    return and_(Agreement.withdrawn.is_(None), or_(Agreement.until.is_(None), Agreement.until > now))


def set_agreement(
    acting: Acting,
    *,
    client: str,
    version: str,
    title: str,
    file_name: str = "",
    text: bytes = b"",
    pages: Sequence[SealedPage] = (),
    valid_days: int | None = None,
) -> Outcome:
    """Put a version of a client's confidentiality agreement in force, with its text where there is one.

    With the text's ``pages`` it can be read and signed at kiosks; a signature made there lapses after
    ``valid_days``. Who has signed another version sees none of the client's pages until this one is signed.

    Raises:
        Refused: the actor may not, or this version had another text before.
        NotFound: there is no such client.
    """
    acting.require(Task.PLANT)
    session = acting.session
    row = need(session, Client, client, "client")
    check_code("version", version)
    check_name("agreement's title", title)
    if len(text) > MOST_TEXT_BYTES:
        raise Refused(f"The agreement's file is larger than {MOST_TEXT_BYTES // 2**20} MB.")
    digest = sha256(text) if text else ""
    known = session.get(AgreementVersion, (client, version))
    if known is not None and known.sha256 and digest and known.sha256 != digest:
        raise Refused(
            f"Version {version} of {client}'s agreement is already kept with another text.",
            advice="People have signed that text: give the new one a new version.",
            code="agreement_differs",
        )
    if valid_days is not None and not 1 <= valid_days <= MOST_DAYS:
        raise Refused(f"A signature counts for 1 to {MOST_DAYS} days.")
    before = row.agreement_version
    fresh = bool(pages) and not has_pages(session, client, version)
    same = known is not None and before == version and known.title == title and known.sha256 == digest
    if known is not None and same and not fresh and known.valid_days == valid_days:
        return Outcome.SAME
    if known is None:
        known = AgreementVersion(client=client, version=version, made=acting.now, by=acting.by.person)
        session.add(known)
    known.title = title
    if digest or not known.sha256:
        known.file_name, known.sha256, known.text = file_name[:200], digest, text
    known.valid_days = valid_days
    row.agreement_version = version
    session.flush()
    if fresh:
        store_pages(session, client, version, pages)
    after = {"version": version, "title": title, "sha256": known.sha256, "valid_days": valid_days}
    acting.record("agreement.in_force", client, before or None, after)
    return Outcome.CHANGED if before else Outcome.ADDED


def sign_agreement(
    acting: Acting,
    *,
    person: str,
    client: str,
    version: str = "",
    signed: datetime | None = None,
    until: datetime | None = None,
    meaning: str = MEANING,
    renew: bool = True,
) -> Outcome:
    """Record that a person signed a version (``""``: the one in force) of a client's agreement.

    Kept with it: the name signed under, the text's hash, the meaning, and ``until`` when it counts (None: for
    good). Who signed it before signs anew where that lapsed, was withdrawn, or counts until another time;
    not ``renew``: only if it was ``signed`` later than that, because a table says again what it said before.

    Raises:
        Refused: the actor may not, there is no such version, or it would be signed in the future.
        NotFound: there is no such person or client.
    """
    acting.require(Task.AGREEMENTS)
    session = acting.session
    who = need(session, PersonRow, person, "person")
    row = need(session, Client, client, "client")
    version = version or row.agreement_version
    known = session.get(AgreementVersion, (client, version)) if version else None
    if known is None:
        raise Refused(
            f"{client} has no agreement version {version}." if version
            else f"{client} has no agreement in force.",
            advice=f"First: stationleaf admin agreement set {client} VERSION --title TITLE",
            code="no_such_version",
        )  # fmt: skip
    when = acting.now if signed is None else signed
    if when > acting.now:
        raise Refused("An agreement cannot be signed in the future.")
    if until is not None and until <= when:
        raise Refused("A signature cannot lapse before it was made.")
    check_name("meaning", meaning)
    before = session.get(Agreement, (person, client, version))
    lapsed = before is not None and before.until is not None and before.until <= acting.now
    if before is not None and before.withdrawn is None and not lapsed and before.until == until:
        return Outcome.SAME
    if before is not None and not renew:
        since = max(filter(None, (before.signed, before.until if lapsed else None, before.withdrawn)))
        if signed is None or signed <= since:
            return Outcome.SAME
    fresh = Agreement(
        person=person, client=client, version=version, signed=when, until=until, name=who.name,
        sha256=known.sha256, meaning=meaning, by=acting.by.person, withdrawn=None, withdrawn_by="",
    )  # fmt: skip
    earlier = None if before is None else said_of(before)
    session.merge(fresh)
    session.flush()
    acting.record("agreement.sign", person, earlier, said_of(fresh))
    return Outcome.ADDED if before is None else Outcome.CHANGED


def withdraw(acting: Acting, *, person: str, client: str, version: str = "") -> Outcome:
    """Withdraw a person's signature under a version (``""``: the one in force): it counts no more.

    Raises:
        Refused: the actor may not.
        NotFound: there is no such client, or the person did not sign that version.
    """
    acting.require(Task.AGREEMENTS)
    row = need(acting.session, Client, client, "client")
    version = version or row.agreement_version
    signed = acting.session.get(Agreement, (person, client, version))
    if signed is None:
        raise NotFound(
            f"{person} has not signed version {version or 'in force'} of {client}'s agreement.",
            advice=f"See: stationleaf admin agreement list --person {person}",
        )
    if signed.withdrawn is not None:
        return Outcome.SAME
    before = said_of(signed)
    signed.withdrawn, signed.withdrawn_by = acting.now, acting.by.person
    acting.record("agreement.withdraw", person, before, said_of(signed))
    return Outcome.CHANGED


def said_of(row: Agreement) -> dict[str, str]:
    """A signature as the record of changes has it."""
    times = {"signed": row.signed, "until": row.until, "withdrawn": row.withdrawn}
    said = {"client": row.client, "version": row.version, "name": row.name, "sha256": row.sha256}
    return {**said, **{name: time.isoformat() for name, time in times.items() if time is not None}}


def state_of(row: Agreement, in_force: str, now: datetime) -> str:
    """What a signature is worth now, in words."""
    end = _end(row, now)
    if end is not None:
        return end.value
    return "counts" if row.version == in_force else "another version is in force"


def signatures(session: Session, person: str = "", client: str = "") -> list[tuple[Agreement, str]]:
    """Return signatures of a person, a client or all, by client and time, each with the version in force."""
    query = select(Agreement, Client.agreement_version).join(Client, Client.code == Agreement.client)
    if person:
        query = query.where(Agreement.person == person)
    if client:
        query = query.where(Agreement.client == client)
    rows = session.execute(query.order_by(Agreement.client, Agreement.signed, Agreement.person))
    return [(row, in_force) for row, in_force in rows]


@dataclass
class Signed:
    """What a person has signed: per client the version that counts, until when, and why another does not."""

    versions: dict[str, str] = field(default_factory=dict)
    until: dict[str, datetime] = field(default_factory=dict)
    ended: dict[str, AgreementEnd] = field(default_factory=dict)


def signed_by(
    session: Session, people: Sequence[str], in_force: Mapping[str, str], now: datetime
) -> defaultdict[str, Signed]:
    """What these people have signed of these clients' agreements.

    Where a signature under the version in force counts, that is it; else the last that counts otherwise.
    """
    found: defaultdict[str, Signed] = defaultdict(Signed)
    for row in _given(session, tuple(people)):
        if row.client not in in_force:
            continue
        signed, current = found[row.person], in_force[row.client]
        end = _end(row, now)
        signed.ended[row.client] = end or AgreementEnd.REPLACED
        if end is None and signed.versions.get(row.client) != current:
            signed.versions[row.client] = row.version
            if row.version == current and row.until is not None:
                signed.until[row.client] = row.until
    for signed in found.values():
        for client, version in signed.versions.items():
            if version == in_force[client]:
                del signed.ended[client]
    return found


class Given(NamedTuple):
    """A signature as ``signed_by`` needs it."""

    person: str
    client: str
    version: str
    until: datetime | None
    withdrawn: datetime | None


@remembered("agreement")
def _given(session: Session, people: tuple[str, ...]) -> tuple[Given, ...]:
    """What these people signed, the oldest first."""
    query = (
        select(Agreement.person, Agreement.client, Agreement.version, Agreement.until, Agreement.withdrawn)
        .where(Agreement.person.in_(people))
        .order_by(Agreement.signed, Agreement.version)
    )
    return tuple(Given(*row) for row in session.execute(query))


def _end(row: Agreement | Given, now: datetime) -> AgreementEnd | None:
    """Why a signature does not count, whatever the version; None: it does."""
    if row.withdrawn is not None:
        return AgreementEnd.WITHDRAWN
    return AgreementEnd.LAPSED if row.until is not None and row.until <= now else None


@dataclass(frozen=True)
class Missing:
    """A person assigned where a client's parts run, without a signature that counts."""

    client: str
    person: str
    name: str
    stations: tuple[str, ...]


def missing(session: Session, now: datetime, client: str = "") -> list[Missing]:
    """Return who is, or will be, assigned and sees none of a client's pages for want of a signature."""
    signed = select(Agreement.person).where(
        Agreement.person == AssignmentRow.person,
        Agreement.client == Part.client,
        Agreement.version == Client.agreement_version,
        counts(now),
    )
    query = (
        select(Part.client, AssignmentRow.person, PersonRow.name, AssignmentRow.station)
        .join(StationPart, StationPart.station == AssignmentRow.station)
        .join(Part, Part.code == StationPart.part)
        .join(Client, Client.code == Part.client)
        .join(PersonRow, PersonRow.code == AssignmentRow.person)
        .where(or_(AssignmentRow.end.is_(None), AssignmentRow.end > now), PersonRow.active, ~signed.exists())
        .distinct()
        .order_by(Part.client, AssignmentRow.person, AssignmentRow.station)
    )
    if client:
        query = query.where(Part.client == client)
    found: dict[tuple[str, str, str], list[str]] = {}
    for code, person, name, station in session.execute(query):
        found.setdefault((code, person, name), []).append(station)
    return [Missing(*who, tuple(stations)) for who, stations in found.items()]


@dataclass(frozen=True)
class VersionListed:
    """A version of an agreement as it is listed; ``pages``: at kiosks, ``signed`` counts the people."""

    client: str
    version: str
    title: str
    file_name: str
    sha256: str
    in_force: bool
    signed: int
    pages: int
    valid_days: int | None


def agreement_versions(session: Session) -> list[VersionListed]:
    """Return every version of every client's agreement."""
    in_force = {row.code: row.agreement_version for row in session.scalars(select(Client))}
    counted = select(Agreement.client, Agreement.version, func.count()).group_by(
        Agreement.client, Agreement.version
    )
    signed = {(client, version): number for client, version, number in session.execute(counted)}
    leaves = select(AgreementPageRow.client, AgreementPageRow.version, func.count()).group_by(
        AgreementPageRow.client, AgreementPageRow.version
    )
    pages = {(client, version): number for client, version, number in session.execute(leaves)}
    order = (AgreementVersion.client, AgreementVersion.made)
    return [
        VersionListed(
            row.client, row.version, row.title, row.file_name, row.sha256,
            in_force.get(row.client) == row.version, signed.get((row.client, row.version), 0),
            pages.get((row.client, row.version), 0), row.valid_days,
        )
        for row in session.scalars(select(AgreementVersion).order_by(*order))
    ]  # fmt: skip
