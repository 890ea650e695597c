"""Rows of the roll-up to rows that pages read: what was sold and what came back of a SKU in a week, side by side. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from incubator.sales.rules import SALE

Row = dict[str, Any]
BLANK = {
    "units": 0, "orders": 0, "revenue_minor": 0, "returned_units": 0, "returned_orders": 0, "refunded_minor": 0, "base_minor": 0, "unrated": 0,
}  # fmt: skip


def summed(lines: Iterable[Mapping[str, Any]]) -> list[Row]:
    """The columns of `SkuWeek` that are computed, from rows of `rollup.weekly`.

    Two codes of one SKU add up; an order that holds both is counted once.
    """
    made: dict[tuple[Any, ...], Row] = {}
    for line in lines:
        key = (line["sku_id"], line["channel"], line["segment"], line["week"])
        names = dict(zip(("sku_id", "channel_id", "segment"), key, strict=False)) | {
            "week": line["week"].isoformat(),
            "currency": line["currency"],
        }
        week = made.setdefault(key, {**names, **BLANK})
        if line["kind"] == SALE:
            week |= {"units": line["sum_units"], "orders": _orders(line), "revenue_minor": line["sum_amount"]}
            week |= {"base_minor": line["sum_base"], "unrated": line["unrated"]}
        else:
            week |= {"returned_units": line["sum_units"], "returned_orders": _orders(line), "refunded_minor": line["sum_amount"]}
    return list(made.values())


def reasons(lines: Iterable[Mapping[str, Any]]) -> list[Row]:
    """The columns of `SkuWeekReason`, from rows of `rollup.by_reason`."""
    names = {"sku_id": "sku_id", "channel_id": "channel", "reason": "reason", "topic": "topic", "units": "sum_units"}
    return [
        {own: line[name] for own, name in names.items()} | {"week": line["week"].isoformat(), "orders": _orders(line)} for line in lines
    ]


def _orders(line: Mapping[str, Any]) -> int:
    """Orders by their numbers, and those that a sum says it is made of; at least one where units moved."""
    told: int = line["distinct_orders"] - line["has_blank"] + line["told_orders"]
    return told or int(line["sum_units"] > 0)
