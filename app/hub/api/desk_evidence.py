"""The desk's routes on evidence: the clients' logs as they are, and bundles, which are made by jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Response
from sqlalchemy import select

from app.hub import auditors, evidence, log_heads
from app.hub.acting import Task
from app.hub.api.desk import SEATED, Desk, acting_at, answer, with_body
from app.hub.api.problems import documented
from app.hub.cosigning import cosigned
from app.hub.schema import Client
from app.hub.settings import setting
from app.model.errors import NotFound
from app.seal.cosignature import Witness
from app.seal.note import NoteKey
from app.wire.desk_evidence import (
    BUNDLE_PIECE_BYTES,
    BundleAsk,
    BundleJobAsk,
    BundlePieceAsk,
    BundleReply,
    ClientRecords,
    Cosigned,
    RecordsAsk,
    RecordsReply,
)
from app.wire.messages import BUNDLE_MEDIA, ROUTES

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.hub.acting import Acting
    from app.hub.bundle_jobs import Job
    from app.hub.home import Home
    from app.wire.desk import Ask

router = APIRouter(tags=["desk"])


def _acting(session: Session, caller: Desk, ask: Ask) -> Acting:
    """Whoever asks: an auditor, of the own clients, or quality."""
    acting = acting_at(session, caller, ask, auditors=True)
    if not acting.by.only_audits:
        acting.require(Task.REVIEW)
    return acting


@router.post(
    ROUTES["desk_records"],
    summary="The clients' logs as they are now",
    response_model=RecordsReply,
    responses=documented("log_damaged", *SEATED),
    openapi_extra=with_body(RecordsAsk),
)
def records(caller: Desk) -> Response:
    """With each its checkpoint, signed now, the key to check it by, and what witnesses cosigned."""
    ask = RecordsAsk.read(caller.body)
    with caller.hub.store.read() as session:
        mine = auditors.own(_acting(session, caller, ask))
        rows = session.scalars(select(Client).order_by(Client.code)).all()
        told = [_log_of(session, caller.hub.home, row) for row in rows if mine is None or row.code in mine]
    return answer(RecordsReply(clients=tuple(told)))


def _log_of(session: Session, home: Home, client: Client) -> ClientRecords:
    now = log_heads.head(session, home, client.code)
    return ClientRecords(
        client=client.code, name=client.name, size=now.checkpoint.size, checkpoint=now.note.decode(),
        key=NoteKey(now.checkpoint.origin, home.keys.log.public).vkey,
        cosigned=tuple(
            Cosigned(witness=Witness.read(row.witness).name, size=row.size, taken=row.taken)
            for row in cosigned(session, client.code)
        ),
        pseudonyms=bool(setting(session, "evidence_pseudonyms")),
    )  # fmt: skip


@router.post(
    ROUTES["desk_bundle"],
    summary="Begin an evidence bundle of a client",
    response_model=BundleReply,
    responses=documented("not_found", "making", "no_events", *SEATED),
    openapi_extra=with_body(BundleAsk),
)
def bundle(caller: Desk) -> Response:
    """As `stationleaf admin evidence` makes it, by a process of its own. The hub makes one at a time."""
    ask = BundleAsk.read(caller.body)
    asked = evidence.Asked(ask.client, ask.start, ask.end)
    with caller.hub.store.read() as session:
        acting = _acting(session, caller, ask)
        auditors.need_own(acting, ask.client)
        count = evidence.entries_of(session, asked)
    return _told(caller.hub.jobs.begin(caller.hub.home, acting.by.person, asked, count, caller.now))


@router.post(
    ROUTES["desk_bundle_job"],
    summary="How far a bundle is, or that it is not wanted any more",
    response_model=BundleReply,
    responses=documented("not_found", *SEATED),
    openapi_extra=with_body(BundleJobAsk),
)
def bundle_job(caller: Desk) -> Response:
    """One that nobody asks about for two minutes is not made to its end."""
    ask = BundleJobAsk.read(caller.body)
    with caller.hub.store.read() as session:
        job = _job(session, caller, ask)
    if ask.drop:
        caller.hub.jobs.drop(job)
    return _told(job)


@router.post(
    ROUTES["desk_bundle_piece"],
    summary="A piece of a bundle that is ready",
    response_class=Response,
    responses={200: {"content": {BUNDLE_MEDIA: {}}}, **documented("not_found", *SEATED)},
    openapi_extra=with_body(BundlePieceAsk),
)
def bundle_piece(caller: Desk) -> Response:
    """Its bytes from `at` on, at most 4 MB. That it was handed out is on record before the first."""
    ask = BundlePieceAsk.read(caller.body)
    with caller.hub.store.read() as session:
        job = _job(session, caller, ask)
    made = job.made
    if made is None:
        raise NotFound("That evidence is not ready.", advice="Ask for it anew.")
    if not job.handed:
        with caller.hub.store.write() as session:
            said = {"bundle": made["bundle"], "entries": [made["first"], made["last"]]}
            _acting(session, caller, ask).record("evidence.bundle", job.client, None, said)
        job.handed = True
    return Response(job.piece(ask.at, BUNDLE_PIECE_BYTES), media_type=BUNDLE_MEDIA)


def _job(session: Session, caller: Desk, ask: BundleJobAsk | BundlePieceAsk) -> Job:
    acting = _acting(session, caller, ask)
    job = caller.hub.jobs.get(ask.job, acting.by.person)
    auditors.need_own(acting, job.client)
    return job


def _told(job: Job) -> Response:
    return answer(
        BundleReply(job=job.name, done=job.done, total=job.total, size=job.size, trouble=job.trouble)
    )
