"""The hub's folder: what it holds, who may read it, and what a damaged one says."""

from __future__ import annotations

import socket
import ssl
import stat
import threading
from datetime import timedelta

import pytest
from cryptography import x509

from app.hub.home import Home
from app.model.errors import Damaged, NotFound, Refused, Unavailable, Untrusted
from app.seal.dsse import open_envelope
from app.seal.keys import key_id
from app.wire.messages import TRUST_TYPE, Trust

pytestmark = pytest.mark.usefixtures("plain_environment")


def create(path, now, **more):
    words = {"site": "S1", "site_name": "Plant One", "hosts": ["hub.plant.example", "10.0.0.5"]}
    return Home.create(path, now=now, **(words | more))


def test_a_reopened_folder_has_the_keys_that_were_made(tmp_path, now):
    made = create(tmp_path / "hub", now)
    again = Home.open(tmp_path / "hub")
    assert (again.keys, again.site_salt, again.trust) == (made.keys, made.site_salt, made.trust)
    assert again.root_fingerprint == key_id(again.root().public)
    assert again.address == "hub.plant.example:8443"
    assert len({again.keys.lease.raw, again.keys.log.raw, again.keys.seal.raw, again.keys.wrap}) == 4


def test_two_hubs_share_no_key(tmp_path, now):
    one, two = create(tmp_path / "a", now), create(tmp_path / "b", now)
    assert one.keys.badge != two.keys.badge
    assert one.site_salt != two.site_salt
    assert one.root_fingerprint != two.root_fingerprint


def test_nobody_else_can_read_the_folder(tmp_path, now):
    create(tmp_path / "hub", now)
    for path in [tmp_path / "hub", *(tmp_path / "hub").rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_trust_is_signed_by_the_root_and_names_the_hubs_keys(tmp_path, now):
    home = create(tmp_path / "hub", now)
    trust = Trust.read(open_envelope(home.trust, TRUST_TYPE, [home.root().public]))
    assert trust.lease_keys == (home.keys.lease.public,)
    assert trust.log_keys == (home.keys.log.public,)
    assert trust.seal_key == home.keys.seal.public
    assert trust.expires > now + timedelta(days=3650)
    assert trust.site == "S1"


def test_the_root_key_may_lie_in_a_safe(tmp_path, now):
    create(tmp_path / "hub", now)
    (tmp_path / "hub" / "keys" / "root.key").unlink()
    home = Home.open(tmp_path / "hub")
    with pytest.raises(NotFound, match=r"root\.key is missing"):
        home.root()


def test_certificates_name_every_host_and_last_as_long_as_said(tmp_path, now):
    home = create(tmp_path / "hub", now)
    cert = x509.load_pem_x509_certificate(home.server_cert.read_bytes())
    names = cert.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["hub.plant.example", "localhost"]
    assert [str(ip) for ip in names.get_values_for_type(x509.IPAddress)] == ["10.0.0.5", "127.0.0.1"]
    assert cert.not_valid_after_utc == now + timedelta(days=825)
    ca = x509.load_pem_x509_certificate(home.ca_pem.encode())
    cert.verify_directly_issued_by(ca)
    assert ca.not_valid_after_utc > now + timedelta(days=3650)


@pytest.mark.parametrize(("name", "accepted"), [("localhost", True), ("other.plant.example", False)])
def test_a_real_tls_client_that_pins_the_ca_checks_the_name(tmp_path, now, name, accepted):
    from app.wire.clock import SystemClock

    home = create(tmp_path / "hub", SystemClock().now())
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(home.server_cert, home.server_key)
    client = ssl.create_default_context(cadata=home.ca_pem)
    client.verify_flags |= ssl.VERIFY_X509_STRICT
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_answer_once, args=(listener, server))
        thread.start()
        try:
            with socket.create_connection(listener.getsockname()) as raw:
                if accepted:
                    with client.wrap_socket(raw, server_hostname=name) as tls:
                        assert tls.version() == "TLSv1.3"
                else:
                    with pytest.raises(ssl.SSLCertVerificationError):
                        client.wrap_socket(raw, server_hostname=name)
        finally:
            thread.join()


def _answer_once(listener, context):
    connection, _ = listener.accept()
    with connection:
        try:
            context.wrap_socket(connection, server_side=True).close()
        except (ssl.SSLError, OSError):
            return


