"""Questions and answers: the brand's page, and where a factory asks."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from incubator.kernel import access, clock, web
from incubator.kernel.errors import NotFound
from incubator.sourcing import forms, page, queries, question_service, quotation_forms, quotation_queries
from incubator.sourcing.blueprint import blueprint
from incubator.sourcing.models import Rfq, RfqQuestion


@blueprint.get("/rfqs/<int:rfq_id>/questions")
@web.allow("brand")
def questions(rfq_id: int) -> Any:
    return _questions_page(queries.whole(rfq_id, web.actor()))


def _questions_page(rfq: Rfq, answered: int | None = None, answer_form: Any = None, clarify_form: Any = None) -> Any:
    """The page; a form that came back stands where it was filled in."""
    actor = web.actor()
    drawn = render_template(
        "sourcing/questions.html", questions=queries.questions(rfq, actor), clarifications=queries.clarifications(rfq, actor),
        may_answer=access.may("rfq.answer", actor, rfq), answered=answered, answer_form=answer_form, blank=forms.AnswerForm(formdata=None),
        clarify_form=clarify_form or forms.ClarifyForm(formdata=None), **page.context(rfq, actor, "questions"),
    )  # fmt: skip
    return drawn, 422 if answer_form or clarify_form else 200


@blueprint.post("/rfqs/<int:rfq_id>/questions/<int:question_id>/answer")
@web.allow("brand")
def answer(rfq_id: int, question_id: int) -> Any:
    actor = web.actor()
    rfq = queries.whole(rfq_id, actor)
    question: RfqQuestion = access.get_visible(RfqQuestion, question_id, actor)
    if question.rfq_id != rfq.id:
        raise NotFound()
    form = forms.AnswerForm()
    if form.validate():
        with form.shows_refusals():
            question_service.answer(
                rfq, question, form.answer.data, actor, clock.now(), publish=form.publish.data, public_question=form.public_question.data
            )
            flash(gettext("Answered."), "success")
            return redirect(url_for("sourcing.questions", rfq_id=rfq.id))
    return _questions_page(queries.whole(rfq_id, actor), question_id, form)


@blueprint.post("/rfqs/<int:rfq_id>/clarifications")
@web.allow("brand")
def clarify(rfq_id: int) -> Any:
    rfq, form = queries.whole(rfq_id, web.actor()), forms.ClarifyForm()
    if not form.validate():
        return _questions_page(rfq, clarify_form=form)
    question_service.clarify(rfq, form.question.data, form.answer.data, web.actor(), clock.now())
    flash(gettext("Every factory that was asked reads it now."), "success")
    return redirect(url_for("sourcing.questions", rfq_id=rfq.id))


@blueprint.post("/rfqs/<int:rfq_id>/ask")
@web.allow("factory")
def ask(rfq_id: int) -> Any:
    actor = web.actor()
    rfq = queries.whole(rfq_id, actor)
    form = quotation_forms.QuestionForm()
    form.require()
    question_service.ask(quotation_queries.own(rfq, actor), form.text.data, actor, clock.now())
    flash(gettext("Asked. The answer comes by mail and stands here."), "success")
    return redirect(url_for("sourcing.show", rfq_id=rfq.id, _anchor="questions"))
