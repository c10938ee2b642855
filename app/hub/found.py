"""Founding a hub: folder, keys, database and first supervisor, all or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.hub import badges, people
from app.hub.acting import Acting, founder
from app.hub.home import DEFAULT_PORT, Home
from app.hub.schema import PersonRow, Site
from app.hub.store import Store
from app.model.errors import Refused
from app.model.terms import Classification, Role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path


@dataclass(frozen=True, repr=False)
class First:
    """The first supervisor, who is also administrator."""

    person: str
    name: str
    badge: str


def found(
    path: Path,
    *,
    site: str,
    site_name: str,
    hosts: Sequence[str],
    first: First,
    now: datetime,
    port: int = DEFAULT_PORT,
    database: str = "",
) -> Home:
    """Make a hub that can be served at once.

    Raises:
        Expected: the folder, a host, the database, or the first supervisor's badge is not usable; nothing
            is left behind then.
    """

    def furnish(home: Home) -> None:
        store = Store(home.database_url)
        try:
            store.upgrade()
            _furnish(store, home, site_name, first, now)
        finally:
            store.close()

    return Home.create(
        path,
        site=site,
        site_name=site_name,
        hosts=hosts,
        now=now,
        port=port,
        database=database,
        furnish=furnish,
    )


def _furnish(store: Store, home: Home, site_name: str, first: First, now: datetime) -> None:
    with store.write() as session:
        if session.get(Site, home.site) is not None or session.query(PersonRow).first() is not None:
            raise Refused(
                "The database already belongs to a hub.",
                advice="Name an empty database, or copy that hub's folder instead of making a new one.",
            )
        acting = Acting(session, founder(), now, "hub init")
        session.add(Site(code=home.site, name=site_name))
        acting.record("site.add", home.site, None, {"name": site_name})
        people.put_person(
            acting,
            person=first.person,
            name=first.name,
            roles=(Role.ADMIN, Role.SUPERVISOR),
            ceiling=Classification.RESTRICTED,
        )
        office = badges.office(home.keys, home.site_salt)
        badges.issue(acting, office, person=first.person, badge=first.badge)
