"""From a validated form to the data that the services take, and back to a form. The same for pages, JSON and imports."""

from typing import Any

from incubator.briefs import content, fields, forms, gate_forms
from incubator.briefs.models import BriefTarget, ProductBrief

Data = dict[str, Any]


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


def target_values(target: BriefTarget) -> Data:
    return {
        "currency": target.currency,
        "price": str(target.price.major),
        "cost": str(target.cost.major) if target.cost_minor else "",
        "margin": f"{target.margin_bp / 100:g}",
    }
