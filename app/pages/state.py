"""The graphics state that a beginning of content leaves behind, without anything that it draws. Pure.

ISO 32000-2, 8.4 (graphics state), 9.3 (text state): each operator sets its own parameters, so of those that
set the same ones only the last counts.
"""

from __future__ import annotations

from app.pages.content import Operation

_PATH = frozenset({b"m", b"l", b"c", b"v", b"y", b"h", b"re"})
_ENDS = frozenset({b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"n"})
_SETTERS = frozenset(
    {
        b"w",
        b"J",
        b"j",
        b"M",
        b"d",
        b"ri",
        b"i",
        b"g",
        b"G",
        b"rg",
        b"RG",
        b"k",
        b"K",
        b"Tc",
        b"Tw",
        b"Tz",
        b"TL",
    }
    | {b"Tf", b"Tr", b"Ts"}
)
_COLOUR_SPACES = {b"cs": b"fill", b"CS": b"stroke"}
_COLOURS = {b"sc": b"fill", b"scn": b"fill", b"SC": b"stroke", b"SCN": b"stroke"}
_CLIPPING_TEXT = (b"4", b"5", b"6", b"7")


class _Level:
    """What stands between one q and the next: settings, and matrices and clips in their order."""

    def __init__(self) -> None:
        self.settings: dict[bytes, list[Operation]] = {}
        self.geometry: list[Operation] = []

    def set(self, key: bytes, operations: list[Operation]) -> None:
        self.settings.pop(key, None)
        self.settings[key] = operations

    def operations(self) -> list[Operation]:
        return [part for group in self.settings.values() for part in group] + self.geometry


def carried(operations: list[Operation]) -> list[Operation] | None:
    """Operations that leave the same state as ``operations`` do, open ``q`` included; None where text
    clips."""
    levels = [_Level()]
    path: list[Operation] = []
    for operation in operations:
        operator = operation.operator
        if operator == b"q":
            levels.append(_Level())
        elif operator == b"Q":
            levels = levels[:-1] if len(levels) > 1 else levels
        elif operator in _PATH or operator in (b"W", b"W*"):
            path.append(operation)
        elif operator in _ENDS:
            if any(part.operator in (b"W", b"W*") for part in path):
                levels[-1].geometry += [*path, Operation(b"n", [])]
            path = []
        elif operator == b"cm":
            levels[-1].geometry.append(operation)
        elif operator == b"Tr" and operation.operands[-1:] and operation.operands[-1] in _CLIPPING_TEXT:
            return None
        else:
            _note(levels[-1], operation)
    out: list[Operation] = []
    for depth, level in enumerate(levels):
        out += ([Operation(b"q", [])] if depth else []) + level.operations()
    return out


def _note(level: _Level, operation: Operation) -> None:
    operator, operands = operation.operator, operation.operands
    if operator in _COLOUR_SPACES:
        level.set(_COLOUR_SPACES[operator], [operation])
    elif operator in _COLOURS:
        key = _COLOURS[operator]
        before = level.settings.get(key, [])
        level.set(key, [*[part for part in before if part.operator in _COLOUR_SPACES], operation])
    elif operator in (b"g", b"rg", b"k"):
        level.set(b"fill", [operation])
    elif operator in (b"G", b"RG", b"K"):
        level.set(b"stroke", [operation])
    elif operator == b"gs":
        level.set(b"gs " + b" ".join(operands), [operation])
    elif operator == b'"':
        level.set(b"Tw", [Operation(b"Tw", operands[:1])])
        level.set(b"Tc", [Operation(b"Tc", operands[1:2])])
    elif operator == b"TD" and len(operands) == 2:
        level.set(b"TL", [Operation(b"TL", [_negated(operands[1])])])
    elif operator in _SETTERS:
        level.set(operator, [operation])


def _negated(token: bytes) -> bytes:
    return token[1:] if token.startswith(b"-") else b"-" + token.removeprefix(b"+")


def balanced(operations: list[Operation], depth: int = 0) -> list[Operation]:
    """The operations without ``Q`` that have no ``q``, and with those that are missing at the end."""
    kept: list[Operation] = []
    for operation in operations:
        if operation.operator == b"q":
            depth += 1
        elif operation.operator == b"Q":
            if not depth:
                continue
            depth -= 1
        kept.append(operation)
    return kept + [Operation(b"Q", [])] * depth


def cuts(operations: list[Operation]) -> list[int]:
    """Places between operations where no text object and no path is open, the end included."""
    places = []
    text = path = False
    for index, operation in enumerate(operations):
        operator = operation.operator
        if operator in (b"BT", b"ET"):
            text = operator == b"BT"
        elif operator in _PATH or operator in (b"W", b"W*"):
            path = True
        elif operator in _ENDS:
            path = False
        if not text and not path:
            places.append(index + 1)
    if not places or places[-1] != len(operations):
        places.append(len(operations))
    return places
