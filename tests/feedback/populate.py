"""One of everything of feedback for the sweeps: a pack with answers and promises, one that waits, and a small world for the stranger."""

from typing import Any

from incubator.feedback import action_service
from incubator.feedback.finding_models import Finding
from incubator.kernel import clock
from incubator.kernel.db import db
from incubator.kernel.file_table import StoredFile
from tests import world as the_world
from tests.feedback.builders import WEEK, Desk
from tests.samples.builders import a_photo


def populate(world: Any, manager: Any, partners: Any) -> None:
    factory = next(p for p in partners if p.kind == "factory")
    maker = world.insiders["factory"]
    desk = Desk(brand=manager.memberships[0].organisation, factory=factory, user=manager, maker=maker)
    desk.week -= WEEK
    acknowledged = desk.pack("acknowledged")
    desk.week += WEEK
    pack = desk.pack("sent")
    action_service.photograph(pack.sections[0], [a_photo()], desk.maker_actor, clock.now())
    photo = _photo(pack.sections[0].id)
    world.values |= {
        "pack_id": pack.id, "section_id": pack.sections[0].id, "action_id": acknowledged.sections[0].action.id,
        ("feedback.remove_photo", "file_id"): photo, "finding_id": _finding(desk),
    }  # fmt: skip
    section = pack.sections[0].id
    the_world.BODIES["feedback_api.put_answers"] = lambda _ids: {"drafts": 0, "answers": [{"section_id": section, "choice": "carry_on"}]}
    stranger = world.strangers["brand"]
    Desk(brand=stranger.memberships[0].organisation, user=stranger).pack("sent")


def _finding(desk: Desk) -> int:
    return int(db.session.scalars(db.select(Finding.id).where(Finding.brand_id == desk.brand.id)).first())


def _photo(section_id: int) -> int:
    query = db.select(StoredFile.id).where(StoredFile.subject_id == section_id, StoredFile.subject_type == "feedback_section")
    return int(db.session.scalars(query).one())
