"""What happens in the story: from the locked screen to the lockdown, at two kiosks and a hub."""

from __future__ import annotations

import csv
import shutil
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kit import reading
from kit.cast import (
    ANA,
    BRUNO,
    CLIENT,
    EMEKA,
    FATIMA,
    GLASS_MINUTES,
    GRACE,
    HANNA,
    JULIA,
    NAMES,
    UNIT,
    UNKNOWN_BADGE,
    Cast,
    allow_exceptions,
    demo_cast,
    documents_cast,
    furnish,
    newest_only,
)
from kit.eyes import Eyes
from kit.grants import Grants
from kit.plant import Plant
from kit.processes import wait_for
from kit.stand import Act, Stand, compare
from kit.story import Story

if TYPE_CHECKING:
    from collections.abc import Callable

    from kit.eyes import Seen
    from kit.story import Answer

LOCKED = "tap your badge"
PURGED = "confirmed: purged"
IDLE_SECONDS = 20
NOTICE_SECONDS = 6.0
"""How long the screen is watched after a badge that is refused."""
_STATUS = (0.0, 0.12), (0.88, 1.0)


def play(out: Path, documents: Path | None, say: Callable[[str], None]) -> bool:
    """Play the whole story and leave its record in ``out``; returns whether everything was as expected."""
    story = Story(out, say)
    with tempfile.TemporaryDirectory(prefix="stationleaf-demo-") as made:
        folder = Path(made)
        (folder / "documents").mkdir()
        plant = Plant(folder, say)
        stands: list[Stand] = []
        try:
            cast = newest_only(documents_cast(documents)) if documents else demo_cast(folder / "documents")
            stage = _stage(story, plant, cast, stands)
            if stage is not None:
                stage.play()
        finally:
            plant.close()
            for stand in stands:
                stand.close()
            story.keep(*folder.glob("*.log"))
    return story.ok


def _stage(story: Story, plant: Plant, cast: Cast, stands: list[Stand]) -> Chapters | None:
    def set_up() -> Answer:
        plant.init()
        plant.serve()
        furnish(plant, cast)
        allow_exceptions(plant, GLASS_MINUTES)
        eyes = cast.known()
        for code, station in (("K-1", cast.home), ("K-2", cast.other)):
            stands.append(Stand.build(plant, code, station, Eyes(eyes), plant.folder))
        listed = plant.admin("kiosk", "list")
        return listed.count(
            "active"
        ) == 2, f"{len(cast.publications)} documents published, two kiosks enrolled"

    expected = "hub made and served over TLS, plant imported, documents published, two kiosks enrolled"
    if not story.play("plant", expected, set_up):
        return None
    return Chapters(story, plant, cast, stands[0], stands[1])


