"""Notes, checkpoints, cosignatures, proofs and tile paths as C2SP has them, and what is not quite one."""

from __future__ import annotations

import base64
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model.errors import Bug, Untrusted
from app.seal.checkpoint import Checkpoint, open_checkpoint
from app.seal.cosignature import Witness, cosign, cosigned_at, read_time
from app.seal.keys import SigningKey
from app.seal.log_proof import LogProof
from app.seal.merkle import inclusion_proof, leaf_hash, tree_root
from app.seal.note import Note, NoteKey, SignatureLine, is_name, sign_note
from app.seal.tiles import Place, Tiled, grow, pack_entries, unpack_entries

# golang.org/x/mod/sumdb/note, the example of its documentation.
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NEUMANN_SECRET = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
NEUMANN_NOTE = """\
If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
""".encode()

# The example of c2sp.org/tlog-cosignature.
COSIGNED = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9"
    "nTo+zyWE+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZ"
    "qhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
).encode()

KEY, OTHER = SigningKey(b"\x01" * 32), SigningKey(b"\x02" * 32)
ORIGIN = "hub.plant.example/S1/log/site"
CHECKPOINT = Checkpoint(ORIGIN, 3, b"\x07" * 32)

names = st.text(min_size=1, max_size=20).filter(is_name)


def test_the_note_and_the_key_of_another_implementation() -> None:
    key = NoteKey.read(NEUMANN)
    note = Note.read(NEUMANN_NOTE)
    assert key.vkey == NEUMANN
    assert note.signers([key]) == [key]
    assert note.exact() == NEUMANN_NOTE
    secret = SigningKey(base64.b64decode(NEUMANN_SECRET)[1:])
    assert sign_note(note.text, "PeterNeumann", secret) == note.lines[0]


def test_the_cosigned_checkpoint_of_the_specification_reads_and_writes_the_same() -> None:
    note = Note.read(COSIGNED)
    found = Checkpoint.read(note.text)
    assert (found.origin, found.size, found.text) == ("example.com/behind-the-sofa", 20852163, note.text)
    assert note.exact() == COSIGNED
    assert [line.name for line in note.lines] == ["example.com/behind-the-sofa", "witness.example.com/w1"]
    assert read_time(note.lines[1].signature) == 1679315147
    with pytest.raises(Untrusted, match="not signed by any key"):
        note.signers([NoteKey("example.com/behind-the-sofa", KEY.public)])


@given(st.text(max_size=60).filter(lambda t: not any(c < " " for c in t)), names, st.integers(1, 16))
def test_what_was_signed_reads_again(words: str, name: str, count: int) -> None:
    text = f"{words}\n"
    keys = [SigningKey(bytes([number]) * 32) for number in range(count)]
    note = Note(text, tuple(sign_note(text, name, key) for key in keys))
    publics = [NoteKey(name, key.public) for key in keys]
    assert Note.read(note.exact()).signers(publics) == publics
    assert [NoteKey.read(key.vkey) for key in publics] == publics


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"\n",
        b"text\n",
        b"text\n\n",
        NEUMANN_NOTE[:-1],
        NEUMANN_NOTE + b"\n",
        NEUMANN_NOTE + b"more\n",
        NEUMANN_NOTE.replace("— ".encode(), b"- "),
        NEUMANN_NOTE.replace(b"PeterNeumann ", b"Peter+Neumann "),
        NEUMANN_NOTE.replace(b"PeterNeumann ", "Peter\u00a0Neumann ".encode()),
        NEUMANN_NOTE.replace(b"PeterNeumann ", b" "),
        NEUMANN_NOTE.replace(b"PeterNeumann ", b"PeterNeumann  "),
        NEUMANN_NOTE.replace(b"If you", b"If\tyou"),
        NEUMANN_NOTE.replace(b"If you", b"If\0you"),
        NEUMANN_NOTE.replace(b"\n", b"\r\n"),
        NEUMANN_NOTE.replace(b"If you", b"If \xff you"),
        NEUMANN_NOTE.replace(b"nAM=", b"nAN="),  # a second form of the same bytes
        NEUMANN_NOTE.replace(b"nAM=", b"nAM"),
        b"text\n\n" + "— a AAAAAA==\n".encode(),
        b"text\n\n" + "— a AAAAAAA=\n".encode() * 101,
        b"x" * (1024 * 1024) + NEUMANN_NOTE,
    ],
)
def test_what_is_not_quite_a_note(wrong: bytes) -> None:
    with pytest.raises(Untrusted):
        Note.read(wrong)


