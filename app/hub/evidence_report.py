"""The report of an evidence bundle, which a lawyer reads: HTML with its plots in it, or apart for the PDF."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from app.hub import evidence_plots as plots_of
from app.hub.events import ALARMS, SAYS
from app.hub.verdicts import Verdict
from app.resources import resource

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from app.hub.evidence_facts import Facts
    from app.wire.evidence import About
    from app.wire.evidence_plan import Explained

_MOST_ROWS = 200
_MOST_BARS = 12
"""So many bars fit on a page below the plots of days and hours."""

_HEAD = {True: "<h2 class='page'>", False: "<h2>"}
_NOBODY = {"kiosk": "nobody held it", "pages": 0, "outcome": "", "bytes_gone": ""}


@dataclass(frozen=True)
class Report:
    """A report: HTML that shows its plots by name, and the plots (SVG)."""

    html: str
    plots: Mapping[str, str]

    def page(self) -> str:
        """The report as one HTML file, with the plots in it."""
        html = self.html
        for name, picture in self.plots.items():
            html = html.replace(_image(name), picture)
        return html


def report(about: About, figures: Mapping[str, Any], facts: Facts, found: Explained) -> Report:
    """Write the report. ``found``: which views the assignments and grants explain."""
    revocations, alarms = facts.incidents["revocations"], facts.incidents["alarms"]
    verdicts = facts.incidents["verdicts"]
    incidents = {one["day"] for one in verdicts if one["verdict"] == Verdict.INCIDENT.value}
    marked = sorted(incidents.union(str(one["at"])[:10] for one in [*revocations, *alarms]))
    views = figures["views"]
    plots = {
        "days.svg": plots_of.by_day(views["days"], marked),
        "hours.svg": plots_of.by_hour(views["hours"]),
        "stations.svg": plots_of.ranked(views["stations"]),
        "people.svg": plots_of.ranked(views["people"]),
        "why.svg": plots_of.shares(_why(found)),
    }
    sections = [
        _head(about),
        _summary(about, figures, facts, found),
        _justified(found, verdicts),
        *_plots(about, len(views["stations"]), len(views["people"])),
        _pages(views["pages"], facts.numbers),
        _kinds(figures["kinds"]),
        _agreements(facts.agreements),
        _incidents(revocations, alarms),
        _acts(facts.acts),
        _policy(facts.policy),
        _proof(about),
    ]
    title = escape(f"Access to the know-how of {about.client_name}")
    head = f"<head><meta charset='utf-8'/><title>{title}</title><style>{_text('report.css')}</style></head>"
    return Report(f"<!DOCTYPE html><html lang='en'>{head}<body>{''.join(sections)}</body></html>", plots)


def _plots(about: About, stations: int, people: int) -> Iterator[str]:
    """When, where and who. A picture that does not fit on the rest of a PDF's page would be shrunk to it."""
    stations, people = (min(count, plots_of.MOST_RANKED + 1) for count in (stations, people))
    where = stations > _MOST_BARS
    who = not where and stations + people + 3 > _MOST_BARS  # the heading and its words are as high as three
    yield f"<h2 class='page'>When</h2>{_image('days.svg')}{_image('hours.svg')}"
    yield f"{_HEAD[where]}Where</h2>{_image('stations.svg')}"
    yield f"{_HEAD[who]}Who</h2><p class='small'>{_who(about)}</p>{_image('people.svg')}"


def _image(name: str) -> str:
    # A picture that is no block of its own makes MuPDF's Story lose what follows it on the next page (1.28).
    return f'<p><img src="{name}" width="{plots_of.WIDTH}"/></p>'


def _head(about: About) -> str:
    period = (
        f"from {about.start:%Y-%m-%d %H:%M} UTC" if about.start else "from the beginning",
        f"until {about.end:%Y-%m-%d %H:%M} UTC" if about.end else f"until {about.made:%Y-%m-%d %H:%M} UTC",
    )
    return (
        f"<h1>Access to the know-how of {escape(about.client_name)}</h1>"
        f"<p>{escape(about.site_name)} (site {escape(about.site)}), client {escape(about.client)}, "
        f"{' '.join(period)}. Made {about.made:%Y-%m-%d %H:%M:%S} UTC. Bundle {about.bundle}.</p>"
    )


