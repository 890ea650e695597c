"""An invitation: who sees what before and after, and what its end takes away."""

import pytest
from sqlalchemy import select

from incubator.accounts.models import Notification
from incubator.codevelopment import engagement_service, page_queries, room_queries, service
from incubator.codevelopment.models import Engagement
from incubator.kernel import access, clock, workflow
from incubator.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from incubator.products import participation
from incubator.products.models import Participant, Product
from tests.builders import a_participant, an_actor, an_organisation
from tests.codevelopment.builders import Scene

BACKENDS = ("sqlite",)


def test_who_is_invited_sees_the_product_only_once_it_accepts(session):
    scene, studio = Scene(), an_organisation("design_firm", "半径创新")
    guest = an_actor(studio)
    invitation = scene.invitation(studio)
    assert access.get_visible(Engagement, invitation.id, guest).terms == "保密三年"
    with pytest.raises(NotFound):
        access.get_visible(Product, scene.product.id, guest)
    engagement_service.move(invitation, "accept", guest, clock.now())
    assert access.get_visible(Product, scene.product.id, guest) is scene.product
    assert (invitation.state, invitation.brought_in, invitation.answered_by_id) == ("active", True, guest.user_id)
    told = session.execute(select(Notification.user_id, Notification.text)).all()
    assert (guest.user_id, "engagement.invited") in told and (scene.leader.user_id, "engagement.accepted") in told
    assert (guest.user_id, "product.joined") not in told, "whoever accepted needs no second invitation"


def test_declining_leaves_nothing_and_a_new_invitation_may_follow(session):
    scene, studio = Scene(), an_organisation("design_firm")
    guest = an_actor(studio)
    invitation = scene.invitation(studio)
    with pytest.raises(Invalid):
        engagement_service.move(invitation, "decline", guest, clock.now())
    engagement_service.move(invitation, "decline", guest, clock.now(), "档期满了")
    with pytest.raises(NotFound):
        access.get_visible(Product, scene.product.id, guest)
    assert scene.invitation(studio).state == "invited"


def test_one_open_invitation_per_organisation_and_only_developers(session):
    scene, studio = Scene(), an_organisation("mould_factory")
    scene.invitation(studio)
    for stranger in (studio, an_organisation("investor"), an_organisation("operator")):
        with pytest.raises(Invalid):
            scene.invitation(stranger)


def test_the_end_takes_the_product_away_from_whom_it_brought_in(session):
    scene, studio = Scene(), an_organisation("design_firm")
    guest = an_actor(studio)
    brought = scene.invitation(studio)
    engagement_service.move(brought, "accept", guest, clock.now())
    engagement_service.move(brought, "end", scene.leader, clock.now(), "改由另一家跟进")
    with pytest.raises(NotFound):
        access.get_visible(Product, scene.product.id, guest)
    present = scene.invitation(scene.firm)
    engagement_service.move(present, "accept", scene.designer, clock.now())
    engagement_service.move(present, "end", scene.leader, clock.now(), "约定完成")
    assert access.get_visible(Product, scene.product.id, scene.designer), "it takes part anyway"


def test_leaving_the_product_ends_the_engagement_and_takes_shares_back(session):
    scene = Scene()
    invitation = scene.invitation(scene.firm)
    engagement_service.move(invitation, "accept", scene.designer, clock.now())
    folder = scene.folder("报告", scene.firm)
    shared = scene.submitted(owner=scene.maker)
    service.share(shared, scene.firm.id, scene.leader, clock.now())
    part = session.scalar(select(Participant).where(Participant.organisation_id == scene.firm.id))
    participation.end_participation(part, scene.product, scene.leader, clock.now())
    assert invitation.state == "ended"
    part.left_at = None  # it comes back: what was shared before is not shared again
    session.flush()
    with pytest.raises(NotFound):
        room_queries.folder(folder.id, scene.designer)
    with pytest.raises(NotFound):
        page_queries.whole(shared.id, scene.designer)


def test_a_rival_learns_nothing_of_an_invitation_and_answers_none(session):
    scene = Scene()
    invitation = scene.invitation(scene.firm)
    with pytest.raises(NotFound):
        page_queries.engagement(invitation.id, scene.toolmaker)
    assert page_queries.engagements(scene.product, scene.toolmaker) == []
    with pytest.raises(Forbidden):
        workflow.fire(invitation, "accept", scene.leader, now=clock.now())
    a_participant(scene.product, an_organisation("factory"))


def test_an_answer_is_given_once(session):
    scene = Scene()
    invitation = scene.invitation(scene.firm)
    seen = invitation.version
    engagement_service.move(invitation, "accept", scene.designer, clock.now(), expected=seen)
    with pytest.raises(Conflict):
        engagement_service.move(invitation, "accept", scene.designer, clock.now(), expected=seen)


def test_a_stopped_product_withdraws_what_waits(session):
    scene = Scene()
    invitation, owed, agreement = scene.invitation(scene.firm), scene.deliverable(), scene.proposed()
    workflow.fire(scene.product, "stop", scene.leader, "不做了", clock.now())
    assert (invitation.state, owed.state, agreement.state) == ("withdrawn", "dropped", "withdrawn")
