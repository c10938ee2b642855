"""The desk's routes on evidence: the clients' logs as they are, and bundles. Handing one out is on record."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from fastapi import APIRouter, Response
from sqlalchemy import select
from starlette.background import BackgroundTask
from starlette.responses import FileResponse

from app.hub import auditors, evidence, log_heads
from app.hub.acting import Task
from app.hub.api.desk import SEATED, Desk, acting_at, answer, with_body
from app.hub.api.problems import documented
from app.hub.cosigning import cosigned
from app.hub.schema import Client
from app.hub.settings import setting
from app.model.errors import Refused, Unavailable
from app.seal.cosignature import Witness
from app.seal.note import NoteKey
from app.wire.desk_evidence import (
    MAX_BUNDLE_ENTRIES,
    BundleAsk,
    ClientRecords,
    Cosigned,
    RecordsAsk,
    RecordsReply,
)
from app.wire.messages import BUNDLE_MEDIA, ROUTES

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.hub.acting import Acting
    from app.hub.home import Home
    from app.wire.desk import Ask

router = APIRouter(tags=["desk"])
_ONE = Lock()


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
    summary="Make an evidence bundle of a client and hand it out",
    response_class=FileResponse,
    responses={200: {"content": {BUNDLE_MEDIA: {}}}, **documented("not_found", "log_damaged", *SEATED)},
    openapi_extra=with_body(BundleAsk),
)
def bundle(caller: Desk) -> Response:
    """As `stationleaf admin evidence` makes it. The hub makes one at a time, and keeps none."""
    ask = BundleAsk.read(caller.body)
    asked = evidence.Asked(ask.client, ask.start, ask.end)
    store = caller.hub.store
    with store.read() as session:
        auditors.need_own(_acting(session, caller, ask), ask.client)
        count = evidence.entries_of(session, asked)
    if count > MAX_BUNDLE_ENTRIES:
        raise Refused(
            f"That period has {count} entries, and a desk gets {MAX_BUNDLE_ENTRIES} at most.",
            advice="Ask for a shorter period, or the plant for the whole: stationleaf admin evidence.",
        )
    if not _ONE.acquire(blocking=False):
        raise Unavailable("The hub is making another bundle.", advice="Try again in a minute.", code="busy")
    folder = None
    try:
        folder = Path(tempfile.mkdtemp(prefix="stationleaf-evidence-"))
        path = folder / "bundle.zip"
        about = evidence.make(store, caller.hub.home, asked, path, caller.now, lambda *_: None)
        with store.write() as session:
            said = {"bundle": about.bundle, "entries": [about.first, about.last]}
            _acting(session, caller, ask).record("evidence.bundle", ask.client, None, said)
    except BaseException:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    finally:
        _ONE.release()
    return FileResponse(
        path, media_type=BUNDLE_MEDIA, background=BackgroundTask(shutil.rmtree, folder, ignore_errors=True)
    )
