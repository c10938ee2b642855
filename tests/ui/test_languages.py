"""The screen in four languages: nothing untranslated, nothing cut, and the one of whoever is signed in."""

from __future__ import annotations

import ast
import re
import string
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QFontDatabase, QRawFont
from tour.checks import look_at
from tour.guide import GLASSES, Guide
from tour.scenes import SCENES
from translate import LANGUAGES, pack

from app.kiosk.agreement_desk import SIGN_ASKS
from app.model.words import (
    AGREEMENT_WORDS,
    BADGE_ALONE,
    BOARD_WORDS,
    NEEDS_PIN,
    NOTHING_THERE,
    REASON_WORDS,
    SIGN_HERE,
    SIGN_WITH_PIN,
    UNSIGNED,
)
from app.resources import resource
from app.ui import tongue, words
from app.ui.sayings import SAYINGS
from app.ui.theme import load_style
from app.ui.words_panel import WordsPanel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.pages.renderer import Renderer
    from tests.ui.conftest import Kiosk

pytestmark = pytest.mark.usefixtures("qapp")
KIOSK = Path(tongue.__file__).parents[1] / "kiosk"
SPEAKERS = (
    "access", "agreement_desk", "bench", "board_desk", "cache", "call_desk", "engine", "folio", "glass_desk",
    "grant_desk", "granting", "leaving", "own_grants", "pin_desk", "pin_setting", "remark_desk", "signer",
    "table", "telling", "wedge",
)  # fmt: skip
IN_TROUBLE = (
    "anchor", "bound", "deliver", "journal_file", "log_watch", "outbox", "places", "sealed", "state",
    "supplies", "vault",
)  # fmt: skip
SAID_BY_RULES = (
    *REASON_WORDS.values(),
    *AGREEMENT_WORDS.values(),
    *BOARD_WORDS.values(),
    BADGE_ALONE,
    NEEDS_PIN,
    NOTHING_THERE,
    UNSIGNED,
)
TIGHT = ("denied-long", "lease-ends", "pin-wrong", "withheld", "step", "step-taken-back", "step-sign-pin",
         "station-admission", "glass-station", "station-glass", "changes", "changes-read",
         "changes-old-gone", "changes-while-working", "help", "remark-mark", "remark-what", "remark-words",
         "remark-goes", "remark-answered", "badge-call", "call-fresh", "call-coming",
         "call-not-gone", "page-other-language", "agreement-reading", "agreement-read")  # fmt: skip
TELLERS = {"Notice", "FormatRefused", "Words", "PinAsk", "Choice", "Refused", "Unavailable"}


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    tongue.speak("en")


def catalogue(language: str) -> dict[str, str]:
    root = ET.parse(resource("translations", f"stationleaf_{language}.ts")).getroot()
    messages = list(root.iter("message"))
    assert [m.findtext("source") for m in messages if m.find("translation").get("type")] == []  # type: ignore[union-attr]
    return {str(m.findtext("source")): str(m.findtext("translation")) for m in messages}


