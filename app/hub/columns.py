"""The CSV tables that can be imported: their names, columns and meaning. What a row does is ``tables``'.

This module is light, so that ``stationleaf admin import --help`` can show it without the database's library.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Columns:
    """A table's form. ``required`` must be in the header, ``filled`` must not be empty, ``key`` is unique."""

    name: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    filled: tuple[str, ...]
    key: tuple[str, ...]
    meaning: str


TABLES: tuple[Columns, ...] = (
    Columns(
        "sites", ("site", "name"), (), ("site", "name"), ("site",),
        "the hub's own site; renames it",
    ),
    Columns(
        "clients", ("client", "name"),
        ("offline_hours", "restricted_hours", "exposure_limit", "line_limit", "site_limit", "sign_steps"),
        ("client", "name"), ("client",),
        "clients; hours that pages may be read without the hub (72, restricted 12); limits in per cent;\n"
        "      sign_steps is yes where each confirmation of a step is an electronic signature",
    ),
    Columns(
        "agreements", ("client", "version", "title", "file"), (), ("client", "version", "title"), ("client",),
        "the agreement in force per client; file is its text, beside this table, may be empty",
    ),
    Columns(
        "parts", ("part", "client", "name"), (), ("part", "client", "name"), ("part",),
        "parts that are built for a client",
    ),
    Columns(
        "lines", ("line", "site", "name"), ("area",), ("line", "site", "name"), ("line",),
        "lines (work centers)",
    ),
    Columns(
        "stations", ("station", "name", "line", "ceiling", "parts"), ("takt_seconds",),
        ("station", "name", "line"), ("station",),
        "stations; ceiling is the highest class shown there (standard); parts is a list;\n"
        "      takt_seconds is the time for one unit, 0 for none",
    ),
    Columns(
        "people", ("person", "name", "roles", "ceiling", "language"), ("lines", "text_size"),
        ("person", "name", "roles"), ("person",),
        "people; roles is a list; ceiling is the highest class (standard); lines supervised is a list;\n"
        "      text_size is how large letters are, per cent: 100, 125, 150 or 200 (as it is)",
    ),
    Columns(
        "badges", ("person", "badge"), (), ("person", "badge"), ("person",),
        "one active badge a person; a new number revokes the former",
    ),
    Columns(
        "signatures", ("person", "client", "version", "signed"), (), ("person", "client", "version"),
        ("person", "client", "version"), "agreements that were signed, and when (now)",
    ),
    Columns(
        "training", ("person", "document", "revision", "until"), (), ("person", "document", "revision"),
        ("person", "document", "revision"), "training on a revision; until may be empty",
    ),
    Columns(
        "assignments", ("person", "station", "kind", "start", "end"), (), ("person", "station"),
        ("person", "station", "kind", "start"),
        "who works where; kind is assigned or relief; start may be empty (now), end too (open)",
    ),
)  # fmt: skip
"""In the order in which they are imported: each refers only to tables before it."""

NAMES: dict[str, Columns] = {table.name: table for table in TABLES}


def columns_help() -> str:
    """Return the description of every table, for ``stationleaf admin import --help``."""
    lines = []
    for table in TABLES:
        columns = ",".join([*table.required, *(f"[{column}]" for column in table.optional)])
        lines += [f"  {table.name}.csv", f"      {columns}", f"      {table.meaning}"]
    return "\n".join(lines)
