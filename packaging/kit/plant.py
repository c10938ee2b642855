"""A whole plant on this machine, made with the program's own commands: hub, people, documents, kiosks."""

from __future__ import annotations

import csv
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copy
from typing import TYPE_CHECKING

from kit.processes import ROOT, KitError, Plug, Process, free_port, run, stationleaf, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

DEMO = ROOT / "resources" / "demo"
FIRST_SUPERVISOR = "Dana Whitfield"
FIRST_BADGE = "9900000001"
FIRST_PERSON = "SUP-1"
SECOND_ADMIN = "1010"


@dataclass(frozen=True)
class Publication:
    """A document to publish: the file, its page map, and what it is."""

    pdf: Path
    page_map: Path
    client: str
    part: str
    document: str
    revision: str
    title: str = ""
    classification: str = "internal"
    language: str = ""
    line: str = ""
    steps: Path | None = None
    clips: Path | None = None


@dataclass
class Kiosk:
    """An enrolled kiosk: its folder, and how to start it on a screen."""

    code: str
    station: str
    home: Path
    plug: Plug
    env: dict[str, str] = field(default_factory=dict)
    process: Process | None = None

    def start(
        self, log: Path, *options: str, env: Mapping[str, str] | None = None, watch: Path | None = None
    ) -> Process:
        """Open its screen; with a watchdog that tells in ``watch`` what it finds."""
        words, env = stationleaf("kiosk", "--home", str(self.home), *options), {**self.env, **(env or {})}
        if watch is not None:
            at = words.index("app.cli.main")
            words[at : at + 1] = ["kit.watched", str(watch)]
            env = {**env, "PYTHONPATH": f"{ROOT}:{ROOT / 'packaging'}"}
        self.process = Process(words, log, env)
        return self.process


