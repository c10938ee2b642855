"""The records that ``floor`` reads: one kiosk's station with its pages, people and clients."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from app.model.terms import GRANTING_ROLES, AgreementEnd, Classification

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from app.hub.agreement_pages import FloorText
    from app.model.plant import Page, Person, Station
    from app.wire.grants import GrantInfo
    from app.wire.lease import ChangeInfo, ClipInfo, SlotInfo, StepInfo


@dataclass(frozen=True, repr=False)
class FloorPage:
    """A page of the station: the record that ``decide`` takes, and what a manifest says beside it."""

    record: Page
    blob: str
    size: int
    key: bytes
    title: str
    label: str
    of: int
    width_mpt: int
    height_mpt: int
    steps: tuple[StepInfo, ...] = ()
    language: str = ""
    translates: str = ""
    clip: ClipInfo | None = None
    clip_key: bytes = b""

    @property
    def keys(self) -> dict[str, bytes]:
        """The wrapped keys of page and clip, by ciphertext: whoever may see the one may see the other."""
        clip = {} if self.clip is None else {self.clip.blob: self.clip_key}
        return {self.blob: self.key, **clip}


@dataclass(frozen=True)
class FloorPerson:
    """Somebody of the line, with the slot of the badge in use; ``has_read`` as in ``OperatorInfo``.

    ``ended`` says why a signature does not count that was given; ``signable`` are the agreements that this
    person may sign at the kiosk, client by version.
    """

    record: Person
    language: str
    supervises: bool
    slot: SlotInfo
    exposure_crossed: frozenset[str]
    ended: Mapping[str, AgreementEnd] = field(default_factory=dict)
    signable: Mapping[str, str] = field(default_factory=dict)
    has_read: frozenset[str] = frozenset()
    text_size: int = 100

    @property
    def as_signed(self) -> Person:
        """The person as after signing what may be signed here: the keys must be there then."""
        record = self.record
        until = {code: end for code, end in record.agreements_until.items() if code not in self.signable}
        return replace(record, agreements={**record.agreements, **self.signable}, agreements_until=until)

    def also(self, there: FloorPerson) -> FloorPerson:
        """The person with what is said of them ``there``, at another station with other clients."""
        mine, other = self.record, there.record
        record = replace(
            mine,
            agreements={**other.agreements, **mine.agreements},
            agreements_until={**other.agreements_until, **mine.agreements_until},
        )
        return replace(
            self,
            record=record,
            exposure_crossed=self.exposure_crossed | there.exposure_crossed,
            ended={**there.ended, **self.ended},
            has_read=self.has_read | there.has_read,
        )

    @property
    def may_grant(self) -> bool:
        """Whether this person may make grants at the line's stations."""
        return self.supervises and self.record.active and bool(self.record.roles & GRANTING_ROLES)


@dataclass(frozen=True)
class FloorClient:
    """A client whose parts run at the station; offline times in hours, exposure limits in per cent."""

    name: str
    agreement_version: str
    offline_hours: int
    restricted_hours: int
    exposure_limit: int | None
    line_limit: int | None = None
    site_limit: int | None = None

    def hours(self, classification: Classification) -> int:
        """How long pages of a class may be read without the hub."""
        restricted = classification is Classification.RESTRICTED
        return self.restricted_hours if restricted else self.offline_hours


@dataclass(frozen=True)
class Floor:
    """A station with everything that may matter there from now ``until`` the longest offline time ends.

    ``grants`` are those of the kiosk, whatever their station; ``texts`` the clients' agreements in force,
    where kiosks can show them.
    """

    until: datetime
    station: Station
    line_name: str
    pages: tuple[FloorPage, ...]
    people: tuple[FloorPerson, ...]
    clients: dict[str, FloorClient]
    takt_seconds: int | None = None
    grants: tuple[GrantInfo, ...] = ()
    texts: dict[str, FloorText] = field(default_factory=dict)
    changes: tuple[ChangeInfo, ...] = ()

    @property
    def granters(self) -> frozenset[str]:
        """Who may make grants here."""
        return frozenset(person.record.code for person in self.people if person.may_grant)

    def person(self, code: str) -> FloorPerson | None:
        """Somebody of the line, or to whom a grant was made; None where there is none with a badge."""
        return next((person for person in self.people if person.record.code == code), None)
