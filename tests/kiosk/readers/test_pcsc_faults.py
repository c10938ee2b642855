"""What readers and the service do to us, one by one: each is said in words, and the next tap works."""

from __future__ import annotations

import logging
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from app.kiosk.readers import Presence, Presented, ReaderState, pcsc, winscard
from app.kiosk.readers.authorities import Authorities
from app.kiosk.readers.pcsc import CardUse, PcscReader, PcscSettings
from app.model.errors import Bug, Expected
from app.model.terms import CredentialKind
from tests.fakes.card import CardCa, SoftwareCard
from tests.fakes.pcsc import MemoryPcsc
from tests.kiosk.readers.listening import Heard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
CA = CardCa()
NAME = "ACME Contactless 00 00"
PLAIN = PcscSettings()
CHECKING = PcscSettings(cards=CardUse.OPTIONAL, authorities=Authorities.from_pem(CA.pem))


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pcsc, "RETRY_SECONDS", 0.05)


@pytest.fixture
def service() -> MemoryPcsc:
    return MemoryPcsc(NAME)


@pytest.fixture
def started(service: MemoryPcsc) -> Iterator[Callable[..., Heard]]:
    readers = []

    def start(settings: PcscSettings = PLAIN, heard: Heard | None = None) -> Heard:
        heard = heard or Heard()
        readers.append(PcscReader("card reader", settings, lambda: NOW, service=lambda: service))
        readers[-1].start(heard)
        return heard

    yield start
    for reader in readers:
        reader.stop()


def is_ready(heard: Heard, service: MemoryPcsc) -> None:
    state = heard.next()
    assert isinstance(state, ReaderState)
    assert state.presence is Presence.PRESENT
    service.settle()


def test_a_reader_that_is_pulled_out_and_put_back_is_said(service: MemoryPcsc, started) -> None:
    heard = started()
    is_ready(heard, service)
    service.pull_out(NAME)
    away = heard.next()
    service.plug_in(NAME)
    back = heard.next()
    assert isinstance(away, ReaderState)
    assert (away.presence, away.code) == (Presence.ABSENT, "reader_absent")
    assert "Plug its cable in again" in away.advice
    assert isinstance(back, ReaderState)
    assert back.presence is Presence.PRESENT
    service.settle()
    service.lay(NAME, SoftwareCard())
    assert isinstance(heard.next(), Presented)


def test_one_of_two_readers_pulled_out_leaves_the_other_at_work(service: MemoryPcsc, started) -> None:
    service.plug_in("ACME Contactless 01 00")
    heard = started()
    is_ready(heard, service)
    service.pull_out(NAME)
    service.settle()
    assert heard.silent
    service.lay("ACME Contactless 01 00", SoftwareCard())
    assert isinstance(heard.next(), Presented)


def test_a_reader_put_back_with_a_badge_on_it_is_no_tap(service: MemoryPcsc, started) -> None:
    heard = started()
    is_ready(heard, service)
    service.pull_out(NAME)
    assert isinstance(heard.next(), ReaderState)
    service.plug_in(NAME)
    service.lay(NAME, SoftwareCard())
    assert isinstance(heard.next(), ReaderState)
    service.settle()
    told = [] if heard.silent else [heard.next()]
    service.take(NAME)
    service.settle()
    service.lay(NAME, SoftwareCard())
    told.append(heard.next())
    # Laid down in the very moment of plugging in it may count as a tap, but never twice.
    assert 1 <= len(told) <= 2
    assert all(isinstance(one, Presented) for one in told)


def test_badges_swapped_in_a_blink_are_both_read(service: MemoryPcsc, started) -> None:
    heard = started()
    is_ready(heard, service)
    service.lay(NAME, SoftwareCard(uid=b"\x04\x01\x02\x03\x04\x05\x06"))
    first = heard.next()
    service.settle()
    service.swap(NAME, SoftwareCard(uid=b"\x04\x0a\x0b\x0c\x0d\x0e\x0f"))
    second = heard.next()
    assert isinstance(first, Presented)
    assert isinstance(second, Presented)
    assert (first.text, second.text) == ("04010203040506", "040A0B0C0D0E0F")


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (winscard.NO_SERVICE, "pcscd_missing"),
        (winscard.SERVICE_STOPPED, "pcscd_missing"),
        (winscard.SECURITY_VIOLATION, "pcscd_denied"),
        (0x80100001, "pcscd_fault"),
    ],
)
def test_a_service_that_does_not_let_us_in(service: MemoryPcsc, started, code: int, says: str) -> None:
    service.open_error = code
    heard = started()
    state = heard.next()
    assert isinstance(state, ReaderState)
    assert (state.presence, state.code) == (Presence.ABSENT, says)
    assert state.advice
    service.open_error = None
    is_ready(heard, service)


