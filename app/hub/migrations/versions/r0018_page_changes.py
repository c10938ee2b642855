"""Keep what changed from one revision to the next, page by page."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "comparison",
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("former", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["former"], ["revision.id"], name=op.f("fk_comparison_former_revision")),
        sa.ForeignKeyConstraint(["revision"], ["revision.id"], name=op.f("fk_comparison_revision_revision")),
        sa.PrimaryKeyConstraint("revision", name=op.f("pk_comparison")),
    )
    op.create_table(
        "page_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("former", sa.Integer(), nullable=True),
        sa.Column("gone", sa.JSON(), nullable=False),
        sa.Column("come", sa.JSON(), nullable=False),
        sa.Column("compared", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["former"], ["page.id"], name=op.f("fk_page_change_former_page")),
        sa.ForeignKeyConstraint(["page"], ["page.id"], name=op.f("fk_page_change_page_page")),
        sa.ForeignKeyConstraint(
            ["revision"], ["comparison.revision"], name=op.f("fk_page_change_revision_comparison")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_change")),
    )
    op.create_index("ix_page_change_revision", "page_change", ["revision"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_page_change_revision", "page_change")
    op.drop_table("page_change")
    op.drop_table("comparison")
