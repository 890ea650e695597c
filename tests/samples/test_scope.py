"""Who sees what of samples: cases 1, 2, 6 and 7 for rounds, readings, photos, golden samples, remarks and notices."""

import pytest
from sqlalchemy import func, select

from incubator.accounts.models import Notification
from incubator.kernel import access, clock
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.kernel.file_table import StoredFile
from incubator.products import comments
from incubator.samples import golden_queries, queries, service
from incubator.samples.models import GoldenSample, SampleDecision, SampleReading, SampleRequirement, SampleRound
from tests.builders import a_participant, a_person, an_actor, an_organisation, sign_in
from tests.samples.builders import Desk, a_photo

MODELS = (SampleRound, SampleRequirement, SampleReading, SampleDecision, GoldenSample)


class Rivals(Desk):
    """Two factories of one product: the first has a sealed round, the second three others with secrets in them."""

    def __init__(self):
        super().__init__()
        self.rival = an_organisation("factory", "竞争对手制造有限公司", short_name="对手厂")
        self.rival_user = a_person(self.rival)
        self.rival_actor = an_actor(self.rival, self.rival_user)
        a_participant(self.product, self.rival)
        self.mine = self.round("sealed")
        self.theirs = [self.ask(self.rival, instructions="机密做法") for _ in range(3)]
        self.lead(self.theirs[0], "sealed", {"承重": "777.7", "噪音": "11.1", "座高行程": "97.97"}, self.rival_actor)
        self.lead(self.theirs[1], "measured", {"承重": "121", "噪音": "60", "座高行程": "95"}, self.rival_actor)
        self.decide(self.theirs[1], "rejected", {"噪音": "对手的意见"}, reason="对手的退回理由")
        self.lead(self.theirs[2], "received", maker=self.rival_actor)
        service.photograph(self.theirs[2], [a_photo("secret.png")], 0, self.actor, clock.now())
        db.session.flush()


SECRETS = ("竞争对手", "对手厂", "777.7", "97.97", "机密做法", "对手的", "secret.png")


def count(model, actor):
    return db.session.scalar(access.select_visible(model, actor, func.count(model.id)))


def test_a_factory_sees_its_own_rows_alone(session):
    desk = Rivals()
    assert [count(m, desk.maker_actor) for m in MODELS] == [1, 5, 5, 1, 1]
    assert count(SampleRound, desk.rival_actor) == 3
    assert count(SampleRound, desk.actor) == 4
    for model in MODELS:
        assert count(model, an_actor()) == 0, f"{model.__name__} of another brand"


def test_a_factory_that_left_sees_nothing_more(session):
    desk = Desk()
    desk.round("sealed")
    desk.product.participants[0].left_at = clock.now()
    session.flush()
    assert [count(m, desk.maker_actor) for m in MODELS] == [0] * 5
    assert not session.scalars(access.select_visible(StoredFile, desk.maker_actor)).all()


@pytest.mark.parametrize("kind", ["investor", "brand_company", "launch_partner", "operator"])
def test_investors_and_others_see_nothing(session, kind):
    desk = Desk()
    other = an_organisation(kind)
    a_participant(desk.product, other)
    desk.round("sealed")
    assert [count(m, an_actor(other)) for m in MODELS] == [0] * 5


@pytest.mark.parametrize("kind", ["design_firm", "mould_factory"])
def test_those_who_build_on_it_see_approved_results_without_whose_they_are(session, client, kind):
    desk = Rivals()
    firm = an_organisation(kind)
    a_participant(desk.product, firm)
    actor = an_actor(firm)
    assert [count(m, actor) for m in MODELS] == [0, 0, 0, 2, 0], "two approvals, not the rejection"
    found = queries.approved_results(desk.product, actor)
    assert set(found[0]._fields) == {"id", "kind", "outcome", "decided_at", "results", "sealed_at"}
    page = sign_in(client, a_person(firm)).get(f"/products/{desk.product.id}/samples").text
    assert "126.4" in page and "777.7" in page
    assert not any(word in page for word in ("竞争对手", "对手厂", "竹溪", "机密", "对手的", "GS-20", "/samples/", "thumbnail"))


def test_a_stranger_firm_sees_no_result(session):
    desk = Desk()
    desk.round("sealed")
    assert count(SampleDecision, an_actor(role="design_firm")) == 0


