"""Cryptographic cards through the command line: issued by certificate, revoked like any badge."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.seal.card_slot import card_fingerprint, card_tag
from tests.fakes.card import CardCa, SoftwareCard


@pytest.fixture(scope="module")
def ca() -> CardCa:
    return CardCa(start=datetime(2020, 1, 1, tzinfo=UTC), end=datetime(2090, 1, 1, tzinfo=UTC))


def issue(ca: CardCa, **more) -> SoftwareCard:
    return ca.issue(**{"end": datetime(2089, 1, 1, tzinfo=UTC), **more})


@pytest.fixture
def file_of(tmp_path):
    def write(card: SoftwareCard):
        path = tmp_path / "card.pem"
        path.write_bytes(
            x509.load_der_x509_certificate(card.certificate).public_bytes(serialization.Encoding.PEM)
        )
        return path

    return write


def badges(desk, person="OP-1"):
    return desk.rows("SELECT kind, active, slot_tag FROM badge WHERE person = ? ORDER BY id", person)


def test_a_card_takes_the_place_of_the_number(desk, ca, file_of) -> None:
    card = issue(ca, holder="Dana Reyes")
    said = desk.done("badge", "card", "OP-1", "--certificate", file_of(card))
    assert "CN=Dana Reyes" in said
    assert "CN=Site card CA" in said
    fingerprint = card_fingerprint(card.key.public_key())
    kinds = [(kind, bool(active)) for kind, active, _tag in badges(desk)]
    assert kinds == [("uid", False), ("card", True)]
    assert badges(desk)[-1][2] == card_tag(fingerprint, desk.home.site_salt)
    assert fingerprint.encode() not in (desk.folder / "hub.db").read_bytes()


def test_the_same_card_again_changes_nothing(desk, ca, file_of) -> None:
    path = file_of(issue(ca))
    desk.done("badge", "card", "OP-1", "--certificate", path)
    before = badges(desk)
    assert "unchanged" in desk.done("badge", "card", "OP-1", "--certificate", path)
    assert badges(desk) == before


def test_a_renewed_certificate_is_still_the_same_card(desk, ca, file_of) -> None:
    first = issue(ca)
    desk.done("badge", "card", "OP-1", "--certificate", file_of(first))
    renewed = issue(ca)
    key = x509.load_der_x509_certificate(first.certificate).public_key()
    builder = x509.CertificateBuilder(
        issuer_name=ca.certificate.subject,
        subject_name=x509.load_der_x509_certificate(renewed.certificate).subject,
        public_key=key,
        serial_number=7,
        not_valid_before=ca.start,
        not_valid_after=ca.end,
    )
    first.certificate = builder.sign(ca.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
    assert "unchanged" in desk.done("badge", "card", "OP-1", "--certificate", file_of(first))


def test_somebody_elses_card_is_refused(desk, ca, file_of) -> None:
    path = file_of(issue(ca))
    desk.done("badge", "card", "OP-1", "--certificate", path)
    assert "in use by OP-1" in desk.refused("badge", "card", "OP-2", "--certificate", path).err


def test_a_revoked_card_is_not_issued_again(desk, ca, file_of) -> None:
    path = file_of(issue(ca))
    desk.done("badge", "card", "OP-1", "--certificate", path)
    desk.done("badge", "revoke", "OP-1")
    assert "revoked" in desk.refused("badge", "card", "OP-1", "--certificate", path).err


def test_what_is_no_card_of_ours_is_refused_in_words(desk, ca, file_of, tmp_path) -> None:
    rubbish = tmp_path / "notes.txt"
    rubbish.write_text("hello", encoding="utf-8")
    assert "no certificate" in desk.refused("badge", "card", "OP-1", "--certificate", rubbish).err
    assert "cannot be read" in desk.refused("badge", "card", "OP-1", "--certificate", tmp_path / "none").err
    odd = file_of(issue(ca, curve=ec.SECP521R1()))
    assert "kind of key" in desk.refused("badge", "card", "OP-1", "--certificate", odd).err
    old = file_of(issue(ca, end=datetime(2021, 1, 1, tzinfo=UTC)))
    assert "ran out on 2021-01-01" in desk.refused("badge", "card", "OP-1", "--certificate", old).err
    assert "no person OP-9" in desk.refused("badge", "card", "OP-9", "--certificate", file_of(issue(ca))).err
    assert [kind for kind, _active, _tag in badges(desk)] == ["uid"]


def test_who_may_not_issue_badges_may_not_issue_cards(desk, ca, file_of) -> None:
    said = desk.admin("badge", "card", "OP-1", "--certificate", file_of(issue(ca)), acting="OP-2")
    assert said.code == 1
    assert "issue and revoke badges" in said.err
