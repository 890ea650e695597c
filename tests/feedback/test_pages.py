"""The pages, exports, PDF and JSON of feedback by role, and that nobody else finds anything of it (cases 1, 2, 6, 7, 8 and 9)."""

import csv
import io
import re

import pytest
from sqlalchemy import select

from incubator.accounts.models import Notification
from incubator.feedback import printing, queries, service
from incubator.feedback.models import FeedbackAction, FeedbackAnswer, FeedbackEffect, FeedbackPack, PackSection
from incubator.kernel import access, clock, web
from incubator.kernel.db import db
from incubator.kernel.file_table import StoredFile
from incubator.products import comments
from incubator.schedule.models import Milestone
from tests import builders, world
from tests.builders import counted, sign_in
from tests.feedback.builders import WEEK, Desk
from tests.samples.builders import a_photo

BACKENDS = ("sqlite",)
MODELS = (FeedbackPack, PackSection, FeedbackAnswer, FeedbackAction, FeedbackEffect)
SECRET = ("777000", "7,770", "对手厂", "RIVAL")


def seen(model, actor):
    return len(db.session.scalars(access.select_visible(model, actor)).all())


def paths(pack):
    section = pack.sections[0]
    own = [f"/feedback/packs/{pack.id}{end}" for end in ("", "/skus.csv", "/skus.xlsx", "/pack-zh.pdf")]
    return [*own, f"/feedback/sections/{section.id}", *([f"/feedback/actions/{section.action.id}"] if section.action else [])]


def fields(pack, desk, step="save", **more):
    """The form of the page, filled with the answers of the desk."""
    data = {"drafts": str(pack.drafts), "step": step, **more}
    for n, (section_id, answer) in enumerate(desk.answers(pack).items()):
        data |= {f"answers-{n}-section_id": str(section_id), **{f"answers-{n}-{k}": str(v) for k, v in answer.items()}}
    return data


def test_the_factory_reads_its_pack_on_its_phone(session, client):
    desk = Desk()
    pack = desk.pack("sent")
    body = sign_in(client, desk.maker).get(f"/feedback/packs/{pack.id}").text
    for said in ("GOOD-1", "BAD-1", "补单", "整改", "停产", "维持", "异味", "签收", "data-seen"):
        assert said in body
    assert not [secret for secret in SECRET if secret in body]
    assert "style=" not in body


def test_reading_by_get_writes_nothing_and_the_receipt_is_a_post(session, client):
    desk = Desk()
    pack = desk.pack("sent")
    sign_in(client, desk.maker).get(f"/feedback/packs/{pack.id}")
    assert session.get(FeedbackPack, pack.id).read_at is None
    assert client.post(f"/feedback/packs/{pack.id}/read").status_code == 302
    session.expire_all()
    assert pack.state == "read"


def test_three_taps_answer_a_pack(session, client):
    desk = Desk()
    pack = desk.pack("sent")
    sign_in(client, desk.maker)
    blank = {f"answers-{n}-section_id": str(s.id) for n, s in enumerate(pack.sections)} | {"drafts": "0", "step": "suggest"}
    assert client.post(f"/feedback/packs/{pack.id}/answers", data=blank).status_code == 302
    session.expire_all()
    assert {a.choice for a in session.scalars(select(FeedbackAnswer))} == {"reorder", "fix"}
    kept = client.get(f"/feedback/packs/{pack.id}").text
    again = dict(re.findall(r'<input[^>]*name="(answers-\d-section_id|drafts)"[^>]*value="(\d+)"', kept))
    rows = {a.section_id: a for a in session.scalars(select(FeedbackAnswer))}
    for n in range(2):
        answer = rows[int(again[f"answers-{n}-section_id"])]
        again |= {f"answers-{n}-choice": answer.choice, f"answers-{n}-quantity": str(answer.quantity or ""), f"answers-{n}-on": str(answer.on), f"answers-{n}-what": answer.what}  # fmt: skip
    assert client.post(f"/feedback/packs/{pack.id}/answers", data={**again, "step": "acknowledge"}).status_code == 302
    session.expire_all()
    assert pack.state == "acknowledged"


def test_acknowledging_too_early_keeps_what_was_answered(session, client):
    desk = Desk()
    pack = desk.pack("sent")
    page = sign_in(client, desk.maker).get(f"/feedback/packs/{pack.id}").text
    drafts = re.search(r'name="drafts"[^>]*value="(\d+)"', page)
    data = {f"answers-{n}-section_id": str(s.id) for n, s in enumerate(pack.sections)} | {"answers-0-choice": "carry_on"}
    data |= {"drafts": drafts.group(1) if drafts else "0", "step": "acknowledge"}
    said = client.post(f"/feedback/packs/{pack.id}/answers", data=data, follow_redirects=True)
    assert said.status_code == 200
    session.expire_all()
    assert [a.choice for a in session.scalars(select(FeedbackAnswer)) if a.choice] == ["carry_on"]
    assert pack.state != "acknowledged"


