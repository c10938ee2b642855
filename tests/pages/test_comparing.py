"""Two published revisions compared in the sandboxed worker: a real case, moved pages, bad ones, no time."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest

from app.pages.compare import WHOLE, aligned
from app.pages.comparing import CompareLimits, PageChange, Revision, compare_revisions
from app.pages.splitting import split_document
from app.seal.encoding import sha256

OPEN = Path(__file__).parents[3] / "shared" / "data" / "open"
BEFORE, AFTER = (OPEN / f"opr-maker-guide_{day}.pdf" for day in ("2025-02-28", "2025-05-30"))


def revision(*pages: bytes) -> Revision:
    return Revision([sha256(page) for page in pages], lambda index: pages[index])


def sheet(*lines: str) -> bytes:
    with pymupdf.open() as document:
        page = document.new_page(width=595, height=842)
        for number, text in enumerate(lines):
            page.insert_text((60, 100 + 40 * number), text, fontsize=14)
        return bytes(document.tobytes(no_new_id=True))


STEPS = tuple(
    sheet(f"Step {word}", f"Take the {word} from the tray and put it {place}", f"Torque {n} cNm")
    for n, (word, place) in enumerate(
        (("carrier", "down"), ("flex", "left"), ("plug", "up"), ("pad", "on top"))
    )
)


def found(changes: tuple[PageChange, ...]) -> list[tuple[int | None, int | None]]:
    return [(change.old, change.new) for change in changes]


@pytest.mark.skipif(not BEFORE.is_file(), reason="the folder of openly licensed manuals is not here")
def test_of_two_published_revisions_with_one_printed_stamp_the_changed_pages_are_found(
    tmp_path: Path,
) -> None:
    """Of the whole files pages 1 to 4 and 28; here four of them, because publishing takes a second a page."""

    def published(path: Path) -> Revision:
        pages: list[bytes] = []
        with pymupdf.open(path) as document:
            document.select([2, 4, 26, 27])
            document.save(tmp_path / path.name)
        split_document(tmp_path / path.name, take=lambda page: pages.append(page.data))
        return revision(*pages)

    changes = compare_revisions(published(BEFORE), published(AFTER))
    assert found(changes) == [(0, 0), (3, 3)]
    for change in changes:
        assert change.compared
        assert change.changed.come not in {(), (WHOLE,)}


def test_a_changed_word_is_marked_where_it_is_on_both_pages() -> None:
    new = sheet("Step flex", "Take the flex from the tray and put it right", "Torque 1 cNm")
    (change,) = compare_revisions(revision(*STEPS), revision(STEPS[0], new, *STEPS[2:]))
    assert (change.old, change.new) == (1, 1)
    for region in (*change.changed.gone, *change.changed.come):
        assert region.left < 0.75
        assert region.top < 140 / 842 < region.bottom + 0.01
        assert region.bottom - region.top < 0.06


def test_pages_that_were_added_or_are_gone_do_not_shift_the_others() -> None:
    added = sheet("Step clean", "Wipe the contacts with isopropyl alcohol and let it dry")
    changes = compare_revisions(revision(*STEPS), revision(STEPS[0], added, *STEPS[1:3]))
    assert found(changes) == [(None, 1), (3, None)]
    assert aligned([["a"], ["b", "c"]], [["x"], ["a"], ["b", "d"]]) == [(None, 0), (0, 1), (1, 2)]


def test_the_same_pages_have_not_changed() -> None:
    assert compare_revisions(revision(*STEPS), revision(*STEPS)) == ()


def test_a_page_that_cannot_be_compared_has_changed_as_a_whole() -> None:
    (change,) = compare_revisions(revision(*STEPS), revision(*STEPS[:3], b"%PDF-1.7 no page"))
    assert (change.new, change.compared, change.changed.come) == (3, False, (WHOLE,))


def test_without_time_everything_that_differs_counts_as_changed() -> None:
    new = revision(*(page + b"\n" for page in STEPS))
    changes = compare_revisions(revision(*STEPS), new, CompareLimits(total_seconds=0.0))
    assert found(changes) == [(n, n) for n in range(4)]
    assert not any(change.compared for change in changes)
