"""The sales table in S3, against a real server of the protocol: the same facts and weeks as in a folder."""

import os
import sys
import urllib.request

import pytest
from sqlalchemy import select

from incubator.kernel import blobs
from incubator.sales import lake, service
from incubator.sales.models import SkuWeek
from tests.processes import free_port, running, wait_for
from tests.sales.desk import HEAD, Desk, a_sku, line, outcomes
from tests.sales.test_weeks import MONDAY

BACKENDS = ("sqlite",)


@pytest.fixture
def bucket(app, monkeypatch, tmp_path):
    """The server is a process of its own: deltalake waits for it without letting another thread of ours work."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    for name, value in {"ENDPOINT_URL": address, "ACCESS_KEY_ID": "test", "SECRET_ACCESS_KEY": "test", "REGION": "us-east-1"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    blobs.open_store.cache_clear()
    monkeypatch.setitem(app.config, "SALES_URL", "s3://lines/of/sales")
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with running(command, {"PATH": os.environ["PATH"]}, tmp_path / "s3.log"):
        wait_for(lambda: answers(address, "GET", "moto-api/"), 60)
        answers(address, "PUT", "lines")
        yield
    blobs.open_store.cache_clear()


def answers(address, method, path):
    try:
        urllib.request.urlopen(urllib.request.Request(f"{address}/{path}", method=method)).close()
    except OSError:
        return False
    return True


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
