"""Every look as events: what the kiosk writes down, in which words, and when."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from app.kiosk.outbox import Draft
from app.mark.code import layout
from app.mark.keys import Place
from app.mark.tile import make_band
from app.model.errors import Bug, Expected
from app.wire.acts import Act, sign_act
from app.wire.messages import EventKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from app.kiosk.access import Holding, Opened
    from app.kiosk.outbox import Recorded
    from app.kiosk.sheet import Sheet
    from app.kiosk.what_changed import Reading
    from app.mark.keys import KioskKeys
    from app.seal.keys import SigningKey
    from app.wire.agreement import AgreementText
    from app.wire.clock import Clock, Moment
    from app.wire.grants import SignedGrant

CHANGE_READ = "I have read what changed."
"""What a person's signature under a reading means."""


class Journal(Protocol):
    """Where events are committed."""

    def append(
        self, drafts: Sequence[Draft], moment: Moment, announce: Draft | None = None
    ) -> Sequence[Recorded]:
        """Commit all or none, and what may happen next.

        Raises:
            Unavailable: they cannot be recorded (``cannot_record``).
        """

    def take(self, draft: Draft, moment: Moment) -> Recorded | None:
        """What was announced happens, and is committed with what comes next; None: append it."""

    def waiting(self) -> int:
        """Events that the hub has not confirmed."""

    def delivered(self, epoch: int, seq: int) -> bool:
        """Whether the hub has confirmed this event."""


@dataclass(frozen=True)
class View:
    """A look that is going on; ``token`` names it in the watermark, and ``tile`` is its forensic mark.

    ``kind`` is the event that began it: a look at an agreement's page has no event at its end.
    """

    page: Sheet
    begun: Moment
    token: str
    tile: bytes
    kind: EventKind = EventKind.VIEW_BEGIN


def _none() -> None:
    """Nothing follows."""


@dataclass(frozen=True)
class _Look:
    """What is looked at: a page, perhaps one beside it, and the revision of which it shows what changed."""

    page: Sheet
    beside: Sheet | None
    kind: EventKind
    change: str


