"""A hub's lease desk in memory: signs leases and manifests as a hub would, and as an attacker might."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from app.kiosk.lease_check import Identity
from app.mark.keys import kiosk_keys
from app.model.terms import Classification
from app.seal.boxes import hpke_seal
from app.seal.dsse import sign_envelope
from app.seal.encoding import sha256
from app.seal.keys import SealKey, SigningKey
from app.wire.lease import Lease, Manifest, PageInfo, Policy, StationInfo, mark_info
from app.wire.messages import LEASE_TYPE

MARK_KEY = bytes(range(32))
NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


def page(text: str, *, size: int = 0) -> PageInfo:
    """A page whose ciphertext is ``text``."""
    data = text.encode()
    return PageInfo(
        page=sha256(b"plain " + data),
        blob=sha256(data),
        size=size or len(data),
        document="WI-100",
        title="Battery attach",
        revision="A",
        number=1,
        of=1,
        label="1",
        client="C1",
        part="P1",
        classification=Classification.INTERNAL,
        stations=("ST-040",),
        effective_from=NOW,
        effective_until=None,
        training_required=False,
        width_mpt=595_000,
        height_mpt=842_000,
    )


def station(site: str = "S1") -> StationInfo:
    return StationInfo(
        code="ST-040",
        name="Battery attach",
        line="L1",
        line_name="Line 1",
        site=site,
        ceiling=Classification.STANDARD,
        parts=("P1",),
    )


@dataclass
class Signed:
    """What a hub answers with, and the payload's hash."""

    envelope: bytes
    manifest: str
    payload: str
    lease: Lease


@dataclass
class Desk:
    """Issues leases for kiosk K-1 of site S1."""

    key: SigningKey = field(default_factory=SigningKey.generate)
    device: SealKey = field(default_factory=SealKey.generate)
    kiosk: str = "K-1"
    site: str = "S1"

    @property
    def identity(self) -> Identity:
        return Identity(self.kiosk, self.site, (self.key.public,), self.device)

    def lease(
        self,
        number: int = 1,
        *pages: PageInfo,
        previous: str = "",
        issued: datetime = NOW,
        keys: tuple[SigningKey, ...] = (),
        **changes: Any,
    ) -> Signed:
        text = Manifest(pages=pages or (page("one"),)).exact().decode()
        fields = {
            "kiosk": self.kiosk,
            "site": self.site,
            "station": station(self.site),
            "number": number,
            "previous": previous,
            "issued": issued,
            "expires": issued + timedelta(hours=72),
            "allowances": (),
            "manifest": sha256(text.encode()),
            "site_salt": bytes(16),
            "operators": (),
            "bundles": (),
            "policy": Policy(site_ceiling=Classification.STANDARD),
            "mark": hpke_seal(
                kiosk_keys(MARK_KEY, self.kiosk).packed(), self.device.public, mark_info(self.kiosk, number)
            ),
        }
        lease = Lease(**{**fields, **changes})
        payload = lease.exact()
        envelope = sign_envelope(LEASE_TYPE, payload, keys or (self.key,))
        return Signed(envelope, text, sha256(payload), lease)
