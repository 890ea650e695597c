"""What the JSON of sales holds, for the OpenAPI document. Shares and probabilities are 0 to 1; null is what nobody told."""

from apiflask import Schema, fields


def _day() -> fields.String:
    return fields.String(metadata={"format": "date"})


class SalesWeekOut(Schema):
    week = _day()
    units = fields.Integer()
    orders = fields.Integer()
    returned = fields.Integer()


class SalesGradeOut(Schema):
    """`rule` is the number of the rule that the grade follows; `grade` is null while it is too early."""

    week = _day()
    grade = fields.String(allow_none=True)
    is_hero = fields.Boolean()
    rule = fields.Integer()


class SalesMeasureOut(Schema):
    """Stock at the end of a week, traffic in it, and what follows. `price_index` is 100 at what `price_against` names."""

    week = _day()
    sold = fields.Integer()
    on_hand = fields.Integer(allow_none=True)
    on_order = fields.Integer(allow_none=True)
    views = fields.Integer(allow_none=True)
    visitors = fields.Integer(allow_none=True)
    carts = fields.Integer(allow_none=True)
    buyers = fields.Integer(allow_none=True)
    sell_through = fields.Float(allow_none=True)
    conversion = fields.Float(allow_none=True)
    price_index = fields.Float(allow_none=True)
    price_against = fields.String()


class SalesOutlookOut(Schema):
    """Thirteen weeks after `week`, in units, with the ends of the 80% and 95% bands; empty where `why_not` says why ("young", "few", "quiet")."""

    week = _day()
    why_not = fields.String()
    expected = fields.List(fields.Float())
    low80 = fields.List(fields.Integer())
    high80 = fields.List(fields.Integer())
    low95 = fields.List(fields.Integer())
    high95 = fields.List(fields.Integer())
    hit_probability = fields.Float(allow_none=True)
    cover_weeks = fields.Float(allow_none=True)
    reorder = fields.Dict(allow_none=True)


class SkuSalesOut(Schema):
    sku_id = fields.Integer()
    code = fields.String()
    weeks = fields.List(fields.Nested(SalesWeekOut))
    grades = fields.List(fields.Nested(SalesGradeOut))
    measures = fields.List(fields.Nested(SalesMeasureOut))
    outlook = fields.Nested(SalesOutlookOut, allow_none=True)
