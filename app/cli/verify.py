"""``stationleaf verify``: check an evidence bundle with nothing but the bundle and the hub's public key."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.files import opened, read_file
from app.cli.keys import read_key_word
from app.model.errors import Refused

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from app.wire.evidence_check import Proven

FEW_SIZES = 3
"""So many states of the log that kiosks cosigned are told one by one, the newest."""

FEW_KIOSKS = 10
"""So many kiosks that cosigned nothing are named."""

EXAMPLE = """The key is the log's verifier key (stationleaf admin log list), as text or in a file. Get it from
the plant by another way than the bundle. Exit codes: 0 it holds and lacks nothing; 1 it is refused, or
events are missing, or an electronic signature does not hold.

examples:
  stationleaf verify C1-march.zip --key C1.vkey
  stationleaf verify C1-april.zip --key C1.vkey --seen C1-march.checkpoint --keep C1-april.checkpoint
  stationleaf verify C1-march.zip --key C1.vkey --people OP-7.key --witness witness.vkey
"""


def build(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = EXAMPLE
    parser.add_argument("bundle", type=Path, metavar="BUNDLE")
    parser.add_argument(
        "--key", required=True, metavar="KEY", help="the log's verifier key, or a file with it"
    )
    parser.add_argument(
        "--witness",
        action="append",
        default=[],
        metavar="KEY",
        help="a witness's verifier key; repeat for more",
    )
    parser.add_argument(
        "--seen", action="append", type=Path, default=[], metavar="FILE", help="a checkpoint kept from before"
    )
    parser.add_argument("--keep", type=Path, metavar="FILE", help="write the checkpoint, for the next time")
    parser.add_argument(
        "--people", type=Path, metavar="FILE", help="the key to the pseudonyms, if it was given"
    )
    parser.add_argument(
        "--all-signatures", action="store_true", help="of every device, however long it takes"
    )
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    from app.cli.admin_base import Progress, clean
    from app.cli.files import write_new
    from app.seal.bundle import Bundle
    from app.seal.cosignature import Witness
    from app.seal.note import NoteKey
    from app.wire.evidence import CHECKPOINT, People, same_log
    from app.wire.evidence_check import With, check

    key = NoteKey.read(read_key_word(args.key))
    known = With(
        public=key.public,
        witnesses=[Witness.read(read_key_word(word)) for word in args.witness],
        seen=[read_file(path, "checkpoint") for path in args.seen],
        people=People.read(read_file(args.people, "key")) if args.people else None,
        every=args.all_signatures,
        path=args.bundle,
    )
    progress = Progress()
    with opened(args.bundle, "bundle") as file:
        try:
            proven = check(file, known, lambda done, total: progress(done, total, "entries"))
        finally:
            progress.end()
        if not same_log(key.name, proven.about.origin):
            raise Refused(
                f"The bundle is about the log {proven.about.origin}; the key is that of {key.name}.",
                code="other_log",
            )
        if args.keep:
            write_new(args.keep, Bundle(file, key.public).read(CHECKPOINT))
    for line in _told(proven, known_witnesses=bool(args.witness)):
        print(clean(line))
    return 1 if proven.gaps or proven.bad_acts else 0


def _told(proven: Proven, *, known_witnesses: bool) -> Iterator[str]:
    about = proven.about
    count = about.last - about.first
    yield f"The bundle holds. It is about client {about.client} ({about.client_name}) at {about.site_name}."
    yield ""
    yield "PROVEN"
    yield "  No byte of this file was changed since the hub sealed it."
    yield (
        f"  Its {count} entries are numbers {about.first} to {about.last - 1} of a log of {about.size}; "
        "none is missing, changed, put in or moved."
    )
    if proven.signatures:
        exact = count - proven.closed
        some = "" if proven.signatures >= exact else f" ({proven.signatures} were checked, chosen at random)"
        yield f"  {exact} entries are as their kiosks' devices signed them{some}."
    if proven.opened:
        yield f"  {proven.opened} entries that name a person were opened, and say what the bundle shows."
    if proven.acts:
        yield f"  {proven.acts} electronic signatures hold, over what their entries say, by the person's key."
    if about.first == 0 and not proven.gaps and not proven.unnumbered:
        yield "  Every kiosk numbered its events of this client, and no number is missing."
    yield from _receipts(proven)
    for size in proven.earlier:
        yield f"  The log continues the checkpoint of {size} entries that was shown before."
    for name, seconds, size in proven.cosigned:
        yield f"  The witness {name} cosigned its first {size} entries on {_when(seconds)}."
    yield from _kiosks(proven)
    yield "  The figures in figures.json are those of the entries, as the bundle shows them."
    yield ""
    yield "NOT PROVEN"
    yield from (f"  {line}" for line in _unproven(proven, known_witnesses=known_witnesses))


def _kiosks(proven: Proven) -> Iterator[str]:
    found = proven.kiosks.by_size
    few = found[:FEW_SIZES]
    rest = sum(count for _, count in found[FEW_SIZES:])
    told = [f"{count} its first {size} entries" for size, count in few]
    if rest:
        told.append(f"{rest} fewer")
    if told:
        yield (
            f"  Kiosks cosigned this log: {', '.join(told)}, the last on {_when(proven.kiosks.latest)}. Each "
            "saw proof that this continues all that it was shown of it before."
        )


def _receipts(proven: Proven) -> Iterator[str]:
    shown = proven.receipts
    if shown.receipts:
        yield (
            f"  {shown.receipts} receipts and reports of kiosks stand in it whole: their devices signed "
            "them, and the log of the client or of the site has them."
        )
    if shown.holders:
        yield (
            f"  Of {shown.holders} kiosks that could hold what was locked down, {shown.proven} signed that "
            "they purged it, at the times in incidents.json."
        )


def _unproven(proven: Proven, *, known_witnesses: bool) -> Iterator[str]:
    about = proven.about
    for gap in proven.gaps:
        yield f"MISSING: {gap.says}"
    for report in proven.receipts.reports:
        yield f"REPORTED: {report}"
    yield from _acts_unproven(proven)
    yield from _views_unproven(proven)
    if proven.closed:
        yield (
            f"What {proven.closed} entries say that name a person: they are sealed in the bundle, and the "
            "plant's word until it gives the key (--people)."
        )
    if proven.unnumbered:
        yield f"{proven.unnumbered} entries have no number of their kiosk: some may be missing."
    if about.first:
        yield f"What the entries 0 to {about.first - 1} say: a bundle without --from shows them."
    if about.last < about.size:
        yield f"What the entries from {about.last} on say: a bundle without --to shows them."
    if about.origin.count("/") > 4:
        yield "What the plant lost when it was restored from a backup: compare with checkpoints from before."
    yield from _cosigning_unproven(proven, known_witnesses=known_witnesses)
    if not proven.earlier:
        yield "That the log was not rewritten before: no checkpoint of an earlier time was compared (--seen)."
    yield "Who stood behind a badge; what no kiosk saw; that a kiosk's clock was right."
    yield "report.html and report.pdf are the plant's words around those figures."
    yield "Agreements, incidents, acts and policies are the plant's word: sealed, so it cannot be taken back."


def _cosigning_unproven(proven: Proven, *, known_witnesses: bool) -> Iterator[str]:
    if not proven.cosigned:
        known = "has cosigned this log" if known_witnesses else "was named (--witness)"
        yield f"That the plant shows everybody the same log: no witness {known}."
    else:
        upto = max(size for *_, size in proven.cosigned)
        if upto < proven.about.last:
            yield f"That the plant shows everybody the same from entry {upto} on: no witness cosigned that."
    if proven.kiosks.sizes:
        yield (
            "That the kiosks which cosigned are real, and when they did: whose the keys in devices.json are, "
            "and what time it is, a kiosk has from the plant."
        )
    silent = proven.silent
    if proven.kiosks.sizes and silent:
        few = ", ".join(silent[:FEW_KIOSKS]) + (", …" if len(silent) > FEW_KIOSKS else "")
        yield f"That all kiosks which showed pages were shown this log: {len(silent)} cosigned none: {few}."
    if not proven.kiosks.sizes:
        yield "That kiosks were shown this log: none cosigned it."


def _views_unproven(proven: Proven) -> Iterator[str]:
    found = proven.views
    if found.bare:
        more = ", …" if found.unexplained > len(found.bare) else ""
        yield (
            f"Why {found.unexplained} of {found.views} views were shown: no assignment or grant that the "
            f"plant states explains entry {', '.join(map(str, found.bare))}{more}."
        )
    elif found.views:
        yield (
            f"That assignments and grants were as acts.json has them: by these, each of the {found.views} "
            "views is explained."
        )
    if found.by_grace:
        yield (
            f"That {found.by_grace} of {found.views} views began in time: each within {found.grace_seconds} "
            "seconds after an assignment or grant, on the page that was in hand at its end."
        )
    if proven.receipts.withheld:
        yield (
            f"{proven.receipts.withheld} receipts name persons or other clients' pages: only their hashes "
            "are here."
        )


def _acts_unproven(proven: Proven) -> Iterator[str]:
    for bad in proven.bad_acts:
        yield f"WRONG: {bad.says}"
    if proven.acts_closed:
        yield f"{proven.acts_closed} electronic signatures: what they sign names the person, and is sealed."
    if proven.acts:
        yield "Whose the keys in signers.json are: that is the plant's word, sealed."


def _when(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"
