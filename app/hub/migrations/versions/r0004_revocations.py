"""Keep what was revoked, and which devices could hold it until when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "revocation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=130), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("lifted", sa.DateTime(), nullable=True),
        sa.Column("lifted_by", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revocation")),
    )
    op.create_index("ix_revocation_kind_code", "revocation", ["kind", "code"])
    op.create_table(
        "revocation_holder",
        sa.Column("revocation", sa.Integer(), nullable=False),
        sa.Column("kiosk", sa.String(length=64), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["kiosk"], ["kiosk.code"], name=op.f("fk_revocation_holder_kiosk_kiosk")),
        sa.ForeignKeyConstraint(
            ["revocation"], ["revocation.id"], name=op.f("fk_revocation_holder_revocation_revocation")
        ),
        sa.PrimaryKeyConstraint("revocation", "kiosk", "epoch", name=op.f("pk_revocation_holder")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("revocation_holder")
    op.drop_index("ix_revocation_kind_code", "revocation")
    op.drop_table("revocation")
