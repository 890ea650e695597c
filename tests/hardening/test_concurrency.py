"""Cases 34, 36 and 37: many at one gate, at one editor, at one code; on both databases, over HTTP, each in a thread of their own."""

import threading
from collections import Counter

from sqlalchemy import func, select

from incubator.accounts.models import User
from incubator.briefs.gate_models import GateDecision, GateFigure
from incubator.briefs.models import BriefRevision, ProductBrief
from incubator.imports import jobs as imports
from incubator.kernel import audit, clock, job_runner
from incubator.kernel.audit import AuditEntry
from incubator.kernel.job_table import JobRun
from incubator.products.models import Product
from incubator.schedule.models import Milestone
from tests.briefs.test_import import Desk, a_row, a_sheet
from tests.builders import a_brief, a_person, a_product, a_programme, a_review, a_signature, an_actor, an_organisation, sign_in


def all_at_once(acts):
    """Run each of `acts` in a thread; all start together. Their results in order."""
    barrier, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(n, act):
        barrier.wait()
        results[n] = act()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def test_case_34_twenty_approve_one_gate(app, session):
    brand, firm = an_organisation("brand"), an_organisation("design_firm")
    author, approver, designer = an_actor(brand), an_actor(brand), an_actor(firm)
    brief = a_brief(a_product(a_programme(brand), stage="brief"))
    review = a_review(brief, author, firm)
    for who in (approver, designer):
        a_signature(review, who)
    browsers = [sign_in(app.test_client(), a_person(brand)) for _ in range(20)]
    path, due = f"/reviews/{review.id}/decide", clock.today().replace(year=clock.today().year + 1)
    verdicts = [
        {"outcome": "conditional", "reason": f"第 {n} 个人", "conditions-0-text": "补报告", "conditions-0-due_on": due.isoformat()}
        if n % 2 else {"outcome": "go", "reason": f"第 {n} 个人"} for n in range(20)
    ]  # fmt: skip
    session.commit()
    answers = all_at_once([lambda b=b, v=v: b.post(path, data=v) for b, v in zip(browsers, verdicts, strict=True)])
    assert Counter(a.status_code for a in answers) == {302: 1, 409: 19}
    session.expire_all()
    decision = session.scalars(select(GateDecision)).one()
    winner = next(n for n, a in enumerate(answers) if a.status_code == 302)
    assert decision.reason == f"第 {winner} 个人" and decision.outcome == verdicts[winner]["outcome"]
    assert session.scalar(select(func.count(GateFigure.id))) == 1
    assert session.scalar(select(func.count(Milestone.id))) == len(decision.conditions) == (winner % 2)
    acts = select(AuditEntry.event, func.count()).where(
        AuditEntry.event.in_(["gate.go", "gate.conditional", "brief.accept", "product.pass_gate"])
    )
    assert dict(session.execute(acts.group_by(AuditEntry.event)).all()) == {
        f"gate.{decision.outcome}": 1,
        "brief.accept": 1,
        "product.pass_gate": 1,
    }
    assert (brief.state, brief.product.state) == ("accepted", "sourcing")
    assert all(decision.decided_by.name in a.text for a in answers if a.status_code == 409)
    assert audit.first_broken() is None


def test_case_34_two_sign_for_one_organisation(app, session):
    brand, firm = an_organisation("brand"), an_organisation("design_firm")
    brief = a_brief(a_product(a_programme(brand), stage="brief"))
    review = a_review(brief, an_actor(brand), firm)
    browsers = [sign_in(app.test_client(), a_person(firm)) for _ in range(8)]
    path = f"/reviews/{review.id}/sign"
    session.commit()
    answers = all_at_once([lambda b=b: b.post(path, data={"first": 4, "second": 4, "statement": "可行"}) for b in browsers])
    assert Counter(a.status_code for a in answers) == {302: 1, 409: 7}


