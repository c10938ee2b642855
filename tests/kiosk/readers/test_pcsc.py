"""The reader against a real pcscd, its virtual reader, and a card that answers real APDUs."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.kiosk.readers import Presence, Presented, ReaderState
from app.kiosk.readers.authorities import Authorities
from app.kiosk.readers.pcsc import CardUse, PcscReader, PcscSettings
from app.kiosk.readers.uid import NumberForm
from app.kiosk.readers.winscard import PLUG_EVENTS, UNAWARE, Winscard
from app.model.errors import Expected
from app.model.terms import CredentialKind
from tests.fakes.card import CardCa, SoftwareCard, Tapped
from tests.kiosk.readers.conftest import until_card
from tests.kiosk.readers.listening import Heard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.kiosk.readers.conftest import Pcscd

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
CA = CardCa()
SITE = Authorities.from_pem(CA.pem, "Acme Devices")
PLAIN = PcscSettings(match="virtual")
CHECKING = PcscSettings(match="virtual", cards=CardUse.OPTIONAL, authorities=SITE)


class Observed(Winscard):
    """The real service, which says when the reader has seen its card-less state and waits for a card."""

    def __init__(self, waiting: threading.Event) -> None:
        super().__init__()
        self._waiting = waiting

    def open(self) -> None:
        self._waiting.clear()
        super().open()

    def wait(self, known: dict[str, int], seconds: float) -> dict[str, int]:
        states = [state for name, state in known.items() if name != PLUG_EVENTS]
        if states and UNAWARE not in states:
            self._waiting.set()
        return super().wait(known, seconds)


class Bench:
    """A started reader and what it told."""

    def __init__(self, settings: PcscSettings, **more: object) -> None:
        self.heard = Heard()
        self.waiting = threading.Event()
        self.reader = PcscReader(
            "card reader",
            settings,
            lambda: NOW,
            service=lambda: Observed(self.waiting),
            **more,  # type: ignore[arg-type]
        )
        self.reader.start(self.heard)

    def ready(self) -> None:
        state = self.heard.next()
        assert isinstance(state, ReaderState)
        assert state.presence is Presence.PRESENT, state
        assert self.waiting.wait(30.0), "it does not look at the reader"

    def tap(self, card: SoftwareCard, pcscd: Pcscd) -> Presented | ReaderState | Expected:
        with Tapped(card, pcscd.port):
            return self.heard.next()


@pytest.fixture
def benches() -> Iterator[list[Bench]]:
    made: list[Bench] = []
    yield made
    for bench in made:
        bench.reader.stop()


def start(benches: list[Bench], settings: PcscSettings, **more: object) -> Bench:
    benches.append(Bench(settings, **more))
    return benches[-1]


def test_a_badge_is_read_by_its_number(pcscd: Pcscd, benches: list[Bench]) -> None:
    pcscd.start()
    bench = start(benches, PcscSettings(match="virtual", number=NumberForm.HEX))
    bench.ready()
    told = bench.tap(SoftwareCard(uid=bytes.fromhex("04a2b3c4d5e680")), pcscd)
    assert told == Presented(CredentialKind.UID, "04A2B3C4D5E680", "card reader")


def test_a_card_of_the_site_proves_itself(pcscd: Pcscd, benches: list[Bench]) -> None:
    pcscd.start()
    mine = ec.generate_private_key(ec.SECP256R1())
    point = mine.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    bench = start(benches, CHECKING, points=lambda _fingerprint: point)
    bench.ready()
    card = CA.issue(holder="Dana Reyes")
    told = bench.tap(card, pcscd)
    assert isinstance(told, Presented)
    assert told.kind is CredentialKind.CARD
    assert told.card is not None
    assert told.card.name == "Dana Reyes"
    assert card.key is not None
    assert told.card.secret == mine.exchange(ec.ECDH(), card.key.public_key())


def test_a_copied_number_of_a_card_is_worth_a_number(pcscd: Pcscd, benches: list[Bench]) -> None:
    """A clone has the card's number and no key: it is a number, whatever it was copied from."""
    pcscd.start()
    bench = start(benches, CHECKING)
    bench.ready()
    real = CA.issue()
    strong = bench.tap(real, pcscd)
    until_card(there=False)
    weak = bench.tap(SoftwareCard(uid=real.uid), pcscd)
    assert isinstance(strong, Presented)
    assert isinstance(weak, Presented)
    assert (strong.kind, weak.kind) == (CredentialKind.CARD, CredentialKind.UID)
    assert weak.text != strong.text


def test_a_card_that_fails_its_proof_is_not_taken_for_its_number(pcscd: Pcscd, benches: list[Bench]) -> None:
    pcscd.start()
    bench = start(benches, CHECKING)
    bench.ready()
    told = bench.tap(CardCa(name="Other").issue(), pcscd)
    assert isinstance(told, Expected)
    assert told.code == "card_other_ca"
    assert bench.heard.silent


