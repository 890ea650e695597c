"""Where the work of a stage is done: the frame leads the brand there, and moving on by hand takes second place."""

import re

import pytest

from tests.builders import a_participant, a_person, a_product, a_programme, an_organisation, sign_in

BACKENDS = ("sqlite",)
WORK = {"sourcing": "/sourcing", "sampling": "/samples", "preproduction": "/launch/gate", "test_launch": "/launch/tests"}


@pytest.fixture
def brand(session):
    return an_organisation("brand", "源选")


def head(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True).partition('class="page-head"')[2].partition("</header>")[0]


@pytest.mark.parametrize("stage", WORK)
def test_the_frame_leads_to_the_work_of_the_stage(client, brand, stage):
    product = a_product(a_programme(brand), stage)
    sign_in(client, a_person(brand))
    page = head(client, f"/products/{product.id}")
    first = re.search(r'<a class="btn primary" href="([^"]+)"', page)
    assert first and first.group(1) == f"/products/{product.id}{WORK[stage]}"
    assert 'class="btn primary" type="submit"' not in page.partition("<dialog")[0]


def test_where_the_work_is_done_the_frame_does_not_lead_away(client, brand):
    product = a_product(a_programme(brand), "sourcing")
    sign_in(client, a_person(brand))
    assert 'class="btn primary"' not in head(client, f"/products/{product.id}/sourcing").partition("<dialog")[0]


def test_a_stage_that_is_ended_by_hand_keeps_its_button(client, brand):
    product = a_product(a_programme(brand), "codevelopment")
    sign_in(client, a_person(brand))
    assert 'class="btn primary" type="submit"' in head(client, f"/products/{product.id}")


def test_a_party_is_led_nowhere(client, brand):
    product, factory = a_product(a_programme(brand), "sampling"), an_organisation("factory", "甲厂")
    a_participant(product, factory)
    sign_in(client, a_person(factory))
    assert "btn primary" not in head(client, f"/products/{product.id}")
