"""The product frame and its tabs, as the brand and as a party sees them."""

import io

import pytest

from incubator.kernel import clock
from incubator.products import activity, frame, participation, service
from tests.builders import a_participant, a_person, a_product, a_programme, an_actor, an_organisation, counted, sign_in


@pytest.fixture
def scene(session):
    brand, factory = an_organisation("brand", "源选"), an_organisation("factory", "甲厂")
    lin = a_person(brand, "Lin")
    product = a_product(
        a_programme(brand, "Secret plan"),
        "sampling",
        "云朻椅",
        owner_id=lin.id,
        next_milestone="T1",
        next_milestone_on=clock.today(),
        category="家具",
    )
    a_participant(product, factory)
    return {"brand": brand, "factory": factory, "lin": lin, "zhou": a_person(factory, "Zhou"), "product": product}


def text(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def test_the_brand_finds_everything_in_the_frame(client, scene):
    sign_in(client, scene["lin"])
    page = text(client, f"/products/{scene['product'].id}")
    for part in (
        "云朻椅",
        "Secret plan",
        "Lin",
        "T1",
        "Start co-development",
        "Stop the product",
        "Overview",
        "Plan",
        "Files",
        "People",
        "Activity",
        "Sampling",
    ):
        assert part in page


def test_a_party_finds_its_own_part_only(client, scene):
    sign_in(client, scene["zhou"])
    page = text(client, f"/products/{scene['product'].id}")
    assert "云朻椅" in page
    assert "You take part as: Factory" in page
    for secret in ("Secret plan", "Lin", "T1", "家具", scene["product"].code, "Start co-development", "Stop the product"):
        assert secret not in page
    assert "云朻椅" in text(client, "/products")
    for tab in ("people", "files", "activity"):
        text(client, f"/products/{scene['product'].id}/{tab}")
    assert "T1" not in text(client, f"/products/{scene['product'].id}/plan")  # the brand's own: nobody gave it away
    for path in ("edit", "stop"):
        assert client.get(f"/products/{scene['product'].id}/{path}").status_code == 404


def test_the_frame_costs_little(client, scene):
    actor = an_actor(scene["brand"], scene["lin"])
    product_id = scene["product"].id
    frame.db.session.commit()
    frame.db.session.expunge_all()
    with client.application.test_request_context(), counted() as statements:
        frame.frame_context(frame.find(product_id, actor), actor, "overview")
    assert len(statements) <= 4


def test_a_stranger_finds_nothing(client, scene):
    for organisation in (an_organisation("brand"), an_organisation("factory")):
        sign_in(client, a_person(organisation))
        for tab in ("", "/people", "/files", "/activity"):
            assert client.get(f"/products/{scene['product'].id}{tab}").status_code == 404


def test_create_edit_move_and_stop_through_the_pages(client, scene):
    sign_in(client, scene["lin"])
    programme_id = scene["product"].programme_id
    form = {
        "name": "壶",
        "type": "basic",
        "programme_id": programme_id,
        "owner_id": "",
        "category": "",
        "start": "signal",
        "launch_on": "2027-05-01",
    }
    assert client.post("/products/new", data={**form, "name": ""}).status_code == 422
    assert client.post("/products/new", data={**form, "code": scene["product"].code}).status_code == 422
    path = client.post("/products/new", data=form).headers["Location"]
    version = {"version": "1"}
    assert client.post(f"{path}/stage/segment", data=version).status_code == 302
    assert client.post(f"{path}/stage/segment", data=version).status_code == 409
    edit = {**form, "code": "P-00001", "name": "养生壶", "version": "2"}
    assert client.post(f"{path}/edit", data={**edit, "name": ""}).status_code == 422
    assert client.post(f"{path}/edit", data={**edit, "code": scene["product"].code}).status_code == 422
    assert client.post(f"{path}/edit", data=edit).status_code == 302
    assert client.post(f"{path}/edit", data={**edit, "name": "别的"}).status_code == 409
    assert client.post(f"{path}/edit", data={**edit, "version": "x"}).status_code == 422
    assert "养生壶" in text(client, f"{path}/stop")
    assert client.post(f"{path}/stop", data={"version": "3", "note": ""}).status_code == 422
    assert client.post(f"{path}/stop", data={"version": "3", "note": "no niche"}).status_code == 302
    assert "no niche" in text(client, path)
    assert client.get(f"{path}/stop").status_code == 403


def test_people_come_and_go_and_come_back(client, scene):
    sign_in(client, scene["lin"])
    base, design = f"/products/{scene['product'].id}", an_organisation("design_firm", "木石")
    designer = a_person(design)
    assert client.post(f"{base}/participants", data={"organisation_id": an_organisation("brand").id}).status_code == 422
    assert client.post(f"{base}/participants", data={"organisation_id": design.id}).status_code == 302
    row = participation.parties(scene["product"], an_actor(scene["brand"], scene["lin"]))[-1]
    assert client.post(f"{base}/participants/{row.id}/end").status_code == 302
    sign_in(client, designer)
    assert client.get(base).status_code == 404
    sign_in(client, scene["lin"])
    assert "木石" in text(client, f"{base}/people")
    client.post(f"{base}/participants", data={"organisation_id": design.id})
    sign_in(client, designer)
    assert client.get(base).status_code == 200


def test_a_squad_is_of_colleagues(client, scene):
    sign_in(client, scene["lin"])
    base = f"/products/{scene['product'].id}"
    assert client.post(f"{base}/squad", data={"user_id": scene["zhou"].id}).status_code == 422
    for duty in ("materials", "cost"):
        assert client.post(f"{base}/squad", data={"user_id": scene["lin"].id, "duty": duty}).status_code == 302
    page = text(client, f"{base}/people")
    assert "cost" in page
    assert "materials" not in page
    for _ in range(2):
        assert client.post(f"{base}/squad/{scene['lin'].id}/leave").status_code == 302


def test_comments_through_the_page(client, scene):
    sign_in(client, scene["lin"])
    base, product_id = f"/products/{scene['product'].id}", scene["product"].id
    form = {"subject_type": "product", "subject_id": product_id, "body": "看 <b>这里</b>", "audience_id": ""}
    assert client.post(f"{base}/comments", data=form).headers["Location"] == f"{base}#comments"
    assert "看 &lt;b&gt;这里&lt;/b&gt;" in text(client, base)
    assert client.post(f"{base}/comments", data={**form, "body": ""}).status_code == 422
    assert client.post(f"{base}/comments", data={**form, "subject_id": a_product(scene["product"].programme).id}).status_code == 404
    assert client.get(f"{base}/mentions?q=lin").get_json()[0]["handle"] == "lin"
    sign_in(client, scene["zhou"])
    assert "这里" not in text(client, base)


def test_activity_reads_as_sentences(client, scene):
    actor = an_actor(scene["brand"], scene["lin"])
    product = scene["product"]
    service.edit(product, {"name": "新名"}, product.version, actor, clock.now())
    service.move(product, "seal", actor, clock.now())
    participation.add_participant(product, an_organisation("design_firm", "木石").id, actor, clock.now())
    participation.join_squad(product, scene["lin"].id, "x", actor, clock.now())
    sign_in(client, scene["lin"])
    page = text(client, f"/products/{product.id}/activity")
    for sentence in ("changed the name", "moved the product to “Co-development”", "asked 木石 to take part", "put Lin into the squad"):
        assert sentence in page
    sign_in(client, scene["zhou"])
    assert "木石" not in text(client, f"/products/{product.id}/activity")


def test_an_unknown_act_still_reads(session):
    row = type("Row", (), {"event": "thing.odd", "data": {}, "actor_name": "", "at": clock.now(), "note": None, "product_id": 1})
    assert activity.line(row).text == "did “thing.odd”"
    assert activity.line(row).who == "The system"


PNG = b"\x89PNG\r\n\x1a\n"


def test_files_are_for_us_or_for_one_party(client, scene):
    base = f"/products/{scene['product'].id}"
    rival = an_organisation("factory", "乙厂")
    a_participant(scene["product"], rival)
    qian = a_person(rival)
    sign_in(client, scene["lin"])

    def upload(name, participant=""):
        return client.post(f"{base}/files", data={"files": (io.BytesIO(b"hello,world\n1,2\n"), name), "participant_id": participant})

    mine = participation.parties(scene["product"], an_actor(scene["factory"], scene["zhou"]))[0]
    assert upload("internal.csv").status_code == 302
    assert upload("shared.csv", mine.id).status_code == 302
    assert upload("x.csv", 999_999).status_code == 422
    assert client.post(f"{base}/files", data={}).status_code == 422
    assert client.post(f"{base}/files", data={"files": (io.BytesIO(b"<svg/>"), "x.svg")}).status_code == 422
    for person, seen, hidden in (
        (scene["lin"], ("internal.csv", "shared.csv"), ()),
        (scene["zhou"], ("shared.csv",), ("internal.csv",)),
        (qian, (), ("internal.csv", "shared.csv")),
    ):
        sign_in(client, person)
        page = text(client, f"{base}/files")
        assert all(name in page for name in seen)
        assert not any(name in page for name in hidden)


def test_a_file_is_removed_by_those_who_added_it(client, scene):
    base = f"/products/{scene['product'].id}"
    sign_in(client, scene["zhou"])
    mine = participation.parties(scene["product"], an_actor(scene["factory"], scene["zhou"]))[0]
    client.post(f"{base}/files", data={"files": (io.BytesIO(b"a,b\n1,2\n"), "ours.csv"), "participant_id": mine.id})
    sign_in(client, scene["lin"])
    assert "ours.csv" in text(client, f"{base}/files")
    assert client.post(f"{base}/files/1/remove").status_code == 403
    other = a_product(scene["product"].programme)
    assert client.post(f"/products/{other.id}/files/1/remove").status_code == 404
    sign_in(client, scene["zhou"])
    assert client.post(f"{base}/files/1/remove").status_code == 302
    assert "ours.csv" not in text(client, f"{base}/files").replace("removed", "")
