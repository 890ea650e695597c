"""The administrator's organisations and exchange rates."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from incubator.accounts import admin_queries, admin_service, labels
from incubator.accounts.admin_queries import Filters
from incubator.accounts.forms import InviteForm, OrganisationForm, RateForm
from incubator.accounts.models import Organisation
from incubator.accounts.organisation_routes import people_context
from incubator.accounts.shared_routes import blueprint, came_back, confirmed, page
from incubator.kernel import access, clock, exports, web
from incubator.kernel.errors import AppError, Invalid

ONLY_FOR = ("administrator",)


def filters() -> Filters:
    """The list's address says what it is narrowed to; anything unknown in it narrows nothing."""
    asked = {name: request.args.get(name, "").strip()[:100] for name in ("kind", "state", "text", "sort")}
    known = {"kind": labels.ROLE_LABELS, "state": ("open", "closed"), "sort": admin_queries.ORGANISATION_SORTS}
    return Filters(**{name: value if name == "text" or value in known[name] else Filters.__dict__[name] for name, value in asked.items()})


def chips(chosen: Filters, endpoint: str) -> list[dict[str, str]]:
    """What the list is narrowed to, each with the address of the list without it."""
    words = {
        "kind": labels.ROLE_LABELS.get(chosen.kind),
        "state": {"open": _("Active"), "closed": _("Closed")}.get(chosen.state),
        "text": chosen.text,
    }
    present = {name: getattr(chosen, name) for name in ("kind", "state", "text", "sort") if getattr(chosen, name)}
    without = [(label, {k: v for k, v in present.items() if k != name}) for name, label in words.items() if label]
    return [{"label": str(label), "remove_url": url_for(endpoint, **rest)} for label, rest in without]


@blueprint.get("/admin/organisations")
@web.allow(*ONLY_FOR)
def organisations() -> Any:
    chosen = filters()
    found = admin_queries.organisations_page(chosen, request.args.get("cursor"), web.actor())
    context = {"filters": chosen, "chips": chips(chosen, "accounts.organisations"), "kinds": labels.KIND_LABELS}
    return render_template("accounts/organisations.html", page=found, **context)


@blueprint.get("/admin/organisations.<any(csv, xlsx):fmt>")
@web.allow(*ONLY_FOR)
def export_organisations(fmt: str) -> Any:
    rows = admin_queries.organisations_export(filters(), web.actor())
    columns = [*(str(word) for word in labels.ORGANISATION_FIELDS.values()), _("State"), _("Since")]
    cells = [
        (o.name, o.short_name, str(labels.role_label(o.kind)), o.country, o.city, o.registration_number, o.website,
         _("Closed") if o.disabled_at else _("Active"), o.created_at.date())
        for o in rows
    ]  # fmt: skip
    return exports.download(columns, cells, fmt, _("Organisations"))


@blueprint.route("/admin/organisations/new", methods=["GET", "POST"])
@web.allow(*ONLY_FOR)
def new_organisation() -> Any:
    form = OrganisationForm()
    if not form.validate_on_submit():
        return page(form, "accounts/organisation_form.html", organisation=None)
    try:
        made = admin_service.create_organisation(_values(form), web.actor(), clock.now())
    except AppError as error:
        return came_back(form, error, "accounts/organisation_form.html", organisation=None)
    flash(_("%(name)s is there. Invite its first person.", name=made.label), "success")
    return redirect(url_for("accounts.organisation", organisation_id=made.id))


def _values(form: OrganisationForm) -> dict[str, Any]:
    return {name: form[name].data or "" for name in admin_service.FIELDS}


def _organisation(organisation_id: int) -> Organisation:
    found: Organisation = access.get_visible(Organisation, organisation_id, web.actor())
    return found


@blueprint.get("/admin/organisations/<int:organisation_id>")
@web.allow(*ONLY_FOR)
def organisation(organisation_id: int) -> Any:
    context = people_context(_organisation(organisation_id))
    form = InviteForm(locale=web.actor().locale, is_manager=not context["inviters"])
    return render_template("accounts/organisation.html", form=form, **context)


@blueprint.route("/admin/organisations/<int:organisation_id>/edit", methods=["GET", "POST"])
@web.allow(*ONLY_FOR)
def edit_organisation(organisation_id: int) -> Any:
    found = _organisation(organisation_id)
    form = OrganisationForm(obj=found)
    if not form.validate_on_submit():
        return page(form, "accounts/organisation_form.html", organisation=found)
    version = int(form.version.data) if (form.version.data or "").isdigit() else 0
    try:
        admin_service.edit_organisation(found, _values(form), version, web.actor(), clock.now())
    except Invalid as error:
        return came_back(form, error, "accounts/organisation_form.html", organisation=found)
    flash(_("The organisation is saved."), "success")
    return redirect(url_for("accounts.organisation", organisation_id=organisation_id))


@blueprint.post("/admin/organisations/<int:organisation_id>/<any(disable, enable):act>")
@web.allow(*ONLY_FOR)
def close_organisation(organisation_id: int, act: str) -> Any:
    confirmed()
    found = _organisation(organisation_id)
    acts = {"disable": admin_service.disable_organisation, "enable": admin_service.enable_organisation}
    acts[act](found, web.actor(), clock.now())
    text = _("%(name)s is closed.", name=found.label) if act == "disable" else _("%(name)s is open again.", name=found.label)
    flash(text, "success")
    return redirect(url_for("accounts.organisation", organisation_id=organisation_id))


@blueprint.route("/admin/exchange-rates", methods=["GET", "POST"])
@web.allow(*ONLY_FOR)
def rates() -> Any:
    form = RateForm(on_date=clock.today(web.actor().timezone))
    context = {"page": admin_queries.rates_page(request.args.get("cursor"), web.actor())}
    if not form.validate_on_submit():
        return page(form, "accounts/exchange_rates.html", **context)
    pair = (form.base.data, form.quote.data, form.on_date.data)
    try:
        admin_service.add_rate(*pair, form.rate.data, form.source.data, web.actor(), clock.now())
    except AppError as error:
        return came_back(form, error, "accounts/exchange_rates.html", **context)
    flash(_("The rate is entered."), "success")
    return redirect(url_for("accounts.rates"))
