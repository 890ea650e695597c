"""The directory of the demo, told through the services: who was entered, proven, approved, audited, suspended, and what waits now."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from incubator.demo import factories_told as told
from incubator.factories import (
    audit_service,
    content,
    duplicate_service,
    evidence_service,
    service,
    uscc,
    visit_queries,
    visit_service,
    words,
)
from incubator.factories.evidence_models import Certificate
from incubator.factories.models import Factory, IndustrialCluster
from incubator.kernel import workflow
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db

STEPS = {
    "prospect": (), "pending": ("submit",), "approved": ("submit", "approve"), "conditional": ("submit", "condition"),
    "suspended": ("submit", "approve", "suspend"),
}  # fmt: skip
REASONS = {
    "submit": None,
    "approve": "资料与现场一致。",
    "condition": "先小单合作，整改到位后再转正式准入。",
    "suspend": "体系证书过期三个月未换证，暂停新询价。",
}


def tell(world: Any) -> None:
    """Write the factories of `told`, the prospects beside them, and what is open today."""
    clusters = {name: i for name, i in db.session.execute(select(IndustrialCluster.name_zh, IndustrialCluster.id))}
    factories = {row[0]: _one(world, n, clusters, *row) for n, row in enumerate(told.FACTORIES)}
    _prospects(world, clusters)
    for name, tier in told.TIERS:
        evidence_service.grant_tier(factories[name], tier, "年度评审，证据齐全。", world.actor("admin"), world.now - timedelta(days=20))
    own = world.actor("chen.guoqiang")
    chairs = factories["竹溪座椅"]
    proposal = {
        **content.snapshot(chairs),
        "staff_count": 460,
        "floor_area": 42000,
        "introduction": "新增三号厂房，整椅月产能提升至 4.5 万把；小单 200 把起。",
    }
    service.save(chairs, proposal, own, world.now - timedelta(days=2))
    duplicate_service.search(world.now - timedelta(days=1))
    db.session.flush()


def _code(n: int) -> str:
    """An invented code with a right check character."""
    return uscc.with_check_character(f"9133{n:04d}MA2D{n * 7919 % 99999:05d}"[:17])


def _one(world: Any, n: int, clusters: dict[str, int], short: str, english: str, *rest: Any) -> Factory:
    province, city, address, cluster, founded, staff, floor, export, state = rest
    organisation, entered = world.organisations[short], world.ago(104 - n * 3)
    buyer, admin = world.actor("shen.ke"), world.actor("admin")
    factory = service.create(
        {
            "name_zh": organisation.name, "name_en": english, "short_name": short, "uscc": _code(n + 11), "country": "CN", "province": province, "city": city,
            "address": address, "cluster_id": clusters[cluster], "founded_year": founded, "staff_count": staff, "floor_area": floor, "export_share": export,
            "website": "", "introduction": told.INTRODUCTION, "categories": list(told.CATEGORIES[short]),
            "capabilities": [dict(zip(content.CAPABILITY_FIELDS, c, strict=True)) for c in told.CAPABILITIES[short]],
            "contacts": [{"name": f"{short[0]}厂长", "title": "厂长", "phone": f"0574-8{n:03d} {n * 37:04d}", "email": "", "wechat": f"factory{n:02d}"}],
        },
        buyer, entered,
    )  # fmt: skip
    service.link(factory, organisation.id, admin, entered + timedelta(days=2))
    _prove(world, factory, short)
    _audit(world, factory, short)
    if short in told.ENTRUSTED:
        service.entrust(factory, world.users["fang.ming"].id, admin, entered + timedelta(days=20))
        _visits(world, factory, n)
    at = entered + timedelta(weeks=2)
    for step in STEPS[state]:
        at = max(at, world.now - timedelta(days=12)) if step == "suspend" or state == "pending" else at
        workflow.fire(factory, step, buyer, note=REASONS[step], now=at)
        at += timedelta(days=4)
    factory.created_at, factory.updated_at = entered, factory.state_since
    return factory


def _prove(world: Any, factory: Factory, short: str) -> None:
    """Certificates, also those that have run out since, and clients, of which staff checked all but the last."""
    admin, agent = world.actor("admin"), world.actor("shen.ke")
    for kind, number, issuer, days in told.CERTIFICATES[short]:
        ends = world.now.date() + timedelta(days=days)
        began = ends - timedelta(days=1095)
        data = {"kind": kind, "title": "", "number": number, "issuer": issuer, "valid_from": began, "expires_on": ends}
        if days < 0:
            _expired(factory, data, world)
            continue
        evidence_service.add_certificate(factory, data, None, agent, world.now - timedelta(days=70 if days > 60 else 40))
    rows = told.OEM.get(short, ())
    for n, (client, category, first, last, confidential) in enumerate(rows):
        data = {"client": client, "category": category, "from_year": first, "to_year": last, "is_confidential": confidential}
        entry = evidence_service.add_oem(factory, data, admin, world.ago(60))
        if n == 2:
            entry.checked_at = entry.checked_by_id = None
    db.session.flush()
    db.session.expire(factory, ["certificates", "oem"])


def _expired(factory: Factory, data: dict[str, Any], world: Any) -> None:
    """One that was valid for three years and has run out."""
    certificate = Certificate(factory=factory, state="valid", state_since=world.ago(100), created_at=world.ago(100), **data)
    db.session.add(certificate)
    db.session.flush()
    workflow.fire(certificate, "expire", SYSTEM, now=world.now + (data["expires_on"] - world.now.date()))


def _audit(world: Any, factory: Factory, short: str) -> None:
    actor = world.actor("zhou.heng")
    for kind, days, auditor, score, findings in told.AUDITS.get(short, ()):
        held = world.now - timedelta(days=days)
        made = audit_service.plan(factory, {"kind": kind, "audited_on": held.date(), "auditor": auditor}, actor, held - timedelta(days=9))
        for severity, text, due, mended in findings:
            data = {"severity": severity, "text": text, "due_on": world.now.date() + timedelta(days=due)}
            finding = audit_service.note_finding(made, data, actor, held)
            if mended:
                audit_service.close_finding(finding, mended, actor, held + timedelta(days=20))
        scores = {
            code: {"score": score if i % 4 else min(5, score + 1), "does_not_apply": False, "note": ""}
            for i, code in enumerate(words.CHECKS[kind])
        }
        audit_service.score(made, scores, actor, held + timedelta(days=1))
        db.session.expire(made, ["findings"])
        step = "condition" if score < 4 else "pass"
        workflow.fire(made, step, actor, note="现场与资料相符，整改项按期关闭。", now=held + timedelta(days=2))
    db.session.expire(factory, ["audits"])


def _visits(world: Any, factory: Factory, n: int) -> None:
    """A visit a month: each solves what the last one brought back, and brings the next problem; some factories wait for theirs."""
    agent, problem = world.actor("fang.ming"), None
    for k, ago in enumerate(range(150 - n * 5, 10 if n % 3 else 40, -31)):
        found, how, note = told.VISITS[(n + k) % len(told.VISITS)]
        brought = told.VISITS[(n + k + 1) % len(told.VISITS)][0]
        held = world.now - timedelta(days=ago)
        data = {
            "visited_on": held.date(), "problem_id": problem, "found": "" if problem else found, "how": how, "brought": brought,
            "note": note if k % 2 else "",
        }  # fmt: skip
        visit_service.record(factory, data, agent, held)
        problem = visit_queries.open_problems(factory, agent)[0].id


def _prospects(world: Any, clusters: dict[str, int]) -> None:
    for n, (chinese, english, short, province, city, address, cluster, category) in enumerate(told.PROSPECTS):
        entered = world.now - timedelta(days=9 - n)
        prospect = service.create(
            {
                "name_zh": chinese, "name_en": english, "short_name": short, "uscc": "", "registration_number": "", "country": "CN", "province": province,
                "city": city, "address": address, "cluster_id": clusters[cluster], "website": "", "introduction": "", "categories": [category],
                "capabilities": [], "contacts": [],
            },
            world.actor("shen.ke"), entered,
        )  # fmt: skip
        prospect.created_at = prospect.updated_at = entered
