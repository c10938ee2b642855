"""Translations at the hub: what a revision may say that it translates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.hub.lookup import check_language, need
from app.hub.schema import Document
from app.model.errors import Refused

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def check_edition(session: Session, document: str, part: str, language: str, translates: str) -> None:
    """Raise unless a revision of ``document`` may be in this language, and a translation of ``translates``.

    Raises:
        Refused: the language is none, or missing for a translation; or it translates itself, or a document of
            another part.
        NotFound: there is no such document.
    """
    if language:
        check_language(language)
    if not translates:
        return
    if not language:
        raise Refused(
            "In which language is the translation?", advice="Say so: --language es", code="needs_language"
        )
    original = need(session, Document, translates, "document")
    if translates == document or original.part != part:
        raise Refused(
            f"{document} cannot be a translation of {translates}, a document of part {original.part}.",
            advice="A translation is a document of its own, of the same part.",
            code="bad_translation",
        )
