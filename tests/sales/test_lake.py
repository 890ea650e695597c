"""The sales table in S3, against a real server of the protocol: the same facts and weeks as in a folder."""

import urllib.request

import pytest
from moto.server import ThreadedMotoServer
from sqlalchemy import select

from incubator.kernel import blobs
from incubator.sales import lake, service
from incubator.sales.models import SkuWeek
from tests.sales.desk import HEAD, Desk, a_sku, line, outcomes
from tests.sales.test_weeks import MONDAY

BACKENDS = ("sqlite",)


@pytest.fixture
def bucket(app, monkeypatch):
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    for name, value in {"ENDPOINT_URL": address, "ACCESS_KEY_ID": "test", "SECRET_ACCESS_KEY": "test", "REGION": "us-east-1"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    blobs.open_store.cache_clear()
    urllib.request.urlopen(urllib.request.Request(f"{address}/lines", method="PUT")).close()
    monkeypatch.setitem(app.config, "SALES_URL", "s3://lines/of/sales")
    yield
    blobs.open_store.cache_clear()
    server.stop()


def test_sales_in_s3_are_the_same_as_in_a_folder(session, bucket, app):
    desk = Desk()
    a_sku(desk.product, "K-1")
    text = HEAD + line("1", "K-1", 2, MONDAY, key="1") + line("2", "K-1", -1, MONDAY, reason="坏了") + line("3", "NEW", 1, MONDAY)
    assert outcomes(desk.hand_in(text)) == {"read": 3, "facts": 2, "returns": 1}
    assert outcomes(desk.hand_in(text)) == {"read": 3, "unchanged": 3}
    assert outcomes(desk.hand_in(HEAD + line("1", "K-1", 5, MONDAY, key="1"))) == {"read": 1, "changed": 1}
    assert service.roll_up(desk.brand.id) == 1
    session.commit()
    week = session.scalars(select(SkuWeek)).one()
    assert (week.units, week.returned_units, week.table_version) == (5, 1, lake.version())
    assert not list(app.config["DATA_DIR"].glob("sales/_delta_log/*")) and list(app.config["DATA_DIR"].glob("sales-read/**/*.parquet"))
    assert lake.compact()["joined"] >= 0 and lake.months(desk.brand.id) == ["2026-03"]
