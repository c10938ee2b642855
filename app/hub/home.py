"""The hub's home directory: its keys, its certificate authority, its trust statement, its settings file.

```
DIR/            0700
  hub.toml      site, hosts, port, and optionally the database's URL; written last: without it, no hub
  hub.db        the database, where no other is named
  trust.json    what kiosks believe about this hub, signed by the root key
  trust/        earlier statements, each signed by a former root key and its successor
  keys/         0700; one file a key, 32 bytes (the salt 16) as hex, 0600. root.key belongs in a safe
  tls/          0700; the private CA and the server's certificate
```
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import shutil
import stat
import tomllib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from app.hub import tls
from app.model.errors import Damaged, NotFound, Refused, StationleafError, Unavailable, Untrusted
from app.seal.dsse import open_envelope, sign_envelope
from app.seal.encoding import unb64
from app.seal.keys import SealKey, SigningKey, key_id
from app.wire.messages import TRUST_TYPE, Trust

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

DEFAULT_PORT = 8443
DATABASE_VARIABLE = "STATIONLEAF_DATABASE_URL"
KEY_BYTES, SALT_BYTES = 32, 16
_KEY_FILES = ("lease", "log", "seal", "wrap", "badge")


@dataclass(frozen=True, repr=False)
class HubKeys:
    """The hub's working keys (design, section 5). The root key is not among them.

    ``lease_too`` sign leases beside ``lease`` while one key takes over from another, and ``seal_too`` open
    events beside ``seal``.
    """

    lease: SigningKey
    log: SigningKey
    seal: SealKey
    wrap: bytes
    badge: bytes
    lease_too: tuple[SigningKey, ...] = ()
    seal_too: tuple[SealKey, ...] = ()

    @property
    def signers(self) -> tuple[SigningKey, ...]:
        """Every key that signs leases now."""
        return (self.lease, *self.lease_too)


@dataclass(frozen=True, repr=False)
class Home:
    """An opened home directory. ``hosts`` are the names in the server certificate, the first is public.

    ``trust`` is the DSSE envelope of ``wire.messages.Trust``, which ``said`` is; ``earlier`` are those of
    former root keys, oldest first. ``root_fingerprint`` is the id of the root key in force.
    """

    path: Path
    site: str
    hosts: tuple[str, ...]
    port: int
    database_url: str
    keys: HubKeys
    site_salt: bytes
    trust: bytes
    root_fingerprint: str
    ca_pem: str
    said: Trust
    earlier: tuple[bytes, ...] = ()

    def trust_for(self, root: str) -> bytes:
        """The statement to give to a kiosk that believes the root key with this fingerprint ("" for any).

        One that believes a former root key gets the statement that this key and its successor signed.
        """
        if root and root not in map(key_id, self.said.root_keys):
            for envelope in reversed(self.earlier):
                if root in map(key_id, read_trust(envelope).root_keys):
                    return envelope
        return self.trust

    @property
    def mark_key(self) -> bytes:
        """The site's key of the forensic mark, from the wrap key (HMAC-SHA-256 as PRF, SP 800-108).

        Nothing more is stored or backed up, and every hub of the site agrees.
        """
        return hmac.new(self.keys.wrap, b"stationleaf mark key v1", hashlib.sha256).digest()

    @property
    def pseudonym_secret(self) -> bytes:
        """What pseudonyms and keys of evidence come from (``wire.evidence``); made as ``mark_key``."""
        return hmac.new(self.keys.wrap, b"stationleaf pseudonyms v1", hashlib.sha256).digest()

    @property
    def server_cert(self) -> Path:
        """The server's certificate with its CA, PEM."""
        return self.path / "tls" / "server.pem"

    @property
    def server_key(self) -> Path:
        """The server's private key, PEM."""
        return self.path / "tls" / "server.key"

    @property
    def address(self) -> str:
        """``HOST:PORT`` under which kiosks reach this hub."""
        host = self.hosts[0] if self.hosts else "localhost"
        return f"[{host}]:{self.port}" if ":" in host else f"{host}:{self.port}"

    def root(self) -> SigningKey:
        """Read the root key, for signing trust.

        Raises:
            NotFound: it is not there (it may lie in a safe).
        """
        return SigningKey(read_key(self.path / "keys" / "root.key", KEY_BYTES))

    @classmethod
    def create(
        cls,
        path: Path,
        *,
        site: str,
        site_name: str,
        hosts: Sequence[str],
        now: datetime,
        port: int = DEFAULT_PORT,
        database: str = "",
        furnish: Callable[[Home], None] | None = None,
    ) -> Home:
        """Make a hub in an absent or empty folder. All or nothing: a failure removes what was made.

        ``furnish`` fills the database before the folder counts as a hub; killed before that, the folder is
        recognised as unfinished.

        Raises:
            Refused: the folder is not empty, or a host, the site or its name is not usable.
            Unavailable: the folder cannot be written.
        """
        _check_words(site, site_name)
        existed = _claim(path)
        try:
            _write_all(path, site, hosts, now)
            settings: dict[str, Any] = {"site": site, "hosts": list(hosts), "port": port}
            if database:
                settings["database"] = database
            home = _load(path, settings)
            if home.database_url == _file_url(path):
                _write(path / "hub.db", b"")  # so that it, and SQLite's files beside it, are 0600
            if furnish is not None:
                furnish(home)
            _write(path / "hub.toml", _toml(settings, site_name).encode())
        except BaseException as error:
            _unclaim(path, existed=existed)
            if isinstance(error, OSError):
                raise _not_written(path, error) from None
            raise
        return home

    @classmethod
    def open(cls, path: Path) -> Home:
        """Open a hub's folder.

        Raises:
            NotFound: there is no hub.
            Refused: others on this machine could read its keys.
            Damaged, Unavailable, Untrusted: a file is missing, not readable, or not what was written.
        """
        settings = _settings(path)
        for name in ("keys", "tls"):
            _check_private(path / name)
        return _load(path, settings)

    @classmethod
    def refill(
        cls, path: Path, settings: bytes, fill: Callable[[], None], furnish: Callable[[Home], None]
    ) -> Home:
        """Fill an absent or empty folder with a hub that was kept elsewhere. All or nothing, as ``create``.

        ``settings`` is the text of its ``hub.toml``, which is written last; ``fill`` writes all else, and
        ``furnish`` does what is to be done in the database.

        Raises:
            Refused: the folder is not empty.
            Expected: what was filled in does not make a hub; nothing is left behind then.
        """
        existed = _claim(path)
        try:
            fill()
            home = _load(path, _parsed(path, settings))
            furnish(home)
            _write(path / "hub.toml", settings)
        except BaseException as error:
            _unclaim(path, existed=existed)
            if isinstance(error, OSError):
                raise _not_written(path, error) from None
            raise
        return home


