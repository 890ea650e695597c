"""Words as they are compared: one case, no accents, half width, simplified characters, and marks of clauses kept. Pure."""

import re
import unicodedata

# Traditional characters of the words that returns are told in, each with its simplified form.
TRADITIONAL = dict(zip(
    "開關機電線充壞斷鏈鎖壓縮燈亮氣噴頭軟濾網輪殼邊裝無沒異聲熱燙燒護顯示屏觸鍵鈕鼠標驅動聯連網絡訊號"
    "顏色開膠縫紗針釦紐襯質料薄厚緊鬆長寬窄碼號髒汙漬鏽黴漏滲發錯貨寄送慢遲價貴買後悔換誤單與圖實際"
    "說明書養過敏癢臉髮掉頭皮條帶轉軸彎裂縫損傷風險觀樣舊繡墊鞋褲裙領團體驗態務員賣店產類爛盡濕乾潤難聞",
    "开关机电线充坏断链锁压缩灯亮气喷头软滤网轮壳边装无没异声热烫烧护显示屏触键钮鼠标驱动联连网络讯号"
    "颜色开胶缝纱针扣纽衬质料薄厚紧松长宽窄码号脏污渍锈霉漏渗发错货寄送慢迟价贵买后悔换误单与图实际"
    "说明书养过敏痒脸发掉头皮条带转轴弯裂缝损伤风险观样旧绣垫鞋裤裙领团体验态务员卖店产类烂尽湿干润难闻", strict=True,
))  # fmt: skip
ELISION = re.compile(r"(?<=[a-z])['’´`](?=(?:t|s|re|ve|ll|d|m)\b)")
GLUE = re.compile(r"[\s_\-/\\'’´`\"“”()*+]+")
LONGEST = 2000  # characters that are read of a text


def _plain(character: str) -> str:
    """`character` in lower case, half width and without accents."""
    apart = unicodedata.normalize("NFKD", character)
    return "".join(c for c in apart if not unicodedata.combining(c)).casefold()


def _table() -> dict[int, str]:
    ranges = ((0xC0, 0x250), (0x1E00, 0x1F00), (0xFF01, 0xFF5F), (0x3000, 0x3001))
    table = {code: _plain(chr(code)) for first, last in ranges for code in range(first, last)}
    table |= dict.fromkeys(range(768, 880), "") | {0xFEFF: "", 0x200B: "", ord("ø"): "o", ord("Ø"): "o", ord("ß"): "ss"}
    return table | {ord("æ"): "ae", ord("Æ"): "ae", ord("å"): "a"} | {ord(a): b for a, b in TRADITIONAL.items()}


TABLE = _table()


def folded(text: str) -> str:
    """`text` as words are looked up in it. "doesn't" and "DOESNT" are one, and so are ｚｉｐ and zip, cassé and casse, 拉鏈 and 拉链."""
    said = text[:LONGEST].lower()
    if not said.isascii():
        said = said.translate(TABLE)
    return GLUE.sub(" ", ELISION.sub("", said)).strip()
