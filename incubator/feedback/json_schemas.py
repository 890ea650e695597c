"""What feedback looks like as JSON, for the generated OpenAPI document."""

from apiflask import Schema, fields


class FeedbackRateOut(Schema):
    """Orders of these weeks and the share of which something came back, with its 95% interval; shares are 0 to 1.

    `factories` of others stand behind a rate that is drawn towards the category's; 0: the Wilson interval of its own counts.
    """

    sold = fields.Integer()
    returned = fields.Integer()
    weeks = fields.Integer()
    rate = fields.Float()
    low = fields.Float()
    high = fields.Float()
    factories = fields.Integer()


class FeedbackFindingOut(Schema):
    """More came back than chance explains: `ratio` with its 95% interval, against "own" earlier weeks or "peers"."""

    id = fields.Integer()
    reason = fields.String()
    topic = fields.String()
    kind = fields.String()
    against = fields.String()
    since = fields.String(allow_none=True, metadata={"format": "date"})
    lot = fields.String()
    ratio = fields.Float()
    low = fields.Float()
    high = fields.Float()
    before = fields.Nested(FeedbackRateOut, allow_none=True)
    after = fields.Nested(FeedbackRateOut)
    factories = fields.Integer(allow_none=True)
    voices = fields.Integer()


class FeedbackReasonOut(Schema):
    reason = fields.String()
    units = fields.Integer()
    share = fields.Float()


class FeedbackAnswerOut(Schema):
    choice = fields.String()
    quantity = fields.Integer(allow_none=True)
    on = fields.String(allow_none=True, metadata={"format": "date"})
    what = fields.String()
    lot = fields.String()
    note = fields.String()


class FeedbackPhotoRowOut(Schema):
    id = fields.Integer()
    name = fields.String()


class FeedbackSectionOut(Schema):
    """One SKU. `units`, `returned` and `orders` are eight weeks, oldest first; null is a week of another maker."""

    id = fields.Integer()
    code = fields.String()
    name_zh = fields.String()
    name_en = fields.String()
    variant = fields.String()
    weeks = fields.List(fields.String(metadata={"format": "date"}))
    units = fields.List(fields.Integer(allow_none=True))
    returned = fields.List(fields.Integer(allow_none=True))
    orders = fields.List(fields.Integer(allow_none=True))
    grade = fields.String(allow_none=True)
    compared = fields.Dict()
    return_rate = fields.Nested(FeedbackRateOut, allow_none=True)
    reasons = fields.List(fields.Nested(FeedbackReasonOut))
    requirements = fields.List(fields.Dict())
    voices = fields.List(fields.Dict())
    suggestion = fields.Dict()
    lots = fields.List(fields.Dict(), allow_none=True)
    findings = fields.List(fields.Nested(FeedbackFindingOut), allow_none=True)
    answer = fields.Nested(FeedbackAnswerOut, allow_none=True)
    photos = fields.List(fields.Nested(FeedbackPhotoRowOut))


class FeedbackPackRowOut(Schema):
    id = fields.Integer()
    week = fields.String(metadata={"format": "date"})
    state = fields.String()
    other = fields.String()
    skus = fields.Integer()
    due_on = fields.String(allow_none=True, metadata={"format": "date"})


class FeedbackPackOut(Schema):
    """A whole pack; `drafts` guards against overwriting a colleague's answers."""

    id = fields.Integer()
    week = fields.String(metadata={"format": "date"})
    state = fields.String()
    brand = fields.String()
    factory = fields.String()
    due_on = fields.String(allow_none=True, metadata={"format": "date"})
    drafts = fields.Integer()
    sections = fields.List(fields.Nested(FeedbackSectionOut))


class FeedbackPackPageOut(Schema):
    """One page; `next` and `previous` are cursors, `total` stops counting at 10,001."""

    items = fields.List(fields.Nested(FeedbackPackRowOut))
    next = fields.String(allow_none=True)
    previous = fields.String(allow_none=True)
    total = fields.Integer(allow_none=True)
