"""The pages, by role: what is drawn for whom, forms that come back, exports, a stable number of queries."""

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from incubator.accounts.models import User
from incubator.codevelopment import annotation_service, ledger_service, page_queries, service
from incubator.codevelopment.agreement_models import Agreement
from incubator.codevelopment.ledger_models import Contribution
from incubator.codevelopment.models import Deliverable, Engagement
from incubator.codevelopment.room_models import RoomFile, RoomFolder
from incubator.kernel import clock
from tests.builders import an_actor, an_organisation, counted, sign_in
from tests.codevelopment.builders import DAY, Scene, a_picture, a_text, cash
from tests.uploads import a_picture as picture_bytes

BACKENDS = ("sqlite",)


@pytest.fixture
def scene(session):
    return Scene()


@pytest.fixture
def browser(app, session):
    """A client of an actor."""

    def of(actor):
        return sign_in(app.test_client(), session.get_one(User, actor.user_id))

    return of


def main(answer):
    assert answer.status_code == 200, answer.status_code
    return answer.text.split("<main")[1]


def test_a_deliverable_is_planned_submitted_judged_and_accepted_in_the_browser(scene, browser, session):
    brand, firm = browser(scene.leader), browser(scene.designer)
    plan = f"/products/{scene.product.id}/deliverables/new"
    fields = {
        "title": "爆炸图",
        "kind": "structure",
        "owner_id": scene.firm.id,
        "due_on": (clock.today() + 9 * DAY).isoformat(),
        "review_days": 3,
    }
    assert brand.post(plan, data={**fields, "due_on": ""}).status_code == 422
    page = brand.post(plan, data=fields).location
    assert "爆炸图" in main(brand.get(f"/products/{scene.product.id}/plan"))
    upload = {"files": (BytesIO(picture_bytes("PNG", (60, 40))), "前视.png"), "note": "首版", "version": "1"}
    assert firm.post(f"{page}/revisions", data=upload).location == page
    shown = main(firm.get(page))
    assert "Revision 1 is with the brand" in shown and "Record the decision" not in shown and "前视.png" in shown
    found = session.scalar(select(Deliverable))
    version = {"version": found.version, "number": 1}
    assert brand.post(f"{page}/decide", data={**version, "outcome": "ask_changes", "reason": ""}).status_code == 422
    assert brand.post(f"{page}/decide", data={**version, "outcome": "ask_changes", "reason": "补公差"}).location == page
    assert "补公差" in main(firm.get(page)) and "Submit revision 2" in main(firm.get(page))
    session.expire_all()
    kept = page_queries.revisions(found, scene.leader)[0].files[0].file_id
    assert firm.post(f"{page}/revisions", data={"keep": kept, "note": "公差", "version": found.version}).status_code == 302
    session.expire_all()
    assert brand.post(f"{page}/move/review", data={"version": found.version}).status_code == 302
    session.expire_all()
    assert brand.post(f"{page}/decide", data={"version": found.version, "number": 2, "outcome": "accept"}).status_code == 302
    assert "Accepted" in main(brand.get(page)) and "Unchanged" in main(brand.get(page))


def test_an_annotation_is_placed_by_figures_answered_and_resolved(scene, browser, session):
    found = scene.submitted()
    brand, firm, page = browser(scene.leader), browser(scene.designer), f"/deliverables/{found.id}"
    place = {
        "file_id": scene.picture_of(found).file_id,
        "shape": "rectangle",
        "x": "95.5",
        "y": "10",
        "width": "20",
        "height": "5.25",
        "body": "<b>薄</b>",
    }
    missing = brand.post(f"{page}/annotations", data={**place, "width": ""})
    assert missing.status_code == 422 and "A rectangle needs" in missing.text
    assert brand.post(f"{page}/annotations", data=place).location.endswith("#annotation-1")
    shown = main(firm.get(page))
    assert '<rect x="95.5%" y="10.0%" width="4.5%" height="5.25%"' in shown, "cut at the picture's edge"
    assert "&lt;b&gt;薄&lt;/b&gt;" in shown and "annotate.js" in firm.get(page).text
    mark = page_queries.annotations(found, scene.leader)[0].id
    assert firm.post(f"/annotations/{mark}/remarks", data={"body": "已改", "next": page}).location == f"{page}#annotation-1"
    assert brand.post(f"/annotations/{mark}/resolve", data={"next": "//evil"}).location == f"{page}#annotation-1"
    assert "Resolved by" in main(brand.get(page))
    assert brand.post(f"/annotations/{mark}/resolve").status_code == 409


