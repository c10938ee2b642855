"""A badge's number: asked for by the standard, written as the plant's other readers write it, or refused."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kiosk.readers.uid import NumberForm, read_uid, written
from app.model.errors import Damaged, Expected, Refused
from tests.fakes.card import SoftwareCard


def test_the_number_is_read_as_pcsc_part_3_says() -> None:
    card = SoftwareCard(uid=bytes.fromhex("04a2b3c4d5e680"))
    assert read_uid(card.answer) == bytes.fromhex("04a2b3c4d5e680")
    assert card.seen == [bytes.fromhex("ffca000000")]


def test_one_badge_has_one_number_in_each_form() -> None:
    uid = bytes.fromhex("5a1b2c3d")
    assert written(uid, NumberForm.HEX) == "5A1B2C3D"
    assert written(uid, NumberForm.DECIMAL) == "1511730237"
    assert written(uid, NumberForm.DECIMAL_REVERSED) == "1026300762"


@given(st.binary(min_size=4, max_size=10), st.sampled_from(NumberForm))
def test_two_badges_of_one_length_never_share_a_number(uid: bytes, form: NumberForm) -> None:
    other = bytes([uid[0] ^ 1]) + uid[1:]
    assert written(uid, form) != written(other, form)
    assert written(uid, form).isascii()


def test_a_card_without_a_number_is_refused_in_words() -> None:
    with pytest.raises(Refused) as refused:
        read_uid(SoftwareCard(uid=b"").answer)
    assert refused.value.code == "no_uid"
    assert "alone" in refused.value.advice


def test_a_phone_with_a_random_number_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        read_uid(SoftwareCard(uid=bytes.fromhex("08a1b2c3")).answer)
    assert refused.value.code == "random_uid"


@pytest.mark.parametrize("uid", [b"\x04", b"\x04\x05\x06", bytes(4), bytes(7), bytes(range(1, 12))])
def test_what_is_no_number_of_any_standard_is_damaged(uid: bytes) -> None:
    with pytest.raises(Damaged):
        read_uid(SoftwareCard(uid=uid).answer)


@given(st.binary(max_size=40))
def test_any_answer_is_a_number_or_expected(raw: bytes) -> None:
    with contextlib.suppress(Expected):
        assert len(read_uid(lambda _request: raw)) in {4, 7, 8, 10}