def test_a_service_that_keeps_failing_is_said_once_and_not_asked_in_a_hurry(
    service: MemoryPcsc, started, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pcsc, "RETRY_SECONDS", 0.3)
    service.wait_error = 0x80100013
    heard = started()
    assert isinstance(heard.next(), ReaderState)  # it is there …
    state = heard.next()  # … and does not work
    assert isinstance(state, ReaderState)
    assert state.code == "pcscd_fault"
    opened = service.opened
    time.sleep(0.65)
    assert service.opened - opened <= 3
    service.wait_error = None
    is_ready(heard, service)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (winscard.REMOVED, "card_gone"),
        (winscard.NO_SMARTCARD, "card_gone"),
        (winscard.RESET, "card_gone"),
        (winscard.NOT_TRANSACTED, "card_gone"),
        (winscard.COMM_DATA_LOST, "card_gone"),
        (winscard.UNRESPONSIVE, "card_mute"),
        (winscard.UNPOWERED, "card_mute"),
        (winscard.SHARING_VIOLATION, "reader_busy"),
    ],
)
def test_a_card_that_cannot_be_talked_to(service: MemoryPcsc, started, code: int, says: str) -> None:
    heard = started()
    is_ready(heard, service)
    service.card_error = code
    service.lay(NAME, SoftwareCard())
    told = heard.next()
    assert isinstance(told, Expected)
    assert told.code == says
    assert told.advice
    service.card_error = None
    service.take(NAME)
    service.settle()
    service.lay(NAME, SoftwareCard())
    assert isinstance(heard.next(), Presented)


def test_a_card_put_in_the_wrong_way_round(service: MemoryPcsc, started) -> None:
    heard = started()
    is_ready(heard, service)
    service.mute = True
    service.lay(NAME, SoftwareCard())
    told = heard.next()
    assert isinstance(told, Expected)
    assert told.code == "card_mute"


@pytest.mark.parametrize("after", range(4))
def test_a_card_pulled_after_each_command(service: MemoryPcsc, started, after: int) -> None:
    heard = started(CHECKING)
    is_ready(heard, service)
    card = CA.issue()
    card.gone_after = after
    service.lay(NAME, card)
    told = heard.next()
    assert isinstance(told, Expected)
    assert told.code == "card_gone"
    assert heard.silent


def test_cards_are_not_asked_where_they_are_not_used(service: MemoryPcsc, started) -> None:
    heard = started(PcscSettings(cards=CardUse.OFF))
    is_ready(heard, service)
    card = CA.issue()
    service.lay(NAME, card)
    told = heard.next()
    assert isinstance(told, Presented)
    assert told.kind is CredentialKind.UID
    assert [apdu[:2] for apdu in card.seen] == [b"\xff\xca"]


def test_a_card_that_fails_its_proof_is_not_taken_for_its_number(service: MemoryPcsc, started) -> None:
    heard = started(CHECKING)
    is_ready(heard, service)
    service.lay(NAME, CardCa(name="Other").issue())
    told = heard.next()
    assert isinstance(told, Expected)
    assert told.code == "card_other_ca"
    service.settle()
    assert heard.silent


def test_where_cards_are_required_a_number_is_refused(service: MemoryPcsc, started) -> None:
    heard = started(PcscSettings(cards=CardUse.REQUIRED, authorities=CHECKING.authorities))
    is_ready(heard, service)
    service.lay(NAME, SoftwareCard())
    told = heard.next()
    assert isinstance(told, Expected)
    assert told.code == "card_required"


def test_a_badge_that_lies_there_at_the_start_is_no_tap(service: MemoryPcsc, started) -> None:
    service.lay(NAME, SoftwareCard())
    heard = started()
    is_ready(heard, service)
    assert heard.silent
    service.take(NAME)
    service.settle()
    service.lay(NAME, SoftwareCard())
    assert isinstance(heard.next(), Presented)


def test_a_listener_that_fails_does_not_end_the_reader(
    service: MemoryPcsc, started, caplog: pytest.LogCaptureFixture
) -> None:
    class Failing(Heard):
        def on_presented(self, presented: Presented) -> None:
            super().on_presented(presented)
            raise RuntimeError("the listener's fault")

    with caplog.at_level(logging.ERROR):
        heard = started(heard=Failing())
        is_ready(heard, service)
        for _tap in range(2):
            service.lay(NAME, SoftwareCard())
            assert isinstance(heard.next(), Presented)
            service.take(NAME)
            service.settle()
    assert "the listener failed" in caplog.text


def test_without_pyscard_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "smartcard.scard", None)
    heard = Heard()
    reader = PcscReader("card reader", PcscSettings(), lambda: NOW)
    reader.start(heard)
    state = heard.next()
    reader.stop()
    assert isinstance(state, ReaderState)
    assert (state.presence, state.code) == (Presence.ABSENT, "pyscard_missing")
    assert "apt install python3-pyscard" in state.advice


def test_no_number_reaches_a_log(service: MemoryPcsc, started, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        heard = started()
        is_ready(heard, service)
        service.lay(NAME, SoftwareCard(uid=bytes.fromhex("04a2b3c4d5e680")))
        told = heard.next()
    assert "04A2B3C4D5E680" not in caplog.text + repr(told)


def test_checking_cards_without_a_ca_is_our_bug() -> None:
    with pytest.raises(Bug):
        PcscReader("card reader", PcscSettings(cards=CardUse.REQUIRED), lambda: NOW)
