"""Publishing: a PDF and its page map become a revision of sealed pages, in one transaction at the end.

Failure policy: the PDF is split in a sandboxed worker (``app.pages``); each page is sealed as it arrives, so
that no plain page is kept; ciphertext waits in an unnamed file of the hub's folder. Whatever happens before
the final transaction - a refused page, a full disk, kill -9 - leaves nothing behind. The same file with the
same map twice is one revision.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.hub import plant
from app.hub.acting import Acting, Task
from app.hub.clips import check_clips, seal_clips, store_clips, told_apart
from app.hub.comparison import ChangeTold, Compared, compare, find_former, keep
from app.hub.documents import check_start, put_in_force, status_at
from app.hub.editions import check_edition
from app.hub.lookup import check_code, check_name, need
from app.hub.schema import (
    Badge,
    Client,
    Document,
    Line,
    PageRow,
    PageStation,
    Part,
    RevisionRow,
    StationPart,
    StationRow,
)
from app.hub.schema_steps import StepRow
from app.hub.waiting import Waiting
from app.model.errors import NotFound, Refused, Unavailable
from app.model.terms import ALL_STATIONS, Classification, CredentialKind, RevisionStatus
from app.pages.maps import write_map
from app.pages.splitting import split_document
from app.pages.steps import write_steps
from app.seal.encoding import sha256

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.orm import Session

    from app.hub.clips import Clip, SealedClip
    from app.hub.waiting import Sealed
    from app.pages.maps import MapRow
    from app.pages.splitting import SplitPage, SplitReport
    from app.pages.steps import StepRow as StepTold

_CHUNK = 1 << 20


@dataclass(frozen=True)
class Wanted:
    """What is to be published. ``release`` False keeps it approved; ``start`` None releases it now.

    ``add_stations`` names the line under which stations of the map that do not exist are made.
    """

    pdf: Path
    rows: tuple[MapRow, ...]
    client: str
    part: str
    document: str
    revision: str
    title: str = ""
    classification: Classification = Classification.STANDARD
    training_required: bool = False
    language: str = ""
    translates: str = ""
    release: bool = True
    start: datetime | None = None
    add_stations: str = ""
    steps: tuple[StepTold, ...] = ()
    clips: tuple[Clip, ...] = ()

    @property
    def key(self) -> str:
        """``DOCUMENT/LABEL``."""
        return f"{self.document}/{self.revision}"

    @property
    def map_hash(self) -> str:
        """The SHA-256 of the page map's canonical text."""
        return sha256(write_map(self.rows).encode())

    @property
    def steps_hash(self) -> str:
        """The SHA-256 of the step list's canonical text; "" for none."""
        return sha256(write_steps(self.steps).encode()) if self.steps else ""

    @cached_property
    def clips_hash(self) -> str:
        """What tells one set of clips from another; "" for none."""
        return told_apart(self.clips, file_hash)

    def stations_of(self, page: int) -> frozenset[str]:
        """The stations whose rows hold the page; empty where it is for nobody."""
        return frozenset(r.station_code for r in self.rows if r.first_page <= page <= r.last_page)


@dataclass(frozen=True)
class PageTold:
    """A published page in the report. Costs are milliseconds of one render at 4K."""

    number: int
    label: str
    form: str
    cost_ms: float
    original_cost_ms: float
    remark: str
    stations: tuple[str, ...]


@dataclass
class Published:
    """The report of a publication. ``new`` is False where the same file was published before.

    ``former`` is the revision that the pages were compared with, "" for none; ``changes`` is what came of it.
    """

    new: bool
    key: str
    status: str
    pages: int
    superseded: list[str] = field(default_factory=list)
    told: list[PageTold] = field(default_factory=list)
    left_out: list[int] = field(default_factory=list)
    former: str = ""
    changes: list[ChangeTold] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    stations_added: list[str] = field(default_factory=list)
    steps: int = 0
    clips: int = 0


@dataclass(frozen=True, repr=False)
class _Sealed:
    """A sealed page, without its bytes."""

    page: SplitPage
    box: Sealed


