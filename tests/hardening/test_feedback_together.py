"""Cases 34, 37 and 41 for feedback packs: acknowledged once whoever presses at once, compiled once, and whole or not at all."""

import pytest
from sqlalchemy import func, select

from incubator.feedback import service
from incubator.feedback.models import FeedbackAction, FeedbackPack, PackSection
from incubator.kernel import access, clock
from incubator.kernel.errors import Conflict
from tests.feedback.builders import Desk
from tests.sourcing.test_concurrency import at_once


def number(session, model):
    session.rollback()
    return session.scalar(select(func.count(model.id)))


def test_case_34_five_acknowledge_one_pack_and_each_promise_is_made_once(app, session):
    desk = Desk()
    pack = desk.pack("read")
    desk.answer(pack)
    pack_id, now = pack.id, clock.now()
    session.commit()

    def acknowledge():
        return service.acknowledge(access.get_visible(FeedbackPack, pack_id, desk.maker_actor), desk.maker_actor, now)

    results = at_once(app, *[acknowledge] * 5)
    assert sum(isinstance(r, Conflict) for r in results) == 4
    assert number(session, FeedbackAction) == 2


def test_case_37_four_compile_one_week_and_each_factory_has_one_pack(app, session):
    desk = Desk()
    desk.drafts()
    session.commit()
    at_once(app, *[lambda: service.compile_week(desk.week, desk.actor, clock.now())] * 4)
    assert number(session, FeedbackPack) == 1 and number(session, PackSection) == 2


def test_case_41_a_pack_whose_compilation_dies_is_not_there_and_comes_out_the_same_again(session, monkeypatch):
    class Killed(BaseException):
        pass

    desk = Desk()
    draft = desk.drafts()[desk.factory.id]
    session.commit()
    with monkeypatch.context() as patched:
        patched.setattr(service.audit, "record", lambda *_given, **_more: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            service.compile_pack(desk.brand.id, desk.week, draft, desk.actor, clock.now())
    assert number(session, FeedbackPack) == number(session, PackSection) == 0
    assert desk.drafts()[desk.factory.id].rows == draft.rows
    pack = desk.pack("compiled")
    assert [(s.code, s.units, s.suggestion) for s in pack.sections] == [(r["code"], r["units"], r["suggestion"]) for r in draft.rows]
