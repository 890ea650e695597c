"""Investors in the populated world: A's partner has a commitment with tranches, a released report and a draft beside it."""

from typing import Any

from incubator.accounts.identity import actor_for
from incubator.accounts.models import Organisation, User
from incubator.investors import report_service
from tests.investors import builders


class Desk(builders.Desk):
    """A's own people at the desk."""

    def __init__(self, world: Any, manager: User, partners: list[Organisation]) -> None:
        self.brand = manager.memberships[0].organisation
        self.chief = actor_for(manager, manager.memberships[0])
        self.ours = next(p for p in partners if p.kind == "investor")
        reader = world.insiders["investor"]
        self.reader = actor_for(reader, reader.memberships[0])
        self.programme = builders.a_programme(self.brand, budget_minor=1000)
        self.second = self.chief


def populate(world: Any, manager: User, partners: list[Organisation]) -> None:
    """A commitment with a due and a planned tranche, a report in each of two states; values for the routes of investors."""
    desk = Desk(world, manager, partners)
    builders.a_full_programme(desk)
    commitment = builders.a_commitment(desk)
    planned = builders.a_tranche(desk, commitment, builders.by_date(desk.today.replace(year=desk.today.year + 1)), name="二期", due=300)
    due = builders.a_due_tranche(desk, commitment)
    builders.a_payment(desk, due)
    released = builders.a_released_report(desk)
    for language in ("zh", "en"):
        builders.a_document(released, desk.ours, language)
    report_service.remark(released, "为什么?", None, desk.reader, builders.clock.now())
    draft = report_service.write(desk.programme, "month", desk.today, builders.SAID, [desk.ours.id], desk.chief, builders.clock.now())
    world.values |= {
        "commitment_id": commitment.id, "tranche_id": due.id, ("investors.replan", "tranche_id"): planned.id, "report_id": released.id,
        ("investors.edit_report", "report_id"): draft.id, ("investors.discard", "report_id"): draft.id,
    }  # fmt: skip
