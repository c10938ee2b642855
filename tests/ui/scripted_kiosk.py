"""Runs the real ``run_kiosk`` with the scripted engine, for tests that start it as a process.

Prints ``painted`` when the badge screen has been painted, with the heavy modules that were loaded by then.
"""

from __future__ import annotations

import sys

HEAVY = ("pymupdf", "av", "numpy", "pydantic", "sqlcipher3", "keyring", "httpx", "cryptography", "sqlalchemy")


def main() -> int:
    from app.ui.kiosk_app import run_kiosk

    def make_engine() -> object:
        print("painted", *[name for name in HEAVY if name in sys.modules], flush=True)
        from tests.ui.player import Player
        from tests.ui.sheets import sheets

        return Player(sheets(4), {"0004417712": "Rosa Ferreira", "0004417713": "Milan Horvat"})

    return run_kiosk(make_engine, windowed="--windowed" in sys.argv)  # type: ignore[arg-type]


if __name__ == "__main__":
    sys.exit(main())
