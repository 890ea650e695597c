"""What surrounds every page: navigation, counts, workspaces; and its cost."""

import pytest

from incubator.accounts.models import Notification
from incubator.kernel import clock
from incubator.kernel.actor import ORGANISATION_KINDS
from incubator.portals import frame
from tests.builders import a_milestone, a_person, a_product, a_programme, an_organisation, counted, put, sign_in


def text(client, path="/"):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def nav(client, path="/"):
    page = text(client, path)
    return page[page.index('class="rail"') : page.index('<div class="page">')]


def test_each_role_finds_its_own_entries(client, session):
    brand = an_organisation("brand")
    sign_in(client, a_person(brand))
    assert all(word in nav(client) for word in ("Products", "Programmes", "Milestones", "Briefs"))
    assert "Audit" not in nav(client)
    sign_in(client, a_person(an_organisation("factory")))
    assert "Our products" in nav(client)
    assert not any(word in nav(client) for word in ("Programmes", "Milestones", "Audit"))
    sign_in(client, a_person(staff_role="administrator"))
    assert all(word in nav(client) for word in ("Organisations", "People", "Jobs", "Mail", "Audit", "Exchange rates"))
    assert "Products" not in nav(client)


def test_the_present_entry_is_marked_and_late_ones_are_counted(client, session):
    brand = an_organisation("brand")
    product = a_product(a_programme(brand))
    a_milestone(product, due_on=clock.today().replace(year=2020))
    sign_in(client, a_person(brand))
    page = nav(client, f"/products/{product.id}/plan")
    assert page.count('aria-current="page"') == 1
    assert 'href="/products" aria-current="page"' in page
    assert '<span class="count">1' in page


def test_the_frame_asks_at_most_three_questions_and_none_of_a_stranger(client, session):
    user = a_person(an_organisation("brand"))
    put(Notification(user_id=user.id, text="x", url="/", created_at=clock.now()))
    sign_in(client, user)
    with counted() as whole:
        text(client, "/search")
    assert len(whole) <= 4, whole  # who is it, and the three
    with counted() as none:
        client.application.test_client().get("/sign-in")
    assert not [s for s in none if "notification" in s or "gate_review" in s]


def test_workspaces_are_where_one_may_act(client, session):
    brand, factory = an_organisation("brand", "源选"), an_organisation("factory", "甲厂")
    user = a_person(brand, staff_role="administrator")
    frame.db.session.add(frame.Membership(user_id=user.id, organisation_id=factory.id))
    sign_in(client, user)
    page = text(client)
    assert all(name in page for name in ("源选", "甲厂", "Workspaces"))


@pytest.mark.parametrize("role", [*ORGANISATION_KINDS, "administrator", "field_agent"])
def test_every_role_has_a_home(client, session, role):
    staff = role in ("administrator", "field_agent")
    sign_in(client, a_person(None if staff else an_organisation(role), "Somebody", staff_role=role if staff else None))
    assert "later" not in text(client).split("<main")[1].lower()
