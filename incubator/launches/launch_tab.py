"""The tab “Launch” of a product: its frame, its four steps and how far each has come. Reads only, for the brand."""

from typing import Any

from flask import url_for
from flask_babel import gettext

from incubator.kernel.actor import Actor
from incubator.products import frame
from incubator.products.models import Product

STEPS = ("overview", "gate", "tests", "checklist")


def context(product: Product, actor: Actor, active: str) -> dict[str, Any]:
    """The frame, and `steps`: the pages of this tab for the brand."""
    labels = {
        "overview": gettext("Overview"), "gate": gettext("Pre-production"), "tests": gettext("Test launch"), "checklist": gettext("Checklist"),
    }  # fmt: skip
    urls = {
        "overview": url_for("launches.tab", product_id=product.id),
        "gate": url_for("launches.gate", product_id=product.id),
        "tests": url_for("launches.tests", product_id=product.id),
        "checklist": url_for("launches.checklist", product_id=product.id),
    }
    steps = [{"label": labels[key], "url": urls[key], "active": key == active} for key in STEPS]
    return {"steps": steps, **frame.frame_context(product, actor, "launch")}
