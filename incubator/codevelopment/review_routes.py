"""Judging a deliverable: decisions, steps of its lifecycle, annotations."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext

from incubator.codevelopment import annotation_service, forms, page_queries, service
from incubator.codevelopment.annotation_models import Annotation
from incubator.codevelopment.blueprint import blueprint
from incubator.codevelopment.deliverable_routes import ROLES, deliverable_page, to
from incubator.kernel import access, clock, web
from incubator.kernel.forms import Confirmation


@blueprint.post("/deliverables/<int:deliverable_id>/decide")
@web.allow("brand")
def decide(deliverable_id: int) -> Any:
    deliverable = page_queries.whole(deliverable_id, web.actor())
    form = forms.DecideForm()
    if not form.validate():
        return deliverable_page(deliverable, decide_form=form)
    service.decide(
        deliverable, form.outcome.data, form.reason.data, form.number.data, web.actor(), clock.now(), form.version.data
    )  # fmt: skip
    flash(gettext("Decided. The owner has been told."), "success")
    return to(deliverable)


@blueprint.post("/deliverables/<int:deliverable_id>/move/<any(review, reopen, drop):event>")
@web.allow("brand")
def move(deliverable_id: int, event: str) -> Any:
    deliverable = page_queries.whole(deliverable_id, web.actor())
    form = forms.StepForm()
    form.require()
    service.move(deliverable, event, web.actor(), clock.now(), form.note.data, form.version.data)
    return to(deliverable)


@blueprint.post("/deliverables/<int:deliverable_id>/annotations")
@web.allow(*ROLES)
def annotate(deliverable_id: int) -> Any:
    """A pin or a rectangle on a picture, placed by hand, by touch or by its figures."""
    actor = web.actor()
    deliverable = page_queries.whole(deliverable_id, actor)
    form = forms.AnnotationForm()
    if not form.validate():
        return deliverable_page(deliverable, annotation_form=form)
    made = annotation_service.add(
        deliverable, form.file_id.data, form.shape.data, form.place(), form.body.data, actor, clock.now()
    )  # fmt: skip
    return to(deliverable, file=made.file_id, _anchor=f"annotation-{made.number}")


def _back(annotation: Annotation) -> Any:
    shown = web.local_path(request.form.get("next"), url_for("codevelopment.show", deliverable_id=annotation.deliverable_id))
    return redirect(f"{shown}#annotation-{annotation.number}")


@blueprint.post("/annotations/<int:annotation_id>/remarks")
@web.allow(*ROLES)
def answer(annotation_id: int) -> Any:
    annotation = access.get_visible(Annotation, annotation_id, web.actor())
    form = forms.RemarkForm()
    form.require()
    deliverable = page_queries.whole(annotation.deliverable_id, web.actor())
    annotation_service.answer(annotation, deliverable, form.body.data, web.actor(), clock.now())
    return _back(annotation)


@blueprint.post("/annotations/<int:annotation_id>/<any(resolve, reopen):event>")
@web.allow(*ROLES)
def settle(annotation_id: int, event: str) -> Any:
    annotation = access.get_visible(Annotation, annotation_id, web.actor())
    Confirmation().require()
    deliverable = page_queries.whole(annotation.deliverable_id, web.actor())
    annotation_service.settle(annotation, deliverable, event == "resolve", web.actor(), clock.now())
    return _back(annotation)
