"""The homes: what waits, what is late, what changed, and where to begin."""

from datetime import timedelta

from sqlalchemy import insert

from incubator.kernel import clock
from incubator.kernel.job_table import JobRun, SchedulerBeat
from incubator.portals import todo
from incubator.products import participation, service
from tests.builders import a_milestone, a_participant, a_person, a_product, a_programme, an_actor, an_organisation, counted, put, sign_in


def text(client, path="/"):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True).split("<main")[1]


def test_a_new_brand_is_told_where_to_begin(client, session):
    brand = an_organisation("brand")
    sign_in(client, a_person(brand, manager=True))
    page = text(client)
    for address in ("/programmes/new", "/imports/new/briefs", "/briefs/new", "/my-organisation"):
        assert f'href="{address}"' in page
    a_programme(brand)
    assert "Done" in text(client)


def test_the_brand_sees_late_changed_and_counts(client, session):
    brand = an_organisation("brand")
    lin = a_person(brand, "Lin")
    product = a_product(a_programme(brand), "sampling", "云朻椅")
    a_milestone(product, "T1 试模", clock.today() - timedelta(days=2))
    service.edit(product, {"category": "家具"}, product.version, an_actor(brand, lin), clock.now())
    old = a_product(product.programme, name="old news")
    service.edit(old, {"category": "x"}, old.version, an_actor(brand, lin), clock.now() - timedelta(days=9))
    sign_in(client, lin)
    page = text(client)
    for part in ("T1 试模", "2 days late", "changed the category", "云朻椅", "/products?stage=sampling"):
        assert part in page
    assert "old news" not in page
    sign_in(client, a_person(an_organisation("brand")))
    assert "云朻椅" not in text(client)


def test_a_party_sees_what_is_asked_and_its_products(client, session):
    brand, factory = an_organisation("brand", "源选"), an_organisation("factory")
    zhou = a_person(factory)
    product = a_product(a_programme(brand), name="云朻椅")
    participation.add_participant(product, factory.id, an_actor(brand), clock.now())
    a_participant(a_product(a_programme(brand), name="not theirs"), an_organisation("factory"))
    sign_in(client, zhou)
    page = text(client)
    assert "源选 asks you to take part in “云朻椅”." in page
    assert "Nothing is asked of you now" in page
    assert "not theirs" not in page


def test_the_administrator_sees_health_and_whom_to_invite(client, session):
    an_organisation("investor", "长青资本")
    a_person(an_organisation("factory", "有人的厂"))
    sign_in(client, a_person(staff_role="administrator"))
    page = text(client)
    assert "长青资本" in page
    assert "有人的厂" not in page
    assert "Not running" in page
    now = clock.now()
    session.execute(insert(JobRun).values(job="x.y", status="failed", error="Trace\nValueError: 坏", created_at=now, next_try_at=now))
    put(SchedulerBeat(worker="w", started_at=now, beat_at=now))
    page = text(client)
    assert "ValueError: 坏" in page
    assert "Alive" in page


def test_homes_cost_the_same_however_much_there_is(client, session):
    brand = an_organisation("brand")
    user = a_person(brand)
    sign_in(client, user)
    sizes = []
    for number in (5, 45):
        programme = a_programme(brand)
        for _ in range(number):
            a_milestone(a_product(programme), due_on=clock.today())
        with counted() as statements:
            text(client)
        sizes.append(len(statements))
    assert sizes[0] == sizes[1] <= 12 + len(todo.SOURCES)
