"""``stationleaf admin revoke|restore|receipts``: what is taken back, and who confirmed the purge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli.admin_base import command, office, shown_time, table, verbs, write_csv
from app.model.errors import Refused

if TYPE_CHECKING:
    import argparse

    from app.cli.admin_base import Nouns
    from app.hub.receipts import At, Revoked

KINDS = {
    "person": ("PERSON", "a person", "OP-7"),
    "badge": ("PERSON", "a person's badge", "OP-7"),
    "kiosk": ("KIOSK", "a kiosk", "K-1"),
    "station": ("STATION", "every page at a station", "ST-040"),
    "line": ("LINE", "every page at a line's stations", "L1"),
    "revision": ("DOCUMENT/REVISION", "a revision, everywhere", "WI-100/B"),
    "client": ("CLIENT", "every page of a client, everywhere", "C1"),
}
UNDONE = {
    "person": "let a person work again, with the badge and the assignments from before",
    "badge": "let a revoked badge work again",
    "kiosk": "let a blocked kiosk work again, with the device that it has",
    "station": "let pages be read at a station again",
    "line": "let pages be read at a line again",
    "revision": "take a recall back that was a slip",
    "client": "let a client's pages be read again",
}
COLUMNS = (
    "revoked", "kind", "code", "by", "reason", "lifted", "kiosk", "epoch", "pages", "until", "seen",
    "outcome", "keys_gone", "bytes_gone", "events",
)  # fmt: skip


def build(nouns: Nouns) -> None:
    """Add the commands."""
    revoke = verbs(
        nouns, "revoke", "take something back everywhere: at a kiosk's next contact, at the latest at its "
        "lease's end", example='revoke kiosk K-1 --lost --reason "stolen"',
    )  # fmt: skip
    restore = verbs(nouns, "restore", "undo a revocation",
                    example='restore person OP-7 --reason "wrong person"')  # fmt: skip
    for kind, (metavar, purpose, code) in KINDS.items():
        one = command(revoke, kind, f"revoke {purpose}", _revoke, changes=True,
                      example=f'revoke {kind} {code} --reason "WHY"')  # fmt: skip
        one.add_argument("code", metavar=metavar)
        one.set_defaults(kind=kind, lost=False)
        if kind == "kiosk":
            one.add_argument("--lost", action="store_true", help="it is lost or stolen")
        undo = command(restore, kind, UNDONE[kind], _restore, changes=True,
                       example=f'restore {kind} {code} --reason "WHY"')  # fmt: skip
        undo.add_argument("code", metavar=metavar)
        undo.set_defaults(kind=kind)
    told = command(
        nouns, "receipts", "show who still holds what was revoked, until when, and who confirmed the purge",
        _receipts, example="receipts --client C1",
        more="A confirmed line rests on events that the kiosk's device signed; they are checked each time.\n"
        "EVENTS names them (epoch.number): stationleaf admin events --kind purged shows them.\n\n",
    )  # fmt: skip
    for name in ("kiosk", "client", "person", "station", "line"):
        told.add_argument(f"--{name}", default="", metavar="CODE")
    told.add_argument("--revision", default="", metavar="DOCUMENT/REVISION")
    told.add_argument("--all", action="store_true", help="also what was restored")
    told.add_argument("--csv", action="store_true", help="CSV on standard output")


def _revoke(args: argparse.Namespace) -> int:
    from app.hub.lockdown import revoke
    from app.hub.receipts import Wanted, receipts
    from app.hub.revocations import Kind

    kind = Kind(args.kind)
    with office(args) as hub:
        with hub.change() as acting:
            outcome = revoke(acting, kind, args.code, lost=args.lost)
        print(
            f"{_named(kind, args.code)}: {'revoked' if outcome.value == 'changed' else 'is revoked already'}."
        )
        with hub.read() as session:
            found = [
                one
                for one in receipts(session, Wanted(), hub.now())
                if (one.kind, one.code) == (kind, args.code)
            ]
        for one in found[-1:]:
            print(_summary(one))
    return 0


def _restore(args: argparse.Namespace) -> int:
    from app.hub.lockdown import restore
    from app.hub.revocations import Kind

    kind = Kind(args.kind)
    with office(args) as hub:
        with hub.change() as acting:
            outcome = restore(acting, kind, args.code)
        print(
            f"{_named(kind, args.code)}: {'restored' if outcome.value == 'changed' else 'was not revoked'}."
        )
    return 0


def _receipts(args: argparse.Namespace) -> int:
    from app.hub.receipts import Wanted, receipts

    if args.revision and "/" not in args.revision:
        raise Refused(
            f"{args.revision!r} is not a revision.", advice="Write DOCUMENT/REVISION.", code="bad_code"
        )
    wanted = Wanted(args.kiosk, args.revision, args.client, args.person, args.station, args.line, args.all)
    with office(args) as hub, hub.read() as session:
        found = receipts(session, wanted, hub.now())
    if args.csv:
        write_csv(COLUMNS, (_cells(one, at) for one in found for at in one.holders or (None,)))
        return 0
    if not found:
        print("Nothing is revoked." if wanted == Wanted() else "Nothing of this is revoked.")
    for one in found:
        undone = f"; restored {shown_time(one.lifted)}" if one.lifted is not None else ""
        print(f"{_named(one.kind, one.code)}: revoked {shown_time(one.at)} by {one.by}{undone}: {one.reason}")
        print(f"  {_summary(one)}")
        rows = [
            (f"  {at.kiosk}", at.pages, shown_time(at.until), shown_time(at.seen) or "never",
             at.standing.outcome.value, shown_time(at.standing.keys_gone),
             shown_time(at.standing.bytes_gone), _events(at))
            for at in one.holders
        ]  # fmt: skip
        if rows:
            header = (
                "  KIOSK",
                "PAGES",
                "AT THE LATEST",
                "SEEN",
                "STATE",
                "KEYS GONE",
                "BYTES GONE",
                "EVENTS",
            )
            table(header, rows, nothing="")
    return 0


def _named(kind: str, code: str) -> str:
    return f"{kind.capitalize()} {code}"


def _summary(one: Revoked) -> str:
    from app.hub.receipts import SETTLED

    if not one.holders:
        return "No kiosk held it."
    done = sum(at.standing.outcome in SETTLED for at in one.holders)
    count = len(one.holders)
    said = f"{count} kiosk{'' if count == 1 else 's'} could hold it; {done} confirmed."
    if one.latest is not None and one.lifted is None:
        said += f" No lease of it runs after {shown_time(one.latest)}."
    return said


def _events(at: At) -> str:
    return " ".join(f"{epoch}.{number}" for epoch, number in at.standing.events)


def _cells(one: Revoked, at: At | None) -> list[object]:
    row: list[object] = [
        shown_time(one.at), one.kind.value, one.code, one.by, one.reason, shown_time(one.lifted),
    ]  # fmt: skip
    if at is None:
        return row + [""] * (len(COLUMNS) - len(row))
    stands = at.standing
    return [
        *row, at.kiosk, at.epoch, at.pages, shown_time(at.until), shown_time(at.seen), stands.outcome.value,
        stands.keys_gone.isoformat() if stands.keys_gone else "",
        stands.bytes_gone.isoformat() if stands.bytes_gone else "", _events(at),
    ]  # fmt: skip