class Plant:
    """A hub in ``folder`` with everything that the demo plant holds; ``say`` is told what goes on."""

    def __init__(self, folder: Path, say: Callable[[str], None] = lambda _text: None) -> None:
        self.folder = folder
        self.say = say
        self.hub_home = folder / "hub"
        self.port = free_port()
        self.hub: Process | None = None
        self.kiosks: dict[str, Kiosk] = {}

    def admin(self, *words: str, acting: str = "", check: bool = True) -> str:
        """Run ``stationleaf admin`` at the hub and return what it printed."""
        by = ["--as", acting or FIRST_PERSON]
        done = run(stationleaf("admin", "--hub", str(self.hub_home), *by, *words), check=check)
        return done.stdout + done.stderr

    def trace(self, picture: Path) -> str:
        """Run ``stationleaf trace`` on a picture and return what it printed."""
        words = ("trace", str(picture), "--hub", str(self.hub_home), "--as", FIRST_PERSON)
        return run(stationleaf(*words)).stdout

    def events(self, *words: str) -> list[dict[str, str]]:
        """Return the events that the hub holds (``admin events --csv``), in each kiosk's order."""
        hub = stationleaf("admin", "--hub", str(self.hub_home), "--as", FIRST_PERSON)
        rows = list(csv.DictReader(run([*hub, "events", "--csv", *words]).stdout.splitlines()))
        return sorted(rows, key=lambda row: (row["kiosk"], int(row["epoch"]), int(row["seq"])))

    def init(self) -> None:
        """Make the hub with its first supervisor."""
        self.say("making the hub: keys, certificate, database")
        words = [
            *("--site", "S1", "--site-name", "Demo plant", "--host", "localhost", "--port", str(self.port)),
            *("--supervisor-name", FIRST_SUPERVISOR, "--supervisor-badge", FIRST_BADGE),
        ]
        run(stationleaf("hub", "init", str(self.hub_home), *words))

    def serve(self) -> None:
        """Start the hub and wait until it listens."""
        self.say(f"starting the hub on port {self.port}")
        words = ["hub", "serve", str(self.hub_home), "--host", "127.0.0.1", "--port", str(self.port)]
        self.hub = Process(stationleaf(*words), self.folder / "hub.log")
        self.hub.wait_for_words("hub ready")

    def furnish(self, folder: Path = DEMO) -> None:
        """Import the people, stations and everything else of a demo plant."""
        self.say("importing people, badges, stations, clients and assignments")
        self.admin("import", str(folder))

    def publish(self, publications: Iterable[Publication]) -> None:
        """Publish documents through the real command; stations of a map that are new go on ``line``."""
        for item in publications:
            self.say(f"publishing {item.document} from {item.pdf.name}")
            words = ["publish", str(item.pdf), "--map", str(item.page_map), "--client", item.client]
            words += ["--part", item.part, "--document", item.document, "--revision", item.revision]
            words += ["--title", item.title or item.document, "--class", item.classification]
            if item.steps is not None:
                words += ["--steps", str(item.steps)]
            if item.clips is not None:
                words += ["--clips", str(item.clips)]
            if item.language:
                words += ["--language", item.language]
            if item.line:
                words += ["--add-stations", item.line]
            self.admin(*words)

    def enrol(self, code: str, station: str, env: Mapping[str, str]) -> Kiosk:
        """Add a kiosk and enrol it through its own network plug, approved by a second administrator."""
        self.say(f"enrolling kiosk {code} at {station}")
        plug = Plug(self.port)
        kiosk = Kiosk(code, station, self.folder / f"kiosk-{code}", plug, dict(env))
        self.admin("kiosk", "add", code, "--station", station)
        said = self.admin("kiosk", "code", code)
        secret = _found(r"--code ([A-Z2-7-]+)", said)
        root = _found(r"--root ([0-9a-f]{64})", said)
        words = ["--hub", f"https://localhost:{plug.port}", "--root", root, "--code", secret]
        enrolling = Process(
            stationleaf("kiosk", "enrol", "--home", str(kiosk.home), *words, "--wait"),
            self.folder / f"enrol-{code}.log",
            env,
        )
        wait_for("the check number", lambda: _number(enrolling) != "" or not enrolling.running)
        self.admin("kiosk", "approve", code, "--number", _number(enrolling), acting=SECOND_ADMIN)
        wait_for("the kiosk to be active", lambda: not enrolling.running)
        if enrolling.stop() != 0:
            raise KitError(f"enrolment of {code} failed:\n{enrolling.said()}")
        self.kiosks[code] = kiosk
        return kiosk

    def close(self) -> None:
        """Stop everything."""
        for kiosk in self.kiosks.values():
            if kiosk.process is not None:
                kiosk.process.stop()
            kiosk.plug.close()
        if self.hub is not None:
            self.hub.stop()


def badges(folder: Path = DEMO) -> dict[str, str]:
    """Return person to badge number of a demo plant."""
    with (folder / "badges.csv").open(encoding="utf-8", newline="") as file:
        return {row["person"]: row["badge"] for row in csv.DictReader(file)}


def demo_documents(folder: Path) -> list[Publication]:
    """Draw the demo plant's PDFs and clips into ``folder`` and return what there is to publish."""
    for script in ("make_documents.py", "make_clips.py"):
        run([sys.executable, str(DEMO / script), str(folder)])
    with (DEMO / "documents.csv").open(encoding="utf-8", newline="") as file:
        return [
            Publication(
                pdf=folder / row["file"],
                page_map=DEMO / row["map"],
                client=row["client"],
                part=row["part"],
                document=row["document"],
                revision=row["revision"],
                title=row["title"],
                classification=row["classification"],
                language=row["language"],
                steps=DEMO / row["steps"] if row["steps"] else None,
                clips=Path(copy(DEMO / row["clips"], folder)) if row["clips"] else None,
            )
            for row in csv.DictReader(file)
        ]


def _number(process: Process) -> str:
    found = re.search(r"\b(\d{3}) ?(\d{3})\b", process.said())
    return "".join(found.groups()) if found else ""


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        raise KitError(f"{pattern!r} is not in:\n{text}")
    return found[1]
