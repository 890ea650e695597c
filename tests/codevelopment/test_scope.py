"""Who sees what: the policies, table by table, as a party, as a rival in the same product, as an investor."""

import pytest

from incubator.codevelopment import agreement_queries, page_queries, queries, service
from incubator.codevelopment.policies import VISIBLE
from incubator.kernel import access, clock
from incubator.kernel.db import db
from incubator.kernel.errors import NotFound
from incubator.kernel.file_table import StoredFile
from tests.backends import on
from tests.builders import a_participant, an_actor, an_organisation
from tests.codevelopment.builders import Scene, a_text

BACKENDS = ("sqlite",)
BOTH = on("sqlite", "postgresql")


@pytest.fixture
def full(session):
    """Everything there is, of the design firm and the mould factory alike."""
    scene = Scene()
    scene.owned = scene.submitted()
    scene.annotation(scene.owned)
    scene.decide(scene.owned, "ask_changes", "只给木石看的理由")
    scene.other = scene.submitted(a_text("mould.csv"), owner=scene.maker, title="模具图")
    scene.agreement = scene.in_force()
    scene.invitation(an_organisation("factory"))
    scene.kept(scene.folder("报告", scene.firm))
    return scene


def counts(actor):
    return {model.__name__: len(db.session.scalars(access.select_visible(model, actor)).all()) for model in VISIBLE}


def test_the_brand_sees_all_of_it(full):
    assert all(counts(full.leader).values()) or {n for n, c in counts(full.leader).items() if not c} <= {"DeliverableShare", "RoomDownload"}


def test_another_brand_an_investor_and_a_centre_see_nothing(full):
    investor, centre = an_organisation("investor"), an_organisation("operator")
    for organisation in (investor, centre):
        a_participant(full.product, organisation)
    for actor in (an_actor(an_organisation("brand")), an_actor(investor), an_actor(centre), an_actor(role="field_agent")):
        assert set(counts(actor).values()) == {0}, actor.role


@BOTH
def test_a_party_sees_its_own_and_nothing_of_the_other(full):
    assert [d.title for d in db.session.scalars(access.select_visible(type(full.owned), full.designer))] == ["三视图"]
    for look in (
        lambda a: page_queries.whole(full.owned.id, a),
        lambda a: access.get_visible(StoredFile, full.picture_of(full.owned).file_id, a),
    ):
        with pytest.raises(NotFound):
            look(full.toolmaker)
    own = counts(full.designer)
    assert (own["Annotation"], own["DeliverableDecision"], own["Engagement"]) == (1, 1, 0)
    rival = counts(full.toolmaker)
    assert (rival["Annotation"], rival["DeliverableDecision"], rival["RoomFolder"]) == (0, 0, 0)


def test_who_reads_along_sees_revisions_but_no_decision_and_no_annotation(full):
    service.share(full.owned, full.maker.id, full.leader, clock.now())
    assert [r.number for r in page_queries.revisions(full.owned, full.toolmaker)] == [1]
    assert access.get_visible(StoredFile, full.picture_of(full.owned).file_id, full.toolmaker)
    assert page_queries.decisions(full.owned, full.toolmaker) == {} and page_queries.annotations(full.owned, full.toolmaker) == []
    assert [s.organisation_id for s in page_queries.shares(full.owned, full.toolmaker)] == [full.maker.id]
    assert page_queries.shares(full.owned, full.designer) == [], "the owner is not told who reads along"
    given = page_queries.shares(full.owned, full.leader)[0]
    service.unshare(full.owned, given, full.leader, clock.now())
    with pytest.raises(NotFound):
        page_queries.whole(full.owned.id, full.toolmaker)


def test_a_party_reads_kinds_and_shares_of_the_others_but_no_amount(full):
    found = agreement_queries.whole(full.agreement.id, full.designer)
    assert [(p.kinds, p.share_bp) for p in found.parties] == [(["cash"], 7500), (["design_hours"], 950), (["tooling"], 1550)]
    assert [p.organisation_id for p in agreement_queries.promises(found, full.designer)] == [full.firm.id]
    assert [t["name"] for t in agreement_queries.totals(full.product, full.designer)] == ["木石设计"]
    assert len(agreement_queries.ledger(full.product, full.designer, None).rows) == 1


def test_who_is_no_party_or_has_left_reads_no_agreement(full, session):
    outsider = an_organisation("factory")
    a_participant(full.product, outsider)
    assert agreement_queries.versions(full.product, an_actor(outsider)) == []
    part = next(p for p in full.product.participants if p.organisation_id == full.firm.id)
    part.left_at = clock.now()
    session.flush()
    seen = {name for name, number in counts(full.designer).items() if number}
    assert seen == set()


@BOTH
def test_lists_show_only_what_is_visible(full):
    today = clock.today()
    titles = {a: [r.title for r in queries.listing(a, {}, "due", None, today).rows] for a in (full.leader, full.designer, full.toolmaker)}
    assert set(titles[full.leader]) == {"三视图", "模具图"}
    assert (titles[full.designer], titles[full.toolmaker]) == (["三视图"], ["模具图"])
    assert [name for _, name in queries.options(full.designer)["owner_id"]] == ["木石设计"]
    for sort in queries.SORTS:
        first = queries.listing(full.leader, {"show": "all"}, sort, None, today, 1)
        assert first.next and len(queries.listing(full.leader, {"show": "all"}, sort, first.next, today, 1).rows) == 1
