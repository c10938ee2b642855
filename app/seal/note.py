"""Signed notes: text with signature lines under it, and the text form of keys (C2SP signed-note v1.0.0).

Read strictly: what this would not have written itself is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol, TypeVar

from app.model.errors import Bug, Untrusted
from app.seal.encoding import b64, unb64
from app.seal.keys import verify

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.seal.keys import SigningKey

ED25519 = 0x01
"""The signature type of Ed25519 over the text."""

KEY_ID_BYTES, PUBLIC_BYTES = 4, 32

MOST_BYTES = 1024 * 1024
"""A longer note is refused unread."""

MOST_SIGNATURES = 100
"""A note with more is refused; the specification wants 16 to be accepted."""

_DASH = "— "


@dataclass(frozen=True)
class SignatureLine:
    """One signature under a note: whose, by name and key ID, and its bytes as the signature type has them."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def text(self) -> str:
        """The line, with its newline."""
        return f"{_DASH}{self.name} {b64(self.key_id + self.signature)}\n"

    @classmethod
    def read(cls, line: str) -> SignatureLine:
        """Read a line without its newline.

        Raises:
            Untrusted: it is not one (``bad_note``).
        """
        name, space, text = line.removeprefix(_DASH).partition(" ")
        if not line.startswith(_DASH) or not space or not is_name(name):
            raise bad_note("a signature line has another form")
        data = unb64(text)
        if len(data) <= KEY_ID_BYTES:
            raise bad_note("a signature is too short")
        return cls(name, data[:KEY_ID_BYTES], data[KEY_ID_BYTES:])


class Verifier(Protocol):
    """A key that a reader knows."""

    @property
    def name(self) -> str:
        """Its name in signature lines."""

    @property
    def key_id(self) -> bytes:
        """Its ID in signature lines, 4 bytes."""

    def check(self, text: str, signature: bytes) -> None:
        """Raise ``Untrusted`` unless the signature is this key's over the text."""


V = TypeVar("V", bound=Verifier)


@dataclass(frozen=True)
class NoteKey:
    """The public half of an Ed25519 key that signs notes under a name."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The first four bytes of SHA-256(name, newline, signature type, public key)."""
        return key_id_of(self.name, ED25519, self.public)

    @property
    def vkey(self) -> str:
        """The key as text, to be handed over and configured."""
        return write_vkey(self.name, ED25519, self.public)

    @classmethod
    def read(cls, vkey: str) -> NoteKey:
        """Read ``vkey``.

        Raises:
            Untrusted: it is not one, or of another signature type (``bad_key``).
        """
        return cls(*read_vkey(vkey, ED25519))

    def check(self, text: str, signature: bytes) -> None:
        """Check a signature over a note's text.

        Raises:
            Untrusted: it does not hold.
        """
        verify(self.public, signature, text.encode())


@dataclass(frozen=True)
class Note:
    """A note: its text, which ends in a newline, and the lines that sign it, unverified."""

    text: str
    lines: tuple[SignatureLine, ...]

    def exact(self) -> bytes:
        """The note's bytes."""
        return f"{self.text}\n{''.join(line.text for line in self.lines)}".encode()

    @classmethod
    def read(cls, data: bytes) -> Note:
        """Read ``exact``.

        Raises:
            Untrusted: the bytes are not a signed note (``bad_note``).
        """
        if len(data) > MOST_BYTES:
            raise bad_note("it is longer than any real one")
        try:
            whole = data.decode("utf-8")
        except UnicodeDecodeError:
            raise bad_note("it is not UTF-8") from None
        if any(sign < " " and sign != "\n" for sign in whole):
            raise bad_note("it holds control characters")
        text, blank, signatures = whole.rpartition("\n\n")
        lines = signatures.split("\n")
        if not blank or lines.pop() or not lines:
            raise bad_note("it has no signature lines")
        if len(lines) > MOST_SIGNATURES:
            raise bad_note("it has too many signatures")
        return cls(text + "\n", tuple(map(SignatureLine.read, lines)))

    def signers(self, known: Sequence[V]) -> list[V]:
        """Return the known keys that signed, in their order in ``known``. Unknown keys are passed over.

        Raises:
            Untrusted: a signature by a known key does not hold, or there is none by any (``not_signed``).
        """
        found = []
        for key in known:
            mine = [line for line in self.lines if (line.name, line.key_id) == (key.name, key.key_id)]
            for line in mine:
                key.check(self.text, line.signature)
            if mine:
                found.append(key)
        if not found:
            raise Untrusted("This text is not signed by any key that is known here.", code="not_signed")
        return found


def sign_note(text: str, name: str, key: SigningKey) -> SignatureLine:
    """Sign a note's text.

    Raises:
        Bug: the text does not end in a newline, or the name is not usable.
    """
    if not text.endswith("\n") or not is_name(name):
        raise Bug("a note that cannot be signed")
    return SignatureLine(name, NoteKey(name, key.public).key_id, key.sign(text.encode()))


def is_name(name: str) -> bool:
    """Whether this may be a key's name: not empty, no Unicode space, no plus sign, no control character."""
    return bool(name) and not any(sign.isspace() or sign < " " or sign == "+" for sign in name)


def key_id_of(name: str, kind: int, public: bytes) -> bytes:
    """Return the key ID that the specification recommends, 4 bytes."""
    return sha256(b"%s\n%c%s" % (name.encode(), kind, public)).digest()[:KEY_ID_BYTES]


def write_vkey(name: str, kind: int, public: bytes) -> str:
    """Return a verifier key: name, key ID in hex, signature type and public key in base64."""
    return f"{name}+{key_id_of(name, kind, public).hex()}+{b64(bytes([kind]) + public)}"


def read_vkey(vkey: str, kind: int) -> tuple[str, bytes]:
    """Read ``write_vkey`` of an Ed25519 key; return its name and public key.

    Raises:
        Untrusted: it is not one, or of another signature type (``bad_key``).
    """
    name, _, rest = vkey.partition("+")
    hexed, _, text = rest.partition("+")
    try:
        data = unb64(text)
    except Untrusted:
        data = b""
    if not is_name(name) or data[:1] != bytes([kind]) or len(data) != 1 + PUBLIC_BYTES:
        raise _bad_key()
    if key_id_of(name, kind, data[1:]).hex() != hexed:
        raise _bad_key()
    return name, data[1:]


def bad_note(why: str) -> Untrusted:
    """Return what is raised of bytes that are not a note of the form expected."""
    return Untrusted(f"This is not a signed note of the log: {why}.", code="bad_note")


def _bad_key() -> Untrusted:
    return Untrusted(
        "This is not a verifier key.",
        advice="It has three parts, NAME+8 hexadecimal digits+base64: copy the whole line.",
        code="bad_key",
    )