def publish(
    wanted: Wanted,
    *,
    folder: Path,
    wrap: bytes,
    begin: Callable[[], AbstractContextManager[Acting]],
    rehearse: Callable[[], AbstractContextManager[Acting]],
    on_progress: Callable[[int, int, str], None] = lambda _done, _total, _what: None,
) -> Published:
    """Publish ``wanted``. ``folder`` is where ciphertext waits, ``wrap`` the hub's wrap key.

    Raises:
        Refused: the actor may not; the map, the PDF or a page cannot be used; or the revision exists and was
            made from something else.
        NotFound: client, part, line or file does not exist.
        Unavailable: the disk is full, or the database does not answer.
    """
    source = file_hash(wanted.pdf)
    with rehearse() as acting:
        known = _known(acting, wanted, source)
        if known is not None:
            return known
        _prepare(acting, wanted)
        former = find_former(acting.session, wanted.document, wanted.start or acting.now)
    with Waiting(folder, wanted.key, wrap) as waiting:
        clips = seal_clips(wanted.clips, waiting, lambda page: bool(wanted.stations_of(page)), on_progress)
        sealed: list[_Sealed] = []
        left_out: list[int] = []

        def take(page: SplitPage) -> None:
            if wanted.stations_of(page.number):
                box = waiting.seal(page.data, f"Page {page.number}")
                sealed.append(_Sealed(replace(page, data=b""), box))
            else:
                left_out.append(page.number)

        report = split_document(wanted.pdf, take=take, on_progress=_checked(wanted, on_progress))
        _check_pages(wanted, report.pages)
        if report.sha256 != source:
            raise Refused("The file changed while it was read.", advice="Publish it again.", code="changed")
        compared = None
        if former is not None:
            on_progress(report.pages, report.pages, f"comparing with revision {former.label}")
            pages = [item.box.plain for item in sealed]
            compared = compare(
                former, pages, lambda index: waiting.opened(sealed[index].box), wrap=wrap, look=rehearse
            )
        on_progress(report.pages, report.pages, "storing")
        with begin() as acting:
            return _store(acting, wanted, source, report, sealed, clips, left_out, waiting, compared)


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file.

    Raises:
        NotFound, Unavailable: it is not there, or cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except FileNotFoundError:
        raise NotFound(f"There is no file {path}.", advice="Check the path.") from None
    except OSError as error:
        raise Unavailable(
            f"The file {path} cannot be read: {error.strerror}.", advice="Check the path and who may read it."
        ) from None
    return digest.hexdigest()


def _checked(wanted: Wanted, on_progress: Callable[[int, int, str], None]) -> Callable[[int, int, str], None]:
    def report(done: int, total: int, what: str) -> None:
        if total > 0:
            _check_pages(wanted, total)  # a map for another document is known at once, not after an hour
        on_progress(done, total, what)

    return report


def _check_pages(wanted: Wanted, pages: int) -> None:
    beyond = [row for row in wanted.rows if row.last_page > pages]
    if beyond:
        raise Refused(
            f"The page map names page {beyond[0].last_page}, but {wanted.pdf.name} has {pages} pages.",
            advice="Check that the map belongs to this file.",
            code="map_beyond",
        )
    past = [step for step in wanted.steps if step.page > pages]
    if past:
        raise Refused(
            f"The step list has step {past[0].code} on page {past[0].page}, "
            f"but {wanted.pdf.name} has {pages} pages.",
            advice="Check that the list belongs to this file.",
            code="steps_beyond",
        )
    check_clips(wanted.clips, pages, wanted.pdf.name)


def _known(acting: Acting, wanted: Wanted, source: str) -> Published | None:
    """Return the report of the same publication made before, or None where there is no such revision."""
    acting.require(Task.DOCUMENTS)
    row = acting.session.scalars(
        select(RevisionRow).where(
            RevisionRow.document == wanted.document, RevisionRow.label == wanted.revision
        )
    ).first()
    if row is None:
        return None
    document = need(acting.session, Document, wanted.document, "document")
    differs = {
        "another file": row.source != source,
        "another page map": row.map_hash != wanted.map_hash,
        "another step list": row.steps_hash != wanted.steps_hash,
        "other clips": row.clips_hash != wanted.clips_hash,
        "another part": document.part != wanted.part,
        f"class {row.classification}": row.classification != wanted.classification.word,
        "another training rule": row.training_required != wanted.training_required,
    }
    if any(differs.values()):
        why = " and ".join(word for word, holds in differs.items() if holds)
        raise Refused(
            f"{wanted.document} revision {wanted.revision} is already published, with {why}.",
            advice="A published revision does not change: give this one a new revision.",
            code="revision_exists",
        )
    pages = acting.session.query(PageRow).where(PageRow.revision == row.id).count()
    return Published(False, wanted.key, status_at(row, acting.now).value, pages)


