"""The verb of a visit: record it, with the problem that it solved and the one that it brought back. Nothing edits a visit."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func

from incubator.factories import notifying
from incubator.factories.guards import ZONE
from incubator.factories.models import Factory
from incubator.factories.visit_models import FactoryProblem, FieldVisit
from incubator.kernel import access, audit, clock
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Invalid, Refused


def record(factory: Factory, data: dict[str, Any], actor: Actor, now: datetime) -> FieldVisit:
    """Keep a visit of `data`: visited_on, problem_id or found, how, brought, note.

    It solved an open problem of the factory, or one that was `found` there, and says how; and it brought one back. Refused when somebody
    else's visit has solved that problem already; Invalid for a day to come or when one of the two is not told.
    """
    access.require("factory.visit", actor, factory)
    db.session.refresh(factory, with_for_update={"of": Factory})
    _require(data)
    number = access.select_visible(FieldVisit, actor, func.coalesce(func.max(FieldVisit.number), 0)).where(
        FieldVisit.factory_id == factory.id
    )
    visit = FieldVisit(
        factory_id=factory.id, number=(db.session.scalar(number) or 0) + 1, visited_on=data["visited_on"], agent_id=actor.user_id,
        note=data["note"] or "", created_at=now, updated_at=now,
    )  # fmt: skip
    db.session.add(visit)
    db.session.flush()
    _solve(visit, data, actor)
    db.session.add(FactoryProblem(factory_id=factory.id, text=data["brought"], brought_visit_id=visit.id))
    db.session.flush()
    audit.record("factory.visit", factory, actor, now, number=visit.number)
    notifying.tell_factory(factory, "visited", now, "/visits", day=visit.visited_on.isoformat())
    return visit


def _require(data: dict[str, Any]) -> None:
    wrong: dict[str, list[Any]] = {}
    if data["visited_on"] > clock.today(ZONE):
        wrong["visited_on"] = [_l("A visit is recorded after it took place.")]
    if bool(data["problem_id"]) == bool(data["found"]):
        wrong["found"] = [_l("Choose the problem that was solved, or write down one that was found and solved on the spot.")]
    for name in ("how", "brought"):
        if not data[name]:
            wrong[name] = [_l("This cannot be empty.")]
    if wrong:
        raise Invalid(wrong)


def _solve(visit: FieldVisit, data: dict[str, Any], actor: Actor) -> None:
    if not data["problem_id"]:
        db.session.add(FactoryProblem(factory_id=visit.factory_id, text=data["found"], solved_visit_id=visit.id, how=data["how"]))
        return
    problem = access.get_visible(FactoryProblem, data["problem_id"], actor)
    if problem.factory_id != visit.factory_id or problem.solved_visit_id is not None:
        raise Refused(_l("That problem has been solved by another visit."))
    problem.solved_visit_id, problem.how = visit.id, data["how"]
