"""The devices of the demo plant as exploded views. Each scene fills a rectangle; sizes are millimetres."""

from __future__ import annotations

from typing import TYPE_CHECKING

from press.sheet import INK
from press.solid import Part, Prism, View, disc, rounded, screw, spring

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from press.sheet import Colour, Sheet

SHELL: Colour = (0.88, 0.91, 0.94)
DARK: Colour = (0.30, 0.33, 0.37)
BOARD: Colour = (0.20, 0.50, 0.36)
METAL: Colour = (0.78, 0.79, 0.81)
GOLD: Colour = (0.86, 0.73, 0.40)
CELL: Colour = (0.83, 0.83, 0.90)
FOAM: Colour = (0.96, 0.86, 0.55)
GLASS: Colour = (0.70, 0.83, 0.90)
BLUE: Colour = (0.38, 0.58, 0.82)
CORNERS = [(21.0, 14.0), (-21.0, 14.0), (21.0, -14.0), (-21.0, -14.0)]


def bottom(lift: float = 0, item: str = "1") -> Part:
    """The pump's lower housing with its bosses."""
    tray = Prism(rounded(52, 38, 9), 0, 6, SHELL, [rounded(46, 32, 6)])
    bosses = [
        Prism(disc(2.6, at, 24), 2, 7, SHELL, [disc(1.2, at, 16)])
        for at in sorted(CORNERS, key=lambda c: -c[1])
    ]
    return Part([tray, *bosses], lift, item, [])


def cell(lift: float, item: str = "2") -> Part:
    """The lithium cell with its tabs."""
    body = Prism(rounded(24, 18, 2, (-6, 0)), 0, 5, CELL)
    tabs = [Prism(rounded(5, 3, 0.6, (8.5, y)), 2, 2.6, METAL) for y in (5.0, -5.0)]
    return Part([body, *tabs], lift, item, [(-6, 0)])


def pad(lift: float, item: str = "3") -> Part:
    """The adhesive foam pad."""
    return Part([Prism(rounded(20, 14, 1.5, (-6, 0)), 0, 0.8, FOAM)], lift, item, [(-6, 0)])


def board(lift: float, item: str = "4") -> Part:
    """The main board with its larger components."""
    plate = Prism(
        rounded(44, 29, 4), 0, 1.6, BOARD, [disc(1.4, at, 16) for at in [(19.0, 11.5), (-19.0, -11.5)]]
    )
    chips = [
        Prism(rounded(9, 9, 0.4, (4, 5)), 1.6, 2.9, DARK),
        Prism(rounded(6, 5, 0.3, (-10, 8)), 1.6, 2.6, DARK),
        Prism(rounded(12, 4, 0.3, (-9, -8)), 1.6, 4.2, (0.92, 0.92, 0.88), [rounded(10, 2.4, 0.2, (-9, -8))]),
        Prism(rounded(5, 7, 0.4, (14, -7)), 1.6, 3.0, METAL),
        Prism(disc(2.4, (5, -8), 24), 1.6, 5.6, METAL),
    ]
    return Part([plate, *sorted(chips, key=lambda c: -_deep(c))], lift, item, [])


def _deep(prism: Prism) -> float:
    return sum(x * 0.62 + y * 0.79 for x, y in prism.outline) / len(prism.outline)


def pump(lift: float, item: str = "5") -> Part:
    """The pump module: motor, gear case and reservoir seat."""
    base = Prism(rounded(40, 24, 3), 0, 2, BLUE)
    motor = Prism(disc(7, (-11, 2), 40), 2, 10, METAL, [disc(1.6, (-11, 2), 20)])
    gears = Prism(rounded(13, 16, 2, (5, 1)), 2, 7, DARK, [disc(3.6, (5, 3), 24), disc(2.0, (5, -4), 18)])
    seat = Prism(rounded(6, 20, 1.5, (16, 0)), 2, 6, GLASS, [rounded(3, 15, 1, (16, 0))])
    return Part([base, seat, motor, gears], lift, item, [(0.0, 0.0)])


