"""The invented enquiries of the demo: for which product, how far they came, whom they asked, and what each of them offered."""

from typing import Any

REVIEWERS = ("tang.yu", "zhou.heng")
CRITERIA = (("满足规格要求", 40), ("工艺与设备", 25), ("品质体系与检测", 20), ("交期与服务", 15))
# (factory, unit prices at the three quantities, tooling, currency, Incoterm, place, lead days, sample days, MOQ, capacity, scores of 0–5, remark)
Quote = tuple[Any, ...]
CHAIR: tuple[Quote, ...] = (
    (
        "竹溪座椅",
        ("326.00", "298.00", "279.00"),
        "186000",
        "CNY",
        "FCA",
        "安吉工厂",
        35,
        12,
        300,
        8000,
        5,
        "腰托机构用现有的 6 轴随动平台改，寿命测试可在本厂做。",
    ),
    ("合作塑业", ("318.00", "301.00", "291.00"), "245000", "CNY", "EXW", "台州黄岩", 48, 20, 500, 5000, 3, "塑件自制，海绵与气杆外协。"),
    ("拾光收纳", ("305.00", "296.00", "288.00"), "232000", "CNY", "EXW", "义乌", 60, 25, 1000, 3000, 2, "首次做坐具，愿意一起投入。"),
)
DESK: tuple[Quote, ...] = (
    ("竹溪座椅", ("689.00", "642.00", "615.00"), "98000", "CNY", "FOB", "上海港", 40, 15, 200, 4000, 4, "双电机同步方案已量产两年。"),
    ("恒屹电器", ("94.50", "88.20", "83.90"), "11500", "USD", "FOB", "深圳蛇口", 38, 14, 300, 6000, 4, "电控自研，噪音实测 42 dB。"),
    ("智联灯饰", ("712.00", "668.00", "640.00"), "76000", "CNY", "FCA", "东莞长安", 45, 18, 500, 3000, 3, "桌架外协，电控自制。"),
)
CUSHION: tuple[Quote, ...] = (
    (
        "竹溪座椅",
        ("68.50", "61.20", "57.80"),
        "42000",
        "CNY",
        "FCA",
        "安吉工厂",
        25,
        7,
        500,
        30000,
        4,
        "坐感曲面沿用椅垫数据，传感片由合作方供应。",
    ),
    (
        "云织家纺",
        ("71.00", "59.90", "54.60"),
        "56000",
        "CNY",
        "DAP",
        "杭州余杭仓",
        30,
        9,
        300,
        45000,
        4,
        "面料与车缝在一个园区，七天可打样。",
    ),
    ("恒屹电器", ("9.85", "8.62", "8.05"), "4800", "USD", "FOB", "深圳蛇口", 28, 10, 1000, 20000, 5, "传感模组自研，蓝牙认证齐全。"),
    ("合作塑业", ("66.00", "63.50", "62.10"), "38000", "CNY", "EXW", "台州黄岩", 40, 15, 800, 12000, 2, "底壳自制，软包外协。"),
)
TENT: tuple[Quote, ...] = (
    ("御风鞋服", ("138.00", "126.00", "119.00"), "64000", "CNY", "FOB", "厦门港", 32, 10, 300, 15000, 4, "速开骨架已有两款专利。"),
    (
        "云织家纺",
        ("145.00", "131.00", "118.00"),
        "52000",
        "CNY",
        "FCA",
        "绍兴柯桥",
        36,
        12,
        500,
        18000,
        3,
        "面料涂层在本厂完成，静水压 3000 mm。",
    ),
    ("拾光收纳", ("132.00", "128.00", "124.00"), "71000", "CNY", "EXW", "义乌", 45, 14, 200, 6000, 3, ""),
)
RISER: tuple[Quote, ...] = (
    ("拾光收纳", ("42.00", "38.50", "35.90"), "26000", "CNY", "FCA", "义乌", 20, 5, 200, 40000, 4, "现有生产线可直接排产。"),
    ("竹溪座椅", ("49.80", "46.20", "44.00"), "31000", "CNY", "FCA", "安吉工厂", 30, 8, 500, 10000, 4, ""),
)
# (product, state, weeks since it was issued, scenario, quantities, destination, invited without an offer, quotes, winner, second, share)
STORIES: tuple[dict[str, Any], ...] = (
    {"product": "显示器增高架", "state": "awarded", "weeks": 74, "scenario": "small_wholesale", "quantities": (500, 3000, 20000),
     "quotes": RISER, "winner": "拾光收纳", "reason": "交期最短，样品一次过；三档价格都在目标内。"},
    {"product": "云朵托腰人体工学椅", "state": "awarded", "weeks": 17, "scenario": "bulk", "quantities": (300, 2000, 10000), "quotes": CHAIR,
     "winner": "竹溪座椅", "declined": (("恒屹电器", "我们不做坐具，怕耽误你们的节点。"),), "reissued": True,
     "reason": "技术分最高，随动腰托可以直接落到现有产线；到岸成本在目标毛利之内。"},
    {"product": "静音升降桌（双电机、带线槽与儿童锁、可收纳显示器臂）", "state": "awarded", "weeks": 25, "scenario": "bulk",
     "quantities": (200, 1500, 8000), "quotes": DESK, "winner": "竹溪座椅", "second": "恒屹电器", "share": 70,
     "reason": "双电机同步成熟；恒屹作第二货源，分担旺季产能。"},
    {"product": "坐姿提醒坐垫", "state": "opened", "weeks": 5, "scenario": "test_launch", "quantities": (500, 5000, 30000), "quotes": CUSHION,
     "declined": (("智联灯饰", "旺季排产已满，三月后可以再谈。"),)},
    {"product": "三秒速开野餐帐篷", "state": "technical_review", "weeks": 4, "scenario": "small_wholesale", "quantities": (300, 3000, 15000),
     "quotes": TENT},
    {"product": "低糖电饭煲", "state": "cancelled", "weeks": 20, "scenario": "bulk", "quantities": (500, 3000, 20000), "quotes": (),
     "asked": ("暖川电器",), "reason": "内胆方案改为陶瓷涂层，重新立项后再询价。"},
    {"product": "云朵托腰人体工学椅", "title": "云朵托腰人体工学椅：旺季补充产能（第二货源，含整椅装配与循环寿命测试）",
     "state": "reissued", "weeks": 1.5, "closes": 2.2,
     "scenario": "bulk", "quantities": (500, 3000, 12000), "quotes": CHAIR[:1], "asked": ("合作塑业",), "open_question": True},
    {"product": "静音升降桌（双电机、带线槽与儿童锁、可收纳显示器臂）", "title": "升降桌轻定制：丝印与彩盒", "state": "issued", "weeks": 0.6, "closes": 6,
     "scenario": "light_customisation", "quantities": (50, 200, 1000), "quotes": (), "asked": ("竹溪座椅", "恒屹电器"), "drafted": ("竹溪座椅",)},
    {"product": "无涂层陶瓷煎盘", "title": "无涂层陶瓷煎盘：第二货源", "state": "draft", "weeks": 0.2, "scenario": "dropship",
     "quantities": (200, 1000, 6000), "quotes": (), "asked": ("清窑陶瓷",)},
)  # fmt: skip
QUESTION = "第 3 条要求的色差，按 D65 光源还是 TL84 光源测？"
PUBLIC_QUESTION = "色差用哪一种光源测量？"
ANSWER = "按 D65、10° 视场测量；双方各留一块标准样板。"
REISSUE_NOTE = "首单数量上调，目标贸易术语改为 FCA，其余不变。"
NOTE = "请按三个数量分别报价。样品请随附出厂检验记录；模具费请与单价分开。"
TOOLING = "一套主模，约定寿命 30 万次；模具随订单归属写明。"
