"""``stationleaf admin publish|document``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.admin_base import Progress, change, clean, command, office, shown_time, table, time_of, verbs
from app.cli.admin_plant import CLASSES
from app.model.errors import Refused, Unavailable

if TYPE_CHECKING:
    import argparse

    from app.cli.admin_base import Nouns, Office
    from app.hub.clips import Clip
    from app.hub.publish import Published
    from app.pages.maps import MapRow
    from app.pages.steps import StepRow

MORE = """The map says which station needs which pages: CSV first_page,last_page,station_code,station_name.
ALL means every station that runs the part. A page in no row is left out. Without --map, a map is proposed
from the PDF's bookmarks: check it, then publish with --map or --accept-proposal. The same file twice is one
revision.

With --steps, workers confirm the steps that the list names: CSV page,step,title,sign, in the order of the
work; step is the number as printed, sign is yes where a confirmation is an electronic signature.

With --clips, pages have clips that play in their place: CSV page,file,left,top,right,bottom, with files (MP4
or WebM, 60 s at most) as seen from the list, and the place in shares of the page; the last four may be left
out. Only the pictures are published: sound, titles and everything else in the file stay behind.

"""


def build(nouns: Nouns) -> None:
    """Add the commands."""
    publish = command(
        nouns, "publish", "publish a PDF as a revision of sealed single pages", _publish, changes=True,
        more=MORE,
        example="publish WI-100.pdf --map stations.csv --client C1 --part P-1 \\\n"
        "      --document WI-100 --revision A --title 'Battery attach'",
    )  # fmt: skip
    publish.add_argument("pdf", type=Path, metavar="PDF")
    publish.add_argument("--map", type=Path, default=None, metavar="CSV", help="the page map")
    publish.add_argument("--accept-proposal", action="store_true", help="use the map proposed from bookmarks")
    publish.add_argument(
        "--write-map", type=Path, default=None, metavar="CSV", help="write the proposal there"
    )
    publish.add_argument("--steps", type=Path, default=None, metavar="CSV", help="the step list")
    publish.add_argument(
        "--write-steps",
        type=Path,
        default=None,
        metavar="CSV",
        help="propose a step list from numbered headings, write it there, and publish nothing",
    )
    publish.add_argument("--clips", type=Path, default=None, metavar="CSV", help="the list of clips")
    publish.add_argument("--client", required=True, metavar="CODE")
    publish.add_argument("--part", required=True, metavar="CODE")
    publish.add_argument("--document", required=True, metavar="CODE")
    publish.add_argument("--revision", required=True, metavar="LABEL")
    publish.add_argument("--title", default="", metavar="TEXT", help="(the PDF's own)")
    publish.add_argument(
        "--class", dest="classification", default="standard", choices=CLASSES, help="(standard)"
    )
    publish.add_argument("--language", default="", metavar="CODE", help="en, es, zh-Hans …")
    publish.add_argument(
        "--translates", default="", metavar="DOCUMENT",
        help="a translation: shown in place of that document's revision of the same label to whoever's "
        "profile says --language",
    )  # fmt: skip
    publish.add_argument("--training", action="store_true", help="only for people trained on this revision")
    publish.add_argument(
        "--effective", type=time_of, default=None, metavar="TIME", help="when it begins (now)"
    )
    publish.add_argument("--hold", action="store_true", help="approved, but not effective until released")
    publish.add_argument("--add-stations", default="", metavar="LINE",
                         help="make stations of the map that do not exist, on this line")  # fmt: skip
    more = verbs(nouns, "document", "published documents and their revisions", example="document list")
    listing = command(more, "list", "list the revisions", _list, example="document list --client C1")
    for name in ("document", "client", "part"):
        listing.add_argument(f"--{name}", default="", metavar="CODE")
    release = command(more, "release", "make a revision effective; the one before it ends", _release,
                      example="document release WI-100 B", changes=True)  # fmt: skip
    release.add_argument("document", metavar="DOCUMENT")
    release.add_argument("revision", metavar="REVISION")
    release.add_argument("--from", dest="start", type=time_of, default=None, metavar="TIME", help="(now)")
    recall = command(more, "recall", "take a revision away everywhere, for good", _recall,
                     example='document recall WI-100 B --reason "torque wrong"', changes=True)  # fmt: skip
    recall.add_argument("document", metavar="DOCUMENT")
    recall.add_argument("revision", metavar="REVISION")


def _publish(args: argparse.Namespace) -> int:
    from app.hub.publish import Wanted, publish
    from app.model.terms import Classification

    with office(args) as hub:
        rows = _map(args, hub)
        progress = Progress()
        wanted = Wanted(
            pdf=args.pdf, rows=rows, client=args.client, part=args.part, document=args.document,
            revision=args.revision, title=args.title, language=args.language,
            translates=args.translates,
            training_required=args.training,
            classification=Classification.parse(args.classification), release=not args.hold,
            start=args.effective, add_stations=args.add_stations, steps=_steps(args),
            clips=_clips(args),
        )  # fmt: skip
        try:
            done = publish(
                wanted, folder=hub.home.path, wrap=hub.home.keys.wrap, begin=hub.change,
                rehearse=hub.rehearse, on_progress=progress,
            )  # fmt: skip
        finally:
            progress.end()
    _say(done, args)
    return 0


def _map(args: argparse.Namespace, hub: Office) -> tuple[MapRow, ...]:
    from app.hub.plant import stations
    from app.pages.maps import propose_map, read_map, write_map

    if args.map is not None:
        return read_map(_text(args.map, "page map", "bad_map"))
    with hub.read() as session:
        known = {row.code: row.name for row in stations(session) if not row.parts or args.part in row.parts}
    rows = propose_map(args.pdf, stations={} if args.add_stations else known)
    text = write_map(rows)
    if args.accept_proposal:
        print(f"Page map, from the bookmarks:\n{text}", file=sys.stderr)
        return read_map(text)  # a bookmark that names no station is refused here
    print(text, end="")
    where = args.write_map or Path("MAP.csv")
    if args.write_map is not None:
        _write_new(args.write_map, text)
    raise Refused(
        "Nothing was published: this page map is a proposal from the PDF's bookmarks.",
        advice=f"Check it, then publish with --map {where} or with --accept-proposal.",
        code="confirm_map",
    )


def _steps(args: argparse.Namespace) -> tuple[StepRow, ...]:
    from app.pages.steps import propose_steps, read_steps, write_steps

    if args.write_steps is not None:
        text = write_steps(propose_steps(args.pdf))
        print(text, end="")
        _write_new(args.write_steps, text)
        raise Refused(
            "Nothing was published: this step list is a proposal from the PDF's numbered headings.",
            advice=f"Check it, then publish with --steps {args.write_steps}.",
            code="confirm_steps",
        )
    return read_steps(_text(args.steps, "step list", "bad_steps")) if args.steps is not None else ()


def _clips(args: argparse.Namespace) -> tuple[Clip, ...]:
    from app.hub.clips import found_in
    from app.pages.clip_list import read_clips

    if args.clips is None:
        return ()
    return found_in(args.clips.parent, read_clips(_text(args.clips, "list of clips", "bad_clips")))


def _write_new(path: Path, text: str) -> None:
    """Write a proposal.

    Raises:
        Unavailable: it cannot be written, or the file is there already.
    """
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise Unavailable(
            f"The proposal cannot be written to {path}: {error.strerror}.",
            advice="Name a file that does not exist yet.",
        ) from None


def _text(path: Path, noun: str, code: str) -> str:
    """What a CSV file says.

    Raises:
        Refused: it is not UTF-8 (``code``).
        Unavailable: it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(
            f"The {noun} {path.name} is not UTF-8.", advice="Save it as CSV UTF-8.", code=code
        ) from None
    except OSError as error:
        raise Unavailable(
            f"The {noun} {path} cannot be read: {error.strerror}.", advice="Check the path."
        ) from None