def top(lift: float, item: str = "6") -> Part:
    """The upper housing with button and window."""
    lid = Prism(rounded(52, 38, 9), 0, 8, SHELL, [rounded(16, 8, 3, (9, 4))])
    button = Prism(disc(4.4, (-13, -3), 30), 8, 9.4, BLUE)
    return Part([lid, button], lift, item, [])


def pump_exploded(sheet: Sheet, rect: Sequence[float]) -> None:
    """Everything that makes an Aria 2."""
    parts = [bottom(), cell(19, "2"), pad(14, "3"), board(34), pump(49), top(70)]
    parts[1].lift, parts[2].lift = 22, 15
    parts += [
        screw(at, 92, item="7" if at == CORNERS[2] else "") for at in sorted(CORNERS, key=lambda c: -c[1])
    ]
    _draw(sheet, rect, parts, height=132)


def housing_inserts(sheet: Sheet, rect: Sequence[float]) -> None:
    """Threaded inserts above the lower housing."""
    brass = [
        Part(
            [Prism(disc(2.3, at, 24), 0, 4, GOLD, [disc(1.1, at, 16)])],
            20,
            "8" if at == CORNERS[2] else "",
            [at],
        )
        for at in sorted(CORNERS, key=lambda c: -c[1])
    ]
    seal = Part([Prism(rounded(49, 35, 8), 0, 1.0, DARK, [rounded(46, 32, 6.5)])], 38, "9", [])
    _draw(sheet, rect, [bottom(), *brass, seal], height=78)


def board_placement(sheet: Sheet, rect: Sequence[float]) -> None:
    """The main board over the lower housing, with its two screws."""
    screws = [screw((19, 11.5), 42, length=6), screw((-19, -11.5), 42, length=6, item="10")]
    _draw(sheet, rect, [bottom(), board(22), *screws], height=82)


def pump_module(sheet: Sheet, rect: Sequence[float]) -> None:
    """The pump module over the board, with the preload spring."""
    view = _draw(sheet, rect, [bottom(), board(18), pump(40)], height=88)
    for x in (-15.0, 15.0):
        sheet.polygon(spring(view, (x, 8), 27, 39, 2.0), closed=False, line=INK, width=0.8)


def battery(sheet: Sheet, rect: Sequence[float]) -> None:
    """The cell, its pad and the lower housing."""
    _draw(sheet, rect, [bottom(), pad(16), cell(28)], height=70)


def battery_seated(sheet: Sheet, rect: Sequence[float]) -> None:
    """The cell in its place, board above."""
    _draw(sheet, rect, [bottom(), cell(5), board(27)], height=70)


def closing(sheet: Sheet, rect: Sequence[float]) -> None:
    """The upper housing and its four screws."""
    screws = [
        screw(at, 46, item="7" if at == CORNERS[2] else "") for at in sorted(CORNERS, key=lambda c: -c[1])
    ]
    _draw(sheet, rect, [bottom(), top(20), *screws], height=92)


# -- the reader -------------------------------------------------------------------------------------------


def reader_exploded(sheet: Sheet, rect: Sequence[float]) -> None:
    """Everything that makes a Lumo reader."""
    back = Part([Prism(rounded(30, 54, 8), 0, 5, DARK, [rounded(25, 48, 6)])], 0, "1", [])
    coin = Part([Prism(disc(9, (0, -12), 40), 0, 2.6, METAL, [disc(6, (0, -12), 36)])], 12, "2", [(0, -12)])
    plate = Prism(rounded(25, 47, 4), 0, 1.2, BOARD)
    port = Prism(rounded(10, 6, 0.6, (0, 19)), 1.2, 4, METAL)
    chip = Prism(rounded(7, 7, 0.3, (-4, 5)), 1.2, 2.2, DARK)
    main = Part([plate, port, chip], 22, "3", [])
    glass = Part(
        [Prism(rounded(20, 26, 1.5, (0, 6)), 0, 1.6, GLASS, [rounded(17, 21, 0.5, (0, 6))])],
        36,
        "4",
        [(0, 6)],
    )
    front = Part(
        [
            Prism(rounded(30, 54, 8), 0, 4, SHELL, [rounded(18, 23, 2, (0, 6))]),
            *[Prism(disc(2.4, (x, -16), 24), 4, 5, BLUE) for x in (-6.0, 6.0)],
        ],
        48,
        "5",
        [],
    )
    screws = [screw(at, 66, length=7, item="6" if at[0] > 0 else "") for at in [(-9.0, 22.0), (9.0, -22.0)]]
    _draw(sheet, rect, [back, coin, main, glass, front, *screws], height=104)


