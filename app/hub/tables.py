"""What a row of each table of ``columns`` does when it is imported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.hub import agreements, badges, people, plant, work
from app.hub.table import read_time
from app.model.errors import Refused
from app.model.terms import AssignmentKind, Classification, Role

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.hub.acting import Acting
    from app.hub.lookup import Outcome
    from app.hub.table import Row


@dataclass(frozen=True)
class Desk:
    """What applying a row needs: the act, the badge office, and the folder of the table's file."""

    acting: Acting
    badges: badges.BadgeOffice
    folder: Path


def _site(desk: Desk, row: Row) -> Outcome:
    return plant.put_site(desk.acting, site=row.cells["site"], name=row.cells["name"])


def _client(desk: Desk, row: Row) -> Outcome:
    return plant.put_client(
        desk.acting,
        client=row.cells["client"],
        name=row.cells["name"],
        offline_hours=_number("offline_hours", row.cells["offline_hours"], plant.OFFLINE_HOURS),
        restricted_hours=_number("restricted_hours", row.cells["restricted_hours"], plant.RESTRICTED_HOURS),
        exposure_limit=_limit(row, "exposure_limit"),
        line_limit=_limit(row, "line_limit"),
        site_limit=_limit(row, "site_limit"),
        sign_steps=_yes("sign_steps", row.cells["sign_steps"]),
    )


def _limit(row: Row, name: str) -> int | None:
    return _number(name, row.cells[name], 0) if row.cells[name] else None


def _part(desk: Desk, row: Row) -> Outcome:
    return plant.put_part(
        desk.acting, part=row.cells["part"], client=row.cells["client"], name=row.cells["name"]
    )


def _line(desk: Desk, row: Row) -> Outcome:
    return plant.put_line(
        desk.acting,
        line=row.cells["line"],
        site=row.cells["site"],
        name=row.cells["name"],
        area=row.cells["area"],
    )


def _station(desk: Desk, row: Row) -> Outcome:
    return plant.put_station(
        desk.acting,
        station=row.cells["station"],
        name=row.cells["name"],
        line=row.cells["line"],
        ceiling=_class(row.cells["ceiling"]),
        parts=row.many("parts"),
        takt_seconds=_number("takt_seconds", takt, 0) if (takt := row.cells["takt_seconds"]) else None,
    )


def _person(desk: Desk, row: Row) -> Outcome:
    return people.put_person(
        desk.acting,
        person=row.cells["person"],
        name=row.cells["name"],
        roles=[_role(word) for word in row.many("roles")],
        ceiling=_class(row.cells["ceiling"]),
        language=row.cells["language"] or "en",
        lines=row.many("lines"),
        text_size=_number("text_size", size, 100) if (size := row.cells["text_size"]) else None,
    )


def _badge(desk: Desk, row: Row) -> Outcome:
    return badges.issue(desk.acting, desk.badges, person=row.cells["person"], badge=row.cells["badge"])


def _agreement(desk: Desk, row: Row) -> Outcome:
    name = row.cells["file"]
    text = b""
    if name:
        path = desk.folder / name
        try:
            text = path.read_bytes()
        except (OSError, ValueError):
            raise Refused(
                f"the agreement's file {name} cannot be read (looked for beside this table)"
            ) from None
        if not text:
            raise Refused(f"the agreement's file {name} is empty")
    return agreements.set_agreement(
        desk.acting,
        client=row.cells["client"],
        version=row.cells["version"],
        title=row.cells["title"],
        file_name=name.rpartition("/")[2],
        text=text,
    )


def _signature(desk: Desk, row: Row) -> Outcome:
    return agreements.sign_agreement(
        desk.acting,
        person=row.cells["person"],
        client=row.cells["client"],
        version=row.cells["version"],
        signed=read_time(row.cells["signed"]),
        renew=False,
    )


def _training(desk: Desk, row: Row) -> Outcome:
    return work.train(
        desk.acting,
        person=row.cells["person"],
        document=row.cells["document"],
        revision=row.cells["revision"],
        until=read_time(row.cells["until"]),
    )


def _assignment(desk: Desk, row: Row) -> Outcome:
    return work.assign(
        desk.acting,
        person=row.cells["person"],
        station=row.cells["station"],
        kind=_kind(row.cells["kind"]),
        start=read_time(row.cells["start"]),
        end=read_time(row.cells["end"]),
    )


def _class(word: str) -> Classification:
    try:
        return Classification.parse(word or Classification.STANDARD.word)
    except ValueError as error:
        raise Refused(str(error)) from None


def _role(word: str) -> Role:
    try:
        return Role(word.lower())
    except ValueError:
        raise Refused(f"{word!r} is not a role ({', '.join(Role)})") from None


def _kind(word: str) -> AssignmentKind:
    try:
        return AssignmentKind((word or AssignmentKind.ASSIGNED).lower())
    except ValueError:
        raise Refused(f"{word!r} is not a kind of assignment ({', '.join(AssignmentKind)})") from None


def _yes(column: str, word: str) -> bool | None:
    """Yes or no; None where nothing is said."""
    if word.lower() not in {"", "yes", "no", "true", "false"}:
        raise Refused(f"{column} {word!r} is neither yes nor no")
    return word.lower() in {"yes", "true"} if word else None


def _number(column: str, word: str, default: int) -> int:
    if not word:
        return default
    if not (word.isascii() and word.isdigit() and len(word) <= 6):
        raise Refused(f"{column} {word!r} is not a whole number")
    return int(word)


APPLY: dict[str, Callable[[Desk, Row], Outcome]] = {
    "sites": _site,
    "clients": _client,
    "agreements": _agreement,
    "parts": _part,
    "lines": _line,
    "stations": _station,
    "people": _person,
    "badges": _badge,
    "signatures": _signature,
    "training": _training,
    "assignments": _assignment,
}
"""What a row of each table of ``columns.TABLES`` does."""
