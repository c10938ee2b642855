"""The hub's tables (SQLAlchemy 2). Names follow the terms of the plant; rules live elsewhere.

Times are stored as UTC without offset by ``UtcTime`` and come back aware. Every change of these tables is a
new Alembic migration in ``app/hub/migrations``; a test holds the two equal.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.hub import (
    schema_audit,  # noqa: F401 (its table is one of these)
    schema_calls,  # noqa: F401 (its table is one of these)
    schema_clips,  # noqa: F401 (its table is one of these)
    schema_exposure,  # noqa: F401 (its tables are some of these)
    schema_grants,  # noqa: F401 (its table is one of these)
    schema_log,  # noqa: F401 (its tables are some of these)
    schema_remarks,  # noqa: F401 (its table is one of these)
    schema_steps,  # noqa: F401 (its tables belong to the metadata)
)
from app.hub.schema_agreements import (  # noqa: F401 (tables of the same database)
    Agreement,
    AgreementPageRow,
    AgreementVersion,
)
from app.hub.schema_base import CODE, HASH, Base


class Setting(Base):
    """A named value of the hub: site code, ceilings, policy, badge format."""

    __tablename__ = "setting"
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)


class Site(Base):
    """A site (ISA-95)."""

    __tablename__ = "site"
    code: Mapped[str] = mapped_column(CODE, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))


class Line(Base):
    """A line (work center) in an area of a site."""

    __tablename__ = "line"
    code: Mapped[str] = mapped_column(CODE, primary_key=True)
    site: Mapped[str] = mapped_column(ForeignKey("site.code"))
    area: Mapped[str] = mapped_column(String(200), default="")
    name: Mapped[str] = mapped_column(String(200))


class StationRow(Base):
    """A station (work unit)."""

    __tablename__ = "station"
    code: Mapped[str] = mapped_column(CODE, primary_key=True)
    line: Mapped[str] = mapped_column(ForeignKey("line.code"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    ceiling: Mapped[str] = mapped_column(String(16), default="standard")
    takt_seconds: Mapped[int | None] = mapped_column(default=None)


class StationPart(Base):
    """Which parts run on a station."""

    __tablename__ = "station_part"
    station: Mapped[str] = mapped_column(ForeignKey("station.code"), primary_key=True)
    part: Mapped[str] = mapped_column(ForeignKey("part.code"), primary_key=True)


class Client(Base):
    """A client, the agreement version in force, and how long its pages may be read without the hub.

    Limits are in per cent of its confidential pages, None for none: ``exposure_limit`` of each person and
    kiosk, ``line_limit`` of a line, ``site_limit`` of the site.

    ``sign_steps``: a confirmation of any step of its documents is an electronic signature.
    """

    __tablename__ = "client"
    code: Mapped[str] = mapped_column(CODE, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    agreement_version: Mapped[str] = mapped_column(CODE)
    offline_hours: Mapped[int] = mapped_column(default=72)
    restricted_hours: Mapped[int] = mapped_column(default=12)
    exposure_limit: Mapped[int | None] = mapped_column(default=None)
    line_limit: Mapped[int | None] = mapped_column(default=None)
    site_limit: Mapped[int | None] = mapped_column(default=None)
    sign_steps: Mapped[bool] = mapped_column(default=False, server_default=false())


class Part(Base):
    """A client's part: what is built."""

    __tablename__ = "part"
    code: Mapped[str] = mapped_column(CODE, primary_key=True)
    client: Mapped[str] = mapped_column(ForeignKey("client.code"))
    name: Mapped[str] = mapped_column(String(200))


class PersonRow(Base):
    """A person. ``text_size``: how large their letters are at a kiosk, per cent."""

    __tablename__ = "person"
    code: Mapped[str] = mapped_column(CODE, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    ceiling: Mapped[str] = mapped_column(String(16), default="standard")
    language: Mapped[str] = mapped_column(String(16), default="en")
    text_size: Mapped[int] = mapped_column(default=100, server_default="100")


class PersonRole(Base):
    """A role that a person holds."""

    __tablename__ = "person_role"
    person: Mapped[str] = mapped_column(ForeignKey("person.code"), primary_key=True)
    role: Mapped[str] = mapped_column(String(16), primary_key=True)


class SupervisedLine(Base):
    """A line that a person supervises."""

    __tablename__ = "supervised_line"
    person: Mapped[str] = mapped_column(ForeignKey("person.code"), primary_key=True)
    line: Mapped[str] = mapped_column(ForeignKey("line.code"), primary_key=True)


class Badge(Base):
    """A badge: only the HMAC of its number and its last characters are kept, with the slot it opens.

    ``kind`` is a ``CredentialKind``; the slot's columns are those of ``app.seal.slot.Slot``.
    """

    __tablename__ = "badge"
    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("person.code"), index=True)
    hmac: Mapped[str] = mapped_column(HASH, unique=True)
    tail: Mapped[str] = mapped_column(String(4))
    active: Mapped[bool] = mapped_column(default=True)
    issued: Mapped[datetime]
    revoked: Mapped[datetime | None] = mapped_column(default=None)
    kind: Mapped[str] = mapped_column(String(16))
    slot_tag: Mapped[bytes] = mapped_column(LargeBinary)
    slot_salt: Mapped[bytes] = mapped_column(LargeBinary)
    slot_box: Mapped[bytes] = mapped_column(LargeBinary)
    seal_public: Mapped[bytes] = mapped_column(LargeBinary)
    sign_public: Mapped[bytes] = mapped_column(LargeBinary)


