"""The reviews that the story begins with: real ones of tablets where the set stands beside the project, else lines of the same shape."""

import csv
from itertools import islice
from pathlib import Path
from typing import Any

from tests.journeys.hands import a_table

REAL = Path(__file__).parents[2].parent / "shared" / "realdata" / "cn_reviews" / "reviews.csv"
CATEGORY, WORD = "平板", "发热"
OF_HEAT, OTHERS = 40, 260
HEADER = ["cat", "label", "review"]


def _real() -> list[list[str]]:
    with REAL.open(encoding="utf-8-sig") as file:
        found = [
            [row["cat"], row["label"], row["review"]] for row in csv.DictReader(file) if row["cat"] == CATEGORY and row["review"].strip()
        ]
    hot = [row for row in found if WORD in row[2] and row[1] == "0"]
    return [*islice(hot, OF_HEAT), *islice((row for row in found if WORD not in row[2]), OTHERS)]


def _invented() -> list[list[str]]:
    hot = [[CATEGORY, "0", f"看视频第 {n} 分钟就发热，背面烫得拿不住，支架也不散热。"] for n in range(OF_HEAT)]
    return [*hot, *([CATEGORY, str(n % 2), f"第 {n} 次买平板，屏幕清晰，物流也快，包装完好。"] for n in range(OTHERS))]


def lines() -> list[list[str]]:
    """Heat first; one line twice, one that only the platform wrote, and one whose mood is no mood."""
    rows = _real() if REAL.exists() else _invented()
    return [*rows, list(rows[0]), [CATEGORY, "1", "此用户没有填写评价内容"], [CATEGORY, "好极了吗", "边充电边用，发热厉害。"]]


def sheet() -> dict[str, Any]:
    return a_table(HEADER, lines(), "平板评价.csv")
