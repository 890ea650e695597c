"""The editor of a profile: one form for whoever publishes at once and for the factory that proposes."""

from typing import Any

from flask import render_template
from flask_babel import get_locale

from incubator.factories import content, forms, queries
from incubator.factories.forms import ProfileForm
from incubator.factories.models import Factory, IndustrialCluster
from incubator.kernel import access
from incubator.kernel.actor import Actor

BLANK_CAPABILITIES = 2


def editor_form(factory: Factory | None, actor: Actor, proposal: dict[str, Any] | None = None) -> ProfileForm:
    """The form filled with the profile, and with what an open proposal says otherwise."""
    values = forms.editor_values({**content.snapshot(factory), **(proposal or {})}, factory.version) if factory else None
    form = ProfileForm(data=values)
    form.cluster_id.choices = [(0, "–"), *((cluster.id, cluster_label(cluster)) for cluster in queries.clusters(actor))]
    if not form.is_submitted():
        for _ in range(BLANK_CAPABILITIES if not form.capabilities.entries else 0):
            form.capabilities.append_entry()
        if not form.contacts.entries:
            form.contacts.append_entry()
    return form


def cluster_label(cluster: IndustrialCluster) -> str:
    """Name, place and goods in the reader's language."""
    if str(get_locale() or "").startswith("zh"):
        return f"{cluster.name_zh} · {cluster.category_zh}"
    return f"{cluster.name_en} · {cluster.category_en}"


def draw(form: ProfileForm, factory: Factory | None, actor: Actor) -> Any:
    """The editor's page; 422 when something is to be corrected."""
    blanks = {"capability": forms.CapabilityForm(prefix="capabilities-__n__-"), "contact": forms.ContactForm(prefix="contacts-__n__-")}
    page = render_template(
        "factories/edit.html", form=form, factory=factory, blanks=blanks, categories=queries.category_names(actor),
        proposes=factory is not None and not access.may("factory.keep", actor, factory),
    )  # fmt: skip
    return page, 422 if form.errors or form.form_errors else 200
