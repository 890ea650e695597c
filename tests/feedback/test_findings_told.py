"""What of a finding a factory is told: its own counts, and of others only what five of them hide in."""

import pytest

from incubator.feedback import findings_told, rates
from incubator.feedback.findings_told import Known, told

BACKENDS = ("sqlite",)
OWN = [True] * 26


def known(kind="change", **values):
    """Ten weeks of five hundred orders with ten returns each, then sixteen with thirty."""
    base = {
        "finding_id": 4, "reason": "smell", "topic": "", "kind": kind, "orders": [500] * 26, "returned": [10] * 10 + [30] * 16,
        "first": 10 if kind == "change" else 13, "since": "2026-08-03" if kind == "change" else None, "lot": "L17", "ratio": 9.9, "low": 9.1,
        "high": 9.99, "voices": 14,
    }  # fmt: skip
    return Known(**(base | values))


def test_a_rise_is_told_in_its_own_counts_alone():
    entry = told(known(), OWN, 0, 1.0)
    assert entry["ratio"] == pytest.approx(480.5 / 8000 / (100.5 / 5000), abs=1e-3), "not the brand's 9.9"
    assert (entry["before"]["returned"], entry["before"]["sold"], entry["after"]["returned"]) == (100, 5000, 480)
    assert (entry["against"], entry["since"], entry["lot"], entry["factories"]) == ("own", "2026-08-03", "L17", None)
    assert not {"p", "q", "tested"} & set(entry) and "9.9" not in str(entry)


def test_weeks_of_another_maker_are_left_out():
    entry = told(known(orders=[400] * 5 + [500] * 21), [False] * 5 + [True] * 21, 0, 1.0)
    assert entry["before"]["sold"] == 2500 and entry["before"]["weeks"] == 5
    assert told(known(), [False] * 10 + [True] * 16, 9, 1.0) is None, "it made nothing before"
    assert told(known(), [True] * 10 + [False] * 16, 9, 1.0) is None, "the weeks since are not its own"


@pytest.mark.parametrize(("factories", "against"), [(4, "own"), (5, "peers")])
def test_peers_are_told_of_from_five_other_factories_on(factories, against):
    rising = known("level", returned=[10] * 13 + [30] * 13)
    entry = told(rising, OWN, factories, 1.0)
    assert entry["against"] == against
    assert (entry["ratio"] == 9.9) is (against == "peers") and (entry["factories"] is None) is (against == "own")


def test_a_steady_level_above_few_peers_is_not_told():
    """That it is above them would be all that is left, and would tell theirs."""
    assert told(known("level", returned=[30] * 26), OWN, 4, 1.0) is None
    assert told(known("level", returned=[30] * 26), OWN, 5, 1.0)["before"] is None
    assert told(known("level", returned=[30] * 26), [False] * 20 + [True] * 6, 9, 1.0) is None, "partly another maker's"


def test_what_its_own_weeks_do_not_show_is_not_told():
    assert told(known(returned=[3] * 26), OWN, 0, 1.0) is None


def an_entry(reason, topic, returned, ratio=2.0):
    return {"id": 1, "reason": reason, "topic": topic, "ratio": ratio, "after": {"returned": returned}}


@pytest.mark.parametrize(
    ("entries", "told_of"),
    [
        ([("", "", 100), ("quality", "", 60), ("quality", "zip", 40)], [("quality", "zip")]),
        ([("", "", 100), ("quality", "", 60), ("quality", "zip", 20)], [("quality", ""), ("quality", "zip")]),
        ([("", "", 100), ("smell", "", 30)], [("", ""), ("smell", "")]),
        ([("", "", 100), ("smell", "", 30), ("size", "", 40)], [("size", ""), ("smell", "")]),
        ([("", "", 12)], [("", "")]),
    ],
)
def test_the_finest_cause_is_told_that_makes_up_half(entries, told_of):
    found = findings_told.most_telling([an_entry(*entry) for entry in entries])
    assert [(e["reason"], e["topic"]) for e in found] == told_of


def test_a_rate_drawn_towards_others_says_how_many_they_are():
    returns = {"orders": 400, "returned": 20, "weeks": 8, "rate": 0.041, "low": 0.03, "high": 0.06}
    assert rates.drawn(returns, 6).factories == 6
    assert rates.drawn({**returns, "orders": 19}, 6) is None and rates.drawn(None, 6) is None
