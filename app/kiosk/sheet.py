"""What can be put in front of a person: a page of the manifest, or one of an agreement to be signed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from app.model.terms import Classification

if TYPE_CHECKING:
    from app.wire.agreement import AgreementPage, AgreementText
    from app.wire.lease import ClipInfo, StepInfo


class Sheet(Protocol):
    """A sealed page with what the screen, the journal and the mark say of it (``wire.lease.PageInfo``)."""

    @property
    def page(self) -> str:
        """The SHA-256 of its bytes."""

    @property
    def blob(self) -> str:
        """The SHA-256 of its ciphertext."""

    @property
    def revision_key(self) -> str:
        """The name under which it is sealed and recorded."""

    @property
    def client(self) -> str:
        """Whose it is."""

    @property
    def classification(self) -> Classification:
        """How confidential it is."""

    @property
    def document(self) -> str:
        """Which document it belongs to."""

    @property
    def title(self) -> str:
        """The document's title."""

    @property
    def revision(self) -> str:
        """The document's revision."""

    @property
    def number(self) -> int:
        """Its number there, from 1."""

    @property
    def of(self) -> int:
        """How many pages the document has."""

    @property
    def label(self) -> str:
        """The number printed on it."""

    @property
    def work_key(self) -> str:
        """The name of the revision in whichever language: steps are confirmed by it."""

    @property
    def language(self) -> str:
        """Its language, "" where nobody said it."""

    @property
    def width_mpt(self) -> int:
        """Its width in 1/1000 point."""

    @property
    def height_mpt(self) -> int:
        """Its height in 1/1000 point."""

    @property
    def steps(self) -> tuple[StepInfo, ...]:
        """The steps on it."""

    @property
    def clip(self) -> ClipInfo | None:
        """What plays on it."""


@dataclass(frozen=True)
class AgreementSheet:
    """A page of an agreement's text as a ``Sheet``."""

    text: AgreementText
    at: AgreementPage
    classification: Classification = Classification.INTERNAL
    steps: tuple[StepInfo, ...] = ()
    language: str = ""
    clip: ClipInfo | None = None

    @property
    def work_key(self) -> str:
        """``CLIENT/VERSION``."""
        return self.text.key

    @property
    def page(self) -> str:
        """The SHA-256 of its bytes."""
        return self.at.page

    @property
    def blob(self) -> str:
        """The SHA-256 of its ciphertext."""
        return self.at.blob

    @property
    def revision_key(self) -> str:
        """``CLIENT/VERSION``."""
        return self.text.key

    @property
    def client(self) -> str:
        """Whose agreement it is."""
        return self.text.client

    @property
    def document(self) -> str:
        """The client's code: agreements have no other."""
        return self.text.client

    @property
    def title(self) -> str:
        """The agreement's title."""
        return self.text.title

    @property
    def revision(self) -> str:
        """The agreement's version."""
        return self.text.version

    @property
    def number(self) -> int:
        """Its number, from 1."""
        return self.at.number

    @property
    def of(self) -> int:
        """How many pages the text has."""
        return len(self.text.pages)

    @property
    def label(self) -> str:
        """Nothing is known of what is printed on it."""
        return ""

    @property
    def width_mpt(self) -> int:
        """Its width in 1/1000 point."""
        return self.at.width_mpt

    @property
    def height_mpt(self) -> int:
        """Its height in 1/1000 point."""
        return self.at.height_mpt


def sheets_of(text: AgreementText) -> tuple[AgreementSheet, ...]:
    """The pages of an agreement's text, in order."""
    return tuple(AgreementSheet(text, page) for page in text.pages)
