"""A small swarm: kiosks of both kinds follow a desk, over the real wire (``packaging/dev swarm``)."""

from __future__ import annotations

from bench.swarm import swarm

KIOSKS, OWN = 5, 3


def test_a_move_and_a_lockdown_reach_every_kiosk() -> None:
    with swarm(KIOSKS, lambda _text: None, OWN) as found:
        found.start()
        assert [found.told[kiosk]["pages"] > 0 for kiosk in found.codes()] == [True] * 4 + [False]
        desk = found.open_desk()
        assert found.move(desk, 0, forth=True) > 0
        assert found.told["K-0"]["pages"] == 0
        assert found.told["K-4"]["here"] == ["W-0"]
        assert found.ready("K-4")
        found.move(desk, 0, forth=False)
        assert found.told["K-0"]["here"] == ["W-0"]
        found.fill()
        assert all(found.told[kiosk]["pages"] > 0 for kiosk in found.codes())
        found.lock_down(desk)
        assert found.purged() == 2 + KIOSKS  # both moves took the pages away from a kiosk, too
        assert all(found.told[kiosk]["pages"] == 0 for kiosk in found.codes())
        desk.close()
