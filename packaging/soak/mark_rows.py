"""The attacks that the forensic mark is tried by, row by row of the table. How often: ``mark_attacks``.

The parameters of an attack are drawn at random within what the row's name says; a seed gives them again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.mark.keys import Place, tag_of
from soak import screens
from tests import attacks

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from soak.screens import Picture

    Attack = Callable[[Picture, int], Picture]
    Draw = np.random.Generator

INSIDER_VIEWS = 24
"""Screenshots, of as many kiosks, out of which an insider averages what they have in common."""
COLLUDING_KIOSKS = 40
OTHER_VIEWS = 5_000
"""Views on record besides those that were joined."""


@dataclass(frozen=True)
class Trial:
    """A picture to read, and the tokens that it may name; none: it must name nobody.

    ``on_record``: views that are tried where no token is read; those of ``right`` are among them.
    """

    picture: Picture
    right: frozenset[int]
    page: str
    on_record: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Row:
    """A row of the table. ``to_reach``: the share of pictures that name their view, or rightly nobody."""

    name: str
    to_reach: float
    make: Callable[[Draw, int], Trial]


def _attacked(attack: Callable[[Draw], Attack]) -> Callable[[Draw, int], Trial]:
    """One screen, one attack."""

    def make(draw: Draw, trial: int) -> Trial:
        screen, token, page = _screen(draw, trial)
        return Trial(attacks.grey(attack(draw)(screen, _seed(draw))), frozenset((token,)), page)

    return make


def _any(*made: Callable[[Draw], Attack]) -> Callable[[Draw], Attack]:
    return lambda draw: made[int(draw.integers(len(made)))](draw)


def _after(*made: Callable[[Draw], Attack]) -> Callable[[Draw], Attack]:
    return lambda draw: attacks.chain(*(one(draw) for one in made))


def _within(attack: Callable[[float], Attack], least: float, most: float) -> Callable[[Draw], Attack]:
    return lambda draw: attack(float(draw.uniform(least, most)))


def _jpeg(least: int, most: int | None = None) -> Callable[[Draw], Attack]:
    return lambda draw: attacks.jpeg(int(draw.integers(least, (most or least) + 1)))


def _fixed(attack: Attack) -> Callable[[Draw], Attack]:
    return lambda _: attack


def _scaled(draw: Draw, trial: int) -> Trial:
    """The desktop's scaling only changes what the page and its visible mark look like."""
    ratio = (1.25, 1.5)[trial % 2]
    screen, token, page = _screen(draw, trial // 2, ratio=ratio)
    attack = _any(_jpeg(30, 90), _after(_fixed(attacks.crop(0.25)), _jpeg(50)), _within(attacks.phone, 0, 30))
    return Trial(attacks.grey(attack(draw)(screen, _seed(draw))), frozenset((token,)), page)


def _collusion(people: tuple[int, ...]) -> Callable[[Draw, int], Trial]:
    def make(draw: Draw, trial: int) -> Trial:
        count = people[trial % len(people)]
        join = attacks.minimum if trial // len(people) % 2 else attacks.average
        name, paper = screens.paper(trial)
        seen = [
            screens.shown(paper, _seq(draw), kiosk=f"K-{draw.integers(COLLUDING_KIOSKS)}")
            for _ in range(count)
        ]
        picture = attacks.grey(join([screen for screen, _ in seen]))
        right = frozenset(token for _, token in seen)
        return Trial(picture, right, f"{join.__name__} of {count}, {name}", right | _others(draw, right))

    return make


def _others(draw: Draw, right: frozenset[int]) -> frozenset[int]:
    """Views of everybody else: of all kiosks, and those next to each of the people's own."""
    tags = [tag_of(screens.MARK_KEY, f"K-{number}") for number in range(COLLUDING_KIOSKS)]
    far = {Place(tags[int(draw.integers(len(tags)))], 1, _seq(draw)).token for _ in range(OTHER_VIEWS)}
    return frozenset(far | {token + step for token in right for step in range(-20, 21)}) - right


def _without_the_pilot(draw: Draw) -> Attack:
    return attacks.subtracted(screens.common_pattern(INSIDER_VIEWS, draw))


def _forged(draw: Draw, trial: int) -> Trial:
    """A thief of K-13 writes tokens of K-12: layout and everything is right but the key of the check."""
    name, paper = screens.paper(trial)
    screen, _ = screens.shown(paper, _seq(draw), keys=screens.stolen("K-13", pretending="K-12"))
    return Trial(attacks.grey(screen), frozenset(), name)


def _unmarked(draw: Draw, trial: int) -> Trial:
    """Pages without a mark, with another site's, other people's documents, pictures as cameras make them."""
    kinds = (screens.blank, screens.foreign, screens.of_another_site, screens.camera)
    name, picture = kinds[trial % len(kinds)](draw, trial // len(kinds))
    attack = _any(
        _fixed(attacks.png), _jpeg(50, 90), _within(attacks.crop, 0.1, 0.5), _within(attacks.phone, 0, 30)
    )
    return Trial(attacks.grey(attack(draw)(picture, _seed(draw))), frozenset(), name)


def _screen(draw: Draw, trial: int, ratio: float = 1.0) -> tuple[Picture, int, str]:
    name, paper = screens.paper(trial)
    screen, token = screens.shown(paper, _seq(draw), ratio=ratio)
    return screen, token, name


def _seq(draw: Draw) -> int:
    return int(draw.integers(1, 2**32))


def _seed(draw: Draw) -> int:
    return int(draw.integers(2**31))


_messenger = _after(_within(attacks.phone, 0, 20), _fixed(attacks.scale(0.6)), _jpeg(60))

ROWS = (
    Row("PNG, JPEG 90–30", 0.995, _attacked(_any(_fixed(attacks.png), *[_jpeg(30, 90)] * 4))),
    Row(
        "scale 0.5–1.5, noise, blur, gamma, contrast",
        0.995,
        _attacked(
            _any(
                *[_within(attacks.scale, 0.5, 1.5)] * 2,
                _within(attacks.noise, 1, 4),
                _within(attacks.blur, 0.4, 1.2),
                _within(attacks.gamma, 0.8, 1.3),
                _within(attacks.contrast, 0.8, 1.2),
            )
        ),
    ),
    Row(
        "crop to 25 % of the area, JPEG 50",
        0.97,
        _attacked(_after(_fixed(attacks.crop(0.25)), _jpeg(50))),
    ),
    Row("crop to 10 % of the area", 0.90, _attacked(_fixed(attacks.crop(0.10)))),
    Row(
        "rotation 3°–30°, perspective 15°–30°",
        0.995,
        _attacked(_any(_within(attacks.rotate, 3, 30), _within(attacks.perspective, 15, 30))),
    ),
    Row("simulated phone photo, 0°–30°", 0.99, _attacked(_within(attacks.phone, 0, 30))),
    Row("simulated phone photo, 45°", 0.95, _attacked(_fixed(attacks.phone(45)))),
    Row("phone photo, then a messenger (0.6, JPEG 60)", 0.95, _attacked(_messenger)),
    Row("over-exposed by 10 %: white clips", 0.90, _attacked(_fixed(attacks.brighter(1.10)))),
    Row(
        "phone photo at 10° of two thirds of the width",
        0.97,
        _attacked(_after(_fixed(attacks.phone(10)), _fixed(attacks.part(0.667)))),
    ),
    Row("display scaled by 125 % and 150 %: JPEG, crop, phone photo", 0.97, _scaled),
    Row(
        "in a mirror, and as a negative: JPEG, phone photo",
        0.90,
        _attacked(
            _any(
                _after(_any(_jpeg(30, 90), _within(attacks.phone, 0, 30)), _fixed(attacks.mirrored)),
                _after(_jpeg(30, 90), _fixed(attacks.negative)),
            )
        ),
    ),
    Row("collusion of two: average, minimum", 1.0, _collusion((2,))),
    Row("collusion of three: average, minimum", 1.0, _collusion((3,))),
    Row("removal: rescale, blur, noise to SSIM 0.9", 0.80, _attacked(_fixed(attacks.degraded(0.9)))),
    Row("removal: pilot averaged out and subtracted", 0.80, _attacked(_without_the_pilot)),
    Row("forgery without the kiosk's check key: refused", 1.0, _forged),
    Row("no mark of this site: nobody named", 1.0, _unmarked),
)
