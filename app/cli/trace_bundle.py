"""Which view a token names, from an evidence bundle: no hub is asked, the bundle is checked throughout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.mark.keys import EPOCHS, Place, tag_of

if TYPE_CHECKING:
    import argparse

    from app.wire.evidence import People


def views(args: argparse.Namespace, token: int, site: bytes) -> list[tuple[str, str]]:
    """The lines that tell the view of a token, as far as the bundle of ``args`` has it.

    Raises:
        Untrusted: the bundle does not hold, or is about another log than its key.
        NotFound, Unavailable, Refused: a file cannot be read.
    """
    from app.cli.admin_base import Progress
    from app.cli.files import opened, read_file
    from app.cli.keys import read_key_word
    from app.desk.trace_report import on
    from app.model.errors import Untrusted
    from app.seal.note import NoteKey
    from app.wire.evidence import People, same_log
    from app.wire.evidence_check import With, check
    from app.wire.messages import LOOKS, EventKind

    place, found = Place.of(token), list[tuple[int, dict[str, Any]]]()

    def entry(number: int, event: dict[str, Any]) -> None:
        at = event["epoch"] % EPOCHS, event["seq"]
        looks = at == (place.epoch, place.seq) and event["kind"] in LOOKS
        if looks and tag_of(site, event["kiosk"]) == place.tag:
            found.append((number, event))

    key = NoteKey.read(read_key_word(args.bundle_key))
    people = People.read(read_file(args.people, "key")) if args.people else None
    progress = Progress()
    with opened(args.bundle, "bundle") as file:
        known = With(public=key.public, people=people, entry=entry)
        try:
            proven = check(file, known, lambda done, total: progress(done, total, "entries"))
        finally:
            progress.end()
    about = proven.about
    if not same_log(key.name, about.origin):
        raise Untrusted(
            f"The bundle is about the log {about.origin}; the key is that of {key.name}.", code="other_log"
        )
    if not found:
        return [("View", f"not in this bundle, which has the views of client {about.client} only")]
    said = []
    for number, event in found:
        document, _, revision = event["revision"].partition("/")
        said += [
            ("Page", f"{document} rev. {revision}, page {event['body'].get('number', '?')}, {event['page']}"),
            ("Shown to", _person(event["person"], people)),
            ("At", f"{event['station']}, kiosk {event['kiosk']}"),
            ("On", on(event["wall"], announced=event["kind"] == EventKind.VIEW_ANNOUNCED)),
            ("Event", f"{event['kiosk']}, epoch {event['epoch']}, number {event['seq']}"),
            ("In the log", f"entry {number} of {about.size} of {about.origin}: the bundle holds"),
        ]
    return said


def _person(shown: str, people: People | None) -> str:
    for one in people.people if people is not None else ():
        if one.pseudonym == shown:
            return f"{one.person} {one.name}"
    return shown