def _check_words(site: str, site_name: str) -> None:
    for what, word, longest in (("site", site, 64), ("site's name", site_name, 200)):
        if not word.strip() or len(word) > longest or not word.isprintable():
            raise Refused(f"The {what} must have 1 to {longest} printable characters.")


def _claim(path: Path) -> bool:
    """Make the folder, or take an empty one. Returns whether it existed."""
    try:
        existed = path.is_dir()
        if existed and any(path.iterdir()):
            unfinished = (path / "keys").is_dir() and not (path / "hub.toml").exists()
            raise Refused(
                f"The folder {path} holds a hub that was not finished."
                if unfinished
                else f"The folder {path} is not empty.",
                advice="Delete it and run the command again."
                if unfinished
                else "Give a folder that does not exist yet.",
                code="not_empty",
            )
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(0o700)
    except OSError as error:
        raise Unavailable(
            f"The folder {path} cannot be made: {error.strerror}.", advice="Check its parent's owner."
        ) from None
    return existed


def _not_written(path: Path, error: OSError) -> Unavailable:
    return Unavailable(
        f"The hub's folder {path} cannot be written: {error.strerror}.",
        advice="Check the disk and the folder's owner.",
    )


def _unclaim(path: Path, *, existed: bool) -> None:
    for child in list(path.iterdir()):
        if child.is_dir():
            shutil.rmtree(child, ignore_errors=True)
        else:
            child.unlink(missing_ok=True)
    if not existed:
        path.rmdir()


