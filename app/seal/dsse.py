"""DSSE envelopes: a payload's exact bytes with signatures over them (DSSE v1, secure-systems-lab)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from app.model.errors import Untrusted
from app.seal.encoding import b64, canonical, unb64
from app.seal.keys import SigningKey, key_id, verify

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_ENVELOPE_BYTES = 8 * 1024 * 1024


def pae(payload_type: str, payload: bytes) -> bytes:
    """Return the pre-authentication encoding, ``DSSEv1 SP len SP type SP len SP body``."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def sign_envelope(payload_type: str, payload: bytes, keys: Iterable[SigningKey]) -> bytes:
    """Return the envelope as JSON bytes, signed by every key given."""
    message = pae(payload_type, payload)
    signatures = [{"keyid": key.key_id, "sig": b64(key.sign(message))} for key in keys]
    return canonical({"payloadType": payload_type, "payload": b64(payload), "signatures": signatures})


def open_envelope(
    envelope: bytes, payload_type: str, trusted: Iterable[bytes], *, threshold: int = 1
) -> bytes:
    """Return the payload if at least ``threshold`` *different* trusted keys signed it.

    Steps (DSSE protocol, "verify"): 1 bounded size, 2 strict form, 3 the type is the one expected,
    4 each signature of a trusted key is checked over the PAE, 5 distinct keys are counted. Signatures of
    keys that are not trusted are ignored; a bad one of a trusted key refuses the envelope.

    Raises:
        Untrusted: any step fails; ``code`` says which.
    """
    fields = _read(envelope)
    if fields["payloadType"] != payload_type:
        raise Untrusted("A signed message is of another type than expected.", code="wrong_type")
    payload = unb64(fields["payload"])
    message = pae(payload_type, payload)
    by_id = {key_id(public): public for public in trusted}
    held: set[str] = set()
    for keyid, signature in _signatures(fields):
        if keyid in by_id:
            verify(by_id[keyid], signature, message)
            held.add(keyid)
    if len(held) < threshold:
        raise Untrusted("A message is not signed by the hub that this kiosk trusts.", code="not_signed")
    return payload


def unverified_payload(envelope: bytes, payload_type: str) -> bytes:
    """Return the payload WITHOUT checking a signature: only to learn which key to check it with.

    Raises:
        Untrusted: the envelope has the wrong form or type.
    """
    return open_envelope(envelope, payload_type, (), threshold=0)


def _read(envelope: bytes) -> dict[str, Any]:
    if len(envelope) > MAX_ENVELOPE_BYTES:
        raise Untrusted("A signed message is longer than any real one.", code="too_long")
    try:
        fields = json.loads(envelope)
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict) or fields.keys() != {"payloadType", "payload", "signatures"}:
        raise Untrusted("A signed message has the wrong form.", code="bad_form")
    if not isinstance(fields["payload"], str) or not isinstance(fields["signatures"], list):
        raise Untrusted("A signed message has the wrong form.", code="bad_form")
    return fields


def _signatures(fields: dict[str, Any]) -> list[tuple[str, bytes]]:
    pairs: list[tuple[str, bytes]] = []
    for entry in fields["signatures"]:
        if not isinstance(entry, dict) or entry.keys() != {"keyid", "sig"}:
            raise Untrusted("A signature has the wrong form.", code="bad_form")
        if not isinstance(entry["keyid"], str) or not isinstance(entry["sig"], str):
            raise Untrusted("A signature has the wrong form.", code="bad_form")
        pairs.append((entry["keyid"], unb64(entry["sig"])))
    if len({keyid for keyid, _ in pairs}) != len(pairs):
        raise Untrusted("A signed message names one key twice.", code="duplicate_key")
    return pairs
