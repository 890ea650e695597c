"""What promises look like as JSON, for the generated OpenAPI document."""

from apiflask import Schema, fields

from incubator.feedback.json_schemas import FeedbackRateOut


def a_day() -> fields.String:
    return fields.String(allow_none=True, metadata={"format": "date"})


class FeedbackPromiseRowOut(Schema):
    """A promise in a list; `verdict` is what was measured of it, once it was."""

    id = fields.Integer()
    pack_id = fields.Integer()
    week = a_day()
    code = fields.String()
    kind = fields.String()
    state = fields.String()
    quantity = fields.Integer(allow_none=True)
    what = fields.String()
    lot = fields.String()
    note = fields.String()
    due_on = a_day()
    done_on = a_day()
    closing_note = fields.String()
    verdict = fields.String(allow_none=True)


class FeedbackPromiseOut(FeedbackPromiseRowOut):
    """One promise; `version` guards against closing what somebody else has closed."""

    version = fields.Integer()
    section_id = fields.Integer()
    rate_before = fields.Nested(FeedbackRateOut, allow_none=True)
    rate_after = fields.Nested(FeedbackRateOut, allow_none=True)


class FeedbackPromisePageOut(Schema):
    """One page; `next` and `previous` are cursors, `total` stops counting at 10,001."""

    items = fields.List(fields.Nested(FeedbackPromiseRowOut))
    next = fields.String(allow_none=True)
    previous = fields.String(allow_none=True)
    total = fields.Integer(allow_none=True)


class FeedbackAskedOut(Schema):
    section_id = fields.Integer()
    pack_id = fields.Integer()
