"""The People and Activity tabs: who takes part, the squad, and what everybody did."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from incubator.kernel import access, clock, web
from incubator.kernel.actor import ORGANISATION_KINDS
from incubator.kernel.errors import NotFound
from incubator.kernel.forms import Confirmation
from incubator.products import activity, frame, participation, words
from incubator.products import people as colleagues
from incubator.products.blueprint import blueprint
from incubator.products.forms import ParticipantForm, SquadForm
from incubator.products.models import Participant


def _page(product: Any, actor: Any, joining: Any = None, squad_form: Any = None, status: int = 200) -> Any:
    is_brand = actor.role == "brand"
    parties = participation.parties(product, actor)
    present = {p.organisation_id for p in parties if p.left_at is None}
    joining = joining or ParticipantForm(formdata=None)
    squad_form = squad_form or SquadForm(formdata=None)
    if is_brand:
        _offer(joining, squad_form, actor, product, present)
    context = frame.frame_context(product, actor, "people")
    squad = participation.squad(product) if is_brand else []
    return render_template(
        "products/people.html", parties=parties, squad=squad, joining=joining, squad_form=squad_form, kinds=words.KINDS, **context
    ), status


def _offer(joining: Any, squad_form: Any, actor: Any, product: Any, present: set[int]) -> None:
    directory = [(o.id, f"{o.name} · {words.KINDS[o.kind]}") for o in participation.directory(actor) if o.id not in present]
    joining.organisation_id.choices = [("", _("Choose…")), *directory]
    squad_form.user_id.choices = [("", _("Choose…")), *colleagues.colleagues(product.brand_id)]


@blueprint.get("/products/<int:product_id>/people")
@web.allow(*ORGANISATION_KINDS)
def people(product_id: int) -> Any:
    return _page(frame.find(product_id, web.actor()), web.actor())


@blueprint.post("/products/<int:product_id>/participants")
@web.allow("brand")
def add_participant(product_id: int) -> Any:
    actor = web.actor()
    product = frame.find(product_id, actor)
    form = ParticipantForm()
    form.organisation_id.choices = [(o.id, o.name) for o in participation.directory(actor)]
    if not form.validate_on_submit():
        return _page(product, actor, joining=form, status=422)
    participant = participation.add_participant(product, form.organisation_id.data, actor, clock.now())
    flash(_("%(name)s takes part now and has been told.", name=participant.organisation.label), "success")
    return redirect(url_for("products.people", product_id=product.id))


@blueprint.post("/products/<int:product_id>/participants/<int:participant_id>/end")
@web.allow("brand")
def end_participant(product_id: int, participant_id: int) -> Any:
    Confirmation().require()
    actor = web.actor()
    product = frame.find(product_id, actor)
    participant = access.get_visible(Participant, participant_id, actor)
    if participant.product_id != product.id:
        raise NotFound()
    participation.end_participation(participant, product, actor, clock.now())
    flash(_("%(name)s no longer takes part.", name=participant.organisation.label), "success")
    return redirect(url_for("products.people", product_id=product.id))


@blueprint.post("/products/<int:product_id>/squad")
@web.allow("brand")
def join_squad(product_id: int) -> Any:
    actor = web.actor()
    product = frame.find(product_id, actor)
    form = SquadForm()
    form.user_id.choices = colleagues.colleagues(product.brand_id)
    if not form.validate_on_submit():
        return _page(product, actor, squad_form=form, status=422)
    participation.join_squad(product, form.user_id.data, form.duty.data, actor, clock.now())
    return redirect(url_for("products.people", product_id=product.id))


@blueprint.post("/products/<int:product_id>/squad/<int:user_id>/leave")
@web.allow("brand")
def leave_squad(product_id: int, user_id: int) -> Any:
    Confirmation().require()
    participation.leave_squad(frame.find(product_id, web.actor()), user_id, web.actor(), clock.now())
    return redirect(url_for("products.people", product_id=product_id))


@blueprint.get("/products/<int:product_id>/activity", endpoint="activity")
@web.allow(*ORGANISATION_KINDS)
def show_activity(product_id: int) -> Any:
    """What was done, latest first; a party reads only its own acts."""
    actor = web.actor()
    product = frame.find(product_id, actor)
    page = activity.of_product(product, actor, request.args.get("cursor"))
    return render_template("products/activity.html", page=page, **frame.frame_context(product, actor, "activity"))
