"""What counts as value beside a reference product, and what is a relabel."""

from incubator.briefs.value import Claim, Point, refusal, relabelled

NAMES = {1: "市售款 A", 2: "市售款 B"}


def a_point(reference: int = 1, aspect: str = "function", verdict: str = "better", evidence: bool = True) -> Point:
    return Point(reference, aspect, verdict, evidence)


def test_no_claim_is_refused(app, session):
    assert "no value claim" in str(refusal([], [1], NAMES))


def test_the_same_product_under_a_new_label_is_refused_and_named(app, session):
    claims = [Claim("新包装", (a_point(verdict="same"), a_point(aspect="label"), a_point(aspect="price")))]
    assert relabelled(claims, [1]) == 1
    assert "市售款 A" in str(refusal(claims, [1], NAMES))


def test_one_real_difference_is_no_relabel(app, session):
    assert refusal([Claim("静音", (a_point(), a_point(aspect="label", verdict="same")))], [1], NAMES) is None


def test_a_reference_without_comparison_is_refused(app, session):
    assert "市售款 B" in str(refusal([Claim("静音", (a_point(),))], [1, 2], NAMES))


def test_better_without_evidence_does_not_count(app, session):
    assert "evidence" in str(refusal([Claim("静音", (a_point(evidence=False),))], [1], NAMES))


def test_only_worse_does_not_count(app, session):
    assert refusal([Claim("静音", (a_point(verdict="worse"),))], [1], NAMES) is not None
