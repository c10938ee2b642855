"""Keep what kiosks cosigned of the clients' logs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "kiosk_cosignature",
        sa.Column("log", sa.String(length=64), nullable=False),
        sa.Column("kiosk", sa.String(length=64), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("line", sa.String(length=600), nullable=False),
        sa.Column("taken", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("log", "kiosk", "epoch", name=op.f("pk_kiosk_cosignature")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("kiosk_cosignature")
