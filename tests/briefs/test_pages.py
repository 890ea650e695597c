"""The pages of a brief, from the first line to the verdict, through HTTP."""

import io

from PIL import Image
from sqlalchemy import select

from incubator.briefs.gate_models import GateDecision, GateReview
from incubator.briefs.models import BriefTarget, ProductBrief
from incubator.kernel.db import db
from tests.builders import a_brief, a_participant, a_person, a_product, a_programme, a_review, an_actor, an_organisation, sign_in

BACKENDS = ("sqlite",)  # the sweeps open every page on both

FIELDS = {
    "title": "云朵托腰人体工学椅", "type": "hero", "segment": "久坐人群", "buyer_kind": "consumer", "scenario": "test_launch", "need": "腰不酸",
    "reason_to_choose": "腰托跟着人动", "customisation": "none", "first_order_quantity": "500", "annual_quantity": "12000", "moq": "200",
    "launch_from": "2027-03-01", "launch_to": "2027-04-30",
    "targets-0-currency": "CNY", "targets-0-price": "899.00", "targets-0-cost": "420", "targets-0-margin": "",
    "requirements-0-attribute": "腰托支撑力", "requirements-0-operator": "eq", "requirements-0-target": "180", "requirements-0-unit": "N",
    "requirements-0-tolerance": "15", "requirements-0-priority": "must", "requirements-0-evidence": "118 条吐槽",
    "requirements-1-attribute": "", "requirements-1-operator": "ge", "requirements-1-target": "", "requirements-1-priority": "must",
    "requirements-1-unit": "", "requirements-1-tolerance": "", "requirements-1-evidence": "",
}  # fmt: skip


def a_brand_at(client):
    brand = an_organisation("brand", "源选")
    programme = a_programme(brand)
    author = a_person(brand)
    return brand, programme, sign_in(client, author)


def test_a_brief_is_written_with_targets_and_requirements(client, session):
    _, programme, browser = a_brand_at(client)
    assert browser.get("/briefs/new").status_code == 200
    answer = browser.post("/briefs/new", data={**FIELDS, "programme_id": programme.id})
    assert answer.status_code == 302, answer.text
    brief = session.scalar(select(ProductBrief))
    assert (brief.title, brief.state, brief.product.state, brief.moq) == ("云朵托腰人体工学椅", "draft", "brief", 200)
    assert [(r.attribute, r.tolerance) for r in brief.requirements] == [("腰托支撑力", "15")]
    target = session.scalar(select(BriefTarget))
    assert (target.price_minor, target.cost_minor, target.margin_bp) == (89900, 42000, 5328)
    page = browser.get(answer.location).text
    assert "云朵托腰人体工学椅" in page and "899.00" in page and "118 条吐槽" in page


def test_what_is_wrong_is_said_beside_its_field(client, session):
    _, programme, browser = a_brand_at(client)
    wrong = {
        **FIELDS,
        "programme_id": programme.id,
        "title": "",
        "moq": "-5",
        "launch_to": "2027-01-01",
        "targets-0-price": "NaN",
        "requirements-0-target": "1e999",
    }
    answer = browser.post("/briefs/new", data=wrong)
    assert answer.status_code == 422
    for words in ("cannot be empty", "ends before it begins", "not an amount", "not a number"):
        assert words in answer.text
    assert session.scalar(select(ProductBrief)) is None


def test_comparison_review_signatures_and_verdict(client, session, app):
    brand, programme, browser = a_brand_at(client)
    firm = an_organisation("design_firm")
    brief = a_brief(a_product(programme, stage="brief"))
    a_participant(brief.product, firm)
    session.commit()
    path = f"/briefs/{brief.id}"
    for page in (path, f"{path}/edit", f"{path}/references/new", f"{path}/claims/new", f"{path}/submit", f"{path}/versions"):
        assert browser.get(page).status_code == 200, page
    photo = {"name": "市售款 B", "price": "1,299.00", "currency": "CNY", "photo": (io.BytesIO(png()), "b.png")}
    assert browser.post(f"{path}/references/new", data=photo).status_code == 302
    session.expire_all()
    assert [r.price_minor for r in brief.references] == [50_000, 129_900] and brief.references[1].photo_id
    claim = {
        "kind": "material",
        "statement": "更轻",
        "points-0-reference_id": brief.references[1].id,
        "points-0-attribute": "重量",
        "points-0-aspect": "material",
    }
    claim |= {"points-0-their_value": "18 kg", "points-0-our_value": "12 kg", "points-0-verdict": "better", "points-0-evidence": "称重"}
    assert browser.post(f"{path}/claims/new", data=claim).status_code == 302
    assert browser.post(f"{path}/submit", data={"signatories": firm.id}).status_code == 302
    review = session.scalar(select(GateReview))
    for person in (a_person(brand), a_person(firm)):
        other = sign_in(app.test_client(), person)
        assert other.get(f"/reviews/{review.id}").status_code == 200
        assert other.post(f"/reviews/{review.id}/sign", data={"first": 4, "second": 5, "statement": "可行"}).status_code == 302
    approver = sign_in(app.test_client(), a_person(brand))
    assert approver.post(f"/reviews/{review.id}/decide", data={"outcome": "go", "reason": "两家都签了"}).status_code == 302
    session.expire_all()
    assert (brief.state, brief.product.state) == ("accepted", "sourcing")
    late = approver.post(f"/reviews/{review.id}/decide", data={"outcome": "kill", "reason": "晚了"})
    assert late.status_code == 409
    assert session.scalar(select(GateDecision.outcome)) == "go"
    for page in (f"/reviews/{review.id}", "/reviews", "/briefs", path):
        assert approver.get(page).status_code == 200


