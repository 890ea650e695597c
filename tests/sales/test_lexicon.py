"""A brand's own words: they win, also over the past, and only for that brand; what nothing fits is listed with its frequency."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from incubator.kernel import access, clock
from incubator.kernel.errors import Invalid, NotFound
from incubator.sales import jobs, lake, lexicon_service, rereading, service, topics
from incubator.sales.lexicon_models import BrandLexicon, HeardText, LexiconWord
from incubator.sales.models import SkuWeekReason, StaleWeek
from tests.sales.desk import HEAD, Desk, a_sku, line
from tests.sales.test_weeks import MONDAY


class Run:
    def progress(self, *_): ...


def rolled(desk, session):
    while service.roll_up(desk.brand.id):
        session.commit()


def reread(desk, session):
    told = []
    for changed in rereading.reread(desk.brand.id, clock.now()):
        session.commit()
        told.append(changed)
    return told[-1]


def reasons(session, brand_id):
    query = select(SkuWeekReason.reason, SkuWeekReason.topic, func.sum(SkuWeekReason.units)).where(SkuWeekReason.brand_id == brand_id)
    return {row[:2]: int(row[2]) for row in session.execute(query.group_by(SkuWeekReason.reason, SkuWeekReason.topic))}


def returned(*texts, week=MONDAY):
    return HEAD + "".join(line(f"r{n}", "K-1", -1, week + timedelta(days=n % 7), reason=text) for n, text in enumerate(texts))


def test_own_words_hold_for_the_past_and_for_what_comes(session):
    desk, rival = Desk(), Desk()
    for each in (desk, rival):
        a_sku(each.product, "K-1")
        each.hand_in(returned("小蓝帽咕噜", "小蓝帽咕噜", "拉链坏了", "", week=MONDAY))
        rolled(each, session)
    before = {("other", ""): 2, ("quality", "zip"): 1, ("unstated", ""): 1}
    assert reasons(session, desk.brand.id) == before
    lexicon_service.add_word("小蓝帽", "quality", "container", desk.actor, clock.now())
    session.commit()
    assert lexicon_service.edition(desk.brand.id) == "0.0" and set(lexicon_service.unread_brands()) == {desk.brand.id, rival.brand.id}
    assert jobs.reread(Run(), clock.now())["texts"] == 1 and lexicon_service.unread_brands() == []
    assert lexicon_service.edition(desk.brand.id) == f"{topics.VERSION}.1"
    rolled(desk, session)
    assert reasons(session, desk.brand.id) == {("quality", "container"): 2, ("quality", "zip"): 1, ("unstated", ""): 1}
    assert reasons(session, rival.brand.id) == before
    desk.hand_in(returned("小蓝帽又咕噜", week=MONDAY + timedelta(days=14)))
    rolled(desk, session)
    assert reasons(session, desk.brand.id)["quality", "container"] == 3


def test_a_word_taken_back_gives_the_past_back(session):
    desk = Desk()
    a_sku(desk.product, "K-1")
    word = lexicon_service.add_word("拉链", "changed_mind", "", desk.actor, clock.now())
    session.commit()
    desk.hand_in(returned("拉链坏了"))
    rolled(desk, session)
    assert reasons(session, desk.brand.id) == {("changed_mind", ""): 1}
    lexicon_service.remove_word(word, desk.actor, clock.now())
    session.commit()
    assert reread(desk, session) == 1
    version = lake.version()
    rolled(desk, session)
    assert reasons(session, desk.brand.id) == {("quality", "zip"): 1}
    assert reread(desk, session) == 0 and lake.version() == version


def test_a_rereading_that_was_cut_off_after_the_lines_still_marks_their_weeks(session, monkeypatch):
    desk = Desk()
    a_sku(desk.product, "K-1")
    desk.hand_in(returned("小蓝帽"))
    rolled(desk, session)
    lexicon_service.add_word("小蓝帽", "quality", "", desk.actor, clock.now())
    session.commit()
    with monkeypatch.context() as cut:
        cut.setattr(rereading.service, "mark", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            reread(desk, session)
    session.rollback()
    assert session.scalars(select(BrandLexicon.pending)).one() == [MONDAY.isoformat()] and not session.scalars(select(StaleWeek)).all()
    assert reread(desk, session) == 0
    rolled(desk, session)
    assert reasons(session, desk.brand.id) == {("quality", ""): 1} and session.scalars(select(BrandLexicon.pending)).one() == []


def test_what_nothing_fits_is_listed_and_adds_up(session, monkeypatch):
    monkeypatch.setattr("incubator.sales.touched.OTHERS", 2)
    desk = Desk()
    a_sku(desk.product, "K-1")
    desk.hand_in(returned(*(["blurb"] * 5 + ["zonk"] * 3 + ["quax", "frob"] + ["拉链坏了"] * 2)))
    rolled(desk, session)
    texts = {text: units for text, units in session.execute(select(HeardText.text, HeardText.units).where(HeardText.reason == "other"))}
    assert sum(texts.values()) == reasons(session, desk.brand.id)["other", ""] == 10
    assert session.scalars(select(HeardText.text).where(HeardText.topic == "zip")).all() == ["拉链坏了"]
    service.mark(desk.brand.id, [MONDAY], clock.now())
    rolled(desk, session)
    assert sum(session.scalars(select(HeardText.units).where(HeardText.reason == "other"))) == 10


@pytest.mark.parametrize(("fragment", "reason", "topic"), [("  ", "quality", ""), ("“”", "quality", ""), ("x", "nonsense", ""), ("x", "unstated", ""), ("x", "quality", "nonsense")])  # fmt: skip
def test_a_word_says_something_known(session, fragment, reason, topic):
    desk = Desk()
    with pytest.raises(Invalid):
        lexicon_service.add_word(fragment, reason, topic, desk.actor, clock.now())


def test_a_word_has_one_meaning_and_belongs_to_its_brand(session):
    desk, rival = Desk(), Desk()
    word = lexicon_service.add_word("Blurb", "quality", "", desk.actor, clock.now())
    lexicon_service.add_word("blurb", "size", "size", rival.actor, clock.now())
    with pytest.raises(Invalid):
        lexicon_service.add_word("BLURB", "size", "", desk.actor, clock.now())
    with pytest.raises(NotFound):
        access.get_visible(LexiconWord, word.id, rival.actor)
