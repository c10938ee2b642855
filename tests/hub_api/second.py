"""A second verifier of evidence bundles, written from RFC 6962, the C2SP texts and the bundle's README alone.

It shares no code with the program: ``zipfile`` reads the file, ``cryptography`` the signatures.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def mth(leaves):
    """RFC 6962, section 2.1, over leaf hashes."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + mth(leaves[:split]) + mth(leaves[split:])).digest()


def note(data, vkey):
    """C2SP signed-note: return the text if the key signed it."""
    name, _, rest = vkey.partition("+")
    public = base64.b64decode(rest.partition("+")[2])[1:]
    text, _, signatures = data.rpartition(b"\n\n")
    for line in signatures.decode().splitlines():
        dash, who, signature = line.split(" ")
        raw = base64.b64decode(signature)
        expected = hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]
        if (dash, who, raw[:4]) == ("—", name, expected):
            Ed25519PublicKey.from_public_bytes(public).verify(raw[4:], text + b"\n")
            return (text + b"\n").decode().splitlines()
    raise ValueError("not signed")


def entries_of(data):
    found = []
    while data:
        length = int.from_bytes(data[:2], "big")
        found.append(data[2 : 2 + length])
        data = data[2 + length :]
    return found


def raw_bytes(file, member):
    """A member's bytes as they lie in the file."""
    file.seek(member.header_offset + 26)
    name, extra = (int.from_bytes(file.read(2), "little") for _ in range(2))
    file.seek(member.header_offset + 30 + name + extra)
    return file.read(member.compress_size)


def verify(path, vkey):
    """Return the log's entries as logged (None where sealed), and which of them a person signed wrongly.

    Raises on anything else that does not hold.
    """
    with zipfile.ZipFile(path) as bundle, path.open("rb") as file:
        about = json.loads(bundle.read("about.json"))
        title, origin, _bundle, digest = note(bundle.read("seal"), vkey)
        assert (title, origin) == ("stationleaf evidence v1", about["origin"])
        members = bundle.read("members.txt")
        assert hashlib.sha256(members).hexdigest() == digest
        listed = [line.split(" ") for line in members.decode().splitlines()]
        found = [member for member in bundle.infolist() if member.filename not in {"seal", "members.txt"}]
        assert [name for _, _, name in listed] == [member.filename for member in found]
        for (expected, size, _), member in zip(listed, found, strict=True):
            assert int(size) == member.file_size
            assert hashlib.sha256(raw_bytes(file, member)).hexdigest() == expected
        head = note(bundle.read("checkpoint"), vkey)
        assert head[:2] == [origin, str(about["size"])]
        hashes = b"".join(
            bundle.read(name) for name in sorted(bundle.namelist()) if name.startswith("tile/0/")
        )
        leaves = [hashes[at : at + 32] for at in range(0, len(hashes), 32)]
        assert len(leaves) == about["size"]
        assert base64.b64encode(mth(leaves)).decode() == head[2]
        kind = "shown/" if about["pseudonyms"] else "tile/entries/"
        shown, boxes = (
            [
                entry
                for name in sorted(bundle.namelist())
                if name.startswith(start)
                for entry in entries_of(bundle.read(name))
            ]
            for start in (kind, "sealed/")
        )
        assert len(shown) == about["size"]
        logged = [None if boxes and boxes[at] else entry for at, entry in enumerate(shown)]
        for at, entry in enumerate(logged):
            assert entry is None or hashlib.sha256(b"\x00" + entry).digest() == leaves[at]
        signers = {one["person"]: one["keys"] for one in json.loads(bundle.read("signers.json"))["signers"]}
        return logged, [
            at for at, entry in enumerate(logged) if entry is not None and wrong_act(entry, signers)
        ]


