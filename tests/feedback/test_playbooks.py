"""Playbooks: only what was proven, without a name of anybody, used and counted; and nobody else reads whose it was."""

import unicodedata
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from incubator.accounts.models import Notification
from incubator.feedback import action_service, anonymity, answer_service, jobs, playbook_queries, playbook_service, playbooks, service
from incubator.feedback.anonymity import Known
from incubator.feedback.han_forms import SIMPLIFIED
from incubator.feedback.models import FeedbackAction
from incubator.feedback.playbook_models import Playbook, PlaybookUse
from incubator.kernel import clock, workflow
from incubator.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from tests import builders
from tests.builders import counted, sign_in
from tests.feedback.builders import WEEK, Desk
from tests.feedback.test_ledger import improved, the_fix
from tests.feedback.test_packs import Run

TEXT = {
    "title": "换硅胶密封圈去味", "problem": "打开有塑料味，尤其夏天。", "reason": "smell", "topic": "密封圈",
    "what": "垫圈换食品级硅胶，注塑后 60℃ 烘 8 小时，每批留样评级。", "effort": "每件加 0.12 元", "days": 9,
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "name", "words", "stands"),
    [
        ("organisation", "安吉竹溪座椅制造有限公司", "竹溪座椅做的", False),
        ("organisation", "安吉竹溪座椅制造有限公司", "安吉竹溪 的做法", True),
        ("organisation", "竹溪座椅", "竹 溪-座椅做的", True),
        ("organisation", "Warm River Electric Co., Ltd.", "as Warm River Electric did", True),
        ("organisation", "Tea", "steam at 120 degrees", False),
        ("organisation", "Tea", "made for TEA, twice", True),
        ("code", "CABLE-01", "用在 cable_01 上", True),
        ("code", "CABLE-01", "cable 011 metres", True),
        ("code", "A1", "A1 steel", True),
        ("person", "陈国强", "问陈国强", True),
        ("product", "磁吸理线盒", "理线盒", False),
        ("lot", "L-7", "from lot L-7 on", True),
        ("code", "ＣＡＢＬＥ－０１", "CABLE-01", True),
    ],
)
def test_names_stand_however_they_are_spaced_and_words_that_only_look_alike_do_not(kind, name, words, stands):
    assert bool(anonymity.standing({"what": words}, [Known(kind, name)])) is stands


@pytest.mark.parametrize(
    ("kind", "name", "words"),
    [
        ("organisation", "绍兴柯桥云织家纺有限公司", "紹興柯橋雲織家紡有限公司做的"), ("organisation", "云织家纺", "雲織 家紡"), ("organisation", "雲織家紡", "云织家纺"),
        ("person", "陈国强", "問陳國強"), ("person", "张丽华", "張麗華說"), ("product", "磁吸理线盒", "磁吸理線盒用"), ("organisation", "余杭选品中心", "餘杭選品中心"),
        ("lot", "L-17", "从 L一七 批起"), ("lot", "L17", "L十七"), ("lot", "L-20", "L 二十"), ("code", "DUVET-02", "duvet零贰"), ("code", "A3", "A叁 号"),
        ("organisation", "三一重工", "31 重工"), ("code", "BOX60-01", "box陆〇零壹"), ("code", "CABLE-01", "ᴄᴀʙʟᴇ-01"), ("code", "CABLE-01", "ⅽɑƅlе-٠١"),
        ("code", "CABLE-01", "🅒🅐🅑🅛🅔 01"), ("code", "CABLE-01", "🇨🇦🇧🇱🇪-01"), ("code", "CABLE-01", "𝒞𝒜ℬℒℰ-𝟎𝟏"), ("code", "CABLE-01", "c\u200ba\u0301b\u00adle-01"),
        ("organisation", "Warm River", "ｗａｒｍ ｒｉｖｅｒ"), ("organisation", "Warm River", "wаrm rіvеr"), ("organisation", "Warm River", "wɑrm rıver"),
        ("person", "Ingrid Olsen", "ɪɴɢʀɪᴅ øʟsᴇɴ"), ("person", "Ingrid Olsen", "ing\u202erid olsen"), ("person", "马云飞", "问⻢云⻜"), ("person", "黄龙", "⻩⻰"), ("organisation", "二十一号仓", "贰拾壹号仓 的做法"),
        ("organisation", "二十一号仓", "廿一号仓"), ("lot", "L-21", "L〢〡"), ("organisation", "云栖家具", "雲棲傢具"), ("code", "CABLE-01", "C̶A̶B̶L̶E̶-̶0̶1̶"),
        ("code", "CABLE-01", "C⃝A⃝B⃝L⃝E⃝-0⃝1⃝"),
    ],
)  # fmt: skip
def test_no_way_of_writing_hides_a_name(kind, name, words):
    assert anonymity.standing({"what": words}, [Known(kind, name)])


