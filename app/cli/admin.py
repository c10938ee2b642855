"""``stationleaf admin``: everything about the plant that has no screen. The nouns are in ``admin_*``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli import (
    admin_calls,
    admin_documents,
    admin_events,
    admin_evidence,
    admin_exposure,
    admin_import,
    admin_kiosks,
    admin_log,
    admin_people,
    admin_plant,
    admin_remarks,
    admin_review,
    admin_revoke,
    admin_shifts,
    admin_work,
)
from app.cli.admin_base import AS_VARIABLE, HUB_VARIABLE

if TYPE_CHECKING:
    import argparse

EXAMPLE = f"""examples:
  stationleaf admin --hub plant/ import plant-data/ --dry-run
  stationleaf admin --hub plant/ --as SUP-1 assign OP-7 ST-040 --reason "covers for OP-3"
  stationleaf admin --hub plant/ publish WI-100.pdf --map stations.csv --client C1 --part P-1 \\
      --document WI-100 --revision A
  stationleaf admin --hub plant/ events --person OP-7 --from 2026-03-02
  stationleaf admin --hub plant/ revoke kiosk K-1 --lost --reason "stolen"; … receipts --kiosk K-1

--hub may be left out where {HUB_VARIABLE} names the folder, and --as where {AS_VARIABLE} names the person
or where there is only one administrator. Every change is kept with who made it: stationleaf admin changes
"""


def build(parser: argparse.ArgumentParser) -> None:
    """Add the nouns."""
    parser.epilog = EXAMPLE
    hub = os.environ.get(HUB_VARIABLE)
    parser.add_argument(
        "--hub", type=Path, metavar="DIR", default=Path(hub) if hub else None, help="the hub's folder"
    )
    parser.add_argument(
        "--as", dest="acting", metavar="PERSON", default=os.environ.get(AS_VARIABLE, ""), help="who acts"
    )
    nouns = parser.add_subparsers(dest="noun", required=True, metavar="NOUN")
    admin_import.build(nouns)
    admin_plant.build(nouns)
    admin_people.build(nouns)
    admin_work.build(nouns)
    admin_shifts.build(nouns)
    admin_documents.build(nouns)
    admin_kiosks.build(nouns)
    admin_revoke.build(nouns)
    admin_events.build(nouns)
    admin_log.build(nouns)
    admin_evidence.build(nouns)
    admin_review.build(nouns)
    admin_remarks.build(nouns)
    admin_calls.build(nouns)
    admin_exposure.build(nouns)
