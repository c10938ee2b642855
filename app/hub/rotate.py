"""Changing a hub's keys while it serves: old and new side by side, until every kiosk has followed.

A change has two halves. ``begin`` makes the new key and a trust statement that names both; ``finish`` makes
one that names the new key alone, and destroys the old one. Each statement has the next version and is signed
by the root key; where the root itself changes, by the old one and the new one (The Update Framework, section
5.3), and that statement is kept for kiosks that come back later. ``trust.json`` is replaced in one step, and
it alone decides which keys are in force: what a killed program left lying about, ``settle`` puts away.

| key | while both are there |
|---|---|
| lease-key | leases are signed with both |
| seal-key | kiosks seal to the new one, the hub opens with both |
| tls | kiosks accept certificates of both authorities; the hub shows one of the old |
| root | statements are signed with both |
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.hub import tls
from app.hub.certificate import replace_file
from app.hub.enrolment import least_after_restore
from app.hub.home import Home, read_key
from app.hub.schema import ChangeRow, EventRow, KioskRow
from app.hub.store import Store
from app.hub.turn import alone
from app.model.errors import Expected, NotFound, Refused, Unavailable
from app.model.terms import KioskStatus
from app.seal.dsse import sign_envelope
from app.seal.keys import SealKey, SigningKey, key_id
from app.wire.messages import TRUST_TYPE, Event, EventKind, Trust

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.orm import Session

TRUST_DAYS = tls.CA_DAYS
"""How long a trust statement is valid."""

RENEW_BEFORE = timedelta(days=365)
"""A hub that starts renews its statement when it ends within this time and the root key is there."""

_CERTIFICATE = "-----BEGIN CERTIFICATE-----"


class What(StrEnum):
    """What can be changed; ``TRUST`` only renews the statement."""

    LEASE = "lease-key"
    SEAL = "seal-key"
    TLS = "tls"
    ROOT = "root"
    TRUST = "trust"


@dataclass(frozen=True)
class Done:
    """The version of the statement in force, the root's fingerprint, and kiosks that have not followed."""

    version: int
    root: str
    behind: tuple[str, ...] = ()


def under_way(home: Home) -> What | None:
    """Which change was begun and not finished."""
    said = home.said
    if len(said.lease_keys) > 1:
        return What.LEASE
    if home.keys.seal_too:
        return What.SEAL
    if said.ca.count(_CERTIFICATE) > 1:
        return What.TLS
    return What.ROOT if len(said.root_keys) > 1 else None


def begin(folder: Path, what: What, now: datetime, root_key: Path | None = None) -> Done:
    """Make the new key, and a statement that names old and new. A hub that serves takes them within seconds.

    ``root_key`` is the file of the root key, where it does not lie in the hub's folder.

    Raises:
        Refused: another change is not finished (``under_way``), or the root key is another (``wrong_root``).
        NotFound: the root key is not there.
    """
    with _changing(folder) as (home, store):
        open_one = under_way(home)
        if open_one is not None and (what is not What.TRUST or open_one is What.ROOT):
            raise Refused(
                f"The change of {open_one} is not finished.",
                advice=f"Finish it first: stationleaf hub rotate {open_one} {folder} --finish",
                code="under_way",
            )
        roots = [_root(home, home.said.root_keys[0], root_key, "root.key")]
        changes: dict[str, Any] = {}
        if what is not What.TRUST:
            changes = _NEW[what](home, now, roots)
        return _publish(home, store, f"begin {what}", now, changes, roots)


def finish(
    folder: Path, what: What, now: datetime, root_key: Path | None = None, *, force: bool = False
) -> Done:
    """Drop the old key for good.

    Raises:
        Refused: no such change was begun (``not_under_way``), or kiosks have not followed yet (``behind``);
            ``force`` leaves these behind: they are sealed to, or believe, a key that is gone.
        NotFound: the root key is not there.
    """
    with _changing(folder) as (home, store):
        if under_way(home) is not what:
            raise Refused(
                f"No change of {what} was begun.",
                advice=f"Begin it: stationleaf hub rotate {what} {folder}",
                code="not_under_way",
            )
        with store.read() as session:
            late = behind(session, home)
        if late and not force:
            raise Refused(
                f"{len(late)} kiosks have not taken over the new key yet: {', '.join(late[:20])}.",
                advice=f"{_LATE[what]} Wait until they were online, retire them, or add --force.",
                code="behind",
            )
        if what is What.SEAL:
            (folder / "keys" / "seal.next.key").replace(folder / "keys" / "seal.key")
            with store.write() as session:
                _record(session, f"finish {what}", now, home.said.version)
            return Done(home.said.version, home.root_fingerprint, late)
        roots = [_root(home, home.said.root_keys[0], root_key, "root.next.key", "root.key")]
        changes = _LAST[what](home, now)
        done = _publish(home, store, f"finish {what}", now, changes, roots)
        settle(folder)
        return Done(done.version, done.root, late)


