"""Keep the versions of clients' agreements with their texts, and the language of a revision."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and the column."""
    op.create_table(
        "agreement_version",
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("made", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["client"], ["client.code"], name=op.f("fk_agreement_version_client_client")),
        sa.PrimaryKeyConstraint("client", "version", name=op.f("pk_agreement_version")),
    )
    op.add_column("revision", sa.Column("language", sa.String(length=16), nullable=False, server_default=""))


def downgrade() -> None:
    """Drop both."""
    op.drop_column("revision", "language")
    op.drop_table("agreement_version")
