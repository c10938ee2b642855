"""Auditors: persons who see for a client what became of its pages, and nothing of anybody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.hub.acting import Acting, Task
from app.hub.lookup import Outcome, need
from app.hub.schema import Client, PersonRole, PersonRow
from app.hub.schema_audit import AuditedClient
from app.hub.schema_exposure import ExposureRow
from app.hub.settings import setting
from app.model.errors import NotFound, Refused
from app.model.terms import Role
from app.wire.evidence import Pseudonyms

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from app.hub.home import Home


def set_audits(acting: Acting, *, person: str, client: str, audits: bool) -> Outcome:
    """Let an auditor look after a client, or no longer.

    Raises:
        Refused: the actor may not, or the person is no auditor.
        NotFound: there is no such person or client.
    """
    acting.require(Task.PEOPLE)
    session = acting.session
    need(session, PersonRow, person, "person")
    need(session, Client, client, "client")
    if audits and session.get(PersonRole, (person, Role.AUDITOR.value)) is None:
        raise Refused(
            f"{person} is no auditor.", advice=f"First: stationleaf admin role add {person} auditor"
        )
    row = session.get(AuditedClient, (person, client))
    if audits is (row is not None):
        return Outcome.SAME
    if row is None:
        session.add(AuditedClient(person=person, client=client))
    else:
        session.delete(row)
    before, after = {"audits": not audits}, {"audits": audits}
    acting.record("auditor.set", f"{person} {client}", before, after)
    return Outcome.ADDED if audits else Outcome.CHANGED


def own(acting: Acting) -> frozenset[str] | None:
    """The clients whose affairs the actor may see; None: all."""
    return acting.by.audits if acting.by.only_audits else None


def need_own(acting: Acting, client: str) -> None:
    """Raise unless there is such a client, and the actor may see it.

    Raises:
        NotFound: either; the words are the same, so that nobody learns who else is a client here.
    """
    mine = own(acting)
    if acting.session.get(Client, client) is None or (mine is not None and client not in mine):
        raise NotFound(f"There is no client {client}.")


def namer(acting: Acting, home: Home, client: str) -> Callable[[str], str]:
    """How persons are called to whoever asks: auditors are told pseudonyms where policy says so."""
    if own(acting) is None or not setting(acting.session, "evidence_pseudonyms"):
        return lambda person: person
    return Pseudonyms(home.pseudonym_secret, client, bundle="").of  # as in all bundles of the client


def named(session: Session, name: Callable[[str], str], client: str, told: str) -> str:
    """The person who is called ``told``; itself where it is nobody."""
    people = session.scalars(
        select(ExposureRow.code).where(ExposureRow.client == client, ExposureRow.kind == "person")
    )
    return next((person for person in people if name(person) == told), told)
