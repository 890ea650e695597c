"""The verbs of a brief: write, revise, compare, clone. It decides nothing; the gate does (`gate_service`)."""

from datetime import datetime
from itertools import chain, count
from typing import Any

from flask_babel import gettext

from incubator.briefs import content, editing
from incubator.briefs.content import Change
from incubator.briefs.gate_models import ComparisonPoint, ValueClaim
from incubator.briefs.models import BriefRevision, BriefTarget, ProductBrief, ReferenceProduct, Requirement
from incubator.kernel import access, audit, files, workflow
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Refused
from incubator.kernel.money import Money
from incubator.products import service as products
from incubator.products.models import Product, Programme

Data = dict[str, Any]


def create(programme: Programme, data: Data, actor: Actor, now: datetime) -> ProductBrief:
    """Start a product with its brief in `programme`; `data` holds the fields of `forms.BriefForm` with its rows."""
    access.require("brief.create", actor)
    product = products.create(
        programme, data["title"], data["type"], actor, now, start="brief", owner_id=actor.user_id, launch_on=data.get("launch_from")
    )
    return _write(product, data, actor, now)


def start_for(product: Product, data: Data, actor: Actor, now: datetime) -> ProductBrief:
    """Write the brief of a product that came from a segment; one product has one brief."""
    access.require("brief.create", actor, product)
    if db.session.scalar(access.select_visible(ProductBrief, actor).where(ProductBrief.product_id == product.id)):
        raise Refused(gettext("This product has its brief already."))
    if product.state == "segment":
        workflow.fire(product, "start_brief", actor, now=now)
    return _write(product, data, actor, now)


def _write(product: Product, data: Data, actor: Actor, now: datetime) -> ProductBrief:
    brief = ProductBrief(
        brand_id=product.brand_id,
        product_id=product.id,
        code=_free_code(product),
        author_id=actor.user_id,
        state_since=now,
    )
    _set_fields(brief, data)
    db.session.add(brief)
    _set_requirements(brief, data.get("requirements", []))
    db.session.flush()
    _set_targets(brief, data.get("targets", []))
    editing.keep_revision(brief, actor, now, "create")
    audit.record("brief.create", brief, actor, now, title=brief.title)
    return brief


def _free_code(product: Product) -> str:
    """P-00007's brief is B-00007; where an import brought that code already, B-00007-2."""
    first = f"B{product.code.removeprefix('P')}"[:36]
    for code in chain([first], (f"{first}-{n}" for n in count(2))):
        query = access.select_visible(ProductBrief, SYSTEM, ProductBrief.id).where(
            ProductBrief.brand_id == product.brand_id, ProductBrief.code == code
        )
        if db.session.scalar(query) is None:
            return code
    raise AssertionError("count() does not end")


def save(brief: ProductBrief, data: Data, actor: Actor, now: datetime, expected: int | None = None) -> ProductBrief:
    """Change the brief; a stale `expected` version is refused with the difference to what stands."""
    editing.require_editable(brief, actor)
    editing.refuse_stale(brief, data, expected, actor)
    _set_fields(brief, data)
    if "requirements" in data:
        _set_requirements(brief, data["requirements"])
    if "targets" in data:
        _set_targets(brief, data["targets"])
    return editing.saved(brief, actor, now, "save")


def _set_fields(brief: ProductBrief, data: Data) -> None:
    for name in content.FIELDS:
        if name in data:
            setattr(brief, name, data[name] if data[name] is not None or name.startswith("launch") else 0)


def _set_requirements(brief: ProductBrief, rows: list[Data]) -> None:
    brief.requirements[:] = [
        Requirement(position=i, **{n: row.get(n) or "" for n in content.REQUIREMENT_FIELDS}) for i, row in enumerate(rows)
    ]


def _set_targets(brief: ProductBrief, rows: list[Data]) -> None:
    """Replace the targets; `rows` hold currency, price (Money), cost (Money) and margin_bp."""
    for target in targets_of(brief, SYSTEM):
        db.session.delete(target)
    db.session.flush()
    db.session.add_all(BriefTarget(**target_columns(brief.id, row)) for row in rows)


