"""What a party puts its name to: the common text and its own promises, as one digest. Others' amounts are no part of it."""

import hashlib
import json
from typing import Any

from incubator.codevelopment.agreement_models import Agreement
from incubator.codevelopment.amounts import copied


def content_hash(agreement: Agreement, organisation_id: int) -> str:
    """SHA-256 of what this party can read of the version."""
    text = json.dumps(_content(agreement, organisation_id), ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _content(agreement: Agreement, organisation_id: int) -> dict[str, Any]:
    return {
        "product": agreement.product_id,
        "number": agreement.number,
        "title": agreement.title,
        "text": agreement.text,
        "currency": agreement.currency,
        "parties": [(p.organisation_id, sorted(p.kinds), p.share_bp) for p in agreement.parties],
        "items": [
            (i.kind, i.title, i.licence, i.buy_back, [(s.organisation_id, s.share_bp) for s in i.shares]) for i in agreement.items
        ],
        "promises": [{**copied(p), "due_on": p.due_on} for p in agreement.promises if p.organisation_id == organisation_id],
    }  # fmt: skip
