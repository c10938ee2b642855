"""``stationleaf witness``: a client's own witness, which cosigns the checkpoints of its logs, by file."""

from __future__ import annotations

import argparse
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.files import read_file, write_new
from app.model.errors import Damaged, NotFound, Refused, Unavailable
from app.wire.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.seal.witnessing import Signer

EXAMPLE = """Once: the client makes a witness, and gives its verifier key to the plant.
  stationleaf witness init witness/ --name client.example/stationleaf

Then, as often as wanted, by mail or USB stick:
  plant:   stationleaf admin log checkpoint --client C1 --old 350 --out C1.request
  client:  stationleaf witness sign witness/ C1.request --key C1.vkey --out C1.cosigned
  plant:   stationleaf admin log cosigned C1.cosigned --witness witness.vkey

The witness keeps what it signed last, and signs nothing that does not continue it: so a plant that rewrites
its log, or shows it differently to different people, is found out. Keep the folder: it is the memory.
"""
KEY, VKEY, NAME = "witness.key", "witness.vkey", "witness.name"


def build(parser: argparse.ArgumentParser) -> None:
    """Add the verbs."""
    parser.epilog = EXAMPLE
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    raw = argparse.RawDescriptionHelpFormatter
    init = verbs.add_parser("init", help="make a witness", epilog=EXAMPLE, formatter_class=raw)
    init.add_argument("folder", type=Path, metavar="DIR", help="a folder that does not exist yet")
    init.add_argument(
        "--name", required=True, metavar="NAME", help="its name, such as client.example/witness"
    )
    init.set_defaults(run=_init)
    sign = verbs.add_parser("sign", help="cosign a checkpoint", epilog=EXAMPLE, formatter_class=raw)
    sign.add_argument("folder", type=Path, metavar="DIR", help="a folder made by witness init")
    sign.add_argument("request", type=Path, metavar="REQUEST", help="the plant's file")
    sign.add_argument("--key", required=True, metavar="KEY", help="the log's verifier key, or a file with it")
    sign.add_argument("--out", type=Path, required=True, metavar="FILE", help="a new file, for the plant")
    sign.set_defaults(run=_sign)


def _init(args: argparse.Namespace) -> int:
    from app.seal.cosignature import Witness
    from app.seal.keys import SigningKey
    from app.seal.note import is_name

    if not is_name(args.name):
        raise Refused("A witness's name has no spaces and no plus sign.")
    try:
        args.folder.mkdir(mode=0o700)
    except FileExistsError:
        raise Refused(f"The folder {args.folder} exists.", advice="Name another one.") from None
    except OSError as error:
        raise Unavailable(f"The folder {args.folder} cannot be made: {error.strerror}.") from None
    key = SigningKey.generate()
    vkey = Witness(args.name, key.public).vkey
    write_new(args.folder / NAME, f"{args.name}\n".encode())
    write_new(args.folder / VKEY, f"{vkey}\n".encode())
    write_new(args.folder / KEY, f"{key.raw.hex()}\n".encode(), private=True)
    print(
        f"The witness is in {args.folder}. Its verifier key, for the plant and for verify --witness:\n{vkey}"
    )
    return 0


def _sign(args: argparse.Namespace) -> int:
    from app.cli.keys import read_key_word
    from app.seal.checkpoint import Checkpoint
    from app.seal.encoding import sha256
    from app.seal.note import NoteKey
    from app.seal.witnessing import AddCheckpoint, witness

    log = NoteKey.read(read_key_word(args.key))
    request = AddCheckpoint.read(read_file(args.request, "request"))
    if args.out.exists():
        raise Refused(f"The file {args.out} exists.", advice="Name another one.")
    signer = _signer(args.folder)
    with _alone(args.folder):
        state = args.folder / f"{sha256(log.name.encode())[:32]}.seen"
        kept = state.read_bytes() if state.exists() else b""
        seconds = int(SystemClock().now().timestamp())
        note = witness(request, kept, log.name, [log.public], signer, seconds)
        _keep(state, note.exact())
    write_new(args.out, note.exact())
    size = Checkpoint.read(note.text).size
    print(
        f"{size} entries of {log.name} are cosigned, {size - request.old} of them new. Send back {args.out}."
    )
    return 0


def _signer(folder: Path) -> Signer:
    from app.seal.keys import SigningKey
    from app.seal.witnessing import Signer

    if not (folder / KEY).exists():
        raise NotFound(f"The folder {folder} is not a witness.", advice="Make one: stationleaf witness init")
    try:
        raw = bytes.fromhex(read_file(folder / KEY, "key").decode("ascii").strip())
    except ValueError:
        raw = b""
    if len(raw) != 32:
        raise Damaged(f"The file {folder / KEY} does not hold a key.", advice="Restore it from a copy.")
    return Signer(read_file(folder / NAME, "name").decode("utf-8", "replace").strip(), SigningKey(raw))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Only one process signs at a time: what was signed last is read and replaced within."""
    import fcntl  # POSIX only, like the hub

    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _keep(path: Path, data: bytes) -> None:
    """Replace a file, whole or not at all, before anybody sees what was signed."""
    from app.hub.certificate import replace_file

    try:
        replace_file(path, data)
    except OSError as error:
        raise Unavailable(
            f"The witness cannot keep what it signs: {error.strerror}.", advice="Nothing was signed."
        ) from None
