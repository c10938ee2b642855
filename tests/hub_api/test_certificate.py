"""The server's certificate renews itself, so that no plant stands still because of a date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography import x509

from app.hub import tls
from app.hub.certificate import RENEW_BEFORE, keep_valid
from app.hub.serve import keep_daily
from app.model.errors import Damaged
from app.seal.keys import SigningKey
from app.wire.client import HubClient, HubRefused, fetch_trust
from tests.hub_api.plant import NOW, Plant, make_home
from tests.hub_api.processes import serving

if TYPE_CHECKING:
    from pathlib import Path

END = NOW + timedelta(days=tls.SERVER_DAYS)


def _ends(plant: Plant) -> datetime:
    return x509.load_pem_x509_certificate(plant.home.server_cert.read_bytes()).not_valid_after_utc


def test_a_certificate_with_time_left_stays(bare: Plant) -> None:
    before = bare.home.server_cert.read_bytes()
    found = keep_valid(bare.home, END - RENEW_BEFORE - timedelta(seconds=1))
    assert (found.ends, found.renewed) == (END, False)
    assert bare.home.server_cert.read_bytes() == before


@pytest.mark.parametrize("at", [END - RENEW_BEFORE, END + timedelta(days=400)])
def test_one_that_ends_soon_or_has_ended_is_renewed_with_the_same_names(bare: Plant, at: datetime) -> None:
    old = x509.load_pem_x509_certificate(bare.home.server_cert.read_bytes())
    found = keep_valid(bare.home, at)
    assert found.renewed
    new = x509.load_pem_x509_certificate(bare.home.server_cert.read_bytes())
    assert found.ends == new.not_valid_after_utc == at + timedelta(days=tls.SERVER_DAYS)
    names = x509.SubjectAlternativeName
    assert new.extensions.get_extension_for_class(names) == old.extensions.get_extension_for_class(names)
    new.verify_directly_issued_by(x509.load_pem_x509_certificate(bare.home.ca_pem.encode()))
    assert {path.stat().st_mode & 0o777 for path in (bare.home.server_cert, bare.home.server_key)} == {0o600}
    assert not keep_valid(bare.home, at).renewed
    assert {path.name for path in bare.home.server_cert.parent.iterdir()} == {
        "ca.pem", "ca.key", "server.pem", "server.key",
    }  # fmt: skip


def test_one_that_does_not_fit_its_key_is_made_anew(bare: Plant) -> None:
    """As after a kill between the two files."""
    ca = tls.Pair(bare.home.ca_pem.encode(), (bare.home.server_cert.parent / "ca.key").read_bytes())
    bare.home.server_key.write_bytes(tls.make_server(ca, ["localhost"], NOW).key)
    assert keep_valid(bare.home, NOW).renewed


def test_without_the_cas_key_one_that_ends_soon_serves_on_and_one_that_ended_does_not(bare: Plant) -> None:
    (bare.home.server_cert.parent / "ca.key").unlink()
    found = keep_valid(bare.home, END - timedelta(days=1))
    assert (found.missing, found.renewed) == (True, False)
    with pytest.raises(Damaged) as told:
        keep_valid(bare.home, END)
    assert "ca.key" in told.value.advice


def test_a_ca_key_that_is_none_is_told(bare: Plant) -> None:
    (bare.home.server_cert.parent / "ca.key").write_text("no key")
    with pytest.raises(Damaged):
        keep_valid(bare.home, END)


def test_a_hub_that_runs_for_years_looks_every_day(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    now = datetime.now(UTC)
    home = make_home(tmp_path / "hub", now - timedelta(days=tls.SERVER_DAYS + 5))
    keep_daily(home.path)
    assert "The hub's certificate was renewed" in capsys.readouterr().out
    keep_daily(home.path)
    assert capsys.readouterr() == ("", "")
    (home.path / "keys" / "seal.key").write_text("no key")
    keep_daily(home.path)  # told in the log; the hub serves on with what it has


def test_a_hub_that_starts_renews_and_kiosks_notice_nothing(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    home = make_home(tmp_path / "hub", now - timedelta(days=tls.SERVER_DAYS + 5))
    with serving(home.path) as hub:
        assert "The hub's certificate was renewed" in hub.said()
        trust, _ = fetch_trust(hub.address, home.root_fingerprint, now)
        with (
            HubClient(
                hub.address, ca_pem=trust.ca, kiosk="K-1", key=SigningKey.generate(), counter=lambda: 1
            ) as client,
            pytest.raises(HubRefused) as told,  # an unknown kiosk, over a connection that holds
        ):
            client.state()
        assert told.value.code == "signature"
