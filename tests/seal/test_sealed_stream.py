"""Sealed with a passphrase: what was cut, moved or changed is noticed, and said as what it is."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.model.errors import Expected
from app.seal import sealed_stream
from app.seal.sealed_stream import CHUNK_BYTES, Cost, Opener, Sealer

CHEAP = Cost(1, 1, 8)
WORDS = "correct horse battery"
HEAD = len(sealed_stream.MAGIC) + 14 + 16 + 8 + 32
BOX = CHUNK_BYTES + 16


def sealed(plain: bytes, words: str = WORDS) -> bytes:
    file = io.BytesIO()
    sealer = Sealer(file, words, CHEAP)
    for start in range(0, len(plain), 100_000):
        sealer.write(plain[start : start + 100_000])
    sealer.finish()
    return file.getvalue()


def opened(box: bytes, words: str = WORDS) -> bytes:
    opener, parts = Opener(io.BytesIO(box), words), []
    while part := opener.read(70_000):
        parts.append(part)
    return b"".join(parts)


def refused(box: bytes, words: str = WORDS) -> str:
    with pytest.raises(Expected) as told:
        opened(box, words)
    return told.value.code


@pytest.mark.parametrize("length", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])
def test_what_goes_in_comes_out(length: int) -> None:
    plain = bytes(range(256)) * (length // 256 + 1)
    assert opened(sealed(plain[:length])) == plain[:length]


def test_two_files_of_the_same_have_nothing_in_common_after_the_header() -> None:
    first, second = sealed(b"x" * 5000), sealed(b"x" * 5000)
    assert first[HEAD:] != second[HEAD:]
    assert b"xxxx" not in first


def test_the_same_words_in_another_normal_form_open_it() -> None:
    assert opened(sealed(b"x", "Z\u00fcrich am See im Mai"), "Zu\u0308rich am See im Mai") == b"x"


def test_another_passphrase_is_told_from_damage() -> None:
    box = sealed(b"secret")
    assert refused(box, "correct horse batterY") == "wrong_passphrase"
    assert refused(b"PK" + box[2:]) == "not_sealed"
    assert refused(b"") == "not_sealed"
    assert (
        refused(box[: len(sealed_stream.MAGIC)] + b"\0\2" + box[len(sealed_stream.MAGIC) + 2 :])
        == "newer_sealed"
    )


def test_an_end_that_is_missing_is_told_wherever_it_was_cut() -> None:
    box = sealed(b"x" * (2 * CHUNK_BYTES + 5))
    assert refused(box[: HEAD + BOX]) == refused(box[: HEAD + 2 * BOX]) == "sealed_cut"
    assert refused(box[:HEAD]) == refused(box[: HEAD - 1]) == refused(box[:30]) == "sealed_cut"
    assert refused(box[:-1]) == "sealed_damaged"
    assert refused(box + b"x") == "sealed_damaged"


def test_chunks_that_change_places_are_noticed() -> None:
    box = sealed(b"x" * (3 * CHUNK_BYTES))
    one, two = box[HEAD : HEAD + BOX], box[HEAD + BOX : HEAD + 2 * BOX]
    assert refused(box[:HEAD] + two + one + box[HEAD + 2 * BOX :]) == "sealed_damaged"
    assert refused(box[:HEAD] + one + box[HEAD + 2 * BOX :]) == "sealed_damaged"


BOX_OF_ONE = sealed(b"one page of a manual")


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(BOX_OF_ONE) * 8 - 1))
def test_no_changed_bit_goes_unnoticed(bit: int) -> None:
    changed = bytearray(BOX_OF_ONE)
    changed[bit // 8] ^= 1 << bit % 8
    known = {"not_sealed", "newer_sealed", "sealed_damaged", "sealed_cut", "wrong_passphrase"}
    code = refused(bytes(changed))
    assert code in known
    assert code != "wrong_passphrase" or bit // 8 >= HEAD - 32


def test_a_short_passphrase_seals_nothing() -> None:
    with pytest.raises(Expected) as told:
        Sealer(io.BytesIO(), "short       ", CHEAP)
    assert told.value.code == "short_passphrase"


def test_a_second_reading_is_the_same() -> None:
    opener = Opener(io.BytesIO(sealed(b"abc" * 200_000)), WORDS)
    assert opener.read(10) == b"abcabcabca"
    opener.rewind()
    assert opener.read(10**6) == b"abc" * 200_000
