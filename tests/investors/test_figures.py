"""The figures that come from sales and feedback."""

from incubator.feedback.models import FeedbackEffect
from incubator.investors import figures
from incubator.kernel import clock
from tests.builders import put
from tests.feedback.builders import Desk as Loop


def test_the_loop_is_told_from_its_own_rows(session):
    desk = Loop()
    other = Loop()
    desk.drafts()
    pack = desk.pack("acted")
    action = next(s.action for s in pack.sections if s.code == "BAD-1")
    put(
        FeedbackEffect(
            action_id=action.id,
            since=desk.week,
            until=desk.week,
            units_before=[1],
            units_after=[1],
            verdict="improved",
            table_version=3,
            measured_at=clock.now(),
        )
    )
    found = {figure.key: figure.read(desk.product.programme, clock.now()) for figure in figures.registered("consumer")}
    assert found["return_rate"].value == round(100 * (8 + 96) / (480 + 400), 1)
    assert (found["improved"].value, found["improved"].inputs) == (1, [[action.id, "improved"]])
    assert {sku for sku, _grade in found["hits"].inputs} <= {desk.good.id, desk.bad.id} and found["hits"].inputs
    for key, reading in found.items():
        assert figures.RECIPES[f"{key}@1"](reading.inputs) == reading.value
    assert {s for s, *_ in found["return_rate"].inputs}.isdisjoint({other.good.id, other.bad.id})
