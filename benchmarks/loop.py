"""Measures the loop on real lines: `python -m benchmarks.loop ARCHIVE`, the UK shop's daily files in one zip. SQLite, in a temporary folder.

It prints a table: the import (lines per second, peak memory; a second time, where nothing changes), the weeks rolled up, the weekly packs of a
thousand SKUs and more, and the document of an investor report of at least twenty pages. SKUs are given to four factories by the rule of
`incubator/sales/adoption.py`: invented.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from incubator import create_app
from incubator.feedback import compiling, service
from incubator.feedback.models import FeedbackPack, PackSection
from incubator.investors import printing
from incubator.kernel import clock
from incubator.kernel.db import db
from incubator.launches.models import Channel
from incubator.products.models import KeyResult, Objective
from incubator.sales.models import SkuWeek
from tests import builders
from tests.conftest import make_schema
from tests.investors.builders import Desk, a_commitment, a_frozen_report

FACTORIES, OBJECTIVES, PAGES, SKUS = 4, 40, 20, 1000


def a_gift_shop(brand_id: int) -> Channel:
    """The channel that the real lines are of."""
    shop = Channel(
        brand_id=brand_id, name_zh="英国礼品店", name_en="UK gift shop", platform="uk_shop", currency="GBP", timezone="Europe/London",
        buyer_kind="consumer", created_at=clock.now(), updated_at=clock.now(),
    )  # fmt: skip
    db.session.add(shop)
    db.session.commit()
    return shop


def prepare() -> None:
    """A brand with one product that four factories make, and the shop as its channel; prints what the commands need."""
    app = create_app()
    with app.app_context():
        make_schema()
        brand = builders.an_organisation("brand", "源选")
        builders.a_person(brand, manager=True)
        product = builders.a_product(builders.a_programme(brand), "launch")
        for n in range(FACTORIES):
            builders.a_participant(product, builders.an_organisation("factory", f"Factory {n}"))
        shop = a_gift_shop(brand.id)
        print(json.dumps({"channel": shop.id, "product": product.code, "brand": brand.id}))


def packs(brand_id: int) -> None:
    """Compile and send the packs of the week in which the most SKUs sold."""
    with create_app().app_context():
        busiest = select(SkuWeek.week).group_by(SkuWeek.week).order_by(func.count(SkuWeek.sku_id.distinct()).desc()).limit(1)
        week: date = db.session.scalars(busiest).one()
        begun, sent = time.perf_counter(), 0
        for draft in compiling.drafts(brand_id, week).values():
            sent += service.send_all(brand_id, week, draft, clock.now())
            db.session.commit()
        taken = time.perf_counter() - begun
        sections = db.session.scalar(select(func.count(PackSection.id)))
        print(
            json.dumps({"seconds": taken, "packs": db.session.scalar(select(func.count(FeedbackPack.id))), "skus": sections, "sent": sent})
        )


def report() -> None:
    """Draw the document of a report about several hundred key results."""
    with create_app().app_context():
        desk = Desk()
        for n in range(OBJECTIVES):
            objective = builders.put(Objective(programme_id=desk.programme.id, title=f"开出第 {n} 个新细分"))
            for k in range(10):
                builders.put(
                    KeyResult(objective_id=objective.id, name=f"样品一次通过率 {k}", unit="%", start=0.0, target=90.0, current=41.0)
                )
        db.session.expire(desk.programme)
        a_commitment(desk)
        frozen = a_frozen_report(desk)
        db.session.commit()
        begun = time.perf_counter()
        data = printing.render(frozen, desk.ours.id, "zh")
        taken = time.perf_counter() - begun
        print(json.dumps({"seconds": taken, "pages": pages_of(data), "kB": len(data) // 1024}))


def pages_of(data: bytes) -> int:
    told = subprocess.run(["pdfinfo", "-"], input=data, capture_output=True, check=True).stdout.decode()
    return int(told.split("Pages:")[1].split()[0])


def run(*command: str) -> dict[str, Any]:
    """A process to its end: the JSON of its last line, its seconds and its peak memory in MiB."""
    begun = time.perf_counter()
    process = subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)}: {status}\n{said}")
    return {"wall": time.perf_counter() - begun, "peak": used.ru_maxrss / 1024, **json.loads(said.strip().splitlines()[-1])}


def part(name: str, *arguments: str) -> dict[str, Any]:
    return run("-m", "benchmarks.loop", "--part", name, *arguments)


def command(*words: str) -> dict[str, Any]:
    return run("-m", "flask", "--app", "app", "sales", *words)


def measure(archive: Path) -> None:
    """One line per piece of work."""
    made = part("prepare")
    importing = ("import", str(archive), "--preset", "uk_shop", "--set", f"channel_id={made['channel']}")
    print("| work | amount | seconds | rate | peak MiB |\n|---|---|---|---|---|")
    for name in ("import", "import again"):
        done = command(*importing)
        told = ", ".join(f"{n} {done[n]:,}" for n in done if n in OUTCOMES and done[n])
        say(name, f"{done['read']:,} lines = {told}", done["wall"], f"{done['read'] / done['wall']:,.0f} lines/s", done["peak"])
        if not done["balanced"]:
            raise SystemExit(f"the lines do not add up: {done}")
        if name == "import":
            command("adopt", "--product", made["product"])
    done = command("roll-up")
    say("roll-up", f"{done['weeks']} weeks", done["wall"], "–", done["peak"])
    done = part("packs", str(made["brand"]))
    if done["skus"] < SKUS:
        raise SystemExit(f"only {done['skus']} SKUs in the packs")
    say(
        "weekly packs",
        f"{done['skus']:,} SKUs, {done['packs']} factories",
        done["seconds"],
        f"{done['skus'] / done['seconds']:,.0f} SKUs/s",
        done["peak"],
    )
    done = part("report")
    if done["pages"] < PAGES:
        raise SystemExit(f"the report has only {done['pages']} pages")
    say(
        "investor report, PDF",
        f"{done['pages']} pages, {done['kB']} kB",
        done["seconds"],
        f"{done['pages'] / done['seconds']:.1f} pages/s",
        done["peak"],
    )


OUTCOMES = ("facts", "new", "unchanged", "returns", "adjustments", "duplicates", "refused")


def say(name: str, amount: str, seconds: float, rate: str, peak: float) -> None:
    print(f"| {name} | {amount} | {seconds:.1f} | {rate} | {peak:.0f} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", nargs="?")
    parser.add_argument("--part", choices=("prepare", "packs", "report"))
    given = parser.parse_args()
    if given.part:
        {"prepare": prepare, "packs": lambda: packs(int(given.archive)), "report": report}[given.part]()
        return
    with tempfile.TemporaryDirectory(prefix="incubator-loop-") as folder:
        os.environ.update(DATA_DIR=folder, LOG_LEVEL="WARNING")
        measure(Path(given.archive).resolve())


if __name__ == "__main__":
    main()
