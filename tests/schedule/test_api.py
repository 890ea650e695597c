"""A plan as JSON: the whole for its brand, its own part for a partner."""

from datetime import timedelta

import pytest

from incubator.kernel import clock
from incubator.schedule import service
from tests.builders import a_milestone, a_participant, a_person, a_product, a_programme, an_actor, an_organisation
from tests.schedule.builders import a_chain
from tests.world import a_token

BACKENDS = ("sqlite",)
BRAND_ONLY = {"baseline_on", "critical", "float_days", "owner", "organisation_id", "waits_for", "starts_on", "latest_on", "duration_days"}


@pytest.fixture
def scene(session):
    brand, factory = an_organisation("brand"), an_organisation("factory", "甲厂")
    user = a_person(brand, "Lin")
    product = a_product(a_programme(brand), "sampling", owner_id=user.id)
    a_participant(product, factory)
    made = a_chain(product, "开模", "试模", first=clock.today() + timedelta(days=5))
    made[1].owner_part, made[1].organisation_id, made[0].owner_id = "factory", factory.id, user.id
    service.replan(product.id, brand.id, an_actor(brand, user), clock.now())
    return product, made, user, a_person(factory)


def read(client, product, user):
    answer = client.get(f"/api/v1/products/{product.id}/milestones", headers={"Authorization": f"Bearer {a_token(user)}"})
    return answer.status_code, answer.get_json()


def test_the_brand_reads_dates_floats_and_links(client, scene):
    product, (first, second), user, _ = scene
    status, body = read(client, product, user)
    assert (status, body["product_id"], [item["name"] for item in body["items"]]) == (200, product.id, ["开模", "试模"])
    item = body["items"][1]
    assert item["waits_for"] == [{"milestone_id": first.id, "lag_days": 0}]
    assert (item["critical"], item["float_days"], item["mine"], body["items"][0]["owner"]) == (True, 0, False, "Lin")
    assert item["forecast_on"] == second.due_on.isoformat()


def test_case_7_a_partner_reads_its_own_and_nothing_computed(client, scene):
    product, _, _, worker = scene
    status, body = read(client, product, worker)
    assert status == 200
    assert [item["name"] for item in body["items"]] == ["试模"]
    assert body["items"][0]["mine"] is True
    assert not BRAND_ONLY & set(body["items"][0])
    assert "Lin" not in str(body)


def test_case_1_strangers_and_other_products(client, scene, session):
    product, _, user, _ = scene
    a_milestone(other := a_product())
    for who, what in ((a_person(an_organisation("factory")), product), (a_person(an_organisation("brand")), product), (user, other)):
        assert read(client, what, who)[0] == 404
    assert client.get(f"/api/v1/products/{product.id}/milestones").status_code == 401
