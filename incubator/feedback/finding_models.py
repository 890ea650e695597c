"""What of a brand's returns is more than chance, week by week (`findings`): each thing found once, with how it stands; and each week's look as a whole.

A finding is the brand's. A factory reads of its own SKUs what `findings_told` lets through, frozen in its pack. Comparisons of effects with other
SKUs (`EffectComparison`) name those, and are the brand's alone too.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incubator.accounts.models import User, one_of
from incubator.feedback.models import VERDICTS, FeedbackAction
from incubator.kernel.db import Model, Stamped, Versioned, append_only
from incubator.launches.models import Sku
from incubator.products.models import Product

KINDS = ("change", "level")
FINDING_STATES = ("open", "told", "acted", "gone", "back", "aside")
STANDING = ("open", "told", "acted", "back")
STEPS = ("fix", "inspect", "listing", "delivery")


class FindingRun(Model):
    """One look at a brand at the end of a week: how many questions were asked of how many SKUs, and what was found at the false-discovery rate `fdr`.

    `too_few` series had returns, and too few to ask since when. `keep` is the factor of the lag, φ = 1 + `delta` + `kappa` · returns a week.
    """

    __tablename__ = "finding_run"
    __table_args__ = (UniqueConstraint("brand_id", "week"),)

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    week: Mapped[date] = mapped_column(Date)
    skus: Mapped[int]
    tested: Mapped[int]
    found: Mapped[int]
    too_few: Mapped[int]
    fdr: Mapped[float]
    keep: Mapped[float]
    delta: Mapped[float]
    kappa: Mapped[float]
    table_version: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[datetime]


class Finding(Versioned, Stamped, Model):
    """One SKU that comes back too often, for one `reason` ("": whatever the reason) and `topic`. One row for as long as the SKU lives.

    `kind` says against what: its own earlier rate (since `since`) or comparable SKUs. `ratio` with its 95% interval, `p` and `q` are of `last_week`, the
    last week in which it was found; `base` is the rate that is 1.0, a share of lagged orders. `returned` of `orders` came back since. `evidence`
    holds the weeks, the likely span of the beginning, voices, requirements, and how it stands now. `aside` is what was known when the brand set it aside
    (`standing.is_new`), None when it was taken up again; its reason stays.
    """

    __tablename__ = "finding"
    __table_args__ = (
        UniqueConstraint("sku_id", "reason", "topic"),
        CheckConstraint(one_of("kind", KINDS), "kind"),
        CheckConstraint(one_of("state", FINDING_STATES), "state"),
        CheckConstraint(one_of("step", STEPS), "step"),
        Index("ix_finding_brand", "brand_id", "state", "last_week", "id"),
        Index("ix_finding_ratio", "brand_id", "ratio", "id"),
        Index("ix_finding_q", "brand_id", "q", "id"),
    )

    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    reason: Mapped[str] = mapped_column(String(20))
    topic: Mapped[str] = mapped_column(String(24), default="")
    kind: Mapped[str] = mapped_column(String(6))
    state: Mapped[str] = mapped_column(String(5), default="open")
    state_since: Mapped[datetime]
    first_week: Mapped[date] = mapped_column(Date)
    last_week: Mapped[date] = mapped_column(Date)
    since: Mapped[date | None] = mapped_column(Date)
    lot: Mapped[str] = mapped_column(String(120), default="")
    ratio: Mapped[float]
    low: Mapped[float]
    high: Mapped[float]
    p: Mapped[float]
    q: Mapped[float]
    base: Mapped[float]
    orders: Mapped[int] = mapped_column(BigInteger)
    returned: Mapped[int] = mapped_column(BigInteger)
    step: Mapped[str] = mapped_column(String(8))
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON)
    aside: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    aside_note: Mapped[str] = mapped_column(Text, default="")
    aside_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    aside_by: Mapped[User | None] = relationship()
    sku: Mapped[Sku] = relationship()
    product: Mapped[Product] = relationship()

    @property
    def audit_scope(self) -> tuple[None, int]:
        return None, self.brand_id


class EffectComparison(Model):
    """The effect of an action beside comparable SKUs (`effects.Effect` as JSON, with their codes), for the brand; the factory reads `FeedbackEffect`."""

    __tablename__ = "effect_comparison"
    __table_args__ = (CheckConstraint(one_of("verdict", VERDICTS), "verdict"),)

    action_id: Mapped[int] = mapped_column(ForeignKey("feedback_action.id"), unique=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    verdict: Mapped[str] = mapped_column(String(8))
    effect: Mapped[dict[str, Any]] = mapped_column(JSON)
    controls: Mapped[list[str]] = mapped_column(JSON)
    factories: Mapped[int]

    action: Mapped[FeedbackAction] = relationship()


append_only(EffectComparison.__table__)
