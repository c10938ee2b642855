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
    # In place: a table that others refer to cannot be made anew on SQLite.
    op.add_column(
        "revision", sa.Column("translates", sa.String(length=64), nullable=False, server_default="")
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_column("revision", "translates")
