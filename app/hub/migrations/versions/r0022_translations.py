"""Keep of which document a revision is a translation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    with op.batch_alter_table("revision") as batch:
        batch.add_column(
            sa.Column("translates", sa.String(length=64), nullable=False, server_default="")
        )  # fmt: skip


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("revision") as batch:
        batch.drop_column("translates")
