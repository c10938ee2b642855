"""The desk's routes on exposure; asking is on record nowhere, as nothing changes by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Response

from app.hub import auditors, exposure_report
from app.hub.acting import Task
from app.hub.api.desk import SEATED, Desk, acting_at, answer, with_body
from app.hub.api.problems import documented
from app.wire.desk_exposure import (
    By,
    ExposedPage,
    ExposedPagesAsk,
    ExposedPagesReply,
    ExposureAsk,
    ExposureColumn,
    ExposureReply,
    ExposureRow,
)
from app.wire.messages import ROUTES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.hub.exposure_report import Exposure

router = APIRouter(tags=["desk"])


@router.post(
    ROUTES["desk_exposure"],
    summary="Which share of the know-how each person, kiosk, station, line or the site was ever given",
    response_model=ExposureReply,
    responses=documented(*SEATED),
    openapi_extra=with_body(ExposureAsk),
)
def table(caller: Desk) -> Response:
    """Shares are of the confidential pages in force, of each client and of each part."""
    ask = ExposureAsk.read(caller.body)
    with caller.hub.store.read() as session:
        acting = acting_at(session, caller, ask, auditors=True)
        acting.require(Task.EXPOSURE)
        mine = auditors.own(acting)
        tables: list[tuple[Exposure, Callable[[str], str]]]
        if mine is None or ask.by is not By.PERSON:
            tables = [(exposure_report.exposure(session, ask.by.value, mine), _as_is)]
        else:  # each client knows a person by another pseudonym
            tables = [
                (
                    exposure_report.exposure(session, ask.by.value, [client]),
                    auditors.namer(acting, caller.hub.home, client),
                )
                for client in sorted(mine)
            ]
    return answer(_joined(ask.by, tables))


def _as_is(code: str) -> str:
    return code


def _joined(by: By, tables: Sequence[tuple[Exposure, Callable[[str], str]]]) -> ExposureReply:
    """The tables side by side; a person who is told by a pseudonym has no other name."""
    columns = [column for table, _ in tables for column in table.columns]
    rows, before = [], 0
    for table, name in tables:
        after = len(columns) - before - len(table.columns)
        for row in table.rows:
            code = name(row.code)
            rows.append(
                ExposureRow(
                    code=code,
                    name=row.name if code == row.code else code,
                    given=(*(0,) * before, *(one.seen for one in row.shares), *(0,) * after),
                )
            )
        before += len(table.columns)
    return ExposureReply(
        by=by,
        columns=tuple(
            ExposureColumn(client=one.client, part=one.part, pages=one.pages, limit=one.limit)
            for one in columns
        ),
        rows=tuple(rows),
    )


@router.post(
    ROUTES["desk_exposed_pages"],
    summary="The pages behind one share",
    response_model=ExposedPagesReply,
    responses=documented("not_found", *SEATED),
    openapi_extra=with_body(ExposedPagesAsk),
)
def pages(caller: Desk) -> Response:
    """Each confidential page in force, and whether it was given; of persons and kiosks also when."""
    ask = ExposedPagesAsk.read(caller.body)
    with caller.hub.store.read() as session:
        acting = acting_at(session, caller, ask, auditors=True)
        acting.require(Task.EXPOSURE)
        auditors.need_own(acting, ask.client)
        code = ask.code
        if ask.by is By.PERSON:
            name = auditors.namer(acting, caller.hub.home, ask.client)
            code = auditors.named(session, name, ask.client, code)
        found = exposure_report.pages_given(session, ask.by.value, code, ask.client, ask.part)
    return answer(
        ExposedPagesReply(
            pages=tuple(
                ExposedPage(
                    document=one.document, revision=one.revision, number=one.number, label=one.label,
                    classification=one.classification, given=one.given, views=one.views, first=one.first,
                    last=one.last,
                )
                for one in found
            )
        )
    )  # fmt: skip
