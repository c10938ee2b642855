"""Keep an agreement's text as sealed pages, how long a signature counts, and what was signed at a kiosk."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and the columns."""
    op.create_table(
        "agreement_page",
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(length=64), nullable=False),
        sa.Column("blob", sa.String(length=64), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("width_mpt", sa.Integer(), nullable=False),
        sa.Column("height_mpt", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["blob"], ["blob.hash"], name=op.f("fk_agreement_page_blob_blob")),
        sa.ForeignKeyConstraint(
            ["client", "version"],
            ["agreement_version.client", "agreement_version.version"],
            name=op.f("fk_agreement_page_client_agreement_version"),
        ),
        sa.PrimaryKeyConstraint("client", "version", "number", name=op.f("pk_agreement_page")),
    )
    op.add_column("agreement_version", sa.Column("valid_days", sa.Integer(), nullable=True))
    op.add_column("agreement", sa.Column("kiosk", sa.String(length=64), nullable=False, server_default=""))
    op.add_column("agreement", sa.Column("envelope", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("agreement", "envelope")
    op.drop_column("agreement", "kiosk")
    op.drop_column("agreement_version", "valid_days")
    op.drop_table("agreement_page")
