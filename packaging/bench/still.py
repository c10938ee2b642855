"""An ASGI application that hands out the files of ``STILL_FOLDER``, nothing else: curl's counterpart."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

FILES = {file.name: file.read_bytes() for file in Path(os.environ["STILL_FOLDER"]).iterdir()}


async def app(
    scope: dict[str, Any],
    _receive: Callable[[], Awaitable[dict[str, Any]]],
    send: Callable[[dict[str, Any]], Awaitable[None]],
) -> None:
    """Answer with the file that the path names."""
    if scope["type"] != "http":
        return
    body = FILES[scope["path"].lstrip("/")]
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
