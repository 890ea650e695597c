"""Suspected duplicates and supplier lists: suggested, merged by a person, remembered; read whole, or refused by line."""

import io
import json
import shutil

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage

from incubator.factories import duplicate_service, importer, jobs, profile_queries, queries, service
from incubator.factories.evidence_models import Certificate, DuplicatePair
from incubator.factories.filters import Filters
from incubator.factories.models import Caseload, Factory, FactoryContact
from incubator.imports import jobs as import_jobs
from incubator.imports import kinds
from incubator.imports import service as imports
from incubator.imports.models import ImportRefusal
from incubator.kernel import clock
from incubator.kernel.audit import AuditEntry
from incubator.kernel.db import db
from incubator.kernel.errors import Conflict, Invalid, Refused
from tests.backends import on
from tests.builders import a_person, an_actor, an_organisation, put, sign_in
from tests.factories.builders import a_certificate, a_code, a_factory, an_audit, an_oem_entry
from tests.factories.test_life import Run
from tests.factories.test_pure import real


@pytest.fixture
def scene(session):
    class Scene:
        brand = an_organisation("brand")
        actor = an_actor(brand)
        kept = a_factory("prospect", brand=brand, name_zh="宁波慈溪暖川电器有限公司")
        gone = a_factory("prospect", brand=brand, name_zh="慈溪暖川电器厂", uscc="")
        other = a_factory("prospect", brand=brand, name_zh="佛山恒屹家电有限公司", address="顺德容桂 6 号", city="佛山")

    duplicate_service.search(clock.now())
    Scene.pair = session.scalars(select(DuplicatePair)).one()
    return Scene


def test_a_likely_pair_is_suggested_once_with_its_reasons(scene, session):
    assert (scene.pair.first_id, scene.pair.second_id) == (scene.kept.id, scene.gone.id) and scene.pair.probability > 80
    assert {code for code, _ in scene.pair.reasons} >= {"name", "address"}
    assert jobs.find_duplicates(Run(), clock.now()) == {"compared": 3, "suggested": 1}
    assert session.scalar(select(func.count(DuplicatePair.id))) == 1


def test_not_the_same_is_remembered(scene, session):
    duplicate_service.differ(scene.pair, scene.actor, clock.now())
    duplicate_service.search(clock.now())
    assert scene.pair.state == "different" and session.scalar(select(func.count(DuplicatePair.id))) == 1
    with pytest.raises(Conflict):
        duplicate_service.merge(scene.pair, scene.kept.id, scene.actor, clock.now())


def test_a_merge_keeps_everything_and_leaves_a_pointer(scene, session):
    gone, agent = scene.gone, an_actor(role="field_agent")
    certificate, audit, entry = a_certificate(gone), an_audit(gone), an_oem_entry(gone)
    put(Caseload(factory_id=gone.id, agent_user_id=agent.user_id))
    own = an_organisation("factory")
    gone.organisation_id, gone.name_en, gone.staff_count = own.id, "Nuanchuan", 77
    gone.contacts[0].name = "另一位"
    session.flush()
    kept = duplicate_service.merge(scene.pair, scene.kept.id, scene.actor, clock.now())
    assert (kept.name_zh, kept.name_en, kept.staff_count, kept.organisation_id) == ("宁波慈溪暖川电器有限公司", "Nuanchuan", 77, own.id)
    assert {row.factory_id for row in (certificate, audit, entry)} == {kept.id}
    assert {c.name for c in kept.contacts} == {"王厂长", "另一位"} and len(kept.capabilities) == 1
    assert (gone.state, gone.merged_into_id, gone.organisation_id) == ("inactive", kept.id, None)
    assert [row.id for row in queries.caseload(agent)] == [kept.id]
    assert gone.id not in {row.id for row in queries.page(Filters(), scene.actor, None).rows}
    session.commit()
    assert session.scalar(select(AuditEntry.data).where(AuditEntry.event == "factory.merged"))["merged"] == gone.id


def test_the_address_of_the_pointer_leads_to_the_kept_one(scene, client):
    duplicate_service.merge(scene.pair, scene.kept.id, scene.actor, clock.now())
    browser = sign_in(client, a_person(scene.brand))
    answer = browser.get(f"/factories/{scene.gone.id}")
    assert answer.status_code == 302 and answer.location.endswith(f"/factories/{scene.kept.id}")


def test_two_accounts_are_not_merged_nor_a_third_nor_somebody_elses(scene, session):
    with pytest.raises(Invalid):
        duplicate_service.merge(scene.pair, scene.other.id, scene.actor, clock.now())
    with pytest.raises(Refused):
        duplicate_service.merge(scene.pair, scene.kept.id, an_actor(role="brand"), clock.now())
    scene.kept.organisation_id, scene.gone.organisation_id = (an_organisation("factory").id for _ in range(2))
    session.flush()
    with pytest.raises(Refused, match="account of their own"):
        duplicate_service.merge(scene.pair, scene.kept.id, scene.actor, clock.now())