@pytest.mark.parametrize(
    ("kind", "name", "words"),
    [
        ("person", "三一", "做 31 件"), ("organisation", "Tea", "sᴛᴇam"), ("lot", "L-17", "L 一百七十"), ("person", "陈国强", "張國強"), ("code", "A3", "十三 天"),
        ("person", "张丽", "弓长丽"),
    ],
)  # fmt: skip
def test_what_is_another_name_or_beyond_what_can_be_seen_does_not_stand(kind, name, words):
    assert anonymity.standing({"what": words}, [Known(kind, name)]) == []


def test_the_table_of_characters_is_what_its_page_says():
    assert len(SIMPLIFIED) == 1394 and not set(SIMPLIFIED) & set(SIMPLIFIED.values())
    assert all(chr(a) != chr(b) and unicodedata.normalize("NFKC", chr(a)) == chr(a) for a, b in SIMPLIFIED.items())


@pytest.mark.parametrize(
    ("words", "stands"),
    [
        ("电话 一三八零零零零一二三四", True), ("電話 １３８　００００　１２３４", True), ("ᴡᴡᴡ.zhuxi.example/a", True), ("电话 ١٣٨٠٠٠٠١٢٣٤", True), ("电话 1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣", True), ("1̶3̶8̶0̶0̶1̶3̶8̶0̶0̶0̶", True), ("加微 信：chen8888", True),
        ("vx chen8888", True), ("薇信 chen8888", True), ("WX-400 型", False), ("威信很高", False), ("เปิด 5000 ครั้ง", False),
        ("微信 ｃｈｅｎ＿８８８８", True), ("一二三四五六七个", False), ("写信给 chen@zhuxi.example", True), ("看 https://zhuxi.example/a", True), ("电话 138 0000 1234", True), ("+86 571 8888 9999", True),
        ("91330523MA2B4X5Y6T", True), ("做 5000 次开合，120 kg", False), ("60℃ 烘 8 小时，2026 年起", False), ("0.12 元/件", False),
    ],
)  # fmt: skip
def test_addresses_and_numbers_that_tell_who_are_found(words, stands):
    assert bool(anonymity.standing({"what": words}, [])) is stands


@pytest.mark.parametrize(
    ("units", "named"), [([1, 2], "few"), ([20], "some"), ([None, 100], "many"), ([900], "very_many"), ([], "few"), ([None], "few")]
)
def test_volume_is_a_class(units, named):
    assert playbooks.volume(units) == named


def proposed(session, desk, actor=None, **more):
    improved(session, desk)
    return playbook_service.propose(the_fix(session), TEXT | more, actor or desk.maker_actor, clock.now())


def published(session, desk, **more):
    book = proposed(session, desk, **more)
    playbook_service.publish(book, desk.actor, clock.now())
    return book


def test_only_an_improvement_becomes_a_playbook_and_only_once(session):
    desk = Desk()
    book = proposed(session, desk)
    assert (book.state, book.evidence["verdict"], book.evidence["volume"], book.category) == ("proposed", "improved", "some", "家具")
    assert "480" not in str(book.evidence) and "2026" not in str(book.evidence), "neither counts nor dates"
    with pytest.raises(Refused):
        playbook_service.propose(the_fix(session), TEXT, desk.actor, clock.now())
    reorder = session.scalars(select(FeedbackAction).where(FeedbackAction.kind == "reorder")).one()
    with pytest.raises(Refused):
        playbook_service.propose(reorder, TEXT, desk.actor, clock.now())


