"""The hub's named settings: their names, forms and defaults. A row of ``setting`` each; absent is default."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from sqlalchemy import select

from app.hub.acting import Acting, Task
from app.hub.lookup import Outcome
from app.hub.remembered import remembered
from app.hub.schema import Setting
from app.model.errors import NotFound, Refused
from app.model.terms import Classification, GrantKind
from app.wire.grants import MOST_MINUTES as GRANT_MINUTES
from app.wire.lease import BadgeFormat
from app.wire.scans import ScanFormat, ScanRules

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session


MOST_MINUTES = 30 * 24 * 60


@dataclass(frozen=True)
class Form:
    """A setting: its default, its meaning, and how a word from the command line becomes its value."""

    default: Any
    meaning: str
    parse: Callable[[str], Any]


def _class(word: str) -> str:
    return Classification.parse(word).word


def _yes(word: str) -> bool:
    if word.lower() not in {"yes", "no", "true", "false"}:
        raise ValueError(f"{word!r} is neither yes nor no")
    return word.lower() in {"yes", "true"}


def _seconds(word: str) -> int:
    if not (word.isascii() and word.isdigit() and 5 <= int(word) <= 3600):
        raise ValueError(f"{word!r} is not a number of seconds from 5 to 3600")
    return int(word)


def _grace_seconds(word: str) -> int:
    if not (word.isascii() and word.isdigit() and len(word) < 4 and int(word) <= 600):
        raise ValueError(f"{word!r} is not a number of seconds from 0 to 600")
    return int(word)


def _minutes(word: str) -> int:
    if not (word.isascii() and word.isdigit() and len(word) < 6 and int(word) <= MOST_MINUTES):
        raise ValueError(f"{word!r} is not a number of minutes from 0 to {MOST_MINUTES}")
    return int(word)


def _grant_minutes(kind: GrantKind) -> Callable[[str], int]:
    most = GRANT_MINUTES[kind]

    def parse(word: str) -> int:
        if not (word.isascii() and word.isdigit() and len(word) < 4 and int(word) <= most):
            raise ValueError(f"{word!r} is not a number of minutes from 0 to {most}")
        return int(word)

    return parse


def _move_reason(word: str) -> str:
    if word not in {"never", "withheld", "always"}:
        raise ValueError(f"{word!r} is not one of never, withheld, always")
    return word


def _badge(word: str) -> dict[str, Any]:
    try:
        return BadgeFormat.model_validate_json(word).model_dump(mode="json")
    except ValidationError:
        raise ValueError(
            f"{word!r} is not a badge format such as {BadgeFormat().model_dump_json()}"
        ) from None


def _scan(word: str) -> dict[str, Any] | None:
    if not word:
        return None
    try:
        return ScanFormat.model_validate_json(word).model_dump(mode="json")
    except ValidationError:
        example = ScanFormat(prefix="SN-").model_dump_json()
        raise ValueError(f"{word!r} is not a barcode's form such as {example}, or empty for none") from None


def _hours(word: str) -> str:
    if word and _HOURS.fullmatch(word) is None:
        raise ValueError(f"{word!r} is not a span such as 05:00-23:00 (UTC)")
    return word


_HOURS = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d-(?:[01]\d|2[0-3]):[0-5]\d", re.ASCII)

SETTINGS: dict[str, Form] = {
    "idle_seconds": Form(60, "seconds without touch until a kiosk locks", _seconds),
    "lease_warning_minutes": Form(480, "how long before a lease ends a kiosk warns (amber)", _minutes),
    "lease_alarm_minutes": Form(60, "how long before a lease ends a kiosk warns in red", _minutes),
    "site_ceiling": Form("restricted", "highest classification shown at this site", _class),
    "badge_format": Form(BadgeFormat().model_dump(mode="json"), "which badge numbers are ours", _badge),
    "unit_format": Form(None, "which scans are serial numbers of units; empty: none", _scan),
    "order_format": Form(None, "which scans are work orders; empty: none", _scan),
    "unit_required": Form(False, "steps are confirmed for units only: their serial number is scanned", _yes),
    "pin_used": Form(False, "people have PINs: they can be set, and unknown badges are asked for one", _yes),
    "pin_shuffled": Form(False, "the keypad's digits stand in another order each time", _yes),
    "evidence_pseudonyms": Form(True, "evidence for clients names persons by pseudonyms", _yes),
    "move_reason": Form(
        "withheld", "when moving a person asks for a reason: never, withheld (pages), always", _move_reason
    ),
    "grace_seconds": Form(
        0,
        "how long the page in hand stays when its reader's assignment ends, in seconds (0 to 600)",
        _grace_seconds,
    ),
    "admission_minutes": Form(
        0,
        "how long a supervisor may admit a worker at a kiosk without the hub, in minutes; 0: not at all",
        _grant_minutes(GrantKind.OFFLINE_ADMISSION),
    ),
    "glass_minutes": Form(
        0,
        "how long break-glass may show another station's pages at a kiosk, in minutes; 0: not at all",
        _grant_minutes(GrantKind.BREAK_GLASS),
    ),
    "working_hours": Form("", "views outside are reviewed, e.g. 05:00-23:00 (UTC); empty: none are", _hours),
    "allow_single_admin": Form(False, "one administrator may approve a kiosk alone", _yes),
}


def setting(session: Session, name: str) -> Any:
    """Return a setting's value, or its default."""
    row = session.get(Setting, name)
    return SETTINGS[name].default if row is None else row.value


