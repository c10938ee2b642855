"""Which keys the forensic mark has, who holds them, and what a token says.

A token is the place of its ``view.begin`` event: 24 bits name the kiosk (its tag), 8 the epoch (modulo 256),
32 the sequence number. So a token resolves without a table, and a hub that has no view at that place names
nobody, whatever a check says.

All keys come from the site's mark key by HKDF-SHA-256 (RFC 5869), and none leads back to it:

- the layout key, the same for the whole site: where the chips lie, by which signs they are multiplied, and
  the pilot. It must be one key, or a reader that is told nothing would have to search the picture anew for
  each kiosk. Every kiosk has it: with one of them a thief can read the marks of the site (tags and numbers,
  no names), and erase them better than without.
- the check key, one for each tag: a kiosk has its own and no other, so a stolen kiosk makes tokens of itself
  only. A reader need not try the keys of all kiosks, which would multiply the probability of a chance hit by
  their number: the token says whose key is to be used, as a key id does.

Two of n kiosks share a tag with a probability of about n² / 2²⁵ (0.03 % for a hundred); then both are named.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

KEY_BYTES = 32
TAG_BYTES = 3
EPOCHS = 256
NUMBERS = 1 << 32


@dataclass(frozen=True)
class Place:
    """What a token says: the kiosk's tag, the epoch modulo 256, the number of the event."""

    tag: int
    epoch: int
    seq: int

    @property
    def token(self) -> int:
        """The 64-bit token.

        Raises:
            ValueError: the event's number has more than 32 bits.
        """
        if not 0 < self.seq < NUMBERS:
            raise ValueError("an event's number that does not fit into a mark")
        return (self.tag << 8 | self.epoch % EPOCHS) << 32 | self.seq

    @classmethod
    def of(cls, token: int) -> Place:
        """Take a token apart."""
        return cls(token >> 40, token >> 32 & 0xFF, token & 0xFFFFFFFF)


@dataclass(frozen=True, repr=False)
class KioskKeys:
    """All that one kiosk needs for its marks."""

    tag: int
    layout: bytes
    check: bytes

    def packed(self) -> bytes:
        """As bytes, for sealing to the kiosk."""
        return self.tag.to_bytes(TAG_BYTES, "big") + self.layout + self.check

    @classmethod
    def unpack(cls, packed: bytes) -> KioskKeys:
        """Read what ``packed`` wrote.

        Raises:
            ValueError: it has another size.
        """
        if len(packed) != TAG_BYTES + 2 * KEY_BYTES:
            raise ValueError("not the keys of a mark")
        keys = packed[TAG_BYTES:]
        return cls(int.from_bytes(packed[:TAG_BYTES], "big"), keys[:KEY_BYTES], keys[KEY_BYTES:])


def kiosk_keys(site: bytes, kiosk: str) -> KioskKeys:
    """The keys of one kiosk, from the site's mark key."""
    tag = tag_of(site, kiosk)
    return KioskKeys(tag, layout_key(site), check_key(site, tag))


def tag_of(site: bytes, kiosk: str) -> int:
    """A kiosk's tag."""
    return int.from_bytes(_derived(site, b"tag\0" + kiosk.encode(), TAG_BYTES), "big")


def layout_key(site: bytes) -> bytes:
    """The key of the layout, the same for all kiosks."""
    return _derived(site, b"layout", KEY_BYTES)


def check_key(site: bytes, tag: int) -> bytes:
    """The key of the check of a kiosk's tokens."""
    return _derived(site, b"check\0" + tag.to_bytes(TAG_BYTES, "big"), KEY_BYTES)


def _derived(site: bytes, about: bytes, length: int) -> bytes:
    if len(site) != KEY_BYTES:
        raise ValueError("a mark key has 32 bytes")
    return HKDFExpand(SHA256(), length, b"stationleaf mark v2\0" + about).derive(site)
