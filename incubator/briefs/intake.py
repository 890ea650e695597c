"""From a validated form to the data that the services take, and back to a form. The same for pages, JSON and imports."""

from typing import Any

from flask_babel import ngettext

from incubator.briefs import content, fields, forms, gate_forms
from incubator.briefs.models import BriefTarget, ProductBrief
from incubator.signals.segment_models import Segment

Data = dict[str, Any]
QUOTES, QUOTED = 5, 300  # voices, and characters of each


def brief_data(form: forms.BriefForm) -> Data:
    """Fields, targets (with Money) and requirements of a valid form."""
    return {**fields_data(form), "targets": _targets(form), "requirements": _requirements(form)}


def fields_data(form: forms.BriefFields) -> Data:
    return {name: form[name].data for name in content.FIELDS}


def _targets(form: forms.BriefForm) -> list[Data]:
    return [target_data(row.form) for row in form.targets if not row.form.is_blank]


def target_data(row: Any) -> Data:
    """One target: currency, price, cost (or None) and margin in basis points (or None, then price and cost imply it)."""
    currency = row.currency.data
    return {
        "currency": currency,
        "price": row.price.money(currency),
        "cost": row.cost.money(currency) if row.cost.data else None,
        "margin_bp": fields.percent_to_bp(row.margin.data),
    }


def _requirements(form: forms.BriefForm) -> list[Data]:
    return [{n: row.form[n].data for n in content.REQUIREMENT_FIELDS} for row in form.requirements if not row.form.is_blank]


def reference_data(form: forms.ReferenceForm) -> Data:
    return {
        "name": form.name.data,
        "maker": form.maker.data,
        "url": form.url.data,
        "notes": form.notes.data,
        "price": form.price.money(form.currency.data),
    }


def claim_data(form: forms.ClaimForm) -> Data:
    points = [
        {"reference_id": row.form.reference_id.data, **{n: row.form[n].data for n in content.POINT_FIELDS}}
        for row in form.points
        if not row.form.is_blank
    ]
    return {"kind": form.kind.data, "statement": form.statement.data, "evidence": form.evidence.data, "points": points}


def condition_data(form: gate_forms.DecideForm) -> list[tuple[str, Any]]:
    return [(row.form.text.data, row.form.due_on.data) for row in form.conditions if row.form.text.data]


def editor_values(brief: ProductBrief, targets: list[BriefTarget]) -> Data:
    """What the editor shows of an existing brief."""
    return {
        **{name: getattr(brief, name) for name in content.FIELDS},
        "version": brief.version,
        "programme_id": brief.product.programme_id,
        "targets": [target_values(t) for t in targets],
        "requirements": [{n: getattr(r, n) for n in content.REQUIREMENT_FIELDS} for r in brief.requirements],
    }


def segment_values(segment: Segment) -> Data:
    """What the editor shows of a brief that begins with a segment: its need and requirements, with the voices that ask for them."""
    return {
        "title": segment.name,
        "type": "hero",
        "segment": segment.name,
        "buyer_kind": segment.buyer_kind,
        "need": segment.need,
        "requirements": [
            {"attribute": r.attribute, "operator": r.operator, "target": r.target, "unit": r.unit, "tolerance": "", "priority": r.priority,
             "evidence": _said(segment, r.id)}
            for r in segment.requirements
        ],
    }  # fmt: skip


def _said(segment: Segment, requirement_id: int) -> str:
    """How many voices ask for it, and the first of them in their own words; without any of its own, those of the segment."""
    own = [e.voice.text for e in segment.evidence if e.requirement_id == requirement_id]
    texts = own or [e.voice.text for e in segment.evidence if e.requirement_id is None]
    quoted = " ".join(f"“{' '.join(text.split())[:QUOTED]}”" for text in texts[:QUOTES])
    return ngettext("%(num)s voice:", "%(num)s voices:", len(texts)) + " " + quoted if texts else ""


def target_values(target: BriefTarget) -> Data:
    return {
        "currency": target.currency,
        "price": str(target.price.major),
        "cost": str(target.cost.major) if target.cost_minor else "",
        "margin": f"{target.margin_bp / 100:g}",
    }
