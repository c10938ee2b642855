"""What a person reads when access is denied: one plain sentence and what to do next, per reason."""

from __future__ import annotations

from dataclasses import dataclass

from app.model.decide import Reason
from app.model.terms import AgreementEnd


@dataclass(frozen=True)
class Words:
    """``says`` is the sentence, ``do`` the next step. Both end in a full stop."""

    says: str
    do: str


REASON_WORDS: dict[Reason, Words] = {
    Reason.KIOSK_BLOCKED: Words(
        "This kiosk is blocked.",
        "Work at another kiosk and tell your supervisor: the hub must release this one.",
    ),
    Reason.LEASE_EXPIRED: Words(
        "The time for reading these pages without the hub has run out.",
        "Reconnect the network; the pages come back by themselves.",
    ),
    Reason.CLOCK_BEHIND: Words(
        "This kiosk's clock cannot be trusted.", "Reconnect the network so that the hub can set the time."
    ),
    Reason.NOT_THIS_STATION: Words(
        "These pages belong to another station.", "Go to the kiosk of that station, or ask your supervisor."
    ),
    Reason.PERSON_REVOKED: Words(
        "Your badge is no longer active.", "See your supervisor or the badge office."
    ),
    Reason.SELF_ADMISSION: Words(
        "Nobody can admit himself to a station.", "Another supervisor of this line can."
    ),
    Reason.NOT_SUPERVISOR: Words(
        "Only a supervisor of this line can admit somebody here.", "Call one of this line's supervisors."
    ),
    Reason.GRANT_NOT_ALLOWED: Words(
        "This plant's rules do not allow such an exception.", "Ask your supervisor to assign you instead."
    ),
    Reason.NOT_ASSIGNED: Words(
        "You are not assigned to this station now.",
        "Ask your supervisor to assign you; it takes effect at once.",
    ),
    Reason.ROLE: Words(
        "Your role does not include reading work instructions.",
        "Ask an operator, or have your roles changed.",
    ),
    Reason.WRONG_PRODUCT: Words(
        "This product is not built at this station.", "Check the work order with your line lead."
    ),
    Reason.CLASS_CEILING: Words(
        "These pages are more confidential than your badge may open here.",
        "Sign in with badge and PIN where you have one, or ask your supervisor.",
    ),
    Reason.NO_AGREEMENT: Words(
        "You have not signed this client's current confidentiality agreement.",
        "Ask your supervisor for the agreement, then tap again.",
    ),
    Reason.TRAINING_STALE: Words(
        "You are not trained on this revision yet.",
        "Ask your supervisor to record the training, then tap again.",
    ),
    Reason.CHANGE_UNREAD: Words(
        "You have not read yet what changed in them.",
        "Touch “What changed”, read it, and confirm: then the pages open.",
    ),
    Reason.SUPERSEDED: Words("These pages were replaced by a newer revision.", "Work by the pages in force."),
    Reason.NOT_EFFECTIVE: Words(
        "This revision is not in force.", "Tell the line lead; document control releases revisions."
    ),
    Reason.EXPOSURE_LIMIT: Words(
        "The limit of how much of this product may be seen here is reached.",
        "Ask your supervisor: quality decides on exceptions.",
    ),
    Reason.LOCKED_DOWN: Words(
        "These pages were taken back until further notice.",
        "Ask your supervisor: quality decides when they return.",
    ),
    Reason.NEEDS_HUB: Words(
        "Restricted pages open only while the hub is reachable.", "Reconnect the network."
    ),
    Reason.CANNOT_RECORD: Words(
        "This look cannot be recorded, so nothing is shown.",
        "The disk may be full: call maintenance. Nothing was lost.",
    ),
}

BADGE_ALONE = Words(
    "These pages open with badge and PIN, and you signed in with the badge alone.",
    "To get a PIN, ask your supervisor for a PIN code, then touch “Set PIN” on the badge screen.",
)
"""``CLASS_CEILING`` where a PIN is all that is missing."""

NEEDS_PIN = Words("Breaking glass needs badge and PIN.", "Set a PIN first, or call a supervisor who has one.")
NOTHING_THERE = Words("That station has no pages now.", "Tell the line lead which pages you need.")
UNSIGNED = Words("The hub does not know one of these badges any more.", "Begin again in a minute.")
"""Why break-glass is refused, beside the reasons of ``decide``."""

AGREEMENT_WORDS: dict[AgreementEnd, Words] = {
    AgreementEnd.LAPSED: Words(
        "Your signature under this client's confidentiality agreement has lapsed.",
        "Ask your supervisor for the agreement, then tap again.",
    ),
    AgreementEnd.WITHDRAWN: Words(
        "Your signature under this client's confidentiality agreement was withdrawn.",
        "Ask your supervisor or quality; you cannot sign it again here.",
    ),
    AgreementEnd.REPLACED: Words(
        "This client's confidentiality agreement has a new version that you have not signed.",
        "Ask your supervisor for the agreement, then tap again.",
    ),
}
"""``NO_AGREEMENT`` where there was a signature before."""

SIGN_HERE = "Tap your badge again to read and sign it."
SIGN_WITH_PIN = (
    "It is signed here with badge and PIN: ask your supervisor for a PIN code, then touch “Set PIN”."
)
"""What to do about ``NO_AGREEMENT`` where the kiosk has the agreement."""

BOARD_WORDS: dict[Reason, Words] = {
    Reason.PERSON_REVOKED: Words("Has no active badge.", "Have the badge office issue one."),
    Reason.ROLE: Words(
        "Has no role that reads work instructions.", "An administrator gives the role operator."
    ),
    Reason.CLASS_CEILING: Words(
        "{document} is more confidential than this badge may open.",
        "A badge with a PIN, or a higher clearance, opens it.",
    ),
    Reason.NO_AGREEMENT: Words(
        "Has not signed {client}'s current agreement.", "Have it signed and recorded, then move."
    ),
    Reason.TRAINING_STALE: Words(
        "Is not trained on {document}, revision {revision}.", "Record the training, then move."
    ),
    Reason.EXPOSURE_LIMIT: Words(
        "Has reached the limit of what may be seen of {client}'s know-how.", "Quality decides on exceptions."
    ),
    Reason.LOCKED_DOWN: Words("{document} is locked down here.", "Quality decides when it returns."),
    Reason.WRONG_PRODUCT: Words("{document} is not built at this station.", "Check the station's parts."),
    Reason.NOT_EFFECTIVE: Words("{document} is not in force.", "Document control releases revisions."),
}
"""What a supervisor reads of somebody else, before a move: only the reasons that a move can meet."""