@given(st.binary(max_size=200) | st.text(alphabet="a\n —+=AZ0 ", max_size=80).map(str.encode))
def test_rubbish_is_refused_in_words_or_reads_as_it_is(data: bytes) -> None:
    for read in (Note.read, LogProof.read):
        with suppress(Untrusted):
            assert read(data).exact() == data
    text = data.decode("utf-8", "replace")
    with suppress(Untrusted):
        assert Checkpoint.read(text).text == text


def test_a_forged_signature_of_a_known_key_spoils_the_note_and_unknown_keys_do_not() -> None:
    text = CHECKPOINT.text
    good, bad = sign_note(text, ORIGIN, KEY), sign_note("another\n", ORIGIN, OTHER)
    known = [NoteKey(ORIGIN, KEY.public), NoteKey(ORIGIN, OTHER.public)]
    assert Note(text, (good, bad)).signers(known[:1]) == known[:1]
    with pytest.raises(Untrusted, match="does not hold"):
        Note(text, (good, bad)).signers(known)
    with pytest.raises(Untrusted, match="does not hold"):
        Note(text, (good, SignatureLine(ORIGIN, good.key_id, b"\0" * 64))).signers(known)
    with pytest.raises(Untrusted, match="not signed"):
        Note(text, (good,)).signers([NoteKey("another.example", KEY.public)])


@given(st.text(max_size=80))
def test_what_is_not_quite_a_key(tail: str) -> None:
    good = NoteKey(ORIGIN, KEY.public).vkey
    for wrong in (tail, good + tail + "x", good[:-1], f"{tail}x{good}", good.replace("+", "+0", 1)):
        with pytest.raises(Untrusted):
            NoteKey.read(wrong)
    with pytest.raises(Untrusted):
        Witness.read(good)  # another signature type


