"""Rules of reminding per programme, those above, and the partner that owes a milestone."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from incubator.accounts.models import Notification
from incubator.kernel import clock
from incubator.kernel.errors import Conflict
from incubator.kernel.mail_table import OutboxMail
from incubator.schedule import reminder_service, service
from incubator.schedule.jobs import sweep_milestones
from incubator.schedule.models import Milestone
from tests.builders import a_milestone, a_participant, a_person, a_product, a_programme, an_actor, an_organisation, sign_in
from tests.schedule.builders import a_setting

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)  # a Monday
DAY = NOON.date()


@pytest.fixture
def scene(session):
    """Whose milestone, product and programme it is: three people."""
    brand = an_organisation("brand")
    mine, products, programmes = (a_person(brand, name) for name in ("Mine", "Product", "Programme"))
    programme = a_programme(brand, owner_id=programmes.id)
    product = a_product(programme, "sampling", owner_id=products.id)
    return product, {mine.id: "mine", products.id: "product", programmes.id: "programme"}, mine


def run(now):
    return sweep_milestones(SimpleNamespace(progress=lambda *_: None), now)


def told(session, people):
    rows = session.execute(select(Notification.user_id, Notification.text).order_by(Notification.id))
    return [(people.get(user, user), text.removeprefix("milestone.")) for user, text in rows]


def test_what_stays_late_goes_up_each_once(session, scene):
    product, people, mine = scene
    a_milestone(product, "封样", DAY, owner_id=mine.id)
    days = {}
    for offset in range(16):
        before = len(told(session, people))
        run(NOON + timedelta(days=offset))
        run(NOON + timedelta(days=offset, hours=1))
        days.update({line: (DAY + timedelta(days=offset)).isoformat()[5:] for line in told(session, people)[before:]})
    assert days == {
        ("mine", "due"): "06-01",
        ("mine", "late"): "06-02",
        ("product", "up"): "06-04",
        ("programme", "top"): "06-09",
    }  # fmt: skip - three and six working days late: the weekend does not count
    assert len(session.scalars(select(OutboxMail)).all()) == 4


def test_a_new_forecast_begins_anew(session, scene):
    product, people, mine = scene
    milestone = a_milestone(product, "封样", DAY, owner_id=mine.id)
    run(NOON + timedelta(days=9))
    assert told(session, people) == [("mine", "late"), ("product", "up"), ("programme", "top")]
    session.refresh(milestone)
    assert milestone.reminded_for == "top"
    service.edit(milestone, {"due_on": DAY + timedelta(days=20)}, milestone.version, an_actor(product.brand), NOON)
    run(NOON + timedelta(days=21))
    assert told(session, people)[3:] == [("mine", "late")]


def test_a_programmes_own_rules(session, scene):
    product, people, mine = scene
    a_setting(product.programme, soon_days=10, owner_after=0, programme_after=1)
    usual = a_milestone(
        a_product(a_programme(product.brand), owner_id=product.owner_id), "usual", DAY + timedelta(days=5), owner_id=mine.id
    )
    a_milestone(product, "soon", DAY + timedelta(days=9), owner_id=mine.id)
    late = a_milestone(product, "late", DAY - timedelta(days=3), owner_id=mine.id)  # Friday: one working day late
    assert run(NOON)["reminded"] == 3
    assert sorted(told(session, people)) == [("mine", "late"), ("mine", "soon"), ("programme", "top")]
    session.expire_all()
    assert (late.reminded_for, usual.reminded_for) == ("top", "")
    assert run(NOON)["reminded"] == 0


def test_without_an_owner_the_managers_hear_and_ended_ones_are_left_alone(session, scene):
    product, people, _mine = scene
    boss = a_person(product.brand, manager=True)
    programme = a_programme(product.brand)
    a_milestone(a_product(programme), "nobody's", DAY - timedelta(days=20), reminded_for="late")
    a_milestone(a_product(programme, "stopped"), "stopped", DAY - timedelta(days=20), reminded_for="late")
    a_milestone(a_product(programme), "done", DAY - timedelta(days=20), reminded_for="late", done_at=NOON)
    run(NOON)
    assert told(session, people) == [(boss.id, "up"), (boss.id, "top")]


def test_a_partner_is_told_of_what_it_owes_while_it_takes_part(session, scene):
    product, people, mine = scene
    factory, left = an_organisation("factory"), an_organisation("factory")
    a_participant(product, factory)
    a_participant(product, left, left_at=clock.now())
    worker = a_person(factory, locale="zh")
    a_person(left)
    a_milestone(product, "试模", DAY, owner_id=mine.id, owner_part="factory", organisation_id=factory.id)
    a_milestone(product, "旧厂的", DAY, owner_id=mine.id, owner_part="factory", organisation_id=left.id)
    run(NOON)
    assert sorted(map(str, told(session, people))) == sorted(map(str, [("mine", "due"), ("mine", "due"), (worker.id, "due")]))
    note = session.scalars(select(Notification).where(Notification.user_id == worker.id)).one()
    assert note.organisation_id == factory.id
    assert session.scalars(select(OutboxMail).where(OutboxMail.locale == "zh")).one().to_address == worker.email


def test_the_rules_are_edited_by_the_brand(client, session, scene):
    product, _people, mine = scene
    sign_in(client, mine)
    address = f"/programmes/{product.programme_id}/reminders"
    assert "3 working days late" in client.get("/milestones/reminders").get_data(as_text=True)
    form = {"soon_days": "5", "owner_after": "0", "programme_after": "4", "version": "0"}
    assert client.post(address, data=form).status_code == 302
    page = client.get("/milestones/reminders").get_data(as_text=True)
    assert "5 days before" in page
    assert "never" in page
    assert client.post(address, data=form).status_code == 409
    for wrong in ({"soon_days": "31"}, {"owner_after": "-1"}, {"programme_after": "x"}, {"soon_days": ""}, {"version": "x"}):
        assert client.post(address, data={**form, **wrong}).status_code == 422, wrong
    sign_in(client, a_person(an_organisation("brand")))
    assert client.get(address).status_code == 404


def test_case_36_two_who_change_the_rules(session, scene):
    product, _, _ = scene
    actor = an_actor(product.brand)
    values = {"soon_days": 1, "owner_after": 1, "programme_after": 1}
    made = reminder_service.save(product.programme, values, 0, actor, NOON)
    with pytest.raises(Conflict):
        reminder_service.save(product.programme, values, 0, actor, NOON)
    assert reminder_service.values_of(made) == {**values, "version": 1}
    assert session.query(Milestone).count() == 0
