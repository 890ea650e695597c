"""What the audit trail says in words: records, states, fields and figures; what has no word stays as it was written."""

import pytest
from flask_babel import force_locale

from incubator.kernel import acts, audit, clock
from incubator.kernel.actor import SYSTEM
from tests.builders import a_person, sign_in

BACKENDS = ("sqlite",)


@pytest.fixture
def chinese(app):
    with app.test_request_context(), force_locale("zh"):
        yield


@pytest.mark.parametrize(
    ("record", "word"),
    [("complaint", "吐槽"), ("product_brief", "企划书"), ("user_session", "登录会话"), ("some_new_table", "some_new_table")],
)
def test_a_record_has_the_word_of_its_machine_or_its_own(chinese, record, word):
    assert acts.record_word(record) == word


def test_a_move_names_both_states_in_words(chinese):
    assert list(acts.details("complaint", {"before": "open", "after": "in_hand"})) == [("状态", "未解决 → 处理中")]
    assert list(acts.details("complaint", {"before": "gone", "after": None})) == [("状态", "gone → –")]


def test_changed_fields_stand_before_and_after(chinese):
    data = {"before": {"not_before_on": None}, "after": {"not_before_on": "2026-11-24", "odd": 3}}
    assert list(acts.details("milestone", data)) == [("不早于", "– → 2026-11-24"), ("odd", "3")]


def test_lists_mappings_and_truths_are_read_aloud(chinese):
    data = {"milestones": [{"name": "定标"}], "scores": {"need": 4}, "tasks": 9, "shown": True, "fields": ["title", "name"], "note": ""}
    told = dict(acts.details("plan_template", data))
    assert told["里程碑"] == "1条记录" and told["评分"] == "need 4" and told["任务数"] == "9"
    assert told["shown"] == "是" and told["note"] == "–" and told["字段"].endswith("名称")


def test_the_page_of_the_administrator_shows_words(client, session):
    person = a_person(staff_role="administrator")
    audit.record("brief.submit", person, SYSTEM, clock.now(), before="draft", after="submitted")
    session.commit()
    page = sign_in(client, person).get("/admin/audit").get_data(as_text=True)
    assert '<option value="app_user">Person</option>' in page and "draft → submitted" in page
