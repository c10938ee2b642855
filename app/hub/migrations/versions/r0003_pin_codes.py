"""Keep the one-time codes with which people set their PINs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "pin_code",
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("expires", sa.DateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["person.code"], name=op.f("fk_pin_code_person_person")),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_pin_code")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("pin_code")
