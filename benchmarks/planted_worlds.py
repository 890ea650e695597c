"""Worlds for `planted`: the real lines as orders and returned orders per code and week, the same without any effect in them, and effects put in.

real       as it stands; what is in it nobody knows
shuffled   each SKU's weeks change places, orders and returns together: whatever changed over time is gone, clumps and SKUs' own levels stay
dealt      all returns dealt anew over SKUs and weeks in proportion to lagged sales and season, in clumps: no SKU differs from another
dealt ×5   the same with five times the returns: a shop of 8%, where the UK shop has 1.7%
"""

import csv
import io
import zipfile
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from incubator.feedback import exposure, findings
from incubator.feedback.exposure import LEAD
from incubator.sales import lines

Array = Any
HEADINGS = {
    "InvoiceNo": "order_no", "StockCode": "code", "Description": "description", "Quantity": "quantity", "InvoiceDate": "at", "UnitPrice": "price",
    "CustomerID": "customer", "Country": "region",
}  # fmt: skip
WEEKS, KEEP, STRONGER = 26, 0.7, 5
TODAY = date(2026, 1, 1)


@dataclass(frozen=True)
class Shop:
    """Orders and returned orders, [S, weeks], of the codes that sold; the last week is complete."""

    orders: Array
    returned: Array

    def last(self, weeks: int) -> "Shop":
        return Shop(self.orders[:, -weeks:], self.returned[:, -weeks:])


def read(archive: Path) -> Shop:
    """Every line of every day as the feed reads it; distinct orders per code and ISO week. The first and the last week are cut off: not whole."""
    found: dict[str, dict[tuple[str, date], set[str]]] = {"sale": defaultdict(set), "return": defaultdict(set)}
    setting = lines.Setting(2, "Europe/London", "Europe/London", TODAY, "consumer", "GBP")
    with zipfile.ZipFile(archive) as packed, lines.Reader("uk_shop", setting) as reader:
        for name in sorted(n for n in packed.namelist() if n.endswith(".csv")):
            rows = list(csv.DictReader(io.StringIO(packed.read(name).decode("utf-8-sig", "replace"))))
            columns = {column: [row[heading] for row in rows] for heading, column in HEADINGS.items()}
            facts = reader.read(range(2, 2 + len(rows)), columns).facts
            for kind, code, day, order in zip(*(facts[c].to_pylist() for c in ("kind", "code", "day", "order_no")), strict=True):
                if kind in found:
                    found[kind][code, day - timedelta(days=day.weekday())].add(order)
    sold = found["sale"]
    codes, weeks = sorted({key[0] for key in sold}), sorted({key[1] for key in sold})
    where = {code: n for n, code in enumerate(codes)}, {week: n for n, week in enumerate(weeks)}
    shop = Shop(_table(sold, *where), _table(found["return"], *where))
    return Shop(shop.orders[:, 1:-1], shop.returned[:, 1:-1])


def _table(found: Any, codes: dict[str, int], weeks: dict[date, int]) -> Array:
    table = np.zeros((len(codes), len(weeks)), dtype=int)
    for (code, week), orders in found.items():
        if code in codes and week in weeks:
            table[codes[code], weeks[week]] = len(orders)
    return table


def shuffled(shop: Shop, rng: Any) -> Shop:
    order = rng.random(shop.orders.shape).argsort(axis=1)
    return Shop(np.take_along_axis(shop.orders, order, 1), np.take_along_axis(shop.returned, order, 1))


def dealt(shop: Shop, rng: Any, times: float = 1.0, delta: float = 0.15) -> Shop:
    """Negative binomial counts of variance (1 + delta) · mean around the shop's mean rate and season."""
    padded = np.concatenate([np.zeros((len(shop.orders), LEAD), dtype=int), shop.orders], axis=1)
    lagged = exposure.lagged(padded, KEEP)
    season = shop.returned.sum(axis=0) / lagged.sum(axis=0)
    mean = np.maximum(lagged * season * times, 1e-12)
    return replace(shop, returned=rng.poisson(rng.gamma(mean / delta, delta)))


def lags(rng: Any, number: int) -> Array:
    """Weeks from a sale to its return."""
    shares = KEEP ** np.arange(LEAD + 1.0)
    return rng.choice(LEAD + 1, size=number, p=shares / shares.sum())


def plant(shop: Shop, skus: Array, times: Array, since: Array, rng: Any) -> Shop:
    """Of orders sold from week `since` on, more come back: `times` the SKU's own rate, each return after its own lag, those beyond the end never seen."""
    returned, last = shop.returned.copy(), shop.orders.shape[1]
    for sku, factor, first in zip(skus, times, since, strict=True):
        extra = rng.binomial(shop.orders[sku, first:], min(1.0, (factor - 1) * own_rate(shop, sku)))
        weeks = np.repeat(np.arange(first, last), extra)
        weeks = weeks + lags(rng, len(weeks))
        np.add.at(returned[sku], weeks[weeks < last], 1)
    return replace(shop, returned=returned)


def own_rate(shop: Shop, sku: int) -> float:
    """A SKU's rate, drawn towards the shop's by ten returns' worth of orders."""
    usual = shop.returned.sum() / shop.orders.sum()
    return float((shop.returned[sku].sum() + 10 * usual * 10) / (shop.orders[sku].sum() + 100))


def thin(shop: Shop, skus: Array, rest: Array, since: Array, rng: Any) -> Shop:
    """Of what was sold from week `since` on only the part `rest` still comes back; whether a return was is drawn from the lag."""
    returned = shop.returned.copy()
    shares = KEEP ** np.arange(LEAD + 1.0)
    for sku, part, first in zip(skus, rest, since, strict=True):
        for week in range(first, shop.orders.shape[1]):
            sources = np.array([shares[lag] * shop.orders[sku, week - lag] if week >= lag else 0.0 for lag in range(LEAD + 1)])
            new = sources[: week - first + 1].sum() / sources.sum() if sources.sum() > 0 else 0.0
            returned[sku, week] -= rng.binomial(returned[sku, week], new * (1 - part))
    return replace(shop, returned=returned)


def ground(shop: Shop) -> findings.Ground:
    """The last WEEKS weeks of a shop as `findings` takes them: one cause, one category."""
    recent = shop.last(WEEKS + LEAD)
    counts = recent.returned[:, LEAD:]
    rows = np.flatnonzero(counts.sum(axis=1) > 0)
    nothing = np.zeros(len(rows), dtype=int)
    return findings.Ground(recent.orders, np.zeros(len(recent.orders), dtype=int), rows, nothing, counts[rows])
