"""``stationleaf admin person|role|badge``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.admin_base import change, clean, command, office, shown_time, table, verbs
from app.cli.admin_plant import CLASSES
from app.model.terms import TEXT_SIZES

if TYPE_CHECKING:
    import argparse

    from app.cli.admin_base import Nouns

ROLES = ("operator", "lead", "supervisor", "engineer", "quality", "auditor", "admin")

WITH = {"uid": "", "uid_pin": " + PIN", "card": " card"}


def build(nouns: Nouns) -> None:
    """Add the nouns."""
    _person(nouns)
    _role(nouns)
    _auditor(nouns)
    _badge(nouns)


def _person(nouns: Nouns) -> None:
    example = 'person add OP-7 "Ana Ruiz" --role operator --language es'
    more = verbs(nouns, "person", "people", example=example)
    add = command(more, "add", "add or change a person", _add, example=example, changes=True)
    add.add_argument("person", metavar="CODE")
    add.add_argument("name", metavar="NAME")
    add.add_argument(
        "--role", action="append", dest="roles", choices=ROLES, help="repeat for more (operator)"
    )
    add.add_argument("--class", dest="ceiling", default="standard", choices=CLASSES, help="highest class")
    add.add_argument("--language", default="en", metavar="CODE", help="en, es, zh-Hans …")
    add.add_argument("--text-size", type=int, choices=TEXT_SIZES, metavar="PERCENT",
                     help="how large a kiosk's letters are: 100, 125, 150 or 200 (as it is)")  # fmt: skip
    add.add_argument("--line", action="append", dest="lines", default=[], metavar="CODE",
                     help="a line that the person supervises; repeat for more")  # fmt: skip
    for verb, purpose in (
        ("deactivate", "end a person's work: badge revoked, assignments ended"),
        ("activate", "let a deactivated person work again"),
    ):
        one = command(more, verb, purpose, _turn, example=f"person {verb} OP-7", changes=True)
        one.add_argument("person", metavar="CODE")
    command(more, "list", "list the people", _list, example="person list")


def _role(nouns: Nouns) -> None:
    more = verbs(nouns, "role", "roles that people hold", example="role add OP-7 lead")
    for verb, purpose, holds in (("add", "give a role", True), ("remove", "take a role away", False)):
        one = command(more, verb, purpose, _change_role, example=f"role {verb} OP-7 lead", changes=True)
        one.add_argument("person", metavar="PERSON")
        one.add_argument("role", metavar="ROLE", choices=ROLES, help=", ".join(ROLES))
        one.set_defaults(holds=holds)


def _auditor(nouns: Nouns) -> None:
    more = verbs(nouns, "auditor", "whose evidence an auditor sees at the desk", example="auditor add A-1 C1")
    for verb, purpose, audits in (
        ("add", "let an auditor see what concerns a client's pages", True),
        ("remove", "let an auditor see a client's no longer", False),
    ):
        one = command(more, verb, purpose, _change_audits, example=f"auditor {verb} A-1 C1", changes=True)
        one.add_argument("person", metavar="PERSON")
        one.add_argument("client", metavar="CLIENT")
        one.set_defaults(audits=audits)
    command(more, "list", "list the auditors and their clients", _list_auditors, example="auditor list")


def _badge(nouns: Nouns) -> None:
    more = verbs(nouns, "badge", "badges", example="badge issue OP-7")
    issue = command(
        more, "issue", "give a person a badge; a former one is revoked", _issue, example="badge issue OP-7",
        changes=True, more="The number is asked for and not shown; or it is read from standard input.\n\n",
    )  # fmt: skip
    issue.add_argument("person", metavar="PERSON")
    issue.add_argument("--number", default="", metavar="NUMBER",
                       help="better left out: others see a command line")  # fmt: skip
    card = command(
        more, "card", "give a person a cryptographic card; a former badge is revoked", _issue_card,
        example="badge card OP-7 --certificate card.pem", changes=True,
        more="The certificate is that of the card's key 9E, on P-256 or P-384; it holds no secret.\n\n",
    )  # fmt: skip
    card.add_argument("person", metavar="PERSON")
    card.add_argument("--certificate", type=Path, required=True, metavar="FILE", help="as PEM")
    pin = command(
        more, "pin", "make a one-time code with which a person sets a PIN", _pin_code,
        example="badge pin OP-7", changes=True,
        more="The person sets the PIN at a kiosk that is online; it never leaves that kiosk.\n\n",
    )  # fmt: skip
    pin.add_argument("person", metavar="PERSON")
    revoke = command(more, "revoke", "revoke a person's badge", _revoke, example="badge revoke OP-7",
                     changes=True)  # fmt: skip
    revoke.add_argument("person", metavar="PERSON")


def _add(args: argparse.Namespace) -> int:
    from app.hub.people import put_person
    from app.model.terms import Classification, Role

    return change(
        args,
        f"Person {args.person}",
        lambda acting: put_person(
            acting,
            person=args.person,
            name=args.name,
            roles=[Role(word) for word in args.roles or ["operator"]],
            ceiling=Classification.parse(args.ceiling),
            language=args.language,
            lines=args.lines,
            text_size=args.text_size,
        ),
    )


def _turn(args: argparse.Namespace) -> int:
    from app.hub.people import activate, deactivate

    act = activate if args.verb == "activate" else deactivate
    return change(args, f"Person {args.person}", lambda acting: act(acting, args.person))


def _list(args: argparse.Namespace) -> int:
    from app.hub.people import listed

    with office(args) as hub, hub.read() as session:
        rows = [
            (p.code, p.name, "yes" if p.active else "no", " ".join(p.roles), p.ceiling, p.language,
             f"{p.text_size} %",
             f"…{p.badge_tail}{WITH[p.credential]}" if p.badge_tail else "none",
             shown_time(p.badge_issued), " ".join(p.stations))
            for p in listed(session, hub.now())
        ]  # fmt: skip
        header = ("PERSON", "NAME", "ACTIVE", "ROLES", "CLASS", "LANGUAGE", "TEXT", "BADGE", "ISSUED",
                  "STATIONS NOW")  # fmt: skip
        table(header, rows, nothing="No people.")
    return 0


def _change_role(args: argparse.Namespace) -> int:
    from app.hub.people import change_role
    from app.model.terms import Role

    return change(
        args,
        f"Role {args.role} of {args.person}",
        lambda acting: change_role(acting, args.person, Role(args.role), holds=args.holds),
    )


def _issue(args: argparse.Namespace) -> int:
    from app.hub import badges

    number = args.number or _ask()
    with office(args) as hub:
        with hub.rehearse() as acting:  # so that the quarter second of the slot is outside the transaction
            blank = badges.BadgeOffice(hub.home.keys.badge, lambda _number: badges.BLANK)
            badges.issue(acting, blank, person=args.person, badge=number)
        desk = badges.office(hub.home.keys, hub.home.site_salt)
        slot = desk.seal(number)
        ready = badges.BadgeOffice(hub.home.keys.badge, lambda _number: slot)
        with hub.change() as acting:
            outcome = badges.issue(acting, ready, person=args.person, badge=number)
        print(f"Badge …{badges.tail(number)} of {args.person}: {outcome.value}.")
    return 0


def _issue_card(args: argparse.Namespace) -> int:
    from app.hub.cards import issue_card, read_card
    from app.model.errors import Refused

    try:
        pem = args.certificate.read_bytes()
    except OSError as error:
        raise Refused(f"{args.certificate} cannot be read: {error.strerror}.") from error
    card = read_card(pem)
    with office(args) as hub:
        with hub.change() as acting:
            outcome = issue_card(acting, hub.home.keys, hub.home.site_salt, person=args.person, card=card)
        named = f"{clean(card.holder)}, issued by {clean(card.issuer)}, until {card.until:%Y-%m-%d}"
        print(f"Card of {args.person} ({named}): {outcome.value}.")
    return 0


def _pin_code(args: argparse.Namespace) -> int:
    from app.hub.pins import new_code

    with office(args) as hub:
        with hub.change() as acting:
            code, expires = new_code(acting, hub.home.keys.badge, args.person)
        print(f"""PIN code of {args.person}: {code[:4]} {code[4:]} (works once, until {shown_time(expires)}).

Give it to {args.person} only. At a kiosk of the line, while it is online: touch “Set PIN”, tap the badge,
enter the code, then the new PIN twice. Five wrong codes end it.""")
    return 0


def _ask() -> str:
    import getpass

    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    return getpass.getpass("Tap or type the badge (not shown): ").strip()


def _revoke(args: argparse.Namespace) -> int:
    from app.hub.badges import revoke

    return change(args, f"Badge of {args.person}", lambda acting: revoke(acting, args.person))


def _change_audits(args: argparse.Namespace) -> int:
    from app.hub.auditors import set_audits

    return change(
        args,
        f"Auditor {args.person}, client {args.client}",
        lambda acting: set_audits(acting, person=args.person, client=args.client, audits=args.audits),
    )


def _list_auditors(args: argparse.Namespace) -> int:
    from sqlalchemy import select

    from app.hub.schema_audit import AuditedClient

    with office(args) as hub, hub.read() as session:
        rows = session.execute(
            select(AuditedClient.person, AuditedClient.client).order_by(
                AuditedClient.person, AuditedClient.client
            )
        ).all()
        table(("AUDITOR", "CLIENT"), rows, nothing="No auditor looks after a client yet.")
    return 0
