"""The pure parts: Wilson intervals against published values, verdicts, suggestions, what of a grade is told, bars, requirements."""

from datetime import date

import pytest

from incubator.feedback import comparing, drawing, finding_evidence, rates, suggesting, touching, words

BACKENDS = ("sqlite",)


# Published: Newcombe, Statistics in Medicine 17 (1998), table I, method 3 (score without continuity correction).
@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718), (20, 20, 0.8389, 1.0)],
)
def test_wilson_gives_the_published_intervals(hits, total, low, high):
    assert rates.wilson(hits, total) == pytest.approx((low, high), abs=6e-5)


@pytest.mark.parametrize(("hits", "total"), [(3, 2), (-1, 5), (0, 0)])
def test_no_share_is_refused(hits, total):
    with pytest.raises(ValueError, match="no share"):
        rates.wilson(hits, total)


def test_a_rate_counts_known_weeks_only_and_is_silent_below_twenty():
    assert rates.rate([None, 10, 9], [None, 1, 1]) is None
    found = rates.rate([None, 10, 10], [5, 1, 1])
    assert (found.sold, found.returned, found.weeks, found.rate) == (20, 2, 2, 0.1)


def test_more_can_come_back_than_was_sold():
    assert rates.rate([30, 0], [0, 40]).rate == 1.0


def a_finding(reason="smell", **values):
    """As a section holds it."""
    return {
        "reason": reason,
        "topic": "",
        "ratio": 2.3,
        "low": 1.6,
        "high": 3.2,
        "against": "own",
        "since": "2026-08-03",
        "lot": "L17",
        **values,
    }


def evidence(**values):
    known = {
        "grade": "strong",
        "pace": 61.0,
        "sold": 488,
        "rate": rates.rate([488], [10]),
    }
    return suggesting.Evidence(**{**known, **values})


@pytest.mark.parametrize(
    ("values", "choice", "why"),
    [
        ({}, "reorder", "sells"),
        ({"grade": "hit"}, "reorder", "sells"),
        ({"grade": "flat"}, "carry_on", "steady"),
        ({"rate": rates.rate([488], [40])}, "carry_on", "steady"),
        ({"stale_weeks": 8}, "stop", "stale"),
        ({"stale_weeks": 8, "is_stopped": True}, "carry_on", "stopped"),
        ({"stale_weeks": 7}, "reorder", "sells"),
        ({"is_stopped": True}, "reorder", "sells"),
        ({"sold": 19, "rate": None}, None, "too_few"),
        ({"findings": [a_finding()]}, "fix", "finding"),
        ({"findings": [a_finding("changed_mind"), a_finding("quality")]}, "fix", "finding"),
        ({"findings": [a_finding("")]}, "fix", "finding"),
        ({"findings": [a_finding("changed_mind")]}, "reorder", "sells"),
        ({"findings": [a_finding()], "sold": 19}, None, "too_few"),
        ({"findings": [a_finding()], "stale_weeks": 8}, "stop", "stale"),
    ],
)
def test_the_first_rule_that_holds_suggests(values, choice, why):
    found = suggesting.suggest(evidence(**values))
    assert (found.choice, found.why) == (choice, why)


def test_a_reorder_is_four_weeks_at_the_pace_in_tens():
    assert suggesting.suggest(evidence(pace=61.0)).params["quantity"] == 250
    assert suggesting.day_for("reorder", date(2026, 11, 1)) == date(2026, 11, 22)
    assert suggesting.day_for("carry_on", date(2026, 11, 1)) is None


READY = date(2026, 12, 24)


@pytest.mark.parametrize(
    ("values", "choice", "why"),
    [
        ({"grade": "flat", "order": suggesting.Order(480, READY)}, "reorder", "due"),
        ({"grade": None, "order": suggesting.Order(480, READY)}, "reorder", "due"),
        ({"grade": "stale", "order": suggesting.Order(480, READY)}, "carry_on", "steady"),
        ({"grade": "hit", "order": suggesting.Order()}, "carry_on", "steady"),
        ({"order": suggesting.Order(480, READY), "rate": rates.rate([488], [40])}, "carry_on", "steady"),
        ({"order": suggesting.Order(480, READY), "sold": 19}, None, "too_few"),
    ],
)
def test_where_the_stock_is_known_the_proposal_decides(values, choice, why):
    found = suggesting.suggest(evidence(**values))
    assert (found.choice, found.why) == (choice, why)
    if why == "due":
        assert found.params == {"quantity": 480, "on": "2026-12-24", "rate": 2.0}