def _write_all(path: Path, site: str, hosts: Sequence[str], now: datetime) -> None:
    ca = tls.make_ca(site, now)
    server = tls.make_server(ca, hosts, now)
    for folder in ("keys", "tls"):
        (path / folder).mkdir(mode=0o700)
    raw = {name: os.urandom(KEY_BYTES) for name in (*_KEY_FILES, "root")}
    for name, key in raw.items():
        _write(path / "keys" / f"{name}.key", key.hex().encode() + b"\n")
    _write(path / "keys" / "site.salt", os.urandom(SALT_BYTES).hex().encode() + b"\n")
    pems = {"ca.pem": ca.cert, "ca.key": ca.key, "server.pem": server.cert, "server.key": server.key}
    for name, pem in pems.items():
        _write(path / "tls" / name, pem)
    root = SigningKey(raw["root"])
    trust = Trust(
        version=1,
        site=site,
        expires=now + timedelta(days=tls.CA_DAYS),
        root_keys=(root.public,),
        lease_keys=(SigningKey(raw["lease"]).public,),
        log_keys=(SigningKey(raw["log"]).public,),
        seal_key=SealKey(raw["seal"]).public,
        ca=ca.cert.decode("ascii"),
        issued=now,
    )
    _write(path / "trust.json", sign_envelope(TRUST_TYPE, trust.exact(), [root]))


