"""What the JSON of deliverables holds, for the OpenAPI document and for whoever reads it. `json_views` makes the values."""

from apiflask import Schema, fields


class DeliverableRowOut(Schema):
    """A deliverable in a list."""

    id = fields.Integer()
    title = fields.String()
    kind = fields.String()
    state = fields.String()
    product_id = fields.Integer()
    owner_id = fields.Integer()
    current_number = fields.Integer()
    due_on = fields.String(metadata={"format": "date"})
    review_due_on = fields.String(allow_none=True, metadata={"format": "date"})
    updated_at = fields.String(metadata={"format": "date-time"})


class RevisionFileOut(Schema):
    file_id = fields.Integer()
    name = fields.String()
    sha256 = fields.String()
    size = fields.Integer()


class DeliverableDecisionOut(Schema):
    outcome = fields.String()
    reason = fields.String()
    at = fields.String(metadata={"format": "date-time"})


class RevisionOut(Schema):
    """A submitted revision; `decision` is null until it was judged, and for whom it is only shared with."""

    number = fields.Integer()
    note = fields.String()
    submitted_by = fields.String()
    submitted_at = fields.String(metadata={"format": "date-time"})
    files = fields.List(fields.Nested(RevisionFileOut))
    decision = fields.Nested(DeliverableDecisionOut, allow_none=True)


class DeliverableOut(DeliverableRowOut):
    """A whole deliverable with its revisions, the first one first."""

    description = fields.String()
    acceptance = fields.String()
    review_days = fields.Integer()
    version = fields.Integer()
    revisions = fields.List(fields.Nested(RevisionOut))


class DeliverablePageOut(Schema):
    """One page; `next` and `previous` are cursors, `total` stops counting at 10,001."""

    items = fields.List(fields.Nested(DeliverableRowOut))
    next = fields.String(allow_none=True)
    previous = fields.String(allow_none=True)
    total = fields.Integer(allow_none=True)
