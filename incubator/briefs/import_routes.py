"""Pages of a brief import: upload, check with row errors, apply, progress."""

from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from incubator.briefs import import_service, importer, queries
from incubator.briefs.blueprint import blueprint
from incubator.briefs.forms import UploadForm
from incubator.briefs.import_models import BriefImport
from incubator.kernel import access, clock, exports, web
from incubator.kernel.errors import Invalid
from incubator.kernel.forms import Confirmation

SHOWN = 200
EXAMPLE = {
    "code": "DEMO-001", "title": "云朵托腰人体工学椅", "type": "hero", "segment": "居家办公人群", "buyer_kind": "consumer", "scenario": "test_launch",
    "need": "久坐 8 小时腰不酸", "reason_to_choose": "腰托跟着人动", "customisation": "none", "first_order_quantity": 500, "annual_quantity": 12000,
    "moq": 200, "launch_from": "2027-03-01", "launch_to": "2027-04-30", "currency": "CNY", "price": "899.00", "cost": "420.00", "margin": "",
    "requirements": "腰托支撑力 | = | 180 | N | 15 | must | 118 条吐槽; 扶手晃动量 | ≤ | 6 | mm | | must | 64 条吐槽",
}  # fmt: skip


@blueprint.route("/briefs/import", methods=["GET", "POST"])
@web.allow("brand")
def import_upload() -> Any:
    actor = web.actor()
    if request.method == "POST":
        UploadForm().require()
        upload = request.files.get("file")
        if upload is None or not upload.filename:
            raise Invalid({"file": [gettext("Choose a CSV or XLSX file.")]})
        programme = import_service.brand_programme(request.form.get("programme_id", 0, type=int), actor)
        made = import_service.start(programme, upload, actor, clock.now())
        return redirect(url_for("briefs.import_show", import_id=made.id))
    return render_template(
        "briefs/import.html",
        programmes=queries.programmes(actor),
        columns=importer.COLUMNS,
        required=importer.REQUIRED,
        imports=import_service.latest(actor),
    )


@blueprint.get("/briefs/import/example.<any(csv, xlsx):fmt>")
@web.allow("brand")
def import_example(fmt: str) -> Response:
    headers = [str(label) for label in importer.COLUMNS.values()]
    return exports.download(headers, [[EXAMPLE.get(name, "") for name in importer.COLUMNS]], fmt, gettext("briefs-example"))


@blueprint.get("/briefs/imports/<int:import_id>")
@web.allow("brand")
def import_show(import_id: int) -> str:
    made: BriefImport = access.get_visible(BriefImport, import_id, web.actor())
    return render_template("briefs/import_show.html", made=made, shown=SHOWN, run=import_service.run_of(made, web.actor()))


@blueprint.post("/briefs/imports/<int:import_id>/apply")
@web.allow("brand")
def import_apply(import_id: int) -> Any:
    Confirmation().require()
    made: BriefImport = access.get_visible(BriefImport, import_id, web.actor())
    import_service.ask_to_apply(made, web.actor(), clock.now())
    return redirect(url_for("briefs.import_show", import_id=made.id))


@blueprint.get("/briefs/imports/<int:import_id>/errors.<any(csv, xlsx):fmt>")
@web.allow("brand")
def import_errors(import_id: int, fmt: str) -> Response:
    made: BriefImport = access.get_visible(BriefImport, import_id, web.actor())
    headers = [str(h) for h in (_l("Line"), _l("Column"), _l("Value"), _l("What would be right"))]
    rows = [[e["line"], e["column"], e["value"], e["message"]] for e in made.errors]
    return exports.download(headers, rows, fmt, gettext("import-errors"))
