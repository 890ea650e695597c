"""Writing a remark, and the names offered while one types `@`."""

from typing import Any

from flask import flash, jsonify, redirect, request
from flask_babel import gettext as _

from incubator.kernel import clock, web
from incubator.kernel.actor import ORGANISATION_KINDS
from incubator.kernel.errors import NotFound
from incubator.products import comments, frame
from incubator.products.blueprint import blueprint
from incubator.products.forms import CommentForm


@blueprint.post("/products/<int:product_id>/comments")
@web.allow(*ORGANISATION_KINDS)
def comment(product_id: int) -> Any:
    """Add a remark to a record of the product and return to the page that shows it."""
    form = CommentForm()
    form.require()
    actor = web.actor()
    subject, product, page = comments.subject_of(form.subject_type.data, form.subject_id.data, actor)
    if product.id != product_id:
        raise NotFound()
    comments.add(product, subject, form.body.data, form.audience_id.data, actor, clock.now())
    flash(_("Your comment has been added."), "success")
    return redirect(page if "#" in page else f"{page}#comments")


@blueprint.get("/products/<int:product_id>/mentions")
@web.allow(*ORGANISATION_KINDS)
def mentions(product_id: int) -> Any:
    """JSON for the list under the text field."""
    product = frame.find(product_id, web.actor())
    return jsonify(comments.suggestions(product, request.args.get("q", "")[:60], web.actor()))
