"""Keep the clips of pages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, and the column that tells one set of clips from another."""
    op.create_table(
        "clip",
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("clip", sa.String(length=64), nullable=False),
        sa.Column("blob", sa.String(length=64), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("width", "height", "ms")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("left", "top", "right", "bottom")),
        sa.ForeignKeyConstraint(["blob"], ["blob.hash"], name=op.f("fk_clip_blob_blob")),
        sa.ForeignKeyConstraint(["page"], ["page.id"], name=op.f("fk_clip_page_page")),
        sa.PrimaryKeyConstraint("page", name=op.f("pk_clip")),
    )
    op.create_index(op.f("ix_clip_blob"), "clip", ["blob"])
    op.add_column(
        "revision", sa.Column("clips_hash", sa.String(length=64), nullable=False, server_default="")
    )


def downgrade() -> None:
    """Drop both."""
    op.drop_column("revision", "clips_hash")
    op.drop_index(op.f("ix_clip_blob"), "clip")
    op.drop_table("clip")
