"""The desk's routes on remarks: the list, the page that one is about, the answer."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from fastapi import APIRouter, Response
from sqlalchemy import select

from app.hub import remarks
from app.hub.acting import Task
from app.hub.api.desk import SEATED, Desk, acting_at, answer, with_body
from app.hub.api.problems import documented
from app.hub.revocations import Kind, locked_clients, open_row
from app.hub.schema import Badge, Blob, Document, EventRow, KioskRow, PageRow, Part, RevisionRow
from app.mark.keys import kiosk_keys
from app.model.errors import NotFound, Refused
from app.seal.boxes import hpke_seal, unwrap_key
from app.wire.desk_remarks import (
    DeskRemark,
    RemarkAnswerAsk,
    RemarkAnswerReply,
    RemarkPageAsk,
    RemarkPageReply,
    RemarksAsk,
    RemarksReply,
)
from app.wire.messages import ROUTES, EventKind
from app.wire.remarks import look_info

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.hub.acting import Acting
    from app.hub.remarks import Remark
    from app.hub.schema_remarks import RemarkRow

SHOWN = timedelta(days=90)
"""How far back the answered ones are listed."""

LOOK_LASTS = timedelta(minutes=1)
"""So long after its delivery a look is good for its page: a desk asks at once."""

router = APIRouter(tags=["desk"])


@router.post(
    ROUTES["desk_remarks"],
    summary="What people at kiosks say of pages",
    response_model=RemarksReply,
    responses=documented(*SEATED),
    openapi_extra=with_body(RemarksAsk),
)
def listing(caller: Desk) -> Response:
    """The open ones, oldest first; on demand also the answered ones of the last 90 days."""
    ask = RemarksAsk.read(caller.body)
    with caller.hub.store.read() as session:
        acting = acting_at(session, caller, ask)
        acting.require(Task.REVIEW)
        found = remarks.listed(session, answered=ask.answered, answered_since=caller.now - SHOWN)
        told = tuple(map(_told, found))
    return answer(RemarksReply(remarks=told, looks=acting.by.may(Task.LOOK)))


def _told(remark: Remark) -> DeskRemark:
    row = remark.row
    return DeskRemark(
        code=row.code, at=row.at, person=row.person, name=remark.name, station=row.station,
        client=remark.client, page=row.page, revision=row.revision, number=remark.number, step=row.step,
        unit=row.unit, region=tuple(row.region), says=remark.says, verdict=row.verdict, answer=row.answer,
        answered_by=row.answered_by, told=row.told,
    )  # fmt: skip


@router.post(
    ROUTES["desk_remark_page"],
    summary="The page that a remark is about, sealed to this desk",
    response_model=RemarkPageReply,
    responses=documented("not_found", "not_on_record", "locked_down", *SEATED),
    openapi_extra=with_body(RemarkPageAsk),
)
def page(caller: Desk) -> Response:
    """Given to quality only, and only for a look that is on record already: an event `remark.viewed` of this
    desk and person that came within the last minute and is in the log of the page's client. A page whose
    client or revision is locked down is given to nobody.
    """
    ask = RemarkPageAsk.read(caller.body)
    home = caller.hub.home
    with caller.hub.store.read() as session:
        acting = acting_at(session, caller, ask)
        acting.require(Task.LOOK)
        row = remarks.needed(session, ask.code)
        sheet, data, client = _stored(session, row)
        _not_locked_down(session, client, row.revision)
        _on_record(acting, caller.kiosk, ask, row, client)
        device = session.get_one(KioskRow, caller.kiosk)
        tail = session.scalars(
            select(Badge.tail).where(Badge.person == acting.by.person, Badge.active).order_by(Badge.id)
        ).first()
        key, info = device.seal_key or b"", look_info(caller.kiosk, ask.epoch, ask.seq)
        reply = RemarkPageReply(
            code=row.code, page=row.page, revision=row.revision, sealed=data,
            key=hpke_seal(unwrap_key(sheet.key, home.keys.wrap), key, info),
            mark=hpke_seal(kiosk_keys(home.mark_key, caller.kiosk).packed(), key, info),
            width_mpt=sheet.width_mpt, height_mpt=sheet.height_mpt, badge_tail=tail or "",
            station=device.station,
        )  # fmt: skip
    return answer(reply)


def _on_record(acting: Acting, desk: str, ask: RemarkPageAsk, row: RemarkRow, client: str) -> None:
    look = select(EventRow.id).where(
        EventRow.kiosk == desk,
        EventRow.epoch == ask.epoch,
        EventRow.seq == ask.seq,
        EventRow.kind == EventKind.REMARK_VIEWED.value,
        EventRow.person == acting.by.person,
        EventRow.client == client,
        EventRow.page == row.page,
        EventRow.revision == row.revision,
        EventRow.received > acting.now - LOOK_LASTS,
    )
    if acting.session.scalars(look).first() is None:
        raise Refused("This look is not on record, so the page is not given.", code="not_on_record")


def _not_locked_down(session: Session, client: str, revision: str) -> None:
    if client in locked_clients(session) or open_row(session, Kind.REVISION, revision) is not None:
        raise Refused(
            "This page is locked down, so nobody is given it.",
            advice="The answer can be given without it.",
            code="locked_down",
        )


def _stored(session: Session, row: RemarkRow) -> tuple[PageRow, bytes, str]:
    """The page as it is stored, and whose know-how it is: by its document, not by what a kiosk said."""
    document, _, label = row.revision.partition("/")
    query = (
        select(PageRow, Blob.data, Part.client)
        .join(RevisionRow, PageRow.revision == RevisionRow.id)
        .join(Document, RevisionRow.document == Document.code)
        .join(Part, Document.part == Part.code)
        .join(Blob, PageRow.blob == Blob.hash)
        .where(RevisionRow.document == document, RevisionRow.label == label, PageRow.page == row.page)
        .order_by(PageRow.number)
    )
    found = session.execute(query).first()
    if found is None:
        raise NotFound("The hub has no such page.", code="not_found")
    return found[0], found[1], found[2]


@router.post(
    ROUTES["desk_remark_answer"],
    summary="Answer a remark, and close it",
    response_model=RemarkAnswerReply,
    responses=documented("not_found", "needs_reason", "answered", *SEATED),
    openapi_extra=with_body(RemarkAnswerAsk),
)
def reply(caller: Desk) -> Response:
    """Whoever made the remark reads the answer when they next tap their badge."""
    ask = RemarkAnswerAsk.read(caller.body)
    with caller.hub.store.write() as session:
        acting = acting_at(session, caller, ask, ask.answer.strip())
        outcome = remarks.answer(acting, ask.code, ask.verdict)
    return answer(RemarkAnswerReply(outcome=outcome.value))