def png() -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(data, "PNG")
    return data.getvalue()


def test_a_firm_reads_the_brief_without_targets_or_rivals(client, session, app):
    brand = an_organisation("brand")
    author = an_actor(brand)
    brief = a_brief(a_product(a_programme(brand), stage="brief"))
    firm, rival = an_organisation("design_firm"), an_organisation("factory", "竞争对手工厂")
    review = a_review(brief, author, firm, rival)
    browser = sign_in(client, a_person(firm))
    for path in (f"/briefs/{brief.id}", f"/reviews/{review.id}"):
        page = browser.get(path)
        assert page.status_code == 200
        assert "450.00" not in page.text and "竞争对手" not in page.text and "55" not in page.text.split("MOQ")[0][-200:]
    for path in (f"/briefs/{brief.id}/edit", f"/briefs/{brief.id}/versions", f"/briefs/{brief.id}/submit"):
        assert browser.get(path).status_code == 404


def test_case_36_the_second_of_two_editors_reads_the_difference(client, session):
    _, programme, browser = a_brand_at(client)
    brief = a_brief(a_product(programme, stage="brief"))
    session.commit()
    version = brief.version
    data = {**FIELDS, "programme_id": programme.id, "version": version}
    assert browser.post(f"/briefs/{brief.id}/edit", data={**data, "segment": "第一个人写的"}).status_code == 302
    second = browser.post(f"/briefs/{brief.id}/edit", data={**data, "segment": "第二个人写的"})
    assert second.status_code == 409
    assert "第一个人写的" in second.text and "第二个人写的" in second.text
    session.expire_all()
    assert brief.segment == "第一个人写的"


def test_a_clone_says_the_same_and_starts_as_a_draft(client, session):
    _, programme, browser = a_brand_at(client)
    brief = a_brief(a_product(programme, stage="brief"), state="accepted")
    session.commit()
    assert browser.post(f"/briefs/{brief.id}/clone").status_code == 302
    copy = session.scalar(select(ProductBrief).where(ProductBrief.id != brief.id))
    assert copy.state == "draft" and copy.product_id != brief.product_id
    assert [c.points[0].reference.brief_id for c in copy.claims] == [copy.id]
    assert db.session.scalar(select(BriefTarget.price_minor).where(BriefTarget.brief_id == copy.id)) == 45_000


def test_the_summary_of_errors_names_the_row(client, session):
    _, programme, browser = a_brand_at(client)
    second = {"requirements-1-attribute": "扶手", "requirements-1-operator": "le", "requirements-1-target": "soft"}
    page = browser.post("/briefs/new", data={**FIELDS, "programme_id": programme.id, **second})
    assert page.status_code == 422 and "Requirements, row 2: Target" in page.text and 'href="#requirements-1-target"' in page.text


def test_the_pdf_is_printed_in_both_languages_without_targets_for_others(client, session):
    _, programme, browser = a_brand_at(client)
    brief = a_brief(a_product(programme, stage="brief", name="云朵托腰人体工学椅"))
    session.commit()
    for language in ("zh", "en"):
        answer = browser.get(f"/briefs/{brief.id}/brief-{language}.pdf")
        assert answer.status_code == 200 and answer.data.startswith(b"%PDF")


def test_exports_hold_what_is_shown(client, session):
    _, programme, browser = a_brand_at(client)
    a_brief(a_product(programme, stage="brief"), title="=HYPERLINK()")
    session.commit()
    text = browser.get("/briefs/export.csv").data.decode("utf-8-sig")
    assert "'=HYPERLINK()" in text and text.count("\n") == 2
    assert browser.get("/briefs/export.xlsx").data.startswith(b"PK")
