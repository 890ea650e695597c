"""The screens of a phone: one SKU after the other, then the whole in a list to acknowledge; and the questions between the two sides."""

from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext

from incubator.feedback import (
    action_service,
    answer_service,
    pack_page,
    queries,
    question_service,
    screen_queries,
    service,
    sku_forms,
    sku_page,
    words,
)
from incubator.feedback.blueprint import blueprint
from incubator.feedback.models import FeedbackPack
from incubator.feedback.question_models import FeedbackQuestion
from incubator.kernel import access, clock, web, workflow
from incubator.kernel.forms import Confirmation
from incubator.launches import words as launch_words

SIDES = ("brand", "factory")


VIEWS = ("one", "all")  # one SKU after the other, or the whole pack on one page


def is_phone() -> bool:
    """Whether the browser says that it is one of a phone."""
    return request.headers.get("Sec-CH-UA-Mobile") == "?1" or "Mobi" in request.user_agent.string


def chosen_view() -> str:
    """What this person chose last for packs; blank while nothing was chosen, so that the width of the screen decides."""
    found = session.get("pack_view", "")
    return str(found) if found in VIEWS else ""


def to_view(pack: FeedbackPack) -> Any:
    """Keep the choice of the address for packs to come, and show this one so; None where the address chooses nothing."""
    chosen = request.args.get("choose")
    if chosen not in VIEWS:
        return None
    session["pack_view"] = chosen
    return to_next(pack) if chosen == "one" else redirect(url_for("feedback.pack", pack_id=pack.id, view="all"))


def to_next(pack: FeedbackPack, after: int = 0) -> Any:
    """The first SKU after this one that waits for an answer; the list at the end when none does. Who cannot answer begins with the first."""
    progress = screen_queries.progress(pack, web.actor(), after)
    if not progress.total:
        return redirect(url_for("feedback.pack", pack_id=pack.id, view="all"))
    number = progress.next if access.may("feedback.answer", web.actor(), pack) else 1
    if number is None:
        return redirect(url_for("feedback.finish_pack", pack_id=pack.id))
    return redirect(url_for("feedback.sku", pack_id=pack.id, number=number))


@blueprint.get("/feedback/packs/<int:pack_id>/skus/<int:number>")
@web.allow(*SIDES)
def sku(pack_id: int, number: int) -> Any:
    """One SKU; the first is number 1."""
    return sku_page.render(screen_queries.head(pack_id, web.actor()), number, web.actor())


@blueprint.post("/feedback/packs/<int:pack_id>/skus/<int:number>")
@web.allow("factory")
def answer_sku(pack_id: int, number: int) -> Any:
    """Keep the answer to this SKU and go to the next that waits."""
    actor, now, form = web.actor(), clock.now(), sku_forms.SkuForm()
    pack = screen_queries.head(pack_id, actor)
    section = screen_queries.section_at(pack, number, actor)
    if form.validate():
        with form.shows_refusals():
            answer_service.answer_one(section, form.as_data(), form.shown.data or "", actor, now)
            action_service.photograph(section, form.photos.data or (), actor, now)
            return to_next(pack, number)
    return sku_page.render(screen_queries.head(pack_id, actor), number, actor, form)


@blueprint.get("/feedback/packs/<int:pack_id>/finish")
@web.allow(*SIDES)
def finish_pack(pack_id: int) -> Any:
    """Every answer in a list, and the button that makes promises of them."""
    actor = web.actor()
    pack = screen_queries.head(pack_id, actor)
    return render_template(
        "feedback/finish.html", pack=pack, rows=screen_queries.summary(pack, actor), state=workflow.state_of(pack), words=words,
        named=launch_words.named, progress=screen_queries.progress(pack, actor), today=clock.today(actor.timezone),
        may_answer=access.may("feedback.answer", actor, pack), is_brand=actor.role == "brand",
    )  # fmt: skip


@blueprint.post("/feedback/packs/<int:pack_id>/rest")
@web.allow("factory")
def take_suggestions(pack_id: int) -> Any:
    """Answer every SKU that is still open as suggested; nothing is promised before it is acknowledged."""
    actor, pack = web.actor(), queries.whole(pack_id, web.actor())
    Confirmation().require()
    answered = {i for i, a in queries.answers(pack, actor).items() if a.is_complete}
    proposed = pack_page.proposed(pack, {}, clock.today(actor.timezone))
    service.answer(pack, {i: data for i, data in proposed.items() if i not in answered}, actor, clock.now())
    return redirect(url_for("feedback.finish_pack", pack_id=pack_id))


@blueprint.post("/feedback/packs/<int:pack_id>/acknowledge")
@web.allow("factory")
def acknowledge(pack_id: int) -> Any:
    Confirmation().require()
    service.acknowledge(queries.whole(pack_id, web.actor()), web.actor(), clock.now())
    flash(gettext("Thank you. The brand has been told, and your promises stand in your list."), "success")
    return redirect(url_for("feedback.finish_pack", pack_id=pack_id))


@blueprint.post("/feedback/sections/<int:section_id>/questions")
@web.allow(*SIDES)
def ask(section_id: int) -> Any:
    """The factory asks, the brand answers, on the screen of the SKU."""
    actor, form = web.actor(), sku_forms.QuestionForm()
    section = queries.section(section_id, actor)
    form.require()
    say = question_service.ask if actor.role == "factory" else question_service.reply
    say(section, form.body.data, actor, clock.now())
    flash(
        gettext("Sent. %(name)s has been told.", name=section.pack.brand.label if actor.role == "factory" else section.pack.factory.label),
        "success",
    )
    return redirect(url_for("feedback.sku", pack_id=section.pack_id, number=section.position + 1, _anchor="questions"))


@blueprint.post("/feedback/questions/<int:question_id>/settle")
@web.allow(*SIDES)
def settle_question(question_id: int) -> Any:
    question = access.get_visible(FeedbackQuestion, question_id, web.actor())
    Confirmation().require()
    question_service.settle(question, web.actor(), clock.now())
    return redirect(url_for("feedback.sku", pack_id=question.pack_id, number=question.section.position + 1, _anchor="questions"))
