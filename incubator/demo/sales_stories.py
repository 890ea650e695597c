"""Two years of invented order lines for the demo's SKUs: seasons, returns with reasons, a bad batch that the factory then mended.

The same every time: chance is seeded by the SKU's code. It tells the lines through the service, and rolls them up as the job would.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any
from zlib import crc32

from incubator.demo import lot_stories, return_words
from incubator.kernel import access
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.launches.models import Channel, Sku
from incubator.products.models import Product
from incubator.sales import facts, grading, reasons, service
from incubator.sales.facts import Fact
from incubator.sales.rules import RETURN, SALE

SELLING = ("test_launch", "launch", "scale", "handed_over")
WEEKS_ON_SALE = {"test_launch": 9, "launch": 40, "scale": 70, "handed_over": 100}
# Units a week where the plan is 1, by what becomes of the SKU; drawn by its code.
FORTUNES = (1.9, 1.15, 1.0, 0.95, 0.7, 0.55, 0.2)
FESTIVALS = {(11, 11): 3.2, (6, 18): 2.4, (12, 12): 1.6, (3, 8): 1.4}  # 双11, 618, 双12, 女神节: the fortnight around them
SPRING = ((2024, 2, 10), (2025, 1, 29), (2026, 2, 17), (2027, 2, 6))  # nobody dispatches around Spring Festival
USUAL_RETURNS = (
    ("quality", 30), ("size", 18), ("not_as_described", 18), ("damaged", 16), ("changed_mind", 45), ("unstated", 16), ("missing_part", 6), ("late", 5),
    ("price", 5), ("other", 5),
)  # fmt: skip
MOST_ORDERS = 3  # lines a day and channel: each stands for as many orders as it has units
BAD_BATCH = {code: (*weeks, *story) for code, weeks, story in lot_stories.BAD}  # from and to weeks ago, why, share that came back
REGIONS = ("浙江省", "广东省", "江苏省", "上海", "山东省", "四川省", "北京", "湖北省")
UNKNOWN = (("YX-赠品-01", "满赠小毛巾"), ("BUCHA", "运费补差"), ("FLASK-01-OLD", "轻量登山保温壶 旧包装"))


def tell(world: Any) -> None:
    """Lines of every SKU on sale, on each channel that it has a price on (else on the first), then weeks and grades."""
    channels = list(getattr(world, "channels", {}).values())
    if not channels:
        return
    today = world.now.date()
    placed: dict[int, list[Fact]] = {channel.id: [] for channel in channels}
    selling = access.select_visible(Sku, SYSTEM, Sku, Product.state).join(Product, Product.id == Sku.product_id)
    for sku, stage in db.session.execute(selling.where(Product.state.in_(SELLING))).all():
        for n, channel in enumerate(_channels_of(sku, channels)):
            lines = list(_lines(sku, stage, channel, n, today))
            lot_stories.count(world, sku, today - timedelta(weeks=WEEKS_ON_SALE[stage]), lines, today)
            placed[channel.id] += lines
    for channel in channels:
        if placed[channel.id]:
            service.take_in(facts.table_of(placed[channel.id]), channel, 0, world.now)
    _unknown(world, channels[0], today)
    for brand_id in service.stale_brands():
        while service.roll_up(brand_id):
            pass
        last = grading.last_complete_week(today)
        for ago in range(12, -1, -1):
            grading.grade(brand_id, last - timedelta(weeks=ago))


def _channels_of(sku: Sku, channels: list[Channel]) -> list[Channel]:
    draw = Random(crc32(f"channels {sku.code}".encode()))  # noqa: S311 - an invented story
    domestic = [c for c in channels if c.currency == sku.currency]
    return draw.sample(domestic, min(2, len(domestic)))


def _lines(sku: Sku, stage: str, channel: Channel, nth: int, today: date) -> Iterator[Fact]:
    draw = Random(crc32(f"{sku.code} {channel.name_zh}".encode()))  # noqa: S311
    fortune = Random(crc32(sku.code.encode())).choice(FORTUNES)  # noqa: S311
    plan = (sku.planned_units_per_week or 60) * (0.65, 0.35)[nth]
    start = today - timedelta(weeks=WEEKS_ON_SALE[stage])
    for n in range((today - start).days):
        day = start + timedelta(days=n)
        units = round(draw.gauss(1, 0.35) * plan / 7 * fortune * _season(day) * min(1.0, 0.4 + n / 60))
        if units < 1:
            continue
        share, reason = _return_share(sku.code, day, today, draw)
        back_on = day + timedelta(days=draw.randint(2, 6))
        for k, bought in enumerate(_orders(units)):
            order = _fact(sku, channel, day, bought, f"{n}.{k}", draw)
            yield replace(order, lot=lot_stories.code_on(sku, start, day, today) if nth == 0 else "")
            back = sum(draw.random() < share for _ in range(bought))
            if back and back_on < today:
                yield _sent_back(order, back_on, back, draw.choice(return_words.said(sku.code, reason)))


def _orders(units: int) -> list[int]:
    """A day's units in a few orders."""
    number = min(units, MOST_ORDERS)
    return [units // number + (k < units % number) for k in range(number)]


def _season(day: date) -> float:
    if any(abs((day - date(*spring)).days) <= 8 for spring in SPRING):
        return 0.3
    peak = max((lift for (month, on), lift in FESTIVALS.items() if abs((day - date(day.year, month, on)).days) <= 4), default=1.0)
    return peak * (1.12 if day.weekday() >= 5 else 0.96)


def _return_share(code: str, day: date, today: date, draw: Random) -> tuple[float, str]:
    first, last, reason, share = BAD_BATCH.get(code, (0, 0, "", 0.0))
    if last * 7 < (today - day).days <= first * 7 and draw.random() < 0.8:
        return share, reason
    return 0.035, draw.choices([r for r, _ in USUAL_RETURNS], [w for _, w in USUAL_RETURNS])[0]


def digest(*parts: Any) -> str:
    return hashlib.sha256("\x1f".join(str(p) for p in parts).encode()).hexdigest()[:32]


def _fact(sku: Sku, channel: Channel, day: date, units: int, nth: str, draw: Random) -> Fact:
    price = sku.launch_price_minor or 9900
    key = digest("demo", sku.code, channel.id, day, nth)
    return Fact(
        line_id=key, content=key, kind=SALE, order_no=f"D{crc32(key.encode()):010d}", code=sku.code.upper(), day=day, units=units,
        price_e4=price * 100, amount_minor=units * price, region=draw.choice(REGIONS), orders_n=units - 1,
    )  # fmt: skip


def _sent_back(order: Fact, day: date, units: int, text: str) -> Fact:
    """Some of an order's units, with the buyer's words and what the lexicon hears in them."""
    heard, key = reasons.read(text), digest(order.line_id, "back")
    return replace(
        order, line_id=key, content=key, kind=RETURN, day=day, units=units, amount_minor=units * order.price_e4 // 100, reason=heard.reason,
        topic=heard.topic, reason_text=text, orders_n=units - 1,
    )  # fmt: skip


def _unknown(world: Any, channel: Channel, today: date) -> None:
    """A few codes that nobody has explained yet."""
    told = []
    for n, (code, name) in enumerate(UNKNOWN, 1):
        key = digest("demo", code)
        on = today - timedelta(days=5 * n)
        told.append(Fact(key, key, SALE, f"D{n}", code, on, 3 * n, 99_000, 2970 * n, region=REGIONS[n], description=name))
    service.take_in(facts.table_of(told), channel, 0, world.now)
