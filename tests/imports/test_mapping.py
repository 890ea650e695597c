"""Headings: guessed in both languages, from a preset, or as they were read last time."""

import pytest
from flask_babel import force_locale

from incubator.imports import kinds, mapping
from incubator.imports.kinds import Column, Kind, Preset
from tests.imports.desk import WORDS, apply, read

BACKENDS = ("sqlite",)


@pytest.fixture(autouse=True)
def request_context(app):
    with app.test_request_context():
        yield


@pytest.mark.parametrize("headings", [["word", "size"], ["WORD ", "Size"], ["词语", "大小"], [" s_i-z:e", "Word（）"]])
def test_headings_are_known_by_name_label_and_other_names(headings):
    guess = mapping.guess(WORDS, headings)
    assert guess.is_complete and set(guess.mapping) == {"word", "size"}


def test_labels_are_known_in_both_languages():
    briefs = kinds.find("briefs")
    for locale in ("zh", "en"):
        with force_locale(locale):
            headings = [str(column.label) for column in briefs.columns]
        guess = mapping.guess(briefs, headings)
        assert guess.is_complete and list(guess.mapping) == [column.name for column in briefs.columns]


def test_what_nobody_knows_and_what_is_missing_is_said():
    guess = mapping.guess(WORDS, ["word", "word (2)", "colour", "#4"])
    assert (guess.mapping, guess.unknown, guess.missing) == ({"word": "word"}, ["word (2)", "colour"], ["size"])


def test_equal_and_blank_headings_become_distinct():
    assert mapping.distinct(["价格", "价格", "", "价格"]) == ["价格", "价格 (2)", "#3", "价格 (3)"]


def test_a_signature_is_of_the_headings_in_any_order():
    assert mapping.signature(["A ", "b"]) == mapping.signature(["B", "a"]) != mapping.signature(["a", "c"])


def test_a_preset_says_what_is_what_and_what_is_left_out():
    [shop] = WORDS.presets
    guess = mapping.guess(WORDS, ["w", "s", "junk", "more"], shop)
    assert guess.is_complete and guess.mapping == {"word": "w", "size": "s"}
    assert mapping.fitting_preset(WORDS, ["junk", "S", "w", "x"]) is shop
    assert mapping.fitting_preset(WORDS, ["word", "size"]) is None


def test_what_was_remembered_counts_while_its_headings_are_there():
    guess = mapping.guess(WORDS, ["a", "b"], None, {"word": "a", "size": "gone"})
    assert (guess.mapping, guess.unknown, guess.missing) == ({"word": "a"}, [], ["size"])


def test_a_kind_whose_preset_names_a_strange_column_is_refused():
    with pytest.raises(ValueError, match="colour"):
        kinds.register([Kind("bad", "?", "brief.create", (Column("word", "Word"),), read, apply, (Preset("p", "?", {"x": "colour"}),))])
