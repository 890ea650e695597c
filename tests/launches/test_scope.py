"""Who sees what: a rival reads HTML, JSON, exports, errors and addresses, and learns nothing."""

import json

import pytest

from incubator.kernel import access, clock
from incubator.kernel.errors import NotFound
from incubator.launches import queries
from incubator.launches.launch_models import ChecklistItem, Launch, LaunchPlan, PreproductionReview
from incubator.launches.models import Channel, Sku, SkuAlias, SkuFactory, SkuPrice
from incubator.launches.probe_models import Probe
from tests.builders import a_participant, a_person, an_actor, an_organisation, sign_in
from tests.launches.builders import a_checklist, a_launch, a_probe
from tests.launches.desk import Market
from tests.world import a_token

SECRET_PLAN, SECRET_PRICE, CHANNEL_PRICE = "4321", "777.77", "450.00"


class Scene(Market):
    """Two factories make one SKU each of one product that is about to launch."""

    def __init__(self):
        super().__init__("test_launch", state="in_development")
        self.ours, self.channels = self.for_sale("tmall")
        self.ours.planned_units_per_week, self.ours.launch_price_minor, self.ours.state = int(SECRET_PLAN), 77_777, "ready"
        self.theirs = self.a_sku(self.rival, code="RIVAL-SKU", name_zh="对手做的枕头", name_en="", state="ready")
        self.channels[0].name_zh = "秘密渠道"
        self.channels[0].name_en = ""
        self.launch = a_launch(self.product, [self.ours, self.theirs], self.channels, note="秘密备注")
        self.items = a_checklist(self.product, self.channels[0], self.actor)
        self.probe = a_probe(self.product, *self.channels)


def everything(browser, scene):
    """All that somebody can read of the scene, in one text."""
    paths = [
        "/", "/skus", "/launches", "/launches?show=past", "/skus/export.csv", f"/products/{scene.product.id}", f"/products/{scene.product.id}/skus",
        f"/products/{scene.product.id}/launch", f"/skus/{scene.ours.id}", f"/skus/{scene.theirs.id}", "/search?q=枕", "/search?q=RIVAL", "/notifications",
        f"/products/{scene.product.id}/activity",
    ]  # fmt: skip
    return "\n".join(browser.get(path).text for path in paths)


def test_case_07_a_factory_reads_its_own_skus_and_nothing_else(client, session):
    scene = Scene()
    browser = sign_in(client, a_person(scene.factory))
    page = browser.get("/skus").text
    assert scene.ours.code in page and "1 in all" in page
    seen = everything(browser, scene)
    for secret in (
        "RIVAL-SKU",
        "对手做的枕头",
        scene.rival.name,
        SECRET_PLAN,
        SECRET_PRICE,
        CHANNEL_PRICE,
        "秘密渠道",
        "秘密备注",
        "愿意为可拆洗",
    ):
        assert secret not in seen, secret
    assert browser.get(f"/skus/{scene.theirs.id}").data == browser.get("/skus/987654").data
    assert browser.get(f"/products/{scene.product.id}/launch").status_code == 404


def test_the_retail_price_is_told_once_it_is_public(client, session):
    scene = Scene()
    browser = sign_in(client, a_person(scene.factory))
    assert SECRET_PRICE not in browser.get(f"/skus/{scene.ours.id}").text
    scene.ours.state = "listed"
    assert SECRET_PRICE in browser.get(f"/skus/{scene.ours.id}").text
    assert SECRET_PLAN not in browser.get(f"/skus/{scene.ours.id}").text


def test_a_former_factory_sees_the_sku_no_more_but_its_own_lines(session):
    scene = Scene()
    from incubator.launches import service

    service.give_to_factory(scene.ours, scene.rival.id, clock.today(), "秘密原因", scene.actor, clock.now())
    with pytest.raises(NotFound):
        queries.row(scene.ours.id, scene.maker)
    lines = session_rows(SkuFactory, scene.maker)
    assert {line.organisation_id for line in lines} == {scene.factory.id}
    assert {line.organisation_id for line in session_rows(SkuFactory, scene.other_maker)} == {scene.rival.id}


def session_rows(model, actor):
    from incubator.kernel.db import db

    return list(db.session.scalars(access.select_visible(model, actor)))


@pytest.mark.parametrize("who", ["firm", "partner"])
def test_a_partner_reads_names_channels_and_days_only(client, session, who):
    scene = Scene()
    browser = sign_in(client, a_person(getattr(scene, who)))
    seen = everything(browser, scene)
    for known in ("对手做的枕头", "秘密渠道"):
        assert known in seen
    for secret in (
        "RIVAL-SKU",
        scene.ours.code,
        scene.rival.name,
        scene.factory.name,
        SECRET_PLAN,
        SECRET_PRICE,
        CHANNEL_PRICE,
        "秘密备注",
    ):
        assert secret not in seen, secret
    assert "No SKU fits" in browser.get("/skus?q=RIVAL").text, "case 6: no probing of codes"
    scene.ours.state = "draft"
    assert browser.get(f"/skus/{scene.ours.id}").status_code == 404


