"""Checking the electronic signatures in an evidence bundle: each by a key of its person, and once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.model.errors import Untrusted
from app.wire.acts import check_act
from app.wire.agreement import AgreementSignature
from app.wire.messages import Event, EventKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.wire.evidence import Signers


_TWICE = "it stands in an earlier entry too"


def is_act(kind: str, body: Mapping[str, Any]) -> bool:
    """Whether an entry of this kind with this body has a person's electronic signature."""
    return "signature" in body or kind == EventKind.AGREEMENT_SIGNED


@dataclass(frozen=True)
class BadAct:
    """An entry whose electronic signature does not hold, and why in words."""

    entry: int
    why: str

    @property
    def says(self) -> str:
        """As a sentence."""
        return f"The electronic signature in entry {self.entry} does not hold: {self.why}."


class Acts:
    """Follows the signatures of persons through a log.

    ``held`` counts those that hold; ``closed`` those of persons whose entries are sealed: what was signed
    names the person, and nobody can check it without the key.
    """

    def __init__(self, signers: Signers) -> None:
        self._keys = {one.person: one.keys for one in signers.signers}
        self._used: dict[str, int] = {}
        self.held = self.closed = 0
        self.bad: list[BadAct] = []

    def add(self, number: int, said: Mapping[str, Any], exact: bytes | None) -> None:
        """Look at a signed entry: as the bundle shows it, and as it was logged (None: that is sealed)."""
        if exact is None:
            self.closed += 1
        elif why := self._wrong(number, said, exact):
            self.bad.append(BadAct(number, why))
        else:
            self.held += 1

    def join(self, later: Acts) -> None:
        """Take over what another found in later entries."""
        self.held += later.held
        self.closed += later.closed
        twice = later._used.keys() & self._used.keys()
        self.held -= len(twice)
        found = [*later.bad, *(BadAct(later._used[each], _TWICE) for each in twice)]
        self.bad += sorted(found, key=lambda bad: bad.entry)
        self._used = later._used | self._used

    def _wrong(self, number: int, said: Mapping[str, Any], exact: bytes) -> str:
        """What is wrong with a signature; "" for nothing.

        Steps: 1 it is over what the event says; 2 its key is one of the person's; 3 it is in one event only.
        """
        keys = self._keys.get(said["person"], ())
        try:
            event = Event.read(exact)
            if event.kind is EventKind.AGREEMENT_SIGNED:
                return _wrong_agreement(event, keys)
            key = check_act(event)  # 1
        except Untrusted:
            return "it is not over what the entry says"
        if key not in keys:  # 2
            return "its key is not one of this person's"
        signature = str(said["body"]["signature"])
        if signature in self._used:  # 3
            return _TWICE
        self._used[signature] = number
        return ""


def _wrong_agreement(event: Event, keys: Sequence[bytes]) -> str:
    """What is wrong with a signature under an agreement; "" for nothing."""
    signed = AgreementSignature.opened(str(event.body.get("envelope", "")).encode(), keys)
    told = (event.kiosk, event.person, event.client, event.body.get("version"), event.body.get("text"))
    same = told == (signed.kiosk, signed.person, signed.client, signed.version, signed.sha256)
    return "" if same else "it is not over what the entry says"
