"""The invented SKUs, channels and test launches of the demo."""

# name in Chinese, in English, platform, currency, time zone, buyers
CHANNELS = {
    "tmall": ("源选天猫旗舰店", "Yuanxuan Tmall flagship", "tmall", "CNY", "Asia/Shanghai", "consumer"),
    "1688": ("源选 1688 批发店", "Yuanxuan on 1688", "1688", "CNY", "Asia/Shanghai", "private_domain"),
    "douyin": ("源选抖音直播间", "Yuanxuan live room on Douyin", "douyin", "CNY", "Asia/Shanghai", "live_streamer"),
    "jd": ("源选京东自营", "Yuanxuan at JD.com", "jd", "CNY", "Asia/Shanghai", "consumer"),
    "offline": ("余杭选品中心展柜", "Counter at the Yuhang selection centre", "offline", "CNY", "Asia/Shanghai", "market_stall"),
    "shopify": ("北美独立站", "North American web shop", "shopify", "USD", "America/Los_Angeles", "cross_border"),
}
# product: code stem, English name, factory, channels, rows of (colour, size, pack, price in per cent of the target)
SKUS = {
    "轻量登山保温壶": (
        "FLASK",
        "Light hiking flask",
        "锦程杯业",
        ("tmall", "1688"),
        (("雾霾蓝", "750 ml", "", 100), ("岩灰", "1 L", "", 112)),
    ),
    "显示器增高架": (
        "RISER",
        "Monitor riser",
        "拾光收纳",
        ("tmall", "jd", "1688"),
        (("胡桃木色", "单层", "", 96), ("原木色", "双层带抽屉", "", 108), ("原木色", "双层带抽屉", "两件装（企业采购）", 110)),
    ),
    "抗菌收纳箱 60 升": (
        "BOX60",
        "Antibacterial storage box, 60 l",
        "合作塑业",
        ("1688", "tmall"),
        (("奶白", "60 L", "单只", 98), ("灰绿", "60 L", "三只叠装", 113)),
    ),
    "可水洗羽感被": (
        "DUVET",
        "Washable down-feel duvet",
        "云织家纺",
        ("tmall", "douyin"),
        (("月白", "150×200 cm", "", 95), ("月白", "200×230 cm", "", 105), ("烟粉", "220×240 cm（加厚冬被，附收纳袋）", "", 114)),
    ),
    "磁吸理线盒": (
        "CABLE",
        "Magnetic cable box",
        "拾光收纳",
        ("tmall", "1688"),
        (("云白", "标准", "", 100), ("石墨", "标准", "", 100), ("云白", "加长", "", 110)),
    ),
    "低糖电饭煲": ("RICE", "Low-sugar rice cooker", "恒屹电器", ("douyin", "jd"), (("象牙白", "3 L", "", 99), ("墨绿", "4 L", "", 109))),
    "午睡枕（可拆洗）": (
        "NAP",
        "Nap pillow with washable cover",
        "云织家纺",
        ("tmall", "douyin"),
        (("燕麦色", "标准", "", 100), ("雾蓝", "标准", "", 100), ("燕麦色", "加高", "礼盒装", 112)),
    ),
    "手作青瓷咖啡杯": (
        "CELADON",
        "Hand-thrown celadon coffee cup",
        "清窑陶瓷",
        ("tmall",),
        (("梅子青", "220 ml", "", 100), ("粉青", "220 ml", "对杯礼盒", 114)),
    ),
    "恒温杯垫": ("WARMER", "Cup warmer", "恒屹电器", ("tmall",), (("白", "", "", 100),)),
}
# belief, metric, direction, threshold, units, readings in hundredths, verdict, reason, what follows
PROBES = {
    "显示器增高架": (
        (
            "单层款 129 元，每周能卖 80 台。",
            "units_per_week",
            "at_least",
            8000,
            400,
            (3100, 3900, 4400),
            "refuted",
            "三周最高 44 台；买家在问抽屉。价格不是问题，收纳是。",
            "pivot",
        ),
        (
            "加一层抽屉，贵三成，每周仍能卖 80 台。",
            "units_per_week",
            "at_least",
            8000,
            600,
            (5600, 8300, 9100, 9700),
            "supported",
            "第二周起稳定过线，差评里不再出现“放不下键盘”。",
            "continue",
        ),
    ),
    "可水洗羽感被": (
        (
            "敢承诺“水洗十次不跑毛”，退货率就压得到 6% 以内。",
            "return_rate",
            "at_most",
            600,
            500,
            (810, 640, 520, 490),
            "supported",
            "前两周的退货集中在 220 cm 尺码描述不清，改图后降到 4.9%。",
            "continue",
        ),
    ),
    "磁吸理线盒": (
        (
            "三件套比单件的转化率更高，能过 4%。",
            "conversion",
            "at_least",
            400,
            300,
            (260, 310, 290),
            "inconclusive",
            "三周里有两周在做店铺活动，流量不可比；换平销期再测。",
            "continue",
        ),
        (
            "平销期，三件套转化率能过 4%。",
            "conversion",
            "at_least",
            400,
            300,
            (380, 430, 460),
            "supported",
            "两周连续过线，客单价高 31%。",
            "continue",
        ),
    ),
    "轻量登山保温壶": (
        (
            "1 升款评分不低于 4.6。",
            "review_score",
            "at_least",
            460,
            300,
            (440, 470, 480),
            "supported",
            "漏水差评在换密封圈后消失。",
            "continue",
        ),
    ),
    "抗菌收纳箱 60 升": (
        (
            "小批发买家每周拿货 200 只。",
            "units_per_week",
            "at_least",
            20000,
            1000,
            (15000, 21000, 26000),
            "supported",
            "复购来自社群团长。",
            "continue",
        ),
    ),
}
RUNNING = {
    "午睡枕（可拆洗）": (
        "办公室人群愿意为“枕套能拆下来洗”多付两成，每周卖得出 120 只。",
        "units_per_week",
        "at_least",
        12000,
        500,
        (6800, 9400, 11800),
    ),
    "低糖电饭煲": ("控糖人群认可“低糖不等于夹生”，退货率不超过 5%。", "return_rate", "at_most", 500, 300, (920, 760)),
}
PROOF = {"GB 4706.1": "CQC-2025-04-11873", "CCC": "2025011717468213", "GB 18401": "CTI 2025-LN-20661"}
DONE = ("已上传后台并截图存档。", "两人复核过。", "平台审核通过。", "客服组长签收。", "仓库回执已收到。")
