"""The Feedback tab of a product: what packs told of its SKUs, week by week, and what came of it."""

from flask import render_template, request
from flask_babel import lazy_gettext as _l

from incubator.feedback import drawing, queries, words
from incubator.feedback.blueprint import blueprint
from incubator.feedback.models import FeedbackAction, FeedbackPack
from incubator.kernel import web, workflow
from incubator.launches import words as launch_words
from incubator.products import frame

SIDES = ("brand", "factory")


@blueprint.get("/products/<int:product_id>/feedback")
@web.allow(*SIDES)
def of_product(product_id: int) -> str:
    actor = web.actor()
    product = frame.find(product_id, actor)
    page = queries.of_product(product, actor, request.args.get("cursor"))
    return render_template(
        "feedback/of_product.html", page=page, bars=[drawing.bars(row.units, row.returned) for row in page.rows], words=words,
        named=launch_words.named, packs=workflow.machines[FeedbackPack], actions=workflow.machines[FeedbackAction], height=drawing.HEIGHT,
        width=drawing.WIDTH, **frame.frame_context(product, actor, "feedback"),
    )  # fmt: skip


frame.register_tab("feedback", _l("Feedback"), "feedback.of_product", 70, SIDES)
