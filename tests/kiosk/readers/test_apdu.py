"""Whatever a card answers is data or a clear refusal: never a crash, never more than it may be."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kiosk.readers.apdu import MAX_ANSWER, command, exchange, field, parse_tlv, tlv
from app.model.errors import Damaged
from tests.fakes import card as independent

tags = st.sampled_from([0x53, 0x70, 0x71, 0x7C, 0x82, 0xFE, 0x5F2F, 0x7F49, 0x7F8102])


def script(*answers: bytes):
    """A card that gives these answers in turn, and a list of what it was sent."""
    left, sent = list(answers), []

    def transmit(request: bytes) -> bytes:
        sent.append(request)
        return left.pop(0)

    return transmit, sent


def test_commands_are_encoded_as_the_standard_says() -> None:
    assert command("ffca0000") == bytes.fromhex("ffca000000")
    assert command("00a40400", b"\xa0\x00") == bytes.fromhex("00a4040002a00000")
    assert command("00200080", b"\x31", expect=False) == bytes.fromhex("002000800131")


def test_a_long_answer_is_fetched_part_by_part() -> None:
    transmit, sent = script(b"ab\x61\x02", b"cd\x61\x00", b"ef\x90\x00")
    answer = exchange(transmit, command("00cb3fff"))
    assert (answer.data, answer.ok) == (b"abcdef", True)
    assert sent[1:] == [bytes.fromhex("00c0000002"), bytes.fromhex("00c0000000")]


def test_a_wrong_expected_length_is_corrected() -> None:
    transmit, sent = script(b"\x6c\x07", b"1234567\x90\x00")
    assert exchange(transmit, command("ffca0000")).data == b"1234567"
    assert sent[1] == bytes.fromhex("ffca000007")


def test_a_card_that_never_ends_is_given_up() -> None:
    with pytest.raises(Damaged, match="without end"):
        exchange(lambda _request: b"\x61\x00", command("00cb3fff"))
    with pytest.raises(Damaged, match="without end"):
        exchange(lambda _request: b"\x6c\x01", command("00cb3fff"))


def test_a_card_that_sends_too_much_is_given_up() -> None:
    with pytest.raises(Damaged, match="too long"):
        exchange(lambda _request: bytes(256) + b"\x61\x00", command("00cb3fff"))
    with pytest.raises(Damaged, match="too long"):
        exchange(lambda _request: bytes(MAX_ANSWER + 1) + b"\x90\x00", command("00cb3fff"))


@pytest.mark.parametrize("raw", [b"", b"\x90"])
def test_an_answer_without_status_is_refused(raw: bytes) -> None:
    with pytest.raises(Damaged, match="no status"):
        exchange(lambda _request: raw, command("ffca0000"))


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=6))
def test_any_answers_end_in_data_or_damaged(answers: list[bytes]) -> None:
    turn = iter(answers * 200)
    with contextlib.suppress(Damaged):
        answer = exchange(lambda _request: next(turn), command("00cb3fff"))
        assert answer.status >> 8 not in {0x61, 0x6C}
        assert len(answer.data) <= MAX_ANSWER


@given(st.lists(st.tuples(tags, st.binary(max_size=70_000)), max_size=4))
def test_fields_come_back_as_they_were_written(fields: list[tuple[int, bytes]]) -> None:
    assert parse_tlv(b"".join(tlv(tag, value) for tag, value in fields)) == tuple(fields)


@given(st.sampled_from([0x53, 0x70, 0x82]), st.binary(max_size=3000))
def test_both_writers_agree(tag: int, value: bytes) -> None:
    assert tlv(tag, value) == independent.tlv(bytes([tag]), value)


@given(st.binary(max_size=400))
def test_any_bytes_are_fields_or_damaged(data: bytes) -> None:
    with contextlib.suppress(Damaged):
        fields = parse_tlv(data)
        assert sum(len(value) for _tag, value in fields) <= len(data)


@given(st.lists(st.tuples(tags, st.binary(min_size=1, max_size=200)), min_size=1, max_size=3), st.data())
def test_a_cut_field_is_never_taken_for_whole(fields: list[tuple[int, bytes]], data: st.DataObject) -> None:
    whole = b"".join(tlv(tag, value) for tag, value in fields)
    ends = {sum(len(tlv(*f)) for f in fields[:n]) for n in range(len(fields) + 1)}
    cut = data.draw(st.integers(0, len(whole) - 1).filter(lambda at: at not in ends))
    with pytest.raises(Damaged):
        parse_tlv(whole[:cut])


@pytest.mark.parametrize("data", ["7080", "708400000001ff", "70", "1f", "1f8181", "1f818101", "7002ff"])
def test_lengths_and_tags_that_do_not_hold_are_refused(data: str) -> None:
    with pytest.raises(Damaged):
        parse_tlv(bytes.fromhex(data))


def test_a_field_that_is_there_twice_is_refused() -> None:
    twice = tlv(0x82, b"a") + tlv(0x82, b"b")
    with pytest.raises(Damaged, match="2 times"):
        field(twice, 0x82)
    with pytest.raises(Damaged, match="0 times"):
        field(twice, 0x81)
