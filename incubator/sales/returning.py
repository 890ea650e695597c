"""Return rates of a brand's SKUs over the eight weeks that a grade looks at, as `shrinkage` tells them: for lists, cards and packs. It writes nothing."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import func

from incubator.kernel import access
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.launches.models import Sku
from incubator.products.models import Product
from incubator.sales import shrinkage
from incubator.sales.models import SkuWeek

WEEKS = 8


def told(brand_id: int, week: date) -> dict[int, dict[str, Any]]:
    """SKU → its rate with intervals, counts and the prior's mean and source, as JSON; of every SKU that sold or had returns. One query."""
    import numpy as np  # noqa: PLC0415 - heavy

    rows = db.session.execute(_counts(brand_id, week)).all()
    if not rows:
        return {}
    names = sorted({row.category for row in rows if row.category})
    category = np.array([names.index(row.category) if row.category else -1 for row in rows])
    orders, back = (np.array([int(getattr(row, name)) for row in rows]) for name in ("orders", "back"))
    found = shrinkage.rates(back, orders, category)
    ends = zip(found.mean, found.low90, found.high90, found.low95, found.high95, strict=True)
    return {
        row.sku_id: {
            "orders": int(row.orders), "returned": int(row.back), "weeks": WEEKS, "rate": _share(rate), "low90": _share(low90), "high90": _share(high90),
            "low": _share(low), "high": _share(high), "prior": prior.source, "usual": _share(prior.mean),
        }
        for row, prior, (rate, low90, high90, low, high) in zip(rows, found.prior, ends, strict=True)
    }  # fmt: skip


def _share(value: Any) -> float:
    return round(float(value), 5)


def _counts(brand_id: int, week: date) -> Any:
    orders, back = func.sum(SkuWeek.orders).label("orders"), func.sum(SkuWeek.returned_orders).label("back")
    query = access.select_visible(SkuWeek, SYSTEM, SkuWeek.sku_id, Product.category, orders, back)
    query = query.join(Sku, Sku.id == SkuWeek.sku_id).join(Product, Product.id == Sku.product_id)
    query = query.where(SkuWeek.brand_id == brand_id, SkuWeek.week.between(week - timedelta(weeks=WEEKS - 1), week))
    return query.group_by(SkuWeek.sku_id, Product.category).order_by(SkuWeek.sku_id)
