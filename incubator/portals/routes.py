"""The home of every role, and the search. It reads across all stages and writes nothing."""

from typing import Any

from flask import jsonify, render_template, request, url_for

from incubator.accounts import labels, notices
from incubator.investors import commitment_routes, presenting, report_routes
from incubator.kernel import acts, clock, web
from incubator.kernel.actor import ORGANISATION_KINDS
from incubator.kernel.money import Money
from incubator.portals import audit_words, frame, homes, search
from incubator.portals.blueprint import blueprint
from incubator.products import words

blueprint.app_context_processor(frame.context)
acts.register(audit_words.PHRASES, records=audit_words.RECORDS, details=audit_words.DETAILS)


@blueprint.get("/")
@web.signed_in
def home() -> Any:
    """What waits for the reader comes first, whatever the role."""
    actor, now = web.actor(), clock.now()
    today = clock.today(actor.timezone)
    if actor.role == "brand":
        return render_template("portals/brand.html", **homes.brand(actor, now, today), today=today, words=words, now=now)
    if actor.role == "investor":
        return render_template(
            "portals/investor.html", **homes.investor(actor, today), today=today, words=words, sentence=notices.sentence, **commitment_routes.context(),
            report_states=commitment_routes.report_states(), lang=report_routes.language(), say=presenting, money=Money,
        )  # fmt: skip
    if actor.role in ORGANISATION_KINDS:
        return render_template(
            "portals/party.html",
            **homes.party(actor, today),
            today=today,
            words=words,
            role=labels.role_label(actor.role),
            sentence=notices.sentence,
        )
    if actor.role == "administrator":
        return render_template("portals/administrator.html", **homes.administrator(actor, now), now=now, role_label=labels.role_label)
    return render_template("portals/field_agent.html", **homes.field_agent(actor))


@blueprint.get("/search")
@web.signed_in
def find() -> Any:
    """Groups of hits as a page, or as JSON for the list under the search field."""
    text = search.cleaned(request.args.get("q", ""))
    groups = search.find(text, web.actor(), limit=6 if web.wants_json() else 20)
    if web.wants_json():
        return jsonify(groups=groups, more_url=url_for("portals.find", q=text))
    return render_template("portals/search.html", text=text, groups=groups)
