"""Stretches of a client's log made ready for a bundle: entries under pseudonyms, sealed, counted and packed.

Each is made apart from the others, from the database and what ``Stretches`` holds; entries that are once in a
log stay as they are, so it is the same in whatever view of the database it is read.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import select

from app.hub.ingest import SIGNATURE_BYTES
from app.hub.logs import damaged, reader
from app.hub.schema import EventRow
from app.hub.signed_acts import ACTS
from app.hub.store import Store
from app.model.errors import Untrusted
from app.seal.archive import Packed
from app.seal.merkle import leaf_hash
from app.seal.tiles import TILE_WIDTH, Place, pack_entries
from app.wire import evidence as form
from app.wire.evidence_plan import Views
from app.wire.figures import Figures, row_of
from app.wire.messages import EventKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    from sqlalchemy import Table
    from sqlalchemy.orm import Session

    from app.wire.evidence_plan import Plan

_EVENTS = cast("Table", EventRow.__table__)
_COLUMNS = [
    _EVENTS.c[name] for name in ("client_index", "kiosk", "epoch", "person", "kind", "data", "signature")
]
_SIGNED = frozenset(kind.value for kind in (*ACTS, EventKind.AGREEMENT_SIGNED))


@dataclass
class Made:
    """A stretch made ready: its parts in order, and what the bundle tells of it besides."""

    parts: list[Packed] = field(default_factory=list)
    figures: Figures = field(default_factory=Figures)
    views: Views = field(default_factory=Views)
    devices: set[tuple[str, int]] = field(default_factory=set)
    signers: set[str] = field(default_factory=set)
    entries: int = 0


@dataclass(frozen=True, repr=False)
class Stretches:
    """Makes stretches of a client's log. ``pseudonyms``: None where persons stand there as they are. ``plan``
    is who was to be where, as the bundle names persons.

    ``session`` is the one to read by; without it, in another process, one of ``database``'s.
    """

    database: str
    client: str
    pseudonyms: form.Pseudonyms | None
    plan: Plan
    session: Session | None = None

    def __call__(self, places: Sequence[Place]) -> Made:
        """Make the stretch of these tiles, which follow one another.

        Raises:
            Damaged: the log is not that of the events (``log_damaged``).
        """
        made = Made()
        with self._reading() as session:
            tile = reader(session, self.client)
            for place, rows in zip(places, self._rows(session, places), strict=True):
                self._make(made, place, rows, tile(0, place.index))
        return made

    def _reading(self) -> AbstractContextManager[Session]:
        return nullcontext(self.session) if self.session is not None else self._store.read()

    @cached_property
    def _store(self) -> Store:
        return Store(self.database)

    @cached_property
    def _known(self) -> dict[str, tuple[form.Redactor, form.EntrySealer]]:
        return {}

    def _rows(self, session: Session, places: Sequence[Place]) -> Iterator[Sequence[Any]]:
        """The entries, tile by tile, each with as many as the log says."""
        first, last = places[0].index * TILE_WIDTH, places[-1].index * TILE_WIDTH + places[-1].width
        index = _EVENTS.c.client_index
        mine = (_EVENTS.c.client == self.client) & (index >= first) & (index < last)
        found = session.connection().execute(select(*_COLUMNS).where(mine).order_by(index)).all()
        if [row[0] for row in found] != list(range(first, last)):
            numbers = {row[0] for row in found}
            raise damaged(next((at for at in range(first, last) if at not in numbers), first), self.client)
        for place in places:
            at = place.index * TILE_WIDTH - first
            yield found[at : at + place.width]

    def _make(self, made: Made, place: Place, rows: Sequence[Any], leaves: bytes) -> None:
        _, kiosks, epochs, persons, kinds, entries, signatures = zip(*rows, strict=True)
        whole = set(map(type, entries)) == {bytes} and set(map(len, signatures)) == {SIGNATURE_BYTES}
        if not whole or b"".join(map(leaf_hash, entries)) != leaves:
            raise damaged(place.index * TILE_WIDTH, self.client)
        made.entries += len(rows)
        made.devices.update(zip(kiosks, epochs, strict=True))
        made.signers.update(person for person, kind in zip(persons, kinds, strict=True) if kind in _SIGNED)
        if self.pseudonyms is None:
            shown = list(entries)
            made.parts.append(Packed.of(place.path, pack_entries(shown)))
        else:
            shown, boxes = self._hidden(place.index * TILE_WIDTH, persons, entries)
            made.parts.append(Packed.of(form.part_of(form.SHOWN, place), pack_entries(shown)))
            sealed = form.part_of(form.SEALED, place)
            made.parts.append(Packed.of(sealed, pack_entries(boxes), pack=False))
        name = form.part_of(form.SIGNATURES, place)
        made.parts.append(Packed.of(name, b"".join(signatures), pack=False))
        try:
            said = list(map(row_of, map(form.read_entry, shown)))
            made.figures.add(said)
            made.views.join(self.plan.look(place.index * TILE_WIDTH, said))
        except (Untrusted, KeyError, ValueError):
            raise damaged(place.index * TILE_WIDTH, self.client) from None

    def _hidden(
        self, first: int, persons: Sequence[str], entries: Sequence[bytes]
    ) -> tuple[list[bytes], list[bytes]]:
        """The entries as they are shown, and sealed where they name somebody."""
        shown, boxes = [], []
        for number, (person, data) in enumerate(zip(persons, entries, strict=True), first):
            if person:
                redactor, sealer = self._known.get(person) or self._know(person)
                shown.append(redactor.redact(data))
                boxes.append(sealer.seal(data, number))
            else:
                shown.append(data)
                boxes.append(b"")
        return shown, boxes

    def _know(self, person: str) -> tuple[form.Redactor, form.EntrySealer]:
        if self.pseudonyms is None:
            raise RuntimeError("nobody has a pseudonym here")
        sealer = form.EntrySealer(self.pseudonyms.key(person))
        found = self._known[person] = (form.Redactor(person, self.pseudonyms.of(person)), sealer)
        return found
