"""The pages of factories through HTTP: directory with filters, paging and export; profile, evidence, audits, changes, homes."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from incubator.factories.audit_models import AuditFinding, FactoryAudit
from incubator.factories.evidence_models import Certificate, FactoryChange, TierAward
from incubator.factories.models import Caseload, Factory, FactoryCategory, IndustrialCluster, OemEntry
from incubator.kernel import clock
from tests.builders import a_participant, a_person, a_product, a_programme, an_organisation, counted, put, sign_in
from tests.factories.builders import a_certificate, a_code, a_factory, an_audit, an_oem_entry
from tests.world import a_token

BACKENDS = ("sqlite",)
PROFILE = {
    "name_zh": "慈溪暖川电器厂", "name_en": "Nuanchuan", "country": "CN", "city": "慈溪", "address": "观海卫 8 号", "categories": "小家电、暖风机", "cluster_id": "0",
    "founded_year": "2008", "staff_count": "180", "export_share": "40",
    "capabilities-0-kind": "process", "capabilities-0-name_zh": "注塑", "capabilities-0-monthly_capacity": "5000", "capabilities-0-unit": "piece",
    "capabilities-0-moq": "300", "capabilities-1-kind": "line", "capabilities-1-unit": "piece", "contacts-0-name": "周建国", "contacts-0-phone": "0574",
}  # fmt: skip


class House:
    def __init__(self, client, app):
        self.brand, self.own = an_organisation("brand"), an_organisation("factory")
        self.app = app
        self.keeper = a_person(self.brand, manager=True)
        self.browser = sign_in(client, self.keeper)

    def other(self, person):
        return sign_in(self.app.test_client(), person)


@pytest.fixture
def house(client, app, session):
    return House(client, app)


def test_a_factory_is_entered_and_found(house, session):
    assert house.browser.get("/factories/new").status_code == 200
    cluster = session.scalar(select(IndustrialCluster).where(IndustrialCluster.name_zh == "慈溪小家电"))
    answer = house.browser.post("/factories/new", data={**PROFILE, "uscc": a_code(), "cluster_id": cluster.id})
    assert answer.status_code == 302, answer.text
    factory = session.scalar(select(Factory))
    assert (factory.state, factory.name, factory.cluster_id, [c.name for c in factory.categories]) == (
        "prospect",
        "慈溪暖川电器厂",
        cluster.id,
        ["小家电", "暖风机"],
    )
    assert [(c.name_zh, c.moq) for c in factory.capabilities] == [("注塑", 300)] and factory.contacts[0].name == "周建国"
    for path in ("", "/certificates", "/oem", "/audits", "/tiers", "/changes", "/edit"):
        page = house.browser.get(f"/factories/{factory.id}{path}")
        assert (page.status_code == 200 and "慈溪暖川电器厂" in page.text) or path == "/edit", path
    assert "慈溪暖川电器厂" in house.browser.get("/search?q=Nuanchuan").text


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name_zh", "", "name in Chinese or in English"), ("uscc", "91330100MA00000010", "not a valid unified"), ("founded_year", "99999", "between"),
        ("export_share", "101", "between"), ("website", "javascript:alert(1)", "https://"), ("capabilities-0-moq", "-1", "between"),
        ("capabilities-0-moq", "NaN", "integer"), ("contacts-0-email", "not an address", "e-mail"), ("cluster_id", "99999", "choice"), ("country", "XX", "choice"),
        ("capabilities-0-name_zh", "", "Name it"), ("staff_count", "9" * 40, "integer"),
    ],
)  # fmt: skip
def test_case_31_what_is_wrong_is_said_beside_its_field(house, session, field, value, words):
    data = {**PROFILE, "name_en": "", field: value}
    answer = house.browser.post("/factories/new", data=data)
    assert answer.status_code == 422 and words in answer.text
    assert session.scalar(select(Factory)) is None


def test_case_08_fields_that_no_form_has_are_ignored(house, session):
    data = {**PROFILE, "state": "approved", "organisation_id": house.own.id, "brought_by_id": 99, "tier": "gold"}
    assert house.browser.post("/factories/new", data=data).status_code == 302
    factory = session.scalar(select(Factory))
    assert (factory.state, factory.organisation_id, factory.tier, factory.brought_by_id) == ("prospect", None, "", house.brand.id)


def test_text_is_shown_as_typed(house, session):
    data = {**PROFILE, "name_zh": "<script>alert(1)</script>{{7*7}}%(x)s", "introduction": "{0.__class__}<img src=x>"}
    assert house.browser.post("/factories/new", data=data).status_code == 302
    page = house.browser.get(f"/factories/{session.scalar(select(Factory.id))}").text
    assert "<script>alert" not in page and "{{7*7}}%(x)s" in page and "&lt;img src=x&gt;" in page


def names_of(house, query):
    """Whom the list shows; in English a factory goes by its English name."""
    page = house.browser.get(f"/factories?{query}").text.replace("Alpha Works", "甲厂")
    return {name for name in ("甲厂", "乙厂", "丙厂") if name in page}


def test_the_filters_of_the_directory(house, session):
    cluster = session.scalar(select(IndustrialCluster))
    today = clock.today("Asia/Shanghai")
    first = a_factory("approved", name_zh="甲厂", name_en="Alpha Works", city="慈溪", cluster_id=cluster.id, tier="gold", tier_until=today)
    second = a_factory("conditional", name_zh="乙厂", city="台州", tier="gold", tier_until=today - timedelta(days=1))
    third = a_factory("approved", name_zh="丙厂", city="佛山")
    second.capabilities[0].moq, second.capabilities[0].monthly_capacity = 5000, 900_000
    third.capabilities[0].kind, third.capabilities[0].name_zh = "material", "再生聚丙烯"
    put(FactoryCategory(factory_id=third.id, name="收纳"))
    a_certificate(first, kind="bsci")
    a_certificate(second, kind="bsci", days=-1)
    session.commit()
    for query, found in {
        "q=alpha": {"甲厂"}, "q=台州": {"乙厂"}, "q=厂 佛山": {"丙厂"}, "q=%25": set(), "q=' OR 1=1 --": set(), "state=conditional": {"乙厂"}, "state=nonsense": {"甲厂", "乙厂", "丙厂"},
        f"cluster={cluster.id}": {"甲厂"}, "category=收纳": {"丙厂"}, "process=注塑": {"甲厂", "乙厂"}, "process=mould": {"甲厂", "乙厂"}, "material=聚丙烯": {"丙厂"},
        "capacity=100000": {"乙厂"}, "moq=500": {"甲厂"}, "moq=500&capacity=100000": set(), "certificate=bsci": {"甲厂"}, "tier=gold": {"甲厂"}, "moq=1e9": {"甲厂", "乙厂", "丙厂"},
    }.items():  # fmt: skip
        assert names_of(house, query) == found, query


def test_paging_and_order_hold_at_the_ends(house, session):
    for n in range(55):
        a_factory("approved", name_zh=f"第{n:02d}号")
    session.commit()
    first = house.browser.get("/factories?sort=name").text
    assert "第00号" in first and "第54号" not in first and 'rel="next"' in first
    following = house.browser.get(first.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")).text
    assert "第54号" in following and "第00号" not in following and 'rel="prev"' in following
    assert house.browser.get("/factories?cursor=damaged").status_code == 422
    assert house.browser.get("/factories/export.csv").data.decode("utf-8-sig").count("\n") == 56


def test_no_page_asks_more_for_more_rows(house, session):
    for n in range(3):
        a_certificate(a_factory("approved", brand=house.brand, name_zh=f"先{n}"))
    factory = a_factory("approved", brand=house.brand, organisation=house.own)
    an_audit(factory, "passed", score=4)
    paths = [
        "/factories",
        f"/factories/{factory.id}",
        f"/factories/{factory.id}/certificates",
        f"/factories/{factory.id}/audits",
        f"/factories/{factory.id}/oem",
    ]
    session.commit()
    few = {path: _queries(house, path) for path in paths}
    for n in range(20):
        a_certificate(a_factory("approved", brand=house.brand, name_zh=f"后{n}"))
        a_certificate(factory)
        an_oem_entry(factory)
        an_audit(factory, "passed", score=4)
    session.commit()
    many = {path: _queries(house, path) for path in paths}
    assert many == few and max(many.values()) <= 20


def _queries(house, path):
    house.browser.get(path)
    with counted() as statements:
        assert house.browser.get(path).status_code == 200
    return len(statements)


def test_the_way_from_prospect_to_approved_with_an_audit_and_a_certificate(house, session):
    factory = a_factory("prospect", brand=house.brand)
    session.commit()
    base = f"/factories/{factory.id}"
    assert house.browser.post(f"{base}/move/submit", data={"version": factory.version}).status_code == 302
    assert house.browser.post(f"{base}/move/approve", data={"note": "x"}).status_code == 409
    assert (
        house.browser.post(
            f"{base}/certificates", data={"kind": "other", "number": "1", "issuer": "SGS", "expires_on": "2099-01-01"}
        ).status_code
        == 422
    )
    assert (
        house.browser.post(
            f"{base}/certificates", data={"kind": "iso_9001", "number": "1", "issuer": "SGS", "expires_on": "2001-01-01"}
        ).status_code
        == 422
    )
    assert (
        house.browser.post(
            f"{base}/certificates", data={"kind": "iso_9001", "number": "1", "issuer": "SGS", "expires_on": "2099-01-01"}
        ).status_code
        == 302
    )
    certificate = session.scalar(select(Certificate))
    assert house.browser.post(f"{base}/certificates/{certificate.id}/revoke", data={"note": "看错了"}).status_code == 302
    today = clock.today("Asia/Shanghai").isoformat()
    answer = house.browser.post(f"{base}/audits", data={"kind": "quality", "audited_on": today, "auditor": "李工"})
    audit = session.scalar(select(FactoryAudit))
    assert answer.location.endswith(f"/audits/{audit.id}")
    path = f"{base}/audits/{audit.id}"
    scores = {
        f"checks-{n}-{k}": v
        for n, c in enumerate(audit.checks)
        for k, v in (("code", c.code), ("score", "4" if n else "na"), ("note", "好"))
    }
    assert house.browser.post(f"{path}/scores", data={**scores, "version": audit.version}).status_code == 302
    assert house.browser.post(f"{path}/findings", data={"severity": "major", "text": "出口堵塞", "due_on": "2001-01-01"}).status_code == 422
    assert house.browser.post(f"{path}/findings", data={"severity": "major", "text": "出口堵塞", "due_on": today}).status_code == 302
    session.expire_all()
    assert house.browser.post(f"{path}/findings/{audit.findings[0].id}/close", data={"note": "已清空"}).status_code == 302
    page = house.browser.get(path).text
    assert "出口堵塞" in page and "已清空" in page
    assert house.browser.post(f"{path}/pass", data={"note": "可以"}).status_code == 302
    assert house.browser.post(f"{path}/scores", data=scores).status_code == 409
    assert "A decided audit is not edited" in house.browser.get(path).text
    assert house.browser.post(f"{base}/move/approve", data={"note": "证据齐全"}).status_code == 302
    session.expire_all()
    assert factory.state == "approved"


def test_the_factory_proposes_and_the_brand_publishes(house, session):
    factory = a_factory("approved", brand=house.brand, organisation=house.own, name_zh="旧名称")
    session.commit()
    own = house.other(a_person(house.own))
    assert own.get("/factories/mine").location.endswith(f"/factories/{factory.id}")
    answer = own.post(f"/factories/{factory.id}/edit", data={**PROFILE, "name_zh": "新名称", "version": factory.version})
    assert answer.status_code == 302 and "/changes/" in answer.location
    assert "旧名称" in own.get(f"/factories/{factory.id}").text
    assert "新名称" in own.get(f"/factories/{factory.id}/edit").text, "the editor goes on with what was proposed"
    assert "waits for you" in house.browser.get("/factories").text
    page = house.browser.get(answer.location).text
    assert "<del>旧名称</del>" in page and "<ins>新名称</ins>" in page
    assert house.browser.post(f"{answer.location}/return", data={"note": ""}).status_code == 422
    assert house.browser.post(f"{answer.location}/approve", data={}).status_code == 302
    session.expire_all()
    assert factory.name == "新名称"
    change = session.scalar(select(FactoryChange))
    assert "<del>旧名称</del>" in house.browser.get(f"/factories/{factory.id}/changes/{change.id}").text


def test_a_factory_begins_its_profile_from_its_home(house, session):
    own = house.other(a_person(house.own))
    assert "Begin the profile" in own.get("/").text and "Begin the profile" in own.get("/factories/mine").text
    answer = own.post("/factories/mine")
    assert answer.location.endswith("/edit") and own.get(answer.location).status_code == 200
    assert own.post("/factories/mine").location == answer.location


def test_the_home_of_a_factory_says_what_is_missing_and_what_runs_out(house, session):
    factory = a_factory("approved", organisation=house.own, introduction="")
    a_certificate(factory, days=20, kind="bsci")
    a_certificate(factory, days=-5, state="expired", kind="fsc")
    audit = an_audit(factory, "conditional", score=3)
    put(AuditFinding(audit=audit, severity="major", text="工时记录不一致", due_on=clock.today()))
    session.commit()
    page = house.other(a_person(house.own)).get("/").text
    for words in ("Introduction", "amfori BSCI", "20 days left", "FSC", "has expired", "工时记录不一致"):
        assert words in page, words


def test_the_home_of_an_agent_shows_the_caseload(house, session):
    agent = a_person(staff_role="field_agent")
    assert "No factory is in your care yet" in house.other(agent).get("/").text
    factory = a_factory("prospect", name_zh="照看的厂")
    a_certificate(factory, days=10)
    put(Caseload(factory_id=factory.id, agent_user_id=agent.id))
    session.commit()
    page = house.other(agent).get("/").text
    assert "照看的厂" in page and "1 certificate expires soon" in page


def test_the_administrator_connects_entrusts_and_gives_tiers(house, session):
    admin = house.other(a_person(staff_role="administrator"))
    agent = a_person(staff_role="field_agent")
    factory = a_factory("approved", founded_year=2000, brand=house.brand)
    for n in range(3):
        an_oem_entry(factory, f"C{n}", checked=n < 2)
        a_certificate(factory)
    an_audit(factory, "passed", score=5)
    session.commit()
    base = f"/factories/{factory.id}"
    assert house.own.name in admin.get(base).text
    assert admin.post(f"{base}/organisation", data={"organisation_id": house.own.id}).status_code == 302
    assert admin.post(f"{base}/caseload/entrust", data={"agent_user_id": agent.id}).status_code == 302
    assert admin.post(f"{base}/caseload/release", data={"agent_user_id": agent.id}).status_code == 302
    assert admin.post(f"{base}/tiers", data={"tier": "gold", "note": "评审"}).status_code == 409
    entry = session.scalar(select(OemEntry).where(OemEntry.checked_at.is_(None)))
    assert admin.post(f"{base}/oem/{entry.id}/check").status_code == 302
    assert admin.post(f"{base}/tiers", data={"tier": "gold", "note": "评审"}).status_code == 302
    assert "Gold Manufacturing" in house.browser.get("/factories?tier=gold").text
    award = session.scalar(select(TierAward))
    assert admin.post(f"{base}/tiers/{award.id}/revoke", data={"note": "不实"}).status_code == 302
    assert house.browser.post(f"{base}/tiers", data={"tier": "gold", "note": "x"}).status_code == 404
    assert admin.post(f"{base}/oem/{entry.id}/remove").status_code == 302
    assert admin.post(f"{base}/oem", data={"client": "新客户", "from_year": "2020", "to_year": "2019"}).status_code == 422
    assert admin.post(f"{base}/oem", data={"client": "新客户", "from_year": "2020"}).status_code == 302


def test_case_34_a_stale_page_decides_nothing(house, session):
    factory = a_factory("approved", brand=house.brand)
    session.commit()
    assert (
        house.browser.post(f"/factories/{factory.id}/move/suspend", data={"note": "x", "version": factory.version + 5}).status_code == 409
    )
    assert house.browser.post(f"/factories/{factory.id}/move/suspend", data={"note": ""}).status_code == 422


def test_an_id_of_another_factory_in_the_address_is_not_found(house, session):
    mine, other = a_factory("approved", brand=house.brand), a_factory("approved", brand=house.brand)
    certificate, audit = a_certificate(other, state="proposed"), an_audit(other)
    session.commit()
    assert house.browser.post(f"/factories/{mine.id}/certificates/{certificate.id}/accept").status_code == 404
    assert house.browser.get(f"/factories/{mine.id}/audits/{audit.id}").status_code == 404


def test_clusters_are_there_for_everybody(house, session):
    page = house.browser.get("/clusters").text
    assert "Cixi small appliances" in page and session.scalar(select(IndustrialCluster).where(IndustrialCluster.name_zh == "汕头澄海玩具"))
    assert house.other(a_person(house.own)).get("/clusters").status_code == 200


def test_a_product_shows_who_makes_it(house, session):
    a_factory("approved", organisation=house.own, name_zh="做它的厂")
    product = a_product(a_programme(house.brand), "sampling")
    a_participant(product, house.own)
    session.commit()
    assert "做它的厂" in house.browser.get(f"/products/{product.id}").text


def test_json_lists_filters_and_pages(house, session, app):
    for n in range(3):
        a_factory("approved", name_zh=f"厂{n}", city="慈溪" if n else "佛山")
    token = a_token(house.keeper)
    session.commit()
    ask = lambda path: app.test_client().get(f"/api/v1/factories{path}", headers={"Authorization": f"Bearer {token}"})  # noqa: E731
    body = ask("?q=慈溪&limit=1").json
    assert body["total"] == 2 and len(body["items"]) == 1 and body["items"][0]["categories"] == ["小家电"]
    assert ask(f"?q=慈溪&limit=1&cursor={body['next']}").json["items"][0]["id"] != body["items"][0]["id"]
    for wrong in ("?state=x", "?limit=1000000000", "?moq=-1", "?unknown=1", "?certificate=x"):
        assert ask(wrong).status_code == 422, wrong
