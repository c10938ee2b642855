"""``packaging/dev demo``: a fresh demo plant on this machine, in windows or played without a screen."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from kit.cast import (
    ANA,
    EMEKA,
    FATIMA,
    HANNA,
    JULIA,
    NAMES,
    UNKNOWN_BADGE,
    Cast,
    allow_exceptions,
    demo_cast,
    documents_cast,
    furnish,
)
from kit.desktop import KeyRing
from kit.plant import Plant
from kit.processes import KitError, Process

EXAMPLE = """examples:
  packaging/dev demo
  packaging/dev demo --headless --out story/
  packaging/dev demo --documents ../shared/data/open

Everything is made in a temporary folder and gone at the end. --documents takes a folder with NAME.pdf and a
page map stations-NAME.csv beside each (first_page,last_page,station_code,station_name).
"""
HELP = """
Type a badge number and Enter into a kiosk's window, or hold a badge to a reader:
{badges}
Keys: Right and Left turn, Home and End jump, + and - zoom, t shows all pages; the same badge again locks.

Here:  unplug, plug      take the first kiosk's network away, and give it back
       events            show what the hub has on record
       move              reassign Emeka to the first kiosk's station
       block, unblock    lock the first kiosk down, and release it
       quit
"""


def main(words: list[str]) -> int:
    """Run the demo; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="packaging/dev demo",
        description="Make a fresh demo plant: a hub, two kiosks, published work instructions.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--headless", action="store_true", help="play the whole story without a screen")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where --headless leaves its record")
    parser.add_argument(
        "--documents", type=Path, metavar="FOLDER", help="publish these instead of the demo's"
    )
    args = parser.parse_args(words)
    if args.documents is not None and not args.documents.is_dir():
        parser.error(f"there is no folder {args.documents}")
    if args.out is not None and not args.headless:
        parser.error("--out goes with --headless")
    try:
        if args.headless:
            return _headless((args.out or Path("demo-story")).resolve(), args.documents)
        return _windowed(args.documents)
    except KitError as error:
        print(f"demo: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        print("demo: stopped.", file=sys.stderr)
    return 1


def _say(text: str) -> None:
    print(f"[demo] {text}", flush=True)


def _headless(out: Path, documents: Path | None) -> int:
    from kit.chapters import needs, play

    lacking = needs()
    if lacking:
        raise KitError(f"{', '.join(lacking)} missing; packaging/dev setup installs what is needed")
    good = play(out, documents, _say)
    _say(
        f"{'everything was as expected' if good else 'NOT everything was as expected'}: {out / 'story.json'}"
    )
    return 0 if good else 1


def _windowed(documents: Path | None) -> int:
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise KitError("there is no screen here; try: packaging/dev demo --headless --out story/")
    with tempfile.TemporaryDirectory(prefix="stationleaf-demo-") as made:
        folder = Path(made)
        (folder / "documents").mkdir()
        cast = documents_cast(documents) if documents else demo_cast(folder / "documents")
        plant, ring = Plant(folder, _say), None
        try:
            plant.init()
            plant.serve()
            furnish(plant, cast)
            allow_exceptions(plant)
            ring = KeyRing(folder / "ring")
            kiosks = [_open(plant, ring, *place) for place in (("K-1", cast.home), ("K-2", cast.other))]
            _console(plant, cast, kiosks)
        finally:
            plant.close()
            if ring is not None:
                ring.close()
    return 0


def _open(plant: Plant, ring: KeyRing, code: str, station: str) -> Process:
    # The key ring moves HOME and XDG_RUNTIME_DIR, so a Wayland socket must be named by its full path.
    env = ring.env
    wayland = os.environ.get("WAYLAND_DISPLAY", "")
    if wayland and not wayland.startswith("/"):
        env["WAYLAND_DISPLAY"] = f"{os.environ.get('XDG_RUNTIME_DIR', '')}/{wayland}"
    env["XAUTHORITY"] = os.environ.get("XAUTHORITY", str(Path.home() / ".Xauthority"))
    kiosk = plant.enrol(code, station, env)
    return kiosk.start(plant.folder / f"kiosk-{code}.log", "--windowed")


def _console(plant: Plant, cast: Cast, kiosks: list[Process]) -> None:
    rows = [
        (ANA, f"works at {cast.home}"),
        (FATIMA, f"relief at {cast.home}"),
        (EMEKA, f"works at {cast.other}"),
        (HANNA, "has not signed the client's agreement"),
        (JULIA, "supervises the line: admits somebody while K-1 is unplugged, breaks glass"),
    ]
    lines = [f"  {cast.badges[person]}   {NAMES[person]}: {what}" for person, what in rows]
    lines.append(f"  {UNKNOWN_BADGE}   a badge that nobody knows")
    print(
        f"\nK-1 stands at {cast.home}, K-2 at {cast.other}.{HELP.format(badges=chr(10).join(lines))}",
        flush=True,
    )
    while any(kiosk.running for kiosk in kiosks):
        print("demo> ", end="", flush=True)
        line = sys.stdin.readline()
        if not line or line.strip() in {"quit", "exit", "q"}:
            return
        if line.strip():
            print(_command(plant, cast, line.strip()), flush=True)


def _command(plant: Plant, cast: Cast, word: str) -> str:
    plug = plant.kiosks["K-1"].plug
    if word == "unplug":
        plug.pull()
        return "K-1 is unplugged."
    if word == "plug":
        plug.push()
        return "K-1 is plugged in."
    commands = {
        "events": [["events"]],
        "move": [["assign", EMEKA, cast.home], ["unassign", EMEKA, cast.other]],
        "block": [["kiosk", "block", "K-1", "--reason", "demo"]],
        "unblock": [["kiosk", "unblock", "K-1", "--reason", "demo"]],
    }
    if word not in commands:
        return "There are: unplug, plug, events, move, block, unblock, quit."
    return "".join(plant.admin(*words, check=False) for words in commands[word])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