def test_case_36_of_many_editors_one_saves_and_the_rest_see_the_difference(app, session):
    brand = an_organisation("brand")
    brief = a_brief(a_product(a_programme(brand), stage="brief"))
    browsers = [sign_in(app.test_client(), a_person(brand)) for _ in range(8)]
    data = {
        "title": brief.title,
        "type": "hero",
        "programme_id": brief.product.programme_id,
        "version": brief.version,
        "need": "n",
        "reason_to_choose": "r",
    }
    path = f"/briefs/{brief.id}/edit"
    session.commit()
    answers = all_at_once([lambda b=b, n=n: b.post(path, data={**data, "segment": f"人群 {n}"}) for n, b in enumerate(browsers)])
    assert Counter(a.status_code for a in answers) == {302: 1, 409: 7}
    session.expire_all()
    winner = next(n for n, a in enumerate(answers) if a.status_code == 302)
    assert brief.segment == f"人群 {winner}" and session.scalar(select(func.count(BriefRevision.id))) == 1
    assert all(f"人群 {winner}" in a.text and f"人群 {n}" in a.text for n, a in enumerate(answers) if n != winner)


def test_case_36_many_add_to_one_brief_and_nothing_is_lost(app, session):
    brand = an_organisation("brand")
    brief = a_brief(a_product(a_programme(brand), stage="brief"))
    browsers = [sign_in(app.test_client(), a_person(brand)) for _ in range(8)]
    path, first = f"/briefs/{brief.id}/references", brief.references[0].id
    session.commit()
    answers = all_at_once(
        [lambda b=b, n=n: b.post(f"{path}/new", data={"name": f"款 {n}", "price": "9", "currency": "CNY"}) for n, b in enumerate(browsers)]
    )
    assert Counter(a.status_code for a in answers) == {302: 8}
    gone = all_at_once([lambda b=b: b.post(f"{path}/{first}/remove") for b in browsers])
    codes = Counter(a.status_code for a in gone)
    assert codes[302] == 1 and codes[404] + codes[409] == 7
    session.expire_all()
    assert {r.name for r in brief.references} == {f"款 {n}" for n in range(8)} and brief.revision == 9


def test_case_37_fifty_new_briefs_have_fifty_codes(app, session):
    brand = an_organisation("brand")
    programme = a_programme(brand)
    browsers = [sign_in(app.test_client(), a_person(brand)) for _ in range(10)]
    data = {"title": "同名的椅子", "type": "basic", "programme_id": programme.id}
    session.commit()
    answers = all_at_once([lambda b=b: [b.post("/briefs/new", data=data).status_code for _ in range(5)] for b in browsers])
    assert Counter(code for codes in answers for code in codes) == {302: 50}
    assert (
        session.scalar(select(func.count(Product.code.distinct())))
        == session.scalar(select(func.count(ProductBrief.code.distinct())))
        == 50
    )
    assert audit.first_broken() is None


def test_case_37_apply_pressed_twenty_times_is_applied_once(app, session):
    desk = Desk(session)
    made = desk.hand_in(a_sheet([a_row(n) for n in range(20)]))
    desk.check(made)
    owner, path = session.get_one(User, desk.actor.user_id), f"/imports/{made.id}/apply"
    browsers = [sign_in(app.test_client(), owner) for _ in range(20)]
    answers = all_at_once([lambda b=b: b.post(path) for b in browsers])
    assert Counter(a.status_code for a in answers) == {302: 1, 409: 19}
    assert session.scalar(select(func.count(JobRun.id)).where(JobRun.job == "imports.apply")) == 1
    assert session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.event == "import.apply")) == 1
    session.rollback()
    while job_runner.run_next(app, "worker", threading.Event()):
        continue
    assert session.scalar(select(func.count(ProductBrief.id))) == 20


def test_case_37_one_sheet_applied_by_four_at_once_makes_each_code_once(app, session):
    """One wins; the others wait for it and find everything as it is."""
    desk = Desk(session)
    sheet = a_sheet([a_row(n) for n in range(40)])
    ids = [desk.ask(desk.check(desk.hand_in(sheet))).id for _ in range(4)]
    session.commit()

    def apply(import_id):
        with app.app_context():
            return imports.apply_now(import_id, desk.actor, clock.now(), lambda *_: None).counts

    counts = all_at_once([lambda i=i: apply(i) for i in ids])
    assert sorted((c["new"], c["unchanged"]) for c in counts) == [(0, 40), (0, 40), (0, 40), (40, 0)]
    session.expire_all()
    assert session.scalar(select(func.count(ProductBrief.id))) == session.scalar(select(func.count(Product.id))) == 40
    assert audit.first_broken() is None