def _prepare(acting: Acting, wanted: Wanted) -> tuple[list[str], list[str]]:
    """Check everything that the publication refers to. Returns warnings and the stations that were made."""
    session = acting.session
    check_code("document", wanted.document)
    check_code("revision", wanted.revision)
    if wanted.title:
        check_name("title", wanted.title, 300)
    client = need(session, Client, wanted.client, "client")
    part = need(session, Part, wanted.part, "part")
    if part.client != wanted.client:
        raise Refused(
            f"{wanted.part} is a part of {part.client}, not of {wanted.client}.", code="wrong_client"
        )
    known = session.get(Document, wanted.document)
    if known is not None and known.part != wanted.part:
        raise Refused(
            f"{wanted.document} is a document of part {known.part}, not of {wanted.part}.",
            advice="Check --part, or give the document another code.",
            code="wrong_part",
        )
    check_edition(session, wanted.document, wanted.part, wanted.language, wanted.translates)
    if not wanted.rows:
        raise Refused("The page map is empty.", code="empty_map")
    check_start(acting, wanted.start)
    added = _stations(acting, wanted)
    warnings = _warnings(session, wanted)
    if not client.agreement_version:
        warnings.append(
            f"client {client.code} has no agreement in force: nobody sees these pages until it has"
        )
    return warnings, added


def _stations(acting: Acting, wanted: Wanted) -> list[str]:
    """Make, or refuse, the stations of the map that do not exist."""
    names = {row.station_code: row.station_name for row in wanted.rows if row.station_code != ALL_STATIONS}
    known = set(acting.session.scalars(select(StationRow.code).where(StationRow.code.in_(names))))
    missing = [code for code in names if code not in known]
    if not missing:
        return []
    if not wanted.add_stations:
        raise NotFound(
            f"The page map names stations that do not exist: {', '.join(missing)}.",
            advice="Correct the map, add them (stationleaf admin station add), or give --add-stations LINE.",
            code="unknown_stations",
        )
    need(acting.session, Line, wanted.add_stations, "line")
    for code in missing:
        plant.put_station(
            acting, station=code, name=names[code] or code, line=wanted.add_stations, parts=(wanted.part,)
        )
    return missing


def _warnings(session: Session, wanted: Wanted) -> list[str]:
    runs = set(session.scalars(select(StationPart.station).where(StationPart.part == wanted.part)))
    named = {row.station_code for row in wanted.rows}
    told = [
        f"part {wanted.part} does not run on station {code}: its pages are not shown there"
        for code in sorted(named - runs - {ALL_STATIONS})
    ]
    if ALL_STATIONS in named and not runs:
        told.append(f"part {wanted.part} runs on no station: pages for {ALL_STATIONS} are shown nowhere")
    low = session.execute(
        select(StationRow.code, StationRow.ceiling).where(StationRow.code.in_(named & runs))
    ).all()
    told += [
        f"station {code} shows no more than {ceiling}: these {wanted.classification.word} pages are not shown"
        for code, ceiling in sorted((row.code, row.ceiling) for row in low)
        if Classification.parse(ceiling) < wanted.classification
    ]
    told += [
        f"step {step.code} is on page {step.page}, which no row of the map holds: nobody can confirm it"
        for step in wanted.steps
        if not wanted.stations_of(step.page)
    ]
    told += [
        f"the clip of page {clip.page} is left out with its page, which no row of the map holds"
        for clip in wanted.clips
        if not wanted.stations_of(clip.page)
    ]
    if not _anybody_may_open(session, wanted.classification):
        most = CredentialKind.UID.ceiling.word
        word = wanted.classification.word
        told.append(
            f"no badge that is issued opens {word} pages: one without a PIN opens no more than {most}"
        )
    return told


def _anybody_may_open(session: Session, classification: Classification) -> bool:
    kinds = [kind.value for kind in CredentialKind if classification <= kind.ceiling]
    return session.scalars(select(Badge.id).where(Badge.active, Badge.kind.in_(kinds))).first() is not None


