"""Keeping the server's certificate valid: a hub that starts renews what ends soon, under its own CA.

Kiosks pin the CA and not the certificate, so that they notice nothing.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from app.hub import tls
from app.model.errors import Damaged, Unavailable

if TYPE_CHECKING:
    from pathlib import Path

    from app.hub.home import Home

RENEW_BEFORE = timedelta(days=60)
"""How long before its end a certificate is renewed."""


@dataclass(frozen=True)
class Renewal:
    """What was found: when the certificate ends, and whether it was made just now.

    ``missing`` says that it ends soon, but that the CA's key is not here to make another.
    """

    ends: datetime
    renewed: bool = False
    missing: bool = False


def keep_valid(home: Home, now: datetime) -> Renewal:
    """Renew the server's certificate if it ends within ``RENEW_BEFORE`` or does not fit its key.

    Raises:
        Damaged: it has ended or does not fit, and the CA's key is not here; or a file is not what it was.
        Unavailable: the new one cannot be written.
    """
    ends = _ends(home)
    if ends is not None and now < ends - RENEW_BEFORE:
        return Renewal(ends)
    folder = home.server_cert.parent
    ca_key = folder / "ca.key"
    if not ca_key.exists():
        if ends is None or ends <= now:
            raise Damaged(
                f"The hub's certificate in {folder} has ended or does not fit its key; kiosks refuse it.",
                advice=f"Put the CA's key back as {ca_key} and start the hub again: it makes a new one.",
                code="bad_certificate",
            )
        return Renewal(ends, missing=True)
    try:
        pair = tls.make_server(
            tls.Pair((folder / "ca.pem").read_bytes(), ca_key.read_bytes()), home.hosts, now
        )
        replace_file(home.server_key, pair.key)
        replace_file(home.server_cert, pair.cert)
    except OSError as error:
        raise Unavailable(
            f"A new certificate cannot be written to {folder}: {error.strerror}.",
            advice="Check the folder's owner and free space.",
        ) from None
    except (ValueError, TypeError):
        raise Damaged(f"The file {ca_key} is not the CA's key.", advice="Restore it from a backup.") from None
    return Renewal(now + timedelta(days=tls.SERVER_DAYS), renewed=True)


def ca_ends(home: Home) -> datetime:
    """When the last of the certificate authorities that kiosks accept ends."""
    found = x509.load_pem_x509_certificates(home.said.ca.encode())
    return max(cert.not_valid_after_utc for cert in found)


def _ends(home: Home) -> datetime | None:
    """When the certificate ends; None if certificate and key are not a pair."""
    try:
        cert = x509.load_pem_x509_certificate(home.server_cert.read_bytes())
        key = load_pem_private_key(home.server_key.read_bytes(), None)
    except (OSError, ValueError, TypeError):
        return None
    return cert.not_valid_after_utc if cert.public_key() == key.public_key() else None


def replace_file(path: Path, data: bytes) -> None:
    """Write a private file (0600) in place of another, whole or not at all."""
    new = path.with_suffix(".new")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    if os.name == "posix":  # the new name must be on the disk before what it replaces is given up elsewhere
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