def test_an_annotation_left_open_is_carried_over(scene, browser, session):
    found = scene.submitted(a_picture("a.png"))
    left = scene.annotation(found, body="净空不够")
    solved = scene.annotation(found, body="散热孔")
    annotation_service.settle(solved, found, True, scene.leader, clock.now())
    scene.submit(found, a_picture("a.png", "red"))
    brand = browser(scene.leader)
    shown = main(brand.get(f"/deliverables/{found.id}"))
    assert "was on revision 1" in shown and "净空不够" in shown and "散热孔" not in shown
    earlier = main(brand.get(f"/deliverables/{found.id}?revision=1"))
    assert "A later revision has replaced this one" in earlier and "散热孔" in earlier and "Annotate this picture" not in earlier
    assert left.number == 1


def test_the_tab_is_drawn_for_each_side(scene, browser):
    scene.submitted()
    scene.deliverable(scene.maker, title="模具图")
    scene.proposed()
    scene.folder("报告", scene.firm)
    tab = f"/products/{scene.product.id}/codevelopment"
    brand, firm, maker = (main(browser(a).get(tab)) for a in (scene.leader, scene.designer, scene.toolmaker))
    assert "Before pre-production" in brand and "模具图" in brand and "Plan a deliverable" in brand
    assert "三视图" in firm and "模具图" not in firm and "精岳" not in firm and "Before pre-production" not in firm and "报告" in firm
    assert "模具图" in maker and "三视图" not in maker and "No folder is shared with you" in maker


def test_homes_name_what_waits(scene, browser):
    scene.submitted()
    scene.invitation(an_organisation("design_firm"))
    scene.proposed()
    assert "a revision waits for your review" in main(browser(scene.leader).get("/"))
    for actor in (scene.designer, scene.toolmaker):
        home = main(browser(actor).get("/"))
        assert "your signature is asked for" in home and "Nothing is asked of you" not in home


def test_an_invitation_is_answered_outside_the_product(scene, browser, session):
    studio = an_organisation("design_firm", "半径创新")
    guest, brand = browser(an_actor(studio)), browser(scene.leader)
    address = f"/products/{scene.product.id}/engagements/new"
    assert brand.post(address, data={"organisation_id": studio.id, "scope": ""}).status_code == 422
    dates = {"starts_on": "2026-05-02", "ends_on": "2026-05-01"}
    assert brand.post(address, data={"organisation_id": studio.id, "scope": "造型", **dates}).status_code == 422
    assert brand.post(address, data={"organisation_id": studio.id, "scope": "造型"}).status_code == 302
    assert brand.post(address, data={"organisation_id": studio.id, "scope": "造型"}).status_code == 422
    invitation = session.scalar(select(Engagement))
    page = f"/engagements/{invitation.id}"
    assert "云朵椅" in main(guest.get(page)) and guest.get(f"/products/{scene.product.id}").status_code == 404
    assert "End the engagement" not in main(guest.get(page))
    assert guest.post(f"{page}/accept", data={"version": invitation.version}).location.endswith("/codevelopment")
    assert guest.get(f"/products/{scene.product.id}/codevelopment").status_code == 200
    assert "You take part" not in main(guest.get(page))


def test_a_consortium_is_drafted_signed_and_printed(scene, browser, session):
    brand, firm, maker = (browser(a) for a in (scene.leader, scene.designer, scene.toolmaker))
    address = brand.post(f"/products/{scene.product.id}/agreements").location.removesuffix("/edit")
    agreement = session.scalar(select(Agreement))
    parties = [scene.brand.id, scene.firm.id]
    text = {"title": "联合体", "text": "共同开发", "parties": parties, "version": agreement.version}
    assert brand.post(f"{address}/edit", data=text).location == address
    assert firm.get(address).status_code == 404, "a draft is the brand's alone"
    money = {"organisation_id": scene.brand.id, "kind": "cash", "description": "启动资金", "currency": "CNY", "value": "300000.00"}
    time = {
        "organisation_id": scene.firm.id,
        "kind": "design_hours",
        "description": "设计工时",
        "currency": "CNY",
        "quantity": "120.5",
        "hourly": "388",
    }
    for wrong in ({**money, "value": ""}, {**money, "value": "-3"}, {**time, "hourly": ""}, {**time, "quantity": "NaN"}):
        assert brand.post(f"{address}/promises/new", data=wrong).status_code == 422
    for right in (money, time):
        assert brand.post(f"{address}/promises/new", data=right).status_code == 302
    item = {"kind": "ip", "title": "外观专利", "owners-0-organisation_id": scene.brand.id, "owners-0-share": "60"}
    wrong = brand.post(f"{address}/items/new", data=item)
    assert wrong.status_code == 422 and "add to 60%, not to 100%" in wrong.text
    second = {"owners-1-organisation_id": scene.firm.id, "owners-1-share": "40"}
    assert brand.post(f"{address}/items/new", data=item | second).status_code == 302
    assert "120.5 h" in main(brand.get(address)) and "388" in main(brand.get(address))
    session.expire_all()
    assert brand.post(f"{address}/propose", data={"version": agreement.version}).status_code == 302
    assert maker.get(address).status_code == 404
    page = main(firm.get(address))
    assert "300,000" not in page and "86.52%" in page and "46,754" in page
    seen = page.split('name="seen" value="')[1].split('"')[0]
    assert firm.post(f"{address}/sign", data={"seen": "0"}).status_code == 409
    assert firm.post(f"{address}/sign", data={"seen": seen}).status_code == 302
    ours = main(brand.get(address)).split('name="seen" value="')[1].split('"')[0]
    assert brand.post(f"{address}/sign", data={"seen": ours}).status_code == 302
    assert "In force" in main(firm.get(address))
    for language in ("zh", "en"):
        answer = firm.get(f"{address}/agreement-{language}.pdf")
        assert answer.data.startswith(b"%PDF"), answer.status_code
    assert brand.get(f"{address}/promises/new").status_code == 403


