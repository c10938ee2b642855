"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "alarm",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("kiosk", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm")),
    )
    op.create_index(op.f("ix_alarm_kiosk"), "alarm", ["kiosk"], unique=False)
    op.create_table(
        "blob",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_blob")),
    )
    op.create_table(
        "change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("act", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
    )
    op.create_table(
        "client",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("agreement_version", sa.String(length=64), nullable=False),
        sa.Column("offline_hours", sa.Integer(), nullable=False),
        sa.Column("restricted_hours", sa.Integer(), nullable=False),
        sa.Column("exposure_limit", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_client")),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kiosk", sa.String(length=64), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("station", sa.String(length=64), nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("page", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.String(length=130), nullable=False),
        sa.Column("wall", sa.DateTime(), nullable=False),
        sa.Column("received", sa.DateTime(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("kiosk", "epoch", "seq", name=op.f("uq_event_kiosk_epoch_seq")),
    )
    op.create_index("ix_event_kind_wall", "event", ["kind", "wall"], unique=False)
    op.create_index(op.f("ix_event_page"), "event", ["page"], unique=False)
    op.create_index(op.f("ix_event_person"), "event", ["person"], unique=False)
    op.create_index("ix_event_wall", "event", ["wall"], unique=False)
    op.create_table(
        "manifest",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_manifest")),
    )
    op.create_table(
        "person",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("ceiling", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_person")),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    op.create_table(
        "site",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_site")),
    )
    op.create_table(
        "agreement",
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("signed", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["client"], ["client.code"], name=op.f("fk_agreement_client_client")),
        sa.ForeignKeyConstraint(["person"], ["person.code"], name=op.f("fk_agreement_person_person")),
        sa.PrimaryKeyConstraint("person", "client", "version", name=op.f("pk_agreement")),
    )
    op.create_table(
        "badge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("hmac", sa.String(length=64), nullable=False),
        sa.Column("tail", sa.String(length=4), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("issued", sa.DateTime(), nullable=False),
        sa.Column("revoked", sa.DateTime(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("slot_tag", sa.LargeBinary(), nullable=False),
        sa.Column("slot_salt", sa.LargeBinary(), nullable=False),
        sa.Column("slot_box", sa.LargeBinary(), nullable=False),
        sa.Column("seal_public", sa.LargeBinary(), nullable=False),
        sa.Column("sign_public", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.code"], name=op.f("fk_badge_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_badge")),
        sa.UniqueConstraint("hmac", name=op.f("uq_badge_hmac")),
    )
    op.create_index(op.f("ix_badge_person"), "badge", ["person"], unique=False)
    op.create_table(
        "line",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("area", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["site.code"], name=op.f("fk_line_site_site")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_line")),
    )
    op.create_table(
        "manifest_blob",
        sa.Column("manifest", sa.String(length=64), nullable=False),
        sa.Column("blob", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["manifest"], ["manifest.hash"], name=op.f("fk_manifest_blob_manifest_manifest")
        ),
        sa.PrimaryKeyConstraint("manifest", "blob", name=op.f("pk_manifest_blob")),
    )
    op.create_table(
        "part",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["client"], ["client.code"], name=op.f("fk_part_client_client")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_part")),
    )
    op.create_table(
        "person_role",
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.code"], name=op.f("fk_person_role_person_person")),
        sa.PrimaryKeyConstraint("person", "role", name=op.f("pk_person_role")),
    )
    op.create_table(
        "training",
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("document", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["person.code"], name=op.f("fk_training_person_person")),
        sa.PrimaryKeyConstraint("person", "document", "revision", name=op.f("pk_training")),
    )
    op.create_table(
        "document",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("part", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["part"], ["part.code"], name=op.f("fk_document_part_part")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_document")),
    )
    op.create_index(op.f("ix_document_part"), "document", ["part"], unique=False)
    op.create_table(
        "station",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("ceiling", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["line"], ["line.code"], name=op.f("fk_station_line_line")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_station")),
    )
    op.create_index(op.f("ix_station_line"), "station", ["line"], unique=False)
    op.create_table(
        "supervised_line",
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["line"], ["line.code"], name=op.f("fk_supervised_line_line_line")),
        sa.ForeignKeyConstraint(["person"], ["person.code"], name=op.f("fk_supervised_line_person_person")),
        sa.PrimaryKeyConstraint("person", "line", name=op.f("pk_supervised_line")),
    )
    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("station", sa.String(length=64), nullable=False),
        sa.Column("start", sa.DateTime(), nullable=False),
        sa.Column("end", sa.DateTime(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.code"], name=op.f("fk_assignment_person_person")),
        sa.ForeignKeyConstraint(["station"], ["station.code"], name=op.f("fk_assignment_station_station")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    op.create_index(op.f("ix_assignment_person"), "assignment", ["person"], unique=False)
    op.create_index(op.f("ix_assignment_station"), "assignment", ["station"], unique=False)
    op.create_table(
        "kiosk",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("station", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("sign_key", sa.LargeBinary(), nullable=True),
        sa.Column("seal_key", sa.LargeBinary(), nullable=True),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.Column("check_number", sa.String(length=6), nullable=False),
        sa.Column("requested_by", sa.String(length=64), nullable=False),
        sa.Column("approved_by", sa.String(length=64), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("held", sa.BigInteger(), nullable=False),
        sa.Column("held_hash", sa.String(length=64), nullable=False),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.Column("counters_seen", sa.BigInteger(), nullable=False),
        sa.Column("enrolled", sa.DateTime(), nullable=True),
        sa.Column("seen", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["station"], ["station.code"], name=op.f("fk_kiosk_station_station")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_kiosk")),
    )
    op.create_index(op.f("ix_kiosk_station"), "kiosk", ["station"], unique=False)
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("classification", sa.String(length=16), nullable=False),
        sa.Column("training_required", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("map_hash", sa.String(length=64), nullable=False),
        sa.Column("effective_from", sa.DateTime(), nullable=True),
        sa.Column("effective_until", sa.DateTime(), nullable=True),
        sa.Column("published", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["document"], ["document.code"], name=op.f("fk_revision_document_document")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("document", "label", name=op.f("uq_revision_document_label")),
    )
    op.create_table(
        "station_part",
        sa.Column("station", sa.String(length=64), nullable=False),
        sa.Column("part", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["part"], ["part.code"], name=op.f("fk_station_part_part_part")),
        sa.ForeignKeyConstraint(["station"], ["station.code"], name=op.f("fk_station_part_station_station")),
        sa.PrimaryKeyConstraint("station", "part", name=op.f("pk_station_part")),
    )
    op.create_table(
        "enrol_code",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("kiosk", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("expires", sa.DateTime(), nullable=False),
        sa.Column("used", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["kiosk"], ["kiosk.code"], name=op.f("fk_enrol_code_kiosk_kiosk")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_enrol_code")),
    )
    op.create_table(
        "lease",
        sa.Column("kiosk", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("payload_hash", sa.String(length=64), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.Column("manifest", sa.String(length=64), nullable=False),
        sa.Column("issued", sa.DateTime(), nullable=False),
        sa.Column("expires", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["kiosk"], ["kiosk.code"], name=op.f("fk_lease_kiosk_kiosk")),
        sa.PrimaryKeyConstraint("kiosk", "number", name=op.f("pk_lease")),
    )
    op.create_table(
        "page",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(length=64), nullable=False),
        sa.Column("blob", sa.String(length=64), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("label", sa.String(length=300), nullable=False),
        sa.Column("width_mpt", sa.Integer(), nullable=False),
        sa.Column("height_mpt", sa.Integer(), nullable=False),
        sa.Column("cost_us", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["blob"], ["blob.hash"], name=op.f("fk_page_blob_blob")),
        sa.ForeignKeyConstraint(["revision"], ["revision.id"], name=op.f("fk_page_revision_revision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page")),
        sa.UniqueConstraint("revision", "number", name=op.f("uq_page_revision_number")),
    )
    op.create_index(op.f("ix_page_blob"), "page", ["blob"], unique=False)
    op.create_index(op.f("ix_page_page"), "page", ["page"], unique=False)
    op.create_index(op.f("ix_page_revision"), "page", ["revision"], unique=False)
    op.create_table(
        "page_station",
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("station", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["page"], ["page.id"], name=op.f("fk_page_station_page_page")),
        sa.PrimaryKeyConstraint("page", "station", name=op.f("pk_page_station")),
    )


def downgrade() -> None:
    """Drop every table."""
    op.drop_table("page_station")
    op.drop_index(op.f("ix_page_revision"), table_name="page")
    op.drop_index(op.f("ix_page_page"), table_name="page")
    op.drop_index(op.f("ix_page_blob"), table_name="page")
    op.drop_table("page")
    op.drop_table("lease")
    op.drop_table("enrol_code")
    op.drop_table("station_part")
    op.drop_table("revision")
    op.drop_index(op.f("ix_kiosk_station"), table_name="kiosk")
    op.drop_table("kiosk")
    op.drop_index(op.f("ix_assignment_station"), table_name="assignment")
    op.drop_index(op.f("ix_assignment_person"), table_name="assignment")
    op.drop_table("assignment")
    op.drop_table("supervised_line")
    op.drop_index(op.f("ix_station_line"), table_name="station")
    op.drop_table("station")
    op.drop_index(op.f("ix_document_part"), table_name="document")
    op.drop_table("document")
    op.drop_table("training")
    op.drop_table("person_role")
    op.drop_table("part")
    op.drop_table("manifest_blob")
    op.drop_table("line")
    op.drop_index(op.f("ix_badge_person"), table_name="badge")
    op.drop_table("badge")
    op.drop_table("agreement")
    op.drop_table("site")
    op.drop_table("setting")
    op.drop_table("person")
    op.drop_table("manifest")
    op.drop_index("ix_event_wall", table_name="event")
    op.drop_index(op.f("ix_event_person"), table_name="event")
    op.drop_index(op.f("ix_event_page"), table_name="event")
    op.drop_index("ix_event_kind_wall", table_name="event")
    op.drop_table("event")
    op.drop_table("client")
    op.drop_table("change")
    op.drop_table("blob")
    op.drop_index(op.f("ix_alarm_kiosk"), table_name="alarm")
    op.drop_table("alarm")
