"""Keep a mark of each table, by which a hub knows whether what it remembers of it still holds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; its rows and the triggers come at each start (``remembered``)."""
    op.create_table(
        "table_mark",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_table_mark")),
    )


def downgrade() -> None:
    """Drop it, and the triggers that write to it."""
    if op.get_bind().dialect.name == "sqlite":
        rows = op.get_bind().execute(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
        for name in [row.name for row in rows if row.name.startswith("mark_")]:
            op.execute(f"DROP TRIGGER {name}")
    else:
        rows = op.get_bind().execute(sa.text("SELECT proname FROM pg_proc WHERE proname LIKE 'mark\\_%'"))
        for name in [row.proname for row in rows]:
            op.execute(f"DROP FUNCTION {name}() CASCADE")
    op.drop_table("table_mark")
