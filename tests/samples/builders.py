"""Rows and people for the tests of samples: a product with an accepted brief, a factory, and rounds led to any state through the services."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from PIL import Image
from werkzeug.datastructures import FileStorage

from incubator.briefs.models import Requirement
from incubator.kernel import clock
from incubator.kernel.db import db
from incubator.samples import decision_service, judging, measure_service, service
from incubator.samples.models import GoldenSample, SampleRound
from tests.builders import a_brief, a_participant, a_person, a_product, a_programme, an_actor, an_organisation

# attribute, operator, target, unit, tolerance, priority
ASKED = (
    ("承重", "ge", "120", "kg", "", "must"),
    ("噪音", "le", "45", "dB", "2", "must"),
    ("座高行程", "eq", "95", "mm", "5", "must"),
    ("色差 ΔE", "le", "1.5", "", "", "should"),
    ("包装", "is", "一次性成型纸托", "", "", "could"),
)
GOOD = {"承重": "126.4", "噪音": "44", "座高行程": "96.2", "色差 ΔE": "0.8", "包装": True}
WAY = ("requested", "in_making", "shipped", "received", "measured", "approved", "sealed")


def a_photo(name: str = "photo.png") -> FileStorage:
    stream = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(stream, "PNG")
    stream.seek(0)
    return FileStorage(stream, name, content_type="image/png")


class Desk:
    """A brand with a product at sampling whose accepted brief asks for ASKED, and a factory that takes part."""

    def __init__(self, stage: str = "sampling", asked: Any = ASKED, brand: Any = None, factory: Any = None, author: Any = None) -> None:
        self.brand = brand or an_organisation("brand", None, short_name="源选")
        self.factory = factory or an_organisation("factory", None, short_name="竹溪座椅")
        self.user = author or a_person(self.brand, manager=True)
        self.actor = an_actor(self.brand, self.user)
        self.maker = a_person(self.factory, manager=True)
        self.maker_actor = an_actor(self.factory, self.maker)
        self.product = a_product(a_programme(self.brand), stage, "云朵托腰人体工学椅", owner_id=self.user.id)
        self.brief = a_brief(self.product, self.user, state="accepted")
        self.brief.requirements[:] = [
            Requirement(position=n, **dict(zip(("attribute", "operator", "target", "unit", "tolerance", "priority"), row, strict=True)))
            for n, row in enumerate(asked)
        ]
        a_participant(self.product, self.factory)
        db.session.flush()

    def ask(self, factory: Any = None, follows: Any = None, **data: Any) -> SampleRound:
        values = {"kind": "approval", "quantity": 3, "due_on": clock.today() + timedelta(days=10), "instructions": "先做一把", **data}
        return service.request(self.product, (factory or self.factory).id, values, self.actor, clock.now(), follows)

    def round(self, state: str = "requested", readings: Any = None, **data: Any) -> SampleRound:
        """A round led to `state` through every step before it."""
        round = self.ask(**data)
        self.lead(round, state, readings)
        return round

    def lead(self, round: SampleRound, state: str, readings: Any = None, maker: Any = None) -> None:
        now, today, maker = clock.now(), clock.today(), maker or self.maker_actor
        steps = {
            "in_making": lambda: service.start(round, maker, now),
            "shipped": lambda: service.ship(round, {"carrier": "顺丰", "tracking_number": "SF1", "shipped_on": today}, maker, now),
            "received": lambda: service.receive(
                round, {"received_on": today, "condition": "intact", "condition_note": "", "pieces": 2}, self.actor, now
            ),
            "measured": lambda: (self.read(round, readings or GOOD), measure_service.finish(round, self.actor, now)),
            "approved": lambda: self.decide(round, "approved"),
            "sealed": lambda: self.seal(round),
        }
        for name in WAY[WAY.index(round.state) + 1 : WAY.index(state) + 1]:
            steps[name]()

    def read(self, round: SampleRound, readings: Any, piece: int = 1) -> int:
        """Write down {attribute: value or tick} for one piece."""
        ids = {r.attribute: r.id for r in round.requirements}
        cells = {(ids[name], piece): (None, found) if isinstance(found, bool) else (found, None) for name, found in readings.items()}
        return measure_service.read(round, cells, self.actor, clock.now())

    def decide(self, round: SampleRound, outcome: str, remarks: Any = None, reason: str = "看过了") -> Any:
        ids = {r.attribute: r.id for r in round.requirements}
        return decision_service.decide(round, outcome, reason, {ids[k]: v for k, v in (remarks or {}).items()}, self.actor, clock.now())

    def seal(self, round: SampleRound, photos: int = 2, kept_by: tuple[str, ...] = ("brand", "factory")) -> GoldenSample:
        pictures = [a_photo(f"{n}.png") for n in range(photos)]
        return decision_service.seal(round, "杭州样品间 B 柜 3 层", kept_by, pictures, self.actor, clock.now())


def number(text: str) -> Decimal:
    found = judging.reading(text)
    assert found is not None
    return found
