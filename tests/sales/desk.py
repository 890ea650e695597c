"""A brand with a channel, a product with two factories, and a way to hand lines in."""

import io
from datetime import date
from typing import Any

from werkzeug.datastructures import FileStorage

from incubator.imports import jobs, kinds, service
from incubator.imports.models import DataImport
from incubator.kernel import clock
from incubator.kernel.db import db
from incubator.launches.models import Channel, Sku
from tests import builders
from tests.builders import put

HEAD = "order_no,code,quantity,at,price,kind,reason,line_key\n"
UK_HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"


def a_channel(brand: Any, name: str = "旗舰店", currency: str = "CNY", **values: Any) -> Channel:
    now = clock.now()
    values = {"platform": "tmall", "timezone": "Asia/Shanghai", "buyer_kind": "consumer", **values}
    return put(Channel(brand_id=brand.id, name_zh=name, currency=currency, created_at=now, updated_at=now, **values))


def a_sku(product: Any, code: str, factory: Any = None, **values: Any) -> Sku:
    now = clock.now()
    values = {"name_zh": f"货品 {code}", "state": "listed", "factory_organisation_id": factory.id if factory else None, **values}
    return put(
        Sku(
            brand_id=product.brand_id, product_id=product.id, code=code, state_since=now, created_at=now, updated_at=now,
            **values,
        )
    )  # fmt: skip


class Desk:
    def __init__(self, currency: str = "CNY") -> None:
        self.brand = builders.an_organisation("brand")
        self.user = builders.a_person(self.brand, manager=True)
        self.actor = builders.an_actor(self.brand, self.user)
        self.product = builders.a_product(builders.a_programme(self.brand), "launch", category="家具")
        self.factories = [builders.an_organisation("factory") for _ in range(2)]
        for factory in self.factories:
            builders.a_participant(self.product, factory)
        self.channel = a_channel(self.brand, currency=currency)
        db.session.commit()

    def hand_in(self, text: str, preset: str = "", channel: Channel | None = None) -> DataImport:
        """Import `text` to its end."""
        made = self.check(text, preset, channel)
        return self.apply(made) if made.status == "checked" else made

    def check(self, text: str, preset: str = "", channel: Channel | None = None) -> DataImport:
        """Hand `text` in, and check it."""
        options = {"channel_id": str((channel or self.channel).id)}
        upload = FileStorage(io.BytesIO(text.encode()), "lines.csv")
        made = service.start(kinds.find("sales.lines"), upload, self.actor, clock.now(), preset=preset, options=options)
        db.session.commit()
        return jobs.check_now(made.id, self.actor, lambda *_: None, ask=False)

    def apply(self, made: DataImport) -> DataImport:
        """Apply what was checked."""
        service.ask_to_apply(made, self.actor, clock.now())
        db.session.commit()
        return jobs.apply_now(made.id, self.actor, clock.now(), lambda *_: None)


def outcomes(made: DataImport) -> dict[str, int]:
    """The counts that are not zero; they account for every line."""
    assert made.is_balanced, made.counts
    return {name: number for name, number in made.counts.items() if number}


def line(
    order: str, code: str, quantity: int, day: date | str, price: str = "10.00", kind: str = "", reason: str = "", key: str = ""
) -> str:
    return f"{order},{code},{quantity},{day},{price},{kind},{reason},{key}\n"