def _write(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _toml(settings: dict[str, Any], site_name: str) -> str:
    # A JSON string or list of strings, as written here, is also a TOML one.
    lines = [f"# Stationleaf hub of {site_name}", ""]
    lines += [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in settings.items()]
    lines += ["", '# database = "postgresql://user@host/stationleaf"   # default: hub.db in this folder', ""]
    return "\n".join(lines)


def _settings(path: Path) -> dict[str, Any]:
    return _parsed(path, _read(path / "hub.toml", missing=f"The folder {path} is not a hub."))


def _parsed(path: Path, text: bytes) -> dict[str, Any]:
    try:
        settings = tomllib.loads(text.decode("utf-8", "replace"))
    except tomllib.TOMLDecodeError as error:
        raise Damaged(
            f"The file {path / 'hub.toml'} cannot be read: {error}.", advice="Correct that line."
        ) from None
    forms = {"site": str, "hosts": list, "port": int, "database": str}
    for name, value in settings.items():
        if name not in forms or not isinstance(value, forms[name]):
            raise Damaged(f"The file {path / 'hub.toml'} has a wrong entry: {name}.", advice="Correct it.")
    if "site" not in settings:
        raise Damaged(f"The file {path / 'hub.toml'} does not name the site.", advice="Add: site = …")
    return settings


def _load(path: Path, settings: dict[str, Any]) -> Home:
    envelope = _read(path / "trust.json")
    trust = read_trust(envelope)
    keys = _keys(path / "keys", trust)
    return Home(
        path=path,
        site=settings["site"],
        hosts=tuple(str(host) for host in settings.get("hosts", [])),
        port=settings.get("port", DEFAULT_PORT),
        database_url=_database(path, settings),
        keys=keys,
        site_salt=read_key(path / "keys" / "site.salt", SALT_BYTES),
        trust=envelope,
        root_fingerprint=key_id(trust.root_keys[0]),
        ca_pem=trust.ca,
        said=trust,
        earlier=tuple(_read(step) for step in sorted((path / "trust").glob("*.json"), key=_version)),
    )


def _version(step: Path) -> int:
    return int(step.stem) if step.stem.isdecimal() else 0


def _keys(folder: Path, trust: Trust) -> HubKeys:
    """Read the keys; the trust statement says which of two that change over are in force."""
    raw = {name: read_key(folder / f"{name}.key", KEY_BYTES) for name in _KEY_FILES}
    found: dict[str, list[bytes]] = {}
    for name in ("lease", "seal"):
        coming = folder / f"{name}.next.key"
        found[name] = [raw[name], *([read_key(coming, KEY_BYTES)] if coming.exists() else [])]
    leases = [key for key in map(SigningKey, found["lease"]) if key.public in trust.lease_keys]
    seals = sorted(map(SealKey, found["seal"]), key=lambda key: key.public != trust.seal_key)
    if not leases or seals[0].public != trust.seal_key:
        raise Untrusted(
            "The hub's keys are not those that its trust statement names.",
            advice="Restore keys and trust.json from one backup.",
        )
    return HubKeys(
        lease=leases[0],
        log=SigningKey(raw["log"]),
        seal=seals[0],
        wrap=raw["wrap"],
        badge=raw["badge"],
        lease_too=tuple(leases[1:]),
        seal_too=tuple(seals[1:]),
    )


def read_trust(envelope: bytes) -> Trust:
    """Read a statement and check it against the root keys that it names itself: all of them signed it.

    Raises:
        Untrusted: it does not hold.
    """
    try:
        unchecked = Trust.read(unb64(json.loads(envelope)["payload"]))
        roots = unchecked.root_keys
        return Trust.read(open_envelope(envelope, TRUST_TYPE, roots, threshold=max(1, len(set(roots)))))
    except (StationleafError, ValueError, KeyError, TypeError):
        raise Untrusted(
            "The hub's trust.json is not what was signed.", advice="Restore it from a backup."
        ) from None


def _database(path: Path, settings: dict[str, Any]) -> str:
    url = os.environ.get(DATABASE_VARIABLE) or settings.get("database") or ""
    if not url:
        return _file_url(path)
    scheme, _, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if scheme in {"postgresql", "postgres"} else url


def _file_url(path: Path) -> str:
    return f"sqlite:///{path.resolve() / 'hub.db'}"


def _check_private(path: Path) -> None:
    """Refuse key files that others could read (the threat model relies on the file mode alone)."""
    if os.name != "posix":
        return
    try:
        exposed = [p for p in (path, *path.iterdir()) if stat.S_IMODE(p.stat().st_mode) & 0o077]
    except OSError:
        raise Damaged(
            f"The folder {path} is missing or not readable.", advice="Check its owner and the backup."
        ) from None
    if exposed:
        raise Refused(
            f"Others on this machine can read {exposed[0]}.",
            advice=f"Run: chmod -R go= {path}",
            code="exposed_keys",
        )


def read_key(path: Path, length: int = KEY_BYTES) -> bytes:
    """Read a key's file.

    Raises:
        NotFound, Unavailable, Damaged: it is not there, not readable, or not a key.
    """
    text = _read(path)
    try:
        key = bytes.fromhex(text.decode("ascii").strip())
    except ValueError:
        key = b""
    if len(key) != length:
        raise Damaged(f"The file {path} does not hold a key.", advice="Restore it from a backup.")
    return key


def _read(path: Path, *, missing: str = "") -> bytes:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise NotFound(
            missing or f"The hub's file {path} is missing.",
            advice="Name a folder made by: stationleaf hub init" if missing else "Restore it from a backup.",
        ) from None
    except OSError as error:
        raise Unavailable(
            f"The hub's file {path} cannot be read: {error.strerror}.",
            advice="Run this as the user who made the hub.",
        ) from None
