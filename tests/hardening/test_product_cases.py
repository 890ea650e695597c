"""Cases 2, 6, 31, 32, 36, 37 and 40 of the hardening list, for products, programmes, milestones and search."""

import resource
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from incubator.accounts.models import Notification
from incubator.kernel import clock
from incubator.kernel.db import db
from incubator.products import service
from incubator.products.models import Comment, Participant, Product
from incubator.schedule import sweep
from tests.builders import a_milestone, a_participant, a_person, a_product, a_programme, an_actor, an_organisation, sign_in

HUGE = ("1000000000", "-1", "NaN", "1e308", "9" * 30, "0x10", "١٢")
HOSTILE = (
    "'",
    '"',
    "';--",
    "1 OR 1=1",
    "name'; DROP TABLE product;--",
    "\\",
    "%",
    "_",
    "../..",
    "{{7*7}}",
    "%(x)s",
    "\x00",
    "é",
    "椅" * 500,
)


@pytest.fixture
def two(session):
    """Brands A and B with a product each, and a factory that works for A."""
    a, b, factory = an_organisation("brand", "A"), an_organisation("brand", "B"), an_organisation("factory", "甲厂")
    lin = a_person(a, "Lin")
    mine, theirs = (
        a_product(a_programme(a, "Mine"), "sampling", "我的椅子"),
        a_product(a_programme(b, "Theirs"), "sampling", "别人的椅子", category="机密类目"),
    )
    a_participant(mine, factory)
    a_participant(theirs, an_organisation("factory", "乙厂"))
    return {"a": a, "b": b, "lin": lin, "mine": mine, "theirs": theirs, "factory": factory, "zhou": a_person(factory)}


def unchanged(session, product):
    session.expire_all()
    return session.get(Product, product.id).programme_id, session.get(Product, product.id).brand_id


def test_case_02_a_product_cannot_be_moved_under_a_foreign_parent(client, session, two):
    sign_in(client, two["lin"])
    mine, theirs = two["mine"], two["theirs"]
    before = unchanged(session, mine), unchanged(session, theirs)
    form = {
        "name": "x",
        "type": "hero",
        "code": mine.code,
        "owner_id": "",
        "version": str(mine.version),
        "programme_id": str(theirs.programme_id),
    }
    assert client.post(f"/products/{mine.id}/edit", data=form).status_code == 422
    assert client.post(f"/products/{theirs.id}/edit", data={**form, "programme_id": str(mine.programme_id)}).status_code == 404
    assert client.post("/products/new", data={**form, "start": "brief"}).status_code in (404, 422)
    client.post(
        f"/products/{mine.id}/edit", data={**form, "programme_id": str(mine.programme_id), "brand_id": str(two["b"].id), "state": "launch"}
    )
    session.expire_all()
    assert (unchanged(session, mine), unchanged(session, theirs)) == before
    assert session.get(Product, mine.id).state == "sampling"


def test_case_02_rows_of_one_product_are_not_reached_through_another(client, session, two):
    sign_in(client, two["lin"])
    other = a_product(two["mine"].programme)
    part = session.scalars(select(Participant).where(Participant.product_id == two["mine"].id)).one()
    foreign = session.scalars(select(Participant).where(Participant.product_id == two["theirs"].id)).one()
    assert client.post(f"/products/{other.id}/participants/{part.id}/end").status_code == 404
    assert client.post(f"/products/{two['mine'].id}/participants/{foreign.id}/end").status_code == 404
    comment = {"subject_type": "product", "subject_id": two["theirs"].id, "body": "x"}
    assert client.post(f"/products/{two['mine'].id}/comments", data=comment).status_code == 404
    assert session.scalars(select(Comment)).all() == []
    session.expire_all()
    assert part.left_at is None
    assert foreign.left_at is None