class Chapters:
    """The steps in their order. ``one`` is Ana's kiosk, ``two`` is Emeka's."""

    def __init__(self, story: Story, plant: Plant, cast: Cast, one: Stand, two: Stand) -> None:
        self.story, self.plant, self.cast, self.one, self.two = story, plant, cast, one, two
        self.pages = cast.pages_at(cast.home)
        self.grants = Grants(plant, cast, one)

    def play(self) -> None:
        """All of them."""
        self._start()
        self._reading()
        self._refusals()
        self._plug()
        self._reassignment()
        self._hub_dies()
        self._idle()
        if self._glass:
            over = "its minute has passed: no page of the other station is left, the badge opens nothing"
            self.story.play("glass-over", over, self.grants.glass_over, self.one)
        self._lockdown()

    # -- a working day ------------------------------------------------------------------------------------

    def _start(self) -> None:
        def locked(stand: Stand) -> Answer:
            stand.start()
            text = stand.wait_for_words(LOCKED, without_page=True)
            return self._locked(stand, text)

        self.story.play("locked", "badge screen, no page", lambda: locked(self.one), self.one)
        self.story.play("locked-second", "badge screen, no page", lambda: locked(self.two), self.two)
        wanted = self.cast.kept_at(self.cast.home)
        self.story.play("pulled", f"{wanted} pages and clips in the cache", self._pulled, self.one)

    def _pulled(self) -> Answer:
        wanted = self.cast.kept_at(self.cast.home)
        wait_for("the pull", lambda: self.one.kept() >= wanted, 60, pause=0.5)
        held = self.one.kept()
        return held == wanted, f"{held} pages and clips in the cache"

    def _reading(self) -> None:
        story, one, pages = self.story, self.one, self.pages
        badge = self.cast.badges[ANA]
        first = pages[0]
        story.play(
            "badge-in",
            f"{NAMES[ANA]} sees {first}",
            lambda: self._is(one.admit(ANA, badge, first), first),
            one,
        )
        story.play("watermark", "marks in all four quarters of the page", self._watermark, one)
        story.play("own-pages", f"exactly {', '.join(pages)}", self._own_pages, one)
        story.play(
            "far-jump-back", f"{first} at a stroke", lambda: self._is(one.turn("Home", first), first), one
        )
        last = pages[-1]
        story.play("far-jump", f"{last} at a stroke", lambda: self._is(one.turn("End", last), last), one)
        story.play("zoom", "the same page, larger", self._zoom, one)
        self._work()

    def _work(self) -> None:
        """A unit is scanned and its first step confirmed, where the document has steps."""
        steps = self.cast.steps_at(self.cast.home)
        if len(steps) > 1:
            (here, step), (following, _) = steps[:2]
            unit = f"the screen names {UNIT} over {here}"
            self.story.play("unit", unit, partial(self._scan_unit, here), self.one)
            done = f"step {step} on record for {UNIT}, and {following} comes up"
            self.story.play("step", done, partial(self._confirm, step, following), self.one)

    def _scan_unit(self, page: str) -> Answer:
        """By barcodes alone: to the page, then the unit."""
        self.one.scan(f"PAGE {self.pages.index(page) + 1}", page)
        self.one.scan(UNIT, page)
        seen = self.one.look()
        text = self.one.wait_for_words(UNIT.lower(), seconds=15)
        good = seen.recognised and seen.name == page and not reading.missing(text, [UNIT.lower()])
        return good, f"“{_around(text, UNIT)}” over {seen.name}"

    def _confirm(self, step: str, following: str) -> Answer:
        seen = self.one.scan("DONE", following)

        def history() -> list[dict[str, str]]:
            return self.plant.events("--unit", UNIT)

        wait_for("the step", lambda: any(row["step"] == step for row in history()), 40, pause=0.5)
        told = [f"{row['what']} {row['step'] or row['page']}".strip() for row in history()]
        (row,) = (row for row in history() if row["step"] == step)
        good = seen.recognised and seen.name == following and row["person"] == ANA
        return good, f"{seen.name}; the unit's history: {', '.join(told)}"

    def _own_pages(self) -> Answer:
        walked = [self.one.look().name, *(self.one.turn("Right", page).name for page in self.pages[1:])]
        self.one.display.key("Right")  # beyond the last page there is nothing, and nothing to record
        time.sleep(0.5)
        beyond = self.one.look().name
        good = walked == self.pages and beyond == self.pages[-1]
        return good, f"{', '.join(walked)}; then Right leaves {beyond}"

    def _watermark(self) -> Answer:
        shot = self.one.grab()
        shares = self.one.eyes.watermark(shot, self.one.eyes.look(shot))
        words = ", ".join(f"{share:.1%}" for share in shares)
        return min(shares) > 0.002, f"share of the white ground that is marked, by quarter: {words}"

    def _zoom(self) -> Answer:
        before = self.one.look()
        self.one.display.key("plus", "plus")
        grown, score = 1.0, 0.0
        end = time.monotonic() + 10
        while not (grown > 1.15 and score > 0.6) and time.monotonic() < end:
            grown, score = self.one.eyes.magnified(self.one.grab(), before)
        picture = self.one.display.picture(self.story.out / f"{len(self.story.steps) + 1:02}-zoomed.png")
        self.one.display.key("Escape")
        after = self.one.wait_for_page(before.name)
        good = grown > 1.15 and score > 0.6 and after.recognised
        return good, f"{grown:.1f} times as large (sure: {score:.2f}, {picture.name}), then back to the fit"

    def _refusals(self) -> None:
        story, one, badges = self.story, self.one, self.cast.badges
        cases = [
            ("unknown-badge", "not known", UNKNOWN_BADGE, Act("badge.unknown")),
            ("not-assigned", "not assigned", badges[EMEKA], Act("access.denied", EMEKA)),
            ("no-agreement", "agreement", badges[HANNA], Act("access.denied", HANNA)),
        ]
        for name, words, badge, act in cases:
            expected = f"no page, and the sentence with “{words}”"
            story.play(name, expected, partial(self._refused, badge, words, act), one)

    def _refused(self, badge: str, words: str, act: Act) -> Answer:
        self.one.tap(badge, act)
        text = ""
        for shot in self.one.frames(
            NOTICE_SECONDS
        ):  # looked at afterwards: the sentence stays for a moment only
            text = reading.read(shot)
            if not reading.missing(text, [words]):
                page = self.one.eyes.look(shot)
                told = "no page" if not page.recognised else f"and {page.name}!"
                return not page.recognised, f"“{_around(text, words)}”, {told}"
        return False, f"not read; at last: {text[:300]}"

    # -- the plug -----------------------------------------------------------------------------------------

    def _plug(self) -> None:
        story, one, pages, badges = self.story, self.one, self.pages, self.cast.badges
        first = pages[0]
        story.play(
            "badge-in-again", f"{first}", lambda: self._is(one.admit(ANA, badges[ANA], first), first), one
        )
        story.play("unplugged", "the status says offline, the page stays", self._unplug, one)
        ahead = pages[1:7]
        story.play("offline-turns", f"{len(ahead)} pages turn", lambda: self._turns(ahead), one)
        story.play(
            "offline-other-badge", f"{NAMES[FATIMA]} (relief) reads {first}",
            lambda: self._is(one.admit(FATIMA, badges[FATIMA], first), first), one,
        )  # fmt: skip
        story.play("offline-more-turns", "two pages turn", lambda: self._turns(pages[1:3]), one)
        admitted = f"{NAMES[JULIA]} admits {NAMES[BRUNO]}, who reads {first}"
        story.play("offline-admission", admitted, self.grants.admission, one)
        story.play("plugged-in", "the status says online, nothing waits", self._plug_in, one)
        judged = "the hub has the admission as both signed it, confirms it and lists it for the review"
        story.play("admission-judged", judged, self.grants.judged)
        story.play("events", "every act is at the hub exactly once", lambda: compare(self.plant, one), one)
        story.play("leak", "a screenshot names its view: who, which page, where, proven", self._leak, one)
        self._glass = self.cast.neighbours.index(self.cast.other) < len("123456789")
        if self._glass:  # what has a number key
            reads = f"{NAMES[GRACE]} reads {self.grants.there} here, in red"
            story.play("break-glass", reads, self.grants.glass, one)

    def _leak(self) -> Answer:
        """A picture of the screen turns up as a JPEG; nothing but the picture goes to the investigator."""
        shot = self.story.out / "leak.jpg"
        self.one.grab().convert("RGB").save(shot, quality=50)
        said = self.plant.trace(shot)
        view = [act for act in self.one.acts if act.kind == "view.begin"][-1]
        document, _, page = view.page.partition(":")
        wanted = [
            f"page {page}",
            document,
            view.person,
            f"kiosk {self.one.code}",
            "the inclusion proof holds",
        ]
        lacking = [words for words in wanted if words not in said]
        return not lacking, "; ".join(" ".join(line.split()) for line in said.splitlines()[3:])

    def _turns(self, names: list[str]) -> Answer:
        seen = [self.one.turn("Right", name).name for name in names]
        return seen == names, ", ".join(seen)

    def _unplug(self) -> Answer:
        self.one.kiosk.plug.pull()
        return self._status("offline") if self._touched(self.one) else (False, "no page")

    def _plug_in(self) -> Answer:
        self.one.kiosk.plug.push()
        return self._status("online", "recorded")

    def _status(self, *words: str, seconds: float = 60.0) -> Answer:
        """Wait until the status line says the words; a touch now and then keeps the session open."""
        end = time.monotonic() + seconds
        while True:
            self._touched(self.one)
            shot = self.one.grab()
            text = " ".join(reading.read(shot, rows) for rows in _STATUS)
            lacking = reading.missing(text, words) or ("online" in words and "offline" in text)
            if not lacking or time.monotonic() > end:
                page = self.one.eyes.look(shot)
                return not lacking and page.recognised, f"“{text.strip()[:160]}” over {page.name}"

    def _touched(self, stand: Stand) -> bool:
        """A key that changes nothing, so that nobody seems to have left; returns whether a page is there."""
        stand.display.key("Escape")
        return stand.look().recognised

    # -- the hub ------------------------------------------------------------------------------------------

    def _reassignment(self) -> None:
        story, two = self.story, self.two
        badge = self.cast.badges[EMEKA]
        there = self.cast.pages_at(self.cast.other)[0]
        here = self.pages[0]
        story.play(
            "second-kiosk",
            f"{NAMES[EMEKA]} reads {there}",
            lambda: self._is(two.admit(EMEKA, badge, there), there),
            two,
        )
        story.play("reassigned", "the pages leave the second kiosk by themselves", self._reassign, two)
        story.play(
            "reassigned-admitted", f"{NAMES[EMEKA]} reads {here} at the first kiosk", self._moved, self.one
        )
        story.play(
            "second-events",
            "every act of the second kiosk at the hub once",
            lambda: compare(self.plant, two),
            two,
        )

    def _reassign(self) -> Answer:
        self.plant.admin("assign", EMEKA, self.cast.home, "--reason", "covers for sick leave")
        self.plant.admin("unassign", EMEKA, self.cast.other, "--reason", "moves to the battery station")
        took, shot = self.two.wait_until_gone()
        text = reading.read(shot)
        return True, f"gone {took:.1f} s after the command was done; the screen says “{text[:200].strip()}”"

    def _moved(self) -> Answer:
        seen = self.one.admit(EMEKA, self.cast.badges[EMEKA], self.pages[0])
        return self._is(seen, self.pages[0])

    def _hub_dies(self) -> None:
        story, one, pages = self.story, self.one, self.pages
        story.play("hub-killed", "kill -9: the status says offline, the page stays", self._kill, one)
        story.play("hub-killed-turns", "three pages turn", lambda: self._turns(pages[1:4]), one)
        story.play("hub-back", "the hub starts again, the status says online", self._restart, one)
        story.play(
            "events-again", "every act is at the hub exactly once", lambda: compare(self.plant, one), one
        )

    def _kill(self) -> Answer:
        if self.plant.hub is None:
            return False, "there is no hub"
        self.plant.hub.kill()
        return self._status("offline")

    def _restart(self) -> Answer:
        self.plant.serve()
        return self._status("online", "all recorded")

    # -- the end of the day -------------------------------------------------------------------------------

    def _idle(self) -> None:
        expected = f"a countdown, then locked after {IDLE_SECONDS} s without a touch"
        self.plant.admin(
            "setting", "set", "idle_seconds", str(IDLE_SECONDS), "--reason", "the story is short"
        )
        self.story.play("idle-countdown", "a visible countdown over the page", self._countdown, self.one)
        self.story.play("idle-locked", expected, self._idle_locked, self.one)

    def _countdown(self) -> Answer:
        first = self.pages[0]
        self.one.admit(ANA, self.cast.badges[ANA], first)
        self._touched(self.one)
        self._touched_at = time.monotonic()
        while time.monotonic() - self._touched_at < IDLE_SECONDS - 9:
            time.sleep(0.1)
        shot = self.one.grab()
        text, seen = reading.read(shot, (0.0, 0.06)), self.one.eyes.look(shot)
        good = not reading.missing(text, ["locks in"]) and seen.recognised
        return good, f"“{_around(text, 'locks in')}” over {seen.name}"

    def _idle_locked(self) -> Answer:
        begun = time.monotonic()
        after = begun - self._touched_at + self.one.wait_until_gone(IDLE_SECONDS + 15)[0]
        ok, seen = self._locked(self.one, self.one.wait_for_words(LOCKED, seconds=10))
        return ok and IDLE_SECONDS - 2 < after < IDLE_SECONDS + 5, f"locked after {after:.1f} s; {seen}"

    def _lockdown(self) -> None:
        story, one = self.story, self.one
        badge, first = self.cast.badges[ANA], self.pages[0]
        self._client_lockdown(first)
        story.play("before-lockdown", f"{first}", lambda: self._is(one.admit(ANA, badge, first), first), one)
        story.play(
            "lockdown", "the page leaves at once, the screen says that it is blocked", self._block, one
        )
        story.play("purged", "no page is left in the cache", self._purged, one)
        story.play("blocked-badge", "a badge opens nothing", self._still_blocked, one)
        for stand in (one, self.two):
            free = f"no work over 50 ms on the Qt thread of {stand.code} since its start"
            story.play(f"watchdog-{stand.code}", free, stand.watched)

    def _client_lockdown(self, first: str) -> None:
        """Everything of a client, with one kiosk out of reach; then it is back, then all is lifted."""
        story, one, two = self.story, self.one, self.two
        story.play("client-locked", "the page leaves at once", partial(self._lock_client, first), one)
        known = f"{one.code} has purged, {two.code} may still hold pages, until a time that is told"
        story.play("client-unreachable", known, self._unreachable)
        story.play("client-reached", f"{two.code} has purged, too", self._reached, two)
        story.play("client-restored", "all pages are back in the cache", self._restore)

    def _lock_client(self, first: str) -> Answer:
        self.two.kiosk.plug.pull()
        seen = self.one.admit(ANA, self.cast.badges[ANA], first)
        self.plant.admin("revoke", "client", CLIENT, "--reason", "the client asks for it")
        took, _ = self.one.wait_until_gone()
        return seen.name == first, f"{first} gone {took:.1f} s after the command was done"

    def _holders(self) -> dict[str, dict[str, str]]:
        """By kiosk what the hub knows of the client's pages there."""
        words = ("receipts", "--client", CLIENT, "--csv")
        return {row["kiosk"]: row for row in csv.DictReader(self.plant.admin(*words).splitlines())}

    def _unreachable(self) -> Answer:
        one, two = self.one.code, self.two.code
        wait_for("the receipt", lambda: self._holders()[one]["outcome"] == PURGED, 30, pause=0.5)
        row = self._holders()[two]
        good = row["outcome"] == "may still hold it" and int(row["pages"]) > 0 and bool(row["until"])
        return good, f"{one}: {PURGED}; {two}: {row['pages']} pages, {row['outcome']} until {row['until']}"

    def _reached(self) -> Answer:
        self.two.kiosk.plug.push()
        wait_for(
            "the other receipt", lambda: self._holders()[self.two.code]["outcome"] == PURGED, 60, pause=0.5
        )
        left = self.two.kept()
        return left == 0, f"{self.two.code}: {PURGED}, {left} pages in the cache"

    def _restore(self) -> Answer:
        self.plant.admin("restore", "client", CLIENT, "--reason", "end of the drill")
        return self._pulled()

    def _block(self) -> Answer:
        self.plant.admin("kiosk", "block", self.one.code, "--reason", "end of the story")
        took, shot = self.one.wait_until_gone()
        text = reading.read(shot)
        said = [words for words in ("blocked", "locked down") if words in text]
        where = _around(text, said[0]) if said else text[:200]
        return bool(said), f"gone {took:.1f} s after the command was done; “{where}”"

    def _purged(self) -> Answer:
        wait_for("the purge", lambda: self.one.kept() == 0, 30, pause=0.5)
        return True, "0 pages in the cache"

    def _still_blocked(self) -> Answer:
        self.one.tap(self.cast.badges[ANA])
        time.sleep(3)
        seen = self.one.look()
        return not seen.recognised, f"“{self.one.read()[:160].strip()}”"

    # -- answers ------------------------------------------------------------------------------------------

    def _is(self, seen: Seen, name: str) -> Answer:
        good = seen.recognised and seen.name == name
        return good, f"{seen.name} (sure: {seen.score:.2f})" if seen.recognised else "no page"

    def _locked(self, stand: Stand, text: str) -> Answer:
        seen = stand.look()
        good = not reading.missing(text, [LOCKED]) and not seen.recognised
        return good, f"“{text[:80].strip()}”, " + (
            f"and {seen.name}!" if seen.recognised else "no trace of a page"
        )


def _around(text: str, words: str) -> str:
    place = max(0, text.find(words.lower()))
    return text[max(0, place - 60) : place + 100].strip()


def needs() -> list[str]:
    """What of the system is missing to play the story."""
    tools = ("Xvfb", "xdotool", "gnome-keyring-daemon", "dbus-daemon", "tesseract")
    return [tool for tool in tools if shutil.which(tool) is None]