@given(names, st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_a_checkpoint_reads_as_it_was_signed(origin: str, size: int, root: bytes) -> None:
    checkpoint = Checkpoint(origin, size, root)
    note = checkpoint.sign([KEY, OTHER])
    assert open_checkpoint(note, origin, [OTHER.public]) == checkpoint
    with pytest.raises(Untrusted):
        open_checkpoint(note, origin, [SigningKey(b"\x03" * 32).public])
    with pytest.raises(Untrusted):
        open_checkpoint(note, origin + "x", [KEY.public])


@pytest.mark.parametrize(
    "text",
    [
        "o\n3\n",
        "\n3\nROOT\n",
        "o\n03\nROOT\n",
        "o\n+3\nROOT\n",
        "o\n1_0\nROOT\n",
        "o\n-3\nROOT\n",
        "o\n 3\nROOT\n",
        "o\n٣\nROOT\n",
        "o\n9223372036854775808\nROOT\n",
        "o\n3\nROOT",
        "o\n3\nROOT\n\n",
        "o\n3\nROOT\n\nmore\n",
        "o\n3\nBwcH\n",
        "o\n3\nROOT \n",
    ],
)
def test_what_is_not_quite_a_checkpoint(text: str) -> None:
    root = base64.b64encode(b"\x07" * 32).decode()
    with pytest.raises(Untrusted):
        Checkpoint.read(text.replace("ROOT", root))


def test_a_log_key_does_not_vouch_for_another_log_and_nothing_unreadable_is_signed() -> None:
    forged = Checkpoint("another", 3, b"\x07" * 32)
    note = Note(forged.text, (sign_note(forged.text, ORIGIN, KEY),))
    with pytest.raises(Untrusted, match="another log"):
        open_checkpoint(note.exact(), ORIGIN, [KEY.public])
    with pytest.raises(Bug):
        CHECKPOINT.sign([])
    with pytest.raises(Untrusted):
        Checkpoint("", 3, b"\x07" * 32).sign([KEY])


@given(st.integers(0, 2**63 - 1), st.integers(0, 71 * 8 + 7))
def test_a_witness_signs_a_time_and_no_bit_of_it_can_be_changed(seconds: int, bit: int) -> None:
    line = cosign(CHECKPOINT.text, "w.example", KEY, seconds)
    witness = Witness.read(Witness("w.example", KEY.public).vkey)
    log = sign_note(CHECKPOINT.text, ORIGIN, OTHER)
    note = Note.read(Note(CHECKPOINT.text, (log, line)).exact())
    assert cosigned_at(note, witness) == seconds
    flipped = (int.from_bytes(line.signature, "big") ^ (1 << bit)).to_bytes(72, "big")
    with pytest.raises(Untrusted):
        witness.check(CHECKPOINT.text, flipped)
    with pytest.raises(Untrusted):
        witness.check(CHECKPOINT.text.replace("3", "4"), line.signature)


def test_a_cosignature_is_the_message_of_the_specification() -> None:
    from app.seal.keys import verify

    line = cosign(CHECKPOINT.text, "w.example", KEY, 1679315147)
    assert line.signature[:8] == (1679315147).to_bytes(8, "big")
    said = f"cosignature/v1\ntime 1679315147\n{ORIGIN}\n3\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n"
    verify(KEY.public, line.signature[8:], said.encode())


# -- proofs --------------------------------------------------------------------------------------------------


def proof_of(count: int, index: int, extra: bytes = b"") -> LogProof:
    tiles = grow(lambda _level, _index: b"", 0, [leaf_hash(b"%d" % number) for number in range(count)])
    tree = Tiled(lambda level, index: tiles[level, index])
    checkpoint = Checkpoint(ORIGIN, count, tree_root(tree, count)).sign([KEY])
    return LogProof(index, tuple(inclusion_proof(tree, index, count)), checkpoint, extra)


@given(st.integers(1, 300), st.data(), st.binary(max_size=40))
def test_a_proof_reads_again_and_proves_its_entry_only(count: int, data: st.DataObject, extra: bytes) -> None:
    index = data.draw(st.integers(0, count - 1))
    written = proof_of(count, index, extra).exact()
    proof = LogProof.read(written)
    assert proof.extra == extra
    assert proof.verify(b"%d" % index, ORIGIN, [KEY.public]).size == count
    with pytest.raises(Untrusted):
        proof.verify(b"%d" % (index + 1), ORIGIN, [KEY.public])
    with pytest.raises(Untrusted):
        proof.verify(b"%d" % index, ORIGIN, [OTHER.public])


@given(st.data())
def test_a_proof_with_one_byte_changed_is_refused(data: st.DataObject) -> None:
    written = bytearray(proof_of(37, 17).exact())
    at = data.draw(st.integers(0, len(written) - 1))
    written[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Untrusted):
        LogProof.read(bytes(written)).verify(b"17", ORIGIN, [KEY.public])


def test_a_proof_has_the_form_of_the_specification() -> None:
    lines = proof_of(3, 2, b"x").exact().decode().split("\n")
    assert lines[:3] == ["c2sp.org/tlog-proof@v1", "extra eA==", "index 2"]
    assert (lines[4], lines[5]) == ("", ORIGIN)
    good = proof_of(3, 2).exact()
    for wrong in (
        good.replace(b"@v1", b"@v2"),
        good.replace(b"index 2\n", b"index 02\n"),
        good.replace(b"index 2\n", b"index 2\nAAAA\n"),
        good.replace(b"index 2\n", b"extra \nindex 2\n"),
        good.replace(b"index 2\n", b"index 2\nextra eA==\n"),
        good.replace(b"index 2\n", b""),
        good.replace(b"index 2\n", b"index 2\n" + b"A" * 43 + b"=\n" * 1 + (b"A" * 43 + b"=\n") * 63),
    ):
        with pytest.raises(Untrusted):
            LogProof.read(wrong)


# -- tile paths and bundles ----------------------------------------------------------------------------------


def test_paths_are_those_of_the_specification() -> None:
    assert Place(0, 1234067).path == "tile/0/x001/x234/067"
    assert Place(1, 0, 17).path == "tile/1/000.p/17"
    assert Place(None, 273, 112).path == "tile/entries/273.p/112"
    assert Place(63, 1000).path == "tile/63/x001/000"


@given(st.none() | st.integers(0, 63), st.integers(0, 10**18), st.integers(1, 256))
def test_a_path_reads_again(level: int | None, index: int, width: int) -> None:
    place = Place(level, index, width)
    assert Place.read(place.path) == place


@pytest.mark.parametrize(
    "path",
    [
        *("", "tile/0/", "tile/00/000", "tile/64/000", "tile/0/67", "tile/0/x000/067", "tile/0/0067"),
        *("tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/x001/x234", "tile/0/001/234"),
        *("tile/0/000/", "/tile/0/000", "tile/x/000", "tile/0/000.p/", "tile/0/٠٠٠", "tile/0/000\n"),
    ],
)
def test_what_is_not_quite_a_path(path: str) -> None:
    with pytest.raises(Untrusted):
        Place.read(path)


@given(st.lists(st.binary(max_size=50), max_size=40), st.integers(0, 5))
def test_a_bundle_reads_again_whole_or_not_at_all(entries: list[bytes], more: int) -> None:
    bundle = pack_entries(entries)
    assert unpack_entries(bundle, len(entries)) == entries
    for wrong, width in ((bundle + b"\0", len(entries)), (bundle, len(entries) + 1 + more)):
        with pytest.raises(Untrusted):
            unpack_entries(wrong, width)
    with pytest.raises(Bug):
        pack_entries([b"x" * 65536])