class AssignmentRow(Base):
    """An assignment, by whom and why. A change ends one row and adds another: history stays."""

    __tablename__ = "assignment"
    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("person.code"), index=True)
    station: Mapped[str] = mapped_column(ForeignKey("station.code"), index=True)
    start: Mapped[datetime]
    end: Mapped[datetime | None] = mapped_column(default=None)
    kind: Mapped[str] = mapped_column(String(16))
    by: Mapped[str] = mapped_column(CODE)
    reason: Mapped[str] = mapped_column(Text, default="")
    made: Mapped[datetime]


class TrainingRow(Base):
    """A person is trained on a revision of a document."""

    __tablename__ = "training"
    person: Mapped[str] = mapped_column(ForeignKey("person.code"), primary_key=True)
    document: Mapped[str] = mapped_column(CODE, primary_key=True)
    revision: Mapped[str] = mapped_column(CODE, primary_key=True)
    until: Mapped[datetime | None] = mapped_column(default=None)


class Document(Base):
    """A controlled document (work instruction) of one part."""

    __tablename__ = "document"
    code: Mapped[str] = mapped_column(CODE, primary_key=True)
    part: Mapped[str] = mapped_column(ForeignKey("part.code"), index=True)
    title: Mapped[str] = mapped_column(String(300), default="")


class RevisionRow(Base):
    """A revision. ``source`` is the SHA-256 of the published file, ``map_hash`` that of its page map,
    ``steps_hash`` that of its step list and ``clips_hash`` that of its clips ("" for none).

    ``language`` is a BCP 47 tag, empty where nobody said it; ``translates`` the document of which this is a
    translation, "" for none.
    """

    __tablename__ = "revision"
    id: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[str] = mapped_column(ForeignKey("document.code"))
    label: Mapped[str] = mapped_column(CODE)
    status: Mapped[str] = mapped_column(String(16))
    classification: Mapped[str] = mapped_column(String(16))
    training_required: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(16), default="", server_default="")
    translates: Mapped[str] = mapped_column(CODE, default="", server_default="")
    source: Mapped[str] = mapped_column(HASH)
    map_hash: Mapped[str] = mapped_column(HASH)
    steps_hash: Mapped[str] = mapped_column(HASH, default="", server_default="")
    clips_hash: Mapped[str] = mapped_column(HASH, default="", server_default="")
    effective_from: Mapped[datetime | None] = mapped_column(default=None)
    effective_until: Mapped[datetime | None] = mapped_column(default=None)
    published: Mapped[datetime]
    by: Mapped[str] = mapped_column(CODE)
    report: Mapped[Any] = mapped_column(JSON, default=dict)
    __table_args__ = (UniqueConstraint("document", "label"),)


class PageRow(Base):
    """A page of a revision: the hash of its bytes, its sealed object and its wrapped page key.

    ``width_mpt`` and ``height_mpt`` are in 1/1000 point; ``cost_us`` is the measured 4K render in µs.
    """

    __tablename__ = "page"
    id: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(ForeignKey("revision.id"), index=True)
    number: Mapped[int]
    page: Mapped[str] = mapped_column(HASH, index=True)
    blob: Mapped[str] = mapped_column(ForeignKey("blob.hash"), index=True)
    key: Mapped[bytes] = mapped_column(LargeBinary)
    label: Mapped[str] = mapped_column(String(300), default="")
    width_mpt: Mapped[int]
    height_mpt: Mapped[int]
    cost_us: Mapped[int]
    form: Mapped[str] = mapped_column(String(16))
    __table_args__ = (UniqueConstraint("revision", "number"),)


class PageStation(Base):
    """A station that needs a page, or ``ALL``. Several rows of a map may name the same page."""

    __tablename__ = "page_station"
    page: Mapped[int] = mapped_column(ForeignKey("page.id"), primary_key=True)
    station: Mapped[str] = mapped_column(CODE, primary_key=True)


