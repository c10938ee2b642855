"""``tampering``: random edits of evidence bundles and of the rows behind the logs, in turn.

Promised: an edited bundle is refused, in a sentence; an edited row of events, logs or tiles is found. Left
out is ``received``, when the hub took an event: nobody but the hub says that, and nobody signed it.
"""

# ruff: noqa: S608 (the tables and columns are the schema's own names)

from __future__ import annotations

import io
import random
from typing import TYPE_CHECKING, Any

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.hub.evidence import Asked, make
from app.hub.log_check import findings
from app.hub.schema import EventRow, Setting
from app.hub.schema_log import LogRow, LogTile
from app.model.errors import Expected
from app.wire.evidence_check import With, check
from soak.promise import Figures, enough, progress
from soak.rig import scratch
from tests.hub_api.plant import Plant, make_home
from tests.hub_api.test_logs import take

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

EVENTS = 300
TABLES = {
    "event": [column.name for column in EventRow.__table__.columns if column.name not in {"id", "received"}],
    "log": [column.name for column in LogRow.__table__.columns],
    "log_tile": [column.name for column in LogTile.__table__.columns],
}


def run(count: int, seed: int) -> Figures:
    """Make ``count`` edits: half of bundles, with and without pseudonyms, half of the database."""
    chance, figures = random.Random(seed), Figures()  # noqa: S311
    with scratch() as folder:
        make_home(folder / "template")
        bundles = [_bundle(_plant(folder, f"b{number}", EVENTS), folder, bool(number)) for number in (0, 1)]
        small = _plant(folder, "small", 40)
        for number in range(count):
            if enough():
                break
            if number % 2:
                _edit_rows(small, chance, figures)
            else:
                _edit_bundle(*bundles[number // 2 % 2], chance, figures)
            progress(number + 1, count, figures)
    return figures


def _plant(folder: Path, name: str, events: int) -> Plant:
    plant = Plant.copy(folder / "template", folder / name)
    plant.customer("ACME")
    plant.part("PUMP", "ACME")
    plant.line("L1")
    plant.station("ST-1", "L1", ["PUMP"])
    for person in ("P-1", "P-2"):
        plant.person(person)
        plant.sign(person, "ACME")
    kiosks = [plant.kiosk("K-1", "ST-1"), plant.kiosk("K-2", "ST-1")]
    for number, kiosk in enumerate(kiosks):
        take(plant, kiosk, events // 2 - 1, person=f"P-{number + 1}")
        take(plant, kiosk, 1, person="")
    return plant


def _bundle(plant: Plant, folder: Path, pseudonyms: bool) -> tuple[bytes, With]:
    path = folder / f"{pseudonyms}.zip"
    with plant.writing() as session:
        session.merge(Setting(name="evidence_pseudonyms", value=pseudonyms))
    make(plant.store, plant.home, Asked("ACME"), path, plant.clock.now(), lambda _done, _total: None)
    known = With(plant.home.keys.log.public)
    check(io.BytesIO(path.read_bytes()), known)
    return path.read_bytes(), known


def _edit_bundle(data: bytes, known: With, chance: random.Random, figures: Figures) -> None:
    changed = edited(data, chance)
    figures.count("edits of a bundle")
    try:
        check(io.BytesIO(changed), known)
    except Expected as error:
        figures.promise(str(error).endswith("."), f"no sentence: {error}")
        figures.count("refused")
        return
    figures.promise(False, "an edited bundle was believed")


def edited(data: bytes, chance: random.Random) -> bytes:
    """The bytes with one thing changed: turned, left out, put in, cut off, doubled or moved."""
    while True:
        at, length = chance.randrange(len(data)), chance.choice([1, 1, 1, 4, 30, 4000])
        piece, to = data[at : at + length], chance.randrange(len(data))
        rest = data[:at] + data[at + len(piece) :]
        ways = (
            data[:at] + bytes(byte ^ chance.randrange(1, 256) for byte in piece) + data[at + len(piece) :],
            data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :],
            rest,
            data[:at] + chance.randbytes(length) + data[at:],
            data[:at],
            data[:at] + piece + data[at:],
            rest[:to] + piece + rest[to:],
        )
        changed = chance.choice(ways)
        if changed != data:
            return changed


def _edit_rows(plant: Plant, chance: random.Random, figures: Figures) -> None:
    with plant.store.rehearse() as session:
        what = _edit_row(session, chance)
        figures.count("edits of a row")
        found = next(findings(session), None)
        figures.promise(found is not None, f"not found: {what}")
        figures.count("found", found is not None)


def _edit_row(session: Session, chance: random.Random) -> str:
    """Change, delete or copy a row; return what was done."""
    session.execute(text("PRAGMA defer_foreign_keys = ON"))
    table = chance.choice(["event", "event", "event", "log", "log_tile"])
    rows = session.execute(text(f"SELECT rowid AS number, * FROM {table}")).mappings().all()
    row = chance.choice(rows)
    at = {"row": row["number"]}
    way = chance.choice(["change", "change", "change", "delete", "copy"])
    if way == "delete":
        session.execute(text(f"DELETE FROM {table} WHERE rowid = :row"), at)
        return f"a row of {table} deleted"
    if way == "copy" and table == "event":
        kept = "hash, kind, person, station, client, page, revision, wall, received, data, signature"
        place = "kiosk, epoch, seq, site_index, client_index"
        new = "kiosk, epoch, 999, 9000, 9000"
        session.execute(
            text(f"INSERT INTO event ({place}, {kept}) SELECT {new}, {kept} FROM event WHERE id = :row"), at
        )
        return "an event copied"
    name = chance.choice(TABLES[table])
    value = _other(row[name], chance)
    try:
        with session.begin_nested():
            session.execute(
                text(f'UPDATE {table} SET "{name}" = :value WHERE rowid = :row'), {**at, "value": value}
            )
    except IntegrityError:  # a key that is taken: another edit, then
        return _edit_row(session, chance)
    return f"{table}.{name} from {row[name]!r} to {value!r}"


def _other(value: Any, chance: random.Random) -> Any:
    if value is None:
        return chance.randrange(1000)
    if isinstance(value, int):
        return value + chance.choice([-1, 1, 1000])
    if not value:
        return b"x" if isinstance(value, bytes) else "x"
    at = chance.randrange(len(value))
    if isinstance(value, bytes):
        return value[:at] + bytes([value[at] ^ 1 << chance.randrange(8)]) + value[at + 1 :]
    if value[at].isdigit():
        return value[:at] + str((int(value[at]) + 1) % 10) + value[at + 1 :]
    return value[:at] + ("y" if value[at] == "x" else "x") + value[at + 1 :]
