"""The Files tab: every stored file of the product that the actor may see, and adding one for oneself or for one party."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from incubator.kernel import access, clock, web
from incubator.kernel.actor import ORGANISATION_KINDS
from incubator.kernel.errors import Invalid, NotFound
from incubator.kernel.file_table import StoredFile
from incubator.kernel.forms import Confirmation
from incubator.products import frame, product_files
from incubator.products.blueprint import blueprint
from incubator.products.forms import UploadForm


@blueprint.route("/products/<int:product_id>/files", methods=["GET", "POST"])
@web.allow(*ORGANISATION_KINDS)
def files(product_id: int) -> Any:
    actor = web.actor()
    product = frame.find(product_id, actor)
    form = UploadForm()
    form.participant_id.choices = product_files.audiences(product, actor)
    status = 200
    if form.is_submitted():
        if form.validate() and _keep(form, product, actor):
            return redirect(url_for("products.files", product_id=product.id))
        status = 422
    page = product_files.of_product(product, actor, request.args.get("cursor"))
    return render_template("products/files.html", form=form, page=page, **frame.frame_context(product, actor, "files")), status


def _keep(form: UploadForm, product: Any, actor: Any) -> bool:
    uploads = [f for f in form.files.data or () if f and f.filename]
    if not uploads:
        form.files.errors = [_("Choose at least one file.")]
        return False
    try:
        for upload in uploads:
            product_files.add(product, upload, form.participant_id.data, actor, clock.now())
    except Invalid as error:
        form.files.errors = [str(m) for messages in error.fields.values() for m in messages]
        return False
    flash(_("Added."), "success")
    return True


@blueprint.post("/products/<int:product_id>/files/<int:file_id>/remove")
@web.allow(*ORGANISATION_KINDS)
def remove_file(product_id: int, file_id: int) -> Any:
    Confirmation().require()
    actor = web.actor()
    product = frame.find(product_id, actor)
    file = access.get_visible(StoredFile, file_id, actor)
    if file.product_id != product.id:
        raise NotFound()
    product_files.remove(product, file, actor, clock.now())
    flash(_("The file has been removed."), "success")
    return redirect(url_for("products.files", product_id=product.id))
