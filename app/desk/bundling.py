"""The desk and evidence bundles: one is begun at the hub, followed, and fetched piece by piece.

Failure policy: the file that was asked for is whole or absent; a piece that fails leaves nothing beside it.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol, TypeVar

from app.desk.questions import BeginBundle, FetchBundle, Fetched, FollowBundle
from app.model.errors import Expected, Refused, Unavailable
from app.wire.base import Message
from app.wire.desk_evidence import (
    BUNDLE_PIECE_BYTES,
    BundleAsk,
    BundleJobAsk,
    BundlePieceAsk,
    BundleReply,
)

if TYPE_CHECKING:
    from pathlib import Path

    from app.wire.desk import Ask

M = TypeVar("M", bound=Message)
Bundling = BeginBundle | FollowBundle | FetchBundle


class Asks(Protocol):
    """Asks a route of the hub, as whoever sits here."""

    def __call__(self, answer: type[M], route: str, ask: type[Ask], /, **words: Any) -> M:
        """Ask, and read the answer."""


class Fetches(Protocol):
    """The same of a route that answers with bytes."""

    def __call__(self, route: str, ask: type[Ask], into: BinaryIO, limit: int, /, **words: Any) -> int:
        """Ask, and write what comes; returns its length."""


def bundle(wanted: Bundling, ask: Asks, fetch: Fetches) -> BundleReply | Fetched:
    """Begin a bundle, follow it, or fetch its next piece.

    Raises:
        Refused: there will be none; the sentence says why.
        Unavailable: it cannot be saved.
    """
    if isinstance(wanted, FetchBundle):
        return _piece(wanted, ask, fetch)
    if isinstance(wanted, BeginBundle):
        words = {"client": wanted.client, "start": wanted.start, "end": wanted.end}
        reply = ask(BundleReply, "desk_bundle", BundleAsk, **words)
    else:
        reply = ask(BundleReply, "desk_bundle_job", BundleJobAsk, job=wanted.job, drop=wanted.drop)
    if reply.trouble and not (isinstance(wanted, FollowBundle) and wanted.drop):
        raise Refused(reply.trouble)
    return reply


def part_of(path: Path) -> Path:
    """Where a bundle lies until it is whole."""
    return path.with_name(f"{path.name}.part")


def _check(*, whole: bool) -> None:
    if not whole:
        raise Unavailable("The evidence did not come whole.", advice="Ask for it anew.")


def _piece(wanted: FetchBundle, ask: Asks, fetch: Fetches) -> Fetched:
    part = part_of(wanted.path)
    try:
        with part.open("r+b" if wanted.at else "wb") as file:
            part.chmod(0o600)
            file.seek(wanted.at)
            words = {"job": wanted.job, "at": wanted.at}
            count = fetch("desk_bundle_piece", BundlePieceAsk, file, BUNDLE_PIECE_BYTES, **words)
        done = wanted.at + count
        _check(whole=count > 0 and done <= wanted.size)
        if done == wanted.size:
            part.replace(wanted.path)
            with suppress(Expected):  # it is here; the hub throws its own away by itself
                ask(BundleReply, "desk_bundle_job", BundleJobAsk, job=wanted.job, drop=True)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Unavailable(f"The bundle cannot be saved at {wanted.path}: {error.strerror}.") from None
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return Fetched(wanted.path, done)
