"""Keep which clients an auditor looks after."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "audited_client",
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.code"], name=op.f("fk_audited_client_person_person")),
        sa.ForeignKeyConstraint(["client"], ["client.code"], name=op.f("fk_audited_client_client_client")),
        sa.PrimaryKeyConstraint("person", "client", name=op.f("pk_audited_client")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("audited_client")
