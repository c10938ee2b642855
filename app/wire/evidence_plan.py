"""Which views the assignments and grants in a bundle explain: the plant's word against its log."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from app.model.errors import Untrusted
from app.wire.evidence import read_entry
from app.wire.figures import FORM
from app.wire.messages import EventKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.wire.figures import Row

_AT = {name: at for at, name in enumerate(FORM)}
_KIND, _WALL, _PERSON, _STATION = (_AT[name] for name in ("kind", "wall", "person", "station"))
_NEVER = "~"  # behind every time


class Plan:
    """Who was to be where when, as the bundle names persons; times as text, as entries have them.

    An assignment counts for as long after its end as the page in hand may be read on (``grace_seconds``).
    """

    def __init__(self, spans: Iterable[Mapping[str, str]], grace: timedelta) -> None:
        self._spans: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        for one in spans:
            until = _later(one["until"], grace) if one["until"] else _NEVER
            self._spans[one["person"], one["station"]].append((one["from"], until))

    @classmethod
    def read(cls, acts: bytes, policy: bytes) -> Plan:
        """Read it from the bundle's parts.

        Raises:
            Untrusted: they are not of the form agreed (``bad_message``).
        """
        said, rules = read_entry(acts), read_entry(policy)
        try:
            seconds = int(rules["site"].get("grace_seconds", 0))
            return cls([*said["assignments"], *said["grants"]], timedelta(seconds=seconds))
        except (KeyError, TypeError, ValueError, AttributeError):
            raise Untrusted(
                "What the bundle says of acts is not of the form agreed.", code="bad_message"
            ) from None

    def unexplained(self, first: int, rows: Sequence[Row]) -> tuple[int, list[int]]:
        """How many views there are among entries from ``first`` on, and which of them nothing explains."""
        views, bare = 0, []
        for number, row in enumerate(rows, first):
            if row[_KIND] == EventKind.VIEW_BEGIN:
                views += 1
                wall: Any = row[_WALL]
                spans = self._spans.get((row[_PERSON], row[_STATION]), ())
                if not any(begin <= wall < end for begin, end in spans):
                    bare.append(number)
        return views, bare


def _later(text: str, grace: timedelta) -> str:
    later = datetime.fromisoformat(text) + grace
    return f"{later:%Y-%m-%dT%H:%M:%S}.{later.microsecond // 1000:03}Z"
