"""Alembic's migrations of the hub's schema. They import no application code."""
