"""Tie events to units and work orders, and keep who signed steps with which key; a station's takt time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables and the columns."""
    op.create_table(
        "signature",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kiosk", sa.String(length=64), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_signature")),
    )
    op.create_table(
        "former_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("sign_public", sa.LargeBinary(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.code"], name=op.f("fk_former_key_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_key")),
    )
    op.create_index(op.f("ix_former_key_person"), "former_key", ["person"])
    for name in ("unit", "work_order"):
        op.add_column("event", sa.Column(name, sa.String(length=64), nullable=False, server_default=""))
        given = sa.text(f"{name} != ''")
        op.create_index(f"ix_event_{name}", "event", [name], sqlite_where=given, postgresql_where=given)
    op.add_column("client", sa.Column("sign_steps", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("station", sa.Column("takt_seconds", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("station", "takt_seconds")
    op.drop_column("client", "sign_steps")
    for name in ("unit", "work_order"):
        op.drop_index(f"ix_event_{name}", "event")
        op.drop_column("event", name)
    op.drop_table("former_key")
    op.drop_table("signature")
