"""Badge readers at the engine: a real reader on a thread of its own, cards that compute, plugs pulled out."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from app.kiosk.card_access import point_for
from app.kiosk.readers.authorities import Authorities
from app.kiosk.readers.pcsc import CardUse, PcscReader, PcscSettings
from app.kiosk.view import Stage
from app.model.terms import KioskStatus
from app.seal.card_slot import make_card_slot
from app.seal.slot import OperatorKey
from app.wire.messages import EventKind
from tests.fakes.card import CardCa, SoftwareCard
from tests.fakes.pcsc import MemoryPcsc
from tests.kiosk.shift import Shift
from tests.kiosk.small_plant import ANA, SALT, START, SmallPlant, Worker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CA = CardCa(start=START - timedelta(days=30), end=START + timedelta(days=3000))
READER = "ACME 00 00"


def holder(name: str = "Caro Diaz") -> tuple[SoftwareCard, Worker]:
    """A card, and the worker whose slot is sealed to it."""
    card = CA.issue(holder=name)
    key = x509.load_der_x509_certificate(card.certificate).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    slot = make_card_slot(key, SALT, OperatorKey.generate())
    return card, Worker("1020", name, "0000000000", card=slot)


@contextmanager
def reading(
    folder: Path, plant: SmallPlant, use: CardUse = CardUse.OPTIONAL
) -> Iterator[tuple[Shift, MemoryPcsc]]:
    """A kiosk with a PC/SC reader, which asks the lease in force what a card computes from."""
    service = MemoryPcsc(READER)
    holding = plant.holding(1)
    reader = PcscReader(
        "card reader",
        PcscSettings(cards=use, authorities=Authorities.from_pem(CA.pem)),
        lambda: START,
        service=lambda: service,
        points=lambda fingerprint: point_for(holding.lease, fingerprint),
    )
    with Shift(folder, plant, readers=(reader,)) as shift:
        service.settle()
        yield shift, service


def test_a_card_that_proves_itself_opens_the_pages_and_a_second_time_locks(tmp_path: Path) -> None:
    card, caro = holder()
    with reading(tmp_path, SmallPlant(workers=(ANA, caro))) as (shift, service):
        service.lay(READER, card)
        screen = shift.until(lambda s: s.session is not None)
        assert screen.session is not None
        assert screen.session.name == "Caro Diaz"
        shift.until_painted(lambda p: p.index == 0)
        shift.clock.forward(5)
        service.take(READER)
        service.settle()
        service.lay(READER, card)
        shift.until(lambda s: s.stage is Stage.BADGE)


def test_a_card_of_nobody_here_is_unknown_and_recorded(tmp_path: Path) -> None:
    stranger, _worker = holder("Sam Stranger")
    with reading(tmp_path, SmallPlant()) as (shift, service):
        service.lay(READER, stranger)
        screen = shift.until(lambda s: s.notice is not None)
        assert screen.notice is not None
        assert screen.notice.code == "badge_unknown"
        assert shift.kinds() == [EventKind.BADGE_UNKNOWN]


def test_a_copied_certificate_is_refused_with_its_reason_on_record(tmp_path: Path) -> None:
    card, caro = holder()
    copy = CA.issue()
    copy.certificate = card.certificate
    with reading(tmp_path, SmallPlant(workers=(caro,)), CardUse.REQUIRED) as (shift, service):
        service.lay(READER, copy)
        screen = shift.until(lambda s: s.notice is not None)
        assert screen.notice is not None
        assert screen.session is None
        (event,) = shift.events()
        assert (event.kind, event.body["why"]) == (EventKind.BADGE_REFUSED, screen.notice.code)


def test_a_reader_pulled_out_is_told_until_it_is_back_beside_the_hubs_trouble(tmp_path: Path) -> None:
    with reading(tmp_path, SmallPlant()) as (shift, service):
        assert shift.screen.status.trouble == ""
        service.pull_out(READER)
        screen = shift.until(lambda s: "card reader" in s.status.trouble)
        shift.engine.on_status(trouble="The hub is slow.")
        shift.until(lambda s: "card reader" in s.status.trouble and "The hub is slow." in s.status.trouble)
        service.plug_in(READER)
        screen = shift.until(lambda s: "card reader" not in s.status.trouble)
        assert screen.status.trouble == "The hub is slow."
        shift.badge_in(ANA.badge)


def test_a_blocked_kiosk_takes_no_card(tmp_path: Path) -> None:
    card, caro = holder()
    with reading(tmp_path, SmallPlant(workers=(caro,))) as (shift, service):
        shift.facts(status=KioskStatus.LOST)
        service.lay(READER, card)
        shift.until(lambda _s: EventKind.BADGE_REFUSED in shift.kinds())
        assert shift.screen.session is None


def test_a_card_switches_at_once_from_a_badges_session(tmp_path: Path) -> None:
    card, caro = holder()
    with reading(tmp_path, SmallPlant(workers=(ANA, caro))) as (shift, service):
        shift.badge_in(ANA.badge)
        service.lay(READER, card)
        shift.until(lambda s: s.session is not None and s.session.name == "Caro Diaz")
