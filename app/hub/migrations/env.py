"""Run by Alembic: migrates over the connection that ``app.hub.store`` hands over."""

from __future__ import annotations

from alembic import context

# SQLite can roll DDL back when transactions begin explicitly, as the store's do.
context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
