"""Voices from files: every line is in, a duplicate, filler or refused; a second import changes nothing."""

import io
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError
from werkzeug.datastructures import FileStorage

from incubator.config import ROOT
from incubator.imports import jobs, kinds, service
from incubator.imports.models import ImportRefusal
from incubator.kernel import clock, files
from incubator.signals import queries
from incubator.signals.models import SignalSource, Topic, Voice, VoiceTopic
from incubator.signals.queries import Filters
from tests.builders import an_actor, an_organisation

REAL = next((p for p in (ROOT.parent / "shared" / "realdata", ROOT.parent.parent / "shared" / "realdata") if p.is_dir()), None)
HEAD = "text,score,said_on,product\n"


class Desk:
    def __init__(self, session):
        self.session, self.actor = session, an_actor(an_organisation("brand"))
        session.commit()

    def hand_in(self, data, preset="", name="voices.csv", **options):
        data = data.encode() if isinstance(data, str) else data
        given = {"source": "", "channel": "shop_review", "buyer_kind": "consumer", **options}
        stored = files.keep(data, name, "text/csv", self.actor, clock.now(), kind="import")
        made = service.keep(kinds.find("signals.voices"), stored, self.actor, clock.now(), preset=preset, options=given)
        self.session.commit()
        return made

    def bring(self, data, preset="", **more):
        """What became of the lines that have an outcome."""
        made = jobs.check_now(self.hand_in(data, preset, **more).id, self.actor, lambda *_: None)
        assert made.status == "checked", made.status
        service.ask_to_apply(made, self.actor, clock.now(), queue=False)
        self.session.commit()
        made = jobs.apply_now(made.id, self.actor, clock.now(), lambda *_: None)
        assert made.is_balanced
        return {name: number for name, number in made.counts.items() if number}


@pytest.fixture
def desk(session):
    return Desk(session)


def test_lines_become_voices_with_topics(desk, session):
    counts = desk.bring(HEAD + "噪音太大，坐久了腰酸,1,2026/3/5 10:00,椅\nVery noisy fan,2,2026-04-01,fan\n很好,5,,\n")
    assert counts == {"read": 3, "new": 3}
    noisy, fan, fine = session.scalars(select(Voice).order_by(Voice.id)).all()
    assert (noisy.text, noisy.score, noisy.mood, noisy.language, noisy.product, noisy.line) == (
        "噪音太大，坐久了腰酸",
        1,
        "bad",
        "zh",
        "椅",
        2,
    )
    assert (str(noisy.said_on), fan.language, fine.mood, fine.said_on) == ("2026-03-05", "en", "good", None)
    heard = session.execute(select(VoiceTopic.voice_id, Topic.code, VoiceTopic.month, VoiceTopic.mood).join(Topic)).all()
    assert {(noisy.id, "noise", "2026-03", "bad"), (noisy.id, "comfort", "2026-03", "bad"), (fan.id, "noise", "2026-04", "bad")} <= set(
        map(tuple, heard)
    )
    assert session.scalars(select(SignalSource.name)).all() == ["voices.csv"]


def test_duplicates_filler_and_refusals_are_told_apart(desk, session):
    lines = [
        "吵,1,2026-03-05,椅",
        "吵,1,2026-03-05,椅",
        "此用户未填写评价内容,5,2026-03-05,椅",
        "吵,9,2026-03-05,椅",
        ",1,,椅",
        "吵,1,2999-01-01,椅",
        "吵,1,gestern,椅",
    ]
    assert desk.bring(HEAD + "\n".join(lines) + "\n") == {"read": 7, "new": 1, "duplicates": 1, "filler": 1, "refused": 4}
    refused = session.scalars(select(ImportRefusal).order_by(ImportRefusal.line)).all()
    assert [(r.line, r.column, r.value) for r in refused] == [
        (5, "Score", "9"),
        (6, "Text", ""),
        (7, "Said on", "2999-01-01"),
        (8, "Said on", "gestern"),
    ]


def test_a_second_import_changes_nothing(desk, session):
    data = HEAD + "吵,1,2026-03-05,椅\n吵,1,2026-03-05,椅\n好,5,2026-03-06,椅\n"
    desk.bring(data)
    before = session.scalar(select(func.count(VoiceTopic.id)))
    assert desk.bring(data) == {"read": 3, "unchanged": 2, "duplicates": 1}
    assert session.scalar(select(func.count(Voice.id))) == 2 and session.scalar(select(func.count(VoiceTopic.id))) == before