@pytest.mark.parametrize("kind", ["investor", "operator", "mould_factory"])
def test_others_who_take_part_see_nothing_here(client, session, kind):
    scene = Scene()
    organisation = an_organisation(kind)
    a_participant(scene.product, organisation)
    browser = sign_in(client, a_person(organisation))
    for path in ("/skus", "/launches", "/channels", f"/products/{scene.product.id}/skus", f"/products/{scene.product.id}/launch"):
        assert browser.get(path).status_code == 404
    assert "SKUs" not in browser.get(f"/products/{scene.product.id}").text


@pytest.mark.parametrize("model", [SkuPrice, SkuAlias, LaunchPlan, PreproductionReview, Probe])
def test_plans_prices_tests_and_reviews_are_the_brands_alone(session, model):
    scene = Scene()
    rows = session_rows(model, scene.actor)
    assert rows or model in (SkuAlias, LaunchPlan, PreproductionReview)
    for actor in (scene.maker, scene.designer, scene.seller, an_actor(an_organisation("brand"))):
        assert session_rows(model, actor) == []


def test_a_partner_that_left_and_another_brand_see_nothing(session):
    scene = Scene()
    assert session_rows(Launch, scene.seller) and session_rows(Channel, scene.seller)
    for participant in scene.product.participants:
        participant.left_at = clock.now()
    session.flush()
    for actor in (scene.seller, scene.designer, an_actor(an_organisation("brand"))):
        for model in (Sku, Launch, Channel, ChecklistItem):
            assert session_rows(model, actor) == []


def test_a_launch_partner_sees_its_own_tasks_only(client, session):
    scene = Scene()
    mine, other = scene.items[0], scene.items[1]
    mine.organisation_id = scene.partner.id
    browser = sign_in(client, a_person(scene.partner))
    assert browser.get(f"/checklist/{mine.id}").status_code == 200
    assert browser.get(f"/checklist/{other.id}").status_code == 404
    assert browser.post(f"/checklist/{other.id}/do", data={"proof": "x"}).status_code == 404
    assert browser.get(f"/products/{scene.product.id}/launch/checklist").status_code == 404


def test_case_02_and_08_a_posted_owner_or_state_is_ignored(client, session):
    scene = Scene()
    browser = sign_in(client, a_person(scene.brand))
    other = Market()
    data = {
        "code": "NEW",
        "name_zh": "新",
        "currency": "CNY",
        "state": "listed",
        "brand_id": other.brand.id,
        "product_id": other.product.id,
        "gtin": "",
    }
    answer = browser.post(f"/products/{scene.product.id}/skus/new", data=data)
    assert answer.status_code == 302
    made = next(sku for sku in session_rows(Sku, scene.actor) if sku.code == "NEW")
    assert (made.state, made.brand_id, made.product_id) == ("draft", scene.brand.id, scene.product.id)
    assert (
        browser.post(f"/skus/{made.id}/prices", data={"channel_id": other.a_sku().id, "price": "1", "valid_from": "2026-01-01"}).status_code
        == 422
    )


def test_the_json_holds_what_the_role_may_read(client, session, app):
    scene = Scene()
    people = {
        name: a_person(organisation)
        for name, organisation in (("brand", scene.brand), ("factory", scene.factory), ("partner", scene.partner))
    }
    tokens = {name: a_token(person) for name, person in people.items()}
    session.commit()

    def get(path, name):
        return client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {tokens[name]}"})

    own = get(f"/skus/{scene.ours.id}", "brand").get_json()
    assert own["planned_units_per_week"] == int(SECRET_PLAN) and own["prices"][0]["price_minor"] == 45_000 and own["makers"]
    assert get("/skus?state=ready", "brand").get_json()["total"] == 2
    made = get("/skus", "factory").get_json()
    assert [row["id"] for row in made["items"]] == [scene.ours.id] and made["items"][0]["gtin"] == scene.ours.gtin
    assert made["items"][0]["launch_on"] == scene.launch.launch_on.isoformat()
    told = get("/skus", "partner").get_json()
    assert set(told["items"][0]) == {"id", "name_zh", "name_en", "product_id", "product_name", "launch_on", "colour", "size", "pack"}
    for name in ("factory", "partner"):
        text = json.dumps(get(f"/skus/{scene.ours.id}", name).get_json(), ensure_ascii=False)
        assert "77777" not in text and SECRET_PLAN not in text and "makers" not in text and "factory_name" not in text
    assert get(f"/skus/{scene.theirs.id}", "factory").status_code == 404
    assert get("/skus?sort=code", "partner").status_code == 200
    assert get("/skus?limit=1000000000", "brand").status_code == 422, "case 31"
    assert get("/skus?oops=1", "brand").status_code == 422


def test_photos_follow_the_sku(client, session, app):
    from tests.launches.test_pages import png

    scene = Scene()
    browser = sign_in(client, a_person(scene.brand))
    assert browser.post(f"/skus/{scene.ours.id}/photos", data={"photo": (png(), "a.png")}).status_code == 302
    photo = queries.photos_of(scene.ours.id, scene.actor)[0]
    assert queries.photos_of(scene.ours.id, scene.maker) and not queries.photos_of(scene.ours.id, scene.other_maker)
    rival = sign_in(app.test_client(), a_person(scene.rival))
    assert rival.get(f"/files/{photo.id}").status_code == 404
    assert rival.post(f"/skus/{scene.ours.id}/photos/{photo.id}/remove").status_code == 404
