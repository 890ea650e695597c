"""The briefs of the world, each as a person would leave it: requirements with evidence, a reference, a claim, a target, a revision."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from incubator.briefs.gate_models import ComparisonPoint, GateReview, GateSignatory, ValueClaim
from incubator.briefs.models import BriefRevision, BriefTarget, ProductBrief, ReferenceProduct, Requirement

Row = dict[str, Any]
Put = Callable[[Any, Iterable[Row]], None]
REVIEWS = 12  # that are open


def fill(products: list[Row], put: Put, now: datetime, people: int) -> None:
    """One brief per product with the same id, three requirements, a reference, a claim, a target, a revision; a few open reviews."""
    put(ProductBrief, (_brief(p, people) for p in products))
    ids = [p["id"] for p in products]
    put(Requirement, (_requirement(i, n) for i in ids for n in range(3)))
    put(
        ReferenceProduct,
        ({"id": i, "brief_id": i, "name": "市售款 A", "maker": "某牌", "price_minor": 52_000, "currency": "CNY"} for i in ids),
    )
    put(ValueClaim, ({"id": i, "brief_id": i, "kind": "function", "statement": "一米外听不见", "evidence": "实测报告"} for i in ids))
    put(ComparisonPoint, (_point(i) for i in ids))
    put(BriefTarget, ({"brief_id": i, "currency": "CNY", "price_minor": 45_000, "cost_minor": 20_000, "margin_bp": 5500} for i in ids))
    put(
        BriefRevision,
        ({"brief_id": i, "number": 1, "at": now, "author_id": 1, "what": "create", "content": {"title": "静音款"}} for i in ids),
    )
    put(GateReview, (_review(i, now) for i in ids[:REVIEWS]))
    put(GateSignatory, ({"review_id": i, "organisation_id": o} for i in ids[:REVIEWS] for o in (1, 3)))


def _brief(product: Row, people: int) -> Row:
    n = product["id"]
    state = "submitted" if n <= REVIEWS else ("draft", "accepted", "returned", "accepted")[n % 4]
    kept = {k: product[k] for k in ("id", "brand_id", "type", "state_since", "created_at", "updated_at")}
    return kept | {
        "product_id": n, "code": f"B-{n:06d}", "title": product["name"], "state": state, "segment": "久坐人群", "buyer_kind": "consumer",
        "scenario": "test_launch", "need": "坐一天腰不酸", "reason_to_choose": "腰托跟着人动", "moq": 200, "first_order_quantity": 500,
        "annual_quantity": 20_000, "author_id": n % people + 1, "submitted_by_id": 5 if n <= REVIEWS else None, "revision": 1,
    }  # fmt: skip


def _requirement(brief_id: int, n: int) -> Row:
    return {
        "brief_id": brief_id,
        "position": n,
        "attribute": f"噪音 {n}",
        "operator": "le",
        "target": "45",
        "unit": "dB",
        "evidence": "118 条吐槽",
    }


def _point(i: int) -> Row:
    return {
        "claim_id": i, "reference_id": i, "attribute": "噪音", "aspect": "function", "their_value": "60 dB", "our_value": "45 dB",
        "verdict": "better", "evidence": "实测",
    }  # fmt: skip


def _review(i: int, now: datetime) -> Row:
    return {
        "id": i,
        "brief_id": i,
        "brand_id": 1,
        "number": 1,
        "state_since": now,
        "due_on": now.date(),
        "opened_by_id": 5,
        "revision_number": 1,
    }