_LATE = {
    What.LEASE: "They get no lease until they have fetched the new statement, which they do by themselves.",
    What.SEAL: "Records that they sealed to the old key could never be opened again.",
    What.TLS: "They trust the hub again once they have fetched the new statement, as they do by themselves.",
    What.ROOT: "They follow by the statement that is kept for them.",
}


def behind(session: Session, home: Home) -> tuple[str, ...]:
    """Kiosks in use that have not said that they took over the statement in force.

    One says it in its journal, so everything that it recorded before is here too.
    """
    said = home.said
    late = []
    for kiosk in session.scalars(select(KioskRow).order_by(KioskRow.code)):
        out = kiosk.status in {KioskStatus.RETIRED.value, KioskStatus.LOST.value} or kiosk.sign_key is None
        new = said.issued is not None and kiosk.enrolled is not None and kiosk.enrolled >= said.issued
        if not out and not new and not _followed(session, kiosk, said.version):
            late.append(kiosk.code)
    return tuple(late)


def _followed(session: Session, kiosk: KioskRow, version: int) -> bool:
    events = session.scalars(
        select(EventRow.data).where(
            EventRow.kiosk == kiosk.code,
            EventRow.epoch == kiosk.epoch,
            EventRow.kind == EventKind.TRUST_ACCEPTED.value,
        )
    )
    return any(Event.read(data).body.get("version", 0) >= version for data in events)


# -- what is new --------------------------------------------------------------------------------------------


def _new_lease(home: Home, _now: datetime, _roots: list[SigningKey]) -> dict[str, Any]:
    key = SigningKey.generate()
    _keep(home, "lease.next.key", key.raw)
    return {"lease_keys": (*home.said.lease_keys, key.public)}


def _new_seal(home: Home, _now: datetime, _roots: list[SigningKey]) -> dict[str, Any]:
    key = SealKey.generate()
    _keep(home, "seal.next.key", key.raw)
    return {"seal_key": key.public}


def _new_tls(home: Home, now: datetime, _roots: list[SigningKey]) -> dict[str, Any]:
    ca = tls.make_ca(home.site, now)
    folder = home.server_cert.parent
    replace_file(folder / "ca-next.key", ca.key)
    replace_file(folder / "ca-next.pem", ca.cert)
    return {"ca": home.said.ca.rstrip("\n") + "\n" + ca.cert.decode("ascii")}


def _new_root(home: Home, _now: datetime, roots: list[SigningKey]) -> dict[str, Any]:
    key = SigningKey.generate()
    _keep(home, "root.next.key", key.raw)
    roots.append(key)
    return {"root_keys": (key.public, *home.said.root_keys)}


def _last_lease(home: Home, _now: datetime) -> dict[str, Any]:
    return {"lease_keys": (SigningKey(read_key(home.path / "keys" / "lease.next.key")).public,)}


def _last_tls(home: Home, now: datetime) -> dict[str, Any]:
    folder = home.server_cert.parent
    ca = tls.Pair((folder / "ca-next.pem").read_bytes(), (folder / "ca-next.key").read_bytes())
    server = tls.make_server(ca, home.hosts, now)
    replace_file(folder / "server-next.key", server.key)
    replace_file(folder / "server-next.pem", server.cert)
    return {"ca": ca.cert.decode("ascii")}


def _last_root(home: Home, _now: datetime) -> dict[str, Any]:
    (home.path / "trust").mkdir(mode=0o700, exist_ok=True)
    replace_file(home.path / "trust" / f"{home.said.version}.json", home.trust)
    return {"root_keys": home.said.root_keys[:1]}


_NEW: dict[What, Callable[[Home, datetime, list[SigningKey]], dict[str, Any]]] = {
    What.LEASE: _new_lease,
    What.SEAL: _new_seal,
    What.TLS: _new_tls,
    What.ROOT: _new_root,
}
_LAST: dict[What, Callable[[Home, datetime], dict[str, Any]]] = {
    What.LEASE: _last_lease,
    What.TLS: _last_tls,
    What.ROOT: _last_root,
}


def _keep(home: Home, name: str, raw: bytes) -> None:
    replace_file(home.path / "keys" / name, raw.hex().encode() + b"\n")


