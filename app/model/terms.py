"""The field's closed vocabularies: classification, roles, statuses. Words only; ``decide`` has the rules."""

from __future__ import annotations

from enum import IntEnum, StrEnum

ALL_STATIONS = "ALL"
"""The station code in a page map that means: every station that runs the page's part."""


class Classification(IntEnum):
    """How far know-how may travel; a higher value is more confidential. Compared with ``<=``."""

    PUBLIC = 0
    INTERNAL = 1
    STANDARD = 2
    RESTRICTED = 3

    @classmethod
    def parse(cls, word: str) -> Classification:
        """Read ``"internal"`` and the like.

        Raises:
            ValueError: the word is none of the four.
        """
        try:
            return cls[word.strip().upper()]
        except KeyError:
            raise ValueError(f"{word!r} is not one of public, internal, standard, restricted") from None

    @property
    def word(self) -> str:
        """The word used on the wire and in CSV files."""
        return self.name.lower()


class Role(StrEnum):
    """Personnel classes (ISA-95). A person may hold several."""

    OPERATOR = "operator"
    LEAD = "lead"
    SUPERVISOR = "supervisor"
    ENGINEER = "engineer"
    QUALITY = "quality"
    AUDITOR = "auditor"
    ADMIN = "admin"


GRANTING_ROLES = frozenset({Role.SUPERVISOR, Role.ADMIN})
"""Roles that may make a grant on a line that their holder supervises."""

VIEWING_ROLES = frozenset({Role.OPERATOR, Role.LEAD, Role.ENGINEER, Role.QUALITY})
"""Roles that may see pages at a station; supervisors and administrators do not by role."""


TEXT_SIZES = (100, 125, 150, 200)
"""How large a person may have the screen's letters, per cent (WCAG 2.2, 1.4.4 asks for 200)."""


class KioskStatus(StrEnum):
    """Where a device stands. Only ``ACTIVE`` may hold or show pages."""

    PENDING = "pending"
    ACTIVE = "active"
    LOST = "lost"
    FORKED = "forked"
    LOCKED_DOWN = "locked_down"
    RETIRED = "retired"


class RevisionStatus(StrEnum):
    """Life of a revision; only ``EFFECTIVE`` is ever shown."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    EFFECTIVE = "effective"
    SUPERSEDED = "superseded"
    RECALLED = "recalled"


class AssignmentKind(StrEnum):
    """Why a person may work at a station."""

    ASSIGNED = "assigned"
    RELIEF = "relief"


class GrantKind(StrEnum):
    """The exceptions to need-to-know that there are."""

    OFFLINE_ADMISSION = "offline admission"
    BREAK_GLASS = "break-glass"


class AgreementEnd(StrEnum):
    """Why a signature under a client's agreement that was given does not count."""

    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


class CredentialKind(StrEnum):
    """What was presented at the reader, and so how much it is worth (design, section 5)."""

    UID = "uid"
    UID_PIN = "uid_pin"
    CARD = "card"

    @property
    def ceiling(self) -> Classification:
        """The highest classification that this kind of credential opens.

        A number with its PIN can be guessed by whoever holds a kiosk's disk, and yet it opens ``restricted``
        pages: their keys also need the hub's boot share, which no disk holds (rule 13 of ``decide``).
        """
        return _CREDENTIAL_CEILING[self]


_CREDENTIAL_CEILING = {
    CredentialKind.UID: Classification.INTERNAL,
    CredentialKind.UID_PIN: Classification.RESTRICTED,
    CredentialKind.CARD: Classification.RESTRICTED,
}
