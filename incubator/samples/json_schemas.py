"""What the JSON of sample rounds holds, for the OpenAPI document and for whoever reads it. `json_views` makes the values."""

from apiflask import Schema, fields


def _day() -> fields.String:
    return fields.String(allow_none=True, metadata={"format": "date"})


class SampleRoundRowOut(Schema):
    """A round in a list; `other` is the factory for the brand, and the brand for the factory."""

    id = fields.Integer()
    number = fields.Integer()
    kind = fields.String()
    state = fields.String()
    product_id = fields.Integer()
    product = fields.String()
    factory_id = fields.Integer()
    other = fields.String()
    quantity = fields.Integer()
    due_on = _day()
    shipped_on = _day()
    received_on = _day()
    brief_revision = fields.Integer()
    version = fields.Integer()


class SampleReadingOut(Schema):
    """`value` is an exact decimal as text; `met` is the tick where words are judged. One of them is null."""

    piece = fields.Integer()
    value = fields.String(allow_none=True)
    met = fields.Boolean(allow_none=True)


class SampleRequirementOut(Schema):
    """A requirement as it stood when the round was requested. `verdict`: pass, fail or missing; `delta` and `trend` against the last round."""

    id = fields.Integer()
    attribute = fields.String()
    operator = fields.String()
    target = fields.String()
    unit = fields.String()
    tolerance = fields.String()
    priority = fields.String()
    lower = fields.String(allow_none=True)
    upper = fields.String(allow_none=True)
    readings = fields.List(fields.Nested(SampleReadingOut))
    verdict = fields.String()
    deciding = fields.String(allow_none=True)
    delta = fields.String(allow_none=True)
    trend = fields.String(allow_none=True)


class SampleDecisionOut(Schema):
    outcome = fields.String()
    reason = fields.String()
    by = fields.String()
    at = fields.String(metadata={"format": "date-time"})
    comments = fields.List(fields.Dict(keys=fields.String(), values=fields.String()))


class SampleRoundOut(SampleRoundRowOut):
    """A whole round with its results."""

    instructions = fields.String()
    pieces = fields.Integer()
    carrier = fields.String()
    tracking_number = fields.String()
    condition = fields.String()
    condition_note = fields.String()
    requirements = fields.List(fields.Nested(SampleRequirementOut))
    decision = fields.Nested(SampleDecisionOut, allow_none=True)
    golden_sample = fields.String(allow_none=True)


class SampleRoundPageOut(Schema):
    """One page; `next` and `previous` are cursors, `total` stops counting at 10,001."""

    items = fields.List(fields.Nested(SampleRoundRowOut))
    next = fields.String(allow_none=True)
    previous = fields.String(allow_none=True)
    total = fields.Integer(allow_none=True)
