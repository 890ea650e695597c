"""Topics: the curated ones, a brand's own, and hearing all voices anew."""

import threading

import pytest
from sqlalchemy import func, select

from incubator.kernel import clock, job_runner
from incubator.kernel.errors import Conflict, Forbidden
from incubator.kernel.job_table import JobRun
from incubator.signals import curated, queries, service, trend
from incubator.signals.models import Topic, VoiceTopic
from tests.builders import an_actor, an_organisation
from tests.signals.builders import DAY, a_topic, a_voice


@pytest.fixture
def actor(session):
    found = an_actor(an_organisation("brand"))
    session.commit()
    return found


def listen(app, session):
    session.commit()
    while job_runner.run_next(app, "worker", threading.Event()):
        continue
    session.expire_all()


def data(**values):
    return {"name_zh": "腰", "name_en": "Back", "words_zh": "腰酸，腰疼", "words_en": "back pain", **values}


def test_a_brand_begins_with_the_curated_topics_once(actor, session):
    service.start_topics(actor)
    service.start_topics(actor)
    assert session.scalar(select(func.count(Topic.id))) == len(curated.TOPICS)


def test_a_new_topic_is_heard_in_all_voices(actor, session, app):
    a_voice(actor, "腰酸得很", said_on=DAY)
    a_voice(actor, "my back pain is gone", mood="good", said_on=DAY)
    a_voice(actor, "很安静")
    topic = service.add_topic(data(), actor, clock.now())
    listen(app, session)
    assert session.scalars(select(JobRun.status)).all() == ["done"]
    assert queries.counts_by_topic(actor)[topic.id] == {"bad": 1, "good": 1}
    assert queries.by_month(topic.id, actor, "2024-01") == {("2026-03", "bad"): 1, ("2026-03", "good"): 1}


def test_changed_words_are_heard_anew_and_a_retired_topic_no_longer(actor, session, app):
    topic = a_topic(actor, "腰酸")
    a_voice(actor, "腰酸")
    a_voice(actor, "腿麻")
    service.edit_topic(topic, data(words_zh="腿麻", words_en=""), topic.version, actor, clock.now())
    listen(app, session)
    assert queries.counts_by_topic(actor)[topic.id] == {"bad": 1}
    service.retire_topic(topic, actor, clock.now())
    listen(app, session)
    assert topic.id not in queries.counts_by_topic(actor) and topic.retired_at
    a_voice(actor, "又腿麻")
    assert session.scalar(select(func.count(VoiceTopic.id))) == 0
    service.retire_topic(topic, actor, clock.now())
    listen(app, session)
    assert queries.counts_by_topic(actor)[topic.id] == {"bad": 2}


def test_case_36_the_second_editor_of_a_topic_is_told(actor):
    topic = a_topic(actor)
    stale = topic.version
    service.edit_topic(topic, data(), stale, actor, clock.now())
    with pytest.raises(Conflict):
        service.edit_topic(topic, data(name_zh="我的"), stale, actor, clock.now())


@pytest.mark.parametrize("kind", ["factory", "investor", "brand"])
def test_nobody_else_changes_a_topic(actor, kind):
    topic = a_topic(actor)
    with pytest.raises(Forbidden):
        service.edit_topic(topic, data(), topic.version, an_actor(an_organisation(kind)), clock.now())


def test_a_trend_has_every_month_from_the_first_voice_on():
    months = trend.months_until("2026-03")
    assert (len(months), months[0], months[-1]) == (24, "2024-04", "2026-03")
    rows = trend.table({("2025-12", "bad"): 2, ("2026-02", "good"): 1}, months)
    assert [(r["month"], r["total"]) for r in rows] == [("2025-12", 2), ("2026-01", 0), ("2026-02", 1), ("2026-03", 0)]
    assert trend.table({}, months) == []


def test_a_chart_is_made_of_the_table(app):
    with app.test_request_context():
        spec = trend.spec(trend.table({("2026-02", "bad"): 2}, trend.months_until("2026-03")))
    assert [v["voices"] for v in spec["data"]["values"]] == [2]
