"""The export files of the channels that house brands sell on: which heading is which column. What a line of them says stands in `rules`.

Amazon: "Order Tracking reports" (GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL) and "FBA Reports" (GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA)
of the Selling Partner API's documentation. Shopify: "Exporting orders" of its help centre. Tmall and Taobao, 1688, JD and Douyin document
no format in public: the headings are those of the files that their seller centres export (宝贝报表 and 退款管理, 订单导出, 订单查询, 订单管理).
Those of Tmall and Taobao, 1688 and Douyin agree with what public programs of others read from such files; for JD's none was found.
A preset is known by its headings; whoever has a file of another make says its headings once.
"""

from flask_babel import lazy_gettext as _l

from incubator.imports.kinds import Preset

UK_SHOP = Preset(
    "uk_shop",
    _l("UK gift shop, daily files"),
    {"InvoiceNo": "order_no", "StockCode": "code", "Description": "description", "Quantity": "quantity", "InvoiceDate": "at",
     "UnitPrice": "price", "CustomerID": "customer", "Country": "region"},
)  # fmt: skip
TMALL_ORDERS = Preset(
    "tmall_orders",
    _l("Tmall order report"),
    {"订单编号": "order_no", "总金额": "amount", "买家实际支付金额": "paid", "收货地址": "region", "订单创建时间": "at", "订单付款时间": "paid_at",
     "退款金额": "refund"},
)  # fmt: skip
TMALL_ITEMS = Preset(
    "tmall_items",
    _l("Tmall and Taobao, report of articles (宝贝报表)"),
    {"主订单编号": "order_no", "子订单编号": "line_key", "标题": "description", "购买数量": "quantity", "商家编码": "code", "订单状态": "status",
     "买家实际支付金额": "amount", "退款金额": "refund", "订单创建时间": "at", "订单付款时间": "paid_at"},
    encoding="gb18030",
)  # fmt: skip
ALIBABA = Preset(
    "alibaba_1688",
    _l("1688, orders"),
    {"订单编号": "order_no", "货品标题": "description", "数量": "quantity", "单价(元)": "price", "单品货号": "code", "SKU ID": "line_key",
     "订单状态": "status", "订单创建时间": "at", "订单付款时间": "paid_at", "买家会员名": "customer"},
    {"segment": ""},
)  # fmt: skip
JD = Preset(
    "jd",
    _l("JD, orders"),
    {"订单号": "order_no", "商品ID": "line_key", "商品名称": "description", "订购数量": "quantity", "货号": "code", "京东价": "price",
     "订单状态": "status", "下单时间": "at", "下单帐号": "customer", "客户地址": "region"},
    encoding="gb18030",
)  # fmt: skip
DOUYIN = Preset(
    "douyin",
    _l("Douyin shop, orders"),
    {"主订单编号": "order_no", "子订单编号": "line_key", "选购商品": "description", "商品数量": "quantity", "商家编码": "code",
     "订单应付金额": "amount", "订单状态": "status", "订单提交时间": "at", "省": "region"},
)  # fmt: skip
SHOPIFY = Preset(
    "shopify",
    _l("Shopify, orders"),
    {"Name": "order_no", "Lineitem sku": "code", "Lineitem name": "description", "Lineitem quantity": "quantity", "Lineitem price": "price",
     "Lineitem discount": "discount", "Financial Status": "status", "Cancelled at": "cancelled_at", "Created at": "at", "Currency": "currency",
     "Email": "customer", "Shipping Province": "region"},
)  # fmt: skip
AMAZON = Preset(
    "amazon",
    _l("Amazon, all orders"),
    {"amazon-order-id": "order_no", "sku": "code", "product-name": "description", "quantity": "quantity", "item-price": "amount",
     "item-promotion-discount": "discount", "item-status": "status", "purchase-date": "at", "currency": "currency", "ship-state": "region",
     "last-updated-date": "updated_at"},
)  # fmt: skip
LINES = (UK_SHOP, TMALL_ORDERS, TMALL_ITEMS, ALIBABA, JD, DOUYIN, SHOPIFY, AMAZON)
# The other lines of an order leave these blank.
FILL_DOWN = {"shopify": ("status", "cancelled_at", "currency", "customer", "region", "at")}

TMALL_REFUNDS = Preset(
    "tmall_refunds",
    _l("Tmall and Taobao, refunds (退款管理)"),
    {"订单编号": "order_no", "退款编号": "line_key", "商品编码": "code", "宝贝标题": "description", "买家退款金额": "refund", "退款的申请时间": "at",
     "退款状态": "status", "买家退款原因": "reason", "买家退款说明": "reason_note", "订单付款时间": "sold_on"},
    {"quantity": "1"},
    encoding="gb18030",
)  # fmt: skip
AMAZON_RETURNS = Preset(
    "amazon_returns",
    _l("Amazon, customer returns"),
    {"order-id": "order_no", "license-plate-number": "line_key", "sku": "code", "product-name": "description", "quantity": "quantity",
     "return-date": "at", "reason": "reason", "customer-comments": "reason_note"},
)  # fmt: skip
RETURNS = (TMALL_REFUNDS, AMAZON_RETURNS)
