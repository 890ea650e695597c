"""The invented factories of the demo: what each says of itself, what proves it, and how it stands."""

from typing import Any

# short name, English name, province, city, address, cluster, founded, staff, m², export %, state
FACTORIES: tuple[tuple[Any, ...], ...] = (
    ("竹溪座椅", "Anji Zhuxi Seating Manufacturing Co., Ltd.", "浙江", "湖州", "安吉县递铺街道阳光工业园二区 18 号", "安吉座椅", 2006, 420, 36000, 55,
        "approved"),
    ("恒屹电器", "Foshan Shunde Hengyi Appliance Technology Co., Ltd.", "广东", "佛山", "顺德区容桂街道科苑三路 6 号", "佛山顺德家电", 2011, 310,
        24000, 35, "approved"),
    ("暖川电器", "Cixi Nuanchuan Electric Co., Ltd.", "浙江", "宁波", "慈溪市观海卫镇工业园南区 8 号", "慈溪小家电", 2009, 180, 12000, 40, "approved"),
    ("合作塑业", "Taizhou Huangyan Hezuo Plastics Co., Ltd.", "浙江", "台州", "黄岩区北城街道模具大道 221 号", "台州塑料模具", 2003, 260, 20000, 25,
        "approved"),
    ("御风鞋服", "Jinjiang Yufeng Footwear & Garment Co., Ltd.", "福建", "泉州", "晋江市陈埭镇鞋都路 99 号", "晋江鞋服", 2001, 540, 41000, 60, "conditional"),
    ("智联灯饰", "Dongguan Chang'an Zhilian Lighting Co., Ltd.", "广东", "东莞", "长安镇乌沙社区兴发南路 31 号", "中山古镇灯饰", 2014, 95, 6500, 30,
        "conditional"),
    ("拾光收纳", "Yiwu Shiguang Storage Goods Factory", "浙江", "金华", "义乌市廿三里街道开元北街 57 号", "义乌小商品", 2016, 68, 4800, 20, "approved"),
    ("云织家纺", "Shaoxing Keqiao Yunzhi Home Textile Co., Ltd.", "浙江", "绍兴", "柯桥区齐贤街道镜海大道 1188 号", "绍兴柯桥纺织", 1999, 380, 30000,
        45, "approved"),
    ("清窑陶瓷", "Chaozhou Fengxi Qingyao Ceramics Co., Ltd.", "广东", "潮州", "枫溪区如意路瓷都工业区 3 栋", "潮州陶瓷", 1996, 150, 15000, 70, "approved"),
    ("锦程杯业", "Puning Jincheng Vacuum Cup Co., Ltd.", "广东", "揭阳", "普宁市池尾街道金池工业区 12 号", "揭阳五金", 2012, 210, 13000, 50, "suspended"),
    ("眠岛寝具", "Nantong Haimen Miandao Bedding Co., Ltd.", "江苏", "南通", "海门区三星镇叠石桥国际家纺城 C 区", "南通家纺", 2015, 120, 9000, 15, "pending"),
    ("小象母婴", "Guangzhou Panyu Xiaoxiang Baby Goods Co., Ltd.", "广东", "广州", "番禺区大石街道石中二路 5 号", "广州白云美妆", 2018, 76, 5200, 10,
        "pending"),
)  # fmt: skip
CATEGORIES = {
    "竹溪座椅": ("办公家具", "健康"), "恒屹电器": ("小家电", "厨具"), "暖川电器": ("小家电",), "合作塑业": ("收纳", "日用塑料"), "御风鞋服": ("鞋服", "户外"),
    "智联灯饰": ("灯具",), "拾光收纳": ("收纳",), "云织家纺": ("家纺",), "清窑陶瓷": ("杯壶", "厨具"), "锦程杯业": ("杯壶",), "眠岛寝具": ("健康",
        "家纺"), "小象母婴": ("母婴",),
}  # fmt: skip
# kind, Chinese, English, capacity a month, unit, MOQ, days, note
CAPABILITIES: dict[str, tuple[tuple[Any, ...], ...]] = {
    "竹溪座椅": (
        ("process", "冷发泡海绵", "Cold-cure foaming", 60_000, "piece", 500, 18, "密度 45–70 kg/m³，可做分区软硬"),
        ("process", "网布热压成型", "Mesh thermoforming", 40_000, "piece", 300, 15, ""),
        ("line", "整椅总装线（3 条）", "Chair assembly, three lines", 35_000, "piece", 200, 25, "含 BIFMA 循环测试间"),
        ("material", "尼龙加玻纤", "Glass-filled nylon", 120, "tonne", None, None, ""),
    ),
    "恒屹电器": (
        ("process", "注塑", "Injection moulding", 200_000, "piece", 1000, 20, "80–650 吨注塑机 26 台"),
        ("line", "小家电总装线（4 条）", "Appliance assembly, four lines", 90_000, "piece", 500, 28, "全检耐压与泄漏电流"),
        ("process", "SMT 贴片", "SMT mounting", 150_000, "piece", 2000, 12, ""),
    ),
    "暖川电器": (
        ("process", "PTC 发热体组装", "PTC heater assembly", 80_000, "piece", 500, 20, ""),
        ("line", "暖风机总装线", "Fan-heater assembly", 45_000, "piece", 300, 25, "小单 300 台起，48 小时出首样"),
    ),
    "合作塑业": (
        ("process", "注塑", "Injection moulding", 600_000, "piece", 2000, 15, "120–1600 吨"),
        ("process", "吹塑", "Blow moulding", 180_000, "piece", 3000, 18, ""),
        ("process", "模具开发", "Mould making", 12, "mould", 1, 35, "自有模具车间，CNC 9 台"),
        ("material", "再生聚丙烯", "Recycled polypropylene", 300, "tonne", None, None, "GRS 可追溯"),
    ),
    "御风鞋服": (
        ("process", "一体注塑成型", "One-shot shoe moulding", 150_000, "pair", 1200, 30, ""),
        ("line", "冷粘成型线（6 条）", "Cold-cement lines, six", 220_000, "pair", 800, 35, ""),
    ),
    "智联灯饰": (("process", "铝型材 CNC 加工", "Aluminium CNC machining", 30_000, "piece", 200, 15, ""), ("line", "灯具装配线", "Lamp assembly", 25_000,
        "piece", 100, 20, "")),
    "拾光收纳": (("process", "折弯与焊接", "Bending and welding", 80_000, "piece", 300, 12, ""), ("process", "静电喷涂", "Powder coating", 60_000,
        "piece", 300, 10, "")),
    "云织家纺": (
        ("process", "绗缝", "Quilting", 120_000, "set", 200, 20, "电脑绗缝机 40 台"), ("process", "活性印花", "Reactive printing", 400_000, "metre",
        1000, 18, ""),
        ("material", "天丝棉", "Lyocell cotton", 260_000, "metre", None, None, ""),
    ),
    "清窑陶瓷": (("process", "高压注浆", "Pressure casting", 90_000, "piece", 500, 35, ""), ("process", "手工上釉", "Hand glazing", 30_000, "piece",
        200, 40, "青瓷、哑光釉")),
    "锦程杯业": (("process", "水胀成型", "Hydroforming", 150_000, "piece", 1000, 25, ""), ("process", "无尾真空", "Tailless vacuum", 140_000, "piece",
        1000, 25, "")),
    "眠岛寝具": (("process", "慢回弹发泡", "Memory-foam moulding", 50_000, "piece", 200, 18, ""),),
    "小象母婴": (("process", "PPSU 吹拉成型", "PPSU stretch-blowing", 70_000, "piece", 1000, 22, "十万级洁净车间"),),
}  # fmt: skip
# kind, number, issuer, days from now until it ends
CERTIFICATES: dict[str, tuple[tuple[str, str, str, int], ...]] = {
    "竹溪座椅": (
        ("iso_9001", "00122Q34567R2M", "中国质量认证中心", 410),
        ("bsci", "156-018230", "TÜV 莱茵", 26),
        ("fsc", "SGSHK-COC-331907", "SGS", 600),
    ),
    "恒屹电器": (
        ("ccc", "2024010702664512", "中国质量认证中心", 880),
        ("iso_9001", "CN24/10921", "SGS", 300),
        ("ce", "BCTC-240318", "倍测检测", 55),
    ),
    "暖川电器": (("ccc", "2023010707551207", "中国质量认证中心", 500), ("iso_9001", "0070022Q5210", "方圆认证", 6)),
    "合作塑业": (
        ("iso_9001", "11724QU0088", "北京大陆航星", 220),
        ("grs", "CU-1190341", "Control Union", 340),
        ("sedex_smeta", "ZAA600128733", "Intertek", 150),
    ),
    "御风鞋服": (("bsci", "156-027714", "TÜV 南德", -20), ("iso_9001", "02925Q10233", "华夏认证", 640)),
    "智联灯饰": (("ce", "LCS-231107", "立创检测", 90),),
    "拾光收纳": (("iso_9001", "64925Q0311", "中安质环", 500),),
    "云织家纺": (
        ("oeko_tex", "SH025 176543", "TESTEX", 120),
        ("iso_9001", "USA24Q41023", "艾西姆认证", 380),
        ("gots", "CU 830117", "Control Union", 45),
    ),
    "清窑陶瓷": (("fda", "TCZ-24-0912", "谱尼测试", 260), ("sedex_smeta", "ZAA600224910", "必维", 310)),
    "锦程杯业": (("iso_9001", "15324Q2201", "赛宝认证", -75),),
    "眠岛寝具": (("oeko_tex", "SH050 198812", "TESTEX", 430),),
    "小象母婴": (("iso_9001", "10425Q0882", "华测认证", 470),),
}
# client, category, from, to, confidential
OEM: dict[str, tuple[tuple[str, str, int, int | None, bool], ...]] = {
    "竹溪座椅": (("某北欧家居品牌", "人体工学椅", 2015, None, True), ("某上市办公家具集团", "会议椅", 2019, 2023, True), ("德国邮购商 OTTO 供应链",
        "儿童学习椅", 2018, None, False)),
    "恒屹电器": (("某日系小家电品牌", "电饭煲", 2017, None, True), ("国内直播间自有品牌", "养生壶", 2021, None, False)),
    "暖川电器": (("某家电集团", "暖风机", 2019, 2023, True),),
    "合作塑业": (("某北欧家居品牌", "收纳箱", 2010, None, True), ("山姆会员店自有品牌供应商", "密封盒", 2020, None, False), ("某日本百元店",
        "厨房收纳", 2013, 2022, True)),
    "云织家纺": (("某电商严选品牌", "四件套", 2018, None, True), ("英国连锁百货", "被芯", 2012, 2021, False)),
    "清窑陶瓷": (("某咖啡连锁", "马克杯", 2016, None, True),),
}  # fmt: skip
# short name: (kind, days ago, auditor, score per check, findings (severity, text, days until due, mended))
AUDITS: dict[str, tuple[tuple[Any, ...], ...]] = {
    "竹溪座椅": (("quality", 120, "李卫东（驻厂审核）", 5, (("minor", "二号线量具校准标签缺一张。", -60, "已补贴并建立台账。"),)),),
    "合作塑业": (("quality", 200, "必维国际检验", 4, ()), ("safety", 40, "方明", 4, (("major", "模具车间配电箱缺少警示与上锁。", 12, ""), ("minor",
        "灭火器巡检表漏填两周。", -3, "")))),
    "云织家纺": (("social", 150, "天祥集团", 4, ()),),
    "恒屹电器": (("process", 90, "唐雨", 4, (("minor", "返修区标识不清。", -20, "已重新划线挂牌。"),)),),
    "锦程杯业": (("process", 400, "天祥集团", 4, ()),),
    "御风鞋服": (("social", 60, "天祥集团", 3, (("major", "三月工时记录与工资表不一致。", 9, ""),)),),
}  # fmt: skip
TIERS = (("恒屹电器", "treasure"), ("竹溪座椅", "super"))
ENTRUSTED = ("竹溪座椅", "暖川电器", "合作塑业", "眠岛寝具", "锦程杯业")
PROSPECTS = (
    ("永康市西城街道拓普户外不锈钢真空保温器皿与厨房五金制品有限公司", "Yongkang Tuopu Outdoor Stainless Vacuum Ware Co., Ltd.", "拓普保温", "浙江",
        "永康", "西城街道花都路 388 号", "永康五金", "杯壶"),
    ("汕头市澄海区童趣世界塑胶玩具实业有限公司", "Shantou Chenghai Tongqu Toys Industrial Co., Ltd.", "童趣玩具", "广东", "汕头",
        "澄海区莲下镇建阳工业区", "汕头澄海玩具", "玩具"),
    ("慈溪暖川电器厂", "Cixi Nuanchuan Electric Appliance Factory", "", "浙江", "宁波", "慈溪市观海卫镇工业园南区 8 号", "慈溪小家电", "小家电"),
)  # fmt: skip
INTRODUCTION = "自有厂房与打样间，工程师可读图改模。欢迎小批量测款，首单保质期内免费返修。"
VISITS = (  # a problem, how it was solved, what else was said
    ("首件检验没有人签字，夜班直接开机。", "在机台贴首件卡，班长签字才放行；当场做了一遍。", "老板想知道哪些款在平台上退货最多。"),
    ("色粉和回料混放，同一批颜色不齐。", "分柜上锁，领料登记到批；不齐的 300 件挑出返工。", "车间主任希望订单提前一周确认。"),
    ("样品间没有封样，大货对着照片做。", "带去封样一套，编号上墙，品检对样签收。", "模具费想分两期付。"),
    ("退货回来的货堆在门口，没人拆看。", "当天拆了 20 件，按原因分堆拍照，定每周三拆一次。", "想学怎么看反哺报告。"),
    ("包装线缺跌落测试，运损多。", "借来测试架，纸托四角加厚后六面通过。", "问能不能用自己的物流。"),
)
