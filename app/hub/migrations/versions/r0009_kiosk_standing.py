"""Keep what kiosks tell of themselves: events that wait, pages that are pulled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    with op.batch_alter_table("kiosk") as table:
        table.add_column(sa.Column("waiting", sa.BigInteger(), server_default="0", nullable=False))
        table.add_column(sa.Column("pulled", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("kiosk") as table:
        table.drop_column("pulled")
        table.drop_column("waiting")
