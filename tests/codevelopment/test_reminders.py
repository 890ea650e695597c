"""What the clock says: once per threshold, anew after a change, and to the right side."""

from datetime import timedelta
from types import SimpleNamespace

from sqlalchemy import select

from incubator.accounts.models import Notification
from incubator.codevelopment import jobs
from incubator.kernel import clock
from tests.codevelopment.builders import DAY, Scene


def run(days=0):
    moment = clock.now() + timedelta(days=days)
    with clock.frozen(moment):
        return jobs.remind(SimpleNamespace(progress=lambda _n: None), moment)["reminded"]


def told(session, user_id):
    return [t for t in session.scalars(select(Notification.text).where(Notification.user_id == user_id).order_by(Notification.id)) if t.split(".")[1] in ("soon", "late", "review")]  # fmt: skip


def test_an_owner_is_reminded_once_before_and_once_after(session):
    scene = Scene()
    scene.deliverable(due_on=clock.today() + 10 * DAY)
    assert [run(d) for d in (0, 7, 8, 10, 11, 12)] == [0, 1, 0, 0, 1, 0]
    assert told(session, scene.designer.user_id) == ["deliverable.soon", "deliverable.late"]
    assert told(session, scene.leader.user_id) == [], "the plan reminds the brand"


def test_a_late_review_is_said_to_the_brand_once(session):
    scene = Scene()
    found = scene.submitted(due_on=clock.today())
    assert [run(d) for d in (0, 5, 6, 7)] == [0, 0, 1, 0]
    assert told(session, scene.leader.user_id) == ["deliverable.review"]
    scene.decide(found, "ask_changes", "再改")
    assert run(1) == 1 and told(session, scene.designer.user_id) == ["deliverable.late"]


def test_nobody_is_reminded_of_a_product_that_ended(session):
    Scene("stopped").deliverable(due_on=clock.today())
    assert run(5) == 0


def test_the_brand_is_not_reminded_of_its_own_by_two(session):
    scene = Scene()
    scene.deliverable(scene.brand, due_on=clock.today())
    assert run(5) == 0
