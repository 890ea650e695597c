"""What series production asks of samples: one that is sealed. It decides nothing."""

from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.kernel import access
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.products.models import Product
from incubator.products.readiness import register_check
from incubator.samples.models import GoldenSample


def _a_golden_sample_is_sealed(product: Product, actor: Actor) -> Any:
    """The reason against, while no golden sample of the product is valid."""
    sealed = access.select_visible(GoldenSample, actor, GoldenSample.id)
    if db.session.scalar(sealed.where(GoldenSample.product_id == product.id, GoldenSample.state == "valid").limit(1)):
        return None
    return _l("Seal the approved sample first: series production is measured against it.")


register_check("golden_sample", _l("A golden sample is sealed"), _a_golden_sample_is_sealed, 20)
