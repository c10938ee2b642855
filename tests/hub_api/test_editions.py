"""A document in two languages: from publishing to what each person at the kiosk works by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.hub.editions import check_edition
from app.hub.schema import PersonRow, RevisionRow
from app.kiosk.access import Holding, Local, Opened, readable
from app.model.errors import Expected
from app.seal.slot import OperatorKey
from tests.hub_api.plant import NOW

if TYPE_CHECKING:
    from tests.hub_api.plant import Device, Plant


def works_by(device: Device, person: str) -> list[tuple[str, str]]:
    """Document and language of each page that the kiosk would show this person."""
    lease, manifest, _ = device.lease()
    operator = next(one for one in lease.operators if one.person == person)
    opened = Opened(operator, operator.slots[0], OperatorKey.generate())
    found = readable(Holding(lease, manifest), opened, Local(can_record=True), NOW)
    return [(page.document, page.language) for page in found.pages]


def test_a_persons_text_size_is_in_the_lease(plant: Plant) -> None:
    plant.set_person("P-1", text_size=200)
    sizes = {one.person: one.text_size for one in plant.kiosk("K-1", "ST-1").lease()[0].operators}
    assert sizes.pop("P-1") == 200
    assert set(sizes.values()) <= {100}


def speak(plant: Plant, document: str, language: str, translates: str = "", label: str = "A") -> None:
    with plant.writing() as session:
        row = session.scalars(
            select(RevisionRow).where(RevisionRow.document == document, RevisionRow.label == label)
        ).one()
        row.language, row.translates = language, translates


def test_each_person_gets_their_language_and_the_original_where_there_is_none(plant: Plant) -> None:
    plant.assign("P-2", "ST-1")
    plant.publish("WI-1", "PUMP", [(b"one", ["ST-1"]), (b"two", ["ST-1"])])
    plant.publish("WI-1-ES", "PUMP", [(b"uno", ["ST-1"]), (b"dos", ["ST-1"])])
    speak(plant, "WI-1", "en")
    speak(plant, "WI-1-ES", "es", "WI-1")
    plant.change(PersonRow, "P-1", language="es-MX")
    plant.change(PersonRow, "P-2", language="ms")
    device = plant.kiosk("K-1", "ST-1")
    assert works_by(device, "P-1") == [("WI-1-ES", "es")] * 2
    assert works_by(device, "P-2") == [("WI-1", "en")] * 2
    steps = {page.work_key for page in device.lease()[1].pages}
    assert steps == {"WI-1/A"}  # the work is the same in both
    speak(plant, "WI-1-ES", "es", "")  # no translation any more: a document of its own
    assert [document for document, _ in works_by(device, "P-2")] == ["WI-1", "WI-1", "WI-1-ES", "WI-1-ES"]


def test_a_translation_of_another_revision_gives_way_to_the_original(plant: Plant) -> None:
    plant.publish("WI-1", "PUMP", [(b"one, corrected", ["ST-1"])], label="B")
    plant.publish("WI-1-ES", "PUMP", [(b"uno", ["ST-1"])])
    speak(plant, "WI-1", "en", label="B")
    speak(plant, "WI-1-ES", "es", "WI-1")
    plant.change(PersonRow, "P-1", language="es")
    assert works_by(plant.kiosk("K-1", "ST-1"), "P-1") == [("WI-1", "en")]


def test_what_a_revision_may_say_that_it_translates(plant: Plant) -> None:
    plant.publish("WI-1", "PUMP", [(b"one", ["ST-1"])])
    plant.publish("WI-2", "VALVE", [(b"two", ["ST-2"])])

    def refused(language: str, translates: str) -> str:
        with plant.store.read() as session:
            try:
                check_edition(session, "WI-1-ES", "PUMP", language, translates)
            except Expected as error:
                return error.code
        return ""

    assert [refused(*said) for said in (("es", "WI-1"), ("es", ""), ("", ""))] == ["", "", ""]
    assert refused("", "WI-1") == "needs_language"
    assert refused("es", "WI-2") == "bad_translation"
    assert refused("es", "WI-1-ES") == "not_found"
    assert refused("spanish!", "") == "bad_language"
    plant.publish("WI-1-MS", "PUMP", [(b"satu", ["ST-1"])])
    speak(plant, "WI-1-MS", "ms", "WI-1")
    assert refused("es", "WI-1-MS") == "bad_translation"
    plant.publish("WI-1-MS", "PUMP", [(b"satu", ["ST-1"])], label="B")  # a document of its own again
    assert refused("es", "WI-1-MS") == ""
