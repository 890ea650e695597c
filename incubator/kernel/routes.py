"""What signed-in people fetch from the kernel: files, the progress of their own runs, and the chart library."""

from typing import Any

from flask import Response, render_template, request

from incubator.kernel import admin_routes, charts, files, web
from incubator.kernel.access import get_visible
from incubator.kernel.blueprint import blueprint
from incubator.kernel.errors import NotFound
from incubator.kernel.file_table import StoredFile
from incubator.kernel.job_table import JobRun
from incubator.kernel.names import disposition

__all__ = ["admin_routes", "blueprint"]

FILE_POLICY = "default-src 'none'; sandbox"
KEPT_A_WHILE = "private, max-age=600"
KEPT_FOR_EVER = "private, max-age=31536000, immutable"
blueprint.add_app_template_global(charts.bundle_url, "chart_library")


@blueprint.get("/files/<int:file_id>")
@web.signed_in
def file(file_id: int) -> Response:
    """The file as a download; a photo that we re-encoded is shown."""
    stored = get_visible(StoredFile, file_id, web.actor())
    return _send(stored, stored.content_type, stored.name, stored.size, thumbnail=False)


@blueprint.get("/files/<int:file_id>/thumbnail")
@web.signed_in
def thumbnail(file_id: int) -> Response:
    stored = get_visible(StoredFile, file_id, web.actor())
    if not stored.has_thumbnail:
        raise NotFound()
    return _send(stored, "image/webp", f"{stored.name}.webp", None, thumbnail=True)


def _send(stored: StoredFile, content_type: str, name: str, size: int | None, *, thumbnail: bool) -> Response:
    try:
        body = files.open_stream(stored, thumbnail=thumbnail)
    except FileNotFoundError as error:
        raise NotFound() from error
    response = Response(body, mimetype=content_type)
    response.headers["Content-Disposition"] = disposition(name, inline=stored.is_inline)
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.headers["Cache-Control"] = KEPT_A_WHILE if stored.is_inline else "no-store"
    if size is not None:
        response.content_length = size
    return response


@blueprint.get("/jobs/<int:run_id>")
@web.signed_in
def job_progress(run_id: int) -> Any:
    """How far a run is; for whoever asked for it, and for nobody else."""
    run = get_visible(JobRun, run_id, web.actor())
    if run.requested_by != web.actor().user_id:
        raise NotFound()
    return render_template("kernel/job_progress.html", run=run)


@blueprint.get("/charts/vega-<version>.js")
@web.signed_in
def vega(version: str) -> Response:
    """The chart library; its address changes with its version, so it is fetched once."""
    if charts.bundle_url() != request.path:
        raise NotFound()
    compressed = request.accept_encodings["gzip"] > 0
    response = Response(charts.bundle(compressed), mimetype="text/javascript")
    response.headers["Cache-Control"] = KEPT_FOR_EVER
    if compressed:
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    return response
