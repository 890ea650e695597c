"""Imports of briefs: all rows or none, errors by line, and the same result twice."""

import csv
import io
import re

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage

from incubator.accounts.models import User
from incubator.briefs.models import BriefRevision, BriefTarget, ProductBrief, Requirement
from incubator.imports import jobs, kinds, service
from incubator.imports.models import DataImport, ImportRefusal
from incubator.kernel import audit, clock
from incubator.kernel.audit import AuditEntry
from incubator.products.models import Product
from tests.builders import a_brief, a_product, a_programme, an_actor, an_organisation, counted, sign_in

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
        upload, options = FileStorage(io.BytesIO(data), "briefs.csv"), {"programme_id": self.programme.id}
        made = service.start(kinds.find("briefs"), upload, self.actor, clock.now(), options=options)
        self.session.commit()
        return made

    def check(self, made):
        return jobs.check_now(made.id, self.actor, lambda *_: None)

    def ask(self, made):
        service.ask_to_apply(made, self.actor, clock.now())
        self.session.commit()
        return made

    def apply(self, made):
        """What became of the lines that have an outcome."""
        if self.check(made).status == "checked":
            jobs.apply_now(self.ask(made).id, self.actor, clock.now(), lambda *_: None)
        assert made.is_balanced
        return {name: number for name, number in made.counts.items() if number}

    def refusals(self, made):
        query = select(ImportRefusal).where(ImportRefusal.import_id == made.id).order_by(ImportRefusal.line, ImportRefusal.id)
        return self.session.scalars(query).all()


@pytest.fixture
def desk(session):
    return Desk(session)


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


def test_rows_become_products_briefs_targets_and_requirements(desk, session):
    made = desk.hand_in(a_sheet([a_row(n) for n in range(30)]))
    assert desk.apply(made) == {"read": 30, "new": 30}
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
    assert desk.apply(desk.hand_in(data)) == {"read": 5, "unchanged": 5}
    assert session.scalars(select(ProductBrief.version)).all() == before


def test_a_changed_row_changes_a_draft_and_is_kept_as_a_revision(desk, session):
    desk.apply(desk.hand_in(a_sheet([a_row(1)])))
    counts = desk.apply(desk.hand_in(a_sheet([a_row(1, segment="宝妈", price="799")])))
    assert counts == {"read": 1, "changed": 1}
    brief = session.scalar(select(ProductBrief))
    assert (brief.segment, brief.revision) == ("宝妈", 2)
    assert session.scalar(select(BriefTarget.price_minor)) == 79_900


def test_case_41_one_bad_row_and_nothing_is_written(desk, session):
    rows = [a_row(n) for n in range(300)]
    rows[298] = a_row(298, moq="-1", price="1e308", type="unknown")
    made = desk.hand_in(a_sheet(rows))
    counts = desk.apply(made)
    assert counts == {"read": 300, "refused": 1, "held": 299} and count(session, ProductBrief) == 0 and count(session, Product) == 0
    assert made.status == "failed"
    assert {(r.line, r.value) for r in desk.refusals(made)} == {(300, "-1"), (300, "1e308"), (300, "unknown")}


@pytest.mark.parametrize(
    ("values", "value"),
    [({"title": ""}, ""), ({"launch_from": "31.12.2027"}, "31.12.2027"), ({"moq": "NaN"}, "NaN"), ({"moq": "99999999999"}, "99999999999"),
     ({"currency": "ZZZ"}, "ZZZ"), ({"requirements": "承重|>=|重"}, "承重|>=|重"), ({"price": "", "cost": "3"}, "")],
)  # fmt: skip
def test_every_refusal_names_line_column_and_value(desk, values, value):
    made = desk.hand_in(a_sheet([a_row(1), a_row(2, **values)]))
    desk.apply(made)
    assert made.status == "failed"
    refusal = desk.refusals(made)[0]
    assert (refusal.line, refusal.value) == (3, value) and refusal.column and refusal.message


def test_headings_and_words_are_taken_in_either_language(desk, session):
    made = desk.hand_in(a_sheet([["A-1", "椅", "Hero", "Live streamers"]], ["Code", "Title", "Type", "Buyers"]))
    assert desk.apply(made)["new"] == 1
    assert session.scalar(select(ProductBrief.buyer_kind)) == "live_streamer"


def test_unknown_or_missing_headings_wait_for_a_person(desk, app, session):
    made = desk.check(desk.hand_in(a_sheet([["1", "2"]], ["title", "Colour"])))
    assert (made.status, made.mapping) == ("mapping", None), "nobody has said yet what the headings mean"
    page = sign_in(app.test_client(), session.get_one(User, desk.actor.user_id)).get(f"/imports/{made.id}", follow_redirects=True).text
    assert "Something needed was not found" in page and "Colour" in page
    assert re.search(
        r'name="title"[^>]*>.*?<option[^>]*selected[^>]*value="title"|<option[^>]*value="title"[^>]*selected|<option selected value="title"',
        page,
        re.S,
    )


def test_a_code_that_stands_twice_is_refused(desk):
    made = desk.hand_in(a_sheet([a_row(1), a_row(1)]))
    desk.apply(made)
    assert "line 2" in desk.refusals(made)[0].message


def test_a_locked_brief_is_not_overwritten(desk, session):
    brief = a_brief(a_product(desk.programme, stage="brief"), state="accepted")
    session.commit()
    made = desk.hand_in(a_sheet([a_row(1, code=brief.code)]))
    desk.apply(made)
    assert made.status == "failed" and "locked" in desk.refusals(made)[0].message


def test_case_5_nobody_else_sees_an_import(desk, session, app):
    made = desk.hand_in(a_sheet([a_row(1, title="")]))
    desk.apply(made)
    own = sign_in(app.test_client(), session.get_one(User, desk.actor.user_id))
    assert own.get(f"/imports/{made.id}").status_code == 200
    for other in (an_actor(desk.brand), an_actor(an_organisation("brand")), an_actor(an_organisation("factory"))):
        browser = sign_in(app.test_client(), session.get_one(User, other.user_id))
        for path in (f"/imports/{made.id}", f"/imports/{made.id}/refusals.csv"):
            assert browser.get(path).status_code == 404
        assert browser.post(f"/imports/{made.id}/apply").status_code == 404
    assert isinstance(made, DataImport)


def test_a_repetition_asks_as_often_for_many_rows_as_for_few(desk):
    """What is there is read in pieces of 500 rows, not row by row."""
    asked = []
    for rows in (3, 60):
        sheet = a_sheet([a_row(n) for n in range(rows)])
        desk.apply(desk.hand_in(sheet))
        again = desk.hand_in(sheet)
        with counted() as statements:
            desk.check(again)
        desk.session.refresh(again)
        assert again.counts["unchanged"] == rows
        asked.append(len(statements))
    assert asked[0] == asked[1]