class Recorder:
    """Writes the events of one kiosk; knows the look and the person that are in front.

    Every method commits before it returns and raises Unavailable when it cannot; then nothing was written and
    nothing may be shown. A look that was announced is on the disk as one that may begin before it is asked
    for: it is shown at once, and committed by ``settle``.

    ``station``: where the kiosk was enrolled; events name it until a lease says where it is.
    """

    def __init__(self, journal: Journal, clock: Clock, station: str) -> None:
        self._journal, self._clock = journal, clock
        self._person = ""
        self._kiosk, self._station, self._lease = "", station, 0
        self.unit = self.order = ""
        self._marks: KioskKeys | None = None
        self._newest: Recorded | None = None
        self._next: tuple[int, bytes] | None = None
        self._looked: _Look | None = None
        self._following: Callable[[], Sheet | None] = _none
        self._over: list[Draft] = []
        self.view: View | None = None
        self.beside: View | None = None

    @property
    def waiting(self) -> int:
        """Events that the hub has not confirmed."""
        return self._journal.waiting()

    def hold(self, holding: Holding) -> None:
        """The lease in force: events name it, and looks are marked with its keys."""
        lease = holding.lease
        self._kiosk, self._station, self._lease = lease.kiosk, lease.station.code, lease.number
        self._marks, self._next = holding.mark, None
        if self._marks is not None:
            layout(self._marks.layout)  # kept there: it takes longer than all the rest of a tile

    def began(self, opened: Opened, pages: int, reads: AgreementText | None = None) -> None:
        """A session begins; ``reads``: nothing is open in it but this agreement, which is to be signed."""
        self._person = opened.operator.person
        body: dict[str, Any] = {"pages": pages, "badge": opened.slot.badge_tail}
        if reads is not None:
            body["agreement"] = reads.key
        self._write(self._draft(EventKind.SESSION_BEGIN, body=body))

    def signed(self, opened: Opened, text: AgreementText, envelope: bytes) -> Recorded:
        """The person signed the text; the envelope is signed by their own key."""
        body = {"version": text.version, "text": text.sha256, "envelope": envelope.decode()}
        draft = self._draft(
            EventKind.AGREEMENT_SIGNED, body=body, person=opened.operator.person, client=text.client
        )
        (recorded,) = self._append([draft], self._clock.moment())
        return recorded

    def looks_at(
        self,
        page: Sheet,
        beside: Sheet | None = None,
        *,
        kind: EventKind = EventKind.VIEW_BEGIN,
        change: str = "",
    ) -> View:
        """The look at ``page`` begins, and at the one ``beside``.

        The looks before are over when these are painted: ``settle`` writes it, when nobody waits.

        ``change``: the revision (``DOCUMENT/LABEL``) of which it is shown what changed.

        Raises:
            Bug: there are no keys to mark it with.
        """
        if self._marks is None:
            raise Bug("a look was to begin without the keys of its mark")
        moment = self._clock.moment()
        over, look = self._ending(moment), _Look(page, beside, kind, change)
        self._following = _none
        view = self._announced(look, moment, self._marks) or self._look(look, [], moment, self._marks)
        self._over = over
        return view

    def settle(self, following: Callable[[], Sheet | None] = _none) -> None:
        """Write down the ends of the looks before, and announce the one that may follow.

        ``following``: asked whenever something is written, for what may follow then.
        """
        self._following = following
        if self._over or following() is not None:
            self._append(self._over, self._clock.moment())
            self._over = []

    def takes_up(self, unit: str, order: str) -> None:
        """A unit or work order was scanned: from now on all is tied to it, and the look begins anew."""
        moment = self._clock.moment()
        ending = self._ending(moment)
        self.unit, self.order = unit, order
        scanned = self._draft(EventKind.UNIT_BEGIN)
        if self._looked is None or self._marks is None:
            self._append([*ending, scanned], moment)
        else:
            self._look(self._looked, [*ending, scanned], moment, self._marks)

    def _announced(self, look: _Look, moment: Moment, marks: KioskKeys) -> View | None:
        """The look, if it was announced and nothing has been recorded since."""
        if look.kind is not EventKind.VIEW_BEGIN or look.beside is not None:
            return None
        (draft,) = self._beginning(look)
        begun = self._journal.take(draft, moment)
        if begun is None:
            return None
        self._newest = begun
        return self._goes_on(look, [begun], moment, marks)

    def _beginning(self, look: _Look) -> list[Draft]:
        more = {"change": look.change} if look.change else {}
        pages = [each for each in (look.page, look.beside) if each is not None]
        return [self._draft(look.kind, each, {"number": each.number, **more}) for each in pages]

    def _look(self, look: _Look, before: list[Draft], moment: Moment, marks: KioskKeys) -> View:
        begin = self._beginning(look)
        begun = self._append([*before, *begin], moment)[-len(begin) :]
        return self._goes_on(look, begun, moment, marks)

    def _goes_on(self, look: _Look, begun: Sequence[Recorded], moment: Moment, marks: KioskKeys) -> View:
        pages = [each for each in (look.page, look.beside) if each is not None]
        self._over = []
        self._looked = look
        views = [
            self._view(each, moment, at, marks, look.kind) for each, at in zip(pages, begun, strict=True)
        ]
        self.view, self.beside = views[0], views[1] if len(views) > 1 else None
        return self.view

    def _view(self, page: Sheet, moment: Moment, begun: Recorded, marks: KioskKeys, kind: EventKind) -> View:
        token = Place(marks.tag, begun.epoch, begun.seq).token
        return View(page, moment, f"{token:016x}", self._tile_of(token, marks), kind)

    def draw_next_tile(self) -> bool:
        """Draw the tile of the look that follows the one in front, if nothing is recorded between them.

        It is for a moment in which nobody waits: the tile is a tenth of a page turn. Returns whether there
        is another one than before.
        """
        token = self._next_token()
        if token is None or self._marks is None or (self._next is not None and self._next[0] == token):
            return False
        self._next = token, make_band(token, self._marks)
        return True

    @property
    def next_tile(self) -> bytes | None:
        """The tile of the look that follows, if it is drawn."""
        return self._next[1] if self._next is not None and self._next[0] == self._next_token() else None

    def _next_token(self) -> int | None:
        if self.view is None or self._newest is None or self._marks is None:
            return None
        seq = self._newest.seq + len(self._over) + 1
        return Place(self._marks.tag, self._newest.epoch, seq).token

    def _tile_of(self, token: int, marks: KioskKeys) -> bytes:
        if self._next is not None and self._next[0] == token:
            return self._next[1]
        return make_band(token, marks)

    def sees_strip(self, pages: Sequence[Sheet]) -> None:
        """Thumbnails of ``pages`` are about to be shown; one event a client."""
        by_client: dict[str, list[Sheet]] = {}
        for page in pages:
            by_client.setdefault(page.client, []).append(page)
        self._write(
            *(
                self._draft(EventKind.STRIP_SHOWN, client=client, body={"pages": [p.page for p in group]})
                for client, group in by_client.items()
            )
        )

    def ended(self, why: str) -> None:
        """The session is over, and with it the look. The person is forgotten even if the write fails."""
        moment = self._clock.moment()
        drafts = [*self._ending(moment), self._draft(EventKind.SESSION_END, body={"why": why})]
        self.forget()
        self._append(drafts, moment)

    def broken_off(self) -> None:
        """A fault ended the session: written down if it can be, for what was announced not to stand."""
        if self._person:
            with suppress(Expected):
                self.ended("fault")

    def forget(self) -> None:
        """Nobody is in front."""
        self._person, self.view, self.beside, self._looked, self._next = "", None, None, None, None
        self._over, self._following = [], _none
        self.unit = self.order = ""

    def unknown_badge(self, tag: bytes) -> None:
        """A badge that no slot of the lease answers to."""
        self._write(self._draft(EventKind.BADGE_UNKNOWN, body={"tag": tag.hex()}))

    def wrong_pin(self, person: str, tag: bytes, wrong: int, *, unknown: bool) -> None:
        """A PIN that opens nothing, the ``wrong``-th in a row; ``unknown``: the badge is told as well."""
        body = {"tag": tag.hex(), "wrong": wrong}
        self._of_badge(self._draft(EventKind.PIN_WRONG, person=person, body=body), tag, unknown=unknown)

    def pin_blocked(self, person: str, tag: bytes, *, unknown: bool) -> None:
        """A badge was tapped, or a last PIN entered, that only a new PIN opens."""
        blocked = self._draft(EventKind.PIN_BLOCKED, person=person, body={"tag": tag.hex()})
        self._of_badge(blocked, tag, unknown=unknown)

    def _of_badge(self, draft: Draft, tag: bytes, *, unknown: bool) -> None:
        """One commit, whether the badge is known or not: it takes as long."""
        first = [self._draft(EventKind.BADGE_UNKNOWN, body={"tag": tag.hex()})] if unknown else []
        self._write(*first, draft)

    def pin_set(self, person: str) -> None:
        """Somebody has a new PIN."""
        self._write(self._draft(EventKind.PIN_SET, person=person))

    def granted(self, signed: SignedGrant, revisions: Sequence[str]) -> None:
        """A grant begins, with what both people signed and the revisions that it opens."""
        body = {**signed.model_dump(mode="json"), "revisions": list(revisions)}
        self._write(self._draft(EventKind.GRANT_BEGIN, person=signed.statement.person, body=body))

    def grant_ended(self, person: str, name: str, why: str) -> None:
        """A grant is over."""
        self._write(self._draft(EventKind.GRANT_END, person=person, body={"grant": name, "why": why}))

    def refused_badge(self, code: str) -> None:
        """Something was read that is no badge of this plant."""
        self._write(self._draft(EventKind.BADGE_REFUSED, body={"why": code}))

    def refused(self, opened: Opened | None, tag: bytes, code: str, reasons: Iterable[str]) -> None:
        """A badge opens nothing: nobody's, or that of a known person who was denied; every reason is kept."""
        if opened is None:
            self.unknown_badge(tag)
            return
        body = {"code": code, "reasons": sorted(str(reason) for reason in reasons)}
        self._write(self._draft(EventKind.ACCESS_DENIED, person=opened.operator.person, body=body))

    def acts_on(
        self,
        kind: EventKind,
        page: Sheet,
        body: dict[str, Any],
        signed: tuple[str, SigningKey] | None = None,
    ) -> None:
        """The person who is signed in confirms a step of ``page``, or takes that back; or has read of it.

        ``signed``: what a signature means, and the person's key for it; the event's time is its time.
        """
        draft, moment = self._draft(kind, page, body), self._clock.moment()
        if signed is not None:
            meaning, key = signed
            act = Act(
                kind=kind,
                person=draft.person,
                meaning=meaning,
                at=moment.wall,
                kiosk=self._kiosk,
                station=draft.station,
                client=draft.client,
                revision=draft.revision,
                page=draft.page,
                unit=draft.unit,
                order=draft.order,
                step=body["step"],
                reason=body.get("reason", ""),
            )
            draft = replace(draft, body={**body, **sign_act(act, key)})
        self._append([draft], moment)

    def change_read(self, opened: Opened, reading: Reading) -> None:
        """The person has read what changed in a revision: signed with their own key."""
        body = {
            "step": "", "former": reading.former, "changes": len(reading.shown),
            "credential": opened.slot.kind.value,
        }  # fmt: skip
        self.acts_on(EventKind.CHANGE_READ, reading.page, body, (CHANGE_READ, opened.keys.sign))

    def draft(self, kind: EventKind, body: dict[str, Any], page: Sheet | None = None) -> Draft:
        """What would be written down now, for ``keep``."""
        return self._draft(kind, page, body)

    def keep(self, *drafts: Draft) -> None:
        """Write down what was drafted before, as it was then."""
        self._write(*drafts)

    def called(self, kind: EventKind, body: dict[str, Any]) -> Recorded:
        """Write down a call for help, or that it is taken back."""
        (recorded,) = self._append([self._draft(kind, body=body)], self._clock.moment())
        return recorded

    def delivered(self, recorded: Recorded) -> bool:
        """Whether the hub has confirmed this event."""
        return self._journal.delivered(recorded.epoch, recorded.seq)

    def damaged(self, page: Sheet, code: str) -> None:
        """A page that may be shown could not be."""
        self._write(self._draft(EventKind.PAGE_DAMAGED, page, {"code": code}))

    def resumed(self) -> None:
        """After a time in which nothing could be written, this can: what was shown meanwhile is nothing."""
        self.note(EventKind.INCIDENT, what="recording resumed")

    def note(self, kind: EventKind, **body: Any) -> None:
        """Something about the kiosk itself."""
        self._write(self._draft(kind, body=body))

    def _ending(self, moment: Moment) -> list[Draft]:
        ends = [
            self._draft(
                EventKind.VIEW_END,
                view.page,
                {"token": view.token, "ms": max(0, moment.boot_ms - view.begun.boot_ms)},
            )
            for view in (self.view, self.beside)
            if view is not None and view.kind is EventKind.VIEW_BEGIN
        ]
        return [*self._over, *ends]

    def _draft(
        self,
        kind: EventKind,
        page: Sheet | None = None,
        body: dict[str, Any] | None = None,
        *,
        person: str = "",
        client: str = "",
    ) -> Draft:
        return Draft(
            kind=kind,
            person=person or self._person,
            station=self._station,
            lease=self._lease,
            client=page.client if page is not None else client,
            page=page.page if page is not None else "",
            revision=page.revision_key if page is not None else "",
            unit=self.unit,
            order=self.order,
            body=body or {},
        )

    def _write(self, *drafts: Draft) -> None:
        self._append(drafts, self._clock.moment())

    def _append(self, drafts: Sequence[Draft], moment: Moment) -> Sequence[Recorded]:
        following = self._following()
        announce = None
        if following is not None:
            announce = self._draft(EventKind.VIEW_ANNOUNCED, following, {"number": following.number})
        recorded = self._journal.append(drafts, moment, announce)
        self._newest = recorded[-1] if recorded else self._newest
        return recorded