def test_a_photo_comes_with_the_answer_and_both_sides_see_it_once_acknowledged(session, client):
    desk = Desk()
    pack = desk.pack("sent")
    sign_in(client, desk.maker)
    data = fields(pack, desk) | {"answers-0-photos": a_photo()}
    assert client.post(f"/feedback/packs/{pack.id}/answers", data=data, content_type="multipart/form-data").status_code == 302
    file = session.scalars(select(StoredFile)).one()
    assert seen(StoredFile, desk.actor) == 0, "a draft is the factory's own"
    assert (seen(StoredFile, desk.maker_actor), seen(StoredFile, desk.rival_actor)) == (1, 0)
    service.acknowledge(pack, desk.maker_actor, clock.now())
    assert seen(StoredFile, desk.actor) == 1
    assert sign_in(client, desk.rival_user).get(f"/files/{file.id}").status_code == 404


def test_the_page_that_comes_too_late_is_told_so(session, client):
    desk = Desk()
    pack = desk.pack("sent")
    data = fields(pack, desk, "acknowledge")
    assert sign_in(client, desk.maker).post(f"/feedback/packs/{pack.id}/answers", data=data).status_code == 302
    assert client.post(f"/feedback/packs/{pack.id}/answers", data=data).status_code == 409
    assert len(session.scalars(select(FeedbackAction)).all()) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"answers-0-quantity": "0"},
        {"answers-0-quantity": "1e9"},
        {"answers-0-on": "yesterday"},
        {"answers-0-choice": "sell"},
        {"answers-0-section_id": "999999"},
    ],
)
def test_hostile_answers_are_refused_and_nothing_is_kept(session, client, wrong):
    desk = Desk()
    pack = desk.pack("read")
    answer = sign_in(client, desk.maker).post(f"/feedback/packs/{pack.id}/answers", data=fields(pack, desk) | wrong)
    assert answer.status_code == 422
    assert session.scalars(select(FeedbackAnswer)).all() == []


def test_fields_that_no_form_has_change_nothing(session, client):
    desk = Desk()
    pack = desk.pack("read")
    more = {"state": "measured", "factory_id": str(desk.rival.id), "due_on": "2030-01-01"}
    sign_in(client, desk.maker).post(f"/feedback/packs/{pack.id}/answers", data=fields(pack, desk, **more))
    session.expire_all()
    assert (pack.state, pack.factory_id) == ("read", desk.factory.id)


def test_what_is_typed_is_shown_as_typed(session, client):
    desk = Desk()
    pack = desk.pack("read")
    data = fields(pack, desk) | {"answers-1-what": "<script>alert(1)</script> {{7*7}} %(x)s"}
    data |= {"answers-1-choice": "fix", "answers-1-on": data["answers-0-on"]}
    sign_in(client, desk.maker).post(f"/feedback/packs/{pack.id}/answers", data=data)
    body = client.get(f"/feedback/packs/{pack.id}").text
    assert "<script>alert" not in body
    assert "{{7*7}} %(x)s" in body


def test_nobody_else_sees_anything(session, client):
    desk = Desk()
    pack = desk.pack("acted")
    outsiders = {desk.rival_user: desk.rival_actor}
    for kind in ("design_firm", "mould_factory", "investor", "brand_company", "launch_partner", "operator", "brand"):
        organisation = builders.an_organisation(kind)
        if kind != "brand":
            builders.a_participant(desk.product, organisation)
        person = builders.a_person(organisation)
        outsiders[person] = builders.an_actor(organisation, person)
    for person, actor in outsiders.items():
        assert [seen(model, actor) for model in MODELS] == [0] * 5, actor.role
        sign_in(client, person)
        assert {client.get(path).status_code for path in paths(pack)} == {404}, actor.role
    assert session.scalars(select(Notification).where(Notification.user_id == desk.rival_user.id)).all() == []


def test_a_factory_that_made_the_sku_before_sees_nothing_of_the_later_pack(session, client):
    desk = Desk()
    desk.moved(desk.good, desk.rival, desk.week - 2 * WEEK)
    mine, theirs = desk.pack("sent"), desk.pack("sent", desk.rival)
    sign_in(client, desk.maker)
    assert {client.get(path).status_code for path in paths(theirs)} == {404}
    assert client.get(f"/feedback/packs/{mine.id}").status_code == 200
    listed = client.get("/feedback").text
    assert f"/packs/{theirs.id}" not in listed
    assert "RIVAL" not in listed