def _root(home: Home, public: bytes, named: Path | None, *names: str) -> SigningKey:
    """The root key in force: from the file that was named, or from the hub's folder."""
    places = [named] if named is not None else [home.path / "keys" / name for name in names]
    there = [place for place in places if place.exists()]
    if not there:
        raise NotFound(
            f"The root key is not in {home.path / 'keys'}.",
            advice="Bring it from its safe, and name its file: --root-key FILE",
            code="no_root_key",
        )
    keys = [SigningKey(read_key(place)) for place in there]
    for key in keys:
        if key.public == public:
            return key
    raise Refused(
        f"{there[0]} is not the root key of this hub.",
        advice=f"It is the one with the fingerprint {key_id(public)}.",
        code="wrong_root",
    )


# -- putting in force ---------------------------------------------------------------------------------------


@contextmanager
def _changing(folder: Path) -> Iterator[tuple[Home, Store]]:
    """The hub and its database, with the folder's lock held and nothing half done lying about."""
    Home.open(folder)  # it is a hub, before a lock is made in it
    with alone(folder):
        settle(folder)
        home = Home.open(folder)
        store = Store(home.database_url)
        try:
            store.check()
            yield home, store
        except OSError as error:
            raise Unavailable(
                f"The hub's folder {folder} cannot be written: {error.strerror}.",
                advice="Check the disk and the folder's owner.",
            ) from None
        finally:
            store.close()


def _publish(
    home: Home, store: Store, act: str, now: datetime, changes: dict[str, Any], roots: list[SigningKey]
) -> Done:
    with store.write() as session:
        # Kiosks may hold later statements than a restored hub knows, and take no lower version.
        version = max(home.said.version + 1, least_after_restore(session, now))
        trust = _next(home.said, version, now, changes)
        _record(session, act, now, trust.version)
        replace_file(home.path / "trust.json", sign_envelope(TRUST_TYPE, trust.exact(), roots))
    return Done(trust.version, key_id(trust.root_keys[0]))


def _next(said: Trust, version: int, now: datetime, changes: dict[str, Any]) -> Trust:
    times = {"issued": now, "expires": now + timedelta(days=TRUST_DAYS)}
    return said.model_copy(update={"version": version, **times, **changes})


def _record(session: Session, act: str, now: datetime, version: int) -> None:
    after = {"what": act, "version": version}
    session.add(
        ChangeRow(at=now, by="hub command", act="key.rotate", subject="hub", before=None, after=after)
    )


def settle(folder: Path) -> None:
    """Put keys in their places as ``trust.json`` says, after a change that was finished or broke off."""
    home = Home.open(folder)
    keys, said, certs = folder / "keys", home.said, home.server_cert.parent
    coming = keys / "lease.next.key"
    if coming.exists():
        _settle_one(coming, keys / "lease.key", said.lease_keys, SigningKey(read_key(coming)).public)
    coming = keys / "root.next.key"
    if coming.exists():
        _settle_one(coming, keys / "root.key", said.root_keys, SigningKey(read_key(coming)).public)
    coming = keys / "seal.next.key"
    if coming.exists() and SealKey(read_key(coming)).public != said.seal_key:
        coming.unlink()  # made, but never told to anybody
    ca = certs / "ca-next.pem"
    if ca.exists() and said.ca.count(_CERTIFICATE) == 1:
        new = ca.read_text(encoding="ascii").strip() == said.ca.strip()
        for name in (
            "server.key",
            "server.pem",
            "ca.key",
            "ca.pem",
        ):  # ca.pem last: it says that more is to do
            stem, _, kind = name.partition(".")
            coming = certs / f"{stem}-next.{kind}"
            if coming.exists():
                coming.replace(certs / name) if new else coming.unlink()


def _settle_one(coming: Path, place: Path, told: tuple[bytes, ...], public: bytes) -> None:
    if told == (public,):
        coming.replace(place)
    elif public not in told:
        coming.unlink()


def keep_trust(home: Home, now: datetime) -> str:
    """Renew a statement that ends soon, if the root key is here. Returns what a person should read, or ""."""
    ends = home.said.expires
    if now < ends - RENEW_BEFORE:
        return ""
    try:
        done = begin(home.path, What.TRUST, now)
    except Expected as error:
        if now < ends - RENEW_BEFORE / 4:
            return ""
        state = "has ended, and kiosks refuse it" if ends <= now else "ends soon"
        return (
            f"The hub's trust statement {state} ({ends:%Y-%m-%d}). It is not renewed: {error.sentence} "
            f"Then run: stationleaf hub rotate trust {home.path} --root-key FILE"
        )
    return f"The hub's trust statement was renewed: version {done.version}."
