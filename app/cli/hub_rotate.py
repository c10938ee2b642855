"""``stationleaf hub rotate``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.wire.clock import SystemClock

KINDS = ("lease-key", "seal-key", "tls", "root", "trust")
EXAMPLE = """examples:
  stationleaf hub rotate lease-key plant/ --root-key /media/safe/root.key
  stationleaf hub rotate lease-key plant/ --root-key /media/safe/root.key --finish

  lease-key  the key that signs leases        seal-key  the key that kiosks seal their records to
  tls        the certificate authority        root      the root key itself
  trust      no key: only renew the hub's trust statement

A change has two halves. The first makes the new key and lets old and new stand side by side; kiosks follow by
themselves. The second, --finish, destroys the old key; it waits until every kiosk in use has followed. The
hub may be serving meanwhile and takes each half over within seconds. Make a backup after each.
"""


def build(verbs: Any) -> None:
    """Add the verb."""
    rotate = verbs.add_parser(
        "rotate",
        help="change keys and certificates",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    rotate.add_argument("what", choices=KINDS, metavar="WHAT", help=", ".join(KINDS))
    rotate.add_argument("folder", type=Path, metavar="DIR", help="a folder made by hub init")
    rotate.add_argument("--finish", action="store_true", help="drop the old key")
    rotate.add_argument("--force", action="store_true", help="finish though kiosks have not followed")
    rotate.add_argument("--root-key", type=Path, metavar="FILE", help="the root key, if it is not in DIR")
    rotate.set_defaults(run=_rotate)


def _rotate(args: argparse.Namespace) -> int:
    from app.hub import rotate

    what, now = rotate.What(args.what), SystemClock().now()
    if args.finish and what is not rotate.What.TRUST:
        done = rotate.finish(args.folder, what, now, args.root_key, force=args.force)
        print(f"The old {_NAMES[args.what]} is gone; trust statement {done.version} is in force.")
        if done.behind:
            print(f"Left behind: {', '.join(done.behind)}.")
        if what is rotate.What.ROOT:
            print(
                f"Move {args.folder / 'keys' / 'root.key'} to the safe, and destroy the old root key there."
            )
        return 0
    done = rotate.begin(args.folder, what, now, args.root_key)
    if what is rotate.What.TRUST:
        print(f"The hub's trust statement was renewed: version {done.version}.")
        return 0
    print(f"There is a new {_NAMES[args.what]} beside the old one; trust statement {done.version} says so.")
    if what is rotate.What.ROOT:
        print(f"The new root fingerprint is {done.root}; enrolment sheets show it from now on.")
    print(f"When the kiosks have followed: stationleaf hub rotate {args.what} {args.folder} --finish")
    return 0


_NAMES = {
    "lease-key": "lease key",
    "seal-key": "seal key",
    "tls": "certificate authority",
    "root": "root key",
}