def test_the_evidence_stays_as_it_was(session):
    book = published(session, Desk())
    frozen = dict(book.evidence)
    assert jobs.measure(Run(), clock.now()) == {"measured": 0, "closed": 0}
    assert book.evidence == frozen


def test_it_is_not_published_while_a_name_stands_in_it(session):
    desk = Desk()
    desk.bad.name_zh = "香味收纳盒"
    book = proposed(
        session, desk, what=f"{desk.factory.short_name}把 BAD-1 的密封圈换了，{desk.maker.name} 盯的", problem=desk.product.name
    )
    with pytest.raises(Invalid) as refused:
        playbook_service.publish(book, desk.actor, clock.now())
    said = str([str(m) for m in refused.value.fields["names"]])
    assert all(name in said for name in (desk.factory.short_name, "BAD-1", desk.maker.name, desk.product.name))
    assert book.state == "proposed"
    playbook_service.edit(book, TEXT, desk.maker_actor, clock.now(), book.version)
    playbook_service.publish(book, desk.actor, clock.now())
    assert book.state == "published"


def test_the_factory_proposes_the_brand_publishes_and_nothing_changes_after(session):
    desk = Desk()
    book = proposed(session, desk)
    with pytest.raises(Forbidden):
        playbook_service.publish(book, desk.maker_actor, clock.now())
    with pytest.raises(Conflict):
        playbook_service.edit(book, TEXT, desk.actor, clock.now(), book.version + 5)
    playbook_service.publish(book, desk.actor, clock.now())
    told = {n.user_id: (n.text, n.url) for n in session.scalars(select(Notification).where(Notification.text.like("playbook.%")))}
    here = f"/playbooks/{book.id}"
    assert told == {desk.user.id: ("playbook.propose", here), desk.maker.id: ("playbook.publish", here)}, "each side of what the other did"
    for actor in (desk.actor, desk.maker_actor):
        with pytest.raises(Forbidden):
            playbook_service.edit(book, TEXT, actor, clock.now())
    with pytest.raises(Forbidden):
        workflow.fire(book, "withdraw", desk.maker_actor, note="x")
    with pytest.raises(Invalid):
        workflow.fire(book, "withdraw", desk.actor)
    workflow.fire(book, "withdraw", desk.actor, note="材料停产")
    assert book.state == "withdrawn"


def test_others_read_the_words_and_never_whose_they_are(session, client):
    desk = Desk()
    book = published(session, desk)
    secret = [
        desk.factory.name,
        desk.factory.short_name,
        desk.brand.name,
        "源选",
        "BAD-1",
        desk.product.name,
        desk.maker.name,
        "L-7",
        f"/feedback/actions/{book.action_id}",
    ]
    session.commit()
    for person in (desk.rival_user, builders.a_person(builders.an_organisation("brand", None))):
        sign_in(client, person)
        body = client.get(f"/playbooks/{book.id}").text
        assert "换硅胶密封圈去味" in body and "食品级硅胶" in body
        assert not [s for s in secret if s in body], person.name
        assert not [s for s in secret if s in client.get("/playbooks").text]
    investor = builders.a_person(builders.an_organisation("investor"))
    assert sign_in(client, investor).get(f"/playbooks/{book.id}").status_code == 404


def test_another_brand_reads_a_published_one_and_cannot_move_it(session, client):
    """It may not take it away, and no refusal tells it whose it was: the trial of publishing again would list the names that stand in the words by now."""
    desk = Desk()
    book = published(session, desk)
    desk.maker.name = "硅胶"  # who joined later is called as a word of it
    session.commit()
    version = book.version
    rival = builders.a_person(builders.an_organisation("brand", None), manager=True)
    for person in (rival, desk.rival_user):
        for event in ("withdraw", "publish", "decline"):
            answer = sign_in(client, person).post(f"/playbooks/{book.id}/{event}", data={"note": "对手说", "version": version})
            assert answer.status_code == 403 and "硅胶" not in answer.text
    session.expire_all()
    assert (book.state, book.version) == ("published", version)
    assert sign_in(client, desk.user).post(f"/playbooks/{book.id}/withdraw", data={"note": "停产", "version": version}).status_code == 302
    session.expire_all()
    assert book.state == "withdrawn"


