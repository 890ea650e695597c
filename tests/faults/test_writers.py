"""Case 38: eight processes write to one database; no lock error, no lost update. Case 44: what was acknowledged survives kill -9."""

import json
import subprocess
import sys
import threading
from collections import Counter

from sqlalchemy import func, select

from incubator.briefs.models import BriefRevision, ProductBrief
from incubator.config import ROOT
from incubator.kernel import audit
from incubator.kernel.audit import AuditEntry
from incubator.products.models import Product
from tests.builders import a_brief, a_product, a_programme, an_organisation
from tests.faults.helpers import call, kill, look, serving
from tests.processes import environment, wait_for

ROUNDS = 3


def test_case_38_eight_writers(app, session, caller):
    brand = an_organisation("brand")
    programme = a_programme(brand)
    brief = a_brief(a_product(programme, stage="brief"))
    who, brief_id, programme_id, before = caller(brand), brief.id, programme.id, brief.revision
    session.rollback()
    command = [sys.executable, "-m", "tests.faults.writers", "8", "5", who.made.text, str(brief_id), str(programme_id)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(app, LOG_LEVEL="ERROR"), capture_output=True, text=True, timeout=90, check=True
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    got = sum((Counter(line) for line in lines), Counter())
    assert len(lines) == 8 and {"create 201", "change 200"} <= set(got) <= {"create 201", "change 200", "change 409"}, (
        got,
        done.stderr[-1000:],
    )
    assert min(line["create 201"] for line in lines) > 0, "a writer starved"
    [[made, codes]] = look(select(func.count(), func.count(ProductBrief.code.distinct())).where(ProductBrief.id != brief_id))
    assert made == codes == got["create 201"]
    [[revision]] = look(select(ProductBrief.revision).where(ProductBrief.id == brief_id))
    [[kept]] = look(select(func.count()).where(BriefRevision.brief_id == brief_id))
    assert revision - before == kept == got["change 200"]
    assert look(select(func.count()).where(AuditEntry.event == "brief.save"))[0][0] == kept
    assert "locked" not in done.stderr and audit.first_broken() is None


class Writer(threading.Thread):
    """Writes until the server is gone; remembers what was acknowledged and what was left without an answer."""

    def __init__(self, port, token, programme, name):
        super().__init__(name=name)
        self.port, self.token, self.programme, self.acknowledged, self.unanswered, self.refused = port, token, programme, [], 0, []

    def run(self):
        for n in range(10_000):
            title = f"{self.name}-{n}"
            try:
                status, _ = call(self.port, "POST", "/api/v1/briefs", self.token, {"title": title, "programme_id": self.programme}, 10)
            except OSError:
                self.unanswered += 1
                return
            (self.acknowledged if status == 201 else self.refused).append(title)


def test_case_44_acknowledged_writes_survive_kill_9(app, session, caller, tmp_path):
    brand = an_organisation("brand")
    programme = a_programme(brand)
    token, programme_id = caller(brand).made.text, programme.id
    session.rollback()
    acknowledged, unanswered = set(), 0
    for number in range(ROUNDS):
        with serving(app, tmp_path) as (process, port):
            writers = [Writer(port, token, programme_id, f"r{number}w{w}") for w in range(4)]
            for writer in writers:
                writer.start()
            wait_for(lambda w=writers, n=number: sum(len(one.acknowledged) for one in w) >= 6 + 3 * n)
            kill(process)
            for writer in writers:
                writer.join(20)
        assert [w.refused for w in writers] == [[]] * 4
        acknowledged |= {title for w in writers for title in w.acknowledged}
        unanswered += sum(w.unanswered for w in writers)
        present = {title for (title,) in look(select(ProductBrief.title))}
        assert acknowledged <= present and len(present - acknowledged) <= unanswered
    assert len(acknowledged) >= 4 * ROUNDS
    [[briefs]], [[products]] = look(select(func.count(ProductBrief.id))), look(select(func.count(Product.id)))
    [[revisions]], [[written]] = (
        look(select(func.count(BriefRevision.id))),
        look(select(func.count()).where(AuditEntry.event == "brief.create")),
    )
    assert briefs == products == revisions == written
    assert audit.first_broken() is None
