"""The hub's private certificate authority and its server certificate (X.509, ECDSA P-256).

P-256 and not Ed25519, because browsers do not accept Ed25519 certificates. Bytes out; files are ``home``'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.model.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

CA_DAYS = 3652
SERVER_DAYS = 825
ALWAYS = ("localhost", "127.0.0.1")
"""Names that every server certificate carries."""

_SKEW = timedelta(days=1)  # a kiosk's clock may be behind the hub's


@dataclass(frozen=True, repr=False)
class Pair:
    """A certificate and its unencrypted private key, both PEM."""

    cert: bytes
    key: bytes


def make_ca(site: str, now: datetime) -> Pair:
    """Make the site's private CA, valid ten years; it signs server certificates and nothing below them."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"Stationleaf CA {site}")
    usage = _usage(sign=False, certify=True)
    cert = (
        _builder(name, name, key.public_key(), now, CA_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Pair(_pem(cert), _key_pem(key))


def make_server(ca: Pair, hosts: Sequence[str], now: datetime) -> Pair:
    """Make a server certificate for ``hosts`` (names or addresses) and ``ALWAYS``, valid 825 days.

    Raises:
        Refused: a host is neither a DNS name nor an IP address.
    """
    issuer = x509.load_pem_x509_certificate(ca.cert)
    ca_key = serialization.load_pem_private_key(ca.key, None)
    if not isinstance(ca_key, ec.EllipticCurvePrivateKey):
        raise Refused("The certificate authority's key is of another kind.")
    key = ec.generate_private_key(ec.SECP256R1())
    names = [_alternative(host) for host in dict.fromkeys((*hosts, *ALWAYS))]
    cert = (
        _builder(_name("Stationleaf hub"), issuer.subject, key.public_key(), now, SERVER_DAYS)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(sign=True, certify=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False
        )
        .sign(ca_key, hashes.SHA256())
    )
    return Pair(_pem(cert) + ca.cert, _key_pem(key))


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SKEW)
        .not_valid_after(now + timedelta(days=days))
    )


def _usage(*, sign: bool, certify: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=sign,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certify,
        crl_sign=certify,
        encipher_only=False,
        decipher_only=False,
    )


def _alternative(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        pass
    plain = host.replace("-", "").replace(".", "")
    if len(host) > 253 or not plain.isascii() or not plain.isalnum() or host.strip(".-") != host:
        raise Refused(
            f"{host!r} is neither a host name nor an IP address.",
            advice="Give the name by which kiosks reach the hub, for example hub.plant.example.",
        )
    return x509.DNSName(host)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:64])])


def _pem(cert: x509.Certificate) -> bytes:
    return cert.public_bytes(serialization.Encoding.PEM)


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
