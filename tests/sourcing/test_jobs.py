"""What time alone does: closing, reminding, expiring; once each, in the reader's language."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from incubator.accounts.models import Notification
from incubator.kernel import clock
from incubator.kernel.db import db
from incubator.kernel.mail_table import OutboxMail
from incubator.sourcing import jobs, quotation_service
from tests.builders import a_person
from tests.sourcing.builders import DAY, a_house, a_maker, a_quotation, an_rfq, closed, of

HOUR = timedelta(hours=1)
RUN = SimpleNamespace(progress=lambda *_: None)


@pytest.fixture
def house(session):
    return a_house()


def told(text):
    return db.session.scalar(select(func.count(Notification.id)).where(Notification.text == text))


def test_enquiries_close_at_their_deadline_and_not_before(house):
    maker = a_maker()
    due, later = an_rfq(house, maker), an_rfq(house, a_maker(), deadline=clock.now() + 20 * DAY)
    a_quotation(due, maker)
    assert jobs.close_due(RUN, due.deadline - timedelta(microseconds=1)) == {"closed": 0}
    assert jobs.close_due(RUN, due.deadline) == {"closed": 1}
    assert jobs.close_due(RUN, due.deadline) == {"closed": 0}
    assert (due.state, due.closed_at, later.state) == ("closed", due.deadline, "issued")
    assert of(due, maker).is_received and told("rfq.closed") == 1


def test_whoever_has_not_answered_is_reminded_twice_and_never_backwards(house):
    """Case 40: a clock set back tells nobody anything twice."""
    idle, drafting, ready, gone = (a_maker() for _ in range(4))
    rfq = an_rfq(house, idle, drafting, ready, gone)
    quotation_service.save_draft(of(rfq, drafting), {}, drafting, clock.now())
    a_quotation(rfq, ready)
    quotation_service.decline(of(rfq, gone), "排产已满", gone, clock.now())
    assert jobs.remind(RUN, rfq.deadline - 4 * DAY) == {"reminded": 0}
    assert jobs.remind(RUN, rfq.deadline - 3 * DAY) == {"reminded": 2}
    assert jobs.remind(RUN, rfq.deadline - 2 * DAY) == {"reminded": 0}
    assert jobs.remind(RUN, rfq.deadline - 1 * DAY) == {"reminded": 2}
    assert jobs.remind(RUN, rfq.deadline - 3 * DAY) == jobs.remind(RUN, rfq.deadline - HOUR) == {"reminded": 0}
    assert (told("rfq.soon"), told("rfq.last")) == (2, 2)
    closed(rfq)
    assert jobs.remind(RUN, rfq.deadline - HOUR) == {"reminded": 0}


def test_a_mail_speaks_the_readers_language(house, session):
    maker = a_maker()
    reader = a_person(session.get_one(type(house.brand), maker.organisation_id), locale="zh")
    rfq = an_rfq(house, maker)
    jobs.remind(RUN, rfq.deadline - HOUR)
    (mail,) = session.scalars(select(OutboxMail).where(OutboxMail.to_address == reader.email, OutboxMail.subject.contains("一天内截止")))
    assert mail.link == f"http://localhost/rfqs/{rfq.id}" and mail.locale == "zh"


def test_an_offer_expires_when_its_validity_is_over_and_nobody_has_decided(house):
    maker, other = a_maker(), a_maker()
    rfq = an_rfq(house, maker, other)
    a_quotation(rfq, maker, valid_until=clock.today() + 2 * DAY)
    a_quotation(rfq, other, valid_until=clock.today() + 40 * DAY)
    assert jobs.expire(RUN, clock.now() + 3 * DAY) == {"expired": 0}, "while it can be revised, its factory sees to it"
    closed(rfq)
    last_day = datetime.combine(clock.today() + 2 * DAY, datetime.max.time(), UTC)
    assert jobs.expire(RUN, last_day) == {"expired": 0}
    assert jobs.expire(RUN, last_day + DAY) == {"expired": 1} and jobs.expire(RUN, last_day + DAY) == {"expired": 0}
    assert (of(rfq, maker).state, of(rfq, other).state) == ("expired", "submitted") and told("rfq.expired") == 1
