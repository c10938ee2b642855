"""Find changes by their act: each checkpoint asks how often the hub was restored."""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_change_act_subject", "change", ["act", "subject"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_change_act_subject", table_name="change")
