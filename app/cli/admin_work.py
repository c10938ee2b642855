"""``stationleaf admin assign|unassign|assignments|agreement|training``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.admin_base import change, command, office, shown_time, table, time_of, verbs
from app.model.errors import Refused, Unavailable

if TYPE_CHECKING:
    import argparse

    from app.cli.admin_base import Nouns


def build(nouns: Nouns) -> None:
    """Add the nouns."""
    _assignments(nouns)
    _agreement(nouns)
    _training(nouns)


def _assignments(nouns: Nouns) -> None:
    example = 'assign OP-7 ST-040 --until 2026-03-06 --reason "covers for OP-3"'
    assign = command(nouns, "assign", "assign a person to a station", _assign, example=example, changes=True)
    assign.add_argument("person", metavar="PERSON")
    assign.add_argument("station", metavar="STATION")
    assign.add_argument("--relief", action="store_true", help="as relief")
    assign.add_argument("--from", dest="start", type=time_of, default=None, metavar="TIME", help="(now)")
    assign.add_argument("--until", dest="end", type=time_of, default=None, metavar="TIME", help="(open)")
    unassign = command(
        nouns, "unassign", "end a person's work at a station now", _unassign, example="unassign OP-7 ST-040",
        changes=True,
    )  # fmt: skip
    unassign.add_argument("person", metavar="PERSON")
    unassign.add_argument("station", metavar="STATION")
    listing = command(nouns, "assignments", "list who works where, by whom and why", _list,
                      example="assignments --station ST-040")  # fmt: skip
    listing.add_argument("--person", default="", metavar="CODE")
    listing.add_argument("--station", default="", metavar="CODE")
    listing.add_argument("--all", action="store_true", help="also what has ended")


def _agreement(nouns: Nouns) -> None:
    example = 'agreement set C1 2026-1 --title "NDA 2026" --file nda.pdf --valid-days 365'
    more = verbs(nouns, "agreement", "clients' confidentiality agreements", example=example)
    put = command(
        more, "set", "put a version in force", _set_agreement, example=example, changes=True,
        more="A PDF is read and signed at the kiosk, with badge and PIN, before the client's first page;\n"
        "any other text is only kept, and signatures under it are recorded here.\n\n",
    )  # fmt: skip
    put.add_argument("client", metavar="CLIENT")
    put.add_argument("version", metavar="VERSION")
    put.add_argument("--title", required=True, metavar="TITLE")
    put.add_argument("--file", type=Path, default=None, metavar="FILE", help="its text, kept at the hub")
    put.add_argument("--valid-days", type=int, default=None, metavar="DAYS",
                     help="a signature made at a kiosk lapses after so many (never)")  # fmt: skip
    sign = command(more, "sign", "record that a person signed", _sign, example="agreement sign OP-7 C1",
                   changes=True)  # fmt: skip
    sign.add_argument("person", metavar="PERSON")
    sign.add_argument("client", metavar="CLIENT")
    sign.add_argument("--version", default="", metavar="VERSION", help="(the one in force)")
    sign.add_argument("--signed", type=time_of, default=None, metavar="TIME", help="(now)")
    sign.add_argument("--until", type=time_of, default=None, metavar="TIME", help="when it lapses (never)")
    sign.add_argument("--meaning", default="", metavar="WORDS", help="what the signature says")
    back = command(more, "withdraw", "withdraw a person's signature: it counts no more", _withdraw,
                   example='agreement withdraw OP-7 C1 --reason "has left"', changes=True)  # fmt: skip
    back.add_argument("person", metavar="PERSON")
    back.add_argument("client", metavar="CLIENT")
    back.add_argument("--version", default="", metavar="VERSION", help="(the one in force)")
    listing = command(more, "list", "list the versions and how many signed", _list_agreements,
                      example="agreement list")  # fmt: skip
    listing.add_argument("--person", default="", metavar="CODE", help="what this person signed")
    lacking = command(more, "missing", "list who is assigned and has not signed", _missing,
                      example="agreement missing --client C1")  # fmt: skip
    lacking.add_argument("--client", default="", metavar="CODE")


def _training(nouns: Nouns) -> None:
    more = verbs(nouns, "training", "training on revisions", example="training add OP-7 WI-100 A")
    add = command(more, "add", "record training", _train, example="training add OP-7 WI-100 A", changes=True)
    add.add_argument("person", metavar="PERSON")
    add.add_argument("document", metavar="DOCUMENT")
    add.add_argument("revision", metavar="REVISION")
    add.add_argument("--until", type=time_of, default=None, metavar="TIME", help="when it lapses (never)")
    listing = command(more, "list", "list training", _list_training, example="training list --person OP-7")
    listing.add_argument("--person", default="", metavar="CODE")
    listing.add_argument("--document", default="", metavar="CODE")


def _assign(args: argparse.Namespace) -> int:
    from app.hub.work import assign
    from app.model.terms import AssignmentKind

    kind = AssignmentKind.RELIEF if args.relief else AssignmentKind.ASSIGNED
    return change(
        args,
        f"{args.person} {kind.value} at {args.station}",
        lambda acting: assign(
            acting, person=args.person, station=args.station, kind=kind, start=args.start, end=args.end
        ),
    )


def _unassign(args: argparse.Namespace) -> int:
    from app.hub.work import unassign

    return change(
        args,
        f"{args.person} at {args.station}",
        lambda acting: unassign(acting, person=args.person, station=args.station),
    )


def _list(args: argparse.Namespace) -> int:
    from app.hub.work import assignments

    with office(args) as hub, hub.read() as session:
        now = None if args.all else hub.now()
        found = assignments(session, person=args.person, station=args.station, now=now)
        rows = [
            (row.person, row.station, row.kind, shown_time(row.start), shown_time(row.end) or "open", row.by,
             shown_time(row.made), row.reason)
            for row in found
        ]  # fmt: skip
        header = ("PERSON", "STATION", "KIND", "FROM", "UNTIL", "BY", "MADE", "REASON")
        table(header, rows, nothing="Nobody is assigned.")
    return 0


def _set_agreement(args: argparse.Namespace) -> int:
    from app.hub.agreement_pages import SealedPage, is_pdf, seal_text
    from app.hub.agreements import set_agreement
    from app.seal.encoding import sha256

    try:
        text = args.file.read_bytes() if args.file else b""
    except OSError as error:
        raise Unavailable(
            f"The file {args.file} cannot be read: {error.strerror}.", advice="Check the path."
        ) from None
    with office(args) as hub:
        pages: tuple[SealedPage, ...] = ()
        if is_pdf(text):
            digest, pages = seal_text(args.file, args.client, args.version, hub.home.keys.wrap)
            if digest != sha256(text):
                raise Refused("The file changed while it was read.", advice="Set it again.", code="changed")
        with hub.change() as acting:
            outcome = set_agreement(
                acting, client=args.client, version=args.version, title=args.title,
                file_name=args.file.name if args.file else "", text=text, pages=pages,
                valid_days=args.valid_days,
            )  # fmt: skip
    print(f"Agreement {args.version} of {args.client}: {outcome.value}.")
    if text and not pages:
        print("It is no PDF, so it cannot be signed at kiosks: record signatures with agreement sign.")
    return 0


def _sign(args: argparse.Namespace) -> int:
    from app.hub.agreements import sign_agreement
    from app.wire.agreement import MEANING

    return change(
        args,
        f"Signature of {args.person} for {args.client}",
        lambda acting: sign_agreement(
            acting, person=args.person, client=args.client, version=args.version, signed=args.signed,
            until=args.until, meaning=args.meaning or MEANING,
        ),
    )  # fmt: skip


def _withdraw(args: argparse.Namespace) -> int:
    from app.hub.agreements import withdraw

    return change(
        args,
        f"Withdrawal of {args.person}'s signature for {args.client}",
        lambda acting: withdraw(acting, person=args.person, client=args.client, version=args.version),
    )


def _missing(args: argparse.Namespace) -> int:
    from app.hub.agreements import missing

    with office(args) as hub, hub.read() as session:
        rows = [
            (one.client, one.person, one.name, ", ".join(one.stations))
            for one in missing(session, hub.now(), args.client)
        ]
        table(("CLIENT", "PERSON", "NAME", "STATIONS"), rows, nothing="Everybody who is assigned has signed.")
    return 0


def _list_agreements(args: argparse.Namespace) -> int:
    from app.hub.agreements import agreement_versions, signatures, state_of

    with office(args) as hub, hub.read() as session:
        if args.person:
            signed = [
                (s.client, s.version, shown_time(s.signed), shown_time(s.until) or "for good",
                 state_of(s, in_force, hub.now()), s.sha256[:16])
                for s, in_force in signatures(session, args.person)
            ]  # fmt: skip
            columns = ("CLIENT", "VERSION", "SIGNED", "UNTIL", "NOW", "SHA-256")
            table(columns, signed, nothing=f"{args.person} has signed nothing.")
            return 0
        rows = [
            (v.client, v.version, v.title, v.file_name or "none", v.sha256[:16],
             "yes" if v.in_force else "no", v.signed, f"{v.pages} pages" if v.pages else "no",
             v.valid_days or "for good")
            for v in agreement_versions(session)
        ]  # fmt: skip
        header = (
            "CLIENT",
            "VERSION",
            "TITLE",
            "TEXT",
            "SHA-256",
            "IN FORCE",
            "SIGNED BY",
            "AT KIOSKS",
            "DAYS",
        )
        table(header, rows, nothing="No agreements yet.")
    return 0


def _train(args: argparse.Namespace) -> int:
    from app.hub.work import train

    return change(
        args,
        f"Training of {args.person} on {args.document} revision {args.revision}",
        lambda acting: train(
            acting, person=args.person, document=args.document, revision=args.revision, until=args.until
        ),
    )


def _list_training(args: argparse.Namespace) -> int:
    from app.hub.work import training

    with office(args) as hub, hub.read() as session:
        rows = [
            (row.person, row.document, row.revision, shown_time(row.until) or "open")
            for row in training(session, person=args.person, document=args.document)
        ]
        table(("PERSON", "DOCUMENT", "REVISION", "UNTIL"), rows, nothing="No training recorded.")
    return 0
