"""What the JSON of briefs and reviews holds, for the OpenAPI document and for whoever reads it. `json_views` makes the values."""

from apiflask import Schema, fields

from incubator.briefs import content


def _texts(names: tuple[str, ...]) -> dict[str, fields.Field]:
    return {name: fields.String() for name in names}


def _day() -> fields.String:
    return fields.String(allow_none=True, metadata={"format": "date"})


RequirementOut = Schema.from_dict({"id": fields.Integer(), **_texts(content.REQUIREMENT_FIELDS)}, name="RequirementOut")
ReferenceOut = Schema.from_dict(
    {"id": fields.Integer(), **_texts(content.REFERENCE_FIELDS), "price_minor": fields.Integer()}, name="ReferenceOut"
)
PointOut = Schema.from_dict({"reference_id": fields.Integer(), **_texts(content.POINT_FIELDS)}, name="PointOut")


class ClaimOut(Schema):
    id = fields.Integer()
    kind = fields.String()
    statement = fields.String()
    evidence = fields.String()
    points = fields.List(fields.Nested(PointOut))


class TargetOut(Schema):
    currency = fields.String()
    price_minor = fields.Integer()
    cost_minor = fields.Integer()
    margin_bp = fields.Integer()


class BriefRowOut(Schema):
    """A brief in a list."""

    id = fields.Integer()
    code = fields.String()
    title = fields.String()
    type = fields.String()
    state = fields.String()
    segment = fields.String()
    scenario = fields.String()
    buyer_kind = fields.String()
    product_id = fields.Integer()
    first_order_quantity = fields.Integer()
    annual_quantity = fields.Integer()
    moq = fields.Integer()
    launch_from = _day()
    launch_to = _day()
    updated_at = fields.String(metadata={"format": "date-time"})


class BriefOut(BriefRowOut):
    """A whole brief; `targets` only for its brand."""

    need = fields.String()
    reason_to_choose = fields.String()
    customisation = fields.String()
    customisation_notes = fields.String()
    compliance = fields.String()
    version = fields.Integer()
    revision = fields.Integer()
    requirements = fields.List(fields.Nested(RequirementOut))
    references = fields.List(fields.Nested(ReferenceOut))
    claims = fields.List(fields.Nested(ClaimOut))
    targets = fields.List(fields.Nested(TargetOut))


class BriefPageOut(Schema):
    """One page; `next` and `previous` are cursors, `total` stops counting at 10,001."""

    items = fields.List(fields.Nested(BriefRowOut))
    next = fields.String(allow_none=True)
    previous = fields.String(allow_none=True)
    total = fields.Integer(allow_none=True)


class CriterionOut(Schema):
    """`value` is null while it cannot be measured, or where only the brand may know it; `scores` only for the brand."""

    name = fields.String()
    value = fields.Float(allow_none=True)
    met = fields.Boolean()
    scores = fields.List(fields.Integer())


class SignedOut(Schema):
    by = fields.String()
    at = fields.String(metadata={"format": "date-time"})
    scores = fields.Dict(keys=fields.String(), values=fields.Integer())
    statement = fields.String()


class SeatOut(Schema):
    organisation_id = fields.Integer()
    organisation = fields.String()
    signed = fields.Nested(SignedOut, allow_none=True)


class ConditionOut(Schema):
    text = fields.String()
    due_on = fields.String(metadata={"format": "date"})


class DecisionOut(Schema):
    outcome = fields.String()
    reason = fields.String()
    by = fields.String()
    organisation = fields.String()
    at = fields.String(metadata={"format": "date-time"})
    conditions = fields.List(fields.Nested(ConditionOut))


class ReviewOut(Schema):
    """A gate review as far as the caller may know it; `figures` only for the brand."""

    id = fields.Integer()
    brief_id = fields.Integer()
    number = fields.Integer()
    state = fields.String()
    due_on = _day()
    version = fields.Integer()
    criteria = fields.List(fields.Nested(CriterionOut))
    figures = fields.Dict()
    signatures = fields.List(fields.Nested(SeatOut))
    decision = fields.Nested(DecisionOut, allow_none=True)
