"""The transparency log: appending to it, proofs from a long one, and evidence bundles made and checked.

``STATIONLEAF_BUNDLE`` is how many events the bundle has: 1,000,000 is what its limits are for. Without it
there are fewer, and the seconds are told for a million; the memory is that of the bundle there was.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from app.hub import logs
from app.hub.log_heads import entry_proof, head
from app.hub.schema import EventRow
from app.hub.schema_log import LogRow, LogTile
from app.seal.merkle import leaf_hash
from app.seal.tiles import TILE_WIDTH, grow, width_at
from bench.ledger import BEGIN, CLIENT, batches, make_hub
from bench.registry import Result, bench
from bench.stats import measure, measure_in_turn
from bench.workspace import CHECKOUT, scratch

if TYPE_CHECKING:
    from app.hub.store import Store

EVENTS = 100_000
LONG = 10_000_000
BATCH = 200
_ROWS: Any = EventRow.__table__


@bench("log-append", against="rows a second without a log", to_reach=0.5, unit="rows/s", better="higher")
def log_append() -> Result:
    """A batch of 200 events taken into the database and its two logs, and into a database without logs."""
    with scratch() as folder:
        _, logged, writers = make_hub(folder / "logged")
        _, bare, _ = make_hub(folder / "bare")
        rounds = 150
        given = list(batches(writers, 2 * (rounds + 20) * BATCH, BATCH))
        one, other = iter(given), iter(given)

        def with_log() -> None:
            _take(logged, next(one))

        def without() -> None:
            rows = next(other)
            with bare.write() as session:
                session.execute(insert(_ROWS), rows)

        floor, taken = measure_in_turn([without, with_log], repeat=rounds, warm_up=20)
        logged.close()
        bare.close()
    return Result(
        BATCH / taken.median, against=BATCH / floor.median, samples=taken,
        more={"ms a batch": taken.median * 1e3, "ms without": floor.median * 1e3},
    )  # fmt: skip


def _take(store: Store, rows: list[dict[str, Any]]) -> None:
    """Put events in as the hub does, with their places in the logs."""
    with store.write() as session:
        places = logs.append(session, [(row["client"], row["data"]) for row in rows])
        session.execute(
            insert(_ROWS),
            [
                {**row, "site_index": place.site, "client_index": place.client}
                for row, place in zip(rows, places, strict=True)
            ],
        )


@cache
def _proofs() -> tuple[Any, float, float]:
    """Proofs of entries all over a log of ten million, of which only those events are there."""
    wanted = [LONG * at // 60 for at in range(60)]
    with scratch() as folder:
        home, store, writers = make_hub(folder / "hub")
        rows = writers[0].batch(len(wanted), BEGIN)
        leaves = dict(zip(wanted, (leaf_hash(row["data"]) for row in rows), strict=True))
        _grow_long(store, leaves)
        with store.write() as session:
            session.execute(
                insert(_ROWS),
                [{**row, "site_index": at, "client_index": at} for row, at in zip(rows, wanted, strict=True)],
            )
        turn, made = iter(range(10**9)), []

        def prove() -> None:
            at = wanted[next(turn) % len(wanted)]
            with store.read() as session:
                event = session.query(EventRow).filter_by(site_index=at).one()
                made.append(entry_proof(session, home, event))

        taken = measure(prove, repeat=120, warm_up=10)
        with store.read() as session:  # it counts only if it proves
            shown = head(session, home).checkpoint
            event = session.query(EventRow).filter_by(site_index=wanted[7]).one()
            proof = entry_proof(session, home, event)
            if proof.verify(event.data, shown.origin, [home.keys.log.public]).size != LONG:
                raise RuntimeError("the log does not have the length that was to be measured")
        store.close()
    return taken, max(32 * len(one.hashes) for one in made), max(len(one.exact()) for one in made)


def _grow_long(store: Store, leaves: dict[int, bytes]) -> None:
    """The tiles of a log whose entries are random hashes, but for ``leaves``."""
    held: dict[tuple[int, int], bytes] = {}

    def read(level: int, index: int) -> bytes:
        return held.get((level, index), b"")

    size, step = 0, 64 * TILE_WIDTH
    tiles: Any = LogTile.__table__
    with store.write() as session:
        session.execute(insert(LogRow), [{"code": "", "size": LONG}])
        while size < LONG:
            count = min(step, LONG - size)
            fresh = [leaves.get(size + at) or os.urandom(32) for at in range(count)]
            held.update(grow(read, size, fresh))
            size += count
            done = [place for place in held if width_at(size, *place) == TILE_WIDTH or size == LONG]
            session.execute(
                insert(tiles),
                [{"log": "", "level": level, "index": index, "hashes": held.pop((level, index))}
                 for level, index in done],
            )  # fmt: skip


@bench("log-proof", to_reach=5.0)
def log_proof() -> Result:
    """Making an inclusion proof with ten million entries, checkpoint signed and event looked up, median."""
    taken, *_ = _proofs()
    return Result(taken.median * 1e3, samples=taken, more={"p95 ms": taken.p95 * 1e3})


@bench("log-proof-size", to_reach=1024.0, unit="bytes")
def log_proof_size() -> Result:
    """The largest of these proofs (RFC 6962, section 2.1.1); the file also has the checkpoint, and base64."""
    _, hashes, file = _proofs()
    return Result(hashes, more={"bytes of the file": file})


@cache
def _bundle() -> dict[str, dict[str, float]]:
    count = int(os.environ.get("STATIONLEAF_BUNDLE", EVENTS))
    with scratch() as folder:
        _, store, writers = make_hub(folder / "hub")
        for rows in batches(writers, count, 5000):
            _take(store, rows)
        store.close()
        print(f"  {count} events of {CLIENT} are in the log", file=sys.stderr, flush=True)
        return {what: _run(what, str(folder / "hub"), str(folder / "b.zip")) for what in ("make", "verify")}


def _run(*words: str) -> dict[str, float]:
    env = {**os.environ, "PYTHONPATH": f"{CHECKOUT}:{CHECKOUT / 'packaging'}"}
    command = [sys.executable, "-m", "bench.ledger", *words]
    said = subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout
    found: dict[str, float] = json.loads(said.splitlines()[-1])
    return found


def _seconds(what: str) -> Result:
    found = _bundle()[what]
    million = 1e6 / found["entries"]
    more = {
        "processor s": found["cpu"] * million,
        "entries": found["entries"],
        "MB file": found["size"] / 1e6,
    }
    return Result(found["seconds"] * million, more=more)


@bench("bundle-make", to_reach=60.0, unit="s")
def bundle_make() -> Result:
    """An evidence bundle of a million events, persons under pseudonyms."""
    return _seconds("make")


@bench("bundle-make-memory", to_reach=500.0, unit="MB")
def bundle_make_memory() -> Result:
    """The most memory of the process that makes it."""
    return Result(_bundle()["make"]["mb"])


@bench("bundle-verify", to_reach=20.0, unit="s")
def bundle_verify() -> Result:
    """Checking that bundle, as ``stationleaf verify`` does."""
    return _seconds("verify")


@bench("bundle-verify-memory", to_reach=500.0, unit="MB")
def bundle_verify_memory() -> Result:
    """The most memory of the process that checks it."""
    return Result(_bundle()["verify"]["mb"])