class Comparison(Base):
    """A revision was compared with ``former``, the one before it."""

    __tablename__ = "comparison"
    revision: Mapped[int] = mapped_column(ForeignKey("revision.id"), primary_key=True)
    former: Mapped[int] = mapped_column(ForeignKey("revision.id"))


class PageChangeRow(Base):
    """A page that changed from ``former`` to ``page``; one of them is None where it was added, or is gone.

    ``gone`` and ``come`` are the changed regions on the old and the new page, as boxes of left, top, right,
    bottom in 1/10,000 of the page. ``compared`` False: the two could not be compared.
    """

    __tablename__ = "page_change"
    id: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(ForeignKey("comparison.revision"), index=True)
    page: Mapped[int | None] = mapped_column(ForeignKey("page.id"), default=None)
    former: Mapped[int | None] = mapped_column(ForeignKey("page.id"), default=None)
    gone: Mapped[Any] = mapped_column(JSON)
    come: Mapped[Any] = mapped_column(JSON)
    compared: Mapped[bool] = mapped_column(default=True)


class Blob(Base):
    """A sealed page or clip; ``hash`` is the SHA-256 of the ciphertext."""

    __tablename__ = "blob"
    hash: Mapped[str] = mapped_column(HASH, primary_key=True)
    size: Mapped[int]
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class KioskRow(Base):
    """An enrolled device. ``held`` and ``held_hash`` are the head of its event chain in ``epoch``.

    ``counter`` is the highest request counter accepted; bit *i* of ``counters_seen`` says whether
    ``counter - i`` was accepted too. ``waiting`` events and ``pulled`` pages are as the kiosk told last.
    """

    __tablename__ = "kiosk"
    code: Mapped[str] = mapped_column(CODE, primary_key=True)
    station: Mapped[str] = mapped_column(ForeignKey("station.code"), index=True)
    status: Mapped[str] = mapped_column(String(16))
    sign_key: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    seal_key: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    device: Mapped[str] = mapped_column(String(200), default="")
    check_number: Mapped[str] = mapped_column(String(6), default="")
    requested_by: Mapped[str] = mapped_column(CODE, default="")
    approved_by: Mapped[str] = mapped_column(CODE, default="")
    epoch: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(BigInteger, default=0)
    held_hash: Mapped[str] = mapped_column(HASH, default="")
    counter: Mapped[int] = mapped_column(BigInteger, default=0)
    counters_seen: Mapped[int] = mapped_column(BigInteger, default=0)
    enrolled: Mapped[datetime | None] = mapped_column(default=None)
    seen: Mapped[datetime | None] = mapped_column(default=None)
    waiting: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    pulled: Mapped[int | None] = mapped_column(default=None)


class EnrolCodeRow(Base):
    """A one-time enrolment code, stored hashed."""

    __tablename__ = "enrol_code"
    hash: Mapped[str] = mapped_column(HASH, primary_key=True)
    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosk.code"))
    by: Mapped[str] = mapped_column(CODE)
    expires: Mapped[datetime]
    used: Mapped[datetime | None] = mapped_column(default=None)


class PinCodeRow(Base):
    """A person's newest one-time code for setting a PIN, as an HMAC; ``tries`` counts wrong ones."""

    __tablename__ = "pin_code"
    person: Mapped[str] = mapped_column(ForeignKey("person.code"), primary_key=True)
    hash: Mapped[str] = mapped_column(HASH)
    by: Mapped[str] = mapped_column(CODE)
    expires: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    used: Mapped[datetime | None] = mapped_column(default=None)


class LeaseRow(Base):
    """A lease that was issued. ``content`` is the hash of what it says apart from number and times."""

    __tablename__ = "lease"
    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosk.code"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    payload_hash: Mapped[str] = mapped_column(HASH)
    content: Mapped[str] = mapped_column(HASH)
    envelope: Mapped[bytes] = mapped_column(LargeBinary)
    manifest: Mapped[str] = mapped_column(HASH)
    issued: Mapped[datetime]
    expires: Mapped[datetime]


