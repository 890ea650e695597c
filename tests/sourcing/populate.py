"""What the sweeps find of sourcing: an enquiry of brand A with its prices open, one that still takes quotations, and their parts."""

from typing import Any

from incubator.accounts.models import Organisation, User
from incubator.kernel import clock
from incubator.sourcing import question_service, quotation_service
from tests import uploads
from tests.builders import an_actor
from tests.sourcing import builders

# What the JSON of the sweeps must hold to come as far as the record.
BODIES: dict[str, Any] = {
    "sourcing_api.submit_quotation": lambda ids: {
        "lead_days": 30, "sample_days": 7, "tooling_days": 0, "moq": 100, "monthly_capacity": 9000, "currency": "CNY", "incoterm": "FOB",
        "place": "宁波", "valid_until": "2030-01-01", "breaks": [{"quantity_from": 1, "unit_price": "9.00"}],
    },
    "sourcing_api.decline_rfq": lambda ids: {"note": "?"},
}  # fmt: skip


def populate(full: Any, manager: User, partners: list[Organisation]) -> None:
    maker = next(p for p in partners if p.kind == "factory")
    factory, buyer = an_actor(maker, full.insiders["factory"]), an_actor(manager.memberships[0].organisation, manager)
    house = builders.House(manager.memberships[0].organisation, buyer, buyer, manager)
    rfq = builders.an_rfq(house, factory)
    question = question_service.ask(builders.of(rfq, factory), "包装能否改用纸托？", factory, clock.now())
    builders.a_quotation(rfq, factory)
    builders.opened(rfq, house.buyer)
    running = builders.an_rfq(house, factory)
    picture = uploads.an_upload(uploads.a_picture("JPEG", (40, 30)), "line.jpg")
    file = quotation_service.attach(builders.of(running, factory), picture, "quotation_technical", factory, clock.now())
    asked = question_service.ask(builders.of(running, factory), "模具归谁？", factory, clock.now())
    quotation = builders.of(rfq, factory)
    full.values |= {
        "rfq_id": rfq.id, "quotation_id": quotation.id, "question_id": question.id,
        ("sourcing.answer", "rfq_id"): running.id, ("sourcing.answer", "question_id"): asked.id,
        ("sourcing.detach_from_quotation", "rfq_id"): running.id, ("sourcing.detach_from_quotation", "file_id"): file.id,
    }  # fmt: skip
    for name in ("quote", "reissue", "invite"):
        full.values[f"sourcing.{name}", "rfq_id"] = running.id
