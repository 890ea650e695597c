"""The list and the board of products, their saved views and exports. One filter bar and one set of address parameters serve all views."""

from typing import Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _

from incubator.kernel import clock, exports, web
from incubator.kernel.actor import ORGANISATION_KINDS
from incubator.kernel.errors import NotFound
from incubator.kernel.forms import Confirmation
from incubator.products import filterbar, queries, views, words
from incubator.products.blueprint import blueprint
from incubator.products.filters import Filters
from incubator.products.forms import SavedViewForm
from incubator.products.models import STAGES

MOST_EXPORTED = 100_000


@blueprint.get("/products", endpoint="list")
@web.allow(*ORGANISATION_KINDS)
def list_products() -> Any:
    """The brand's products with filters, sorts and paging; for a party the few in which it takes part."""
    actor = web.actor()
    if actor.role != "brand":
        return render_template("products/mine.html", rows=queries.mine(actor), stage=words.STAGE, tone=words.STAGE_TONE, kinds=words.KINDS)
    filters = Filters.read(request.args)
    page = queries.page(filters, actor, request.args.get("cursor"))
    bar = filterbar.build("list", filters, actor)
    return render_template(
        "products/list.html", page=page, filters=filters, bar=bar, now=clock.now(), words=words, today=clock.today(actor.timezone)
    )


@blueprint.get("/products/board")
@web.allow("brand")
def board() -> Any:
    actor = web.actor()
    filters = Filters.read(request.args)
    shown = (filters.stage,) if filters.stage else tuple(s for s in STAGES if s != "stopped")
    return render_template(
        "products/board.html",
        stages=shown,
        cards=queries.board(filters, actor, shown),
        counts=queries.stage_counts(filters, actor),
        filters=filters,
        bar=filterbar.build("board", filters, actor),
        now=clock.now(),
        words=words,
        today=clock.today(actor.timezone),
    )


@blueprint.get("/products/export.<any(csv,xlsx):kind>")
@web.allow("brand")
def export(kind: str) -> Any:
    """What the list shows, every page of it."""
    rows = queries.export(Filters.read(request.args), web.actor(), MOST_EXPORTED)
    heads = [
        _("Code"),
        _("Name"),
        _("Stage"),
        _("In stage since"),
        _("Type"),
        _("Category"),
        _("Programme"),
        _("Owner"),
        _("Risk"),
        _("Next milestone"),
        _("Due"),
        _("Launch"),
    ]
    stage, kinds, risk = ({k: str(v) for k, v in table.items()} for table in (words.STAGE, words.PRODUCT_TYPE, words.RISK))
    cells = (
        (
            r.code, r.name, stage[r.state], r.state_since.date(), kinds[r.type], r.category, r.programme_name, r.owner_name or "", risk[r.risk],
            r.next_milestone, r.next_milestone_on, r.launch_on,
        )
        for r in rows
    )  # fmt: skip
    return exports.download(heads, cells, kind, "products")


@blueprint.post("/products/views")
@web.allow("brand")
def save_view() -> Any:
    """Keep the filters that the form carries as hidden fields."""
    form = SavedViewForm()
    form.view.choices = [(name, name) for name in filterbar.VIEWS]
    form.require()
    saved = views.save(form.view.data, form.name.data, Filters.read(request.form), web.actor())
    flash(_("The view “%(name)s” has been saved.", name=saved.name), "success")
    return redirect(filterbar.url_of(form.view.data, **saved.query))


@blueprint.get("/products/views/<int:view_id>")
@web.allow("brand")
def open_view(view_id: int) -> Any:
    saved = queries.saved_view(view_id, web.actor())
    page = saved.page.removeprefix("products.")
    if page not in filterbar.VIEWS:
        raise NotFound()
    return redirect(filterbar.url_of(page, **Filters.read(saved.query).given()))


@blueprint.post("/products/views/<int:view_id>/delete")
@web.allow("brand")
def delete_view(view_id: int) -> Any:
    Confirmation().require()
    saved = views.delete(view_id, web.actor())
    flash(_("The view has been deleted."), "success")
    return redirect(filterbar.url_of(saved.page.removeprefix("products.")))