def _store(
    acting: Acting,
    wanted: Wanted,
    source: str,
    report: SplitReport,
    sealed: Sequence[_Sealed],
    clips: Sequence[SealedClip],
    left_out: list[int],
    waiting: Waiting,
    compared: Compared | None,
) -> Published:
    known = _known(acting, wanted, source)  # somebody else may have published it meanwhile
    if known is not None:
        return known
    warnings, added = _prepare(acting, wanted)
    session = acting.session
    if compared is not None:
        was = session.get_one(RevisionRow, compared.former.revision)
        if was.clips_hash != wanted.clips_hash:
            warnings.append(f"the clips are not those of revision {was.label}: they are not compared")
    title = wanted.title or report.title[:300].strip() or wanted.document
    document = session.get(Document, wanted.document)
    if document is None:
        session.add(Document(code=wanted.document, part=wanted.part, title=title))
    elif wanted.title:
        document.title = title
    told = [_told(item.page, wanted) for item in sealed]
    former = compared.former.label if compared is not None else ""
    changes = compared.told([item.page.number for item in sealed]) if compared is not None else []
    row = RevisionRow(
        document=wanted.document, label=wanted.revision, status=RevisionStatus.APPROVED.value,
        classification=wanted.classification.word, training_required=wanted.training_required,
        language=wanted.language, translates=wanted.translates, source=source, map_hash=wanted.map_hash,
        steps_hash=wanted.steps_hash, clips_hash=wanted.clips_hash, published=acting.now,
        by=acting.by.person,
        report=_report(told, left_out, warnings) | {"former": former, "changes": list(map(asdict, changes))},
    )  # fmt: skip
    session.add(row)
    session.flush()
    superseded = put_in_force(acting, row, wanted.start or acting.now) if wanted.release else []
    pages = [_store_page(session, row.id, item, wanted, waiting) for item in sealed]
    rows = dict(zip((item.page.number for item in sealed), pages, strict=True))
    store_clips(session, clips, waiting, rows.__getitem__)
    if compared is not None:
        keep(session, row.id, compared, pages)
    session.add_all(
        StepRow(
            revision=row.id, code=step.code, place=place, page=step.page, title=step.title, sign=step.sign
        )
        for place, step in enumerate(wanted.steps, 1)
    )
    after = {
        "source": source, "map": wanted.map_hash, "class": wanted.classification.word, "pages": len(sealed),
        "steps": len(wanted.steps), "clips": len(clips), "status": row.status,
    }  # fmt: skip
    acting.record("revision.publish", wanted.key, None, after)
    return Published(
        True, wanted.key, status_at(row, acting.now).value, len(sealed), superseded, told, left_out, former,
        changes, warnings, added, len(wanted.steps), len(clips),
    )  # fmt: skip


def _store_page(session: Session, revision: int, item: _Sealed, wanted: Wanted, waiting: Waiting) -> int:
    waiting.store(session, item.box)
    row = PageRow(
        revision=revision, number=item.page.number, page=item.box.plain, blob=item.box.blob, key=item.box.key,
        label=item.page.label[:300], width_mpt=item.page.width_mpt, height_mpt=item.page.height_mpt,
        cost_us=round(item.page.cost_ms * 1000), form=item.page.form,
    )  # fmt: skip
    session.add(row)
    session.flush()
    stations = wanted.stations_of(item.page.number)
    session.add_all(PageStation(page=row.id, station=station) for station in sorted(stations))
    return row.id


def _told(page: SplitPage, wanted: Wanted) -> PageTold:
    return PageTold(
        page.number, page.label, page.form, page.cost_ms, page.original_cost_ms, page.remark,
        tuple(sorted(wanted.stations_of(page.number))),
    )  # fmt: skip


def _report(told: Sequence[PageTold], left_out: list[int], warnings: list[str]) -> dict[str, Any]:
    return {
        "left_out": left_out,
        "warnings": warnings,
        "changed": [
            {"page": page.number, "form": page.form, "cost_ms": page.cost_ms,
             "original_cost_ms": page.original_cost_ms, "remark": page.remark}
            for page in told
            if page.remark or page.form != "as drawn"
        ],
    }  # fmt: skip
