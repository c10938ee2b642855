"""What the record says of a step: which one, why it was taken back, who signed, and whether that holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.hub.schema import EventRow, RevisionRow
from app.hub.schema_steps import StepRow
from app.hub.signed_acts import ACTS, FAULTS, signed
from app.model.errors import Untrusted
from app.model.steps import REASONS
from app.wire.messages import Event

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.hub.signed_acts import Signed

STEP_KINDS = frozenset(kind.value for kind in ACTS)


@dataclass(frozen=True)
class StepTold:
    """A step in the record: its number, title and the reason in words; ``signed`` None: not signed."""

    code: str
    title: str = ""
    reason: str = ""
    signed: Signed | None = None

    @property
    def signature(self) -> str:
        """Whether the signature holds, in words; "" where there is none."""
        if self.signed is None:
            return ""
        return FAULTS[self.signed.fault] if self.signed.fault else "holds"

    @property
    def words(self) -> str:
        """All of it, for a person (21 CFR 11.50(b))."""
        said = [f"step {self.code}" + (f" ({self.title})" if self.title else "")]
        said += [f"because: {self.reason}"] if self.reason else []
        if self.signed is not None:
            held = "the signature holds" if not self.signed.fault else f"but {FAULTS[self.signed.fault]}"
            said.append(f"signed by {self.signed.name}: “{self.signed.meaning}”; {held}")
        return ", ".join(said)


class StepNames:
    """Tells of steps; their titles are looked up once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        rows = session.execute(
            select(RevisionRow.document, RevisionRow.label, StepRow.code, StepRow.title).join(
                StepRow, StepRow.revision == RevisionRow.id
            )
        )
        self._titles = {(f"{document}/{label}", code): title for document, label, code, title in rows}

    def told(self, row: EventRow) -> StepTold:
        """What an event of ``STEP_KINDS`` says; its signature is checked anew."""
        try:
            event = Event.read(row.data)
        except Untrusted:
            return StepTold("?")
        code, reason = (str(event.body.get(name, "")) for name in ("step", "reason"))
        title = self._titles.get((row.revision, code), "")
        return StepTold(code, title, REASONS.get(reason, reason), signed(self._session, event))
