"""The columns of the sales table and their types in SQL."""

FACT = {  # what a reader of lines gives, besides the outcome of its line and the article's description
    "line_id": "VARCHAR", "content": "VARCHAR", "kind": "VARCHAR", "order_no": "VARCHAR", "code": "VARCHAR", "day": "DATE", "week": "DATE",
    "units": "BIGINT", "price_e4": "BIGINT", "amount_minor": "BIGINT", "reason": "VARCHAR", "customer": "VARCHAR", "region": "VARCHAR",
    "line": "BIGINT", "topic": "VARCHAR", "reason_text": "VARCHAR", "lot": "VARCHAR", "sold_on": "DATE", "segment": "VARCHAR",
    "orders_n": "BIGINT", "derived": "BIGINT", "said_at": "VARCHAR",
}  # fmt: skip
ORIGIN = {
    "currency": "VARCHAR", "channel": "BIGINT", "import_id": "BIGINT", "rate_e8": "BIGINT", "base_minor": "BIGINT", "brand": "BIGINT",
    "month": "VARCHAR",
}  # fmt: skip
COLUMNS = FACT | ORIGIN