def test_other_suspicions_about_the_pointer_end(scene, session):
    third = a_factory("prospect", brand=scene.brand, name_zh="慈溪暖川电器有限公司", uscc="")
    duplicate_service.search(clock.now())
    duplicate_service.merge(scene.pair, scene.kept.id, scene.actor, clock.now())
    open_ones = session.scalars(select(DuplicatePair).where(DuplicatePair.state == "open")).all()
    assert [(p.first_id, p.second_id) for p in open_ones] == [(scene.kept.id, third.id)]


def test_a_brand_is_shown_pairs_of_its_own_only(scene, session):
    a_factory("approved", brand=an_organisation("brand"), name_zh="宁波慈溪暖川电器厂", uscc="")
    duplicate_service.search(clock.now())
    assert len(profile_queries.pairs(an_actor(role="administrator"), None).rows) == 3
    assert [p.id for p in profile_queries.pairs(scene.actor, None).rows] == [scene.pair.id]


@on("sqlite")
def test_the_page_shows_both_and_takes_the_verdict(scene, client, session):
    browser = sign_in(client, a_person(scene.brand))
    page = browser.get("/factories/duplicates").text
    assert "慈溪暖川电器厂" in page and "likely one factory" in page
    path = f"/factories/duplicates/{scene.pair.id}"
    assert browser.post(f"{path}/merge", data={"kept_id": scene.kept.id, "version": 99}).status_code == 409
    assert browser.post(f"{path}/merge", data={"kept_id": scene.kept.id, "version": scene.pair.version}).status_code == 302
    assert browser.post(f"{path}/differ").status_code == 409
    assert browser.get("/factories/duplicates?state=merged").status_code == 200
    assert browser.post("/factories/duplicates/search").status_code == 302


# Supplier lists


def run(actor, text, preset="", name="list.csv"):
    """An import to its end; (import, refusals)."""
    data = text if isinstance(text, bytes) else text.encode()
    made = imports.start(
        kinds.find("factories"), FileStorage(io.BytesIO(data), name, content_type="text/csv"), actor, clock.now(), preset=preset
    )
    db.session.commit()
    import_jobs.check_now(made.id, actor, lambda *_: None)
    if made.status == "checked":
        imports.ask_to_apply(made, actor, clock.now())
        db.session.commit()
        import_jobs.apply_now(made.id, actor, clock.now(), lambda *_: None)
    return made, list(db.session.scalars(select(ImportRefusal).where(ImportRefusal.import_id == made.id).order_by(ImportRefusal.line)))


def outcome(made):
    return {name: number for name, number in made.counts.items() if number}


@on("sqlite")
def test_every_real_list_comes_in_and_a_second_time_changes_nothing(session):
    actor, lines = an_actor(an_organisation("brand")), 0
    paths = sorted(real("osh_factories").glob("list_*.csv"))
    for path in paths:
        made, refusals = run(actor, path.read_bytes(), "osh")
        assert made.status == "applied" and made.is_balanced, path.name
        assert {r.line for r in refusals} <= set(range(2, made.counts["read"] + 10))
        lines += made.counts["read"]
    total = session.scalar(select(func.count(Factory.id)))
    assert lines > 600 and total > 0.95 * lines
    assert session.scalar(select(func.count(DuplicatePair.id))) > 20, "doubtful ones are suggested"
    assert session.scalar(select(func.count(Factory.id)).where(Factory.merged_into_id.is_not(None))) == 0
    assert set(session.scalars(select(Factory.country).distinct())) >= {"CN", "BD", "IN"}
    before = session.scalars(select(Factory.updated_at).order_by(Factory.id)).all()
    for path in paths:
        made, _ = run(actor, path.read_bytes(), "osh")
        assert made.counts["new"] == made.counts["changed"] == 0
    session.expire_all()
    assert session.scalars(select(Factory.updated_at).order_by(Factory.id)).all() == before


LIST = """供应商名称,English name,统一社会信用代码,国家或地区,城市,地址,成立年份,员工人数,品类,工艺,联系人,电话
慈溪暖川电器厂,Nuanchuan,{code},中国,慈溪,观海卫 8 号,2008,"1,200",小家电; 暖风机,注塑;Assembly,周建国,0574-1
,,,中国,慈溪,无名路 1 号,,,,,,
坏码厂,,913301000000000000,,,,,,,,,
坏年厂,,,Atlantis,,,1492,很多,,,,
慈溪暖川电器厂,Nuanchuan,{code},CN,慈溪,观海卫 8 号,2008,1200,,,,
"""