def test_a_contribution_is_delivered_and_verified_in_the_browser(scene, browser, session):
    scene.in_force()
    row = session.scalar(select(Contribution).where(Contribution.kind == "design_hours"))
    page, firm, brand = f"/contributions/{row.id}", browser(scene.designer), browser(scene.leader)
    what = {"version": row.version, "delivered_on": clock.today().isoformat(), "quantity": "80"}
    refused = firm.post(f"{page}/deliver", data=what)
    assert refused.status_code == 422 and "Add a file that proves it" in refused.text
    assert brand.post(f"{page}/deliver", data=what).status_code == 403
    proof = {"files": (BytesIO(b"day,hours\n1,8\n"), "hours.csv")}
    assert firm.post(f"{page}/deliver", data=what | proof).location == page
    assert "hours.csv" in main(brand.get(page)) and browser(scene.toolmaker).get(page).status_code == 404
    session.expire_all()
    assert brand.post(f"{page}/verify", data={"version": row.version}).location == page
    ledger = f"/products/{scene.product.id}/consortium"
    assert "30,400" in main(brand.get(ledger)) and "300,000" not in main(firm.get(ledger))
    extra = {
        "kind": "data",
        "description": "用户访谈",
        "currency": "CNY",
        "value": "500",
        "quantity": "12",
        "unit": "份",
        "delivered_on": clock.today().isoformat(),
    }
    booked = firm.post(f"/products/{scene.product.id}/contributions/new", data=extra | {"files": (BytesIO(b"a,b\n"), "b.csv")})
    assert "on top of the agreement" in main(firm.get(booked.location))
    text = brand.get(f"/products/{scene.product.id}/contributions/export.csv").data.decode("utf-8-sig")
    assert text.count("\n") == 5 and firm.get(f"/products/{scene.product.id}/contributions/export.csv").data.count(b"\n") == 3


def test_the_data_room_in_the_browser(scene, browser, session):
    brand, firm, maker = (browser(a) for a in (scene.leader, scene.designer, scene.toolmaker))
    room = f"/products/{scene.product.id}/room"
    assert brand.post(room, data={"name": ""}).status_code == 422
    folder = brand.post(room, data={"name": "检测报告"}).location
    assert brand.post(room, data={"name": "检测报告"}).status_code == 422 and firm.post(room, data={"name": "我的"}).status_code == 403
    assert brand.post(f"{folder}/files", data={"files": (BytesIO(b"a,b\n1,2\n"), "load.csv")}).location == folder
    late = {"organisation_id": scene.firm.id, "access": "read", "expires_on": (clock.today() - DAY).isoformat()}
    assert brand.post(f"{folder}/shares", data=late).status_code == 422
    assert brand.post(f"{folder}/shares", data=late | {"expires_on": ""}).location == folder
    kept = session.scalar(select(RoomFile))
    got = firm.post(f"/room/files/{kept.id}/download")
    assert got.data == b"a,b\n1,2\n" and got.headers["Content-Disposition"].startswith("attachment")
    assert got.headers["Cache-Control"] == "no-store" and "sandbox" in got.headers["Content-Security-Policy"]
    assert firm.get(f"/room/files/{kept.id}/download").status_code == 405 and firm.get(f"/files/{kept.file_id}").status_code == 404
    assert firm.post(f"{folder}/files", data={"files": (BytesIO(b"x"), "x.txt")}).status_code == 403
    assert maker.post(f"/room/files/{kept.id}/download").status_code == 404
    assert "木石设计" in main(brand.get(folder)) and "Downloads" not in main(firm.get(folder))
    index = brand.get(f"{room}/index.csv").data.decode("utf-8-sig")
    assert "load.csv" in index and kept.file.sha256 in index
    share = session.scalar(select(RoomFolder)).id
    assert brand.post(f"/room/shares/{share}/end").status_code == 302 and firm.get(folder).status_code == 404
    assert firm.post(f"/room/files/{kept.id}/download").status_code == 404


