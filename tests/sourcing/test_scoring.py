"""Technical points: weighted, averaged, and what is missing."""

from incubator.sourcing import scoring
from incubator.sourcing.scoring import Sheet

WEIGHTS = {1: 60, 2: 40}


def test_points_are_weighted_and_averaged():
    sheets = [Sheet(7, 1, {1: 5, 2: 0}), Sheet(7, 2, {1: 3, 2: 5}), Sheet(8, 1, {1: 0, 2: 0})]
    assert scoring.points(sheets, WEIGHTS) == {7: 68, 8: 0}
    assert scoring.by_criterion(sheets, WEIGHTS) == {7: {1: 4.0, 2: 2.5}, 8: {1: 0.0, 2: 0.0}}
    assert scoring.points([Sheet(1, 1, {1: 5, 2: 5})], {1: 1, 2: 1}) == {1: 100}


def test_a_sheet_without_every_criterion_is_missing():
    sheets = [Sheet(7, 1, {1: 5, 2: 0}), Sheet(7, 2, {1: 3}), Sheet(8, 1, {1: 1, 2: 1})]
    assert scoring.missing(sheets, [7, 8], [1, 2], WEIGHTS) == [(7, 2), (8, 2)]
    assert scoring.missing([], [], [1], WEIGHTS) == []
