"""One of everything of co-development in brand A's product, for the sweeps."""

from typing import Any

from incubator.codevelopment import ledger_service
from incubator.codevelopment.ledger_models import Contribution
from incubator.codevelopment.models import DeliverableShare
from incubator.codevelopment.room_models import RoomShare
from incubator.kernel import clock
from incubator.kernel.db import db
from incubator.products.models import Product
from tests.builders import a_participant, a_product, a_programme, an_actor
from tests.codevelopment.builders import Scene, a_text, cash

# What JSON must hold to come as far as the record.
BODIES: dict[str, Any] = {"codevelopment_api.submit_revision": lambda _ids: {"version": 1, "keep": [1]}}


class Insiders(Scene):
    """The scene with A's own people and partners."""

    def __init__(self, product: Product, manager: Any, partners: list[Any], insiders: dict[str, Any]):
        self.product, self.brand = product, manager.memberships[0].organisation
        self.firm, self.maker = (next(p for p in partners if p.kind == kind) for kind in ("design_firm", "mould_factory"))
        self.leader = an_actor(self.brand, manager)
        self.designer, self.toolmaker = an_actor(self.firm, insiders["design_firm"]), an_actor(self.maker, insiders["mould_factory"])


def populate(world: Any, manager: Any, partners: list[Any]) -> None:
    product = db.session.get(Product, world.values["product_id"])
    scene = Insiders(product, manager, partners, world.insiders)
    deliverable = scene.submitted(a_text("notes.csv", "a,b\n1,2\n"))
    pictured = _with_picture(scene)
    share = DeliverableShare(deliverable_id=deliverable.id, organisation_id=scene.maker.id, created_at=clock.now())
    db.session.add(share)
    other = Insiders(a_product(a_programme(scene.brand), "codevelopment"), manager, partners, world.insiders)
    for partner in (scene.firm, scene.maker):
        a_participant(other.product, partner)
    draft = other.draft()
    agreement = scene.in_force()
    contribution = db.session.scalar(db.select(Contribution).where(Contribution.organisation_id == scene.firm.id))
    booked = ledger_service.book(product, cash("10"), clock.today(), [a_text()], scene.designer, clock.now())
    folder = scene.folder("Reports", scene.firm)
    kept = scene.kept(folder)
    invitation = other.invitation(next(p for p in partners if p.kind == "brand_company"))
    world.values |= {
        "engagement_id": invitation.id, "deliverable_id": deliverable.id, "share_id": share.id, "annotation_id": pictured.id,
        "agreement_id": draft.id, "promise_id": draft.promises[0].id, "item_id": draft.items[0].id, "contribution_id": contribution.id,
        "folder_id": folder.id, "room_file_id": kept.id, "room_share_id": db.session.scalar(db.select(RoomShare.id)),
        ("codevelopment.agreement", "agreement_id"): agreement.id, ("codevelopment.contribution", "contribution_id"): booked.id,
    }  # fmt: skip


def _with_picture(scene: Scene) -> Any:
    return scene.annotation(scene.submitted(title="CMF"))
