"""Translations at the hub: what a revision may say that it translates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.hub.lookup import check_language, need
from app.hub.schema import Document, RevisionRow
from app.model.errors import Refused
from app.model.terms import RevisionStatus

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def check_edition(session: Session, document: str, part: str, language: str, translates: str) -> None:
    """Raise unless a revision of ``document`` may be in this language, and a translation of ``translates``.

    Raises:
        Refused: the language is none, or missing for a translation; or it translates itself, a document of
            another part, or one that is a translation itself: it would never be shown.
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
    newest = select(RevisionRow.translates).where(
        RevisionRow.document == translates, RevisionRow.status != RevisionStatus.RECALLED.value
    )
    if of := session.scalars(newest.order_by(RevisionRow.id.desc())).first():
        raise Refused(
            f"{translates} is a translation itself, of {of}.",
            advice=f"Say what it is of: --translates {of}",
            code="bad_translation",
        )