def test_case_06_search_options_and_counts_hold_own_rows_only(client, session, two):
    secrets = ("别人的椅子", "Theirs", "乙厂", "机密类目")
    for person, own in ((two["lin"], "我的椅子"), (two["zhou"], "我的椅子")):
        sign_in(client, person)
        for path in (
            "/",
            "/products",
            "/products/board",
            "/products/timeline",
            "/milestones",
            "/search?q=椅",
            "/products/new",
            f"/products/{two['mine'].id}/people",
        ):
            answer = client.get(path)
            body = answer.get_data(as_text=True)
            hits = [s for s in secrets if s in body]
            assert hits in ([], ["乙厂"] if path.endswith("people") and person is two["lin"] else []), path
        found = client.get("/search?q=椅", headers={"Accept": "application/json"}).get_json()
        assert [item["label"] for group in found["groups"] for item in group["items"]] == [own]
    sign_in(client, two["zhou"])
    names = {p["label"] for p in client.get(f"/products/{two['mine'].id}/mentions?q=").get_json()}
    assert names == {"Lin", two["zhou"].name}
    assert client.get(f"/products/{two['theirs'].id}/mentions?q=").status_code == 404


@pytest.mark.parametrize("value", HUGE)
def test_case_31_numbers_out_of_bounds_are_refused_and_cost_nothing(client, two, value):
    sign_in(client, two["lin"])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    mine = two["mine"]
    for path in ("/products", "/products/board", "/products/timeline", "/milestones"):
        assert client.get(
            f"{path}?limit={value}&programme={value}&owner={value}&participant={value}&span={value}&start={value}"
        ).status_code in (200, 400)
    for path in (f"/products/{value}", f"/programmes/{value}", f"/milestones/{value}/edit", f"/products/views/{value}"):
        assert client.get(path).status_code == 404
    plan = {"name": "x", "due_on": value, "owner_id": value}
    assert client.post(f"/products/{mine.id}/plan", data=plan).status_code == 422
    assert client.post(f"/products/{mine.id}/stage/seal", data={"version": value}).status_code in (409, 422)
    assert client.post(f"/products/{mine.id}/comments", data={"subject_type": "product", "subject_id": value, "body": "x"}).status_code in (
        404,
        422,
    )
    programme = {
        "name": "x",
        "type": "consumer",
        "starts_on": "2026-01-01",
        "horizon_years": value,
        "currency": "CNY",
        "budget": value,
        "owner_id": "",
    }
    assert client.post("/programmes/new", data=programme).status_code == 422
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024


@pytest.mark.parametrize("value", HOSTILE)
def test_case_32_text_in_addresses_is_never_sql(client, two, value):
    sign_in(client, two["lin"])
    args = dict.fromkeys(("q", "sort", "stage", "type", "risk", "category", "show", "span", "start", "owner"), value)
    for path in (
        "/products",
        "/products/board",
        "/products/timeline",
        "/products/export.csv",
        "/milestones",
        "/search",
        f"/products/{two['mine'].id}/mentions",
    ):
        assert client.get(path, query_string=args).status_code == 200, path
    for path in ("/products", "/milestones", f"/products/{two['mine'].id}/activity", f"/products/{two['mine'].id}/files"):
        assert client.get(path, query_string={"cursor": value}).status_code == 422, path
    answer = client.post("/products/views", data={**args, "view": "list", "name": value.replace("\x00", "") or "x"})
    assert answer.status_code in (302, 422)
    assert client.get("/products").status_code == 200


def test_case_32_a_cursor_of_another_list_is_refused(client, two):
    import base64
    import json

    sign_in(client, two["lin"])
    for payload in (
        [False, "x' OR 1=1", 1],
        [False, 5, 1],
        [False, None, 1],
        [False, "2026-01-01T00:00:00", -1],
        ["a"],
        {"a": 1},
        7,
        [False, "2026-13-99", 1],
    ):
        cursor = base64.urlsafe_b64encode(json.dumps(payload).encode()).decode()
        assert client.get("/products", query_string={"cursor": cursor}).status_code == 422, payload


def test_case_36_the_second_of_two_editors_sees_what_the_first_did(client, two):
    sign_in(client, two["lin"])
    mine = two["mine"]
    form = {
        "name": "新名字",
        "type": "hero",
        "code": mine.code,
        "owner_id": "",
        "version": str(mine.version),
        "programme_id": str(mine.programme_id),
    }
    assert client.post(f"/products/{mine.id}/edit", data=form).status_code == 302
    answer = client.post(f"/products/{mine.id}/edit", data={**form, "name": "我的名字"})
    body = answer.get_data(as_text=True)
    assert answer.status_code == 409
    for part in ("Lin", "新名字", "我的名字"):
        assert part in body
    json_answer = client.post(f"/products/{mine.id}/edit", data={**form, "name": "我的名字"}, headers={"Accept": "application/json"})
    assert json_answer.get_json()["what"]["actor"] == "Lin"


