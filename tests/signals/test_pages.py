"""Pages of voices and topics: filters, writing down, hostile input, exports, queries."""

import csv
import io

import pytest
from flask_babel import force_locale
from sqlalchemy import func, select

from incubator.accounts.models import User
from incubator.signals import words
from incubator.signals.models import Topic, Voice
from tests.builders import an_actor, an_organisation, counted, sign_in
from tests.signals.builders import DAY, a_segment, a_topic, a_voice


@pytest.fixture
def actor(session):
    return an_actor(an_organisation("brand"))


@pytest.fixture
def browser(actor, session, app):
    return sign_in(app.test_client(), session.get_one(User, actor.user_id))


def test_voices_are_filtered_and_searched(actor, browser):
    topic = a_topic(actor, "噪音")
    a_voice(actor, "噪音太大", said_on=DAY)
    a_voice(actor, "很安静", mood="good", channel="social")
    assert all(t in browser.get("/signals/voices").text for t in ("噪音太大", "很安静"))
    for query in (f"topic={topic.id}", "mood=bad", "q=太大", "month=2026-03", "channel=chat_group"):
        page = browser.get(f"/signals/voices?{query}").text
        assert "噪音太大" in page and "很安静" not in page, query
    assert "No voice fits" in browser.get("/signals/voices?q=%25").text


@pytest.mark.parametrize(
    "query",
    ["topic='", "topic=99999999999999999999", "month=2026-13", "month=''", "source=-1", "q=%00", "q=" + "x" * 5000, "cursor=abc", "mood=purple", "topic=1&topic=2&topic=x"],
)  # fmt: skip
def test_case_32_strange_filters_do_nothing(actor, browser, query):
    a_voice(actor)
    assert browser.get(f"/signals/voices?{query}").status_code in (200, 422)


def test_a_voice_is_written_down_once_and_word_for_word(browser, session):
    data = {"text": "  {{7*7}} <b>吵</b> ", "channel": "visit", "buyer_kind": "creator", "mood": "bad", "said_on": "2026-03-05"}
    assert browser.post("/signals/voices/new", data={**data, "text": " "}).status_code == 422
    address = browser.post("/signals/voices/new", data=data).location
    page = browser.get(address).text
    assert "{{7*7}} &lt;b&gt;吵&lt;/b&gt;" in page
    again = browser.post("/signals/voices/new", data=data)
    assert again.status_code == 422 and "already" in again.text
    assert session.scalar(select(func.count(Voice.id))) == 1


def test_there_is_no_way_to_edit_a_voice(app):
    rules = [rule for rule in app.url_map.iter_rules() if "voice_id" in rule.arguments]
    assert {rule.endpoint for rule in rules} == {"signals.voice", "signals.choose_voice", "signals.unchoose_voice"}


def test_the_export_is_what_is_shown_and_runs_nothing(actor, browser):
    a_voice(actor, "=cmd|' /C calc'!A0")
    a_voice(actor, "很好", mood="good")
    rows = list(csv.reader(io.StringIO(browser.get("/signals/voices/export.csv?mood=bad").get_data().decode("utf-8-sig"))))
    assert len(rows) == 2 and rows[1][0] == "'=cmd|' /C calc'!A0" and rows[1][4] == "Complaint"
    assert browser.get("/signals/voices/export.xlsx").status_code == 200


def test_topics_are_added_edited_and_refused_without_words(browser, session):
    assert "Start with the curated list" in browser.get("/signals/topics").text
    assert browser.post("/signals/topics/start").status_code == 302
    data = {"version": 0, "name_zh": "腰", "name_en": "Back", "words_zh": "腰酸", "words_en": ""}
    assert browser.post("/signals/topics/new", data={**data, "words_zh": ""}).status_code == 422
    assert browser.post("/signals/topics/new", data={**data, "words_zh": "长" * 41}).status_code == 422
    address = browser.post("/signals/topics/new", data=data).location
    assert "腰酸" in browser.get(address).text
    topic = session.scalars(select(Topic).order_by(Topic.id.desc())).first()
    stale = topic.version
    assert browser.post(f"{address}/edit", data={**data, "version": stale, "words_zh": "腰疼"}).location == address
    assert browser.post(f"{address}/edit", data={**data, "version": stale}).status_code == 409
    assert browser.post(f"{address}/retire").status_code == 302


def test_a_voice_is_chosen_from_its_own_page(actor, browser, session):
    segment, voice = a_segment(actor), a_voice(actor)
    assert segment.name in browser.get(f"/signals/voices/{voice.id}").text
    assert browser.post(f"/signals/voices/{voice.id}/choose", data={"segment_id": segment.id}).status_code == 302
    assert browser.post(f"/signals/voices/{voice.id}/choose", data={"segment_id": 987_654}).status_code == 404
    session.expire_all()
    assert [e.voice_id for e in segment.evidence] == [voice.id]


def test_segments_on_pages(actor, browser):
    data = {"version": 0, "name": "怕吵的人", "need": "静", "buyer_kind": "consumer", "owner_id": "", "mood": "bad", "q": "吵"}
    address = browser.post("/signals/segments/new?q=吵", data=data).location
    assert browser.post("/signals/segments/new", data=data).status_code == 422
    row = {"attribute": "噪音", "operator": "le", "target": "安静", "unit": "dB", "priority": "must"}
    assert browser.post(f"{address}/requirements", data=row).status_code == 422
    assert browser.post(f"{address}/requirements", data={**row, "target": "38"}).status_code == 302
    voice = a_voice(actor, "太吵了")
    assert "太吵了" in browser.get(address).text
    assert browser.post(f"{address}/voices", data={"voice_id": [voice.id], "requirement_id": ""}).status_code == 302
    assert "1 voice, word for word" in browser.get(address).text
    assert browser.post(f"{address}/move/drop", data={"version": 99, "note": "x"}).status_code == 409
    assert "怕吵的人" in browser.get("/signals/segments?q=怕吵&state=draft").text
    assert "怕吵的人" in browser.get("/search?q=怕吵").text


@pytest.mark.parametrize("path", ["/signals/voices", "/wall", "/signals/segments", "/signals/topics"])
def test_the_lists_cost_the_same_for_many(actor, browser, session, path):
    from tests.signals.builders import a_complaint

    a_complaint(actor)
    a_segment(actor)
    browser.get(path)
    with counted() as few:
        browser.get(path)
    for _ in range(8):
        a_complaint(actor)
        a_segment(actor)
    session.commit()
    with counted() as many:
        browser.get(path)
    assert len(many) == len(few) < 20


def test_what_people_typed_has_a_source_in_the_reader_s_language(app):
    with app.test_request_context():
        with force_locale("en"):
            assert words.source_name(words.TYPED) == "Noted by hand" and words.source_name("小红书") == "小红书"
        with force_locale("zh"):
            assert words.source_name(words.TYPED) == "手工记录"