def target_columns(brief_id: int, row: Data) -> Data:
    """The columns of a BriefTarget; a blank margin is what price and cost leave."""
    price, cost = row["price"].minor, row["cost"].minor if row.get("cost") else 0
    margin = row.get("margin_bp")
    implied = max(0, min(9999, (price - cost) * 10_000 // price))
    return {
        "brief_id": brief_id,
        "currency": row["currency"],
        "price_minor": price,
        "cost_minor": cost,
        "margin_bp": implied if margin is None else margin,
    }


def add_reference(brief: ProductBrief, data: Data, actor: Actor, now: datetime, photo: Any = None) -> ReferenceProduct:
    """Name a product on the market; `data["price"]` is Money, `photo` an upload."""
    editing.require_editable(brief, actor)
    reference = ReferenceProduct(brief_id=brief.id, **_reference_fields(data))
    brief.references.append(reference)
    db.session.flush()
    return _with_photo(brief, reference, photo, actor, now, "add_reference")


def change_reference(
    brief: ProductBrief, reference: ReferenceProduct, data: Data, actor: Actor, now: datetime, photo: Any = None
) -> ReferenceProduct:
    editing.require_editable(brief, actor)
    editing.refuse_gone(reference, brief.references, brief, actor)
    for name, value in _reference_fields(data).items():
        setattr(reference, name, value)
    return _with_photo(brief, reference, photo, actor, now, "change_reference")


def _reference_fields(data: Data) -> Data:
    price: Money = data["price"]
    plain = {n: data.get(n) or "" for n in ("name", "maker", "url", "notes")}
    return {**plain, "price_minor": price.minor, "currency": price.currency}


def _with_photo(brief: ProductBrief, reference: ReferenceProduct, photo: Any, actor: Actor, now: datetime, what: str) -> ReferenceProduct:
    if photo:
        stored = files.store(photo, actor, now, kind="photo", subject=("reference_product", reference.id), product_id=brief.product_id)
        reference.photo_id = stored.id
    editing.saved(brief, actor, now, what)
    return reference


def remove_reference(brief: ProductBrief, reference: ReferenceProduct, actor: Actor, now: datetime) -> None:
    """Take a reference product out, with every comparison against it."""
    editing.require_editable(brief, actor)
    editing.refuse_gone(reference, brief.references, brief, actor)
    for claim in brief.claims:
        claim.points[:] = [p for p in claim.points if p.reference_id != reference.id]
    brief.references.remove(reference)
    editing.saved(brief, actor, now, "remove_reference")


def add_claim(brief: ProductBrief, data: Data, actor: Actor, now: datetime) -> ValueClaim:
    """State a value claim with its comparisons; each point's reference must be one of the brief's own."""
    editing.require_editable(brief, actor)
    claim = ValueClaim(brief_id=brief.id)
    _set_claim(brief, claim, data)
    brief.claims.append(claim)
    editing.saved(brief, actor, now, "add_claim")
    return claim


def change_claim(brief: ProductBrief, claim: ValueClaim, data: Data, actor: Actor, now: datetime) -> ValueClaim:
    editing.require_editable(brief, actor)
    editing.refuse_gone(claim, brief.claims, brief, actor)
    _set_claim(brief, claim, data)
    editing.saved(brief, actor, now, "change_claim")
    return claim


def _set_claim(brief: ProductBrief, claim: ValueClaim, data: Data) -> None:
    own = {r.id: r for r in brief.references}
    if foreign := [p for p in data["points"] if p["reference_id"] not in own]:
        raise Refused(gettext("“%(name)s” is compared with a product that is not a reference of this brief.", name=foreign[0]["attribute"]))
    claim.kind, claim.statement, claim.evidence = data["kind"], data["statement"], data.get("evidence") or ""
    claim.points[:] = [
        ComparisonPoint(reference=own[row["reference_id"]], **{n: row.get(n) or "" for n in content.POINT_FIELDS}) for row in data["points"]
    ]


def remove_claim(brief: ProductBrief, claim: ValueClaim, actor: Actor, now: datetime) -> None:
    editing.require_editable(brief, actor)
    editing.refuse_gone(claim, brief.claims, brief, actor)
    brief.claims.remove(claim)
    editing.saved(brief, actor, now, "remove_claim")


def clone(brief: ProductBrief, title: str, actor: Actor, now: datetime) -> ProductBrief:
    """A new draft in the same programme that says the same: rows, targets, references and claims; no review, no comment, no file."""
    access.require("brief.clone", actor, brief)
    data = {n: getattr(brief, n) for n in content.FIELDS} | {"title": title}
    data["requirements"] = [{n: getattr(r, n) for n in content.REQUIREMENT_FIELDS} for r in brief.requirements]
    data["targets"] = [
        {"currency": t.currency, "price": t.price, "cost": t.cost, "margin_bp": t.margin_bp} for t in targets_of(brief, actor)
    ]
    copy = create(brief.product.programme, data, actor, now)
    _copy_comparisons(brief, copy)
    editing.saved(copy, actor, now, "clone")
    return copy


def _copy_comparisons(brief: ProductBrief, copy: ProductBrief) -> None:
    twins = {r.id: ReferenceProduct(**{n: getattr(r, n) for n in content.REFERENCE_FIELDS}) for r in brief.references}
    copy.references.extend(twins.values())
    db.session.flush()
    for claim in brief.claims:
        points = [
            ComparisonPoint(reference=twins[p.reference_id], **{n: getattr(p, n) for n in content.POINT_FIELDS}) for p in claim.points
        ]
        copy.claims.append(ValueClaim(kind=claim.kind, statement=claim.statement, evidence=claim.evidence, points=points))


def targets_of(brief: ProductBrief, actor: Actor) -> list[BriefTarget]:
    """The brand's own targets; for anyone else an empty list, because the rows are not theirs to see."""
    query = access.select_visible(BriefTarget, actor).where(BriefTarget.brief_id == brief.id).order_by(BriefTarget.currency)
    return list(db.session.scalars(query))


def attach(brief: ProductBrief, upload: Any, actor: Actor, now: datetime) -> Any:
    """Keep a file with the brief."""
    access.require("brief.attach", actor, brief)
    stored = files.store(upload, actor, now, subject=("product_brief", brief.id), product_id=brief.product_id)
    audit.record("brief.attach", brief, actor, now, file=stored.name)
    return stored


def compare(brief: ProductBrief, older: int, newer: int, actor: Actor) -> list[Change]:
    """The readable difference of two revisions of the brief."""
    query = access.select_visible(BriefRevision, actor).where(BriefRevision.brief_id == brief.id, BriefRevision.number.in_([older, newer]))
    found = {r.number: r.content for r in db.session.scalars(query)}
    return content.difference(found.get(older, {}), found.get(newer, {}))


def current_content_hash(brief: ProductBrief) -> str:
    return content.content_hash(content.snapshot(brief))
