"""Who acts at the hub, what each role may change, and the record of every change."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.hub.schema import ChangeRow, PersonRole, PersonRow, SupervisedLine
from app.hub.schema_audit import AuditedClient
from app.model.errors import NotFound, Refused
from app.model.terms import Role

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


class Task(StrEnum):
    """What can be changed; the words are those of the refusal."""

    PLANT = "change sites, lines, stations, clients, parts and settings"
    PEOPLE = "change people and their roles"
    BADGES = "issue and revoke badges"
    ASSIGN = "assign people to stations"
    AGREEMENTS = "record signed agreements"
    TRAINING = "record training"
    DOCUMENTS = "publish and recall documents"
    KIOSKS = "enrol, move and release kiosks"
    BLOCK = "block kiosks"
    LOCK_STATION = "lock stations and lines down"
    EXPOSURE = "see who was given which share of a client's pages"
    CALLS = "answer calls for help"
    REVIEW = "judge what the review queue shows"
    LOOK = "look at the page of a remark"
    LOCK_CLIENT = "lock a client's pages down, or release what is locked down"
    TRACE = "look up whose view a picture shows"


MAY: dict[Task, frozenset[Role]] = {
    Task.PLANT: frozenset({Role.ADMIN}),
    Task.CALLS: frozenset({Role.SUPERVISOR, Role.QUALITY, Role.ADMIN}),
    Task.REVIEW: frozenset({Role.QUALITY, Role.ADMIN}),
    Task.LOOK: frozenset({Role.QUALITY}),  # need-to-know: administrators see no pages by role
    Task.EXPOSURE: frozenset({Role.QUALITY, Role.SUPERVISOR, Role.ADMIN, Role.AUDITOR}),
    Task.PEOPLE: frozenset({Role.ADMIN}),
    Task.BADGES: frozenset({Role.ADMIN, Role.SUPERVISOR}),
    Task.ASSIGN: frozenset({Role.ADMIN, Role.SUPERVISOR}),
    Task.AGREEMENTS: frozenset({Role.ADMIN, Role.SUPERVISOR, Role.QUALITY}),
    Task.TRAINING: frozenset({Role.ADMIN, Role.SUPERVISOR, Role.QUALITY}),
    Task.DOCUMENTS: frozenset({Role.ADMIN, Role.ENGINEER, Role.QUALITY}),
    Task.KIOSKS: frozenset({Role.ADMIN}),
    Task.BLOCK: frozenset({Role.ADMIN, Role.SUPERVISOR, Role.QUALITY}),
    Task.LOCK_STATION: frozenset({Role.ADMIN, Role.SUPERVISOR, Role.QUALITY}),
    Task.LOCK_CLIENT: frozenset({Role.ADMIN, Role.QUALITY}),
    Task.TRACE: frozenset({Role.ADMIN, Role.QUALITY, Role.AUDITOR}),
}
"""Which roles may do a task. A supervisor who is not also an administrator assigns on own lines only."""

STAFF_ROLES = frozenset({Role.SUPERVISOR, Role.QUALITY, Role.ADMIN})
"""Who may sit at a desk for the site itself."""

FOUNDER = "hub init"
"""Who acted before there were people."""


@dataclass(frozen=True)
class Actor:
    """The person who acts. ``lines`` are those the person supervises, ``audits`` the clients looked after."""

    person: str
    roles: frozenset[Role]
    lines: frozenset[str] = frozenset()
    audits: frozenset[str] = frozenset()

    @property
    def only_audits(self) -> bool:
        """Whether the person is here as an auditor, who sees what concerns ``audits`` and changes nothing."""
        return Role.AUDITOR in self.roles and not self.roles & STAFF_ROLES

    def may(self, task: Task) -> bool:
        """Whether a role held allows the task."""
        return bool(self.roles & MAY[task])

    def supervises(self, line: str) -> bool:
        """Whether the actor leads this line; an administrator leads all."""
        return Role.ADMIN in self.roles or line in self.lines


@dataclass(frozen=True)
class Acting:
    """One act of one person at one moment, within one transaction. Every change goes through ``record``."""

    session: Session
    by: Actor
    now: datetime
    reason: str = ""

    def require(self, task: Task) -> None:
        """Raise unless the actor may do ``task``.

        Raises:
            Refused: no role of the actor allows it.
        """
        if not self.by.may(task):
            roles = " or ".join(sorted(role.value for role in MAY[task]))
            raise Refused(
                f"{self.by.person} may not {task.value}.",
                advice=f"Act as a person with the role {roles}: --as PERSON.",
                code="not_allowed",
            )

    def require_own(self, line: str, what: str = "") -> None:
        """Raise unless the actor may lock ``what`` on this line ("": all of it): a supervisor on own ones.

        Raises:
            Refused: it is another supervisor's line.
        """
        if not self.by.may(Task.LOCK_CLIENT) and line not in self.by.lines:
            where = f", where {what} is" if what else ""
            raise Refused(
                f"{self.by.person} does not supervise line {line}{where}.",
                advice="Ask its supervisor, quality or an administrator.",
                code="not_allowed",
            )

    def record(self, act: str, subject: str, before: Any, after: Any) -> ChangeRow:
        """Write who did what to which thing, in the same transaction as the change itself."""
        row = ChangeRow(
            at=self.now,
            by=self.by.person,
            act=act,
            subject=subject[:200],
            before=before,
            after=after,
            reason=self.reason,
        )
        self.session.add(row)
        return row


def founder() -> Actor:
    """The actor of ``hub init``, who makes the first person."""
    return Actor(FOUNDER, frozenset(Role))


def actor(session: Session, person: str) -> Actor:
    """Return the person as an actor.

    Raises:
        NotFound: there is no such person.
        Refused: the person is no longer active.
    """
    row = session.get(PersonRow, person)
    if row is None:
        raise NotFound(f"There is no person {person}.", advice="See: stationleaf admin person list")
    if not row.active:
        raise Refused(f"{person} is no longer active and cannot act.", code="not_allowed")
    roles = session.scalars(select(PersonRole.role).where(PersonRole.person == person))
    lines = session.scalars(select(SupervisedLine.line).where(SupervisedLine.person == person))
    audits = session.scalars(select(AuditedClient.client).where(AuditedClient.person == person))
    return Actor(person, frozenset(Role(role) for role in roles), frozenset(lines), frozenset(audits))


def only_admin(session: Session) -> Actor:
    """Return the only active administrator: who acts where nobody is named.

    Raises:
        Refused: there are several, or none.
    """
    admins = session.scalars(
        select(PersonRow.code)
        .join(PersonRole, PersonRole.person == PersonRow.code)
        .where(PersonRole.role == Role.ADMIN.value, PersonRow.active)
        .order_by(PersonRow.code)
    ).all()
    if len(admins) != 1:
        raise Refused(
            f"There are {len(admins)} administrators, so you must say who acts.",
            advice="Add --as PERSON before the noun.",
            code="who_acts",
        )
    return actor(session, admins[0])