def test_case_1_every_address_of_a_rivals_round_answers_as_if_it_were_not_there(session, client):
    desk = Rivals()
    browser = sign_in(client, desk.maker)
    photo = session.scalar(select(StoredFile.id).where(StoredFile.name == "secret.png"))
    golden = desk.theirs[0].golden.id
    for path in (
        f"/samples/{desk.theirs[0].id}",
        f"/golden-samples/{golden}",
        f"/golden-samples/{golden}/seal-card-zh.pdf",
        f"/files/{photo}",
        f"/files/{photo}/thumbnail",
    ):
        real, none = browser.get(path), browser.get(path.replace(path.split("/")[2], "987654", 1))
        assert (real.status_code, real.data) == (404, none.data), path
    for step in ("start", "ship", "photos", f"photos/{photo}/remove"):
        assert browser.post(f"/samples/{desk.theirs[2].id}/{step}", data={}).status_code == 404, step
    for path in (f"/samples/{desk.mine.id}/measure", f"/samples/{desk.mine.id}/edit", f"/products/{desk.product.id}/samples/new"):
        assert browser.get(path).status_code == 404, path


def test_case_7_no_page_list_or_export_of_a_factory_names_its_rival(session, client):
    desk = Rivals()
    browser = sign_in(client, desk.maker)
    golden = desk.mine.golden.id
    paths = (
        "/", "/samples?state=", "/samples/export.csv?state=", "/golden-samples", "/golden-samples/export.csv", f"/golden-samples/{golden}",
        f"/products/{desk.product.id}/samples", f"/samples/{desk.mine.id}", f"/products/{desk.product.id}/activity", f"/products/{desk.product.id}/files",
        f"/products/{desk.product.id}", "/notifications", "/search?q=对手", "/search?q=GS",
    )  # fmt: skip
    for path in paths:
        answer = browser.get(path)
        assert answer.status_code == 200, path
        text = answer.text.split("<main")[-1].replace("“对手”", "").replace('value="对手"', "")
        assert not [s for s in SECRETS if s in text], path
    assert "/samples/" + str(desk.theirs[0].id) not in browser.get(f"/products/{desk.product.id}/samples").text
    notes = session.scalars(select(Notification).where(Notification.user_id == desk.maker.id)).all()
    assert {n.url for n in notes} <= {f"/samples/{desk.mine.id}", f"/products/{desk.product.id}"}


def test_numbers_tell_nothing_of_others(session):
    """The rival's rounds were asked for in between; the factory's own are still 1, 2, 3."""
    desk = Rivals()
    assert [desk.ask().number, desk.ask().number] == [2, 3]
    assert queries.listing(desk.maker_actor, {}, "due", None).total == 3
    assert golden_queries.listing(desk.maker_actor, {}, None).total == 1


def test_remarks_on_a_round_are_offered_to_its_factory_alone(session, client):
    desk = Rivals()
    page = sign_in(client, desk.user).get(f"/samples/{desk.mine.id}").text
    audiences = page.split('name="audience_id"')[1].split("</select>")[0]
    assert "竹溪座椅" in audiences and "对手" not in audiences
    comments.add(desk.product, desk.mine, "只给自己看", None, desk.actor, clock.now())
    comments.add(desk.product, desk.mine, "请看色差", desk.factory.id, desk.actor, clock.now())
    page = sign_in(client.application.test_client(), desk.maker).get(f"/samples/{desk.mine.id}").text
    assert "请看色差" in page and "只给自己看" not in page
    with pytest.raises(NotFound):
        comments.subject_of("sample_round", desk.mine.id, desk.rival_actor)


def test_case_2_a_reading_of_a_foreign_requirement_is_refused(session, client):
    desk, other = Desk(), Desk()
    round, foreign = desk.round("received"), other.round("received")
    data = {
        "version": round.version,
        "readings-0-requirement_id": foreign.requirements[0].id,
        "readings-0-piece": 1,
        "readings-0-value": "1",
    }
    answer = sign_in(client, desk.user).post(f"/samples/{round.id}/measure", data=data)
    assert answer.status_code == 422 and "not measured in this round" in answer.text
    assert session.scalar(select(func.count(SampleReading.id))) == 0


def test_a_round_of_another_brand_is_not_carried_on(session, client):
    desk, other = Desk(), Desk()
    foreign = other.round("approved")
    answer = sign_in(client, desk.user).get(f"/products/{desk.product.id}/samples/new?after={foreign.id}")
    assert answer.status_code == 404
