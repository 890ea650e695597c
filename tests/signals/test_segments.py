"""Segments: evidence, requirements, and the brief that comes of them."""

import pytest
from sqlalchemy import select

from incubator.accounts.models import User
from incubator.briefs.models import ProductBrief
from incubator.kernel import clock, workflow
from incubator.kernel.audit import AuditEntry
from incubator.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from incubator.signals import segment_queries, segment_service
from incubator.signals.segment_models import Segment
from tests.builders import a_programme, an_actor, an_organisation, sign_in
from tests.signals.builders import a_segment, a_voice


@pytest.fixture
def actor(session):
    found = an_actor(an_organisation("brand"))
    session.commit()
    return found


def test_a_segment_is_named_when_voices_and_requirements_say_so(actor):
    segment = a_segment(actor)
    with pytest.raises(Refused, match="a requirement"):
        workflow.fire(segment, "name", actor)
    segment = a_segment(actor, voices=2)
    with pytest.raises(Refused, match="three voices"):
        workflow.fire(segment, "name", actor)
    segment_service.choose(segment, [a_voice(actor).id], None, actor, clock.now())
    assert workflow.fire(segment, "name", actor).state == "named"


def test_nobody_marks_a_segment_as_briefed_by_hand_and_a_drop_needs_a_reason(actor):
    segment = a_segment(actor, voices=3)
    workflow.fire(segment, "name", actor)
    with pytest.raises(Forbidden):
        workflow.fire(segment, "brief", actor)
    with pytest.raises(Invalid):
        workflow.fire(segment, "drop", actor)
    workflow.fire(segment, "drop", actor, note="补贴买出来的")
    with pytest.raises(Forbidden):
        segment_service.choose(segment, [a_voice(actor).id], None, actor, clock.now())


def test_a_voice_is_chosen_once_and_only_ones_own(actor, session):
    segment, voice = a_segment(actor, voices=3), a_voice(actor)
    foreign = a_voice(an_actor(an_organisation("brand")))
    assert segment_service.choose(segment, [voice.id, voice.id, foreign.id, 987_654], None, actor, clock.now()) == 1
    assert segment_service.choose(segment, [voice.id], segment.requirements[0].id, actor, clock.now()) == 0
    assert {e.requirement_id for e in segment.evidence} == {segment.requirements[0].id} and len(segment.evidence) == 4
    with pytest.raises(Invalid):
        segment_service.choose(segment, [voice.id], 987_654, actor, clock.now())
    segment_service.unchoose(segment, voice.id, actor, clock.now())
    with pytest.raises(NotFound):
        segment_service.unchoose(segment, voice.id, actor, clock.now())


def test_a_removed_requirement_leaves_its_voices_to_the_segment(actor, session):
    segment = a_segment(actor, voices=3)
    segment_service.remove_requirement(segment, segment.requirements[0].id, actor, clock.now())
    session.commit()
    assert [e.requirement_id for e in segment.evidence] == [None] * 3 and segment.requirements == []


def test_case_36_the_second_editor_is_told_and_names_are_unique(actor):
    segment, other = a_segment(actor, name="甲"), a_segment(actor, name="乙")
    data = {n: getattr(segment, n) for n in segment_service.FIELDS}
    stale = segment.version
    segment_service.edit(segment, data | {"need": "新"}, stale, actor, clock.now())
    with pytest.raises(Conflict):
        segment_service.edit(segment, data, stale, actor, clock.now())
    with pytest.raises(Invalid):
        segment_service.edit(
            other, {n: getattr(other, n) for n in segment_service.FIELDS} | {"name": "甲"}, other.version, actor, clock.now()
        )
    with pytest.raises(Invalid):
        a_segment(actor, owner_id=an_actor(an_organisation("brand")).user_id)


def test_candidates_answer_the_question_and_are_not_chosen_yet(actor):
    segment = a_segment(actor, voices=3)
    quiet, fits = a_voice(actor, "很安静"), a_voice(actor, "腰也疼")
    found = {row.id for row in segment_queries.candidates(segment, actor)}
    assert fits.id in found and quiet.id not in found and not found & {e.voice_id for e in segment.evidence}


def test_from_a_segment_a_brief_is_written_with_its_voices_as_evidence(actor, session, app):
    programme = a_programme(session.get_one(User, actor.user_id).memberships[0].organisation)
    segment = a_segment(actor, voices=3)
    workflow.fire(segment, "name", actor)
    session.commit()
    browser = sign_in(app.test_client(), session.get_one(User, actor.user_id))
    assert "Write the brief" in browser.get(f"/signals/segments/{segment.id}").text
    page = browser.get(f"/briefs/new?segment_id={segment.id}").text
    assert "腰托支撑力" in page and "3 voices" in page and segment.name in page
    form = {
        "title": "云朵椅", "type": "hero", "programme_id": programme.id, "segment": segment.name, "buyer_kind": "consumer", "scenario": "test_launch",
        "customisation": "none", "requirements-0-attribute": "腰托支撑力", "requirements-0-operator": "ge", "requirements-0-target": "180",
        "requirements-0-priority": "must", "requirements-0-evidence": "3 voices",
    }  # fmt: skip
    assert browser.post(f"/briefs/new?segment_id={segment.id}", data=form).status_code == 302
    session.expire_all()
    brief = session.scalars(select(ProductBrief)).one()
    assert (brief.state, brief.product.state, brief.requirements[0].evidence) == ("draft", "brief", "3 voices")
    assert (segment.state, segment.product_id) == ("briefed", brief.product_id)
    stages = session.scalars(select(AuditEntry.event).where(AuditEntry.record_type == "product").order_by(AuditEntry.id)).all()
    assert stages == ["product.create", "product.segment", "product.start_brief"]
    assert browser.post(f"/briefs/new?segment_id={segment.id}", data=form).status_code == 409


@pytest.mark.parametrize("kind", ["brand", "factory", "investor"])
def test_case_1_strangers_find_no_segment(actor, session, app, kind):
    segment = a_segment(actor, voices=3)
    browser = sign_in(app.test_client(), session.get_one(User, an_actor(an_organisation(kind)).user_id))
    for path in (f"/signals/segments/{segment.id}", f"/signals/segments/{segment.id}/edit", f"/briefs/new?segment_id={segment.id}"):
        assert browser.get(path).status_code == 404, path
    for path in ("voices", "requirements", "move/name"):
        assert browser.post(f"/signals/segments/{segment.id}/{path}").status_code == 404
    session.expire_all()
    assert session.scalar(select(Segment.state)) == "draft"