def test_a_folder_with_something_in_it_is_left_alone(tmp_path, now):
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(Refused, match="not empty"):
        create(tmp_path, now)
    assert (tmp_path / "letter.txt").read_text() == "dear"
    assert [p.name for p in tmp_path.iterdir()] == ["letter.txt"]


def test_a_host_that_is_no_host_leaves_nothing_behind(tmp_path, now):
    with pytest.raises(Refused, match="neither a host name nor an IP"):
        create(tmp_path / "hub", now, hosts=["https://hub"])
    assert not (tmp_path / "hub").exists()


@pytest.mark.parametrize("words", [{"site": " "}, {"site": "x" * 65}, {"site_name": "a\nb"}])
def test_a_site_must_have_a_printable_name(tmp_path, now, words):
    with pytest.raises(Refused, match="printable"):
        create(tmp_path / "hub", now, **words)


def test_an_interrupted_founding_is_recognised(tmp_path, now):
    create(tmp_path / "hub", now)
    (tmp_path / "hub" / "hub.toml").unlink()
    with pytest.raises(NotFound, match="is not a hub"):
        Home.open(tmp_path / "hub")
    with pytest.raises(Refused, match="not finished"):
        create(tmp_path / "hub", now)


def test_a_folder_that_is_no_hub(tmp_path):
    with pytest.raises(NotFound, match="is not a hub") as error:
        Home.open(tmp_path / "nowhere")
    assert "hub init" in error.value.advice


def test_keys_that_others_can_read_are_refused(tmp_path, now):
    create(tmp_path / "hub", now)
    (tmp_path / "hub" / "keys" / "wrap.key").chmod(0o640)
    with pytest.raises(Refused, match=r"can read .*wrap\.key") as error:
        Home.open(tmp_path / "hub")
    assert "chmod" in error.value.advice


@pytest.mark.parametrize(
    ("file", "content", "kind", "says"),
    [
        ("keys/lease.key", b"\xff\x00", Damaged, "does not hold a key"),
        ("keys/lease.key", b"00" * 31, Damaged, "does not hold a key"),
        ("keys/lease.key", b"00" * 32, Untrusted, "not those that its trust"),
        ("trust.json", b"{}", Untrusted, "not what was signed"),
        ("trust.json", b"\xff", Untrusted, "not what was signed"),
        ("hub.toml", b"site = ", Damaged, "cannot be read"),
        ("hub.toml", b"hosts = []", Damaged, "does not name the site"),
        ("hub.toml", b'site = "S1"\nport = "x"', Damaged, "wrong entry: port"),
        ("hub.toml", b'site = "S1"\ncolour = "red"', Damaged, "wrong entry: colour"),
    ],
)
def test_a_damaged_file_is_named(tmp_path, now, file, content, kind, says):
    create(tmp_path / "hub", now)
    (tmp_path / "hub" / file).write_bytes(content)
    with pytest.raises(kind, match=says):
        Home.open(tmp_path / "hub")


def test_one_changed_byte_of_the_trust_statement_is_noticed(tmp_path, now):
    home = create(tmp_path / "hub", now)
    changed = home.trust.replace(b'"sig":"', b'"sig":"A', 1)
    (tmp_path / "hub" / "trust.json").write_bytes(changed)
    with pytest.raises(Untrusted):
        Home.open(tmp_path / "hub")


def test_the_environment_selects_another_database(tmp_path, now, monkeypatch):
    home = create(tmp_path / "hub", now)
    assert home.database_url == f"sqlite:///{tmp_path}/hub/hub.db"
    monkeypatch.setenv("STATIONLEAF_DATABASE_URL", "postgresql://hub@db/leaf")
    assert Home.open(tmp_path / "hub").database_url == "postgresql+psycopg://hub@db/leaf"


def test_the_settings_file_selects_another_database(tmp_path, now):
    create(tmp_path / "hub", now, database="postgresql://hub@db/leaf")
    assert Home.open(tmp_path / "hub").database_url == "postgresql+psycopg://hub@db/leaf"
    assert not (tmp_path / "hub" / "hub.db").exists()


def test_a_folder_that_cannot_be_made(tmp_path, now):
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match="cannot be made"):
        create(tmp_path / "file" / "hub", now)
