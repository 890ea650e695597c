"""Imports of briefs: all rows or none, errors by line, and the same result twice."""

import csv
import io

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage

from incubator.accounts.models import User
from incubator.briefs import import_service
from incubator.briefs.import_models import BriefImport
from incubator.briefs.models import BriefRevision, BriefTarget, ProductBrief, Requirement
from incubator.kernel import audit, clock
from incubator.kernel.audit import AuditEntry
from incubator.products.models import Product
from tests.builders import a_brief, a_product, a_programme, an_actor, an_organisation, sign_in

HEAD = ["code", "title", "type", "segment", "moq", "launch_from", "currency", "price", "cost", "requirements"]


def a_sheet(rows, head=HEAD):
    text = io.StringIO()
    csv.writer(text).writerows([head, *rows])
    return text.getvalue().encode("utf-8-sig")


def a_row(n, **values):
    row = {"code": f"X-{n:05d}", "title": f"云朵椅 {n}", "type": "hero", "segment": "久坐", "moq": "200", "launch_from": "2027-03-01",
           "currency": "CNY", "price": "899.00", "cost": "420", "requirements": "承重|>=|120|kg||must|38 条吐槽; 颜色|is|白"}  # fmt: skip
    return [{**row, **values}[name] for name in HEAD]


class Desk:
    """A brand's person with a programme, and an import to hand in."""

    def __init__(self, session):
        self.session = session
        self.brand = an_organisation("brand")
        self.programme = a_programme(self.brand)
        self.actor = an_actor(self.brand)
        session.commit()

    def hand_in(self, data):
        made = import_service.start(self.programme, FileStorage(io.BytesIO(data), "briefs.csv"), self.actor, clock.now())
        self.session.commit()
        return made

    def apply(self, made):
        counts = import_service.apply(made, self.actor, clock.now(), lambda *_: None)
        self.session.commit()
        return counts


@pytest.fixture
def desk(session):
    return Desk(session)


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


def test_rows_become_products_briefs_targets_and_requirements(desk, session):
    made = desk.hand_in(a_sheet([a_row(n) for n in range(30)]))
    assert desk.apply(made) == {"new": 30, "changed": 0, "unchanged": 0, "errors": 0}
    assert [count(session, m) for m in (Product, ProductBrief, BriefTarget, BriefRevision, Requirement)] == [30, 30, 30, 30, 60]
    brief = session.scalar(select(ProductBrief).where(ProductBrief.code == "X-00007"))
    assert (brief.title, brief.state, brief.product.state, brief.moq) == ("云朵椅 7", "draft", "brief", 200)
    assert [(r.attribute, r.operator, r.target) for r in brief.requirements] == [("承重", "ge", "120"), ("颜色", "is", "白")]
    assert session.scalar(select(func.count()).where(AuditEntry.event == "brief.create")) == 30
    assert audit.first_broken() is None


def test_the_same_sheet_twice_changes_nothing(desk, session):
    data = a_sheet([a_row(n) for n in range(5)])
    desk.apply(desk.hand_in(data))
    before = session.scalars(select(ProductBrief.version)).all()
    assert desk.apply(desk.hand_in(data)) == {"new": 0, "changed": 0, "unchanged": 5, "errors": 0}
    assert session.scalars(select(ProductBrief.version)).all() == before


def test_a_changed_row_changes_a_draft_and_is_kept_as_a_revision(desk, session):
    desk.apply(desk.hand_in(a_sheet([a_row(1)])))
    counts = desk.apply(desk.hand_in(a_sheet([a_row(1, segment="宝妈", price="799")])))
    assert counts == {"new": 0, "changed": 1, "unchanged": 0, "errors": 0}
    brief = session.scalar(select(ProductBrief))
    assert (brief.segment, brief.revision) == ("宝妈", 2)
    assert session.scalar(select(BriefTarget.price_minor)) == 79_900


def test_case_41_one_bad_row_and_nothing_is_written(desk, session):
    rows = [a_row(n) for n in range(300)]
    rows[298] = a_row(298, moq="-1", price="1e308", type="unknown")
    made = desk.hand_in(a_sheet(rows))
    counts = desk.apply(made)
    assert counts["errors"] >= 3 and count(session, ProductBrief) == 0 and count(session, Product) == 0
    assert made.status == "failed"
    assert {(e["line"], e["value"]) for e in made.errors} == {(300, "-1"), (300, "1e308"), (300, "unknown")}


@pytest.mark.parametrize(
    ("values", "value"),
    [({"title": ""}, ""), ({"launch_from": "31.12.2027"}, "31.12.2027"), ({"moq": "NaN"}, "NaN"), ({"moq": "99999999999"}, "99999999999"),
     ({"currency": "ZZZ"}, "ZZZ"), ({"requirements": "承重|>=|重"}, "承重|>=|重"), ({"price": "", "cost": "3"}, "")],
)  # fmt: skip
def test_every_refusal_names_line_column_and_value(desk, values, value):
    made = desk.hand_in(a_sheet([a_row(1), a_row(2, **values)]))
    desk.apply(made)
    assert made.status == "failed"
    error = made.errors[0]
    assert (error["line"], error["value"]) == (3, value) and error["column"] and error["message"]


def test_headings_and_words_are_taken_in_either_language(desk, session):
    made = desk.hand_in(a_sheet([["A-1", "椅", "Hero", "Live streamers"]], ["Code", "Title", "Type", "Buyers"]))
    assert desk.apply(made)["new"] == 1
    assert session.scalar(select(ProductBrief.buyer_kind)) == "live_streamer"


def test_unknown_or_missing_headings_are_named(desk):
    made = desk.hand_in(a_sheet([["1", "2"]], ["title", "Colour"]))
    desk.apply(made)
    assert {e["value"] for e in made.errors} == {"Colour", ""}


def test_a_code_that_stands_twice_is_refused(desk):
    made = desk.hand_in(a_sheet([a_row(1), a_row(1)]))
    desk.apply(made)
    assert "line 2" in made.errors[0]["message"]


def test_a_locked_brief_is_not_overwritten(desk, session):
    brief = a_brief(a_product(desk.programme, stage="brief"), state="accepted")
    session.commit()
    made = desk.hand_in(a_sheet([a_row(1, code=brief.code)]))
    desk.apply(made)
    assert made.status == "failed" and "locked" in made.errors[0]["message"]


def test_case_5_nobody_else_sees_an_import(desk, session, app):
    made = desk.hand_in(a_sheet([a_row(1, title="")]))
    desk.apply(made)
    own = sign_in(app.test_client(), session.get_one(User, desk.actor.user_id))
    assert own.get(f"/briefs/imports/{made.id}").status_code == 200
    for other in (an_actor(desk.brand), an_actor(an_organisation("brand")), an_actor(an_organisation("factory"))):
        browser = sign_in(app.test_client(), session.get_one(User, other.user_id))
        for path in (f"/briefs/imports/{made.id}", f"/briefs/imports/{made.id}/errors.csv"):
            assert browser.get(path).status_code == 404
        assert browser.post(f"/briefs/imports/{made.id}/apply").status_code == 404
    assert isinstance(made, BriefImport)
