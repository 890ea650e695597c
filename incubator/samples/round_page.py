"""The page of a round: its steps, results, photos, remarks and the one card that says what comes next. It decides nothing."""

from dataclasses import replace
from typing import Any

from flask import render_template
from flask_babel import lazy_gettext as _l

from incubator.kernel import access, clock, workflow
from incubator.kernel.actor import Actor
from incubator.kernel.i18n import day
from incubator.products import comments, frame
from incubator.samples import decision_service, forms, judging, queries, results, words
from incubator.samples.models import SampleRound
from incubator.samples.policies import APPROVED

MEASURED = _l("Measurement done")
ORDER = ("requested", "in_making", "shipped", "received", "measured")


def render(round: SampleRound, actor: Actor, **filled: Any) -> Any:
    """The page with its status; `filled` holds a form that came back with errors, by the name of its step."""
    general, by_requirement = queries.photos(round, actor)
    page = render_template(
        "samples/show.html", round=round, words=words, state=workflow.state_of(round), steps=steps(round), written=judging.shown,
        lines=results.lines(round, queries.previous(round, actor), by_requirement), photos=general,
        photo_total=len(general) + sum(len(found) for found in by_requirement.values()), least_photos=decision_service.LEAST_PHOTOS,
        offers=_offers(round, actor), forms=_forms(round, actor, filled),
        may_change=access.may("sample.change", actor, round), may_measure=access.may("sample.measure", actor, round),
        may_photograph=access.may("sample.photograph", actor, round), may_request=access.may("sample.request", actor, round.product),
        today=clock.today(actor.timezone), thread=_thread(round, actor), **frame.frame_context(round.product, actor, "samples"),
    )  # fmt: skip
    return page, 422 if any(form.errors or form.form_errors for form in filled.values()) else 200


def _offers(round: SampleRound, actor: Actor) -> dict[str, Any]:
    """By event; None for what is not the actor's to do now."""
    found = {offer.event: offer for offer in workflow.available(round, actor)}
    return {t.event: found.get(t.event) for t in workflow.machine_of(round).transitions}


def _thread(round: SampleRound, actor: Actor) -> Any:
    """Remarks on a round are read by the brand alone, or by the brand and the round's factory; no other party is offered."""
    thread = comments.thread_context(round.product, round, actor)
    return replace(thread, audiences=[pair for pair in thread.audiences if pair[0] == round.factory_id])


def _forms(round: SampleRound, actor: Actor, filled: dict[str, Any]) -> dict[str, Any]:
    """The empty forms of the steps that may come next, with what is likely already in them."""
    today, version = clock.today(actor.timezone), round.version
    photo = forms.PhotoForm(formdata=None)
    photo.requirement_id.choices = [(0, _l("The sample as a whole")), *((r.id, r.attribute) for r in round.requirements)]
    blank = {
        "ship": forms.ShipForm(formdata=None, version=version, shipped_on=today),
        "receive": forms.ReceiveForm(formdata=None, version=version, received_on=today, pieces=round.pieces),
        "decide": forms.DecideForm(formdata=None, version=version, comments=_remarks(round)),
        "seal": forms.SealForm(formdata=None, version=version, kept_by_brand=True, kept_by_factory=True),
        "photo": photo,
    }
    return blank | filled


def _remarks(round: SampleRound) -> list[dict[str, Any]]:
    """A row for each requirement that is outside its tolerance."""
    return [{"requirement_id": r.id, "comment": ""} for r in results.failing(round, "must", "should", "could")]


def steps(round: SampleRound) -> list[dict[str, Any]]:
    """The way of this round for the stepper, each step with its day."""
    at = ORDER.index(round.state) if round.state in ORDER else len(ORDER)
    days = (round.created_at, round.started_at, round.shipped_on, round.received_on, round.measured_at)
    machine = workflow.machine_of(round)
    found = [
        {
            "label": MEASURED if name == "measured" and n < at else machine.state(name).label,
            "state": "done" if n < at else "now" if n == at else "todo",
            "note": day(on) if on and n <= at else "",
        }
        for n, (name, on) in enumerate(zip(ORDER, days, strict=True))
    ]
    return found + _last_steps(round)


def _last_steps(round: SampleRound) -> list[dict[str, Any]]:
    decision, golden = round.decision, round.golden
    if decision is None:
        return [{"label": _l("Decision"), "state": "todo"}, {"label": _l("Sealed"), "state": "todo"}]
    word, on = words.OUTCOMES[decision.outcome], day(decision.decided_at)
    if decision.outcome not in APPROVED:
        return [{"label": word, "state": "stopped", "note": on}]
    return [
        {"label": word, "state": "done" if golden else "now", "note": on},
        {"label": _l("Sealed"), "state": "now" if golden else "todo", "note": day(golden.sealed_at) if golden else ""},
    ]