def test_the_same_words_from_another_source_or_day_are_another_voice(desk, session):
    desk.bring(HEAD + "吵,1,2026-03-05,椅\n")
    assert desk.bring(HEAD + "吵,1,2026-03-06,椅\n") == {"read": 1, "new": 1}
    assert desk.bring(HEAD + "吵,1,2026-03-05,椅\n", source="小红书") == {"read": 1, "new": 1}
    other = Desk(session)
    assert other.bring(HEAD + "吵,1,2026-03-05,椅\n") == {"read": 1, "new": 1}


def test_a_file_in_gb18030_with_its_own_headings_and_words(desk, session):
    data = "评论内容,打分,评论时间,人群\n声音很大,1星,2021年8月21日,主播\n".encode("gb18030")
    desk.bring(data, channel="live_room")
    voice = session.scalar(select(Voice))
    assert (voice.text, voice.score, voice.channel, voice.buyer_kind) == ("声音很大", 1, "live_room", "live_streamer")


@pytest.mark.parametrize("statement", ["UPDATE voice SET text = 'x'", "DELETE FROM voice"])
def test_case_46_nothing_changes_or_removes_a_voice(desk, session, statement):
    desk.bring(HEAD + "吵,1,2026-03-05,椅\n")
    with pytest.raises(DatabaseError, match="append-only"):
        session.execute(text(statement))
    session.rollback()


def test_case_23_and_26_words_stay_as_they_were_said(desk, session):
    said = "=cmd|' /C calc'!A0 {{7*7}} %(x)s <script>alert(1)</script>"
    desk.bring(HEAD + f'"{said}",1,,\n')
    assert session.scalar(select(Voice.text)) == said


def test_an_upload_is_checked_for_its_maker_alone(desk, app, session):
    made = service.start(
        kinds.find("signals.voices"), FileStorage(io.BytesIO(HEAD.encode()), "v.csv"), desk.actor, clock.now(),
        options={"source": "", "channel": "shop_review", "buyer_kind": "consumer"},
    )  # fmt: skip
    assert made.status == "checking"


REAL_SETS = {
    "cn_reviews": ("cn_reviews/reviews.csv", 43_851),
    "cn_jd_reviews": ("cn_jd_reviews/jd_comments_gb18030.csv", 7_252),
    "en_reviews": ("en_reviews/amazon_vfl_reviews.csv", 2_782),
}


@pytest.mark.skipif(REAL is None, reason="the folder of real reviews is not beside the project")
@pytest.mark.parametrize("preset", REAL_SETS)
def test_real_reviews_reconcile_to_the_line_and_twice_is_once(desk, session, preset):
    name, lines = REAL_SETS[preset]
    data = (Path(REAL) / name).read_bytes()
    first = desk.bring(data, preset)
    assert first["read"] == lines == sum(n for outcome, n in first.items() if outcome != "read")
    assert session.scalar(select(func.count(Voice.id))) == first["new"]
    again = desk.bring(data, preset)
    assert again.pop("unchanged") == first.pop("new") and again == first
    expected = {
        "cn_reviews": {"duplicates": 1},
        "cn_jd_reviews": {"filler": 1796, "duplicates": 1262},
        "en_reviews": {"refused": 6, "duplicates": 1388},
    }
    assert {n: c for n, c in first.items() if n != "read"} == expected[preset]
    if preset != "cn_reviews":
        assert session.scalar(select(func.count(Voice.id)).where(Voice.said_on.is_(None))) == 0


def test_twenty_thousand_voices_list_filter_and_search_fast(desk, session):
    rows = (
        f"第 {n} 个人说：{'噪音大' if n % 3 else '很舒服'}{'，腰酸' if n % 50 == 0 else ''},{n % 5 + 1},2026-0{n % 9 + 1}-01,椅"
        for n in range(20_000)
    )
    started = time.perf_counter()
    desk.bring(HEAD + "\n".join(rows) + "\n")
    assert time.perf_counter() - started < 30
    topic = session.scalar(select(Topic.id).where(Topic.code == "noise"))
    for filters in (
        Filters(),
        Filters(mood="bad"),
        Filters(topic=(topic,)),
        Filters(q="第 19998 个"),
        Filters(q="腰酸"),
        Filters(month="2026-05"),
    ):
        started = time.perf_counter()
        page = queries.listing(desk.actor, filters, None)
        following = queries.listing(desk.actor, filters, page.next) if page.next else page
        assert time.perf_counter() - started < 1.0, filters
        assert page.rows and (not page.next or {r.id for r in page.rows}.isdisjoint(r.id for r in following.rows))