def set_in(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_has_a_translation_with_the_same_things_set_in(language: str) -> None:
    texts = catalogue(language)
    assert set(SAYINGS) <= set(texts)
    assert {source for source, text in texts.items() if not text or set_in(source) != set_in(text)} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_packed_is_what_stands_in_the_catalogue(language: str, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.qm"
    pack(resource("translations", f"stationleaf_{language}.ts"), fresh)
    assert fresh.read_bytes() == resource("translations", f"stationleaf_{language}.qm").read_bytes()


def test_every_sentence_that_the_engine_has_for_a_worker_is_listed() -> None:
    said = {text for w in SAID_BY_RULES for text in (w.says, w.do)} | {SIGN_HERE, SIGN_WITH_PIN, SIGN_ASKS}
    for name in SPEAKERS:
        for node in ast.walk(ast.parse((KIOSK / f"{name}.py").read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in TELLERS:
                values = [n.value for n in node.args if isinstance(n, ast.Constant)]
                said |= {text for text in values if isinstance(text, str) and " " in text}
    assert len(said) > 50
    assert said - set(SAYINGS) == set()


def test_every_sentence_of_a_kiosk_in_trouble_is_listed_with_what_to_do() -> None:
    """Those with something set in are told by what stands around it."""
    said = set[str]()
    for name in IN_TROUBLE:
        for node in ast.walk(ast.parse((KIOSK / f"{name}.py").read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {
                *TELLERS,
                "Damaged",
                "Untrusted",
            }:
                said |= {
                    bare(text)
                    for text in (*node.args, *(w.value for w in node.keywords if w.arg == "advice"))
                }
    assert len(said) > 40
    assert said - {re.sub(r"{\w+}", "{}", text) for text in SAYINGS} - {""} == set()


def bare(text: ast.expr) -> str:
    """A sentence in the program's text, with {} for each thing that is set in; "" for what is none."""
    parts = text.values if isinstance(text, ast.JoinedStr) else [text]
    told = "".join(
        str(part.value) if isinstance(part, ast.Constant) else "{}" if isinstance(text, ast.JoinedStr) else ""
        for part in parts
    )
    return told if " " in told else ""


def test_a_trouble_is_said_in_the_language_of_the_kiosk() -> None:
    tongue.speak("es")
    clock = "This machine's clock is 3 hours behind the hub's."
    assert tongue.said(clock) == "El reloj de este equipo va 3 horas atrasado respecto al servidor."
    full = "This kiosk cannot record who reads what (its disk is full), so it shows no pages."
    assert "(su disco está lleno)" in tongue.said(full)
    assert tongue.said("The page store cannot be read or written.").startswith("El almacén de páginas: no se")


def test_a_sentence_is_found_with_names_and_numbers_set_in_and_beside_others() -> None:
    stale = "You are not trained on this revision yet."
    tongue.speak("es")
    spanish = tongue.said(stale)
    assert spanish == "Todavía no tiene formación en esta revisión."
    assert tongue.said("The badge reader is not plugged in.") == "Falta conectar: lector de tarjetas."
    assert tongue.said(f"3 pages are withheld. {stale}") == f"No se muestran 3 páginas. {spanish}"
    assert tongue.said(f"Rosa Ferreira: y{stale[1:]}") == f"Rosa Ferreira: t{spanish[1:]}"
    assert tongue.said("6 to 12 digits, then OK") == "De 6 a 12 cifras y OK"
    assert tongue.said("The flux capacitor is empty.") == "The flux capacitor is empty."
    tongue.speak("zh")
    chinese = tongue.said(stale)
    assert tongue.said(f"3 pages are withheld. {stale}") == f"有 3 页未显示。{chinese}"
    assert tongue.said(f"Rosa Ferreira: y{stale[1:]}") == f"Rosa Ferreira：{chinese}"
    tongue.speak("en")
    assert tongue.said(stale) == stale


@pytest.mark.parametrize(
    ("language", "long", "short"),
    [
        ("en", "Friday 6 March", "Fri 6 Mar 13:07"),
        ("es", "viernes, 6 de marzo", "vie 6 mar 13:07"),
        ("zh", "3月6日 星期五", "3月6日 周五 13:07"),
    ],
)
def test_days_are_written_as_each_language_writes_them(language: str, long: str, short: str) -> None:
    tongue.speak(language)
    friday = datetime(2026, 3, 6, 13, 7, tzinfo=UTC)
    assert words.day(friday) == long
    assert words.moment(friday, friday - timedelta(days=3)) == short


@pytest.mark.parametrize(("profile", "spoken"), [("es-MX", "es"), ("zh_CN", "zh"), ("fr", "ms"), ("", "ms")])
def test_a_profile_names_its_language_in_either_form(profile: str, spoken: str) -> None:
    assert tongue.known(profile, "ms") == spoken


def test_the_screen_speaks_the_language_of_whoever_is_signed_in(kiosk: Kiosk) -> None:
    kiosk.sign_in()
    following = kiosk.station._toolbar._buttons["next"]
    assert following.text() == "Next"
    kiosk.player.set_session(language="zh")
    kiosk.until(lambda: following.accessibleName() == "下一页")
    assert "在线" in kiosk.station._status.accessibleName()
    panel = kiosk.window.findChild(WordsPanel)
    assert "Ñ" not in {key.text() for key in panel._keys}
    kiosk.player.set_session(language="es")
    kiosk.until(lambda: "Ñ" in {key.text() for key in panel._keys})
    kiosk.command("lock")
    kiosk.until(lambda: kiosk.window._poster.accessibleName() == words.TAP and following.text() == "Next")


def test_a_page_in_another_language_says_in_which(kiosk: Kiosk) -> None:
    kiosk.sign_in()
    bar, session = kiosk.station._toolbar, kiosk.window.screen_up.session
    assert session is not None
    for language, says in (("ms", "Esta página solo está en malayo"), ("fr", "français"), ("es-MX", "")):
        leaves = tuple(replace(leaf, language=language) for leaf in session.leaves)
        kiosk.player.set_session(leaves=leaves, language="es")
        kiosk.until(lambda language=language: bar._leaf is not None and bar._leaf.language == language)
        assert says in bar._only[0]
        assert bool(bar._only[0]) is bool(says)


@pytest.mark.parametrize("weight", [("", "-Regular"), ("-Bold", "-Bold")], ids=("regular", "bold"))
def test_the_shipped_fonts_have_every_letter_of_every_translation(weight: tuple[str, str]) -> None:
    names = (f"DejaVuSansCondensed{weight[0]}.ttf", f"StationleafHan{weight[1]}.otf")
    fonts = [QRawFont(str(resource("fonts", name)), 20) for name in names]
    said = {letter for language in LANGUAGES for text in catalogue(language).values() for letter in text}
    said -= {"\n"}
    assert {
        letter for letter in said if not any(font.supportsCharacter(ord(letter)) for font in fonts)
    } == set()
    assert load_style().fallback[0] in QFontDatabase.families()


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_cut_off_on_the_small_screen(language: str, renderer: Renderer) -> None:
    found: dict[str, list[str]] = {}
    with Guide(GLASSES[1], "light", renderer, pages=4, language=language) as guide:
        for name in TIGHT:
            guide.start_over()
            SCENES[name](guide)
            if faults := look_at(guide):
                found[name] = faults
    assert found == {}