def _summary(about: About, figures: Mapping[str, Any], facts: Facts, found: Explained) -> str:
    views, incidents = figures["views"], facts.incidents
    looks = sum(views["days"].values())
    signers = {one["person"] for one in facts.agreements["signed"]}
    in_force = facts.agreements["in_force"] or "none"
    range_ = f"entries {about.first} to {about.last - 1} of a log of {about.size}"
    places = f"{_count(len(views['stations']), 'station')} and {_count(len(views['kiosks']), 'kiosk')}"
    minutes = sum(figures["view_ms"].values()) // 60_000
    taken, alarms = len(incidents["revocations"]), len(incidents["alarms"])
    wrong = [one for one in incidents["verdicts"] if one["verdict"] == Verdict.INCIDENT.value]
    said = (
        f"{figures['entries']} events are in this bundle: {range_}.",
        f"The first was {figures['first'][:19]}, the last {figures['last'][:19]} (UTC, by kiosks' clocks).",
        f"{looks} times a page was shown, to {_count(len(views['people']), 'person')}, at {places}.",
        f"{_count(len(views['pages']), 'different page')} in all, together for {_count(minutes, 'minute')}.",
        _bare(found),
        f"{_count(len(wrong), 'incident')} by the verdicts of quality on these views.".capitalize(),
        f"{_count(taken, 'lockdown')} of its pages, or of who or what showed or saw them.".capitalize(),
        f"{_count(alarms, 'alarm')} of kiosks that showed them.".capitalize(),
        f"{_count(len(signers), 'person')} signed the confidentiality agreement; in force: {in_force}.",
    )
    return f"<h2>In short</h2><ul>{''.join(f'<li>{escape(one)}</li>' for one in said)}</ul>"


def _bare(found: Explained) -> str:
    if not found.unexplained:
        return "Each view is explained by an assignment or a grant, as the plant states them."
    return (
        f"{_count(found.unexplained, 'view')} of {found.views}: no assignment or grant that the plant states "
        "explains it."
    )


def _why(found: Explained) -> Sequence[tuple[str, int, bool]]:
    held = found.views - found.by_grace - found.unexplained
    return (
        ("an assignment or a grant held when they began", held, False),
        ("the page in hand, within the grace after one", found.by_grace, False),
        ("nothing explains them", found.unexplained, True),
    )


def _justified(found: Explained, verdicts: Sequence[Mapping[str, Any]]) -> str:
    more = ", …" if found.unexplained > len(found.bare) else ""
    first = f" In the log: entry {', '.join(map(str, found.bare))}{more}." if found.bare else ""
    rows = [
        (
            one["day"], one["station"], one["person"], one["views"], " ".join(one["why"]), _verdict(one),
            one["reason"] or "kept with the plant", f"{one['by']} {one['confirmed_by']}",
        )
        for one in verdicts
    ]  # fmt: skip
    head = ("Day", "Station", "Person", "Views", "Why looked at", "Verdict", "Reason", "By")
    told = _table(head, rows) if rows else "<p>Quality gave no verdict on views of these pages.</p>"
    return (
        f"<h2>Was it justified?</h2>{_image('why.svg')}<p>{escape(_bare(found) + first)} The program verify "
        "compares them anew, from the entries and acts.json.</p>"
        f"<h2>What quality looked at, and its verdicts</h2>{told}"
    )


def _verdict(one: Mapping[str, Any]) -> str:
    if one["late"]:
        return f"{one['verdict']}; {_count(one['late'], 'view')} arrived since"
    return str(one["verdict"]) if one["confirmed"] else f"{one['verdict']}, by one person alone so far"


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _who(about: About) -> str:
    if not about.pseudonyms:
        return "Views by person, under the plant's codes."
    return (
        "Views by person. Persons stand here under pseudonyms, the same in all bundles for this client; the "
        "plant can open them, for one person or all, with a key that fits this bundle alone."
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    cells = [[escape(str(cell)) for cell in row] for row in rows]
    shown = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in cells[:_MOST_ROWS])
    more = len(cells) - _MOST_ROWS
    rest = f"<p class='small'>and {more} more, in the bundle's files</p>" if more > 0 else ""
    return f"<table><tr>{''.join(f'<th>{escape(name)}</th>' for name in head)}</tr>{shown}</table>{rest}"


def _pages(pages: Mapping[str, int], numbers: Mapping[str, int]) -> str:
    rows = sorted(pages.items(), key=lambda item: (-item[1], item[0]))
    shown = []
    for name, number in rows[:40]:
        revision, _, page = name.rpartition(" ")
        shown.append((revision, numbers.get(name, "not known"), f"{page[:16]}…", number))
    rest = f"<p class='small'>The 40 most shown of {len(rows)} pages.</p>" if len(rows) > len(shown) else ""
    return f"<h2>Which pages</h2>{_table(('Revision', 'Page', 'SHA-256', 'Views'), shown)}{rest}"


