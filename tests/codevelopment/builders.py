"""Rows of co-development for tests, made through the services: a deliverable with revisions, an agreement that is signed, a folder."""

from datetime import timedelta
from io import BytesIO
from typing import Any

from PIL import Image
from werkzeug.datastructures import FileStorage

from incubator.accounts.models import Organisation
from incubator.codevelopment import (
    agreement_service,
    annotation_service,
    engagement_service,
    page_queries,
    revision_service,
    room_service,
    service,
    signing_service,
)
from incubator.codevelopment.agreement_content import content_hash
from incubator.kernel import clock, images
from incubator.kernel.actor import Actor
from incubator.kernel.files import Checked
from incubator.kernel.money import Money
from incubator.products.models import Product
from tests.builders import a_participant, a_product, a_programme, an_actor, an_organisation

DAY = timedelta(days=1)


def a_picture(name: str = "front.png", colour: str = "teal") -> FileStorage:
    """An upload that was checked already: decoding pictures in a child is another test's matter."""
    stream = BytesIO()
    Image.new("RGB", (64, 48), colour).save(stream, "PNG")
    data = stream.getvalue()
    upload = FileStorage(BytesIO(data), name, content_type="image/png")
    vars(upload)["checked"] = Checked(data, name, "image/png", images.Photo(data, "image/png", 64, 48, data))
    return upload


def a_text(name: str = "bom.csv", text: str = "part,material\nleg,steel\n") -> FileStorage:
    return FileStorage(BytesIO(text.encode()), name, content_type="text/csv")


class Scene:
    """A brand with a leader and a colleague, a design firm and a mould factory in its product, and a stranger to it."""

    def __init__(self, stage: str = "codevelopment"):
        self.brand = an_organisation("brand", "源选")
        self.leader, self.colleague = an_actor(self.brand), an_actor(self.brand)
        self.product: Product = a_product(a_programme(self.brand), stage, "云朵椅", owner_id=self.leader.user_id)
        self.firm, self.maker = an_organisation("design_firm", "木石设计"), an_organisation("mould_factory", "精岳模具")
        self.designer, self.toolmaker = an_actor(self.firm), an_actor(self.maker)
        for organisation in (self.firm, self.maker):
            a_participant(self.product, organisation)

    def deliverable(self, owner: Organisation | None = None, **values: Any) -> Any:
        data = {
            "title": "三视图", "kind": "industrial_design", "owner_id": (owner or self.firm).id, "due_on": clock.today() + 10 * DAY, "review_days": 5,
            "description": "", "acceptance": "",
        } | values  # fmt: skip
        return service.plan(self.product, data, self.leader, clock.now())

    def submitted(self, *uploads: FileStorage, owner: Organisation | None = None, **values: Any) -> Any:
        found = self.deliverable(owner, **values)
        self.submit(found, *(uploads or (a_picture(),)))
        return found

    def submit(self, found: Any, *uploads: FileStorage, keep: Any = (), note: str = "看这里", expected: int | None = None) -> Any:
        actor = self.designer if found.owner_id == self.firm.id else self.toolmaker
        return revision_service.submit(found, note, uploads, keep, actor, clock.now(), expected)

    def picture_of(self, found: Any) -> Any:
        return revision_service.pictures(page_queries.revisions(found, self.leader)[-1])[0]

    def annotation(self, found: Any, actor: Actor | None = None, body: str = "太薄", **place: int) -> Any:
        where = {"x": 2500, "y": 5000, "width": 0, "height": 0} | place
        shape = "rectangle" if where["width"] else "pin"
        return annotation_service.add(found, self.picture_of(found).file_id, shape, where, body, actor or self.leader, clock.now())

    def decide(self, found: Any, outcome: str = "accept", reason: str = "改", actor: Actor | None = None) -> Any:
        return service.decide(found, outcome, reason, found.current_number, actor or self.leader, clock.now())

    def draft(self) -> Any:
        """A draft that could be proposed: cash from the brand, hours from the firm, tooling from the maker, one thing owned by two."""
        found = agreement_service.draft(self.product, self.leader, clock.now())
        parties = [o.id for o in (self.brand, self.firm, self.maker)]
        agreement_service.edit(found, "联合体", "共同开发", parties, found.version, self.leader, clock.now())
        self.promise(found, self.brand, cash("300000"))
        self.promise(found, self.firm, hours(100, "380"))
        self.promise(found, self.maker, cash("62000", "tooling"))
        shares = [(self.brand.id, 6000), (self.firm.id, 4000)]
        item = {"kind": "ip", "title": "外观专利", "licence": "独占五年", "buy_back": "八折", "shares": shares}
        agreement_service.set_item(found, None, item, self.leader, clock.now())
        return found

    def promise(self, found: Any, party: Organisation, data: dict[str, Any], row: Any = None) -> Any:
        return agreement_service.set_promise(found, row, party.id, data, self.leader, clock.now())

    def proposed(self) -> Any:
        found = self.draft()
        signing_service.propose(found, self.leader, clock.now())
        return found

    def sign(self, found: Any, *actors: Actor) -> None:
        for actor in actors or (self.leader, self.designer, self.toolmaker):
            signing_service.sign(found, content_hash(found, actor.organisation_id), actor, clock.now())

    def in_force(self) -> Any:
        found = self.proposed()
        self.sign(found)
        return found

    def folder(self, name: str = "检测报告", *shared: Organisation, right: str = "read") -> Any:
        found = room_service.create_folder(self.product, name, "", self.leader, clock.now())
        for organisation in shared:
            room_service.share(found, organisation.id, right, None, self.leader, clock.now())
        return found

    def kept(self, folder: Any, actor: Actor | None = None, name: str = "report.csv") -> Any:
        return room_service.upload(folder, a_text(name), actor or self.leader, clock.now())

    def invitation(self, organisation: Organisation) -> Any:
        data = {"organisation_id": organisation.id, "scope": "造型", "terms": "保密三年", "starts_on": None, "ends_on": None}
        return engagement_service.invite(self.product, data, self.leader, clock.now())


def cash(amount: str, kind: str = "cash", currency: str = "CNY", what: str | None = None) -> dict[str, Any]:
    value = Money.parse(amount, currency)
    return {"kind": kind, "description": what or f"{kind} {amount}", "currency": currency, "unit": "", "quantity_hundredths": None, "hourly": None, "value": value, "due_on": None}  # fmt: skip


def hours(number: int, rate: str, what: str = "设计工时") -> dict[str, Any]:
    hourly = Money.parse(rate, "CNY")
    return {"kind": "design_hours", "description": what, "currency": "CNY", "unit": "h", "quantity_hundredths": number * 100, "hourly": hourly, "value": None, "due_on": None}  # fmt: skip