def receipts(path, vkey):
    """Return the receipts and reports of a bundle, each checked by its device's key and its log's root."""
    with zipfile.ZipFile(path) as bundle:
        about = json.loads(bundle.read("about.json"))
        devices = {
            (one["kiosk"], one["epoch"]): one["key"]
            for one in json.loads(bundle.read("devices.json"))["devices"]
        }
        found = json.loads(bundle.read("receipts.json"))["receipts"]
    events = []
    for one in found:
        exact = base64.b64decode(one["event"])
        event = json.loads(exact)
        place = (event["kiosk"], event["epoch"], event["seq"])
        assert place == (one["kiosk"], one["epoch"], one["seq"])
        words = ["stationleaf event v1", *map(str, place), hashlib.sha256(exact).hexdigest()]
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(devices[place[:2]]))
        public.verify(base64.b64decode(one["signature"]), "\0".join(words).encode())
        head, _, checkpoint = one["proof"].partition("\n\n")
        title, index, *path_up = head.split("\n")
        assert title == "c2sp.org/tlog-proof@v1"
        log = about["origin"] if event["client"] else about["origin"].rpartition("/client/")[0] + "/site"
        origin, size, root = note(checkpoint.encode(), "+".join([log, key_of(log, vkey.partition("+")[2])]))[
            :3
        ]
        assert origin == log
        hashes = [base64.b64decode(line) for line in path_up]
        leaf = hashlib.sha256(b"\x00" + exact).digest()
        assert base64.b64encode(climb(leaf, int(index.split(" ")[1]), int(size), hashes)).decode() == root
        events.append(event)
    return events


def key_of(name, rest):
    """The same key under another log's name: the rest of its verifier key."""
    public = base64.b64decode(rest.partition("+")[2])
    tag = hashlib.sha256(name.encode() + b"\n" + public).hexdigest()[:8]
    return f"{tag}+{base64.b64encode(public).decode()}"


def climb(leaf, index, size, path):
    """RFC 6962, section 2.1.1, read from the root down: PATH(m, D[n])."""
    if size == 1:
        assert not path
        return leaf
    split = 1
    while split * 2 < size:
        split *= 2
    *below, last = path
    if index < split:
        return hashlib.sha256(b"\x01" + climb(leaf, index, split, below) + last).digest()
    return hashlib.sha256(b"\x01" + last + climb(leaf, index - split, size - split, below)).digest()


def wrong_act(entry, keys):
    """Whether a person's signature in an entry does not hold, by the README of the bundle."""
    said = json.loads(entry)
    body = said["body"]
    if said["kind"] == "agreement.signed":
        return wrong_agreement(said, keys.get(said["person"], []))
    if "signature" not in body:
        return False
    names = ("kind", "person", "kiosk", "station", "client", "revision", "page", "unit", "order")
    act = {
        "v": 1,
        "at": said["wall"],
        "reason": body.get("reason", ""),
        **{name: said[name] for name in names},
    }
    act |= {name: body[name] for name in ("meaning", "step")}
    text = json.dumps(act, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(body["key"]))
        public.verify(base64.b64decode(body["signature"]), b"stationleaf electronic signature v1\0" + text)
    except InvalidSignature:
        return True
    return body["key"] not in keys.get(said["person"], [])


def wrong_agreement(said, keys):
    """The same of a signature under an agreement: DSSE, with the pre-authentication encoding of its text."""
    envelope = json.loads(said["body"]["envelope"])
    payload, kind = base64.b64decode(envelope["payload"]), envelope["payloadType"]
    text = f"DSSEv1 {len(kind)} {kind} {len(payload)} ".encode() + payload
    for key in keys:
        try:
            public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key))
            public.verify(base64.b64decode(envelope["signatures"][0]["sig"]), text)
        except InvalidSignature:
            continue
        signed = json.loads(payload)
        return any(signed[name] != said[name] for name in ("kiosk", "person", "client"))
    return True


def kiosks(path, vkey):
    """Return which kiosk cosigned how many entries (C2SP tlog-cosignature), by the keys in devices.json."""
    found = set()
    with zipfile.ZipFile(path) as bundle:
        devices = json.loads(bundle.read("devices.json"))["devices"]
        for name in (name for name in bundle.namelist() if name.startswith("kiosks/")):
            data = bundle.read(name)
            origin, size, _root = note(data, vkey)
            text, _, signatures = data.rpartition(b"\n\n")
            hub, lines = "/".join(origin.split("/")[:3]), signatures.decode().splitlines()
            for one in devices:
                public = base64.b64decode(one["key"])
                who = f"{hub}/kiosk/{one['kiosk']}/{one['epoch']}"
                tag = hashlib.sha256(who.encode() + b"\n\x04" + public).digest()[:4]
                for raw in (base64.b64decode(line.split(" ")[2]) for line in lines if f" {who} " in line):
                    assert raw[:4] == tag
                    seconds = int.from_bytes(raw[4:12], "big")
                    message = b"cosignature/v1\ntime %d\n" % seconds + text + b"\n"
                    Ed25519PublicKey.from_public_bytes(public).verify(raw[12:], message)
                    found.add((one["kiosk"], int(size)))
    return found
