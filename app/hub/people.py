"""People at the hub: adding, changing and deactivating them, their roles and the lines they supervise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.hub.acting import Acting, Task
from app.hub.lookup import Outcome, check_code, check_language, check_name, need
from app.hub.revocations import Kind, begin, lift
from app.hub.schema import AssignmentRow, Badge, ChangeRow, Line, PersonRole, PersonRow, SupervisedLine
from app.model.errors import Refused
from app.model.terms import TEXT_SIZES, Classification, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


def put_person(
    acting: Acting,
    *,
    person: str,
    name: str,
    roles: Sequence[Role] = (Role.OPERATOR,),
    ceiling: Classification = Classification.STANDARD,
    language: str = "en",
    lines: Sequence[str] = (),
    text_size: int | None = None,
) -> Outcome:
    """Add a person, or make an existing one say exactly this. A deactivated person stays so.

    ``text_size`` is one of ``TEXT_SIZES``; None leaves it as it is, 100 at first.

    Raises:
        Refused: the actor may not, a value is not usable, or the last administrator would lose that role.
        NotFound: a supervised line does not exist.
    """
    acting.require(Task.PEOPLE)
    session = acting.session
    check_code("person", person)
    check_name("person's name", name)
    check_language(language)
    if text_size is not None and text_size not in TEXT_SIZES:
        sizes = ", ".join(map(str, TEXT_SIZES))
        raise Refused(f"There is no text size {text_size}.", advice=f"Sizes: {sizes}.", code="bad_text_size")
    if not roles:
        raise Refused(f"{person} needs at least one role.", advice=f"Roles: {', '.join(Role)}.")
    for line in lines:
        need(session, Line, line, "line")
    before = describe(session, person)
    after: dict[str, Any] = {
        "name": name,
        "active": True if before is None else before["active"],
        "roles": sorted({role.value for role in roles}),
        "ceiling": ceiling.word,
        "language": language,
        "lines": sorted(set(lines)),
        "text_size": text_size or (100 if before is None else before["text_size"]),
    }
    if before == after:
        return Outcome.SAME
    row = session.get(PersonRow, person)
    if row is None:
        row = PersonRow(code=person, active=True)
        session.add(row)
    row.name, row.ceiling, row.language = name, ceiling.word, language
    row.text_size = after["text_size"]
    session.flush()
    if before is None or (before["roles"], before["lines"]) != (after["roles"], after["lines"]):
        _set_roles(session, person, after["roles"], after["lines"], new=before is None)
    if before is not None and Role.ADMIN.value in before["roles"]:
        _keep_an_admin(session)
    acting.record("person.add" if before is None else "person.change", person, before, after)
    return Outcome.ADDED if before is None else Outcome.CHANGED


def _set_roles(
    session: Session, person: str, roles: Sequence[str], lines: Sequence[str], *, new: bool
) -> None:
    if not new:
        held: Sequence[PersonRole | SupervisedLine] = [
            *session.scalars(select(PersonRole).where(PersonRole.person == person)),
            *session.scalars(select(SupervisedLine).where(SupervisedLine.person == person)),
        ]
        for row in held:
            session.delete(row)
        session.flush()
    session.add_all(PersonRole(person=person, role=role) for role in roles)
    session.add_all(SupervisedLine(person=person, line=line) for line in lines)
    session.flush()


def describe(session: Session, person: str) -> dict[str, Any] | None:
    """Return what the hub holds about a person, as plain values, or None."""
    row = session.get(PersonRow, person)
    if row is None:
        return None
    roles = session.scalars(select(PersonRole.role).where(PersonRole.person == person))
    lines = session.scalars(select(SupervisedLine.line).where(SupervisedLine.person == person))
    return {
        "name": row.name,
        "active": row.active,
        "roles": sorted(roles),
        "ceiling": row.ceiling,
        "language": row.language,
        "lines": sorted(lines),
        "text_size": row.text_size,
    }


def deactivate(acting: Acting, person: str) -> Outcome:
    """End a person's work: inactive, badges revoked, open assignments ended. Effective at the next lease.

    Raises:
        Refused: the actor may not, or this is the last administrator.
        NotFound: there is no such person.
    """
    acting.require(Task.PEOPLE)
    session = acting.session
    row = need(session, PersonRow, person, "person")
    if not row.active:
        return Outcome.SAME
    before = describe(session, person)
    row.active = False
    taken: dict[str, Any] = {"badges": [], "assignments": []}
    for badge in session.scalars(select(Badge).where(Badge.person == person, Badge.active)):
        badge.active, badge.revoked = False, acting.now
        taken["badges"].append(badge.id)
    for assignment in session.scalars(select(AssignmentRow).where(AssignmentRow.person == person)):
        if assignment.end is None or assignment.end > acting.now:
            taken["assignments"].append([assignment.id, assignment.end and assignment.end.isoformat()])
            assignment.end = max(acting.now, assignment.start)
    session.flush()
    _keep_an_admin(session)
    begin(acting, Kind.PERSON, person)
    acting.record("person.deactivate", person, before, {**(describe(session, person) or {}), "taken": taken})
    return Outcome.CHANGED


def activate(acting: Acting, person: str) -> Outcome:
    """Let a deactivated person work again; badge and assignments must be given anew.

    Raises:
        Refused: the actor may not.
        NotFound: there is no such person.
    """
    return _activate(acting, person, give_back=False)


def restore(acting: Acting, person: str) -> Outcome:
    """Undo a deactivation: the badge works again, and the assignments go on that it ended.

    Raises:
        Refused: the actor may not.
        NotFound: there is no such person.
    """
    return _activate(acting, person, give_back=True)


def _activate(acting: Acting, person: str, *, give_back: bool) -> Outcome:
    acting.require(Task.PEOPLE)
    row = need(acting.session, PersonRow, person, "person")
    if row.active:
        return Outcome.SAME
    before = describe(acting.session, person)
    row.active = True
    if give_back:
        _give_back(acting.session, person)
    acting.session.flush()
    lift(acting, Kind.PERSON, person)
    act = "person.restore" if give_back else "person.activate"
    acting.record(act, person, before, describe(acting.session, person))
    return Outcome.CHANGED


def _give_back(session: Session, person: str) -> None:
    """What the last deactivation took: its record says which badge, and which assignments until when."""
    taken = session.scalars(
        select(ChangeRow.after)
        .where(ChangeRow.act == "person.deactivate", ChangeRow.subject == person)
        .order_by(ChangeRow.id.desc())
    ).first()
    told = (taken or {}).get("taken", {})
    for key in told.get("badges", ()):
        badge = session.get_one(Badge, key)
        badge.active, badge.revoked = True, None
    for key, end in told.get("assignments", ()):
        session.get_one(AssignmentRow, key).end = None if end is None else datetime.fromisoformat(end)


def change_role(acting: Acting, person: str, role: Role, *, holds: bool) -> Outcome:
    """Give a role, or take it away.

    Raises:
        Refused: the actor may not, or the last administrator would lose that role.
        NotFound: there is no such person.
    """
    acting.require(Task.PEOPLE)
    session = acting.session
    need(session, PersonRow, person, "person")
    held = session.get(PersonRole, (person, role.value))
    if (held is not None) == holds:
        return Outcome.SAME
    before = describe(session, person)
    if held is None:
        session.add(PersonRole(person=person, role=role.value))
    else:
        session.delete(held)
    session.flush()
    _keep_an_admin(session)
    acting.record("role.give" if holds else "role.take", person, before, describe(session, person))
    return Outcome.CHANGED


def _keep_an_admin(session: Session) -> None:
    """A hub without an active administrator could never be changed again."""
    admins = session.scalars(
        select(PersonRow.code)
        .join(PersonRole, PersonRole.person == PersonRow.code)
        .where(PersonRole.role == Role.ADMIN.value, PersonRow.active)
    ).first()
    if admins is None:
        raise Refused(
            "This would leave the hub without an administrator.",
            advice="Give somebody else the role first: stationleaf admin role add PERSON admin",
            code="last_admin",
        )


@dataclass(frozen=True)
class PersonListed:
    """A person as listed. ``stations`` are those of now; ``badge_tail`` is empty without an active badge,
    and ``credential`` its kind.
    """

    code: str
    name: str
    active: bool
    roles: tuple[str, ...]
    ceiling: str
    language: str
    text_size: int
    badge_tail: str
    credential: str
    badge_issued: datetime | None
    stations: tuple[str, ...]


def listed(session: Session, now: datetime) -> list[PersonListed]:
    """Return every person, in the order of their codes."""
    roles: dict[str, list[str]] = {}
    for held in session.scalars(select(PersonRole).order_by(PersonRole.role)):
        roles.setdefault(held.person, []).append(held.role)
    badges = {row.person: row for row in session.scalars(select(Badge).where(Badge.active))}
    stations: dict[str, list[str]] = {}
    for spell in session.scalars(select(AssignmentRow).where(AssignmentRow.start <= now)):
        if spell.end is None or spell.end > now:
            stations.setdefault(spell.person, []).append(spell.station)
    return [
        PersonListed(
            row.code, row.name, row.active, tuple(roles.get(row.code, ())), row.ceiling, row.language,
            row.text_size,
            badges[row.code].tail if row.code in badges else "",
            badges[row.code].kind if row.code in badges else "",
            badges[row.code].issued if row.code in badges else None,
            tuple(sorted(set(stations.get(row.code, ())))),
        )
        for row in session.scalars(select(PersonRow).order_by(PersonRow.code))
    ]  # fmt: skip
