"""When two act at once: two awards, two submissions of one page, a submission while the enquiry closes. Cases 34, 35, 37."""

import threading

import pytest
from sqlalchemy import func, select

from incubator.kernel import clock
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.kernel.errors import AppError, Conflict, Refused
from incubator.sourcing import award_service, quotation_queries, quotation_service, service
from incubator.sourcing.award_service import Choice
from incubator.sourcing.decision_models import RfqAward
from incubator.sourcing.models import Rfq
from tests.sourcing.builders import a_house, a_maker, a_quotation, an_rfq, of, opened, quoted


def at_once(app, *acts):
    """Run each act in a thread and transaction of its own; what each returned or was refused with."""
    barrier, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(n, act):
        with app.app_context():
            barrier.wait()
            try:
                results[n] = act()
                db.session.commit()
            except AppError as refusal:
                db.session.rollback()
                results[n] = refusal
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(n, act)) for n, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


@pytest.fixture
def house(session):
    return a_house()


def test_case_35_of_many_awards_one_wins(app, session, house):
    """Cases 34 and 35."""
    makers = [a_maker(), a_maker()]
    rfq = an_rfq(house, *makers)
    for maker in makers:
        a_quotation(rfq, maker)
    opened(rfq, house.buyer)
    rfq_id, version, now = rfq.id, rfq.version, clock.now()
    choices = [Choice(of(rfq, maker).id, 1000) for maker in makers] * 3
    session.commit()

    def award(choice):
        return lambda: award_service.award(db.session.get_one(Rfq, rfq_id), choice, "r", house.buyer, now, version)

    results = at_once(app, *(award(choice) for choice in choices))
    assert sum(isinstance(r, Conflict) for r in results) == len(choices) - 1
    session.rollback()
    assert session.scalar(select(func.count(RfqAward.id))) == 1
    assert sorted(q.state for q in session.get_one(Rfq, rfq_id).quotations) == ["lost", "won"]


def test_case_37_of_one_page_sent_five_times_one_is_taken(app, session, house):
    maker = a_maker()
    rfq = an_rfq(house, maker)
    data, quotation = quoted(rfq), of(rfq, maker)
    quotation_service.save_draft(quotation, {}, maker, clock.now())
    rfq_id, quotation_id, version, now = rfq.id, quotation.id, quotation.version, clock.now()
    session.commit()

    def submit():
        mine = quotation_queries.own(db.session.get_one(Rfq, rfq_id), maker)
        return quotation_service.submit(mine, data, {}, maker, now, version)

    results = at_once(app, *[submit] * 5)
    assert sum(isinstance(r, Conflict) for r in results) == 4
    session.rollback()
    assert session.get_one(type(quotation), quotation_id).number == 1


def test_a_submission_meets_the_closing(app, session, house):
    """Either it was in before the closing and is received, or it is refused; never in between."""
    maker = a_maker()
    rfq = an_rfq(house, maker)
    data, rfq_id, now = quoted(rfq), rfq.id, clock.now()
    session.commit()

    def submit():
        return quotation_service.submit(quotation_queries.own(db.session.get_one(Rfq, rfq_id), maker), data, {}, maker, now)

    def close():
        return service.close(db.session.get_one(Rfq, rfq_id), SYSTEM, now)

    submitted, done = at_once(app, submit, close)
    session.rollback()
    rfq = session.get_one(Rfq, rfq_id)
    (quotation,) = rfq.quotations
    assert rfq.state == "closed" and not isinstance(done, AppError)
    late = isinstance(submitted, Refused | Conflict)
    assert (quotation.state, quotation.is_received) == (("expired", False) if late else ("submitted", True))
