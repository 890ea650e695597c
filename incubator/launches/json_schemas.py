"""What the JSON of SKUs holds, for the OpenAPI document and for whoever reads it. A role that may not know a field does not get it."""

from apiflask import Schema, fields


def _day() -> fields.String:
    return fields.String(allow_none=True, metadata={"format": "date"})


class SkuRowOut(Schema):
    """A SKU in a list. Partners of the product read id, names, product and launch day only; plan and factory are the brand's."""

    id = fields.Integer()
    name_zh = fields.String()
    name_en = fields.String()
    product_id = fields.Integer()
    product_name = fields.String()
    launch_on = _day()
    code = fields.String()
    gtin = fields.String(allow_none=True, metadata={"description": "Fourteen digits, zeros in front."})
    colour = fields.String()
    size = fields.String()
    pack = fields.String()
    state = fields.String()
    currency = fields.String()
    retail_minor = fields.Integer(allow_none=True)
    launch_price_minor = fields.Integer(allow_none=True)
    units_per_carton = fields.Integer()
    planned_units_per_week = fields.Integer()
    is_legacy = fields.Boolean()
    factory_organisation_id = fields.Integer(allow_none=True)
    factory_name = fields.String(allow_none=True)


class AliasOut(Schema):
    code = fields.String()
    channel_id = fields.Integer(allow_none=True)


class PriceOut(Schema):
    channel_id = fields.Integer()
    price_minor = fields.Integer()
    currency = fields.String()
    valid_from = _day()
    valid_to = _day()


class MakerOut(Schema):
    organisation_id = fields.Integer()
    from_on = _day()


class SkuOut(SkuRowOut):
    """One SKU; other codes, prices and the history of its factories for its brand only."""

    aliases = fields.List(fields.Nested(AliasOut))
    prices = fields.List(fields.Nested(PriceOut))
    makers = fields.List(fields.Nested(MakerOut))


class SkuPageOut(Schema):
    """One page; `next` and `previous` are cursors, `total` stops counting at 10,001."""

    items = fields.List(fields.Nested(SkuRowOut))
    next = fields.String(allow_none=True)
    previous = fields.String(allow_none=True)
    total = fields.Integer(allow_none=True)
