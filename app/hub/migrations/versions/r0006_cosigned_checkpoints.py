"""Keep the checkpoints that clients' witnesses cosigned."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "cosigned_checkpoint",
        sa.Column("log", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("witness", sa.String(length=300), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("taken", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("log", "size", "witness", name=op.f("pk_cosigned_checkpoint")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("cosigned_checkpoint")
