"""Whether the frozen figures are what was frozen: each digest again, each value again from its inputs, the hash over all. It writes nothing."""

from dataclasses import dataclass
from typing import Any

from incubator.investors.figures import canonical, digest_of, hash_of, rebuilt
from incubator.investors.report_models import ProgressReport, ReportFigure, ReportInput
from incubator.kernel import access
from incubator.kernel.actor import Actor
from incubator.kernel.db import db


@dataclass(frozen=True)
class Check:
    """One figure: its digest fits, its recipe is known here, and the recipe makes the same value of the inputs."""

    figure: ReportFigure
    intact: bool
    known: bool
    equal: bool

    @property
    def is_fine(self) -> bool:
        return self.intact and (self.equal or not self.known)


@dataclass(frozen=True)
class Verdict:
    checks: list[Check]
    hash_fits: bool

    @property
    def is_fine(self) -> bool:
        return self.hash_fits and all(check.is_fine for check in self.checks)


def verify(report: ProgressReport, actor: Actor) -> Verdict:
    """For the brand: it alone sees the inputs."""
    query = access.select_visible(ReportFigure, actor, ReportFigure, ReportInput.inputs).join(
        ReportInput, ReportInput.figure_id == ReportFigure.id
    )
    rows = db.session.execute(query.where(ReportFigure.report_id == report.id).order_by(ReportFigure.position)).all()
    checks = [_check(figure, inputs) for figure, inputs in rows]
    frozen = report.freeze
    complete = frozen is not None and len(rows) == frozen.figures and hash_of([f.digest for f, _ in rows]) == frozen.content_hash
    return Verdict(checks, complete)


def _check(figure: ReportFigure, inputs: Any) -> Check:
    known, value = rebuilt(figure.recipe, inputs)
    return Check(figure, digest_of(figure, inputs) == figure.digest, known, known and canonical(value) == canonical(figure.value))
