"""What a worker can say of a page, and what quality answers: the words of it. Pure."""

from __future__ import annotations

from enum import StrEnum

WHATS = {
    "unreadable": "I cannot read this",
    "differs": "The part looks different",
    "value": "A number or a tool is wrong",
    "missing": "Something is missing here",
    "order": "The order of the steps is wrong",
    "other": "Something else",
}
"""What is wrong: the word in the record, and what the person reads."""

MOST_WORDS = 140
"""Characters that a person can add."""

MOST_ANSWER = 400
"""Characters of an answer."""

HELD_SECONDS = 10
"""For how long a remark can be taken back before it goes."""


class Verdict(StrEnum):
    """What a remark comes to."""

    CHANGES = "changes"
    STAYS = "stays"


VERDICTS = {
    Verdict.CHANGES: "The page will be changed.",
    Verdict.STAYS: "The page stays as it is.",
}
"""The same, as the person who made the remark reads it."""
