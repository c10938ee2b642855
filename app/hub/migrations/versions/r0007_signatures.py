"""Keep with a signed agreement what was signed as whom, until when it counts, and its withdrawal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_WORDS = (("name", 200), ("sha256", 64), ("meaning", 200), ("by", 64), ("withdrawn_by", 64))
_TIMES = ("until", "withdrawn")


def upgrade() -> None:
    """Make the columns."""
    for name, length in _WORDS:
        column = sa.Column(name, sa.String(length=length), nullable=False, server_default="")
        op.add_column("agreement", column)
    for name in _TIMES:
        op.add_column("agreement", sa.Column(name, sa.DateTime(), nullable=True))


def downgrade() -> None:
    """Drop them."""
    for name in (*(word for word, _ in _WORDS), *_TIMES):
        op.drop_column("agreement", name)
