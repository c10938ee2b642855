"""Break-glass: another station's pages at a kiosk for minutes. Two people ask there, the hub decides.

Failure policy: a request that is sent again is answered as before and grants nothing more. Whether it was
granted or refused is on record with what it asked for; a refusal that nobody's signature stands behind names
nobody as its author.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from app.hub.audiences import Asked
from app.hub.floor import read_floor
from app.hub.grants import GLASS, REFUSED
from app.hub.revocations import locked_down
from app.hub.schema import ChangeRow
from app.hub.schema_grants import GrantRow
from app.hub.settings import read_settings
from app.model.decide import Denied, Reason, decide
from app.model.errors import NotFound, Refused
from app.model.plant import Grant, Span
from app.model.terms import Classification, CredentialKind, GrantKind, KioskStatus
from app.model.words import NEEDS_PIN, NOTHING_THERE, REASON_WORDS, UNSIGNED, Words
from app.wire.grants import GrantReply, grant_most

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.hub.floor_records import Floor, FloorPerson
    from app.hub.home import Home
    from app.hub.schema import KioskRow
    from app.wire.grants import SignedGrant

FRESH = timedelta(minutes=5)
"""How far the time of a statement may be from the hub's: one that was kept for later opens nothing."""


def break_glass(
    session: Session, home: Home, kiosk: KioskRow, signed: SignedGrant, now: datetime
) -> GrantReply | Refused:
    """Decide on what two people ask for at ``kiosk``, which is active. Writes, also where it refuses.

    Steps: 1 the statement is about break-glass at this kiosk, now, at another station of its line; 2 both
    people signed it with the badges that they have now; 3 where people have PINs, the supervisor used one;
    4 the one function that decides grants a page by it.
    """
    said = signed.statement
    known = session.get(GrantRow, said.grant)
    if known is not None and known.kiosk == kiosk.code:
        return GrantReply(grant=known.id, end=known.end)
    floor = _other_floor(session, kiosk, signed, now)
    if floor is None or known is not None:
        return Refused(REASON_WORDS[Reason.GRANT_NOT_ALLOWED].says, code="bad_glass")  # 1
    by, person = floor.person(said.by), floor.person(said.person)
    if by is None or person is None or not _signed(signed, by, person):
        return _refuse(session, signed, now, UNSIGNED, ["NOT_SIGNED"], by="hub")  # 2
    settings = read_settings(session)
    if settings["pin_used"] and by.slot.kind is CredentialKind.UID:
        return _refuse(session, signed, now, NEEDS_PIN, ["NEEDS_PIN"])  # 3
    start = min(said.start, now)
    grant = Grant(
        said.person,
        said.station,
        Span(start, start + (said.end - said.start)),
        said.kind,
        said.by,
        said.reason,
        by.slot.kind.ceiling,
    )
    asked = Asked(
        floor,
        home.site,
        kiosk.station,
        KioskStatus(kiosk.status),
        Classification.parse(settings["site_ceiling"]),
        locked_down(session, said.station),
        grant_most(settings["admission_minutes"], settings["glass_minutes"]),
        now,
    )
    reasons = _denied(asked, person, grant)
    if reasons is not None:  # 4
        words = REASON_WORDS[reasons[0]] if reasons else NOTHING_THERE
        return _refuse(session, signed, now, words, [reason.value for reason in reasons])
    return _keep(session, signed, grant, now)


def _other_floor(session: Session, kiosk: KioskRow, signed: SignedGrant, now: datetime) -> Floor | None:
    """The other station, or None where the statement is not one that this kiosk may ask with now."""
    said = signed.statement
    about = (said.kiosk, said.kind) == (kiosk.code, GrantKind.BREAK_GLASS) and said.station != kiosk.station
    if not about or abs(said.start - now) > FRESH or said.end <= said.start:
        return None
    try:
        here = read_floor(session, kiosk.code, kiosk.station, now)
        there = read_floor(session, kiosk.code, said.station, now, also=frozenset({said.person}))
    except NotFound:
        return None
    return there if there.station.line == here.station.line else None


def _signed(signed: SignedGrant, by: FloorPerson, person: FloorPerson) -> bool:
    return signed.signed_by([by.slot.sign_public], [person.slot.sign_public])


def _denied(asked: Asked, person: FloorPerson, grant: Grant) -> tuple[Reason, ...] | None:
    """None where a page is granted; else what keeps most pages back, or nothing where there are none."""
    found: dict[tuple[Reason, ...], int] = {}
    for page in asked.floor.pages:
        facts = asked.facts(page, person, grant)
        answer = decide(person.record, asked.floor.station, page.record, facts, asked.now)
        if not isinstance(answer, Denied):
            return None
        found[answer.reasons] = found.get(answer.reasons, 0) + 1
    most = max(found, key=lambda reasons: found[reasons], default=())
    # A grant that does not hold leaves the pages another station's: that is what follows, not what is wrong.
    return tuple(reason for reason in most if reason is not Reason.NOT_THIS_STATION) or most


def _refuse(
    session: Session, signed: SignedGrant, now: datetime, words: Words, why: list[str], by: str = ""
) -> Refused:
    _record(session, REFUSED, signed, by or signed.statement.by, now, why=why)
    return Refused(words.says, advice=words.do, code="glass_refused")


def _keep(session: Session, signed: SignedGrant, grant: Grant, now: datetime) -> GrantReply:
    said, end = signed.statement, grant.span.end
    assert end is not None
    session.add(
        GrantRow(
            id=said.grant,
            kind=said.kind.value,
            kiosk=said.kiosk,
            station=said.station,
            person=said.person,
            by=said.by,
            reason=said.reason,
            ceiling=grant.ceiling.word,
            start=grant.span.start,
            end=end,
            made=now,
        )
    )
    _record(session, GLASS, signed, said.by, now, until=end.isoformat())
    session.flush()
    return GrantReply(grant=said.grant, end=end)


def _record(session: Session, act: str, signed: SignedGrant, by: str, now: datetime, **more: object) -> None:
    said = signed.statement
    about = {"grant": said.grant, "person": said.person, "station": said.station, **more}
    session.add(
        ChangeRow(at=now, by=by, act=act, subject=said.kiosk, before=None, after=about, reason=said.reason)
    )
