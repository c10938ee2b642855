"""``outage-72h``: the hub away for 72 hours of simulated time, while eight operators work at one kiosk.

The hub's own rules and database and the kiosk's own contact, lease store, journal and conductor, on clocks
that are set by hand (``tests.machine.kiosk``); looks are spread over the whole time, and the kiosk is
restarted half-way. Promised: everybody gets every page for as long as the lease allows, ``restricted`` ones
12 hours and all others 72, not longer, also where a page is on the screen at that moment; afterwards every
event is at the hub, once, in order, in a whole chain.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.hub import log_check
from app.hub.schema import Badge, EventRow, Setting
from app.hub.schema_agreements import AgreementVersion
from app.hub.store import Store
from app.kiosk.view import Stage
from app.model.errors import Damaged
from app.model.terms import Classification, CredentialKind
from app.seal.card_slot import make_card_slot
from app.seal.keys import SealKey, SigningKey
from app.seal.slot import OperatorKey, make_slot
from app.wire.messages import Event, EventKind
from soak.promise import Figures, enough, progress
from tests.hub_api.plant import Plant, make_home
from tests.machine.hub import START, HubBox, Template, card_of
from tests.machine.kiosk import KioskBox
from tests.machine.world import Device, Sheet, World

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

KIOSK, STATION = "K-1", "ST-1"
OPERATORS = tuple(f"OP-{number}" for number in range(1, 9))
WITH_CARD = frozenset(OPERATORS[-2:])
"""Who has a cryptographic card, and may see ``restricted`` pages; the others, with badge and PIN, may not."""
OUTAGE, RESTRICTED = timedelta(hours=72), timedelta(hours=12)
MARGIN = timedelta(minutes=3)
"""How long before such an end somebody has the page up; a restart costs a minute of the allowance."""
SECONDS_A_LOOK = 40
LOOKS_A_SESSION = 25
STANDARD_PAGES, RESTRICTED_PAGES = 6, 2


def run(count: int, seed: int) -> Figures:
    """Work so many looks long; ``seed`` is who begins."""
    figures = Figures()
    with tempfile.TemporaryDirectory() as folder:
        work = _Work(Path(folder), figures)
        try:
            work.outage(count, seed)
            work.return_()
        finally:
            work.close()
    return figures


def _badge(person: str) -> tuple[str, str]:
    """Badge number and PIN."""
    number = int(person.removeprefix("OP-"))
    return f"04172639{number:02}", f"73915{number}"


def _template(folder: Path) -> Template:
    """A plant with one station, eight operators and two documents."""
    home = make_home(folder / "hub")
    plant = Plant(home, Store(home.database_url))
    with plant.writing() as session:
        session.merge(Setting(name="idle_seconds", value=600))
        session.merge(Setting(name="pin_used", value=True))
        plant.customer("ACME")
        plant.add(AgreementVersion(client="ACME", version="1", title="v1", made=START, by="SUP-1"))
        plant.part("PUMP", "ACME")
        plant.line("L1")
        plant.station(STATION, "L1", ["PUMP"])
        sheets = {}
        for document, classification, pages in (
            ("WI-1", Classification.STANDARD, STANDARD_PAGES),
            ("WI-2", Classification.RESTRICTED, RESTRICTED_PAGES),
        ):
            texts = [(f"{document} page {page}".encode(), (STATION,)) for page in range(pages)]
            for blob in plant.publish(document, "PUMP", texts, classification=classification):
                sheets[blob] = Sheet("", f"{document}/A", (STATION,))
        for person in OPERATORS:
            _hire(plant, person)
        devices = {KIOSK: plant.kiosk(KIOSK, STATION)}
        plant.set_kiosk(KIOSK, approved_by="SUP-1")
    plant.store.close()
    return Template(home, plant.keys, devices, World({}, {}, {}, {}, sheets, {KIOSK: Device(STATION)}), {})


def _hire(plant: Plant, person: str) -> None:
    keys, salt = OperatorKey(SealKey.generate(), SigningKey.generate()), plant.home.site_salt
    card = person in WITH_CARD
    slot = (
        make_card_slot(card_of(person).public_key(), salt, keys)
        if card
        else make_slot(*_badge(person), salt, keys)
    )
    plant.person(
        person,
        ceiling=Classification.RESTRICTED if card else Classification.STANDARD,
        kind=CredentialKind.CARD if card else CredentialKind.UID_PIN,
    )
    plant.keys[person] = keys
    with plant.writing() as session:
        badge = session.query(Badge).filter_by(person=person).one()
        badge.slot_tag, badge.slot_salt, badge.slot_box = slot.tag, slot.salt, slot.box
        badge.seal_public, badge.sign_public = slot.seal_public, slot.sign_public
    plant.sign(person, "ACME")
    plant.assign(person, STATION)


@dataclass
class _Work:
    """The plant, the kiosk, and what was seen at it: person and page of each look, in order."""

    folder: Path
    figures: Figures
    seen: list[tuple[str, str]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.hub = HubBox(_template(self.folder), self._made("run"))
        self.kiosk = KioskBox(self.hub, KIOSK, self.folder / "kiosk", [])
        self.kiosk.meet()
        self.began: datetime = self.hub.clock.now()

    def _made(self, name: str) -> Path:
        path = self.folder / name
        path.mkdir()
        return path

    # -- the time without a hub ---------------------------------------------------------------------------

    def outage(self, count: int, seed: int) -> None:
        """From the last contact to the lease's end."""
        self.kiosk.line.cut = True
        looks = min(LOOKS_A_SESSION, max(1, count // 16))
        sessions = max(1, count // looks)
        restarted = restricted_ended = False
        for number in range(sessions):
            if enough():
                break
            due = number * (OUTAGE - 2 * MARGIN) / sessions
            if due > RESTRICTED - 2 * MARGIN and not restricted_ended:
                restricted_ended = True
                self._end_in_view(OPERATORS[-1], RESTRICTED, Classification.RESTRICTED)
            self._until(due)
            if self._away >= OUTAGE / 2 and not restarted:
                restarted = True
                self.kiosk.reboot()
                self.figures.count("restarts")
            person = OPERATORS[(number + seed) % len(OPERATORS)]
            self._session(person, looks)
            self.figures.promise(not self.kiosk.meet(), "the hub is away and was met")
            self.figures.count("contacts tried")
            progress(number + 1, sessions, self.figures)
        self._end_in_view(OPERATORS[0], OUTAGE, Classification.STANDARD)
        self._nobody()

    @property
    def _away(self) -> timedelta:
        return self.hub.clock.now() - self.began

    def _until(self, away: timedelta) -> None:
        """Time passes in steps of an hour, as the kiosk sees it."""
        while (left := away - self._away) > timedelta(0):
            self.hub.clock.forward(seconds=min(left.total_seconds(), 3600))
            self.kiosk.tick()

    def _session(self, person: str, looks: int) -> None:
        """Sign in, turn so many pages, sign out."""
        documents = self._sign_in(person)
        wanted = ["WI-1"] * STANDARD_PAGES
        if person in WITH_CARD and self._away < RESTRICTED - MARGIN:
            wanted += ["WI-2"] * RESTRICTED_PAGES
        self.figures.promise(
            sorted(documents) == wanted, f"{person} has {documents} after {self._away}, not {wanted}"
        )
        for look in range(looks - 1):
            self._turn((look + 1) % max(1, len(documents)))
        self.kiosk.conductor.lock()
        self._note()
        self.figures.count("sessions")

    def _sign_in(self, person: str) -> Sequence[str]:
        """Tap; returns the documents whose pages are there."""
        if person in WITH_CARD:
            self.kiosk.tap(person)
        else:
            badge, pin = _badge(person)
            self.kiosk.clock_on()
            self.kiosk.conductor.tap(badge)
            if self.kiosk.stage is Stage.PIN:
                self.kiosk.conductor.keypad.enter(pin)
            self.kiosk.draw()
        self._note()
        session = self.kiosk.session
        return [] if session is None else [leaf.document for leaf in session.leaves]

    def _turn(self, leaf: int) -> None:
        self.hub.clock.forward(seconds=SECONDS_A_LOOK)
        self.kiosk.tick()
        self.kiosk.conductor.touch()
        self.kiosk.conductor.turn_to(leaf)
        self.kiosk.draw()
        self._note()

    def _note(self) -> None:
        """What was painted since: its look must be in the journal."""
        for token, _ in self.kiosk.paintings:
            self.figures.promise(token in self.kiosk.looks, "a page was painted without a record")
            if token not in self.tokens[-1:]:  # the same look may be painted again
                self.tokens.append(token)
                self.seen.append(self.kiosk.looks[token])
                self.figures.count("looks")
        self.kiosk.paintings.clear()

    def _end_in_view(self, person: str, end: timedelta, level: Classification) -> None:
        """Somebody has a page of the class up when its allowance ends: it leaves."""
        self._until(end - MARGIN)
        document = "WI-2" if level is Classification.RESTRICTED else "WI-1"
        documents = self._sign_in(person)
        self.figures.promise(document in documents, f"{person} has no {level.word} page at {self._away}")
        if document not in documents:
            return
        self._turn(documents.index(document))
        self._until(end + timedelta(seconds=1))
        session = self.kiosk.session
        left = [] if session is None else [leaf.document for leaf in session.leaves]
        self.figures.promise(document not in left, f"{level.word} pages are up {self._away} after contact")
        self.figures.count("ends in view")
        self.kiosk.conductor.lock()
        self._note()

    def _nobody(self) -> None:
        """After the lease's end nobody gets in, and is told why."""
        for person in OPERATORS:
            self._until(self._away + timedelta(minutes=1))
            documents = self._sign_in(person)
            screen = self.kiosk.screen
            told = (
                screen is not None and screen.notice is not None and screen.notice.says and screen.notice.do
            )
            self.figures.promise(not documents, f"{person} has pages after the lease's end")
            self.figures.promise(told, f"{person} is not told why there is nothing")
            self.figures.count("turned away")

    # -- afterwards ---------------------------------------------------------------------------------------

    def return_(self) -> None:
        """The hub is back: work goes on, and everything is there."""
        recorded = self.kiosk.outbox.waiting()
        self.kiosk.line.cut = False
        self.figures.promise(self.kiosk.meet(), "the hub is back and was not met")
        documents = self._sign_in(OPERATORS[-1])
        everything = STANDARD_PAGES + RESTRICTED_PAGES
        self.figures.promise(len(documents) == everything, f"back at the hub there are {documents}")
        self.kiosk.conductor.lock()
        self._note()
        self.kiosk.meet()
        self.figures.promise(self.kiosk.outbox.waiting() == 0, "events still wait at the kiosk")
        self._compare(recorded)

    def _compare(self, recorded: int) -> None:
        with self.hub.store.read() as session:
            rows = list(
                session.scalars(select(EventRow).where(EventRow.kiosk == KIOSK).order_by(EventRow.id))
            )
            numbers = [row.seq for row in rows]
            events = [Event.read(row.data) for row in rows]
        views = [(event.person, event.page) for event in events if event.kind is EventKind.VIEW_BEGIN]
        self.figures.count("events kept through the outage", recorded)
        self.figures.count("events at the hub", len(rows))
        self.figures.count("lost", sum((Counter(self.seen) - Counter(views)).values()))
        self.figures.count("doubled", len(numbers) - len(set(numbers)))
        self.figures.promise(views == self.seen, "the looks at the hub are not those at the kiosk, in order")
        self.figures.promise(numbers == list(range(1, len(rows) + 1)), "events came out of order")
        try:
            log_check.check(self.hub.store)
        except Damaged as error:
            self.figures.promise(False, f"the logs do not fit the events: {error}")

    def close(self) -> None:
        """Close the files."""
        self.kiosk.close()
        self.hub.close()