@remembered("setting")
def read_settings(session: Session) -> dict[str, Any]:
    """Return the values of all settings, with one question to the database."""
    said: dict[str, Any] = dict(session.execute(select(Setting.name, Setting.value)).all())
    return {name: said.get(name, form.default) for name, form in SETTINGS.items()}


def badge_format(session: Session) -> BadgeFormat:
    """Return which badge numbers are this site's."""
    return BadgeFormat.model_validate(setting(session, "badge_format"))


def scan_rules(settings: dict[str, Any]) -> ScanRules:
    """Return which scans are serial numbers and work orders."""
    return ScanRules(
        unit=settings["unit_format"], order=settings["order_format"], unit_required=settings["unit_required"]
    )


def _check_forms(settings: dict[str, Any]) -> None:
    """Raise where a scan could be two things.

    Raises:
        ValueError: which two.
    """
    badge, rules = BadgeFormat.model_validate(settings["badge_format"]), scan_rules(settings)
    lead, digits = badge.prefix + badge.facility, badge.digits_only
    for name, form in (("serial number", rules.unit), ("work order", rules.order)):
        if form is not None and form.may_be(lead, badge.min_length, badge.max_length, digits=digits):
            raise ValueError(f"a {name} could be taken for a badge")
    unit, order = rules.unit, rules.order
    if (
        unit is not None
        and order is not None
        and unit.may_be(order.prefix, order.min_length, order.max_length, digits=order.digits_only)
    ):
        raise ValueError("a serial number could be taken for a work order")


def set_setting(acting: Acting, name: str, word: str) -> Outcome:
    """Change a setting to what ``word`` says.

    Raises:
        NotFound: there is no such setting.
        Refused: the actor may not, or the word is not such a value.
    """
    acting.require(Task.PLANT)
    if name not in SETTINGS:
        raise NotFound(f"There is no setting {name}.", advice=f"There are: {', '.join(SETTINGS)}.")
    try:
        value = SETTINGS[name].parse(word)
        _check_forms({**read_settings(acting.session), name: value})
    except ValueError as error:
        raise Refused(f"The setting {name} was not changed: {error}.") from None
    before = setting(acting.session, name)
    if before == value:
        return Outcome.SAME
    acting.session.merge(Setting(name=name, value=value))
    acting.record("setting.set", name, before, value)
    return Outcome.CHANGED
