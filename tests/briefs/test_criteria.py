"""The gate's criteria: thresholds at their edges, by type."""

import pytest

from incubator.briefs.criteria import Facts, measure


def facts(**values):
    return Facts(
        **{
            "target_price": 900,
            "reference_prices": [800, 1000, 1200],
            "musts": 5,
            "evidenced_musts": 4,
            "references": 2,
            "beaten": 2,
            **values,
        }
    )


def met(brief_type, scores=(), **values):
    return {c.name: c.met for c in measure(brief_type, facts(**values), scores)}


def test_basic_is_judged_by_price_and_certainty():
    assert met("basic") == {"price_index": True, "certainty": True}


@pytest.mark.parametrize(("price", "passes"), [(1000, True), (1001, False)])
def test_the_price_index_is_the_target_over_the_median_reference(price, passes):
    assert met("basic", target_price=price)["price_index"] is passes


def test_without_a_target_the_index_cannot_be_measured():
    index = measure("basic", facts(target_price=None))[0]
    assert index.value is None and not index.met


@pytest.mark.parametrize(("evidenced", "passes"), [(4, True), (3, False)])
def test_certainty_is_the_share_of_musts_with_evidence(evidenced, passes):
    assert met("basic", evidenced_musts=evidenced)["certainty"] is passes


def test_hero_is_judged_by_novelty_and_need():
    assert met("hero") == {"novelty": True, "need": True}
    assert met("hero", beaten=1)["novelty"] is False
    assert met("hero", evidenced_musts=2)["need"] is False


def test_one_low_score_fails_a_criterion():
    scores = [{"novelty": 5, "need": 5}, {"novelty": 2, "need": 4}]
    assert met("hero", scores) == {"novelty": False, "need": True}
