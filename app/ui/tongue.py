"""In which language the screen speaks: Qt's translator, and the engine's sentences put into it.

The engine says everything in English, as it is recorded; here it is looked up by the sentence itself.
What has no translation stays in English, visibly, and is never left out.
"""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale, QTranslator

from app.resources import resource

if TYPE_CHECKING:
    from collections.abc import Iterator

LANGUAGES = ("en", "es", "zh", "ms")
"""English, Spanish, Simplified Chinese, Malay. English is what stands in the source."""
_TERRITORIES = {"en": "en_GB", "es": "es_ES", "zh": "zh_CN", "ms": "ms_MY"}
_NAMED = re.compile(r"([^:.]{1,80}): (\w.*)", re.DOTALL)
_FULL_STOP = "。"
"""Ends a Chinese sentence, and brings its own space."""
_log = logging.getLogger(__name__)
_translator: list[QTranslator] = []


def QT_TRANSLATE_NOOP(_context: str, text: str) -> str:  # noqa: N802 (the name that lupdate looks for)
    """Mark a text for translation and leave it as it is. PySide's own gives a type checker no ``str``."""
    return text


def known(language: str, default: str = "en") -> str:
    """The language of a profile (``es``, ``es-MX``, ``zh_CN``); ``default`` where it is none of ours."""
    code = re.split(r"[-_]", language.lower())[0]
    return code if code in LANGUAGES else default


def speak(language: str) -> None:
    """From now on the screen speaks this one of ``LANGUAGES``. Widgets get a ``LanguageChange`` event.

    A translation that is not installed is logged, and the screen stays in English.
    """
    for before in _translator:
        QCoreApplication.removeTranslator(before)
    _translator.clear()
    QLocale.setDefault(QLocale(_TERRITORIES[language]))
    if language == "en":
        return
    path = resource("translations", f"stationleaf_{language}.qm")
    translator = QTranslator()
    if not translator.load(str(path)):
        _log.error("the translation %s cannot be read", path)
        return
    _translator.append(translator)
    QCoreApplication.installTranslator(translator)


def said(text: str) -> str:
    """What the engine or a constant of ``app.ui.words`` says, in the language that is spoken.

    Looked up whole; as one with something set in; then sentence by sentence; then without the name before
    it ("Rosa Ferreira: you are not assigned …").
    """
    if not _translator or not text:
        return text
    return _whole(text) or _set_in(text) or _one_by_one(text) or _named(text) or text


def joined(first: str, then: str) -> str:
    """Two texts as they are said, one after the other; either may be missing."""
    return f"{first}{'' if first.endswith(_FULL_STOP) else ' '}{then}".strip()


def _whole(text: str) -> str:
    texts = (QCoreApplication.translate(context, text) for context in ("said", "kiosk", "desk"))
    return next((found for found in texts if found != text), "")


def _set_in(text: str) -> str:
    for source, pattern in _patterns():
        if match := pattern.fullmatch(text):
            parts = {name: said(part) for name, part in match.groupdict().items()}
            return QCoreApplication.translate("said", source).format_map(parts)
    return ""


def _one_by_one(text: str) -> str:
    for end in _sentence_ends(text):
        head = _whole(text[:end]) or _set_in(text[:end])
        if head:
            return joined(head, said(text[end + 1 :]))
    return ""


def _sentence_ends(text: str) -> Iterator[int]:
    return (match.start() for match in re.finditer(r"(?<=[.!?]) ", text))


def _named(text: str) -> str:
    match = _NAMED.fullmatch(text)
    if match is None:
        return ""
    name, sentence = match.groups()
    whole = sentence[:1].upper() + sentence[1:]
    found = said(whole)
    colon = "：" if found.endswith(_FULL_STOP) else ": "
    return f"{_set_in(name) or name}{colon}{found[:1].lower()}{found[1:]}" if found != whole else ""


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The sentences with something set in, and what recognises them."""
    from app.ui.sayings import SAYINGS

    return tuple(
        (text, re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(text)), re.DOTALL))
        for text in SAYINGS
        if "{" in text
    )