def reader_display(sheet: Sheet, rect: Sequence[float]) -> None:
    """The display over the board."""
    plate = Part(
        [
            Prism(rounded(25, 47, 4), 0, 1.2, BOARD),
            Prism(rounded(14, 2.4, 0.3, (0, -10)), 1.2, 3, (0.92, 0.92, 0.88)),
        ],
        0,
        "3",
        [],
    )
    flex = Part([Prism(rounded(10, 9, 0.3, (0, -9)), 0, 0.3, GOLD)], 13, "7", [(0, -9)])
    glass = Part(
        [Prism(rounded(20, 26, 1.5, (0, 6)), 0, 1.6, GLASS, [rounded(17, 21, 0.5, (0, 6))])],
        20,
        "4",
        [(0, 6)],
    )
    _draw(sheet, rect, [plate, flex, glass], height=62)


def reader_closing(sheet: Sheet, rect: Sequence[float]) -> None:
    """The two shells of the reader."""
    back = Part([Prism(rounded(30, 54, 8), 0, 5, DARK, [rounded(25, 48, 6)])], 0, "1", [])
    front = Part([Prism(rounded(30, 54, 8), 0, 4, SHELL, [rounded(18, 23, 2, (0, 6))])], 20, "5", [])
    screws = [screw(at, 42, length=7, item="6" if at[0] > 0 else "") for at in [(-9.0, 22.0), (9.0, -22.0)]]
    _draw(sheet, rect, [back, front, *screws], height=84)


def vial(sheet: Sheet, rect: Sequence[float]) -> None:
    """The strip vial with desiccant, strips and cap."""
    body = Part([Prism(disc(13, parts=60), 0, 34, SHELL, [disc(11, parts=60)])], 0, "1", [])
    dry = Part([Prism(disc(10.4), 0, 4, (0.95, 0.95, 0.90), [disc(6, parts=30)])], 42, "2", [])
    strips = Part(
        [
            Prism(rounded(1.0, 9, 0.2, (x - 6.0, 0)), 0, 24, GLASS if x % 2 else (0.95, 0.95, 0.97))
            for x in range(0, 13, 2)
        ],
        54,
        "3",
        [],
    )
    cap = Part(
        [Prism(disc(13.4, parts=60), 0, 7, BLUE), Prism(rounded(6, 4, 1.5, (10, -7)), 1, 4, BLUE)],
        88,
        "4",
        [],
    )
    _draw(sheet, rect, [body, dry, strips, cap], height=112)


def _draw(sheet: Sheet, rect: Sequence[float], parts: list[Part], *, height: float) -> View:
    x0, y0, x1, y1 = rect
    scale = min((x1 - x0 - 40) / 74, (y1 - y0) / (height + 6))
    view = View(sheet, ((x0 + x1) / 2 - 10, y1 - 24 * scale), scale)
    view.draw(parts)
    view.balloons(parts, min(x1 - 12, (x0 + x1) / 2 + 42 * scale))
    return view


SCENES: dict[str, Callable[[Sheet, Sequence[float]], object]] = {
    "pump-exploded": pump_exploded,
    "housing-inserts": housing_inserts,
    "board-placement": board_placement,
    "pump-module": pump_module,
    "battery": battery,
    "battery-seated": battery_seated,
    "closing": closing,
    "reader-exploded": reader_exploded,
    "reader-display": reader_display,
    "reader-closing": reader_closing,
    "vial": vial,
}
"""Scene to its drawing."""
