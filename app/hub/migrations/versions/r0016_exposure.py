"""Keep who has ever been given which page, and count it once from the events; limits for line and site."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables and fill them."""
    seen = op.create_table(
        "seen_page",
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("page", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("client", "page", name=op.f("pk_seen_page")),
    )
    kept = op.create_table(
        "exposure",
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("pages", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("client", "kind", "code", name=op.f("pk_exposure")),
    )
    for name in ("line_limit", "site_limit"):
        op.add_column("client", sa.Column(name, sa.Integer(), nullable=True))
    _count(seen, kept)


def _count(seen: sa.Table, kept: sa.Table) -> None:
    names = ("kind", "client", "page", "person", "kiosk", "station")
    event = sa.table("event", *(sa.column(name, sa.String()) for name in names))
    views = (event.c.kind == "view.begin") & (event.c.client != "")
    connection = op.get_bind()
    numbers: dict[str, dict[str, int]] = {}
    for client, page in connection.execute(sa.select(event.c.client, event.c.page).where(views).distinct()):
        pages = numbers.setdefault(client, {})
        pages[page] = len(pages)
    rows = [
        {"client": client, "page": page, "number": number}
        for client, pages in numbers.items()
        for page, number in pages.items()
    ]
    if rows:
        connection.execute(seen.insert(), rows)
    for kind in ("person", "kiosk", "station"):
        sets: dict[tuple[str, str], int] = {}
        query = sa.select(event.c.client, event.c[kind], event.c.page).where(views, event.c[kind] != "")
        for client, code, page in connection.execute(query.distinct()):
            sets[client, code] = sets.get((client, code), 0) | 1 << numbers[client][page]
        rows = [
            {
                "client": client, "kind": kind, "code": code,
                "pages": pages.to_bytes((pages.bit_length() + 7) // 8, "little"),
            }
            for (client, code), pages in sets.items()
        ]  # fmt: skip
        if rows:
            connection.execute(kept.insert(), rows)


def downgrade() -> None:
    """Drop them."""
    for name in ("site_limit", "line_limit"):
        op.drop_column("client", name)
    op.drop_table("exposure")
    op.drop_table("seen_page")
