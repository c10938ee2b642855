"""Publishing clips by command: what cannot be used is refused in words, and nothing of it is stored."""

from __future__ import annotations

from tests.hub.test_admin_publish import WHAT
from tests.pages.filming import film


def publish(pdf, page_map, clips, revision="A"):
    return "publish", pdf, "--map", page_map, *WHAT, "--revision", revision, "--clips", clips


def test_a_clip_that_cannot_be_published_stops_it_all(desk, tmp_path, pdf, page_map):
    film(tmp_path / "good.mp4", pictures=3)
    (tmp_path / "bad.mp4").write_bytes((tmp_path / "good.mp4").read_bytes()[:900])
    clips = tmp_path / "clips.csv"
    before = desk.content()
    for row, says in (
        ("2,bad.mp4", "Page 2: the clip bad.mp4 is damaged"),
        ("2,none.mp4", "There is no file"),
        ("9,good.mp4", "has one for page 9, but"),
        ("x,good.mp4", "page “x” is not a page number"),
    ):
        clips.write_text(f"page,file\n{row}\n", encoding="utf-8")
        assert says in desk.refused(*publish(pdf, page_map, clips)).err
        assert desk.content() == before


def test_a_published_revision_keeps_its_clips(desk, tmp_path, pdf, page_map):
    film(tmp_path / "seat.mp4", pictures=3)
    clips = tmp_path / "clips.csv"
    clips.write_text("page,file\n2,seat.mp4\n", encoding="utf-8")
    assert "4 pages with 1 clip" in desk.done(*publish(pdf, page_map, clips), acting="ENG-1")
    sealed = desk.rows("SELECT p.number, c.width, c.left < c.right FROM clip c JOIN page p ON p.id = c.page")
    assert sealed == [(2, 320, 1)]
    film(tmp_path / "seat.mp4", pictures=4)
    assert "with other clips" in desk.refused(*publish(pdf, page_map, clips)).err
    told = desk.done(*publish(pdf, page_map, clips, "B"), acting="ENG-1")
    assert "the clips are not those of revision A: they are not compared" in told
