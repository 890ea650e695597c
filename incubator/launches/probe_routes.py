"""The test launches of a product: plan, start, note readings, judge."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from incubator.kernel import access, clock, web, workflow
from incubator.kernel.forms import Confirmation
from incubator.launches import forms, launch_queries, launch_tab, probe_charts, probe_service, words
from incubator.launches.blueprint import blueprint
from incubator.launches.probe_models import Probe
from incubator.products import frame
from incubator.products.models import Product


@blueprint.get("/products/<int:product_id>/launch/tests")
@web.allow("brand")
def tests(product_id: int) -> Any:
    return _page(frame.find(product_id, web.actor()))


def _page(product: Product, wrong_id: int = 0, **wrong: Any) -> Any:
    """Every test launch of the product, the latest first; `wrong` holds the form of probe `wrong_id` that came back."""
    actor = web.actor()
    probes = launch_queries.probes_of(product, actor)
    offers = {probe.id: workflow.available(probe, actor) for probe in probes}
    page = render_template(
        "launches/tests.html", probes=probes, offers=offers, words=words, machine=workflow.machines[Probe], today=clock.today(actor.timezone),
        reading_form=_form_for(wrong, "reading_form", forms.ReadingForm), verdict_form=_form_for(wrong, "verdict_form", forms.VerdictForm),
        wrong_id=wrong_id, charts={probe.id: probe_charts.of(probe) for probe in probes},
        may_plan=product.state in probe_service.OPEN_TO_TESTS, **launch_tab.context(product, actor, "tests"),
    )  # fmt: skip
    return page, 422 if wrong else 200


def _form_for(wrong: dict[str, Any], name: str, kind: Any) -> Any:
    return wrong.get(name) or kind(formdata=None)


def _probe_form(probe: Probe | None = None) -> forms.ProbeForm:
    given: dict[str, Any] = {}
    if probe:
        given = {n: getattr(probe, n) for n in ("belief", "metric", "direction", "from_on", "to_on", "units", "currency", "version")}
        given |= {"threshold": words.measured(probe.threshold_x100), "channels": [link.channel_id for link in probe.channels]}
        given |= {n: str(getattr(probe, n).major) if getattr(probe, f"{n}_minor") else "" for n in ("price", "budget")}
    form = forms.ProbeForm(data=given)
    form.channels.choices = [(c.id, words.named(c)) for c in launch_queries.channels(web.actor(), only_open=True)]
    return form


@blueprint.route("/products/<int:product_id>/launch/tests/new", methods=["GET", "POST"])
@web.allow("brand")
def new_test(product_id: int) -> Any:
    product, form = frame.find(product_id, web.actor()), _probe_form()
    if form.validate_on_submit():
        with form.shows_refusals():
            probe_service.plan(product, form.values(), form.channels.data or [], web.actor(), clock.now())
            flash(gettext("The test launch is planned."), "success")
            return redirect(url_for("launches.tests", product_id=product.id))
    return render_template("launches/test_form.html", form=form, product=product, probe=None), 422 if form.errors else 200


@blueprint.route("/probes/<int:probe_id>/edit", methods=["GET", "POST"])
@web.allow("brand")
def edit_test(probe_id: int) -> Any:
    probe: Probe = access.get_visible(Probe, probe_id, web.actor())
    form = _probe_form(probe)
    if form.validate_on_submit():
        with form.shows_refusals():
            probe_service.edit(probe, form.values(), form.channels.data or [], form.version.data, web.actor(), clock.now())
            flash(gettext("Saved."), "success")
            return redirect(url_for("launches.tests", product_id=probe.product_id))
    return render_template("launches/test_form.html", form=form, product=probe.product, probe=probe), 422 if form.errors else 200


@blueprint.post("/probes/<int:probe_id>/start")
@web.allow("brand")
def start_test(probe_id: int) -> Any:
    Confirmation().require()
    probe = access.get_visible(Probe, probe_id, web.actor())
    workflow.fire(probe, "start", web.actor(), now=clock.now())
    return redirect(url_for("launches.tests", product_id=probe.product_id))


@blueprint.post("/probes/<int:probe_id>/readings")
@web.allow("brand")
def note_reading(probe_id: int) -> Any:
    probe, form = access.get_visible(Probe, probe_id, web.actor()), forms.ReadingForm()
    product_id = probe.product_id
    if form.validate():
        with form.shows_refusals():
            probe_service.note_reading(probe, form.on_date.data, form.value.x100, form.source.data, web.actor(), clock.now())
            return redirect(url_for("launches.tests", product_id=product_id, _anchor=f"test-{probe_id}"))
    return _page(frame.find(product_id, web.actor()), probe_id, reading_form=form)


@blueprint.post("/probes/<int:probe_id>/judge")
@web.allow("brand")
def judge_test(probe_id: int) -> Any:
    probe, form = access.get_visible(Probe, probe_id, web.actor()), forms.VerdictForm()
    product_id = probe.product_id
    if form.validate():
        with form.shows_refusals():
            probe_service.judge(
                probe, form.verdict.data, form.reason.data, form.next_step.data, form.review_on.data, web.actor(), clock.now(),
                form.version.data,
            )  # fmt: skip
            flash(gettext("The verdict is recorded."), "success")
            return redirect(url_for("launches.tests", product_id=product_id, _anchor=f"test-{probe_id}"))
    return _page(frame.find(product_id, web.actor()), probe_id, verdict_form=form)
