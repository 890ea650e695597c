"""The portfolio map: products by stage, as large as the money that hangs on them, with the table beside it."""

from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from incubator.investors import intake, portfolio
from incubator.investors.blueprint import blueprint
from incubator.kernel import exports, web
from incubator.products import programmes, words


def _asked() -> tuple[str, int]:
    filters = intake.filters(request.args, by=tuple(portfolio.SIZES))
    return filters.get("by", "commitment"), filters.get("programme", 0)


@blueprint.get("/portfolio", endpoint="portfolio")
@web.allow("brand")
def portfolio_map() -> Any:
    actor = web.actor()
    by, programme_id = _asked()
    found = portfolio.bubbles(actor, by, programme_id)
    return render_template(
        "investors/portfolio.html", bubbles=found, columns=portfolio.columns(found), by=by, programme_id=programme_id, sizes=portfolio.SIZES,
        programmes=programmes.choices(actor), words=words, most=portfolio.MOST,
    )  # fmt: skip


@blueprint.get("/portfolio/export.<any(csv,xlsx):fmt>")
@web.allow("brand")
def export_portfolio(fmt: str) -> Any:
    by, programme_id = _asked()
    stage, risk = ({k: str(v) for k, v in table.items()} for table in (words.STAGE, words.RISK))
    heads = [_("Product"), _("Programme"), _("Stage"), _("In stage since"), _("Risk"), str(portfolio.SIZES[by]), _("Currency")]
    cells = (
        (b.name, b.programme, stage[b.stage], b.since.date(), risk[b.risk], b.amount, b.amount.currency if b.amount else "")
        for b in portfolio.bubbles(web.actor(), by, programme_id)
    )
    return exports.download(heads, cells, fmt, "portfolio")