def test_a_proposal_is_only_for_its_two_sides(session, client):
    desk = Desk()
    book = proposed(session, desk)
    session.commit()
    for person, status in (
        (desk.user, 200),
        (desk.maker, 200),
        (desk.rival_user, 404),
        (builders.a_person(builders.an_organisation("brand")), 404),
    ):
        assert sign_in(client, person).get(f"/playbooks/{book.id}").status_code == status
    assert client.post(f"/playbooks/{book.id}/publish").status_code == 404
    with pytest.raises(NotFound):
        playbook_queries.public(book.id, desk.rival_actor)


def another(session, book, choice="fix"):
    """Another factory takes the playbook for a SKU of its own pack and acknowledges."""
    other = Desk()
    pack = other.pack("read")
    section = next(s for s in pack.sections if s.code == "BAD-1")
    answer_service.take(section, book, other.maker_actor, clock.now())
    rest = {s.id: {"choice": "carry_on"} for s in pack.sections if s.id != section.id}
    service.answer(pack, rest, other.maker_actor, clock.now())
    if choice != "fix":
        service.answer(pack, {section.id: {"choice": choice}}, other.maker_actor, clock.now())
    return other, pack, section


def improved_later(session, other, action):
    action_service.finish(action, clock.today("Asia/Shanghai"), "换好了", (), other.maker_actor, clock.now())
    action.done_on = other.week - timedelta(days=7 * 5 + 1 - 7)
    session.execute(
        text("UPDATE sku_week SET returned_units = 0, returned_orders = 0 WHERE sku_id = :sku AND week > :since"),
        {"sku": other.bad.id, "since": (other.week - 5 * WEEK).isoformat()},
    )
    session.commit()
    jobs.measure(Run(), clock.now())


def test_use_is_counted_from_the_promise_on_and_its_effect_is_counted_too(session):
    desk = Desk()
    book = published(session, desk)
    other, pack, section = another(session, book)
    assert section.answer.what == TEXT["what"] and playbook_queries.counts([book.id]) == {}, "a draft counts for nothing"
    service.acknowledge(pack, other.maker_actor, clock.now())
    session.expire_all()
    use = session.scalars(select(PlaybookUse)).one()
    assert (use.action_id, playbook_queries.counts([book.id])[book.id]) == (section.action.id, playbooks.Counts(1, 1, 0, 0, 0))
    assert playbook_queries.counts([book.id])[book.id].early == 1
    other.week = desk.week
    improved_later(session, other, section.action)
    assert playbook_queries.counts([book.id])[book.id].improved == 1


def test_what_was_not_promised_in_the_end_is_not_counted(session):
    book = published(session, Desk())
    other, pack, _ = another(session, book, "carry_on")
    service.acknowledge(pack, other.maker_actor, clock.now())
    assert session.scalars(select(PlaybookUse)).all() == []


def test_ones_own_repetition_is_no_use_elsewhere(session):
    desk = Desk()
    book = published(session, desk)
    again = Desk(brand=None, factory=desk.factory, maker=desk.maker)
    pack = again.pack("read")
    section = next(s for s in pack.sections if s.code == "BAD-1")
    answer_service.take(section, book, again.maker_actor, clock.now())
    service.answer(pack, {s.id: {"choice": "carry_on"} for s in pack.sections if s.id != section.id}, again.maker_actor, clock.now())
    service.acknowledge(pack, again.maker_actor, clock.now())
    assert playbook_queries.counts([book.id]) == {}


