"""Which readers a kiosk has: its ``readers.toml``, read strictly, and the readers made from it.

Without the file there is one keyboard wedge. Example, with every key::

    [[reader]]
    kind = "keyboard"
    name = "badge reader"           # as people call it
    usb = "0c27:3bfa"               # optional: notice when it is pulled out (lsusb)

    [[reader]]
    kind = "pcsc"
    name = "card reader"
    match = "OMNIKEY"               # optional: part of the PC/SC name (pcsc_scan -r)
    number = "decimal"              # hex, decimal or decimal-reversed: as the other readers type it
    cards = "optional"              # off, optional or required: ask for a card's proof (PIV key 9E)
    ca = "card-ca.pem"              # the CA that issues the cards; beside this file
    organization = "Acme Devices"   # optional: the organization that a card must name
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.kiosk.readers.authorities import Authorities
from app.kiosk.readers.keyboard import KeyboardReader
from app.kiosk.readers.pcsc import CardUse, PcscReader, PcscSettings
from app.kiosk.readers.uid import NumberForm
from app.model.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from app.kiosk.readers import Reader

FILE_NAME = "readers.toml"
_Name = Annotated[str, Field(min_length=1, max_length=40)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class KeyboardEntry(_Strict):
    """A reader that types."""

    kind: Literal["keyboard"]
    name: _Name = "badge reader"
    usb: Annotated[str, Field(pattern=r"^([0-9A-Fa-f]{4}:[0-9A-Fa-f]{4})?$")] = ""


class PcscEntry(_Strict):
    """A PC/SC reader."""

    kind: Literal["pcsc"]
    name: _Name = "card reader"
    match: Annotated[str, Field(max_length=100)] = ""
    number: NumberForm = NumberForm.HEX
    cards: CardUse = CardUse.OFF
    ca: str = ""
    organization: str = ""


Entry = Annotated[KeyboardEntry | PcscEntry, Field(discriminator="kind")]


class _File(_Strict):
    reader: Annotated[tuple[Entry, ...], Field(min_length=1)]


@dataclass(frozen=True)
class Chosen:
    """The entries of a configuration, in order, and the folder that their file names are relative to."""

    entries: tuple[KeyboardEntry | PcscEntry, ...]
    folder: Path


def load(folder: Path) -> Chosen:
    """Read ``readers.toml`` in ``folder``; absent, it is one keyboard wedge.

    Raises:
        Refused: it cannot be read, or says something else than the module describes; every fault is listed
            (``bad_readers``).
    """
    path = folder / FILE_NAME
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Chosen((KeyboardEntry(kind="keyboard"),), folder)
    except (OSError, UnicodeDecodeError) as error:
        raise _refused(path, [f"it cannot be read ({error})"]) from error
    try:
        entries = _File.model_validate(tomllib.loads(text)).reader
    except tomllib.TOMLDecodeError as error:
        raise _refused(path, [str(error)]) from error
    except ValidationError as error:
        raise _refused(path, [_fault(item) for item in error.errors(include_url=False)]) from None
    faults = [*_same_names(entries), *_ca_faults(entries)]
    if faults:
        raise _refused(path, faults)
    return Chosen(entries, folder)


def make_readers(
    chosen: Chosen,
    now: Callable[[], datetime],
    points: Callable[[str], bytes | None] = lambda _fingerprint: None,
) -> tuple[Reader, ...]:
    """Make the readers, in order. They do nothing until they are started.

    Raises:
        Refused: a file with the card CA is absent or no CA's (``bad_ca``).
    """
    return tuple(_make(entry, chosen.folder, now, points) for entry in chosen.entries)


def _make(
    entry: KeyboardEntry | PcscEntry,
    folder: Path,
    now: Callable[[], datetime],
    points: Callable[[str], bytes | None],
) -> Reader:
    if isinstance(entry, KeyboardEntry):
        return KeyboardReader(entry.name, entry.usb)
    settings = PcscSettings(entry.match, entry.number, entry.cards, _authorities(entry, folder))
    return PcscReader(entry.name, settings, now, points=points)


def _authorities(entry: PcscEntry, folder: Path) -> Authorities | None:
    if entry.cards is CardUse.OFF:
        return None
    path = folder / entry.ca
    try:
        pem = path.read_bytes()
    except OSError as error:
        raise Refused(
            f"The file of the card CA, {path}, cannot be read ({error.strerror}).",
            advice=f"Put the CA's certificate there, as PEM text, or correct {FILE_NAME}.",
            code="bad_ca",
        ) from error
    return Authorities.from_pem(pem, entry.organization)


def _same_names(entries: tuple[KeyboardEntry | PcscEntry, ...]) -> list[str]:
    names = [entry.name for entry in entries]
    return [f"the name {name!r} is there twice" for name in sorted({n for n in names if names.count(n) > 1})]


def _ca_faults(entries: tuple[KeyboardEntry | PcscEntry, ...]) -> list[str]:
    faults = []
    for entry in entries:
        if isinstance(entry, PcscEntry):
            if entry.cards is not CardUse.OFF and not entry.ca:
                faults.append(
                    f"{entry.name}: cards = {entry.cards.value!r} needs ca, the file of the card CA"
                )
            if entry.cards is CardUse.OFF and (entry.ca or entry.organization):
                faults.append(f"{entry.name}: ca and organization mean nothing while cards is 'off'")
    return faults


def _fault(item: Any) -> str:
    where = ".".join(str(part + 1) if isinstance(part, int) else str(part) for part in item["loc"])
    return f"{where or 'file'}: {item['msg']}"


def _refused(path: Path, faults: list[str]) -> Refused:
    return Refused(
        f"The list of badge readers, {path}, is not right: {'; '.join(faults)}.",
        advice="An example is in resources/security.md; without the file, a keyboard reader is taken.",
        code="bad_readers",
    )
