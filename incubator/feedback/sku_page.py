"""One screen per SKU, made for a phone: what sold, why it came back, what is asked, and the answer in three taps. It decides nothing."""

from datetime import date
from typing import Any

from flask import render_template

from incubator.feedback import (
    answer_service,
    drawing,
    finding_words,
    pack_page,
    playbook_queries,
    queries,
    screen_queries,
    sku_forms,
    suggesting,
    words,
)
from incubator.feedback.models import FeedbackAnswer, FeedbackPack, PackSection
from incubator.kernel import access, clock, workflow
from incubator.kernel.actor import Actor
from incubator.launches import words as launch_words
from incubator.products import comments


def render(pack: FeedbackPack, number: int, actor: Actor, filled: sku_forms.SkuForm | None = None) -> Any:
    """The screen of the SKU with this number, with its status; `filled` is a form that came back with errors."""
    section = screen_queries.section_at(pack, number, actor)
    answer = screen_queries.answers_to([section.id], actor).get(section.id)
    today, may_answer = clock.today(actor.timezone), access.may("feedback.answer", actor, pack)
    form = filled or (blank(section, answer, today) if may_answer else None)
    page = render_template(
        "feedback/sku.html", pack=pack, section=section, card=_card(section, answer, form, actor), form=form, number=number, words=words, said=finding_words,
        named=launch_words.named, progress=screen_queries.progress(pack, actor, number), state=workflow.state_of(pack), today=today,
        weeks=pack_page.weeks(pack), height=drawing.HEIGHT, width=drawing.WIDTH, is_brand=actor.role == "brand",
        unseen=may_answer and pack.read_at is None, questions=screen_queries.questions_of(section, actor), thread=thread(section, actor),
        may_ask=access.may("feedback.ask", actor, section), offered=playbook_queries.fitting(section, actor) if may_answer else [],
    )  # fmt: skip
    return page, 422 if filled is not None and (filled.errors or filled.form_errors) else 200


def _card(section: PackSection, answer: FeedbackAnswer | None, form: Any, actor: Actor) -> pack_page.Card:
    """The same card as on the page of the whole pack."""
    photos = queries.photos("feedback_section", [section.id], actor).get(section.id, [])
    action = screen_queries.action_of(section, actor)
    return pack_page.Card(section, drawing.bars(section.units, section.returned), answer, action, form, photos, 0, True)


def thread(section: PackSection, actor: Actor) -> Any:
    """What the two sides wrote about the SKU; None for who no longer takes part in its product."""
    if not queries.joined([section.product_id], actor):
        return None
    found = comments.thread_context(section.product, section, actor)
    return [pair for pair in found.items if pair[0].audience_id is not None or actor.role == "brand"]


def blank(section: PackSection, answer: FeedbackAnswer | None, today: date) -> sku_forms.SkuForm:
    """The form with what was saved; else with the suggestion taken for chosen, and a day for every choice."""
    proposed = pack_page.suggested(section, today)
    days: dict[str, date | None] = {f"on_{choice}": suggesting.day_for(choice, today) for choice in suggesting.DAYS}
    blank_what = proposed["what"] or words.mend(section.reasons)
    data = {**proposed, **days, "what": blank_what}
    if answer is not None and answer.choice:
        saved = {name: getattr(answer, name) for name in ("choice", "quantity", "lot", "note")}
        data |= {**saved, "what": answer.what or blank_what, f"on_{answer.choice}": answer.on}
        data["quantity"] = answer.quantity or proposed["quantity"]
    return sku_forms.SkuForm(formdata=None, data={**data, "shown": answer_service.seen(answer)})
