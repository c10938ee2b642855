"""The site's certificate authorities for cryptographic cards, and what a card's certificate must say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.x509 import verification
from cryptography.x509.oid import NameOID

from app.model.errors import Refused, Untrusted
from app.seal.card_slot import UNREADABLE

if TYPE_CHECKING:
    from datetime import datetime

CARD_AUTHENTICATION = x509.ObjectIdentifier("2.16.840.1.101.3.6.8")
"""id-PIV-cardAuth (FIPS 201, X.509 profile for PIV, section on card authentication)."""
_OFFICE = "Go to the badge office."


def name_of(certificate: x509.Certificate) -> str:
    """The holder's or card's name in a certificate: common name, else serial number, else ``""``."""
    for oid in (NameOID.COMMON_NAME, NameOID.SERIAL_NUMBER):
        found = certificate.subject.get_attributes_for_oid(oid)
        if len(found) == 1 and isinstance(found[0].value, str):
            return found[0].value.strip()
    return ""


@dataclass(frozen=True)
class Authorities:
    """Certificates of the CAs that issue this site's cards; each is an anchor, root or not.

    ``organization``, where given, is the organization (O) that a card's certificate must name: needed when
    the CA issues for other companies or sites too.
    """

    certificates: tuple[x509.Certificate, ...]
    organization: str = ""

    @classmethod
    def from_pem(cls, pem: bytes, organization: str = "") -> Authorities:
        """Read one or more PEM certificates.

        Raises:
            Refused: there is none, or one of them is not a CA's (``bad_ca``).
        """
        try:
            certificates = tuple(x509.load_pem_x509_certificates(pem))
        except UNREADABLE:
            certificates = ()
        if not certificates:
            raise Refused(
                "The file of the card CA holds no certificate.",
                advice="It must hold PEM text: BEGIN CERTIFICATE …",
                code="bad_ca",
            )
        for certificate in certificates:
            if not _is_ca(certificate):
                name = certificate.subject.rfc4514_string()
                raise Refused(
                    f"The certificate {name} is not a CA's, so it cannot vouch for cards.",
                    advice="Name the file with the certificate of the CA that issues the cards.",
                    code="bad_ca",
                )
        return cls(certificates, organization)

    def check(self, certificate: x509.Certificate, now: datetime) -> None:
        """Raise unless this is the certificate of a card of this site (RFC 5280, section 6).

        1. Valid now. 2. For card authentication and signing, and no CA. 3. Names somebody, of the right
        organization. 4. Signed by one of the site's CAs that is itself valid now.

        Raises:
            Untrusted: ``card_expired``, ``card_not_yet``, ``card_usage``, ``card_name``, ``ca_expired``,
                ``card_other_ca``.
        """
        _check_time(certificate, now)  # 1
        _check_usage(certificate)  # 2
        self._check_name(certificate)  # 3
        self._check_chain(certificate, now)  # 4

    def _check_name(self, certificate: x509.Certificate) -> None:
        if not name_of(certificate):
            raise Untrusted("This card's certificate names nobody.", advice=_OFFICE, code="card_name")
        if not self.organization:
            return
        found = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
        if [attribute.value for attribute in found] != [self.organization]:
            raise Untrusted(
                f"This card was not issued for {self.organization}.", advice=_OFFICE, code="card_name"
            )

    def _check_chain(self, certificate: x509.Certificate, now: datetime) -> None:
        issuers = [ca for ca in self.certificates if ca.subject == certificate.issuer]
        if issuers and all(now > ca.not_valid_after_utc for ca in issuers):
            raise Untrusted(
                "The certificate of the CA that issued this card has run out.",
                advice="Tell IT: the file of the card CA on this kiosk must be renewed.",
                code="ca_expired",
            )
        # What a card's certificate must say differs from a web client's (checked above); a CA's does not.
        verifier = (
            verification.PolicyBuilder()
            .store(verification.Store(list(self.certificates)))
            .time(now)
            .extension_policies(
                ca_policy=verification.ExtensionPolicy.webpki_defaults_ca(),
                ee_policy=verification.ExtensionPolicy.permit_all(),
            )
            .build_client_verifier()
        )
        try:
            verifier.verify(certificate, [])
        except verification.VerificationError:
            raise Untrusted(
                "This card was not issued by this site.",
                advice="Use the card that this site gave you, or go to the badge office.",
                code="card_other_ca",
            ) from None


def _check_time(certificate: x509.Certificate, now: datetime) -> None:
    if now > certificate.not_valid_after_utc:
        day = f"{certificate.not_valid_after_utc:%Y-%m-%d}"
        raise Untrusted(f"This card ran out on {day}.", advice=_OFFICE, code="card_expired")
    if now < certificate.not_valid_before_utc:
        day = f"{certificate.not_valid_before_utc:%Y-%m-%d}"
        raise Untrusted(
            f"This card is not valid before {day}.",
            advice="If that day has come, the kiosk's clock is behind: tell IT.",
            code="card_not_yet",
        )


def _check_usage(certificate: x509.Certificate) -> None:
    try:
        extensions = certificate.extensions
        usage = extensions.get_extension_for_class(x509.KeyUsage).value
        purposes = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (*UNREADABLE, x509.ExtensionNotFound):
        usable = False
    else:
        usable = usage.digital_signature and CARD_AUTHENTICATION in purposes and not _is_ca(certificate)
    if not usable:
        raise Untrusted(
            "The certificate on this card is not one for tapping in (card authentication).",
            advice=_OFFICE,
            code="card_usage",
        )


def _is_ca(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (*UNREADABLE, x509.ExtensionNotFound):
        return False
