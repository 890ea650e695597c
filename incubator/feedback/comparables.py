"""The SKU of an action beside comparable ones of its brand and category, as arrays for `effects`. A fixed number of queries; it writes nothing."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func

from incubator.feedback import effects, finding_service, window
from incubator.feedback.comparing import LEAST_FACTORIES
from incubator.feedback.exposure import LEAD, USUAL_KEEP
from incubator.feedback.models import FeedbackAction
from incubator.feedback.window import WEEK
from incubator.kernel import access
from incubator.kernel.actor import SYSTEM
from incubator.kernel.bulk import id_set
from incubator.kernel.db import db
from incubator.launches.models import Sku
from incubator.products.models import Product
from incubator.sales.models import SkuWeek

USUAL_PHI = 1.2  # of a brand at which nothing was looked for yet


@dataclass(frozen=True)
class Weeks:
    """The Mondays before and after a change; the week of the change itself lies between them."""

    before: list[date]
    after: list[date]

    @property
    def first(self) -> date:
        return self.before[0]

    @property
    def span(self) -> int:
        return (self.after[-1] - self.first).days // 7 + 1

    @property
    def since(self) -> int:
        return (self.after[0] - self.first).days // 7


@dataclass(frozen=True)
class Measured:
    """What was measured of one action: alone, and beside comparable SKUs with their codes and the number of other factories behind them."""

    alone: effects.Effect
    beside: effects.Effect
    controls: list[str]
    factories: int

    @property
    def told(self) -> effects.Effect:
        """What both sides are told."""
        return self.beside if self.beside.controls and self.factories >= LEAST_FACTORIES else self.alone


def measured(action: FeedbackAction, weeks: Weeks) -> Measured:
    """The effect of an action, from the sales of its SKU while its factory made it and of the SKUs that are comparable."""
    import numpy as np  # noqa: PLC0415 - heavy

    codes = _codes(action)
    ids = [action.sku_id, *sorted(set(codes) - _changed(action, weeks) - {action.sku_id})]
    orders, returned = _table(action.brand_id, ids, weeks)
    makers = window.makers(action.brand_id)
    own = np.array([window.made_by(makers, action.sku_id, monday) == action.factory_id for monday in _mondays(weeks)])
    orders[0], returned[0] = orders[0] * own, returned[0] * own[LEAD:]
    run = finding_service.latest_noise(action.brand_id)
    parts = effects.halves(orders, returned, run.keep if run else USUAL_KEEP, len(weeks.before), weeks.since)
    weekly = (parts[0].back_before + parts[0].back_after) / (len(weeks.before) + len(weeks.after))
    phi = 1 + run.delta + run.kappa * weekly if run else USUAL_PHI
    chosen = [n + 1 for n in effects.comparable(parts[0], parts[1:])]
    behind = {window.made_by(makers, ids[n], weeks.after[-1]) for n in chosen} - {None, action.factory_id}
    beside = effects.measured(parts[0], [parts[n] for n in chosen], phi)
    return Measured(effects.measured(parts[0], [], phi), beside, sorted(codes[ids[n]] for n in chosen), len(behind))


def _mondays(weeks: Weeks) -> list[date]:
    return [weeks.first + (n - LEAD) * WEEK for n in range(weeks.span + LEAD)]


def _codes(action: FeedbackAction) -> dict[int, str]:
    """id → code of the SKUs of the action's brand and category."""
    category = access.select_visible(Product, SYSTEM, Product.category).where(Product.id == action.product_id).scalar_subquery()
    query = access.select_visible(Sku, SYSTEM, Sku.id, Sku.code).join(Product, Product.id == Sku.product_id)
    rows = db.session.execute(query.where(Sku.brand_id == action.brand_id, Product.category == category))
    return {row.id: row.code for row in rows}


def _changed(action: FeedbackAction, weeks: Weeks) -> set[int]:
    """SKUs of which something was changed in these weeks."""
    query = access.select_visible(FeedbackAction, SYSTEM, FeedbackAction.sku_id).where(FeedbackAction.brand_id == action.brand_id)
    query = query.where(FeedbackAction.state == "done", FeedbackAction.kind.in_(("fix", "stop")))
    return set(db.session.scalars(query.where(FeedbackAction.done_on.between(weeks.first, weeks.after[-1] + timedelta(days=6)))))


def _table(brand_id: int, ids: list[int], weeks: Weeks) -> tuple[Any, Any]:
    """Orders [S, LEAD + weeks] and returned orders [S, weeks] of these SKUs, in their order."""
    import numpy as np  # noqa: PLC0415 - heavy

    first, place = weeks.first - LEAD * WEEK, {sku_id: n for n, sku_id in enumerate(ids)}
    columns = (SkuWeek.sku_id, SkuWeek.week, func.sum(SkuWeek.orders).label("orders"), func.sum(SkuWeek.returned_orders).label("back"))
    query = access.select_visible(SkuWeek, SYSTEM, *columns).where(
        SkuWeek.brand_id == brand_id, SkuWeek.week.between(first, weeks.after[-1])
    )
    query = query.where(SkuWeek.sku_id.in_(id_set(ids)))
    orders, back = (np.zeros((len(ids), weeks.span + LEAD), dtype=np.int64) for _ in range(2))
    for row in db.session.execute(query.group_by(SkuWeek.sku_id, SkuWeek.week)):
        at = (row.week - first).days // 7
        orders[place[row.sku_id], at], back[place[row.sku_id], at] = int(row.orders), int(row.back)
    return orders, back[:, LEAD:]
