"""What the demo's buyers write when they send something back: by reason, and for some articles about their own parts. Read by the lexicon like any text."""

SAID = {
    "quality": (
        "做工粗糙，线头很多",
        "用了两次就开线了",
        "表面掉漆，有毛刺",
        "质量一般，不值这个价",
        "边上裂了一条缝",
        "有色差还有污渍",
        "质量不好",
    ),
    "size": ("尺寸偏小，放不下", "比想的大了一圈", "大小不合适", "太长了，桌上摆不开"),
    "not_as_described": ("颜色和图片不符", "实物与描述不一致", "图上是哑光，收到是亮面", "感觉不是正品"),
    "damaged": ("快递破损", "收到就压坏了一角", "运输途中磕坏", "箱子压扁，里面碎了"),
    "changed_mind": ("7天无理由", "七天无理由退货", "不想要了", "拍错了", "买多了", "不喜欢"),
    "unstated": ("",),
    "smell": ("味道很大，散不掉", "有刺鼻异味", "一股塑料味"),
    "missing_part": ("少发一个配件", "没收到赠品", "少了一包螺丝"),
    "late": ("一直没收到", "物流太慢，不等了"),
    "price": ("刚买就降价", "别家更便宜"),
    "other": ("婆婆说晦气", "直播间说好的双倍", "跟主播讲的不是一回事", "家里人不让用", "颜色跟窗帘不搭调", "送人被退回来"),
}
# An article's own faults, by the beginning of its code and the reason.
OF_ARTICLE = {
    ("DUVET", "quality"): ("洗了一次就跑绒", "绗缝开线，一抖就漏绒", "拉链坏了，拉不上", "缝线处钻绒，满床都是", "洗后结团变形"),
    ("CABLE", "smell"): ("塑料味冲鼻子", "味道很大，放了一周还有", "有刺鼻异味，不敢放卧室"),
    ("CABLE", "quality"): ("磁吸盖不紧", "插头松，一碰就掉", "外壳裂了"),
    ("RICE", "quality"): ("内胆涂层脱落", "按键失灵", "通电没反应", "煮饭的时候噪音大", "盖子漏气", "开关坏了"),
    ("FLASK", "quality"): ("密封圈漏水", "不保温，两小时就凉了", "杯盖拧不紧，漏水", "杯身掉漆"),
    ("NAP", "quality"): ("拉链卡住，拆不下来", "面料起球", "枕芯塌陷，没有支撑"),
    ("BOX60", "quality"): ("轮子掉了一个", "盖子扣不上", "箱体开裂"),
    ("RISER", "quality"): ("抽屉推不动", "木板开裂", "螺丝孔对不上", "放上去晃动"),
    ("CELADON", "quality"): ("杯口有缺口", "釉面有黑点", "把手断了"),
}


def said(code: str, reason: str) -> tuple[str, ...]:
    """What may be written of this article for this reason: of its own faults more than of any."""
    own = OF_ARTICLE.get((code.split("-", maxsplit=1)[0], reason), ())
    return own * 2 + SAID[reason][: 2 if own else None]