def _kinds(kinds: Mapping[str, int]) -> str:
    rows = [(SAYS.get(kind, kind), kind, number) for kind, number in kinds.items()]
    return f"<h2>All events by kind</h2>{_table(('What', 'Kind', 'Events'), rows)}"


def _agreements(agreements: Mapping[str, Any]) -> str:
    versions = [
        (
            one["version"],
            one["title"],
            "yes" if one["in_force"] else "no",
            one["sha256"][:16] or "kept elsewhere",
        )
        for one in agreements["versions"]
    ]
    signed = [
        (
            one["person"], one["version"], one["signed"][:19], one["until"][:19] or "for good",
            one["withdrawn"][:19] or "no",
        )
        for one in agreements["signed"]
    ]  # fmt: skip
    heads = (
        ("Version", "Title", "In force", "SHA-256"),
        ("Signed by", "Version", "When (UTC)", "Until", "Withdrawn"),
    )
    none = "<p>The plant keeps no text of an agreement.</p>"
    return (
        f"<h2>Confidentiality agreements</h2>{_table(heads[0], versions) if versions else none}"
        f"<p> </p>{_table(heads[1], signed) if signed else '<p>Nobody has signed.</p>'}"
    )


def _incidents(revocations: Sequence[Mapping[str, Any]], alarms: Sequence[Mapping[str, Any]]) -> str:
    rows = [
        (
            one["at"][:19],
            f"{one['kind']} {one['code']}",
            at["kiosk"],
            at["pages"],
            at["outcome"],
            at["bytes_gone"][:19],
        )
        for one in revocations
        for at in one["holders"] or [_NOBODY]
    ]
    told = [(one["at"][:19], one["kiosk"], ALARMS.get(one["kind"], one["kind"])) for one in alarms]
    head = ("When (UTC)", "Taken back", "Kiosk", "Pages", "What is proven", "Bytes gone")
    return (
        f"<h2>Lockdowns and their receipts</h2>{_table(head, rows) if rows else '<p>None.</p>'}"
        f"<h2>Alarms</h2>{_table(('When (UTC)', 'Kiosk', 'What'), told) if told else '<p>None.</p>'}"
    )


def _acts(acts: Mapping[str, Any]) -> str:
    count = _count(len(acts["assignments"]), "assignment")
    grants = [
        (one["from"][:16], one["until"][:16], one["kind"], one["person"], one["station"], one["by"])
        for one in acts["grants"]
    ]
    changes = [(one["at"][:16], one["by"], one["act"], one["subject"]) for one in acts["changes"]]
    head = ("From (UTC)", "Until", "Kind", "Person", "Station", "By")
    return (
        f"<h2>Who was let in, and by whom</h2><p>{count.capitalize()} at "
        f"{_count(len(acts['stations']), 'station')} that run this client's parts or showed its pages; each "
        "is in acts.json.</p>"
        f"{_table(head, grants) if grants else '<p>No exceptions were granted.</p>'}"
        f"<h2>Changes of rules and revisions</h2>"
        f"{_table(('When (UTC)', 'By', 'What', 'Of'), changes) if changes else '<p>None.</p>'}"
    )


_LIMITS = (
    ("exposure_limit", "one person or kiosk"), ("line_limit", "one line"), ("site_limit", "the site"),
)  # fmt: skip


def _limit(limit: int | None) -> object:
    return "no limit" if limit is None else limit


def _shown(value: object) -> object:
    """A setting: what is true or false in words; a number stays one, 0 too."""
    return ("no", "yes")[value] if isinstance(value, bool) else value


def _policy(policy: Mapping[str, Any]) -> str:
    rows = [
        ("Hours without contact for which pages may be read", policy["offline_hours"]),
        ("The same for restricted pages", policy["restricted_hours"]),
        *(
            (f"Per cent of the confidential pages that {who} may ever get", _limit(policy.get(name)))
            for name, who in _LIMITS
        ),
        *((policy["meanings"][name], _shown(value)) for name, value in policy["site"].items()),
    ]
    return f"<h2>Policy in force</h2>{_table(('Rule', 'Value'), rows)}"


def _proof(about: About) -> str:
    with_key = _text("sealed.html") if about.pseudonyms else ""
    return _text("proven.html").replace("<!-- pseudonyms -->", with_key)


def _text(name: str) -> str:
    return resource("evidence", name).read_text(encoding="utf-8")
