"""The dev script and its lists, as somebody with a fresh clone meets them."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DEV = ROOT / "packaging" / "dev"
LOCK = ROOT / "packaging" / "lock-dev.txt"


def dev(*args: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [DEV, *args], env=os.environ | env, capture_output=True, text=True, check=False, timeout=60
    )


def pinned() -> dict[str, str]:
    """Each locked requirement with the lines that belong to it."""
    entries = re.split(r"^(?=[a-z0-9])", LOCK.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {entry.split(" \\")[0]: entry for entry in entries if not entry.startswith("#")}


@pytest.mark.parametrize("asked", [[], ["help"], ["--help"]])
def test_help_names_every_command(asked: list[str]) -> None:
    said = dev(*asked)
    assert said.returncode == 0
    for command in ("demo", "test", "check", "bench", "soak", "swarm", "tour", "lock", "setup"):
        assert re.search(rf"^  {command}\b", said.stdout, re.MULTILINE), command


def test_an_unknown_command_is_a_usage_error() -> None:
    said = dev("dmeo")
    assert said.returncode == 2
    assert "usage: packaging/dev" in said.stderr


def test_the_script_works_from_any_folder(tmp_path: Path) -> None:
    said = subprocess.run([DEV, "help"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "usage: packaging/dev" in said.stdout


def test_the_lock_pins_everything_by_hash_and_names_no_host() -> None:
    text = LOCK.read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^-", text, re.MULTILINE)
    entries = pinned()
    assert len(entries) > 40
    for name, entry in entries.items():
        assert "==" in name, name
        assert "--hash=sha256:" in entry, name


def test_the_lock_covers_what_the_project_file_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    locked = {name.split("==")[0] for name in pinned()}
    for requirement in wanted:
        match = re.match(r"[A-Za-z0-9-]+", requirement)
        assert match is not None, requirement
        assert match[0].lower() in locked, f"{requirement}: run packaging/dev lock"


def test_the_licence_is_the_whole_affero_licence() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert " ".join(text.split()[:10]) == "GNU AFFERO GENERAL PUBLIC LICENSE Version 3, 19 November 2007"
    for number in range(18):
        assert re.search(rf"^  {number}\. ", text, re.MULTILINE), number
    assert "END OF TERMS AND CONDITIONS" in text
    assert "How to Apply These Terms to Your New Programs" in text


def test_a_person_who_may_not_install_is_given_the_line_to_run(tmp_path: Path) -> None:
    bare = tmp_path / "dpkg-query"  # a machine on which no package is installed
    bare.write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    bare.chmod(0o755)
    said = dev("setup", PATH=f"{tmp_path}:{os.environ['PATH']}", STATIONLEAF_NO_APT="1")
    assert said.returncode == 1
    line = next(line for line in said.stderr.splitlines() if "apt-get install" in line)
    assert "apt-get update && " in line
    for package in ("libgl1", "libxcb-cursor0", "xdotool", "gnome-keyring", "curl"):
        assert f" {package}" in line


def test_a_renamed_package_counts_as_installed(tmp_path: Path) -> None:
    names = [
        line
        for line in (ROOT / "packaging" / "apt.txt").read_text(encoding="utf-8").splitlines()
        if re.match(r"[a-z]", line)
    ]
    listed = [f"ii  {name}" for name in names if name not in {"libglib2.0-0", "xauth"}]
    listed += ["ii  libglib2.0-0t64 libglib2.0-0 (= 2.80.0-6)", "rc  xauth"]
    newer = tmp_path / "dpkg-query"
    newer.write_text("#!/bin/sh\ncat <<END\n" + "\n".join(listed) + "\nEND\n", encoding="utf-8")
    newer.chmod(0o755)
    said = dev("setup", PATH=f"{tmp_path}:{os.environ['PATH']}", STATIONLEAF_NO_APT="1")
    line = next(line for line in said.stderr.splitlines() if "apt-get install" in line)
    wanted = line.split("--no-install-recommends ")[1].split()
    assert [name for name in wanted if not name.endswith("-venv")] == ["xauth"]
