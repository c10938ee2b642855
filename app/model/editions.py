"""Editions: a document in several languages. Which one a person works by. Pure.

A translation is a document of its own (``WI-100-ES``) of which a revision says what it translates
(``WI-100``). It counts beside the original's revision of the same label and never by itself: a translation
that was not renewed gives way to the original, visibly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


@dataclass(frozen=True)
class Edition:
    """A revision of a document in a language ("": nobody said which); ``translates`` "" is an original."""

    document: str
    revision: str
    language: str = ""
    translates: str = ""

    @property
    def work(self) -> tuple[str, str]:
        """What it is an edition of: document and revision of the original."""
        return self.translates or self.document, self.revision


def in_others(
    readable: Iterable[Edition], originals: Collection[tuple[str, str]], language: str
) -> frozenset[Edition]:
    """The editions among ``readable`` that somebody of this language does not work by.

    ``originals`` are document and revision of every original in force, readable or not. The edition in the
    person's language is chosen, else the original, else, where that is kept from the person, the first one.
    """
    by_work: dict[tuple[str, str], list[Edition]] = {}
    dropped: set[Edition] = set()
    for edition in dict.fromkeys(readable):
        if edition.translates and edition.work not in originals:
            dropped.add(edition)
        else:
            by_work.setdefault(edition.work, []).append(edition)
    for editions in by_work.values():
        wanted = [edition for edition in editions if speaks(edition.language, language)]
        plain = [edition for edition in editions if not edition.translates]
        chosen = (wanted or plain or editions)[0]
        dropped.update(edition for edition in editions if edition != chosen)
    return frozenset(dropped)


def speaks(language: str, wanted: str) -> bool:
    """Whether a page in ``language`` is for somebody who wants ``wanted``: tags as in BCP 47 (RFC 4647,
    section 3.4, by the primary language alone).
    """
    return bool(language) and _primary(language) == _primary(wanted)


def _primary(tag: str) -> str:
    return tag.replace("_", "-").partition("-")[0].casefold()