def test_a_pack_is_the_brands_alone_before_it_is_sent(session, client):
    desk = Desk()
    pack = desk.pack("compiled")
    assert (seen(FeedbackPack, desk.maker_actor), seen(PackSection, desk.maker_actor)) == (0, 0)
    assert sign_in(client, desk.maker).get(f"/feedback/packs/{pack.id}").status_code == 404
    assert sign_in(client, desk.user).get(f"/feedback/packs/{pack.id}").status_code == 200


def test_a_draft_of_an_answer_is_the_factorys_own(session, client):
    desk = Desk()
    pack = desk.pack("read")
    desk.answer(pack)
    assert (seen(FeedbackAnswer, desk.maker_actor), seen(FeedbackAnswer, desk.actor)) == (2, 0)
    assert "换密封圈" not in sign_in(client, desk.user).get(f"/feedback/packs/{pack.id}").text
    assert "换密封圈" not in client.get(f"/feedback/packs/{pack.id}/skus.csv").text


def test_milestones_of_promises_are_the_brands_and_the_promise_the_factorys(session):
    desk = Desk()
    desk.pack("acknowledged")
    assert seen(Milestone, desk.actor) == 2
    assert (seen(Milestone, desk.maker_actor), seen(Milestone, desk.rival_actor)) == (0, 0)
    assert len(queries.promises_for(desk.maker_actor, clock.today())) == 2


def test_remarks_are_read_by_the_two_sides_alone(session, client):
    desk = Desk()
    section = desk.pack("sent").sections[0]
    comments.add(desk.product, section, "能寄两件退货吗？", None, desk.maker_actor, clock.now())
    sign_in(client, desk.user)
    body = client.get(f"/feedback/sections/{section.id}").text
    assert "能寄两件退货吗" in body
    assert desk.rival.label not in body, "no other party is offered"
    assert f'<option value="{desk.factory.id}" selected>' in body, "who answers here answers the factory"
    told = session.scalars(select(Notification).where(Notification.user_id == desk.user.id, Notification.text == "feedback.asked")).one()
    assert told.url == f"/feedback/packs/{section.pack_id}/skus/1#questions", "where an answer reaches the factory"
    sign_in(client, desk.rival_user)
    data = {"body": "?", "subject_type": "feedback_section", "subject_id": section.id}
    assert client.post(f"/products/{desk.product.id}/comments", data=data).status_code == 404


def test_the_brand_compiles_looks_and_sends(session, client):
    desk = Desk()
    sign_in(client, desk.user)
    session.commit()
    assert client.post("/feedback/compile").status_code == 302
    pack = session.scalars(select(FeedbackPack)).one()
    assert client.post(f"/feedback/packs/{pack.id}/recompile", data={"version": "99"}).status_code == 409
    assert client.post(f"/feedback/packs/{pack.id}/recompile", data={"version": str(pack.version)}).status_code == 302
    session.expire_all()
    assert client.post(f"/feedback/packs/{pack.id}/send", data={"version": str(pack.version)}).status_code == 302
    assert client.post(f"/feedback/packs/{pack.id}/send", data={"version": str(pack.version)}).status_code == 409


def test_a_promise_is_closed_on_its_page(session, client):
    desk = Desk()
    desk.pack("acknowledged")
    first, second = session.scalars(select(FeedbackAction).order_by(FeedbackAction.id)).all()
    sign_in(client, desk.maker)
    assert client.post(f"/feedback/actions/{first.id}/done", data={"done_on": "", "note": ""}).status_code == 422
    day = clock.today("Asia/Shanghai").isoformat()
    assert (
        client.post(f"/feedback/actions/{first.id}/done", data={"done_on": day, "note": "好了", "version": first.version}).status_code
        == 302
    )
    assert client.post(f"/feedback/actions/{second.id}/drop", data={"note": ""}).status_code == 422
    assert client.post(f"/feedback/actions/{second.id}/drop", data={"note": "没料"}).status_code == 302
    assert "没料" in sign_in(client, desk.user).get(f"/feedback/actions/{second.id}").text


