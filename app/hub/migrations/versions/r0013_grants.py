"""Keep grants: offline admissions as they were judged, and break-glass."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "access_grant",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("kiosk", sa.String(length=64), nullable=False),
        sa.Column("station", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ceiling", sa.String(length=16), nullable=False),
        sa.Column("start", sa.DateTime(), nullable=False),
        sa.Column("end", sa.DateTime(), nullable=False),
        sa.Column("made", sa.DateTime(), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("event", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["event"], ["event.id"], name=op.f("fk_access_grant_event_event")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_grant")),
        sa.UniqueConstraint("event", name=op.f("uq_access_grant_event")),
    )
    op.create_index(op.f("ix_access_grant_person"), "access_grant", ["person"])
    op.create_index("ix_access_grant_kiosk_end", "access_grant", ["kiosk", "end"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("access_grant")