def test_where_cards_are_required_a_number_is_refused(pcscd: Pcscd, benches: list[Bench]) -> None:
    pcscd.start()
    bench = start(benches, PcscSettings(match="virtual", cards=CardUse.REQUIRED, authorities=SITE))
    bench.ready()
    told = bench.tap(SoftwareCard(), pcscd)
    assert isinstance(told, Expected)
    assert told.code == "card_required"


@pytest.mark.parametrize("after", [1, 2, 3])
def test_a_card_that_is_pulled_early_is_misread_and_the_next_tap_works(
    pcscd: Pcscd, benches: list[Bench], after: int
) -> None:
    pcscd.start()
    bench = start(benches, CHECKING)
    bench.ready()
    card = CA.issue()
    card.gone_after = after
    told = bench.tap(card, pcscd)
    assert isinstance(told, Expected)
    assert told.code in {"card_gone", "card_mute"}
    assert told.advice
    until_card(there=False)
    card.gone_after = None
    again = bench.tap(card, pcscd)
    assert isinstance(again, Presented)
    assert again.kind is CredentialKind.CARD


def test_a_card_that_answers_nonsense_is_misread(pcscd: Pcscd, benches: list[Bench]) -> None:
    pcscd.start()
    bench = start(benches, CHECKING)
    bench.ready()
    card = CA.issue()
    card.garbage = {2: b"\x53\x82\xff\xff\x70\x90\x00"}
    told = bench.tap(card, pcscd)
    assert isinstance(told, Expected)
    assert told.code == "card_garbled"


def test_a_card_left_on_the_reader_is_one_tap(pcscd: Pcscd, benches: list[Bench]) -> None:
    pcscd.start()
    bench = start(benches, PLAIN)
    bench.ready()
    with Tapped(SoftwareCard(), pcscd.port):
        assert isinstance(bench.heard.next(), Presented)
        time.sleep(2.5)
        assert bench.heard.silent


def test_a_badge_that_lies_there_when_the_kiosk_starts_is_no_tap(pcscd: Pcscd, benches: list[Bench]) -> None:
    pcscd.start()
    with Tapped(SoftwareCard(), pcscd.port):
        until_card(there=True)
        bench = start(benches, PLAIN)
        bench.ready()
        time.sleep(0.5)
        assert bench.heard.silent
    until_card(there=False)
    assert isinstance(bench.tap(SoftwareCard(), pcscd), Presented)


def test_the_service_is_absent_then_there_then_without_reader_then_whole(
    pcscd: Pcscd, benches: list[Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    pcscd.own()
    monkeypatch.setattr("app.kiosk.readers.pcsc.RETRY_SECONDS", 0.2)
    pcscd.stop()
    bench = start(benches, PLAIN)
    states = [bench.heard.next()]
    pcscd.start()
    states.append(bench.heard.next())
    pcscd.stop()
    states.append(bench.heard.next())
    pcscd.start(plugged_in=False)
    states.append(bench.heard.next())
    pcscd.stop()
    states.append(bench.heard.next())
    pcscd.start()
    states.append(bench.heard.next())
    assert all(isinstance(state, ReaderState) for state in states)
    codes = [(s.presence, s.code) for s in states if isinstance(s, ReaderState)]
    missing, absent = (Presence.ABSENT, "pcscd_missing"), (Presence.ABSENT, "reader_absent")
    ready = (Presence.PRESENT, "reader")
    assert codes == [missing, ready, missing, absent, missing, ready]
    assert isinstance(states[0], ReaderState)
    assert "systemctl enable --now pcscd.socket" in states[0].advice
    assert bench.waiting.wait(30.0)
    assert isinstance(bench.tap(SoftwareCard(), pcscd), Presented)


def test_a_reader_of_another_name_is_not_ours(pcscd: Pcscd, benches: list[Bench]) -> None:
    pcscd.start()
    bench = start(benches, PcscSettings(match="no reader of this name"))
    state = bench.heard.next()
    assert isinstance(state, ReaderState)
    assert state.code == "reader_absent"
    with Tapped(SoftwareCard(), pcscd.port):
        time.sleep(1.0)
        assert bench.heard.silent


def test_stopping_is_quick_and_nothing_is_told_afterwards(pcscd: Pcscd) -> None:
    pcscd.start()
    bench = Bench(PLAIN)
    bench.ready()
    began = time.monotonic()
    bench.reader.stop()
    assert time.monotonic() - began < 1.0
    with Tapped(SoftwareCard(), pcscd.port):
        time.sleep(0.8)
    assert bench.heard.silent
