"""A program's way through the API, from the first brief to the verdict, and what a token may not do."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from incubator.accounts import credential_service
from incubator.briefs.gate_models import GateDecision
from incubator.briefs.models import ProductBrief
from incubator.kernel import clock
from tests.builders import a_brief, a_participant, a_person, a_product, a_programme, an_actor, an_organisation, sign_in

BRIEF = {
    "title": "云朵托腰人体工学椅", "type": "hero", "segment": "久坐人群", "need": "腰不酸", "reason_to_choose": "腰托跟着人动", "moq": 200,
    "targets": [{"currency": "CNY", "price": "899.00", "cost": "420"}], "launch_from": "2027-03-01",
    "requirements": [{"attribute": f"属性 {n}", "operator": "ge", "target": "10", "unit": "mm", "evidence": "118 条吐槽"} for n in range(3)],
}  # fmt: skip
REFERENCE = {"name": "市售款 A", "price": "1299.00", "currency": "CNY", "maker": "某品牌"}


def a_claim(reference_id, **values):
    point = {
        "reference_id": reference_id,
        "attribute": "噪音",
        "aspect": "function",
        "their_value": "60 dB",
        "our_value": "45 dB",
        "verdict": "better",
        "evidence": "实测",
    }
    return {"kind": "function", "statement": "静音", "points": [{**point, **values}]}


def test_from_the_first_brief_to_the_verdict(caller, session):
    brand, firm = an_organisation("brand"), an_organisation("design_firm")
    programme = a_programme(brand)
    author, colleague, designer = caller(brand), caller(brand), caller(firm)
    made = author.post("/briefs", {**BRIEF, "programme_id": programme.id})
    assert made.status_code == 201, made.text
    brief = made.json
    assert (brief["state"], brief["moq"], brief["targets"]) == (
        "draft",
        200,
        [{"currency": "CNY", "price_minor": 89900, "cost_minor": 42000, "margin_bp": 5328}],
    )
    path = f"/briefs/{brief['id']}"
    changed = author("PATCH", path, {"segment": "宝妈", "version": brief["version"]})
    assert changed.status_code == 200 and changed.json["segment"] == "宝妈" and changed.json["need"] == "腰不酸", changed.text
    assert changed.json["targets"] == brief["targets"] and len(changed.json["requirements"]) == 3
    referenced = author.post(f"{path}/references", REFERENCE)
    assert referenced.status_code == 201, referenced.text
    reference = referenced.json["references"][0]
    claimed = author.post(f"{path}/claims", a_claim(reference["id"]))
    assert claimed.status_code == 201 and claimed.json["claims"][0]["points"][0]["reference_id"] == reference["id"], claimed.text
    a_participant(session.get_one(ProductBrief, brief["id"]).product, firm)
    submitted = author.post(f"{path}/submit", {"signatories": [firm.id], "version": claimed.json["version"]})
    assert submitted.status_code == 201 and submitted.json["state"] == "open", submitted.text
    review = f"/reviews/{submitted.json['id']}"
    for who in (designer, colleague):
        signed = who.post(f"{review}/sign", {"scores": {"novelty": 4, "need": 5}, "statement": "差异成立"})
        assert signed.status_code == 200, signed.text
    decided = colleague.post(f"{review}/decide", {"outcome": "go", "reason": "两家都签了"})
    assert decided.status_code == 200 and decided.json["decision"]["outcome"] == "go", decided.text
    late = author.post(f"{review}/decide", {"outcome": "kill", "reason": "晚了"})
    assert late.status_code == 409 and late.json["what"]["event"] == "gate.go" and late.json["what"]["actor"] == colleague.actor.name
    assert session.scalar(select(func.count(GateDecision.id))) == 1
    seen = designer.get(path).json
    assert "targets" not in seen and seen["state"] == "accepted"
    assert "scores" not in designer.get(review).json["criteria"][0] and designer.get(review).json["figures"] == {}
    listed = author.get("/briefs?state=accepted&limit=1").json
    assert [b["id"] for b in listed["items"]] == [brief["id"]] and listed["next"] is None


def test_references_and_claims_are_removed(caller, session):
    brand = an_organisation("brand")
    brief = a_brief(a_product(a_programme(brand), stage="brief"))
    author = caller(brand)
    path = f"/briefs/{brief.id}"
    claim = author.get(path).json["claims"][0]
    assert author("DELETE", f"{path}/claims/{claim['id']}").json["claims"] == []
    reference = author.get(path).json["references"][0]
    assert author("DELETE", f"{path}/references/{reference['id']}").json["references"] == []
    assert author("DELETE", f"{path}/references/{reference['id']}").status_code == 404


def test_pages_follow_their_cursor(caller, session):
    brand = an_organisation("brand")
    programme = a_programme(brand)
    for _ in range(5):
        a_brief(a_product(programme, stage="brief"))
    who, seen, cursor = caller(brand), [], ""
    for _ in range(5):
        page = who.get(f"/briefs?limit=2&sort=title{cursor}").json
        seen += [b["id"] for b in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert len(seen) == len(set(seen)) == 5 and page["total"] == 5


def test_a_stale_version_is_refused_with_the_difference(caller, session):
    brand = an_organisation("brand")
    brief = a_brief(a_product(a_programme(brand), stage="brief"))
    who = caller(brand)
    version = who.get(f"/briefs/{brief.id}").json["version"]
    first = who("PATCH", f"/briefs/{brief.id}", {"segment": "一", "version": version})
    assert first.status_code == 200, first.text
    late = who("PATCH", f"/briefs/{brief.id}", {"segment": "二", "version": version})
    assert late.status_code == 409 and {"field": "Segment", "yours": "二", "theirs": "一"} in late.json["difference"], late.text


def test_a_read_only_token_reads_and_writes_nothing(caller, session):
    brand = an_organisation("brand")
    brief = a_brief(a_product(a_programme(brand), stage="brief"))
    reader = caller(brand, scope="read")
    assert reader.get(f"/briefs/{brief.id}").status_code == 200
    for method, path, body in (
        ("POST", "/briefs", {**BRIEF, "programme_id": brief.product.programme_id}), ("PATCH", f"/briefs/{brief.id}", {"segment": "x", "version": 1}),
        ("POST", f"/briefs/{brief.id}/references", REFERENCE), ("DELETE", f"/briefs/{brief.id}/references/{brief.references[0].id}", None),
        ("POST", f"/briefs/{brief.id}/submit", {"signatories": []}),
    ):  # fmt: skip
        assert reader(method, path, body).status_code == 404, (method, path)
    session.expire_all()
    assert brief.segment == "久坐人群" and len(brief.references) == 1 and brief.state == "draft"


@pytest.mark.parametrize("fate", ["revoked", "expired", "left", "disabled", "closed"])
def test_a_dead_token_opens_nothing(caller, session, fate):
    brand = an_organisation("brand")
    who = caller(brand)
    assert who.get("/me").status_code == 200
    now, row = clock.now(), session.merge(who.made.row)
    if fate == "revoked":
        credential_service.revoke_token(row, who.actor, now)
    elif fate == "expired":
        row.expires_at = now - timedelta(seconds=1)
    elif fate == "left":
        row.membership.ended_at = now
    elif fate == "disabled":
        row.user.disabled_at = now
    else:
        brand.disabled_at = now
    answer = who.get("/briefs")
    assert answer.status_code == 401 and set(answer.json) == {"message"} and answer.mimetype == "application/json"


def test_neither_a_cookie_nor_a_mangled_token_is_taken(app, caller, session):
    brand = an_organisation("brand")
    who = caller(brand)
    browser = sign_in(app.test_client(), a_person(brand))
    assert browser.get("/briefs").status_code == 200
    assert browser.get("/api/v1/briefs").status_code == 401
    assert browser.post("/api/v1/briefs", json=BRIEF).status_code == 401
    text = who.made.text
    for value in (
        f"Bearer {text[:-1]}",
        f"Basic {text}",
        "Bearer ",
        f"Bearer {text} {text}",
        "Bearer \x00",
        text,
        f"Bearer {who.made.row.token_hash}",
    ):
        assert who.client.get("/api/v1/me", headers={"Authorization": value}).status_code == 401, value
    assert who.client.get(f"/api/v1/me?token={text}").status_code == 401
    assert app.test_client().get("/briefs", headers=who.headers).status_code in (302, 401)


def test_another_brand_and_a_stranger_find_nothing(caller, session):
    brief = a_brief(a_product(a_programme(), stage="brief"))
    for other in (caller(an_organisation("brand")), caller(an_organisation("factory")), caller(actor=an_actor(role="administrator"))):
        absent = other.get("/briefs/999999")
        answer = other.get(f"/briefs/{brief.id}")
        assert (answer.status_code, answer.data) == (absent.status_code, absent.data) == (404, absent.data)
        assert other("PATCH", f"/briefs/{brief.id}", {"segment": "x", "version": 1}).status_code == 404
