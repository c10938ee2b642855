"""What an evidence bundle holds: the names and forms of its parts, shared by whoever makes and checks it.

A bundle (``app.seal.bundle``) is about one client's transparency log, entries ``first`` to ``last``, both at
the edges of tiles or of the log. Where policy says so, persons stand in it under pseudonyms: an entry that
names one is there twice, readable with the pseudonym in its place, and as it was logged, sealed with a key
that serves that person and that bundle. Whoever is given the key can check the one against the other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import Field, StringConstraints
from pydantic_core import from_json

from app.model.errors import Untrusted
from app.seal.encoding import canonical
from app.seal.tiles import TILE_WIDTH, Place, width_at
from app.wire.base import B64, Code, Message, Time

ABOUT, README = "about.json", "README.txt"
CHECKPOINT = "checkpoint"
"""The log's newest checkpoint, as the hub signed it."""

SEEN = "seen/"
"""Earlier checkpoints that witnesses cosigned: size and a part of the witness's hash."""

KIOSKS = "kiosks/"
"""Checkpoints that kiosks' devices cosigned: size, and a number where there are several notes of it."""

ENTRIES, SHOWN, SEALED = "tile/entries/", "shown/", "sealed/"
"""Entries by tile, each behind its length (C2SP entry bundles): as logged, or with pseudonyms, and sealed."""

SIGNATURES = "signatures/"
"""The devices' signatures of a tile's entries, 64 bytes each."""

DEVICES, FIGURES, SIGNERS = "devices.json", "figures.json", "signers.json"
AGREEMENTS, INCIDENTS, POLICY = "agreements.json", "incidents.json", "policy.json"
RECEIPTS, ACTS = "receipts.json", "acts.json"
REPORT_HTML, REPORT_PDF = "report.html", "report.pdf"
ALWAYS = (
    README, ABOUT, CHECKPOINT, DEVICES, SIGNERS, AGREEMENTS, INCIDENTS, POLICY, ACTS, RECEIPTS, FIGURES,
    REPORT_HTML, REPORT_PDF,
)  # fmt: skip
"""Parts of every bundle: one that lacks any is none, so that nothing goes unchecked by its absence."""

BundleId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
_PSEUDONYM_INFO, _KEY_INFO = b"stationleaf pseudonym v1", b"stationleaf evidence key v1"


class About(Message):
    """What a bundle is about. ``start`` and ``end`` are the period asked for, None where it is open."""

    v: Literal[1] = 1
    bundle: BundleId
    site: Code
    site_name: str
    client: Code
    client_name: str
    origin: str
    made: Time
    start: Time | None = None
    end: Time | None = None
    size: Annotated[int, Field(ge=1)]
    first: Annotated[int, Field(ge=0)]
    last: Annotated[int, Field(ge=0)]
    pseudonyms: bool

    def places(self) -> list[Place]:
        """The tiles of entries, in order."""
        tiles = range(self.first // TILE_WIDTH, -(-self.last // TILE_WIDTH))
        return [Place(None, index, width_at(self.size, 0, index)) for index in tiles]


class DeviceKey(Message):
    """The key with which a kiosk's device signed its events of an epoch."""

    kiosk: Code
    epoch: Annotated[int, Field(ge=1)]
    key: B64


class Devices(Message):
    """Every device whose events are in the bundle."""

    devices: tuple[DeviceKey, ...]


class Signer(Message):
    """The keys with which a person, as the bundle names them, can have signed: now, or before a new PIN."""

    person: str
    keys: tuple[B64, ...]


class Signers(Message):
    """Everybody who made an electronic signature in the bundle. Whose a key is, is the hub's word."""

    signers: tuple[Signer, ...]


class PersonKey(Message):
    """Who a pseudonym is, with the key that opens that person's entries in one bundle."""

    pseudonym: str
    person: Code
    name: str
    key: B64


class People(Message):
    """The key to a bundle's pseudonyms, or to some of them: a file of its own, handed out apart."""

    bundle: BundleId
    people: tuple[PersonKey, ...]


def same_log(name: str, other: str) -> bool:
    """Whether two origins are of one client's log: after each restore it has another number at its end."""
    return name.split("/")[:5] == other.split("/")[:5]


def part_of(kind: str, place: Place) -> str:
    """The name of the part of this kind that belongs to a tile of entries."""
    return kind + place.path.removeprefix(ENTRIES)


@dataclass(frozen=True, repr=False)
class Pseudonyms:
    """One client's pseudonyms, the same in all its bundles, and the keys of one bundle."""

    secret: bytes
    client: str
    bundle: str

    def of(self, person: str) -> str:
        """Return a person's pseudonym, such as ``P-4f2a91c05b``; "" for nobody."""
        info = b"\0".join([_PSEUDONYM_INFO, self.client.encode(), person.encode()])
        return f"P-{self._derive(info, 5).hex()}" if person else ""

    def key(self, person: str) -> bytes:
        """Return the key that seals a person's entries in this bundle."""
        return self._derive(b"\0".join([_KEY_INFO, self.bundle.encode(), person.encode()]), 32)

    def _derive(self, info: bytes, length: int) -> bytes:
        return HKDF(hashes.SHA256(), length, salt=None, info=info).derive(self.secret)


_ENVELOPE = re.compile(rb'"envelope":"(?:[^"\\]|\\.)*"')
"""What a person signed under an agreement: it has their code and printed name in it."""


class Redactor:
    """Puts a person's pseudonym into entries, wherever they name the person, and leaves out what they signed
    under an agreement.
    """

    def __init__(self, person: str, pseudonym: str) -> None:
        self._named, self._shown = (b'"person":' + canonical(name) for name in (person, pseudonym))

    def redact(self, entry: bytes) -> bytes:
        """Return an entry with the pseudonym."""
        shown = entry.replace(self._named, self._shown)
        return _ENVELOPE.sub(b'"envelope":""', shown) if b'"envelope":' in shown else shown


class EntrySealer:
    """Seals entries of one person in one bundle (AES-256-GCM).

    The nonce is the entry's number in the log: each is sealed once, under a key that serves one bundle.
    """

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, entry: bytes, number: int) -> bytes:
        """Seal an entry."""
        return self._cipher.encrypt(number.to_bytes(12, "big"), entry, None)

    def open(self, box: bytes, number: int) -> bytes:
        """Open ``seal``.

        Raises:
            Untrusted: the box was changed, or the key is another (``box_closed``).
        """
        try:
            return self._cipher.decrypt(number.to_bytes(12, "big"), box, None)
        except InvalidTag:
            raise Untrusted(
                f"Entry {number} does not open with the key that was given for its person.", code="box_closed"
            ) from None


def read_entry(data: bytes) -> dict[str, Any]:
    """Read an entry, or one with a pseudonym, without more checks than its being a JSON object.

    Raises:
        Untrusted: it is not (``bad_message``).
    """
    try:
        value = from_json(data, allow_inf_nan=False)  # a third of the time of the standard library's
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise Untrusted("An entry of the log is not an event.", code="bad_message")
    return value
