"""Hub, two kiosks and an adversary, driven at random; after each step the oracle is asked about everything.

What is held to it: what the hub seals, lists and hands out; what a kiosk stores; what it would show to each
person, now and after it ran for a while; what is on its screen. In both directions: nothing that the oracle
denies, and everything that it grants.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.kiosk import access
from app.kiosk.access import Local, Opened
from app.seal.encoding import sha256
from app.wire.client import HubRefused
from tests.machine.changes import CHANGES, Skip
from tests.machine.hub import KIOSKS, PEOPLE, HubBox, Template
from tests.machine.kiosk import KioskBox
from tests.machine.oracle import holdable, known_at

if TYPE_CHECKING:
    from collections.abc import Collection

    from tests.machine.oracle import Told

HOURS = (0, 1, 3, 11, 13, 19, 25, 71, 73)
codes = st.sampled_from(tuple(KIOSKS))
people = st.sampled_from(PEOPLE)
small = st.integers(0, 59)
changes = st.sampled_from(tuple(CHANGES))
hours_ahead = st.sampled_from(HOURS)


class Shopfloor(RuleBasedStateMachine):
    """See the module. ``template`` is set by the test; ``done`` counts what was done, in all runs."""

    template: Template
    done: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        memory = Path("/dev/shm")  # no disk to wait for: what a power cut leaves is tested elsewhere
        self.folder = Path(tempfile.mkdtemp(prefix="machine", dir=memory if memory.is_dir() else None))
        self.hub = HubBox(self.template, self.folder)
        self.given: list[Told] = []
        self.kiosks: dict[str, KioskBox] = {}
        for code in KIOSKS:
            self.kiosks[code] = KioskBox(self.hub, code, self.folder / code, self.given)

    def teardown(self) -> None:
        for kiosk in self.kiosks.values():
            kiosk.close()
        self.hub.close()
        shutil.rmtree(self.folder)

    # -- the plant ----------------------------------------------------------------------------------------

    @initialize()
    def morning(self) -> None:
        for code in KIOSKS:
            self._contact(code, 0)

    @rule(
        what=st.sampled_from(tuple(CHANGES)),
        who=small,
        where=small,
        how=small,
        told=codes,
        hours=st.sampled_from(HOURS),
    )
    def change(self, what: str, who: int, where: int, how: int, told: str, hours: int) -> None:
        """Something is changed at the hub, and a kiosk that it reaches is told."""
        try:
            with self.hub.acting() as acting:
                CHANGES[what](acting, self.hub.world, who, where, how)
        except Skip:
            return
        self.done["changes"] += 1
        if not self.kiosks[told].line.cut and how % 3:
            self._contact(told, hours)

    @rule(code=codes, hours=st.sampled_from(HOURS))
    def contact(self, code: str, hours: int) -> None:
        self._contact(code, hours)

    @rule(minutes=st.sampled_from((1, 6, 20, 70, 300, 800, 4400)))
    def time_passes(self, minutes: int) -> None:
        """People touch the screen now and then, on short ways."""
        hop = 50 if minutes <= 300 else minutes
        while minutes > 0:
            self.hub.clock.forward(minutes=min(hop, minutes))
            minutes -= hop
            for kiosk in self.kiosks.values():
                kiosk.conductor.touch()
                kiosk.tick()

    # -- people -------------------------------------------------------------------------------------------

    @rule(code=codes, person=people, fumbles=st.booleans())
    def tap(self, code: str, person: str, fumbles: bool) -> None:
        """Somebody taps: exactly the pages that the oracle grants are there, and the first is on record."""
        kiosk = self.kiosks[code]
        if kiosk.session is not None:
            kiosk.conductor.lock()
        kiosk.paintings.clear()
        kiosk.tap(person, wrong_pin_first=fumbles and kiosk.forgives)
        granted = kiosk.memory.may_show(person, kiosk.clock.now())
        self.done["badges tapped"] += 1
        self.done["sessions opened"] += kiosk.session is not None
        self._on_screen(kiosk)
        assert (kiosk.session is not None) == bool(granted), f"{person} at {code}: {kiosk.screen}"
        assert kiosk.session is None or kiosk.session.person == person
        if kiosk.session is not None and self._front(kiosk) in kiosk.cache.have():
            assert kiosk.paintings, "a page that is granted and here was not painted"
        self._painted(kiosk)

    @rule(code=codes, index=st.integers(0, 7))
    def turn(self, code: str, index: int) -> None:
        kiosk = self.kiosks[code]
        kiosk.paintings.clear()
        kiosk.conductor.turn_to(index)
        kiosk.draw()
        self._painted(kiosk)

    # -- the adversary ------------------------------------------------------------------------------------

    @rule(code=codes)
    def cut_or_mend(self, code: str) -> None:
        kiosk = self.kiosks[code]
        kiosk.line.cut = not kiosk.line.cut

    @rule(code=codes)
    def pull_the_plug(self, code: str) -> None:
        self.kiosks[code].reboot()

    @rule(code=codes, hours=st.sampled_from((0, 0, -1, -30, 2, 50)), reboot=st.booleans())
    def set_clock(self, code: str, hours: int, reboot: bool) -> None:
        """Somebody sets the machine's clock, and starts it again or not."""
        kiosk = self.kiosks[code]
        kiosk.clock.off = timedelta(hours=hours)
        if reboot:
            kiosk.reboot()

    @rule(code=codes)
    def copy_state(self, code: str) -> None:
        self.kiosks[code].save_state()

    @rule(code=codes, keyring=st.booleans())
    def put_state_back(self, code: str, keyring: bool) -> None:
        """The copied file alone, or the image of the whole machine."""
        kiosk = self.kiosks[code]
        if kiosk.kept is not None:
            kiosk.put_state_back(keyring=keyring)
            self.done["older copies noticed"] += kiosk.memory.set_back

    @precondition(lambda self: self.given)
    @rule(code=codes, pick=small)
    def replay(self, code: str, pick: int) -> None:
        """A lease from before, or the other kiosk's, comes in place of the answer: it is taken only where
        neither lease store nor keyring knows of a newer one, that is, where the whole machine was put back.
        """
        kiosk, memory, now = self.kiosks[code], self.kiosks[code].memory, self.hub.clock.now()
        if kiosk.line.cut or self.hub.world.devices[code].blocked or not kiosk.state.manifest:
            return
        kiosk.contact.meet()
        told = self.given[pick % len(self.given)]
        if (told.kiosk, told.number) == (code, memory.number) and not memory.set_back:
            return  # the one that it has: nothing old is in it
        before, takes = kiosk.state.mark, memory.takes(told, now)
        share = told.reply.boot_share if told.kiosk == code else b""  # that of another would not open
        kiosk.line.replay = told.reply.model_copy(update={"time": now, "boot_share": share})
        kiosk.contact.lease()
        kiosk.tick()  # what the hub said of the time ends a session with the next look at it
        if takes:
            memory.told(told)
            assert kiosk.contact.lease_trouble is None, f"{code} is denied its lease {told.number}"
            self._would_show(kiosk, timedelta(0))
        else:
            assert kiosk.state.mark == before, f"{told.kiosk}'s lease {told.number} was accepted by {code}"
        self.done["leases of a copy's future taken" if takes else "stale leases refused"] += 1
        self._on_screen(kiosk)
        self._stored(kiosk)
        kiosk.meet()
        self._after_contact(kiosk)

    # -- what must hold -----------------------------------------------------------------------------------

    @invariant()
    def nothing_else_is_shown(self) -> None:
        self.done["steps"] += 1
        for kiosk in self.kiosks.values():
            kiosk.paintings.clear()
            kiosk.tick()
            self._on_screen(kiosk)
            self._painted(kiosk)
            self._stored(kiosk)

    def _contact(self, code: str, hours: int) -> None:
        kiosk = self.kiosks[code]
        if kiosk.meet():
            self.done["contacts"] += 1
            self._after_contact(kiosk)
            if not self.hub.world.devices[code].blocked:
                self._would_show(kiosk, timedelta(hours=hours))

    def _after_contact(self, kiosk: KioskBox) -> None:
        """What was given is exactly what the oracle lets this kiosk hold, for each person."""
        if self.hub.world.devices[kiosk.code].blocked:
            assert kiosk.conductor.holding is None
            assert not kiosk.state.manifest, "a blocked kiosk keeps its lease"
            assert not kiosk.cache.have(), "a blocked kiosk keeps pages"
            for asks in (kiosk.line.asks_for_lease, kiosk.line.asks_for_everything):
                with suppress(HubRefused):
                    asks()
                    raise AssertionError("a blocked kiosk that asks is given something")
            return
        says = kiosk.contact.says
        assert says is None, f"{kiosk.code}: {says}"
        holding = kiosk.conductor.holding
        assert holding is not None
        held = kiosk.memory.held
        opened = kiosk.opened_by_all()
        for person in PEOPLE:
            self._same(f"keys of {person} at {kiosk.code}", opened.get(person, frozenset()), held[person])
        known = known_at(self.hub.world, kiosk.code, self.hub.clock.now(), holding.lease.expires)
        named = {operator.person for operator in holding.lease.operators}
        assert named == known, f"{kiosk.code} may identify {named}, and not {known}"
        listed = {page.blob for page in holding.manifest.pages}
        self._same(f"pages listed for {kiosk.code}", listed, set().union(*held.values()))
        handed, grantable = kiosk.line.handed, kiosk.line.grantable
        if handed is None and self.hub.clock.now().second % 4 == 0:
            handed = kiosk.line.asks_for_everything()
            grantable = holdable(self.hub.world, kiosk.code, self.hub.clock.now())
        if handed is not None:
            self._same(f"handed out to {kiosk.code}", handed, listed & set().union(*grantable.values()))
        self._same(f"stored by {kiosk.code}", kiosk.cache.have(), listed)

    def _would_show(self, kiosk: KioskBox, later: timedelta) -> None:
        """What each person would see here if the kiosk ran ``later`` without the hub."""
        holding, clock = kiosk.conductor.holding, kiosk.clock
        assert holding is not None
        pages_of = {page.page: blob for blob, page in self.hub.world.sheets.items()}
        now = kiosk.state.best_time(clock.moment())
        for operator in holding.lease.operators:
            opened = Opened(operator, operator.slots[0], self.template.keys[operator.person])
            found = access.readable(holding, opened, Local(), now + later)
            granted = kiosk.memory.may_show(operator.person, clock.now(), later)
            pages = {pages_of[page.page] for page in found.pages}
            self._same(f"{operator.person} at {kiosk.code} in {later}", pages, granted)
            access.keyed(holding, opened, found.pages)

    def _on_screen(self, kiosk: KioskBox) -> None:
        if kiosk.session is not None:
            granted = kiosk.memory.may_show(kiosk.session.person, kiosk.clock.now())
            pages_of = {page.page: blob for blob, page in self.hub.world.sheets.items()}
            pages = {pages_of[leaf.page] for leaf in kiosk.session.leaves}
            self._same(f"on the screen of {kiosk.code}", pages, granted)

    def _painted(self, kiosk: KioskBox) -> None:
        """Whatever reached the screen was granted to whom the journal names, and is the page it names."""
        for token, plain in kiosk.paintings:
            assert token in kiosk.looks, "a page was painted that is not on record"
            person, page = kiosk.looks[token]
            granted = kiosk.memory.may_show(person, kiosk.clock.now())
            assert sha256(plain) == page
            assert page in {self.hub.world.sheets[blob].page for blob in granted}, "a denied page was painted"
            self.done["pages painted"] += 1

    def _stored(self, kiosk: KioskBox) -> None:
        held = kiosk.memory.left.union(*kiosk.memory.held.values())
        have = kiosk.cache.have()
        self._same(f"stored by {kiosk.code}", have, have & held)
        if kiosk.memory.world is None:
            assert not kiosk.state.manifest
            assert kiosk.conductor.holding is None

    def _same(self, what: str, got: Collection[str], granted: Collection[str]) -> None:
        def names(blobs: Collection[str]) -> list[str]:
            return sorted(self.template.texts[blob].decode().rsplit(" ", 1)[0] for blob in blobs)

        denied, missing = names(set(got) - set(granted)), names(set(granted) - set(got))
        assert (denied, missing) == ([], []), f"{what}: denied {denied}, missing {missing}"

    def _front(self, kiosk: KioskBox) -> str:
        page = kiosk.session.leaves[kiosk.session.current].page
        return next(blob for blob, sheet in self.hub.world.sheets.items() if sheet.page == page)
