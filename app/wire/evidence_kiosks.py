"""Checking what kiosks cosigned of the log that an evidence bundle is about."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.model.errors import Untrusted
from app.seal.cosignature import read_time
from app.wire.log_witness import witness_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.seal.note import Note
    from app.wire.evidence import DeviceKey


@dataclass
class Cosigners:
    """Who cosigned how many entries: each device's largest checkpoint. ``latest``: the last time that one
    stated, in seconds since 1970.
    """

    sizes: dict[tuple[str, int], int] = field(default_factory=dict)
    latest: int = 0

    @property
    def by_size(self) -> list[tuple[int, int]]:
        """Sizes, largest first, each with how many kiosks' newest it is."""
        newest: dict[str, int] = {}
        for (kiosk, _), size in sorted(self.sizes.items()):
            newest[kiosk] = max(size, newest.get(kiosk, 0))
        return sorted(Counter(newest.values()).items(), reverse=True)

    def add(self, note: Note, origin: str, size: int, devices: Iterable[DeviceKey]) -> None:
        """Check the signatures under a checkpoint that was opened: each line but the log's own is a device's.

        Raises:
            Untrusted: one is not, or does not hold.
        """
        known = {}
        for device in devices:
            witness = witness_of(origin, device.kiosk, device.epoch, device.key)
            known[witness.name, witness.key_id] = device, witness
        for line in note.lines:
            if line.name == origin:
                continue
            found = known.get((line.name, line.key_id))
            if found is None:
                raise Untrusted(f"{line.name} is no kiosk of this bundle.", code="not_signed")
            device, witness = found
            witness.check(note.text, line.signature)
            place = device.kiosk, device.epoch
            self.sizes[place] = max(size, self.sizes.get(place, 0))
            self.latest = max(self.latest, read_time(line.signature))
