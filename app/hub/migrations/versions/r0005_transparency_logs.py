"""Keep transparency logs. Events that are there already are appended when the hub starts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and each event's places in them."""
    op.create_table(
        "log",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_log")),
    )
    op.create_table(
        "log_tile",
        sa.Column("log", sa.String(length=64), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["log"], ["log.code"], name=op.f("fk_log_tile_log_log")),
        sa.PrimaryKeyConstraint("log", "level", "index", name=op.f("pk_log_tile")),
    )
    op.add_column("event", sa.Column("site_index", sa.BigInteger(), nullable=True))
    op.add_column("event", sa.Column("client_index", sa.BigInteger(), nullable=True))
    op.create_index("ix_event_site_index", "event", ["site_index"], unique=True)
    op.create_index("ix_event_client_index", "event", ["client", "client_index"], unique=True)


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_event_client_index", "event")
    op.drop_index("ix_event_site_index", "event")
    op.drop_column("event", "client_index")
    op.drop_column("event", "site_index")
    op.drop_table("log_tile")
    op.drop_table("log")
