"""The page of a pack: a card per SKU with its figures, and beside each the answer that the actor may give or read. It decides nothing."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import render_template

from incubator.feedback import drawing, finding_words, forms, queries, suggesting, words
from incubator.feedback.models import FeedbackAction, FeedbackAnswer, FeedbackPack, PackSection
from incubator.kernel import access, clock, workflow
from incubator.kernel.actor import Actor
from incubator.launches import words as launch_words


@dataclass(frozen=True)
class Card:
    """One SKU as the page shows it; `row` is its part of the form, None for a reader."""

    section: PackSection
    bars: list[drawing.Bar]
    answer: FeedbackAnswer | None
    action: FeedbackAction | None
    row: Any
    photos: list[Any]
    remarks: int
    may_ask: bool

    @property
    def sold(self) -> int:
        return sum(n or 0 for n in self.section.units)

    @property
    def back(self) -> int:
        return sum(n or 0 for n in self.section.returned)

    @property
    def is_answered(self) -> bool:
        return self.answer is not None and self.answer.is_complete


def render(pack: FeedbackPack, actor: Actor, filled: forms.PackForm | None = None, *, by_width: bool = False) -> Any:
    """The page with its status; `filled` is a form that came back with errors. `by_width`: a narrow screen goes on to one SKU after the other."""
    answers = queries.answers(pack, actor)
    may_answer = access.may("feedback.answer", actor, pack)
    form = filled or (blank(pack, answers) if may_answer else None)
    cards = cards_of(pack, answers, form, actor)
    today = clock.today(actor.timezone)
    page = render_template(
        "feedback/pack.html", pack=pack, cards=cards, form=form, state=workflow.state_of(pack), words=words, named=launch_words.named,
        offers=[o for o in workflow.available(pack, actor) if o.event == "send"], answered=sum(1 for c in cards if c.is_answered),
        may_compile=pack.state == "compiled" and access.may("feedback.compile", actor, pack), today=today, weeks=weeks(pack),
        days={choice: suggesting.day_for(choice, today) for choice in suggesting.DAYS}, is_brand=actor.role == "brand",
        until=pack.week + timedelta(days=6), unseen=may_answer and pack.read_at is None, height=drawing.HEIGHT, width=drawing.WIDTH,
        said=finding_words, by_width=by_width,
    )  # fmt: skip
    return page, 422 if filled is not None and (filled.errors or filled.form_errors) else 200


def weeks(pack: FeedbackPack) -> list[date]:
    """The Mondays of the eight weeks."""
    return [pack.week - timedelta(weeks=n) for n in reversed(range(8))]


def blank(pack: FeedbackPack, answers: dict[int, FeedbackAnswer]) -> forms.PackForm:
    """The form with what has been saved."""
    rows = [{"section_id": s.id, **_saved(answers.get(s.id))} for s in pack.sections]
    return forms.PackForm(formdata=None, data={"answers": rows, "drafts": pack.drafts})


def _saved(answer: FeedbackAnswer | None) -> dict[str, Any]:
    if answer is None:
        return {}
    return {name: getattr(answer, name) for name in ("choice", "quantity", "on", "what", "lot", "note")}


def cards_of(pack: FeedbackPack, answers: dict[int, FeedbackAnswer], form: forms.PackForm | None, actor: Actor) -> list[Card]:
    """A card per section, in a fixed number of queries."""
    ids = [s.id for s in pack.sections]
    actions, remarks = queries.actions_of(pack, actor), queries.remarks(ids, actor)
    photos, products = queries.photos("feedback_section", ids, actor), queries.joined([s.product_id for s in pack.sections], actor)
    rows = {row.form.section_id.data: row.form for row in form.answers} if form else {}
    return [
        Card(
            s, drawing.bars(s.units, s.returned), answers.get(s.id), actions.get(s.id), rows.get(s.id), photos.get(s.id, []),
            remarks.get(s.id, 0), s.product_id in products,
        )
        for s in pack.sections
    ]  # fmt: skip


def proposed(pack: FeedbackPack, saved: dict[int, dict[str, Any]], today: date) -> dict[int, dict[str, Any]]:
    """The suggestions as answers for the SKUs that `saved` leaves open; one without a suggestion carries on."""
    found = dict(saved)
    for section in pack.sections:
        if not found.get(section.id, {}).get("choice"):
            found[section.id] = {**found.get(section.id, {}), **suggested(section, today)}
    return found


def suggested(section: PackSection, today: date) -> dict[str, Any]:
    """The suggestion of one SKU as an answer."""
    choice = section.suggestion["choice"] or "carry_on"
    touched = [r["attribute"] for r in section.requirements if r["touched"]]
    what = " · ".join([words.why(section.suggestion), *touched[:2]]) if choice == "fix" else ""
    return {
        "choice": choice,
        "quantity": section.suggestion["params"].get("quantity"),
        "on": suggesting.day_of(section.suggestion, today),
        "what": what,
    }