def test_case_37_many_create_at_once_and_every_code_is_given_once(app, session):
    brand = an_organisation("brand")
    actor, programme_id = an_actor(brand), a_programme(brand).id
    session.commit()

    def create(code):
        with app.app_context():
            programme = db.session.get(type(a_programme_of(programme_id)), programme_id)
            try:
                service.create(programme, "椅", "hero", actor, clock.now(), code=code)
                db.session.commit()
            except service.Invalid:
                db.session.rollback()
                return "refused"
            return "made"

    with ThreadPoolExecutor(8) as pool:
        automatic = list(pool.map(create, [None] * 24))
        typed = list(pool.map(create, ["X-1"] * 16))
    session.rollback()
    codes = session.scalars(select(Product.code)).all()
    assert automatic == ["made"] * 24
    assert sorted(typed) == ["made"] + ["refused"] * 15
    assert sorted(codes) == [f"P-{i:05d}" for i in range(1, 25)] + ["X-1"]


def a_programme_of(programme_id):
    from incubator.products.models import Programme

    return db.session.get(Programme, programme_id)


def reminders(session, start, end, zone, due_on, step=timedelta(minutes=30)):
    """Sweep every half hour from `start` to `end`; the moments at which the owner was told."""
    owner = a_person(an_organisation("brand"), timezone=zone)
    product = a_product(a_programme())
    a_milestone(product, due_on=due_on, owner_id=owner.id, reminded_for="soon")
    told, moment = [], start
    while moment < end:
        before = len(session.scalars(select(Notification.id).where(Notification.user_id == owner.id)).all())
        sweep.remind_batch(moment)
        after = session.scalars(select(Notification.text).where(Notification.user_id == owner.id).order_by(Notification.id)).all()
        told += [(moment, text) for text in after[before:]]
        moment += step
    return told


@pytest.mark.parametrize(
    ("zone", "day", "midnight"),
    [
        ("Europe/Berlin", date(2026, 10, 25), datetime(2026, 10, 24, 22, tzinfo=UTC)),  # the hour that comes twice
        ("Europe/Berlin", date(2026, 3, 29), datetime(2026, 3, 28, 23, tzinfo=UTC)),  # the hour that is skipped
        ("America/Sao_Paulo", date(2026, 11, 22), datetime(2026, 11, 22, 3, tzinfo=UTC)),
        ("Asia/Shanghai", date(2026, 11, 22), datetime(2026, 11, 21, 16, tzinfo=UTC)),
        ("Pacific/Kiritimati", date(2026, 11, 22), datetime(2026, 11, 21, 10, tzinfo=UTC)),
    ],
)
def test_case_40_once_on_the_owners_own_day(session, zone, day, midnight):
    told = reminders(session, midnight - timedelta(hours=6), midnight + timedelta(hours=22), zone, day)
    assert told == [(midnight, "milestone.due")]


def test_case_40_a_clock_set_back_tells_nobody_twice(session):
    owner = a_person(an_organisation("brand"), timezone="Asia/Shanghai")
    a_milestone(a_product(), due_on=date(2026, 11, 22), owner_id=owner.id)
    noon = datetime(2026, 11, 22, 4, tzinfo=UTC)
    for moment in (
        noon,
        noon - timedelta(days=2),
        noon - timedelta(hours=1),
        noon,
        noon + timedelta(days=1),
        noon,
        noon + timedelta(days=1),
    ):
        sweep.remind_batch(moment)
    texts = session.scalars(select(Notification.text).order_by(Notification.id)).all()
    assert texts == ["milestone.due", "milestone.late"]


def test_case_40_two_sweeps_at_once_tell_once(app, session):
    brand = an_organisation("brand")
    owner, programme = a_person(brand), a_programme(brand)
    for i in range(40):
        a_milestone(a_product(programme), f"m{i}", date(2026, 11, 22), owner_id=owner.id)
    session.commit()

    def run(_number):
        with app.app_context():
            done = sweep.remind_batch(datetime(2026, 11, 22, 12, tzinfo=UTC))
            db.session.commit()
            return done

    with ThreadPoolExecutor(4) as pool:
        shares = list(pool.map(run, range(4)))
    session.rollback()
    assert sum(shares) == 40
    assert len(session.scalars(select(Notification.id)).all()) == 40
