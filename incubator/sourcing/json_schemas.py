"""What the JSON of enquiries holds, for the OpenAPI document and for whoever reads it. `json_views` makes the values."""

from apiflask import Schema, fields

MINOR = {"description": "minor units (fen, cents) of the currency beside it"}


def moment() -> fields.String:
    return fields.String(allow_none=True, metadata={"format": "date-time"})


class RfqRowOut(Schema):
    """An enquiry in a list. `standing` is the caller's own quotation's; `asked` and `answered` only for the brand."""

    id = fields.Integer()
    code = fields.String()
    title = fields.String()
    state = fields.String()
    scenario = fields.String()
    quantities = fields.List(fields.Integer())
    incoterm = fields.String()
    destination = fields.String()
    deadline = moment()
    deadline_zone = fields.String()
    standing = fields.String()
    asked = fields.Integer()
    answered = fields.Integer()


class RfqPageOut(Schema):
    """One page; `next` and `previous` are cursors, `total` stops counting at 10,001."""

    items = fields.List(fields.Nested(RfqRowOut))
    next = fields.String(allow_none=True)
    previous = fields.String(allow_none=True)
    total = fields.Integer(allow_none=True)


class AskedRequirementOut(Schema):
    number = fields.Integer()
    attribute = fields.String()
    operator = fields.String()
    target = fields.String()
    unit = fields.String()
    tolerance = fields.String()
    priority = fields.String()


class AskedCriterionOut(Schema):
    name = fields.String()
    weight = fields.Integer()


class ClarificationOut(Schema):
    question = fields.String()
    answer = fields.String()
    published_at = moment()


class BreakOut(Schema):
    quantity_from = fields.Integer()
    unit_minor = fields.Integer(metadata=MINOR)


class GivenAnswerOut(Schema):
    requirement = fields.Integer()
    verdict = fields.String()
    note = fields.String()


class OutcomeOut(Schema):
    """How the caller's own quotation stood: nothing of anybody else."""

    share = fields.Integer()
    price_band = fields.String()
    technical_points = fields.Integer()
    technical_met = fields.Boolean()


class QuotationOut(Schema):
    """A quotation. For its factory: all of it. For the brand: who and how it stands, technical facts once closed, prices once opened."""

    factory = fields.String()
    state = fields.String()
    version = fields.Integer()
    submitted_at = moment()
    issue_seen = fields.Integer()
    lead_days = fields.Integer()
    sample_days = fields.Integer()
    tooling_days = fields.Integer()
    moq = fields.Integer()
    monthly_capacity = fields.Integer()
    technical_note = fields.String()
    answers = fields.List(fields.Nested(GivenAnswerOut))
    technical_points = fields.Integer()
    currency = fields.String()
    incoterm = fields.String()
    place = fields.String()
    tooling_minor = fields.Integer(metadata=MINOR)
    mould_owner = fields.String()
    payment_terms = fields.String()
    valid_until = fields.String(metadata={"format": "date"})
    commercial_note = fields.String()
    breaks = fields.List(fields.Nested(BreakOut))
    outcome = fields.Nested(OutcomeOut, allow_none=True)


class RfqOut(RfqRowOut):
    """A whole enquiry. `quotation` is the calling factory's own; `quotations` are for the brand alone."""

    currencies = fields.List(fields.String())
    tooling_wanted = fields.Boolean()
    tooling_note = fields.String()
    sample_due_on = fields.String(allow_none=True, metadata={"format": "date"})
    technical_threshold = fields.Integer()
    note = fields.String()
    issue_number = fields.Integer()
    requirements = fields.List(fields.Nested(AskedRequirementOut))
    criteria = fields.List(fields.Nested(AskedCriterionOut))
    clarifications = fields.List(fields.Nested(ClarificationOut))
    quotation = fields.Nested(QuotationOut)
    quotations = fields.List(fields.Nested(QuotationOut))
