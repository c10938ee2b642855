"""The command ``stationleaf``: finds the command's module, runs it, and turns errors into one line.

Imports stay late: the kiosk's badge screen must not pay for what other commands need.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import traceback
from typing import TYPE_CHECKING

from app import __version__
from app.model.errors import Expected

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = {
    "hub": ("app.cli.hub", "make and run the hub that kiosks talk to"),
    "admin": ("app.cli.admin", "people, stations, badges, documents, kiosks and events at the hub"),
    "trace": ("app.cli.trace", "find which view a screenshot or a photo of a screen shows"),
    "verify": ("app.cli.verify", "check the evidence that a plant gave, without its hub"),
    "witness": ("app.cli.witness", "cosign the checkpoints of a plant's logs, as the client's own witness"),
    "desk": ("app.cli.desk", "the supervisor's board: who works where, moved by hand"),
    "kiosk": ("app.cli.kiosk", "run this machine as a station kiosk, or enrol it"),
}
"""Command to its module and its purpose. A module has ``build(parser)``, which sets ``run(args) -> int``."""

HOLDS_KEYS = {"hub": True, "admin": False}
"""Commands whose process holds the hub's keys, and whether all that they write is their user's alone. A kiosk
and a desk see to it themselves, and put it on record."""

DONE, FAILED, USAGE = 0, 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command. Exit codes: 0 done, 1 refused or failed (one line on stderr says why), 2 usage.

    ``argv`` None: this process is the command's own, and is hardened where it holds the hub's keys.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == ["--version"]:
        print(f"stationleaf {__version__}")
        return DONE
    if not words or words[0] not in COMMANDS:
        return _overview(words)
    name = words[0]
    if argv is None and name in HOLDS_KEYS:
        from app.kiosk.hardening import harden

        harden(files=HOLDS_KEYS[name])
    module = importlib.import_module(COMMANDS[name][0])
    parser = argparse.ArgumentParser(
        prog=f"stationleaf {name}",
        description=COMMANDS[name][1][:1].upper() + COMMANDS[name][1][1:] + ".",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.build(parser)
    args = parser.parse_args(words[1:])
    return _guarded(args)


def _guarded(args: argparse.Namespace) -> int:
    try:
        return int(args.run(args))
    except Expected as error:
        print(f"stationleaf: {error.sentence}", file=sys.stderr)
    except KeyboardInterrupt:
        print("stationleaf: stopped.", file=sys.stderr)
    except BrokenPipeError:
        sys.stderr.close()
    except Exception:
        print(
            f"stationleaf: a fault in Stationleaf itself. Please report it; details: {_log()}",
            file=sys.stderr,
        )
    return FAILED


def _log() -> str:
    import tempfile

    with tempfile.NamedTemporaryFile(
        "w", prefix="stationleaf-fault-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        file.write(traceback.format_exc())
    return file.name


def _overview(words: list[str]) -> int:
    asked = not words or words[0] in {"-h", "--help", "help"}
    lines = ["usage: stationleaf COMMAND …   (stationleaf COMMAND --help tells more)", ""]
    lines += [f"  {name:8} {purpose}" for name, (_, purpose) in COMMANDS.items()]
    lines += ["", "example: stationleaf hub init plant/   then   stationleaf hub serve plant/"]
    if not asked:
        lines.insert(0, f"stationleaf: there is no command {words[0]!r}.")
    print("\n".join(lines), file=sys.stdout if asked else sys.stderr)
    return DONE if asked else USAGE


if __name__ == "__main__":
    sys.exit(main())
