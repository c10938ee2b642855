"""Keep the steps of a revision."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, and the column that tells one step list from another."""
    op.create_table(
        "step",
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("sign", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["revision"], ["revision.id"], name=op.f("fk_step_revision_revision")),
        sa.PrimaryKeyConstraint("revision", "code", name=op.f("pk_step")),
    )
    op.add_column(
        "revision", sa.Column("steps_hash", sa.String(length=64), nullable=False, server_default="")
    )


def downgrade() -> None:
    """Drop both."""
    op.drop_column("revision", "steps_hash")
    op.drop_table("step")
