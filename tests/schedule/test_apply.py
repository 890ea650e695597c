"""Templates: laid forward and backward, created whole or not at all, once; a brand's own."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from incubator.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from incubator.products import words
from incubator.schedule import apply_service, laying, service, template_service
from incubator.schedule.apply_service import Wish
from incubator.schedule.defaults import TEMPLATES, Row, Template
from incubator.schedule.models import Milestone, MilestoneLink
from incubator.schedule.plan_models import PlanTemplate
from incubator.schedule.workdays import Calendar
from tests.builders import a_participant, a_person, a_product, a_programme, an_actor, an_organisation, counted
from tests.schedule.builders import a_closure, a_template

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
CHINA = Calendar()
NOBODY = Wish("start", date(2026, 3, 2), {}, "zh")
SMALL = Template(
    "small", "小", "small", "basic",
    (Row("a", "甲", "A", "brief", 3), Row("b", "乙", "B", "sourcing", 5, ("a",), "factory"), Row("launch", "上市", "Launch", "launch", 2, ("b",)),
     Row("after", "复盘", "Review", "launch", 4, ("launch",))),
)  # fmt: skip


@pytest.fixture
def scene(session):
    brand = an_organisation("brand")
    owner = a_person(brand, timezone="UTC")
    return a_product(a_programme(brand), "brief", owner_id=owner.id), an_actor(brand, owner)


def lay(direction, day, rows=SMALL.rows, calendar_of=lambda row: CHINA, present=None):
    return {each.row.code: each for each in laying.lay(rows, direction, day, calendar_of, present)}


def test_the_platforms_templates_are_sound():
    for template in TEMPLATES.values():
        assert template_service.problems_of(template.rows) == []
        assert {row.stage for row in template.rows} <= set(words.STAGE)
        assert {row.part for row in template.rows} - {None} <= set(words.KINDS)
        assert all(row.zh and row.en and row.days for row in template.rows)
        assert [row.code for row in template.rows if not row.after] == ["brief"]
        assert "launch" in {row.code for row in template.rows}


def test_forward_the_first_working_day_is_the_start():
    laid = lay("start", date(2026, 3, 2))
    assert (laid["a"].start, laid["a"].finish) == (date(2026, 3, 2), date(2026, 3, 4))
    assert (laid["launch"].finish, laid["launch"].pinned) == (date(2026, 3, 13), False)
    assert lay("start", date(2026, 2, 16))["a"].finish == date(2026, 2, 26)  # Spring Festival up to the 23rd


def test_backward_the_launch_holds_and_what_follows_comes_after():
    for template in (SMALL, *TEMPLATES.values()):
        for day in (date(2026, 11, 11), date(2026, 10, 3), date(2027, 2, 28)):
            laid = lay("launch", day, template.rows)
            assert (laid["launch"].finish, laid["launch"].pinned) == (day, True)
            before = [each for each in laid.values() if each.finish > day]
            assert {each.row.code for each in before} <= {"after", "review"}
    assert lay("launch", date(2026, 3, 13))["a"].finish == date(2026, 3, 4)


def test_backward_a_closure_of_who_owes_it_means_an_earlier_start():
    closed = Calendar("CN", ((date(2026, 3, 4), date(2026, 3, 8)),))
    assert lay("launch", date(2026, 3, 13), calendar_of=lambda row: closed if row.part else CHINA)["a"].finish == date(2026, 2, 28)


def test_applied_it_is_the_plan_with_links_and_floats(scene, session):
    product, actor = scene
    factory = an_organisation("factory")
    a_participant(product, factory)
    a_closure(factory, date(2026, 3, 9), date(2026, 3, 9))
    wish = replace(NOBODY, parties={"factory": factory.id})
    proposal = apply_service.propose(product, SMALL, wish)
    assert session.query(Milestone).count() == 0
    made = apply_service.apply(product, SMALL, wish, actor, NOW)
    assert [(m.name, m.due_on) for m in made] == [(each.row.zh, each.finish) for each in proposal.laid]
    assert [m.due_on for m in made] == [m.baseline_on for m in made]
    assert [(m.owner_part, m.organisation_id) for m in made] == [(None, None), ("factory", factory.id), (None, None), (None, None)]
    assert made[1].due_on == date(2026, 3, 12)
    session.expire_all()
    assert {m.name for m in made if m.critical} == {"甲", "乙", "上市", "复盘"}
    assert session.query(MilestoneLink).count() == 3
    assert (product.next_milestone, product.next_milestone_on, product.risk) == ("甲", date(2026, 3, 4), "amber")


def test_names_in_english_and_the_launch_held(scene):
    product, actor = scene
    made = apply_service.apply(product, SMALL, Wish("launch", date(2026, 6, 18), {}, "en"), actor, NOW)
    launch = next(m for m in made if m.name == "Launch")
    assert (launch.due_on, launch.not_before_on) == (date(2026, 6, 18), date(2026, 6, 18))


def test_a_second_time_only_what_is_missing_is_created(scene, session):
    product, actor = scene
    made = {m.name: m for m in apply_service.apply(product, SMALL, NOBODY, actor, NOW)}
    with pytest.raises(Refused):
        apply_service.apply(product, SMALL, NOBODY, actor, NOW)
    service.delete(made["乙"], actor, NOW)
    service.edit(made["甲"], {"due_on": date(2026, 4, 1)}, made["甲"].version, actor, NOW)
    proposal = apply_service.propose(product, SMALL, NOBODY)
    assert [each.row.code for each in proposal.laid] == ["b"]
    assert proposal.present == {"a": "甲", "launch": "上市", "after": "复盘"}
    assert [move.name for move in proposal.pushed.moves] == ["上市", "复盘"]
    assert [m.name for m in apply_service.apply(product, SMALL, NOBODY, actor, NOW)] == ["乙"]
    session.expire_all()
    assert made["上市"].due_on == proposal.pushed.moves[0].after
    assert session.query(Milestone).count() == 4
    assert session.query(MilestoneLink).count() == 3


def test_what_is_there_keeps_its_day_although_it_will_wait(scene, session):
    product, actor = scene
    made = {m.name: m for m in apply_service.apply(product, SMALL, NOBODY, actor, NOW)}
    for name in ("甲", "乙"):
        service.delete(made[name], actor, NOW)
    before = made["上市"].due_on
    apply_service.apply(product, SMALL, replace(NOBODY, day=date(2026, 2, 2)), actor, NOW)
    session.expire_all()
    assert made["上市"].due_on == before


def test_all_or_nothing(scene, session):
    product, actor = scene
    with pytest.raises(Forbidden):
        apply_service.apply(product, SMALL, NOBODY, an_actor(an_organisation("factory")), NOW)
    full = Template("x", "x", "x", "basic", tuple(Row(f"r{n}", "x", "x", None, 1) for n in range(service.MOST + 1)))
    with pytest.raises(Invalid):
        apply_service.apply(product, full, NOBODY, actor, NOW)
    assert session.query(Milestone).count() == 0


def test_a_large_template_takes_few_statements(scene):
    product, actor = scene
    with counted() as statements:
        apply_service.apply(product, TEMPLATES["hero"], NOBODY, actor, NOW)
    assert len(statements) <= 50, len(statements)


def test_a_brand_copies_and_changes_its_own(scene, session):
    _, actor = scene
    own = a_template(actor, "我们的")
    assert [t.key for t in template_service.offered(actor)] == [str(own.id), "basic", "hero"]
    assert [t.key for t in template_service.offered(actor, "hero")] == ["hero"]
    assert template_service.find(str(own.id), actor).rows == TEMPLATES["basic"].rows
    with pytest.raises(Invalid):
        a_template(actor, "我们的")
    rows = [*SMALL.rows, Row("extra", "多一步", "Extra", None, 1, ("a",))]
    template_service.save(own, "新名", rows, own.version, actor, NOW)
    session.expire_all()
    assert template_service.as_data(own).rows == tuple(rows)
    with pytest.raises(Conflict):
        template_service.save(own, "又一名", rows, own.version - 1, actor, NOW)
    other = a_template(actor, "第二个")
    with pytest.raises(Invalid):
        template_service.save(other, "新名", rows, other.version, actor, NOW)
    template_service.delete(own, actor, NOW)
    template_service.delete(other, actor, NOW)
    assert session.query(PlanTemplate).count() == 0


def test_a_template_that_is_no_plan_is_refused(scene):
    _, actor = scene
    own = a_template(actor)
    wrong = {
        "stands twice": [Row("a", "甲", "A", None, 1), Row("a", "乙", "B", None, 1)],
        "not there": [Row("a", "甲", "A", None, 1, ("z",))],
        "甲 → 乙 → 甲": [Row("a", "甲", "A", None, 1, ("b",)), Row("b", "乙", "B", None, 1, ("a",))],
        "1 to 80": [],
    }
    for words_, rows in wrong.items():
        with pytest.raises(Invalid) as refusal:
            template_service.save(own, "x", rows, own.version, actor, NOW)
        said = " ".join(str(message) for message in refusal.value.fields["rows"])
        assert words_ in said or "乙 → 甲 → 乙" in said


def test_case_1_anothers_template_does_not_exist(scene):
    _, actor = scene
    theirs = a_template(an_actor(an_organisation("brand")))
    for key in (str(theirs.id), "999", "nothing", "9" * 30, "-1", "١"):
        with pytest.raises(NotFound):
            template_service.find(key, actor)
    assert [t.key for t in template_service.offered(actor)] == ["basic", "hero"]