def test_each_line_is_in_or_refused_with_its_reason(session):
    actor, code = an_actor(an_organisation("brand")), a_code()
    made, refusals = run(actor, LIST.format(code=code))
    assert outcome(made) == {"read": 5, "new": 1, "duplicates": 1, "refused": 3} and made.is_balanced
    reasons = {(r.line, r.column): r.message for r in refusals}
    assert {line for line, _ in reasons} == {3, 4, 5} and "Atlantis" in reasons[5, "Country or region"] and "很多" in reasons[5, "Staff"]
    factory = session.scalars(select(Factory)).one()
    assert (factory.name_zh, factory.name_en, factory.uscc, factory.country, factory.staff_count) == (
        "慈溪暖川电器厂",
        "Nuanchuan",
        code,
        "CN",
        1200,
    )
    assert (factory.state, factory.source, factory.brought_by_id) == ("prospect", "import", actor.organisation_id)
    assert [c.name for c in factory.categories] == ["小家电", "暖风机"]
    assert [(c.name_zh, c.name_en) for c in factory.capabilities] == [("注塑", ""), ("", "Assembly")]
    assert session.scalars(select(FactoryContact.phone)).all() == ["0574-1"]


def test_a_later_list_fills_blanks_of_an_untouched_row_and_overwrites_nothing(session):
    actor, code = an_actor(an_organisation("brand")), a_code()
    head = "name,uscc,city,staff_count,categories\n"
    run(actor, f"{head}暖川电器,{code},慈溪,,小家电\n")
    made, _ = run(actor, f"{head}暖川电器（新名）,{code},宁波,150,灯具\n")
    factory = session.scalars(select(Factory)).one()
    session.refresh(factory)
    assert outcome(made) == {"read": 1, "changed": 1}
    assert (factory.name_zh, factory.city, factory.staff_count, [c.name for c in factory.categories]) == (
        "暖川电器",
        "慈溪",
        150,
        ["小家电", "灯具"],
    )
    service.save(factory, {"staff_count": None}, actor, clock.now())
    session.commit()
    made, _ = run(actor, f"{head}暖川电器,{code},慈溪,90,\n")
    session.refresh(factory)
    assert outcome(made) == {"read": 1, "unchanged": 1} and factory.staff_count is None


def test_a_list_of_one_brand_does_not_touch_anothers_rows(session):
    text = "name,address\n暖川电器厂,观海卫 8 号\n"
    first, second = an_actor(an_organisation("brand")), an_actor(an_organisation("brand"))
    run(first, text)
    made, _ = run(second, text)
    assert outcome(made) == {"read": 1, "new": 1} and session.scalar(select(func.count(Factory.id))) == 2
    assert profile_queries.pairs(first, None).rows == []


def test_what_was_entered_by_hand_or_merged_is_known_again(session):
    actor = an_actor(an_organisation("brand"))
    factory = service.create({"name_zh": "暖川电器厂", "address": "观海卫 8 号", "country": "CN"}, actor, clock.now())
    session.commit()
    made, _ = run(actor, "name,address\n暖川电器厂,观海卫8号\n")
    assert outcome(made) == {"read": 1, "unchanged": 1}
    session.refresh(factory)
    assert factory.revision == 0 and session.scalar(select(func.count(Factory.id))) == 1


@on("sqlite")
def test_case_23_formulas_and_hostile_cells_stay_text(session, client):
    brand = an_organisation("brand")
    _, refusals = run(
        an_actor(brand), "name,address,website\n=HYPERLINK(1),@SUM(1),\n<script>alert(1)</script>,{{7*7}},javascript:alert(1)\n"
    )
    assert [r.line for r in refusals] == [3]
    text = sign_in(client, a_person(brand)).get("/factories/export.csv").data.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text


def test_the_rules_of_a_line_do_not_overflow():
    values = dict.fromkeys(importer.LABELS, "")
    for staff in ("9" * 400, "-3", "1e308", "NaN", "３", "12.5"):
        (line,) = importer.read([(2, values | {"name": "x", "staff_count": staff})])
        assert line.refusals, staff
    (line,) = importer.read([(2, values | {"name": "x" * 201})])
    assert line.refusals


@on("sqlite")
def test_the_command_reads_the_lists(app, session, tmp_path):
    brand = an_organisation("brand", "源选")
    a_person(brand, manager=True)
    session.commit()
    path = tmp_path / "suppliers.csv"
    shutil.copyfile(real("osh_factories/list_3.csv"), path)
    result = app.test_cli_runner().invoke(args=["factories", "import", str(path), "--preset", "osh"])
    said = json.loads(result.output.strip().splitlines()[-1])
    assert result.exit_code == 0 and said["balanced"] and said["new"] == said["read"] == 19
    session.expire_all()
    assert session.scalar(select(func.count(Certificate.id))) == 0 and session.scalar(select(func.count(Factory.id))) == 19


@on("sqlite")
def test_others_than_brands_and_the_administrator_import_nothing(app, session):
    for person in (a_person(an_organisation("factory")), a_person(staff_role="field_agent"), a_person(an_organisation("investor"))):
        assert sign_in(app.test_client(), person).get("/imports/new/factories").status_code == 404
    assert sign_in(app.test_client(), a_person(staff_role="administrator")).get("/imports/new/factories").status_code == 200
