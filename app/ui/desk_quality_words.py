"""What the desk says to quality, of remarks and of views under review: ``desk_words`` for those sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.wire.desk_remarks import DeskRemark
    from app.wire.desk_review import CaseReply, CaseView, ReviewCase

REMARKS = "Remarks"
REMARKS_HOW = (
    "What people at kiosks said of pages. Whoever made a remark reads the answer at the next badge tap."
)
REMARKS_NONE = "Nobody said that something is wrong."
REMARKS_ALL = "Answered ones, too"
REMARKS_LOOK = "Look at the page (on record)"
REMARKS_NO_LOOK = "Only quality looks at the page"
REMARKS_ANSWER = "What do you answer?"
REMARKS_CHANGES = "The page will be changed"
REMARKS_STAYS = "The page stays as it is"


def remark_line(remark: DeskRemark) -> str:
    """A remark in the list: who, where, when, of which page, what, and how far it is."""
    number = "?" if remark.number is None else remark.number
    where = f"{remark.revision} p. {number}"
    when = f"{remark.at.astimezone():%Y-%m-%d %H:%M}"
    return f"{remark.name}  {remark.station}\n{when}  {where}\n{remark.says}"


def remark_page(remark: DeskRemark) -> str:
    """What stands above the page of a remark."""
    document, _, label = remark.revision.partition("/")
    return f"{document}, revision {label}, page {remark.number}"


def remark_what(remark: DeskRemark) -> str:
    """All that is known of a remark, and its answer."""
    about = [f"step {remark.step}"] * bool(remark.step) + [f"unit {remark.unit}"] * bool(remark.unit)
    lines = [f"{remark.says}" + (f"  ({', '.join(about)})" if about else "")]
    if remark.verdict:
        told = "has read it" if remark.told is not None else "has not read it yet"
        lines.append(f"→ {remark.verdict} ({remark.answered_by}): {remark.answer}  {remark.name} {told}.")
    return "\n".join(lines)


REVIEW = "Review"
REVIEW_HOW = (
    "Views that somebody in quality should look at. A verdict counts once a second person confirms it."
)
REVIEW_NONE = "Nothing to look at."
REVIEW_REASON = "Why is it justified, or an incident?"
REVIEW_JUSTIFIED = "Justified"
REVIEW_INCIDENT = "Incident"
REVIEW_CONFIRM = "Confirm the verdict"
REVIEW_LOCK = "Lock this person down …"
TIMELINE_NONE = "Choose a case."
TIMELINE_ROWS = ("Working hours", "Assignment", "Grant", "Unit", "Views")


def case_line(case: ReviewCase) -> str:
    """A case in the queue: who, where, when, why, and how far it is."""
    flags = ", ".join(why.flag for why in case.why)
    return f"{case.name}  {case.station}\n{case.day}  {flags}\n{_judged(case)}"


def _judged(case: ReviewCase) -> str:
    if not case.verdict:
        return "open"
    if case.late:
        return f"{case.verdict}, but {case.late} views arrived since"
    if case.confirmed_by:
        return f"{case.verdict} ({case.by}, {case.confirmed_by})"
    return f"{case.verdict} ({case.by}), waits for a second person"


def case_why(case: ReviewCase) -> str:
    """Every flag with its sentence, and the verdict with its reason."""
    lines = [f"• {why.flag}: {why.says}" for why in case.why]
    if case.verdict:
        lines.append(f"→ {_judged(case)}: {case.reason}")
    return "\n".join(lines)


def timeline_said(case: CaseReply) -> str:
    """The timeline for those who do not see it."""
    unexplained = sum(not view.explained for view in case.views)
    return f"{len(case.views)} views, {unexplained} of them explained by nothing"


def bare(count: int, first: CaseView) -> str:
    """The flag at the first view that nothing explains."""
    more = f" and {count - 1} more" if count > 1 else ""
    return f"{first.at.astimezone():%H:%M:%S} {first.page}{more}: no assignment"


def incident_reason(case: ReviewCase) -> str:
    """The reason for a lockdown that a case leads to."""
    return f"Incident {case.code}: {case.reason}"[:400]
