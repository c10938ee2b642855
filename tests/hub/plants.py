"""A small plant for the hub's tests: its tables, a document, and the command line at a hub."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pymupdf

from app.cli.main import main
from app.hub.home import Home
from app.hub.store import Store

if TYPE_CHECKING:
    from pathlib import Path

TABLES = {
    "clients": "client,name\nC1,Aqua Ltd\nC2,Brio AG\n",
    "agreements": "client,version,title,file\nC1,2026,NDA,nda.txt\nC2,7,Secrecy,\n",
    "parts": "part,client,name\nP-1,C1,Pump\nP-2,C2,Meter\n",
    "lines": "line,site,name\nL1,S1,Pumps\nL2,S1,Meters\n",
    "stations": (
        "station,name,line,ceiling,parts\nST-010,Housing,L1,standard,P-1\n"
        'ST-020,"Battery, attach",L1,,P-1;P-2\nST-030,Test,L2,internal,P-2\n'
    ),
    "people": (
        "person,name,roles,ceiling,language,lines\nOP-1,Ana Ruiz,operator,internal,es,\n"
        "OP-2,李雷,operator;lead,,zh-Hans,\nSUP-2,Bo Falk,supervisor,,,L1\n"
        "ADMIN-2,Cy Adams,admin,,,\nENG-1,Di Moss,engineer,,,\nQA-1,Ed Noor,quality,,,\n"
    ),
    "badges": "person,badge\nOP-1,0417263905\nADMIN-2,0417270418\n",
    "signatures": "person,client,version,signed\nOP-1,C1,2026,2026-01-05\n",
    "training": "person,document,revision,until\nOP-1,WI-100,A,\n",
    "assignments": (
        "person,station,kind,start,end\nOP-1,ST-010,,2026-01-05,\n"
        "OP-1,ST-020,relief,2026-01-05T06:00+01:00,\n"
    ),
}


MAP = """first_page,last_page,station_code,station_name
1,1,ALL,General
2,2,ST-010,Housing
3,4,ST-020,"Battery, attach"
"""


@dataclass
class Said:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str


class Desk:
    """The command line at one hub."""

    def __init__(self, folder: Path, capsys) -> None:
        self.folder = folder
        self._capsys = capsys

    def admin(self, *words: object, acting: str = "SUP-1") -> Said:
        """Run ``stationleaf admin`` and return what it said."""
        by = ["--as", acting] if acting else []
        self._capsys.readouterr()
        try:
            code = main(["admin", "--hub", str(self.folder), *by, *(str(word) for word in words)])
        except SystemExit as ended:
            code = int(ended.code or 0)
        said = self._capsys.readouterr()
        assert "fault in Stationleaf" not in said.err, said.err
        assert "Traceback" not in said.out + said.err
        return Said(code, said.out, said.err)

    def done(self, *words: object, acting: str = "SUP-1") -> str:
        """Run a command that must succeed and return what it printed."""
        said = self.admin(*words, acting=acting)
        assert said.code == 0, said
        return said.out

    def refused(self, *words: object, acting: str = "SUP-1") -> Said:
        """Run a command that must fail with one line on standard error."""
        said = self.admin(*words, acting=acting)
        assert said.code == 1, said
        last = said.err.strip().splitlines()[-1]
        assert last.startswith("stationleaf: ")
        return said

    @property
    def home(self) -> Home:
        return Home.open(self.folder)

    def store(self) -> Store:
        return Store(self.home.database_url)

    def content(self) -> dict[str, list[tuple]]:
        """Everything in the database, by table."""
        with sqlite3.connect(self.folder / "hub.db") as base:
            names = [row[0] for row in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            found = {
                name: sorted(base.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr) for name in names
            }
        base.close()
        return found

    def rows(self, query: str, *values: object) -> list[tuple]:
        """Ask the database."""
        base = sqlite3.connect(self.folder / "hub.db")
        try:
            return base.execute(query, values).fetchall()
        finally:
            base.close()

    def files(self) -> set[str]:
        """The files of the hub's folder, without SQLite's own beside the database."""
        return {
            str(path.relative_to(self.folder))
            for path in self.folder.rglob("*")
            if not path.name.startswith("hub.db-")
        }


def write_tables(folder: Path, **changed: str | None) -> Path:
    """Write the plant's CSV files; ``changed`` replaces a table's text, None leaves it out."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "nda.txt").write_text("You keep it to yourself.\n", encoding="utf-8")
    for name, text in {**TABLES, **changed}.items():
        if text is not None:
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def write_pdf(
    path: Path, pages: int = 4, *, bookmarks: bool = True, word: str = "canary", **save: object
) -> Path:
    """Write a PDF whose pages say ``{word}-{number}``, with a bookmark for each station."""
    document = pymupdf.open()
    for number in range(1, pages + 1):
        page = document.new_page()
        page.insert_text((72, 72), f"{word}-{number}", fontsize=20)
        page.draw_rect((72, 100, 200, 200 + number))
    if bookmarks:
        document.set_toc([[1, "ST-010 Housing", 2], [1, "ST-020 Battery, attach", 3]][: max(0, pages - 1)])
    document.set_metadata({"title": "Pump assembly"})
    document.save(path, **save)
    document.close()
    return path