def test_sharing_a_deliverable_in_the_browser(scene, browser, session):
    found = scene.submitted()
    brand, maker, page = browser(scene.leader), browser(scene.toolmaker), f"/deliverables/{found.id}"
    assert maker.get(page).status_code == 404
    assert brand.post(f"{page}/shares", data={"organisation_id": an_organisation("factory").id}).status_code == 422
    assert brand.post(f"{page}/shares", data={"organisation_id": scene.maker.id}).status_code == 302
    assert brand.post(f"{page}/shares", data={"organisation_id": scene.maker.id}).status_code == 422
    shown = main(maker.get(page))
    assert "front.png" in shown and "Annotate" not in shown and "Shared with" not in shown
    given = page_queries.shares(found, scene.leader)[0].id
    assert brand.post(f"{page}/shares/{given}/remove").status_code == 302 and maker.get(page).status_code == 404


def test_the_list_filters_pages_and_exports(scene, browser):
    scene.submitted(title="=HYPERLINK(1)")
    scene.deliverable(title="晚了", due_on=clock.today() - DAY, kind="bom")
    brand = browser(scene.leader)
    assert (
        "晚了" in main(brand.get("/deliverables?show=late"))
        and "HYPERLINK" not in main(brand.get("/deliverables?show=late&x=1")).split("<table")[1]
    )
    for query in (
        "kind=bom",
        "state=planned",
        "q=晚",
        f"owner_id={scene.firm.id}&kind=bom",
        f"product_id={scene.product.id}&state=planned",
    ):
        table = main(brand.get(f"/deliverables?{query}")).split("<tbody")[1]
        assert "晚了" in table and "HYPERLINK" not in table, query
    assert "No deliverable fits" in main(brand.get("/deliverables?q=nowhere"))
    for damaged in ("state=x", "kind=%27", "product_id=1e9", "owner_id=999999999999999999999", "show=x", "sort=x", "q=%00%27%25"):
        assert brand.get(f"/deliverables?{damaged}").status_code == 200
    assert brand.get("/deliverables?cursor=damaged").status_code == 422
    text = brand.get("/deliverables/export.csv?show=all").data.decode("utf-8-sig")
    assert "'=HYPERLINK" in text and text.count("\n") == 3
    assert brand.get("/deliverables/export.xlsx").data.startswith(b"PK")


def test_the_second_editor_reads_the_difference(scene, browser, session):
    found = scene.deliverable()
    brand, page = browser(scene.leader), f"/deliverables/{found.id}/edit"
    fields = {
        "title": "甲",
        "kind": "bom",
        "owner_id": scene.firm.id,
        "due_on": found.due_on.isoformat(),
        "review_days": 5,
        "version": found.version,
    }
    assert brand.post(page, data=fields).status_code == 302
    second = brand.post(page, data={**fields, "title": "乙"})
    assert second.status_code == 409 and "乙" in second.text and "甲" in second.text


def test_pages_ask_the_same_number_of_questions_however_much_there_is(scene, browser, session):
    found = scene.submitted(a_picture("a.png"), a_text())
    scene.annotation(found)
    agreement = scene.in_force()
    folder = scene.folder("报告", scene.firm)
    scene.kept(folder)
    pages = [f"/deliverables/{found.id}", "/deliverables", f"/products/{scene.product.id}/codevelopment", f"/products/{scene.product.id}/consortium",
             f"/agreements/{agreement.id}", f"/room/{folder.id}", f"/products/{scene.product.id}/room", "/"]  # fmt: skip
    people = [browser(scene.leader), browser(scene.designer)]
    few = _counts(people, pages)
    for n in range(3):
        scene.annotation(found, body=f"{n}")
        scene.submitted(title=f"件 {n}")
        scene.kept(folder, name=f"{n}.csv")
        ledger_service.book(scene.product, cash(str(10 + n)), clock.today(), [a_text()], scene.designer, clock.now() + timedelta(minutes=n))
    scene.submit(found, a_picture("a.png", "red"), a_picture("b.png"))
    service.share(found, scene.maker.id, scene.leader, clock.now())
    many = _counts(people, pages)
    assert {page: (few[page], n) for page, n in many.items() if n > few[page]} == {}
    assert max(many.values()) <= 24, many


def _counts(people, pages):
    found = {}
    for n, person in enumerate(people):
        for page in pages:
            person.get(page)
            with counted() as statements:
                assert person.get(page).status_code == 200
            found[n, page] = len(statements)
    return found