def test_exports_hold_what_the_lists_show(session, client):
    desk = Desk()
    pack = desk.pack("acknowledged")
    sign_in(client, desk.user)
    packs = list(csv.reader(io.StringIO(client.get("/feedback/export.csv").data.decode("utf-8-sig"))))
    assert (len(packs), packs[1][1]) == (2, desk.factory.name)
    promises = list(csv.reader(io.StringIO(client.get("/feedback/actions/export.csv").data.decode("utf-8-sig"))))
    assert {row[0] for row in promises[1:]} == {"GOOD-1", "BAD-1"}
    rows = list(csv.reader(io.StringIO(client.get(f"/feedback/packs/{pack.id}/skus.csv").data.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == ["GOOD-1", "BAD-1"]
    assert len({len(row) for row in rows}) == 1


def test_filters_and_hostile_addresses(session, client):
    desk = Desk()
    desk.pack("sent")
    sign_in(client, desk.user)
    assert "竹溪座椅" in client.get(f"/feedback?week={desk.week}&state=waiting&factory_id={desk.factory.id}").text
    for query in ("state=x", "week=2026-99-99", "factory_id=1e9", "cursor=%00", "week='"):
        assert client.get(f"/feedback?{query}").status_code in (200, 422, 400)
    assert client.get("/feedback/actions?q=%00'&kind=x&state=y").status_code == 200


def test_a_page_asks_no_more_for_more_skus(session, client):
    desk = Desk()
    desk.pack("sent")
    pack = session.scalars(select(FeedbackPack)).one()
    sign_in(client, desk.maker)
    client.get(f"/feedback/packs/{pack.id}")
    with counted() as few:
        client.get(f"/feedback/packs/{pack.id}")
    other = Desk(factory=desk.factory, maker=desk.maker)
    for n in range(12):
        other.sold(other.sku(f"MORE-{n}"), [30] * 8, [1] * 8)
    session.flush()
    large = other.pack("sent")
    session.commit()
    with counted() as many:
        assert "MORE-11" in client.get(f"/feedback/packs/{large.id}").text
    assert len(many) <= len(few)


def test_the_home_of_the_factory_shows_what_waits(session, client):
    desk = Desk()
    pack = desk.pack("sent")
    body = sign_in(client, desk.maker).get("/").text
    assert f"/feedback/packs/{pack.id}" in body


def test_the_sku_page_has_the_card_for_both_sides(session, client):
    desk = Desk()
    pack = desk.pack("acknowledged")
    for person in (desk.user, desk.maker):
        assert f"/feedback/packs/{pack.id}#" in sign_in(client, person).get(f"/skus/{desk.good.id}").text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pdf_holds_the_pack(session, language):
    desk = Desk()
    pack = queries.whole(desk.pack("acknowledged").id, desk.maker_actor)
    assert printing.document(pack, language, desk.maker_actor).startswith(b"%PDF")


def as_json(client, token, method, path, **body):
    return client.open(
        f"/api/v1/feedback-packs{path}", method=method, headers={"Authorization": f"Bearer {token}"}, **({"json": body} if body else {})
    )


def test_the_factorys_own_system_reads_answers_and_acknowledges(session, client):
    desk = Desk()
    pack = desk.pack("sent")
    token, foreign = world.a_token(desk.maker), world.a_token(desk.rival_user)
    session.commit()
    assert as_json(client, token, "GET", "").json["items"][0]["skus"] == 2
    whole = as_json(client, token, "GET", f"/{pack.id}").json
    assert (whole["sections"][0]["units"], whole["drafts"]) == ([60] * 8, 0)
    assert "revenue" not in str(whole)
    answers = [{"section_id": i, **{k: str(v) if k == "on" else v for k, v in a.items()}} for i, a in desk.answers(pack).items()]
    assert as_json(client, token, "PUT", f"/{pack.id}/answers", drafts=5, answers=answers).status_code == 409
    assert as_json(client, token, "PUT", f"/{pack.id}/answers", drafts=0, answers=answers).json["sections"][1]["answer"]["lot"] == "L-7"
    assert as_json(client, token, "POST", f"/{pack.id}/acknowledge").json["state"] == "acknowledged"
    assert as_json(client, token, "GET", f"/{pack.id}/skus.csv").text.count("\n") >= 3
    for method, path in (("GET", f"/{pack.id}"), ("GET", f"/{pack.id}/skus.csv"), ("POST", f"/{pack.id}/acknowledge")):
        assert as_json(client, foreign, method, path).status_code == 404
    assert web.API_PREFIX == "/api/"


def test_the_tab_of_a_product_tells_its_skus_week_by_week(app, session):
    desk = Desk()
    desk.pack("acknowledged")
    stranger = builders.a_person(builders.an_organisation("factory"), manager=True)
    session.commit()
    path = f"/products/{desk.product.id}/feedback"
    shown = sign_in(app.test_client(), desk.user).get(path).text
    assert "BAD-1" in shown and "GOOD-1" in shown and "/feedback/actions/" in shown and path in shown
    assert "BAD-1" in sign_in(app.test_client(), desk.maker).get(path).text
    rival = sign_in(app.test_client(), desk.rival_user).get(path)
    assert rival.status_code == 200 and "BAD-1" not in rival.text
    assert sign_in(app.test_client(), stranger).get(path).status_code == 404
