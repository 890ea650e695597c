"""Snapshots, their hash, and the readable difference."""

from incubator.briefs.content import content_hash, difference

BASE = {
    "title": "椅",
    "requirements": [
        {"attribute": "高", "operator": "ge", "target": "90", "unit": "mm", "tolerance": "", "priority": "must", "evidence": ""}
    ],
}


def test_the_hash_ignores_the_order_of_keys_and_tells_one_letter():
    assert content_hash({"a": 1, "b": 2}) == content_hash({"b": 2, "a": 1})
    assert content_hash({"a": "x"}) != content_hash({"a": "y"})


def test_a_changed_field_shows_before_and_after(app, session):
    (change,) = difference(BASE, {**BASE, "title": "人体工学椅"})
    assert (change.heading, change.before, change.after) == ("Title", "椅", "人体工学椅")


def test_rows_are_matched_by_name_and_added_or_removed_is_told(app, session):
    other = {**BASE["requirements"][0], "attribute": "重"}
    changes = difference(BASE, {"title": "椅", "requirements": [other]})
    assert [(c.what, c.before is None, c.after is None) for c in changes] == [("高", False, True), ("重", True, False)]


def test_two_rows_of_one_name_stay_two(app, session):
    twice = {**BASE, "requirements": BASE["requirements"] * 2}
    assert len(difference(BASE, twice)) == 1
