"""What shops, ERPs and seller centres call the columns of order lines, beside the names that the columns have themselves. No word means two columns."""

WORDS: dict[str, tuple[str, ...]] = {
    "order_no": (
        "单据", "单据号", "单据编号", "单号", "订单", "订单ID", "主订单编号", "主订单号", "交易号", "交易编号", "销售单号", "原订单号", "平台订单号",
        "线上订单号", "order", "order no", "order id",
    ),
    "code": (
        "货号", "款号", "商品编码", "商品货号", "货品编码", "货品编号", "宝贝编码", "商家SKU", "SKU编码", "规格编码", "外部编码", "商品条码",
        "article", "item code", "sku code", "product code",
    ),
    "description": (
        "宝贝", "宝贝名称", "宝贝标题", "商品", "商品标题", "货品", "货品名称", "货品标题", "品名", "标题", "选购商品", "item", "product",
        "product name",
    ),
    "quantity": (
        "件数", "购买件数", "商品数量", "订购数量", "下单数量", "销售数量", "成交件数", "支付件数", "销量", "units", "quantity ordered",
        "数量(件)",
    ),
    "at": (
        "时间", "下单时间", "下单日期", "订单日期", "订单时间", "订单提交时间", "创建时间", "成交时间", "交易时间", "销售时间", "单据日期",
        "统计日期", "申请时间", "退款申请时间", "退货日期", "退货时间", "退款时间", "退款日期", "order date", "created at", "day",
    ),
    "price": ("售价", "价格", "成交价", "成交单价", "商品单价", "单价(元)", "unit price", "price each"),
    "amount": (
        "实付金额", "实付款", "实收金额", "应付金额", "成交金额", "支付金额", "销售额", "销售金额", "小计", "金额(元)", "sales",
        "revenue", "line total",
    ),
    "discount": ("优惠", "折扣金额", "discount amount"),
    "status": ("交易状态", "单据状态", "退款状态", "售后状态", "order status", "state"),
    "reason": ("退货理由", "退款理由", "售后原因", "买家退款原因", "return reason"),
    "reason_note": ("买家退款说明", "买家留言", "退货说明", "退款说明", "备注说明", "comment", "comments"),
    "customer": ("买家昵称", "买家会员名", "买家ID", "会员名", "客户", "客户名称", "buyer", "customer id"),
    "region": ("省", "省市", "收货省份", "地区", "province", "state/province"),
    "line_key": (
        "子订单号", "子单号", "明细编号", "订单行号", "明细行号", "退款编号", "退款单号", "退货单号", "售后单号", "售后编号",
        "line id", "line no", "order line",
    ),
    "lot": ("生产批号", "批次号", "生产批次号", "lot no", "lot number"),
    "sold_on": ("付款日期", "购买日期", "sold", "sale date"),
    "paid_at": ("付款时间", "支付时间", "paid date"),
    "refund": ("退款额", "已退款金额", "买家退款金额", "refund amount", "refunded amount"),
    "refund_units": ("退款件数", "units returned", "returned quantity"),
    "orders": ("支付订单数", "订单量", "number of orders"),
    "updated_at": ("最后修改时间", "最近更新时间", "last updated", "last updated date"),
    "paid": ("买家实付金额",),
}  # fmt: skip
