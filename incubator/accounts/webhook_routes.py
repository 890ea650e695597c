"""The page of an organisation's webhooks, for its managers: add, change, try, pause, remove; and what became of each message."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from incubator.accounts import notices, throttle, webhook_queries, webhook_sender, webhook_service, webhooks
from incubator.accounts.models import Organisation
from incubator.accounts.shared_routes import blueprint, confirmed, register_tab
from incubator.accounts.webhook_forms import KINDS, ChangeForm, WebhookForm
from incubator.accounts.webhook_models import DELIVERY_STATUSES, Webhook, WebhookDelivery
from incubator.kernel import access, clock, web
from incubator.kernel.errors import NotFound
from incubator.kernel.mail_table import STATUSES

SIDES = ("brand", "factory")
TESTS = "10 per minute; 60 per hour"  # messages to try a webhook, of one organisation; adding one sends one too
register_tab("webhooks", _l("Webhooks"), "accounts.webhooks", SIDES)


def _organisation() -> Organisation:
    actor = web.actor()
    if not actor.is_manager or actor.organisation_id is None:
        raise NotFound()
    found: Organisation = access.get_visible(Organisation, actor.organisation_id, actor)
    return found


def _filled(form: Any, organisation: Organisation) -> Any:
    form.events.choices = list(webhooks.offered(organisation))
    return form


def _list() -> Any:
    return redirect(url_for("accounts.webhooks"))


def _of_organisation() -> str:
    """Tests are counted for the whole organisation, whoever presses the button and for whichever webhook."""
    return f"webhook:{web.actor().organisation_id}"


def _is_no_test() -> bool:
    return (request.view_args or {}).get("verb", "test") != "test"


tests = throttle.limiter.shared_limit(TESTS, scope="webhook-tests", key_func=_of_organisation, methods=["POST"], exempt_when=_is_no_test)


@blueprint.route("/organisation/webhooks", methods=["GET", "POST"], endpoint="webhooks")
@tests
@web.allow(*SIDES)
def listing() -> Any:
    """The webhooks, and the form to add one. A member who manages nothing is told who does."""
    actor = web.actor()
    if not actor.is_manager:
        return render_template("accounts/webhooks.html", lines=None, form=None, kinds=KINDS, events={})
    organisation = _organisation()
    form = _filled(WebhookForm(events=[name for name, _label in webhooks.offered(organisation)]), organisation)
    if form.validate_on_submit():
        with form.shows_refusals():
            made = webhook_service.add(organisation, form.as_data(), actor, clock.now())
            webhook_service.test(made, actor, clock.now())
            flash(_("Added. A message to try it is on its way."), "success")
            return _list()
    status = 422 if form.is_submitted() else 200
    lines = webhook_queries.listing(actor)
    return render_template(
        "accounts/webhooks.html", lines=lines, form=form, kinds=KINDS, events=dict(webhooks.offered(organisation))
    ), status


@blueprint.route("/organisation/webhooks/<int:webhook_id>", methods=["GET", "POST"])
@web.allow(*SIDES)
def webhook(webhook_id: int) -> Any:
    actor = web.actor()
    found: Webhook = access.get_visible(Webhook, webhook_id, actor)
    form = _filled(ChangeForm(version=found.version, name=found.name, language=found.language, events=found.events), _organisation())
    if form.validate_on_submit():
        with form.shows_refusals():
            webhook_service.change(found, form.as_data(), actor, clock.now(), form.version.data)
            flash(_("Saved."), "success")
            return _list()
    return render_template("accounts/webhook.html", form=form, name=found.name, kind=KINDS[found.kind]), 422 if form.is_submitted() else 200


@blueprint.post("/organisation/webhooks/<int:webhook_id>/<any(pause, remove, resume, test):verb>")
@tests
@web.allow(*SIDES)
def move_webhook(webhook_id: int, verb: str) -> Any:
    actor, now = web.actor(), clock.now()
    found: Webhook = access.get_visible(Webhook, webhook_id, actor)
    confirmed()
    if verb == "test":
        webhook_service.test(found, actor, now)
        flash(_("A message is on its way. In a few seconds the list says whether it arrived."), "success")
    elif verb == "remove":
        webhook_service.remove(found, actor, now)
        flash(_("Removed. The address and the key are forgotten."), "success")
    else:
        webhook_service.pause(found, verb == "pause", actor, now)
    return _list()


@blueprint.get("/organisation/webhooks/messages")
@web.allow(*SIDES)
def webhook_messages() -> Any:
    """What was sent, what waits and what was given up."""
    _organisation()
    args = request.args
    filters: dict[str, Any] = {"status": args["status"]} if args.get("status") in DELIVERY_STATUSES else {}
    if args.get("webhook_id", "").isdecimal():
        filters["webhook_id"] = int(args["webhook_id"][:15])
    page = webhook_queries.deliveries(web.actor(), filters, args.get("cursor"))
    return render_template(
        "accounts/webhook_messages.html", page=page, filters=filters, statuses=STATUSES, sentence=notices.sentence, events=webhooks.EVENTS,
        lines=webhook_queries.listing(web.actor()),
    )  # fmt: skip


@blueprint.post("/organisation/webhooks/messages/<int:delivery_id>/again")
@web.allow(*SIDES)
def webhook_again(delivery_id: int) -> Any:
    found = access.get_visible(WebhookDelivery, delivery_id, web.actor())
    confirmed()
    if webhook_sender.try_again(found, clock.now()):
        flash(_("It is tried again."), "success")
    return redirect(url_for("accounts.webhook_messages", status="failed"))
