"""The roll-up on a real Spark cluster, a master and two workers on this machine, agrees with DuckDB to the cent."""

import random
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from incubator.kernel import clock
from incubator.sales import cluster, facts, rolling, service
from incubator.sales.facts import Fact
from tests.processes import free_port, running, wait_for
from tests.sales.desk import Desk, a_channel, a_sku
from tests.sales.test_weeks import MONDAY

pyspark = pytest.importorskip("pyspark")
if not shutil.which("java"):
    pytest.skip("Spark needs Java: apt-get install openjdk-17-jre-headless", allow_module_level=True)
BACKENDS = ("sqlite",)
SPARK_CLASS = str(Path(pyspark.__file__).parent / "bin" / "spark-class")
DEPLOY = "org.apache.spark.deploy"


@pytest.fixture(scope="module")
def master(tmp_path_factory):
    """The address of a standalone master with two workers."""
    folder, port = tmp_path_factory.mktemp("spark"), free_port()
    env = {
        "PATH": "/usr/bin:/bin",
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOG_DIR": str(folder),
        "SPARK_WORKER_DIR": str(folder),
        "SPARK_DAEMON_MEMORY": "256m",
    }
    address = f"spark://127.0.0.1:{port}"
    on_loopback = ["--host", "127.0.0.1", "--webui-port", "0"]
    a_worker = [SPARK_CLASS, f"{DEPLOY}.worker.Worker", *on_loopback, "--cores", "1", "--memory", "1200m", address]
    log = folder / "master.log"
    with running([SPARK_CLASS, f"{DEPLOY}.master.Master", *on_loopback, "--port", str(port)], env, log):
        wait_for(lambda: "I have been elected leader" in log.read_text(), 60)
        with running(a_worker, env, folder / "one.log"), running(a_worker, env, folder / "two.log"):
            wait_for(lambda: log.read_text().count("Registering worker") == 2, 60)
            yield address


def some_lines(draw, channel, number=3000):
    """Sales and returns of forty articles in ten weeks: several articles per order, odd cents, blank orders, topics."""
    for n in range(number):
        kind = "return" if draw.random() < 0.1 else "sale"
        units, day = draw.randint(1, 9), MONDAY + timedelta(days=draw.randint(0, 69))
        key = f"{channel}-{n}"
        yield Fact(
            line_id=key, content=key, kind=kind, order_no="" if draw.random() < 0.05 else f"O{draw.randint(1, number // 2)}", code=f"K-{draw.randint(0, 44)}",
            day=day, units=units, price_e4=1, amount_minor=units * draw.randint(1, 99_999), orders_n=draw.randint(0, 3),
            reason=draw.choice(("quality", "size")) if kind == "return" else "", topic=draw.choice(("", "zip")) if kind == "return" else "",
            segment=draw.choice(("consumer", "streamer")),
        )  # fmt: skip


def in_order(rows):
    return sorted((tuple(sorted((name, str(value)) for name, value in row.items())) for row in rows), key=str)


def test_every_roll_up_agrees_with_that_of_one_machine(app, session, master, monkeypatch):
    desk = Desk()
    other = a_channel(desk.brand, "外贸", "USD", buyer_kind="cross_border")
    for n in range(40):
        a_sku(desk.product, f"K-{n}")
    session.commit()
    for number, channel in enumerate((desk.channel, other)):
        service.take_in(facts.table_of(list(some_lines(random.Random(number), channel.id))), channel, 0, clock.now())
    session.commit()
    weeks, meaning = [MONDAY + timedelta(weeks=n) for n in range(10)], service.meaning_of(desk.brand.id)
    here = rolling.of_weeks(desk.brand.id, weeks, meaning)
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    monkeypatch.setitem(app.config, "SPARK_MASTER", master)
    assert cluster.is_set()
    there = rolling.of_weeks(desk.brand.id, weeks, meaning)
    assert len(here[0]) > 500 and len(here[1]) > 300
    assert in_order(there[0]) == in_order(here[0]) and in_order(there[1]) == in_order(here[1]) and there[2] == here[2]