def _say(done: Published, args: argparse.Namespace) -> None:
    if not done.new:
        print(f"{done.key} was published before from the same file: {done.pages} pages, {done.status}.")
        return
    changed = [page for page in done.told if page.form != "as drawn" or page.remark]
    rows = [
        (page.number, page.form, f"{page.original_cost_ms:.0f} ms", f"{page.cost_ms:.0f} ms", page.remark)
        for page in changed
    ]
    costs = sorted(page.cost_ms for page in done.told)
    clips = "1 clip" if done.clips == 1 else f"{done.clips} clips" if done.clips else ""
    more = " and ".join(filter(None, (f"{done.steps} steps" if done.steps else "", clips)))
    beside = f" with {more}" if more else ""
    print(f"{done.key} published: {done.pages} pages{beside}, {done.status}.")
    if costs:
        print(f"Rendering at 4K: median {costs[len(costs) // 2]:.0f} ms, slowest {costs[-1]:.0f} ms a page.")
    if rows:
        table(("PAGE", "FORM", "AS DRAWN", "NOW", "REMARK"), rows, nothing="")
    if done.superseded:
        print(f"Superseded: revision {', '.join(done.superseded)} of {args.document}.")
    if done.former:
        _say_changes(done)
    if done.stations_added:
        print(f"Stations made on line {args.add_stations}: {', '.join(done.stations_added)}.")
    if done.left_out:
        print(f"Left out, because no row of the map holds them: page {_spans(done.left_out)}.")
    for warning in done.warnings:
        print(f"Note: {clean(warning)}.")


def _say_changes(done: Published) -> None:
    if not done.changes:
        print(f"Compared with revision {done.former}: no page changed.")
        return
    print(f"Compared with revision {done.former}: {len(done.changes)} pages changed; workers read it once.")
    rows = [(c.page or "", c.former or "", c.words) for c in done.changes]
    table(("PAGE", "BEFORE", "WHAT CHANGED"), rows, nothing="")


def _spans(numbers: list[int]) -> str:
    spans: list[list[int]] = []
    for number in sorted(numbers):
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)


def _list(args: argparse.Namespace) -> int:
    from app.hub.documents import revisions

    with office(args) as hub, hub.read() as session:
        found = revisions(session, hub.now(), document=args.document, client=args.client, part=args.part)
        rows = [
            (r.document, r.revision, r.title, r.client, r.part, r.classification, r.status, r.pages,
             shown_time(r.effective_from), shown_time(r.effective_until), r.by)
            for r in found
        ]  # fmt: skip
        header = (
            "DOCUMENT",
            "REV",
            "TITLE",
            "CLIENT",
            "PART",
            "CLASS",
            "STATUS",
            "PAGES",
            "FROM",
            "UNTIL",
            "BY",
        )
        table(header, rows, nothing="No documents.")
    return 0


def _release(args: argparse.Namespace) -> int:
    from app.hub.documents import release

    return change(
        args,
        f"{args.document} revision {args.revision}",
        lambda acting: release(acting, args.document, args.revision, args.start),
    )


def _recall(args: argparse.Namespace) -> int:
    from app.hub.documents import recall

    return change(
        args,
        f"{args.document} revision {args.revision}",
        lambda acting: recall(acting, args.document, args.revision),
    )
