"""What the JSON of commitments, tranches and reports holds, for the OpenAPI document and for whoever reads it. `json_views` makes the values."""

from apiflask import Schema, fields


def _day() -> fields.String:
    return fields.String(allow_none=True, metadata={"format": "date"})


def _moment() -> fields.String:
    return fields.String(allow_none=True, metadata={"format": "date-time"})


class CommitmentOut(Schema):
    """One commitment; `other_party` is the brand for an investor, and the investor for the brand."""

    id = fields.Integer()
    reference = fields.String()
    amount_minor = fields.Integer()
    drawn_minor = fields.Integer()
    currency = fields.String()
    programme_id = fields.Integer()
    programme = fields.String()
    other_party = fields.String()
    signed_on = _day()


class TrancheConditionOut(Schema):
    condition = fields.String()
    met = fields.Boolean()


class TrancheOut(Schema):
    """One tranche; payment and reason once it has ended."""

    id = fields.Integer()
    commitment_id = fields.Integer()
    reference = fields.String()
    programme = fields.String()
    name = fields.String()
    state = fields.String()
    amount_minor = fields.Integer()
    currency = fields.String()
    due_on = _day()
    paid_on = _day()
    paid_minor = fields.Integer()
    bank_reference = fields.String()
    reason = fields.String()
    waits_for = fields.List(fields.Nested(TrancheConditionOut))


class ReportRowOut(Schema):
    """A report in a list; `is_read` tells whether you opened it."""

    id = fields.Integer()
    title = fields.String()
    period = fields.String()
    label = fields.String()
    starts_on = _day()
    edition = fields.Integer()
    state = fields.String()
    brand = fields.String()
    released_at = _moment()
    is_read = fields.Boolean()


class FigureOut(Schema):
    """A frozen figure: `value` is a number, an object or null; `digest` is the SHA-256 of all it says and was made of.

    `source`, `recipe` and `investor_id` only for the brand.
    """

    section = fields.String()
    key = fields.String()
    label = fields.Dict(keys=fields.String(), values=fields.String())
    value = fields.Raw(allow_none=True)
    unit = fields.String()
    as_of = _moment()
    digest = fields.String()
    source = fields.String()
    recipe = fields.String()
    investor_id = fields.Integer(allow_none=True)


class DocumentOut(Schema):
    language = fields.String()
    sha256 = fields.String()
    size = fields.Integer()


class ReportOut(Schema):
    """A frozen report as far as the caller may know it."""

    id = fields.Integer()
    title = fields.String()
    period = fields.String()
    label = fields.String()
    starts_on = _day()
    ends_on = _day()
    edition = fields.Integer()
    state = fields.String()
    brand = fields.String()
    released_at = _moment()
    as_of = _moment()
    frozen_at = _moment()
    content_hash = fields.String()
    figures = fields.List(fields.Nested(FigureOut))
    documents = fields.List(fields.Nested(DocumentOut))


class CommitmentPageOut(Schema):
    """One page; `next` and `previous` are cursors, `total` stops counting at 10,001."""

    items = fields.List(fields.Nested(CommitmentOut))
    next = fields.String(allow_none=True)
    previous = fields.String(allow_none=True)
    total = fields.Integer(allow_none=True)


class TranchePageOut(Schema):
    """One page of tranches."""

    items = fields.List(fields.Nested(TrancheOut))
    next = fields.String(allow_none=True)
    previous = fields.String(allow_none=True)
    total = fields.Integer(allow_none=True)


class ReportPageOut(Schema):
    """One page of reports."""

    items = fields.List(fields.Nested(ReportRowOut))
    next = fields.String(allow_none=True)
    previous = fields.String(allow_none=True)
    total = fields.Integer(allow_none=True)
