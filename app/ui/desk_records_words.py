"""What the evidence screen says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.seal.checkpoint import Checkpoint
from app.seal.note import Note

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from app.wire.desk_evidence import BundleReply, ClientRecords
    from app.wire.desk_review import ReviewCase

TITLE = "Log and evidence"
OPEN = "Log and evidence"
HOW = "The log of every view of a client's pages, and a file of it that proves itself."
NOBODY = "You look after no client yet."
CLIENT = "Client"
VERDICTS = "Verdicts on its views"
NO_VERDICTS = "No verdict was given within a year."
PERIOD = "Evidence for these days (UTC), both included"
FROM, TO = "From", "To"
MAKE = "Make the evidence and save it …"
KEEP = "Save this checkpoint …"
WHERE = "Save as"
LEAVE = "Back"
STOP = "Stop making it"
PROGRESS = "How much of the evidence is made"
STOPPED = "The evidence was not made to its end; nothing was saved."


def client_line(one: ClientRecords) -> str:
    """A client to choose."""
    return f"{one.name}  ({one.client})"


def log_lines(one: ClientRecords) -> str:
    """The log as it is now."""
    shown = Checkpoint.read(Note.read(one.checkpoint.encode()).text)
    seen = [
        f"{each.witness} cosigned {each.size:,} entries on {each.taken:%Y-%m-%d}."
        for each in one.cosigned[-3:]
    ]
    parts = [
        f"{one.size:,} entries. Checkpoint {shown.root.hex()[:16]}…",
        "\n".join(seen[::-1]) or "No witness has cosigned this log.",
        f"Verifier key, to be compared with the plant's by another way:\n{one.key}",
    ]
    if one.pseudonyms:
        parts.append("Persons stand in the evidence under pseudonyms.")
    return "\n\n".join(parts)


def verdict_line(case: ReviewCase) -> str:
    """A verdict: on whom, where, when, why."""
    flags = ", ".join(why.flag for why in case.why)
    done = "confirmed by a second person" if case.confirmed_by or case.settled else "not confirmed yet"
    reason = f"\n{case.reason}" if case.reason else ""
    return f"{case.verdict.capitalize()}, {done}\n{case.day}  {case.station}  {case.name}  {flags}{reason}"


def file_name(client: str, begin: datetime, end: datetime) -> str:
    """What a bundle is called at first."""
    return f"{client}-{begin:%Y-%m-%d}-{end:%Y-%m-%d}.zip"


def making(reply: BundleReply) -> str:
    """How far the hub is."""
    return f"The hub makes the evidence: {reply.done:,} of {reply.total:,} entries …"


def saving(done: int, size: int) -> str:
    """How much of it is here."""
    return f"The evidence is made, and comes here: {done / 1e6:.0f} of {size / 1e6:.0f} MB …"


def saved(path: Path, size: int) -> str:
    """The bundle lies there."""
    return f"Saved: {path} ({size / 1e6:.1f} MB). Check it with: stationleaf verify"


def kept(path: Path) -> str:
    """The checkpoint lies there."""
    return f"Saved: {path}. A later bundle is compared with it: stationleaf verify --seen"


def not_kept(path: Path, why: str) -> str:
    """It does not."""
    return f"The checkpoint cannot be saved at {path}: {why}."
