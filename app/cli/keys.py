"""Verifier keys on the command line: typed, or in a file."""

from __future__ import annotations

from pathlib import Path

from app.cli.files import read_file

MOST_BYTES = 4096


def read_key_word(word: str) -> str:
    """Return a verifier key as it was typed, or from the file that was named.

    Raises:
        NotFound, Unavailable, Refused: the file cannot be read, or is too large.
    """
    if "+" in word:
        return word
    return read_file(Path(word), "verifier key", MOST_BYTES).decode("utf-8", "replace").strip()
