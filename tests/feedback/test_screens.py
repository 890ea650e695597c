"""One screen per SKU on a phone: what it shows, three taps, colleagues side by side, questions, and nothing for anybody else."""

import re
from datetime import timedelta

import pytest
from flask import render_template_string
from flask_babel import force_locale
from sqlalchemy import select

from incubator.accounts.models import Notification
from incubator.feedback import answer_service, drawing, question_service, screen_queries, service, words
from incubator.feedback.models import FeedbackAction, FeedbackAnswer
from incubator.feedback.question_models import FeedbackQuestion
from incubator.kernel import access, clock
from incubator.kernel.errors import Conflict, Forbidden
from incubator.kernel.file_table import StoredFile
from incubator.products import comments
from tests import builders
from tests.builders import counted, sign_in
from tests.feedback.builders import Desk
from tests.samples.builders import a_photo

BACKENDS = ("sqlite",)
PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"}


def path(pack, number):
    return f"/feedback/packs/{pack.id}/skus/{number}"


def fields(body):
    """What the form of a screen sends when nothing is touched: hidden fields, the checked tile, what is typed in."""
    form = body[body.index('id="answer"') : body.index("</form>", body.index('id="answer"'))]
    given = {}
    for tag in re.findall(r"<input[^>]*>", form):
        said = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if "name" in said and said.get("type") not in ("file",) and (said.get("type") != "radio" or " checked" in tag):
            given[said["name"]] = said.get("value", "")
    given |= dict(re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>\s*([^<]*)</textarea>', form))
    return given


def test_a_phone_is_led_to_the_first_sku_that_waits_and_a_desktop_is_not(session, client):
    desk = Desk()
    pack = desk.pack("sent")
    sign_in(client, desk.maker)
    whole = f"/feedback/packs/{pack.id}"
    assert client.get(whole, headers=PHONE).headers["Location"].endswith(path(pack, 1))
    assert client.get(whole).status_code == 200
    assert client.get(f"{whole}?view=all", headers=PHONE).status_code == 200
    assert client.get(whole, headers={"Sec-CH-UA-Mobile": "?1"}).status_code == 302
    assert sign_in(client, desk.user).get(whole, headers=PHONE).status_code == 200, "the brand has nothing to answer"


def test_everybody_finds_the_screens_from_the_pack_and_the_pack_from_the_screens(session, client):
    desk = Desk()
    pack = desk.pack("sent")
    whole = f"/feedback/packs/{pack.id}"
    for person in (desk.user, desk.maker):
        assert f"{whole}?choose=one" in sign_in(client, person).get(f"{whole}?view=all").text
        assert client.get(f"{whole}?choose=one").headers["Location"].endswith(path(pack, 1))
        assert f"{whole}?choose=all" in client.get(path(pack, 1)).text
        assert client.get(f"{whole}?choose=all").headers["Location"].endswith("?view=all")
    assert sign_in(client, desk.rival_user).get(f"{whole}?choose=one").status_code == 404


def test_what_was_chosen_holds_for_later_packs_and_nothing_chosen_leaves_it_to_the_width(session, client):
    desk = Desk()
    pack = desk.pack("sent")
    whole = f"/feedback/packs/{pack.id}"
    sign_in(client, desk.maker)
    assert f'data-narrow="{whole}?view=next"' in client.get(whole).text
    assert client.get(f"{whole}?view=next").headers["Location"].endswith(path(pack, 1))
    assert "data-narrow" not in client.get(f"{whole}?view=all").text
    client.get(f"{whole}?choose=all")
    kept = client.get(whole, headers=PHONE)
    assert kept.status_code == 200 and "data-narrow" not in kept.text, "also on a phone"
    client.get(f"{whole}?choose=one")
    assert client.get(whole).headers["Location"].endswith(path(pack, 1)), "also on a wide screen"
    assert client.get(f"{whole}?choose=<x>").status_code == 302, "nonsense chooses nothing"
    desk.answer(pack)
    service.acknowledge(pack, desk.maker_actor, clock.now())
    session.commit()
    assert client.get(whole).status_code == 200, "what is answered opens whole"


@pytest.mark.parametrize(
    ("units", "said"), [([0] * 8, "nothing was sold"), ([None] * 8, "Another factory made it"), ([None, 0, 3], "Pieces a week")]
)
def test_weeks_of_which_nothing_is_known_leave_no_empty_frame(app, units, said):
    source = '{% from "feedback/_macros.html" import weeks_bars with context %}{{ weeks_bars(bars, none, 64, 296, words) }}'
    with app.test_request_context(), force_locale("en"):
        drawn = render_template_string(source, bars=drawing.bars(units, [0 if n == 0 else None for n in units]), words=words)
    assert said in drawn and ("<svg" in drawn) is (3 in units)


def test_what_is_typed_turns_no_line_round_and_is_no_html_and_no_formula(session, client):
    desk = Desk()
    pack = desk.pack("sent")
    day = (clock.today() + timedelta(days=9)).isoformat()
    typed = '=HYPERLINK("http://e")\u202e<img src=x>\u2066'
    sign_in(client, desk.maker)
    answer = {"choice": "fix", "on_fix": day, "what": typed, "lot": "=1+1", "note": typed, "shown": ""}
    assert client.post(path(pack, 2), data=answer).status_code == 302
    assert client.post(f"/feedback/sections/{pack.sections[1].id}/questions", data={"body": typed}).status_code == 302
    page, sheet = client.get(path(pack, 2)).text, client.get(f"/feedback/packs/{pack.id}/skus.csv").text
    assert "HYPERLINK" in page and "<img src=x" not in page and "\u202e" not in page and "\u2066" not in page
    assert "'=HYPERLINK" in sheet and "\u202e" not in sheet


def test_a_screen_shows_one_sku_and_what_is_suggested_is_one_tap_away(session, client):
    desk = Desk()
    pack = desk.pack("sent")
    body = sign_in(client, desk.maker).get(path(pack, 2)).text
    assert "BAD-1" in body and "GOOD-1" not in body and "2 / 2" in body and "异味" in body
    assert "style=" not in body and 'accept="image/*"' in body and "capture" not in body, "the gallery as well as the camera"
    assert fields(body)["choice"] == "fix" and fields(body)["on_fix"] > clock.today().isoformat()
    answer = client.post(path(pack, 2), data=fields(body))
    assert answer.headers["Location"].endswith(path(pack, 1)), "the next that waits"
    session.expire_all()
    kept = session.scalars(select(FeedbackAnswer)).one()
    assert kept.is_complete and kept.choice == "fix" and "异味" in kept.what


def test_every_sku_then_the_list_then_promises(session, client):
    desk = Desk()
    pack = desk.pack("sent")
    sign_in(client, desk.maker)
    at = path(pack, 1)
    for _ in range(2):
        at = client.post(at, data=fields(client.get(at).text)).headers["Location"]
    assert at.endswith(f"/feedback/packs/{pack.id}/finish")
    body = client.get(at).text
    assert "GOOD-1" in body and "BAD-1" in body and f"/feedback/packs/{pack.id}/acknowledge" in body
    assert client.post(f"/feedback/packs/{pack.id}/acknowledge").status_code == 302
    session.expire_all()
    assert pack.state == "acknowledged"
    assert {a.kind for a in session.scalars(select(FeedbackAction))} == {"reorder", "fix"}
    assert client.post(f"/feedback/packs/{pack.id}/acknowledge").status_code == 409
    assert "acknowledge" not in client.get(at).text


def test_another_choice_has_its_own_proposed_day(session, client):
    desk = Desk()
    pack = desk.pack("sent")
    sign_in(client, desk.maker)
    client.post(path(pack, 1), data=fields(client.get(path(pack, 1)).text) | {"choice": "stop"})
    session.expire_all()
    kept = session.scalars(select(FeedbackAnswer)).one()
    assert (kept.choice, kept.quantity, kept.is_complete) == ("stop", None, True)
    assert (kept.on - clock.today("Asia/Shanghai")).days == 7


@pytest.mark.parametrize(
    "wrong",
    [{"choice": ""}, {"choice": "sell"}, {"on_fix": "2020-01-01"}, {"on_fix": ""}, {"what": "  "}, {"choice": "reorder", "quantity": ""}],
)
def test_what_is_missing_is_said_on_the_screen_and_nothing_is_kept(session, client, wrong):
    desk = Desk()
    pack = desk.pack("read")
    sign_in(client, desk.maker)
    answer = client.post(path(pack, 2), data=fields(client.get(path(pack, 2)).text) | wrong)
    assert answer.status_code == 422 and "BAD-1" in answer.text
    session.expire_all()
    assert session.scalars(select(FeedbackAnswer)).all() == []


def test_a_photo_straight_from_the_camera_stays_with_the_answer(session, client):
    desk = Desk()
    pack = desk.pack("sent")
    sign_in(client, desk.maker)
    data = fields(client.get(path(pack, 1)).text) | {"photos": a_photo()}
    assert client.post(path(pack, 1), data=data, content_type="multipart/form-data").status_code == 302
    file = session.scalars(select(StoredFile)).one()
    assert (file.subject_type, file.subject_id) == ("feedback_section", pack.sections[0].id)


def test_colleagues_answer_different_skus_at_once_but_do_not_overwrite_each_other(session):
    desk = Desk()
    pack = desk.pack("read")
    colleague = builders.an_actor(desk.factory, builders.a_person(desk.factory))
    first, second = pack.sections
    carry = {"choice": "carry_on"}
    answer_service.answer_one(first, carry, "", desk.maker_actor, clock.now())
    answer_service.answer_one(second, carry, "", colleague, clock.now())
    with pytest.raises(Conflict):
        answer_service.answer_one(first, carry, "", colleague, clock.now())
    shown = answer_service.seen(first.answer)
    answer_service.answer_one(first, {"choice": "stop", "on": clock.today("Asia/Shanghai")}, shown, colleague, clock.now())
    answer_service.answer_one(second, carry, "", colleague, clock.now())
    assert screen_queries.progress(pack, desk.maker_actor)[:3] == (2, 2, None)


def test_only_the_factory_answers_and_only_while_it_waits(session):
    desk = Desk()
    pack = desk.pack("read")
    for actor in (desk.actor, desk.rival_actor):
        with pytest.raises(Forbidden):
            answer_service.answer_one(pack.sections[0], {"choice": "carry_on"}, "", actor, clock.now())
    desk.answer(pack)
    service.acknowledge(pack, desk.maker_actor, clock.now())
    with pytest.raises(Conflict):
        answer_service.answer_one(pack.sections[0], {"choice": "carry_on"}, "", desk.maker_actor, clock.now())


def test_progress_leads_onwards_before_it_leads_back(session):
    desk = Desk()
    pack = desk.pack("read")
    actor = desk.maker_actor
    assert screen_queries.progress(pack, actor)[:3] == (2, 0, 1)
    assert screen_queries.progress(pack, actor, 1).next == 2
    assert screen_queries.progress(pack, actor, 2).next == 1, "the first that was left out"
    service.answer(pack, {pack.sections[0].id: {"choice": "fix", "what": " ", "on": clock.today("Asia/Shanghai")}}, actor, clock.now())
    assert screen_queries.progress(pack, actor).answered == 0, "a fix without words is no answer"


def test_the_rest_as_suggested_leaves_what_was_answered(session, client):
    desk = Desk()
    pack = desk.pack("sent")
    answer_service.answer_one(pack.sections[0], {"choice": "carry_on"}, "", desk.maker_actor, clock.now())
    assert sign_in(client, desk.maker).post(f"/feedback/packs/{pack.id}/rest").status_code == 302
    session.expire_all()
    assert [s.answer.choice for s in pack.sections] == ["carry_on", "fix"]


def test_a_question_is_asked_and_answered_on_the_very_screen(session, client):
    desk = Desk()
    pack = desk.pack("sent")
    section = pack.sections[0]
    sign_in(client, desk.maker)
    asked = client.post(f"/feedback/sections/{section.id}/questions", data={"body": "能寄两件退货吗？"})
    assert asked.headers["Location"].endswith(f"{path(pack, 1)}#questions")
    assert "能寄两件退货吗" in client.get(path(pack, 1)).text
    question = session.scalars(select(FeedbackQuestion)).one()
    assert question.state == "open"
    told = session.scalars(select(Notification.text).where(Notification.user_id == desk.user.id)).all()
    assert told == ["feedback.asked"], "once, and by mail"
    body = sign_in(client, desk.user).get("/").text
    assert f"/feedback/packs/{pack.id}/skus/1#questions" in body, "the brand finds it at home"
    assert client.post(f"/feedback/sections/{section.id}/questions", data={"body": "今天寄出"}).status_code == 302
    session.expire_all()
    assert question.state == "answered"
    heard = session.scalars(select(Notification.text).where(Notification.user_id == desk.maker.id)).all()
    assert heard[-1] == "feedback.replied"
    assert "今天寄出" in sign_in(client, desk.maker).get(path(pack, 1)).text


def test_a_second_question_adds_to_the_first_and_a_remark_among_colleagues_answers_nothing(session):
    desk = Desk()
    section = desk.pack("sent").sections[0]
    for said in ("第一问", "补一句"):
        question_service.ask(section, said, desk.maker_actor, clock.now())
    question = session.scalars(select(FeedbackQuestion)).one()
    comments.add(desk.product, section, "内部讨论", None, desk.actor, clock.now())
    assert question.state == "open", "the brand talked to itself"
    question_service.settle(question, desk.maker_actor, clock.now())
    assert question.state == "settled"
    question_service.ask(section, "新问题", desk.maker_actor, clock.now())
    assert len(session.scalars(select(FeedbackQuestion)).all()) == 2


def test_what_the_brand_says_to_itself_is_not_on_the_factorys_screen(session, client):
    desk = Desk()
    pack = desk.pack("sent")
    comments.add(desk.product, pack.sections[0], "毛利太低", None, desk.actor, clock.now())
    session.commit()
    assert "毛利太低" not in sign_in(client, desk.maker).get(path(pack, 1)).text
    assert "毛利太低" in sign_in(client, desk.user).get(path(pack, 1)).text


def test_case_1_nobody_else_reaches_a_screen_a_question_or_an_answer(session, client):
    desk = Desk()
    pack = desk.pack("sent")
    question_service.ask(pack.sections[0], "问", desk.maker_actor, clock.now())
    question = session.scalars(select(FeedbackQuestion)).one()
    session.commit()
    for person in (
        desk.rival_user,
        builders.a_person(builders.an_organisation("brand")),
        builders.a_person(builders.an_organisation("investor")),
    ):
        sign_in(client, person)
        for end in ("skus/1", "finish"):
            assert client.get(f"/feedback/packs/{pack.id}/{end}").status_code == 404
        for end in (f"packs/{pack.id}/skus/1", f"packs/{pack.id}/rest", f"packs/{pack.id}/acknowledge", f"questions/{question.id}/settle"):
            assert client.post(f"/feedback/{end}", data={"choice": "carry_on"}).status_code == 404
    assert session.scalars(access.select_visible(FeedbackQuestion, desk.rival_actor)).all() == []


def test_numbers_beyond_the_pack_do_not_exist(session, client):
    desk = Desk()
    pack = desk.pack("sent")
    sign_in(client, desk.maker)
    assert [client.get(path(pack, n)).status_code for n in (0, 3, 2**40)] == [404, 404, 404]


def test_a_screen_asks_the_same_of_a_small_and_a_large_pack(session, client):
    desk = Desk()
    small = desk.pack("sent")
    other = Desk(factory=desk.factory, maker=desk.maker)
    for n in range(15):
        other.sold(other.sku(f"MORE-{n}"), [30] * 8, [1] * 8)
    session.flush()
    large = other.pack("sent")
    sign_in(client, desk.maker)
    client.get(path(small, 1))
    with counted() as few:
        client.get(path(small, 1))
    with counted() as many:
        client.get(path(large, 9))
    assert len(many) == len(few)
    assert not [sql for sql in many if "LIMIT" not in sql and "ORDER BY feedback_section.position" in sql], "no other section is loaded"
