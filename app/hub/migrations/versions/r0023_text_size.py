"""Keep how large a person's letters are at a kiosk."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    # In place: a table that others refer to cannot be made anew on SQLite.
    op.add_column("person", sa.Column("text_size", sa.Integer(), nullable=False, server_default="100"))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("person", "text_size")
