"""The topics that a brand starts with: what buyers speak of in shop reviews, by code: (Chinese name, English name, Chinese words, English words).

Chosen by reading reviews of clothing, appliances, fruit, tablets, books and care; a brand adds its own and changes these.
"""

TOPICS: dict[str, tuple[str, str, str, str]] = {
    "quality": ("质量", "Quality", "质量 品质 粗制滥造 次品 残次 垃圾货 劣质", "quality defective shoddy rubbish well made poorly made"),
    "workmanship": (
        "做工",
        "Workmanship",
        "做工 线头 毛刺 走线 缝线 脱线 开线 粗糙 精致 接缝",
        "workmanship stitching finish sloppy loose thread",
    ),
    "material": (
        "材质",
        "Material",
        "材质 面料 料子 布料 用料 塑料 皮质 棉 起球 掉毛 透气 厚实",
        "material fabric cotton plastic leather pilling breathable",
    ),
    "smell": (
        "气味",
        "Smell",
        "气味 异味 味道大 味道很大 有味 没味 刺鼻 难闻 臭 香味 香气 清香",
        "smell smells odor odour stink fragrance scent",
    ),
    "size": (
        "尺码大小",
        "Size and fit",
        "尺码 尺寸 偏大 偏小 码数 合身 大小 大一码 小一码 太短 太长 太紧 个头",
        "size fit fits too small too big tight loose",
    ),
    "colour": ("颜色", "Colour", "色差 颜色 掉色 褪色 染色 变色", "colour color faded fading shade"),
    "appearance": ("外观", "Looks", "外观 外形 颜值 好看 漂亮 难看 款式 样式 时尚 大气", "looks beautiful ugly design stylish appearance"),
    "comfort": (
        "舒适",
        "Comfort",
        "舒服 舒适 柔软 硌人 勒得 磨脚 腰酸 腰疼 太累 很累 扎人 太硬 顶得",
        "comfort comfortable uncomfortable soft itchy",
    ),
    "noise": ("噪音", "Noise", "噪音 噪声 声音大 声音很大 很吵 太吵 吵不吵 响声 异响 静音 安静 嗡嗡", "noise noisy loud quiet silent"),
    "durability": (
        "耐用",
        "Durability",
        "耐用 不耐 坏了 就坏 用不久 掉漆 断了 开裂 裂开 破了 用了几天 没用几天 松了 晃动",
        "durable broke broken lasts stopped working cracked",
    ),
    "safety": (
        "安全健康",
        "Safety and health",
        "过敏 红疹 安全 漏电 甲醛 有毒 刺激 无添加 天然",
        "allergy allergic rash safe unsafe toxic toxin natural chemical chemicals",
    ),
    "price": (
        "价格",
        "Price",
        "价格 性价比 便宜 太贵 划算 实惠 降价 涨价 保价 差价 不值 超值",
        "price expensive cheap value worth costly money",
    ),
    "packaging": ("包装", "Packaging", "包装 盒子 箱子 礼盒 漏液 泡沫 密封", "packaging package packed box leaking leaked sealed"),
    "delivery": (
        "物流",
        "Delivery",
        "物流 快递 发货 送货 配送 到货 派送 京东小哥 送达",
        "delivery delivered shipping shipment courier arrived",
    ),
    "installation": ("安装", "Installation", "安装 师傅 打孔 支架 上门 拆机 移机", "install installation installed assembly assemble"),
    "service": (
        "客服售后",
        "Service",
        "客服 售后 服务态度 态度 投诉 维修 不理 推脱 敷衍 保修",
        "service support customer care warranty seller rude",
    ),
    "returns": ("退换", "Returns", "退货 退款 换货 退换 拒收 不给退 运费险", "return returned refund replacement exchange"),
    "authenticity": (
        "真伪",
        "Authenticity",
        "正品 假货 假的 真伪 盗版 翻新 二手 山寨 冒牌",
        "fake original genuine counterfeit duplicate refurbished",
    ),
    "battery": ("电池续航", "Battery", "电池 续航 待机 充电 耗电 掉电", "battery charge charging"),
    "screen": ("屏幕", "Screen", "屏幕 分辨率 清晰 亮度 坏点 触屏 漏光", "screen display resolution touch"),
    "speed": (
        "速度性能",
        "Speed",
        "卡顿 很卡 太卡 死机 流畅 运行 反应慢 速度快 内存 发热 发烫",
        "slow fast lag laggy hang hangs heating memory",
    ),
    "taste": (
        "口感",
        "Taste",
        "好吃 难吃 口感 很甜 不甜 太酸 酸甜 发酸 苦涩 水分 脆甜 香甜 没味道 味道好 味道不错 味道很好",
        "taste tastes tasty flavour flavor sweet bitter delicious",
    ),
    "freshness": ("新鲜", "Freshness", "新鲜 烂了 坏果 发霉 腐烂 变质 过期 烂的 压伤 保质期", "fresh rotten stale expired expiry mould"),
    "effect": (
        "效果",
        "Effect",
        "效果 有效 没用 没效果 管用 去屑 控油 掉发 脱发 见效",
        "effect effective results works useless hair fall dandruff difference",
    ),
    "skin": ("肤感", "Feel on skin", "干燥 油腻 滋润 清爽 顺滑 头皮 头痒 皮肤 肤质 泡沫", "skin dry oily greasy sticky scalp smooth"),
    "climate": (
        "制冷制热",
        "Cooling and heating",
        "制冷 制热 不凉 不冷 不热 冷暖 风量 出风 温度",
        "cooling heating cool temperature airflow",
    ),
    "energy": ("省电", "Energy", "省电 费电 耗能 节能 能效 电费", "energy electricity power consumption"),
    "ease": (
        "易用",
        "Ease of use",
        "好用 难用 方便 操作 麻烦 说明书 简单 不会用 上手",
        "easy convenient difficult instructions manual use hard to use",
    ),
    "missing": (
        "少件错发",
        "Missing or wrong item",
        "少件 缺件 漏发 少发 发错 错发 配件 没有发票 发票",
        "missing wrong item incomplete not received",
    ),
    "damage": ("破损", "Damaged on arrival", "破损 压坏 碎了 摔坏 凹陷 划痕 刮花 变形 磕碰", "damaged dented scratch scratched crushed"),
    "content": ("内容", "Content", "内容 情节 作者 文笔 翻译 故事 观点 看完 读完", "content story author reading ingredients"),
    "print": ("印刷", "Print", "印刷 纸张 字迹 排版 错别字 装订 缺页 掉页", "print printing paper pages"),
    "children": ("孩子", "Children", "孩子 宝宝 儿子 女儿 小朋友 儿童", "kid kids child children baby son daughter"),
    "elders": ("老人", "Older people", "老人 爸妈 父母 老妈 老爸 爷爷 奶奶 中老年", "parents mother father elderly grandmother"),
    "gift": ("送礼", "Gifts", "送礼 送人 礼物 生日 送朋友", "gift present birthday"),
    "ads": (
        "图文不符",
        "Not as described",
        "与描述不符 图片不符 实物 描述不符 虚假 宣传 差距",
        "described description misleading advertised pictures",
    ),
}
PHRASES = ("well made", "poorly made", "loose thread", "too small", "too big", "stopped working", "customer care", "hair fall", "hard to use",
           "wrong item", "not received")  # fmt: skip


def words_of(text: str) -> list[str]:
    """The words of a line of TOPICS: split at blanks, but for the phrases that hold one."""
    found = [phrase for phrase in PHRASES if phrase in text]
    for phrase in found:
        text = text.replace(phrase, "")
    return [*text.split(), *found]