def test_uses_are_seen_by_their_own_sides_alone(session):
    desk = Desk()
    book = published(session, desk)
    other, pack, _ = another(session, book)
    service.acknowledge(pack, other.maker_actor, clock.now())
    seen = {
        a.organisation_id: len(playbook_queries.own_uses(book.id, a))
        for a in (desk.actor, desk.maker_actor, other.actor, other.maker_actor)
    }
    assert seen == {desk.brand.id: 0, desk.factory.id: 0, other.brand.id: 1, other.factory.id: 1}


def test_it_is_offered_where_the_reason_is_the_same(session, client):
    book = published(session, Desk())
    other = Desk()
    pack = other.pack("sent")
    good, bad = (next(s for s in pack.sections if s.code == c) for c in ("GOOD-1", "BAD-1"))
    assert [p.id for p in playbook_queries.fitting(bad, other.maker_actor)] == [book.id]
    assert playbook_queries.fitting(good, other.maker_actor) == []
    sign_in(client, other.maker)
    assert "换硅胶密封圈去味" in client.get(f"/feedback/packs/{pack.id}/skus/2").text
    body = client.get(f"/playbooks/{book.id}").text
    assert body.index("BAD-1") < body.index("GOOD-1"), "what comes back for the same reason first"
    assert client.post(f"/playbooks/{book.id}/use", data={"section_id": bad.id}).status_code == 302
    assert playbook_queries.fitting(bad, other.maker_actor)[0].is_taken
    assert client.post(f"/playbooks/{book.id}/use", data={"section_id": 999_999}).status_code == 404


def test_a_playbook_of_another_state_or_of_nobody_is_not_taken(session):
    desk = Desk()
    book = proposed(session, desk)
    other = Desk()
    section = other.pack("read").sections[0]
    for playbook_id in (book.id, 987_654):
        with pytest.raises(NotFound):
            playbook_service.choose(section, playbook_id, other.maker_actor, clock.now())


def test_the_pages_write_preview_publish_and_list(session, client):
    desk = Desk()
    improved(session, desk)
    action = the_fix(session)
    sign_in(client, desk.maker)
    page = client.get(f"/feedback/actions/{action.id}/playbook").text
    assert "换密封圈" in page and 'value="smell" selected' in page.replace('selected value="smell"', 'value="smell" selected')
    form = {**TEXT, "what": "BAD-1 换圈"}
    assert client.post(f"/feedback/actions/{action.id}/playbook", data=form | {"title": ""}).status_code == 422
    assert client.post(f"/feedback/actions/{action.id}/playbook", data=form).status_code == 302
    book = session.scalars(select(Playbook)).one()
    assert "BAD-1" in sign_in(client, desk.user).get(f"/playbooks/{book.id}").text
    assert client.post(f"/playbooks/{book.id}/publish", data={"version": book.version}).status_code == 422
    assert client.post(f"/playbooks/{book.id}/edit", data=TEXT | {"version": str(book.version)}).status_code == 302
    session.expire_all()
    assert client.post(f"/playbooks/{book.id}/publish", data={"version": book.version}).status_code == 302
    sign_in(client, desk.rival_user)
    for query, found in (
        ("", True),
        ("?q=硅胶", True),
        ("?q=钢", False),
        ("?reason=smell", True),
        ("?reason=size", False),
        ("?category=家具", True),
        ("?mine=1", False),
    ):
        assert ("换硅胶密封圈去味" in client.get(f"/playbooks{query}").text) is found, query


def test_the_list_asks_no_more_for_more(session, client):
    first = published(session, Desk())
    sign_in(client, builders.a_person(builders.an_organisation("factory")))
    client.get("/playbooks")
    with counted() as few:
        client.get("/playbooks")
    for _ in range(3):
        desk = Desk()
        improved(session, desk)
        action = session.scalars(select(FeedbackAction).where(FeedbackAction.kind == "fix", FeedbackAction.brand_id == desk.brand.id)).one()
        playbook_service.publish(playbook_service.propose(action, TEXT, desk.actor, clock.now()), desk.actor, clock.now())
    session.commit()
    with counted() as many:
        assert client.get("/playbooks").text.count("换硅胶密封圈去味") == 4
    assert len(many) == len(few) and first