class ManifestRow(Base):
    """A manifest's exact text, by hash; shared by leases that say the same."""

    __tablename__ = "manifest"
    hash: Mapped[str] = mapped_column(HASH, primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class ManifestBlob(Base):
    """Which blobs a manifest lists: what ``GET /v1/blob`` asks."""

    __tablename__ = "manifest_blob"
    manifest: Mapped[str] = mapped_column(ForeignKey("manifest.hash"), primary_key=True)
    blob: Mapped[str] = mapped_column(HASH, primary_key=True)


def _given(name: str) -> dict[str, Any]:
    """For an index that has only the rows in which a column is not empty: few of them have a unit."""
    given = text(f"{name} != ''")
    return {"sqlite_where": given, "postgresql_where": given}


class EventRow(Base):
    """An event accepted from a kiosk: its exact bytes, and the columns that people ask for.

    ``site_index`` and ``client_index`` are its places in the site's log and in its client's (``LogRow``).
    """

    __tablename__ = "event"
    id: Mapped[int] = mapped_column(primary_key=True)
    kiosk: Mapped[str] = mapped_column(CODE)
    epoch: Mapped[int]
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(HASH)
    kind: Mapped[str] = mapped_column(String(32))
    person: Mapped[str] = mapped_column(CODE, index=True)
    station: Mapped[str] = mapped_column(CODE)
    client: Mapped[str] = mapped_column(CODE)
    page: Mapped[str] = mapped_column(HASH, index=True)
    revision: Mapped[str] = mapped_column(String(130))
    unit: Mapped[str] = mapped_column(CODE, default="", server_default="")
    order: Mapped[str] = mapped_column("work_order", CODE, default="", server_default="")
    wall: Mapped[datetime]
    received: Mapped[datetime]
    data: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    site_index: Mapped[int | None] = mapped_column(BigInteger, default=None)
    client_index: Mapped[int | None] = mapped_column(BigInteger, default=None)
    __table_args__ = (
        UniqueConstraint("kiosk", "epoch", "seq"),
        Index("ix_event_wall", "wall"),
        Index("ix_event_kind_wall", "kind", "wall"),
        *(Index(f"ix_event_{name}", name, **_given(name)) for name in ("unit", "work_order")),
        Index("ix_event_site_index", "site_index", unique=True),
        Index("ix_event_client_index", "client", "client_index", unique=True),
    )


class ReviewVerdict(Base):
    """Quality's verdict on a case of the review queue (``review.case_code``); it counts once confirmed."""

    __tablename__ = "review_verdict"
    code: Mapped[str] = mapped_column(String(200), primary_key=True)
    verdict: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(CODE)
    at: Mapped[datetime]
    confirmed_by: Mapped[str] = mapped_column(CODE, default="")
    confirmed: Mapped[datetime | None] = mapped_column(default=None)


class ChangeRow(Base):
    """An administrative act at the hub: who did what to which thing, with before and after."""

    __tablename__ = "change"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(CODE)
    act: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(200))
    before: Mapped[Any] = mapped_column(JSON)
    after: Mapped[Any] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text, default="")
    __table_args__ = (Index("ix_change_act_subject", "act", "subject"),)


class RevocationRow(Base):
    """Something was taken back at the hub. ``kind`` and ``code`` say what; ``lifted`` when that was undone.

    ``code`` of a badge is its person's, of a revision ``DOCUMENT/LABEL``.
    """

    __tablename__ = "revocation"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    code: Mapped[str] = mapped_column(String(130))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(CODE)
    reason: Mapped[str] = mapped_column(Text, default="")
    lifted: Mapped[datetime | None] = mapped_column(default=None)
    lifted_by: Mapped[str] = mapped_column(CODE, default="")
    __table_args__ = (Index("ix_revocation_kind_code", "kind", "code"),)


class RevocationHolder(Base):
    """A device that could hold what was revoked: by its leases ``first`` to ``last``, until ``until``.

    ``pages`` is how many pages it could hold of it. Written with the revocation and never changed: what came
    of it is in the device's journal.
    """

    __tablename__ = "revocation_holder"
    revocation: Mapped[int] = mapped_column(ForeignKey("revocation.id"), primary_key=True)
    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosk.code"), primary_key=True)
    epoch: Mapped[int] = mapped_column(primary_key=True)
    first: Mapped[int]
    last: Mapped[int]
    pages: Mapped[int]
    until: Mapped[datetime]
    __table_args__ = (Index("ix_revocation_holder_kiosk", "kiosk"),)


class AlarmRow(Base):
    """Something that quality must look at: a fork, a hole, a damaged row."""

    __tablename__ = "alarm"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    kiosk: Mapped[str] = mapped_column(CODE, index=True)
    kind: Mapped[str] = mapped_column(String(32))
    detail: Mapped[Any] = mapped_column(JSON)


class TableMark(Base):
    """The mark of a table (``remembered``): a random number, another one when a row of it changed."""

    __tablename__ = "table_mark"
    name: Mapped[str] = mapped_column(CODE, primary_key=True)
    mark: Mapped[int] = mapped_column(BigInteger)
