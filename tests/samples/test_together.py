"""Cases 34, 35 and 37 for samples: many decide, seal or ask at once, over HTTP; one wins, and nothing is doubled."""

from collections import Counter
from datetime import timedelta

from sqlalchemy import func, select

from incubator.kernel import clock
from incubator.kernel.audit import AuditEntry
from incubator.samples import service
from incubator.samples.models import GoldenSample, SampleDecision, SampleReading, SampleRound
from tests.builders import a_person, sign_in
from tests.hardening.test_concurrency import all_at_once
from tests.samples.builders import Desk, a_photo


def browsers(app, desk, number):
    return [sign_in(app.test_client(), a_person(desk.brand)) for _ in range(number)]


def test_case_34_twelve_decide_on_one_round(app, session):
    desk = Desk()
    round = desk.round("measured")
    people, path = browsers(app, desk, 12), f"/samples/{round.id}/decide"
    session.commit()
    verdicts = [{"outcome": ("approved", "rejected")[n % 2], "reason": f"第 {n} 个人"} for n in range(12)]
    answers = all_at_once([lambda b=b, v=v: b.post(path, data=v) for b, v in zip(people, verdicts, strict=True)])
    assert Counter(a.status_code for a in answers) == {302: 1, 409: 11}
    session.expire_all()
    winner = next(n for n, a in enumerate(answers) if a.status_code == 302)
    assert session.scalars(select(SampleDecision)).one().reason == f"第 {winner} 个人"
    assert round.state == verdicts[winner]["outcome"]
    acts = select(func.count(AuditEntry.id)).where(AuditEntry.event.in_(("sample.approve", "sample.reject")))
    assert session.scalar(acts) == 1


def test_case_35_two_rounds_sealed_at_once_leave_one_valid(app, session):
    desk = Desk()
    rounds = [desk.round("measured") for _ in range(4)]
    for round in rounds:
        service.photograph(round, [a_photo(f"{n}.png") for n in range(2)], 0, desk.actor, clock.now())
        desk.decide(round, "approved")
    people, paths = browsers(app, desk, 4), [f"/samples/{r.id}/seal" for r in rounds]
    session.commit()
    data = {"storage_place": "B 柜", "kept_by_brand": "y"}
    answers = all_at_once([lambda b=b, p=p: b.post(p, data=data) for b, p in zip(people, paths, strict=True)])
    assert {a.status_code for a in answers} <= {302, 409}
    session.expire_all()
    sealed = session.scalars(select(GoldenSample).order_by(GoldenSample.round_number)).all()
    assert [g.state for g in sealed] == ["superseded"] * (len(sealed) - 1) + ["valid"]
    assert len(sealed) == sum(a.status_code == 302 for a in answers)
    assert desk.product.state == "codevelopment"


def test_case_37_rounds_asked_at_once_have_numbers_of_their_own(app, session):
    desk = Desk()
    people, path = browsers(app, desk, 8), f"/products/{desk.product.id}/samples/new"
    data = {"factory_id": desk.factory.id, "kind": "counter", "quantity": 1, "due_on": (clock.today() + timedelta(days=5)).isoformat()}
    session.commit()
    answers = all_at_once([lambda b=b: b.post(path, data=data) for b in people])
    assert {a.status_code for a in answers} == {302}
    assert sorted(session.scalars(select(SampleRound.number))) == list(range(1, 9))


def test_two_write_the_same_cell_at_once(app, session):
    desk = Desk()
    round = desk.round("received")
    people, path = browsers(app, desk, 2), f"/samples/{round.id}/measure"
    cell = {"version": round.version, "readings-0-requirement_id": round.requirements[0].id, "readings-0-piece": 1}
    acts = [lambda b=b, n=n: b.post(path, data={**cell, "readings-0-value": n}) for n, b in enumerate(people, 125)]
    session.commit()
    assert sorted(a.status_code for a in all_at_once(acts)) == [302, 409]
    assert len(session.scalars(select(SampleReading)).all()) == 1
