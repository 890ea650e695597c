"""One product and five roles, through the pages: from shop reviews to a promise of its factory and a report that its investor reads.

Brand, factory, design firm, investor and administrator each do their own part with their own browser. Nothing is done behind the pages;
what lies in the past (the weeks of sales, since when the factory makes the article) is dated so in the forms and files.
The administrator runs the two jobs that would else wait for the clock. Pictures of each stage: see `pictures.folder`.
"""

import pytest

from tests.journeys import loop_demand, loop_factory, loop_feedback, loop_launch, loop_people, loop_samples
from tests.journeys.story import Story

STAGES = (
    (loop_people.admit_maker,),
    (loop_demand.listen, loop_demand.find_segment, loop_demand.write_brief, loop_demand.compare, loop_demand.pass_gate),
    (loop_factory.enquire, loop_factory.quote, loop_factory.score, loop_factory.award),
    (loop_samples.ask_for_samples, loop_samples.make, loop_samples.measure, loop_samples.seal),
    (loop_samples.engage, loop_samples.deliver),
    (loop_launch.open_channel, loop_launch.create_sku, loop_launch.review, loop_launch.test_market),
    (loop_launch.check_list, loop_launch.launch),
    (loop_feedback.hear_buyers, loop_feedback.sell, loop_feedback.send_pack, loop_feedback.answer, loop_feedback.see_promise),
    (loop_feedback.report, loop_feedback.read_report, loop_feedback.keep_out),
)


@pytest.fixture
def story(visit, server, tmp_path):
    return Story(visit, server, tmp_path)


def test_one_product_from_reviews_to_its_feedback(story):
    for stage in STAGES:
        for step in stage:
            step(story)
    assert len(list(story.pictures.glob("*.png"))) >= 18
