"""Find what was revoked of a kiosk: each of its questions asks for the newest."""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_revocation_holder_kiosk", "revocation_holder", ["kiosk"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_revocation_holder_kiosk", "revocation_holder")
