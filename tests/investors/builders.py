"""Rows and situations of investors for tests: a desk with two people of the brand, and one or two investors."""

from datetime import date, datetime, timedelta
from typing import Any

from incubator.accounts.models import Organisation
from incubator.investors import report_service, service, sweep, tranche_service
from incubator.investors.models import Commitment, Tranche
from incubator.investors.report_models import TEXTS, ProgressReport, ReportDocument
from incubator.kernel import clock, files
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.money import Money
from incubator.products.models import BurnMonth, KeyResult, Objective, Programme
from tests.builders import a_product, a_programme, an_actor, an_organisation, put

YUAN = 100
SAID = dict(zip(TEXTS, ("", "两句话", "Two sentences", "风险", "Risks"), strict=True))


class Desk:
    """A brand with a programme; `chief` and `second` are two of its managers, `ours` an investor and `rival` another."""

    def __init__(self, **programme: Any) -> None:
        self.brand = an_organisation("brand")
        self.chief, self.second = an_actor(self.brand), an_actor(self.brand)
        self.ours, self.rival = (
            an_organisation("investor", f"知行基金 {self.brand.id}"),
            an_organisation("investor", f"远山资本 {self.brand.id}"),
        )
        self.reader, self.stranger = an_actor(self.ours), an_actor(self.rival)
        self.programme: Programme = a_programme(self.brand, budget_minor=1_000_000 * YUAN, currency="CNY", **programme)

    @property
    def today(self) -> date:
        return clock.today()


def a_commitment(desk: Desk, investor: Organisation | None = None, amount: int = 1000, **values: Any) -> Commitment:
    investor = investor or desk.ours
    given = {"reference": f"C-{investor.id}-{amount}", "amount": Money(amount * YUAN, "CNY"), "signed_on": desk.today - timedelta(days=60)}
    return service.commit(desk.programme, investor.id, {"contact": "王", "terms": "保密条款", **given, **values}, desk.chief, clock.now())


def by_date(day: date) -> dict[str, Any]:
    return {"kind": "date", "product_id": None, "stage": None, "on_date": day}


def by_stage(product: Any, stage: str) -> dict[str, Any]:
    return {"kind": "stage", "product_id": product.id, "stage": stage, "on_date": None}


def by_gate(product: Any) -> dict[str, Any]:
    return {"kind": "gate", "product_id": product.id, "stage": None, "on_date": None}


def a_tranche(
    desk: Desk, commitment: Commitment, *conditions: dict[str, Any], name: str = "首期", amount: int = 100, due: int = 30
) -> Tranche:
    """Planned; without conditions it waits for a day that has come."""
    conditions = conditions or (by_date(desk.today - timedelta(days=1)),)
    values = {
        "name": name,
        "amount": Money(amount * YUAN, "CNY"),
        "due_on": desk.today + timedelta(days=due),
        "conditions": list(conditions),
    }
    return tranche_service.plan(commitment, values, desk.chief, clock.now())


def a_due_tranche(desk: Desk, commitment: Commitment, *conditions: dict[str, Any], name: str = "首期", due: int = -1) -> Tranche:
    tranche = a_tranche(desk, commitment, *conditions, name=name, due=due)
    sweep.look_at(tranche.id, clock.now())
    return tranche


def a_payment(desk: Desk, tranche: Tranche, actor: Actor | None = None, reference: str = "ICBC-1") -> Any:
    paid = Money(tranche.amount_minor, "CNY")
    return tranche_service.propose(tranche, desk.today, paid, reference, tranche.version, actor or desk.chief, clock.now())


def a_full_programme(desk: Desk) -> None:
    """Objectives, months and products, so that a report has something of everything."""
    objective = put(Objective(programme_id=desk.programme.id, title="开出新细分"))
    put(KeyResult(objective_id=objective.id, name="新细分数量", unit="个", start=0.0, target=6.0, current=2.0))
    for month, spent in ((1, 90), (2, 110), (3, 0)):
        put(
            BurnMonth(
                programme_id=desk.programme.id,
                month=date(2026, month, 1),
                planned_minor=100 * YUAN,
                spent_minor=spent * YUAN,
                revenue_minor=0,
            )
        )
    a_product(desk.programme, "launch", "云朵椅")
    db.session.expire(desk.programme)


def a_report(desk: Desk, *audience: Organisation, month: date | None = None, now: datetime | None = None, **texts: str) -> ProgressReport:
    """A draft of the present quarter, addressed to `audience` (to `ours` when none is named); each must have a commitment."""
    ids = [o.id for o in audience or (desk.ours,)]
    return report_service.write(desk.programme, "quarter", month or desk.today, {**SAID, **texts}, ids, desk.chief, now or clock.now())


def a_frozen_report(desk: Desk, *audience: Organisation, **more: Any) -> ProgressReport:
    report = a_report(desk, *audience, **more)
    report_service.freeze(report, report.version, desk.chief, clock.now())
    return report


def a_released_report(desk: Desk, *audience: Organisation, **more: Any) -> ProgressReport:
    report = a_frozen_report(desk, *audience, **more)
    return report_service.release(report, report.version, desk.second, clock.now())


def a_document(report: ProgressReport, organisation: Organisation, language: str = "zh") -> ReportDocument:
    """A stored PDF without drawing one."""
    file = files.keep(f"%PDF-1.4 {organisation.name}".encode(), "report.pdf", "application/pdf", SYSTEM, clock.now(), kind="export")
    row = put(
        ReportDocument(
            report_id=report.id, organisation_id=organisation.id, language=language, file_id=file.id, sha256=file.sha256, size=file.size,
            made_at=clock.now(),
        )
    )  # fmt: skip
    file.subject_type, file.subject_id = "report_document", row.id
    db.session.flush()
    return row