def test_the_day_of_a_proposal_is_proposed_unless_it_has_passed():
    told = suggesting.suggest(evidence(order=suggesting.Order(480, READY))).as_json()
    assert suggesting.day_of(told, date(2026, 12, 1)) == READY
    assert suggesting.day_of(told, READY) == suggesting.day_for("reorder", READY)
    assert suggesting.day_of(suggesting.Suggestion(None, "too_few").as_json(), READY) is None


def test_the_sentence_of_a_proposal_names_quantity_and_day(app):
    told = suggesting.suggest(evidence(order=suggesting.Order(480, READY))).as_json()
    with app.test_request_context():
        assert "480" in words.why(told) and "2026" in words.why(told) and "2.0%" in words.why(told)


FIGURES = {
    "grade": "hit",
    "pace": 90.0,
    "against": "plan",
    "base": 50.0,
    "index": 1.8,
    "weeks": 8,
    "held_back": False,
    "base_return_rate": 0.03,
}


def test_a_grade_against_the_own_plan_is_told():
    grade, said = comparing.told(FIGURES, all_own=True, other_factories=0)
    assert (grade, said["base"], "base_return_rate" in said) == ("hit", 50.0, False)


def test_a_hit_held_back_by_its_peers_is_told_as_a_hit():
    assert comparing.told({**FIGURES, "grade": "strong", "held_back": True}, all_own=True, other_factories=9)[0] == "hit"


@pytest.mark.parametrize(("factories", "told"), [(0, None), (4, None), (5, "hit")])
def test_a_median_is_told_from_five_other_factories_on(factories, told):
    grade, said = comparing.told({**FIGURES, "against": "category"}, all_own=True, other_factories=factories)
    assert grade == told
    assert ("base" in said) is ("index" in said) is (told is not None)


@pytest.mark.parametrize(("factories", "told", "base", "index"), [(4, "strong", 80.0, 1.125), (5, "hit", 50.0, 1.8)])
def test_plan_and_median_are_told_like_a_median_or_like_the_plan_alone(factories, told, base, index):
    both = {**FIGURES, "against": "both", "plan": 80, "by_plan": "strong", "median": 31.25}
    grade, said = comparing.told(both, all_own=True, other_factories=factories)
    assert (grade, said["base"], said["index"]) == (told, base, index)
    assert "31.25" not in str(said), "the median itself is never told"


def test_nothing_of_a_grade_that_rests_on_another_makers_weeks():
    assert comparing.told(FIGURES, all_own=False, other_factories=9) == (None, {"why": "two_makers"})
    assert comparing.told(None, all_own=True, other_factories=9)[0] is None
    assert comparing.told({**FIGURES, "grade": None}, all_own=True, other_factories=9)[1]["why"] == "too_early"


DUVET = ("水洗 10 次跑绒量", "水洗尺寸变化率", "气味等级", "色差 ΔE", "包装")
CHAIR = ("座高行程", "腰托支撑力", "扶手晃动量", "气杆循环寿命", "网布色差 ΔE", "坐垫回弹率", "包装")
JACKET = ("拉链往复次数", "接缝滑移", "耐摩擦色牢度", "起毛起球等级", "甲醛含量", "成衣尺寸公差", "承重")
COOKER = ("额定功率", "噪音", "内胆涂层附着力", "盖子开合次数", "手柄温升", "装箱清单", "整箱跌落")
ENGLISH = (
    "Zip cycles",
    "Seam strength",
    "Colour fastness to rubbing",
    "Formaldehyde",
    "Drop test",
    "Seat height",
    "Load capacity",
    "Noise at 1 m",
)


