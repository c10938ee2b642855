"""Revoking and restoring, whatever it is: one door to the changes, each of which is at home with its noun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.hub import badges, documents, kiosks, people
from app.hub.acting import Acting, Task
from app.hub.lookup import Outcome, need
from app.hub.revocations import Kind, begin, lift
from app.hub.schema import Client, Line, StationRow
from app.model.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable


def revoke(acting: Acting, kind: Kind, code: str, *, lost: bool = False) -> Outcome:
    """Take something away from every kiosk: at its next contact, at the latest when its lease ends.

    ``code`` of a badge is its person's, of a revision ``DOCUMENT/LABEL``; ``lost`` is for kiosks.

    Raises:
        Refused: the actor may not, no reason is given, or the noun's own rules are against it.
        NotFound: there is no such thing.
    """
    need_reason(acting, "Revoking")
    if kind is Kind.KIOSK:
        return kiosks.block(acting, code, lost=lost)
    return _REVOKE[kind](acting, code)


def restore(acting: Acting, kind: Kind, code: str) -> Outcome:
    """Undo a revocation.

    Raises:
        Refused: the actor may not, no reason is given, or the noun's own rules are against it.
        NotFound: there is no such thing.
    """
    need_reason(acting, "Restoring")
    return _RESTORE[kind](acting, code)


def lock_station(acting: Acting, station: str) -> Outcome:
    """No page is read at this station any more, at whichever kiosk.

    Raises:
        Refused: the actor may not, or supervises other lines.
        NotFound: there is no such station.
    """
    acting.require(Task.LOCK_STATION)
    row = need(acting.session, StationRow, station, "station")
    acting.require_own(row.line, station)
    return _begin(acting, Kind.STATION, station)


def lock_line(acting: Acting, line: str) -> Outcome:
    """No page is read at any station of this line any more.

    Raises:
        Refused: the actor may not, or supervises other lines.
        NotFound: there is no such line.
    """
    acting.require(Task.LOCK_STATION)
    acting.require_own(need(acting.session, Line, line, "line").code)
    return _begin(acting, Kind.LINE, line)


def lock_client(acting: Acting, client: str) -> Outcome:
    """No page of this client is read any more, at whichever station.

    Raises:
        Refused: the actor may not.
        NotFound: there is no such client.
    """
    acting.require(Task.LOCK_CLIENT)
    need(acting.session, Client, client, "client")
    return _begin(acting, Kind.CLIENT, client)


def release_station(acting: Acting, station: str) -> Outcome:
    """Undo ``lock_station``.

    Raises:
        Refused: the actor may not.
        NotFound: there is no such station.
    """
    acting.require(Task.LOCK_CLIENT)
    need(acting.session, StationRow, station, "station")
    return _lift(acting, Kind.STATION, station)


def release_line(acting: Acting, line: str) -> Outcome:
    """Undo ``lock_line``; stations that are locked down by themselves stay so.

    Raises:
        Refused: the actor may not.
        NotFound: there is no such line.
    """
    acting.require(Task.LOCK_CLIENT)
    need(acting.session, Line, line, "line")
    return _lift(acting, Kind.LINE, line)


def release_client(acting: Acting, client: str) -> Outcome:
    """Undo ``lock_client``.

    Raises:
        Refused: the actor may not.
        NotFound: there is no such client.
    """
    acting.require(Task.LOCK_CLIENT)
    need(acting.session, Client, client, "client")
    return _lift(acting, Kind.CLIENT, client)


def _begin(acting: Acting, kind: Kind, code: str) -> Outcome:
    if not begin(acting, kind, code):
        return Outcome.SAME
    acting.record(f"{kind}.revoke", code, None, "locked down")
    return Outcome.CHANGED


def _lift(acting: Acting, kind: Kind, code: str) -> Outcome:
    if not lift(acting, kind, code):
        return Outcome.SAME
    acting.record(f"{kind}.restore", code, "locked down", None)
    return Outcome.CHANGED


def _recall(acting: Acting, code: str) -> Outcome:
    return documents.recall(acting, *_revision(code))


def _take_back_recall(acting: Acting, code: str) -> Outcome:
    return documents.take_back_recall(acting, *_revision(code))


def _revision(code: str) -> tuple[str, str]:
    document, slash, label = code.partition("/")
    if not slash or not document or not label:
        raise Refused(
            f"{code!r} is not a revision.",
            advice="Write DOCUMENT/REVISION, such as WI-100/B.",
            code="bad_code",
        )
    return document, label


def need_reason(acting: Acting, what: str) -> None:
    """Raise unless a reason is given for ``what``.

    Raises:
        Refused: there is none (``needs_reason``).
    """
    if not acting.reason:
        raise Refused(f"{what} needs a reason.", advice='Add: --reason "WHY"', code="needs_reason")


_REVOKE: dict[Kind, Callable[[Acting, str], Outcome]] = {
    Kind.PERSON: people.deactivate,
    Kind.BADGE: badges.revoke,
    Kind.STATION: lock_station,
    Kind.LINE: lock_line,
    Kind.REVISION: _recall,
    Kind.CLIENT: lock_client,
}
_RESTORE: dict[Kind, Callable[[Acting, str], Outcome]] = {
    Kind.PERSON: people.restore,
    Kind.BADGE: badges.restore,
    Kind.KIOSK: kiosks.unblock,
    Kind.STATION: release_station,
    Kind.LINE: release_line,
    Kind.REVISION: _take_back_recall,
    Kind.CLIENT: release_client,
}
