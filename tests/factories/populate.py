"""The part of the sweeps' world that is about factories: A's partner as a factory under review, with one of everything."""

from typing import Any

from incubator.accounts.models import Organisation, User
from incubator.factories.audit_models import AuditFinding
from incubator.factories.evidence_models import DuplicatePair, FactoryChange, TierAward
from incubator.factories.models import Caseload
from incubator.factories.visit_models import FactoryProblem, FieldVisit
from incubator.kernel import clock
from tests.builders import put
from tests.factories.builders import a_certificate, a_factory, an_audit, an_oem_entry


def populate(world: Any, manager: User, partners: list[Organisation]) -> None:
    """Values for the routes: a pending factory that A brought, which is A's partner and in the insider agent's care."""
    now, today = clock.now(), clock.today()
    brand = manager.memberships[0].organisation
    own = next(p for p in partners if p.kind == "factory")
    factory = a_factory("pending", brand=brand, organisation=own, name_zh="极光的工厂")
    twin = a_factory("prospect", brand=brand, name_zh="极光的老工厂")
    put(Caseload(factory_id=factory.id, agent_user_id=world.insiders["field_agent"].id))
    certificate = a_certificate(factory, state="proposed")
    entry = an_oem_entry(factory)
    audit = an_audit(factory, brand=brand)
    finding = put(AuditFinding(audit=audit, severity="major", text="出口堵塞", due_on=today))
    change = put(FactoryChange(factory_id=factory.id, number=1, content={"city": "宁波"}, before={"city": "慈溪"}, state_since=now))
    tier = put(TierAward(factory_id=factory.id, tier="gold", state_since=now, granted_at=now, expires_on=today))
    pair = put(DuplicatePair(first_id=factory.id, second_id=twin.id, probability=80, reasons=[["name", 90]], state_since=now))
    visit = put(FieldVisit(factory_id=factory.id, number=1, visited_on=today, agent_id=world.insiders["field_agent"].id))
    problem = put(FactoryProblem(factory_id=factory.id, text="夜班没有首件检验", brought_visit_id=visit.id))
    put(FactoryProblem(factory_id=factory.id, text="色粉混放", solved_visit_id=visit.id, how="分柜存放"))
    world.values |= {
        "factory_id": factory.id, "certificate_id": certificate.id, "oem_id": entry.id, "audit_id": audit.id, "finding_id": finding.id,
        "problem_id": problem.id, "change_id": change.id, "tier_id": tier.id, "pair_id": pair.id,
    }  # fmt: skip