@pytest.mark.parametrize(
    ("asked", "reason", "topic", "named"),
    [
        (DUVET, "quality", "fabric", ["水洗 10 次跑绒量"]), (DUVET, "quality", "shrinkage", ["水洗 10 次跑绒量", "水洗尺寸变化率"]),
        (DUVET, "quality", "zip", []), (DUVET, "quality", "", []), (DUVET, "smell", "", ["气味等级"]), (DUVET, "damaged", "impact", ["包装"]),
        (CHAIR, "quality", "wobble", ["扶手晃动量"]), (CHAIR, "quality", "colour", ["网布色差 ΔE"]), (CHAIR, "quality", "fabric", []),
        (CHAIR, "size", "size", ["座高行程"]), (CHAIR, "malfunction", "battery", []), (CHAIR, "", "", []),
        (JACKET, "quality", "zip", ["拉链往复次数"]), (JACKET, "quality", "stitching", ["接缝滑移"]), (JACKET, "quality", "colour", ["耐摩擦色牢度"]),
        (JACKET, "quality", "pilling", ["起毛起球等级"]), (JACKET, "smell", "smell", ["甲醛含量"]), (JACKET, "size", "", ["成衣尺寸公差"]),
        (JACKET, "damaged", "", []), (JACKET, "not_as_described", "", ["耐摩擦色牢度"]), (JACKET, "changed_mind", "", []),
        (COOKER, "malfunction", "power", ["额定功率"]), (COOKER, "performance", "noise", ["噪音"]), (COOKER, "quality", "surface", ["内胆涂层附着力"]),
        (COOKER, "quality", "container", ["盖子开合次数"]), (COOKER, "missing_part", "", ["装箱清单"]), (COOKER, "damaged", "", ["整箱跌落"]),
        (COOKER, "quality", "wheels", []), (ENGLISH, "quality", "zip", ["Zip cycles"]), (ENGLISH, "quality", "stitching", ["Seam strength"]),
        (ENGLISH, "quality", "colour", ["Colour fastness to rubbing"]), (ENGLISH, "smell", "", ["Formaldehyde"]),
        (ENGLISH, "damaged", "impact", ["Drop test"]), (ENGLISH, "size", "", ["Seat height"]), (ENGLISH, "performance", "noise", ["Noise at 1 m"]),
        (ENGLISH, "damaged", "breakage", ["Drop test", "Load capacity"]),
    ],
)  # fmt: skip
def test_a_return_points_to_the_requirements_that_name_its_part_or_fault_and_to_no_other(asked, reason, topic, named):
    assert [name for name in asked if touching.touched(name, [(reason, topic)])] == named


def test_of_a_finding_the_requirement_that_names_the_fault_itself_comes_before_its_kin():
    lines = [{"attribute": name, "verdict": "pass"} for name in ("堆码承重", "包装", "整箱跌落高度", "气味等级")]
    found = finding_evidence._requirements(finding_evidence.Heard({}, {}, {7: lines}), 7, ("damaged", "impact"))
    assert [line["attribute"] for line in found] == ["整箱跌落高度", "堆码承重", "包装"]


def test_a_requirement_tells_each_reason_that_it_answers_for_once():
    causes = [("quality", "zip"), ("malfunction", "zip"), ("quality", "zip"), ("smell", "")]
    assert touching.touched("拉链寿命", causes) == ["quality", "malfunction"]


def test_bars_share_one_scale_and_leave_out_foreign_weeks():
    first, second, third = drawing.bars([None, 100, 1], [None, 10, 0])
    assert not first.known
    assert (second.sold, second.back) == (drawing.HEIGHT, drawing.HEIGHT / 10)
    assert third.sold >= 1.5
    assert third.back == 0


def test_before_and_after_share_one_scale():
    before, after = drawing.ranges([{"low": 0.1, "rate": 0.2, "high": 0.4}, {"low": 0.0, "rate": 0.05, "high": 0.1}])
    assert before.high == drawing.WIDTH - 4 and after.low == 4 and after.high == before.low
    assert before.y < after.y and drawing.ranges([]) == []
